/* A block of points: where its data lie, its residuals, its losses and its rows of the Jacobian. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/problem.h"

int orl_pass_create(const struct orl_problem *problem, struct orl_pass *pass, struct orl_error *err)
{
    size_t columns = problem->data ? problem->data->columns : 0;
    *pass = (struct orl_pass){0};
    pass->columns = orl_calloc(columns, sizeof *pass->columns);
    pass->gathered = orl_calloc((columns + 2) * ORL_TAPE_BLOCK, sizeof *pass->gathered);
    int ret = pass->columns && pass->gathered
                  ? orl_tape_memory_create(problem->tape, &pass->memory, err)
                  : orl_fail_memory(err);
    if (ret == ORL_OK && problem->spread)
        ret = orl_tape_memory_create(problem->spread, &pass->spread, err);
    if (ret != ORL_OK)
        orl_pass_destroy(pass);
    return ret;
}

void orl_pass_destroy(struct orl_pass *pass)
{
    orl_tape_memory_destroy(&pass->memory);
    orl_tape_memory_destroy(&pass->spread);
    free(pass->gathered);
    free(pass->columns);
    *pass = (struct orl_pass){0};
}

struct orl_block orl_block_take(const struct orl_problem *p, struct orl_pass *w,
                                const uint32_t *rows, size_t first, size_t count)
{
    const struct orl_dataset *d = p->data;
    if (!rows) {
        for (size_t c = 0; c < d->columns; c++)
            w->columns[c] = d->values[c] + first;
        return (struct orl_block){d->response + first, d->sigma ? d->sigma + first : NULL, count};
    }
    for (size_t c = 0; c < d->columns + 2; c++) {
        const double *from = c < d->columns    ? d->values[c]
                             : c == d->columns ? d->response
                                               : d->sigma;
        double *to = w->gathered + c * ORL_TAPE_BLOCK;
        for (size_t i = 0; from && i < count; i++)
            to[i] = from[rows[first + i]];
        if (c < d->columns)
            w->columns[c] = to;
    }
    const double *response = w->gathered + d->columns * ORL_TAPE_BLOCK;
    return (struct orl_block){response, d->sigma ? response + ORL_TAPE_BLOCK : NULL, count};
}

void orl_block_residuals(const struct orl_block *block, const double *predicted, double *out)
{
    orl_kernel_residuals(out, predicted, block->response, block->count);
    for (size_t i = 0; block->sigma && i < block->count; i++)
        out[i] /= block->sigma[i];
}

/* rho of the residuals, and its slope in the prediction. */
static void block_loss_apply(const struct orl_problem *p, struct orl_pass *w,
                             const struct orl_block *block)
{
    if (p->squares)
        orl_kernel_twice(w->seed, w->residual, block->count);
    else
        p->loss->block(w->residual, w->rho, w->seed, block->count, p->loss_settings);
    for (size_t i = 0; block->sigma && i < block->count; i++)
        w->seed[i] /= block->sigma[i];
}

double orl_block_loss(const struct orl_problem *problem, struct orl_pass *pass,
                      const struct orl_block *block, bool slopes)
{
    struct orl_pass *w = pass;
    orl_block_residuals(block, w->memory.value[problem->tape->root], w->residual);
    if (slopes || !problem->squares)
        block_loss_apply(problem, w, block);
    return problem->squares ? orl_dot_lanes(w->residual, w->residual, block->count)
                            : orl_sum_lanes(w->rho, block->count);
}

void orl_block_jacobian(const struct orl_problem *p, const struct orl_pass *w,
                        const struct orl_block *block, double *jacobian)
{
    size_t n = p->parameter_count;
    memset(jacobian, 0, block->count * n * sizeof *jacobian);
    for (size_t k = 0; k < p->spread->count; k++) {
        const struct tape_node *node = &p->spread->nodes[k];
        if (node->op == ORL_OP_PARAM && w->spread.flow[k])
            for (size_t i = 0; i < block->count; i++)
                jacobian[i * n + node->a] = w->spread.flow[k][i];
    }
}

void orl_block_columns(const struct orl_problem *p, const struct orl_pass *w,
                       const struct orl_block *block, double *columns)
{
    memset(columns, 0, p->parameter_count * ORL_TAPE_BLOCK * sizeof *columns);
    for (size_t k = 0; k < p->spread->count; k++) {
        const struct tape_node *node = &p->spread->nodes[k];
        if (node->op == ORL_OP_PARAM && w->spread.flow[k])
            memcpy(columns + node->a * ORL_TAPE_BLOCK, w->spread.flow[k],
                   block->count * sizeof *columns);
    }
}
