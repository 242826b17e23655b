/* The text log as it grows, in its own words: of one run the last lines at the step shown, the newest below; of a race a line for
 * each run. Numbers have as many digits as the panel has room for: no line is cut. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/panel.h"

#define LINE 1.3 /* of the text size, from baseline to baseline */
enum { DIGITS_MAX = 17, DIGITS_MIN = 3, WORDS_SIZE = 256 };

struct log_panel {
    bool single;                /* of one run: its steps; else a line for each run */
    size_t run;                 /* whose */
    size_t lines;               /* that fit */
    int digits;                 /* of numbers */
    double words_x;             /* left end of the words, px */
    double number_x;            /* where the digits begin; a minus hangs to the left of them */
    char **derivative, **value; /* owned: "derivative of loss wrt alpha:", "new alpha:", by parameter */
    size_t parameters;
    char **runs; /* owned: "MSE quadratic with sgd:", by run */
    size_t run_count;
};

static double minus_width(const struct orl_film *film)
{
    return orl_film_text_width(film, "-", film->size.text, false);
}

/* The words of a line, the name in them shortened where even few digits would have no room beside them. */
static char *words_of(const struct orl_film *film, const char *before, const char *name, bool bold, double room)
{
    double text = film->size.text,
           taken = orl_film_text_width(film, before, text, bold) + orl_film_text_width(film, ":", text, bold);
    char *short_name = orl_film_fit_text(film, name, text, bold, fmax(room - taken, 2.0 * text));
    char *both = short_name ? orl_asprintf("%s%s:", before, short_name) : NULL;
    char *fitted = both ? orl_film_fit_text(film, both, text, bold, fmax(room, 2.0 * text)) : NULL;
    free(short_name);
    free(both);
    return fitted;
}

/* The assignment's words where they fit beside the numbers, else shorter ones. */
static const char *derivative_words(const struct orl_film *film, const struct orl_trace *trace, double room)
{
    static const char *const forms[] = {"derivative of loss wrt ", "∂loss/∂", "∂/∂"};
    const size_t last = ORL_COUNT(forms) - 1;
    double widest = 0.0, text = film->size.text;
    for (size_t i = 0; i < trace->parameter_count; i++)
        widest = fmax(widest, orl_film_text_width(film, trace->parameters[i], text, false));
    for (size_t i = 0; i < last; i++)
        if (widest + orl_film_text_width(film, forms[i], text, false) + (i ? 0.4 : 1.0) * text <= room)
            return forms[i];
    return forms[last];
}

static int name_parameters(const struct orl_film *film, struct log_panel *log, double room, struct orl_error *err)
{
    const struct orl_trace *trace = film->runs[log->run].trace;
    const char *derivative = derivative_words(film, trace, room);
    log->derivative = orl_calloc(trace->parameter_count + 1, sizeof *log->derivative);
    log->value = orl_calloc(trace->parameter_count + 1, sizeof *log->value);
    log->parameters = trace->parameter_count;
    for (size_t i = 0; log->derivative && log->value && i < trace->parameter_count; i++) {
        log->derivative[i] = words_of(film, derivative, trace->parameters[i], false, room);
        log->value[i] = words_of(film, "new ", trace->parameters[i], false, room);
        if (!log->derivative[i] || !log->value[i])
            return orl_fail_memory(err);
    }
    return log->derivative && log->value ? ORL_OK : orl_fail_memory(err);
}

/* "MSE quadratic with sgd:"; where there is no room for it without the problem, then without either of the others: of several runs
 * each keeps its name. */
static char *words_of_run(const struct orl_film *film, const struct orl_film_run *run, bool alone, double room)
{
    const struct orl_loss_desc *loss = run->problem ? orl_problem_loss(run->problem) : NULL;
    const char *label = loss ? loss->label : film->quantity, *name = run->name ? run->name : run->title, *slash = strchr(name, '/');
    double text = film->size.text;
    for (int form = 0;; form++) {
        const char *last = form == 2 && alone ? label : slash ? slash + 1 : name;
        char *before = form == 2            ? orl_strdup("")
                       : form == 0 && slash ? orl_asprintf("%s %.*s with ", label, (int)(slash - name), name)
                                            : orl_asprintf("%s with ", label);
        if (!before || form == 2 ||
            orl_film_text_width(film, before, text, true) + orl_film_text_width(film, last, text, true) + 0.4 * text <= room) {
            char *words = before ? words_of(film, before, last, true, room) : NULL;
            free(before);
            return words;
        }
        free(before);
    }
}

static int name_runs(const struct orl_film *film, struct log_panel *log, double room, struct orl_error *err)
{
    log->runs = orl_calloc(film->run_count, sizeof *log->runs);
    log->run_count = film->run_count;
    for (size_t i = 0; log->runs && i < film->run_count; i++)
        if (!(log->runs[i] = words_of_run(film, &film->runs[i], log->single, room)))
            return orl_fail_memory(err);
    return log->runs ? ORL_OK : orl_fail_memory(err);
}

static bool tells_derivatives(const struct orl_film *film, const struct log_panel *log)
{
    return film->runs[log->run].trace->gradients != NULL;
}

static double number_width(const struct orl_film *film, int digits)
{
    char widest[64];
    snprintf(widest, sizeof widest, "8.%.*se-308", digits - 1, "88888888888888888888");
    return orl_film_text_width(film, widest, film->size.text, true);
}

/* A race has but the lines of its runs; one run the lines of its steps, and its own at the end. */
static void choose_columns(const struct orl_film *film, const struct panel *panel, struct log_panel *log)
{
    double text = film->size.text, words = 0.0, gap = 0.5 * text + minus_width(film);
    for (size_t i = 0; i < log->run_count; i++)
        words = fmax(words, orl_film_text_width(film, log->runs[i], text, true));
    for (size_t i = 0; log->single && i < log->parameters; i++) {
        words = fmax(words, orl_film_text_width(film, log->value[i], text, false));
        if (tells_derivatives(film, log))
            words = fmax(words, orl_film_text_width(film, log->derivative[i], text, false));
    }
    log->digits = DIGITS_MAX;
    while (log->digits > DIGITS_MIN && words + gap + number_width(film, log->digits) > panel->box.width)
        log->digits--;
    log->words_x = panel->box.x;
    log->number_x = panel->box.x + fmin(words + gap, panel->box.width - number_width(film, log->digits));
}

static void log_destroy(struct panel *panel)
{
    struct log_panel *log = panel->state;
    if (!log)
        return;
    for (size_t i = 0; i < log->parameters; i++) {
        free(log->derivative ? log->derivative[i] : NULL);
        free(log->value ? log->value[i] : NULL);
    }
    for (size_t i = 0; log->runs && i < log->run_count; i++)
        free(log->runs[i]);
    free(log->derivative);
    free(log->value);
    free(log->runs);
    free(log);
    panel->state = NULL;
}

static int log_create(const struct orl_film *film, struct panel *panel, struct orl_error *err)
{
    struct log_panel *log = orl_calloc(1, sizeof *log);
    panel->state = log;
    if (!log)
        return orl_fail_memory(err);
    log->single = panel->count == 1;
    log->run = panel->first;
    double room = panel->box.width - number_width(film, DIGITS_MIN) - 0.5 * film->size.text - minus_width(film);
    double lines = floor((panel->box.height / film->size.text - 1.25) / LINE) + 1.0;
    log->lines = lines < 1.0 ? 1 : lines > 200.0 ? 200 : (size_t)lines;
    int ret = name_parameters(film, log, room, err);
    if (ret == ORL_OK)
        ret = name_runs(film, log, room, err);
    if (ret == ORL_OK)
        choose_columns(film, panel, log);
    return ret;
}

static void log_still(const struct orl_film *film, const struct panel *panel, struct orl_picture *picture)
{
    (void)film;
    (void)panel;
    (void)picture;
}

/* Where lines go: `line` 0 is the first that fits. */
static void put(const struct orl_film *film, const struct panel *panel, size_t line, struct orl_color color, bool bold,
                const char *words, double value, struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    double y = panel->box.y + film->size.text * (1.0 + LINE * (double)line);
    char digits[ORL_NUMBER_SIZE];
    orl_picture_text(picture, log->words_x, y, 0.0, film->size.text, bold, color, words);
    if (isnan(value))
        return;
    orl_double_short(digits, value);
    if (strlen(digits) > (size_t)log->digits)
        orl_double_digits(digits, value, log->digits);
    orl_picture_text(picture, log->number_x - (*digits == '-' ? minus_width(film) : 0.0), y, 0.0, film->size.text, bold, color,
                     digits);
}

/* The gradient that the update to this row used: the trace's own note of it, or the row before, where that is the step before. */
static const double *used_gradient(const struct orl_trace *trace, size_t row)
{
    size_t n = trace->parameter_count;
    if (trace->used)
        return trace->used + row * n;
    return trace->gradients && row > 0 && trace->step[row - 1] + 1 == trace->step[row] ? trace->gradients + (row - 1) * n : NULL;
}

static size_t block_lines(const struct orl_trace *trace, size_t row)
{
    return 1 + trace->parameter_count * (used_gradient(trace, row) ? 2 : 1);
}

/* A step's block whose last line is `last`; lines before the first have no room and are left out. */
static void put_block(const struct orl_film *film, const struct panel *panel, size_t row, long last, bool newest,
                      struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    const struct orl_trace *trace = film->runs[log->run].trace;
    const double *used = used_gradient(trace, row), *values = trace->values + row * trace->parameter_count;
    struct orl_color color = newest ? film->theme->ink : film->theme->muted;
    long line = last - (long)block_lines(trace, row) + 1, most = last;
    char words[48];
    snprintf(words, sizeof words, "step %lld", (long long)trace->step[row]);
    size_t shown = trace->parameter_count;
    if (newest && line < 0) { /* too high for the panel: its beginning, and how much more there is */
        line = 0;
        shown = last > 1 ? (size_t)(last - 1) / (used ? 2 : 1) : 0;
    }
    if (line >= 0)
        put(film, panel, (size_t)line, color, newest, words, NAN, picture);
    for (size_t i = 0; i < shown; i++) {
        if (used && ++line >= 0 && line <= most)
            put(film, panel, (size_t)line, color, false, log->derivative[i], used[i], picture);
        if (++line >= 0 && line <= most)
            put(film, panel, (size_t)line, color, false, log->value[i], values[i], picture);
    }
    snprintf(words, sizeof words, "… %zu more", trace->parameter_count - shown);
    if (shown < trace->parameter_count && line < most)
        put(film, panel, (size_t)line + 1, film->theme->muted, false, words, NAN, picture);
}

/* What the log ends with stands in a line of its own, free until then. */
static void put_run(const struct orl_film *film, const struct panel *panel, size_t frame, struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    const struct orl_trace *trace = film->runs[log->run].trace;
    size_t shown = orl_film_row(film, panel->first, frame);
    long last = (long)log->lines - 1;
    if (orl_film_run_ended(film, panel->first, frame) && trace->loss)
        put(film, panel, (size_t)last, film->theme->ink, true, log->runs[panel->first], trace->loss[shown], picture);
    last -= log->lines > 2;
    for (size_t row = shown; last >= 0 && trace->step[row] >= 1; row--) {
        put_block(film, panel, row, last, row == shown, picture);
        last -= (long)block_lines(trace, row);
        if (row == 0)
            break;
    }
}

static void put_race(const struct orl_film *film, const struct panel *panel, size_t frame, struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    size_t shown = panel->count <= log->lines ? panel->count : log->lines - 1;
    for (size_t i = 0; i < shown; i++) {
        size_t run = panel->first + i;
        const struct orl_trace *trace = film->runs[run].trace;
        put(film, panel, i, orl_film_style(film, run)->color, true, log->runs[run],
            trace->loss ? trace->loss[orl_film_row(film, run, frame)] : NAN, picture);
    }
    char words[48];
    snprintf(words, sizeof words, "… %zu more", panel->count - shown);
    if (shown < panel->count)
        put(film, panel, shown, film->theme->muted, false, words, NAN, picture);
}

static void log_moving(const struct orl_film *film, const struct panel *panel, size_t frame, struct orl_picture *picture)
{
    if (((const struct log_panel *)panel->state)->single)
        put_run(film, panel, frame, picture);
    else
        put_race(film, panel, frame, picture);
}

static const struct orl_panel_ops log_ops = {log_create, log_destroy, log_still, log_moving};

const struct orl_panel_desc orl_panel_log = {
    .name = "log",
    .title = "Log",
    .description = "the last lines of the text log at the step shown, as many as there is room for",
    .ops = &log_ops,
};
