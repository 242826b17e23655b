/* Lines over steps: ranges, drawing, labels. */
#include "scene/panels/stepthin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/metrics.h"

#define MANY_WIDTH   0.8 /* of a line, where there are several */
#define REACH_FEW    1.5 /* half an axis that others share, in ranges of the usual values, ... */
#define REACH        3.0 /* ... and half of an axis of its own */
#define SPREAD_LEAST 0.1
#define LOG_FROM     100.0 /* largest by least from which on a scale is logarithmic */
#define LOG_PAD      0.06  /* of an axis, on both sides */
#define PAD          0.05

const char *const orl_step_scales[] = {"auto", "linear", "log", "symlog", NULL};
const char *const orl_step_plain_scales[] = {"auto", "linear", "log", NULL};

const struct orl_trace *orl_step_trace(const struct view *view, const struct step_line *line)
{
    return view->runs[line->run].trace;
}

double orl_step_value(const struct step_line *line, size_t row)
{
    return line->values[row * line->stride];
}

int orl_step_plot_init(const struct view *view, struct step_plot *plot, size_t count,
                       struct orl_error *err)
{
    plot->lines = orl_calloc(count + 1, sizeof *plot->lines);
    if (!plot->lines)
        return orl_fail_memory(err);
    plot->count = count;
    plot->width = (count > 1 ? MANY_WIDTH : 1.0) * view->size.line;
    for (size_t i = 0; i < count; i++)
        plot->lines[i].level = NAN;
    return ORL_OK;
}

void orl_step_plot_forget(struct step_plot *plot)
{
    for (size_t i = 0; plot->lines && i < plot->count; i++) {
        struct step_line *line = &plot->lines[i];
        free(line->xy);
        free(line->spread_rows);
        free(line->rows);
        free(line->dense);
        *line = (struct step_line){.run = line->run,
                                   .values = line->values,
                                   .stride = line->stride,
                                   .style = line->style,
                                   .label = line->label,
                                   .spread = line->spread,
                                   .spread_base = line->spread_base,
                                   .level = line->level};
    }
    plot->longest = 0;
    plot->banded = false;
}

void orl_step_plot_uninit(struct step_plot *plot)
{
    orl_step_plot_forget(plot);
    free(plot->lines);
    *plot = (struct step_plot){0};
}

/* ---- Axes ------------------------------------------------------------------------------------ */

void orl_step_range_init(struct step_range *range)
{
    *range = (struct step_range){.low = INFINITY, .high = -INFINITY, .least = INFINITY};
}

void orl_step_range_value(struct step_range *range, double value)
{
    if (!isfinite(value))
        return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
    if (value != 0.0)
        range->least = fmin(range->least, fabs(value));
}

void orl_step_range_line(const struct view *view, const struct step_line *line, double centre,
                         double reach, struct step_range *range)
{
    const struct orl_trace *trace = orl_step_trace(view, line);
    size_t begin = orl_pace_row(trace, view->pace.from), end = orl_pace_row(trace, view->axis_to);
    for (size_t row = begin; row <= end; row++) {
        double value = orl_step_value(line, row);
        if (!(reach < INFINITY) || fabs(value - centre) <= reach)
            orl_step_range_value(range, value);
    }
}

bool orl_step_astray(const struct view *view, size_t run)
{
    return orl_run_astray(view->runs[run].trace, view->axis_to);
}

void orl_step_range_run(const struct view *view, const struct step_line *line,
                        struct step_range *range)
{
    if (!orl_step_astray(view, line->run)) {
        orl_step_range_line(view, line, 0.0, INFINITY, range);
        return;
    }
    orl_step_range_value(
        range, orl_step_value(line, orl_pace_row(orl_step_trace(view, line), view->pace.from)));
    if (range->low > range->high)
        return;
    if (!range->settled) { /* by the sound runs and this one's start; others that go astray do not
                              move it */
        range->settled = true;
        range->middle = 0.5 * range->low + 0.5 * range->high;
        range->reach = (view->axis_count > 1 ? REACH_FEW : REACH) *
                       (range->high - range->low); /* one run alone squashes no one */
        if (!(range->reach > 0.0 && range->reach < INFINITY))
            range->reach = fmax(fabs(range->middle), 1.0);
    }
    orl_step_range_line(view, line, range->middle, range->reach, range);
}

bool orl_step_any_sound(const struct view *view)
{
    for (size_t i = 0; i < view->axis_count; i++)
        if (!orl_step_astray(view, i))
            return true;
    return false;
}

struct step_range orl_step_range_lines(const struct view *view, const struct step_line *lines,
                                       size_t count, bool all)
{
    struct step_range range;
    orl_step_range_init(&range);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            if (orl_step_astray(view, lines[i].run) != (pass == 1))
                continue;
            if (all)
                orl_step_range_line(view, &lines[i], 0.0, INFINITY, &range);
            else
                orl_step_range_run(view, &lines[i], &range);
        }
    return range;
}

struct style orl_step_parameter_style(const struct view *view, size_t parameter)
{
    static const size_t order[THEME_STYLES] = {6, 7, 8, 5, 3, 2, 1, 4, 0, 9};
    size_t round = parameter / THEME_STYLES;
    struct style style =
        orl_theme_style(view->theme, order[parameter % THEME_STYLES] + THEME_STYLES * round);
    double most = fmax(style.color.r, fmax(style.color.g, style.color.b)),
           least = fmin(style.color.r, fmin(style.color.g, style.color.b));
    if (most - least > SPREAD_LEAST &&
        round ==
            0) /* greys are told apart by their dash; colours, with a name at the head, need none */
        style.dash = ORL_DASH_SOLID;
    return style;
}

void orl_step_axis_x(const struct view *view, enum step_scale scale, struct axis *axis)
{
    bool log =
        scale == STEP_SCALE_LOG || (scale == STEP_SCALE_AUTO && view->pace_kind != ORL_PACE_LINEAR);
    orl_axis_range(axis, log ? SCALE_LOG1P : SCALE_LINEAR, (double)view->pace.from,
                   (double)view->axis_to, 0.0);
    axis->low = (double)view->pace.from;
    if (axis->high <= axis->low)
        axis->high = axis->low + 1.0;
}

void orl_step_axis_y(enum step_scale scale, const struct step_range *range, bool zero,
                     struct axis *axis)
{
    bool any = range->low <= range->high, positive = any && range->low >= 0.0 && range->high > 0.0;
    double least = fmin(fmax(range->least, range->floor), range->high);
    if (scale == STEP_SCALE_AUTO)
        scale = positive && range->high > LOG_FROM * least ? STEP_SCALE_LOG : STEP_SCALE_LINEAR;
    if (scale == STEP_SCALE_LOG && any && range->high > 0.0) {
        /* What is not positive has no place; it leaves through the lower edge. */
        orl_axis_range(axis, SCALE_LOG, range->low > 0.0 ? fmax(range->low, least) : least,
                       range->high, LOG_PAD);
        return;
    }
    if (scale == STEP_SCALE_SYMLOG && any && range->least < INFINITY) {
        double largest = fmax(fabs(range->low), fabs(range->high));
        orl_axis_symlog(axis, range->low, range->high, fmax(range->least, SYMLOG_PART * largest),
                        PAD);
        return;
    }
    orl_axis_range(axis, SCALE_LINEAR, zero && any && range->low >= 0.0 ? 0.0 : range->low,
                   range->high, PAD);
    if (zero && any && range->low >= 0.0)
        axis->low = fmax(axis->low, 0.0);
}
