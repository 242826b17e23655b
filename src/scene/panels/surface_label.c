#include "scene/panels/surface_label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

#define CELL_PX 3.0
#define SHARED  UINT16_MAX
enum {
    PLACES = 60 /* along a way */,
    EARLY = 7 /* of them: near the start, where all are */,
    CROWD = 8
};

int orl_way_labels_init(struct way_labels *labels, const struct view *view, struct orl_rect area,
                        size_t points, size_t most, struct orl_error *err)
{
    *labels = (struct way_labels){.view = view, .area = area};
    labels->columns = (size_t)(area.width / CELL_PX) + 1;
    labels->rows = (size_t)(area.height / CELL_PX) + 1;
    labels->items = orl_calloc(most, sizeof *labels->items);
    labels->taken = orl_calloc(points + most, sizeof *labels->taken);
    labels->ink = orl_calloc(labels->columns * labels->rows, sizeof *labels->ink);
    return labels->items && labels->taken && labels->ink ? ORL_OK : orl_fail_memory(err);
}

void orl_way_labels_done(struct way_labels *labels)
{
    free(labels->ink);
    labels->ink = NULL;
}

void orl_way_labels_uninit(struct way_labels *labels)
{
    for (size_t i = 0; labels->items && i < labels->count; i++)
        free(labels->items[i].text);
    free(labels->items);
    free(labels->taken);
    orl_way_labels_done(labels);
    *labels = (struct way_labels){0};
}

/* ---- Ink ------------------------------------------------------------------------------------- */

static size_t cell_of(double at, double first, size_t count)
{
    double cell = floor((at - first) / CELL_PX);
    return !(cell > 0.0) ? 0 : cell >= (double)count ? count - 1 : (size_t)cell;
}

/* The cells that a rectangle meets. */
struct cells {
    size_t left, right, top, bottom;
};

static struct cells cells_of(const struct way_labels *l, struct orl_rect r)
{
    return (struct cells){
        cell_of(r.x, l->area.x, l->columns), cell_of(r.x + r.width, l->area.x, l->columns),
        cell_of(r.y, l->area.y, l->rows), cell_of(r.y + r.height, l->area.y, l->rows)};
}

static struct orl_rect around(const double xy[2], double reach)
{
    return (struct orl_rect){xy[0] - reach, xy[1] - reach, 2.0 * reach, 2.0 * reach};
}

void orl_way_labels_ink_dot(struct way_labels *labels, size_t run, const double xy[2],
                            double radius)
{
    struct cells c = cells_of(labels, around(xy, radius));
    uint16_t own = run + 1 < SHARED ? (uint16_t)(run + 1) : SHARED;
    for (size_t row = c.top; row <= c.bottom; row++)
        for (size_t column = c.left; column <= c.right; column++) {
            uint16_t *cell = &labels->ink[row * labels->columns + column];
            *cell = *cell == 0 || *cell == own ? own : SHARED;
        }
}

void orl_way_labels_ink(struct way_labels *labels, size_t run, const double *xy, size_t count,
                        double width)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const double *a = xy + 2 * i, *b = a + 2;
        double t0, t1;
        if (!isfinite(a[0]) || !isfinite(b[0]) || !orl_segment_clip(a, b, labels->area, &t0, &t1))
            continue;
        size_t samples = (size_t)((t1 - t0) * hypot(b[0] - a[0], b[1] - a[1]) / CELL_PX) + 1;
        for (size_t s = 0; s <= samples; s++) {
            double t = t0 + (t1 - t0) * (double)s / (double)samples;
            const double at[] = {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])};
            orl_way_labels_ink_dot(labels, run, at, width);
        }
    }
}

/* No ink of any run in the box, and none of another run within `clear` px of it. */
static bool is_free(const struct way_labels *l, size_t run, struct orl_rect box, double clear)
{
    struct cells tight = cells_of(l, box);
    struct cells c =
        cells_of(l, (struct orl_rect){box.x - clear, box.y - clear, box.width + 2.0 * clear,
                                      box.height + 2.0 * clear});
    for (size_t row = c.top; row <= c.bottom; row++)
        for (size_t column = c.left; column <= c.right; column++) {
            uint16_t ink = l->ink[row * l->columns + column];
            bool inside = row >= tight.top && row <= tight.bottom && column >= tight.left &&
                          column <= tight.right;
            if (ink && (inside || ink != run + 1))
                return false;
        }
    return true;
}

/* ---- Places ---------------------------------------------------------------------------------- */

static bool overlap(const struct orl_rect *a, const struct orl_rect *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static bool is_allowed(const struct way_labels *l, const struct orl_rect *box)
{
    double margin = 0.25 * l->view->size.text;
    if (box->x < l->area.x + margin || box->y < l->area.y + margin ||
        box->x + box->width > l->area.x + l->area.width - margin ||
        box->y + box->height > l->area.y + l->area.height - margin)
        return false;
    for (size_t i = 0; i < l->taken_count; i++)
        if (overlap(box, &l->taken[i]))
            return false;
    return true;
}

void orl_way_labels_keep_off(struct way_labels *labels, const double xy[2], double radius)
{
    labels->taken[labels->taken_count++] = around(xy, radius);
}

/* The eight boxes around a point. */
static struct orl_rect beside(const double xy[2], double width, double height, double off,
                              int place)
{
    static const double across[] = {0, -1, -0.5, -0.5, 0, -1, 0, -1},
                        down[] = {-0.5, -0.5, -1, 0, -1, -1, 0, 0};
    static const double dx[] = {1, -1, 0, 0, 0.7, -0.7, 0.7, -0.7},
                        dy[] = {0, 0, -1, 1, -0.7, -0.7, 0.7, 0.7};
    return (struct orl_rect){xy[0] + across[place] * width + dx[place] * off,
                             xy[1] + down[place] * height + dy[place] * off, width, height};
}

/* At the edge of the plot a box moves along it rather than out of it. */
static void move_inside(const struct way_labels *l, struct orl_rect *box)
{
    double margin = 0.26 * l->view->size.text, most = 1.3 * l->view->size.text, x = box->x,
           y = box->y;
    x = fmax(fmin(x, l->area.x + l->area.width - margin - box->width), l->area.x + margin);
    y = fmax(fmin(y, l->area.y + l->area.height - margin - box->height), l->area.y + margin);
    if (fabs(x - box->x) <= most && fabs(y - box->y) <= most) {
        box->x = x;
        box->y = y;
    }
}

/* How near to its point a name stands, and how far from the ways of others. A negative `clear`: on
 * ways, too. */
struct closeness {
    double off, clear; /* parts of the text size */
    bool led, clean; /* clean: the line to the point crosses no way of another, and no such line */
};

/* The line from a name to its point; false where it would cross another name. */
static bool lead(const struct way_labels *l, const struct orl_rect *box, const double xy[2],
                 double from[2])
{
    double t0, t1;
    from[0] = fmin(fmax(xy[0], box->x), box->x + box->width);
    from[1] = fmin(fmax(xy[1], box->y), box->y + box->height);
    for (size_t i = 0; i < l->taken_count; i++)
        if (orl_segment_clip(from, xy, l->taken[i], &t0, &t1) && t1 - t0 > 0.01 && t0 < 0.99)
            return false;
    return true;
}

#define AT_POINT                                                                                   \
    0.5 /* of the text size: nearer to the point there may be ways that run together               \
         */
#define APART                                                                                      \
    1.0 /* of the text size: two lines that end nearer to each other would look like one */

static double side(const double a[2], const double b[2], const double p[2])
{
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

static bool cross(const double a[2], const double b[2], const double c[2], const double d[2])
{
    return side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0;
}

static bool is_clean(const struct way_labels *l, size_t run, const double from[2],
                     const double xy[2])
{
    double length = hypot(xy[0] - from[0], xy[1] - from[1]),
           end = length - AT_POINT * l->view->size.text;
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i].led && (cross(from, xy, l->items[i].from, l->items[i].to) ||
                                hypot(xy[0] - l->items[i].to[0], xy[1] - l->items[i].to[1]) <
                                    APART * l->view->size.text))
            return false;
    for (double at = 0.0; at < end; at += CELL_PX) {
        double x = from[0] + at / length * (xy[0] - from[0]),
               y = from[1] + at / length * (xy[1] - from[1]);
        uint16_t ink =
            l->ink[cell_of(y, l->area.y, l->rows) * l->columns + cell_of(x, l->area.x, l->columns)];
        if (ink && ink != run + 1)
            return false;
    }
    return true;
}

static bool try_point(struct way_labels *l, size_t run, const double xy[2], size_t row,
                      const char *text, const struct closeness *how, struct orl_error *err,
                      int *ret)
{
    double size = l->view->size.text,
           width = orl_letters_width(l->view->measure, text, size, run != NO_RUN),
           height = 1.05 * size;
    for (int place = 0; place < 8; place++) {
        struct orl_rect box = beside(xy, width, height, how->off * size, place);
        move_inside(l, &box);
        if (!is_allowed(l, &box) || (how->clear >= 0.0 && !is_free(l, run, box, how->clear * size)))
            continue;
        double from[2] = {0};
        if (how->led && (!lead(l, &box, xy, from) || (how->clean && !is_clean(l, run, from, xy))))
            continue;
        struct way_label *label = &l->items[l->count];
        *label = (struct way_label){.text = orl_strdup(text),
                                    .run = run,
                                    .row = row,
                                    .crossed = how->clear < 0.0,
                                    .led = how->led,
                                    .from = {from[0], from[1]},
                                    .to = {xy[0], xy[1]},
                                    .x = box.x,
                                    .y = box.y + 0.84 * size};
        if (!label->text) {
            *ret = orl_fail_memory(err);
            return true;
        }
        l->count++;
        l->taken[l->taken_count++] = (struct orl_rect){box.x - 0.3 * size, box.y - 0.1 * size,
                                                       width + 0.6 * size, height + 0.2 * size};
        return true;
    }
    return false;
}

int orl_way_labels_at(struct way_labels *labels, size_t run, const double xy[2], size_t row,
                      const char *text, bool always, struct orl_error *err)
{
    static const struct closeness ways[] = {{0.75, 0.0, false, true},
                                            {1.5, 0.0, false, true},
                                            {2.6, 0.0, true, false},
                                            {4.0, 0.0, true, false},
                                            {0.75, -1.0, false, true}};
    int ret = ORL_OK;
    bool placed = false;
    for (size_t i = 0; !placed && i < (always ? ORL_COUNT(ways) : ORL_COUNT(ways) - 1); i++)
        placed = try_point(labels, run, xy, row, text, &ways[i], err, &ret);
    return ret;
}

static double length_of(const struct path *path)
{
    double length = 0.0;
    for (size_t i = 1; i < path->count; i++) {
        double piece =
            hypot(path->xy[2 * i] - path->xy[2 * i - 2], path->xy[2 * i + 1] - path->xy[2 * i - 1]);
        length += isfinite(piece) ? piece : 0.0;
    }
    return length;
}

/* The place of a share of the way's length, and the row at which the run has been there. */
static size_t along(const struct path *path, double length, double xy[2])
{
    for (size_t i = 1; i < path->count; i++) {
        const double *a = path->xy + 2 * i - 2, *b = a + 2;
        double piece = hypot(b[0] - a[0], b[1] - a[1]);
        if (!isfinite(piece))
            continue;
        if (piece >= length && piece > 0.0) {
            xy[0] = a[0] + length / piece * (b[0] - a[0]);
            xy[1] = a[1] + length / piece * (b[1] - a[1]);
            return path->rows[i];
        }
        length -= piece;
    }
    memcpy(xy, path->xy + 2 * path->count - 2, 2 * sizeof *xy);
    return path->rows[path->count - 1];
}

static bool is_inside(const struct orl_rect *area, const double xy[2])
{
    return xy[0] >= area->x && xy[0] <= area->x + area->width && xy[1] >= area->y &&
           xy[1] <= area->y + area->height;
}

/* A place anywhere on the way, as early as can be. */
static bool try_along(struct way_labels *labels, size_t run, const struct path *path,
                      const char *text, const struct closeness *how, struct orl_error *err,
                      int *ret)
{
    double length = length_of(path), xy[2];
    for (size_t i = 0; i < PLACES; i++) {
        size_t place = (i + EARLY) % PLACES + 1,
               row = along(path, length * (double)place / PLACES, xy);
        if (is_inside(&labels->area, xy) && try_point(labels, run, xy, row, text, how, err, ret))
            return true;
    }
    return false;
}

/* Where the way is nearest to the name, if that can be, else with a line that leads there; one that
 * crosses other ways where there is none that does not. */
int orl_way_labels_along(struct way_labels *labels, size_t run, const struct path *path,
                         const char *text, struct orl_error *err)
{
    static const struct closeness hows[] = {{0.75, 1.6, false, true}, {0.75, 0.9, false, true},
                                            {1.5, 0.5, true, true},   {2.6, 0.3, true, true},
                                            {4.0, 0.2, true, true},   {6.0, 0.2, true, true},
                                            {1.5, 0.5, true, false},  {2.6, 0.3, true, false},
                                            {4.0, 0.2, true, false},  {6.0, 0.2, true, false}};
    double farthest =
        labels->view->run_count > CROWD ? 2.6 : 6.0; /* long lines would add to the crowd */
    int ret = ORL_OK;
    bool placed = path->count < 2 || !*text;
    for (size_t c = 0; !placed && c < ORL_COUNT(hows); c++)
        placed = hows[c].off <= farthest && try_along(labels, run, path, text, &hows[c], err, &ret);
    return ret;
}

static void draw_label(const struct way_labels *labels, const struct way_label *label,
                       struct orl_color halo, struct orl_picture *picture)
{
    double size = labels->view->size.text;
    struct orl_color color = label->run == NO_RUN ? labels->view->theme->ink
                                                  : orl_view_style(labels->view, label->run)->color;
    if (label->led) /* in the ink of the panel or of the run: seen on the bands, and told again by
                       the name's own colour */
        orl_mark_faint(orl_picture_segment(picture, label->from[0], label->from[1], label->to[0],
                                           label->to[1], fmax(1.0, 0.4 * labels->view->size.line),
                                           color));
    struct orl_mark *mark = orl_picture_text(picture, label->x, label->y, 0.0, size,
                                             label->run != NO_RUN, color, label->text);
    if (mark) {
        mark->halo = halo;
        mark->halo_px = 0.16 * size;
    }
}

void orl_way_labels_still(const struct way_labels *labels, struct orl_color halo,
                          struct orl_picture *picture)
{
    for (size_t i = 0; i < labels->count; i++)
        if (labels->items[i].run == NO_RUN && !labels->items[i].crossed)
            draw_label(labels, &labels->items[i], halo, picture);
}

void orl_way_labels_draw(const struct way_labels *labels, size_t frame, struct orl_color halo,
                         struct orl_picture *picture)
{
    for (size_t i = 0; i < labels->count; i++) {
        const struct way_label *label = &labels->items[i];
        bool now = label->run == NO_RUN
                       ? label->crossed
                       : orl_view_row(labels->view, label->run, frame) >= label->row;
        if (now)
            draw_label(labels, label, halo, picture);
    }
}
