/* The middle of several runs that differ in their seeds alone, and how far they spread. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "optreel/trace.h"

static int number_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which a share of the sorted numbers lies, between neighbours on a straight line
 * (Hyndman & Fan 1996, definition 7). Infinite ones come last. */
static double quantile_of(const double *sorted, size_t count, double share)
{
    double at = share * (double)(count - 1);
    size_t low = (size_t)at;
    double rest = at - (double)low;
    return rest > 0.0 ? sorted[low] + rest * (sorted[low + 1] - sorted[low]) : sorted[low];
}

static double median_of(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, number_compare);
    return quantile_of(numbers, count, 0.5);
}

/* What is worked on: the runs, the row of each at the present step, and room for their numbers. */
struct middle {
    const struct orl_trace *const *runs;
    size_t count;
    size_t *rows;    /* owned */
    double *numbers; /* owned */
};

/* A run that diverged has no loss any more: it counts as worse than all others. */
static bool is_lost(const struct orl_trace *t, int64_t step)
{
    return t->status == ORL_STATUS_DIVERGED && step > t->step[t->rows - 1];
}

static void rows_advance(struct middle *m, int64_t step)
{
    for (size_t k = 0; k < m->count; k++)
        while (m->rows[k] + 1 < m->runs[k]->rows && m->runs[k]->step[m->rows[k] + 1] <= step)
            m->rows[k]++;
}

/* One row of the middle; false where more than half of the runs are lost. */
static bool row_fill(struct middle *m, int64_t step, struct orl_trace *out)
{
    size_t n = out->parameter_count, row = out->rows;
    double *spread = out->spread + row * ORL_SPREAD;
    rows_advance(m, step);
    for (size_t k = 0; k < m->count; k++)
        m->numbers[k] = is_lost(m->runs[k], step) ? (double)INFINITY : m->runs[k]->loss[m->rows[k]];
    out->loss[row] = median_of(m->numbers, m->count);
    if (!isfinite(out->loss[row]))
        return false;
    spread[ORL_SPREAD_LEAST] = m->numbers[0];
    spread[ORL_SPREAD_LOW] = quantile_of(m->numbers, m->count, 0.25);
    spread[ORL_SPREAD_HIGH] = quantile_of(m->numbers, m->count, 0.75);
    spread[ORL_SPREAD_GREATEST] = m->numbers[m->count - 1];
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < m->count; k++)
            m->numbers[k] = m->runs[k]->values[m->rows[k] * n + i];
        out->values[row * n + i] = median_of(m->numbers, m->count);
        for (size_t k = 0; out->gradients && k < m->count; k++)
            m->numbers[k] = m->runs[k]->gradients[m->rows[k] * n + i];
        if (out->gradients)
            out->gradients[row * n + i] = median_of(m->numbers, m->count);
    }
    out->step[row] = step;
    out->rows++;
    return true;
}

static int middle_allocate(struct middle *m, const struct orl_trace *longest, bool gradients,
                           struct orl_trace *out, struct orl_error *err)
{
    size_t n = longest->parameter_count, cells;
    m->rows = orl_calloc(m->count, sizeof *m->rows);
    m->numbers = orl_calloc(m->count, sizeof *m->numbers);
    out->parameters = orl_calloc(n, sizeof *out->parameters);
    out->step = orl_calloc(longest->rows, sizeof *out->step);
    out->loss = orl_calloc(longest->rows, sizeof *out->loss);
    out->spread = orl_calloc(longest->rows, ORL_SPREAD * sizeof *out->spread);
    bool good = orl_size_mul(longest->rows, n, &cells) && m->rows && m->numbers &&
                out->parameters && out->step && out->loss && out->spread;
    out->values = good ? orl_calloc(cells, sizeof *out->values) : NULL;
    out->gradients = good && gradients ? orl_calloc(cells, sizeof *out->gradients) : NULL;
    good = good && out->values && (out->gradients || !gradients);
    for (size_t i = 0; good && i < n; i++, out->parameter_count++)
        good = (out->parameters[i] = orl_strdup(longest->parameters[i])) != NULL;
    return good ? ORL_OK : orl_fail_memory(err);
}

/* The status of most; of a middle that was lost on the way: diverged. */
static void end_tell(const struct middle *m, const struct orl_trace *longest, bool lost,
                     int64_t step, struct orl_trace *out)
{
    size_t converged = 0;
    for (size_t k = 0; k < m->count; k++)
        converged += m->runs[k]->status == ORL_STATUS_CONVERGED;
    out->steps = lost ? step : longest->steps;
    out->status = lost || longest->status == ORL_STATUS_DIVERGED ? ORL_STATUS_DIVERGED
                  : 2 * converged > m->count                     ? ORL_STATUS_CONVERGED
                                                                 : ORL_STATUS_FINISHED;
}

int orl_trace_middle(const struct orl_trace *const *runs, size_t count, struct orl_trace **out,
                     struct orl_error *err)
{
    struct middle m = {.runs = runs, .count = count};
    const struct orl_trace *longest = runs[0];
    bool gradients = true, lost = false;
    int64_t step = 0;
    struct orl_trace *middle = *out = orl_calloc(1, sizeof *middle);
    if (!middle)
        return orl_fail_memory(err);
    for (size_t k = 0; k < count; k++) {
        gradients &= runs[k]->gradients != NULL;
        if (runs[k]->step[runs[k]->rows - 1] > longest->step[longest->rows - 1])
            longest = runs[k];
    }
    int ret = middle_allocate(&m, longest, gradients, middle, err);
    for (size_t row = 0; ret == ORL_OK && !lost && row < longest->rows; row++) {
        step = longest->step[row];
        lost = !row_fill(&m, step, middle);
    }
    if (ret == ORL_OK)
        end_tell(&m, longest, lost, step, middle);
    free(m.rows);
    free(m.numbers);
    if (ret != ORL_OK)
        orl_trace_destroy(out);
    return ret;
}
