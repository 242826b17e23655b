/* Least squares by hand: the exact fit of linear models, what it leaves, the inverse. */
#include "orl_test.h"

#include "model/least_squares.h"
#include "optreel/model.h"
#include "support/points.h"

static const char *const names[] = {"a", "b"};
static const double start[] = {7, -2};
static const double x[] = {0, 1, 2, 3}, y[] = {1, 3, 4, 4};

/* The best fit of a model with parameters a and b through the points; false: there is none. */
static bool best_of(const struct points *points, const char *model, double best[2])
{
    struct orl_problem *problem = points_problem(points, model, names, 2, start);
    struct orl_workspace *workspace = NULL;
    assert_int_equal(orl_workspace_create(problem, &workspace, NULL), ORL_OK);
    bool found = orl_problem_best_fit(problem, workspace, best);
    orl_workspace_destroy(&workspace);
    orl_problem_destroy(&problem);
    return found;
}

static void a_line_through_four_points(void **state)
{
    static const double sigma[] = {1, 1, 1, 1e6}, other[] = {2, 2, 2, 2};
    double best[2];
    (void)state;
    assert_true(best_of(&(struct points){.x = x, .y = y, .count = 4}, "a + b*x", best));
    CHECK_NEAR(best[0], 1.5, 1e-14);
    CHECK_NEAR(best[1], 1, 1e-14);
    assert_true(
        best_of(&(struct points){.x = x, .y = y, .sigma = other, .count = 4}, "a + b*x", best));
    CHECK_NEAR(best[1], 1, 1e-14);
    assert_true(best_of(&(struct points){.x = x, .y = y, .sigma = sigma, .count = 4}, "a + b*x",
                        best)); /* through the first three */
    CHECK_NEAR(best[0], 7.0 / 6, 1e-9);
    CHECK_NEAR(best[1], 1.5, 1e-9);
    assert_true(best_of(&(struct points){.x = x, .y = y, .count = 4}, "a*x^2 + b", best));
    CHECK_NEAR(best[0], 13.0 / 49, 1e-14); /* sums: x^2 14, x^4 98, y 12, x^2 y 55 */
    CHECK_NEAR(best[1], 29.0 / 14, 1e-14);
}

static void there_is_none(void **state)
{
    double best[2];
    const struct points all = {.x = x, .y = y, .count = 4}, one = {.x = x, .y = y, .count = 1};
    (void)state;
    assert_false(best_of(&all, "a*exp(b*x)", best)); /* not linear */
    assert_false(best_of(&all, "a + b + x", best));  /* only their sum counts */
    assert_false(best_of(&all, "a*x + 0*b", best));  /* b does not count */
    assert_false(best_of(&one, "a + b*x", best));    /* one point */
}

/* Rows (1, 0), (1, 1), (1, 2) and right sides 1, 2, 4: x = (5/6, 3/2) leaves 1/6. */
static void rows_one_by_one_and_columns_at_once(void **state)
{
    double matrix[] = {1, 1, 1, 0, 1, 2}, right[] = {1, 2, 4}, found[2], inverse[4] = {0};
    struct orl_lsq one = {0}, many = {0}, copy = {0};
    (void)state;
    assert_true(orl_lsq_init(&one, 2) && orl_lsq_init(&many, 2) && orl_lsq_init(&copy, 2));
    for (size_t i = 0; i < 3; i++)
        orl_lsq_add(&one, (const double[]){1, (double)i}, right[i]);
    orl_lsq_add_columns(&many, matrix, 3, right, 3);
    orl_lsq_copy(&copy, &one);
    CHECK_NEAR(many.rest, 1.0 / 6, 1e-14);
    const struct orl_lsq *all[] = {&one, &many, &copy};
    for (size_t i = 0; i < 3; i++) {
        assert_true(orl_lsq_solve(all[i], found));
        CHECK_NEAR(found[0], 5.0 / 6, 1e-14);
        CHECK_NEAR(found[1], 1.5, 1e-14);
        CHECK_NEAR(all[i]->scale[0], sqrt(3), 1e-14);
        CHECK_NEAR(all[i]->scale[1], sqrt(5), 1e-14);
        /* The scaled matrix R has R^T R = (1, c; c, 1), c = 3 / sqrt 15; its condition is the root
         * of 2 times that of 2 / (1 - c^2) = 5: sqrt 10. */
        CHECK_NEAR(orl_lsq_inverse(all[i], inverse), sqrt(10), 1e-14);
        double variance[3] = {0}; /* (A^T A)^-1 = (5/6, -1/2; -1/2, 1/2) */
        for (size_t k = 0; k < 2; k++) {
            variance[0] += inverse[k] * inverse[k];
            variance[1] += inverse[k] * inverse[2 + k];
            variance[2] += inverse[2 + k] * inverse[2 + k];
        }
        CHECK_NEAR(variance[0] / 3, 5.0 / 6, 1e-14);
        CHECK_NEAR(variance[1] / sqrt(15), -0.5, 1e-14);
        CHECK_NEAR(variance[2] / 5, 0.5, 1e-14);
    }
    orl_lsq_clear(&one);
    assert_false(orl_lsq_solve(&one, found));
    assert_true(isinf(orl_lsq_inverse(&one, inverse)));
    orl_lsq_add(&one, (const double[]){1, 1}, 3);
    orl_lsq_add(&one, (const double[]){2, 2}, 6);
    assert_false(orl_lsq_solve(&one, found)); /* columns that are alike */
    orl_lsq_uninit(&one);
    orl_lsq_uninit(&many);
    orl_lsq_uninit(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_through_four_points),
        cmocka_unit_test(there_is_none),
        cmocka_unit_test(rows_one_by_one_and_columns_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
