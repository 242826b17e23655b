/* Which expectations hold, on runs whose ends are given by hand. */
#include "orl_test.h"

#include <math.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/expect.h"

#define TEXT                                                                                       \
    "problems: {p: {objective: x^2, start: {x: 1}}}\n"                                             \
    "optimizers: {a: {kind: sgd}, b: {kind: sgd}, c: {kind: sgd}}\nexpect:\n"

static const char *const names[] = {"x"};

struct judged {
    struct orl_experiment *experiment;
    struct orl_messages messages;
    struct batch batch;
    struct judgement judgement;
    char *text;
};

/* a: 0.5 after 100 steps, x = 2, first; b: as good; c: diverged at step 7. */
static void judge(struct judged *j, const char *entry, const char *only, bool failed)
{
    static const double two[] = {2};
    struct orl_error err = {0};
    *j = (struct judged){.text = orl_asprintf("%s  - %s\n", TEXT, entry)};
    struct orl_experiment_source source = {.name = (char[]){"e"},
                                           .path = (char[]){"e.yaml"},
                                           .folder = (char[]){"."},
                                           .text = j->text,
                                           .length = strlen(j->text)};
    struct orl_experiment_options options = {.only = only};
    if (orl_experiment_load(&source, &options, &orl_limits_default, &j->messages, &j->experiment))
        fail_msg("%s: %s", entry, j->messages.items[0].text);
    struct run_job jobs[3] = {0};
    struct orl_report_run runs[3] = {0};
    for (size_t i = 0; i < j->experiment->run_count; i++) {
        const char *name = j->experiment->runs[i].name;
        bool c = strcmp(name, "p/c") == 0;
        runs[i] = (struct orl_report_run){.name = name,
                                          .status = c        ? ORL_STATUS_DIVERGED
                                                    : failed ? ORL_STATUS_FAILED
                                                             : ORL_STATUS_FINISHED,
                                          .steps = c ? 7 : 100,
                                          .loss = 0.5,
                                          .gradient_norm = 0.25,
                                          .parameter_count = 1,
                                          .parameters = names,
                                          .values = two,
                                          .steps_to = {60, -1, -1},
                                          .rank = c ? 3 : 1,
                                          .level_step = strcmp(name, "p/a") == 0 ? 40 : -1};
    }
    j->batch = (struct batch){.experiment = j->experiment,
                              .source = &source,
                              .choices = &options,
                              .messages = &j->messages,
                              .runs = jobs};
    assert_int_equal(orl_expect_judge(&j->batch, runs, &j->judgement, &err), ORL_OK);
    j->batch.runs = NULL;
    j->batch.source = NULL;
    j->batch.choices = NULL;
}

static void drop(struct judged *j)
{
    orl_judgement_uninit(&j->judgement);
    orl_experiment_destroy(&j->experiment);
    orl_messages_uninit(&j->messages);
    free(j->text);
}

static void facts(void **state)
{
    static const struct {
        const char *entry;
        enum orl_held held;
        const char *value;
    } cases[] = {
        {"{run: a, loss: \"< 0.5\"}", ORL_HELD_NO, "0.5"},
        {"{run: a, loss: \"<= 0.5\"}", ORL_HELD_YES, "0.5"},
        {"{run: a, loss: \"> 0.5\"}", ORL_HELD_NO, "0.5"},
        {"{run: a, loss: \">= 0.5\"}", ORL_HELD_YES, "0.5"},
        {"{run: a, loss: 0.75 ± 0.25}", ORL_HELD_YES, "0.5"},
        {"{run: a, loss: 0.75 ± 0.24}", ORL_HELD_NO, "0.5"},
        {"{run: a, gradient_norm: \"< 0.3\"}", ORL_HELD_YES, "0.25"},
        {"{run: a, steps: 100}", ORL_HELD_YES, "100"},
        {"{run: a, steps: 99}", ORL_HELD_NO, "100"},
        {"{run: a, rank: 1}", ORL_HELD_YES, "1"},
        {"{run: a, level_step: 40}", ORL_HELD_YES, "40"},
        {"{run: b, level_step: \"< 1e9\"}", ORL_HELD_NO, "never"},
        {"{run: b, level_step: \"> 1e9\"}", ORL_HELD_YES, "never"},
        {"{run: a, steps_to: {1e-2: 60}}", ORL_HELD_YES, "60"},
        {"{run: a, steps_to: {1e-3: \"< 1e9\"}}", ORL_HELD_NO, "never"},
        {"{run: a, parameters: {x: 2 ± 0}}", ORL_HELD_YES, "2"},
        {"{run: a, status: finished}", ORL_HELD_YES, "finished"},
        {"{run: a, status: converged}", ORL_HELD_NO, "finished"},
        /* the numbers of a run that diverged are those of before it did */
        {"{run: c, loss: \"< 1\"}", ORL_HELD_NO, "diverged at step 7"},
        {"{run: c, loss: \"> 0\"}", ORL_HELD_NO, "diverged at step 7"},
        {"{run: c, parameters: {x: 2 ± 1}}", ORL_HELD_NO, "diverged at step 7"},
        {"{run: c, status: diverged}", ORL_HELD_YES, "diverged"},
        {"{run: c, steps: 7}", ORL_HELD_YES, "7"},
        {"{order: [a, c]}", ORL_HELD_YES, "a, c"},
        {"{order: [c, b]}", ORL_HELD_NO, "b, c"},
        {"{order: [b, a, c]}", ORL_HELD_YES, "b = a, c"},
        {"{order: [c, \"[ab]\"]}", ORL_HELD_NO, "a = b, c"},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        struct judged j;
        judge(&j, cases[i].entry, NULL, false);
        const struct orl_report_check *check = j.judgement.checks;
        char *value = orl_report_check_value(check);
        assert_int_equal(j.judgement.count, 1);
        if (check->held != cases[i].held || strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %d, %s", cases[i].entry, check->held, value);
        assert_int_equal(j.batch.unmet, cases[i].held == ORL_HELD_NO);
        assert_int_equal(j.batch.expected, 1);
        assert_int_equal(j.messages.errors, cases[i].held == ORL_HELD_NO);
        free(value);
        drop(&j);
    }
}

static void told_in_place(void **state)
{
    struct judged j;
    (void)state;
    judge(&j, "{run: a, loss: \"< 0.1\"}", NULL, false);
    assert_string_equal(j.messages.items[0].text, "expected p/a: loss < 0.1; got 0.5");
    assert_string_equal(j.messages.items[0].file, "e.yaml");
    assert_int_equal(j.messages.items[0].line, 4);
    assert_int_equal(j.messages.items[0].column, 20);
    assert_string_equal(j.messages.items[0].source, "  - {run: a, loss: \"< 0.1\"}");
    drop(&j);
}

/* Runs that were not made are not judged: they were left out, or failed. */
static void unknown(void **state)
{
    struct judged j;
    (void)state;
    judge(&j, "{status: finished, order: [a, c]}", "p/b", false);
    assert_int_equal(j.judgement.count, 4);
    assert_int_equal(j.judgement.checks[0].held, ORL_HELD_UNKNOWN);
    assert_int_equal(j.judgement.checks[1].held, ORL_HELD_YES);
    assert_int_equal(j.judgement.checks[3].held, ORL_HELD_UNKNOWN);
    assert_int_equal(j.batch.expected, 1);
    drop(&j);
    judge(&j, "{run: b, rank: 1}", "p/b", false);
    assert_int_equal(j.judgement.checks[0].held, ORL_HELD_UNKNOWN);
    drop(&j);
    judge(&j, "{run: a, loss: \"< 0.1\"}", NULL, true);
    assert_int_equal(j.judgement.checks[0].held, ORL_HELD_UNKNOWN);
    assert_int_equal(j.batch.unmet, 0);
    drop(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts),
        cmocka_unit_test(told_in_place),
        cmocka_unit_test(unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
