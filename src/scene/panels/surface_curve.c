/* A model with one parameter: its loss as a curve, on which the runs stand. */
#include <math.h>

#include "scene/panels/axes.h"
#include "scene/panels/surface.h"

#define PAD_X   0.25
#define PAD_Y   0.07
#define TOP_PAD 0.5 /* of the runs' heights: the curve is followed so far above them */

struct curve_extent {
    double low, high, top;
};

static struct curve_extent runs_extent(const struct view *view)
{
    const double *truth = orl_problem_truth(view->runs[0].problem);
    double most = orl_surface_loss_limit(view);
    struct curve_extent extent = {truth ? truth[0] : INFINITY, truth ? truth[0] : -INFINITY,
                                  -INFINITY};
    for (size_t r = 0; r < view->axis_count; r++)
        for (size_t row = 0; row < view->runs[r].trace->rows; row++) {
            const struct orl_trace *trace = view->runs[r].trace;
            if (!orl_surface_row_counts(view, r, row, most))
                continue;
            extent.low = fmin(extent.low, trace->values[row]);
            extent.high = fmax(extent.high, trace->values[row]);
            extent.top = trace->loss ? fmax(extent.top, trace->loss[row]) : extent.top;
        }
    return extent;
}

void orl_surface_curve(const struct view *view, struct panel *panel, const struct ground *ground,
                       struct plot *plot, double *xy)
{
    const double *domain = orl_problem_domain(view->runs[0].problem);
    struct curve_extent extent = runs_extent(view);
    double bottom = INFINITY, top = -INFINITY;
    if (domain && domain[0] < domain[1])
        orl_axis_range(&plot->x, SCALE_LINEAR, domain[0], domain[1], 0.0);
    else
        orl_axis_range(&plot->x, SCALE_LINEAR, extent.low, extent.high, PAD_X);
    orl_panel_limit(panel, "x", &plot->x);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        double *point = xy + 2 * i;
        point[0] = plot->x.low + (plot->x.high - plot->x.low) * (double)i / (CURVE_POINTS - 1);
        point[1] = orl_ground_loss(view, ground, 0, point);
        bottom = isfinite(point[1]) ? fmin(bottom, point[1]) : bottom;
        top = isfinite(point[1]) ? fmax(top, point[1]) : top;
    }
    if (isfinite(extent.top) && extent.top > bottom)
        top = fmin(top, extent.top + TOP_PAD * (extent.top - bottom));
    orl_axis_range(&plot->y, SCALE_LINEAR, bottom, top, PAD_Y);
    plot->y_name = view->quantity;
    plot->footnote = true;
    orl_plot_place(view, panel, plot, panel->box, 0.0);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        xy[2 * i] = orl_axis_px(&plot->x, xy[2 * i]);
        xy[2 * i + 1] = orl_axis_px(&plot->y, xy[2 * i + 1]);
    }
}
