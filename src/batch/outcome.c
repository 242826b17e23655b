/* What follows from a unit's end: the next state of its run or output, what is remembered of it,
 * and what is made again. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/supervisor.h"

enum { RETRIES = 1 };

static void fail_output(struct batch *batch, struct output_job *job, int code, const char *text)
{
    if (job->state == JOB_FAILED)
        return; /* another of its segments told it already */
    job->state = JOB_FAILED;
    job->failure = orl_strdup(text);
    orl_results_failure(batch, orl_job_output(batch, job)->path, code, text);
}

static void fail_run(struct batch *batch, size_t run, int code, const char *text)
{
    struct run_job *job = &batch->runs[run];
    job->state = JOB_FAILED;
    job->failure = orl_strdup(text);
    orl_results_failure(batch, batch->experiment->runs[run].name, code, text);
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct orl_film_plan *film = orl_job_film(batch, &batch->outputs[i]);
        for (size_t r = 0; r < film->run_count; r++)
            if (film->runs[r] == run && batch->outputs[i].state == JOB_WAITING)
                fail_output(batch, &batch->outputs[i], code, "one of its runs failed");
    }
}

static void drop_segments(struct batch *batch, const struct output_job *job)
{
    orl_store_drop_segments(&batch->store, job->key, job->level, job->segment_count);
}

static int run_done(struct batch *batch, size_t run, const struct unit_result *result,
                    struct orl_error *err)
{
    struct run_job *job = &batch->runs[run];
    if (result->code == ORL_OK && orl_run_facts_get(result->facts, &job->facts) != ORL_OK)
        return orl_fail(err, ORL_EBUG, "a worker's answer could not be read");
    if (result->code != ORL_OK) {
        fail_run(batch, run, result->code, result->text);
        return ORL_OK;
    }
    job->state = JOB_DONE;
    orl_event_run(batch, run);
    return orl_manifest_add_run(batch->store.manifest, job->trace, job->key, &job->facts, err);
}

/* Segments left by a killed run are believed until they fail to join; then they are made again,
 * once. */
static void make_again(struct batch *batch, struct output_job *job)
{
    drop_segments(batch, job);
    memset(job->segments, 0, job->segment_count * sizeof *job->segments);
    job->segments_done = 0;
    job->reused = false;
    job->state = JOB_WAITING;
}

static void name_bytes(char text[32], int64_t bytes)
{
    if (bytes >= 1000000)
        snprintf(text, 32, "%.3g MB", (double)bytes / 1e6);
    else if (bytes >= 1000)
        snprintf(text, 32, "%.3g kB", (double)bytes / 1e3);
    else
        snprintf(text, 32, "%lld bytes", (long long)bytes);
}

/* A file over its cap: its segments are made again, smaller. Which levels are tried depends on the
 * sizes alone. */
static int make_smaller(struct batch *batch, struct output_job *job, int64_t bytes,
                        struct orl_error *err)
{
    const struct orl_output_plan *output = orl_job_output(batch, job);
    struct orl_output_spec spec;
    char made[32], allowed[32], text[320];
    orl_batch_output_spec(orl_job_film(batch, job), output, &spec);
    name_bytes(made, bytes);
    name_bytes(allowed, output->max_bytes);
    drop_segments(batch, job);
    job->first_bytes = job->level ? job->first_bytes : bytes;
    int found = orl_jobs_level(
        batch, job,
        orl_encode_next_level(&spec, job->first_bytes, job->level, bytes, output->max_bytes));
    if (found == 0)
        found = orl_jobs_level(batch, job, job->level + 1);
    if (found < 0)
        return orl_fail_memory(err);
    if (found == 0) {
        snprintf(text, sizeof text,
                 "it cannot be made to fit into %s (max_size): it still has %s%s%s", allowed, made,
                 *job->tightened ? " with " : "", job->tightened);
        fail_output(batch, job, ORL_FAIL, text);
        return ORL_OK;
    }
    job->state = JOB_WAITING;
    job->reused = false;
    if (batch->options->verbose)
        orl_tell(batch, "optreel: %s: %s are more than %s; made again with %s\n", output->path,
                 made, allowed, job->tightened);
    return ORL_OK;
}

static int join_done(struct batch *batch, struct output_job *job, const struct unit_result *result,
                     struct orl_error *err)
{
    const char *path = orl_job_output(batch, job)->path;
    int code = result->code;
    job->joining = false;
    if (code == ORL_OK && orl_file_facts_get(result->facts, &job->facts) != ORL_OK)
        return orl_fail(err, ORL_EBUG, "a worker's answer could not be read");
    if (code != ORL_OK && code != ORL_EIO && job->reused) {
        make_again(batch, job);
        return ORL_OK;
    }
    if (code != ORL_OK) {
        fail_output(batch, job, code, result->text);
        return ORL_OK;
    }
    if (orl_job_output(batch, job)->max_bytes > 0 &&
        job->facts.bytes > orl_job_output(batch, job)->max_bytes)
        return make_smaller(batch, job, job->facts.bytes, err);
    job->state = JOB_DONE;
    job->facts.work_s = job->work_s;
    int ret = orl_manifest_add_file(batch->store.manifest, path, job->key, &job->facts, err);
    drop_segments(batch, job);
    if (!batch->options->file)
        orl_results_line(batch, job);
    return ret;
}

static void segment_done(struct batch *batch, struct output_job *job, size_t segment,
                         const struct unit_result *result)
{
    if (result->code != ORL_OK) {
        fail_output(batch, job, result->code, result->text);
        return;
    }
    job->segments[segment] = JOB_DONE;
    job->segments_done++;
    batch->segments_made++;
    bool open = false;
    for (size_t s = 0; s < job->segment_count; s++)
        open |= job->segments[s] == JOB_WAITING || job->segments[s] == JOB_WORKING;
    if (!open && batch->options->shard.count)
        job->state = JOB_ELSEWHERE; /* our part is done; who joins does the rest */
}

int orl_outcome_take(struct batch *batch, const struct unit *unit, const struct unit_result *result,
                     struct orl_error *err)
{
    if (unit->kind == UNIT_RUN)
        return run_done(batch, unit->run, result, err);
    struct output_job *job = &batch->outputs[unit->output];
    job->work_s += result->seconds;
    if (unit->kind == UNIT_JOIN)
        return join_done(batch, job, result, err);
    segment_done(batch, job, unit->segment, result);
    return ORL_OK;
}

void orl_outcome_return(struct batch *batch, const struct unit *unit)
{
    if (unit->kind == UNIT_RUN)
        batch->runs[unit->run].state = JOB_WAITING;
    else if (unit->kind == UNIT_JOIN)
        batch->outputs[unit->output].joining = false;
    else if (batch->outputs[unit->output].state != JOB_FAILED)
        batch->outputs[unit->output].segments[unit->segment] = JOB_WAITING;
}

/* How often a worker had died of this unit before this time. */
static unsigned unit_crashes(struct batch *batch, const struct unit *unit)
{
    if (unit->kind == UNIT_RUN)
        return batch->runs[unit->run].crashes++;
    struct output_job *job = &batch->outputs[unit->output];
    return job->crashes[unit->kind == UNIT_JOIN ? job->segment_count : unit->segment]++;
}

int orl_outcome_crashed(struct batch *batch, const struct unit *unit, const char *how,
                        struct orl_error *err)
{
    char text[sizeof err->text];
    if (unit_crashes(batch, unit) < RETRIES) {
        orl_outcome_return(batch, unit);
        return ORL_OK;
    }
    orl_text_bounded(text, sizeof text, "its worker ended twice: %s", how);
    if (unit->kind != UNIT_RUN)
        batch->outputs[unit->output].reused = false;
    return orl_outcome_take(batch, unit, &(struct unit_result){.code = ORL_EENV, .text = text},
                            err);
}
