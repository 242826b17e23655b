/* Who does what next. */
#include <string.h>

#include "batch/supervisor.h"

#define NO_SEGMENT SIZE_MAX

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
           a->transparent == b->transparent && !a->poster == !b->poster && !a->columns &&
           !b->columns;
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
    return worker->count_kept > 0 && same_frames(batch, worker->film, worker->output, job) &&
           first_of(job, segment) >= worker->first_kept &&
           first_of(job, segment) + count_of(job, segment) <=
               worker->first_kept + worker->count_kept;
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
 * no other has, else the first. NO_SEGMENT: none waits. */
static size_t best_segment(const struct batch *batch, const struct output_job *job, size_t worker,
                           bool *ready, bool *anothers)
{
    size_t free_one = NO_SEGMENT, any = NO_SEGMENT;
    *ready = false;
    for (size_t s = 0; s < job->segment_count; s++) {
        if (job->segments[s] != JOB_WAITING)
            continue;
        if (has_frames(batch, &batch->pool.workers[worker], job, s)) {
            *ready = true;
            *anothers = false;
            return s;
        }
        any = any == NO_SEGMENT ? s : any;
        if (free_one == NO_SEGMENT && !is_anothers(batch, worker, job, s))
            free_one = s;
    }
    *anothers = free_one == NO_SEGMENT;
    return free_one == NO_SEGMENT ? any : free_one;
}

/* How much a worker would like to take this output's next segment; 0: there is none. */
static int liking(const struct batch *batch, size_t index, size_t worker, size_t *segment)
{
    const struct output_job *job = &batch->outputs[index];
    const struct pool_worker *w = &batch->pool.workers[worker];
    bool taken = false, ready, anothers;
    *segment = NO_SEGMENT;
    if (!open_for_work(batch, job))
        return 0;
    if (job->segments_done == job->segment_count && !batch->options->shard.count)
        return 8; /* a file that only needs joining frees its segments */
    *segment = best_segment(batch, job, worker, &ready, &anothers);
    if (*segment == NO_SEGMENT)
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

/* Mark what is handed out of an output: a segment, or, NO_SEGMENT, its join. */
static struct unit output_take(struct batch *batch, size_t index, size_t segment)
{
    struct output_job *job = &batch->outputs[index];
    job->state = JOB_WORKING;
    if (segment == NO_SEGMENT) {
        job->joining = true;
        return (struct unit){.kind = UNIT_JOIN, .output = index};
    }
    job->segments[segment] = JOB_WORKING;
    return (struct unit){.kind = UNIT_SEGMENT, .output = index, .segment = segment};
}

static bool run_take(struct batch *batch, struct unit *unit)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (batch->runs[i].state == JOB_WAITING) {
            batch->runs[i].state = JOB_WORKING;
            *unit = (struct unit){.kind = UNIT_RUN, .run = i};
            return true;
        }
    return false;
}

bool orl_schedule_next(struct batch *batch, size_t worker, struct unit *unit)
{
    if (batch->leaving || (batch->options->fail_fast && batch->worst != ORL_OK))
        return false;
    if (run_take(batch, unit))
        return true;
    int best = 0;
    size_t chosen = 0, segment = NO_SEGMENT;
    for (size_t i = 0; i < batch->output_count; i++) {
        size_t its_segment;
        int like = liking(batch, i, worker, &its_segment);
        if (like > best) {
            best = like;
            chosen = i;
            segment = its_segment;
        }
    }
    if (best)
        *unit = output_take(batch, chosen, segment);
    return best > 0;
}

void orl_schedule_order(const struct batch *batch, const struct unit *unit,
                        struct unit_order *order)
{
    *order = (struct unit_order){.kind = unit->kind, .run = unit->run};
    if (unit->kind == UNIT_RUN)
        return;
    const struct output_job *job = &batch->outputs[unit->output];
    order->film = job->film;
    order->output = job->output;
    order->level = job->level;
    order->segments = job->segment_count;
    memcpy(order->key, job->key, sizeof order->key);
    order->measure = unit->kind == UNIT_JOIN && orl_job_measured(batch, job);
    if (order->measure)
        order->run_count = orl_job_film(batch, job)->run_count;
    if (unit->kind != UNIT_SEGMENT)
        return;
    order->segment = unit->segment;
    order->first = first_of(job, unit->segment);
    order->count = count_of(job, unit->segment);
    order->keep = wanted_again(batch, unit->output, unit->segment);
    order->run_count = orl_job_film(batch, job)->run_count;
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
    bool stop = batch->leaving || (batch->options->fail_fast && batch->worst != ORL_OK);
    for (size_t i = 0; i < batch->pool.count; i++)
        if (batch->pool.workers[i].unit.kind != UNIT_NONE)
            return false;
    for (size_t i = 0; !stop && i < batch->experiment->run_count; i++)
        if (batch->runs[i].state == JOB_WAITING)
            return false;
    for (size_t i = 0; !stop && i < batch->output_count; i++)
        if (batch->outputs[i].state == JOB_WAITING || batch->outputs[i].state == JOB_WORKING)
            return false;
    return true;
}

void orl_schedule_state(const struct batch *batch, struct progress_state *out)
{
    *out = (struct progress_state){0};
    for (size_t i = 0; i < batch->experiment->run_count; i++) {
        enum job_state state = batch->runs[i].state;
        out->runs += state != JOB_CACHED && state != JOB_ELSEWHERE;
        out->runs_done += state == JOB_DONE || state == JOB_FAILED;
    }
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        if (job->state == JOB_CACHED || job->state == JOB_ELSEWHERE)
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
    for (size_t i = 0; i < batch->pool.count; i++) {
        const struct pool_worker *w = &batch->pool.workers[i];
        if (w->unit.kind != UNIT_SEGMENT)
            continue;
        const struct output_job *job = &batch->outputs[w->unit.output];
        if (job->state == JOB_WORKING && !orl_job_output(batch, job)->sidecar)
            out->frames_done += w->share * (double)job->frames / (double)job->segment_count;
    }
}
