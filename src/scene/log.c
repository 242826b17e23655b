/* The last lines of the text log, in the assignment's words: the step, then each parameter's derivative and new value. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/panel.h"

#define LINE_HEIGHT 1.36 /* of the text size */
enum { DIGITS_MOST = 10, DIGITS_LEAST = 3, SAMPLES = 200, BLOCKS_MAX = 16 };

struct log {
    size_t run;   /* whose log it is: of a race the run that ends best */
    size_t lines; /* that fit below the heading */
    size_t shown; /* parameters in a block */
    int digits;   /* significant digits that fit */
    char **names; /* owned: per parameter "derivative of loss wrt α" (or shorter), then "new α" */
    size_t name_count;
    char *heading; /* owned */
};

static void log_destroy(struct panel *panel)
{
    struct log *log = panel->state;
    if (!log)
        return;
    for (size_t i = 0; log->names && i < log->name_count; i++)
        free(log->names[i]);
    free(log->names);
    free(log->heading);
    free(log);
    panel->state = NULL;
}

static size_t best_run(const struct orl_film *film, const struct panel *panel)
{
    size_t best = panel->first;
    double least = INFINITY;
    for (size_t run = panel->first; run < panel->first + panel->count; run++) {
        const struct orl_trace *trace = film->runs[run].trace;
        double loss = trace->loss ? trace->loss[trace->rows - 1] : INFINITY;
        if (trace->status != ORL_STATUS_DIVERGED && loss < least) {
            least = loss;
            best = run;
        }
    }
    return best;
}

/* A number of the log. The real minus is as wide as a digit. */
static void format(char out[ORL_NUMBER_SIZE + 8], double value, int digits)
{
    char plain[ORL_NUMBER_SIZE];
    orl_double_digits(plain, fabs(value), digits);
    snprintf(out, ORL_NUMBER_SIZE + 8, "%s%s", value < 0.0 ? "−" : "", plain);
}

static int make_names(const struct orl_film *film, struct log *log, bool shortly, struct orl_error *err)
{
    const struct orl_trace *trace = film->runs[log->run].trace;
    for (size_t i = 0; i < log->name_count; i++) {
        free(log->names[i]);
        log->names[i] = NULL;
    }
    for (size_t i = 0; i < trace->parameter_count; i++) {
        char *name = orl_name_pretty(trace->parameters[i]);
        log->names[2 * i] = name ? orl_asprintf(shortly ? "∂loss/∂%s" : "derivative of loss wrt %s", name) : NULL;
        log->names[2 * i + 1] = name ? orl_asprintf("new %s", name) : NULL;
        free(name);
        if (!log->names[2 * i] || !log->names[2 * i + 1])
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* The gradient that the update to this row used: the one of the row before, where that is of the step before. */
static const double *used_gradient(const struct orl_trace *trace, size_t row)
{
    if (trace->used)
        return trace->used + row * trace->parameter_count;
    if (!trace->gradients || row == 0 || trace->step[row - 1] + 1 != trace->step[row])
        return NULL;
    return trace->gradients + (row - 1) * trace->parameter_count;
}

/* How wide the widest line of the film gets, over some rows of it. */
static double widest_line(const struct orl_film *film, const struct log *log)
{
    const struct orl_trace *trace = film->runs[log->run].trace;
    char number[ORL_NUMBER_SIZE + 8];
    double widest = 0.0, size = film->size.text;
    size_t stride = trace->rows / SAMPLES + 1;
    for (size_t i = 0; i < log->shown; i++) {
        double most = 0.0, name = fmax(orl_film_text_width(film, log->names[2 * i], size, false),
                                       orl_film_text_width(film, log->names[2 * i + 1], size, false));
        for (size_t row = 0; row < trace->rows; row += stride) {
            const double *gradient = used_gradient(trace, row);
            format(number, trace->values[row * trace->parameter_count + i], log->digits);
            most = fmax(most, orl_film_text_width(film, number, size, false));
            format(number, gradient ? gradient[i] : 0.0, log->digits);
            most = fmax(most, orl_film_text_width(film, number, size, false));
        }
        widest = fmax(widest, name + most + 0.8 * size);
    }
    return widest;
}

/* Names so long that nothing else fits beside them are shortened. */
static int cut_names(const struct orl_film *film, struct log *log, double width, struct orl_error *err)
{
    for (size_t i = 0; i < log->name_count; i++) {
        char *cut = orl_film_fit_text(film, log->names[i], film->size.text, false, width);
        if (!cut)
            return orl_fail_memory(err);
        free(log->names[i]);
        log->names[i] = cut;
    }
    return ORL_OK;
}

static int log_create(const struct orl_film *film, struct panel *panel, struct orl_error *err)
{
    struct log *log = orl_calloc(1, sizeof *log);
    panel->state = log;
    if (!log)
        return orl_fail_memory(err);
    log->run = best_run(film, panel);
    const struct orl_trace *trace = film->runs[log->run].trace;
    if (trace->parameter_count == 0)
        return orl_fail(err, ORL_EINPUT, "a log panel needs parameters; '%s' has none", film->runs[log->run].name);
    double lines = floor(panel->box.height / (LINE_HEIGHT * film->size.text)) - 1.0;
    log->lines = lines > 2.0 ? (size_t)lines : 2;
    bool all = (log->lines - 1) / 2 >= trace->parameter_count;
    log->shown = all ? trace->parameter_count : log->lines > 3 ? (log->lines - 2) / 2 : 0; /* a line says how many are left out */
    log->names = orl_calloc(trace->parameter_count, 2 * sizeof *log->names);
    char *title = orl_film_fit_text(film, film->runs[log->run].title, film->size.text, false, 0.7 * panel->box.width);
    log->heading = !title ? NULL : film->run_count > 1 ? orl_asprintf("log of %s", title) : orl_strdup("log");
    free(title);
    if (!log->names || !log->heading)
        return orl_fail_memory(err);
    log->name_count = 2 * trace->parameter_count;
    int ret = make_names(film, log, false, err);
    for (int shortly = 0; ret == ORL_OK && shortly < 2; shortly++) {
        if (shortly)
            ret = make_names(film, log, true, err);
        for (log->digits = DIGITS_MOST; ret == ORL_OK && log->digits >= DIGITS_LEAST; log->digits--)
            if (widest_line(film, log) <= panel->box.width)
                return ORL_OK;
    }
    log->digits = DIGITS_LEAST;
    return ret == ORL_OK ? cut_names(film, log, 0.5 * panel->box.width, err) : ret;
}

static void log_still(const struct orl_film *film, const struct panel *panel, struct orl_picture *picture)
{
    const struct log *log = panel->state;
    orl_picture_text(picture, panel->box.x, panel->box.y + film->size.text, 0.0, film->size.text, false, film->theme->ink,
                     log->heading);
}

static void put_line(const struct orl_film *film, const struct panel *panel, size_t line, const char *name, double value,
                     struct orl_picture *picture)
{
    const struct log *log = panel->state;
    char number[ORL_NUMBER_SIZE + 8];
    double y = panel->box.y + film->size.text * (1.0 + LINE_HEIGHT * (double)(line + 1));
    format(number, value, log->digits);
    orl_picture_text(picture, panel->box.x, y, 0.0, film->size.text, false, film->theme->muted, name);
    orl_picture_text(picture, panel->box.x + panel->box.width, y, 1.0, film->size.text, false, film->theme->ink, number);
}

/* A row's lines, from `line` on. */
static void put_block(const struct orl_film *film, const struct panel *panel, size_t row, size_t line, struct orl_picture *picture)
{
    const struct log *log = panel->state;
    const struct orl_trace *trace = film->runs[log->run].trace;
    const double *gradient = used_gradient(trace, row);
    char step[64];
    double y = panel->box.y + film->size.text * (1.0 + LINE_HEIGHT * (double)(line + 1));
    snprintf(step, sizeof step, "step %lld", (long long)trace->step[row]);
    orl_picture_text(picture, panel->box.x, y, 0.0, film->size.text, true, film->theme->ink, step);
    for (size_t i = 0; i < log->shown; i++) {
        if (gradient)
            put_line(film, panel, ++line, log->names[2 * i], gradient[i], picture);
        put_line(film, panel, ++line, log->names[2 * i + 1], trace->values[row * trace->parameter_count + i], picture);
    }
    if (log->shown == trace->parameter_count)
        return;
    snprintf(step, sizeof step, "and %zu more parameters", trace->parameter_count - log->shown);
    orl_picture_text(picture, panel->box.x, y + film->size.text * LINE_HEIGHT * (double)(log->shown * (gradient ? 2 : 1) + 1), 0.0,
                     film->size.text, false, film->theme->muted, step);
}

/* Whole blocks, the newest at the bottom. Row 0 is no step: nothing was done there. */
static void log_moving(const struct orl_film *film, const struct panel *panel, size_t frame, struct orl_picture *picture)
{
    const struct log *log = panel->state;
    const struct orl_trace *trace = film->runs[log->run].trace;
    size_t row = orl_film_row(film, log->run, frame), lines[BLOCKS_MAX], count = 0, used = 0;
    while (count < BLOCKS_MAX && row >= count + 1) {
        size_t wanted = 1 + log->shown * (used_gradient(trace, row - count) ? 2 : 1) + (log->shown < trace->parameter_count);
        if (used + wanted > log->lines)
            break;
        lines[count++] = wanted;
        used += wanted;
    }
    size_t line = 0;
    for (size_t i = count; i-- > 0;) {
        put_block(film, panel, row - i, line, picture);
        line += lines[i];
    }
}

static const struct orl_panel_ops log_ops = {log_create, log_destroy, log_still, log_moving};

const struct orl_panel_desc orl_panel_log = {
    .name = "log",
    .title = "Log",
    .description = "the last lines of the text log: each parameter's derivative and new value",
    .ops = &log_ops,
};
