/* Films belong to no thread: two threads that ask one film for frames, each for all of them in an
 * order of its own, get what one thread gets, mark by mark and word by word. Built with
 * -DOPTREEL_TSAN=ON, ThreadSanitizer watches them. */
#include <pthread.h>

#include "support/marks.h"
#include "support/stage.h"

enum { FRAMES = 1500, THREADS = 2 }; /* 3,000 in all */

struct pass {
    const struct orl_film *film;
    size_t stride;         /* coprime with FRAMES: each frame comes once */
    uint64_t sums[FRAMES]; /* of all marks and words of a frame */
    bool failed;
};

static uint64_t sum_of(uint64_t sum, const char *text)
{
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 1099511628211u;
    return sum;
}

static void *frames_make(void *argument)
{
    struct pass *p = argument;
    struct orl_text text = {0};
    struct orl_words words;
    for (size_t i = 0; i < FRAMES && !p->failed; i++) {
        size_t frame = i * p->stride % FRAMES;
        orl_text_clear(&text);
        p->failed = !marks_print_frame(p->film, frame, &text);
        orl_film_words(p->film, frame, &words);
        p->sums[frame] = sum_of(1469598103934665603u, text.data);
        p->sums[frame] = sum_of(p->sums[frame], words.line[0]);
        p->sums[frame] = sum_of(p->sums[frame], words.line[1]);
    }
    orl_text_uninit(&text);
    return NULL;
}

static void check_film(const struct orl_film *film)
{
    static struct pass alone, together[THREADS];
    static const size_t strides[THREADS] = {7, 1499};
    pthread_t threads[THREADS];
    alone = (struct pass){.film = film, .stride = 1};
    frames_make(&alone);
    assert_false(alone.failed);
    assert_true(alone.sums[0] != alone.sums[FRAMES - 1]);
    for (size_t i = 0; i < THREADS; i++) {
        together[i] = (struct pass){.film = film, .stride = strides[i]};
        assert_int_equal(pthread_create(&threads[i], NULL, frames_make, &together[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(together[i].failed);
        for (size_t f = 0; f < FRAMES; f++)
            if (together[i].sums[f] != alone.sums[f])
                fail_msg("thread %zu made another frame %zu", i, f);
    }
}

/* A race of three with every kind of panel that has state: surface, fit, table, log, lines. */
static void two_threads_make_the_frames_of_one(void **state)
{
    static const double truth[] = {1, 2, 3};
    static const struct orl_panel_spec sets[][3] = {
        {{.panel = "surface"}, {.panel = "loss"}, {.panel = "table"}},
        {{.panel = "fit"}, {.panel = "parameters"}, {.panel = "log"}},
        {{.panel = "steps"}, {.panel = "gradient"}, {.panel = "residuals"}}};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 40);
    struct orl_trace *traces[] = {stage_run(p, "sgd", 0.1, 0, 900),
                                  stage_run(p, "adam", 0.05, 0, 900),
                                  stage_run(p, "momentum", 0.02, 0, 700)};
    struct orl_film_run runs[3];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        runs[i] = (struct orl_film_run){.trace = traces[i],
                                        .problem = p,
                                        .name = "p/run",
                                        .title = i == 0   ? "SGD"
                                                 : i == 1 ? "Adam"
                                                          : "Momentum",
                                        .details = "",
                                        .style = i};
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        struct orl_film_spec spec = stage_spec(runs, 3, sets[s], 3, 1280, 720);
        spec.length_s = 50;
        struct orl_film *film = stage_film(&spec);
        assert_int_equal(orl_film_frames(film), FRAMES);
        check_film(film);
        orl_film_destroy(&film);
    }
    for (size_t i = 0; i < 3; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_threads_make_the_frames_of_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
