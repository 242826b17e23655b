/* What is known of the best fit: its curve as a ghost, confidence and prediction bands about it,
 * error bars of the data. They belong to the estimate, not to a step on the way there: they stand
 * still. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"
#include "scene/panels/fit.h"

#define BAND_SHARE       0.3  /* the opacity of a confidence band */
#define PREDICTION_SHARE 0.14 /* ... of a prediction band */
#define GHOST_WIDTH      0.8  /* of a line */
#define BAR_WIDTH        0.6
#define BAR_CAP          1.6 /* half of an end, in lines */
#define BAR_SHARE        0.55

enum { BARS_MOST = 200, BAR_POINTS = 8 };

struct fit_band {
    double *values;  /* owned, one block: of the best fit at the curve's places, ... */
    double *half[2]; /* ... and half of each band; NULL: it is not shown */
    double share[2]; /* of each band; NaN */
    size_t points;
};

void orl_fit_band_free(struct fit *fit)
{
    if (fit->band)
        free(fit->band->values);
    free(fit->band);
    fit->band = NULL;
}

static double wanted_share(const struct view *view, const struct panel *panel, int setting)
{
    const struct orl_dataset *data = orl_fit_data(view);
    bool meaningless = setting == FIT_SETTING_PREDICTION && data->sigma;
    return panel->values && !meaningless ? panel->values[setting].number : (double)NAN;
}

/* The least-squares estimate with what it is worth; *out NULL where no run has come to one. Of
 * several runs the first that has, in their order of standing. */
static int estimate_find(const struct view *view, const struct fit *fit, double *parameters,
                         struct orl_fit **out, struct orl_error *err)
{
    const struct orl_problem *problem = view->runs[0].problem;
    size_t n = orl_problem_parameter_count(problem);
    *out = NULL;
    if (orl_problem_best_fit(problem, fit->workspace, parameters))
        return orl_fit_create(problem, parameters, out, err);
    for (size_t i = 0; i < view->run_count; i++) {
        size_t run = view->standing.order ? view->standing.order[i] : i;
        const struct orl_trace *trace = view->runs[run].trace;
        if (trace->rows == 0 || trace->status == ORL_STATUS_DIVERGED)
            continue;
        memcpy(parameters, orl_fit_row(view, run, trace->rows - 1), n * sizeof *parameters);
        int ret = orl_fit_create(problem, parameters, out, err);
        if (ret != ORL_OK || (*out && (*out)->arrived))
            return ret;
        orl_fit_destroy(out);
    }
    return ORL_OK;
}

static int band_fill(const struct view *view, struct fit *fit, struct fit_band *band,
                     const struct orl_fit *worth, const double *parameters, struct orl_error *err)
{
    const double *columns[] = {fit->x};
    int ret = ORL_OK;
    orl_fit_predict(fit, &view->runs[0], parameters, fit->x, fit->points, band->values);
    for (int i = 0; i < 2 && ret == ORL_OK; i++) {
        struct orl_band_spec spec = {.share = band->share[i], .prediction = i == 1};
        if (isnan(band->share[i]) || !worth->covariance)
            continue;
        band->half[i] = band->values + (size_t)(i + 1) * fit->points;
        ret = orl_fit_band(view->runs[0].problem, worth, parameters, &spec, columns, fit->points,
                           band->half[i], err);
    }
    return ret;
}

int orl_fit_band_make(const struct view *view, const struct panel *panel, struct fit *fit,
                      struct orl_error *err)
{
    size_t n = orl_problem_parameter_count(view->runs[0].problem);
    struct fit_band wanted = {.points = fit->points,
                              .share = {wanted_share(view, panel, FIT_SETTING_BAND),
                                        wanted_share(view, panel, FIT_SETTING_PREDICTION)}};
    orl_fit_band_free(fit);
    if (isnan(wanted.share[0]) && isnan(wanted.share[1]) &&
        !orl_panel_choice(panel, FIT_SETTING_BEST))
        return ORL_OK;
    struct orl_fit *worth = NULL;
    double *parameters = orl_calloc(n, sizeof *parameters);
    int ret = parameters ? estimate_find(view, fit, parameters, &worth, err) : orl_fail_memory(err);
    if (ret == ORL_OK && worth) {
        fit->band = orl_calloc(1, sizeof *fit->band);
        wanted.values = orl_calloc(fit->points, 3 * sizeof *wanted.values);
        if (fit->band)
            *fit->band = wanted;
        ret = fit->band && wanted.values ? band_fill(view, fit, fit->band, worth, parameters, err)
                                         : orl_fail_memory(err);
    }
    orl_fit_destroy(&worth);
    free(parameters);
    return ret;
}

void orl_fit_band_widen(const struct fit *fit, double least, double most, double *low, double *high)
{
    const struct fit_band *band = fit->band;
    for (int b = 0; band && b < 2; b++)
        for (size_t i = 0; band->half[b] && i < band->points; i++)
            for (int side = -1; side <= 1; side += 2) {
                double end = band->values[i] + side * band->half[b][i];
                if (end >= least && end <= most)
                    orl_axis_widen(low, high, &end, 1);
            }
}

/* A height in the plot: what is beyond it at its edge, and so is what has no place on its axis. */
static double edge_px(const struct fit *fit, double value, bool low)
{
    const struct orl_rect *area = &fit->plot.area;
    double px = orl_axis_px(&fit->plot.y, value);
    if (isnan(px))
        return low ? area->y + area->height : area->y;
    return fmin(fmax(px, area->y), area->y + area->height);
}

/* Along the upper edge and back along the lower one; fit->xy has room for six curves. Places
 * outside the x axis' limits are left out. */
static void band_draw(const struct view *view, struct fit *fit, const double *half, double share,
                      struct orl_picture *picture)
{
    const struct fit_band *band = fit->band;
    const struct orl_rect *area = &fit->plot.area;
    size_t first = 0, last = band->points, count = 0;
    while (first < last && !(fit->px[first] >= area->x))
        first++;
    while (last > first && !(fit->px[last - 1] <= area->x + area->width))
        last--;
    for (size_t k = 0; k < 2 * (last - first); k++) {
        bool upper = k < last - first;
        size_t i = upper ? first + k : last - 1 - (k - (last - first));
        double value = band->values[i] + (upper ? half[i] : -half[i]);
        if (!isfinite(value))
            continue;
        fit->xy[2 * count] = fit->px[i];
        fit->xy[2 * count++ + 1] = edge_px(fit, value, !upper);
    }
    if (count > 2)
        orl_mark_faint(
            orl_picture_area(picture, fit->xy, count, orl_color_fade(view->theme->truth, share)));
}

void orl_fit_band_still(const struct view *view, struct fit *fit, struct orl_picture *picture)
{
    const struct fit_band *band = fit->band;
    if (!band)
        return;
    if (band->half[1])
        band_draw(view, fit, band->half[1], PREDICTION_SHARE, picture);
    if (band->half[0])
        band_draw(view, fit, band->half[0], BAND_SHARE, picture);
    for (size_t i = 0; i < band->points; i++)
        fit->y[i] = orl_axis_px(&fit->plot.y, band->values[i]);
    struct orl_mark *ghost = orl_fit_draw_heights(fit, fit->y, GHOST_WIDTH * view->size.line,
                                                  view->theme->muted, picture);
    if (ghost)
        ghost->dash = ORL_DASH_DOTTED;
}

void orl_fit_band_key(const struct fit *fit, char *text, size_t size)
{
    const struct fit_band *band = fit->band;
    *text = '\0';
    if (!band)
        return;
    bool both = band->half[0] && band->half[1];
    int shown = band->half[0] ? 0 : 1;
    if (!band->half[shown])
        snprintf(text, size, "best fit");
    else if (both && band->share[0] == band->share[1])
        snprintf(text, size, "%.4g %% band, prediction", PERCENT * band->share[0]);
    else if (both)
        snprintf(text, size, "%.4g %% band, %.4g %% prediction", PERCENT * band->share[0],
                 PERCENT * band->share[1]);
    else
        snprintf(text, size, "%.4g %% %s", PERCENT * band->share[shown],
                 shown ? "prediction" : "band");
}

void orl_fit_bars_still(const struct view *view, const struct panel *panel, const struct fit *fit,
                        struct orl_picture *picture)
{
    const struct orl_dataset *data = orl_fit_data(view);
    double cap = BAR_CAP * view->size.line * fit->plot.scale,
           width = fmax(1.0, BAR_WIDTH * view->size.line);
    struct orl_color color = orl_color_fade(view->theme->data, BAR_SHARE);
    if (!data->sigma || data->rows > BARS_MOST || !orl_panel_choice(panel, FIT_SETTING_BARS))
        return;
    for (size_t i = 0; i < data->rows; i++) {
        double x = orl_axis_px(&fit->plot.x, data->values[0][i]),
               high = orl_axis_px(&fit->plot.y, data->response[i] + data->sigma[i]),
               low = orl_axis_px(&fit->plot.y, data->response[i] - data->sigma[i]);
        double bottom = isnan(low) ? fit->plot.area.y + fit->plot.area.height : low;
        const double xy[] = {x - cap, high,   x + cap, high, NAN,     NAN, x,       high,
                             x,       bottom, NAN,     NAN,  x - cap, low, x + cap, low};
        if (isfinite(x) && isfinite(high))
            orl_mark_faint(
                orl_picture_clipped_line(picture, xy, BAR_POINTS, fit->plot.area, width, color));
    }
}
