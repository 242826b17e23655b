/* What a batch will need, before anything is made. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "batch/supervisor.h"

/* Bytes that a worker takes before it does anything: libraries, fonts, caches. */
#define WORKER_BYTES (UINT64_C(60) << 20)
/* Bytes of a number in a trace, and of a line in a log, at most. */
enum { CELL_BYTES = 25, LOG_LINE_BYTES = 90 };

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
    uint64_t row = add(mul(add(2, mul(2, parameters)), CELL_BYTES),
                       mul(add(1, mul(2, parameters)), LOG_LINE_BYTES));
    return mul(rows, row);
}

static uint64_t run_memory(const struct orl_experiment *experiment, const struct orl_run_plan *run)
{
    const struct orl_problem_plan *problem = &experiment->problems[run->problem];
    uint64_t row = mul(add(2, mul(3, problem->parameter_count)), sizeof(double));
    uint64_t points = problem->column_count ? problem->columns[0].count : 0;
    return add(mul(trace_rows(experiment, run), row),
               mul(points, mul(add(problem->column_count, 2), sizeof(double))));
}

void orl_batch_estimate(const struct orl_experiment *experiment, unsigned jobs,
                        struct orl_estimate *out)
{
    uint64_t largest_file = 0, worker = 0;
    *out = (struct orl_estimate){.disk = 64 << 10}; /* manifest, summary, report */
    for (size_t i = 0; i < experiment->run_count; i++) {
        uint64_t memory = run_memory(experiment, &experiment->runs[i]);
        out->disk = add(out->disk, run_disk(experiment, &experiment->runs[i]));
        worker = memory > worker ? memory : worker;
    }
    for (size_t f = 0; f < experiment->film_count; f++) {
        const struct orl_film_plan *film = &experiment->films[f];
        uint64_t traces = 0;
        for (size_t r = 0; r < film->run_count; r++)
            traces = add(traces, run_memory(experiment, &experiment->runs[film->runs[r]]));
        for (size_t o = 0; o < film->output_count; o++) {
            struct orl_output_spec spec;
            orl_batch_output_spec(film, &film->outputs[o], &spec);
            uint64_t bytes = orl_encode_estimate_bytes(&spec),
                     memory = add(orl_encode_estimate_memory(&spec), traces);
            out->disk = add(out->disk, bytes);
            out->frames = add(out->frames, film->outputs[o].sidecar ? 0 : spec.frames);
            largest_file = bytes > largest_file ? bytes : largest_file;
            worker = memory > worker ? memory : worker;
        }
    }
    out->disk = add(out->disk, largest_file); /* its segments lie beside it while it is joined */
    out->memory = mul(jobs ? jobs : orl_batch_cores(), add(worker, WORKER_BYTES));
}
