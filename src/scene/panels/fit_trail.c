/* The way of one run over its fit: a few early curves that stay where they were, with their steps.
 */
#include <math.h>

#include "scene/marks/metrics.h"
#include "scene/panels/fit.h"

#define TRAIL_WIDTH 0.67 /* of a line */
#define PALEST      0.72 /* the share of the page in the oldest curve, ... */
#define STRONGEST   0.42 /* ... and in the youngest */
#define ALTERNATES  0.25 /* of all moves: a run that turns so often has no way to show */
enum { LOOKED_AT = 200, SPACING = 3 /* steps 0, 1, 3, 10, 30, ... */ };

double orl_fit_end_px(const struct view *view, const struct fit *fit, size_t run, size_t row)
{
    double y = NAN;
    orl_fit_predict(fit, &view->runs[run], orl_fit_row(view, run, row), fit->x + fit->points - 1, 1,
                    &y);
    return orl_axis_px(&fit->plot.y, y);
}

/* The curve's end turns back every few rows: curves of it would stand left and right of the last.
 */
static bool alternates(const struct view *view, const struct fit *fit, size_t run)
{
    const struct orl_trace *trace = view->runs[run].trace;
    size_t moves = 0, turns = 0;
    double before = orl_fit_end_px(view, fit, run, 0), last = 0.0;
    for (size_t row = 1; row < trace->rows && row < LOOKED_AT; row++) {
        double now = orl_fit_end_px(view, fit, run, row), move = now - before;
        before = now;
        if (!(fabs(move) > 1.0))
            continue;
        moves++;
        turns += move * last < 0.0;
        last = move;
    }
    return (double)turns > ALTERNATES * (double)moves;
}

/* The first row at which the curve's end is `apart` from where it was at `row`; SIZE_MAX: none. */
static size_t row_apart(const struct view *view, const struct fit *fit, size_t run, size_t row,
                        double apart)
{
    double end = orl_fit_end_px(view, fit, run, row);
    for (size_t later = row + 1; later < view->runs[run].trace->rows; later++)
        if (fabs(orl_fit_end_px(view, fit, run, later) - end) >= apart)
            return later;
    return SIZE_MAX;
}

void orl_fit_trail_choose(const struct view *view, const struct panel *panel, struct fit *fit)
{
    size_t run = panel->first, last = view->runs[run].trace->rows - 1;
    const struct orl_trace *trace = view->runs[run].trace;
    double apart = EM_LABEL * view->size.text, top = fit->plot.area.y,
           bottom = top + fit->plot.area.height, final = orl_fit_end_px(view, fit, run, last);
    fit->trail_count = 0;
    if (panel->count != 1 || alternates(view, fit, run))
        return;
    for (int64_t step = 0, unit = 1; step <= trace->step[last] && fit->trail_count < FIT_TRAIL;
         step = step == 0      ? 1
                : step == unit ? SPACING * unit
                               : (unit *= 10)) {
        size_t row = orl_pace_row(trace, step);
        double end = orl_fit_end_px(view, fit, run, row);
        bool far =
            trace->step[row] == step && end >= top && end <= bottom && fabs(end - final) >= apart;
        for (size_t i = 0; i < fit->trail_count; i++)
            far = far && fabs(end - fit->trail[i].end) >= apart;
        if (far)
            fit->trail[fit->trail_count++] =
                (struct fit_ghost){row, row_apart(view, fit, run, row, apart), end};
    }
}

bool orl_fit_trail_shows(const struct fit *fit, size_t ghost, size_t row)
{
    return ghost < fit->trail_count && row >= fit->trail[ghost].shown_from;
}

void orl_fit_trail_draw(const struct view *view, const struct panel *panel, struct fit *fit,
                        size_t frame, struct orl_picture *picture)
{
    size_t run = panel->first, now = orl_view_row(view, run, frame);
    for (size_t i = 0; i < fit->trail_count; i++) {
        double share = (double)i / (FIT_TRAIL - 1);
        if (!orl_fit_trail_shows(fit, i, now))
            continue;
        orl_fit_predict(fit, &view->runs[run], orl_fit_row(view, run, fit->trail[i].row), fit->x,
                        fit->points, fit->y);
        for (size_t k = 0; k < fit->points; k++)
            fit->y[k] = orl_axis_px(&fit->plot.y, fit->y[k]);
        struct orl_color color =
            orl_color_mix(orl_view_style(view, run)->color, view->theme->background,
                          PALEST + share * (STRONGEST - PALEST));
        orl_mark_faint(
            orl_fit_draw_heights(fit, fit->y, TRAIL_WIDTH * view->size.line, color, picture));
    }
}
