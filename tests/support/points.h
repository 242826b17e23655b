/* A problem of points that stand in a test: x, y and, where there are any, their deviations. */
#ifndef ORL_TEST_POINTS_H
#define ORL_TEST_POINTS_H

#include "optreel/model.h"
#include "orl_test.h"

struct points {
    const double *x, *y, *sigma; /* `count` numbers each; sigma NULL: all alike */
    size_t count;
    bool absolute;
};

static inline struct orl_formula *points_formula(const char *text)
{
    struct orl_formula *formula = NULL;
    struct orl_formula_error refused;
    assert_int_equal(orl_formula_parse(text, strlen(text), &orl_limits_default, &formula, &refused),
                     ORL_OK);
    return formula;
}

/* Mean squares of a model in x, from `start`, one number for each of its `count` parameters. */
static inline struct orl_problem *points_problem(const struct points *points, const char *model,
                                                 const char *const *parameters, size_t count,
                                                 const double *start)
{
    static const char *const predictors[] = {"x"};
    const struct orl_column_spec columns[] = {
        {.name = "x", .list = points->x, .count = points->count},
        {.name = "y", .list = points->y, .count = points->count},
        {.name = "s", .list = points->sigma, .count = points->count}};
    struct orl_formula *response = points_formula("y"), *sigma = points_formula("s");
    const struct orl_list_spec list = {.columns = columns,
                                       .column_count = points->sigma ? 3 : 2,
                                       .predictors = predictors,
                                       .predictor_count = 1,
                                       .response = response,
                                       .sigma = points->sigma ? sigma : NULL,
                                       .sigma_absolute = points->absolute};
    struct orl_dataset *data = NULL;
    struct orl_problem *problem = NULL;
    struct orl_error err;
    assert_int_equal(orl_dataset_list(&list, &data, &err), ORL_OK);
    const struct orl_problem_spec spec = {.model = model,
                                          .parameters = parameters,
                                          .start = start,
                                          .parameter_count = count,
                                          .data = &data,
                                          .loss = orl_loss_find("mse")};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &problem, &err), ORL_OK);
    orl_formula_destroy(&response);
    orl_formula_destroy(&sigma);
    return problem;
}

#endif
