/* A tape at work: its memory, the sweep forward through a block of points, and the sweep back. */
#include "model/tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* ---- Memory ---------------------------------------------------------------------------------- */

void orl_tape_destroy(struct orl_tape **tape)
{
    if (*tape) {
        free((*tape)->nodes);
        free(*tape);
        *tape = NULL;
    }
}

/* Scalars get a cache line's share, too: so every block starts at 64 bytes. */
static size_t room_of(const struct tape_node *n)
{
    return n->vector ? ORL_TAPE_BLOCK : 8;
}

static void place(const struct orl_tape *tape, struct tape_memory *m)
{
    double *next = m->storage;
    m->contribution = next;
    next += ORL_TAPE_BLOCK;
    for (size_t i = 0; i < tape->count; i++) {
        const struct tape_node *n = &tape->nodes[i];
        if (n->op != ORL_OP_COLUMN) {
            m->value[i] = next;
            next += room_of(n);
        }
        if (n->active) {
            m->adjoint[i] = next;
            next += room_of(n);
        }
        if (n->op == ORL_OP_NUMBER)
            m->value[i][0] = n->number;
    }
}

int orl_tape_memory_create(const struct orl_tape *tape, struct tape_memory *memory,
                           struct orl_error *err)
{
    size_t numbers = ORL_TAPE_BLOCK;
    *memory = (struct tape_memory){0};
    for (size_t i = 0; i < tape->count; i++)
        numbers += 2 * room_of(&tape->nodes[i]); /* the nodes' number is limited: no overflow */
    memory->storage = orl_malloc_lines(numbers * sizeof *memory->storage);
    memory->value = orl_calloc(tape->count, sizeof *memory->value);
    memory->adjoint = orl_calloc(tape->count, sizeof *memory->adjoint);
    memory->flow = orl_calloc(tape->count, sizeof *memory->flow);
    if (!memory->storage || !memory->value || !memory->adjoint || !memory->flow) {
        orl_tape_memory_destroy(memory);
        return orl_fail_memory(err);
    }
    memset(memory->storage, 0, numbers * sizeof *memory->storage);
    place(tape, memory);
    return ORL_OK;
}

void orl_tape_memory_destroy(struct tape_memory *memory)
{
    free(memory->storage);
    free(memory->value);
    free(memory->adjoint);
    free(memory->flow);
    *memory = (struct tape_memory){0};
}

/* ---- At work --------------------------------------------------------------------------------- */

static enum tape_shape shape_of(const struct orl_tape *tape, const struct tape_node *n)
{
    bool a = tape->nodes[n->a].vector, b = tape->nodes[n->b].vector;
    return a && b ? TAPE_VECTORS : a ? TAPE_SCALAR_B : b ? TAPE_SCALAR_A : TAPE_SCALARS;
}

static void fill(double *out, double number, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = number;
}

void orl_tape_begin(const struct orl_tape *tape, struct tape_memory *memory,
                    const double *parameters)
{
    for (size_t i = 0; i < tape->count; i++) {
        const struct tape_node *n = &tape->nodes[i];
        if (n->op == ORL_OP_PARAM)
            fill(memory->value[i], parameters[n->a], n->vector ? ORL_TAPE_BLOCK : 1);
        else if (!n->vector && n->op != ORL_OP_NUMBER)
            memory->value[i][0] =
                orl_op_value(n->op, memory->value[n->a][0], memory->value[n->b][0]);
        if (!n->vector && n->active)
            memory->adjoint[i][0] = 0.0;
    }
}

void orl_tape_forward(const struct orl_tape *tape, struct tape_memory *memory,
                      const double *const *columns, size_t count)
{
    for (size_t i = 0; i < tape->count; i++) {
        const struct tape_node *n = &tape->nodes[i];
        if (!n->vector || n->op == ORL_OP_PARAM)
            continue;
        if (n->op == ORL_OP_COLUMN)
            memory->value[i] = (double *)(uintptr_t)columns[n->a]; /* only ever read */
        else if (n->op == ORL_OP_SPREAD)
            fill(memory->value[i], memory->value[n->a][0], count);
        else
            orl_tape_kernel(n->op)->value(memory->value[i], memory->value[n->a],
                                          memory->value[n->b], count, shape_of(tape, n));
    }
}

/* Where a contribution to node `to` is to be computed: its adjoint itself, when it is the first
 * one. */
static double *target(const struct orl_tape *tape, struct tape_memory *memory, uint32_t to)
{
    return tape->nodes[to].vector && !memory->flow[to] ? memory->adjoint[to] : memory->contribution;
}

/* A first contribution is not copied: it may stand in the adjoint of a later node, which no longer
 * changes. */
static void deliver(const struct orl_tape *tape, struct tape_memory *memory, uint32_t to,
                    const double *from, size_t count)
{
    double *adjoint = memory->adjoint[to];
    const double *there = memory->flow[to];
    if (!tape->nodes[to].vector) {
        adjoint[0] += orl_sum_lanes(from, count);
        return;
    }
    if (there == adjoint)
        orl_kernel_add(adjoint, from, count);
    else if (there)
        orl_kernel_sum(adjoint, there, from, count);
    memory->flow[to] = there ? adjoint : from;
}

/* To one operand; products that go to one number are summed up at once. */
static void send_slope(const struct orl_tape *tape, struct tape_memory *m,
                       const struct tape_node *n, size_t index, bool second, const double *g,
                       size_t count)
{
    uint32_t to = second ? n->b : n->a, other = second ? n->a : n->b;
    if (!tape->nodes[to].active)
        return;
    if (n->op == ORL_OP_MUL && !tape->nodes[to].vector && tape->nodes[other].vector) {
        m->adjoint[to][0] += orl_chain_lanes(g, m->value[other], count);
        return;
    }
    double *out = target(tape, m, to);
    const struct tape_kernel *kernel = orl_tape_kernel(n->op);
    (second ? kernel->slope_b : kernel->slope_a)(out, g, m->value[n->a], m->value[n->b],
                                                 m->value[index], count, shape_of(tape, n));
    deliver(tape, m, to, out, count);
}

static void send_back(const struct orl_tape *tape, struct tape_memory *m, const struct tape_node *n,
                      size_t index, const double *g, size_t count)
{
    bool sum = n->op == ORL_OP_ADD,
         through = sum || n->op == ORL_OP_SUB || n->op == ORL_OP_SPREAD; /* slopes that are 1 */
    if (through && tape->nodes[n->a].active)
        deliver(tape, m, n->a, g, count);
    if (sum && tape->nodes[n->b].active)
        deliver(tape, m, n->b, g, count);
    if (!through)
        send_slope(tape, m, n, index, false, g, count);
    if (!sum && orl_op_arguments(n->op) == 2)
        send_slope(tape, m, n, index, true, g, count);
}

void orl_tape_backward(const struct orl_tape *tape, struct tape_memory *memory, const double *seed,
                       size_t count)
{
    memset(memory->flow, 0, tape->count * sizeof *memory->flow);
    if (!tape->nodes[tape->root].active)
        return;
    memory->flow[tape->root] = seed;
    for (size_t i = tape->root + 1; i-- > 0;) {
        const struct tape_node *n = &tape->nodes[i];
        if (n->vector && memory->flow[i] && n->op != ORL_OP_PARAM)
            send_back(tape, memory, n, i, memory->flow[i], count);
    }
}

void orl_tape_seed(const struct orl_tape *tape, struct tape_memory *memory, double seed)
{
    if (tape->nodes[tape->root].active)
        memory->adjoint[tape->root][0] = seed;
}

void orl_tape_finish(const struct orl_tape *tape, struct tape_memory *memory, double *gradient,
                     size_t count)
{
    memset(gradient, 0, count * sizeof *gradient);
    for (size_t i = tape->count; i-- > 0;) {
        const struct tape_node *n = &tape->nodes[i];
        if (n->vector || !n->active)
            continue;
        double g = memory->adjoint[i][0], a, b, v = memory->value[i][0];
        if (n->op == ORL_OP_PARAM) {
            gradient[n->a] = g;
            continue;
        }
        a = memory->value[n->a][0];
        b = memory->value[n->b][0];
        if (tape->nodes[n->a].active)
            memory->adjoint[n->a][0] += orl_chain(g, orl_op_slope_a(n->op, a, b, v));
        if (orl_op_arguments(n->op) == 2 && tape->nodes[n->b].active)
            memory->adjoint[n->b][0] += orl_chain(g, orl_op_slope_b(n->op, a, b, v));
    }
}
