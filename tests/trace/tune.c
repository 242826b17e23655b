/* Tuned learning rates: which rates are tried, and which one wins. */
#include "support/stage.h"

#include "optreel/trace.h"

enum { TRIALS = 40 };

/* A bowl that SGD with a rate above 1 leaves for ever. */
static struct orl_problem *bowl(void)
{
    static const char *const names[] = {"x", "y"};
    static const double start[] = {3, -2};
    return stage_problem_make(&(struct stage_model){
        .formula = "0.1*x^2 + y^2", .names = names, .start = start, .count = 2});
}

static struct orl_run_spec spec_of(const struct orl_problem *p, const char *rule,
                                   struct orl_value *values, struct orl_value *common)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule);
    memset(common, 0, ORL_COMMON_COUNT * sizeof *common);
    for (size_t i = 0; desc->settings[i].name; i++)
        values[i] = (struct orl_value){.number = desc->settings[i].initial};
    return (struct orl_run_spec){.problem = p,
                                 .optimizer = desc,
                                 .settings = values,
                                 .common = common,
                                 .steps = 50,
                                 .record_every = 1,
                                 .record_rows = 1000};
}

static double end_loss(struct orl_run_spec spec, struct orl_value *values, double rate)
{
    struct orl_trace *trace = NULL;
    values[orl_setting_find(spec.optimizer->settings, "learning_rate")].number = rate;
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    double loss =
        trace->status == ORL_STATUS_DIVERGED ? (double)INFINITY : trace->loss[trace->rows - 1];
    orl_trace_destroy(&trace);
    return loss;
}

/* Log-uniform: half of the rates below the geometric mean, all within, another seed others. */
static void rates(void **state)
{
    struct orl_tune tune = {1e-4, 1, 1000};
    double some[1000], again[1000], other[1000];
    size_t low = 0, same = 0;
    (void)state;
    orl_tune_rates(&tune, 7, some);
    orl_tune_rates(&tune, 7, again);
    orl_tune_rates(&tune, 8, other);
    assert_memory_equal(some, again, sizeof some);
    for (size_t i = 0; i < 1000; i++) {
        assert_true(some[i] >= 1e-4 && some[i] <= 1);
        low += some[i] < 1e-2;
        same += some[i] == other[i];
    }
    assert_true(low > 440 && low < 560 && same == 0);
    tune.trials = 3; /* fewer trials are the first of them */
    orl_tune_rates(&tune, 7, again);
    assert_memory_equal(some, again, 3 * sizeof *some);
}

/* The rate that is chosen has the least loss of all that are tried, run by run. */
static void the_least_end_wins(void **state)
{
    static const char *const rules[] = {"sgd", "nesterov", "adam"};
    struct orl_problem *p = bowl();
    struct orl_tune tune = {1e-3, 30, TRIALS};
    double tried[TRIALS];
    (void)state;
    orl_tune_rates(&tune, 5, tried);
    for (size_t k = 0; k < 3; k++) {
        struct orl_value values[24], common[ORL_COMMON_COUNT];
        struct orl_run_spec spec = spec_of(p, rules[k], values, common);
        double rate, least = (double)INFINITY;
        values[orl_setting_find(spec.optimizer->settings, "learning_rate")].number = 0.123;
        assert_int_equal(orl_trace_tune(&spec, &tune, 5, &rate, NULL), ORL_OK);
        assert_true(values[orl_setting_find(spec.optimizer->settings, "learning_rate")].number ==
                    0.123); /* the spec stays as it is */
        size_t found = TRIALS;
        for (size_t i = 0; i < TRIALS; i++) {
            double loss = end_loss(spec, values, tried[i]);
            least = fmin(least, loss);
            found = tried[i] == rate ? i : found;
        }
        assert_true(found < TRIALS);
        assert_true(end_loss(spec, values, rate) == least);
    }
    orl_problem_destroy(&p);
}

/* All ends are equal where the start is the minimum: the smallest rate wins. Where all diverge,
 * too. */
static void ties_go_to_the_smaller_rate(void **state)
{
    static const char *const names[] = {"x"};
    static const double starts[] = {0, 1e150};
    struct orl_tune tune = {1.5, 3, TRIALS};
    double tried[TRIALS];
    (void)state;
    orl_tune_rates(&tune, 5, tried);
    double smallest = tried[0];
    for (size_t i = 0; i < TRIALS; i++)
        smallest = fmin(smallest, tried[i]);
    for (size_t k = 0; k < 2; k++) {
        struct orl_problem *p = stage_problem_make(&(struct stage_model){
            .formula = "x^2", .names = names, .start = &starts[k], .count = 1});
        struct orl_value values[24], common[ORL_COMMON_COUNT];
        struct orl_run_spec spec = spec_of(p, "sgd", values, common);
        double rate;
        spec.steps = 500;
        assert_int_equal(orl_trace_tune(&spec, &tune, 5, &rate, NULL), ORL_OK);
        assert_true(rate == smallest);
        orl_problem_destroy(&p);
    }
}

static int halt(void *context, int64_t step)
{
    (void)step;
    ++*(int *)context;
    return 1;
}

/* Who says stop is heard within a trial. Rules without a rate have nothing to be tuned. */
static void stops_and_faults(void **state)
{
    struct orl_problem *p = bowl();
    struct orl_tune tune = {0.01, 0.1, TRIALS};
    struct orl_value values[24], common[ORL_COMMON_COUNT];
    struct orl_run_spec spec = spec_of(p, "sgd", values, common);
    struct orl_error err = {0};
    int asked = 0;
    double rate;
    (void)state;
    spec.steps = 100000000;
    spec.tick = halt;
    spec.tick_context = &asked;
    assert_int_equal(orl_trace_tune(&spec, &tune, 5, &rate, &err), ORL_ECANCELED);
    assert_int_equal(asked, 1);
    err = (struct orl_error){0};
    spec = spec_of(p, "newton", values, common);
    assert_int_equal(orl_trace_tune(&spec, &tune, 5, &rate, &err), ORL_EBUG);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates),
        cmocka_unit_test(the_least_end_wins),
        cmocka_unit_test(ties_go_to_the_smaller_rate),
        cmocka_unit_test(stops_and_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
