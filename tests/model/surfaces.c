/* Functions to try optimizers on: their values where they begin and where they are least. */
#include "orl_test.h"

#include "optreel/model.h"

static const char *const names[] = {"x", "y"};

static struct orl_problem *problem_of(const struct orl_surface_desc *s)
{
    struct orl_problem *problem = NULL;
    struct orl_error err = {0};
    const struct orl_problem_spec spec = {
        .model = s->formula, .parameters = names, .start = s->start, .parameter_count = 2};
    if (orl_problem_create(&spec, &orl_limits_default, &problem, &err) != ORL_OK)
        fail_msg("%s: %s", s->name, err.text);
    return problem;
}

static double value_at(const struct orl_surface_desc *s, const double *at, double gradient[2])
{
    struct orl_problem *problem = problem_of(s);
    struct orl_workspace *workspace = NULL;
    double value = NAN;
    assert_int_equal(orl_workspace_create(problem, &workspace, NULL), ORL_OK);
    orl_problem_evaluate(problem, workspace, at, NULL, 0, &value, gradient);
    orl_workspace_destroy(&workspace);
    orl_problem_destroy(&problem);
    return value;
}

static void values(void **state)
{
    static const struct {
        const char *name;
        double start, minimum;
        double domain[4];
    } cases[] = {
        {"rosenbrock", 24.2, 0, {-2, 2, -1, 3}},
        {"beale", 14.203125, 0, {-4.5, 4.5, -4.5, 4.5}},
        {"himmelblau", 170, 0, {-5, 5, -5, 5}},
        {"booth", 74, 0, {-10, 10, -10, 10}},
        {"goldstein_price", 10193.75, 3, {-2, 2, -2, 2}},
        {"six_hump_camel", 11.165625, -1.0316284534898774, {-3, 3, -2, 2}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct orl_surface_desc *s = orl_surface_find(cases[i].name);
        assert_non_null(s);
        CHECK_NEAR(value_at(s, s->start, NULL), cases[i].start, 1e-12);
        CHECK_NEAR(value_at(s, s->minimum, NULL), cases[i].minimum, 1e-12);
        for (size_t k = 0; k < 4; k++)
            assert_true(s->domain[k] == cases[i].domain[k]);
    }
}

/* Of each: the points called minima are as deep as each other, and level; what is shown holds them
 * and the start. */
static void minima_are_level_and_shown(void **state)
{
    (void)state;
    for (const struct orl_surface_desc *s = orl_surfaces; s->name; s++) {
        double gradient[2], least = NAN;
        const double *points[5] = {s->start, s->minimum};
        size_t count = isnan(s->minimum[0]) ? 1 : 2;
        for (size_t k = 0; k < s->other_count; k++)
            points[count++] = s->others[k];
        for (size_t k = 0; k < count; k++) {
            if (!(points[k][0] >= s->domain[0] && points[k][0] <= s->domain[1] &&
                  points[k][1] >= s->domain[2] && points[k][1] <= s->domain[3]))
                fail_msg("%s: (%g, %g) is not shown", s->name, points[k][0], points[k][1]);
            double value = value_at(s, points[k], gradient);
            if (k == 0)
                continue;
            if (!(hypot(gradient[0], gradient[1]) < 1e-5 * (1 + fabs(value))))
                fail_msg("%s: slope %g, %g at (%g, %g)", s->name, gradient[0], gradient[1],
                         points[k][0], points[k][1]);
            least = k == 1 ? value : least;
            CHECK_NEAR(value, least, 1e-9);
            assert_true(value <= value_at(s, s->start, NULL));
        }
    }
}

static void names_with_dashes(void **state)
{
    (void)state;
    assert_ptr_equal(orl_surface_find("rosenbrock"), &orl_surfaces[0]);
    assert_string_equal(orl_surface_find("six-hump-camel")->name, "six_hump_camel");
    assert_string_equal(orl_surface_find("six_hump-camel")->name, "six_hump_camel");
    assert_null(orl_surface_find("six hump camel"));
    assert_null(orl_surface_find("rosen"));
    assert_null(orl_surface_find("rosenbrocks"));
    assert_null(orl_surface_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(minima_are_level_and_shown),
        cmocka_unit_test(names_with_dashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
