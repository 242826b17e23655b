/* Who makes what of a batch that several machines share: every segment and every run is one
 * shard's, and the first shard begins at the beginning. */
#include "batch/shard.h"

#include "orl_test.h"

#define EXPERIMENT(films)                                                                          \
    "problems:\n"                                                                                  \
    "  p: {model: a*x, start: {a: 1}, data: {x: [1, 2], truth: {a: 2}}}\n"                         \
    "optimizers: {a: {kind: sgd}, b: {kind: sgd}, c: {kind: sgd}, d: {kind: sgd}}\n" films         \
    "output: {formats: [mp4], preset: draft, poster: false}\n"

struct fixture {
    struct orl_experiment *experiment;
    struct orl_batch_options options;
    struct batch batch;
};

static void shard_open(struct fixture *f, const char *text, unsigned index, unsigned count)
{
    struct orl_experiment_source source = {.name = (char *)"e",
                                           .path = (char *)"e.yaml",
                                           .folder = (char *)".",
                                           .text = (char *)(uintptr_t)text,
                                           .length = strlen(text)};
    struct orl_experiment_options choices = {0};
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    *f = (struct fixture){.options.shard = {.index = index, .count = count}};
    assert_int_equal(
        orl_experiment_load(&source, &choices, &orl_limits_default, &messages, &f->experiment),
        ORL_OK);
    f->batch = (struct batch){.experiment = f->experiment, .options = &f->options};
    assert_int_equal(orl_jobs_make(&f->batch, &err), ORL_OK);
    orl_shard_choose(&f->batch);
}

static void shard_close(struct fixture *f)
{
    orl_jobs_free(&f->batch);
    orl_experiment_destroy(&f->experiment);
}

/* Each segment is made by one shard, neighbours by one; the first by the first, the last by the
 * last. */
static void each_segment_is_one_shards(void **state)
{
    enum { SHARDS = 3, SEGMENTS = 64 };
    const char *text = EXPERIMENT("films: [{each: run, length: 20}]\n");
    unsigned owner[SEGMENTS] = {0};
    size_t total = 0;
    (void)state;
    for (unsigned k = 1; k <= SHARDS; k++) {
        struct fixture f;
        shard_open(&f, text, k, SHARDS);
        total = 0;
        for (size_t o = 0; o < f.batch.output_count; o++)
            for (size_t s = 0; s < f.batch.outputs[o].segment_count; s++, total++)
                if (f.batch.outputs[o].segments[s] == JOB_WAITING) {
                    assert_true(total < SEGMENTS && owner[total] == 0);
                    owner[total] = k;
                }
        shard_close(&f);
    }
    assert_true(total > SHARDS);
    for (size_t i = 0; i < total; i++)
        assert_true(owner[i] >= 1 && (i == 0 || owner[i] >= owner[i - 1]));
    assert_int_equal(owner[0], 1);
    assert_int_equal(owner[total - 1], SHARDS);
}

/* Runs that no film shows are dealt out: the first to the first shard, the second to the second. */
static void runs_without_films_are_dealt_out(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= 2; k++) {
        struct fixture f;
        shard_open(&f, EXPERIMENT("films: []\n"), k, 2);
        assert_int_equal(f.experiment->run_count, 4);
        for (size_t r = 0; r < 4; r++)
            assert_int_equal(f.batch.runs[r].state, r % 2 == k - 1 ? JOB_WAITING : JOB_ELSEWHERE);
        shard_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_segment_is_one_shards),
        cmocka_unit_test(runs_without_films_are_dealt_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
