/* What a formula computes with: every operation once, as an expression of its operands, with its
 * derivatives.
 *
 * The tree evaluator, the folding of constants and the block evaluator all take their arithmetic
 * from here, so their values are equal bit for bit, on every processor: it is IEEE arithmetic and
 * base/elementary.h. What a loop is to be made vectors of has no function call behind a condition.
 */
#ifndef ORL_MODEL_OPS_H
#define ORL_MODEL_OPS_H

#include <math.h>

#include "base/elementary.h"
#include "optreel/base.h"

#define ORL_LN10        2.30258509299404568402
#define ORL_LN2         0.69314718055994530942
#define ORL_2_OVER_ROOT 1.12837916709551257390 /* 2/sqrt(pi) */

/* adjoint * slope, as the chain rule has it. Where either is exactly 0 the result does not depend
 * on the operand, however steep the other is: sqrt(b*x) at x = 0 has the slope 0 in b, and a model
 * that has become 0 because exp overflowed no longer moves with what stands in exp. */
static inline double orl_chain(double adjoint, double slope)
{
    double product = adjoint * slope;
    return adjoint == 0.0 || slope == 0.0 ? 0.0 : product;
}

/* Whole exponents up to this size are products. */
enum { ORL_POWER_MAX = 16 };

/* x^n for 1 <= n <= ORL_POWER_MAX: x^(2k) = (x^k)^2, x^(2k+1) = x^(2k) * x. The tape makes the same
 * products in the same order. */
static inline double orl_whole_power(double x, int n)
{
    double power = x;
    int bit = 1;
    while (bit * 2 <= n)
        bit *= 2;
    for (bit /= 2; bit; bit /= 2) {
        power *= power;
        if (n & bit)
            power *= x;
    }
    return power;
}

static inline bool orl_is_whole_power(double b)
{
    return fabs(b) <= ORL_POWER_MAX && b == trunc(b);
}

/* a^b. The choice depends on the value of b alone, so that a constant, a folded and a fitted
 * exponent give the same digits. */
static inline double orl_power(double a, double b)
{
    if (!orl_is_whole_power(b))
        return orl_pow(a, b);
    if (b == 0.0)
        return 1.0;
    double power = orl_whole_power(a, (int)fabs(b));
    return b < 0.0 ? 1.0 / power : power;
}

/* d a^b / da. */
static inline double orl_power_base_slope(double a, double b)
{
    return orl_chain(b, orl_power(a, b - 1.0));
}

/* d a^b / db = a^b log a; 0 where the power is, as at a = 0 < b, where 0 * log 0 would be NaN. */
static inline double orl_power_exponent_slope(double a, double v)
{
    double slope = v * orl_log(a);
    return v == 0.0 ? 0.0 : slope;
}

/* d^2 a^b / da^2. */
static inline double orl_power_base_curvature(double a, double b)
{
    return orl_chain(b * (b - 1.0), orl_power(a, b - 2.0));
}

/* d^2 a^b / da db. */
static inline double orl_power_mixed_curvature(double a, double b)
{
    return orl_chain(orl_power(a, b - 1.0), 1.0 + b * orl_log(a));
}

/* sinh, cosh and log1p as far as their values are numbers; SLEEF's end at 709.8 and 1e307. Both
 * ways are gone, so that a loop has no condition. */
static inline double orl_far_sinh(double a)
{
    double near = orl_sinh(a), half = orl_exp(0.5 * fabs(a)), far = 0.5 * half * half;
    return fabs(a) > 709.0 ? copysign(far, a) : near;
}

static inline double orl_far_cosh(double a)
{
    double near = orl_cosh(a), half = orl_exp(0.5 * fabs(a)), far = 0.5 * half * half;
    return fabs(a) > 709.0 ? far : near;
}

static inline double orl_far_log1p(double a)
{
    double near = orl_log1p(a), far = orl_log(a);
    return a > 1e300 ? far : near;
}

/* 1/(1+exp(-a)) and its slope, without overflow and without losing digits far out. */
static inline double orl_sigmoid(double a)
{
    double e = orl_exp(-fabs(a));
    return a < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}

static inline double orl_sigmoid_slope(double a)
{
    double e = orl_exp(-fabs(a));
    return e / ((1.0 + e) * (1.0 + e));
}

/* log(1+exp(a)). */
static inline double orl_softplus(double a)
{
    return (a < 0.0 ? 0.0 : a) + orl_log1p(orl_exp(-fabs(a)));
}

/* NaN operands win in min and max: a run that went wrong must not look healthy. */
static inline double orl_min(double a, double b)
{
    return a < b || a != a ? a : b;
}

static inline double orl_max(double a, double b)
{
    return a > b || a != a ? a : b;
}

/* Share of the slope that the greater of two operands gets: all, half at a tie, none. */
static inline double orl_greater(double a, double b)
{
    return a > b ? 1.0 : a < b ? 0.0 : 0.5;
}

static inline double orl_hypot_slope(double a, double v)
{
    return v == 0.0 ? 0.0 : a / v;
}

/* d atan2(a, b) / d(other): x/r^2 without overflow; 0 at the origin and far away. */
static inline double orl_atan2_slope(double x, double a, double b)
{
    double r = orl_hypot(a, b), slope = x / r / r;
    return r == 0.0 || r == INFINITY ? 0.0 : slope;
}

/* d^2 hypot(a, b) / da^2 = b^2/r^3, and by turns; d^2 / da db = -a b/r^3. 0 at the origin
 * and far away. */
static inline double orl_hypot_curvature(double x, double y, double a, double b)
{
    double r = orl_hypot(a, b), curvature = x / r * (y / r) / r;
    return r == 0.0 || r == INFINITY ? 0.0 : curvature;
}

/* d (b/r^2) / da = -2 a b/r^4 and d (b/r^2) / db = (a^2 - b^2)/r^4, r^2 = a^2 + b^2. 0 at the
 * origin and far away. */
static inline double orl_atan2_mixed(double a, double b)
{
    double r = orl_hypot(a, b), slope = -2.0 * (a / r) * (b / r) / r / r;
    return r == 0.0 || r == INFINITY ? 0.0 : slope;
}

static inline double orl_atan2_curvature(double a, double b)
{
    double r = orl_hypot(a, b), slope = ((a - b) / r) * ((a + b) / r) / r / r;
    return r == 0.0 || r == INFINITY ? 0.0 : slope;
}

/* 1/(1 + a^2) without overflow. */
static inline double orl_atan_slope(double a)
{
    double far = 1.0 / a, near = 1.0 / (1.0 + a * a);
    return fabs(a) > 1e9 ? far * far : near;
}

/* -2 a/(1 + a^2)^2 from `slope`, 1/(1 + a^2): about -2/a^3 far away, and 0 at infinity. */
static inline double orl_atan_curvature(double a, double slope)
{
    double far = -2.0 / a * slope, near = -2.0 * a * slope * slope;
    return fabs(a) > 1e9 ? far : near;
}

static inline double orl_asin_slope(double a)
{
    return 1.0 / sqrt((1.0 - a) * (1.0 + a));
}

static inline double orl_tanh_slope(double a)
{
    double e = orl_exp(-2.0 * fabs(a));
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

/* X(ID, value, slope in a, slope in b): `a`, `b` the operands, `v` the value. */
#define ORL_OPERATORS(X)                                                                           \
    X(NEG, -a, -1.0, 0.0)                                                                          \
    X(ADD, a + b, 1.0, 1.0)                                                                        \
    X(SUB, a - b, 1.0, -1.0)                                                                       \
    X(MUL, a *b, b, a)                                                                             \
    X(DIV, a / b, 1.0 / b, -v / b)                                                                 \
    X(POW, orl_power(a, b), orl_power_base_slope(a, b), orl_power_exponent_slope(a, v))

/* X(ID, name, arguments, value, slope in a, slope in b, description, derivative as text). `pow` is
 * the operator ^ under a name. */
#define ORL_FUNCTIONS(X)                                                                           \
    X(SIN, sin, 1, orl_sin(a), orl_cos(a), 0.0, "sine, angle in radians", "cos(a)")                \
    X(COS, cos, 1, orl_cos(a), -orl_sin(a), 0.0, "cosine, angle in radians", "-sin(a)")            \
    X(TAN, tan, 1, orl_tan(a), 1.0 + v * v, 0.0, "tangent, angle in radians", "1 + tan(a)^2")      \
    X(ASIN, asin, 1, orl_asin(a), orl_asin_slope(a), 0.0, "inverse sine; NaN outside of [-1, 1]",  \
      "1/sqrt(1 - a^2)")                                                                           \
    X(ACOS, acos, 1, orl_acos(a), -orl_asin_slope(a), 0.0,                                         \
      "inverse cosine; NaN outside of [-1, 1]", "-1/sqrt(1 - a^2)")                                \
    X(ATAN, atan, 1, orl_atan(a), orl_atan_slope(a), 0.0, "inverse tangent", "1/(1 + a^2)")        \
    X(SINH, sinh, 1, orl_far_sinh(a), orl_far_cosh(a), 0.0, "hyperbolic sine", "cosh(a)")          \
    X(COSH, cosh, 1, orl_far_cosh(a), orl_far_sinh(a), 0.0, "hyperbolic cosine", "sinh(a)")        \
    X(TANH, tanh, 1, orl_tanh(a), orl_tanh_slope(a), 0.0, "hyperbolic tangent", "1/cosh(a)^2")     \
    X(EXP, exp, 1, orl_exp(a), v, 0.0, "exponential", "exp(a)")                                    \
    X(LOG, log, 1, orl_log(a), 1.0 / a, 0.0, "natural logarithm; NaN below 0", "1/a")              \
    X(LOG10, log10, 1, orl_log10(a), 1.0 / (a * ORL_LN10), 0.0,                                    \
      "logarithm to base 10; NaN below 0", "1/(a log(10))")                                        \
    X(LOG2, log2, 1, orl_log2(a), 1.0 / (a * ORL_LN2), 0.0, "logarithm to base 2; NaN below 0",    \
      "1/(a log(2))")                                                                              \
    X(LOG1P, log1p, 1, orl_far_log1p(a), 1.0 / (1.0 + a), 0.0, "log(1 + a), exact for small a",    \
      "1/(1 + a)")                                                                                 \
    X(EXPM1, expm1, 1, orl_expm1(a), orl_exp(a), 0.0, "exp(a) - 1, exact for small a", "exp(a)")   \
    X(SQRT, sqrt, 1, sqrt(a), 0.5 / v, 0.0, "square root; NaN below 0, slope infinite at 0",       \
      "1/(2 sqrt(a))")                                                                             \
    X(CBRT, cbrt, 1, orl_cbrt(a), 1.0 / (3.0 * v * v), 0.0, "cube root; slope infinite at 0",      \
      "1/(3 cbrt(a)^2)")                                                                           \
    X(ABS, abs, 1, fabs(a),                                                                        \
      a > 0.0   ? 1.0                                                                              \
      : a < 0.0 ? -1.0                                                                             \
                : a,                                                                               \
      0.0, "absolute value; slope 0 at 0", "sign(a)")                                              \
    X(SIGN, sign, 1,                                                                               \
      a > 0.0   ? 1.0                                                                              \
      : a < 0.0 ? -1.0                                                                             \
                : a,                                                                               \
      0.0, 0.0, "-1, 0 or 1; slope 0 everywhere", "0")                                             \
    X(MIN, min, 2, orl_min(a, b), orl_greater(b, a), orl_greater(a, b),                            \
      "the smaller; NaN where one is NaN, slope 1/2 each at a tie",                                \
      "1 for the smaller, 0 for the other")                                                        \
    X(MAX, max, 2, orl_max(a, b), orl_greater(a, b), orl_greater(b, a),                            \
      "the greater; NaN where one is NaN, slope 1/2 each at a tie",                                \
      "1 for the greater, 0 for the other")                                                        \
    X(ATAN2, atan2, 2, orl_atan2(a, b), orl_atan2_slope(b, a, b), orl_atan2_slope(-a, a, b),       \
      "angle of the point (b, a), in radians; slopes 0 at the origin",                             \
      "b/(a^2 + b^2), -a/(a^2 + b^2)")                                                             \
    X(HYPOT, hypot, 2, orl_hypot(a, b), orl_hypot_slope(a, v), orl_hypot_slope(b, v),              \
      "sqrt(a^2 + b^2) without overflow; slopes 0 at the origin", "a/hypot(a, b), b/hypot(a, b)")  \
    X(ERF, erf, 1, orl_erf(a), ORL_2_OVER_ROOT *orl_exp(-a *a), 0.0, "error function",             \
      "2/sqrt(pi) exp(-a^2)")                                                                      \
    X(FLOOR, floor, 1, floor(a), 0.0, 0.0,                                                         \
      "greatest whole number not above a; slope 0 everywhere", "0")                                \
    X(RELU, relu, 1, a<0.0 ? 0.0 : a, a> 0.0 ? 1.0 : 0.0, 0.0, "a above 0, else 0; slope 0 at 0",  \
      "heaviside(a), 0 at 0")                                                                      \
    X(SIGMOID, sigmoid, 1, orl_sigmoid(a), orl_sigmoid_slope(a), 0.0,                              \
      "1/(1 + exp(-a)), without overflow", "sigmoid(a) (1 - sigmoid(a))")                          \
    X(SOFTPLUS, softplus, 1, orl_softplus(a), orl_sigmoid(a), 0.0,                                 \
      "log(1 + exp(a)), without overflow", "sigmoid(a)")                                           \
    X(HEAVISIDE, heaviside, 1,                                                                     \
      a > 0.0   ? 1.0                                                                              \
      : a < 0.0 ? 0.0                                                                              \
                : a + 0.5,                                                                         \
      0.0, 0.0, "0 below 0, 1 above, 1/2 at 0; slope 0 everywhere", "0")

/* X(ID, arguments, value, slope in a, slope in b): what derivatives are made of. No formula can
 * name them. */
#define ORL_DERIVATIVES(X)                                                                         \
    X(CHAIN, 2, orl_chain(a, b), b, a)                                                             \
    X(GREATER, 2, orl_greater(a, b), 0.0, 0.0)                                                     \
    X(POW_BASE, 2, orl_power_base_slope(a, b), orl_power_base_curvature(a, b),                     \
      orl_power_mixed_curvature(a, b))                                                             \
    X(POW_EXPONENT, 2, orl_power_exponent_slope(a, orl_power(a, b)),                               \
      orl_power_mixed_curvature(a, b), orl_power_exponent_slope(a, v))                             \
    X(ASIN_SLOPE, 1, orl_asin_slope(a), a *v *v *v, 0.0)                                           \
    X(ATAN_SLOPE, 1, orl_atan_slope(a), orl_atan_curvature(a, v), 0.0)                             \
    X(TANH_SLOPE, 1, orl_tanh_slope(a), -2.0 * orl_tanh(a) * v, 0.0)                               \
    X(SIGMOID_SLOPE, 1, orl_sigmoid_slope(a), -orl_tanh(0.5 * a) * v, 0.0)                         \
    X(HYPOT_SLOPE, 2, orl_hypot_slope(a, orl_hypot(a, b)), orl_hypot_curvature(b, b, a, b),        \
      -orl_hypot_curvature(a, b, a, b))                                                            \
    X(ATAN2_SLOPE, 2, orl_atan2_slope(b, a, b), orl_atan2_mixed(a, b), orl_atan2_curvature(a, b))

enum orl_op {
    /* leaves */
    ORL_OP_NUMBER,
    ORL_OP_NAME,   /* of a formula */
    ORL_OP_PARAM,  /* of a tape, as are the following */
    ORL_OP_COLUMN, /* a data column */
    ORL_OP_SPREAD, /* a scalar at every point */
    ORL_OP_MULADD, /* c + a*b, rounded twice */
#define X(ID, ...) ORL_OP_##ID,
    ORL_OPERATORS(X) ORL_FUNCTIONS(X) ORL_DERIVATIVES(X)
#undef X
        ORL_OP_COUNT
};

/* orl_value_SIN(a, b), orl_slope_a_SIN(a, b, v) and so on. */
#define ORL_DEFINE_OP(ID, VALUE, SLOPE_A, SLOPE_B)                                                 \
    static inline double orl_value_##ID(double a, double b)                                        \
    {                                                                                              \
        (void)a, (void)b;                                                                          \
        return VALUE;                                                                              \
    }                                                                                              \
    static inline double orl_slope_a_##ID(double a, double b, double v)                            \
    {                                                                                              \
        (void)a, (void)b, (void)v;                                                                 \
        return SLOPE_A;                                                                            \
    }                                                                                              \
    static inline double orl_slope_b_##ID(double a, double b, double v)                            \
    {                                                                                              \
        (void)a, (void)b, (void)v;                                                                 \
        return SLOPE_B;                                                                            \
    }
#define X(ID, VALUE, SLOPE_A, SLOPE_B) ORL_DEFINE_OP(ID, VALUE, SLOPE_A, SLOPE_B)
ORL_OPERATORS(X)
#undef X
#define X(ID, NAME, ARGUMENTS, VALUE, SLOPE_A, SLOPE_B, DESCRIPTION, DERIVATIVE)                   \
    ORL_DEFINE_OP(ID, VALUE, SLOPE_A, SLOPE_B)
ORL_FUNCTIONS(X)
#undef X
#define X(ID, ARGUMENTS, VALUE, SLOPE_A, SLOPE_B) ORL_DEFINE_OP(ID, VALUE, SLOPE_A, SLOPE_B)
ORL_DERIVATIVES(X)
#undef X

/* One operation on numbers; NaN for what is no operation. */
double orl_op_value(enum orl_op op, double a, double b);
double orl_op_slope_a(enum orl_op op, double a, double b, double v);
double orl_op_slope_b(enum orl_op op, double a, double b, double v);
/* Operands it takes: 0, 1 or 2 (3 for ORL_OP_MULADD). */
unsigned orl_op_arguments(enum orl_op op);
/* True where the derivative is 0 wherever there is one: sign, floor, heaviside, which of two is the
 * greater. */
bool orl_op_is_flat(enum orl_op op);
/* The function of a name of `length` bytes: its operation, and its index in orl_functions;
 * ORL_OP_COUNT where there is none. */
enum orl_op orl_op_find(const char *name, size_t length, size_t *index);
/* The name under which a function is called; NULL for operators and leaves ("pow" is never needed:
 * ^ says it). */
const char *orl_op_name(enum orl_op op);
/* The names of all functions, NULL-ended, for suggestions. */
extern const char *const orl_function_names[];

#endif
