/* Formulas compiled to tapes, and tapes at work. */
#include "model/builder.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static size_t hash_of(const struct tape_node *n)
{
    uint64_t bits, h = n->op;
    memcpy(&bits, &n->number, sizeof bits);
    h = (h * 0x9e3779b97f4a7c15u) ^ n->a;
    h = (h * 0x9e3779b97f4a7c15u) ^ n->b;
    h = (h * 0x9e3779b97f4a7c15u) ^ bits;
    return (size_t)((h * 0x9e3779b97f4a7c15u) >> 20);
}

static bool equal(const struct tape_node *p, const struct tape_node *q)
{
    return p->op == q->op && p->a == q->a && p->b == q->b &&
           memcmp(&p->number, &q->number, sizeof p->number) == 0;
}

static bool grow_slots(struct tape_builder *b)
{
    size_t size = b->slots ? 2 * (b->slot_mask + 1) : 256;
    uint32_t *slots = orl_calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < b->tape->count; i++) {
        size_t at = hash_of(&b->tape->nodes[i]) & (size - 1);
        while (slots[at])
            at = (at + 1) & (size - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(b->slots);
    b->slots = slots;
    b->slot_mask = size - 1;
    return true;
}

/* The number of a node like `n`: an old one where there is one. */
static uint32_t add(struct tape_builder *b, struct tape_node n)
{
    struct orl_tape *t = b->tape;
    if (b->failed || ((!b->slots || 2 * t->count > b->slot_mask) && !grow_slots(b)) ||
        !orl_reserve((void **)&t->nodes, &t->capacity, t->count + 1, sizeof *t->nodes)) {
        b->failed = true;
        return 0;
    }
    size_t at = hash_of(&n) & b->slot_mask;
    for (; b->slots[at]; at = (at + 1) & b->slot_mask)
        if (equal(&t->nodes[b->slots[at] - 1], &n))
            return b->slots[at] - 1;
    b->slots[at] = (uint32_t)t->count + 1;
    t->nodes[t->count] = n;
    return (uint32_t)t->count++;
}

uint32_t orl_tape_number(struct tape_builder *b, double number)
{
    return add(b, (struct tape_node){.op = ORL_OP_NUMBER, .number = number});
}

uint32_t orl_tape_op(struct tape_builder *b, enum orl_op op, uint32_t first, uint32_t second)
{
    if (b->failed)
        return 0;
    const struct tape_node *p = &b->tape->nodes[first], *q = &b->tape->nodes[second];
    if (p->op == ORL_OP_NUMBER && q->op == ORL_OP_NUMBER)
        return orl_tape_number(b, orl_op_value(op, p->number, q->number));
    return add(b, (struct tape_node){.op = (uint8_t)op,
                                     .vector = p->vector || q->vector,
                                     .active = (p->active || q->active) && !orl_op_is_flat(op),
                                     .a = first,
                                     .b = second});
}

/* Whole powers become products, in the order of orl_whole_power. */
static uint32_t add_power(struct tape_builder *b, uint32_t base, uint32_t exponent)
{
    const struct tape_node *e = &b->tape->nodes[exponent];
    double size = fabs(e->number);
    if (e->op != ORL_OP_NUMBER || !(size <= ORL_POWER_MAX) || size != trunc(size))
        return orl_tape_op(b, ORL_OP_POW, base, exponent);
    if (size == 0.0)
        return orl_tape_number(b, 1.0);
    bool inverse = e->number < 0.0;
    int n = (int)size, bit = 1;
    uint32_t power = base;
    while (bit * 2 <= n)
        bit *= 2;
    for (bit /= 2; bit; bit /= 2) {
        power = orl_tape_op(b, ORL_OP_MUL, power, power);
        if (n & bit)
            power = orl_tape_op(b, ORL_OP_MUL, power, base);
    }
    return inverse ? orl_tape_op(b, ORL_OP_DIV, orl_tape_number(b, 1.0), power) : power;
}

static bool find(const char *name, const char *const *names, size_t count, uint32_t *index)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) {
            *index = (uint32_t)i;
            return true;
        }
    return false;
}

static int add_name(struct tape_builder *b, const char *name, uint32_t *out, struct orl_error *err)
{
    const struct tape_names *n = b->names;
    uint32_t index = 0;
    double constant;
    if (find(name, n->parameters, n->parameter_count, &index))
        *out = add(b, (struct tape_node){
                          .op = ORL_OP_PARAM, .a = index, .active = true, .vector = n->spread});
    else if (find(name, n->columns, n->column_count, &index))
        *out = add(b, (struct tape_node){.op = ORL_OP_COLUMN, .a = index, .vector = true});
    else if (orl_constant_find(name, &constant))
        *out = orl_tape_number(b, constant);
    else
        return orl_fail(err, ORL_EINPUT, "'%s' is neither a parameter nor a column", name);
    return ORL_OK;
}

static int build(struct tape_builder *b, const struct orl_formula *f, uint32_t *numbers,
                 struct orl_error *err)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct orl_node *node = &f->nodes[i];
        int ret = ORL_OK;
        if (node->op == ORL_OP_NUMBER)
            numbers[i] = orl_tape_number(b, node->number);
        else if (node->op == ORL_OP_NAME)
            ret = add_name(b, f->names[node->a].text, &numbers[i], err);
        else if (node->op == ORL_OP_POW)
            numbers[i] = add_power(b, numbers[node->a], numbers[node->b]);
        else
            numbers[i] = orl_tape_op(b, node->op, numbers[node->a],
                                     numbers[orl_op_arguments(node->op) == 2 ? node->b : node->a]);
        if (ret != ORL_OK || b->failed)
            return ret != ORL_OK ? ret : orl_fail_memory(err);
    }
    uint32_t root = numbers[f->count - 1];
    if (b->names->derivative)
        root = orl_tape_derive(b, root, b->names->derivative - 1);
    if (b->failed)
        return orl_fail_memory(err);
    const struct tape_node *last = &b->tape->nodes[root];
    if (b->names->points && !last->vector)
        root = add(
            b,
            (struct tape_node){
                .op = ORL_OP_SPREAD, .vector = true, .active = last->active, .a = root, .b = root});
    b->tape->root = root;
    return b->failed ? orl_fail_memory(err) : ORL_OK;
}

int orl_tape_compile(const struct orl_formula *formula, const struct tape_names *names,
                     struct orl_tape **out, struct orl_error *err)
{
    struct tape_builder b = {.tape = orl_calloc(1, sizeof *b.tape), .names = names};
    uint32_t *numbers = orl_calloc(formula->count, sizeof *numbers);
    int ret = b.tape && numbers ? build(&b, formula, numbers, err) : orl_fail_memory(err);
    free(numbers);
    free(b.slots);
    if (ret != ORL_OK)
        orl_tape_destroy(&b.tape);
    *out = b.tape;
    return ret;
}

void orl_tape_destroy(struct orl_tape **tape)
{
    if (*tape) {
        free((*tape)->nodes);
        free(*tape);
        *tape = NULL;
    }
}

/* ---- Memory ---------------------------------------------------------------------------------- */

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
    memory->storage = aligned_alloc(64, numbers * sizeof *memory->storage);
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
        m->adjoint[to][0] += orl_dot_lanes(g, m->value[other], count);
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

/* An infinite slope behind a slope of 0, as in sqrt(x^2) at 0: the operand does not move there, 0
 * is one of the slopes that abs(x) has. */
static double chain_scalar(enum orl_op op, double adjoint, double slope)
{
    return slope == 0.0 && isinf(adjoint) ? 0.0 : orl_chain(op, adjoint, slope);
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
            memory->adjoint[n->a][0] += chain_scalar(n->op, g, orl_op_slope_a(n->op, a, b, v));
        if (orl_op_arguments(n->op) == 2 && tape->nodes[n->b].active)
            memory->adjoint[n->b][0] += chain_scalar(n->op, g, orl_op_slope_b(n->op, a, b, v));
    }
}
