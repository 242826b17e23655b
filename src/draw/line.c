/* What all drawing starts from: coordinates that Cairo can take, colours, and polylines as paths
 * with the points that make a difference. */
#include <math.h>

#include "draw/inner.h"

#define COORDINATE_MAX                                                                             \
    20000.0 /* Cairo's fixed point goes further, but its arithmetic on long lines does not */

double orl_clamp(double v)
{
    return v < -COORDINATE_MAX ? -COORDINATE_MAX : v > COORDINATE_MAX ? COORDINATE_MAX : v;
}

void orl_set_color(cairo_t *cr, const struct orl_color *c)
{
    if (c->a >= 1.0)
        cairo_set_source_rgb(cr, c->r, c->g, c->b);
    else
        cairo_set_source_rgba(cr, c->r, c->g, c->b, c->a);
}

/* The pen goes straight on from the last corner as long as there is a direction that passes all
 * points since then within the slack. Such directions make a wedge, kept as its two edges (from
 * `low` to `high` is a turn to the left). */
struct pen {
    double corner[2], at[2]; /* at: the last point; the line to it is not drawn yet */
    double low[2], high[2];
    double reach; /* of the points since the corner: one that is nearer turns back */
    bool wide;    /* no point has narrowed the wedge yet */
    double slack;
};

static double cross(const double *a, const double *b)
{
    return a[0] * b[1] - a[1] * b[0];
}

static void start_at(struct pen *pen, const double *corner)
{
    pen->corner[0] = pen->at[0] = corner[0];
    pen->corner[1] = pen->at[1] = corner[1];
    pen->reach = 0.0;
    pen->wide = true;
}

static void narrow(struct pen *pen, const double *v, double length)
{
    double x = -v[1] / length * pen->slack, y = v[0] / length * pen->slack;
    const double low[] = {v[0] - x, v[1] - y}, high[] = {v[0] + x, v[1] + y};
    if (pen->wide || cross(pen->low, low) > 0.0)
        pen->low[0] = low[0], pen->low[1] = low[1];
    if (pen->wide || cross(high, pen->high) > 0.0)
        pen->high[0] = high[0], pen->high[1] = high[1];
    pen->wide = false;
}

/* True where the line from the corner may go straight to `to`, which is then where the pen is. */
static bool go_straight(struct pen *pen, const double *to)
{
    const double v[] = {to[0] - pen->corner[0], to[1] - pen->corner[1]};
    double length = sqrt(v[0] * v[0] + v[1] * v[1]);
    if (length < pen->reach ||
        (!pen->wide && (cross(pen->low, v) < 0.0 || cross(v, pen->high) < 0.0)))
        return false;
    pen->at[0] = to[0];
    pen->at[1] = to[1];
    pen->reach = length;
    if (length > pen->slack)
        narrow(pen, v, length);
    return true;
}

void orl_path_line(cairo_t *cr, const double *at, size_t count, double slack)
{
    struct pen pen = {.slack = slack};
    bool down = false, pending = false;
    cairo_new_path(cr);
    for (size_t i = 0; i < count; i++, at += 2) {
        const double to[] = {orl_clamp(at[0]), orl_clamp(at[1])};
        bool lifted = isnan(at[0]) || isnan(at[1]),
             straight = !lifted && down && go_straight(&pen, to);
        if (pending && !straight)
            cairo_line_to(cr, pen.at[0], pen.at[1]);
        if (!lifted && !down)
            cairo_move_to(cr, to[0], to[1]);
        if (!lifted && !straight) { /* a new line starts at `to`, or the pen turns where it is */
            const double corner[] = {down ? pen.at[0] : to[0], down ? pen.at[1] : to[1]};
            start_at(&pen, corner);
            straight = down && go_straight(&pen, to);
        }
        pending = straight;
        down = !lifted;
    }
    if (pending)
        cairo_line_to(cr, pen.at[0], pen.at[1]);
}
