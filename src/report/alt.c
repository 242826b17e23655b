/* Sentences made from the runs: what a film shows, for those who do not see it, and what the table
 * says, for those in a hurry. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"

#define MOST_PARAMETERS 6
#define MOST_RUNS       12 /* that a sentence names; a longer one is no help to anybody */

/* "a", "a and b", "a, b and c": call once per item with its place. */
static void list_append(struct orl_text *text, const char *item, size_t index, size_t count)
{
    if (index > 0)
        orl_text_puts(text, index + 1 == count ? " and " : ", ");
    orl_text_puts(text, item);
}

enum orl_movement orl_report_movement(const struct orl_report_run *run, size_t parameter)
{
    if (!run->values || !run->start || run->steps < 1 || run->status == ORL_STATUS_FAILED)
        return ORL_MOVEMENT_UNKNOWN;
    double start = run->start[parameter], change = fabs(run->values[parameter] - start);
    double way = run->truth ? fabs(run->truth[parameter] - start) : fabs(start);
    if (!isfinite(change) || !isfinite(way) || (run->truth && way == 0))
        return ORL_MOVEMENT_UNKNOWN;
    if (change <= 1e-9 * way)
        return ORL_MOVEMENT_NONE;
    return run->truth && change <= 1e-6 * way ? ORL_MOVEMENT_HARDLY : ORL_MOVEMENT_MOVED;
}

static void put_number(struct orl_text *text, double value, int digits)
{
    char buffer[ORL_NUMBER_SIZE];
    int length = orl_double_digits(buffer, value, digits);
    if (strpbrk(buffer, "ein")) /* an exponent, inf, nan */
        orl_text_puts(text, buffer);
    else
        orl_report_digits_append(text, buffer, (size_t)length);
}

static void put_name(struct orl_text *text, const char *name)
{
    char *pretty = orl_name_pretty(name);
    orl_text_puts(text, pretty ? pretty : "");
    text->failed = text->failed || !pretty;
    free(pretty);
}

static void put_steps(struct orl_text *text, int64_t steps)
{
    orl_text_printf(text, "%lld step%s", (long long)steps, steps == 1 ? "" : "s");
}

/* "reaches loss 1e-3 at step 310 and ends at 4.1e-05 after 5000 steps" */
static void put_outcome(struct orl_text *text, const struct orl_report_run *run)
{
    size_t deepest = ORL_THRESHOLDS;
    for (size_t i = 0; i < ORL_THRESHOLDS; i++)
        if (run->steps_to[i] > 0)
            deepest = i;
    if (run->status == ORL_STATUS_FAILED) {
        orl_text_puts(text, "failed");
        return;
    }
    if (deepest < ORL_THRESHOLDS) {
        orl_text_printf(text, "reaches loss %s at step %lld", orl_trace_threshold_names[deepest],
                        (long long)run->steps_to[deepest]);
        orl_text_puts(text, " and ");
    }
    if (run->status == ORL_STATUS_DIVERGED) {
        orl_text_printf(text, "diverges at step %lld", (long long)run->steps);
        return;
    }
    orl_text_puts(text, run->status == ORL_STATUS_CONVERGED ? "converges" : "ends");
    if (isfinite(run->loss)) {
        orl_text_puts(text, deepest < ORL_THRESHOLDS ? " at " : " at loss ");
        put_number(text, run->loss, 3);
    }
    orl_text_puts(text, " after ");
    put_steps(text, run->steps);
}

/* ---- What did not move ----------------------------------------------------------------------- */

static size_t parameter_index(const struct orl_report_run *run, const char *name)
{
    size_t i = 0;
    while (i < run->parameter_count && strcmp(run->parameters[i], name) != 0)
        i++;
    return i;
}

static bool moved_so(const struct orl_report_run *run, const char *name, enum orl_movement movement)
{
    size_t i = parameter_index(run, name);
    return i < run->parameter_count && orl_report_movement(run, i) == movement;
}

/* The titles of the runs where the parameter moved so; "every run" where that is all of several,
 * nothing where there is but one. */
static void put_runs(struct orl_text *text, const struct orl_report_run *const *runs, size_t count,
                     const char *name, enum orl_movement movement)
{
    size_t total = 0, put = 0;
    for (size_t i = 0; i < count; i++)
        total += moved_so(runs[i], name, movement);
    if (count == 1)
        return;
    if (total == count && count > 2) {
        orl_text_puts(text, "every run");
        return;
    }
    size_t shown = total > MOST_RUNS ? MOST_RUNS : total;
    for (size_t i = 0; i < count && put < shown; i++)
        if (moved_so(runs[i], name, movement))
            list_append(text, orl_report_run_title(runs[i]), put++, total > shown ? 0 : total);
    if (total > shown)
        orl_text_printf(text, " and %zu more", total - shown);
}

static const struct orl_report_run *first_with(const struct orl_report_run *const *runs,
                                               size_t count, const char *name,
                                               enum orl_movement movement)
{
    for (size_t i = 0; i < count; i++)
        if (moved_so(runs[i], name, movement))
            return runs[i];
    return NULL;
}

static double largest_change(const struct orl_report_run *const *runs, size_t count,
                             const char *name)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t p = parameter_index(runs[i], name);
        if (moved_so(runs[i], name, ORL_MOVEMENT_HARDLY))
            largest = fmax(largest, fabs(runs[i]->values[p] - runs[i]->start[p]));
    }
    return largest;
}

static void put_parameter(struct orl_text *text, const struct orl_report_run *const *runs,
                          size_t count, const char *name)
{
    const struct orl_report_run *still = first_with(runs, count, name, ORL_MOVEMENT_NONE);
    const struct orl_report_run *hardly = first_with(runs, count, name, ORL_MOVEMENT_HARDLY);
    const struct orl_report_run *shown = still ? still : hardly;
    if (!shown)
        return;
    size_t p = parameter_index(shown, name);
    if (text->length > 0)
        orl_text_putc(text, ' ');
    put_name(text, name);
    if (still) {
        orl_text_puts(text, " did not move from ");
        put_number(text, shown->start[p], 6);
        orl_text_puts(text, count > 1 ? " with " : "");
        put_runs(text, runs, count, name, ORL_MOVEMENT_NONE);
    }
    if (hardly) {
        orl_text_puts(text, still ? "; it moved by less than a millionth of its way, "
                                  : " moved by less than a millionth of its way, ");
        orl_text_puts(text, count > 1 ? "at most " : "");
        put_number(text, largest_change(runs, count, name), 2);
        orl_text_puts(text, count > 1 ? ", with " : "");
        put_runs(text, runs, count, name, ORL_MOVEMENT_HARDLY);
    }
    if (shown->truth && shown->truth_count < 2) {
        orl_text_puts(text, ". The truth is ");
        put_number(text, shown->truth[p], 7);
    }
    orl_text_putc(text, '.');
}

void orl_report_unmoved_append(struct orl_text *text, const struct orl_report_run *const *runs,
                               size_t count)
{
    struct orl_text sentence = {0};
    for (size_t p = 0; count > 0 && p < runs[0]->parameter_count; p++)
        put_parameter(&sentence, runs, count, runs[0]->parameters[p]);
    if (sentence.failed)
        text->failed = true;
    if (sentence.length > 0)
        orl_text_append(text, sentence.data, sentence.length);
    orl_text_uninit(&sentence);
}

/* ---- Films ----------------------------------------------------------------------------------- */

/* Of the film's runs those that the report knows, at most `most`; all are counted in *known. */
static size_t collect(const struct orl_layout_of_report *layout, const struct orl_report_film *film,
                      const struct orl_report_run **runs, size_t most, size_t *known)
{
    size_t count = 0;
    *known = 0;
    for (size_t i = 0; i < film->run_count; i++) {
        const struct orl_report_run *run = orl_report_run_find(layout, film->runs[i]);
        if (run && count < most)
            runs[count++] = run;
        *known += run != NULL;
    }
    return count;
}

/* The order at the finish; there are never many. */
static void sort_by_finish(const struct orl_report_run **runs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct orl_report_run *run = runs[i];
        size_t k = i;
        for (; k > 0 && orl_report_run_better(run, runs[k - 1]); k--)
            runs[k] = runs[k - 1];
        runs[k] = run;
    }
}

/* ", at α = 3.347, β = 4.045" */
static void put_end_point(struct orl_text *text, const struct orl_report_run *run)
{
    if (!run->values || run->status == ORL_STATUS_FAILED || run->parameter_count > MOST_PARAMETERS)
        return;
    for (size_t i = 0; i < run->parameter_count; i++) {
        orl_text_puts(text, i > 0 ? ", " : ", at ");
        put_name(text, run->parameters[i]);
        orl_text_puts(text, "\xc2\xa0=\xc2\xa0"); /* no line break beside it */
        put_number(text, run->values[i], 4);
    }
}

static bool same_problem(const struct orl_report_run *const *runs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(orl_report_problem_title(runs[i]), orl_report_problem_title(runs[0])) != 0)
            return false;
    return true;
}

static void put_scene(struct orl_text *text, const struct orl_report_run **runs, size_t count,
                      size_t known)
{
    bool one_problem = same_problem(runs, count);
    if (one_problem)
        sort_by_finish(runs, count);
    if (known > 1) {
        orl_text_printf(text, "%zu runs", known);
        orl_text_puts(text, one_problem ? " on " : ": ");
        orl_text_puts(text, one_problem ? orl_report_problem_title(runs[0]) : "");
        orl_text_puts(text, one_problem ? ": " : "");
    }
    for (size_t i = 0; i < count; i++) {
        orl_text_puts(text, i > 0 ? "; " : "");
        orl_text_puts(text, orl_report_run_title(runs[i]));
        if (known == 1 || !one_problem) {
            orl_text_puts(text, " on ");
            orl_text_puts(text, orl_report_problem_title(runs[i]));
        }
        orl_text_putc(text, ' ');
        put_outcome(text, runs[i]);
        if (known == 1)
            put_end_point(text, runs[i]);
    }
    if (known > count)
        orl_text_printf(text, "; and %zu more", known - count);
    orl_text_putc(text, '.');
    if (one_problem) {
        size_t before = text->length;
        orl_text_putc(text, ' ');
        orl_report_unmoved_append(text, runs, count);
        if (text->length == before + 1 && !text->failed)
            text->data[--text->length] = '\0';
    }
}

void orl_report_alt_append(struct orl_text *text, const struct orl_layout_of_report *layout,
                           const struct orl_report_film *film)
{
    const struct orl_report_run *runs[MOST_RUNS];
    size_t known, count = collect(layout, film, runs, MOST_RUNS, &known);
    if (film->alt && film->alt[0])
        orl_text_puts(text, film->alt);
    else if (count > 0)
        put_scene(text, runs, count, known);
    else
        orl_text_puts(text, film->title && film->title[0] ? film->title
                            : film->name                  ? film->name
                                                          : "");
}

char *orl_report_alt(const struct orl_report *report, const struct orl_report_film *film)
{
    struct orl_layout_of_report layout = {0};
    struct orl_text text = {0};
    if (orl_report_arrange(&layout, report))
        orl_report_alt_append(&text, &layout, film);
    else
        text.failed = true;
    orl_report_arrange_uninit(&layout);
    return orl_text_take(&text);
}
