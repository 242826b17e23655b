/* What follows from a unit's end: a second try and no third, failures that stay where they belong.
 */
#include "batch/supervisor.h"

#include "base/text.h"
#include "orl_test.h"

static const char text[] = "problems:\n"
                           "  p: {model: a*x, start: {a: 1}, data: {x: [1, 2], truth: {a: 2}}}\n"
                           "optimizers: {sgd: {}, adam: {}}\n"
                           "films: [{each: run, length: 20}]\n"
                           "output: {formats: [mp4], preset: draft, poster: false}\n";

struct fixture {
    struct orl_experiment *experiment;
    struct orl_batch_options options;
    struct batch batch;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct orl_experiment_source source = {.name = (char *)"e",
                                           .path = (char *)"e.yaml",
                                           .folder = (char *)".",
                                           .text = (char *)text,
                                           .length = sizeof text - 1};
    struct orl_experiment_options choices = {0};
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    if (!f || orl_experiment_load(&source, &choices, &orl_limits_default, &messages,
                                  &f->experiment) != ORL_OK)
        return -1;
    f->batch = (struct batch){.experiment = f->experiment, .options = &f->options};
    *state = f;
    return orl_jobs_make(&f->batch, &err);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    orl_jobs_free(&f->batch);
    orl_experiment_destroy(&f->experiment);
    free(f);
    return 0;
}

/* Both runs have ended well: films can be made. */
static void end_runs(struct batch *batch)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        batch->runs[i].state = JOB_DONE;
}

static size_t output_of_film(const struct batch *batch, size_t film)
{
    for (size_t i = 0; i < batch->output_count; i++)
        if (batch->outputs[i].film == film && !orl_job_output(batch, &batch->outputs[i])->sidecar)
            return i;
    fail();
    return 0;
}

static void a_run_is_tried_twice(void **state)
{
    struct batch *batch = &((struct fixture *)*state)->batch;
    const struct unit unit = {.kind = UNIT_RUN, .run = 1};
    struct orl_error err = {0};
    batch->runs[1].state = JOB_WORKING;
    assert_int_equal(orl_outcome_crashed(batch, &unit, "signal 9", &err), ORL_OK);
    assert_int_equal(batch->runs[1].state, JOB_WAITING);
    assert_int_equal(batch->worst, ORL_OK);
    batch->runs[1].state = JOB_WORKING;
    assert_int_equal(orl_outcome_crashed(batch, &unit, "signal 9", &err), ORL_OK);
    assert_int_equal(batch->runs[1].state, JOB_FAILED);
    assert_string_equal(batch->runs[1].failure, "its worker ended twice: signal 9");
    assert_int_equal(batch->worst, ORL_EENV);
    assert_int_equal(batch->runs[0].state, JOB_WAITING);
    for (size_t i = 0; i < batch->output_count; i++) { /* the films of the other are not touched */
        const struct orl_film_plan *film = orl_job_film(batch, &batch->outputs[i]);
        assert_int_equal(batch->outputs[i].state, film->runs[0] == 1 ? JOB_FAILED : JOB_WAITING);
    }
}

static void a_segment_is_tried_twice(void **state)
{
    struct batch *batch = &((struct fixture *)*state)->batch;
    struct output_job *job = &batch->outputs[output_of_film(batch, 0)];
    const struct unit unit = {
        .kind = UNIT_SEGMENT, .output = output_of_film(batch, 0), .segment = 1};
    struct orl_error err = {0};
    end_runs(batch);
    assert_true(job->segment_count > 2);
    job->state = JOB_WORKING;
    job->segments[0] = job->segments[1] = JOB_WORKING;
    assert_int_equal(orl_outcome_crashed(batch, &unit, "signal 11", &err), ORL_OK);
    assert_int_equal(job->segments[1], JOB_WAITING);
    assert_int_equal(job->segments[0], JOB_WORKING);
    assert_int_equal(job->state, JOB_WORKING);
    assert_int_equal(orl_outcome_crashed(batch, &unit, "signal 11", &err), ORL_OK);
    assert_int_equal(job->state, JOB_FAILED);
    assert_int_equal(batch->outputs[output_of_film(batch, 1)].state, JOB_WAITING);
}

/* A long film that loses a worker now and then is made all the same. */
static void each_segment_has_a_second_try_of_its_own(void **state)
{
    struct batch *batch = &((struct fixture *)*state)->batch;
    struct output_job *job = &batch->outputs[output_of_film(batch, 0)];
    struct orl_error err = {0};
    end_runs(batch);
    job->state = JOB_WORKING;
    for (size_t s = 0; s < job->segment_count; s++) {
        const struct unit unit = {
            .kind = UNIT_SEGMENT, .output = output_of_film(batch, 0), .segment = s};
        job->segments[s] = JOB_WORKING;
        assert_int_equal(orl_outcome_crashed(batch, &unit, "signal 9", &err), ORL_OK);
        assert_int_equal(job->segments[s], JOB_WAITING);
    }
    const struct unit join = {.kind = UNIT_JOIN, .output = output_of_film(batch, 0)};
    job->joining = true;
    assert_int_equal(orl_outcome_crashed(batch, &join, "signal 9", &err), ORL_OK);
    assert_int_equal(job->state, JOB_WORKING);
    assert_int_equal(batch->worst, ORL_OK);
}

static void a_join_is_tried_twice(void **state)
{
    struct batch *batch = &((struct fixture *)*state)->batch;
    struct output_job *job = &batch->outputs[output_of_film(batch, 0)];
    const struct unit unit = {.kind = UNIT_JOIN, .output = output_of_film(batch, 0)};
    struct orl_error err = {0};
    job->state = JOB_WORKING;
    job->joining = true;
    assert_int_equal(orl_outcome_crashed(batch, &unit, "exit 1", &err), ORL_OK);
    assert_false(job->joining);
    assert_int_equal(job->state, JOB_WORKING);
    job->joining = true;
    assert_int_equal(orl_outcome_crashed(batch, &unit, "exit 1", &err), ORL_OK);
    assert_int_equal(job->state, JOB_FAILED);
}

/* Runs first, each once; then segments of films whose runs have ended; then the join. */
static void units_are_handed_out_once(void **state)
{
    struct fixture *f = *state;
    struct batch *batch = &f->batch;
    struct pool_worker worker = {.film = NO_FILM, .output = NO_FILM};
    struct unit unit;
    batch->pool = (struct pool){.workers = &worker, .count = 1};
    for (size_t i = 0; i < 2; i++) {
        assert_true(orl_schedule_next(batch, 0, &unit));
        assert_int_equal(unit.kind, UNIT_RUN);
        assert_int_equal(unit.run, i);
    }
    assert_false(orl_schedule_next(batch, 0, &unit)); /* films wait for their runs */
    end_runs(batch);
    size_t segments = 0;
    while (orl_schedule_next(batch, 0, &unit)) {
        if (unit.kind == UNIT_JOIN) {
            assert_int_equal(batch->outputs[unit.output].segments_done,
                             batch->outputs[unit.output].segment_count);
            batch->outputs[unit.output].state = JOB_DONE;
            continue;
        }
        assert_int_equal(unit.kind, UNIT_SEGMENT);
        struct unit_order order;
        orl_schedule_order(batch, &unit, &order);
        assert_int_equal(order.first, unit.segment * batch->outputs[unit.output].segment_frames);
        assert_int_equal(
            orl_outcome_take(batch, &unit, &(struct unit_result){.code = ORL_OK}, NULL), ORL_OK);
        segments++;
    }
    assert_int_equal(segments + 2, orl_schedule_units(batch));
    assert_true(orl_schedule_finished(batch));
    f->batch.pool = (struct pool){0};
}

static void who_leaves_takes_nothing_more(void **state)
{
    struct batch *batch = &((struct fixture *)*state)->batch;
    struct pool_worker worker = {.unit = {.kind = UNIT_RUN}};
    struct unit unit;
    batch->pool = (struct pool){.workers = &worker, .count = 1};
    batch->leaving = true;
    assert_false(orl_schedule_next(batch, 0, &unit));
    assert_false(orl_schedule_finished(batch)); /* what is at work is waited for */
    worker.unit = (struct unit){0};
    assert_true(orl_schedule_finished(batch));
    batch->pool = (struct pool){0};
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_is_tried_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(a_segment_is_tried_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(each_segment_has_a_second_try_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(a_join_is_tried_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(units_are_handed_out_once, setup, teardown),
        cmocka_unit_test_setup_teardown(who_leaves_takes_nothing_more, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
