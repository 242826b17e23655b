/* Derivatives as formulas. Differentiated once more by the reverse sweep they give exact second
 * derivatives. */
#include <stdlib.h>

#include "base/array.h"
#include "model/builder.h"

#define ZERO UINT32_MAX /* a derivative that is 0: no node */

static uint32_t unary(struct tape_builder *b, enum orl_op op, uint32_t a)
{
    return orl_tape_op(b, op, a, a);
}

static bool is_one(const struct tape_builder *b, uint32_t x)
{
    return b->tape->nodes[x].op == ORL_OP_NUMBER && b->tape->nodes[x].number == 1.0;
}

/* A product of the chain rule: a factor of 0 wins. */
static uint32_t mul(struct tape_builder *b, uint32_t x, uint32_t y)
{
    if (x == ZERO || y == ZERO || b->failed)
        return ZERO;
    return is_one(b, x) ? y : is_one(b, y) ? x : orl_tape_op(b, ORL_OP_CHAIN, x, y);
}

static uint32_t over(struct tape_builder *b, uint32_t x, uint32_t y)
{
    return x == ZERO ? ZERO : orl_tape_op(b, ORL_OP_DIV, x, y);
}

static uint32_t plus(struct tape_builder *b, uint32_t x, uint32_t y)
{
    return x == ZERO ? y : y == ZERO ? x : orl_tape_op(b, ORL_OP_ADD, x, y);
}

static uint32_t minus(struct tape_builder *b, uint32_t x, uint32_t y)
{
    return y == ZERO ? x : x == ZERO ? unary(b, ORL_OP_NEG, y) : orl_tape_op(b, ORL_OP_SUB, x, y);
}

static uint32_t square(struct tape_builder *b, uint32_t a)
{
    return mul(b, a, a);
}

/* d f / d a for functions of one operand; v is the node of the value itself. */
static uint32_t slope(struct tape_builder *b, enum orl_op op, uint32_t a, uint32_t v)
{
    uint32_t one = orl_tape_number(b, 1.0);
    switch (op) {
    case ORL_OP_SIN:
        return unary(b, ORL_OP_COS, a);
    case ORL_OP_COS:
        return unary(b, ORL_OP_NEG, unary(b, ORL_OP_SIN, a));
    case ORL_OP_TAN:
        return plus(b, one, square(b, v));
    case ORL_OP_ASIN:
        return unary(b, ORL_OP_ASIN_SLOPE, a);
    case ORL_OP_ACOS:
        return unary(b, ORL_OP_NEG, unary(b, ORL_OP_ASIN_SLOPE, a));
    case ORL_OP_ATAN:
        return unary(b, ORL_OP_ATAN_SLOPE, a);
    case ORL_OP_SINH:
        return unary(b, ORL_OP_COSH, a);
    case ORL_OP_COSH:
        return unary(b, ORL_OP_SINH, a);
    case ORL_OP_TANH:
        return unary(b, ORL_OP_TANH_SLOPE, a);
    case ORL_OP_EXP:
        return v;
    case ORL_OP_LOG:
        return over(b, one, a);
    case ORL_OP_LOG10:
        return over(b, one, mul(b, a, orl_tape_number(b, ORL_LN10)));
    case ORL_OP_LOG2:
        return over(b, one, mul(b, a, orl_tape_number(b, ORL_LN2)));
    case ORL_OP_LOG1P:
        return over(b, one, plus(b, one, a));
    case ORL_OP_EXPM1:
        return unary(b, ORL_OP_EXP, a);
    case ORL_OP_SQRT:
        return over(b, orl_tape_number(b, 0.5), v);
    case ORL_OP_CBRT:
        return over(b, one, mul(b, orl_tape_number(b, 3.0), square(b, v)));
    case ORL_OP_ABS:
        return unary(b, ORL_OP_SIGN, a);
    case ORL_OP_ERF:
        return mul(b, orl_tape_number(b, ORL_2_OVER_ROOT),
                   unary(b, ORL_OP_EXP, unary(b, ORL_OP_NEG, square(b, a))));
    case ORL_OP_RELU:
        return unary(b, ORL_OP_HEAVISIDE, a);
    case ORL_OP_SIGMOID:
        return unary(b, ORL_OP_SIGMOID_SLOPE, a);
    case ORL_OP_SOFTPLUS:
        return unary(b, ORL_OP_SIGMOID, a);
    default: /* sign, floor, heaviside */
        return ZERO;
    }
}

/* Where an operation has two operands: its slopes in them are operations of both, in this order or,
 * with `turned`, in the other. */
static uint32_t pair(struct tape_builder *b, const struct tape_node *n, enum orl_op op, bool turned)
{
    return turned ? orl_tape_op(b, op, n->b, n->a) : orl_tape_op(b, op, n->a, n->b);
}

/* slope in a * da + slope in b * db; a slope that nobody wants is not made. */
static uint32_t derive_pair(struct tape_builder *b, const struct tape_node *n, uint32_t da,
                            uint32_t db, enum orl_op first, enum orl_op second, bool turned)
{
    uint32_t left = da == ZERO ? ZERO : mul(b, pair(b, n, first, first == second && turned), da),
             right = db == ZERO ? ZERO : mul(b, pair(b, n, second, first == second && !turned), db);
    return plus(b, left, right);
}

static uint32_t derive_node(struct tape_builder *b, const struct tape_node *n, uint32_t v,
                            uint32_t da, uint32_t db)
{
    switch (n->op) {
    case ORL_OP_NEG:
        return unary(b, ORL_OP_NEG, da);
    case ORL_OP_ADD:
        return plus(b, da, db);
    case ORL_OP_SUB:
        return minus(b, da, db);
    case ORL_OP_MUL:
        return plus(b, mul(b, da, n->b), mul(b, n->a, db));
    case ORL_OP_DIV:
        return minus(b, over(b, da, n->b), over(b, mul(b, v, db), n->b));
    case ORL_OP_POW:
        return derive_pair(b, n, da, db, ORL_OP_POW_BASE, ORL_OP_POW_EXPONENT, false);
    case ORL_OP_MIN:
        return derive_pair(b, n, da, db, ORL_OP_GREATER, ORL_OP_GREATER, true);
    case ORL_OP_MAX:
        return derive_pair(b, n, da, db, ORL_OP_GREATER, ORL_OP_GREATER, false);
    case ORL_OP_ATAN2:
        return derive_pair(b, n, da, db == ZERO ? ZERO : unary(b, ORL_OP_NEG, db),
                           ORL_OP_ATAN2_SLOPE, ORL_OP_ATAN2_SLOPE, false);
    case ORL_OP_HYPOT:
        return derive_pair(b, n, da, db, ORL_OP_HYPOT_SLOPE, ORL_OP_HYPOT_SLOPE, false);
    default:
        return mul(b, slope(b, n->op, n->a, v), da);
    }
}

uint32_t orl_tape_derive(struct tape_builder *b, uint32_t root, size_t parameter)
{
    uint32_t count = root + 1, *d = orl_calloc(count, sizeof *d);
    if (!d)
        b->failed = true;
    for (uint32_t i = 0; i < count && !b->failed; i++) {
        const struct tape_node n = b->tape->nodes[i]; /* a copy: the array moves */
        bool operation = orl_op_arguments(n.op) > 0;
        d[i] = ZERO;
        if (n.op == ORL_OP_PARAM && n.a == parameter)
            d[i] = orl_tape_number(b, 1.0);
        else if (operation && n.active &&
                 (d[n.a] != ZERO || (orl_op_arguments(n.op) == 2 && d[n.b] != ZERO)))
            d[i] = derive_node(b, &n, i, d[n.a], orl_op_arguments(n.op) == 2 ? d[n.b] : ZERO);
        b->failed |= b->tape->count > ORL_TAPE_NODES_MAX;
    }
    uint32_t found = b->failed ? 0 : d[root];
    free(d);
    return found == ZERO ? orl_tape_number(b, 0.0) : found;
}
