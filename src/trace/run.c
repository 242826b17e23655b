/* Running an optimizer on a problem, and recording it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "base/random.h"
#include "base/text.h"
#include "base/vector.h"
#include "optreel/trace.h"
#include "trace/thinning.h"

#define TICK_S 0.1
enum { TICK_CHECK = 1024, BATCH_STREAM = 2 };
/* Rules that pause for a step (Rprop after it overshot) are still on their way. */
enum { CALM_UPDATES = 10 };

struct run {
    const struct orl_run_spec *spec;
    struct orl_trace *trace;      /* owned until it is handed out */
    size_t capacity;              /* rows that the arrays hold */
    size_t n;                     /* parameters */
    struct orl_thinning thinning; /* which steps are kept as rows */
    struct orl_workspace *workspace;
    struct orl_hessian *hessian; /* made when it is first asked for */
    struct orl_optimizer *optimizer;
    struct orl_oracle oracle;
    double *x, *at, *gradient, *used, *full; /* in one block */
    bool at_x; /* the gradient is taken at x itself, on all points: one evaluation gives everything
                */
    /* mini-batches */
    uint32_t *order; /* owned: the points, shuffled anew each epoch; NULL: no mini-batches */
    size_t points, batch, next;
    struct orl_random random;
    int calm; /* updates in a row that moved less than stop.change */
    double ticked_s;
};

static void run_uninit(struct run *run)
{
    orl_trace_destroy(&run->trace);
    orl_optimizer_destroy(&run->optimizer);
    orl_workspace_destroy(&run->workspace);
    orl_hessian_destroy(&run->hessian);
    free(run->x);
    free(run->order);
}

static const uint32_t *batch_rows(const struct run *run, size_t *count)
{
    *count = run->order
                 ? (run->points - run->next < run->batch ? run->points - run->next : run->batch)
                 : 0;
    return run->order ? run->order + run->next : NULL;
}

static void evaluate(void *context, const double *x, double *loss, double *gradient)
{
    struct run *run = context;
    size_t count;
    const uint32_t *rows = batch_rows(run, &count);
    orl_problem_evaluate(run->spec->problem, run->workspace, x, rows, count, loss, gradient);
}

static void residuals(void *context, const double *x, size_t first, size_t count, double *r,
                      double *jacobian)
{
    struct run *run = context;
    orl_problem_residuals(run->spec->problem, run->workspace, x, first, count, r, jacobian);
}

static int hessian(void *context, const double *x, double *matrix)
{
    struct run *run = context;
    if (!run->hessian) {
        int ret = orl_hessian_create(run->spec->problem, &run->hessian, NULL);
        if (ret != ORL_OK)
            return ret;
    }
    orl_hessian_evaluate(run->spec->problem, run->workspace, run->hessian, x, matrix);
    return ORL_OK;
}

/* Fisher–Yates; the last batch of an epoch is shorter where the points do not come out even. */
static void shuffle(struct run *run)
{
    for (size_t i = run->points; i > 1; i--) {
        size_t k = (size_t)orl_random_below(&run->random, i);
        uint32_t swap = run->order[i - 1];
        run->order[i - 1] = run->order[k];
        run->order[k] = swap;
    }
    run->next = 0;
}

static void next_batch(struct run *run)
{
    if (!run->order)
        return;
    run->next += run->batch;
    if (run->next >= run->points)
        shuffle(run);
}

static int set_up_batches(struct run *run, struct orl_error *err)
{
    const struct orl_dataset *data = orl_problem_data(run->spec->problem);
    size_t batch = run->spec->common ? (size_t)run->spec->common[ORL_COMMON_BATCH].number : 0;
    run->points = data ? data->rows : 0;
    if (batch == 0 || batch >= run->points)
        return ORL_OK;
    if (run->points > UINT32_MAX)
        return orl_fail(err, ORL_EINPUT, "mini-batches work on up to %lu points",
                        (unsigned long)UINT32_MAX);
    run->batch = batch;
    run->order = orl_calloc(run->points, sizeof *run->order);
    if (!run->order)
        return orl_fail_memory(err);
    for (size_t i = 0; i < run->points; i++)
        run->order[i] = (uint32_t)i;
    orl_random_init(&run->random, run->spec->seed, BATCH_STREAM);
    shuffle(run);
    return ORL_OK;
}

/* The arrays grow with what is kept, never beyond record_rows and one. */
static bool reserve_rows(struct run *run, size_t rows)
{
    struct orl_trace *t = run->trace;
    size_t most = run->spec->record_rows + 1, wanted = run->capacity ? run->capacity : 1024, cells;
    if (rows <= run->capacity)
        return true;
    while (wanted < rows)
        wanted *= 2;
    wanted = wanted < most ? wanted : most > rows ? most : rows;
    if (!orl_size_mul(wanted, run->n, &cells))
        return false;
    void *step = orl_realloc_array(t->step, wanted, sizeof *t->step);
    t->step = step ? step : t->step;
    double **const arrays[] = {&t->loss, &t->values, &t->gradients, &t->used};
    bool good = step != NULL;
    for (size_t i = 0; i < ORL_COUNT(arrays); i++) {
        double *grown = orl_realloc_array(*arrays[i], i == 0 ? wanted : cells, sizeof **arrays[i]);
        *arrays[i] = grown ? grown : *arrays[i];
        good &= grown != NULL;
    }
    if (good)
        run->capacity = wanted;
    return good;
}

static int keep_row(struct run *run, int64_t step, double loss, struct orl_error *err)
{
    struct orl_trace *t = run->trace;
    if (!reserve_rows(run, t->rows + 1))
        return orl_fail_memory(err);
    t->step[t->rows] = step;
    t->loss[t->rows] = loss;
    memcpy(t->values + t->rows * run->n, run->x, run->n * sizeof *run->x);
    memcpy(t->gradients + t->rows * run->n, run->gradient, run->n * sizeof *run->gradient);
    memcpy(t->used + t->rows * run->n, run->used, run->n * sizeof *run->used);
    t->rows++;
    return ORL_OK;
}

/* Keep the row if it is to be kept. Room for the last row is always left. */
static int record(struct run *run, int64_t step, double loss, bool kept, bool last,
                  struct orl_error *err)
{
    bool room = run->trace->rows + (last ? 0 : 1) < run->spec->record_rows;
    return last || (kept && room) ? keep_row(run, step, loss, err) : ORL_OK;
}

/* Gradient for the next update, and the loss at x over all points where it is wanted. */
static void look(struct run *run, double *loss, bool want_loss)
{
    if (run->at_x) {
        orl_problem_evaluate(run->spec->problem, run->workspace, run->x, NULL, 0, loss,
                             run->gradient);
        return;
    }
    double ignored;
    orl_optimizer_probe(run->optimizer, run->x, run->at);
    evaluate(run, run->at, &ignored, run->gradient);
    if (want_loss)
        orl_problem_evaluate(run->spec->problem, run->workspace, run->x, NULL, 0, loss, NULL);
}

/* The norm of the gradient at `x` over all points, be it what updates use or not. */
static double full_gradient_norm(struct run *run, const double *x)
{
    double ignored;
    orl_problem_evaluate(run->spec->problem, run->workspace, x, NULL, 0, &ignored, run->full);
    return orl_vector_norm(run->full, run->n);
}

static bool should_stop(struct run *run, double loss)
{
    const struct orl_stop_spec *stop = &run->spec->stop;
    if ((stop->loss > 0.0 && loss < stop->loss) || run->calm >= CALM_UPDATES)
        return true;
    if (!(stop->gradient > 0.0))
        return false;
    return (run->at_x ? orl_vector_norm(run->gradient, run->n) : full_gradient_norm(run, run->x)) <
           stop->gradient;
}

static int tick(struct run *run, int64_t step, struct orl_error *err)
{
    if (!run->spec->tick || step % TICK_CHECK != 0)
        return ORL_OK;
    double now = orl_clock_s();
    if (now - run->ticked_s < TICK_S)
        return ORL_OK;
    run->ticked_s = now;
    return run->spec->tick(run->spec->tick_context, step) ? orl_fail(err, ORL_ECANCELED, "stopped")
                                                          : ORL_OK;
}

/* One update. ORL_EDIVERGED leaves x where it was. */
static int advance(struct run *run, struct orl_error *err)
{
    struct orl_error reason = {0};
    double *before = run->at; /* free between look and the next look */
    memcpy(before, run->x, run->n * sizeof *before);
    memcpy(run->used, run->gradient, run->n * sizeof *run->used);
    int ret = orl_optimizer_step(run->optimizer, run->x, run->gradient, &reason);
    if (ret == ORL_EDIVERGED)
        return ret;
    if (ret != ORL_OK)
        return orl_fail(err, ret, "%s", reason.text);
    for (size_t i = 0; i < run->n; i++)
        before[i] = run->x[i] - before[i];
    run->calm = orl_vector_norm(before, run->n) < run->spec->stop.change ? run->calm + 1 : 0;
    next_batch(run);
    return ORL_OK;
}

static int run_steps(struct run *run, struct orl_error *err)
{
    struct orl_trace *t = run->trace;
    const struct orl_run_spec *spec = run->spec;
    double loss = 0.0, last_loss = NAN;
    for (int64_t step = 0;; step++) {
        /* The loss of a mini-batch run costs a pass over all points: not where no row is kept and
         * every level that is watched has been reached. */
        bool kept = orl_thinning_keeps(&run->thinning, step);
        bool want = run->at_x || kept || step == spec->steps || spec->stop.loss > 0.0 ||
                    (!spec->unwatched && t->reached_count < ORL_THRESHOLDS);
        look(run, &loss, want);
        bool finite = orl_vector_finite(run->x, run->n) &&
                      orl_vector_finite(run->gradient, run->n) && (!want || isfinite(loss));
        if (!finite) {
            t->status = ORL_STATUS_DIVERGED;
            t->steps = step;
            /* A run that cannot even make its first update has its start to show. */
            return step == 0 && isfinite(loss) ? keep_row(run, 0, loss, err) : ORL_OK;
        }
        while (want && t->reached_count < ORL_THRESHOLDS &&
               loss <= orl_trace_thresholds[t->reached_count])
            t->reached[t->reached_count++] = step;
        last_loss = loss;
        bool stop = should_stop(run, loss);
        int ret = record(run, step, last_loss, kept, step == spec->steps || stop, err);
        if (ret != ORL_OK)
            return ret;
        t->steps = step;
        if (step == spec->steps || stop) {
            t->status = stop ? ORL_STATUS_CONVERGED : ORL_STATUS_FINISHED;
            return ORL_OK;
        }
        ret = advance(run, err);
        if (ret == ORL_EDIVERGED) {
            t->status = ORL_STATUS_DIVERGED;
            t->steps = step + 1;
            return ORL_OK;
        }
        if (ret == ORL_OK)
            ret = tick(run, step, err);
        if (ret != ORL_OK)
            return ret;
    }
}

static int name_parameters(struct run *run, struct orl_error *err)
{
    struct orl_trace *t = run->trace;
    t->parameters = orl_calloc(run->n, sizeof *t->parameters);
    if (!t->parameters)
        return orl_fail_memory(err);
    t->parameter_count = run->n;
    for (size_t i = 0; i < run->n; i++)
        if (!(t->parameters[i] = orl_strdup(orl_problem_parameter(run->spec->problem, i))))
            return orl_fail_memory(err);
    return ORL_OK;
}

/* The loss at the known minimum of an objective; 0 where none is known. */
static double least_known(struct run *run)
{
    double loss = orl_problem_least(run->spec->problem, run->workspace);
    return isnan(loss) ? 0.0 : loss;
}

static int set_up(struct run *run, struct orl_error *err)
{
    const struct orl_run_spec *spec = run->spec;
    run->n = orl_problem_parameter_count(spec->problem);
    orl_thinning_init(&run->thinning, spec->steps, spec->record_every > 0 ? spec->record_every : 1,
                      spec->record_rows);
    run->trace = orl_calloc(1, sizeof *run->trace);
    if (run->trace)
        run->trace->watched = true;
    run->x = orl_calloc(run->n, 5 * sizeof *run->x);
    if (!run->trace || !run->x)
        return orl_fail_memory(err);
    run->at = run->x + run->n;
    run->gradient = run->at + run->n;
    run->used = run->gradient + run->n;
    run->full = run->used + run->n;
    memcpy(run->x, orl_problem_start(spec->problem), run->n * sizeof *run->x);
    int ret = name_parameters(run, err);
    if (ret == ORL_OK)
        ret = orl_workspace_create(spec->problem, &run->workspace, err);
    if (ret == ORL_OK)
        ret = set_up_batches(run, err);
    const struct orl_dataset *data = orl_problem_data(spec->problem);
    run->oracle = (struct orl_oracle){.context = run,
                                      .dimension = run->n,
                                      .evaluate = evaluate,
                                      .residual_count = data ? data->rows : 0,
                                      .residuals = residuals,
                                      .hessian = hessian,
                                      .least = ret == ORL_OK ? least_known(run) : 0.0};
    run->oracle.shapes = orl_problem_shapes(spec->problem, &run->oracle.shape_count);
    if (ret == ORL_OK)
        ret = orl_optimizer_create(spec->optimizer, spec->settings, spec->common, run->n,
                                   spec->steps, &run->oracle, &run->optimizer, err);
    run->at_x = ret == ORL_OK && !run->order && orl_optimizer_probes_at_x(run->optimizer);
    return ret;
}

/* Of the last row that is kept, over all points. */
static double end_gradient_norm(struct run *run)
{
    const struct orl_trace *t = run->trace;
    if (t->rows == 0)
        return (double)NAN;
    return run->at_x ? orl_vector_norm(t->gradients + (t->rows - 1) * run->n, run->n)
                     : full_gradient_norm(run, t->values + (t->rows - 1) * run->n);
}

int orl_trace_run(const struct orl_run_spec *spec, struct orl_trace **out, struct orl_error *err)
{
    struct run run = {.spec = spec};
    double begin = orl_clock_s();
    *out = NULL;
    run.ticked_s = begin;
    int ret = set_up(&run, err);
    if (ret == ORL_OK)
        ret = run_steps(&run, err);
    if (ret == ORL_OK) {
        run.trace->gradient_norm = end_gradient_norm(&run);
        run.trace->seconds = orl_clock_s() - begin;
        *out = run.trace;
        run.trace = NULL;
    }
    run_uninit(&run);
    return ret;
}
