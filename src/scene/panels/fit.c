/* The fit: data as dots, the fitted curve of each run, the true curve dashed, a fading trail,
 * residuals where there are few points.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/curve.h"
#include "scene/panels/dots.h"
#include "scene/panels/observed.h"

enum {
    CURVE_LEAST = 64, /* points of a curve; doubled for those that bend more than so many show */
    CURVE_MOST = 1024,
    LOOKS = 5, /* rows of each run that are looked at for that */
    LOOK_RUNS = 8,
    CORNERS = 4, /* places where a curve may have a kink or a jump, which no number of points makes
                    smooth */
    HAIRLINES_MAX = 40,
    HALO_RUNS_MAX = 8, /* of more curves the halos would hide the others */
    TRAIL = 4,         /* earlier curves, for a film of one run */
    CALM = 4,          /* frames on either side that a name's place is the mean of */
    SAMPLES = 48,      /* rows that are looked at for the y range */
};

static const char *const scale_choices[] = {"linear", "log", NULL};
enum { SETTING_X, SETTING_Y };

static const struct orl_setting fit_settings[] = {
    [SETTING_X] = {.name = "x",
                   .type = ORL_SETTING_CHOICE,
                   .unit = "1",
                   .choices = scale_choices,
                   .description = "spread of the predictor's axis"},
    [SETTING_Y] = {.name = "y",
                   .type = ORL_SETTING_CHOICE,
                   .unit = "1",
                   .choices = scale_choices,
                   .description = "spread of the response's axis"},
    {0},
};

struct fit {
    const struct orl_panel_ops
        *ops; /* first: fit_ops, or orl_observed_ops where the state is that panel's */
    struct plot plot;
    size_t points;      /* of a curve */
    double *x;          /* owned: predictor values, CURVE_MOST at most */
    double *px;         /* owned: their pixels */
    double *y, *xy;     /* owned: scratch of one curve; its pixels, with lifts of the pen */
    double *residual_x; /* owned: data x where hairlines are drawn, else NULL */
    double *residual_px, *residual_py;
    size_t residual_count;
    char *x_name, *y_name; /* owned */
    size_t *order; /* owned: runs from top to bottom at the end of the film, for curves that run
                      together */
    size_t labels; /* how many of them are named: all, or as many as there is room for */
    char **names;  /* owned: titles of the runs as they fit beside the plot, then what they are once
                      their run has ended early:  "SGD ✕ 37" (diverged), "Newton ✓ 5" (converged);
                      NULL where it has not */
    size_t run_count;
};

static const struct orl_dataset *data_of(const struct view *view)
{
    return view->run_count && view->runs[0].problem ? orl_problem_data(view->runs[0].problem)
                                                    : NULL;
}

static const double *row_of(const struct view *view, size_t run, size_t row)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return trace->values + row * trace->parameter_count;
}

static void predict(const struct view *view, size_t run, const double *parameters, const double *x,
                    size_t count, double *y)
{
    orl_problem_predict(view->runs[run].problem, view->workspaces[run], parameters, &x, count, y);
}

static enum scale scale_of(const struct panel *panel, int setting)
{
    return panel->values && panel->values[setting].number > 0.0 ? SCALE_LOG : SCALE_LINEAR;
}

static void place_points(struct fit *fit, size_t points)
{
    fit->points = points;
    fit->plot.x.first = 0.0;
    fit->plot.x.last = (double)(points - 1);
    for (size_t i = 0; i < points; i++)
        fit->x[i] = orl_axis_value(&fit->plot.x, (double)i);
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
            predict(view, run, row_of(view, run, orl_view_row(view, run, frame)), fit->x,
                    fit->points, fit->y);
            if (orl_curve_misses(fit->y, points, y) > CORNERS)
                return false;
        }
    if (!truth)
        return true;
    predict(view, 0, truth, fit->x, fit->points, fit->y);
    return orl_curve_misses(fit->y, points, y) <= CORNERS;
}

/* As many points as the curves' bends ask for, the same for the whole film. */
static void choose_points(const struct view *view, struct fit *fit, const struct axis *y)
{
    size_t points = CURVE_LEAST;
    while (2 * points <= CURVE_MOST && !enough_points(view, fit, y, points))
        points *= 2;
    place_points(fit, points);
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
        predict(view, run, row_of(view, run, orl_view_row(view, run, 0)), fit->x, fit->points,
                fit->y);
        orl_axis_widen(&start_low, &start_high, fit->y, fit->points);
        if (!any_within(fit->y, fit->points, *low, *high) &&
            start_high - start_low <= 3.0 * height) {
            *low = start_low;
            *high = start_high;
        }
    }
}

/* The y range holds all data, and the curves that lie within once the data's height above and below
 * it: a run that goes astray leaves through the edge and does not squash the others. */
static int choose_ranges(const struct view *view, const struct panel *panel, struct fit *fit,
                         struct orl_error *err)
{
    const struct orl_dataset *data = data_of(view);
    struct axis height = {.last = panel->box.height};
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    enum scale x_scale = scale_of(panel, SETTING_X), y_scale = scale_of(panel, SETTING_Y);
    orl_axis_widen(&x0, &x1, data->values[0], data->rows);
    orl_axis_widen(&y0, &y1, data->response, data->rows);
    if ((x_scale == SCALE_LOG && x0 <= 0.0) || (y_scale == SCALE_LOG && y0 <= 0.0))
        return orl_fail(err, ORL_EINPUT, "fit: a log axis for %s, which is not always positive",
                        x_scale == SCALE_LOG && x0 <= 0.0 ? data->names[0] : data->response_name);
    orl_axis_range(&fit->plot.x, x_scale, x0, x1, 0.03);
    orl_axis_range(&height, y_scale, y0, y1, 0.0);
    choose_points(view, fit, &height);
    double low = y0, high = y1, reach = y1 > y0 ? y1 - y0 : fmax(fabs(y0), 1.0);
    for (size_t run = 0; run < view->axis_count; run++) {
        for (size_t s = 0; s < SAMPLES; s++) {
            size_t frame = (view->pace.frames - 1) * s / (SAMPLES - 1);
            double curve_low = INFINITY, curve_high = -INFINITY;
            predict(view, run, row_of(view, run, orl_view_row(view, run, frame)), fit->x,
                    fit->points, fit->y);
            orl_axis_widen(&curve_low, &curve_high, fit->y, fit->points);
            if (curve_low < (y_scale == SCALE_LOG ? y0 * y0 / y1 : y0 - reach) ||
                curve_high > (y_scale == SCALE_LOG ? y1 * y1 / y0 : y1 + reach))
                continue;
            low = fmin(low, curve_low);
            high = fmax(high, curve_high);
        }
    }
    if (y_scale == SCALE_LINEAR)
        include_starts(view, fit, y1 - y0, &low, &high);
    orl_axis_range(&fit->plot.y, y_scale, low, high, 0.04);
    return ORL_OK;
}

static int choose_dots(struct fit *fit, const struct orl_dataset *data, size_t runs,
                       struct orl_error *err)
{
    if (runs != 1 || data->rows > HAIRLINES_MAX)
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

/* The pixel where a run's curve meets the right edge of the plot. */
static double end_px(const struct view *view, struct fit *fit, size_t run, size_t row)
{
    double y = NAN;
    predict(view, run, row_of(view, run, row), fit->x + fit->points - 1, 1, &y);
    return orl_axis_px(&fit->plot.y, y);
}

/* The same kept within the plot: where its label goes. */
static double label_px(const struct view *view, struct fit *fit, size_t run, size_t row)
{
    double px = end_px(view, fit, run, row), top = fit->plot.area.y,
           bottom = top + fit->plot.area.height;
    return isnan(px) ? bottom : fmin(fmax(px, top), bottom);
}

/* The order of labels whose curves run together: the one that they have at the end. Where there is
 * no room for the names of all, those of some, evenly from the topmost to the lowest. */
static void order_labels(const struct view *view, struct fit *fit)
{
    size_t last = view->pace.frames - 1, count = view->run_count,
           room = (size_t)(fit->plot.area.height / (1.2 * view->size.text));
    for (size_t i = 0; i < count; i++) {
        double y = label_px(view, fit, i, orl_view_row(view, i, last));
        size_t at = i;
        for (; at > 0 && y < label_px(view, fit, fit->order[at - 1],
                                      orl_view_row(view, fit->order[at - 1], last)) -
                                 0.5;
             at--)
            fit->order[at] = fit->order[at - 1];
        fit->order[at] = i;
    }
    fit->labels = fit->plot.cell                         ? 0
                  : count <= room && count <= LABELS_MAX ? count
                  : room >= 8                            ? room / 2
                                                         : 0;
    for (size_t i = 1; i < fit->labels && fit->labels < count; i++)
        fit->order[i] = fit->order[i * (count - 1) / (fit->labels - 1)];
}

static const struct orl_panel_ops curve_ops;

static void curve_destroy(struct panel *panel)
{
    struct fit *fit = panel->state;
    if (!fit)
        return;
    free(fit->x);
    free(fit->residual_x);
    free(fit->x_name);
    free(fit->y_name);
    free(fit->order);
    for (size_t i = 0; fit->names && i < 2 * fit->run_count; i++)
        free(fit->names[i]);
    free(fit->names);
    free(fit);
    panel->state = NULL;
}

static int make_scratch(const struct view *view, struct fit *fit, const struct orl_dataset *data,
                        struct orl_error *err)
{
    fit->x = orl_calloc(CURVE_MOST, 7 * sizeof *fit->x);
    fit->order = orl_calloc(view->run_count, sizeof *fit->order);
    fit->x_name = orl_name_pretty(data->names[0]);
    fit->y_name = orl_strdup(data->response_name ? data->response_name : "y");
    fit->names = orl_calloc(view->run_count, 2 * sizeof *fit->names);
    fit->run_count = view->run_count;
    if (!fit->x || !fit->order || !fit->x_name || !fit->y_name || !fit->names)
        return orl_fail_memory(err);
    fit->px = fit->x + CURVE_MOST;
    fit->y = fit->px + CURVE_MOST;
    fit->xy = fit->y + CURVE_MOST;
    return ORL_OK;
}

/* A run's name with how and when it ended, where that is before the film does; without when, rather
 * than cut. `name`: as it fits.
 */
static char *ended_name(const struct view *view, size_t run, const char *name, double most)
{
    const struct orl_trace *trace = view->runs[run].trace;
    const char *sign = trace->status == ORL_STATUS_DIVERGED ? "✕" : "✓";
    char count[PEOPLE_SIZE], mark[PEOPLE_SIZE + 8];
    orl_people_count(count, trace->steps);
    snprintf(mark, sizeof mark, " %s %s", sign, count);
    if (orl_letters_width(view->measure, name, view->size.text, true) +
            orl_letters_width(view->measure, mark, view->size.text, true) <=
        most)
        return orl_asprintf("%s%s", name, mark);
    snprintf(mark, sizeof mark, " %s", sign);
    char *shorter = orl_view_fit_name(
        view, run, fmax(most - orl_letters_width(view->measure, mark, view->size.text, true), 0.0));
    char *both = shorter ? orl_asprintf("%s%s", shorter, mark) : NULL;
    free(shorter);
    return both;
}

/* A run's name, and what it becomes once it has ended early, as they stand at the end of its curve.
 * Returns the room that the wider one takes; negative when memory is short. */
static double fit_name(const struct view *view, size_t run, double most, char **name, char **ended)
{
    const struct orl_trace *trace = view->runs[run].trace;
    bool early = trace->status == ORL_STATUS_DIVERGED || trace->steps < view->axis_to;
    *name = orl_view_fit_name(view, run, most);
    *ended = *name && early ? ended_name(view, run, *name, most) : NULL;
    if (!*name || (early && !*ended))
        return -1.0;
    return orl_letters_width(view->measure, early ? *ended : *name, view->size.text, true);
}

/* The runs' names at the ends of their curves, cut where they would take too much of the panel.
 * Returns the room they need; with that of runs that films of their own show in plots of the same
 * size. */
static double fit_names(const struct view *view, struct fit *fit, double most)
{
    double widest = 0.0, width = 0.0;
    for (size_t i = 0; i < view->axis_count && width >= 0.0; i++) {
        char *peer[2] = {NULL, NULL};
        bool shown = i < view->run_count;
        width = fit_name(view, i, most, shown ? &fit->names[i] : &peer[0],
                         shown ? &fit->names[view->run_count + i] : &peer[1]);
        widest = fmax(widest, width);
        free(peer[0]);
        free(peer[1]);
    }
    return width < 0.0 ? -1.0 : widest + 0.9 * view->size.text;
}

static int curve_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    const struct orl_dataset *data = data_of(view);
    struct fit *fit = orl_calloc(1, sizeof *fit);
    panel->state = fit;
    if (!fit)
        return orl_fail_memory(err);
    fit->ops = &curve_ops;
    int ret = make_scratch(view, fit, data, err);
    if (ret != ORL_OK)
        return ret;
    ret = choose_ranges(view, panel, fit, err);
    if (ret != ORL_OK)
        return ret;
    fit->plot.x_name = fit->x_name;
    fit->plot.y_name = fit->y_name;
    double beside = fit_names(view, fit, 0.3 * panel->box.width);
    if (beside < 0.0)
        return orl_fail_memory(err);
    orl_plot_place(view, &fit->plot, panel->box, beside);
    order_labels(view, fit);
    panel->names_runs = fit->labels == view->run_count;
    if (!fit->labels)
        orl_plot_place(view, &fit->plot, panel->box, 0.0);
    ret = orl_plot_fit_names(view, &fit->plot, &fit->x_name, &fit->y_name, err);
    if (ret != ORL_OK)
        return ret;
    for (size_t i = 0; i < fit->points; i++)
        fit->px[i] = orl_axis_px(&fit->plot.x, fit->x[i]);
    return choose_dots(fit, data, view->run_count, err);
}

static struct orl_mark *draw_curve(struct fit *fit, double width, struct orl_color color,
                                   struct orl_picture *picture)
{
    for (size_t i = 0; i < fit->points; i++)
        fit->y[i] = orl_axis_px(&fit->plot.y, fit->y[i]);
    size_t count = orl_curve_path(fit->px, fit->y, fit->points, fit->plot.area.height, fit->xy);
    return orl_picture_clipped_line(picture, fit->xy, count, fit->plot.area, width, color);
}

/* What the grey marks mean, beside the axis name: "● data  - - truth". */
static void draw_key(const struct view *view, const struct fit *fit, bool truth,
                     struct orl_picture *picture)
{
    double text = view->size.text, x = fit->plot.area.x + fit->plot.area.width,
           y = fit->plot.area.y - 0.6 * text, middle = y - 0.34 * text;
    double room = fit->plot.area.width - orl_letters_width(view->measure, fit->y_name, text, false);
    if (truth && room > orl_letters_width(view->measure, "truth", text, false) + 3.8 * text) {
        orl_picture_text(picture, x, y, 1.0, text, false, view->theme->muted, "truth");
        x -= orl_letters_width(view->measure, "truth", text, false) + 0.4 * text;
        x = orl_plot_key_dashes(view, x, y, picture) - text;
    }
    const char *name = data_of(view)->rows > DOTS_MAX ? "data density" : "data";
    double left =
        fit->plot.area.x + orl_letters_width(view->measure, fit->y_name, text, false) + text;
    if (x - orl_letters_width(view->measure, name, text, false) - 1.2 * text < left)
        return; /* the dots speak for themselves */
    orl_picture_text(picture, x, y, 1.0, text, false, view->theme->muted, name);
    x -= orl_letters_width(view->measure, name, text, false) + 0.7 * text;
    const double dot[] = {x, middle};
    orl_picture_dots(picture, dot, 1, 1.5 * view->size.line, ORL_MARKER_CIRCLE,
                     orl_dots_color(view, data_of(view)->rows));
}

static void curve_still(const struct view *view, const struct panel *panel,
                        struct orl_picture *picture)
{
    struct fit *fit = panel->state;
    const struct orl_dataset *data = data_of(view);
    const double *truth = orl_problem_truth(view->runs[0].problem);
    orl_plot_still(view, &fit->plot, picture);
    orl_dots_still(view, &fit->plot, data->values[0], data->response, data->rows, picture);
    if (truth) {
        predict(view, 0, truth, fit->x, fit->points, fit->y);
        struct orl_mark *mark = draw_curve(fit, view->size.line, view->theme->truth, picture);
        if (mark)
            mark->dash = ORL_DASH_DASHED;
    }
    if (!fit->plot.cell) /* whose key is told once for all */
        draw_key(view, fit, truth != NULL, picture);
}

/* Where the curve was some frames ago, fainter the longer ago. */
static void draw_trail(const struct view *view, struct fit *fit, size_t run, size_t frame,
                       struct orl_picture *picture)
{
    size_t stride = (size_t)(0.25 * view->fps_num / view->fps_den + 0.5),
           now = orl_view_row(view, run, frame), shown = now;
    for (size_t k = TRAIL; k >= 1; k--) {
        size_t back = k * (stride ? stride : 1),
               row = orl_view_row(view, run, frame > back ? frame - back : 0);
        if (row == now || (k < TRAIL && row == shown))
            continue;
        shown = row;
        predict(view, run, row_of(view, run, row), fit->x, fit->points, fit->y);
        orl_mark_faint(draw_curve(
            fit, 0.6 * view->size.line,
            orl_color_fade(orl_view_style(view, run)->color, 0.34 - 0.06 * (double)k), picture));
    }
}

static void draw_hairlines(const struct view *view, struct fit *fit, size_t row,
                           struct orl_picture *picture)
{
    double y[HAIRLINES_MAX], radius = orl_dots_radius(view, &fit->plot, fit->residual_count);
    predict(view, 0, row_of(view, 0, row), fit->residual_x, fit->residual_count, y);
    for (size_t i = 0; i < fit->residual_count; i++) {
        double x = fit->residual_px[i], dot = fit->residual_py[i],
               model = orl_axis_px(&fit->plot.y, y[i]);
        const double xy[] = {x, dot + copysign(radius, model - dot), x, model};
        if (!(fabs(model - dot) > radius))
            continue;
        orl_mark_faint(orl_picture_clipped_line(
            picture, xy, 2, fit->plot.area, fmax(1.0, 0.4 * view->size.line),
            orl_color_fade(orl_view_style(view, 0)->color, 0.55)));
    }
}

/* Where a name stands: the mean of where its curve ends within a third of a second before and
 * after, counted from the middle of the frames that show the same step, so that these are the same.
 * Names of runs that tremble stay legible and seldom change places. */
static double calm_px(const struct view *view, struct fit *fit, size_t run, size_t middle)
{
    size_t stride = (size_t)fmax(round(0.075 * view->fps_num / view->fps_den), 1.0),
           last = view->pace.frames - 1;
    double sum = 0.0;
    for (size_t k = 0; k <= 2 * CALM; k++) {
        size_t later = middle + k * stride, at = later > CALM * stride ? later - CALM * stride : 0;
        sum += label_px(view, fit, run, orl_view_row(view, run, at < last ? at : last));
    }
    return sum / (2 * CALM + 1);
}

static const char *name_at(const struct view *view, const struct fit *fit, size_t run, size_t frame)
{
    const char *ended = fit->names[view->run_count + run];
    return ended && orl_view_run_ended(view, run, frame) ? ended : fit->names[run];
}

static void draw_labels(const struct view *view, struct fit *fit, size_t frame,
                        struct orl_picture *picture)
{
    struct end_label labels[LABELS_MAX];
    double ends[LABELS_MAX], text = view->size.text,
                             right = fit->plot.area.x + fit->plot.area.width;
    size_t middle = orl_pace_middle(&view->pace, frame);
    for (size_t i = 0; i < fit->labels; i++) {
        size_t run = fit->order[i], row = orl_view_row(view, run, frame), at = i;
        double end = end_px(view, fit, run, row);
        struct end_label label = {.y = calm_px(view, fit, run, middle),
                                  .text = name_at(view, fit, run, frame),
                                  .color = orl_view_style(view, run)->color};
        for (; at > 0 && label.y < labels[at - 1].y - 0.17 * text; at--) {
            labels[at] = labels[at - 1];
            ends[at] = ends[at - 1];
        }
        labels[at] = label;
        ends[at] = isnan(end) ? label_px(view, fit, run, row) : end;
    }
    orl_labels_spread(labels, fit->labels, 1.2 * text, fit->plot.area.y + 0.3 * text,
                      fit->plot.area.y + fit->plot.area.height - 0.3 * text);
    for (size_t i = 0; i < fit->labels; i++) {
        orl_label_leader(view, &fit->plot, &labels[i], ends[i], picture);
        orl_picture_text(picture, right + 0.8 * text, labels[i].placed + 0.35 * text, 0.0, text,
                         true, labels[i].color, labels[i].text);
    }
}

/* The curves, on what sets them off from the dots that they run over: all halos lie below all
 * curves, so that of two curves that run together both are seen. */
static void draw_curves(const struct view *view, struct fit *fit, const struct panel *panel,
                        size_t frame, struct orl_picture *picture)
{
    const bool halos = panel->count <= HALO_RUNS_MAX;
    const double width = (0.5 + 0.5 * fit->plot.scale) * view->size.line;
    size_t drawn[HALO_RUNS_MAX];
    for (size_t i = 0; i < panel->count; i++) {
        size_t run = panel->first + i, begin = picture->count;
        const struct style *style = orl_view_style(view, run);
        predict(view, run, row_of(view, run, orl_view_row(view, run, frame)), fit->x, fit->points,
                fit->y);
        struct orl_mark *mark = draw_curve(fit, halos ? 1.5 * width : width,
                                           halos ? view->theme->background : style->color, picture);
        if (halos) {
            orl_mark_faint(mark);
            drawn[i] = mark ? begin : SIZE_MAX;
        } else if (mark) {
            mark->dash = style->dash;
        }
    }
    for (size_t i = 0; halos && i < panel->count; i++) {
        const struct style *style = orl_view_style(view, panel->first + i);
        struct orl_mark *mark =
            drawn[i] == SIZE_MAX ? NULL : orl_picture_again(picture, drawn[i], width, style->color);
        if (mark)
            mark->dash = style->dash;
    }
}

static void curve_moving(const struct view *view, const struct panel *panel, size_t frame,
                         struct orl_picture *picture)
{
    struct fit *fit = panel->state;
    if (panel->count == 1)
        draw_trail(view, fit, panel->first, frame, picture);
    if (view->run_count == 1 && fit->residual_count)
        draw_hairlines(view, fit, orl_view_row(view, 0, frame), picture);
    draw_curves(view, fit, panel, frame, picture);
    draw_labels(view, fit, frame, picture);
}

static const struct orl_panel_ops curve_ops = {curve_create, curve_destroy, curve_still,
                                               curve_moving};

/* One predictor: curves over it. Several: predictions against observations. */
static int fit_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    const struct orl_dataset *data = data_of(view);
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
    predict(view, run, row_of(view, run, row), fit->xy, count, fit->y);
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

static const struct orl_panel_ops fit_ops = {fit_create, fit_destroy, fit_still, fit_moving};

const struct orl_panel_desc orl_panel_fit = {
    .name = "fit",
    .title = "Fit",
    .description =
        "data as dots, the fitted curve, the true curve dashed, earlier curves as a fading trail",
    .key = "dots are data, dashes the truth",
    .settings = fit_settings,
    .suits = fit_suits,
    .pose = fit_pose,
    .needs_data = true,
    .one_problem = true,
    .ops = &fit_ops,
};
