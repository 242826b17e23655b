/* The sentences that stand for a film. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "report/parts.h"
#include "report/sample.h"

static void expect(const struct orl_report *report, const struct orl_report_film *film,
                   const char *sentence)
{
    char *alt = orl_report_alt(report, film);
    assert_non_null(alt);
    assert_string_equal(alt, sentence);
    free(alt);
}

static void test_one_run(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    expect(&s.report, &s.films[0],
           "SGD on α + βx + γx² ends at loss 0.0189 after 5000 steps, at α = 3.347, β = 4.045, "
           "γ = 9.885.");
    expect(&s.report, &s.films[12],
           "RMSProp on α + βx + γx² reaches loss 1e-6 at step 4120 and ends at 3.1e-07 after 5000 "
           "steps, at α = 3, β = 5.999, γ = "
           "8.001.");
    expect(&s.report, &s.films[18],
           "SGD on α + βx + 10⁻⁶γx² ends at loss 0.356 after 5000 steps, at α = 1.667, β = 14, "
           "γ = 6. γ did not move from 6. "
           "The truth is 8\xe2\x80\xaf"
           "000\xe2\x80\xaf"
           "000.");
}

static void test_how_runs_end(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.runs[0].status = ORL_STATUS_DIVERGED;
    s.runs[0].steps = 17;
    s.runs[0].values = NULL;
    expect(&s.report, &s.films[0], "SGD on α + βx + γx² diverges at step 17.");
    s.runs[0].status = ORL_STATUS_FAILED;
    expect(&s.report, &s.films[0], "SGD on α + βx + γx² failed.");
    s.runs[0].status = ORL_STATUS_CONVERGED;
    s.runs[0].steps = 1;
    s.runs[0].loss = NAN;
    expect(&s.report, &s.films[0], "SGD on α + βx + γx² converges after 1 step.");
}

/* In the order at the finish. */
static void test_race(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    expect(&s.report, &s.films[36],
           "6 runs on α + βx + γx²: RMSProp reaches loss 1e-6 at step 4120 and ends at 3.1e-07 "
           "after 5000 steps; Adam reaches loss "
           "1e-2 at "
           "step 3015 and ends at 0.0018 after 5000 steps; Nesterov momentum ends at loss 0.0108 "
           "after 5000 steps; Momentum ends "
           "at loss "
           "0.0108 after 5000 steps; SGD ends at loss 0.0189 after 5000 steps; AdaGrad ends at "
           "loss 2.89 after 5000 steps.");
}

static void test_own_words_and_unknown_runs(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.films[0].alt = "My own <words>";
    expect(&s.report, &s.films[0], "My own <words>");
    s.films[1].runs = (const char *const[]){"no/such"};
    expect(&s.report, &s.films[1], "α + βx + γx²: SGD");
    expect(&s.report, &(struct orl_report_film){0}, "");
}

/* A threshold counts from the first step on; one that the start had met already is nobody's. */
static void test_early_thresholds(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.runs[0].values = NULL;
    s.runs[0].steps_to[0] = 1;
    expect(&s.report, &s.films[0],
           "SGD on α + βx + γx² reaches loss 1e-2 at step 1 and ends at 0.0189 after 5000 steps.");
    s.runs[0].steps_to[1] = 5;
    expect(&s.report, &s.films[0],
           "SGD on α + βx + γx² reaches loss 1e-3 at step 5 and ends at 0.0189 after 5000 steps.");
    s.runs[0].steps_to[0] = 0;
    s.runs[0].steps_to[1] = -1;
    expect(&s.report, &s.films[0], "SGD on α + βx + γx² ends at loss 0.0189 after 5000 steps.");
}

/* What two runs of `p` did with their only parameter, on a way from 1 to 2. */
static void expect_moved(double first, double second, size_t truths, const char *words)
{
    static const char *const parameters[] = {"w"};
    static const double start[] = {1}, truth[] = {2, 3};
    double values[2] = {1 + first, 1 + second};
    struct orl_report_run runs[2];
    const struct orl_report_run *list[] = {&runs[0], &runs[1]};
    struct orl_text text = {0};
    for (int i = 0; i < 2; i++)
        runs[i] = (struct orl_report_run){.name = i ? "p/b" : "p/a",
                                          .problem = "p",
                                          .optimizer = i ? "b" : "a",
                                          .steps = 9,
                                          .parameters = parameters,
                                          .parameter_count = 1,
                                          .values = &values[i],
                                          .start = start,
                                          .truth = truth,
                                          .truth_count = truths};
    orl_report_unmoved_append(&text, list, 2);
    assert_string_equal(text.data ? text.data : "", words);
    orl_text_uninit(&text);
}

/* Less than a billionth of the way is none, less than a millionth hardly any. Two runs are named;
 * where there are several truths none is told. */
static void test_hardly_moved(void **state)
{
    (void)state;
    expect_moved(0, 0, 1, "w did not move from 1 with a and b. The truth is 2.");
    expect_moved(0, 0, 2, "w did not move from 1 with a and b.");
    expect_moved(5e-10, 0.5, 1, "w did not move from 1 with a. The truth is 2.");
    expect_moved(0.5, 0x1p-28, 1,
                 "w moved by less than a millionth of its way, at most 3.7e-09, with b. The truth "
                 "is 2.");
    expect_moved(0x1p-21, 0.5, 1,
                 "w moved by less than a millionth of its way, at most 4.8e-07, with a. The truth "
                 "is 2.");
    expect_moved(0x1p-19, 0.5, 1, "");
}

/* Six parameters are told where a run ends, seven are not. */
static void test_most_parameters(void **state)
{
    static const char *const parameters[] = {"a", "b", "c", "d", "e", "f", "g"};
    static const char *const names[] = {"p/o"};
    static const double values[] = {1, 2, 3, 4, 5, 6, 7};
    struct orl_report_run run = {.name = "p/o",
                                 .problem = "p",
                                 .optimizer = "o",
                                 .steps = 2,
                                 .loss = 1,
                                 .steps_to = {-1, -1, -1},
                                 .parameters = parameters,
                                 .parameter_count = 6,
                                 .values = values};
    struct orl_report report = {.runs = &run, .run_count = 1};
    struct orl_report_film film = {.name = "p-o", .runs = names, .run_count = 1};
    char *alt = orl_report_alt(&report, &film);
    (void)state;
    assert_non_null(strstr(alt, "after 2 steps, at a"));
    assert_non_null(strstr(alt, "f\xc2\xa0=\xc2\xa0"
                                "6."));
    free(alt);
    run.parameter_count = 7;
    expect(&report, &film, "o on p ends at loss 1 after 2 steps.");
}

/* A film of hundreds of runs has a sentence all the same. */
static void test_many(void **state)
{
    static struct orl_report_run runs[300];
    static const char *names[300];
    static char text[300][16];
    (void)state;
    for (int i = 0; i < 300; i++) {
        snprintf(text[i], sizeof text[i], "p/o%d", i);
        names[i] = text[i];
        runs[i] = (struct orl_report_run){.name = text[i],
                                          .problem = "p",
                                          .optimizer = text[i] + 2,
                                          .steps = 2,
                                          .loss = 1,
                                          .steps_to = {-1, -1, -1}};
    }
    struct orl_report report = {.runs = runs, .run_count = 300};
    struct orl_report_film film = {.name = "p-race", .runs = names, .run_count = 300};
    char *alt = orl_report_alt(&report, &film);
    assert_non_null(strstr(alt, "300 runs on p: o0 ends at loss 1 after 2 steps; "));
    assert_non_null(strstr(alt, "; and 288 more."));
    assert_true(strlen(alt) < 1000);
    free(alt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_run),      cmocka_unit_test(test_how_runs_end),
        cmocka_unit_test(test_race),         cmocka_unit_test(test_own_words_and_unknown_runs),
        cmocka_unit_test(test_many),         cmocka_unit_test(test_early_thresholds),
        cmocka_unit_test(test_hardly_moved), cmocka_unit_test(test_most_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
