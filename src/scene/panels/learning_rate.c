/* How long the steps are: the learning rate of each update, as its schedule or its log has it, and
 * below it the length of the update that it led to. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/panels/axes.h"
#include "scene/panels/multiples.h"
#include "scene/panels/recorded.h"
#include "scene/panels/rule.h"

enum { SETTING_SHOW, SETTING_SCALE, SETTING_STEPS };
enum quantity { QUANTITY_RATE, QUANTITY_LENGTH, QUANTITIES };
enum show { SHOW_AUTO, SHOW_RATE, SHOW_LENGTH };
static const char *const show_choices[] = {"auto", "rate", "length", NULL};
static const char *const names[QUANTITIES] = {"learning rate", "step length"};

#define APART   100.0 /* times: rates of runs that differ more have a logarithmic axis */
#define ROUNDED 1e-12 /* of the longest step: shorter ones are rounding */

static const struct orl_setting learning_rate_settings[] = {
    [SETTING_SHOW] = {.name = "show",
                      .type = ORL_SETTING_CHOICE,
                      .unit = "1",
                      .choices = show_choices,
                      .description = "the learning rate, the length of the steps, or both; auto: "
                                     "both where there is room"},
    [SETTING_SCALE] = STEP_SETTING_SCALE(
        orl_step_plain_scales, STEP_SCALE_AUTO,
        "spread of the axes; auto: log where all is positive and spans more than two decades"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    ORL_AXIS_PARTS("y"),
    {0},
};

struct learning_rate {
    struct multiples multiples;  /* first: orl_multiples_panel_still */
    double **values[QUANTITIES]; /* owned: of each run that axes are chosen from, row by row */
    bool known[QUANTITIES];      /* some run has it */
    size_t run_count;
};

/* The rate that a log recorded beside the loss, as a column of its own; NULL: none. */
static const double *logged_rate(const struct orl_trace *trace)
{
    for (size_t i = 0; i < trace->series_count; i++)
        if (orl_series_is_rate(trace->series_names[i]))
            return trace->series + i;
    return NULL;
}

/* Of the update that led to each row; the start shows that of the first one. */
static void fill_rates(const struct orl_trace *trace, const struct rule *rule, double *out)
{
    const double *logged = logged_rate(trace);
    for (size_t row = 0; row < trace->rows; row++)
        out[row] = logged ? logged[row * trace->series_count]
                          : orl_rule_rate(rule, trace->step[row] > 0 ? trace->step[row] : 1);
}

/* Euclidean; of thinned rows the mean of the steps between them. The start has none. */
static void fill_lengths(const struct orl_trace *trace, double *out)
{
    for (size_t row = 0; row < trace->rows; row++) {
        out[row] = row && trace->parameter_count ? 0.0 : NAN;
        for (size_t j = 0; row && j < trace->parameter_count; j++)
            out[row] = hypot(out[row], orl_trace_update(trace, row, j));
    }
}

static int make_values(const struct view *view, struct learning_rate *l, size_t run,
                       struct orl_error *err)
{
    const struct orl_trace *trace = view->runs[run].trace;
    struct rule rule = {0};
    for (int q = 0; q < QUANTITIES; q++)
        if (!(l->values[q][run] = orl_calloc(trace->rows + 1, sizeof **l->values[q])))
            return orl_fail_memory(err);
    int ret = orl_rule_make(&view->runs[run], &rule, err);
    if (ret == ORL_OK) {
        fill_rates(trace, &rule, l->values[QUANTITY_RATE][run]);
        fill_lengths(trace, l->values[QUANTITY_LENGTH][run]);
    }
    orl_rule_uninit(&rule);
    for (int q = 0; ret == ORL_OK && q < QUANTITIES; q++)
        for (size_t row = 0; run < view->run_count && row < trace->rows; row++)
            l->known[q] |= isfinite(l->values[q][run][row]);
    return ret;
}

static int learning_rate_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct learning_rate *l = panel->state = orl_calloc(1, sizeof *l);
    int ret = l ? ORL_OK : orl_fail_memory(err);
    for (int q = 0; ret == ORL_OK && q < QUANTITIES; q++)
        if (!(l->values[q] = orl_calloc(view->axis_count, sizeof *l->values[q])))
            ret = orl_fail_memory(err);
    if (ret == ORL_OK)
        l->run_count = view->axis_count;
    for (size_t run = 0; ret == ORL_OK && run < view->axis_count; run++)
        ret = make_values(view, l, run, err);
    if (ret == ORL_OK && !l->known[QUANTITY_RATE] && !l->known[QUANTITY_LENGTH])
        ret = orl_fail(err, ORL_EINPUT,
                       "a learning-rate panel needs runs with a learning rate or parameters; '%s' "
                       "has neither",
                       view->runs[0].name);
    return ret;
}

static void learning_rate_destroy(struct panel *panel)
{
    struct learning_rate *l = panel->state;
    if (!l)
        return;
    orl_multiples_uninit(&l->multiples);
    for (int q = 0; q < QUANTITIES; q++) {
        for (size_t i = 0; l->values[q] && i < l->run_count; i++)
            free(l->values[q][i]);
        free(l->values[q]);
    }
    free(l);
    panel->state = NULL;
}

/* Rates that fall to nothing are read on a linear axis; those of runs that differ in size, by
 * decades, are not. */
static enum step_scale rate_scale(const struct view *view, const struct learning_rate *l)
{
    double least = INFINITY, most = 0.0;
    for (size_t r = 0; r < view->axis_count; r++) {
        double own = 0.0;
        for (size_t row = 0; row < view->runs[r].trace->rows; row++)
            own = fmax(own, l->values[QUANTITY_RATE][r][row]); /* NaN counts for nothing */
        least = own > 0.0 ? fmin(least, own) : least;
        most = fmax(most, own);
    }
    return most > APART * least ? STEP_SCALE_AUTO : STEP_SCALE_LINEAR;
}

/* No run's rate changes: then the steps tell more. */
static bool rates_are_constant(const struct view *view, const struct learning_rate *l)
{
    for (size_t r = 0; r < view->run_count; r++)
        for (size_t row = 1; row < view->runs[r].trace->rows; row++)
            if (l->values[QUANTITY_RATE][r][row] < l->values[QUANTITY_RATE][r][0] ||
                l->values[QUANTITY_RATE][r][row] > l->values[QUANTITY_RATE][r][0])
                return false;
    return true;
}

static int fill_plot(const struct view *view, enum step_scale scale, const struct learning_rate *l,
                     enum quantity q, struct step_plot *plot, struct orl_error *err)
{
    struct step_line *lines = orl_calloc(view->axis_count, sizeof *lines);
    int ret = lines ? orl_step_plot_init(view, plot, view->run_count, err) : orl_fail_memory(err);
    for (size_t r = 0; ret == ORL_OK && r < view->axis_count; r++) {
        lines[r] = (struct step_line){.run = r,
                                      .values = l->values[q][r],
                                      .stride = 1,
                                      .style = *orl_view_style(view, r),
                                      .level = NAN};
        if (r < view->run_count)
            plot->lines[r] = lines[r];
    }
    if (ret == ORL_OK) {
        struct step_range range =
            orl_step_range_lines(view, lines, view->axis_count, !orl_step_any_sound(view));
        if (q == QUANTITY_RATE && scale == STEP_SCALE_AUTO)
            scale = rate_scale(view, l);
        range.floor = ROUNDED * fmax(range.high, 0.0);
        orl_step_axis_y(scale, &range, true, &plot->plot.y);
        plot->plot.y_name = names[q];
    }
    free(lines);
    return ret;
}

/* Which quantities are shown: the one that is asked for, or those that are known and have room. */
static size_t choose_plots(const struct view *view, const struct panel *panel,
                           const struct learning_rate *l, enum quantity shown[QUANTITIES])
{
    enum show show = (enum show)orl_panel_choice(panel, SETTING_SHOW);
    size_t count = 0;
    for (int q = 0; q < QUANTITIES; q++)
        if (l->known[q] && (show == SHOW_AUTO || (int)show - SHOW_RATE == q))
            shown[count++] = (enum quantity)q;
    if (count == 0) /* what is asked for is not known: the other one */
        shown[count++] = l->known[QUANTITY_RATE] ? QUANTITY_RATE : QUANTITY_LENGTH;
    size_t room = orl_multiples_room(view, panel->box, count);
    if (room < count && rates_are_constant(view, l))
        shown[0] = QUANTITY_LENGTH;
    return room;
}

static int learning_rate_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct learning_rate *l = panel->state;
    enum quantity shown[QUANTITIES];
    orl_multiples_uninit(&l->multiples);
    size_t count = choose_plots(view, panel, l, shown);
    int ret = orl_multiples_init(&l->multiples, count, err);
    for (size_t i = 0; ret == ORL_OK && i < count; i++)
        ret = fill_plot(view, (enum step_scale)orl_panel_choice(panel, SETTING_SCALE), l, shown[i],
                        &l->multiples.plots[i], err);
    return ret == ORL_OK ? orl_multiples_lay(view, panel, &l->multiples, SETTING_STEPS, err) : ret;
}

/* A rate or parameters: one run of them is enough. */
static bool learning_rate_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].trace->parameter_count || logged_rate(runs[i].trace))
            return true;
    return false;
}

static const struct orl_panel_ops learning_rate_ops = {.create = learning_rate_create,
                                                       .place = learning_rate_place,
                                                       .destroy = learning_rate_destroy,
                                                       .still = orl_multiples_panel_still,
                                                       .moving = orl_multiples_panel_moving};

const struct orl_panel_desc orl_panel_learning_rate = {
    .name = "learning-rate",
    .title = "Learning rate",
    .description = "the learning rate of each update and the length of the step that it led to",
    .settings = learning_rate_settings,
    .suits = learning_rate_suits,
    .ops = &learning_rate_ops,
};
