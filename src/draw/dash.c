/* Dashes and dots along a path. Dots are the dear part of a film: as dashes of no length with round
 * caps, which is how Cairo makes them, a dotted curve costs three times a solid one. On pixels they
 * are small polygons of one fill; on vector pages they stay strokes, which every program that reads
 * such pages can take apart. */
#include <math.h>

#include "base/array.h"
#include "draw/inner.h"

#define TWO_PI 6.28318530717958647692
enum { CORNERS_MAX = 24 };

/* In line widths; a dash that does not exist is 0 long. */
struct pattern {
    double dash, gap, offset; /* the pattern begins `offset` into its first dash */
    double dot, first;        /* from a dot to the next, and where the first one is */
};

static const struct pattern patterns[] = {
    [ORL_DASH_DASHED] = {.dash = 3.2, .gap = 2.4},
    [ORL_DASH_DOTTED] = {.dot = 2.0},
    [ORL_DASH_DASHDOT] = {.dash = 5.0, .gap = 3.4, .offset = 0.5, .dot = 8.4, .first = 6.2},
};

/* A dot's corners about its centre. The polygon has the circle's area: the eye takes it for one,
 * and a dot of three pixels for a square one even, which costs the least. */
struct dot {
    double x[CORNERS_MAX], y[CORNERS_MAX];
    int count;
};

static struct dot make_dot(double radius)
{
    struct dot dot = {.count = radius < 1.4   ? 4
                               : radius < 2.0 ? 8
                               : radius < 5.0 ? 12
                                              : CORNERS_MAX};
    double r = radius * sqrt(TWO_PI / (dot.count * sin(TWO_PI / dot.count)));
    for (int i = 0; i < dot.count; i++) {
        dot.x[i] = r * cos(TWO_PI * (i + 0.5) / dot.count);
        dot.y[i] = r * sin(TWO_PI * (i + 0.5) / dot.count);
    }
    return dot;
}

static void add_dot(cairo_t *cr, const struct dot *dot, double x, double y)
{
    cairo_move_to(cr, x + dot->x[0], y + dot->y[0]);
    for (int i = 1; i < dot->count; i++)
        cairo_line_to(cr, x + dot->x[i], y + dot->y[i]);
    cairo_close_path(cr);
}

/* Dots `period` px apart along the lines of a path, the first one `first` px from each line's
 * beginning. */
static void add_dots(cairo_t *cr, const cairo_path_t *path, const struct dot *dot, double period,
                     double first)
{
    double x = 0.0, y = 0.0, next = first; /* how far it is to the next dot */
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t *part = &path->data[i];
        if (part->header.type != CAIRO_PATH_MOVE_TO && part->header.type != CAIRO_PATH_LINE_TO)
            continue;
        double to_x = part[1].point.x, to_y = part[1].point.y, length = hypot(to_x - x, to_y - y);
        if (part->header.type == CAIRO_PATH_MOVE_TO) {
            next = first;
        } else {
            for (; next <= length && length > 0.0; next += period)
                add_dot(cr, dot, x + next / length * (to_x - x), y + next / length * (to_y - y));
            next -= length;
        }
        x = to_x;
        y = to_y;
    }
}

static void draw_dots(cairo_t *cr, const struct pattern *pattern, double unit, double width)
{
    if (cairo_surface_get_type(cairo_get_target(cr)) != CAIRO_SURFACE_TYPE_IMAGE) {
        const double dots[] = {0.0, pattern->dot * unit};
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
        cairo_set_dash(cr, dots, 2, -pattern->first * unit);
        cairo_stroke(cr);
        return;
    }
    cairo_path_t *path = cairo_copy_path(
        cr); /* of an error, too: then it has no data, and the context keeps the error */
    struct dot dot = make_dot(0.5 * width);
    cairo_new_path(cr);
    add_dots(cr, path, &dot, pattern->dot * unit, pattern->first * unit);
    cairo_path_destroy(path);
    cairo_fill(cr);
}

void orl_stroke_dashed(cairo_t *cr, enum orl_dash dash, double width)
{
    const struct pattern *pattern =
        (size_t)dash < ORL_COUNT(patterns) ? &patterns[dash] : &patterns[ORL_DASH_SOLID];
    const double unit = fmax(width, 1.0), dashes[] = {pattern->dash * unit, pattern->gap * unit};
    cairo_set_line_width(cr, width);
    cairo_set_line_cap(cr, pattern->dash > 0.0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    if (pattern->dash > 0.0)
        cairo_set_dash(cr, dashes, 2, pattern->offset * unit);
    if (pattern->dash > 0.0 || pattern->dot == 0.0)
        cairo_stroke_preserve(cr);
    if (pattern->dot > 0.0)
        draw_dots(cr, pattern, unit, width);
    cairo_set_dash(cr, NULL, 0, 0.0);
    cairo_new_path(cr);
}
