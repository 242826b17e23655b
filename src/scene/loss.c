/* The loss of each run against the step, growing up to a moving head. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/frame.h"

/* Axes: how the values are spread. */
static const char *const scale_choices[] = {"auto", "linear", "log", NULL};
enum { SCALE_AUTO, SCALE_CHOICE_LINEAR, SCALE_CHOICE_LOG };
enum { SETTING_SCALE, SETTING_STEPS };

static const struct orl_setting loss_settings[] = {
    {.name = "scale",
     .type = ORL_SETTING_CHOICE,
     .unit = "1",
     .choices = scale_choices,
     .initial = SCALE_AUTO,
     .maximum = 2,
     .description = "spread of the loss axis; auto: log where the loss spans more than two decades"},
    {.name = "steps",
     .type = ORL_SETTING_CHOICE,
     .unit = "1",
     .choices = scale_choices,
     .initial = SCALE_AUTO,
     .maximum = 2,
     .description = "spread of the step axis; auto: as the film's pace"},
    {0},
};

/* One run's line, thinned to what can be seen: at most one lowest and one highest point in each column of pixels. */
struct line {
    double *xy;   /* owned */
    size_t *rows; /* owned: the trace row of each point */
    size_t count;
};

struct loss {
    struct plot plot;
    struct line *lines; /* owned: one per run */
    size_t line_count;
    double *scratch; /* owned: points of the longest line and one more */
};

static int choice(const struct panel *panel, int setting)
{
    return panel->values ? (int)panel->values[setting].number : SCALE_AUTO;
}

/* Range of the losses that count: a diverging run's last, huge ones do not; nor do values that are 0 on a log axis. */
static void loss_range(const struct orl_film *film, bool positive, double *low, double *high)
{
    double start = 0.0;
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t r = 0; r < film->run_count; r++)
        if (film->runs[r].trace->rows)
            start = fmax(start, fabs(film->runs[r].trace->loss[0]));
    for (size_t r = 0; r < film->run_count; r++) {
        const struct orl_trace *trace = film->runs[r].trace;
        for (size_t i = 0; i < trace->rows; i++) {
            double v = trace->loss[i];
            if (!isfinite(v) || (positive && v <= 0.0) || (start > 0.0 && v > 30.0 * start))
                continue;
            *low = fmin(*low, v);
            *high = fmax(*high, v);
        }
    }
    if (positive && *low < *high * 1e-16)
        *low = *high * 1e-16; /* below that there is rounding, not progress */
}

static void choose_axes(const struct orl_film *film, const struct panel *panel, struct loss *loss)
{
    double low, high, all_low, all_high;
    int wanted = choice(panel, SETTING_SCALE), steps = choice(panel, SETTING_STEPS);
    loss_range(film, true, &low, &high);
    loss_range(film, false, &all_low, &all_high);
    bool log = wanted == SCALE_CHOICE_LOG || (wanted == SCALE_AUTO && all_low >= 0.0 && low < high && high > 100.0 * low);
    if (log)
        orl_axis_range(&loss->plot.y, SCALE_LOG, low, high, 0.06);
    else
        orl_axis_range(&loss->plot.y, SCALE_LINEAR, wanted == SCALE_AUTO && all_low >= 0.0 ? 0.0 : all_low, all_high, 0.05);
    if (!log && all_low >= 0.0)
        loss->plot.y.low = fmax(loss->plot.y.low, 0.0);
    bool log_steps = steps == SCALE_CHOICE_LOG || (steps == SCALE_AUTO && film->pace_kind == ORL_PACE_LOG);
    orl_axis_range(&loss->plot.x, log_steps ? SCALE_LOG1P : SCALE_LINEAR, (double)film->pace.from, (double)film->pace.to, 0.0);
    loss->plot.x.low = (double)film->pace.from;
    if (loss->plot.x.high <= loss->plot.x.low)
        loss->plot.x.high = loss->plot.x.low + 1.0;
}

static void keep_point(struct line *line, double x, double y, size_t row)
{
    line->xy[2 * line->count] = x;
    line->xy[2 * line->count + 1] = y;
    line->rows[line->count++] = row;
}

/* Rows of one pixel column: first, lowest, highest and last, in their order. */
static void keep_column(const struct orl_trace *trace, const struct plot *plot, size_t begin, size_t end, struct line *line)
{
    size_t low = begin, high = begin;
    for (size_t i = begin; i < end; i++) {
        low = trace->loss[i] < trace->loss[low] ? i : low;
        high = trace->loss[i] > trace->loss[high] ? i : high;
    }
    const size_t picks[] = {begin, low < high ? low : high, low < high ? high : low, end - 1};
    for (size_t k = 0; k < 4; k++) {
        if (line->count && line->rows[line->count - 1] >= picks[k])
            continue;
        keep_point(line, orl_axis_px(&plot->x, (double)trace->step[picks[k]]), orl_axis_px(&plot->y, trace->loss[picks[k]]),
                   picks[k]);
    }
}

static int thin(const struct orl_film *film, const struct plot *plot, size_t run, struct line *line, struct orl_error *err)
{
    const struct orl_trace *trace = film->runs[run].trace;
    size_t columns = (size_t)plot->area.width + 3, room = trace->rows < 4 * columns ? trace->rows : 4 * columns;
    line->xy = orl_calloc(room + 1, 2 * sizeof *line->xy);
    line->rows = orl_calloc(room + 1, sizeof *line->rows);
    if (!line->xy || !line->rows)
        return orl_fail_memory(err);
    for (size_t begin = 0; begin < trace->rows;) {
        double column = floor(orl_axis_px(&plot->x, (double)trace->step[begin]));
        size_t end = begin + 1;
        while (end < trace->rows && floor(orl_axis_px(&plot->x, (double)trace->step[end])) == column)
            end++;
        if (trace->step[begin] >= film->pace.from - 1 && trace->step[begin] <= film->pace.to && line->count + 4 <= room + 1)
            keep_column(trace, plot, begin, end, line);
        else if (line->count < room)
            keep_point(line, orl_axis_px(&plot->x, (double)trace->step[begin]), orl_axis_px(&plot->y, trace->loss[begin]), begin);
        begin = end;
    }
    return ORL_OK;
}

static void loss_destroy(struct panel *panel)
{
    struct loss *loss = panel->state;
    if (!loss)
        return;
    for (size_t i = 0; i < loss->line_count; i++) {
        free(loss->lines[i].xy);
        free(loss->lines[i].rows);
    }
    free(loss->lines);
    free(loss->scratch);
    free(loss);
    panel->state = NULL;
}

static int loss_create(const struct orl_film *film, struct panel *panel, struct orl_error *err)
{
    for (size_t i = 0; i < film->run_count; i++)
        if (!film->runs[i].trace->loss)
            return orl_fail(err, ORL_EINPUT, "a loss panel needs the loss of every run; '%s' has none", film->runs[i].name);
    struct loss *loss = orl_calloc(1, sizeof *loss);
    panel->state = loss;
    if (!loss)
        return orl_fail_memory(err);
    loss->lines = orl_calloc(film->run_count, sizeof *loss->lines);
    if (!loss->lines)
        return orl_fail_memory(err);
    loss->line_count = film->run_count;
    choose_axes(film, panel, loss);
    loss->plot.y_name = film->quantity;
    loss->plot.x_name = "step";
    orl_plot_place(film, &loss->plot, panel->box, 0.9 * film->size.text);
    size_t longest = 0;
    for (size_t i = 0; i < film->run_count; i++) {
        int ret = thin(film, &loss->plot, i, &loss->lines[i], err);
        if (ret != ORL_OK)
            return ret;
        longest = loss->lines[i].count > longest ? loss->lines[i].count : longest;
    }
    loss->scratch = orl_calloc(longest + 1, 2 * sizeof *loss->scratch);
    return loss->scratch ? ORL_OK : orl_fail_memory(err);
}

static void loss_still(const struct orl_film *film, const struct panel *panel, struct orl_picture *picture)
{
    const struct loss *loss = panel->state;
    orl_plot_still(film, &loss->plot, picture);
}

/* The place of a row, kept inside the plot: what lies beyond shows at the edge. */
static void place(const struct loss *loss, const struct orl_trace *trace, size_t row, double xy[2])
{
    const struct orl_rect *area = &loss->plot.area;
    double y = orl_axis_px(&loss->plot.y, trace->loss[row]);
    xy[0] = fmin(fmax(orl_axis_px(&loss->plot.x, (double)trace->step[row]), area->x), area->x + area->width);
    xy[1] = isnan(y) ? area->y + area->height : fmin(fmax(y, area->y), area->y + area->height);
}

static void draw_run(const struct orl_film *film, struct loss *loss, size_t run, size_t row, struct orl_picture *picture)
{
    const struct line *line = &loss->lines[run];
    const struct style *style = orl_film_style(film, run);
    size_t count = 0;
    double head[2];
    while (count < line->count && line->rows[count] <= row)
        count++;
    memcpy(loss->scratch, line->xy, 2 * count * sizeof *loss->scratch);
    place(loss, film->runs[run].trace, row, head);
    memcpy(loss->scratch + 2 * count, head, sizeof head);
    struct orl_rect clip = loss->plot.area;
    clip.y -= 0.5 * film->size.line;
    clip.height += film->size.line;
    struct orl_mark *mark = orl_picture_clipped_line(picture, loss->scratch, count + 1, clip,
                                                     film->run_count > 1 ? 0.8 * film->size.line : film->size.line, style->color);
    if (mark)
        mark->dash = style->dash;
}

static void draw_head(const struct orl_film *film, const struct loss *loss, size_t run, size_t frame, size_t row,
                      struct orl_picture *picture)
{
    const struct orl_trace *trace = film->runs[run].trace;
    const struct style *style = orl_film_style(film, run);
    double head[2];
    place(loss, trace, row, head);
    bool diverged = trace->status == ORL_STATUS_DIVERGED && orl_film_run_ended(film, run, frame);
    struct orl_mark *mark =
        orl_picture_dots(picture, head, 1, 1.9 * film->size.line, diverged ? ORL_MARKER_CROSS : style->marker, style->color);
    if (mark) {
        mark->halo = film->theme->background;
        mark->halo_px = 0.5 * film->size.line;
    }
}

static void loss_moving(const struct orl_film *film, const struct panel *panel, size_t frame, struct orl_picture *picture)
{
    struct loss *loss = panel->state;
    for (size_t run = panel->first; run < panel->first + panel->count; run++)
        draw_run(film, loss, run, orl_film_row(film, run, frame), picture);
    for (size_t run = panel->first; run < panel->first + panel->count; run++)
        draw_head(film, loss, run, frame, orl_film_row(film, run, frame), picture);
}

static const struct orl_panel_ops loss_ops = {loss_create, loss_destroy, loss_still, loss_moving};

const struct orl_panel_desc orl_panel_loss = {
    .name = "loss",
    .title = "Loss",
    .description = "the loss against the step, of every run, with a moving head",
    .settings = loss_settings,
    .ops = &loss_ops,
};
