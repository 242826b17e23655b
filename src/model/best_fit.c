/* The exact least-squares solution of models that are linear in their parameters. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "model/least_squares.h"
#include "model/problem.h"

/* With the design matrix J and the residuals r at the start: p = start + d, d the least-squares
 * solution of J d = -r. */
static void gather(const struct orl_problem *p, struct orl_workspace *w, struct orl_lsq *squares,
                   double *jacobian)
{
    double residuals[ORL_TAPE_BLOCK];
    for (size_t first = 0; first < p->data->rows; first += ORL_TAPE_BLOCK) {
        size_t left = p->data->rows - first, count = left < ORL_TAPE_BLOCK ? left : ORL_TAPE_BLOCK;
        orl_problem_residuals(p, w, p->start, first, count, residuals, jacobian);
        for (size_t i = 0; i < count; i++)
            residuals[i] = -residuals[i];
        orl_lsq_add_rows(squares, jacobian, residuals, count);
    }
}

bool orl_problem_best_fit(const struct orl_problem *problem, struct orl_workspace *workspace,
                          double *best)
{
    size_t n = problem->parameter_count, cells;
    if (!problem->data || !problem->squares ||
        !orl_formula_is_linear(problem->formula, (const char *const *)problem->parameters, n) ||
        !orl_size_mul(n, ORL_TAPE_BLOCK, &cells))
        return false;
    struct orl_lsq squares = {0};
    double *jacobian = orl_calloc(cells, sizeof *jacobian);
    bool good = jacobian && orl_lsq_init(&squares, n);
    if (good) {
        gather(problem, workspace, &squares, jacobian);
        good = orl_lsq_solve(&squares, best);
    }
    for (size_t j = 0; good && j < n; j++) {
        best[j] += problem->start[j];
        good = isfinite(best[j]);
    }
    orl_lsq_uninit(&squares);
    free(jacobian);
    return good;
}
