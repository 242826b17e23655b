/* The losses of a training log: of training and of validation in one plot, where something was
 * recorded; where the runs ask for it a mean over some points, the raw line pale behind it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"
#include "scene/panels/recorded.h"
#include "scene/panels/steplines.h"

#define RAW_PALE 0.62 /* how far the line that was not smoothed goes towards the page */

enum { SETTING_SCALE, SETTING_STEPS };

static const struct orl_setting training_settings[] = {
    [SETTING_SCALE] = STEP_SETTING_SCALE(
        orl_step_plain_scales, STEP_SCALE_AUTO,
        "spread of the loss axis; auto: log where the losses span more than two decades"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    ORL_AXIS_PARTS("y"),
    {0},
};

struct training {
    struct step_plot plot;
    double **columns; /* owned: the lines' values, a number a row, NaN where there is none */
    char **labels;    /* owned: of each line, as they fit; NULL: none */
    size_t count;
};

static void training_destroy(struct panel *panel)
{
    struct training *t = panel->state;
    if (!t)
        return;
    orl_step_plot_uninit(&t->plot);
    for (size_t i = 0; i < t->count; i++) {
        if (t->columns)
            free(t->columns[i]);
        if (t->labels)
            free(t->labels[i]);
    }
    free(t->columns);
    free(t->labels);
    free(t);
    panel->state = NULL;
}

/* The mean over `width` points around each, fewer at the ends, as many on both sides. */
static void smooth(double *column, size_t rows, size_t width, double *sums, size_t *places)
{
    size_t count = 0, half = width / 2;
    for (size_t row = 0; row < rows; row++)
        if (isfinite(column[row]))
            places[count++] = row;
    sums[0] = 0.0;
    for (size_t i = 0; i < count; i++)
        sums[i + 1] = sums[i] + column[places[i]];
    for (size_t i = 0; i < count; i++) {
        size_t reach = half < i ? half : i;
        reach = reach < count - 1 - i ? reach : count - 1 - i;
        column[places[i]] = (sums[i + reach + 1] - sums[i - reach]) / (double)(2 * reach + 1);
    }
}

static double *column_make(const struct view *view, const struct recorded_line *line, bool smoothed)
{
    const struct orl_film_run *run = &view->runs[line->run];
    size_t rows = run->trace->rows;
    double *column = orl_calloc(rows, sizeof *column);
    for (size_t row = 0; column && row < rows; row++)
        column[row] = orl_recorded_value(line, row);
    if (!column || !smoothed)
        return column;
    double *sums = orl_calloc(rows + 1, sizeof *sums);
    size_t *places = orl_calloc(rows, sizeof *places);
    if (sums && places) {
        smooth(column, rows, (size_t)run->trace->smooth, sums, places);
    } else {
        free(column);
        column = NULL;
    }
    free(sums);
    free(places);
    return column;
}

/* One run: a colour for each line. A race: the run's colour, dashed for validation. */
static struct style style_of(const struct view *view, const struct recorded_line *line,
                             size_t index)
{
    struct style style = *orl_view_style(view, line->run);
    if (view->run_count == 1 && index > 0)
        return orl_step_parameter_style(view, index);
    if (line->validation) {
        style.dash = ORL_DASH_DASHED;
        style.marker = ORL_MARKER_RING;
    }
    return style;
}

static int line_add(const struct view *view, struct training *t, const struct recorded_line *line,
                    size_t index, bool raw, struct orl_error *err)
{
    bool smoothed = view->runs[line->run].trace->smooth > 1 && !raw;
    double *column = column_make(view, line, smoothed);
    t->columns[t->count] = column;
    struct step_line *out = &t->plot.lines[t->count++];
    if (!column)
        return orl_fail_memory(err);
    out->run = line->run;
    out->values = column;
    out->stride = 1;
    out->style = style_of(view, line, index);
    if (raw) {
        out->pale = true;
        out->style.color = orl_color_mix(out->style.color, view->theme->background, RAW_PALE);
    } else if (view->run_count == 1) {
        t->labels[t->count - 1] = orl_strdup(line->name);
        out->label = t->labels[t->count - 1];
        if (!out->label)
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

static int lines_add(const struct view *view, struct training *t, struct orl_error *err)
{
    struct recorded_line lines[RECORDED_LINES];
    int ret = ORL_OK;
    for (int pass = 0; pass < 2; pass++) /* raw lines lie below all others */
        for (size_t run = 0; ret == ORL_OK && run < view->run_count; run++) {
            size_t count = orl_recorded_lines(view, run, lines, RECORDED_LINES);
            for (size_t i = 0; ret == ORL_OK && i < count; i++)
                if (pass == 1 || view->runs[run].trace->smooth > 1)
                    ret = line_add(view, t, &lines[i], i, pass == 0, err);
        }
    t->plot.count = t->count;
    return ret;
}

static int training_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct recorded_line lines[RECORDED_LINES];
    size_t most = 0;
    for (size_t run = 0; run < view->run_count; run++)
        most += 2 * orl_recorded_lines(view, run, lines, RECORDED_LINES);
    if (most == 0)
        return orl_fail(err, ORL_EINPUT, "a training panel needs runs with a loss; none has one");
    struct training *t = orl_calloc(1, sizeof *t);
    panel->state = t;
    if (!t)
        return orl_fail_memory(err);
    t->columns = orl_calloc(most, sizeof *t->columns);
    t->labels = orl_calloc(most, sizeof *t->labels);
    if (!t->columns || !t->labels)
        return orl_fail_memory(err);
    int ret = orl_step_plot_init(view, &t->plot, most, err);
    return ret == ORL_OK ? lines_add(view, t, err) : ret;
}

/* Axes that hold what nearly all lines show: the first values of a run that explodes do not squash
 * the others, as the loss panel has it. */
static void choose_axes(const struct view *view, const struct panel *panel, struct training *t)
{
    struct step_range range;
    orl_step_range_init(&range);
    for (size_t i = 0; i < t->count; i++)
        if (!t->plot.lines[i].pale)
            orl_step_range_run(view, &t->plot.lines[i], &range);
    enum step_scale scale = (enum step_scale)orl_panel_choice(panel, SETTING_SCALE);
    if (scale == STEP_SCALE_AUTO && !(range.low > 0.0))
        scale = STEP_SCALE_LINEAR;
    orl_step_axis_y(scale, &range, false, &t->plot.plot.y);
    orl_step_axis_x(view, (enum step_scale)orl_panel_choice(panel, SETTING_STEPS), &t->plot.plot.x);
}

/* Names beside the heads leave most of the plot to its lines. */
static int labels_fit(const struct view *view, const struct panel *panel, struct training *t,
                      struct orl_error *err)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!t->labels[i])
            continue;
        char *fits = orl_letters_fit(view->measure, t->labels[i], view->size.text, true,
                                     NAMES_PART * panel->box.width);
        if (!fits)
            return orl_fail_memory(err);
        free(t->labels[i]);
        t->labels[i] = fits;
        t->plot.lines[i].label = fits;
    }
    return ORL_OK;
}

/* What the log calls its loss, where that is all that is shown. */
static const char *axis_name(const struct view *view, const struct training *t)
{
    const char *name = view->runs[0].trace->loss_name;
    for (size_t i = 0; name && i < view->run_count; i++) {
        const char *other = view->runs[i].trace->loss_name;
        name = other && strcmp(name, other) == 0 ? name : NULL;
    }
    return name && (view->run_count > 1 || t->count == 1) ? name : view->quantity;
}

static int training_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct training *t = panel->state;
    int ret = labels_fit(view, panel, t, err);
    if (ret != ORL_OK)
        return ret;
    choose_axes(view, panel, t);
    t->plot.plot.y_name = axis_name(view, t);
    t->plot.plot.x_name = panel->cell.is ? "step" : NULL; /* else the ruler below says it */
    return orl_step_plot_lay(view, panel, &t->plot, panel->box,
                             orl_step_labels_width(view, &t->plot), err);
}

static void training_still(const struct view *view, const struct panel *panel,
                           struct orl_picture *picture)
{
    const struct training *t = panel->state;
    orl_step_plot_still(view, &t->plot, picture);
}

static void training_moving(const struct view *view, const struct panel *panel, size_t frame,
                            struct orl_picture *picture)
{
    const struct training *t = panel->state;
    orl_step_plot_moving(view, &t->plot, frame, panel->first, panel->count, picture);
}

static bool training_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].trace->loss)
            return true;
    return false;
}

static const struct orl_panel_ops training_ops = {.create = training_create,
                                                  .place = training_place,
                                                  .destroy = training_destroy,
                                                  .still = training_still,
                                                  .moving = training_moving};

const struct orl_panel_desc orl_panel_training = {
    .name = "training",
    .title = "Training",
    .description = "of training logs: the losses of training and validation, where recorded",
    .settings = training_settings,
    .settings_as = "loss",
    .suits = training_suits,
    .ops = &training_ops,
};
