/* The exact least-squares solution of models that are linear in their parameters. */
#include <math.h>

#include "model/least_squares.h"
#include "model/problem.h"

/* With the design matrix J and the residuals r at the start: p = start - d, d the least-squares
 * solution of J d = r. */
bool orl_problem_best_fit(const struct orl_problem *problem, struct orl_workspace *workspace,
                          double *best)
{
    size_t n = problem->parameter_count;
    if (!problem->data || !problem->squares ||
        !orl_formula_is_linear(problem->formula, (const char *const *)problem->parameters, n))
        return false;
    struct orl_lsq squares = {0};
    double sum;
    bool good = orl_lsq_init(&squares, n) &&
                orl_problem_linearize(problem, workspace, problem->start, &squares, &sum) &&
                orl_lsq_solve(&squares, best);
    for (size_t j = 0; good && j < n; j++) {
        best[j] = problem->start[j] - best[j];
        good = isfinite(best[j]);
    }
    orl_lsq_uninit(&squares);
    return good;
}
