/* What a batch will need, before anything is made. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "batch/supervisor.h"

/* Bytes that a worker takes before it does anything: libraries, fonts, caches. */
#define WORKER_BYTES (UINT64_C(60) << 20)
/* Bytes of a number in a trace, of a line in a log, and of what summary, report, tables, snippets
 * and manifest have for a run and for a file. */
enum { CELL_BYTES = 18, LOG_LINE_BYTES = 42, RUN_BYTES = 3000, FILE_BYTES = 2000 };
/* Seconds of a core, as measured: a worker until it is ready, a film until its first frame; an
 * update and, in it, a parameter for each point of the data. */
#define WORKER_S 0.08
#define FILM_S   0.1
#define UPDATE_S 0.5e-6
#define POINT_S  5e-9

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t mul(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint64_t trace_rows(const struct orl_experiment *experiment, const struct orl_run_plan *run)
{
    uint64_t every = experiment->record_every > 0 ? (uint64_t)experiment->record_every : 1;
    uint64_t rows = add((uint64_t)run->steps / every, 2);
    return rows < experiment->record_rows ? rows : experiment->record_rows;
}

static uint64_t run_disk(const struct orl_experiment *experiment, const struct orl_run_plan *run)
{
    uint64_t parameters = experiment->problems[run->problem].parameter_count;
    uint64_t rows = trace_rows(experiment, run);
    uint64_t row =
        add(mul(add(2, mul(2, parameters)), CELL_BYTES), mul(mul(2, parameters), LOG_LINE_BYTES));
    return add(mul(rows, row), RUN_BYTES);
}

double orl_estimate_run_seconds(const struct orl_experiment *experiment, size_t run)
{
    const struct orl_run_plan *plan = &experiment->runs[run];
    const struct orl_problem_plan *problem = &experiment->problems[plan->problem];
    double points = problem->column_count ? (double)problem->columns[0].count : 1.0;
    double update = UPDATE_S + POINT_S * points * (double)problem->parameter_count;
    return (double)plan->steps * update * (1.0 + (double)plan->tune.trials);
}

double orl_estimate_output_seconds(const struct orl_film_plan *film,
                                   const struct orl_output_plan *output)
{
    struct orl_output_spec spec;
    orl_batch_output_spec(film, output, &spec);
    return orl_encode_estimate_seconds(&spec);
}

/* All workers have their share of it, and none ends before the longest run is there. */
static double wall_seconds(const struct orl_experiment *experiment, double whole, unsigned jobs)
{
    double longest = 0.0, workers = jobs;
    for (size_t i = 0; i < experiment->run_count; i++) {
        double run = orl_estimate_run_seconds(experiment, i);
        longest = run > longest ? run : longest;
    }
    return WORKER_S + (whole / workers > longest ? whole / workers : longest);
}

static uint64_t run_memory(const struct orl_experiment *experiment, const struct orl_run_plan *run)
{
    const struct orl_problem_plan *problem = &experiment->problems[run->problem];
    uint64_t row = mul(add(2, mul(3, problem->parameter_count)), sizeof(double));
    uint64_t points = problem->column_count ? problem->columns[0].count : 0;
    return add(mul(trace_rows(experiment, run), row),
               mul(points, mul(add(problem->column_count, 2), sizeof(double))));
}

double orl_estimate_left(const struct batch *batch)
{
    double left = 0.0;
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (batch->runs[i].state == JOB_WAITING)
            left += orl_estimate_run_seconds(batch->experiment, i);
    for (size_t i = 0; i < batch->output_count; i++) {
        const struct output_job *job = &batch->outputs[i];
        if (job->state == JOB_WAITING)
            left +=
                orl_estimate_output_seconds(orl_job_film(batch, job), orl_job_output(batch, job)) *
                (1.0 - (double)job->segments_done / (double)job->segment_count);
    }
    return wall_seconds(batch->experiment, left, (unsigned)batch->pool.count);
}

void orl_batch_estimate(const struct orl_experiment *experiment, unsigned jobs,
                        struct orl_estimate *out)
{
    uint64_t largest_file = 0, worker = 0;
    double whole = 0.0;
    jobs = jobs ? jobs : orl_batch_cores();
    *out = (struct orl_estimate){.disk = 64 << 10}; /* manifest, summary, report */
    for (size_t i = 0; i < experiment->run_count; i++) {
        uint64_t memory = run_memory(experiment, &experiment->runs[i]);
        out->disk = add(out->disk, run_disk(experiment, &experiment->runs[i]));
        whole += orl_estimate_run_seconds(experiment, i);
        worker = memory > worker ? memory : worker;
    }
    for (size_t f = 0; f < experiment->film_count; f++) {
        const struct orl_film_plan *film = &experiment->films[f];
        uint64_t traces = 0;
        whole += FILM_S;
        for (size_t r = 0; r < film->run_count; r++)
            traces = add(traces, run_memory(experiment, &experiment->runs[film->runs[r]]));
        for (size_t o = 0; o < film->output_count; o++) {
            struct orl_output_spec spec;
            orl_batch_output_spec(film, &film->outputs[o], &spec);
            uint64_t bytes = orl_encode_estimate_bytes(&spec),
                     memory = add(orl_encode_estimate_memory(&spec), traces);
            out->disk = add(out->disk, add(bytes, FILE_BYTES));
            whole += orl_estimate_output_seconds(film, &film->outputs[o]);
            out->frames = add(out->frames, film->outputs[o].sidecar ? 0 : spec.frames);
            largest_file = bytes > largest_file ? bytes : largest_file;
            worker = memory > worker ? memory : worker;
        }
    }
    out->disk_most = add(out->disk, largest_file);
    out->memory = mul(jobs, add(worker, WORKER_BYTES));
    out->seconds = wall_seconds(experiment, whole, jobs);
}
