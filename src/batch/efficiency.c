/* How well a batch can be cut into shards, worked out from how long its units take. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/shard.h"
#include "batch/supervisor.h"

/* What each process has to do before it draws: start, and ask the first worker. */
#define START_S 0.2

struct times {
    struct batch batch;
    double *runs, *outputs; /* owned: seconds of each */
    bool *measured;         /* owned: of each output */
};

/* What the folder says of a file or a trace. */
static void time_take(void *context, const char *path, double seconds)
{
    struct times *t = context;
    const struct batch *batch = &t->batch;
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (strcmp(batch->runs[i].trace, path) == 0)
            t->runs[i] = seconds;
    for (size_t i = 0; i < batch->output_count; i++)
        if (strcmp(orl_job_output(batch, &batch->outputs[i])->path, path) == 0) {
            t->outputs[i] = seconds;
            t->measured[i] = true;
        }
}

/* Everything waits, as in an empty folder. */
static void jobs_reset(struct batch *batch)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        batch->runs[i].state = JOB_WAITING;
    for (size_t i = 0; i < batch->output_count; i++) {
        struct output_job *job = &batch->outputs[i];
        job->state = JOB_WAITING;
        for (size_t s = 0; s < job->segment_count; s++)
            job->segments[s] = JOB_WAITING;
    }
}

/* Seconds of what waits now. */
static double time_waiting(const struct times *t)
{
    const struct batch *batch = &t->batch;
    double seconds = START_S;
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        seconds += batch->runs[i].state == JOB_WAITING ? t->runs[i] : 0.0;
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        size_t frames = 0;
        for (size_t s = 0; s < job->segment_count; s++) {
            size_t left = job->frames - s * job->segment_frames;
            if (job->segments[s] == JOB_WAITING)
                frames += left < job->segment_frames ? left : job->segment_frames;
        }
        seconds += t->outputs[i] * (double)frames / (double)job->frames;
    }
    return seconds;
}

static int times_make(struct times *t, const char *folder, struct orl_error *err)
{
    const struct orl_experiment *e = t->batch.experiment;
    int ret = orl_jobs_make(&t->batch, err);
    if (ret != ORL_OK)
        return ret;
    t->runs = orl_calloc(e->run_count, sizeof *t->runs);
    t->outputs = orl_calloc(t->batch.output_count, sizeof *t->outputs);
    t->measured = orl_calloc(t->batch.output_count, sizeof *t->measured);
    if (!t->runs || !t->outputs || !t->measured)
        return orl_fail_memory(err);
    for (size_t i = 0; i < e->run_count; i++)
        t->runs[i] = orl_estimate_run_seconds(e, i);
    for (size_t i = 0; i < t->batch.output_count; i++)
        t->outputs[i] =
            orl_estimate_output_seconds(orl_job_film(&t->batch, &t->batch.outputs[i]),
                                        orl_job_output(&t->batch, &t->batch.outputs[i]));
    return orl_manifest_times(folder, time_take, t, err);
}

int orl_batch_efficiency(const struct orl_experiment *experiment, const char *folder, size_t shards,
                         struct orl_efficiency *out, struct orl_error *err)
{
    struct orl_batch_options options = {.shard.count = shards};
    struct times t = {.batch = {.experiment = experiment, .options = &options}};
    *out = (struct orl_efficiency){0};
    int ret = times_make(&t, folder, err);
    if (ret == ORL_OK)
        out->whole_s = time_waiting(&t);
    for (size_t k = 1; ret == ORL_OK && k <= shards; k++) {
        options.shard.index = k;
        jobs_reset(&t.batch);
        orl_shard_choose(&t.batch);
        double seconds = time_waiting(&t);
        out->longest_s = seconds > out->longest_s ? seconds : out->longest_s;
    }
    for (size_t i = 0; ret == ORL_OK && i < t.batch.output_count; i++)
        out->measured += t.measured[i];
    out->files = t.batch.output_count;
    if (ret == ORL_OK)
        out->share = out->whole_s / ((double)shards * out->longest_s);
    orl_jobs_free(&t.batch);
    free(t.runs);
    free(t.outputs);
    free(t.measured);
    return ret;
}
