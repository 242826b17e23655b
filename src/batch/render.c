/* The supervisor: from a plan to a folder that holds all of it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "batch/supervisor.h"
#include "batch/wire.h"

#define WAIT_S 0.1

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

static int check_estimate(struct batch *batch, struct orl_error *err)
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
    if (too_much(batch->estimate.disk, disk))
        return orl_fail(err, ORL_EIO,
                        "not enough disk space: about %.1f MB are needed in '%s' and %.1f MB are "
                        "free there; free some, choose "
                        "another folder with -o, "
                        "or use --force",
                        (double)batch->estimate.disk / 1e6, batch->options->folder,
                        (double)disk / 1e6);
    return ORL_OK;
}

static int open_folder(struct batch *batch, struct orl_error *err)
{
    static const struct timespec pause = {0, 200000000};
    for (;;) {
        struct orl_error attempt = {0};
        int ret = orl_folder_open(batch->options->folder, true, batch->options->force,
                                  &batch->folder, &attempt);
        if (ret != ORL_EBUSY || !batch->options->wait)
            return ret == ORL_OK ? ret : orl_fail(err, ret, "%s", attempt.text);
        nanosleep(&pause, NULL);
    }
}

static int start_worker(struct batch *batch, size_t worker, struct orl_error *err)
{
    int ret = orl_pool_start(&batch->pool, worker, err);
    if (ret == ORL_OK)
        orl_wire_send_setup(batch->pool.workers[worker].to, batch->source, batch->choices,
                            batch->experiment, batch->limits, batch->options->folder,
                            worker == 0 &&
                                !batch->versions); /* where this fails the worker is dead, which
                                                      shows when it is read from */
    return ret;
}

static int take_versions(struct batch *batch, struct orl_fields *fields, struct orl_error *err)
{
    int64_t count = orl_fields_get_integer(fields);
    if (batch->versions || fields->failed || count <= 0 || (uint64_t)count > fields->count)
        return ORL_OK; /* another worker told them already */
    batch->versions = orl_calloc((size_t)count, sizeof *batch->versions);
    if (!batch->versions)
        return orl_fail_memory(err);
    for (int64_t i = 0; i < count; i++) {
        struct version *v = &batch->versions[batch->version_count++];
        v->name = orl_strdup(orl_fields_get(fields, NULL));
        v->version = orl_strdup(orl_fields_get(fields, NULL));
        if (!v->name || !v->version)
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

static int hello(struct batch *batch, size_t worker, struct orl_fields *fields,
                 struct orl_error *err)
{
    int code = (int)orl_fields_get_integer(fields);
    const char *text = orl_fields_get(fields, NULL);
    if (code != ORL_OK)
        return orl_fail(err, code, "%s", text);
    batch->pool.workers[worker].greeted = true;
    if (*text && batch->options->strict)
        return orl_fail(err, ORL_EENV, "%s (--strict)", text);
    if (*text && !batch->versions) /* the first worker speaks for all */
        orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL, "%s", text);
    return take_versions(batch, fields, err);
}

/* One message of a worker. */
static int listen_to(struct batch *batch, size_t worker, struct orl_fields *fields,
                     struct orl_error *err)
{
    struct pool_worker *w = &batch->pool.workers[worker];
    const char *kind = orl_fields_get(fields, NULL);
    if (strcmp(kind, MESSAGE_HELLO) == 0)
        return hello(batch, worker, fields, err);
    if (strcmp(kind, MESSAGE_PROGRESS) == 0) {
        w->share = orl_fields_get_number(fields);
        return ORL_OK;
    }
    if (strcmp(kind, MESSAGE_DONE) != 0 || w->unit == NO_UNIT)
        return orl_fail(err, ORL_EBUG, "a worker said something that was not asked");
    size_t unit = w->unit;
    int code = (int)orl_fields_get_integer(fields);
    const char *text = orl_fields_get(fields, NULL);
    double seconds = orl_fields_get_number(fields);
    w->unit = NO_UNIT;
    return orl_schedule_done(batch, unit, code, text, seconds, fields, err);
}

/* A worker is gone: its unit is tried once more by the fresh one that takes its place. */
static int bury(struct batch *batch, size_t worker, const char *reason, struct orl_error *err)
{
    char how[120];
    size_t unit = batch->pool.workers[worker].unit;
    bool greeted = batch->pool.workers[worker].greeted;
    pid_t pid = batch->pool.workers[worker].pid;
    orl_pool_end(&batch->pool, worker, true, how, sizeof how);
    if (!greeted)
        return orl_fail(err, ORL_EENV, "a worker process ended before it was ready: %s", how);
    orl_folder_sweep(batch->folder, pid);
    if (unit == NO_UNIT)
        return ORL_OK;
    return orl_schedule_crashed(batch, unit, reason ? reason : how, err);
}

static int send_order(struct batch *batch, size_t worker, struct unit_order *order, size_t unit,
                      struct orl_error *err)
{
    struct pool_worker *w = &batch->pool.workers[worker];
    const struct orl_run_facts **facts = orl_calloc(order->run_count, sizeof *facts);
    if (!facts)
        return orl_fail_memory(err);
    for (size_t i = 0; i < order->run_count; i++)
        facts[i] = &batch->runs[batch->experiment->films[order->film].runs[i]].facts;
    order->facts = facts;
    w->unit = unit;
    w->used = true;
    w->since_s = orl_clock_s();
    w->share = 0.0;
    if (order->kind == UNIT_SEGMENT) {
        w->film = order->film;
        w->output = order->output;
        w->first = order->first;
        w->count = order->keep ? order->count : 0;
    }
    orl_wire_send_unit(w->to, order); /* a dead worker shows when it is read from */
    free(facts);
    return ORL_OK;
}

/* What an order asks of the process that takes it. */
static bool wants_fresh_process(const struct batch *batch, const struct unit_order *order)
{
    if (order->kind != UNIT_SEGMENT)
        return false;
    const struct orl_output_plan *output =
        &batch->experiment->films[order->film].outputs[order->output];
    return orl_format_fresh_process(output->format, output->values);
}

/* Put a process that has drawn nothing yet in a worker's place. It reads its set-up and then the
 * order; nobody waits for it. */
static int renew_worker(struct batch *batch, size_t worker, struct orl_error *err)
{
    orl_pool_end(&batch->pool, worker, true, NULL, 0); /* it is idle: nothing is lost */
    return start_worker(batch, worker, err);
}

/* Give every idle worker something; start workers where there is more to do than there are. */
static int hand_out(struct batch *batch, struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < batch->pool.count; i++) {
        struct pool_worker *w = &batch->pool.workers[i];
        struct unit_order order;
        size_t unit;
        if ((w->pid && (!w->greeted || w->unit != NO_UNIT)))
            continue;
        if (!w->pid && orl_schedule_finished(batch))
            continue;
        if (!w->pid) {
            struct orl_error start = {0};
            ret = start_worker(batch, i, &start);
            if (ret != ORL_OK && i > 0 && batch->pool.workers[0].pid)
                return ORL_OK; /* fewer hands do it, too */
            if (ret != ORL_OK)
                return orl_fail(err, ret, "%s", start.text);
            continue;
        }
        if (!orl_schedule_next(batch, i, &order, &unit))
            continue;
        if (w->used && wants_fresh_process(batch, &order))
            ret = renew_worker(batch, i, err);
        if (ret == ORL_OK)
            ret = send_order(batch, i, &order, unit, err);
    }
    return ret;
}

static int end_late_units(struct batch *batch, struct orl_error *err)
{
    int ret = ORL_OK;
    double now = orl_clock_s(), limit = batch->options->timeout_s;
    for (size_t i = 0; limit > 0 && ret == ORL_OK && i < batch->pool.count; i++) {
        struct pool_worker *w = &batch->pool.workers[i];
        if (!w->pid || w->unit == NO_UNIT || now - w->since_s <= limit)
            continue;
        size_t unit = w->unit;
        w->unit = NO_UNIT;
        ret = bury(batch, i, NULL, err);
        if (ret == ORL_OK) /* what was too slow once is too slow again: no second try */
            ret = orl_schedule_done(batch, unit, ORL_EENV, "took longer than --timeout allows",
                                    limit, NULL, err);
    }
    return ret;
}

/* Wait for one event and deal with it. */
static int one_event(struct batch *batch, struct orl_error *err)
{
    struct orl_fields fields = {0};
    struct progress_state state;
    size_t worker;
    int ret = ORL_OK;
    switch (orl_pool_wait(&batch->pool, WAIT_S, &worker, &fields)) {
    case POOL_MESSAGE:
        ret = listen_to(batch, worker, &fields, err);
        break;
    case POOL_DEATH:
        ret = bury(batch, worker, NULL, err);
        break;
    case POOL_SIGNAL:
        ret = ORL_ECANCELED;
        break;
    case POOL_NOTHING:
        break;
    }
    orl_fields_uninit(&fields);
    if (ret == ORL_OK)
        ret = end_late_units(batch, err);
    orl_schedule_state(batch, &state);
    orl_progress_show(&batch->progress, &state);
    return ret;
}

/* Where nothing was made yet all workers will be wanted: they start side by side. Fewer hands do
 * it, too. */
static void start_others(struct batch *batch)
{
    struct orl_error ignored = {0};
    size_t units = orl_schedule_units(batch);
    for (size_t i = 1; i < batch->pool.count && i < units; i++)
        if (start_worker(batch, i, &ignored) != ORL_OK)
            return;
}

static int greet_first(struct batch *batch, struct orl_error *err)
{
    int ret = start_worker(batch, 0, err);
    if (ret == ORL_OK && orl_manifest_is_empty(batch->manifest))
        start_others(batch);
    while (ret == ORL_OK && !batch->pool.workers[0].greeted)
        ret = one_event(batch, err);
    return ret;
}

static void tell_cached(struct batch *batch)
{
    for (size_t i = 0; i < batch->output_count; i++)
        if (batch->outputs[i].state == JOB_CACHED)
            orl_results_line(batch, &batch->outputs[i]);
}

static int work(struct batch *batch, struct orl_error *err)
{
    int ret = greet_first(batch, err);
    if (ret == ORL_OK)
        ret = orl_jobs_skip(batch, err);
    if (ret == ORL_OK)
        tell_cached(batch);
    while (ret == ORL_OK && !orl_schedule_finished(batch)) {
        ret = hand_out(batch, err);
        if (ret == ORL_OK)
            ret = one_event(batch, err);
    }
    return ret;
}

static void warn_of_divergence(struct batch *batch)
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

/* What was given up for a size cap; told by the level, so that it reads the same when the file is
 * up to date. */
static void warn_of_caps(struct batch *batch)
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

static void tell_end(struct batch *batch)
{
    struct progress_state state;
    FILE *out = batch->options->messages;
    orl_schedule_state(batch, &state);
    orl_progress_clear(&batch->progress);
    if (!out || batch->options->quiet)
        return;
    if (state.runs == 0 && state.outputs == 0)
        fprintf(out, "optreel: nothing to do: everything is up to date in '%s'\n",
                batch->options->folder);
    else
        fprintf(out,
                "optreel: %zu runs and %zu files made, %zu files were up to date; %.1f s; see "
                "%s/index.html\n",
                state.runs_done, state.outputs_done, batch->output_count - state.outputs,
                orl_clock_s() - batch->start_s, batch->options->folder);
}

static void tell_interrupted(const struct batch *batch)
{
    struct progress_state state;
    orl_schedule_state(batch, &state);
    if (batch->options->messages)
        fprintf(batch->options->messages,
                "optreel: interrupted, %zu of %zu files done; the same command takes up where this "
                "stopped\n",
                state.outputs_done, state.outputs);
}

/* Everything that can be done was tried: write the report, and say how it went. */
static int finish(struct batch *batch, struct orl_error *err)
{
    warn_of_divergence(batch);
    warn_of_caps(batch);
    orl_jobs_sweep_segments(batch);
    int ret = orl_results_report(batch, err);
    if (ret == ORL_EIO)
        orl_results_failure(batch, "summary.json", ret, err->text);
    else if (ret != ORL_OK)
        return ret;
    tell_end(batch);
    if (batch->options->strict && batch->messages->warnings > 0 && batch->worst == ORL_OK)
        batch->worst = orl_fail(err, ORL_FAIL, "there were warnings, and --strict counts them");
    else if (batch->worst != ORL_OK)
        orl_fail(err, batch->worst, "not everything could be made");
    return batch->worst;
}

static int run_batch(struct batch *batch, int *signal_number, struct orl_error *err)
{
    bool damaged = false;
    size_t jobs = batch->options->jobs ? batch->options->jobs : orl_batch_cores();
    int ret = orl_manifest_open(batch->folder, &batch->manifest, &damaged, err);
    if (ret == ORL_OK && damaged)
        orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL,
                         "the manifest in '%s' was damaged; what it lost is made again",
                         batch->options->folder);
    if (ret == ORL_OK)
        ret = orl_jobs_make(batch, err);
    if (ret == ORL_OK)
        ret = orl_pool_open(&batch->pool, batch->options->program, jobs, err);
    if (ret == ORL_OK)
        ret = work(batch, err);
    *signal_number = batch->pool.signal_number;
    orl_progress_clear(&batch->progress);
    orl_pool_close(&batch->pool);
    if (ret == ORL_ECANCELED)
        tell_interrupted(batch);
    if (ret == ORL_OK)
        ret = finish(batch, err);
    return ret;
}

int orl_batch_render(const struct orl_experiment_source *source,
                     const struct orl_experiment_options *choices,
                     struct orl_experiment *experiment, const struct orl_limits *limits,
                     const struct orl_batch_options *options, struct orl_messages *messages,
                     int *signal_number, struct orl_error *err)
{
    struct batch batch = {.experiment = experiment,
                          .source = source,
                          .choices = choices,
                          .limits = limits,
                          .options = options,
                          .messages = messages,
                          .start_s = orl_clock_s(),
                          .pool.signals = -1};
    *signal_number = 0;
    orl_progress_start(&batch.progress, options);
    int ret = check_estimate(&batch, err);
    if (ret == ORL_OK)
        ret = open_folder(&batch, err);
    if (ret == ORL_OK) {
        orl_folder_sweep(batch.folder, 0);
        ret = run_batch(&batch, signal_number, err);
        orl_folder_sweep(batch.folder, 0);
    }
    orl_jobs_free(&batch);
    orl_manifest_close(&batch.manifest);
    orl_folder_close(&batch.folder);
    return ret;
}
