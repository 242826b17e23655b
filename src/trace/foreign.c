/* Traces of others whose losses are not the problem's: sums where it has means, losses of batches.
 */
#include <math.h>

#include "optreel/trace.h"

enum { TRIED = 100 }; /* rows at most */

#define DIGITS 1e-3 /* of the loss: what logs are written with, and more */
#define SMALL  1e-6 /* of the first loss: less is rounding */

static bool is_foreign(double recorded, double model, double first)
{
    return isfinite(recorded) && isfinite(model) && fabs(recorded - model) > DIGITS * fabs(model) &&
           fabs(recorded - model) > SMALL * fabs(first);
}

int orl_trace_find_foreign(const struct orl_trace *trace, const struct orl_problem *problem,
                           struct orl_foreign_loss *out, struct orl_error *err)
{
    struct orl_workspace *workspace = NULL;
    size_t n = trace->parameter_count, stride = 1 + (trace->rows ? trace->rows - 1 : 0) / TRIED;
    *out = (struct orl_foreign_loss){.step = -1};
    if (!trace->loss || trace->rows == 0 || n != orl_problem_parameter_count(problem))
        return ORL_OK;
    int ret = orl_workspace_create(problem, &workspace, err);
    for (size_t row = 0; ret == ORL_OK && out->step < 0 && row < trace->rows; row += stride) {
        double model = (double)NAN;
        orl_problem_evaluate(problem, workspace, trace->values + row * n, NULL, 0, &model, NULL);
        if (is_foreign(trace->loss[row], model, trace->loss[0]))
            *out = (struct orl_foreign_loss){
                .step = trace->step[row], .recorded = trace->loss[row], .model = model};
    }
    orl_workspace_destroy(&workspace);
    return ret;
}
