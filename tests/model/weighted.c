/* Weighted fits in numbers that can be checked by hand: each residual is divided by its own
 * standard deviation, in the loss, in its slope, in residuals and second derivatives. */
#include "orl_test.h"

#include <unistd.h>

#include "optreel/model.h"

/* y = a*x through (1, 2) with sigma 0.5 and (2, 3) with sigma 2. At a = 1 the residuals are
 * -1/0.5 = -2 and -1/2 = -0.5, their slopes in a 1/0.5 = 2 and 2/2 = 1. */
static const char two_points[] = "x,y,s\n1,2,0.5\n2,3,2\n";

static struct orl_dataset *data_read(const char *text)
{
    char path[] = "/tmp/optreel-weighted-XXXXXX";
    const struct orl_csv_column columns[] = {
        {.name = "x", .header = "x"}, {.name = "y", .header = "y"}, {.name = "s", .header = "s"}};
    const char *const predictors[] = {"x"};
    struct orl_formula *response = NULL, *sigma = NULL;
    struct orl_formula_error refused;
    struct orl_messages messages = {0};
    struct orl_dataset *data = NULL;
    uint8_t digest[32];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_int_equal(orl_formula_parse("y", 1, &orl_limits_default, &response, &refused), ORL_OK);
    assert_int_equal(orl_formula_parse("s", 1, &orl_limits_default, &sigma, &refused), ORL_OK);
    const struct orl_table_spec spec = {.path = path,
                                        .shown_path = "d.csv",
                                        .columns = columns,
                                        .column_count = 3,
                                        .predictors = predictors,
                                        .predictor_count = 1,
                                        .response = response,
                                        .sigma = sigma};
    assert_int_equal(orl_dataset_read(&spec, &orl_limits_default, &messages, digest, &data),
                     ORL_OK);
    orl_formula_destroy(&sigma);
    unlink(path);
    orl_formula_destroy(&response);
    orl_messages_uninit(&messages);
    return data;
}

static struct orl_problem *weighted_line(const char *text, const char *loss)
{
    static const char *const names[] = {"a"};
    static const double start[] = {1};
    struct orl_dataset *data = data_read(text);
    struct orl_problem *problem = NULL;
    struct orl_problem_spec spec = {.model = "a*x",
                                    .parameters = names,
                                    .start = start,
                                    .parameter_count = 1,
                                    .data = &data,
                                    .loss = orl_loss_find(loss)};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &problem, NULL), ORL_OK);
    return problem;
}

static void check_loss(const char *loss, double at, double wanted, double wanted_slope)
{
    struct orl_problem *p = weighted_line(two_points, loss);
    struct orl_workspace *w = NULL;
    double value, slope;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_evaluate(p, w, &at, NULL, 0, &value, &slope);
    CHECK_NEAR(value, wanted, 1e-14);
    CHECK_NEAR(slope, wanted_slope, 1e-14);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

static void losses_and_slopes_are_weighted(void **state)
{
    (void)state;
    check_loss("sse", 1, 4.0 + 0.25, 2 * (-2 * 2.0 + -0.5 * 1.0));
    check_loss("mse", 1, (4.0 + 0.25) / 2, -2 * 2.0 + -0.5 * 1.0);
    check_loss("mae", 1, (2.0 + 0.5) / 2, (-2.0 - 1.0) / 2);
    check_loss("mse", 3, (2.0 * 2.0 + 1.5 * 1.5) / 2, 2 * 2.0 + 1.5 * 1.0);
}

static void a_batch_takes_the_weights_of_its_points(void **state)
{
    static const uint32_t second[] = {1};
    struct orl_problem *p = weighted_line(two_points, "mse");
    struct orl_workspace *w = NULL;
    double at = 1, value, slope;
    (void)state;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_evaluate(p, w, &at, second, 1, &value, &slope);
    CHECK_NEAR(value, 0.25, 1e-14);
    CHECK_NEAR(slope, 2 * -0.5 * 1.0, 1e-14);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

static void residuals_and_their_slopes_are_weighted(void **state)
{
    struct orl_problem *p = weighted_line(two_points, "mse");
    struct orl_workspace *w = NULL;
    double at = 1, residuals[2], jacobian[2];
    (void)state;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_residuals(p, w, &at, 0, 2, residuals, jacobian);
    CHECK_NEAR(residuals[0], -2.0, 1e-14);
    CHECK_NEAR(residuals[1], -0.5, 1e-14);
    CHECK_NEAR(jacobian[0], 2.0, 1e-14);
    CHECK_NEAR(jacobian[1], 1.0, 1e-14);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* mean of 2 (x/s)^2: (2*4 + 2*9/4)/2. */
static void second_derivatives_are_weighted(void **state)
{
    struct orl_problem *p = weighted_line("x,y,s\n1,2,0.5\n3,3,2\n", "mse");
    struct orl_workspace *w = NULL;
    struct orl_hessian *h = NULL;
    double at = 1, matrix;
    (void)state;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    assert_int_equal(orl_hessian_create(p, &h, NULL), ORL_OK);
    orl_hessian_evaluate(p, w, h, &at, &matrix);
    CHECK_NEAR(matrix, 6.25, 1e-14);
    orl_hessian_destroy(&h);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* a = sum(x y / s^2) / sum(x^2 / s^2) = (2/0.25 + 6/4) / (1/0.25 + 4/4) = 9.5 / 5. */
static void the_best_fit_is_weighted(void **state)
{
    struct orl_problem *p = weighted_line(two_points, "mse");
    struct orl_workspace *w = NULL;
    double best = 0;
    (void)state;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    assert_true(orl_problem_best_fit(p, w, &best));
    CHECK_NEAR(best, 1.9, 1e-14);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* So many points that threads share them: the same points 3,000 times over. */
static void many_points_are_weighted_alike(void **state)
{
    enum { TIMES = 3000, LINES = 2 * TIMES };
    char *text = calloc(LINES + 1, 16), *end = text;
    struct orl_workspace *w = NULL;
    double at = 1, value, slope;
    (void)state;
    end += sprintf(end, "x,y,s\n");
    for (size_t i = 0; i < TIMES; i++)
        end += sprintf(end, "1,2,0.5\n2,3,2\n");
    struct orl_problem *p = weighted_line(text, "mse");
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    orl_problem_evaluate(p, w, &at, NULL, 0, &value, &slope);
    CHECK_NEAR(value, 2.125, 1e-12);
    CHECK_NEAR(slope, -4.5, 1e-12);
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_and_slopes_are_weighted),
        cmocka_unit_test(a_batch_takes_the_weights_of_its_points),
        cmocka_unit_test(residuals_and_their_slopes_are_weighted),
        cmocka_unit_test(second_derivatives_are_weighted),
        cmocka_unit_test(the_best_fit_is_weighted),
        cmocka_unit_test(many_points_are_weighted_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
