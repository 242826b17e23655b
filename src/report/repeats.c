/* Runs that differ in their seeds alone, as one: their middle. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/parts.h"

static int compare_values(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A quantile between the values (R's type 7), which are sorted; NaN counts as infinity. NaN of
 * none. */
static double quantile(double *values, size_t count, double share)
{
    for (size_t i = 0; i < count; i++)
        values[i] = isnan(values[i]) ? (double)INFINITY : values[i];
    if (count == 0)
        return (double)NAN;
    qsort(values, count, sizeof *values, compare_values);
    double at = share * (double)(count - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;
    return part > 0.0 ? (1.0 - part) * values[below] + part * values[below + 1] : values[below];
}

/* Behind the last run that is a repeat of the one at `first`. */
static size_t repeats_end(const struct orl_report *report, size_t first)
{
    const char *name = report->runs[first].repeat;
    size_t end = first + 1;
    while (name && end < report->run_count && report->runs[end].repeat &&
           strcmp(report->runs[end].repeat, name) == 0)
        end++;
    return end;
}

/* End losses of the runs first … end-1; a diverged one ends above all others. */
static void losses_take(const struct orl_report *report, size_t first, size_t end, double *values)
{
    for (size_t i = first; i < end; i++)
        values[i - first] =
            report->runs[i].status == ORL_STATUS_DIVERGED ? (double)INFINITY : report->runs[i].loss;
}

double orl_report_repeats_median(const struct orl_report *report, const struct orl_report_run *run)
{
    double median = (double)NAN, *values = orl_calloc(report->run_count + 1, sizeof *values);
    for (size_t first = 0, end; values && run->repeat && first < report->run_count; first = end) {
        end = repeats_end(report, first);
        if (run < report->runs + first || run >= report->runs + end)
            continue;
        losses_take(report, first, end, values);
        median = quantile(values, end - first, 0.5);
    }
    free(values);
    return median;
}

/* Quartiles of what the runs first … end-1 end with. */
static void quartiles_put(struct orl_json *json, const struct orl_report *report, size_t first,
                          size_t end, double *values)
{
    static const struct {
        const char *key;
        double share;
    } wanted[] = {{"least", 0.0},
                  {"lower_quartile", 0.25},
                  {"median", 0.5},
                  {"upper_quartile", 0.75},
                  {"greatest", 1.0}};
    orl_json_key(json, "loss");
    orl_json_open(json, '{');
    for (size_t k = 0; k < ORL_COUNT(wanted); k++) {
        losses_take(report, first, end, values);
        orl_json_key(json, wanted[k].key);
        orl_json_number(json, quantile(values, end - first, wanted[k].share));
    }
    orl_json_close(json, '}');
}

void orl_report_repeats_put(struct orl_json *json, const struct orl_report *report)
{
    double *values = orl_calloc(report->run_count + 1, sizeof *values);
    orl_json_key(json, "repeats");
    orl_json_open(json, '[');
    for (size_t first = 0, end; values && first < report->run_count; first = end) {
        end = repeats_end(report, first);
        if (!report->runs[first].repeat)
            continue;
        orl_json_open(json, '{');
        orl_json_key(json, "name");
        orl_json_string(json, report->runs[first].repeat);
        orl_json_key(json, "runs");
        orl_json_integer(json, (int64_t)(end - first));
        quartiles_put(json, report, first, end, values);
        orl_json_close(json, '}');
    }
    orl_json_close(json, ']');
    free(values);
}
