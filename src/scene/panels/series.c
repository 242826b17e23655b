/* Columns of a trace against the step: any that its recorder wrote. One run: columns of like size
 * share a plot. A race: a plot for each column, with all runs that have it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"
#include "scene/panels/multiples.h"
#include "scene/panels/recorded.h"

#define REACH      10.0 /* ranges of the usual values that outliers may add to an axis */
#define NAME_LEAST 9.0  /* above a plot: the least that a name has, ... */
#define NAME_LEFT  5.0  /* ... and what it leaves to others */

enum { SETTING_COLUMNS, SETTING_SCALE, SETTING_STEPS };
enum { COLUMNS_MAX = 64, LINES_MAX = 8 /* in one plot */ };

static const struct orl_setting series_settings[] = {
    [SETTING_COLUMNS] = {.name = "columns",
                         .type = ORL_SETTING_NAMES,
                         .unit = "1",
                         .minimum = 1,
                         .maximum = COLUMNS_MAX,
                         .description = "which columns of the traces; default: all that are not "
                                        "step, loss, parameter or gradient"},
    [SETTING_SCALE] = STEP_SETTING_SCALE(
        orl_step_scales, STEP_SCALE_AUTO,
        "spread of the axes; auto: log where all is positive and spans more than two decades"),
    [SETTING_STEPS] = STEP_SETTING_STEPS,
    ORL_AXIS_PARTS("y"),
    {0},
};

struct column {
    char *name;  /* owned: as the trace calls it */
    char *shown; /* owned: as it fits */
    double size; /* the largest that counts */
    size_t plot;
};

struct series {
    struct multiples multiples; /* first: orl_multiples_panel_still */
    struct column *columns;     /* owned */
    size_t count;
};

/* A run's column by name: a series, a parameter, or the loss. False where it has none. */
static bool find_column(const struct view *view, size_t run, const char *name,
                        struct step_line *line)
{
    const struct orl_trace *trace = view->runs[run].trace;
    *line = (struct step_line){.run = run, .style = *orl_view_style(view, run), .level = NAN};
    for (size_t i = 0; i < trace->series_count; i++)
        if (strcmp(trace->series_names[i], name) == 0) {
            line->values = trace->series + i;
            line->stride = trace->series_count;
        }
    for (size_t i = 0; !line->values && i < trace->parameter_count; i++)
        if (strcmp(trace->parameters[i], name) == 0) {
            line->values = trace->values + i;
            line->stride = trace->parameter_count;
        }
    if (!line->values && trace->loss && strcmp(name, "loss") == 0) {
        line->values = trace->loss;
        line->stride = 1;
    }
    return line->values != NULL;
}

static int add_column(struct series *s, const char *name, struct orl_error *err)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return ORL_OK;
    if (s->count == COLUMNS_MAX)
        return ORL_OK;
    s->columns[s->count].name = orl_strdup(name);
    return s->columns[s->count++].name ? ORL_OK : orl_fail_memory(err);
}

/* Learning rates first. The losses of a log are in its panel `training`. */
static int add_usual(const struct view *view, size_t run, bool rates, struct series *s,
                     struct orl_error *err)
{
    const struct orl_film_run *of = &view->runs[run];
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < of->trace->series_count; i++) {
        const char *name = of->trace->series_names[i];
        if (orl_series_is_rate(name) == rates && !(!of->problem && orl_recorded_is_loss(of, i)))
            ret = add_column(s, name, err);
    }
    return ret;
}

/* The columns asked for; else all series that any run has. */
static int choose_columns(const struct view *view, const struct panel *panel, struct series *s,
                          struct orl_error *err)
{
    char *const *wanted = panel->values ? panel->values[SETTING_COLUMNS].names : NULL;
    int ret = ORL_OK;
    s->columns = orl_calloc(COLUMNS_MAX, sizeof *s->columns);
    if (!s->columns)
        return orl_fail_memory(err);
    for (char *const *name = wanted; ret == ORL_OK && name && *name; name++)
        ret = add_column(s, *name, err);
    for (int pass = 0; !wanted && pass < 2; pass++)
        for (size_t r = 0; ret == ORL_OK && r < view->run_count; r++)
            ret = add_usual(view, r, pass == 0, s, err);
    if (ret == ORL_OK && s->count == 0)
        return orl_fail(
            err, ORL_EINPUT,
            "a series panel needs traces with more columns than step, loss and parameters");
    return ret;
}

/* Values that are far from nearly all others do not count: quartiles of some hundred rows, and ten
 * times their distance beyond. */
static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add_robust(const struct view *view, const struct step_line *line,
                       struct step_range *range)
{
    enum { SAMPLES = 501 };
    double values[SAMPLES];
    const struct orl_trace *trace = view->runs[line->run].trace;
    size_t begin = orl_pace_row(trace, view->pace.from),
           rows = orl_pace_row(trace, view->pace.to) + 1 - begin, count = 0;
    struct step_range whole;
    orl_step_range_init(&whole);
    orl_step_range_line(view, line, 0.0, INFINITY, &whole);
    size_t stride = rows / SAMPLES + 1; /* where cells are empty, the next that is not */
    for (size_t row = begin, next = begin; row < begin + rows && count < SAMPLES; row++)
        if (row >= next && isfinite(line->values[row * line->stride])) {
            values[count++] = line->values[row * line->stride];
            next = row + stride;
        }
    if (count == 0)
        return;
    qsort(values, count, sizeof *values, compare);
    double low = values[count / 4], high = values[count - 1 - count / 4],
           reach = REACH * (high - low);
    bool keep = count < 8 || !(reach > 0.0) || !isfinite(reach) ||
                (whole.low >= 0.0 && values[0] > 0.0); /* log axes hold them */
    if (keep)
        orl_step_range_line(view, line, 0.0, INFINITY, range);
    else
        orl_step_range_line(view, line, 0.5 * low + 0.5 * high, reach + 0.5 * (high - low), range);
}

static struct step_range range_of(const struct view *view, const char *name)
{
    struct step_range range;
    struct step_line line;
    orl_step_range_init(&range);
    for (size_t r = 0; r < view->run_count; r++)
        if (find_column(view, r, name, &line))
            add_robust(view, &line, &range);
    return range;
}

/* Columns that no run has, or that hold nothing, are an error where they were asked for. */
static int measure_columns(const struct view *view, struct series *s, struct orl_error *err)
{
    for (size_t i = 0; i < s->count; i++) {
        struct step_line line;
        bool found = false;
        for (size_t r = 0; r < view->run_count; r++)
            found |= find_column(view, r, s->columns[i].name, &line);
        if (!found)
            return orl_fail(
                err, ORL_EINPUT,
                "a series panel is to show '%s', which is not a column of any of its traces",
                s->columns[i].name);
        struct step_range range = range_of(view, s->columns[i].name);
        s->columns[i].size =
            range.low <= range.high ? fmax(fabs(range.low), fabs(range.high)) : 0.0;
    }
    return ORL_OK;
}

/* One run: each column joins the first plot whose sizes are like its own, up to so many lines.
 * Returns the number of plots. */
static size_t group_columns(const struct view *view, struct series *s, size_t lines)
{
    size_t plots = 0;
    for (size_t i = 0; i < s->count; i++) {
        size_t plot = 0;
        for (; view->run_count == 1 && plot < plots; plot++) {
            size_t members = 0;
            bool alike = true;
            for (size_t k = 0; k < i; k++)
                if (s->columns[k].plot == plot) {
                    double a = s->columns[k].size, b = s->columns[i].size;
                    alike &= fmax(a, b) <= ALIKE * fmin(a, b);
                    members++;
                }
            if (alike && members < lines)
                break;
        }
        s->columns[i].plot = view->run_count == 1 ? plot : plots;
        plots = s->columns[i].plot + 1 > plots ? s->columns[i].plot + 1 : plots;
    }
    return plots;
}

static size_t members_of(const struct series *s, size_t plot)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += s->columns[i].plot == plot;
    return count;
}

/* A plot of one column is called by its name; of several, their names stand at the lines. */
static int fill_plot(const struct view *view, const struct panel *panel, struct series *s,
                     size_t index, struct orl_error *err)
{
    struct step_plot *plot = &s->multiples.plots[index];
    size_t members = members_of(s, index), count = 0;
    struct step_range range;
    int ret = orl_step_plot_init(view, plot, members * view->run_count, err);
    if (ret != ORL_OK)
        return ret;
    orl_step_range_init(&range);
    for (size_t i = 0; i < s->count; i++) {
        if (s->columns[i].plot != index)
            continue;
        plot->plot.y_name = members > 1 ? "series" : s->columns[i].shown;
        struct step_range one = range_of(view, s->columns[i].name);
        orl_step_range_value(&range, one.low);
        orl_step_range_value(&range, one.high);
        range.least = fmin(range.least, one.least);
        for (size_t r = 0; r < view->run_count; r++) {
            struct step_line line;
            if (!find_column(view, r, s->columns[i].name, &line))
                continue;
            if (members > 1) {
                line.style = orl_step_parameter_style(view, i);
                line.label = s->columns[i].shown;
            }
            plot->lines[count++] = line;
        }
    }
    plot->count = count;
    enum step_scale scale = (enum step_scale)orl_panel_choice(panel, SETTING_SCALE);
    if (scale == STEP_SCALE_AUTO && !(range.low > 0.0)) /* a 0 is as good a value as any other */
        scale = STEP_SCALE_LINEAR;
    orl_step_axis_y(scale, &range, false, &plot->plot.y);
    return ORL_OK;
}

/* What placing made. */
static void forget_plots(struct series *s)
{
    orl_multiples_uninit(&s->multiples);
    for (size_t i = 0; s->columns && i < s->count; i++) {
        free(s->columns[i].shown);
        s->columns[i].shown = NULL;
    }
}

static void series_destroy(struct panel *panel)
{
    struct series *s = panel->state;
    if (!s)
        return;
    forget_plots(s);
    for (size_t i = 0; s->columns && i < s->count; i++)
        free(s->columns[i].name);
    free(s->columns);
    free(s);
    panel->state = NULL;
}

/* Names beside the heads leave most of a plot's width to its lines. */
static double label_room(double width)
{
    return NAMES_PART * width;
}

static size_t most_members(const struct series *s)
{
    size_t most = 0;
    for (size_t i = 0; i < s->count; i++) {
        size_t members = members_of(s, s->columns[i].plot);
        most = members > most ? members : most;
    }
    return most;
}

/* A name of several that stand beside their lines would be cut. */
static bool names_are_cut(const struct view *view, const struct panel *panel,
                          const struct series *s, size_t plots)
{
    double room = label_room(orl_multiples_width(view, panel->box, plots));
    for (size_t i = 0; i < s->count; i++)
        if (members_of(s, s->columns[i].plot) > 1 &&
            orl_letters_width(view->measure, s->columns[i].name, view->size.text, true) > room)
            return true;
    return false;
}

/* As many lines in a plot as have room for their names; a plot for each column where there is room
 * for that, but none for the names beside lines that share one. Returns how many plots there is
 * room for. */
static size_t choose_plots(const struct view *view, const struct panel *panel, struct series *s)
{
    size_t lines = LINES_MAX, plots;
    for (;; lines--) {
        plots = orl_multiples_room(view, panel->box, group_columns(view, s, lines));
        if (lines == 1 ||
            most_members(s) <=
                orl_step_labels_room(view, orl_multiples_height(view, panel->box, plots)))
            break;
    }
    if (names_are_cut(view, panel, s, plots) &&
        orl_multiples_room(view, panel->box, s->count) == s->count)
        return group_columns(view, s, 1);
    return plots;
}

static int name_columns(const struct view *view, double width, struct series *s,
                        struct orl_error *err)
{
    for (size_t i = 0; i < s->count; i++) {
        bool beside = members_of(s, s->columns[i].plot) > 1;
        double room = beside
                          ? label_room(width)
                          : fmax(NAME_LEAST * view->size.text, width - NAME_LEFT * view->size.text);
        s->columns[i].shown = orl_letters_fit(view->measure, s->columns[i].name, view->size.text,
                                              true, fmax(room, 2.0 * view->size.text));
        if (!s->columns[i].shown)
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

static int series_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct series *s = orl_calloc(1, sizeof *s);
    panel->state = s;
    if (!s)
        return orl_fail_memory(err);
    int ret = choose_columns(view, panel, s, err);
    return ret == ORL_OK ? measure_columns(view, s, err) : ret;
}

static int series_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct series *s = panel->state;
    forget_plots(s);
    size_t shown = 0, plots = choose_plots(view, panel, s);
    for (size_t i = 0; i < s->count; i++)
        shown += s->columns[i].plot < plots;
    int ret = name_columns(view, orl_multiples_width(view, panel->box, plots), s, err);
    if (ret == ORL_OK)
        ret = orl_multiples_init(&s->multiples, plots, err);
    for (size_t i = 0; ret == ORL_OK && i < plots; i++)
        ret = fill_plot(view, panel, s, i, err);
    if (ret != ORL_OK)
        return ret;
    orl_multiples_note(&s->multiples, shown, s->count);
    return orl_multiples_lay(view, panel, &s->multiples, SETTING_STEPS, err);
}

static bool series_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].trace->series_count)
            return true;
    return false;
}

static const struct orl_panel_ops series_ops = {.create = series_create,
                                                .place = series_place,
                                                .destroy = series_destroy,
                                                .still = orl_multiples_panel_still,
                                                .moving = orl_multiples_panel_moving};

const struct orl_panel_desc orl_panel_series = {
    .name = "series",
    .title = "Series",
    .description = "columns of a trace against the step; columns of like size share a plot",
    .settings = series_settings,
    .suits = series_suits,
    .needs_series = true,
    .ops = &series_ops,
};
