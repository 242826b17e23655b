/* Formulas: what can be asked of a parsed one. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/formula.h"

void orl_formula_destroy(struct orl_formula **formula)
{
    struct orl_formula *f = *formula;
    if (!f)
        return;
    for (size_t i = 0; i < f->name_count; i++)
        free(f->names[i].text);
    free(f->names);
    free(f->nodes);
    free(f->text);
    free(f);
    *formula = NULL;
}

const char *orl_formula_text(const struct orl_formula *formula)
{
    return formula->text;
}

size_t orl_formula_name_count(const struct orl_formula *formula)
{
    return formula->name_count;
}

const char *orl_formula_name(const struct orl_formula *formula, size_t index)
{
    return formula->names[index].text;
}

size_t orl_formula_name_offset(const struct orl_formula *formula, size_t index)
{
    return formula->names[index].offset;
}

/* The array is the tree in the order in which a recursive walk would finish its nodes; the stack
 * holds what the walk has open. */
double orl_formula_evaluate(const struct orl_formula *formula, const double *values)
{
    double stack[ORL_OPERANDS_MAX];
    size_t top = 0;
    for (size_t i = 0; i < formula->count; i++) {
        const struct orl_node *node = &formula->nodes[i];
        if (node->op == ORL_OP_NUMBER) {
            stack[top++] = node->number;
        } else if (node->op == ORL_OP_NAME) {
            stack[top++] = values[node->a];
        } else if (orl_op_arguments(node->op) == 2) {
            top--;
            stack[top - 1] = orl_op_value(node->op, stack[top - 1], stack[top]);
        } else {
            stack[top - 1] = orl_op_value(node->op, stack[top - 1], 0.0);
        }
    }
    return stack[0];
}

/* Degree of a subtree in the parameters taken together: 0 none of them, 1 linear, 2 anything else.
 */
static uint8_t degree_of(const struct orl_formula *f, const struct orl_node *node,
                         const uint8_t *degree)
{
    uint8_t a = degree[node->a], b = orl_op_arguments(node->op) == 2 ? degree[node->b] : 0;
    switch (node->op) {
    case ORL_OP_NEG:
        return a;
    case ORL_OP_ADD:
    case ORL_OP_SUB:
        return a > b ? a : b;
    case ORL_OP_MUL:
        return a + b > 2 ? 2 : (uint8_t)(a + b);
    case ORL_OP_DIV:
        return b ? 2 : a;
    case ORL_OP_POW:
        if (f->nodes[node->b].op == ORL_OP_NUMBER && f->nodes[node->b].number == 1.0)
            return a;
        return a || b ? 2 : 0;
    default:
        return a || b ? 2 : 0;
    }
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

bool orl_formula_is_linear(const struct orl_formula *formula, const char *const *parameters,
                           size_t count)
{
    uint8_t *degree = orl_calloc(formula->count, 1);
    if (!degree)
        return false; /* then the general way is taken, which is right, too */
    for (size_t i = 0; i < formula->count; i++) {
        const struct orl_node *node = &formula->nodes[i];
        if (node->op == ORL_OP_NAME)
            degree[i] = is_among(formula->names[node->a].text, parameters, count);
        else if (node->op != ORL_OP_NUMBER)
            degree[i] = degree_of(formula, node, degree);
    }
    bool linear = degree[formula->count - 1] < 2;
    free(degree);
    return linear;
}

static bool has_nonzero_digit(const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i] != 'e' && text[i] != 'E'; i++)
        if (text[i] >= '1' && text[i] <= '9')
            return true;
    return false;
}

/* Fill *remark where this node is something its author can hardly have meant. value and constant
 * are those of the nodes so far. */
static bool remark_on(const struct orl_formula *f, size_t index, double *value, bool *constant,
                      struct orl_formula_error *remark)
{
    const struct orl_node *node = &f->nodes[index];
    if (node->op == ORL_OP_NUMBER) {
        value[index] = node->number;
        constant[index] = true;
        if (node->number != 0.0 || !has_nonzero_digit(f->text + node->offset, node->length))
            return false;
        orl_formula_refuse(remark, node->offset, node->length, NULL,
                           "the number is too small for a double and becomes 0");
        return true;
    }
    if (node->op == ORL_OP_NAME)
        return false;
    bool binary = orl_op_arguments(node->op) == 2;
    constant[index] = constant[node->a] && (!binary || constant[node->b]);
    if (!constant[index])
        return false;
    value[index] = orl_op_value(node->op, value[node->a], binary ? value[node->b] : 0.0);
    if (isfinite(value[index]))
        return false;
    orl_formula_refuse(remark, node->offset, node->length, NULL,
                       "this part of the formula is always %s",
                       isnan(value[index]) ? "NaN" : "infinite");
    return true;
}

bool orl_formula_remark(const struct orl_formula *formula, struct orl_formula_error *remark)
{
    double *value = orl_calloc(formula->count, sizeof *value);
    bool *constant = orl_calloc(formula->count, sizeof *constant);
    bool found = false;
    *remark = (struct orl_formula_error){0};
    for (size_t i = 0; value && constant && i < formula->count && !found; i++)
        found = remark_on(formula, i, value, constant, remark);
    free(value);
    free(constant);
    return found;
}
