/* From the tree of a formula to a tape: names are bound to parameters, columns and constants, whole
 * powers become products, and a derivative is taken where one is asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/builder.h"

/* Whole powers become products, in the order of orl_whole_power. */
static uint32_t power_add(struct tape_builder *b, uint32_t base, uint32_t exponent)
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

static bool name_find(const char *name, const char *const *names, size_t count, uint32_t *index)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) {
            *index = (uint32_t)i;
            return true;
        }
    return false;
}

static int name_add(struct tape_builder *b, const char *name, uint32_t *out, struct orl_error *err)
{
    const struct tape_names *n = b->names;
    uint32_t index = 0;
    double constant;
    if (name_find(name, n->parameters, n->parameter_count, &index))
        *out = orl_tape_add(
            b, (struct tape_node){
                   .op = ORL_OP_PARAM, .a = index, .active = true, .vector = n->spread});
    else if (name_find(name, n->columns, n->column_count, &index))
        *out = orl_tape_add(b, (struct tape_node){.op = ORL_OP_COLUMN, .a = index, .vector = true});
    else if (orl_constant_find(name, &constant))
        *out = orl_tape_number(b, constant);
    else
        return orl_fail(err, ORL_EINPUT, "'%s' is neither a parameter nor a column", name);
    return ORL_OK;
}

static int formula_build(struct tape_builder *b, const struct orl_formula *f, uint32_t *numbers,
                         struct orl_error *err)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct orl_node *node = &f->nodes[i];
        int ret = ORL_OK;
        if (node->op == ORL_OP_NUMBER)
            numbers[i] = orl_tape_number(b, node->number);
        else if (node->op == ORL_OP_NAME)
            ret = name_add(b, f->names[node->a].text, &numbers[i], err);
        else if (node->op == ORL_OP_POW)
            numbers[i] = power_add(b, numbers[node->a], numbers[node->b]);
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
        root = orl_tape_add(
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
    int ret = b.tape && numbers ? formula_build(&b, formula, numbers, err) : orl_fail_memory(err);
    free(numbers);
    free(b.slots);
    if (ret != ORL_OK)
        orl_tape_destroy(&b.tape);
    *out = b.tape;
    return ret;
}
