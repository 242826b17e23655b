/* Methods that use curvature, where they used to get stuck or lost: a parameter without a slope at
 * the start, parameters of very different size, points with a finite loss and no finite gradient.
 */
#include "orl_test.h"

#include "optreel/trace.h"

static const char *const least_squares[] = {"gauss-newton", "levenberg-marquardt"};

/* Data y = made(x) at 21 points from 0 to 4; the model is fitted from `start`. */
static struct orl_problem *problem(const char *model, const char *made, const char *const *names,
                                   const double *start, size_t count)
{
    struct orl_column_spec column = {.name = "x", .from = 0, .to = 4, .count = 21};
    struct orl_noise_spec none = {0};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *data = NULL;
    struct orl_problem *p = NULL;
    assert_int_equal(orl_formula_parse(made, strlen(made), &orl_limits_default, &f, &refused),
                     ORL_OK);
    assert_int_equal(orl_dataset_generate(f, NULL, NULL, 0, &column, 1, &none, 1, &data, NULL),
                     ORL_OK);
    orl_formula_destroy(&f);
    struct orl_problem_spec spec = {.model = model,
                                    .parameters = names,
                                    .start = start,
                                    .parameter_count = count,
                                    .data = &data,
                                    .loss = orl_loss_find("mse")};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
    return p;
}

static struct orl_trace *run(const struct orl_problem *p, const char *name, int64_t steps,
                             double damping)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(name);
    struct orl_value values[8] = {{0}}, common[16] = {{0}};
    struct orl_trace *t = NULL;
    for (size_t i = 0; i < orl_setting_count(desc->settings); i++)
        values[i].number = desc->settings[i].initial;
    int at = orl_setting_find(desc->settings, "damping");
    if (at >= 0 && damping >= 0.0)
        values[at].number = damping;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = desc,
                                .settings = values,
                                .common = common,
                                .steps = steps,
                                .record_every = 1,
                                .record_rows = 10000};
    assert_int_equal(orl_trace_run(&spec, &t, NULL), ORL_OK);
    assert_int_equal(t->status, ORL_STATUS_FINISHED);
    return t;
}

/* With the amplitude 0 the rate has no slope yet: its column of the Jacobian is 0. */
static void column_of_zeros(void **state)
{
    static const char *const names[] = {"a", "k"};
    static const double start[] = {0, 1};
    (void)state;
    struct orl_problem *p = problem("a*exp(-k*x)", "2*exp(-0.5*x)", names, start, 2);
    for (size_t i = 0; i < 2; i++) {
        struct orl_trace *t = run(p, least_squares[i], 30, -1.0);
        CHECK_NEAR(t->values[2 * 30], 2.0, 1e-9);
        CHECK_NEAR(t->values[2 * 30 + 1], 0.5, 1e-9);
        orl_trace_destroy(&t);
    }
    orl_problem_destroy(&p);
}

/* In units 2^40 times smaller every step is the same, digit by digit, also where the Hessian is not
 * positive definite (as it is at this start). */
static void units_do_not_matter(void **state)
{
    static const char *const names[] = {"a", "k"}, *const methods[] = {"newton", "gauss-newton"};
    static const double start[] = {0.5, 3.0}, huge[] = {0.5 * 0x1p40, 3.0};
    (void)state;
    struct orl_problem *p = problem("a*exp(-k*x)", "2*exp(-0.5*x)", names, start, 2),
                       *q = problem("a*9.094947017729282e-13*exp(-k*x)", "2*exp(-0.5*x)", names,
                                    huge, 2);
    for (size_t i = 0; i < 2; i++) {
        struct orl_trace *t = run(p, methods[i], 25, -1.0), *u = run(q, methods[i], 25, -1.0);
        for (size_t k = 0; k <= 25; k++) {
            assert_true(t->values[2 * k + 1] == u->values[2 * k + 1]);
            assert_true(t->values[2 * k] * 0x1p40 == u->values[2 * k]);
        }
        CHECK_NEAR(t->values[2 * 25 + 1], 0.5, 1e-8);
        orl_trace_destroy(&t);
        orl_trace_destroy(&u);
    }
    orl_problem_destroy(&p);
    orl_problem_destroy(&q);
}

/* The whole step from a = 1 leads to a = 0 exactly, where the sum of squares is less and the slope
 * of the root infinite: nothing could be computed from there. */
static void no_step_to_an_infinite_slope(void **state)
{
    static const char *const names[] = {"a"};
    static const double start[] = {1.0};
    static const double expected =
        0.06698729810778066; /* (2 - sqrt(3))/4: root = (sqrt(3) - 1)/4 */
    (void)state;
    struct orl_problem *p = problem("a + 0.25*sqrt(a)", "0.125 + 0*x", names, start, 1);
    for (size_t i = 0; i < 2; i++) {
        struct orl_trace *t = run(p, least_squares[i], 60, 0.0);
        double root = sqrt(t->values[60]);
        CHECK_NEAR(root * root + 0.25 * root, 0.125, 1e-9);
        assert_true(fabs(t->values[60] - expected) < 0.05);
        orl_trace_destroy(&t);
    }
    orl_problem_destroy(&p);
}

/* So do line searches: the first try of this one is at x = 0. */
static void no_search_ends_at_an_infinite_slope(void **state)
{
    static const char *const names[] = {"x"}, *const methods[] = {"gradient-descent",
                                                                  "conjugate-gradient"};
    static const double start[] = {1.0};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct orl_problem *p = NULL;
        struct orl_problem_spec spec = {
            .model = "2*sqrt(x)", .parameters = names, .start = start, .parameter_count = 1};
        assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
        struct orl_trace *t = run(p, methods[i], 3, -1.0);
        assert_true(t->values[1] > 0.0 && t->values[1] < 1.0 && isfinite(t->gradients[1]));
        orl_trace_destroy(&t);
        orl_problem_destroy(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(column_of_zeros),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(no_step_to_an_infinite_slope),
        cmocka_unit_test(no_search_ends_at_an_infinite_slope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
