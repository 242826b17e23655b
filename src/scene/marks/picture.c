/* Putting marks into pictures. */
#include "scene/marks/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"

void orl_picture_clear(struct orl_picture *picture)
{
    picture->count = 0;
    picture->point_count = 0;
    picture->text_length = 0;
    picture->failed = false;
}

void orl_picture_uninit(struct orl_picture *picture)
{
    free(picture->marks);
    free(picture->points);
    free(picture->text);
    orl_scratch_destroy(&picture->scratch);
    *picture = (struct orl_picture){0};
}

struct orl_mark *orl_mark_faint(struct orl_mark *mark)
{
    if (mark)
        mark->faint = true;
    return mark;
}

struct orl_color orl_color_fade(struct orl_color color, double alpha)
{
    color.a *= alpha;
    return color;
}

static bool add_points(struct orl_picture *picture, const double *xy, size_t count)
{
    size_t numbers;
    if (!orl_size_mul(count, 2, &numbers) ||
        !orl_size_add(numbers, picture->point_count, &numbers) ||
        !orl_reserve((void **)&picture->points, &picture->point_capacity, numbers,
                     sizeof *picture->points)) {
        picture->failed = true;
        return false;
    }
    if (count)
        memcpy(picture->points + picture->point_count, xy, 2 * count * sizeof *xy);
    picture->point_count = numbers;
    return true;
}

/* A new mark over points that stand at the end of the list already. */
static struct orl_mark *add_mark(struct orl_picture *picture, enum orl_mark_kind kind, size_t first,
                                 size_t count, struct orl_color color)
{
    if (!orl_reserve((void **)&picture->marks, &picture->capacity, picture->count + 1,
                     sizeof *picture->marks)) {
        picture->failed = true;
        return NULL;
    }
    struct orl_mark *mark = &picture->marks[picture->count++];
    memset(mark, 0, sizeof *mark); /* padding, too: pictures are compared by their bytes */
    mark->kind = kind;
    mark->color = color;
    mark->first = first;
    mark->count = count;
    return mark;
}

static struct orl_mark *add(struct orl_picture *picture, enum orl_mark_kind kind, const double *xy,
                            size_t count, struct orl_color color)
{
    size_t first = picture->point_count / 2;
    return add_points(picture, xy, count) ? add_mark(picture, kind, first, count, color) : NULL;
}

struct orl_mark *orl_picture_rect(struct orl_picture *picture, struct orl_rect rect,
                                  struct orl_color color)
{
    const double at[] = {rect.x, rect.y};
    struct orl_mark *mark = add(picture, ORL_MARK_RECT, at, 1, color);
    if (mark) {
        mark->size = rect.width;
        mark->size2 = rect.height;
    }
    return mark;
}

struct orl_mark *orl_picture_line(struct orl_picture *picture, const double *xy, size_t count,
                                  double width, struct orl_color color)
{
    struct orl_mark *mark = add(picture, ORL_MARK_LINE, xy, count, color);
    if (mark)
        mark->size = width;
    return mark;
}

struct orl_mark *orl_picture_segment(struct orl_picture *picture, double x0, double y0, double x1,
                                     double y1, double width, struct orl_color color)
{
    const double xy[] = {x0, y0, x1, y1};
    return orl_picture_line(picture, xy, 2, width, color);
}

struct orl_mark *orl_picture_dots(struct orl_picture *picture, const double *xy, size_t count,
                                  double radius, enum orl_marker marker, struct orl_color color)
{
    struct orl_mark *mark = add(picture, ORL_MARK_DOTS, xy, count, color);
    if (mark) {
        mark->size = radius;
        mark->marker = marker;
    }
    return mark;
}

struct orl_mark *orl_picture_area(struct orl_picture *picture, const double *xy, size_t count,
                                  struct orl_color color)
{
    return add(picture, ORL_MARK_AREA, xy, count, color);
}

struct orl_mark *orl_picture_text(struct orl_picture *picture, double x, double y, double align,
                                  double size, bool bold, struct orl_color color, const char *text)
{
    size_t length = strlen(text) + 1, needed;
    const double at[] = {x, y};
    if (!orl_size_add(picture->text_length, length, &needed) ||
        !orl_reserve((void **)&picture->text, &picture->text_capacity, needed, 1)) {
        picture->failed = true;
        return NULL;
    }
    struct orl_mark *mark = add(picture, ORL_MARK_TEXT, at, 1, color);
    if (!mark)
        return NULL;
    memcpy(picture->text + picture->text_length, text, length);
    mark->text = picture->text_length;
    mark->size = size;
    mark->align = align;
    mark->bold = bold;
    picture->text_length = needed;
    return mark;
}

bool orl_segment_clip(const double *a, const double *b, struct orl_rect r, double *t0, double *t1)
{
    double dx = b[0] - a[0], dy = b[1] - a[1];
    const double p[] = {-dx, dx, -dy, dy};
    const double q[] = {a[0] - r.x, r.x + r.width - a[0], a[1] - r.y, r.y + r.height - a[1]};
    *t0 = 0.0;
    *t1 = 1.0;
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0.0) {
            if (q[i] < 0.0)
                return false;
            continue;
        }
        double t = q[i] / p[i];
        if (p[i] < 0.0 && t > *t0)
            *t0 = t;
        if (p[i] > 0.0 && t < *t1)
            *t1 = t;
    }
    return *t0 <= *t1;
}

static void lift_pen(struct orl_picture *picture, size_t *count)
{
    static const double gap[] = {NAN, NAN};
    if (*count && add_points(picture, gap, 1))
        (*count)++;
}

struct orl_mark *orl_picture_clipped_line(struct orl_picture *picture, const double *xy,
                                          size_t count, struct orl_rect clip, double width,
                                          struct orl_color color)
{
    size_t first = picture->point_count / 2, kept = 0;
    bool joined = false; /* the last kept point is the start of the next segment */
    for (size_t i = 0; i + 1 < count; i++) {
        const double *a = xy + 2 * i, *b = a + 2;
        double t0, t1;
        bool finite = isfinite(a[0]) && isfinite(a[1]) && isfinite(b[0]) && isfinite(b[1]);
        if (!finite || !orl_segment_clip(a, b, clip, &t0, &t1)) {
            joined = false;
            continue;
        }
        const double ends[] = {a[0] + t0 * (b[0] - a[0]), a[1] + t0 * (b[1] - a[1]),
                               a[0] + t1 * (b[0] - a[0]), a[1] + t1 * (b[1] - a[1])};
        if (!joined || t0 > 0.0) {
            lift_pen(picture, &kept);
            kept += add_points(picture, ends, 1);
        }
        kept += add_points(picture, ends + 2, 1);
        joined = t1 >= 1.0;
    }
    if (kept < 2)
        return NULL;
    struct orl_mark *mark = add_mark(picture, ORL_MARK_LINE, first, kept, color);
    if (mark)
        mark->size = width;
    return mark;
}

double orl_rect_overlap(const struct orl_rect *a, const struct orl_rect *b)
{
    double width = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x),
           height = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
    return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

bool orl_rect_holds(const struct orl_rect *rect, const double xy[2])
{
    return xy[0] >= rect->x && xy[0] <= rect->x + rect->width && xy[1] >= rect->y &&
           xy[1] <= rect->y + rect->height;
}

bool orl_rect_inside(const struct orl_rect *outer, const struct orl_rect *box, double margin)
{
    return box->x >= outer->x + margin && box->y >= outer->y + margin &&
           box->x + box->width <= outer->x + outer->width - margin &&
           box->y + box->height <= outer->y + outer->height - margin;
}

double orl_line_thin(double line)
{
    return fmax(1.0, line / LINE_THIN_PART);
}
