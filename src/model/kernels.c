/* Every operation as a loop over a block of points, made from the expressions of ops.h. */
#include "model/tape.h"

/* Compiled for several vector widths, chosen when the program starts. Each does the same operations in the same order, none is
 * fused
 * (-ffp-contract=off), and sums have eight lanes of their own: the digits are the same on every processor. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(ORL_SANITIZED)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

/* The body three times, so that the compiler sees which operand stays the same. */
#define EACH(STATEMENT)                                                                                                            \
    do {                                                                                                                           \
        if (shape == TAPE_VECTORS) {                                                                                               \
            for (size_t i = 0; i < count; i++) {                                                                                   \
                const double x = a[i], y = b[i];                                                                                   \
                STATEMENT;                                                                                                         \
            }                                                                                                                      \
        } else if (shape == TAPE_SCALAR_A) {                                                                                       \
            const double x = a[0];                                                                                                 \
            for (size_t i = 0; i < count; i++) {                                                                                   \
                const double y = b[i];                                                                                             \
                STATEMENT;                                                                                                         \
            }                                                                                                                      \
        } else {                                                                                                                   \
            const double y = b[0];                                                                                                 \
            for (size_t i = 0; i < count; i++) {                                                                                   \
                const double x = a[i];                                                                                             \
                STATEMENT;                                                                                                         \
            }                                                                                                                      \
        }                                                                                                                          \
    } while (0)

#define DEFINE(ID)                                                                                                                 \
    CLONES static void value_##ID(double *restrict out, const double *a, const double *b, size_t count, enum tape_shape shape)     \
    {                                                                                                                              \
        EACH(out[i] = orl_value_##ID(x, y));                                                                                       \
    }                                                                                                                              \
    CLONES static void slope_a_##ID(double *restrict out, const double *g, const double *a, const double *b, const double *v,      \
                                    size_t count, enum tape_shape shape)                                                           \
    {                                                                                                                              \
        (void)v;                                                                                                                   \
        EACH(out[i] = orl_chain(ORL_OP_##ID, g[i], orl_slope_a_##ID(x, y, v[i])));                                                 \
    }                                                                                                                              \
    CLONES static void slope_b_##ID(double *restrict out, const double *g, const double *a, const double *b, const double *v,      \
                                    size_t count, enum tape_shape shape)                                                           \
    {                                                                                                                              \
        (void)v;                                                                                                                   \
        EACH(out[i] = orl_chain(ORL_OP_##ID, g[i], orl_slope_b_##ID(x, y, v[i])));                                                 \
    }
#define X(ID, ...) DEFINE(ID)
ORL_OPERATORS(X)
ORL_FUNCTIONS(X)
#undef X

const struct tape_kernel orl_tape_kernels[ORL_OP_COUNT] = {
#define X(ID, ...) [ORL_OP_##ID] = {value_##ID, slope_a_##ID, slope_b_##ID},
    ORL_OPERATORS(X) ORL_FUNCTIONS(X)
#undef X
};

CLONES double orl_sum_lanes(const double *values, size_t count)
{
    double lane[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            lane[k] += values[i + k];
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += values[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

CLONES double orl_dot_lanes(const double *a, const double *b, size_t count)
{
    double lane[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            lane[k] += a[i + k] * b[i + k];
    for (size_t i = whole; i < count; i++)
        lane[i - whole] += a[i] * b[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

CLONES void orl_kernel_sum(double *restrict out, const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = a[i] + b[i];
}

CLONES void orl_kernel_add(double *restrict to, const double *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

CLONES void orl_kernel_residuals(double *restrict out, const double *predicted, const double *response, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = predicted[i] - response[i];
}

CLONES void orl_kernel_twice(double *restrict out, const double *a, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = a[i] + a[i];
}
