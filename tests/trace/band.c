/* Bands about a fit, against scipy 1.10.1: optimize.curve_fit's covariance with the model's slopes
 * in numpy; quantiles against mpmath's incomplete beta function with 30 digits. */
#include "orl_test.h"

#include "optreel/trace.h"
#include "support/points.h"

enum { POINTS = 8, PLACES = 3 };
static const double x[POINTS] = {0, 0.5, 1, 1.5, 2, 3, 4, 6},
                    y[POINTS] = {2.9, 2.2, 1.7, 1.35, 1.0, 0.7, 0.45, 0.25},
                    sigma[POINTS] = {0.1, 0.1, 0.05, 0.05, 0.05, 0.02, 0.02, 0.02},
                    places[PLACES] = {0, 1.25, 8};

static struct orl_problem *problem(const char *model, const char *const *names, size_t count,
                                   bool weighted, bool absolute)
{
    static const double start[] = {1, 1, 1};
    const struct points points = {x, y, weighted ? sigma : NULL, POINTS, absolute};
    return points_problem(&points, model, names, count, start);
}

static void check_band(const double *at, bool weighted, bool absolute, bool prediction,
                       const double *expected)
{
    static const char *const names[] = {"a", "k"};
    struct orl_problem *p = problem("a*exp(-k*x)", names, 2, weighted, absolute);
    struct orl_band_spec spec = {.share = 0.95, .prediction = prediction};
    const double *columns[] = {places};
    struct orl_fit *fit = NULL;
    double half[PLACES];
    assert_int_equal(orl_fit_create(p, at, &fit, NULL), ORL_OK);
    assert_int_equal(orl_fit_band(p, fit, at, &spec, columns, PLACES, half, NULL), ORL_OK);
    for (size_t i = 0; i < PLACES; i++)
        CHECK_NEAR(half[i] / expected[i], 1.0, 1e-7);
    orl_fit_destroy(&fit);
    orl_problem_destroy(&p);
}

static void bands(void **state)
{
    static const double plain[] = {2.8469030984716746, 0.4914373815970442},
                        weighted[] = {2.693238357195074, 0.4457787308313544};
    (void)state;
    check_band(plain, false, false, false,
               (const double[]){0.1303596220416278, 0.069196062641528, 0.01870554381241767});
    check_band(plain, false, false, true,
               (const double[]){0.20431361881567434, 0.17186773652960838, 0.15843080869590642});
    check_band(weighted, true, false, false,
               (const double[]){0.27214137802035326, 0.10049467637616355, 0.02176424197580569});
    /* deviations that are known as they are: the normal distribution's quantile */
    check_band(weighted, true, true, false,
               (const double[]){0.1196171549599451, 0.04417147941331456, 0.009566265607764307});
}

/* Parameters that the data do not tell apart have no band. */
static void no_band(void **state)
{
    static const char *const names[] = {"a", "b"};
    static const double at[] = {0.5, 0.5};
    struct orl_problem *p = problem("a*x + b*x", names, 2, false, false);
    struct orl_band_spec spec = {.share = 0.95};
    const double *columns[] = {places};
    struct orl_fit *fit = NULL;
    double half[PLACES];
    (void)state;
    assert_int_equal(orl_fit_create(p, at, &fit, NULL), ORL_OK);
    assert_int_equal(orl_fit_band(p, fit, at, &spec, columns, PLACES, half, NULL), ORL_OK);
    assert_true(isnan(half[0]) && isnan(half[PLACES - 1]));
    orl_fit_destroy(&fit);
    orl_problem_destroy(&p);
}

static void quantiles(void **state)
{
    static const struct {
        double share, freedom, t;
    } known[] = {{0.95, 1, 12.706204736174705}, /* tan(0.475 pi) */
                 {0.95, 2, 4.3026527297494639},    {0.95, 5, 2.5705818356363155},
                 {0.95, 12, 2.1788128296672289},   {0.99, 30, 2.7499956535672253},
                 {0.6827, 7, 1.0767385673224845},  {0.95, 1000, 1.9623390808264085},
                 {0.95, 1001, 1.9623367052808799}, /* by the other formula */
                 {0.9, 1e5, 1.6448688647849697},   {0.95, INFINITY, 1.959963984540054}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CHECK_NEAR(orl_student_quantile(known[i].share, known[i].freedom) / known[i].t, 1.0, 1e-12);
    assert_true(isnan(orl_student_quantile(0.95, NAN)));
    assert_true(isnan(orl_student_quantile(1.0, 5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands),
        cmocka_unit_test(no_band),
        cmocka_unit_test(quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
