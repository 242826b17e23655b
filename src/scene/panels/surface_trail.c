/* Paths as a frame draws them: the newest part whole, older ones thinner and paler; bars at steps
 * 1, 10, 100 and 1000; marks at the heads. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/scratch.h"
#include "scene/panels/emphasis.h"
#include "scene/panels/surface.h"

/* How a path ages: the newest part is whole; behind it width falls first, then tone. In parts of
 * the path's length, text sizes, diagonals of the plot. */
#define FULL_SHARE     0.15
#define FULL_LEAST     2.5
#define FULL_MOST      0.35
#define FADE_DIAGONALS 3.0
#define THINNING       0.55
enum { TICKS_DRAWN = 32, TONES = 10, TONES_CROWD = 3, CROWD = 12 };
/* In line widths: casings on each side, bars at steps, heads. */
#define CASING       0.42
#define TICK_APART   8.7
#define TICK_LENGTH  5.4
#define TICK_WIDTH   0.83
#define HEAD         3.0
#define HEAD_ARRIVED 2.33
#define HEAD_RING    0.67
/* Of a run that steps back: its width, and how far its mark goes to the ground. */
#define BACK_WIDTH 0.63
#define BACK_MARK  0.15

static struct orl_color middle_of(const struct paths *paths)
{
    return paths->ground->colors[paths->ground->levels / 2];
}

/* The path of a run up to a row of it, as it is drawn in one frame. */
struct drawn {
    const struct paths *paths;
    size_t run;
    const struct path *path;
    size_t count;   /* points of the path that the run has passed */
    double head[2]; /* where it is now, `length` px along its path */
    double length;
    double *xy; /* the picture's: room for count + 3 points */
};

/* False where there is nothing to draw, or no memory. */
static bool drawn_init(struct drawn *drawn, const struct paths *paths, size_t run, size_t row,
                       struct orl_picture *picture)
{
    const struct path *path = &paths->items[run];
    size_t low = 0, high = path->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path->rows[middle] <= row)
            low = middle + 1;
        else
            high = middle;
    }
    *drawn = (struct drawn){.paths = paths, .run = run, .path = path, .count = low};
    if (!low)
        return false;
    const double *last = path->xy + 2 * low - 2;
    memcpy(drawn->head, last, sizeof drawn->head);
    drawn->length = path->length[low - 1];
    if (low < path->count && isfinite(last[0]) && isfinite(path->xy[2 * low])) {
        paths->row_px(paths->context, run, row, drawn->head);
        drawn->length += hypot(drawn->head[0] - last[0], drawn->head[1] - last[1]);
    }
    drawn->xy = orl_scratch_numbers(picture, 2 * (low + 3));
    return drawn->xy && drawn->length > 0.0;
}

/* The point `at` px along the path, between the points i - 1 and i. */
static void point_along(const struct drawn *drawn, size_t i, double at, double xy[2])
{
    const struct path *path = drawn->path;
    const double *a = path->xy + 2 * i - 2, *b = i < drawn->count ? path->xy + 2 * i : drawn->head;
    double from = path->length[i - 1], to = i < drawn->count ? path->length[i] : drawn->length;
    double t = to > from ? (at - from) / (to - from) : 0.0;
    xy[0] = a[0] + t * (b[0] - a[0]);
    xy[1] = a[1] + t * (b[1] - a[1]);
}

/* The part from `from` to `to` px along the path, as one line. */
static void draw_part(const struct drawn *drawn, double from, double to, double width,
                      struct orl_color color, bool faint, struct orl_picture *picture)
{
    const struct path *path = drawn->path;
    size_t i = 0, n = 0;
    if (!(to > from))
        return;
    while (i < drawn->count && path->length[i] <= from)
        i++;
    if (i > 0 && isfinite(path->xy[2 * i - 2]) && (i == drawn->count || isfinite(path->xy[2 * i])))
        point_along(drawn, i, from, drawn->xy + 2 * n++);
    for (; i < drawn->count && path->length[i] < to; i++, n++)
        memcpy(drawn->xy + 2 * n, path->xy + 2 * i, 2 * sizeof *drawn->xy);
    if (i > 0 && isfinite(path->xy[2 * i - 2]) && (i == drawn->count || isfinite(path->xy[2 * i])))
        point_along(drawn, i, fmin(to, drawn->length), drawn->xy + 2 * n++);
    struct orl_mark *mark =
        orl_picture_clipped_line(picture, drawn->xy, n, drawn->paths->area, width, color);
    if (faint)
        orl_mark_faint(mark);
}

/* The newest part is full and has a casing; older ones are thinner and paler. */
static void draw_aged(const struct drawn *drawn, double width, struct orl_picture *picture)
{
    const struct paths *paths = drawn->paths;
    double diagonal = hypot(paths->area.width, paths->area.height);
    double full = fmin(fmax(FULL_SHARE * drawn->length, FULL_LEAST * paths->view->size.text),
                       FULL_MOST * diagonal);
    double fade = fmin(drawn->length, FADE_DIAGONALS * diagonal) - full;
    struct orl_color color = orl_view_style(paths->view, drawn->run)->color,
                     middle = middle_of(paths);
    int tones = paths->shown > CROWD ? TONES_CROWD : TONES;
    draw_part(drawn, fmax(0.0, drawn->length - full), drawn->length,
              width + 2.0 * CASING * paths->view->size.line, paths->casing, true, picture);
    for (int k = fade > 0.0 ? tones : 0; k >= 0; k--) {
        double t = (double)k / tones;
        double young = k ? full + (t - 0.5 / tones) * fade : 0.0,
               old = k == tones ? drawn->length : full + (t + 0.5 / tones) * fade;
        draw_part(drawn, fmax(0.0, drawn->length - (fade > 0.0 ? old : drawn->length)),
                  fmax(0.0, drawn->length - young), width * (1.0 - THINNING * t),
                  orl_color_mix(color, middle, (1.0 - drawn->path->tone) * t), false, picture);
    }
}

/* At the finish: the winner whole and on top, the others half as strong. */
static void draw_settled(const struct drawn *drawn, enum orl_emphasis emphasis,
                         struct orl_picture *picture)
{
    const struct paths *paths = drawn->paths;
    struct orl_color color = orl_view_style(paths->view, drawn->run)->color;
    if (emphasis == ORL_EMPHASIS_BACK) {
        draw_part(drawn, 0.0, drawn->length, BACK_WIDTH * paths->width,
                  orl_color_mix(color, middle_of(paths), 0.5), true, picture);
        return;
    }
    draw_part(drawn, 0.0, drawn->length, paths->width + 2.0 * CASING * paths->view->size.line,
              paths->casing, true, picture);
    draw_part(drawn, 0.0, drawn->length, paths->width, color, false, picture);
}

/* Bars that a frame has drawn: none stands near another one, whosever it is. */
struct ticks {
    double xy[TICKS_DRAWN][2];
    size_t count;
};

static bool is_near_tick(const struct ticks *ticks, const double xy[2], double apart)
{
    for (size_t i = 0; i < ticks->count; i++)
        if (hypot(xy[0] - ticks->xy[i][0], xy[1] - ticks->xy[i][1]) < apart)
            return true;
    return false;
}

/* Short bars across the path at steps 1, 10, 100 and 1000. */
static void draw_step_ticks(const struct drawn *drawn, size_t row, struct ticks *ticks,
                            struct orl_picture *picture)
{
    const struct paths *paths = drawn->paths;
    const struct orl_trace *trace = paths->view->runs[drawn->run].trace;
    double apart = TICK_APART * paths->view->size.line;
    for (int64_t step = 1; step <= 1000 && ticks->count < TICKS_DRAWN; step *= 10) {
        double xy[2], a[2], b[2];
        size_t at = orl_pace_row(trace, step);
        if (trace->step[at] != step || at > row || at == 0)
            continue;
        paths->row_px(paths->context, drawn->run, at, xy);
        paths->row_px(paths->context, drawn->run, at - 1, a);
        paths->row_px(paths->context, drawn->run, at + 1 < trace->rows ? at + 1 : at, b);
        double length = hypot(b[0] - a[0], b[1] - a[1]);
        if (!(length > 0.0) || !isfinite(length) || !orl_rect_holds(&paths->area, xy) ||
            is_near_tick(ticks, xy, apart) ||
            hypot(xy[0] - drawn->path->xy[0], xy[1] - drawn->path->xy[1]) < apart ||
            hypot(xy[0] - drawn->head[0], xy[1] - drawn->head[1]) < apart)
            continue;
        memcpy(ticks->xy[ticks->count++], xy, sizeof xy);
        double half = 0.5 * TICK_LENGTH * paths->view->size.line / length,
               nx = half * (a[1] - b[1]), ny = half * (b[0] - a[0]);
        struct orl_mark *mark = orl_picture_segment(picture, xy[0] - nx, xy[1] - ny, xy[0] + nx,
                                                    xy[1] + ny, TICK_WIDTH * paths->view->size.line,
                                                    orl_view_style(paths->view, drawn->run)->color);
        if (mark) {
            mark->clip = paths->area;
            mark->halo = paths->casing;
            mark->halo_px = 0.5 * TICK_WIDTH * paths->view->size.line;
            orl_mark_faint(mark);
        }
    }
}

static void draw_path(const struct paths *paths, size_t run, size_t frame, struct ticks *ticks,
                      struct orl_picture *picture)
{
    struct drawn drawn;
    size_t row = orl_view_row(paths->view, run, frame);
    enum orl_emphasis emphasis = orl_view_emphasis(paths->view, run, frame);
    if (drawn_init(&drawn, paths, run, row, picture)) {
        if (emphasis == ORL_EMPHASIS_NONE)
            draw_aged(&drawn, paths->width, picture);
        else
            draw_settled(&drawn, emphasis, picture);
        if (emphasis != ORL_EMPHASIS_BACK && paths->shown <= CROWD)
            draw_step_ticks(&drawn, row, ticks, picture);
    }
}

/* Those that stepped back first, the winner last. */
void orl_paths_draw_ways(const struct paths *paths, size_t frame, struct orl_picture *picture)
{
    static const enum orl_emphasis order[] = {ORL_EMPHASIS_BACK, ORL_EMPHASIS_NONE,
                                              ORL_EMPHASIS_FRONT};
    struct ticks ticks = {.count = 0};
    for (size_t k = 0; k < ORL_COUNT(order); k++)
        for (size_t r = paths->first + paths->shown; r-- > paths->first;)
            if (orl_view_emphasis(paths->view, r, frame) == order[k])
                draw_path(paths, r, frame, &ticks, picture);
}

static void draw_head(const struct paths *paths, size_t run, size_t frame,
                      struct orl_picture *picture)
{
    const struct style *style = orl_view_style(paths->view, run);
    const struct orl_trace *trace = paths->view->runs[run].trace;
    double head[2], line = paths->view->size.line * paths->scale, radius = HEAD * line;
    if (paths->shown > 1 && orl_paths_at_start(paths, run, frame))
        return;
    orl_paths_head(paths, run, frame, head);
    for (size_t g = 0; g < paths->goal_count; g++)
        if (hypot(head[0] - paths->goals[g][0], head[1] - paths->goals[g][1]) < paths->goal_radius)
            radius = HEAD_ARRIVED * line; /* it fits into the goal's ring */
    bool diverged =
        trace->status == ORL_STATUS_DIVERGED && orl_view_run_ended(paths->view, run, frame);
    struct orl_color color = style->color;
    if (orl_view_emphasis(paths->view, run, frame) == ORL_EMPHASIS_BACK)
        color = orl_color_mix(color, middle_of(paths), BACK_MARK);
    struct orl_mark *mark = orl_picture_dots(picture, head, 1, radius,
                                             diverged ? ORL_MARKER_CROSS : style->marker, color);
    if (mark) {
        mark->halo = paths->casing;
        mark->halo_px = HEAD_RING * line;
    }
}

void orl_paths_draw_heads(const struct paths *paths, size_t frame, struct orl_picture *picture)
{
    for (int front = 0; front < 2; front++)
        for (size_t r = paths->first + paths->shown; r-- > paths->first;)
            if ((orl_view_emphasis(paths->view, r, frame) == ORL_EMPHASIS_FRONT) == (front == 1))
                draw_head(paths, r, frame, picture);
}
