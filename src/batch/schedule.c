/* Who does what next, and what follows from a unit's end.
 *
 * Units are numbered for the pool: runs first, then for each output its segments and, last, its
 * join. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "batch/supervisor.h"

enum { RETRIES = 1 };

/* unit = runs + output * unit_stride + (segment, or unit_stride-1 for the join). */
static size_t segment_unit(const struct batch *batch, size_t output, size_t segment)
{
    return batch->experiment->run_count + output * batch->unit_stride + segment;
}

static bool runs_done(const struct batch *batch, const struct output_job *job)
{
    const struct orl_film_plan *film = orl_job_film(batch, job);
    for (size_t i = 0; i < film->run_count; i++) {
        enum job_state state = batch->runs[film->runs[i]].state;
        if (state != JOB_DONE && state != JOB_CACHED)
            return false;
    }
    return true;
}

static bool open_for_work(const struct batch *batch, const struct output_job *job)
{
    return (job->state == JOB_WAITING || job->state == JOB_WORKING) && !job->joining &&
           runs_done(batch, job);
}

/* The same film at the same size, rate and text: the same frames. */
static bool same_frames(const struct batch *batch, size_t film, size_t output,
                        const struct output_job *job)
{
    if (film != job->film)
        return false;
    const struct orl_output_plan *a = &batch->experiment->films[film].outputs[output],
                                 *b = orl_job_output(batch, job);
    return a->width == b->width && a->height == b->height && a->fps_num == b->fps_num &&
           a->fps_den == b->fps_den && a->text_px == b->text_px && a->line_px == b->line_px &&
           !a->poster == !b->poster && !a->columns && !b->columns;
}

static size_t first_of(const struct output_job *job, size_t segment)
{
    return segment * job->segment_frames;
}

static size_t count_of(const struct output_job *job, size_t segment)
{
    size_t left = job->frames - first_of(job, segment);
    return left < job->segment_frames ? left : job->segment_frames;
}

/* The worker has this segment's frames: it drew them for another output. */
static bool has_frames(const struct batch *batch, const struct pool_worker *worker,
                       const struct output_job *job, size_t segment)
{
    return worker->count > 0 && same_frames(batch, worker->film, worker->output, job) &&
           first_of(job, segment) >= worker->first &&
           first_of(job, segment) + count_of(job, segment) <= worker->first + worker->count;
}

/* Another worker has its frames, and will want it next. */
static bool is_anothers(const struct batch *batch, size_t worker, const struct output_job *job,
                        size_t segment)
{
    for (size_t i = 0; i < batch->pool.count; i++)
        if (i != worker && batch->pool.workers[i].pid &&
            has_frames(batch, &batch->pool.workers[i], job, segment))
            return true;
    return false;
}

/* The segment that a worker would take of an output: one whose frames it has, else the first that
 * no other has, else the first. NO_UNIT: none waits. */
static size_t best_segment(const struct batch *batch, const struct output_job *job, size_t worker,
                           bool *ready, bool *anothers)
{
    size_t free_one = NO_UNIT, any = NO_UNIT;
    *ready = false;
    for (size_t s = 0; s < job->segment_count; s++) {
        if (job->segments[s] != JOB_WAITING)
            continue;
        if (has_frames(batch, &batch->pool.workers[worker], job, s)) {
            *ready = true;
            *anothers = false;
            return s;
        }
        any = any == NO_UNIT ? s : any;
        if (free_one == NO_UNIT && !is_anothers(batch, worker, job, s))
            free_one = s;
    }
    *anothers = free_one == NO_UNIT;
    return free_one == NO_UNIT ? any : free_one;
}

/* How much a worker would like to take this output's next segment; 0: there is none. */
static int liking(const struct batch *batch, size_t index, size_t worker, size_t *segment)
{
    const struct output_job *job = &batch->outputs[index];
    const struct pool_worker *w = &batch->pool.workers[worker];
    bool taken = false, ready, anothers;
    *segment = NO_UNIT;
    if (!open_for_work(batch, job))
        return 0;
    if (job->segments_done == job->segment_count)
        return 8; /* a file that only needs joining frees its segments */
    *segment = best_segment(batch, job, worker, &ready, &anothers);
    if (*segment == NO_UNIT)
        return 0;
    if (ready)
        return 7; /* its frames are there already */
    if (anothers)
        return 1; /* rather than do nothing */
    if (job->segment_count == 1 && job->frames > 1)
        return 6; /* cannot be shared: the sooner it begins the better */
    if (w->film == job->film && w->output == job->output)
        return 5; /* its film is on the stage */
    for (size_t s = 0; s < job->segment_count; s++)
        taken |= job->segments[s] == JOB_WORKING;
    if (taken)
        return 2; /* another worker has it on its stage; better take one that nobody has */
    return w->film == job->film ? 4 : 3;
}

/* Another output will want the frames of this segment. */
static bool wanted_again(const struct batch *batch, size_t index, size_t segment)
{
    const struct output_job *job = &batch->outputs[index];
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *other = &batch->outputs[i];
        if (i == index || !open_for_work(batch, other) ||
            !same_frames(batch, job->film, job->output, other))
            continue;
        for (size_t s = 0; s < other->segment_count; s++)
            if (other->segments[s] == JOB_WAITING && first_of(other, s) >= first_of(job, segment) &&
                first_of(other, s) + count_of(other, s) <=
                    first_of(job, segment) + count_of(job, segment))
                return true;
    }
    return false;
}

static void order_output(struct batch *batch, size_t index, size_t segment,
                         struct unit_order *order, size_t *unit)
{
    struct output_job *job = &batch->outputs[index];
    *order = (struct unit_order){.kind = UNIT_JOIN,
                                 .film = job->film,
                                 .output = job->output,
                                 .level = job->level,
                                 .segments = job->segment_count};
    memcpy(order->key, job->key, sizeof order->key);
    job->state = JOB_WORKING;
    if (segment == NO_UNIT) {
        job->joining = true;
        *unit = segment_unit(batch, index, batch->unit_stride - 1);
        return;
    }
    job->segments[segment] = JOB_WORKING;
    order->kind = UNIT_SEGMENT;
    order->segment = segment;
    order->first = first_of(job, segment);
    order->count = count_of(job, segment);
    order->keep = wanted_again(batch, index, segment);
    order->run_count =
        orl_job_film(batch, job)->run_count; /* their facts are added when it is sent */
    *unit = segment_unit(batch, index, segment);
}

bool orl_schedule_next(struct batch *batch, size_t worker, struct unit_order *order, size_t *unit)
{
    if (batch->options->fail_fast && batch->worst != ORL_OK)
        return false;
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (batch->runs[i].state == JOB_WAITING) {
            *order = (struct unit_order){.kind = UNIT_RUN, .run = i};
            batch->runs[i].state = JOB_WORKING;
            *unit = i;
            return true;
        }
    int best = 0;
    size_t chosen = 0, segment = NO_UNIT;
    for (size_t i = 0; i < batch->output_count; i++) {
        size_t its_segment;
        int like = liking(batch, i, worker, &its_segment);
        if (like > best) {
            best = like;
            chosen = i;
            segment = its_segment;
        }
    }
    if (!best)
        return false;
    order_output(batch, chosen, segment, order, unit);
    return true;
}

size_t orl_schedule_units(const struct batch *batch)
{
    size_t units = batch->experiment->run_count;
    for (size_t i = 0; i < batch->output_count; i++)
        units += batch->outputs[i].segment_count;
    return units;
}

bool orl_schedule_finished(const struct batch *batch)
{
    bool stop = batch->options->fail_fast && batch->worst != ORL_OK;
    for (size_t i = 0; i < batch->pool.count; i++)
        if (batch->pool.workers[i].unit != NO_UNIT)
            return false;
    for (size_t i = 0; !stop && i < batch->experiment->run_count; i++)
        if (batch->runs[i].state == JOB_WAITING)
            return false;
    for (size_t i = 0; !stop && i < batch->output_count; i++)
        if (batch->outputs[i].state == JOB_WAITING || batch->outputs[i].state == JOB_WORKING)
            return false;
    return true;
}

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

static void drop_segments(struct batch *batch, struct output_job *job)
{
    for (size_t s = 0; s < job->segment_count; s++) {
        char *name = orl_batch_segment_name(job->key, job->level, s);
        if (name)
            unlinkat(batch->folder->fd, name, 0);
        free(name);
    }
}

static int run_done(struct batch *batch, size_t run, int code, const char *text,
                    struct orl_fields *facts, struct orl_error *err)
{
    struct run_job *job = &batch->runs[run];
    if (code == ORL_OK && orl_run_facts_get(facts, &job->facts) != ORL_OK)
        return orl_fail(err, ORL_EBUG, "a worker's answer could not be read");
    if (code != ORL_OK) {
        fail_run(batch, run, code, text);
        return ORL_OK;
    }
    job->state = JOB_DONE;
    return orl_manifest_add_run(batch->manifest, job->trace, job->key, &job->facts, err);
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
    if (batch->options->messages && batch->options->verbose) {
        orl_progress_clear(&batch->progress);
        fprintf(batch->options->messages, "optreel: %s: %s are more than %s; made again with %s\n",
                output->path, made, allowed, job->tightened);
    }
    return ORL_OK;
}

static int join_done(struct batch *batch, struct output_job *job, int code, const char *text,
                     struct orl_fields *facts, struct orl_error *err)
{
    const char *path = orl_job_output(batch, job)->path;
    job->joining = false;
    if (code == ORL_OK && orl_file_facts_get(facts, &job->facts) != ORL_OK)
        return orl_fail(err, ORL_EBUG, "a worker's answer could not be read");
    if (code != ORL_OK && code != ORL_EIO && job->reused) {
        make_again(batch, job);
        return ORL_OK;
    }
    if (code != ORL_OK) {
        fail_output(batch, job, code, text);
        return ORL_OK;
    }
    if (orl_job_output(batch, job)->max_bytes > 0 &&
        job->facts.bytes > orl_job_output(batch, job)->max_bytes)
        return make_smaller(batch, job, job->facts.bytes, err);
    job->state = JOB_DONE;
    int ret = orl_manifest_add_file(batch->manifest, path, job->key, &job->facts, err);
    drop_segments(batch, job);
    orl_results_line(batch, job);
    return ret;
}

static void segment_done(struct batch *batch, struct output_job *job, size_t segment, int code,
                         const char *text)
{
    if (code != ORL_OK) {
        fail_output(batch, job, code, text);
        return;
    }
    job->segments[segment] = JOB_DONE;
    job->segments_done++;
}

int orl_schedule_done(struct batch *batch, size_t unit, int code, const char *text, double seconds,
                      struct orl_fields *facts, struct orl_error *err)
{
    size_t runs = batch->experiment->run_count, step = batch->unit_stride;
    if (unit < runs)
        return run_done(batch, unit, code, text, facts, err);
    struct output_job *job = &batch->outputs[(unit - runs) / step];
    size_t segment = (unit - runs) % step;
    job->work_s += seconds;
    if (segment == step - 1)
        return join_done(batch, job, code, text, facts, err);
    segment_done(batch, job, segment, code, text);
    return ORL_OK;
}

int orl_schedule_crashed(struct batch *batch, size_t unit, const char *how, struct orl_error *err)
{
    size_t runs = batch->experiment->run_count, step = batch->unit_stride;
    unsigned *crashes =
        unit < runs ? &batch->runs[unit].crashes : &batch->outputs[(unit - runs) / step].crashes;
    char text[200];
    if ((*crashes)++ < RETRIES) { /* once more, in a fresh worker */
        if (unit < runs) {
            batch->runs[unit].state = JOB_WAITING;
        } else if ((unit - runs) % step == step - 1) {
            batch->outputs[(unit - runs) / step].joining = false;
        } else if (batch->outputs[(unit - runs) / step].state != JOB_FAILED) {
            batch->outputs[(unit - runs) / step].segments[(unit - runs) % step] = JOB_WAITING;
        }
        return ORL_OK;
    }
    snprintf(text, sizeof text, "its worker ended twice: %s", how);
    if (unit >= runs)
        batch->outputs[(unit - runs) / step].reused = false;
    return orl_schedule_done(batch, unit, ORL_EENV, text, 0.0, NULL, err);
}

void orl_schedule_state(const struct batch *batch, struct progress_state *out)
{
    *out = (struct progress_state){0};
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        enum job_state state = batch->runs[i].state;
        out->runs += state != JOB_CACHED;
        out->runs_done += state == JOB_DONE || state == JOB_FAILED;
    }
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        if (job->state == JOB_CACHED)
            continue;
        out->outputs++;
        out->outputs_done += job->state == JOB_DONE || job->state == JOB_FAILED;
        if (orl_job_output(batch, job)->sidecar)
            continue; /* its frames take no time to speak of */
        out->frames += (double)job->frames;
        out->frames_done +=
            job->state == JOB_DONE || job->state == JOB_FAILED
                ? (double)job->frames
                : (double)job->frames * (double)job->segments_done / (double)job->segment_count;
    }
    size_t runs = batch->experiment->run_count, step = batch->unit_stride;
    for (size_t i = 0; i < batch->pool.count; i++) {
        const struct pool_worker *w = &batch->pool.workers[i];
        if (w->unit == NO_UNIT || w->unit < runs || (w->unit - runs) % step == step - 1)
            continue;
        const struct output_job *job = &batch->outputs[(w->unit - runs) / step];
        if (job->state == JOB_WORKING && !orl_job_output(batch, job)->sidecar)
            out->frames_done += w->share * (double)job->frames / (double)job->segment_count;
    }
}
