/* The loss of each run against the step, growing up to a moving head. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/panels/steplines.h"

enum { SETTING_SCALE, SETTING_STEPS };

static const struct orl_setting loss_settings[] = {
    [SETTING_SCALE] = STEP_SETTING_SCALE(
        orl_step_plain_scales, STEP_SCALE_AUTO,
        "spread of the loss axis; auto: log where the loss spans more than two decades"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    {0},
};

#define ROUNDING                                                                                   \
    1e-16 /* of the largest loss at the start: what is smaller is rounding, not progress */

static double last_loss(const struct view *view, size_t run)
{
    return view->runs[run].trace->loss[orl_pace_row(view->runs[run].trace, view->axis_to)];
}

/* Which losses count: a diverging run's last, huge ones do not, unless there is no other run to be
 * squashed. */
static void choose_axes(const struct view *view, const struct panel *panel, struct step_plot *plot)
{
    struct step_range range;
    double start = 0.0;
    bool any = false;
    for (size_t i = 0; i < view->axis_count; i++)
        start = fmax(start, fabs(view->runs[i].trace->loss[0]));
    for (size_t i = 0; i < view->axis_count; i++)
        any |= fabs(last_loss(view, i)) <= ORL_ASTRAY * start &&
               view->runs[i].trace->status != ORL_STATUS_DIVERGED;
    orl_step_range_init(&range);
    range.floor = ROUNDING * start;
    for (size_t i = 0; i < view->axis_count; i++) {
        const struct step_line line = {.run = i, .values = view->runs[i].trace->loss, .stride = 1};
        orl_step_range_line(view, &line, 0.0, any && start > 0.0 ? ORL_ASTRAY * start : INFINITY,
                            &range);
    }
    enum step_scale scale = (enum step_scale)orl_panel_choice(panel, SETTING_SCALE);
    orl_step_axis_y(scale, &range, scale == STEP_SCALE_AUTO, &plot->plot.y);
    orl_step_axis_x(view, (enum step_scale)orl_panel_choice(panel, SETTING_STEPS), &plot->plot.x);
}

static void loss_destroy(struct panel *panel)
{
    struct step_plot *plot = panel->state;
    if (plot)
        orl_step_plot_uninit(plot);
    free(plot);
    panel->state = NULL;
}

static int loss_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    for (size_t i = 0; i < view->run_count; i++)
        if (!view->runs[i].trace->loss)
            return orl_fail(err, ORL_EINPUT,
                            "a loss panel needs the loss of every run; '%s' has none",
                            view->runs[i].name);
    struct step_plot *plot = orl_calloc(1, sizeof *plot);
    panel->state = plot;
    if (!plot)
        return orl_fail_memory(err);
    int ret = orl_step_plot_init(view, plot, view->run_count, err);
    for (size_t i = 0; ret == ORL_OK && i < view->run_count; i++) {
        plot->lines[i].run = i;
        plot->lines[i].values = view->runs[i].trace->loss;
        plot->lines[i].stride = 1;
        plot->lines[i].style = *orl_view_style(view, i);
    }
    if (ret != ORL_OK)
        return ret;
    choose_axes(view, panel, plot);
    plot->plot.y_name = view->quantity;
    return ORL_OK;
}

static int loss_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct step_plot *plot = panel->state;
    plot->plot.x_name = panel->cell.is ? "step" : NULL; /* else the ruler below says it */
    return orl_step_plot_lay(view, panel, plot, panel->box, 0.0, err);
}

static void loss_still(const struct view *view, const struct panel *panel,
                       struct orl_picture *picture)
{
    orl_step_plot_still(view, panel->state, picture);
}

static void loss_moving(const struct view *view, const struct panel *panel, size_t frame,
                        struct orl_picture *picture)
{
    orl_step_plot_moving(view, panel->state, frame, panel->first, panel->count, picture);
}

static bool loss_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!runs[i].trace->loss)
            return false;
    return true;
}

static const struct orl_panel_ops loss_ops = {.create = loss_create,
                                              .place = loss_place,
                                              .destroy = loss_destroy,
                                              .still = loss_still,
                                              .moving = loss_moving};

const struct orl_panel_desc orl_panel_loss = {
    .name = "loss",
    .title = "Loss",
    .description = "the loss against the step, of every run, with a moving head",
    .settings = loss_settings,
    .suits = loss_suits,
    .ops = &loss_ops,
};
