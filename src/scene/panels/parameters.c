/* The parameters of each run against the step, with their true or best values as thin dashed lines.
 * One run: all in one plot where their sizes are alike, else a small plot each, else each relative
 * to its true value. A race: a plot for each parameter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"
#include "scene/panels/multiples.h"

#define NAMES_LEAST 7.0  /* the least that names above a plot have, ... */
#define NAMES_LEFT  12.0 /* ... and what they leave of its width */
#define BESIDE_MOST 0.3  /* of the panel's width: names beside it */

static const char *const plots_choices[] = {"auto", "together", "separate", "relative", NULL};
enum plots { PLOTS_AUTO, PLOTS_TOGETHER, PLOTS_SEPARATE, PLOTS_RELATIVE };
enum { SETTING_SCALE, SETTING_STEPS, SETTING_PLOTS, SETTING_PARAMETERS };

static const struct orl_setting parameters_settings[] = {
    [SETTING_SCALE] = STEP_SETTING_SCALE(
        orl_step_scales, STEP_SCALE_LINEAR,
        "spread of the parameters' axes; auto: log where all are positive and span "
        "more than two decades"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    [SETTING_PLOTS] =
        {.name = "plots",
         .type = ORL_SETTING_CHOICE,
         .unit = "1",
         .choices = plots_choices,
         .initial = PLOTS_AUTO,
         .description =
             "one run's parameters in one plot, a plot each, or each relative to its true "
             "value; auto: as their sizes and "
             "the room ask for"},
    [SETTING_PARAMETERS] =
        {.name = "parameters",
         .type = ORL_SETTING_NAMES,
         .parameters = true,
         .unit = "1",
         .minimum = 1,
         .maximum = 64,
         .description =
             "which ones; default: all, or, where there is no room, those that tell most"},
    ORL_AXIS_PARTS("y"),
    {0},
};

struct parameters {
    struct multiples multiples; /* first: orl_multiples_panel_still */
    size_t *shown;              /* owned: which parameters */
    size_t shown_count, all;
    char **names;             /* owned: of those shown, as they fit */
    double *relative, *sizes; /* owned: values divided by their sizes, and those; NULL */
    double *best;             /* owned: true or best values of all parameters; NULL: not known */
    enum orl_goal best_kind;
    enum plots plots;
};

static const double *first_value(const struct view *view, size_t run, size_t parameter)
{
    return view->runs[run].trace->values + parameter;
}

static double value_at(const struct view *view, size_t run, size_t row, size_t parameter)
{
    return first_value(view, run, parameter)[row * view->runs[run].trace->parameter_count];
}

static struct step_line line_of(const struct view *view, size_t run, size_t parameter)
{
    return (struct step_line){.run = run,
                              .values = first_value(view, run, parameter),
                              .stride = view->runs[run].trace->parameter_count,
                              .style = *orl_view_style(view, run),
                              .level = NAN};
}

/* ---- What is shown --------------------------------------------------------------------------- */

/* True values where they are known; else those of the exact least-squares solution, where there is
 * one. */
static int find_best(const struct view *view, struct parameters *p, struct orl_error *err)
{
    const struct orl_problem *problem = view->runs[0].problem;
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i].problem != problem)
            problem = NULL;
    if (!problem || orl_problem_parameter_count(problem) != p->all)
        return ORL_OK;
    const double *truth = orl_view_truth(view, 0);
    p->best = orl_calloc(p->all + 1, sizeof *p->best);
    if (!p->best)
        return orl_fail_memory(err);
    p->best_kind = !orl_problem_data(problem) ? ORL_GOAL_MINIMUM
                   : truth                    ? ORL_GOAL_TRUTH
                                              : ORL_GOAL_FIT;
    if (truth)
        memcpy(p->best, truth, p->all * sizeof *truth);
    else if (!orl_problem_best_fit(problem, view->workspaces[0], p->best)) {
        free(p->best);
        p->best = NULL;
    }
    return ORL_OK;
}

static double best_of(const struct parameters *p, size_t parameter)
{
    return p->best && isfinite(p->best[parameter]) ? p->best[parameter] : NAN;
}

/* The values that a parameter's axis holds: those of sound runs, of all starts, and the best. */
static struct step_range range_of(const struct view *view, const struct parameters *p,
                                  size_t parameter)
{
    struct step_range range;
    orl_step_range_init(&range);
    orl_step_range_value(&range, best_of(p, parameter));
    for (int pass = 0; pass < 2; pass++)
        for (size_t run = 0; run < view->axis_count; run++) {
            struct step_line line = line_of(view, run, parameter);
            if (orl_step_astray(view, run) == (pass == 1))
                orl_step_range_run(view, &line, &range);
        }
    return range;
}

static double size_of(const struct view *view, const struct parameters *p, size_t parameter)
{
    struct step_range range = range_of(view, p, parameter);
    return fmax(fabs(range.low), fabs(range.high));
}

/* How much a parameter tells: how far, for its size, it moves, and how far from the best value runs
 * end. */
static double telling(const struct view *view, const struct parameters *p, size_t parameter)
{
    struct step_range range = range_of(view, p, parameter);
    double size = fmax(fmax(fabs(range.low), fabs(range.high)), LEAST_NORMAL),
           sum = (range.high / size - range.low / size);
    for (size_t run = 0; run < view->run_count; run++) {
        double last =
            value_at(view, run, orl_pace_row(view->runs[run].trace, view->pace.to), parameter);
        double off = fabs(last - best_of(p, parameter)) / size;
        sum += isfinite(off) ? fmin(off, 2.0) / (double)view->run_count : 0.0;
    }
    return isfinite(sum) ? sum : 0.0;
}

/* The names asked for as indices; all where none were asked for. */
static int choose_shown(const struct view *view, const struct panel *panel, struct parameters *p,
                        struct orl_error *err)
{
    const struct orl_trace *trace = view->runs[0].trace;
    char *const *wanted = panel->values ? panel->values[SETTING_PARAMETERS].names : NULL;
    p->shown = orl_calloc(p->all + 1, sizeof *p->shown);
    if (!p->shown)
        return orl_fail_memory(err);
    if (!wanted) {
        for (; p->shown_count < p->all; p->shown_count++)
            p->shown[p->shown_count] = p->shown_count;
        return ORL_OK;
    }
    for (; *wanted && p->shown_count < p->all; wanted++) {
        size_t i = 0;
        while (i < p->all && strcmp(trace->parameters[i], *wanted) != 0)
            i++;
        if (i == p->all)
            return orl_fail(err, ORL_EINPUT,
                            "a parameters panel is to show '%s', which is not a parameter of '%s'",
                            *wanted, view->runs[0].name);
        p->shown[p->shown_count++] = i;
    }
    return ORL_OK;
}

/* Keep those `most` that tell most, in their order. */
static void keep_telling(const struct view *view, struct parameters *p, size_t most)
{
    while (p->shown_count > most) {
        size_t least = 0;
        double told = INFINITY;
        for (size_t i = 0; i < p->shown_count; i++) {
            double tells = telling(view, p, p->shown[i]);
            if (tells <= told) {
                told = tells;
                least = i;
            }
        }
        memmove(p->shown + least, p->shown + least + 1,
                (p->shown_count - least - 1) * sizeof *p->shown);
        p->shown_count--;
    }
}

/* ---- Layout ---------------------------------------------------------------------------------- */

static bool sizes_alike(const struct view *view, const struct parameters *p)
{
    double least = INFINITY, most = 0.0;
    for (size_t i = 0; i < p->shown_count; i++) {
        double size = size_of(view, p, p->shown[i]);
        least = size > 0.0 ? fmin(least, size) : least;
        most = fmax(most, size);
    }
    return !(most > ALIKE * least);
}

static void choose_plots(const struct view *view, const struct panel *panel, struct parameters *p)
{
    size_t asked = p->shown_count, plots = orl_multiples_room(view, panel->box, asked),
           labels = orl_step_labels_room(view, orl_multiples_height(view, panel->box, 1));
    p->plots = (enum plots)orl_panel_choice(panel, SETTING_PLOTS);
    if (view->run_count > 1)
        p->plots = PLOTS_SEPARATE;
    else if (p->plots == PLOTS_AUTO && asked <= labels && sizes_alike(view, p))
        p->plots = PLOTS_TOGETHER;
    else if (p->plots == PLOTS_AUTO)
        p->plots = plots >= asked || plots > labels ? PLOTS_SEPARATE
                   : sizes_alike(view, p)           ? PLOTS_TOGETHER
                                                    : PLOTS_RELATIVE;
    keep_telling(view, p, p->plots == PLOTS_SEPARATE ? plots : labels);
}

static int make_names(const struct view *view, const struct panel *panel, struct parameters *p,
                      struct orl_error *err)
{
    p->names = orl_calloc(p->shown_count + 1, sizeof *p->names);
    if (!p->names)
        return orl_fail_memory(err);
    double text = view->size.text, width = orl_multiples_width(view, panel->box, p->shown_count);
    double room = p->plots == PLOTS_SEPARATE
                      ? fmax(NAMES_LEAST * text,
                             width - NAMES_LEFT * text) /* without the labels' column and the key */
                      : fmax(BESIDE_MOST * panel->box.width, 2.0 * text);
    for (size_t i = 0; i < p->shown_count; i++) {
        char *pretty = orl_name_pretty(view->runs[0].trace->parameters[p->shown[i]]);
        p->names[i] =
            pretty ? orl_letters_fit(view->measure, pretty, view->size.text, true, room) : NULL;
        free(pretty);
        if (!p->names[i])
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* Values divided by their true ones, where all of those are known and none is 0, else by their
 * sizes. */
static int make_relative(const struct view *view, struct parameters *p, struct orl_error *err)
{
    const struct orl_trace *trace = view->runs[0].trace;
    size_t cells;
    bool known = true;
    for (size_t i = 0; i < p->shown_count; i++)
        known &= best_of(p, p->shown[i]) != 0.0 && !isnan(best_of(p, p->shown[i]));
    p->sizes = orl_calloc(p->shown_count + 1, sizeof *p->sizes);
    if (!p->sizes || !orl_size_mul(trace->rows, p->shown_count, &cells) ||
        !(p->relative = orl_calloc(cells, sizeof *p->relative)))
        return orl_fail_memory(err);
    for (size_t i = 0; i < p->shown_count; i++) {
        double size = known ? best_of(p, p->shown[i]) : size_of(view, p, p->shown[i]);
        p->sizes[i] = size != 0.0 ? size : 1.0;
        for (size_t row = 0; row < trace->rows; row++)
            p->relative[row * p->shown_count + i] =
                value_at(view, 0, row, p->shown[i]) / p->sizes[i];
    }
    const char *names[] = {"parameter ÷ its size", "parameter ÷ its best", "parameter ÷ truth"};
    p->multiples.plots[0].plot.y_name = names[!known ? 0 : p->best_kind == ORL_GOAL_TRUTH ? 2 : 1];
    return ORL_OK;
}

/* One run's parameters in one plot, told apart by their styles and their names at the heads. */
static int fill_together(const struct view *view, const struct panel *panel, struct parameters *p,
                         struct orl_error *err)
{
    struct step_plot *plot = &p->multiples.plots[0];
    struct step_range range;
    int ret = orl_step_plot_init(view, plot, p->shown_count, err);
    plot->plot.y_name = "parameters";
    if (ret == ORL_OK && p->plots == PLOTS_RELATIVE)
        ret = make_relative(view, p, err);
    if (ret != ORL_OK)
        return ret;
    orl_step_range_init(&range);
    for (size_t i = 0; i < p->shown_count; i++) {
        struct step_line *line = &plot->lines[i];
        double size = p->sizes ? p->sizes[i] : 1.0;
        *line = line_of(view, 0, p->shown[i]);
        line->style = orl_step_parameter_style(view, p->shown[i]);
        line->label = p->names[i];
        line->level = best_of(p, p->shown[i]) / size;
        if (p->relative) {
            line->values = p->relative + i;
            line->stride = p->shown_count;
        }
        struct step_range one = range_of(view, p, p->shown[i]);
        orl_step_range_value(&range, one.low / size);
        orl_step_range_value(&range, one.high / size);
    }
    orl_step_axis_y((enum step_scale)orl_panel_choice(panel, SETTING_SCALE), &range, false,
                    &plot->plot.y);
    return ORL_OK;
}

/* A plot for each parameter, with all runs' lines. */
static int fill_separate(const struct view *view, const struct panel *panel, struct parameters *p,
                         struct orl_error *err)
{
    for (size_t i = 0; i < p->shown_count; i++) {
        struct step_plot *plot = &p->multiples.plots[i];
        struct step_range range = range_of(view, p, p->shown[i]);
        int ret = orl_step_plot_init(view, plot, view->run_count, err);
        if (ret != ORL_OK)
            return ret;
        for (size_t run = 0; run < view->run_count; run++)
            plot->lines[run] = line_of(view, run, p->shown[i]);
        if (view->run_count == 1)
            plot->lines[0].style = orl_step_parameter_style(view, p->shown[i]);
        plot->lines[0].level = best_of(p, p->shown[i]);
        plot->plot.y_name = p->names[i];
        orl_step_axis_y((enum step_scale)orl_panel_choice(panel, SETTING_SCALE), &range, false,
                        &plot->plot.y);
    }
    return ORL_OK;
}

/* What placing made. */
static void forget_plots(struct parameters *p)
{
    orl_multiples_uninit(&p->multiples);
    for (size_t i = 0; p->names && i < p->shown_count; i++)
        free(p->names[i]);
    free(p->names);
    free(p->shown);
    free(p->relative);
    free(p->sizes);
    p->names = NULL;
    p->shown = NULL;
    p->relative = p->sizes = NULL;
    p->shown_count = 0;
}

static void parameters_destroy(struct panel *panel)
{
    struct parameters *p = panel->state;
    if (!p)
        return;
    forget_plots(p);
    free(p->best);
    free(p);
    panel->state = NULL;
}

static bool other_parameters(const struct orl_trace *one, const struct orl_trace *other)
{
    bool same = other->parameter_count == one->parameter_count;
    for (size_t k = 0; same && k < one->parameter_count; k++)
        same = strcmp(one->parameters[k], other->parameters[k]) == 0;
    return !same;
}

static int check_runs(const struct view *view, struct orl_error *err)
{
    if (view->runs[0].trace->parameter_count == 0)
        return orl_fail(err, ORL_EINPUT,
                        "a parameters panel needs runs with parameters; '%s' has none",
                        view->runs[0].name);
    for (size_t i = 1; i < view->run_count; i++)
        if (other_parameters(view->runs[0].trace, view->runs[i].trace))
            return orl_fail(
                err, ORL_EINPUT,
                "a parameters panel shows runs with the same parameters; those of '%s' are others",
                view->runs[i].name);
    return ORL_OK;
}

static int parameters_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    int ret = check_runs(view, err);
    if (ret != ORL_OK)
        return ret;
    struct parameters *p = orl_calloc(1, sizeof *p);
    panel->state = p;
    if (!p)
        return orl_fail_memory(err);
    p->all = view->runs[0].trace->parameter_count;
    return find_best(view, p, err);
}

static int parameters_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct parameters *p = panel->state;
    forget_plots(p);
    int ret = choose_shown(view, panel, p, err);
    if (ret != ORL_OK)
        return ret;
    size_t asked = p->shown_count;
    choose_plots(view, panel, p);
    bool separate = p->plots == PLOTS_SEPARATE;
    ret = make_names(view, panel, p, err);
    if (ret == ORL_OK)
        ret = orl_multiples_init(&p->multiples, separate ? p->shown_count : 1, err);
    if (ret == ORL_OK)
        ret = separate ? fill_separate(view, panel, p, err) : fill_together(view, panel, p, err);
    if (ret != ORL_OK)
        return ret;
    orl_multiples_note(&p->multiples, p->shown_count, asked);
    return orl_multiples_lay(view, panel, &p->multiples, SETTING_STEPS, err);
}

static void parameters_still(const struct view *view, const struct panel *panel,
                             struct orl_picture *picture)
{
    const struct parameters *p = panel->state;
    orl_multiples_panel_still(view, panel, picture);
    if (p->best && p->plots != PLOTS_RELATIVE)
        orl_multiples_key(view, &p->multiples, orl_goal_word(p->best_kind), picture);
}

static bool parameters_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].trace->parameter_count == 0 || other_parameters(runs[0].trace, runs[i].trace))
            return false;
    return true;
}

static const struct orl_panel_ops parameters_ops = {.create = parameters_create,
                                                    .place = parameters_place,
                                                    .destroy = parameters_destroy,
                                                    .still = parameters_still,
                                                    .moving = orl_multiples_panel_moving};

const struct orl_panel_desc orl_panel_parameters = {
    .name = "parameters",
    .title = "Parameters",
    .description =
        "each parameter against the step, with its true or best value as a thin dashed line",
    .settings = parameters_settings,
    .suits = parameters_suits,
    .same_parameters = true,
    .ops = &parameters_ops,
};
