/* Second derivatives of the loss: the reverse sweep through each partial derivative of the model.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/problem.h"

struct orl_hessian {
    size_t count;               /* parameters */
    struct orl_tape **tapes;    /* owned: the model's partial derivatives */
    struct tape_memory *memory; /* owned: parallel */
    double *jacobian, *row;     /* owned, one block: of a block of points; one row of the matrix */
    double slope[ORL_TAPE_BLOCK], curvature[ORL_TAPE_BLOCK], one[ORL_TAPE_BLOCK];
};

static int compile(struct orl_hessian *h, const struct orl_problem *p, struct orl_error *err)
{
    struct tape_names names = {
        .parameters = (const char *const *)p->parameters,
        .parameter_count = p->parameter_count,
        .columns = p->data ? (const char *const *)p->data->names : NULL,
        .column_count = p->data ? p->data->columns : 0,
        .points = p->data != NULL,
    };
    for (size_t j = 0; j < h->count; j++) {
        names.derivative = j + 1;
        int ret = orl_tape_compile(p->formula, &names, &h->tapes[j], err);
        if (ret == ORL_OK)
            ret = orl_tape_memory_create(h->tapes[j], &h->memory[j], err);
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

int orl_hessian_create(const struct orl_problem *problem, struct orl_hessian **out,
                       struct orl_error *err)
{
    struct orl_hessian *h = orl_calloc(1, sizeof *h);
    size_t numbers;
    *out = h;
    if (!h)
        return orl_fail_memory(err);
    h->count = problem->parameter_count;
    h->tapes = orl_calloc(h->count, sizeof *h->tapes);
    h->memory = orl_calloc(h->count, sizeof *h->memory);
    if (orl_size_mul(h->count, ORL_TAPE_BLOCK + 2, &numbers))
        h->jacobian = orl_calloc(numbers, sizeof *h->jacobian);
    int ret =
        h->tapes && h->memory && h->jacobian ? compile(h, problem, err) : orl_fail_memory(err);
    if (ret != ORL_OK) {
        orl_hessian_destroy(out);
        return ret;
    }
    h->row = h->jacobian + h->count * ORL_TAPE_BLOCK;
    for (size_t i = 0; i < ORL_TAPE_BLOCK; i++)
        h->one[i] = 1.0;
    return ORL_OK;
}

void orl_hessian_destroy(struct orl_hessian **hessian)
{
    struct orl_hessian *h = *hessian;
    if (!h)
        return;
    for (size_t j = 0; j < h->count; j++) {
        if (h->tapes)
            orl_tape_destroy(&h->tapes[j]);
        if (h->memory)
            orl_tape_memory_destroy(&h->memory[j]);
    }
    free(h->tapes);
    free(h->memory);
    free(h->jacobian);
    free(h);
    *hessian = NULL;
}

/* Residuals, slopes and curvatures of the loss, and the Jacobian, of one block. */
static void look_at_block(const struct orl_problem *p, struct orl_pass *w, struct orl_hessian *h,
                          const struct orl_block *block)
{
    orl_tape_forward(p->spread, &w->spread, w->columns, block->count);
    orl_block_residuals(block, w->spread.value[p->spread->root], w->residual);
    for (size_t i = 0; i < block->count; i++) {
        double sigma = block->sigma ? block->sigma[i] : 1.0;
        h->slope[i] = p->loss->slope(w->residual[i], p->loss_settings) / sigma;
        h->curvature[i] = p->loss->curvature(w->residual[i], p->loss_settings) / (sigma * sigma);
    }
    orl_tape_backward(p->spread, &w->spread, h->one, block->count);
    orl_block_jacobian(p, w, block, h->jacobian);
}

/* rho'' J^T J of a block, upper half. */
static void add_products(const struct orl_hessian *h, size_t points, double *matrix)
{
    size_t n = h->count;
    for (size_t i = 0; i < points; i++) {
        const double *row = h->jacobian + i * n;
        for (size_t j = 0; j < n; j++)
            for (size_t k = j; k < n; k++)
                matrix[j * n + k] += orl_chain(h->curvature[i], orl_chain(row[j], row[k]));
    }
}

/* rho' times the model's own second derivatives: each tape sums up its row over all blocks. */
static void evaluate_data(const struct orl_problem *p, struct orl_pass *w, struct orl_hessian *h,
                          double *matrix)
{
    size_t total = p->data->rows, n = h->count;
    double share = p->loss->mean ? (double)total : 1.0;
    for (size_t first = 0; first < total; first += ORL_TAPE_BLOCK) {
        size_t count = total - first < ORL_TAPE_BLOCK ? total - first : ORL_TAPE_BLOCK;
        struct orl_block block = orl_block_take(p, w, NULL, first, count);
        look_at_block(p, w, h, &block);
        add_products(h, count, matrix);
        for (size_t j = 0; j < n; j++) {
            orl_tape_forward(h->tapes[j], &h->memory[j], w->columns, count);
            orl_tape_backward(h->tapes[j], &h->memory[j], h->slope, count);
        }
    }
    for (size_t j = 0; j < n; j++) {
        orl_tape_finish(h->tapes[j], &h->memory[j], h->row, n);
        for (size_t k = j; k < n; k++)
            matrix[j * n + k] = (matrix[j * n + k] + h->row[k]) / share;
    }
}

static void evaluate_objective(struct orl_hessian *h, double *matrix)
{
    for (size_t j = 0; j < h->count; j++) {
        orl_tape_seed(h->tapes[j], &h->memory[j], 1.0);
        orl_tape_finish(h->tapes[j], &h->memory[j], matrix + j * h->count, h->count);
    }
}

void orl_hessian_evaluate(const struct orl_problem *problem, struct orl_workspace *workspace,
                          struct orl_hessian *hessian, const double *parameters, double *matrix)
{
    size_t n = hessian->count;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t j = 0; j < n; j++)
        orl_tape_begin(hessian->tapes[j], &hessian->memory[j], parameters);
    if (problem->data) {
        orl_tape_begin(problem->spread, &workspace->pass.spread, parameters);
        evaluate_data(problem, &workspace->pass, hessian, matrix);
    } else {
        evaluate_objective(hessian, matrix);
    }
    for (size_t j = 0; j < n; j++) /* exactly symmetric */
        for (size_t k = j + 1; k < n; k++)
            matrix[k * n + j] = matrix[j * n + k];
}
