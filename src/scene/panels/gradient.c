/* The gradient of each run against the step: its norm, and its components. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"
#include "scene/panels/multiples.h"

#define ROUNDED     1e-16 /* of the first gradient: below there is rounding */
#define SYMLOG_FROM 100.0 /* largest by least from which on an axis is logarithmic */
#define NAME_ROOM   10.0  /* what names beside a plot may take of its width ... */
#define NAME_SHARE  0.2   /* ... and the least that is left to those above it */

static const char *const show_choices[] = {"auto", "norm", "components", "both", NULL};
enum show { SHOW_AUTO, SHOW_NORM, SHOW_COMPONENTS, SHOW_BOTH };
enum { SETTING_SHOW, SETTING_SCALE, SETTING_STEPS };

static const struct orl_setting gradient_settings[] = {
    [SETTING_SHOW] =
        {.name = "show",
         .type = ORL_SETTING_CHOICE,
         .unit = "1",
         .choices = show_choices,
         .initial = SHOW_AUTO,
         .description =
             "the gradient's norm, its components, or both; auto: both where there is room"},
    [SETTING_SCALE] =
        STEP_SETTING_SCALE(orl_step_scales, STEP_SCALE_AUTO,
                           "spread of the gradient's axes; auto: log for the norm, symlog for "
                           "components of very different sizes"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    ORL_AXIS_PARTS("y"),
    {0},
};

enum { RUNS_MANY = 12 };

struct gradient {
    struct multiples multiples; /* first: orl_multiples_panel_still */
    double **norms;             /* owned: of each run, row by row */
    size_t run_count;
    char **names; /* owned: of the components */
    size_t components;
};

/* ‖g‖ without overflow on the way. */
static double norm_of(const double *g, size_t count)
{
    double most = 0.0, sum = 0.0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(g[i]));
    for (size_t i = 0; i < count && most > 0.0; i++)
        sum += (g[i] / most) * (g[i] / most);
    return most > 0.0 ? most * sqrt(sum) : 0.0;
}

static int make_norms(const struct view *view, struct gradient *g, struct orl_error *err)
{
    g->run_count = view->axis_count;
    g->norms = orl_calloc(view->axis_count, sizeof *g->norms);
    for (size_t r = 0; g->norms && r < view->axis_count; r++) {
        const struct orl_trace *trace = view->runs[r].trace;
        g->norms[r] = orl_calloc(trace->rows + 1, sizeof **g->norms);
        if (!g->norms[r])
            return orl_fail_memory(err);
        for (size_t row = 0; row < trace->rows; row++)
            g->norms[r][row] =
                norm_of(trace->gradients + row * trace->parameter_count, trace->parameter_count);
    }
    return g->norms ? ORL_OK : orl_fail_memory(err);
}

/* Names of as many components as are shown: "α" beside a line, "gradient: α" above a plot. */
static int make_names(const struct view *view, struct gradient *g, double room,
                      struct orl_error *err)
{
    g->names = orl_calloc(g->components + 1, sizeof *g->names);
    for (size_t i = 0; g->names && i < g->components; i++) {
        char *pretty = orl_name_pretty(view->runs[0].trace->parameters[i]);
        char *short_name =
            pretty ? orl_letters_fit(view->measure, pretty, view->size.text, true, room) : NULL;
        g->names[i] = short_name && view->run_count > 1 ? orl_asprintf("∂ loss / ∂ %s", short_name)
                                                        : short_name;
        if (g->names[i] != short_name)
            free(short_name);
        free(pretty);
        if (!g->names[i])
            return orl_fail_memory(err);
    }
    return g->names ? ORL_OK : orl_fail_memory(err);
}

static int fill_norm(const struct view *view, enum step_scale scale, struct gradient *g,
                     struct step_plot *plot, struct orl_error *err)
{
    int ret = orl_step_plot_init(view, plot, view->run_count, err);
    for (size_t r = 0; ret == ORL_OK && r < view->run_count; r++)
        plot->lines[r] = (struct step_line){.run = r,
                                            .values = g->norms[r],
                                            .stride = 1,
                                            .style = *orl_view_style(view, r),
                                            .level = NAN};
    if (ret != ORL_OK)
        return ret;
    struct step_line *lines = orl_calloc(view->axis_count, sizeof *lines);
    if (!lines)
        return orl_fail_memory(err);
    for (size_t r = 0; r < view->axis_count; r++)
        lines[r] = (struct step_line){.run = r, .values = g->norms[r], .stride = 1};
    struct step_range range =
        orl_step_range_lines(view, lines, view->axis_count, !orl_step_any_sound(view));
    free(lines);
    double start = 0.0;
    for (size_t r = 0; r < view->axis_count; r++)
        start = fmax(start, isfinite(g->norms[r][0]) ? g->norms[r][0] : 0.0);
    range.floor = ROUNDED * fmin(start > 0.0 ? start : INFINITY,
                                 range.high); /* below that there is rounding */
    orl_step_axis_y(scale == STEP_SCALE_AUTO ? STEP_SCALE_LOG : scale, &range, true, &plot->plot.y);
    plot->plot.y_name = "gradient norm";
    return ORL_OK;
}

/* One run: all its components in a plot. Else one component of all runs. */
static int fill_components(const struct view *view, enum step_scale scale, struct gradient *g,
                           size_t component, struct step_plot *plot, struct orl_error *err)
{
    bool race = view->run_count > 1;
    size_t count = race ? view->run_count : g->components;
    int ret = orl_step_plot_init(view, plot, count, err);
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        size_t run = race ? i : 0, c = race ? component : i;
        plot->lines[i] = (struct step_line){.run = run,
                                            .values = view->runs[run].trace->gradients + c,
                                            .stride = view->runs[run].trace->parameter_count,
                                            .style = race ? *orl_view_style(view, run)
                                                          : orl_step_parameter_style(view, c),
                                            .label = race ? NULL : g->names[c],
                                            .level = NAN};
    }
    if (ret != ORL_OK)
        return ret;
    struct step_range range = orl_step_range_lines(view, plot->lines, plot->count, false);
    double most = fmax(fabs(range.low), fabs(range.high)), last = INFINITY;
    for (size_t i = 0; i < count;
         i++) { /* where the lines end tells how fine the axis must be about 0 */
        const struct step_line *line = &plot->lines[i];
        double value = fabs(
            line->values[orl_pace_row(view->runs[line->run].trace, view->pace.to) * line->stride]);
        last = value > 0.0 ? fmin(last, value) : last;
    }
    range.least = fmin(fmax(last, SYMLOG_PART * most), most);
    if (scale == STEP_SCALE_AUTO)
        scale = most > SYMLOG_FROM * range.least ? STEP_SCALE_SYMLOG : STEP_SCALE_LINEAR;
    orl_step_axis_y(scale, &range, false, &plot->plot.y);
    /* A scale that is not linear is always said. */
    bool symlog = plot->plot.y.scale == SCALE_SYMLOG;
    plot->plot.y_name = race ? g->names[component] : symlog ? "gradient, symlog" : "gradient";
    return ORL_OK;
}

/* What placing made. */
static void forget_plots(struct gradient *g)
{
    orl_multiples_uninit(&g->multiples);
    for (size_t i = 0; g->names && i < g->components; i++)
        free(g->names[i]);
    free(g->names);
    g->names = NULL;
}

static void gradient_destroy(struct panel *panel)
{
    struct gradient *g = panel->state;
    if (!g)
        return;
    forget_plots(g);
    for (size_t i = 0; g->norms && i < g->run_count; i++)
        free(g->norms[i]);
    free(g->norms);
    free(g);
    panel->state = NULL;
}

static int check_runs(const struct view *view, struct orl_error *err)
{
    for (size_t i = 0; i < view->run_count; i++) {
        const struct orl_trace *trace = view->runs[i].trace;
        if (!trace->gradients || trace->parameter_count == 0)
            return orl_fail(err, ORL_EINPUT,
                            "a gradient panel needs the gradients of every run; '%s' has none",
                            view->runs[i].name);
    }
    return ORL_OK;
}

/* How many plots of components stand beside that of the norm. In a race all runs must have the same
 * parameters. */
static size_t choose_plots(const struct view *view, const struct panel *panel, enum show *show,
                           size_t *components)
{
    size_t wanted = *components, norm = *show != SHOW_COMPONENTS;
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i].trace->parameter_count != view->runs[0].trace->parameter_count)
            *show = SHOW_NORM;
    if (*show == SHOW_AUTO && view->run_count > RUNS_MANY) /* their components are a thicket */
        *show = SHOW_NORM;
    if (*show == SHOW_NORM)
        return 0;
    if (view->run_count == 1) {
        size_t together =
            orl_multiples_room(view, panel->box, 1 + norm); /* names beside the heads */
        size_t most = orl_step_labels_room(view, orl_multiples_height(view, panel->box, together));
        *components = wanted < most ? wanted : most;
        wanted = 1;
    }
    size_t room = orl_multiples_room(view, panel->box, wanted + norm);
    if (*show == SHOW_AUTO && room < 2)
        return 0;
    size_t plots = room > norm ? room - norm : 1;
    if (view->run_count > 1)
        *components = plots < wanted ? plots : wanted;
    return plots < wanted ? plots : wanted;
}

static int gradient_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    int ret = check_runs(view, err);
    if (ret != ORL_OK)
        return ret;
    struct gradient *g = orl_calloc(1, sizeof *g);
    panel->state = g;
    if (!g)
        return orl_fail_memory(err);
    return make_norms(view, g, err);
}

static int gradient_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct gradient *g = panel->state;
    enum show show = (enum show)orl_panel_choice(panel, SETTING_SHOW);
    enum step_scale scale = (enum step_scale)orl_panel_choice(panel, SETTING_SCALE);
    size_t all = view->runs[0].trace->parameter_count;
    forget_plots(g);
    g->components = all;
    size_t plots = choose_plots(view, panel, &show, &g->components), norm = show != SHOW_COMPONENTS;
    if (plots == 0)
        norm = 1;
    double text = view->size.text, width = orl_multiples_width(view, panel->box, norm + plots);
    double room = view->run_count > 1 ? fmax(NAME_SHARE * width, width - NAME_ROOM * text)
                                      : NAME_SHARE * panel->box.width;
    int ret = make_names(view, g, fmax(room, 2.0 * text), err);
    if (ret == ORL_OK)
        ret = orl_multiples_init(&g->multiples, norm + plots, err);
    if (ret == ORL_OK && norm)
        ret = fill_norm(view, scale, g, &g->multiples.plots[0], err);
    for (size_t i = 0; ret == ORL_OK && i < plots; i++)
        ret = fill_components(view, scale, g, i, &g->multiples.plots[norm + i], err);
    if (ret != ORL_OK)
        return ret;
    if (plots)
        orl_multiples_note(&g->multiples, g->components, all);
    return orl_multiples_lay(view, panel, &g->multiples, SETTING_STEPS, err);
}

static bool gradient_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!runs[i].trace->gradients || runs[i].trace->parameter_count == 0)
            return false;
    return true;
}

static const struct orl_panel_ops gradient_ops = {.create = gradient_create,
                                                  .place = gradient_place,
                                                  .destroy = gradient_destroy,
                                                  .still = orl_multiples_panel_still,
                                                  .moving = orl_multiples_panel_moving};

const struct orl_panel_desc orl_panel_gradient = {
    .name = "gradient",
    .title = "Gradient",
    .description = "norm and components of the gradient against the step",
    .settings = gradient_settings,
    .suits = gradient_suits,
    .ops = &gradient_ops,
};
