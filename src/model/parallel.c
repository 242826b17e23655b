/* A pass over many points by several threads. Every member of the crew has a pass of its own;
 * every chunk leaves its sums. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/problem.h"

struct orl_parallel {
    struct orl_crew *crew;
    struct orl_pass *members[ORL_CREW_MOST]; /* owned; NULL beyond the crew */
    double *sums;                            /* owned: per chunk */
    double *adjoints; /* owned: per chunk, of the scalar nodes that take part */
    uint32_t *nodes;  /* owned: which those are */
    size_t node_count, chunks;
    /* the present pass */
    const struct orl_problem *problem;
    bool gradient;
};

void orl_parallel_destroy(struct orl_parallel **parallel)
{
    struct orl_parallel *p = *parallel;
    if (!p)
        return;
    orl_crew_destroy(&p->crew);
    for (size_t i = 0; i < ORL_CREW_MOST; i++)
        if (p->members[i]) {
            orl_pass_destroy(p->members[i]);
            free(p->members[i]);
        }
    free(p->sums);
    free(p->adjoints);
    free(p->nodes);
    free(p);
    *parallel = NULL;
}

/* Scalar nodes that something flows back to from the vector nodes. */
static bool nodes_list(struct orl_parallel *p, const struct orl_tape *tape)
{
    p->nodes = orl_calloc(tape->count, sizeof *p->nodes);
    for (size_t i = 0; p->nodes && i < tape->count; i++)
        if (!tape->nodes[i].vector && tape->nodes[i].active)
            p->nodes[p->node_count++] = (uint32_t)i;
    return p->nodes != NULL;
}

static struct orl_parallel *parallel_create(const struct orl_problem *problem)
{
    struct orl_parallel *p = orl_calloc(1, sizeof *p);
    size_t cells;
    if (!p)
        return NULL;
    p->chunks = (problem->data->rows + ORL_CREW_CHUNK - 1) / ORL_CREW_CHUNK;
    p->crew = orl_crew_create();
    bool good =
        p->crew && nodes_list(p, problem->tape) && orl_size_mul(p->chunks, p->node_count, &cells);
    good = good && (p->sums = orl_calloc(p->chunks, sizeof *p->sums)) &&
           (p->adjoints = orl_calloc(cells, sizeof *p->adjoints));
    for (size_t i = 0; good && i < orl_crew_size(p->crew); i++)
        good = (p->members[i] = orl_calloc(1, sizeof *p->members[i])) &&
               orl_pass_create(problem, p->members[i], NULL) == ORL_OK;
    if (!good)
        orl_parallel_destroy(&p);
    return p;
}

static void chunk_evaluate(void *context, size_t member, size_t chunk)
{
    struct orl_parallel *p = context;
    const struct orl_problem *problem = p->problem;
    struct orl_pass *w = p->members[member];
    size_t begin = chunk * ORL_CREW_CHUNK, left = problem->data->rows - begin,
           end = begin + (left < ORL_CREW_CHUNK ? left : ORL_CREW_CHUNK);
    double sum = 0.0;
    for (size_t k = 0; k < p->node_count; k++)
        w->memory.adjoint[p->nodes[k]][0] = 0.0;
    for (size_t first = begin; first < end; first += ORL_TAPE_BLOCK) {
        size_t count = end - first < ORL_TAPE_BLOCK ? end - first : ORL_TAPE_BLOCK;
        struct orl_block block = orl_block_take(problem, w, NULL, first, count);
        orl_tape_forward(problem->tape, &w->memory, w->columns, count);
        sum += orl_block_loss(problem, w, &block, p->gradient);
        if (p->gradient)
            orl_tape_backward(problem->tape, &w->memory, w->seed, count);
    }
    p->sums[chunk] = sum;
    for (size_t k = 0; k < p->node_count; k++)
        p->adjoints[chunk * p->node_count + k] = w->memory.adjoint[p->nodes[k]][0];
}

bool orl_parallel_evaluate(const struct orl_problem *problem, struct orl_workspace *workspace,
                           const double *parameters, double *sum, bool gradient)
{
    if (!workspace->parallel && !(workspace->parallel = parallel_create(problem)))
        return false;
    struct orl_parallel *p = workspace->parallel;
    p->problem = problem;
    p->gradient = gradient;
    for (size_t i = 0; i < orl_crew_size(p->crew); i++)
        orl_tape_begin(problem->tape, &p->members[i]->memory, parameters);
    orl_crew_run(p->crew, p->chunks, chunk_evaluate, p);
    *sum = 0.0;
    for (size_t c = 0; c < p->chunks; c++) {
        *sum += p->sums[c];
        for (size_t k = 0; k < p->node_count; k++)
            workspace->pass.memory.adjoint[p->nodes[k]][0] += p->adjoints[c * p->node_count + k];
    }
    return true;
}
