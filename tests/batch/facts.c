/* What is told of a run comes from the rows of its trace, and passes lines without a change. */
#include "batch/facts.h"

#include "orl_test.h"

/* Losses at steps 0, 2, 4, ...; the gradient of the last row is (3, 4). */
static struct orl_trace trace_of(double *losses, size_t rows)
{
    static int64_t steps[8];
    static double values[16], gradients[16];
    for (size_t i = 0; i < rows; i++) {
        steps[i] = 2 * (int64_t)i;
        values[2 * i] = (double)i;
        values[2 * i + 1] = -(double)i;
        gradients[2 * i] = i + 1 == rows ? 3.0 : 100.0;
        gradients[2 * i + 1] = i + 1 == rows ? 4.0 : 100.0;
    }
    return (struct orl_trace){.parameter_count = 2,
                              .rows = rows,
                              .step = steps,
                              .loss = losses,
                              .values = values,
                              .gradients = gradients,
                              .status = ORL_STATUS_CONVERGED,
                              .steps = 2 * (int64_t)rows - 2};
}

static void thresholds_are_met_at_their_steps(void **state)
{
    double losses[] = {1.0, 0.0100001, 0.01, 0.0011, 0.00099, 1e-4, 1.1e-6, 9e-7};
    struct orl_trace trace = trace_of(losses, 8);
    struct orl_run_facts facts = {0};
    struct orl_error err = {0};
    (void)state;
    assert_int_equal(orl_run_facts_gather(&trace, &facts, &err), ORL_OK);
    assert_int_equal(facts.steps_to[0], 4);  /* 1e-2: at equality */
    assert_int_equal(facts.steps_to[1], 8);  /* 1e-3, not 1e-4 */
    assert_int_equal(facts.steps_to[2], 14); /* 1e-6 */
    orl_run_facts_uninit(&facts);
    losses[7] = 1.01e-6;
    assert_int_equal(orl_run_facts_gather(&trace, &facts, &err), ORL_OK);
    assert_int_equal(facts.steps_to[2], -1);
    orl_run_facts_uninit(&facts);
}

static void the_end_is_the_last_row(void **state)
{
    double losses[] = {4.0, 3.0, 2.5};
    struct orl_trace trace = trace_of(losses, 3);
    struct orl_run_facts facts = {0};
    struct orl_error err = {0};
    (void)state;
    assert_int_equal(orl_run_facts_gather(&trace, &facts, &err), ORL_OK);
    assert_int_equal(facts.status, ORL_STATUS_CONVERGED);
    assert_int_equal(facts.steps, 4);
    assert_true(facts.loss == 2.5);
    assert_true(facts.gradient_norm == 5.0);
    assert_int_equal(facts.parameter_count, 2);
    assert_true(facts.values[0] == 2.0 && facts.values[1] == -2.0);
    orl_run_facts_uninit(&facts);
}

/* Every fact has a value of its own, so that a row that is missing or swapped shows. */
static void lines_keep_every_fact(void **state)
{
    double values[] = {0.1, -3e300}, best[] = {7.0, INFINITY};
    double covariance[] = {1.5, -0.25, -0.25, 3.5};
    struct orl_fit fit = {29,   2,     31.0, 0.375, 37.0,  0.625,
                          41.0, -43.0, 47.0, true,  false, covariance};
    struct orl_run_facts in = {ORL_STATUS_DIVERGED,
                               17,
                               2.25,
                               2.5,
                               0.125,
                               2,
                               values,
                               best,
                               {3, 5, -1},
                               24.5,
                               0.75,
                               1,
                               29,
                               {31, 5.5, -6.25},
                               41,
                               43,
                               0.5,
                               "aa",
                               "bb",
                               19,
                               23,
                               &fit};
    struct orl_run_facts out;
    struct orl_text line = {0};
    struct orl_fields fields;
    (void)state;
    orl_run_facts_put(&line, &in);
    assert_int_equal(orl_fields_split(line.data, line.length, &fields), ORL_OK);
    assert_int_equal(orl_run_facts_get(&fields, &out), ORL_OK);
    assert_true(out.start == 24.5 && out.least == 0.75 && out.known == 1 && out.level_step == 29);
    assert_int_equal(out.status, ORL_STATUS_DIVERGED);
    assert_int_equal(out.foreign.step, 31);
    assert_true(out.foreign.recorded == 5.5 && out.foreign.model == -6.25);
    assert_true(out.points == 41 && out.missing == 43);
    assert_int_equal(out.steps, 17);
    assert_true(out.loss == 2.25 && out.gradient_norm == 2.5 && out.tuned == 0.125 &&
                out.seconds == 0.5);
    assert_memory_equal(out.steps_to, in.steps_to, sizeof in.steps_to);
    assert_string_equal(out.trace_sha256, "aa");
    assert_string_equal(out.log_sha256, "bb");
    assert_int_equal(out.trace_bytes, 19);
    assert_int_equal(out.log_bytes, 23);
    assert_memory_equal(out.values, values, sizeof values);
    assert_memory_equal(out.best, best, sizeof best);
    assert_memory_equal(out.fit->covariance, covariance, sizeof covariance);
    assert_true(out.fit->points == 29 && out.fit->count == 2 && out.fit->condition == 47.0);
    assert_true(out.fit->degrees_of_freedom == 31.0 && out.fit->residual_sd == 0.375);
    assert_true(out.fit->reduced_chi_square == 37.0 && out.fit->r_squared == 0.625);
    assert_true(out.fit->aic == 41.0 && out.fit->bic == -43.0);
    assert_true(out.fit->arrived && !out.fit->absolute);
    orl_fields_uninit(&fields);
    orl_run_facts_uninit(&out);
    for (size_t cut = 0; cut < line.length; cut++) { /* never half of it */
        if (orl_fields_split(line.data, cut, &fields) != ORL_OK)
            continue;
        if (orl_run_facts_get(&fields, &out) == ORL_OK) {
            assert_true(cut > line.length - 4); /* "3.5": the last number alone can be shorter */
            orl_run_facts_uninit(&out);
        }
        orl_fields_uninit(&fields);
    }
    orl_text_uninit(&line);
}

static void lines_keep_what_a_file_is(void **state)
{
    struct orl_file_facts in = {11,   "cc", 13,   1.5,
                                2.25, 3,    true, {0.75, 0.5, INFINITY, 40.25, NAN}},
                          out;
    struct orl_text line = {0};
    struct orl_fields fields;
    (void)state;
    orl_file_facts_put(&line, &in);
    assert_int_equal(orl_fields_split(line.data, line.length, &fields), ORL_OK);
    assert_int_equal(orl_file_facts_get(&fields, &out), ORL_OK);
    assert_int_equal(out.bytes, 11);
    assert_string_equal(out.sha256, "cc");
    assert_int_equal(out.frames, 13);
    assert_true(out.seconds == 1.5);
    assert_true(out.work_s == 2.25);
    assert_int_equal(out.level, 3);
    assert_true(out.measured);
    assert_true(out.quality.ssim == 0.75 && out.quality.ssim_luma == 0.5);
    assert_true(isinf(out.quality.psnr) && out.quality.psnr_luma == 40.25);
    assert_true(isnan(out.quality.psnr_changed));
    orl_fields_uninit(&fields);
    orl_text_uninit(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_met_at_their_steps),
        cmocka_unit_test(the_end_is_the_last_row),
        cmocka_unit_test(lines_keep_every_fact),
        cmocka_unit_test(lines_keep_what_a_file_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
