/* What the fit's axes hold, and at how many places a curve is evaluated. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/marks/curve.h"
#include "scene/marks/metrics.h"
#include "scene/panels/fit.h"

#define START_MOST 3.0  /* a first curve that leaves the data a third of the height is within */
#define PAD_X      0.03 /* of an axis, on both sides */
#define MISS_PX    0.5
enum {
    CURVE_LEAST = 64, /* points of a curve; doubled for those that bend more than so many show */
    LOOKS = 5,        /* rows of each run that are looked at for that */
    LOOK_RUNS = 8,
    CORNERS = 4,  /* places where a curve may have a kink or a jump, which no number of points makes
                     smooth */
    SAMPLES = 48, /* rows that are looked at for the y range */
};

static enum scale scale_of(const struct panel *panel, int setting)
{
    static const enum scale scales[] = {SCALE_LINEAR, SCALE_LOG, SCALE_SYMLOG};
    double choice = panel->values ? panel->values[setting].number : 0.0;
    return scales[choice > 1.0 ? 2 : choice > 0.0 ? 1 : 0];
}

/* Evenly over the data, as their axis spreads them: beyond the data a model says nothing that they
 * could deny. */
static void place_points(struct fit *fit, size_t points)
{
    struct axis axis = {.scale = fit->plot.x.scale,
                        .linear = fit->plot.x.linear,
                        .low = fit->from,
                        .high = fit->to,
                        .last = (double)(points - 1)};
    fit->points = points;
    for (size_t i = 0; i < points; i++)
        fit->x[i] = orl_axis_value(&axis, (double)i);
    fit->x[0] = fit->from;
    fit->x[points - 1] = fit->to;
}

/* `y` is an axis over the data in pixels. */
static bool enough_points(const struct view *view, struct fit *fit, const struct axis *y,
                          size_t points)
{
    const double *truth = orl_problem_truth(view->runs[0].problem);
    place_points(fit, 2 * points - 1);
    for (size_t run = 0; run < view->run_count && run < LOOK_RUNS; run++)
        for (size_t i = 0; i < LOOKS; i++) {
            size_t frame = (view->pace.frames - 1) * i / (LOOKS - 1);
            orl_fit_predict(fit, &view->runs[run],
                            orl_fit_row(view, run, orl_view_row(view, run, frame)), fit->x,
                            fit->points, fit->y);
            if (orl_curve_misses(fit->y, points, y) > CORNERS)
                return false;
        }
    if (!truth)
        return true;
    orl_fit_predict(fit, &view->runs[0], truth, fit->x, fit->points, fit->y);
    return orl_curve_misses(fit->y, points, y) <= CORNERS;
}

/* As many points as the curves' bends ask for, the same for the whole film. */
static void choose_points(const struct view *view, struct fit *fit, const struct axis *y)
{
    size_t points = CURVE_LEAST;
    while (2 * points <= FIT_CURVE_MOST && !enough_points(view, fit, y, points))
        points *= 2;
    place_points(fit, points);
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where the line between the curve's points is off the curve at one of the data's own places, that
 * place becomes a point, too: dots crowded near 0 on a long axis, a peak narrower than the grid. */
static int add_data_points(const struct view *view, struct fit *fit, const struct axis *y,
                           struct orl_error *err)
{
    const struct orl_dataset *data = orl_fit_data(view);
    if (fit->points == FIT_CURVE_MOST)
        return ORL_OK;
    size_t grid = fit->points, stride = data->rows / (FIT_CURVE_MOST - grid) + 1,
           count = (data->rows + stride - 1) / stride;
    double *x = orl_calloc(count, 2 * sizeof *x), *values = x ? x + count : NULL;
    bool *missed = orl_calloc(count, sizeof *missed);
    if (!x || !missed) {
        free(x);
        free(missed);
        return orl_fail_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        x[i] = data->values[0][i * stride];
    qsort(x, count, sizeof *x, compare_numbers);
    for (size_t look = 0; look < LOOKS * view->run_count && look < LOOKS * LOOK_RUNS; look++) {
        size_t run = look / LOOKS, frame = (view->pace.frames - 1) * (look % LOOKS) / (LOOKS - 1);
        const double *row = orl_fit_row(view, run, orl_view_row(view, run, frame));
        orl_fit_predict(fit, &view->runs[run], row, fit->x, grid, fit->y);
        orl_fit_predict(fit, &view->runs[run], row, x, count, values);
        for (size_t i = 0, k = 1; i < count; i++) {
            while (k + 1 < grid && fit->x[k] < x[i])
                k++;
            double t = (x[i] - fit->x[k - 1]) / (fit->x[k] - fit->x[k - 1]);
            double line = fit->y[k - 1] + t * (fit->y[k] - fit->y[k - 1]);
            missed[i] |= fabs(orl_axis_px(y, line) - orl_axis_px(y, values[i])) > MISS_PX;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (missed[i] && x[i] > fit->from && x[i] < fit->to && (i == 0 || x[i] > x[i - 1]))
            fit->x[fit->points++] = x[i];
    qsort(fit->x, fit->points, sizeof *fit->x, compare_numbers);
    free(x);
    free(missed);
    return ORL_OK;
}

static bool any_within(const double *y, size_t count, double low, double high)
{
    for (size_t i = 0; i < count; i++)
        if (y[i] >= low && y[i] <= high)
            return true;
    return false;
}

/* Where a run starts is worth seeing: a first curve of which nothing would show is within, as long
 * as the data keep a third of the height. */
static void include_starts(const struct view *view, struct fit *fit, double height, double *low,
                           double *high)
{
    for (size_t run = 0; run < view->run_count; run++) {
        double start_low = *low, start_high = *high;
        orl_fit_predict(fit, &view->runs[run], orl_fit_row(view, run, orl_view_row(view, run, 0)),
                        fit->x, fit->points, fit->y);
        orl_axis_widen(&start_low, &start_high, fit->y, fit->points);
        if (!any_within(fit->y, fit->points, *low, *high) &&
            start_high - start_low <= START_MOST * height) {
            *low = start_low;
            *high = start_high;
        }
    }
}

/* What an axis holds of values: of those that have no place on a log axis (a dose of 0) nothing. */
static void widen_over(double *low, double *high, const double *values, size_t count,
                       enum scale scale)
{
    for (size_t i = 0; i < count; i++)
        if (scale != SCALE_LOG || values[i] > 0.0)
            orl_axis_widen(low, high, &values[i], 1);
}

/* As orl_axis_range; on a symlog axis what is nearer to 0 than the least of the data is linear. */
static void set_range(struct axis *axis, enum scale scale, double low, double high, double pad,
                      const double *values, size_t count)
{
    double least = INFINITY;
    for (size_t i = 0; i < count; i++)
        least = values[i] != 0.0 ? fmin(least, fabs(values[i])) : least;
    if (scale == SCALE_SYMLOG && isfinite(least))
        orl_axis_symlog(axis, low, high, least, pad);
    else
        orl_axis_range(axis, scale == SCALE_SYMLOG ? SCALE_LINEAR : scale, low, high, pad);
}

int orl_fit_choose_ranges(const struct view *view, const struct panel *panel, struct fit *fit,
                          struct orl_error *err)
{
    const struct orl_dataset *data = orl_fit_data(view);
    struct axis height = {.last = panel->box.height};
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    enum scale x_scale = scale_of(panel, FIT_SETTING_X), y_scale = scale_of(panel, FIT_SETTING_Y);
    widen_over(&x0, &x1, data->values[0], data->rows, x_scale);
    widen_over(&y0, &y1, data->response, data->rows, y_scale);
    if (x0 > x1 || y0 > y1)
        return orl_fail(err, ORL_EINPUT, "fit: a log axis for %s, which is never positive",
                        x0 > x1 ? data->labels[0] : data->response_name);
    set_range(&fit->plot.x, x_scale, x0, x1, PAD_X, data->values[0], data->rows);
    set_range(&height, y_scale, y0, y1, 0.0, data->response, data->rows);
    fit->from = x0;
    fit->to = x1 > x0 ? x1 : fit->plot.x.high;
    choose_points(view, fit, &height);
    int ret = add_data_points(view, fit, &height, err);
    if (ret != ORL_OK)
        return ret;
    double low = y0, high = y1, reach = y1 > y0 ? y1 - y0 : fmax(fabs(y0), 1.0);
    for (size_t run = 0; run < view->axis_count; run++) {
        for (size_t s = 0; s < SAMPLES; s++) {
            size_t frame = (view->pace.frames - 1) * s / (SAMPLES - 1);
            double curve_low = INFINITY, curve_high = -INFINITY;
            orl_fit_predict(fit, &view->runs[run],
                            orl_fit_row(view, run, orl_view_row(view, run, frame)), fit->x,
                            fit->points, fit->y);
            orl_axis_widen(&curve_low, &curve_high, fit->y, fit->points);
            if (curve_low < (y_scale == SCALE_LOG ? y0 * y0 / y1 : y0 - reach) ||
                curve_high > (y_scale == SCALE_LOG ? y1 * y1 / y0 : y1 + reach))
                continue;
            low = fmin(low, curve_low);
            high = fmax(high, curve_high);
        }
    }
    ret = orl_fit_band_make(view, panel, fit, err);
    if (ret != ORL_OK)
        return ret;
    orl_fit_band_widen(fit, y_scale == SCALE_LOG ? y0 * y0 / y1 : y0 - reach,
                       y_scale == SCALE_LOG ? y1 * y1 / y0 : y1 + reach, &low, &high);
    if (y_scale != SCALE_LOG)
        include_starts(view, fit, y1 - y0, &low, &high);
    set_range(&fit->plot.y, y_scale, low, high, AXIS_PAD, data->response, data->rows);
    return ORL_OK;
}
