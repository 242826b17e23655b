/* The sentences that stand for a film. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

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
        cmocka_unit_test(test_one_run), cmocka_unit_test(test_how_runs_end),
        cmocka_unit_test(test_race),    cmocka_unit_test(test_own_words_and_unknown_runs),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
