/* What a fit is worth, against numbers by hand: a straight line has formulas of its own. */
#include "orl_test.h"

#include "optreel/trace.h"
#include "support/points.h"

enum { POINTS = 4 };
static const double x[POINTS] = {1, 2, 3, 4}, y[POINTS] = {2, 3, 5, 6};

static struct orl_problem *problem(const char *model, const char *const *names, size_t count,
                                   size_t points, const double *sigma, bool absolute)
{
    static const double start[12] = {0};
    const struct points of = {x, y, sigma, points, absolute};
    return points_problem(&of, model, names, count, start);
}

static struct orl_fit *fit_at(const char *model, const double *at, size_t count, size_t points,
                              const double *sigma, bool absolute)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    struct orl_problem *p = problem(model, names, count, points, sigma, absolute);
    struct orl_fit *fit = NULL;
    assert_int_equal(orl_fit_create(p, at, &fit, NULL), ORL_OK);
    assert_non_null(fit);
    orl_problem_destroy(&p);
    return fit;
}

/* y = 0.5 + 1.4 x: residuals -0.1, 0.3, -0.3, 0.1; sum of squares 0.2, of x about its mean 5. */
static void line(void **state)
{
    static const double at[] = {0.5, 1.4};
    struct orl_fit *fit = fit_at("a + b*x", at, 2, POINTS, NULL, false);
    double likelihood = 4.0 * log(2.0 * 3.14159265358979323846 * 0.05) + 4.0;
    (void)state;
    CHECK_NEAR(fit->degrees_of_freedom, 2.0, 0.0);
    CHECK_NEAR(fit->reduced_chi_square, 0.1, 1e-14);
    CHECK_NEAR(fit->residual_sd, sqrt(0.1), 1e-14);
    CHECK_NEAR(orl_fit_standard_error(fit, 0), sqrt(0.15), 1e-14);
    CHECK_NEAR(orl_fit_standard_error(fit, 1), sqrt(0.02), 1e-14);
    CHECK_NEAR(fit->covariance[1], -0.05, 1e-14);
    CHECK_NEAR(fit->covariance[2], -0.05, 1e-14);
    CHECK_NEAR(orl_fit_correlation(fit, 0, 1), -0.05 / sqrt(0.15 * 0.02), 1e-14);
    CHECK_NEAR(orl_fit_correlation(fit, 1, 1), 1.0, 0.0);
    CHECK_NEAR(fit->r_squared, 0.98, 1e-14);
    CHECK_NEAR(fit->aic, likelihood + 6.0, 1e-13);
    CHECK_NEAR(fit->bic, likelihood + 3.0 * log(4.0), 1e-13);
    assert_true(fit->arrived && !fit->absolute && fit->condition > 1.0 && fit->condition < 30.0);
    orl_fit_destroy(&fit);
}

/* The weighted line has closed formulas, too: with w = 1/sigma^2, S = sum w, and so on. */
static void weighted_line(void **state)
{
    static const double sigma[POINTS] = {0.5, 2.0, 1.0, 0.25};
    double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, logs = 0;
    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        double w = 1.0 / (sigma[i] * sigma[i]);
        s += w, sx += w * x[i], sy += w * y[i], sxx += w * x[i] * x[i], sxy += w * x[i] * y[i];
        logs += log(sigma[i]);
    }
    double delta = s * sxx - sx * sx,
           at[2] = {(sxx * sy - sx * sxy) / delta, (s * sxy - sx * sy) / delta};
    double squares = 0, about = 0;
    for (size_t i = 0; i < POINTS; i++) {
        double r = (at[0] + at[1] * x[i] - y[i]) / sigma[i], m = (y[i] - sy / s) / sigma[i];
        squares += r * r;
        about += m * m;
    }
    for (int absolute = 0; absolute < 2; absolute++) {
        struct orl_fit *fit = fit_at("a + b*x", at, 2, POINTS, sigma, absolute);
        double factor = absolute ? 1.0 : squares / 2.0;
        CHECK_NEAR(orl_fit_standard_error(fit, 0), sqrt(factor * sxx / delta), 1e-13);
        CHECK_NEAR(orl_fit_standard_error(fit, 1), sqrt(factor * s / delta), 1e-13);
        CHECK_NEAR(fit->covariance[1], -factor * sx / delta, 1e-13);
        CHECK_NEAR(fit->residual_sd, sqrt(squares / 2.0), 1e-13);
        CHECK_NEAR(fit->r_squared, 1.0 - squares / about, 1e-13);
        CHECK_NEAR(fit->aic,
                   4.0 * log(2.0 * 3.14159265358979323846 * squares / 4.0) + 10.0 + 2.0 * logs,
                   1e-12);
        assert_true(fit->arrived && fit->absolute == absolute);
        orl_fit_destroy(&fit);
    }
}

static void on_its_way(void **state)
{
    static const double near[] = {0.5, 1.40001}, there[] = {0.5, 1.4 + 1e-8};
    struct orl_fit *fit = fit_at("a + b*x", near, 2, POINTS, NULL, false);
    (void)state;
    assert_false(fit->arrived);
    orl_fit_destroy(&fit);
    fit = fit_at("a + b*x", there, 2, POINTS, NULL, false);
    assert_true(fit->arrived);
    orl_fit_destroy(&fit);
}

/* What has no meaning is not a number; what still has one stays. */
static void without_meaning(void **state)
{
    static const double twice[] = {0.5, 0.9}, exact[] = {1.0, 1.0}, cubic[] = {5, -6.5, 4.5, -1, 0};
    static const char *const a[] = {"a"};
    (void)state;
    struct orl_fit *fit = fit_at("a*x + b*x", twice, 2, POINTS, NULL, false); /* rank 1 */
    assert_null(fit->covariance);
    assert_true(isnan(orl_fit_standard_error(fit, 0)) && isnan(orl_fit_correlation(fit, 0, 1)));
    assert_true(isnan(orl_fit_correlation(fit, 1, 1)));
    assert_true(isfinite(fit->residual_sd) && isfinite(fit->aic) && fit->condition > 1e13);
    orl_fit_destroy(&fit);
    fit = fit_at("a + b*x", exact, 2, 2, NULL, false); /* two points, two parameters */
    assert_true(isnan(fit->degrees_of_freedom) && isnan(fit->residual_sd) && !fit->covariance);
    assert_true(isnan(fit->aic) && isnan(fit->bic) && fit->r_squared == 1.0 && fit->arrived);
    orl_fit_destroy(&fit);
    fit = fit_at("a + b*x + c*x^2 + d*x^3 + 0*e", cubic, 5, POINTS, NULL, false);
    assert_true(!fit->covariance && isnan(fit->reduced_chi_square)); /* more parameters */
    orl_fit_destroy(&fit);
    struct orl_problem *plain = NULL;
    struct orl_problem_spec spec = {
        .model = "a^2", .parameters = a, .start = exact, .parameter_count = 1};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &plain, NULL), ORL_OK);
    assert_int_equal(orl_fit_create(plain, exact, &fit, NULL), ORL_OK);
    assert_null(fit); /* an objective is no fit */
    orl_problem_destroy(&plain);
}

/* As many points as parameters: nothing is left that a scatter could be estimated from, but sigmas
 * that are absolute need none. Residuals of a last digit are rounding. A single response has
 * nothing about its mean. */
static void just_enough(void **state)
{
    static const double at[] = {1.0 + 0x1p-52, 1.0}, sigma[] = {0.3, 0.4}, constant[] = {3.0};
    struct orl_fit *fit = fit_at("a + b*x", at, 2, 2, sigma, true);
    (void)state;
    CHECK_NEAR(orl_fit_standard_error(fit, 1), 0.5, 1e-14);
    assert_true(fit->arrived && isnan(fit->reduced_chi_square));
    orl_fit_destroy(&fit);
    fit = fit_at("a", constant, 1, 1, NULL, false);
    assert_true(isnan(fit->r_squared));
    orl_fit_destroy(&fit);
}

/* Columns that are alike to eight digits can still be told apart. */
static void nearly_alike(void **state)
{
    static const double at[] = {1.4, 0.0};
    struct orl_fit *fit = fit_at("a*x + b*(x + 1e-8*x^2)", at, 2, POINTS, NULL, false);
    (void)state;
    assert_true(fit->condition > 1e7 && fit->condition < 1e11);
    assert_true(orl_fit_standard_error(fit, 0) > 1e5);
    assert_true(orl_fit_correlation(fit, 0, 1) < -0.999999);
    orl_fit_destroy(&fit);
}

/* The units of the parameters do not decide whether a fit is sound: (1e-12 a) instead of a. */
static void units(void **state)
{
    static const double at[] = {0.5e12, 1.4};
    struct orl_fit *fit = fit_at("1e-12*a + b*x", at, 2, POINTS, NULL, false);
    (void)state;
    CHECK_NEAR(orl_fit_standard_error(fit, 0) / 1e12, sqrt(0.15), 1e-13);
    CHECK_NEAR(orl_fit_correlation(fit, 0, 1), -0.05 / sqrt(0.15 * 0.02), 1e-13);
    assert_true(fit->condition < 30.0);
    orl_fit_destroy(&fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line),         cmocka_unit_test(weighted_line),
        cmocka_unit_test(on_its_way),   cmocka_unit_test(without_meaning),
        cmocka_unit_test(units),        cmocka_unit_test(just_enough),
        cmocka_unit_test(nearly_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
