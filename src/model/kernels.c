/* Every operation as a loop over a block of points, made from the expressions of ops.h. */
#include "model/tape.h"

/* The body three times, so that the compiler sees which operand stays the same. */
#define EACH(STATEMENT)                                                                            \
    do {                                                                                           \
        if (shape == TAPE_VECTORS) {                                                               \
            for (size_t i = 0; i < count; i++) {                                                   \
                const double x = a[i], y = b[i];                                                   \
                STATEMENT;                                                                         \
            }                                                                                      \
        } else if (shape == TAPE_SCALAR_A) {                                                       \
            const double x = a[0];                                                                 \
            for (size_t i = 0; i < count; i++) {                                                   \
                const double y = b[i];                                                             \
                STATEMENT;                                                                         \
            }                                                                                      \
        } else {                                                                                   \
            const double y = b[0];                                                                 \
            for (size_t i = 0; i < count; i++) {                                                   \
                const double x = a[i];                                                             \
                STATEMENT;                                                                         \
            }                                                                                      \
        }                                                                                          \
    } while (0)

#define DEFINE(ID)                                                                                 \
    ORL_CLONES static void value_##ID(double *restrict out, const double *a, const double *b,      \
                                      size_t count, enum tape_shape shape)                         \
    {                                                                                              \
        EACH(out[i] = orl_value_##ID(x, y));                                                       \
    }                                                                                              \
    ORL_CLONES static void slope_a_##ID(double *restrict out, const double *g, const double *a,    \
                                        const double *b, const double *v, size_t count,            \
                                        enum tape_shape shape)                                     \
    {                                                                                              \
        (void)v;                                                                                   \
        EACH(out[i] = orl_chain(g[i], orl_slope_a_##ID(x, y, v[i])));                              \
    }                                                                                              \
    ORL_CLONES static void slope_b_##ID(double *restrict out, const double *g, const double *a,    \
                                        const double *b, const double *v, size_t count,            \
                                        enum tape_shape shape)                                     \
    {                                                                                              \
        (void)v;                                                                                   \
        EACH(out[i] = orl_chain(g[i], orl_slope_b_##ID(x, y, v[i])));                              \
    }
#define X(ID, ...) DEFINE(ID)
ORL_OPERATORS(X)
ORL_FUNCTIONS(X)
ORL_DERIVATIVES(X)
#undef X

/* A power is a product or a call, as its exponent says: that choice would keep the loop from
 * vectors. So the calls are made for all, and products put in their place. */
ORL_CLONES static void call_pow(double *restrict out, const double *a, const double *b,
                                size_t count, enum tape_shape shape)
{
    EACH(out[i] = orl_pow(x, y));
}

static void value_power(double *restrict out, const double *a, const double *b, size_t count,
                        enum tape_shape shape)
{
    if (shape == TAPE_SCALAR_B && orl_is_whole_power(*b)) {
        value_POW(out, a, b, count, shape);
        return;
    }
    call_pow(out, a, b, count, shape);
    for (size_t i = 0; shape != TAPE_SCALAR_B && i < count; i++)
        if (orl_is_whole_power(b[i]))
            out[i] = orl_power(a[shape == TAPE_VECTORS ? i : 0], b[i]);
}

ORL_CLONES static void call_pow_slope(double *restrict out, const double *g, const double *a,
                                      const double *b, size_t count, enum tape_shape shape)
{
    EACH(out[i] = orl_chain(g[i], orl_chain(y, orl_pow(x, y - 1.0))));
}

static void slope_a_power(double *restrict out, const double *g, const double *a, const double *b,
                          const double *v, size_t count, enum tape_shape shape)
{
    if (shape == TAPE_SCALAR_B && (*b == 0.0 || orl_is_whole_power(*b - 1.0))) {
        slope_a_POW(out, g, a, b, v, count, shape);
        return;
    }
    call_pow_slope(out, g, a, b, count, shape);
    for (size_t i = 0; shape != TAPE_SCALAR_B && i < count; i++)
        if (b[i] == 0.0 || orl_is_whole_power(b[i] - 1.0))
            out[i] = orl_chain(g[i], orl_power_base_slope(a[shape == TAPE_VECTORS ? i : 0], b[i]));
}

static const struct tape_kernel kernels[ORL_OP_COUNT] = {
#define X(ID, ...) [ORL_OP_##ID] = {value_##ID, slope_a_##ID, slope_b_##ID},
    ORL_OPERATORS(X) ORL_FUNCTIONS(X) ORL_DERIVATIVES(X)
#undef X
};

const struct tape_kernel *orl_tape_kernel(enum orl_op op)
{
    static const struct tape_kernel power = {value_power, slope_a_power, slope_b_POW};
    return op == ORL_OP_POW ? &power : &kernels[op];
}

ORL_CLONES double orl_sum_lanes(const double *values, size_t count)
{
    double lane[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            lane[k] += values[i + k];
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += values[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

ORL_CLONES double orl_dot_lanes(const double *a, const double *b, size_t count)
{
    double lane[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            lane[k] += a[i + k] * b[i + k];
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += a[i] * b[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

ORL_CLONES double orl_chain_lanes(const double *adjoint, const double *slope, size_t count)
{
    double lane[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            lane[k] += orl_chain(adjoint[i + k], slope[i + k]);
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += orl_chain(adjoint[i], slope[i]);
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

ORL_CLONES void orl_kernel_sum(double *restrict out, const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = a[i] + b[i];
}

ORL_CLONES void orl_kernel_add(double *restrict to, const double *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

ORL_CLONES void orl_kernel_subtract(double *restrict to, const double *from, double factor,
                                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] -= factor * from[i];
}

ORL_CLONES void orl_kernel_residuals(double *restrict out, const double *predicted,
                                     const double *response, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = predicted[i] - response[i];
}

ORL_CLONES void orl_kernel_twice(double *restrict out, const double *a, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = a[i] + a[i];
}
