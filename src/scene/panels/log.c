/* The text log as it grows, in its own words: of one run the last lines at the step shown, the
 * newest below; of a race a line for each run. Numbers have as many digits as the panel has room
 * for: no line is cut. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/panel.h"

#define FIRST_LINE  1.25 /* what the first line takes */
#define WANTS_FIRST 1.35 /* the same with room below */
#define LINES_MOST  200.0
#define LINE        1.3 /* of the text size, from baseline to baseline */
enum { DIGITS_MAX = 17, DIGITS_LARGE = 10, DIGITS_WANTED = 6, DIGITS_MIN = 3, LINES_WANTED = 14 };

struct log_panel {
    double scale;     /* of its text against the film's: a race's, alone in a film, is larger where
                         there is room */
    bool single;      /* of one run: its steps; else a line for each run */
    bool bare;        /* there is room for numbers alone */
    bool values_only; /* a whole block with its derivatives would be too high */
    size_t run;       /* whose */
    size_t lines;     /* that fit */
    int digits;       /* of numbers */
    double words_x;   /* left end of the words, px */
    double number_x;  /* where the digits begin; a minus hangs to the left of them */
    char **derivative,
        **value;  /* owned: "derivative of loss wrt alpha:", "new alpha:", by parameter; ... */
    char **start; /* owned: ... "start alpha:" */
    size_t parameters;
    char **runs; /* owned: "MSE quadratic with sgd:", by run */
    size_t run_count;
};

static double minus_width(const struct view *view)
{
    return orl_letters_width(view->measure, "-", view->size.text, false);
}

/* The words of a line, the name in them shortened where even few digits would have no room beside
 * them. */
static char *words_of(const struct view *view, const char *before, const char *name, bool bold,
                      double room)
{
    double text = view->size.text, taken = orl_letters_width(view->measure, before, text, bold) +
                                           orl_letters_width(view->measure, ":", text, bold);
    char *short_name =
        orl_letters_fit(view->measure, name, text, bold, fmax(room - taken, 2.0 * text));
    char *both = short_name ? orl_asprintf("%s%s:", before, short_name) : NULL;
    char *fitted =
        both ? orl_letters_fit(view->measure, both, text, bold, fmax(room, 2.0 * text)) : NULL;
    free(short_name);
    free(both);
    return fitted;
}

/* The assignment's words, and shorter ones. */
static const struct form {
    const char *derivative;
    bool pretty; /* alpha as α */
} forms[] = {
    {"derivative of loss wrt ", false}, {"∂loss/∂", false}, {"∂loss/∂", true}, {"∂/∂", true}};
enum { FORM_WANTED = 1, FORM_LAST = sizeof forms / sizeof *forms - 1 };

static char *name_in(const struct orl_trace *trace, size_t parameter, const struct form *form)
{
    return form->pretty ? orl_name_pretty(trace->parameters[parameter])
                        : orl_strdup(trace->parameters[parameter]);
}

/* How wide a form's words are at most, colon included; INFINITY when memory is short. */
static double form_width(const struct view *view, const struct orl_trace *trace,
                         const struct form *form)
{
    double names = 0.0, text = view->size.text;
    for (size_t i = 0; i < trace->parameter_count; i++) {
        char *name = name_in(trace, i, form);
        names = fmax(names, name ? orl_letters_width(view->measure, name, text, false) : INFINITY);
        free(name);
    }
    return names + orl_letters_width(view->measure, ":", text, false) +
           fmax(orl_letters_width(view->measure, form->derivative, text, false),
                orl_letters_width(view->measure, "start ", text, false));
}

/* Longer words only where they leave `wide` px; `room` px at most. */
static int name_parameters(const struct view *view, struct log_panel *log, double wide, double room,
                           struct orl_error *err)
{
    const struct orl_trace *trace = view->runs[log->run].trace;
    const struct form *form = forms;
    while (form < &forms[FORM_LAST] &&
           form_width(view, trace, form) + (form == forms ? 0.5 : 0.0) * view->size.text > wide)
        form++;
    log->derivative = orl_calloc(trace->parameter_count + 1, sizeof *log->derivative);
    log->value = orl_calloc(trace->parameter_count + 1, sizeof *log->value);
    log->start = orl_calloc(trace->parameter_count + 1, sizeof *log->start);
    log->parameters = trace->parameter_count;
    bool good = log->derivative && log->value && log->start;
    for (size_t i = 0; good && i < trace->parameter_count; i++) {
        char *name = name_in(trace, i, form);
        log->derivative[i] = name ? words_of(view, form->derivative, name, false, room) : NULL;
        log->value[i] = name ? words_of(view, "new ", name, false, room) : NULL;
        log->start[i] = name ? words_of(view, "start ", name, false, room) : NULL;
        good = log->derivative[i] && log->value[i] && log->start[i];
        free(name);
    }
    return good ? ORL_OK : orl_fail_memory(err);
}

/* How a run is called: 0 "MSE quadratic with sgd:", 1 "MSE with sgd:", 2 of several runs "sgd:", of
 * one alone "MSE:". */
enum { RUN_FORM_LAST = 2 };

/* `last`: what stands right before the colon, and is shortened where that must be. Owned by the
 * caller: what stands before it. */
static char *words_before(const struct view *view, const struct orl_film_run *run, int form,
                          bool alone, const char **last)
{
    const struct orl_loss_desc *loss = run->problem ? orl_problem_loss(run->problem) : NULL;
    const char *label = loss ? loss->label : view->quantity,
               *name = run->name ? run->name : run->title, *slash = strchr(name, '/');
    *last = form == RUN_FORM_LAST && alone ? label : slash ? slash + 1 : name;
    if (form == RUN_FORM_LAST)
        return orl_strdup("");
    return form == 0 && slash ? orl_asprintf("%s %.*s with ", label, (int)(slash - name), name)
                              : orl_asprintf("%s with ", label);
}

static double run_form_width(const struct view *view, const struct panel *panel, int form)
{
    double widest = 0.0, text = view->size.text;
    for (size_t i = panel->first; i < panel->first + panel->count; i++) {
        const char *last;
        char *before = words_before(view, &view->runs[i], form, panel->count == 1, &last);
        widest = fmax(widest, !before ? INFINITY
                                      : orl_letters_width(view->measure, before, text, true) +
                                            orl_letters_width(view->measure, last, text, true) +
                                            orl_letters_width(view->measure, ":", text, true));
        free(before);
    }
    return widest;
}

/* A run's title as others may be told from it, where there is no room for more. */
static char *name_of(const struct view *view, size_t run, double room)
{
    char *name = orl_view_fit_name(
        view, run, room - orl_letters_width(view->measure, ":", view->size.text, true));
    char *words = name ? orl_asprintf("%s:", name) : NULL;
    free(name);
    return words;
}

/* The longest form that fits for all runs; below a cell's title the loss's name alone. */
static int name_runs(const struct view *view, const struct panel *panel, struct log_panel *log,
                     double wide, double room, struct orl_error *err)
{
    int form = panel->cell.is ? RUN_FORM_LAST : 0;
    while (form < RUN_FORM_LAST && run_form_width(view, panel, form) > wide)
        form++;
    log->runs = orl_calloc(view->run_count, sizeof *log->runs);
    log->run_count = view->run_count;
    for (size_t i = panel->first; log->runs && i < panel->first + panel->count; i++) {
        const char *last;
        char *before = words_before(view, &view->runs[i], form, log->single, &last);
        bool name = form == RUN_FORM_LAST && !log->single;
        log->runs[i] = !before ? NULL
                       : name  ? name_of(view, i, room)
                               : words_of(view, before, last, true, room);
        free(before);
        if (!log->runs[i])
            return orl_fail_memory(err);
    }
    return log->runs ? ORL_OK : orl_fail_memory(err);
}

static bool tells_derivatives(const struct view *view, const struct log_panel *log)
{
    return !log->values_only && view->runs[log->run].trace->gradients != NULL;
}

static double number_width(const struct view *view, int digits)
{
    char small[64], large[64];
    snprintf(small, sizeof small, "8.%.*se-308", digits - 1, "88888888888888888888");
    snprintf(large, sizeof large, "8.%.*se+308", digits - 1, "88888888888888888888");
    return fmax(orl_letters_width(view->measure, small, view->size.text, true),
                orl_letters_width(view->measure, large, view->size.text, true));
}

/* A race has but the lines of its runs; one run the lines of its steps, and its own at the end. */
static void choose_columns(const struct view *view, const struct panel *panel,
                           struct log_panel *log)
{
    double text = view->size.text, words = 0.0, gap = 0.5 * text + minus_width(view);
    for (size_t i = panel->first; i < panel->first + panel->count; i++)
        words = fmax(words, orl_letters_width(view->measure, log->runs[i], text, true));
    for (size_t i = 0; log->single && i < log->parameters; i++) {
        words = fmax(words, orl_letters_width(view->measure, log->start[i], text, false));
        if (tells_derivatives(view, log))
            words = fmax(words, orl_letters_width(view->measure, log->derivative[i], text, false));
    }
    log->digits = DIGITS_MAX;
    while (log->digits > DIGITS_MIN &&
           words + gap + number_width(view, log->digits) > panel->box.width)
        log->digits--;
    log->words_x = panel->box.x;
    words = log->bare ? 0.0 : words;
    log->number_x =
        panel->box.x +
        fmax(0.0, fmin(words + gap, panel->box.width - number_width(view, log->digits)));
}

static void free_all(char ***texts, size_t count)
{
    for (size_t i = 0; *texts && i < count; i++)
        free((*texts)[i]);
    free(*texts);
    *texts = NULL;
}

static void free_words(struct log_panel *log)
{
    free_all(&log->derivative, log->parameters);
    free_all(&log->value, log->parameters);
    free_all(&log->start, log->parameters);
    free_all(&log->runs, log->run_count);
}

static void log_destroy(struct panel *panel)
{
    struct log_panel *log = panel->state;
    if (log)
        free_words(log);
    free(log);
    panel->state = NULL;
}

/* Words and columns at the film's text size. */
static int lay(const struct view *view, const struct panel *panel, struct log_panel *log,
               struct orl_error *err)
{
    double beside = panel->box.width - 0.5 * view->size.text - minus_width(view);
    double wide = beside - number_width(view, DIGITS_WANTED - 1),
           room = beside - number_width(view, DIGITS_MIN);
    double lines = floor((panel->box.height / view->size.text - FIRST_LINE) / LINE) + 1.0;
    size_t parameters = view->runs[log->run].trace->parameter_count;
    log->bare = room < 2.0 * view->size.text;
    log->lines = lines < 1.0 ? 1 : lines > LINES_MOST ? (size_t)LINES_MOST : (size_t)lines;
    log->values_only = log->lines < 2 * parameters + 2;
    free_words(log);
    int ret = name_parameters(view, log, wide, room, err);
    if (ret == ORL_OK)
        ret = name_runs(view, panel, log, wide, room, err);
    if (ret == ORL_OK)
        choose_columns(view, panel, log);
    return ret;
}

static int log_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    (void)view;
    struct log_panel *log = orl_calloc(1, sizeof *log);
    panel->state = log;
    if (!log)
        return orl_fail_memory(err);
    log->single = panel->count == 1;
    log->run = panel->first;
    return ORL_OK;
}

static int log_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    static const double scales[] = {1.4, 1.25, 1.12, 1.0};
    struct log_panel *log = panel->state;
    /* Of one run there is always more to tell than there is room for. */
    int ret = ORL_OK;
    for (size_t i = log->single || view->panel_count > 1 ? ORL_COUNT(scales) - 1 : 0;
         i < ORL_COUNT(scales); i++) {
        struct view own = orl_view_with_text(view, log->scale = scales[i]);
        ret = lay(&own, panel, log, err);
        if (ret != ORL_OK || (log->lines >= panel->count && log->digits >= DIGITS_LARGE))
            break;
    }
    panel->names_runs = !log->single && (log->lines >= panel->count || view->panel_count == 1);
    return ret;
}

/* Beside other panels in short words and few digits; alone in full, and one run's rather beside the
 * readout than above it. */
static void log_wants(const struct view *view, const struct panel *panel, double *width,
                      double *height)
{
    const struct orl_trace *trace = view->runs[panel->first].trace;
    bool single = panel->count == 1, alone = view->panel_count == 1;
    size_t lines = single ? 2 + trace->parameter_count * (trace->gradients ? 2 : 1) : panel->count;
    double words = run_form_width(view, panel, alone ? 0 : single ? RUN_FORM_LAST : FORM_WANTED);
    if (single)
        words = fmax(words, form_width(view, trace, &forms[alone ? 0 : FORM_WANTED]));
    *width = words + EM_APART * view->size.text + minus_width(view) +
             number_width(view, alone ? DIGITS_MAX : DIGITS_WANTED);
    *height = view->size.text *
              (WANTS_FIRST + LINE * (double)((lines < LINES_WANTED ? lines : LINES_WANTED) - 1));
    if (alone && single)
        *height = view->height;
}

/* Before an exponent; zeros before them do not count. */
static int significant_digits(const char *number)
{
    int told = 0;
    for (; *number && *number != 'e'; number++)
        told += *number >= (told > 0 ? '0' : '1') && *number <= '9';
    return told;
}

/* Of a number that is not told in full, zeros at the end are told too: from frame to frame it is as
 * long. */
static void shorten(char out[ORL_NUMBER_SIZE], double value, int digits)
{
    bool full = significant_digits(out) <= digits || digits == DIGITS_MAX || !isfinite(value);
    orl_double_digits(out, value, digits);
    size_t end = strcspn(out, "e"), length = strlen(out), point = memchr(out, '.', end) ? 0 : 1;
    int told = significant_digits(out);
    if (full || told == 0 || told >= digits ||
        length + point + (size_t)(digits - told) >= ORL_NUMBER_SIZE)
        return;
    size_t more = point + (size_t)(digits - told);
    memmove(out + end + more, out + end, length - end + 1);
    memset(out + end, '0', more);
    if (point)
        out[end] = '.';
}

/* Where lines go: `line` 0 is the first that fits. */
static void put(const struct view *view, const struct panel *panel, size_t line,
                struct orl_color color, bool bold, const char *words, double value,
                struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    double y = panel->box.y + view->size.text * (1.0 + LINE * (double)line);
    char digits[ORL_NUMBER_SIZE];
    if (!log->bare || isnan(value))
        orl_picture_text(picture, log->words_x, y, 0.0, view->size.text, bold, color, words);
    if (isnan(value))
        return;
    orl_double_short(digits, value);
    if (strlen(digits) > (size_t)log->digits)
        shorten(digits, value, log->digits);
    orl_picture_text(picture, log->number_x - (*digits == '-' ? minus_width(view) : 0.0), y, 0.0,
                     view->size.text, bold, color, digits);
}

/* The gradient that the update to this row used: the trace's own note of it, or the row before,
 * where that is the step before. */
static const double *used_gradient(const struct orl_trace *trace, size_t row)
{
    size_t n = trace->parameter_count;
    if (trace->used)
        return trace->used + row * n;
    return trace->gradients && row > 0 && trace->step[row - 1] + 1 == trace->step[row]
               ? trace->gradients + (row - 1) * n
               : NULL;
}

/* What a block tells of the gradient; NULL: nothing. */
static const double *told_gradient(const struct log_panel *log, const struct orl_trace *trace,
                                   size_t row)
{
    return log->values_only || trace->step[row] < 1 ? NULL : used_gradient(trace, row);
}

static size_t block_lines(const struct log_panel *log, const struct orl_trace *trace, size_t row)
{
    return 1 + trace->parameter_count * (told_gradient(log, trace, row) ? 2 : 1);
}

/* A step's block whose last line is `last`; lines before the first have no room and are left out.
 */
static void put_block(const struct view *view, const struct panel *panel, size_t row, long last,
                      bool newest, struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    const struct orl_trace *trace = view->runs[log->run].trace;
    const double *used = told_gradient(log, trace, row),
                 *values = trace->values + row * trace->parameter_count;
    char *const *words_of_value = trace->step[row] < 1 ? log->start : log->value;
    struct orl_color color = newest ? view->theme->ink : view->theme->muted;
    long line = last - (long)block_lines(log, trace, row) + 1, most = last;
    char words[48];
    snprintf(words, sizeof words, "step %lld", (long long)trace->step[row]);
    size_t shown = trace->parameter_count;
    if (newest &&
        line < 0) { /* too high for the panel: its beginning, and how much more there is */
        line = 0;
        shown = last > 1 ? (size_t)(last - 1) / (used ? 2 : 1) : 0;
    }
    if (line >= 0)
        put(view, panel, (size_t)line, color, newest, words, NAN, picture);
    for (size_t i = 0; i < shown; i++) {
        if (used && ++line >= 0 && line <= most)
            put(view, panel, (size_t)line, color, false, log->derivative[i], used[i], picture);
        if (++line >= 0 && line <= most)
            put(view, panel, (size_t)line, color, false, words_of_value[i], values[i], picture);
    }
    snprintf(words, sizeof words, "… %zu more", trace->parameter_count - shown);
    if (shown < trace->parameter_count && line < most)
        put(view, panel, (size_t)line + 1, view->theme->muted, false, words, NAN, picture);
}

/* How many blocks up to a row's have room as wholes, and how many lines they are. */
static size_t whole_blocks(const struct log_panel *log, const struct orl_trace *trace, size_t row,
                           size_t room, size_t *lines)
{
    size_t blocks = 0;
    *lines = 0;
    for (; blocks <= row && *lines + block_lines(log, trace, row - blocks) <= room; blocks++)
        *lines += block_lines(log, trace, row - blocks);
    return blocks;
}

/* From the top down as on a terminal, the newest block the lowest. What the log ends with stands in
 * a line of its own, free until then. */
static void put_run(const struct view *view, const struct panel *panel, size_t frame,
                    struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    const struct orl_trace *trace = view->runs[log->run].trace;
    size_t shown = orl_view_row(view, panel->first, frame), room = log->lines - (log->lines > 2),
           lines;
    size_t blocks = whole_blocks(log, trace, shown, room, &lines);
    long last = (long)(blocks ? lines : room) - 1;
    if (orl_view_run_ended(view, panel->first, frame) && trace->loss)
        put(view, panel, log->lines > 2 ? (size_t)last + 1 : log->lines - 1, view->theme->ink, true,
            log->runs[panel->first], trace->loss[shown], picture);
    for (size_t k = 0; last >= 0 && k < (blocks ? blocks : 1); k++) {
        put_block(view, panel, shown - k, last, k == 0, picture);
        last -= (long)block_lines(log, trace, shown - k);
    }
}

static void put_race(const struct view *view, const struct panel *panel, size_t frame,
                     struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    size_t shown = panel->count <= log->lines ? panel->count : log->lines - 1;
    for (size_t i = 0; i < shown; i++) {
        size_t run = panel->first + i;
        const struct orl_trace *trace = view->runs[run].trace;
        put(view, panel, i, orl_view_style(view, run)->color, true, log->runs[run],
            trace->loss ? trace->loss[orl_view_row(view, run, frame)] : NAN, picture);
    }
    char words[48];
    snprintf(words, sizeof words, "… %zu more", panel->count - shown);
    if (shown < panel->count)
        put(view, panel, shown, view->theme->muted, false, words, NAN, picture);
}

static void log_moving(const struct view *view, const struct panel *panel, size_t frame,
                       struct orl_picture *picture)
{
    const struct log_panel *log = panel->state;
    struct view own = orl_view_with_text(view, log->scale);
    if (log->single)
        put_run(&own, panel, frame, picture);
    else
        put_race(&own, panel, frame, picture);
}

static const struct orl_panel_ops log_ops = {
    .create = log_create, .place = log_place, .destroy = log_destroy, .moving = log_moving};

const struct orl_panel_desc orl_panel_log = {
    .name = "log",
    .title = "Log",
    .description = "the last lines of the text log at the step shown, as many as there is room for",
    .wants = log_wants,
    .ops = &log_ops,
};
