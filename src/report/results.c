/* The table of runs, once as CSV for programs, once as Markdown and once as LaTeX for people. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/parts.h"

/* A table of texts. */
struct table {
    size_t columns, rows, fill;
    char **cells; /* owned: row by row, the first one the head */
    bool failed;
};

enum { HEADS = 9, FIXED = HEADS + ORL_THRESHOLDS, PEOPLE_DIGITS = 6 };
static const char *const heads[HEADS] = {
    "problem",           "optimizer",           "kind", "status", "steps", "loss", "gradient_norm",
    "distance_to_truth", "distance_to_best_fit"};
enum { STANDING = 4 };
static const char *const standing_heads[STANDING] = {"rank", "level", "level_step",
                                                     "median_of_repeats"};

static void put(struct table *t, char *text)
{
    t->failed |= !text || t->fill >= t->columns * t->rows;
    if (t->failed)
        free(text);
    else
        t->cells[t->fill++] = text;
}

static void put_number(struct table *t, double value, bool exact)
{
    char text[ORL_NUMBER_SIZE] = "";
    if (isfinite(value) && exact)
        orl_double_exact(text, value);
    else if (isfinite(value))
        orl_double_digits(text, value, PEOPLE_DIGITS);
    put(t, orl_strdup(text));
}

/* What a fit is worth, behind the parameters. */
static const struct {
    const char *head;
    size_t offset;
} fit_columns[] = {
    {"residual_sd", offsetof(struct orl_fit, residual_sd)},
    {"degrees_of_freedom", offsetof(struct orl_fit, degrees_of_freedom)},
    {"reduced_chi_square", offsetof(struct orl_fit, reduced_chi_square)},
    {"r_squared", offsetof(struct orl_fit, r_squared)},
    {"aic", offsetof(struct orl_fit, aic)},
    {"bic", offsetof(struct orl_fit, bic)},
};

static bool has_repeats(const struct orl_report *report)
{
    bool some = false;
    for (size_t i = 0; i < report->run_count; i++)
        some |= report->runs[i].repeat != NULL;
    return some;
}

static bool has_fits(const struct orl_report *report)
{
    bool some = false;
    for (size_t i = 0; i < report->run_count; i++)
        some |= report->runs[i].fit != NULL;
    return some;
}

/* The place of a parameter in a run; its parameter_count where it has none of that name. */
static size_t parameter_find(const struct orl_report_run *run, const char *name)
{
    size_t at = 0;
    while (at < run->parameter_count && strcmp(run->parameters[at], name) != 0)
        at++;
    return at;
}

static void put_fit(struct table *t, const struct orl_report_run *run, const char *const *names,
                    size_t count, bool exact)
{
    const struct orl_fit *fit = run->fit;
    for (size_t k = 0; k < count; k++) {
        size_t at = parameter_find(run, names[k]);
        put_number(t, fit && at < fit->count ? orl_fit_standard_error(fit, at) : (double)NAN,
                   exact);
    }
    for (size_t i = 0; i < ORL_COUNT(fit_columns); i++) {
        const char *base = (const char *)fit;
        put_number(
            t, fit ? *(const double *)(const void *)(base + fit_columns[i].offset) : (double)NAN,
            exact);
    }
    put(t, orl_strdup(!fit ? "" : fit->arrived ? "true" : "false"));
}

static void put_step(struct table *t, int64_t step)
{
    put(t, step < 0 ? orl_strdup("") : orl_asprintf("%lld", (long long)step));
}

/* Euclidean distance in the parameters' units; NaN where there is nothing to compare. */
static double distance(const struct orl_report_run *run, const double *to)
{
    double sum = 0.0;
    for (size_t i = 0; run->values && to && i < run->parameter_count; i++)
        sum = hypot(sum, run->values[i] - to[i]);
    return run->values && to ? sum : (double)NAN;
}

/* The parameters of all problems, each name once. Owned by the caller: the list alone. */
static const char **all_parameters(const struct orl_report *report, size_t *count)
{
    size_t most = 0;
    *count = 0;
    for (size_t i = 0; i < report->run_count; i++)
        most += report->runs[i].parameter_count;
    const char **names = orl_calloc(most, sizeof *names);
    for (size_t i = 0; names && i < report->run_count; i++)
        for (size_t k = 0; k < report->runs[i].parameter_count; k++) {
            size_t at = 0;
            while (at < *count && strcmp(names[at], report->runs[i].parameters[k]) != 0)
                at++;
            if (at == *count)
                names[(*count)++] = report->runs[i].parameters[k];
        }
    return names;
}

/* The place in the standing; of runs that differ in their seeds alone also their middle. */
static void put_standing(struct table *t, const struct orl_report *report,
                         const struct orl_report_run *run, bool exact)
{
    put(t, run->rank ? orl_asprintf("%zu", run->rank) : orl_strdup(""));
    put_number(t, run->level, exact);
    put_step(t, run->level_step);
    if (has_repeats(report))
        put_number(t, orl_report_repeats_median(report, run), exact);
}

static void put_run(struct table *t, const struct orl_report *report,
                    const struct orl_report_run *run, const char *const *names, size_t count,
                    bool exact)
{
    const char *slash = strchr(run->name, '/');
    put(t, orl_strdup(run->problem ? run->problem : ""));
    put(t, orl_strdup(slash ? slash + 1 : run->name));
    put(t, orl_strdup(run->kind));
    put(t, orl_strdup(orl_status_name(run->status)));
    put_step(t, run->steps);
    put_number(t, run->loss, exact);
    put_number(t, run->gradient_norm, exact);
    put_number(t, distance(run, run->truth), exact);
    put_number(t, distance(run, run->best_fit), exact);
    for (size_t i = 0; i < ORL_THRESHOLDS; i++)
        put_step(t, run->steps_to[i]);
    for (size_t k = 0; k < count; k++) {
        size_t at = parameter_find(run, names[k]);
        put_number(t, run->values && at < run->parameter_count ? run->values[at] : (double)NAN,
                   exact);
    }
    if (has_fits(report))
        put_fit(t, run, names, count, exact);
    put_standing(t, report, run, exact);
    if (report->times)
        put_number(t, run->seconds, exact);
}

static void put_fit_heads(struct table *t, const char *const *names, size_t count)
{
    for (size_t k = 0; k < count; k++)
        put(t, orl_asprintf("%s_se", names[k]));
    for (size_t i = 0; i < ORL_COUNT(fit_columns); i++)
        put(t, orl_strdup(fit_columns[i].head));
    put(t, orl_strdup("arrived"));
}

static bool fill(struct table *t, const struct orl_report *report, bool exact)
{
    size_t count;
    const char **names = all_parameters(report, &count);
    size_t fits = has_fits(report) ? count + ORL_COUNT(fit_columns) + 1 : 0;
    size_t standing = has_repeats(report) ? STANDING : STANDING - 1;
    *t = (struct table){.columns = FIXED + count + fits + standing + report->times,
                        .rows = report->run_count + 1};
    t->cells = orl_calloc(t->columns * t->rows, sizeof *t->cells);
    t->failed = !names || !t->cells;
    for (size_t i = 0; !t->failed && i < HEADS; i++)
        put(t, orl_strdup(heads[i]));
    for (size_t i = 0; !t->failed && i < ORL_THRESHOLDS; i++)
        put(t, orl_asprintf("steps_to_%s", orl_trace_threshold_names[i]));
    for (size_t i = 0; !t->failed && i < count; i++)
        put(t, orl_strdup(names[i]));
    if (!t->failed && fits)
        put_fit_heads(t, names, count);
    for (size_t i = 0; !t->failed && i < standing; i++)
        put(t, orl_strdup(standing_heads[i]));
    if (!t->failed && report->times)
        put(t, orl_strdup("seconds"));
    for (size_t i = 0; !t->failed && i < report->run_count; i++)
        put_run(t, report, &report->runs[i], names, count, exact);
    free(names);
    return !t->failed;
}

static void release(struct table *t)
{
    for (size_t i = 0; i < t->fill; i++)
        free(t->cells[i]);
    free(t->cells);
}

static const char *cell(const struct table *t, size_t row, size_t column)
{
    return t->cells[row * t->columns + column];
}

/* RFC 4180: quotes where they are needed. */
static void append_csv(struct orl_text *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        orl_text_puts(out, text);
        return;
    }
    orl_text_putc(out, '"');
    for (; *text; text++) {
        orl_text_puts(out, *text == '"' ? "\"" : "");
        orl_text_putc(out, *text);
    }
    orl_text_putc(out, '"');
}

static void append_markdown(struct orl_text *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_|<>[]", *text))
            orl_text_putc(out, '\\');
        orl_text_putc(out, *text);
    }
}

/* Numbers stand at the right. */
static bool is_left(size_t column)
{
    return column < 4;
}

static void write_csv(const struct table *t, struct orl_text *out)
{
    for (size_t row = 0; row < t->rows; row++)
        for (size_t c = 0; c < t->columns; c++) {
            append_csv(out, cell(t, row, c));
            orl_text_putc(out, c + 1 < t->columns ? ',' : '\n');
        }
}

static void write_markdown(const struct table *t, struct orl_text *out)
{
    for (size_t row = 0; row < t->rows; row++) {
        orl_text_putc(out, '|');
        for (size_t c = 0; c < t->columns; c++) {
            orl_text_putc(out, ' ');
            append_markdown(out, cell(t, row, c));
            orl_text_puts(out, " |");
        }
        orl_text_putc(out, '\n');
        for (size_t c = 0; row == 0 && c < t->columns; c++)
            orl_text_puts(out, c == 0 ? "|---|" : is_left(c) ? "---|" : "--:|");
        orl_text_puts(out, row == 0 ? "\n" : "");
    }
}

char *orl_report_results(const struct orl_report *report, enum orl_results_format format)
{
    static void (*const writers[])(const struct table *, struct orl_text *) = {write_csv,
                                                                               write_markdown};
    struct table table = {0};
    struct orl_text out = {0};
    if (format == ORL_RESULTS_LATEX)
        out.failed = !orl_latex_results(&out, report) || out.failed;
    else if (format == ORL_RESULTS_SUMMARY)
        orl_outline_markdown(&out, report);
    else if (fill(&table, report, format == ORL_RESULTS_CSV))
        writers[format](&table, &out);
    else
        out.failed = true;
    release(&table);
    char *text = orl_text_take(&out);
    return text;
}

double orl_report_distance(const struct orl_report_run *run, const double *to)
{
    return distance(run, to);
}
