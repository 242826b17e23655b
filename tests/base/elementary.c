/* exp and its like: right to the last digit or so, and the same digits one at a time and in vectors
 * of any width. */
#include "orl_test.h"

#include "base/elementary.h"
#include "base/random.h"

enum { COUNT = 4099, ROUNDS = 12 };

/* A loop over each function, compiled for each width. */
#define LOOP_1(WIDTH, NAME)                                                                        \
    __attribute__((target(#WIDTH), optimize("O3"))) static void NAME##_##WIDTH(                    \
        double *restrict out, const double *a, const double *b)                                    \
    {                                                                                              \
        (void)b;                                                                                   \
        for (int i = 0; i < COUNT; i++)                                                            \
            out[i] = orl_##NAME(a[i]);                                                             \
    }
#define LOOP_2(WIDTH, NAME)                                                                        \
    __attribute__((target(#WIDTH), optimize("O3"))) static void NAME##_##WIDTH(                    \
        double *restrict out, const double *a, const double *b)                                    \
    {                                                                                              \
        for (int i = 0; i < COUNT; i++)                                                            \
            out[i] = orl_##NAME(a[i], b[i]);                                                       \
    }
#define WIDTH_LOOPS(NAME, LOOP) LOOP(sse2, NAME) LOOP(avx2, NAME) LOOP(avx512f, NAME)
#if defined(ORL_ELEMENTARY_VECTORS) && !defined(ORL_SANITIZED)
#define X(NAME, BOUND) WIDTH_LOOPS(NAME, LOOP_1)
ORL_ELEMENTARY_1(X)
#undef X
#define X(NAME, BOUND) WIDTH_LOOPS(NAME, LOOP_2)
ORL_ELEMENTARY_2(X)
#undef X
#define LOOPS(NAME)                                                                                \
    {                                                                                              \
        NAME##_sse2, NAME##_avx2, NAME##_avx512f                                                   \
    }
#else
#define LOOPS(NAME)                                                                                \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }
#endif

struct function {
    const char *name;
    double (*one)(double), (*two)(double, double);
    long double (*exact_one)(long double), (*exact_two)(long double, long double);
    void (*loops[3])(double *restrict out, const double *a, const double *b);
};

static const struct function functions[] = {
#define X(NAME, BOUND) {#NAME, orl_##NAME, NULL, NAME##l, NULL, LOOPS(NAME)},
    ORL_ELEMENTARY_1(X)
#undef X
#define X(NAME, BOUND) {#NAME, NULL, orl_##NAME, NULL, NAME##l, LOOPS(NAME)},
        ORL_ELEMENTARY_2(X)
#undef X
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* Small, middling and large numbers of both signs. */
static double some(struct orl_random *random)
{
    double u = 2.0 * orl_random_uniform(random) - 1.0;
    switch (orl_random_below(random, 4)) {
    case 0:
        return u;
    case 1:
        return 10.0 * u;
    case 2:
        return 700.0 * u;
    default:
        return ldexp(u, (int)orl_random_below(random, 120) - 60);
    }
}

static void accurate(void **state)
{
    struct orl_random random;
    (void)state;
    orl_random_init(&random, 7, 0);
    for (size_t f = 0; f < FUNCTIONS; f++)
        for (int i = 0; i < 20000; i++) {
            double a = some(&random), b = some(&random);
            double got = functions[f].one ? functions[f].one(a) : functions[f].two(a, b);
            long double exact =
                functions[f].one ? functions[f].exact_one(a) : functions[f].exact_two(a, b);
            double rounded = (double)exact,
                   ulp = nextafter(fabs(rounded), INFINITY) - fabs(rounded);
            if (isnan(got) && isnan(rounded))
                continue;
            if (got != rounded && !(fabsl((long double)got - exact) <= 1.01L * (long double)ulp))
                fail_msg("%s(%.17g, %.17g) is %.17g, not %.17Lg", functions[f].name, a, b, got,
                         exact);
        }
}

static void special_values(void **state)
{
    (void)state;
    assert_true(orl_exp(-INFINITY) == 0.0 && isinf(orl_exp(710.0)) && orl_exp(0.0) == 1.0);
    assert_true(isinf(orl_log(0.0)) && isnan(orl_log(-1.0)) && orl_log(1.0) == 0.0);
    assert_true(isnan(orl_pow(-2.0, 0.5)) && orl_pow(0.0, 2.5) == 0.0 && isinf(orl_pow(0.0, -2.5)));
    assert_true(isnan(orl_asin(1.5)) && isnan(orl_sin(INFINITY)) && isnan(orl_exp(NAN)));
    assert_true(orl_atan2(0.0, 0.0) == 0.0 && fabs(orl_hypot(3e200, 4e200) / 5e200 - 1.0) < 1e-15);
}

static void same_in_vectors(void **state)
{
    static double a[COUNT], b[COUNT], out[COUNT];
    const bool can[3] = {true, __builtin_cpu_supports("avx2"), __builtin_cpu_supports("avx512f")};
    struct orl_random random;
    (void)state;
    orl_random_init(&random, 8, 0);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < COUNT; i++) {
            a[i] = some(&random);
            b[i] = some(&random);
        }
        for (size_t f = 0; f < FUNCTIONS; f++)
            for (int w = 0; w < 3; w++) {
                if (!can[w] || !functions[f].loops[w])
                    continue;
                functions[f].loops[w](out, a, b);
                for (int i = 0; i < COUNT; i++) {
                    double one =
                        functions[f].one ? functions[f].one(a[i]) : functions[f].two(a[i], b[i]);
                    if (memcmp(&one, &out[i], sizeof one) != 0 && !(isnan(one) && isnan(out[i])))
                        fail_msg("%s(%.17g, %.17g), width %d: %.17g, alone %.17g",
                                 functions[f].name, a[i], b[i], w, out[i], one);
                }
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accurate),
        cmocka_unit_test(special_values),
        cmocka_unit_test(same_in_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
