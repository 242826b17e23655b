/* How far the points are from the fit's curve in a frame. Of a curve that swings from one side to
 * the other, step by step, it is not shown: a comb of lines that turns up and down flashes (WCAG
 * 2.2, success criterion 2.3.1) and tells nothing that the curve does not. */
#include <math.h>

#include "scene/marks/metrics.h"
#include "scene/panels/fit.h"

#define HAIR_SHARE  0.55
#define SWING_COS   -0.5 /* of the angle between two moves: they go back and forth */
#define SWING_LEAST 0.25 /* text sizes: smaller swings are no more than a tremor */

enum {
    PLACES = 9,
    MOVES = 3,
};

/* The curve's heights at a few places, px. */
static void heights_at(const struct view *view, const struct fit *fit, size_t run, size_t row,
                       double y[PLACES])
{
    double x[PLACES];
    for (size_t i = 0; i < PLACES; i++)
        x[i] = fit->x[i * (fit->points - 1) / (PLACES - 1)];
    orl_fit_predict(fit, &view->runs[run], orl_fit_row(view, run, row), x, PLACES, y);
    for (size_t i = 0; i < PLACES; i++)
        y[i] = orl_axis_px(&fit->plot.y, y[i]);
}

bool orl_fit_swings(const struct view *view, const struct fit *fit, size_t run, size_t row)
{
    double y[MOVES + 1][PLACES], least = SWING_LEAST * view->size.text;
    if (row < MOVES)
        return false;
    for (size_t k = 0; k <= MOVES; k++)
        heights_at(view, fit, run, row - k, y[k]);
    for (size_t k = 0; k + 1 < MOVES; k++) {
        double product = 0.0, now = 0.0, before = 0.0;
        for (size_t i = 0; i < PLACES; i++) {
            double a = y[k][i] - y[k + 1][i], b = y[k + 1][i] - y[k + 2][i];
            product += a * b;
            now += a * a;
            before += b * b;
        }
        if (!(product < SWING_COS * sqrt(now) * sqrt(before)) || !(now > PLACES * least * least))
            return false;
    }
    return true;
}

void orl_fit_hairlines(const struct view *view, struct fit *fit, size_t row, double radius,
                       struct orl_picture *picture)
{
    double y[FIT_HAIRLINES_MOST], top = fit->plot.area.y, bottom = top + fit->plot.area.height;
    if (orl_fit_swings(view, fit, 0, row))
        return;
    orl_fit_predict(fit, &view->runs[0], orl_fit_row(view, 0, row), fit->residual_x,
                    fit->residual_count, y);
    for (size_t i = 0; i < fit->residual_count; i++) {
        double x = fit->residual_px[i], dot = fit->residual_py[i],
               model = orl_axis_px(&fit->plot.y, y[i]);
        const double xy[] = {x, dot + copysign(radius, model - dot), x, model};
        if (!(fabs(model - dot) > radius) || model < top || model > bottom)
            continue; /* a line to a curve that has left would only cut the plot in two */
        orl_mark_faint(orl_picture_clipped_line(
            picture, xy, 2, fit->plot.area, fmax(1.0, LINE_LEADER * view->size.line),
            orl_color_fade(orl_view_style(view, 0)->color, HAIR_SHARE)));
    }
}
