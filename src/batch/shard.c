/* Shards: which segments and runs are whose. */
#include "batch/shard.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Frames of all outputs as planned; a file that needs no frames to speak of counts as one. */
static uint64_t frames_planned(const struct batch *batch)
{
    uint64_t total = 0;
    for (size_t i = 0; i < batch->output_count; i++)
        total += batch->outputs[i].planned_frames;
    return total ? total : 1;
}

/* Whose a segment is: shards are stretches of equal length of all frames, in the plan's order, so
 * that neighbours, which share films and drawings, mostly fall to one. */
static bool is_ours(const struct batch *batch, uint64_t before, uint64_t total)
{
    const struct orl_shard *shard = &batch->options->shard;
    return before * shard->count / total == (uint64_t)shard->index - 1;
}

static void needs_add(const struct batch *batch, const struct output_job *job, bool *needed)
{
    const struct orl_film_plan *film = orl_job_film(batch, job);
    for (size_t r = 0; r < film->run_count; r++)
        needed[film->runs[r]] = true;
}

/* Runs that no film shows are dealt out one by one. */
static void runs_choose(struct batch *batch, bool *needed, const bool *shown)
{
    const struct orl_shard *shard = &batch->options->shard;
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        if (!shown[i])
            needed[i] = i % shard->count == shard->index - 1;
        if (!needed[i] && batch->runs[i].state == JOB_WAITING)
            batch->runs[i].state = JOB_ELSEWHERE;
    }
}

void orl_shard_choose(struct batch *batch)
{
    uint64_t total = frames_planned(batch), before = 0;
    bool *needed = orl_calloc(batch->experiment->run_count, sizeof *needed),
         *shown = orl_calloc(batch->experiment->run_count, sizeof *shown);
    for (size_t i = 0; batch->options->shard.count && i < batch->output_count; i++) {
        struct output_job *job = &batch->outputs[i];
        bool any = false;
        if (shown)
            needs_add(batch, job, shown);
        for (size_t s = 0; job->state == JOB_WAITING && s < job->segment_count; s++) {
            bool ours = is_ours(batch, before + s * job->segment_frames, total);
            if (job->segments[s] == JOB_WAITING && !ours)
                job->segments[s] = JOB_ELSEWHERE;
            any |= job->segments[s] == JOB_WAITING;
        }
        if (any && needed)
            needs_add(batch, job, needed);
        if (!any && job->state == JOB_WAITING)
            job->state = JOB_ELSEWHERE;
        before += job->planned_frames;
    }
    if (batch->options->shard.count && needed && shown)
        runs_choose(batch, needed, shown);
    free(needed);
    free(shown);
}

/* "3, 4, 7 and 12 more" of the segments that are missing, from 1. */
static void missing_list(const struct output_job *job, struct orl_text *text)
{
    enum { NAMED = 8 };
    size_t count = 0;
    for (size_t s = 0; s < job->segment_count; s++)
        if (job->segments[s] == JOB_WAITING && count++ < NAMED)
            orl_text_printf(text, "%s%zu", count > 1 ? ", " : "", s + 1);
    if (count > NAMED)
        orl_text_printf(text, " and %zu more", count - NAMED);
    orl_text_printf(text, " of %zu", job->segment_count);
}

void orl_shard_demand(struct batch *batch)
{
    for (size_t i = 0; i < batch->output_count; i++) {
        struct output_job *job = &batch->outputs[i];
        struct orl_text text = {0};
        bool whole = job->segments_done == job->segment_count;
        if (job->state != JOB_WAITING || (whole && !batch->options->report_only))
            continue;
        orl_text_puts(&text, whole ? "it is not put together" : "segments are missing: ");
        if (!whole)
            missing_list(job, &text);
        job->state = JOB_FAILED;
        job->failure = orl_text_take(&text);
        orl_results_failure(batch, orl_job_output(batch, job)->path, ORL_FAIL,
                            job->failure ? job->failure : "segments are missing");
    }
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        struct run_job *job = &batch->runs[i];
        if (job->state != JOB_WAITING)
            continue;
        job->state = JOB_FAILED;
        job->failure = orl_strdup("it was not run");
        orl_results_failure(batch, batch->experiment->runs[i].name, ORL_FAIL, "it was not run");
    }
}

/* ---- From the environment -------------------------------------------------------------------- */

/* Where array jobs say which of how many they are. */
static const struct {
    const char *system, *index, *count, *first; /* first: the variable of the lowest index */
    int64_t base;                               /* the lowest index where `first` is NULL */
} places[] = {
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", 0},
    {"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", NULL, 0},
    {"Kubernetes", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", NULL, 0},
    {"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", NULL, 1},
};

static bool variable_read(const char *name, int64_t *value)
{
    const char *text = name ? getenv(name) : NULL;
    return text && orl_int64_parse(text, strlen(text), value);
}

int orl_shard_from_environment(struct orl_shard *shard, const char **system, struct orl_error *err)
{
    for (size_t i = 0; i < ORL_COUNT(places); i++) {
        int64_t index, count, first = places[i].base;
        if (!variable_read(places[i].index, &index))
            continue;
        if (!variable_read(places[i].count, &count))
            return orl_fail(err, ORL_EUSAGE, "%s is set, but %s does not say how many there are",
                            places[i].index, places[i].count);
        (void)variable_read(places[i].first, &first);
        index -= first;
        if (count < 1 || count > ORL_SHARDS_MAX || index < 0 || index >= count)
            return orl_fail(err, ORL_EUSAGE, "%s and %s name no shard", places[i].index,
                            places[i].count);
        *shard = (struct orl_shard){.index = (size_t)index + 1, .count = (size_t)count};
        *system = places[i].system;
        return ORL_OK;
    }
    return orl_fail(err, ORL_EUSAGE,
                    "--shard auto finds no array job in the environment (SLURM_ARRAY_TASK_ID, "
                    "AWS_BATCH_JOB_ARRAY_INDEX, JOB_COMPLETION_INDEX, CI_NODE_INDEX)");
}
