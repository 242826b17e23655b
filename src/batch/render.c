/* A batch from its plan to a folder that holds all of it: what is asked before the work begins, and
 * what is told when it has ended. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/inputs.h"
#include "batch/plan.h"
#include "batch/program.h"
#include "batch/scratch.h"
#include "batch/slurm.h"
#include "batch/summaries.h"
#include "batch/supervisor.h"
#include "batch/upkeep.h"
#include "batch/whole.h"

/* 80 % of what is free may be used; the rest is for others. */
static bool too_much(uint64_t wanted, uint64_t available)
{
    return available != UINT64_MAX && wanted > available / 10 * 8;
}

static uint64_t memory_free(void)
{
    FILE *f = fopen("/proc/meminfo", "re");
    char line[128];
    unsigned long long kilobytes;
    uint64_t bytes = UINT64_MAX;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %llu", &kilobytes) == 1)
            bytes = (uint64_t)kilobytes << 10;
    if (f)
        fclose(f);
    return bytes;
}

static int estimate_check(struct batch *batch, struct orl_error *err)
{
    uint64_t disk = orl_disk_free(batch->options->folder), memory = memory_free();
    orl_batch_estimate(batch->experiment, batch->options->jobs, &batch->estimate);
    if (batch->options->force)
        return ORL_OK;
    if (too_much(batch->estimate.memory, memory))
        return orl_fail(err, ORL_EENV,
                        "about %.0f MB of memory are needed and %.0f MB are free; use fewer jobs "
                        "(-j), or --force",
                        (double)batch->estimate.memory / 1e6, (double)memory / 1e6);
    if (too_much(batch->estimate.disk_most, disk))
        return orl_fail(err, ORL_EIO,
                        "not enough disk space: about %.1f MB are needed in '%s' and %.1f MB are "
                        "free there; free some, choose "
                        "another folder with -o, "
                        "or use --force",
                        (double)batch->estimate.disk_most / 1e6, batch->options->folder,
                        (double)disk / 1e6);
    return ORL_OK;
}

/* Whether another run of the same problem ends lower, or as low and before this one. */
static bool is_beaten(const struct batch *batch, size_t index)
{
    const struct orl_run_plan *runs = batch->experiment->runs;
    double loss = batch->runs[index].facts.loss;
    bool beaten = false;
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        const struct run_job *job = &batch->runs[i];
        bool rival = i != index && runs[i].problem == runs[index].problem && job->facts.fit;
        beaten |= rival && (job->facts.loss < loss || (job->facts.loss == loss && i < index));
    }
    return beaten;
}

static void warning_of_divergence(struct batch *batch)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        const struct run_job *job = &batch->runs[i];
        if ((job->state == JOB_DONE || job->state == JOB_CACHED) &&
            job->facts.status == ORL_STATUS_DIVERGED)
            orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL,
                             "%s diverged at step %lld", batch->experiment->runs[i].name,
                             (long long)job->facts.steps);
    }
}

#define CONDITION_BAD 1e8 /* half of the digits are lost */

/* Fits whose parameters the data hardly tell apart; the best run of a problem speaks for it. A
 * parameter that has no effect where a run was on its way is no fault of the data. */
static void warning_of_conditions(struct batch *batch)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        const struct run_job *job = &batch->runs[i];
        const struct orl_fit *fit = job->facts.fit;
        bool known = job->state == JOB_DONE || job->state == JOB_CACHED;
        if (!known || !fit || fit->points <= fit->count || !(fit->condition > CONDITION_BAD) ||
            (isinf(fit->condition) && !fit->arrived) || is_beaten(batch, i))
            continue;
        orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL,
                         fit->covariance
                             ? "%s: the fit is ill-conditioned (%.1g with scaled columns): its "
                               "standard errors are large and its last digits are rounding"
                             : "%s: the data do not tell its parameters apart (condition %.1g with "
                               "scaled columns): they have no standard errors",
                         batch->experiment->runs[i].name, fit->condition);
    }
}

/* Recorded losses that are another function's rank beside those of the problem all the same. */
static void warning_of_foreign_losses(struct batch *batch)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        const struct run_job *job = &batch->runs[i];
        const struct orl_foreign_loss *foreign = &job->facts.foreign;
        if ((job->state != JOB_DONE && job->state != JOB_CACHED) ||
            !batch->experiment->runs[i].trace_path || foreign->step < 0)
            continue;
        orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL,
                         "%s: its loss is not the problem's: %.6g at step %lld, where the model "
                         "and the data give %.6g (%.3g times); they are ranked as they stand",
                         batch->experiment->runs[i].name, foreign->recorded,
                         (long long)foreign->step, foreign->model,
                         foreign->recorded / foreign->model);
    }
}

/* What was given up for a size cap; told by the level, so that it reads the same when the file is
 * up to date. */
static void warning_of_caps(struct batch *batch)
{
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        if ((job->state == JOB_DONE || job->state == JOB_CACHED) && *job->tightened)
            orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL,
                             "%s has %s, to stay within max_size (%.4g MB)",
                             orl_job_output(batch, job)->path, job->tightened,
                             (double)orl_job_output(batch, job)->max_bytes / 1e6);
    }
}

/* What failed is not made. */
static void made_tell(struct batch *batch, size_t cached)
{
    size_t runs = 0, files = 0;
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        runs += batch->runs[i].state == JOB_DONE;
    for (size_t i = 0; i < batch->output_count; i++)
        files += batch->outputs[i].state == JOB_DONE;
    orl_tell(batch,
             "optreel: %zu run%s and %zu file%s made, %zu file%s up to date; %.1f s; see "
             "%s/index.html\n",
             runs, runs == 1 ? "" : "s", files, files == 1 ? "" : "s", cached,
             cached == 1 ? " was" : "s were", orl_clock_s() - batch->start_s,
             batch->options->folder);
}

static void end_tell(struct batch *batch)
{
    struct progress_state state;
    const char *folder = batch->options->folder;
    orl_schedule_state(batch, &state);
    orl_progress_clear(&batch->progress);
    if (batch->options->quiet)
        return;
    if (state.runs == 0 && state.outputs == 0)
        orl_tell(batch, "optreel: nothing to do: everything is up to date in '%s'\n", folder);
    else
        made_tell(batch, batch->output_count - state.outputs);
}

/* Ended by a signal, or asked to leave. */
static void break_tell(struct batch *batch, const char *how)
{
    struct progress_state state;
    orl_schedule_state(batch, &state);
    orl_tell(batch,
             "optreel: %s, %zu of %zu files done; the same command takes up where this stopped\n",
             how, state.outputs_done, state.outputs);
}

static int worst_tell(struct batch *batch, struct orl_error *err)
{
    if (batch->unmet > 0 && batch->worst == ORL_OK)
        batch->worst = orl_fail(err, ORL_FAIL, "%zu of %zu expectations %s not hold", batch->unmet,
                                batch->expected, batch->unmet == 1 ? "does" : "do");
    else if (batch->options->strict && batch->messages->warnings > 0 && batch->worst == ORL_OK)
        batch->worst = orl_fail(err, ORL_FAIL, "there were warnings, and --strict counts them");
    else if (batch->worst != ORL_OK)
        orl_fail(err, batch->worst, "not everything could be made");
    return batch->worst;
}

/* Everything that can be done was tried: write the report, and say how it went. */
static int finish(struct batch *batch, struct orl_error *err)
{
    warning_of_divergence(batch);
    warning_of_conditions(batch);
    warning_of_foreign_losses(batch);
    warning_of_caps(batch);
    orl_jobs_sweep_segments(batch);
    int ret = orl_inputs_keep(batch, err);
    if (ret == ORL_EIO)
        orl_results_failure(batch, ORL_COPY_NAME, ret, err->text);
    if (ret == ORL_OK || ret == ORL_EIO)
        ret = orl_whole_report(batch, err);
    if (ret == ORL_EIO)
        orl_results_failure(batch, "summary.json", ret, err->text);
    else if (ret != ORL_OK)
        return ret;
    struct orl_error care = {0};
    ret = orl_upkeep_prune(batch, &care);
    if (ret == ORL_OK)
        ret = orl_upkeep_deps(batch, &care);
    if (ret != ORL_OK)
        orl_results_failure(batch, batch->options->folder, ret, care.text);
    end_tell(batch);
    ret = worst_tell(batch, err);
    if (ret == ORL_OK) {
        orl_upkeep_touch(batch);
        orl_store_drop_shares(&batch->store);
    }
    return ret;
}

/* The same for one file: nothing is told of it but what it is. */
static int finish_file(struct batch *batch, struct orl_error *err)
{
    const struct output_job *job = &batch->outputs[0];
    warning_of_divergence(batch);
    warning_of_caps(batch);
    int ret = worst_tell(batch, err);
    if (ret != ORL_OK)
        return ret;
    ret = orl_scratch_deliver(batch->scratch, orl_job_output(batch, job)->path,
                              batch->options->file, err);
    if (ret == ORL_OK && strcmp(batch->options->file, "-") != 0 && !batch->options->quiet)
        orl_results_line(batch, job);
    return ret;
}

/* The manifest is no part of what was asked for: what is wrong with it stands in no report. */
static void manifest_tell(struct batch *batch, enum orl_manifest_state state)
{
    if (state == ORL_MANIFEST_DAMAGED)
        orl_tell(batch,
                 "optreel: warning: the manifest in '%s' was damaged; what it lost is made again\n",
                 batch->options->folder);
    else if (state == ORL_MANIFEST_FOREIGN)
        orl_tell(batch,
                 "optreel: warning: the manifest in '%s' is another version's; everything is made "
                 "again\n",
                 batch->options->folder);
}

static int store_take(struct batch *batch, struct orl_error *err)
{
    const struct orl_shard *shard = &batch->options->shard;
    enum orl_manifest_state state;
    if (shard->count)
        snprintf(batch->share, sizeof batch->share, "shard-%zu-of-%zu", shard->index, shard->count);
    const struct store_options how = {.path = batch->options->folder,
                                      .share = shard->count ? batch->share : NULL,
                                      .adopt = batch->options->force,
                                      .wait = batch->options->wait};
    int ret = orl_store_open(&batch->store, &how, &state, err);
    if (ret == ORL_OK)
        manifest_tell(batch, state);
    if (ret == ORL_OK && !batch->options->file)
        ret = orl_plan_keep(batch, err);
    return ret;
}

/* A shard has no report: it tells what it did. */
static int finish_shard(struct batch *batch, struct orl_error *err)
{
    const struct orl_shard *shard = &batch->options->shard;
    struct progress_state state;
    warning_of_divergence(batch);
    orl_schedule_state(batch, &state);
    orl_progress_clear(&batch->progress);
    if (!batch->options->quiet)
        orl_tell(batch,
                 "optreel: shard %zu of %zu: %zu runs and %zu segments made; %.1f s; put together "
                 "by: optreel join %s\n",
                 shard->index, shard->count, state.runs_done, batch->segments_made,
                 orl_clock_s() - batch->start_s, batch->options->folder);
    return worst_tell(batch, err);
}

static int units_do(struct batch *batch, struct orl_error *err)
{
    size_t jobs = batch->options->jobs ? batch->options->jobs : orl_batch_cores();
    int ret = orl_jobs_make(batch, err);
    if (ret == ORL_OK)
        ret = orl_pool_open(&batch->pool, batch->options->program, jobs, batch->signals.fd, err);
    if (ret == ORL_OK)
        ret = orl_supervise(batch, err);
    orl_progress_clear(&batch->progress);
    orl_pool_close(&batch->pool);
    if (ret == ORL_ECANCELED)
        break_tell(batch, "interrupted");
    else if (ret == ORL_OK && batch->leaving)
        break_tell(batch, "left early, as asked");
    if (ret == ORL_OK)
        ret = batch->leaving                ? ORL_ELEFT
              : batch->options->shard.count ? finish_shard(batch, err)
              : batch->options->file        ? finish_file(batch, err)
                                            : finish(batch, err);
    return ret;
}

/* Others do it; what they need to know of the folder is there. */
static int units_submit(struct batch *batch, struct orl_error *err)
{
    char *array = NULL, *join = NULL, *output = realpath(batch->options->folder, NULL);
    struct orl_text line = {0};
    int ret = output ? orl_slurm_submit(batch->options->slurm, batch->experiment->name, output,
                                        &array, &join, err)
                     : orl_fail(err, ORL_EIO, "'%s' cannot be found", batch->options->folder);
    if (ret == ORL_OK) {
        orl_text_printf(&line, "%s  array of %zu shards\n%s  join\n", array,
                        batch->options->slurm->tasks, join);
        orl_tell_result(batch, line.failed ? "" : line.data);
    }
    orl_text_uninit(&line);
    free(output);
    free(array);
    free(join);
    return ret;
}

static int batch_do(struct batch *batch, struct orl_error *err)
{
    struct summary baseline = {0};
    int ret = estimate_check(batch, err);
    if (ret == ORL_OK && batch->options->baseline) {
        ret = orl_summary_read(batch->options->baseline, &baseline, err);
        batch->baseline = &baseline;
    }
    if (ret == ORL_OK)
        ret = store_take(batch, err);
    if (ret == ORL_OK)
        ret = batch->options->slurm ? units_submit(batch, err) : units_do(batch, err);
    if (ret == ORL_EIO)
        orl_results_space(batch, err);
    orl_jobs_free(batch);
    orl_store_close(&batch->store);
    batch->baseline = NULL;
    orl_summary_uninit(&baseline);
    return ret;
}

/* The same in a folder that goes away: the one output becomes the file. */
static int file_do(struct batch *batch, struct orl_error *err)
{
    struct orl_batch_options inner = *batch->options;
    struct scratch scratch;
    int ret = orl_scratch_make(&scratch, inner.file, err);
    inner.folder = scratch.path;
    batch->options = &inner;
    batch->scratch = &scratch;
    if (ret == ORL_OK)
        ret = batch_do(batch, err);
    orl_scratch_remove(&scratch);
    return ret;
}

int orl_batch_render(const struct orl_experiment_source *source,
                     const struct orl_experiment_options *choices,
                     struct orl_experiment *experiment, const struct orl_limits *limits,
                     const struct orl_batch_options *options, struct orl_messages *messages,
                     int *signal_number, struct orl_error *err)
{
    struct orl_batch_options own = *options; /* with a program, whoever named it */
    char *program = NULL;
    *signal_number = 0;
    int ret = orl_program_guard(err);
    if (ret == ORL_OK && !own.program)
        ret = orl_program_find(&program, err);
    if (ret != ORL_OK)
        return ret;
    own.program = own.program ? own.program : program;
    struct batch batch = {.experiment = experiment,
                          .source = source,
                          .choices = choices,
                          .limits = limits,
                          .options = &own,
                          .messages = messages,
                          .start_s = orl_clock_s(),
                          .pool.signals = -1,
                          .signals.fd = -1};
    orl_progress_start(&batch.progress, &own);
    ret = orl_signals_take(&batch.signals, err);
    if (ret == ORL_OK)
        ret = options->file ? file_do(&batch, err) : batch_do(&batch, err);
    batch.options = options;
    orl_event_end(&batch, ret);
    *signal_number = batch.signal_number;
    orl_signals_restore(&batch.signals); /* nothing is left that a signal could leave behind */
    orl_tell_flush(&batch);
    free(program);
    if (ret == ORL_OK && batch.results_lost)
        ret = orl_fail(err, ORL_EIO, "standard output cannot be written");
    return ret;
}
