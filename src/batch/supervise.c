/* The supervisor at work: workers are started, fed, heard and buried. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/supervisor.h"
#include "batch/wire.h"

#define WAIT_S 0.1

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

/* A worker is gone: its unit is tried once more by the fresh one that takes its place. */
static int bury(struct batch *batch, size_t worker, const char *reason, struct orl_error *err)
{
    char how[120];
    const struct unit unit = batch->pool.workers[worker].unit;
    bool greeted = batch->pool.workers[worker].greeted;
    pid_t pid = batch->pool.workers[worker].pid;
    orl_pool_end(&batch->pool, worker, true, how, sizeof how);
    if (!greeted)
        return orl_fail(err, ORL_EENV, "a worker process ended before it was ready: %s", how);
    orl_folder_sweep(batch->store.folder, pid);
    if (unit.kind == UNIT_NONE)
        return ORL_OK;
    return orl_outcome_crashed(batch, &unit, reason ? reason : how, err);
}

static int send_order(struct batch *batch, size_t worker, struct unit_order *order,
                      const struct unit *unit, struct orl_error *err)
{
    struct pool_worker *w = &batch->pool.workers[worker];
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
        struct unit unit;
        if ((w->pid && (!w->greeted || w->unit.kind != UNIT_NONE)))
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
        if (!orl_schedule_next(batch, i, &unit))
            continue;
        orl_schedule_order(batch, &unit, &order);
        if (w->used && wants_fresh_process(batch, &order))
            ret = renew_worker(batch, i, err);
        if (ret == ORL_OK)
            ret = send_order(batch, i, &order, &unit, err);
    }
    return ret;
}

static int end_late_units(struct batch *batch, struct orl_error *err)
{
    int ret = ORL_OK;
    double now = orl_clock_s(), limit = batch->options->timeout_s;
    for (size_t i = 0; limit > 0 && ret == ORL_OK && i < batch->pool.count; i++) {
        struct pool_worker *w = &batch->pool.workers[i];
        if (!w->pid || w->unit.kind == UNIT_NONE || now - w->since_s <= limit)
            continue;
        const struct unit unit = w->unit;
        const struct unit_result late = {
            .code = ORL_EENV, .text = "took longer than --timeout allows", .seconds = limit};
        w->unit = (struct unit){0};
        ret = bury(batch, i, NULL, err);
        if (ret == ORL_OK) /* what was too slow once is too slow again: no second try */
            ret = orl_outcome_take(batch, &unit, &late, err);
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
    if (ret == ORL_OK && orl_manifest_is_empty(batch->store.manifest))
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

int orl_supervise(struct batch *batch, struct orl_error *err)
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
