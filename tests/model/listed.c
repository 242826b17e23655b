/* Data as lists of numbers: what is computed from them, and which point is refused. */
#include "orl_test.h"

#include "optreel/model.h"

enum { ROWS = 3 };

static const double time_s[] = {1, 2, 4}, volt[] = {3, 5, 7}, spread[] = {0.5, 1, 2};

static struct orl_formula *formula_of(const char *text)
{
    struct orl_formula *formula = NULL;
    struct orl_formula_error refused;
    if (text)
        assert_int_equal(
            orl_formula_parse(text, strlen(text), &orl_limits_default, &formula, &refused), ORL_OK);
    return formula;
}

static struct orl_dataset *listed(const double *x, const double *y, const double *s,
                                  const char *response, const char *sigma, struct orl_error *err)
{
    static const char *const predictors[] = {"t", "v"};
    const struct orl_column_spec columns[] = {{.name = "t", .list = x, .count = ROWS},
                                              {.name = "v", .list = y, .count = ROWS},
                                              {.name = "s", .list = s, .count = ROWS}};
    struct orl_formula *one = formula_of(response), *other = formula_of(sigma);
    struct orl_dataset *data = NULL;
    const struct orl_list_spec spec = {.columns = columns,
                                       .column_count = 3,
                                       .predictors = predictors,
                                       .predictor_count = 2,
                                       .response = one,
                                       .sigma = other,
                                       .sigma_absolute = true};
    int ret = orl_dataset_list(&spec, &data, err);
    assert_int_equal(ret == ORL_OK, data != NULL);
    orl_formula_destroy(&one);
    orl_formula_destroy(&other);
    return data;
}

static void numbers_are(const double *numbers, double a, double b, double c)
{
    CHECK_NEAR(numbers[0], a, 1e-15);
    CHECK_NEAR(numbers[1], b, 1e-15);
    CHECK_NEAR(numbers[2], c, 1e-15);
}

static void points_hold_columns_and_what_is_made_of_them(void **state)
{
    struct orl_error err = {0};
    struct orl_dataset *d = listed(time_s, volt, spread, "v + 10*t", "2*s", &err);
    (void)state;
    assert_int_equal(d->rows, 3);
    numbers_are(d->values[0], 1, 2, 4);
    numbers_are(d->values[1], 3, 5, 7);
    numbers_are(d->response, 13, 25, 47);
    numbers_are(d->sigma, 1, 2, 4);
    assert_string_equal(d->response_name, "v + 10*t");
    assert_true(d->sigma_absolute);
    orl_dataset_destroy(&d);
}

static void a_constant_is_known_where_no_column_has_its_name(void **state)
{
    struct orl_error err = {0};
    struct orl_dataset *d = listed(time_s, volt, spread, "pi*t", NULL, &err);
    (void)state;
    numbers_are(d->response, acos(-1.0), 2 * acos(-1.0), 4 * acos(-1.0));
    assert_null(d->sigma);
    orl_dataset_destroy(&d);
    assert_null(listed(time_s, volt, spread, "t + w", NULL, &err));
    assert_string_equal(err.text, "'w' is not a list in the data");
}

static void the_point_that_is_refused_is_told(void **state)
{
    static const double lost[] = {3, NAN, 7}, first[] = {(double)INFINITY, 5, 7},
                        zero[] = {0.5, 1, 0}, endless[] = {(double)INFINITY, 1, 1},
                        negative[] = {1, -1, 1};
    static const struct {
        const double *y, *s;
        const char *words;
    } cases[] = {
        {lost, spread, "the response 'v' is not finite at point 2"},
        {first, spread, "the response 'v' is not finite at point 1"},
        {volt, zero, "the standard deviation of point 3 must be greater than 0"},
        {volt, endless, "the standard deviation of point 1 must be greater than 0"},
        {volt, negative, "the standard deviation of point 2 must be greater than 0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_error err = {0};
        assert_null(listed(time_s, cases[i].y, cases[i].s, "v", "s", &err));
        assert_string_equal(err.text, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_hold_columns_and_what_is_made_of_them),
        cmocka_unit_test(a_constant_is_known_where_no_column_has_its_name),
        cmocka_unit_test(the_point_that_is_refused_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
