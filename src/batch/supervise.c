/* The supervisor at work: workers are started, fed, heard and buried. Whatever happens to a worker,
 * in whatever state, costs at most its unit, which is tried once more in a fresh one. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/array.h"
#include "base/io.h"
#include "batch/shard.h"
#include "batch/supervisor.h"
#include "batch/wire.h"

#define WAIT_S  0.1
#define PAUSE_S 0.1 /* before the next start after one that failed, times the failures in a row */

/* So many workers in a row that did not get ready, or could not be started, and there is no point
 * in another. */
enum { VAIN_STARTS_MAX = 10 };

/* ---- Starting -------------------------------------------------------------------------------- */

/* Somebody can work: others cannot before the first has told of the environment. */
static bool anybody_ready(const struct batch *batch)
{
    for (size_t i = 0; batch->versions && i < batch->pool.count; i++)
        if (batch->pool.workers[i].pid && batch->pool.workers[i].greeted)
            return true;
    return false;
}

/* One start more was in vain. ORL_EENV where that were too many and nobody is there to work. */
static int start_failed(struct batch *batch, const char *why, struct orl_error *err)
{
    struct rlimit memory = {0};
    batch->vain_starts++;
    batch->start_after_s = orl_clock_s() + PAUSE_S * (double)batch->vain_starts;
    if (batch->vain_starts < VAIN_STARTS_MAX || anybody_ready(batch))
        return ORL_OK;
    bool limited = getrlimit(RLIMIT_AS, &memory) == 0 && memory.rlim_cur != RLIM_INFINITY;
    return orl_fail(err, ORL_EENV, "no worker process gets ready: %s%s", why,
                    limited ? "; memory is limited (ulimit -v), perhaps to too little" : "");
}

/* Somebody is there, or on the way, who tells of the environment. */
static bool first_is_there(const struct batch *batch)
{
    for (size_t i = 0; i < batch->pool.count; i++)
        if (batch->pool.workers[i].pid && batch->pool.workers[i].first)
            return true;
    return false;
}

/* A worker that needs more than this has lost its way; --force overrides estimates. */
static uint64_t memory_most(const struct batch *batch)
{
    uint64_t worker = batch->estimate.memory / batch->pool.count, most;
    if (batch->options->force || __builtin_mul_overflow(worker, UINT64_C(4), &most) ||
        __builtin_add_overflow(most, UINT64_C(4) << 30, &most) || most > INT64_MAX)
        return 0;
    return most;
}

/* Processor time of a unit, on all cores together. The timeout ends it sooner where it is waited
 * for; this ends it where nobody waits any more. */
static double time_most(const struct batch *batch)
{
    const double day = 86400.0, limit = batch->options->timeout_s;
    return limit > 0 ? limit * orl_batch_cores() + 10.0 : day * orl_batch_cores();
}

/* Start a worker in this place, in the stead of one that may be there, and send it its set-up.
 * *started tells whether it could be; that it could not is no failure yet. */
static int worker_start(struct batch *batch, size_t worker, bool *started, struct orl_error *err)
{
    struct orl_error why = {0};
    struct orl_text line = {0};
    *started = orl_pool_start(&batch->pool, worker, &why) == ORL_OK;
    if (!*started)
        return start_failed(batch, why.text, err);
    struct pool_worker *w = &batch->pool.workers[worker];
    w->first = !batch->versions && !first_is_there(batch);
    const struct wire_place place = {batch->options->folder, *batch->share ? batch->share : NULL,
                                     w->first, memory_most(batch), time_most(batch)};
    orl_wire_put_setup(&line, batch->source, batch->choices, batch->experiment, batch->limits,
                       &place);
    orl_pool_send(&batch->pool, worker, &line);
    orl_text_uninit(&line);
    return ORL_OK;
}

/* ---- Hearing --------------------------------------------------------------------------------- */

static int versions_take(struct batch *batch, struct orl_fields *fields, struct orl_error *err)
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

/* A worker is gone, or it has to go: what it had waits again or has failed. */
static int worker_bury(struct batch *batch, size_t worker, const char *reason,
                       struct orl_error *err)
{
    const struct pool_worker *w = &batch->pool.workers[worker];
    const struct unit unit = w->unit;
    bool greeted = w->greeted;
    pid_t pid = w->pid;
    char how[120];
    int ret = ORL_OK;
    orl_pool_end(&batch->pool, worker, how, sizeof how);
    orl_folder_sweep(batch->store.folder, pid);
    if (unit.kind != UNIT_NONE)
        ret = orl_outcome_crashed(batch, &unit, reason ? reason : how, err);
    if (ret == ORL_OK && !greeted)
        ret = start_failed(batch, reason ? reason : how, err);
    return ret;
}

static const char replaced[] = "a font file changed while the program ran";

/* It would draw as the first worker does: what is made is known by what that one told. */
static bool environment_same(const struct batch *batch, const struct pool_worker *worker)
{
    return strcmp(batch->environment, worker->environment) == 0;
}

/* A worker is ready, or could not get ready. What the first one lacks all will lack; another that
 * fails is one that died. */
static int hello_take(struct batch *batch, size_t worker, struct orl_fields *fields,
                      struct orl_error *err)
{
    struct pool_worker *w = &batch->pool.workers[worker];
    int code = (int)orl_fields_get_integer(fields);
    const char *text = orl_fields_get(fields, NULL);
    if (code != ORL_OK && w->first)
        return orl_fail(err, code, "%s", text);
    if (code != ORL_OK)
        return worker_bury(batch, worker, text, err);
    snprintf(w->environment, sizeof w->environment, "%s", orl_fields_get(fields, NULL));
    if (batch->versions && !environment_same(batch, w))
        return worker_bury(batch, worker, replaced, err);
    w->greeted = true;
    if (w->first)
        memcpy(batch->environment, w->environment, sizeof batch->environment);
    if (w->first || batch->versions) /* others cannot do without the first */
        batch->vain_starts = 0;
    if (*text && batch->options->strict)
        return orl_fail(err, ORL_FAIL, "%s (--strict)", text);
    if (*text && !batch->versions) /* the first worker speaks for all */
        orl_messages_add(batch->messages, ORL_SEVERITY_WARNING, NULL, NULL, "%s", text);
    return versions_take(batch, fields, err);
}

static int message_take(struct batch *batch, size_t worker, struct orl_fields *fields,
                        struct orl_error *err)
{
    struct pool_worker *w = &batch->pool.workers[worker];
    const char *kind = orl_fields_get(fields, NULL);
    if (strcmp(kind, MESSAGE_HELLO) == 0)
        return hello_take(batch, worker, fields, err);
    if (strcmp(kind, MESSAGE_PROGRESS) == 0) {
        w->share = orl_fields_get_number(fields);
        return ORL_OK;
    }
    if (strcmp(kind, MESSAGE_DONE) != 0 || w->unit.kind == UNIT_NONE)
        return orl_fail(err, ORL_EBUG, "a worker said something that was not asked");
    const struct unit unit = w->unit;
    struct unit_result result = {.code = (int)orl_fields_get_integer(fields)};
    result.text = orl_fields_get(fields, NULL);
    result.seconds = orl_fields_get_number(fields);
    result.facts = fields;
    w->unit = (struct unit){0};
    return orl_outcome_take(batch, &unit, &result, err);
}

/* INT, TERM and HUP end the batch; USR1 asks it to hand out nothing more. */
static int signal_take(struct batch *batch)
{
    int number = orl_signals_next(&batch->signals);
    if (number == SIGUSR1)
        batch->leaving = true;
    if (number == 0 || number == SIGUSR1)
        return ORL_OK;
    batch->signal_number = number;
    return ORL_ECANCELED;
}

/* Whatever a worker does, getting ready included, has an end. */
static int late_end(struct batch *batch, struct orl_error *err)
{
    static const char late[] = "it took longer than --timeout allows";
    int ret = ORL_OK;
    double now = orl_clock_s(), limit = batch->options->timeout_s;
    for (size_t i = 0; limit > 0 && ret == ORL_OK && i < batch->pool.count; i++) {
        struct pool_worker *w = &batch->pool.workers[i];
        bool idle = w->greeted && w->unit.kind == UNIT_NONE;
        if (!w->pid || idle || now - w->since_s <= limit)
            continue;
        const struct unit unit = w->unit;
        const struct unit_result result = {.code = ORL_EENV, .text = late, .seconds = limit};
        if (w->greeted) /* what was too slow once is too slow again: no second try */
            w->unit = (struct unit){0};
        bool told = w->greeted;
        ret = worker_bury(batch, i, late, err);
        if (ret == ORL_OK && told)
            ret = orl_outcome_take(batch, &unit, &result, err);
    }
    return ret;
}

/* Wait for one event and deal with it. */
static int event_take(struct batch *batch, struct orl_error *err)
{
    struct orl_fields fields = {0};
    struct progress_state state;
    size_t worker;
    int ret = ORL_OK;
    switch (orl_pool_wait(&batch->pool, WAIT_S, &worker, &fields)) {
    case POOL_MESSAGE:
        ret = message_take(batch, worker, &fields, err);
        break;
    case POOL_DEATH:
        ret = worker_bury(batch, worker,
                          batch->pool.workers[worker].broken ? "it could not be spoken to" : NULL,
                          err);
        break;
    case POOL_SIGNAL:
        ret = signal_take(batch);
        break;
    case POOL_NOTHING:
        break;
    }
    orl_fields_uninit(&fields);
    if (ret == ORL_OK)
        ret = late_end(batch, err);
    if (orl_progress_due(&batch->progress)) {
        orl_schedule_state(batch, &state);
        orl_progress_show(&batch->progress, &state);
    }
    return ret;
}

/* ---- Handing out ----------------------------------------------------------------------------- */

static int order_send(struct batch *batch, size_t worker, struct unit_order *order,
                      const struct unit *unit, struct orl_error *err)
{
    struct pool_worker *w = &batch->pool.workers[worker];
    struct orl_text line = {0};
    const struct orl_run_facts **facts = orl_calloc(order->run_count, sizeof *facts);
    if (!facts)
        return orl_fail_memory(err);
    for (size_t i = 0; i < order->run_count; i++)
        facts[i] = &batch->runs[batch->experiment->films[order->film].runs[i]].facts;
    order->facts = facts;
    w->unit = *unit;
    w->used = true;
    w->since_s = orl_clock_s();
    w->share = 0.0;
    if (order->kind == UNIT_SEGMENT) {
        w->film = order->film;
        w->output = order->output;
        w->first_kept = order->first;
        w->count_kept = order->keep ? order->count : 0;
    }
    orl_wire_put_unit(&line, order);
    orl_pool_send(&batch->pool, worker, &line);
    orl_text_uninit(&line);
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

/* Give an idle worker something. */
static int unit_hand_out(struct batch *batch, size_t worker, struct orl_error *err)
{
    struct unit_order order;
    struct unit unit;
    bool started = true;
    if (!orl_schedule_next(batch, worker, &unit))
        return ORL_OK;
    orl_schedule_order(batch, &unit, &order);
    int ret = ORL_OK;
    /* A process that has drawn nothing yet reads its set-up and then the order; nobody waits. */
    if (batch->pool.workers[worker].used && wants_fresh_process(batch, &order))
        ret = worker_start(batch, worker, &started, err);
    batch->pool.workers[worker].held = !started;
    if (ret == ORL_OK && !started && batch->vain_starts >= VAIN_STARTS_MAX)
        return orl_outcome_crashed(batch, &unit, "no process could be started for it", err);
    if (!started)
        orl_outcome_return(batch, &unit);
    return ret == ORL_OK && started ? order_send(batch, worker, &order, &unit, err) : ret;
}

/* Give every idle worker something; start workers where there is more to do than there are. */
static int units_hand_out(struct batch *batch, struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < batch->pool.count; i++) {
        const struct pool_worker *w = &batch->pool.workers[i];
        bool started;
        if (orl_clock_s() < batch->start_after_s && (!w->pid || w->held))
            continue;
        if (w->pid && w->greeted && !environment_same(batch, w)) /* it was there before the first */
            ret = worker_bury(batch, i, replaced, err);
        else if (w->pid && w->greeted && w->unit.kind == UNIT_NONE)
            ret = unit_hand_out(batch, i, err);
        else if (!w->pid && !batch->leaving && !orl_schedule_finished(batch))
            ret = worker_start(batch, i, &started, err);
    }
    return ret;
}

/* ---- All of it ------------------------------------------------------------------------------- */

/* Where nothing was made yet all workers will be wanted: they start side by side. Fewer hands do
 * it, too. */
static int others_start(struct batch *batch, struct orl_error *err)
{
    size_t units = orl_schedule_units(batch);
    bool started = true;
    int ret = ORL_OK;
    for (size_t i = 1; ret == ORL_OK && started && i < batch->pool.count && i < units; i++)
        ret = worker_start(batch, i, &started, err);
    return ret;
}

/* The first worker looks at the environment: nothing is decided before it has told. */
static int first_meet(struct batch *batch, struct orl_error *err)
{
    bool started, others = orl_manifest_is_empty(batch->store.manifest);
    int ret = ORL_OK;
    while (ret == ORL_OK && !batch->versions && !batch->leaving) {
        if (!batch->pool.workers[0].pid && orl_clock_s() >= batch->start_after_s) {
            ret = worker_start(batch, 0, &started, err);
            if (ret == ORL_OK && others && started)
                ret = others_start(batch, err);
            others = false;
        }
        if (ret == ORL_OK)
            ret = event_take(batch, err);
    }
    return ret;
}

static void cached_tell(struct batch *batch)
{
    for (size_t i = 0; i < batch->output_count; i++)
        if (batch->outputs[i].state == JOB_CACHED)
            orl_results_line(batch, &batch->outputs[i]);
}

/* How much there is to do, and how long it will take. */
static void plan_tell(struct batch *batch)
{
    struct progress_state state;
    orl_schedule_state(batch, &state);
    double seconds = orl_estimate_left(batch);
    if (batch->options->quiet || batch->options->file || (state.runs == 0 && state.outputs == 0))
        return;
    orl_progress_clear(&batch->progress);
    orl_tell(batch, "optreel: %zu run%s and %zu file%s to make: about %.2g %s with %zu worker%s\n",
             state.runs, state.runs == 1 ? "" : "s", state.outputs, state.outputs == 1 ? "" : "s",
             seconds < 1.0    ? 1.0
             : seconds < 90.0 ? seconds
                              : seconds / 60.0,
             seconds < 90.0 ? "s" : "min", batch->pool.count, batch->pool.count == 1 ? "" : "s");
}

int orl_supervise(struct batch *batch, struct orl_error *err)
{
    int ret = first_meet(batch, err);
    if (ret == ORL_OK && batch->versions)
        ret = orl_jobs_skip(batch, err);
    if (ret == ORL_OK && batch->versions && batch->options->shard.count)
        orl_shard_choose(batch);
    if (ret == ORL_OK && batch->versions && batch->options->join)
        orl_shard_demand(batch);
    if (ret == ORL_OK)
        cached_tell(batch);
    if (ret == ORL_OK && batch->versions)
        plan_tell(batch);
    while (ret == ORL_OK && !orl_schedule_finished(batch)) {
        ret = units_hand_out(batch, err);
        if (ret == ORL_OK)
            ret = event_take(batch, err);
    }
    return ret;
}
