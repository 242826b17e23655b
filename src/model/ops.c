/* The table of functions, and one operation on plain numbers. */
#include "model/ops.h"

#include <string.h>

#include "base/array.h"
#include "optreel/model.h"

const struct orl_function_desc orl_functions[] = {
#define X(ID, NAME, ARGUMENTS, VALUE, SLOPE_A, SLOPE_B, DESCRIPTION, DERIVATIVE)                   \
    {#NAME, ARGUMENTS, DESCRIPTION, DERIVATIVE},
    ORL_FUNCTIONS(X)
#undef X
        {"pow", 2, "a^b; slope in b is 0 at a = 0 < b", "b a^(b-1), a^b log(a)"},
    {0},
};

static const enum orl_op function_ops[] = {
#define X(ID, ...) ORL_OP_##ID,
    ORL_FUNCTIONS(X)
#undef X
        ORL_OP_POW,
};

const char *const orl_function_names[] = {
#define X(ID, NAME, ...) #NAME,
    ORL_FUNCTIONS(X)
#undef X
        "pow",
    NULL,
};

double orl_op_value(enum orl_op op, double a, double b)
{
    switch (op) {
#define X(ID, ...)                                                                                 \
    case ORL_OP_##ID:                                                                              \
        return orl_value_##ID(a, b);
        ORL_OPERATORS(X)
        ORL_FUNCTIONS(X)
        ORL_DERIVATIVES(X)
#undef X
    default:
        return (double)NAN;
    }
}

double orl_op_slope_a(enum orl_op op, double a, double b, double v)
{
    switch (op) {
#define X(ID, ...)                                                                                 \
    case ORL_OP_##ID:                                                                              \
        return orl_slope_a_##ID(a, b, v);
        ORL_OPERATORS(X)
        ORL_FUNCTIONS(X)
        ORL_DERIVATIVES(X)
#undef X
    default:
        return (double)NAN;
    }
}

double orl_op_slope_b(enum orl_op op, double a, double b, double v)
{
    switch (op) {
#define X(ID, ...)                                                                                 \
    case ORL_OP_##ID:                                                                              \
        return orl_slope_b_##ID(a, b, v);
        ORL_OPERATORS(X)
        ORL_FUNCTIONS(X)
        ORL_DERIVATIVES(X)
#undef X
    default:
        return (double)NAN;
    }
}

unsigned orl_op_arguments(enum orl_op op)
{
    switch (op) {
    case ORL_OP_NEG:
    case ORL_OP_SPREAD:
        return 1;
    case ORL_OP_ADD:
    case ORL_OP_SUB:
    case ORL_OP_MUL:
    case ORL_OP_DIV:
    case ORL_OP_POW:
        return 2;
    case ORL_OP_MULADD:
        return 3;
#define X(ID, NAME, ARGUMENTS, ...)                                                                \
    case ORL_OP_##ID:                                                                              \
        return ARGUMENTS;
        ORL_FUNCTIONS(X)
#undef X
#define X(ID, ARGUMENTS, ...)                                                                      \
    case ORL_OP_##ID:                                                                              \
        return ARGUMENTS;
        ORL_DERIVATIVES(X)
#undef X
    default:
        return 0;
    }
}

bool orl_op_is_flat(enum orl_op op)
{
    return op == ORL_OP_SIGN || op == ORL_OP_FLOOR || op == ORL_OP_HEAVISIDE ||
           op == ORL_OP_GREATER;
}

enum orl_op orl_op_find(const char *name, size_t length, size_t *index)
{
    for (size_t i = 0; i < ORL_COUNT(function_ops); i++) {
        if (strlen(orl_functions[i].name) != length ||
            memcmp(orl_functions[i].name, name, length) != 0)
            continue;
        *index = i;
        return function_ops[i];
    }
    return ORL_OP_COUNT;
}

const char *orl_op_name(enum orl_op op)
{
    for (size_t i = 0; i + 1 < ORL_COUNT(function_ops); i++)
        if (function_ops[i] == op)
            return orl_functions[i].name;
    return NULL;
}

bool orl_constant_find(const char *name, double *value)
{
    bool is_pi = strcmp(name, "pi") == 0;
    if (!is_pi && strcmp(name, "e") != 0)
        return false;
    *value = is_pi ? 3.14159265358979323846 : 2.71828182845904523536;
    return true;
}
