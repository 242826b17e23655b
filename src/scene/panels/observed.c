/* Predicted against observed. */
#include "scene/panels/observed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/dots.h"

#define ARROW_HALF 0.18 /* of an arrow at the edge */
#define ARROW_HIGH 1.8  /* its height by its half width */
#define MANY       1.15 /* in lines: the radius of dots of which there are many */

enum {
    MARKS_MAX = 400,  /* markers of all runs together in a frame: what a frame may cost */
    ARROWS_MAX = 512, /* side by side at an edge */
    SAMPLES = 24,     /* frames that are looked at for the range */
};

struct observed {
    const struct orl_panel_ops *ops; /* first: how the fit panel finds us */
    struct plot plot;
    size_t count, columns;
    const double **x; /* owned: per predictor its picked values, borrowed from `numbers` */
    double *numbers; /* owned: columns × count predictors, then count responses, count predictions,
                        and pixels of count points */
    const double *response;
    double *predicted, *xy;          /* room to work in; in a frame the picture's */
    struct orl_workspace *workspace; /* borrowed; the same */
    char *x_name, *y_name,
        *note; /* owned; the note: how many of the points are shown, NULL where all are */
};

static void observed_destroy(struct panel *panel)
{
    struct observed *o = panel->state;
    if (!o)
        return;
    free(o->x);
    free(o->numbers);
    free(o->x_name);
    free(o->note);
    free(o->y_name);
    free(o);
    panel->state = NULL;
}

/* Points that every frame shows, the same ones each time. */
static int pick(const struct view *view, struct observed *o, const struct orl_dataset *data,
                struct orl_error *err)
{
    size_t share = MARKS_MAX / view->run_count;
    o->count = data->rows < share ? data->rows
               : share < 25       ? (data->rows < 25 ? data->rows : 25)
                                  : share;
    o->columns = data->columns;
    o->x = orl_calloc(o->columns, sizeof *o->x);
    o->numbers = orl_calloc(o->columns + 4, o->count * sizeof *o->numbers);
    if (!o->x || !o->numbers)
        return orl_fail_memory(err);
    double *response = o->numbers + o->columns * o->count;
    for (size_t i = 0; i < o->count; i++) {
        size_t row = (size_t)((double)i * (double)data->rows / (double)o->count);
        for (size_t c = 0; c < o->columns; c++)
            o->numbers[c * o->count + i] = data->values[c][row];
        response[i] = data->response[row];
    }
    for (size_t c = 0; c < o->columns; c++)
        o->x[c] = o->numbers + c * o->count;
    o->response = response;
    o->predicted = response + o->count;
    o->xy = o->predicted + o->count;
    o->workspace = view->workspaces[0];
    return ORL_OK;
}

static void predict(const struct view *view, const struct observed *o, size_t run, size_t row)
{
    const struct orl_trace *trace = view->runs[run].trace;
    orl_problem_predict(view->runs[run].problem, o->workspace,
                        trace->values + row * trace->parameter_count, o->x, o->count, o->predicted);
}

/* As the fit's: all that was observed, and of the predictions what lies within once its spread. */
static void choose_ranges(const struct view *view, struct observed *o,
                          const struct orl_dataset *data)
{
    double x0 = INFINITY, x1 = -INFINITY;
    orl_axis_widen(&x0, &x1, data->response, data->rows);
    orl_axis_range(&o->plot.x, SCALE_LINEAR, x0, x1, AXIS_PAD);
    double low = x0, high = x1, reach = x1 > x0 ? x1 - x0 : fmax(2.0 * fabs(x0), 1.0);
    for (size_t run = 0; run < view->run_count; run++)
        for (size_t s = 0; s < SAMPLES; s++) {
            predict(view, o, run,
                    orl_view_row(view, run, (view->pace.frames - 1) * s / (SAMPLES - 1)));
            orl_axis_widen(&low, &high, o->predicted, o->count);
        }
    orl_axis_range(&o->plot.y, SCALE_LINEAR, fmax(low, x0 - 0.5 * reach),
                   fmin(high, x1 + 0.5 * reach), AXIS_PAD);
}

/* "observed y", "predicted y", and "400 of 1 000 000 points". */
static int make_names(struct observed *o, const struct orl_dataset *data, struct orl_error *err)
{
    const char *y = data->response_name ? data->response_name : "y";
    char shown[PEOPLE_SIZE], all[PEOPLE_SIZE];
    orl_people_count(shown, (int64_t)o->count);
    orl_people_count(all, (int64_t)data->rows);
    o->x_name = orl_asprintf("observed %s", y);
    o->y_name = orl_asprintf("predicted %s", y);
    o->note = o->count < data->rows ? orl_asprintf("%s of %s points", shown, all) : NULL;
    o->plot.x_name = o->x_name;
    o->plot.y_name = o->y_name;
    o->plot.note = "dashes where they are equal";
    return o->x_name && o->y_name && (o->note || o->count == data->rows) ? ORL_OK
                                                                         : orl_fail_memory(err);
}

static int observed_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct observed *o = orl_calloc(1, sizeof *o);
    panel->state = o;
    if (!o)
        return orl_fail_memory(err);
    o->ops = &orl_observed_ops;
    const struct orl_dataset *data = orl_problem_data(view->runs[0].problem);
    int ret = pick(view, o, data, err);
    if (ret != ORL_OK)
        return ret;
    choose_ranges(view, o, data);
    return ORL_OK;
}

static int observed_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct observed *o = panel->state;
    free(o->x_name);
    free(o->y_name);
    free(o->note);
    int ret = make_names(o, orl_problem_data(view->runs[0].problem), err);
    if (ret != ORL_OK)
        return ret;
    orl_plot_place(view, panel, &o->plot, panel->box, 0.0);
    return orl_plot_fit_names(view, &o->plot, &o->x_name, &o->y_name, err);
}

/* In the line of the x axis' name, at the left. */
static void draw_note(const struct view *view, const struct observed *o,
                      struct orl_picture *picture)
{
    double text = view->size.text, width = orl_letters_width(view->measure, o->note, text, false);
    if (!o->plot.cell && !o->plot.low &&
        width + orl_letters_width(view->measure, o->x_name, text, false) + text <
            o->plot.area.width)
        orl_picture_text(picture, o->plot.area.x,
                         o->plot.area.y + o->plot.area.height + EM_BELOW_NAME * text, 0.0, text,
                         false, view->theme->muted, o->note);
}

/* The line on which a perfect model's points would lie. */
static void observed_still(const struct view *view, const struct panel *panel,
                           struct orl_picture *picture)
{
    const struct observed *o = panel->state;
    double text = view->size.text, low = fmax(o->plot.x.low, o->plot.y.low),
           high = fmin(o->plot.x.high, o->plot.y.high);
    orl_plot_still(view, &o->plot, picture);
    if (o->note)
        draw_note(view, o, picture);
    const double xy[] = {orl_axis_px(&o->plot.x, low), orl_axis_px(&o->plot.y, low),
                         orl_axis_px(&o->plot.x, high), orl_axis_px(&o->plot.y, high)};
    struct orl_mark *mark =
        orl_picture_clipped_line(picture, xy, 2, o->plot.area, view->size.line, view->theme->truth);
    if (mark)
        mark->dash = ORL_DASH_DASHED;
    double right = o->plot.area.x + o->plot.area.width, y = o->plot.area.y - EM_ABOVE_PLOT * text;
    const char *name = "predicted = observed";
    double start = right - orl_letters_width(view->measure, name, text, false);
    if (start - EM_KEY_ROOM * text <
        o->plot.area.x + orl_letters_width(view->measure, o->y_name, text, false))
        return; /* no room beside the axis name: the line speaks for itself */
    orl_picture_text(picture, right, y, 1.0, text, false, view->theme->muted, name);
    orl_plot_key_dashes(view, start - EM_GAP * text, y, picture);
}

/* Points that lie beyond the edges, in o->xy from `first` on: small arrows there, side by side, one
 * for all that are as near as that.
 */
static void draw_outside(const struct view *view, const struct observed *o, size_t first,
                         struct orl_color color, struct orl_picture *picture)
{
    const struct orl_rect *area = &o->plot.area;
    double half = fmax(ARROW_HALF * view->size.text, area->width / (2.0 * ARROWS_MAX)),
           outline[8 * MARKS_MAX];
    bool taken[2][ARROWS_MAX + 1] = {{false}};
    size_t n = 0;
    for (size_t i = first; i < o->count; i++) {
        bool above = o->xy[2 * i + 1] < area->y;
        size_t place =
            (size_t)(fmin(fmax(o->xy[2 * i] - area->x, 0.0), area->width) / (2.0 * half));
        if (taken[above][place])
            continue;
        taken[above][place] = true;
        double x = area->x + (2.0 * (double)place + 1.0) * half,
               edge = above ? area->y : area->y + area->height;
        double base = above ? edge + ARROW_HIGH * half : edge - ARROW_HIGH * half;
        const double arrow[] = {x - half, base, x + half, base, x, edge, NAN, NAN};
        memcpy(outline + n, arrow, sizeof arrow);
        n += ORL_COUNT(arrow);
    }
    if (n)
        orl_picture_area(picture, outline, n / 2 - 1, color);
}

static void observed_moving(const struct view *view, const struct panel *panel, size_t frame,
                            struct orl_picture *picture)
{
    struct observed own = *(const struct observed *)panel->state;
    const struct observed *o = &own;
    const struct orl_rect *area = &o->plot.area;
    own.workspace = orl_scratch_workspace(picture, view->runs[0].problem);
    own.predicted = orl_scratch_numbers(picture, 3 * o->count);
    if (!own.workspace || !own.predicted)
        return;
    own.xy = own.predicted + o->count;
    double radius = view->size.line * (o->count <= 100 ? LINE_DATA_DOT : MANY);
    for (size_t run = panel->first; run < panel->first + panel->count; run++) {
        const struct style *style = orl_view_style(view, run);
        predict(view, o, run, orl_view_row(view, run, frame));
        size_t shown = 0, outside = o->count; /* these are kept from the end on */
        for (size_t i = 0; i < o->count; i++) {
            double x = orl_axis_px(&o->plot.x, o->response[i]),
                   y = orl_axis_px(&o->plot.y, o->predicted[i]);
            bool inside = y >= area->y && y <= area->y + area->height;
            if (!isfinite(x) || !isfinite(y))
                continue;
            double *at = o->xy + 2 * (inside ? shown++ : --outside);
            at[0] = x;
            at[1] = y;
        }
        if (shown)
            orl_picture_dots(picture, o->xy, shown, radius, style->marker, style->color);
        draw_outside(view, o, outside, style->color, picture);
    }
}

size_t orl_observed_pose(const struct view *view, const struct panel *panel, size_t run, size_t row,
                         double *px, size_t capacity)
{
    const struct observed *o = panel->state;
    const struct orl_rect *area = &o->plot.area;
    size_t count = capacity < o->count ? capacity : o->count;
    predict(view, o, run, row);
    for (size_t i = 0; i < count; i++)
        px[i] = fmin(fmax(orl_axis_px(&o->plot.y, o->predicted[i * o->count / count]), area->y),
                     area->y + area->height);
    return count;
}

const struct orl_panel_ops orl_observed_ops = {.create = observed_create,
                                               .place = observed_place,
                                               .destroy = observed_destroy,
                                               .still = observed_still,
                                               .moving = observed_moving};
