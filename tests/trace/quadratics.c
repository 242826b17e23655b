/* Rules that know curvature, on functions of four parameters of which each pair is coupled: where
 * they are after a step or two. */
#include "support/stage.h"

static const char *const names[] = {"a", "b", "c", "d"};
static const double start[] = {0, 0, 0, 0}, goal[] = {1, 2, 3, -4};

/* The least value is at `goal`. */
static const char bowl[] = "2*(a-1)^2 + 3*(b-2)^2 + 2*(c-3)^2 + 5*(d+4)^2 + (a-1)*(b-2) "
                           "+ (b-2)*(c-3) + (a-1)*(c-3) + (a-1)*(d+4) + (b-2)*(d+4) - (c-3)*(d+4)";

/* After `steps` updates the parameters are the goal's, each within `off`. */
static void arrives(const struct stage_model *model, const char *optimizer, double rate,
                    int64_t steps, double off)
{
    struct orl_problem *problem = stage_problem_make(model);
    struct orl_trace *trace = stage_run(problem, optimizer, rate, 0, steps);
    const double *end = trace->values + (trace->rows - 1) * 4;
    for (size_t i = 0; i < 4; i++)
        if (!(fabs(end[i] - goal[i]) <= off))
            fail_msg("%s: %s is %.15g after %lld steps", optimizer, names[i], end[i],
                     (long long)trace->step[trace->rows - 1]);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&problem);
}

static void newton_is_there_in_one_step(void **state)
{
    const struct stage_model model = {
        .formula = bowl, .names = names, .start = start, .truth = goal, .count = 4};
    (void)state;
    arrives(&model, "newton", 1, 1, 1e-12);
}

static void quasi_newton_is_there_in_some(void **state)
{
    const struct stage_model model = {
        .formula = bowl, .names = names, .start = start, .truth = goal, .count = 4};
    (void)state;
    arrives(&model, "lbfgs", 0.5, 40, 1e-5);
}

/* A model linear in its parameters is a bowl to Gauss and Newton. */
static void gauss_newton_is_there_in_one_step(void **state)
{
    const struct stage_model model = {.formula = "a + b*x + c*x^2 + d*x^3",
                                      .names = names,
                                      .start = start,
                                      .truth = goal,
                                      .count = 4,
                                      .points = 30};
    (void)state;
    arrives(&model, "gauss-newton", 1, 1, 1e-10);
    arrives(&model, "newton", 1, 1, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newton_is_there_in_one_step),
        cmocka_unit_test(quasi_newton_is_there_in_some),
        cmocka_unit_test(gauss_newton_is_there_in_one_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
