/* Making a tape: nodes are added one by one. A hash table finds equal ones, so that each is
 * computed once. */
#include "model/builder.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static size_t node_hash(const struct tape_node *n)
{
    uint64_t bits, h = n->op;
    memcpy(&bits, &n->number, sizeof bits);
    h = (h * 0x9e3779b97f4a7c15u) ^ n->a;
    h = (h * 0x9e3779b97f4a7c15u) ^ n->b;
    h = (h * 0x9e3779b97f4a7c15u) ^ bits;
    return (size_t)((h * 0x9e3779b97f4a7c15u) >> 20);
}

static bool node_equal(const struct tape_node *p, const struct tape_node *q)
{
    return p->op == q->op && p->a == q->a && p->b == q->b &&
           memcmp(&p->number, &q->number, sizeof p->number) == 0;
}

static bool slots_grow(struct tape_builder *b)
{
    size_t size = b->slots ? 2 * (b->slot_mask + 1) : 256;
    uint32_t *slots = orl_calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < b->tape->count; i++) {
        size_t at = node_hash(&b->tape->nodes[i]) & (size - 1);
        while (slots[at])
            at = (at + 1) & (size - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(b->slots);
    b->slots = slots;
    b->slot_mask = size - 1;
    return true;
}

uint32_t orl_tape_add(struct tape_builder *b, struct tape_node n)
{
    struct orl_tape *t = b->tape;
    if (b->failed || ((!b->slots || 2 * t->count > b->slot_mask) && !slots_grow(b)) ||
        !orl_reserve((void **)&t->nodes, &t->capacity, t->count + 1, sizeof *t->nodes)) {
        b->failed = true;
        return 0;
    }
    size_t at = node_hash(&n) & b->slot_mask;
    for (; b->slots[at]; at = (at + 1) & b->slot_mask)
        if (node_equal(&t->nodes[b->slots[at] - 1], &n))
            return b->slots[at] - 1;
    b->slots[at] = (uint32_t)t->count + 1;
    t->nodes[t->count] = n;
    return (uint32_t)t->count++;
}

uint32_t orl_tape_number(struct tape_builder *b, double number)
{
    return orl_tape_add(b, (struct tape_node){.op = ORL_OP_NUMBER, .number = number});
}

uint32_t orl_tape_op(struct tape_builder *b, enum orl_op op, uint32_t first, uint32_t second)
{
    if (b->failed)
        return 0;
    const struct tape_node *p = &b->tape->nodes[first], *q = &b->tape->nodes[second];
    if (p->op == ORL_OP_NUMBER && q->op == ORL_OP_NUMBER)
        return orl_tape_number(b, orl_op_value(op, p->number, q->number));
    return orl_tape_add(
        b, (struct tape_node){.op = (uint8_t)op,
                              .vector = p->vector || q->vector,
                              .active = (p->active || q->active) && !orl_op_is_flat(op),
                              .a = first,
                              .b = second});
}
