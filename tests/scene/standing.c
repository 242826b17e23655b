/* The standing of runs: the level, ranks and ties, thresholds above a minimum, distance. */
#include <math.h>

#include "support/stage.h"

enum { ROWS = 5, MOST = 6 };

struct field {
    struct orl_problem *problem;
    struct orl_trace *traces[MOST];
    struct orl_film_run runs[MOST];
    size_t count;
    struct orl_standing standing;
};

static const char *const names[] = {"alpha", "beta"};

/* Runs whose losses are given row by row; alpha and beta end at 0. */
static void field_make(struct field *f, struct orl_problem *problem, size_t count,
                       const double losses[][ROWS])
{
    *f = (struct field){.problem = problem, .count = count};
    for (size_t i = 0; i < count; i++) {
        f->traces[i] = stage_trace(ROWS, names, 2);
        for (size_t row = 0; row < ROWS; row++)
            f->traces[i]->loss[row] = losses[i][row];
        f->traces[i]->steps = ROWS - 1;
        f->runs[i] = (struct orl_film_run){f->traces[i], problem, "p/run", "run", "", i,
                                           NULL,         NULL,    0,       NULL};
    }
}

static void field_stand(struct field *f, size_t shown, double level)
{
    assert_int_equal(orl_standing_create(f->runs, shown, f->count, -1, level, &f->standing, NULL),
                     ORL_OK);
}

static void field_release(struct field *f)
{
    orl_standing_uninit(&f->standing);
    for (size_t i = 0; i < f->count; i++)
        orl_trace_destroy(&f->traces[i]);
    orl_problem_destroy(&f->problem);
}

/* A bowl whose least loss, -2, lies at alpha 1, beta 2. */
static struct orl_problem *bowl(void)
{
    static const double goal[] = {1, 2};
    return stage_problem("(alpha-1)^2 + (beta-2)^2 - 2", goal, 0);
}

static void first_to_the_level_is_first(void **state)
{
    /* Rounding decides nothing: who is lower at the end came later. */
    static const double losses[][ROWS] = {{8, 4, 2, -2 + 1e-9, -2 + 1e-12},
                                          {8, -2 + 1e-6, -2 + 1e-6, -2 + 1e-6, -2 + 1e-6},
                                          {8, 6, 5, 4, 3}};
    (void)state;
    struct field f;
    field_make(&f, bowl(), 3, losses);
    field_stand(&f, 3, NAN);
    assert_true(f.standing.minimum == -2.0 && f.standing.least == -2.0 && f.standing.start == 8.0);
    assert_true(fabs(f.standing.level - (-2.0 + 1e-5)) < 1e-12);
    assert_int_equal(f.standing.places[0].level_step, 3);
    assert_int_equal(f.standing.places[1].level_step, 1);
    assert_int_equal(f.standing.places[2].level_step, -1);
    assert_int_equal(f.standing.places[1].rank, 1);
    assert_int_equal(f.standing.places[0].rank, 2);
    assert_int_equal(f.standing.places[2].rank, 3);
    assert_int_equal(f.standing.order[0], 1);
    field_release(&f);
}

static void the_lowest_is_of_the_runs_that_end_at_a_step(void **state)
{
    static const double losses[][ROWS] = {{8, 1, 7, 7, 7}, {8, 4, 3, 2, 2}, {8, 2, 1, 1, 0}};
    struct field f;
    (void)state;
    field_make(&f, bowl(), 3, losses);
    assert_int_equal(orl_standing_lowest(f.runs, 3, -1), 2);
    assert_int_equal(orl_standing_lowest(f.runs, 3, 1), 0); /* as they stood then */
    f.traces[2]->status = ORL_STATUS_DIVERGED;
    assert_int_equal(orl_standing_lowest(f.runs, 3, -1), 1);
    f.traces[0]->status = f.traces[1]->status = ORL_STATUS_DIVERGED;
    assert_true(orl_standing_lowest(f.runs, 3, -1) == SIZE_MAX);
    field_release(&f);
}

static void the_level_is_a_millionth_of_the_way_above_the_least(void **state)
{
    (void)state;
    assert_true(fabs(orl_standing_level(2.0, 12.0) - 2.00001) < 1e-12);
    assert_true(isnan(orl_standing_level(NAN, 1.0)));
}

static void equal_steps_share_a_rank(void **state)
{
    static const double losses[][ROWS] = {
        {8, 4, -2, -2, -2}, {8, -2, -2, -2, -2}, {8, 5, -2, -2, -2}, {8, 4, 3, 2, -2}};
    (void)state;
    struct field f;
    field_make(&f, bowl(), 4, losses);
    field_stand(&f, 4, NAN);
    static const size_t ranks[] = {2, 1, 2, 4};
    static const bool shared[] = {true, false, true, false};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(f.standing.places[i].rank, ranks[i]);
        assert_int_equal(f.standing.places[i].shared, shared[i]);
    }
    assert_int_equal(f.standing.order[1], 0); /* alike ones as they were given */
    assert_int_equal(f.standing.order[2], 2);
    field_release(&f);
}

static void printed_losses_that_are_equal_tie(void **state)
{
    static const double losses[][ROWS] = {
        {8, 4, 2, 1, 0.37049}, {8, 4, 2, 1, 0.36951}, {8, 4, 2, 1, 0.371}, {8, 4, 2, 1, 0.3695001}};
    (void)state;
    struct field f;
    field_make(&f, bowl(), 4, losses);
    field_stand(&f, 4, NAN);
    assert_int_equal(f.standing.places[0].rank, 1); /* 0.370 */
    assert_int_equal(f.standing.places[1].rank, 1);
    assert_int_equal(f.standing.places[3].rank, 1);
    assert_int_equal(f.standing.places[2].rank, 4); /* 0.371 */
    field_release(&f);
}

static void diverged_runs_come_last_the_later_first(void **state)
{
    static const double losses[][ROWS] = {
        {8, -2, -2, 9, 1e9}, {8, 4, 2, 1, 1e3}, {8, 9, 99, 999, 1e9}};
    (void)state;
    struct field f;
    field_make(&f, bowl(), 3, losses);
    f.traces[0]->status = f.traces[2]->status = ORL_STATUS_DIVERGED;
    f.traces[0]->rows = 4;
    f.traces[2]->rows = 5;
    field_stand(&f, 3, NAN);
    assert_int_equal(f.standing.places[1].rank, 1); /* though it is lost, it did not diverge */
    assert_true(f.standing.places[1].astray && !f.standing.places[1].diverged);
    assert_int_equal(f.standing.places[2].rank, 2); /* at step 4 */
    assert_int_equal(f.standing.places[0].rank, 3); /* at step 3, though it had reached the level */
    field_release(&f);
}

static void thresholds_lie_above_the_minimum(void **state)
{
    static const double losses[][ROWS] = {{8, 0.5, -1, -1.995, -1.9995}};
    (void)state;
    struct field f;
    field_make(&f, bowl(), 1, losses);
    field_stand(&f, 1, NAN);
    assert_int_equal(f.standing.places[0].steps_to[0], 3); /* 0.005 above it: below 1e-2 */
    assert_int_equal(f.standing.places[0].steps_to[1], 4);
    assert_int_equal(f.standing.places[0].steps_to[2], -1);
    assert_true(fabs(f.standing.places[0].distance - sqrt(5.0)) < 1e-12); /* of (0,0) from (1,2) */
    assert_int_equal(f.standing.goal_kind, ORL_GOAL_MINIMUM);
    field_release(&f);
}

static void the_level_is_the_problems_whoever_is_shown(void **state)
{
    static const double losses[][ROWS] = {{10, 9, 8, 7, 6}, {10, 5, 1, 0.5, 0}};
    (void)state;
    struct field f;
    field_make(&f, stage_problem("alpha^2 + beta^2", NULL, 0), 2, losses);
    field_stand(&f, 1, NAN); /* the second run is known, but not shown */
    assert_true(f.standing.least == 0.0 && fabs(f.standing.level - 1e-5) < 1e-15);
    assert_int_equal(f.standing.places[0].level_step, -1);
    orl_standing_uninit(&f.standing);
    field_stand(&f, 2, 5.0); /* a level of one's own */
    assert_int_equal(f.standing.places[0].level_step, -1);
    assert_int_equal(f.standing.places[1].level_step, 1);
    field_release(&f);
}

static void runs_without_a_problem_rank_by_their_end(void **state)
{
    static const double losses[][ROWS] = {{9, 0.1, 3, 3, 3}, {9, 8, 7, 6, 2}};
    (void)state;
    struct field f;
    field_make(&f, NULL, 2, losses);
    field_stand(&f, 2, NAN);
    assert_true(isnan(f.standing.level) && f.standing.goal == NULL);
    assert_int_equal(f.standing.places[1].rank, 1);
    assert_int_equal(f.standing.places[0].rank, 2);
    assert_int_equal(f.standing.places[1].level_step, -1);
    field_release(&f);
}

static void the_goal_of_noisy_data_is_the_best_fit(void **state)
{
    static const double start[] = {3, -1}, truth[] = {2, 5};
    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        const struct stage_model model = {.formula = "alpha + beta*x",
                                          .names = names,
                                          .start = start,
                                          .truth = truth,
                                          .count = 2,
                                          .points = 20,
                                          .noise = noisy ? 0.5 : 0.0};
        static const double losses[][ROWS] = {{9, 8, 7, 6, 5}};
        struct field f;
        field_make(&f, stage_problem_make(&model), 1, losses);
        field_stand(&f, 1, NAN);
        assert_int_equal(f.standing.goal_kind, noisy ? ORL_GOAL_FIT : ORL_GOAL_TRUTH);
        assert_true(isnan(f.standing.minimum)); /* losses of data are told as they are */
        assert_int_equal(f.standing.goal[1] == 5.0, !noisy);
        field_release(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_to_the_level_is_first),
        cmocka_unit_test(the_lowest_is_of_the_runs_that_end_at_a_step),
        cmocka_unit_test(the_level_is_a_millionth_of_the_way_above_the_least),
        cmocka_unit_test(equal_steps_share_a_rank),
        cmocka_unit_test(printed_losses_that_are_equal_tie),
        cmocka_unit_test(diverged_runs_come_last_the_later_first),
        cmocka_unit_test(thresholds_lie_above_the_minimum),
        cmocka_unit_test(the_level_is_the_problems_whoever_is_shown),
        cmocka_unit_test(runs_without_a_problem_rank_by_their_end),
        cmocka_unit_test(the_goal_of_noisy_data_is_the_best_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
