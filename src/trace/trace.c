/* Traces: thresholds, steps to a loss, release. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "optreel/trace.h"

const char *orl_status_name(enum orl_status status)
{
    static const char *const names[] = {"finished", "converged", "diverged", "failed"};
    return (unsigned)status < sizeof names / sizeof *names ? names[status] : "failed";
}

void orl_trace_destroy(struct orl_trace **trace)
{
    struct orl_trace *t = *trace;
    if (!t)
        return;
    for (size_t i = 0; t->parameters && i < t->parameter_count; i++)
        free(t->parameters[i]);
    for (size_t i = 0; t->series_names && i < t->series_count; i++)
        free(t->series_names[i]);
    free(t->parameters);
    free(t->series_names);
    free(t->step);
    free(t->loss);
    free(t->loss_gaps);
    free(t->loss_name);
    free(t->values);
    free(t->gradients);
    free(t->used);
    free(t->series);
    free(t->spread);
    free(t);
    *trace = NULL;
}

/* Written once: as numbers and as files spell them. */
#define THRESHOLDS(X) X(1e-2), X(1e-3), X(1e-6)
#define NUMBER_OF(x)  x
#define NAME_OF(x)    #x
const double orl_trace_thresholds[ORL_THRESHOLDS] = {THRESHOLDS(NUMBER_OF)};
const char *const orl_trace_threshold_names[ORL_THRESHOLDS] = {THRESHOLDS(NAME_OF)};

int64_t orl_trace_steps_to(const struct orl_trace *trace, double threshold)
{
    for (size_t i = 0; trace->watched && i < ORL_THRESHOLDS; i++)
        if (orl_trace_thresholds[i] == threshold)
            return i < trace->reached_count ? trace->reached[i] : -1;
    for (size_t i = 0; trace->loss && i < trace->rows; i++)
        if (trace->loss[i] <= threshold)
            return trace->step[i];
    return -1;
}

int orl_trace_complete(struct orl_trace *trace, const struct orl_problem *problem,
                       struct orl_error *err)
{
    struct orl_workspace *workspace = NULL;
    size_t n = trace->parameter_count, cells;
    bool losses = !trace->loss, gradients = !trace->gradients && n > 0;
    if (!losses && !gradients)
        return ORL_OK;
    int ret = orl_workspace_create(problem, &workspace, err);
    if (losses)
        trace->loss = orl_calloc(trace->rows, sizeof *trace->loss);
    if (gradients && orl_size_mul(trace->rows, n, &cells))
        trace->gradients = orl_calloc(cells, sizeof *trace->gradients);
    if (ret == ORL_OK && (!trace->loss || (gradients && !trace->gradients)))
        ret = orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < trace->rows; i++) {
        double loss;
        orl_problem_evaluate(problem, workspace, trace->values + i * n, NULL, 0, &loss,
                             gradients ? trace->gradients + i * n : NULL);
        if (losses)
            trace->loss[i] = loss;
    }
    orl_workspace_destroy(&workspace);
    return ret;
}
