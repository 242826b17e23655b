/* The loss of each run against the step, growing up to a moving head. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/panels/axes.h"
#include "scene/panels/steplines.h"

enum { SETTING_SCALE, SETTING_STEPS };

static const struct orl_setting loss_settings[] = {
    [SETTING_SCALE] = STEP_SETTING_SCALE(
        orl_step_plain_scales, STEP_SCALE_AUTO,
        "spread of the loss axis; auto: log where the loss spans more than two decades"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    ORL_AXIS_PARTS("y"),
    {0},
};

#define LEVEL_SHOWN 0.1 /* of the highest loss: a level below it has a decade of its own */
#define FLOOR_ROOM  2.4 /* the least loss lies so many times above the axis */
#define ROUNDING                                                                                   \
    1e-16 /* of the largest loss at the start: what is smaller is rounding, not progress */

struct loss {
    struct step_plot plot; /* first */
    const double **values; /* owned: of each run that axes are chosen from */
    double *above;         /* owned: their losses above a known minimum that is not 0; else NULL */
};

static double last_loss(const struct view *view, const struct loss *loss, size_t run)
{
    return loss->values[run][orl_pace_row(view->runs[run].trace, view->axis_to)];
}

/* A loss that may be negative tells nothing by itself: where the minimum is known, what lies above
 * it is shown. */
static int choose_values(const struct view *view, struct loss *loss, struct orl_error *err)
{
    double minimum = view->standing.minimum;
    size_t rows = 0, at = 0;
    bool above = view->loss && isfinite(minimum) && minimum != 0.0;
    for (size_t i = 0; i < view->axis_count; i++)
        rows += view->runs[i].trace->rows;
    loss->values = orl_calloc(view->axis_count, sizeof *loss->values);
    loss->above = above ? orl_calloc(rows, sizeof *loss->above) : NULL;
    if (!loss->values || (above && !loss->above))
        return orl_fail_memory(err);
    for (size_t i = 0; i < view->axis_count; i++) {
        const struct orl_trace *trace = view->runs[i].trace;
        loss->values[i] = above ? loss->above + at : trace->loss;
        for (size_t row = 0; above && row < trace->rows; row++) /* below it: rounding */
            loss->above[at++] =
                isnan(trace->loss[row]) ? NAN : fmax(trace->loss[row] - minimum, 0.0);
    }
    return ORL_OK;
}

/* The axis also holds the quartiles of several runs. */
static void spread_range(const struct view *view, const struct loss *loss, size_t run, double reach,
                         struct step_range *range)
{
    const struct orl_trace *t = view->runs[run].trace;
    double base = loss->above ? view->standing.minimum : 0.0;
    for (size_t row = 0; t->spread && row < t->rows; row++)
        for (int k = ORL_SPREAD_LOW; k <= ORL_SPREAD_HIGH; k++) {
            double value = t->spread[row * ORL_SPREAD + (size_t)k] - base;
            if (isfinite(value) && fabs(value) <= reach)
                orl_step_range_value(range, value);
        }
}

/* Which losses count: a diverging run's last, huge ones do not, unless there is no other run to be
 * squashed. */
static void choose_axes(const struct view *view, const struct panel *panel, struct loss *loss)
{
    struct step_plot *plot = &loss->plot;
    struct step_range range;
    double start = 0.0;
    bool any = false;
    for (size_t i = 0; i < view->axis_count; i++)
        start = fmax(start, fabs(loss->values[i][0]));
    for (size_t i = 0; i < view->axis_count; i++)
        any |= fabs(last_loss(view, loss, i)) <= ORL_ASTRAY * start &&
               view->runs[i].trace->status != ORL_STATUS_DIVERGED;
    orl_step_range_init(&range);
    range.floor = ROUNDING * start;
    for (size_t i = 0; i < view->axis_count; i++) {
        const struct step_line line = {.run = i, .values = loss->values[i], .stride = 1};
        double reach = any && start > 0.0 ? ORL_ASTRAY * start : INFINITY;
        orl_step_range_line(view, &line, 0.0, reach, &range);
        spread_range(view, loss, i, reach, &range);
    }
    enum step_scale scale = (enum step_scale)orl_panel_choice(panel, SETTING_SCALE);
    orl_step_axis_y(scale, &range, scale == STEP_SCALE_AUTO, &plot->plot.y);
    orl_step_axis_x(view, (enum step_scale)orl_panel_choice(panel, SETTING_STEPS), &plot->plot.x);
}

/* A log axis ends at the level, below which nobody tells the difference; where no run comes there,
 * a little below the least loss. As axes are, it is chosen from all runs on the problem. */
static void choose_floor(const struct view *view, const struct loss *loss, struct step_plot *plot)
{
    const struct orl_standing *standing = &view->standing;
    double level = standing->level - (isfinite(standing->minimum) ? standing->minimum : 0.0),
           least = INFINITY;
    bool reached = false;
    if (plot->plot.y.scale != SCALE_LOG || !view->loss)
        return;
    for (size_t i = 0; i < view->axis_count; i++)
        for (size_t row = 0; row < view->runs[i].trace->rows; row++) {
            double value = loss->values[i][row];
            reached |= value <= level;
            least = value > 0.0 ? fmin(least, value) : least;
        }
    if (reached && level > 0.0 && level < LEVEL_SHOWN * plot->plot.y.high) {
        plot->plot.y.low = level;
        plot->floor = true;
    } else if (isfinite(least) && least > plot->plot.y.low) {
        plot->plot.y.low = fmax(plot->plot.y.low, least / FLOOR_ROOM);
    }
}

static void loss_destroy(struct panel *panel)
{
    struct loss *loss = panel->state;
    if (!loss)
        return;
    orl_step_plot_uninit(&loss->plot);
    free(loss->values);
    free(loss->above);
    free(loss);
    panel->state = NULL;
}

static int loss_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    for (size_t i = 0; i < view->run_count; i++)
        if (!view->runs[i].trace->loss)
            return orl_fail(err, ORL_EINPUT,
                            "a loss panel needs the loss of every run; '%s' has none",
                            view->runs[i].name);
    struct loss *loss = panel->state = orl_calloc(1, sizeof *loss);
    if (!loss)
        return orl_fail_memory(err);
    int ret = choose_values(view, loss, err);
    if (ret == ORL_OK)
        ret = orl_step_plot_init(view, &loss->plot, view->run_count, err);
    if (ret != ORL_OK)
        return ret;
    for (size_t i = 0; i < view->run_count; i++) {
        struct step_line *line = &loss->plot.lines[i];
        line->run = i;
        line->values = loss->values[i];
        line->stride = 1;
        line->style = *orl_view_style(view, i);
        line->spread = view->runs[i].trace->spread;
        line->spread_base = loss->above ? view->standing.minimum : 0.0;
    }
    choose_axes(view, panel, loss);
    choose_floor(view, loss, &loss->plot);
    loss->plot.plot.y_name = loss->above ? "loss above the minimum" : view->quantity;
    return ORL_OK;
}

static int loss_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct step_plot *plot = panel->state;              /* first in struct loss */
    plot->plot.x_name = panel->cell.is ? "step" : NULL; /* else the ruler below says it */
    double room = panel->box.width - 2.0 * view->size.text;
    if (((struct loss *)panel->state)->above &&
        orl_letters_width(view->measure, plot->plot.y_name, view->size.text, false) > room)
        plot->plot.y_name = "above min.";
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
