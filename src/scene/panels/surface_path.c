/* The ways of runs over a plane: thinned so that a frame's cost does not depend on the number of
 * rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/panels/surface.h"

#define COARSEST 0.2 /* of the surface's smaller side: cells of moments */
#define COARSER  1.4 /* how much larger the next try's are */

/* The least share of its colour that a path keeps, in steps, and what it must reach on every band.
 */
#define TONE_LEAST    0.60
#define TONE_STEP     0.02
#define PATH_CONTRAST 3.1

#define MERGE_PX     0.75 /* rows nearer to the last one that was kept cannot be told from it */
#define TOLERANCE_PX 0.25
#define FRESH_SHARE                                                                                \
    0.3                  /* of a segment: less than that where no ink was yet, and it is left out  \
                          */
#define RECENT_CELLS 6.0 /* ink that is younger belongs to the line itself */
#define END_CELLS    2   /* of a segment that is left out: as much at its end is drawn */
/* What a frame can draw in the time that it has: of all ways together, and of each where there are
 * many of them. */
#define POINTS_MAX 1000.0
#define POINTS_RUN 160.0
#define LENGTH_MAX 20.0 /* in half circumferences of the plot */
#define LENGTH_RUN 4.0

/* Where a way has been: the length that it had when it came to each cell first. */
struct ink {
    struct orl_rect area;
    double cell;
    size_t columns, rows;
    float *arrived; /* owned; negative: never */
    double length;
};

static int ink_init(struct ink *ink, struct orl_rect area, double cell, struct orl_error *err)
{
    *ink = (struct ink){.area = area, .cell = cell};
    ink->columns = (size_t)fmax(area.width / cell, 0.0) + 1; /* a box may be too small for a plot */
    ink->rows = (size_t)fmax(area.height / cell, 0.0) + 1;
    ink->arrived = orl_calloc(ink->columns * ink->rows, sizeof *ink->arrived);
    return ink->arrived ? ORL_OK : orl_fail_memory(err);
}

static void ink_clear(struct ink *ink)
{
    ink->length = 0.0;
    for (size_t i = 0; i < ink->columns * ink->rows; i++)
        ink->arrived[i] = -1.0F;
}

static float *ink_at(const struct ink *ink, double x, double y)
{
    size_t column = (size_t)fmax(0.0, (x - ink->area.x) / ink->cell),
           row = (size_t)fmax(0.0, (y - ink->area.y) / ink->cell);
    return &ink->arrived[(row < ink->rows ? row : ink->rows - 1) * ink->columns +
                         (column < ink->columns ? column : ink->columns - 1)];
}

/* From which share of a segment on it is drawn in ink: 0 where much of it shows what was not drawn
 * before, else where the part at its end begins that does, as of swings that grow; 1 where none
 * does. */
static double ink_segment(struct ink *ink, const double *a, const double *b)
{
    double t0, t1, dx = b[0] - a[0], dy = b[1] - a[1], from = 1.0;
    if (!orl_segment_clip(a, b, ink->area, &t0, &t1))
        return 1.0;
    double inside = (t1 - t0) * hypot(dx, dy);
    size_t samples = (size_t)(inside / ink->cell) + 1, fresh = 0,
           last = 0; /* one past the last that is not fresh */
    for (size_t i = 0; i <= samples; i++) {
        double share = (double)i / (double)samples, t = t0 + (t1 - t0) * share;
        float arrived = *ink_at(ink, a[0] + t * dx, a[1] + t * dy);
        bool is_fresh = arrived < 0.0F ||
                        ink->length + inside * share - (double)arrived < RECENT_CELLS * ink->cell;
        fresh += is_fresh;
        last = is_fresh ? last : i + 1;
    }
    bool whole = (double)fresh >= fmax(1.0, FRESH_SHARE * (double)(samples + 1));
    size_t first = whole ? 0 : last;
    if (whole || samples - (last < samples ? last : samples) >= END_CELLS)
        from = whole ? 0.0 : t0 + (t1 - t0) * (double)first / (double)samples;
    for (size_t i = first; from < 1.0 && i <= samples; i++) {
        double share = (double)i / (double)samples, t = t0 + (t1 - t0) * share;
        float *cell = ink_at(ink, a[0] + t * dx, a[1] + t * dy);
        if (*cell < 0.0F)
            *cell = (float)(ink->length + inside * share);
    }
    ink->length += inside;
    return from;
}

static size_t first_row(const struct paths *paths, size_t run)
{
    return orl_view_row(paths->view, run, 0);
}

static size_t last_row(const struct paths *paths, size_t run)
{
    return orl_view_row(paths->view, run, paths->view->pace.frames - 1);
}

/* ---- Where runs leave for good --------------------------------------------------------------- */

static void keep_inside(const struct orl_rect *area, double xy[2])
{
    xy[0] = isnan(xy[0]) ? area->x : fmin(fmax(xy[0], area->x), area->x + area->width);
    xy[1] =
        isnan(xy[1]) ? area->y + area->height : fmin(fmax(xy[1], area->y), area->y + area->height);
}

/* From `exit_row` on a run is outside for good: its head stays where it crossed the edge. */
static void find_exit(struct paths *paths, size_t run)
{
    struct path_end *end = &paths->ends[run];
    double a[2], b[2], t0, t1;
    size_t first = first_row(paths, run), row = last_row(paths, run) + 1;
    while (row > first) {
        paths->row_px(paths->context, run, row - 1, b);
        if (orl_rect_holds(&paths->area, b))
            break;
        row--;
    }
    *end = (struct path_end){.exit_row = row};
    if (row > last_row(paths, run))
        return;
    paths->row_px(paths->context, run, row, b);
    if (row > first) {
        paths->row_px(paths->context, run, row - 1, a);
        if (isfinite(b[0]) && isfinite(b[1]) && orl_segment_clip(a, b, paths->area, &t0, &t1))
            for (int k = 0; k < 2; k++)
                b[k] = a[k] + t1 * (b[k] - a[k]);
    }
    keep_inside(&paths->area, b);
    memcpy(end->exit, b, sizeof b);
}

static void head_px(const struct paths *paths, size_t run, size_t row, double xy[2])
{
    const struct path_end *end = &paths->ends[run];
    if (row >= end->exit_row) {
        memcpy(xy, end->exit, sizeof end->exit);
        return;
    }
    paths->row_px(paths->context, run, row, xy);
    keep_inside(&paths->area, xy);
}

/* ---- Thinning -------------------------------------------------------------------------------- */

/* Points as they are gathered; the last piece, from `piece` on, is not yet straightened. */
struct gather {
    struct path *path;
    size_t capacity_xy, capacity_rows, piece;
    size_t *kept; /* owned */
    size_t kept_capacity;
    bool failed;
};

static void put(struct gather *g, double x, double y, size_t row)
{
    struct path *path = g->path;
    if (!orl_reserve((void **)&path->xy, &g->capacity_xy, 2 * path->count + 2, sizeof *path->xy) ||
        !orl_reserve((void **)&path->rows, &g->capacity_rows, path->count + 1,
                     sizeof *path->rows)) {
        g->failed = true;
        return;
    }
    path->xy[2 * path->count] = x;
    path->xy[2 * path->count + 1] = y;
    path->rows[path->count++] = row;
}

/* Leave out what lies on straight parts of the piece that has come to its end. */
static void end_piece(struct gather *g)
{
    struct path *path = g->path;
    size_t count = path->count - g->piece;
    if (count > 2 && !g->failed) {
        if (!orl_reserve((void **)&g->kept, &g->kept_capacity, count, sizeof *g->kept)) {
            g->failed = true;
            return;
        }
        size_t kept = orl_polyline_thin(path->xy + 2 * g->piece, count, TOLERANCE_PX, g->kept);
        for (size_t i = 0; i < kept; i++) {
            size_t from = g->piece + g->kept[i], to = g->piece + i;
            memmove(path->xy + 2 * to, path->xy + 2 * from, 2 * sizeof *path->xy);
            path->rows[to] = path->rows[from];
        }
        path->count = g->piece + kept;
    }
    g->piece = path->count;
}

static void put_segment(struct gather *g, const double *a, size_t row_a, const double *b,
                        size_t row_b)
{
    struct path *path = g->path;
    bool joins = path->count > g->piece && path->rows[path->count - 1] == row_a;
    if (!joins) {
        end_piece(g);
        if (path->count)
            put(g, NAN, NAN, row_a);
        g->piece = path->count;
        put(g, a[0], a[1], row_a);
    }
    put(g, b[0], b[1], row_b);
}

static int thin(const struct paths *paths, size_t run, struct ink *ink, double merge,
                struct orl_error *err)
{
    struct gather g = {.path = &paths->items[run]};
    double from[2], to[2];
    size_t row = first_row(paths, run), at = row, last = last_row(paths, run);
    if (paths->ends[run].exit_row < last)
        last = paths->ends[run].exit_row; /* where it left it has gone: it may cross the plot again,
                                             but not be there */
    free(g.path->xy);
    free(g.path->rows);
    *g.path = (struct path){0};
    ink_clear(ink);
    paths->row_px(paths->context, run, at, from);
    while (!g.failed && ++row <= last) {
        paths->row_px(paths->context, run, row, to);
        bool good = isfinite(to[0]) && isfinite(to[1]),
             start = isfinite(from[0]) && isfinite(from[1]);
        if (good && start && row < last && hypot(to[0] - from[0], to[1] - from[1]) < merge)
            continue;
        double part = good && start ? ink_segment(ink, from, to) : 1.0;
        const double middle[] = {from[0] + part * (to[0] - from[0]),
                                 from[1] + part * (to[1] - from[1])};
        if (part <= 0.0)
            put_segment(&g, from, at, to, row);
        else if (part < 1.0)
            put_segment(&g, middle, row, to, row);
        memcpy(from, to, sizeof from);
        at = row;
    }
    end_piece(&g);
    free(g.kept);
    return g.failed ? orl_fail_memory(err) : ORL_OK;
}

static double length_inside(const struct path *path, struct orl_rect area)
{
    double length = 0.0;
    for (size_t i = 0; i + 1 < path->count; i++) {
        const double *a = path->xy + 2 * i, *b = a + 2;
        double t0, t1;
        if (isfinite(a[0]) && isfinite(b[0]) && orl_segment_clip(a, b, area, &t0, &t1))
            length += (t1 - t0) * hypot(b[0] - a[0], b[1] - a[1]);
    }
    return length;
}

/* What each of the ways may take, so that all together take `most` and the short ones what they
 * need; never less than `least`. */
static double fair_share(const double *needs, size_t count, double most, double least)
{
    double share = most / (double)count;
    for (size_t round = 0; round < count; round++) { /* what short ways leave is for the others */
        double left = most;
        size_t others = 0;
        for (size_t i = 0; i < count; i++) {
            others += needs[i] > share;
            left -= needs[i] > share ? 0.0 : needs[i];
        }
        if (!others || left / (double)others <= share)
            break;
        share = left / (double)others;
    }
    return fmax(share, least);
}

/* Thin a way, coarser until it fits. Lines of a way that hides itself go first. */
static int thin_until(struct paths *paths, size_t run, double points, double length,
                      struct orl_error *err)
{
    double finest = fmax(1.0, 0.5 * paths->width),
           coarsest = COARSEST * fmin(paths->area.width, paths->area.height);
    bool fits = false;
    int ret = ORL_OK;
    for (double cell = finest; ret == ORL_OK && !fits; cell *= COARSER) {
        struct ink ink;
        ret = ink_init(&ink, paths->area, cell, err);
        if (ret == ORL_OK)
            ret = thin(paths, run, &ink, fmin(MERGE_PX * cell / finest, 2.0), err);
        free(ink.arrived);
        const struct path *path = &paths->items[run];
        fits = cell >= coarsest ||
               ((double)path->count <= points && length_inside(path, paths->area) <= length);
    }
    return ret;
}

/* As fine as can be seen; then those that take more than their share of a frame's time again. */
static int thin_all(struct paths *paths, struct orl_error *err)
{
    double *points = orl_calloc(paths->shown, 2 * sizeof *points),
           extent = paths->area.width + paths->area.height;
    if (!points)
        return orl_fail_memory(err);
    double *lengths = points + paths->shown;
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < paths->shown; i++) {
        ret = thin_until(paths, paths->first + i, INFINITY, INFINITY, err);
        points[i] = (double)paths->items[paths->first + i].count;
        lengths[i] = length_inside(&paths->items[paths->first + i], paths->area);
    }
    double most = fair_share(points, paths->shown, POINTS_MAX, POINTS_RUN);
    double longest = fair_share(lengths, paths->shown, LENGTH_MAX * extent, LENGTH_RUN * extent);
    for (size_t i = 0; ret == ORL_OK && i < paths->shown; i++)
        if (points[i] > most || lengths[i] > longest)
            ret = thin_until(paths, paths->first + i, most, longest, err);
    free(points);
    return ret;
}

/* ---- Making ---------------------------------------------------------------------------------- */

/* How far along its path each point lies, px; lifts of the pen have no length. */
static int measure_lengths(struct path *path, struct orl_error *err)
{
    path->length = orl_calloc(path->count + 1, sizeof *path->length);
    if (!path->length)
        return orl_fail_memory(err);
    for (size_t i = 1; i < path->count; i++) {
        const double *a = path->xy + 2 * i - 2, *b = a + 2;
        double piece = hypot(b[0] - a[0], b[1] - a[1]);
        path->length[i] = path->length[i - 1] + (isfinite(piece) ? piece : 0.0);
    }
    return ORL_OK;
}

/* The least share of a run's own colour that old parts of its path keep: paler they would not be
 * seen on every band. */
static double least_tone(const struct paths *paths, struct orl_color color)
{
    double floor = TONE_LEAST;
    for (; floor < 1.0; floor += TONE_STEP) {
        struct orl_color old =
            orl_color_mix(color, paths->ground->colors[paths->ground->levels / 2], 1.0 - floor);
        bool seen = true;
        for (size_t k = 0; seen && k <= paths->ground->levels; k++)
            seen = orl_contrast(old, paths->ground->colors[k]) >= PATH_CONTRAST;
        if (seen)
            break;
    }
    return fmin(floor, 1.0);
}

int orl_paths_make(struct paths *paths, const struct panel *panel, struct orl_error *err)
{
    paths->count = paths->view->run_count;
    paths->first = panel->first;
    paths->shown = panel->count;
    paths->items = orl_calloc(paths->count, sizeof *paths->items);
    paths->ends = orl_calloc(paths->count, sizeof *paths->ends);
    if (!paths->items || !paths->ends)
        return orl_fail_memory(err);
    for (size_t r = paths->first; r < paths->first + paths->shown; r++)
        find_exit(paths, r);
    int ret = thin_all(paths, err);
    for (size_t r = paths->first; ret == ORL_OK && r < paths->first + paths->shown; r++) {
        paths->items[r].tone = least_tone(paths, orl_view_style(paths->view, r)->color);
        ret = measure_lengths(&paths->items[r], err);
    }
    return ret;
}

void orl_paths_uninit(struct paths *paths)
{
    for (size_t i = 0; paths->items && i < paths->count; i++) {
        free(paths->items[i].xy);
        free(paths->items[i].rows);
        free(paths->items[i].length);
    }
    free(paths->items);
    free(paths->ends);
}

/* ---- Where a run is -------------------------------------------------------------------------- */

void orl_paths_head(const struct paths *paths, size_t run, size_t frame, double xy[2])
{
    head_px(paths, run, orl_view_row(paths->view, run, frame), xy);
}

bool orl_paths_at_start(const struct paths *paths, size_t run, size_t frame)
{
    double head[2], start[2];
    if (orl_pace_step(&paths->view->pace, frame) != paths->view->pace.from)
        return false;
    orl_paths_head(paths, run, frame, head);
    paths->row_px(paths->context, run, 0, start);
    return hypot(head[0] - start[0], head[1] - start[1]) < 1.0;
}
