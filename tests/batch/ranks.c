/* Ranks in the report: the level of each problem, the step at which a run reaches it, who is first.
 * Facts by hand; traces where the best run itself is the least known. */
#include "batch/ranks.h"

#include "base/array.h"
#include "base/io.h"
#include "orl_test.h"

static const char text[] =
    "problems:\n"
    "  p: {model: a*x, start: {a: 1}, data: {x: [1, 2], truth: {a: 2}}}\n"
    "  q: {model: a*x, start: {a: 3}, data: {x: [1, 2], truth: {a: 2}}}\n"
    "optimizers: {one: {kind: sgd}, two: {kind: sgd}, three: {kind: sgd}, four: {kind: sgd}}\n"
    "films: []\n";
enum { RUNS = 8, ONE = 0, TWO, THREE, FOUR, OF_Q }; /* the four of p, then those of q */

struct fixture {
    char path[32];
    struct orl_experiment *experiment;
    struct batch batch;
    struct run_job jobs[RUNS];
    struct orl_report_run told[RUNS];
};

static int setup(void **state)
{
    struct fixture *f = *state = calloc(1, sizeof *f);
    struct orl_experiment_source source = {.name = (char *)"e",
                                           .path = (char *)"e.yaml",
                                           .folder = (char *)".",
                                           .text = (char *)text,
                                           .length = sizeof text - 1};
    struct orl_experiment_options choices = {.runs_only = true};
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    strcpy(f->path, "/tmp/orl-ranks-XXXXXX");
    if (orl_experiment_load(&source, &choices, &orl_limits_default, &messages, &f->experiment) !=
            ORL_OK ||
        f->experiment->run_count != RUNS || !mkdtemp(f->path) ||
        orl_folder_open(f->path, false, false, &f->batch.store.folder, &err) != ORL_OK)
        return -1;
    f->batch.experiment = f->experiment;
    f->batch.runs = f->jobs;
    for (size_t i = 0; i < RUNS; i++)
        f->jobs[i] = (struct run_job){.state = i < OF_Q ? JOB_DONE : JOB_FAILED,
                                      .trace = (char *)(i % 2 ? "odd.csv" : "even.csv"),
                                      .facts = {.status = ORL_STATUS_FINISHED,
                                                .steps = 100,
                                                .start = 10.0,
                                                .least = 1.0,
                                                .loss = 1.0,
                                                .level_step = -1}};
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char *command = orl_asprintf("rm -rf '%s'", f->path);
    int ret = system(command);
    free(command);
    orl_folder_close(&f->batch.store.folder);
    orl_experiment_destroy(&f->experiment);
    free(f);
    return ret;
}

static void trace_write(struct fixture *f, const char *name, const char *rows)
{
    struct orl_error err = {0};
    char *csv = orl_asprintf("step,loss,a,grad_a\n%s", rows);
    assert_int_equal(orl_folder_write(f->batch.store.folder, name, csv, strlen(csv), &err), ORL_OK);
    free(csv);
}

static void ranks_make(struct fixture *f)
{
    struct orl_error err = {0};
    memset(f->told, 0, sizeof f->told);
    assert_int_equal(orl_ranks_describe(&f->batch, f->told, &err), ORL_OK);
}

/* The least loss known is 2, the start 10: the level is 2 + 1e-6 * 8. Who gets there ranks by the
 * step, equal steps share a rank and the next one counts them; then the others by their end, and
 * who diverged is last. */
static void runs_rank_by_the_step_at_the_level(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < OF_Q; i++)
        f->jobs[i].facts.known = 1;
    f->jobs[ONE].facts.least = 2.0;
    f->jobs[ONE].facts.level_step = 70;
    f->jobs[TWO].facts.least = 2.0;
    f->jobs[TWO].facts.level_step = 40;
    f->jobs[THREE].facts.least = 2.0;
    f->jobs[THREE].facts.level_step = 70;
    f->jobs[FOUR].facts.least = 2.0;
    f->jobs[FOUR].facts.level_step = 5;
    f->jobs[FOUR].facts.status = ORL_STATUS_DIVERGED;
    ranks_make(f);
    CHECK_NEAR(f->told[ONE].level, 2.0 + 8e-6, 1e-12);
    assert_int_equal(f->told[TWO].rank, 1);
    assert_int_equal(f->told[ONE].rank, 2);
    assert_int_equal(f->told[THREE].rank, 2);
    assert_int_equal(f->told[FOUR].rank, 4);
    assert_int_equal(f->told[ONE].level_step, 70);
    assert_int_equal(f->told[TWO].level_step, 40);
}

/* The level goes from the least of all runs to the first one's start; runs that are above it have
 * no step there, whatever they say. */
static void the_least_of_all_runs_makes_the_level(void **state)
{
    struct fixture *f = *state;
    const double least[] = {4.0, 3.0, 5.0, 6.0};
    for (size_t i = 0; i < OF_Q; i++) {
        f->jobs[i].facts.known = 1;
        f->jobs[i].facts.least = f->jobs[i].facts.loss = least[i];
        f->jobs[i].facts.start = 13.0 + (double)i;
        f->jobs[i].facts.level_step = 9;
    }
    ranks_make(f);
    CHECK_NEAR(f->told[FOUR].level, 3.0 + 1e-6 * (13.0 - 3.0), 1e-12);
    const size_t ranks[] = {f->told[ONE].rank, f->told[TWO].rank, f->told[THREE].rank,
                            f->told[FOUR].rank};
    assert_true(ranks[0] == 2 && ranks[1] == 1 && ranks[2] == 3 && ranks[3] == 4);
    assert_int_equal(f->told[TWO].level_step, 9);
    assert_int_equal(f->told[ONE].level_step, -1);
}

/* Where only the runs tell what is least, the traces of those that come so low say when: the first
 * row at the level or below it. */
static void traces_say_when_the_level_is_reached(void **state)
{
    struct fixture *f = *state;
    trace_write(f, "even.csv", "0,9,1,1\n10,4,1,1\n20,1,1,1\n30,1,1,1\n");
    trace_write(f, "odd.csv", "0,9,1,1\n7,1,1,1\n8,0.5,1,1\n");
    assert_int_equal(orl_ranks_trace_step(&f->batch, ONE, 4.0), 10);
    assert_int_equal(orl_ranks_trace_step(&f->batch, ONE, 3.9), 20);
    assert_int_equal(orl_ranks_trace_step(&f->batch, TWO, 0.1), -1);
    f->jobs[ONE].facts.least = 1.0;
    f->jobs[TWO].facts.least = 0.5;
    f->jobs[THREE].facts.least = f->jobs[FOUR].facts.least = 2.0;
    f->jobs[ONE].facts.level_step = f->jobs[TWO].facts.level_step = 1; /* of another level */
    ranks_make(f);
    assert_int_equal(f->told[TWO].level_step, 8);
    assert_int_equal(f->told[ONE].level_step, -1);
    assert_int_equal(f->told[TWO].rank, 1);
}

/* A run that was not made is in no ranking, and its numbers make no level. */
static void what_was_not_made_does_not_count(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < RUNS; i++)
        f->jobs[i].facts.known = 1;
    f->jobs[TWO].state = JOB_FAILED;
    f->jobs[TWO].facts.least = -50.0;
    f->jobs[OF_Q].state = JOB_CACHED; /* of another problem */
    f->jobs[OF_Q].facts.least = -90.0;
    ranks_make(f);
    CHECK_NEAR(f->told[ONE].level, 1.0 + 9e-6, 1e-12);
    CHECK_NEAR(f->told[OF_Q].level, -90.0 + 1e-4, 1e-12);
    assert_int_equal(f->told[TWO].rank, 0);
    assert_int_equal(f->told[OF_Q].rank, 1);
    assert_int_equal(f->told[OF_Q + 1].rank, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(runs_rank_by_the_step_at_the_level, setup, teardown),
        cmocka_unit_test_setup_teardown(the_least_of_all_runs_makes_the_level, setup, teardown),
        cmocka_unit_test_setup_teardown(traces_say_when_the_level_is_reached, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_not_made_does_not_count, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
