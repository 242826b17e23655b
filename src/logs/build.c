/* A record as a run: its trace, and what is told of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/sense.h"

enum { ROWS_DEFAULT = 100000, SPARSE = 1000 };
#define CELLS_MOST ((size_t)1 << 24) /* of a trace: 128 MiB */

/* ---- Steps -------------------------------------------------------------------------------------
 */

struct steps {
    int64_t *at; /* owned */
    size_t count;
};

/* The steps of both, each once. */
static bool steps_join(struct steps *steps, const struct log_series *s)
{
    size_t i = 0, k = 0, n = 0;
    for (size_t a = 0, b = 0; b < s->count; n += 0) { /* nothing new: the usual case */
        while (a < steps->count && steps->at[a] < s->at[b])
            a++;
        if (a == steps->count || steps->at[a] != s->at[b])
            break;
        if (++b == s->count)
            return true;
    }
    if (s->count == 0)
        return true;
    int64_t *joined = orl_calloc(steps->count + s->count, sizeof *joined);
    if (!joined)
        return false;
    while (i < steps->count || k < s->count) {
        int64_t a = i < steps->count ? steps->at[i] : INT64_MAX,
                b = k < s->count ? s->at[k] : INT64_MAX;
        joined[n++] = a < b ? a : b;
        i += a <= b;
        k += b <= a;
    }
    free(steps->at);
    *steps = (struct steps){joined, n};
    return true;
}

static bool is_shown(const struct orl_log_run *run, size_t i)
{
    return run->series[i].role != ORL_LOG_LEFT_OUT;
}

/* What steps the run has at all. */
static int count_steps(const struct log_record *record, struct orl_log_run *run,
                       struct orl_error *err)
{
    struct steps all = {0};
    bool good = true;
    for (size_t i = 0; good && i < record->count; i++)
        if (strncmp(record->series[i].name, "__swanlab__", 11) != 0)
            good = steps_join(&all, &record->series[i]);
    run->steps = all.count;
    if (all.count) {
        run->first_step = all.at[0];
        run->last_step = all.at[all.count - 1];
    }
    free(all.at);
    return good ? ORL_OK : orl_fail_memory(err);
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most frequent distance of two neighbours, and how many are wider. */
static int count_gaps(const struct log_series *s, struct orl_log_run *run, struct orl_error *err)
{
    if (s->count < 3)
        return ORL_OK;
    size_t count = s->count - 1, most = 0;
    int64_t *gaps = orl_calloc(count, sizeof *gaps);
    if (!gaps)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        gaps[i] = s->at[i + 1] - s->at[i];
    qsort(gaps, count, sizeof *gaps, ascending);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && gaps[end] == gaps[i]; end++)
            ;
        if (end - i > most) {
            most = end - i;
            run->usual_gap = gaps[i];
        }
    }
    for (size_t i = 0; i < count; i++)
        run->wider_gaps += gaps[i] > run->usual_gap;
    free(gaps);
    return ORL_OK;
}

/* ---- The trace ---------------------------------------------------------------------------------
 */

/* From where on a loss is never finite again; its end where it is to the last. */
static size_t diverges_at(const struct log_series *loss)
{
    size_t end = loss->count;
    while (end > 0 && !isfinite(loss->value[end - 1]))
        end--;
    return end;
}

/* Rows that are kept of so many: the first and the last, those of sparse series, and of the others
 * every n-th. */
static void steps_thin(const struct log_record *record, const struct orl_log_run *run,
                       struct steps *steps, size_t most)
{
    size_t kept = 0, stride = steps->count / most + 1;
    if (steps->count <= most)
        return;
    size_t *next = orl_calloc(record->count, sizeof *next);
    for (size_t i = 0; i < steps->count; i++) {
        bool wanted = i % stride == 0 || i + 1 == steps->count;
        for (size_t k = 0; next && k < record->count; k++) {
            const struct log_series *s = &record->series[k];
            if (!is_shown(run, k) || s->count > SPARSE)
                continue;
            while (next[k] < s->count && s->at[next[k]] < steps->at[i])
                next[k]++;
            wanted |= next[k] < s->count && s->at[next[k]] == steps->at[i];
        }
        if (wanted && kept < 2 * most)
            steps->at[kept++] = steps->at[i];
    }
    free(next);
    steps->count = kept;
}

static void fill_column(const struct log_series *s, const struct orl_trace *trace, double *out,
                        size_t stride)
{
    size_t k = 0;
    for (size_t row = 0; row < trace->rows; row++) {
        while (k < s->count && s->at[k] < trace->step[row])
            k++;
        bool there = k < s->count && s->at[k] == trace->step[row] && isfinite(s->value[k]);
        out[row * stride] = there ? s->value[k] : (double)NAN;
    }
}

/* A row without a loss has the last one known, the first rows the first; `gaps` tells which. */
static void fill_gaps(struct orl_trace *trace)
{
    double last = (double)NAN;
    size_t gaps = 0, first = 0;
    for (size_t row = 0; row < trace->rows; row++) {
        trace->loss_gaps[row] = !isfinite(trace->loss[row]);
        gaps += trace->loss_gaps[row];
        if (!trace->loss_gaps[row])
            last = trace->loss[row];
        trace->loss[row] = last;
    }
    while (first < trace->rows && !isfinite(trace->loss[first]))
        first++;
    for (size_t row = 0; row < first && first < trace->rows; row++)
        trace->loss[row] = trace->loss[first];
    if (gaps == 0) {
        free(trace->loss_gaps);
        trace->loss_gaps = NULL;
    }
}

static bool trace_allocate(struct orl_trace *trace, size_t rows, size_t series, bool loss)
{
    size_t cells;
    trace->rows = rows;
    trace->step = orl_calloc(rows, sizeof *trace->step);
    trace->parameters = orl_calloc(0, sizeof *trace->parameters);
    trace->values = orl_calloc(0, sizeof *trace->values);
    trace->loss = loss ? orl_calloc(rows, sizeof *trace->loss) : NULL;
    trace->loss_gaps = loss ? orl_calloc(rows, sizeof *trace->loss_gaps) : NULL;
    trace->series_names = orl_calloc(series, sizeof *trace->series_names);
    trace->series = orl_size_mul(rows, series, &cells) ? orl_calloc(cells, sizeof(double)) : NULL;
    return trace->step && trace->parameters && trace->values && trace->series_names &&
           trace->series && (!loss || (trace->loss && trace->loss_gaps));
}

/* As the log calls it, but for what a trace calls its own columns. */
static char *column_name(const char *name)
{
    bool taken = strcmp(name, "step") == 0 || strcmp(name, "loss") == 0;
    return taken ? orl_asprintf("%s (column)", name) : orl_strdup(name);
}

static int trace_fill(const struct log_record *record, const struct orl_log_run *run, size_t loss,
                      const struct steps *steps, struct orl_error *err)
{
    struct orl_trace *trace = run->trace;
    size_t count = 0;
    for (size_t i = 0; i < record->count; i++)
        count += is_shown(run, i) && i != loss;
    if (!trace_allocate(trace, steps->count, count, loss < record->count))
        return orl_fail_memory(err);
    memcpy(trace->step, steps->at, steps->count * sizeof *steps->at);
    for (size_t i = 0; i < record->count; i++) {
        if (!is_shown(run, i) || i == loss)
            continue;
        fill_column(&record->series[i], trace, trace->series + trace->series_count, count);
        trace->series_names[trace->series_count] = column_name(run->series[i].name);
        if (!trace->series_names[trace->series_count++])
            return orl_fail_memory(err);
    }
    if (loss < record->count) {
        fill_column(&record->series[loss], trace, trace->loss, 1);
        fill_gaps(trace);
    }
    return ORL_OK;
}

static size_t rows_most(const struct log_sense *sense, const struct orl_log_run *run)
{
    size_t shown = 1, rows = sense->request->rows ? sense->request->rows : ROWS_DEFAULT;
    for (size_t i = 0; i < run->series_count; i++)
        shown += is_shown(run, i);
    size_t fits = CELLS_MOST / shown;
    return rows < fits ? rows : fits > 2 ? fits : 2;
}

/* A run whose loss is not finite to the last ends where that began. */
static int trace_make(const struct log_sense *sense, const struct log_record *record, size_t loss,
                      struct orl_log_run *run, struct orl_error *err)
{
    struct steps steps = {0};
    bool good = true;
    size_t end = loss < record->count ? diverges_at(&record->series[loss]) : 0;
    bool diverged = loss < record->count && end < record->series[loss].count;
    int64_t diverged_at = diverged ? record->series[loss].at[end] : 0;
    for (size_t i = 0; good && i < record->count; i++)
        if (is_shown(run, i))
            good = steps_join(&steps, &record->series[i]);
    while (diverged && steps.count > 0 && steps.at[steps.count - 1] >= diverged_at)
        steps.count--;
    if (!good) {
        free(steps.at);
        return orl_fail_memory(err);
    }
    steps_thin(record, run, &steps, rows_most(sense, run));
    run->trace = orl_calloc(1, sizeof *run->trace);
    int ret = run->trace ? trace_fill(record, run, loss, &steps, err) : orl_fail_memory(err);
    if (ret == ORL_OK) {
        run->trace->status = diverged ? ORL_STATUS_DIVERGED : ORL_STATUS_FINISHED;
        run->trace->steps = diverged ? diverged_at : steps.at[steps.count - 1];
    }
    if (ret == ORL_OK && diverged)
        orl_log_warn(sense->where, 0, "diverged at step %lld: '%s' is not finite from there on",
                     (long long)diverged_at, run->series[loss].name);
    free(steps.at);
    return ret;
}

/* Which column is the loss; the count where none is. */
static size_t loss_of(const struct orl_log_run *run)
{
    size_t i = 0;
    while (i < run->series_count && !run->series[i].main)
        i++;
    return i;
}

static size_t finite_points(const struct orl_log_run *run, size_t i)
{
    return run->series[i].points - run->series[i].not_finite;
}

/* A loss that never was finite is none; the others may be worth a film. */
static bool drop_loss(struct orl_log_run *run, size_t loss)
{
    if (loss == run->series_count || finite_points(run, loss) > 0)
        return true;
    run->series[loss].role = ORL_LOG_LEFT_OUT;
    run->series[loss].main = false;
    run->series[loss].reason =
        orl_asprintf("diverged at step %lld", (long long)run->series[loss].first_step);
    return run->series[loss].reason != NULL;
}

/* What is wrong with a run of which nothing can be shown; NULL where something can. */
static char *nothing_to_show(const struct log_record *record, const struct orl_log_run *run)
{
    bool any = false, numbers = false;
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < run->series_count; i++) {
        const struct orl_log_series *s = &run->series[i];
        any |= is_shown(run, i) && finite_points(run, i) > 0;
        bool counts = !orl_log_no_metric(s->name) && record->series[i].count > 0 &&
                      finite_points(run, i) == 0;
        numbers |= counts;
        if (counts && s->first_step < first)
            first = s->first_step;
    }
    if (any)
        return NULL;
    return numbers
               ? orl_asprintf("diverged at step %lld: there is no finite number", (long long)first)
               : orl_strdup("nothing logged yet");
}

/* A record is worth as many numbers; what it was resumed over and thinned away does not count. */
int orl_log_make(const struct log_sense *sense, struct log_records *records,
                 struct log_record *record, struct orl_log_run *run, struct orl_error *err)
{
    run->details = record->details;
    record->details = NULL;
    int ret = orl_log_groups_split(records, record, err);
    if (ret == ORL_OK)
        ret = orl_log_steps(sense, record, &run->step_name, err);
    if (ret == ORL_OK)
        ret = orl_log_roles(sense, record, run->step_name, run, err);
    if (ret == ORL_OK)
        ret = count_steps(record, run, err);
    if (ret != ORL_OK)
        return ret;
    size_t loss = loss_of(run);
    run->nothing = nothing_to_show(record, run);
    if (!run->nothing && !drop_loss(run, loss))
        return orl_fail_memory(err);
    loss = loss_of(run);
    if (loss < record->count)
        ret = count_gaps(&record->series[loss], run, err);
    if (loss < record->count && !(run->loss_name = orl_strdup(run->series[loss].name)))
        ret = orl_fail_memory(err);
    if (ret == ORL_OK && !run->nothing)
        ret = trace_make(sense, record, loss, run, err);
    if (ret == ORL_OK && !run->details && !(run->details = orl_strdup("")))
        ret = orl_fail_memory(err);
    return ret;
}
