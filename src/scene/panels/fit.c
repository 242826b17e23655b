/* The fit: data as dots, the fitted curve of each run, the true curve dashed, early curves,
 * residuals where there are few points.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/curve.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/axes.h"
#include "scene/panels/dots.h"
#include "scene/panels/fit.h"
#include "scene/panels/observed.h"

#define TOUCHING    0.6 /* of all dots: so many that touch another make a caterpillar */
#define NAMES_MOST  0.3 /* of the panel's width */
#define EM_BAND_KEY 0.6 /* the side of the key's square for a band */
#define KEY_SHARE   0.4
#define SHARE_LEAST 0.01
#define SHARE_MOST  0.9999

enum {
    DOTS_ABOVE = 40, /* so many at most lie above the curves */
    CHAIN_MAX = 2000,
    KEY_SIZE = 80,
};

static const char *const scale_choices[] = {"linear", "log", "symlog", NULL};

static const struct orl_setting fit_settings[] = {
    [FIT_SETTING_X] = {.name = "x",
                       .type = ORL_SETTING_CHOICE,
                       .unit = "1",
                       .choices = scale_choices,
                       .description = "spread of the predictor's axis"},
    [FIT_SETTING_Y] = {.name = "y",
                       .type = ORL_SETTING_CHOICE,
                       .unit = "1",
                       .choices = scale_choices,
                       .description = "spread of the response's axis"},
    [FIT_SETTING_BAND] = {.name = "band",
                          .type = ORL_SETTING_REAL,
                          .unit = "1",
                          .initial = NAN,
                          .minimum = SHARE_LEAST,
                          .maximum = SHARE_MOST,
                          .description = "the confidence band about the best fit, such as 0.95"},
    [FIT_SETTING_PREDICTION] = {.name = "prediction",
                                .type = ORL_SETTING_REAL,
                                .unit = "1",
                                .initial = NAN,
                                .minimum = SHARE_LEAST,
                                .maximum = SHARE_MOST,
                                .description = "the band of new observations, such as 0.95; of "
                                               "data without sigma"},
    [FIT_SETTING_BEST] = {.name = "best_fit",
                          .type = ORL_SETTING_BOOLEAN,
                          .unit = "1",
                          .description = "the best fit as a dotted line; with a band it is shown "
                                         "anyway"},
    [FIT_SETTING_BARS] = {.name = "error_bars",
                          .type = ORL_SETTING_BOOLEAN,
                          .unit = "1",
                          .initial = 1,
                          .description = "sigma of the data as bars, where there are few enough"},
    ORL_AXIS_PARTS("x"),
    ORL_AXIS_PARTS("y"),
    {0},
};

/* Of two rows the one that lies further to the left; of equal ones the earlier. */
static int compare_places(const void *a, const void *b)
{
    const double *const *p = a, *const *q = b;
    return **p != **q ? (**p > **q) - (**p < **q) : (*p > *q) - (*p < *q);
}

/* Whether most dots, from left to right, touch the one before: a caterpillar, which every n-th of
 * them shows as well. */
static bool dots_touch(const struct view *view, const struct fit *fit,
                       const struct orl_dataset *data, const double *const *order)
{
    double near = 2.0 * orl_dots_radius(view, &fit->plot, data->rows), before[2] = {0};
    size_t touching = 0;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = (size_t)(order[i] - data->values[0]);
        const double at[] = {orl_axis_px(&fit->plot.x, data->values[0][row]),
                             orl_axis_px(&fit->plot.y, data->response[row])};
        touching += i > 0 && hypot(at[0] - before[0], at[1] - before[1]) < near;
        memcpy(before, at, sizeof at);
    }
    return (double)touching > TOUCHING * (double)data->rows;
}

/* Up to forty dots lie above the curves: all, or every n-th of a chain of them. */
static int choose_dots_above(const struct view *view, struct fit *fit,
                             const struct orl_dataset *data, struct orl_error *err)
{
    fit->dot_count = 0;
    if (data->rows > CHAIN_MAX || fit->plot.cell)
        return ORL_OK;
    const double **order = orl_calloc(data->rows, sizeof *order);
    fit->dots = orl_calloc(DOTS_ABOVE + 1, sizeof *fit->dots);
    if (!order || !fit->dots) {
        free(order);
        return orl_fail_memory(err);
    }
    for (size_t i = 0; i < data->rows; i++)
        order[i] = data->values[0] + i;
    qsort(order, data->rows, sizeof *order, compare_places);
    if (data->rows <= DOTS_ABOVE || dots_touch(view, fit, data, order)) {
        size_t stride = (data->rows + DOTS_ABOVE - 1) / DOTS_ABOVE;
        for (size_t i = 0; i < data->rows; i += stride)
            fit->dots[fit->dot_count++] = (size_t)(order[i] - data->values[0]);
    }
    free(order);
    return ORL_OK;
}

static int choose_dots(struct fit *fit, const struct orl_dataset *data, size_t runs,
                       struct orl_error *err)
{
    if (runs != 1 || data->rows > FIT_HAIRLINES_MOST)
        return ORL_OK;
    fit->residual_count = data->rows;
    fit->residual_x = orl_calloc(data->rows, 3 * sizeof *fit->residual_x);
    if (!fit->residual_x)
        return orl_fail_memory(err);
    fit->residual_px = fit->residual_x + data->rows;
    fit->residual_py = fit->residual_px + data->rows;
    for (size_t i = 0; i < data->rows; i++) {
        fit->residual_x[i] = data->values[0][i];
        fit->residual_px[i] = orl_axis_px(&fit->plot.x, data->values[0][i]);
        fit->residual_py[i] = orl_axis_px(&fit->plot.y, data->response[i]);
    }
    return ORL_OK;
}

/* The panel with the picture's room to work in. False once memory is short. */
static bool fit_in_frame(const struct view *view, const struct panel *panel,
                         struct orl_picture *picture, struct fit *own)
{
    *own = *(const struct fit *)panel->state;
    own->workspace = orl_scratch_workspace(picture, view->runs[0].problem);
    own->room = 6 * (size_t)FIT_CURVE_MOST;
    own->y =
        orl_scratch_numbers(picture, (1 + FIT_TOGETHER) * (size_t)FIT_CURVE_MOST + 2 * own->room);
    if (!own->workspace || !own->y)
        return false;
    own->heights = own->y + FIT_CURVE_MOST;
    own->xy = own->heights + FIT_TOGETHER * (size_t)FIT_CURVE_MOST;
    return true;
}

static const struct orl_panel_ops curve_ops;

/* What placing made. */
static void forget_place(struct fit *fit)
{
    free(fit->residual_x);
    free(fit->dots);
    orl_fit_band_free(fit);
    fit->dots = NULL;
    free(fit->x_name);
    free(fit->y_name);
    fit->residual_x = NULL;
    fit->x_name = fit->y_name = NULL;
    fit->residual_count = 0;
    for (size_t i = 0; fit->names && i < 2 * fit->run_count; i++) {
        free(fit->names[i]);
        fit->names[i] = NULL;
    }
}

static void curve_destroy(struct panel *panel)
{
    struct fit *fit = panel->state;
    if (!fit)
        return;
    forget_place(fit);
    free(fit->x);
    free(fit->order);
    free(fit->names);
    free(fit);
    panel->state = NULL;
}

static int make_scratch(const struct view *view, struct fit *fit, struct orl_error *err)
{
    fit->x = orl_calloc(FIT_CURVE_MOST, 7 * sizeof *fit->x);
    fit->order = orl_calloc(view->run_count, sizeof *fit->order);
    fit->names = orl_calloc(view->run_count, 2 * sizeof *fit->names);
    fit->run_count = view->run_count;
    if (!fit->x || !fit->order || !fit->names)
        return orl_fail_memory(err);
    fit->px = fit->x + FIT_CURVE_MOST;
    fit->y = fit->px + FIT_CURVE_MOST;
    fit->xy = fit->y + FIT_CURVE_MOST;
    fit->workspace = view->workspaces[0];
    return ORL_OK;
}

static int name_axes(const struct panel *panel, struct fit *fit, const struct orl_dataset *data,
                     struct orl_error *err)
{
    fit->x_name = orl_strdup(orl_panel_label(panel, "x", data->labels[0]));
    fit->y_name =
        orl_strdup(orl_panel_label(panel, "y", data->response_name ? data->response_name : "y"));
    return fit->x_name && fit->y_name ? ORL_OK : orl_fail_memory(err);
}

static int curve_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct fit *fit = orl_calloc(1, sizeof *fit);
    panel->state = fit;
    if (!fit)
        return orl_fail_memory(err);
    fit->ops = &curve_ops;
    return make_scratch(view, fit, err);
}

static int curve_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    const struct orl_dataset *data = orl_fit_data(view);
    struct fit *fit = panel->state;
    forget_place(fit);
    int ret = name_axes(panel, fit, data, err);
    if (ret == ORL_OK)
        ret = orl_fit_choose_ranges(view, panel, fit, err);
    if (ret != ORL_OK)
        return ret;
    fit->plot.x_name = fit->x_name;
    fit->plot.y_name = fit->y_name;
    double beside = orl_fit_names(view, fit, NAMES_MOST * panel->box.width);
    if (beside < 0.0)
        return orl_fail_memory(err);
    orl_plot_place(view, panel, &fit->plot, panel->box, beside);
    orl_fit_order_labels(view, fit);
    panel->names_runs = fit->labels == view->run_count;
    if (!fit->labels)
        orl_plot_place(view, panel, &fit->plot, panel->box, 0.0);
    ret = orl_plot_fit_names(view, &fit->plot, &fit->x_name, &fit->y_name, err);
    if (ret != ORL_OK)
        return ret;
    for (size_t i = 0; i < fit->points; i++)
        fit->px[i] = orl_axis_px(&fit->plot.x, fit->x[i]);
    orl_fit_trail_choose(view, panel, fit);
    ret = choose_dots_above(view, fit, data, err);
    return ret == ORL_OK ? choose_dots(fit, data, view->run_count, err) : ret;
}

/* The curve through the model's values in fit->y. */
static struct orl_mark *draw_curve(struct fit *fit, double width, struct orl_color color,
                                   struct orl_picture *picture)
{
    for (size_t i = 0; i < fit->points; i++)
        fit->y[i] = orl_axis_px(&fit->plot.y, fit->y[i]);
    return orl_fit_draw_heights(fit, fit->y, width, color, picture);
}

/* "▒ 95 % band", up to the pixel `right`, where there is one and it has room. Returns where it
 * begins. */
static double draw_band_key(const struct view *view, const struct fit *fit, double right, double y,
                            struct orl_picture *picture)
{
    char words[KEY_SIZE];
    double text = view->size.text, side = EM_BAND_KEY * text;
    orl_fit_band_key(fit, words, sizeof words);
    double width = orl_letters_width(view->measure, words, text, false),
           left = fit->plot.area.x + orl_letters_width(view->measure, fit->y_name, text, false);
    if (!*words || right - width - side - EM_KEY_ROOM * text < left)
        return right;
    orl_picture_text(picture, right, y, 1.0, text, false, view->theme->muted, words);
    right -= width + EM_GAP * text + side;
    orl_mark_faint(orl_picture_rect(
        picture, (struct orl_rect){right, y - EM_MIDDLE * text - 0.5 * side, side, side},
        orl_color_fade(view->theme->truth, KEY_SHARE)));
    return right - text;
}

/* What the grey marks mean, beside the axis name: "● data  - - truth". */
static void draw_key(const struct view *view, const struct fit *fit, bool truth,
                     struct orl_picture *picture)
{
    double text = view->size.text, x = fit->plot.area.x + fit->plot.area.width,
           y = fit->plot.area.y - EM_ABOVE_PLOT * text, middle = y - EM_MIDDLE * text;
    double room = fit->plot.area.width - orl_letters_width(view->measure, fit->y_name, text, false);
    if (truth &&
        room > orl_letters_width(view->measure, "truth", text, false) + EM_KEY_ROOM * text) {
        orl_picture_text(picture, x, y, 1.0, text, false, view->theme->muted, "truth");
        x -= orl_letters_width(view->measure, "truth", text, false) + EM_GAP * text;
        x = orl_plot_key_dashes(view, x, y, picture) - text;
    }
    x = draw_band_key(view, fit, x, y, picture);
    const char *name = orl_fit_data(view)->rows > DOTS_MAX ? "data density" : "data";
    double left =
        fit->plot.area.x + orl_letters_width(view->measure, fit->y_name, text, false) + text;
    if (x - orl_letters_width(view->measure, name, text, false) - EM_ENTRIES * text < left)
        return; /* the dots speak for themselves */
    orl_picture_text(picture, x, y, 1.0, text, false, view->theme->muted, name);
    x -= orl_letters_width(view->measure, name, text, false) + EM_APART * text;
    const double dot[] = {x, middle};
    orl_picture_dots(picture, dot, 1, LINE_DATA_DOT * view->size.line, ORL_MARKER_CIRCLE,
                     orl_dots_color(view, orl_fit_data(view)->rows));
}

static void curve_still(const struct view *view, const struct panel *panel,
                        struct orl_picture *picture)
{
    struct fit own, *fit = &own;
    const struct orl_dataset *data = orl_fit_data(view);
    const double *truth = orl_problem_truth(view->runs[0].problem);
    if (!fit_in_frame(view, panel, picture, fit))
        return;
    orl_plot_still(view, &fit->plot, picture);
    orl_fit_band_still(view, fit, picture);
    orl_fit_bars_still(view, panel, fit, picture);
    if (!fit->dot_count)
        orl_dots_still(view, &fit->plot, data->values[0], data->response, data->rows, picture);
    if (truth) {
        orl_fit_predict(fit, &view->runs[0], truth, fit->x, fit->points, fit->y);
        struct orl_mark *mark = draw_curve(fit, view->size.line, view->theme->truth, picture);
        if (mark)
            mark->dash = ORL_DASH_DASHED;
    }
    if (!fit->plot.cell) /* whose key is told once for all */
        draw_key(view, fit, truth != NULL, picture);
}

static void curve_moving(const struct view *view, const struct panel *panel, size_t frame,
                         struct orl_picture *picture)
{
    struct fit own, *fit = &own;
    if (!fit_in_frame(view, panel, picture, fit))
        return;
    orl_fit_trail_draw(view, panel, fit, frame, picture);
    if (view->run_count == 1 && fit->residual_count)
        orl_fit_hairlines(view, fit, orl_view_row(view, 0, frame),
                          orl_dots_radius(view, &fit->plot, fit->residual_count), picture);
    orl_fit_draw_curves(view, panel, fit, frame, picture);
    orl_dots_above(view, &fit->plot, orl_fit_data(view), fit->dots, fit->dot_count, picture);
    orl_fit_draw_labels(view, fit, frame, picture);
}

static const struct orl_panel_ops curve_ops = {.create = curve_create,
                                               .place = curve_place,
                                               .destroy = curve_destroy,
                                               .still = curve_still,
                                               .moving = curve_moving};

/* One predictor: curves over it. Several: predictions against observations. */
static int fit_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    const struct orl_dataset *data = orl_fit_data(view);
    if (!data)
        return orl_fail(err, ORL_EINPUT, "a fit panel needs runs on a problem with data");
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i].problem != view->runs[0].problem)
            return orl_fail(err, ORL_EINPUT,
                            "a fit panel shows runs on one problem; '%s' is on another",
                            view->runs[i].name);
    return data->columns == 1 ? curve_ops.create(view, panel, err)
                              : orl_observed_ops.create(view, panel, err);
}

/* Both kinds of state begin with their operations. */
static const struct orl_panel_ops *ops_of(const struct panel *panel)
{
    return *(const struct orl_panel_ops *const *)panel->state;
}

static int fit_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    return ops_of(panel)->place(view, panel, err);
}

static void fit_destroy(struct panel *panel)
{
    if (panel->state)
        ops_of(panel)->destroy(panel);
}

static void fit_still(const struct view *view, const struct panel *panel,
                      struct orl_picture *picture)
{
    ops_of(panel)->still(view, panel, picture);
}

static void fit_moving(const struct view *view, const struct panel *panel, size_t frame,
                       struct orl_picture *picture)
{
    ops_of(panel)->moving(view, panel, frame, picture);
}

/* Heights of the curve at places that are evenly spaced; what is outside the plot stands at its
 * edge. */
static size_t fit_pose(const struct view *view, const struct panel *panel, size_t run, size_t row,
                       double *px, size_t capacity)
{
    struct fit *fit = panel->state;
    const struct orl_rect *area = &fit->plot.area;
    if (ops_of(panel) != &curve_ops)
        return orl_observed_pose(view, panel, run, row, px, capacity);
    size_t count = capacity < fit->points ? capacity : fit->points;
    for (size_t i = 0; i < count; i++)
        fit->xy[i] = fit->x[i * (fit->points - 1) / (count > 1 ? count - 1 : 1)];
    orl_fit_predict(fit, &view->runs[run], orl_fit_row(view, run, row), fit->xy, count, fit->y);
    for (size_t i = 0; i < count; i++)
        px[i] = fmin(fmax(orl_axis_px(&fit->plot.y, fit->y[i]), area->y), area->y + area->height);
    return count;
}

static bool fit_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!runs[i].problem || runs[i].problem != runs[0].problem ||
            !orl_problem_data(runs[i].problem))
            return false;
    return true;
}

static const struct orl_panel_ops fit_ops = {.create = fit_create,
                                             .place = fit_place,
                                             .destroy = fit_destroy,
                                             .still = fit_still,
                                             .moving = fit_moving};

const struct orl_panel_desc orl_panel_fit = {
    .name = "fit",
    .title = "Fit",
    .description = "data as dots, the fitted curve, the true curve dashed, early curves of one run",
    .key = "dots are data, dashes the truth",
    .settings = fit_settings,
    .suits = fit_suits,
    .pose = fit_pose,
    .needs_data = true,
    .one_problem = true,
    .needs_predictor = true,
    .ops = &fit_ops,
};
