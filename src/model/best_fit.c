/* The exact least-squares solution of models that are linear in their parameters. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "model/least_squares.h"
#include "model/problem.h"

/* With the design matrix J and the residuals r at the start: p = start + d, d the least-squares solution of J d = -r. */
static void gather(const struct orl_problem *p, struct orl_workspace *w, struct orl_lsq *squares, double *jacobian)
{
    for (size_t first = 0; first < p->data->rows; first += ORL_TAPE_BLOCK) {
        size_t left = p->data->rows - first, count = left < ORL_TAPE_BLOCK ? left : ORL_TAPE_BLOCK;
        struct orl_block block = orl_block_take(p, w, NULL, first, count);
        orl_tape_forward(p->spread, &w->spread, w->columns, count);
        orl_block_residuals(&block, w->spread.value[p->spread->root], w->residual);
        for (size_t i = 0; i < count; i++)
            w->seed[i] = block.sigma ? 1.0 / block.sigma[i] : 1.0;
        orl_tape_backward(p->spread, &w->spread, w->seed, count);
        orl_block_jacobian(p, w, &block, jacobian);
        for (size_t i = 0; i < count; i++)
            orl_lsq_add(squares, jacobian + i * p->parameter_count, -w->residual[i]);
    }
}

bool orl_problem_best_fit(const struct orl_problem *problem, struct orl_workspace *workspace, double *best)
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
        orl_tape_begin(problem->spread, &workspace->spread, problem->start);
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
