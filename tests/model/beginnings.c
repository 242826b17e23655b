/* Data that are made, noise and outliers; which row and parameter keep runs from starting. */
#include "orl_test.h"

#include "optreel/model.h"
#include "support/points.h"

static const char *const names[] = {"a", "b"};

static struct orl_dataset *made(const char *model, const struct orl_column_spec *columns,
                                size_t count, struct orl_noise_spec noise, struct orl_error *err)
{
    static const double truth[] = {1, 2};
    struct orl_formula *formula = points_formula(model);
    struct orl_dataset *data = NULL;
    int ret = orl_dataset_generate(formula, names, truth, 2, columns, count, &noise, 7, &data, err);
    assert_int_equal(ret == ORL_OK, data != NULL);
    orl_formula_destroy(&formula);
    return data;
}

static void columns(void **state)
{
    static const double list[] = {3, 1, 4, 1, 5};
    const struct orl_column_spec all[] = {
        {.name = "t", .from = -1, .to = 1, .count = 5},
        {.name = "u", .list = list, .count = 5},
        {.name = "v", .from = 2, .to = 3, .count = 5, .random = 1},
        {.name = "w", .from = 2, .to = 3, .count = 5, .random = 1}};
    const struct orl_column_spec single = {.name = "x", .from = 4, .to = 9, .count = 1};
    struct orl_error err = {0};
    struct orl_dataset *d = made("a*t + b*u", all, 4, (struct orl_noise_spec){0}, &err);
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        CHECK_NEAR(d->values[0][i], -1 + 0.5 * (double)i, 1e-15);
        assert_true(d->values[1][i] == list[i]);
        CHECK_NEAR(d->response[i], d->values[0][i] + 2 * list[i], 1e-15);
        assert_true(d->values[2][i] >= 2 && d->values[2][i] < 3);
        assert_true(d->values[2][i] != d->values[3][i]); /* streams of their own */
    }
    assert_string_equal(d->names[3], "w");
    orl_dataset_destroy(&d);
    d = made("a*x + b", &single, 1, (struct orl_noise_spec){0}, &err);
    assert_true(d->rows == 1 && d->values[0][0] == 4 && d->response[0] == 6);
    orl_dataset_destroy(&d);
}

/* With the same numbers drawn: outliers are ten times as far off, each point of them. */
static void outliers(void **state)
{
    const struct orl_column_spec column = {.name = "x", .from = 0, .to = 1, .count = 200};
    struct orl_error err = {0};
    const struct orl_noise_spec none = {1, 1e-300}, all = {1, 1}, tenth = {1, 0.1},
                                sd = {2, 1e-300};
    struct orl_dataset *d = made("0*a*b*x", &column, 1, none, &err),
                       *e = made("0*a*b*x", &column, 1, all, &err),
                       *f = made("0*a*b*x", &column, 1, tenth, &err),
                       *g = made("0*a*b*x", &column, 1, sd, &err);
    size_t far = 0;
    (void)state;
    for (size_t i = 0; i < 200; i++) {
        CHECK_NEAR(e->response[i] / d->response[i], 10, 1e-14);
        CHECK_NEAR(g->response[i] / d->response[i], 2, 1e-14);
        far += fabs(f->response[i] / d->response[i] - 10) < 1e-9;
    }
    assert_true(far > 8 && far < 40);
    orl_dataset_destroy(&d);
    orl_dataset_destroy(&e);
    orl_dataset_destroy(&f);
    orl_dataset_destroy(&g);
}

static void a_point_without_a_value(void **state)
{
    const struct orl_column_spec column = {.name = "x", .from = -1, .to = 1, .count = 3};
    const struct orl_column_spec late = {.name = "x", .from = -2000, .to = 0, .count = 2001};
    struct orl_error err = {0};
    (void)state;
    assert_null(made("a/x + b", &column, 1, (struct orl_noise_spec){0}, &err));
    assert_string_equal(err.text, "with the true parameters the model is not finite at point 2");
    err = (struct orl_error){0};
    assert_null(made("a/x + b", &late, 1, (struct orl_noise_spec){0}, &err));
    assert_string_equal(err.text, "with the true parameters the model is not finite at point 2001");
}

static void refused(const char *model, size_t count, const double *start, const char *words)
{
    static double x[2000], y[2000];
    struct orl_error err = {0};
    struct orl_problem *problem = NULL;
    for (size_t i = 0; i < 2000; i++) {
        x[i] = (double)i - 1500;
        y[i] = -3;
    }
    x[0] = 1;
    x[1] = 2;
    x[2] = count == 3 ? 0 : 3;
    if (count) {
        problem = points_problem(&(struct points){.x = x, .y = y, .count = count}, model, names, 2,
                                 start);
    } else {
        const struct orl_problem_spec spec = {
            .model = model, .parameters = names, .start = start, .parameter_count = 2};
        assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &problem, &err), ORL_OK);
    }
    int ret = orl_problem_check_start(problem, &err);
    if (words) {
        assert_int_equal(ret, ORL_EINPUT);
        assert_string_equal(err.text, words);
    } else {
        assert_int_equal(ret, ORL_OK);
    }
    orl_problem_destroy(&problem);
}

static void starts(void **state)
{
    static const double zeros[] = {0, 0}, one[] = {1, 0}, other[] = {0, 1}, huge[] = {1e200, 1};
    (void)state;
    refused("a/x + b", 3, one, "the model is not finite at data row 3 (x = 0)");
    refused("a/x + b", 2, one, NULL);
    refused("a/x + b", 2000, one, "the model is not finite at data row 1501 (x = 0)");
    refused("sqrt(a) + b*x", 3, zeros, "the derivative in 'a' is not finite at data row 1 (x = 1)");
    refused("a + sqrt(b)*(x-1)^2", 3, zeros,
            "the derivative in 'b' is not finite at data row 2 (x = 2)");
    refused("a*x + b", 3, huge,
            "the loss or its gradient is not finite, though the model is: they are too large");
    refused("log(a) + b", 0, zeros, "the objective is not finite there");
    refused("sqrt(a) + b", 0, other, "the derivative in 'a' is not finite there");
    refused("a + sqrt(b)", 0, one, "the derivative in 'b' is not finite there");
    refused("a + sqrt(b)", 0, other, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns),
        cmocka_unit_test(outliers),
        cmocka_unit_test(a_point_without_a_value),
        cmocka_unit_test(starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
