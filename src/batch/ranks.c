/* Ranks in the report: of all runs of a problem, whatever films show of them. */
#include "batch/ranks.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

static bool is_made(const struct run_job *job)
{
    return job->state == JOB_DONE || job->state == JOB_CACHED;
}

/* The least loss known of a problem, and whether it is more than a run's. */
static double least_known(const struct batch *batch, size_t problem, double *start, bool *known)
{
    double least = NAN;
    *start = NAN;
    *known = false;
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        const struct orl_run_facts *facts = &batch->runs[i].facts;
        if (batch->experiment->runs[i].problem != problem || !is_made(&batch->runs[i]))
            continue;
        least = fmin(least, facts->least);
        *start = isnan(*start) ? facts->start : *start;
        *known |= facts->known != 0;
    }
    return least;
}

int64_t orl_ranks_trace_step(const struct batch *batch, size_t run, double loss)
{
    struct orl_messages messages = {0};
    struct orl_trace *trace = NULL;
    int64_t step = -1;
    char *path = orl_asprintf("%s/%s", batch->store.folder->path, batch->runs[run].trace);
    if (path &&
        orl_trace_read_csv(path, path, NULL, 0, &orl_limits_default, &messages, &trace) == ORL_OK)
        for (size_t row = 0; trace->loss && row < trace->rows && step < 0; row++)
            if (trace->loss[row] <= loss)
                step = trace->step[row];
    orl_trace_destroy(&trace);
    orl_messages_uninit(&messages);
    free(path);
    return step;
}

static struct orl_run_place place_of(const struct batch *batch, size_t run, double level,
                                     bool known)
{
    const struct orl_run_facts *facts = &batch->runs[run].facts;
    struct orl_run_place place = {.diverged = facts->status == ORL_STATUS_DIVERGED,
                                  .steps = facts->steps,
                                  .end = facts->loss,
                                  .level_step = -1};
    if (!isnan(level) && facts->least <= level)
        place.level_step = known ? facts->level_step : orl_ranks_trace_step(batch, run, level);
    return place;
}

/* The runs of one problem. `places`, `order` and `which` have room for all runs. */
static int rank_problem(const struct batch *batch, size_t problem, struct orl_report_run *runs,
                        struct orl_run_place *places, size_t *order, size_t *which,
                        struct orl_error *err)
{
    size_t count = 0;
    bool known, logs = orl_problem_is_logs(&batch->experiment->problems[problem]);
    double start, least = least_known(batch, problem, &start, &known),
                  level = logs ? NAN : orl_standing_level(least, start);
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (batch->experiment->runs[i].problem == problem && is_made(&batch->runs[i])) {
            places[count] = place_of(batch, i, level, known);
            which[count++] = i;
        }
    int ret = orl_standing_rank(places, count, order, err);
    for (size_t k = 0; ret == ORL_OK && k < count; k++) {
        runs[which[k]].rank = places[k].rank;
        runs[which[k]].level = level;
        runs[which[k]].level_step = places[k].level_step;
    }
    return ret;
}

int orl_ranks_describe(const struct batch *batch, struct orl_report_run *runs,
                       struct orl_error *err)
{
    size_t count = batch->experiment->run_count;
    struct orl_run_place *places = orl_calloc(count + 1, sizeof *places);
    size_t *order = orl_calloc(count + 1, 2 * sizeof *order);
    int ret = places && order ? ORL_OK : orl_fail_memory(err);
    for (size_t p = 0; ret == ORL_OK && p < batch->experiment->problem_count; p++)
        ret = rank_problem(batch, p, runs, places, order, order + count + 1, err);
    free(places);
    free(order);
    return ret;
}
