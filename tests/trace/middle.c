/* The middle of several runs: medians, quartiles, runs that end early or are lost. */
#include "orl_test.h"

#include "base/text.h"
#include "optreel/trace.h"

/* A run of one parameter that is ten times its loss; the gradient is its negative. */
static struct orl_trace *run_of(const double *losses, size_t rows, enum orl_status status)
{
    struct orl_trace *t = calloc(1, sizeof *t);
    *t = (struct orl_trace){.rows = rows,
                            .parameter_count = 1,
                            .parameters = calloc(1, sizeof *t->parameters),
                            .step = calloc(rows, sizeof *t->step),
                            .loss = calloc(rows, sizeof *t->loss),
                            .values = calloc(rows, sizeof *t->values),
                            .gradients = calloc(rows, sizeof *t->gradients),
                            .status = status,
                            .steps = 2 * (int64_t)rows - 2};
    t->parameters[0] = orl_strdup("a");
    for (size_t i = 0; i < rows; i++) {
        t->step[i] = 2 * (int64_t)i;
        t->loss[i] = losses[i];
        t->values[i] = 10 * losses[i];
        t->gradients[i] = -losses[i];
    }
    return t;
}

static void runs_free(struct orl_trace **runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        orl_trace_destroy(&runs[i]);
}

static struct orl_trace *middle_of(struct orl_trace **runs, size_t count)
{
    struct orl_trace *middle = NULL;
    assert_int_equal(orl_trace_middle((const struct orl_trace *const *)runs, count, &middle, NULL),
                     ORL_OK);
    return middle;
}

/* 1, 2, 3, 4, 8: the middle 3, the quartiles 2 and 4. Four of them: halves between neighbours. */
static void medians_and_quartiles(void **state)
{
    static const double losses[][2] = {{5, 4}, {5, 1}, {5, 8}, {5, 2}, {5, 3}};
    struct orl_trace *runs[5];
    (void)state;
    for (size_t i = 0; i < 5; i++)
        runs[i] = run_of(losses[i], 2, ORL_STATUS_FINISHED);
    struct orl_trace *m = middle_of(runs, 5);
    assert_int_equal(m->rows, 2);
    assert_int_equal(m->step[1], 2);
    assert_true(m->loss[0] == 5 && m->loss[1] == 3);
    assert_true(m->values[1] == 30 && m->gradients[1] == -3);
    assert_string_equal(m->parameters[0], "a");
    const double *spread = m->spread + ORL_SPREAD;
    assert_true(spread[ORL_SPREAD_LEAST] == 1 && spread[ORL_SPREAD_LOW] == 2);
    assert_true(spread[ORL_SPREAD_HIGH] == 4 && spread[ORL_SPREAD_GREATEST] == 8);
    assert_int_equal(m->status, ORL_STATUS_FINISHED);
    assert_int_equal(m->steps, 2);
    orl_trace_destroy(&m);
    m = middle_of(runs, 4); /* 1, 2, 4, 8 */
    spread = m->spread + ORL_SPREAD;
    assert_true(m->loss[1] == 3 && spread[ORL_SPREAD_LOW] == 1.75 && spread[ORL_SPREAD_HIGH] == 5);
    orl_trace_destroy(&m);
    m = middle_of(runs, 1);
    assert_true(m->loss[1] == 4 && m->spread[ORL_SPREAD] == 4);
    orl_trace_destroy(&m);
    runs_free(runs, 5);
}

/* A run that converged stays where it is; one that diverged is worse than all others, and more than
 * half of those end the middle. */
static void early_ends(void **state)
{
    static const double losses[][4] = {{8, 1}, {8, 4, 2, 1}, {8, 6, 4, 3}};
    struct orl_trace *runs[3] = {run_of(losses[0], 2, ORL_STATUS_CONVERGED),
                                 run_of(losses[1], 4, ORL_STATUS_FINISHED),
                                 run_of(losses[2], 4, ORL_STATUS_FINISHED)};
    (void)state;
    struct orl_trace *m = middle_of(runs, 3);
    assert_int_equal(m->rows, 4);
    assert_true(m->loss[2] == 2 && m->loss[3] == 1); /* 1, 2, 4; 1, 1, 3 */
    assert_int_equal(m->status, ORL_STATUS_FINISHED);
    orl_trace_destroy(&m);
    m = middle_of(runs, 2); /* one of two is not most */
    assert_int_equal(m->status, ORL_STATUS_FINISHED);
    orl_trace_destroy(&m);
    runs[1]->status = ORL_STATUS_CONVERGED;
    m = middle_of(runs, 3); /* two of three are */
    assert_int_equal(m->status, ORL_STATUS_CONVERGED);
    orl_trace_destroy(&m);
    runs[1]->status = ORL_STATUS_FINISHED;
    runs[0]->status = ORL_STATUS_DIVERGED;
    m = middle_of(runs, 3);
    assert_true(m->loss[2] == 4 && m->loss[3] == 3); /* 2, 4, lost; 1, 3, lost */
    assert_true(isinf(m->spread[3 * ORL_SPREAD + ORL_SPREAD_GREATEST]));
    assert_true(m->spread[3 * ORL_SPREAD + ORL_SPREAD_LEAST] == 1);
    assert_int_equal(m->status, ORL_STATUS_FINISHED);
    orl_trace_destroy(&m);
    runs[1]->status = ORL_STATUS_DIVERGED;
    runs[1]->rows = 3;
    m = middle_of(runs, 3);
    assert_int_equal(m->rows, 3);
    assert_int_equal(m->status, ORL_STATUS_DIVERGED);
    assert_int_equal(m->steps, 6);
    orl_trace_destroy(&m);
    runs_free(runs, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_and_quartiles),
        cmocka_unit_test(early_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
