/* Mini-batches, watched levels and what a trace keeps: facts in small numbers. */
#include "support/stage.h"

enum { POINTS = 8, BATCH = 2, PER_EPOCH = POINTS / BATCH };

/* The gradient of a*x - y at a = 0 tells which points were in the batch: learning_rate 0 keeps a
 * where it is, so equal batches have equal gradients. */
static struct orl_trace *still_run(size_t epochs, uint64_t seed)
{
    static const char *const names[] = {"a"};
    static const double start[] = {0}, truth[] = {1};
    struct orl_problem *p = stage_problem_make(&(struct stage_model){.formula = "a*exp(3*x)",
                                                                     .names = names,
                                                                     .start = start,
                                                                     .truth = truth,
                                                                     .count = 1,
                                                                     .points = POINTS});
    struct orl_value values[16] = {{0}}, common[8] = {{0}};
    struct orl_trace *trace = NULL;
    common[ORL_COMMON_BATCH].number = BATCH;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = orl_optimizer_find("sgd"),
                                .settings = values,
                                .common = common,
                                .steps = (int64_t)(epochs * PER_EPOCH),
                                .record_every = 1,
                                .record_rows = 1000,
                                .seed = seed};
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    orl_problem_destroy(&p);
    return trace;
}

static double epoch_sum(const struct orl_trace *t, size_t epoch)
{
    double sum = 0;
    for (size_t i = 0; i < PER_EPOCH; i++)
        sum += t->gradients[epoch * PER_EPOCH + i];
    return sum;
}

static void every_epoch_takes_each_point_once(void **state)
{
    struct orl_trace *t = still_run(6, 1);
    (void)state;
    for (size_t e = 1; e < 6; e++)
        CHECK_NEAR(epoch_sum(t, e), epoch_sum(t, 0), 1e-12);
    orl_trace_destroy(&t);
}

static void batches_are_shuffled_anew_each_epoch(void **state)
{
    struct orl_trace *t = still_run(6, 1);
    size_t alike = 0;
    (void)state;
    for (size_t e = 1; e < 6; e++)
        alike += memcmp(t->gradients, t->gradients + e * PER_EPOCH,
                        PER_EPOCH * sizeof *t->gradients) == 0;
    assert_int_equal(alike, 0);
    orl_trace_destroy(&t);
}

static void a_seed_decides_the_batches(void **state)
{
    struct orl_trace *one = still_run(3, 1), *again = still_run(3, 1), *other = still_run(3, 2);
    (void)state;
    assert_memory_equal(one->gradients, again->gradients, 3 * PER_EPOCH * sizeof(double));
    assert_memory_not_equal(one->gradients, other->gradients, 3 * PER_EPOCH * sizeof(double));
    orl_trace_destroy(&one);
    orl_trace_destroy(&again);
    orl_trace_destroy(&other);
}

static void a_level_is_reached_at_equality(void **state)
{
    static const char *const names[] = {"a"};
    struct orl_trace *t = stage_trace(4, names, 1);
    static const double losses[] = {1, 0.25, 0.01, 0.001};
    (void)state;
    memcpy(t->loss, losses, sizeof losses);
    assert_int_equal(orl_trace_steps_to(t, 1), 0);
    assert_int_equal(orl_trace_steps_to(t, 0.25), 1);
    assert_int_equal(orl_trace_steps_to(t, 1e-2), 2);
    assert_int_equal(orl_trace_steps_to(t, 1e-3), 3);
    assert_int_equal(orl_trace_steps_to(t, 1e-6), -1);
    orl_trace_destroy(&t);
}

/* (a-1)^2 from a = 2 with learning rate 1/4: the distance halves, the loss is 4^-k. */
static void a_run_watches_its_levels_at_every_step(void **state)
{
    static const char *const names[] = {"a"};
    static const double start[] = {2};
    struct orl_problem *p = stage_problem_make(
        &(struct stage_model){.formula = "(a-1)^2", .names = names, .start = start, .count = 1});
    struct orl_trace *t = stage_run(p, "sgd", 0.25, 0, 12);
    (void)state;
    assert_true(t->watched);
    for (int k = 0; k <= 12; k++)
        CHECK_NEAR(t->loss[k], pow(4, -k), 1e-15);
    assert_int_equal(orl_trace_steps_to(t, 1e-2), 4);  /* 4^-4 = 0.0039 */
    assert_int_equal(orl_trace_steps_to(t, 1e-3), 5);  /* 4^-5 = 0.00098 */
    assert_int_equal(orl_trace_steps_to(t, 1e-6), 10); /* 4^-10 = 9.5e-7 */
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_epoch_takes_each_point_once),
        cmocka_unit_test(batches_are_shuffled_anew_each_epoch),
        cmocka_unit_test(a_seed_decides_the_batches),
        cmocka_unit_test(a_level_is_reached_at_equality),
        cmocka_unit_test(a_run_watches_its_levels_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
