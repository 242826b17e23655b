/* Paces: holds, ends, monotone steps, a part of the run, and what the two that follow the traces
 * promise. */
#include "support/stage.h"

#include "scene/film/pace.h"

enum { FRAMES = 300, POINTS = 200 };

static const struct orl_panel_spec panels[] = {{.panel = "fit"}, {.panel = "loss"}};

static struct orl_film *make(const struct orl_film_run *runs, size_t count, bool fit,
                             enum orl_pace pace, int64_t from, int64_t to)
{
    struct orl_film_spec spec =
        stage_spec(runs, count, fit ? panels : panels + 1, fit ? 2 : 1, 1280, 720);
    spec.pace = pace;
    spec.length_s = 10;
    spec.hold_first_s = 0.7;
    spec.hold_last_s = 2;
    spec.from_step = from;
    spec.to_step = to;
    return stage_film(&spec);
}

/* The ones that need no trace: holds that leave nothing shrink, the first steps of a logarithmic
 * pace are seen. */
static void planned(void **state)
{
    struct pace pace;
    (void)state;
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LOG, 300, 0.7, 2.0, 30, 0, 5000, NULL), ORL_OK);
    assert_int_equal(pace.hold_first, 21);
    assert_int_equal(pace.hold_last, 60);
    assert_true(orl_pace_step(&pace, 30) <= 2);
    assert_true(orl_pace_share(&pace, 0) == 0 && orl_pace_share(&pace, 299) == 1);
    orl_pace_uninit(&pace);
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LINEAR, 3, 10, 10, 30, 0, 100, NULL), ORL_OK);
    assert_true(orl_pace_step(&pace, 0) == 0 && orl_pace_step(&pace, 2) == 100);
    orl_pace_uninit(&pace);
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LOG, 1, 0, 0, 30, 0, 100, NULL), ORL_OK);
    assert_int_equal(orl_pace_step(&pace, 0), 100);
    orl_pace_uninit(&pace);
}

/* Held frames at both ends, steps that never fall, the ends themselves. */
static void check_ends(const struct orl_film *film, int64_t from, int64_t to)
{
    assert_int_equal(orl_film_frames(film), FRAMES);
    for (size_t f = 0; f < FRAMES; f++) {
        int64_t step = orl_film_step(film, f);
        assert_true(f <= 21            ? step == from
                    : f >= FRAMES - 61 ? step == to
                                       : step >= orl_film_step(film, f - 1) && step <= to);
    }
    assert_int_equal(orl_film_step(film, orl_film_frame_at(film, to)), to);
}

static void ends(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    static const int64_t lengths[] = {1, 2, 50, 300, 4000};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct orl_trace *t = stage_run(p, "sgd", 0.1, 0, lengths[i]);
        struct orl_film_run run = {t, p, "p/sgd", "SGD", "", 0, NULL, NULL, 0, NULL};
        for (int pace = ORL_PACE_LINEAR; pace <= ORL_PACE_LOSS; pace++) {
            struct orl_film *film = make(&run, 1, true, (enum orl_pace)pace, 0, -1);
            check_ends(film, 0, lengths[i]);
            orl_film_destroy(&film);
            if (lengths[i] < 50)
                continue;
            film = make(&run, 1, pace % 2, (enum orl_pace)pace, 10,
                        40); /* a part of it, with and without a fit */
            check_ends(film, 10, 40);
            orl_film_destroy(&film);
        }
        orl_trace_destroy(&t);
    }
    orl_problem_destroy(&p);
}

/* A run that stands still, one that diverges, one whose loss is 0: steps for every frame all the
 * same. */
static void odd_runs(void **state)
{
    static const double start[] = {3, -1, 6}, truth[] = {3, 6, 8};
    struct orl_problem *still = stage_problem("alpha + beta*x + gamma*x^2", start, 30),
                       *other = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *traces[] = {stage_run(still, "sgd", 0.1, 0, 500),
                                  stage_run(other, "sgd", 3, 0, 500)};
    const struct orl_film_run runs[] = {
        {traces[0], still, "p/sgd", "SGD", "", 0, NULL, NULL, 0, NULL},
        {traces[1], other, "q/sgd", "SGD", "", 1, NULL, NULL, 0, NULL}};
    (void)state;
    assert_true(traces[0]->loss[0] == 0.0);
    assert_int_equal(traces[1]->status, ORL_STATUS_DIVERGED);
    for (size_t i = 0; i < 2; i++)
        for (int pace = ORL_PACE_LINEAR; pace <= ORL_PACE_LOSS; pace++) {
            struct orl_film *film = make(&runs[i], 1, true, (enum orl_pace)pace, 0, -1);
            check_ends(film, 0, traces[i]->step[traces[i]->rows - 1]);
            orl_film_destroy(&film);
        }
    orl_trace_destroy(&traces[0]);
    orl_trace_destroy(&traces[1]);
    orl_problem_destroy(&still);
    orl_problem_destroy(&other);
}

/* Pace `loss`: where the loss falls by the same factor in each step, frames are as far apart as in
 * a linear film; and in general each frame has its share of the way that log loss makes. */
static void equal_losses(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *t = stage_run(p, "sgd", 0.1, 0, 3000);
    struct orl_film_run run = {t, p, "p/sgd", "SGD", "", 0, NULL, NULL, 0, NULL};
    struct orl_film *film = make(&run, 1, true, ORL_PACE_LOSS, 0, -1);
    double whole = log(t->loss[0] / t->loss[3000]), widest = 0.0;
    (void)state;
    for (size_t i = 1; i < t->rows; i++) {
        assert_true(t->loss[i] < t->loss[i - 1]);
        widest = fmax(widest, log(t->loss[i - 1] / t->loss[i]));
    }
    for (size_t f = 21; f < FRAMES - 61; f++) {
        double share = (double)(f - 21) / (FRAMES - 62 - 21 + 1),
               gone = log(t->loss[0] / t->loss[orl_film_step(film, f)]);
        assert_true(gone > share * whole - 1e-9 && gone < share * whole + widest + 1e-9);
    }
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* ---- Motion on the assignment's twelve runs -------------------------------------------------- */

static struct orl_trace *assignment_run(const struct orl_problem *p, size_t which)
{
    static const char *const names[] = {"sgd",     "momentum", "nesterov",
                                        "adagrad", "rmsprop",  "adam"};
    static const double rates[] = {0.01, 0.01, 0.01, 0.01, 0.001, 0.001};
    const struct orl_optimizer_desc *desc = orl_optimizer_find(names[which]);
    struct orl_value values[16] = {{0}}, common[8] = {{0}};
    for (size_t i = 0; desc->settings[i].name; i++) {
        const char *name = desc->settings[i].name;
        values[i].number = strcmp(name, "learning_rate") == 0           ? rates[which]
                           : strcmp(name, "momentum") == 0 && which < 4 ? 0.5
                           : which == 4 && strcmp(name, "decay") == 0   ? 0.9
                           : which == 4 && strcmp(name, "epsilon") == 0 ? 1e-6
                           : which == 4 && strcmp(name, "epsilon_inside") == 0
                               ? 1
                               : desc->settings[i].initial;
    }
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = desc,
                                .settings = values,
                                .common = common,
                                .steps = 5000,
                                .record_every = 1,
                                .record_rows = 100000};
    struct orl_trace *trace = NULL;
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    return trace;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void curve(const struct orl_problem *p, struct orl_workspace *w, const struct orl_trace *t,
                  int64_t step, double *y)
{
    double x[POINTS];
    const double *columns[] = {x};
    for (size_t i = 0; i < POINTS; i++)
        x[i] = (double)i / (POINTS - 1);
    orl_problem_predict(p, w, t->values + orl_pace_row(t, step) * t->parameter_count, columns,
                        POINTS, y);
}

/* The largest movement of the curves from one frame to the next against the usual one (the median
 * of those frames in which they move at all), by the root mean square over its points and by the
 * point that moves most; of several runs the one that moves most.
 */
static void measure_motion(const struct orl_film *film, const struct orl_problem *p,
                           struct orl_trace *const *traces, size_t runs, double ratios[2])
{
    static double before[POINTS], now[POINTS], moves[2][FRAMES];
    struct orl_workspace *w = NULL;
    size_t count = 0;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    for (size_t f = 1; f < FRAMES; f++) {
        if (orl_film_step(film, f) == orl_film_step(film, f - 1))
            continue;
        moves[0][count] = moves[1][count] = 0.0;
        for (size_t r = 0; r < runs; r++) {
            double sum = 0.0, most = 0.0;
            curve(p, w, traces[r], orl_film_step(film, f - 1), before);
            curve(p, w, traces[r], orl_film_step(film, f), now);
            for (size_t i = 0; i < POINTS; i++) {
                sum += (now[i] - before[i]) * (now[i] - before[i]);
                most = fmax(most, fabs(now[i] - before[i]));
            }
            moves[0][count] = fmax(moves[0][count], sqrt(sum / POINTS));
            moves[1][count] = fmax(moves[1][count], most);
        }
        count++;
    }
    assert_true(count >= 50); /* in seven seconds */
    for (size_t k = 0; k < 2; k++) {
        qsort(moves[k], count, sizeof **moves, compare);
        ratios[k] = moves[k][count - 1] / moves[k][count / 2];
    }
    orl_workspace_destroy(&w);
}

static void motion_is_even(void **state)
{
    static const double truths[][3] = {{3, 6, 8}, {3, 6, 8e6}};
    static const char *const models[] = {"alpha + beta*x + gamma*x^2",
                                         "alpha + beta*x + 1e-6*gamma*x^2"};
    (void)state;
    for (size_t k = 0; k < 12; k++) {
        struct orl_problem *p = stage_problem(models[k / 6], truths[k / 6], 100);
        struct orl_trace *t = assignment_run(p, k % 6);
        struct orl_film_run run = {t, p, "p/o", "An optimizer", "", 0, NULL, NULL, 0, NULL};
        struct orl_film *film = make(&run, 1, true, ORL_PACE_MOTION, 0, -1);
        double ratios[2];
        measure_motion(film, p, &t, 1, ratios);
        print_message(
            "run %2zu: largest/median movement %.2f (root mean square), %.2f (largest point)\n",
            k + 1, ratios[0], ratios[1]);
        assert_true(ratios[0] <= 3.0);
        assert_true(ratios[1] <= 3.0);
        orl_film_destroy(&film);
        orl_trace_destroy(&t);
        orl_problem_destroy(&p);
    }
}

/* A race's runs share one pace: its curves keep to the bound, and every run stands at the same
 * step. */
static void motion_of_a_race(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 100);
    struct orl_trace *traces[6];
    struct orl_film_run runs[6];
    double ratios[2];
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        traces[i] = assignment_run(p, i);
        runs[i] =
            (struct orl_film_run){traces[i], p, "p/o", "An optimizer", "", i, NULL, NULL, 0, NULL};
    }
    struct orl_film *film = make(runs, 6, true, ORL_PACE_MOTION, 0, -1);
    measure_motion(film, p, traces, 6, ratios);
    print_message("race: largest/median movement %.2f (root mean square), %.2f (largest point)\n",
                  ratios[0], ratios[1]);
    assert_true(ratios[0] <= 3.0 && ratios[1] <= 3.0);
    orl_film_destroy(&film);
    for (size_t i = 0; i < 6; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&p);
}

/* A still's step is shown by one frame, the others keep theirs; the frames of the end stay. */
static void shows_a_step(void **state)
{
    struct pace pace, plain;
    (void)state;
    assert_int_equal(orl_pace_init(&plain, ORL_PACE_LINEAR, 12, 0, 0.2, 10, 0, 100, NULL), ORL_OK);
    for (int64_t step = 0; step <= 101; step++) {
        assert_int_equal(orl_pace_init(&pace, ORL_PACE_LINEAR, 12, 0, 0.2, 10, 0, 100, NULL),
                         ORL_OK);
        size_t changed = 0;
        orl_pace_show(&pace, step);
        for (size_t f = 0; f < 12; f++) {
            changed += pace.steps[f] != plain.steps[f];
            assert_true(f == 0 || pace.steps[f] >= pace.steps[f - 1]);
            assert_true(!orl_pace_is_last(&pace, f) || pace.steps[f] == 100);
        }
        assert_true(changed <= 1);
        if (step <= 100)
            assert_int_equal(pace.steps[orl_pace_frame_at(&pace, step)], step);
        orl_pace_uninit(&pace);
    }
    orl_pace_uninit(&plain);
}

/* Steps of the frames between the holds: to the nearest whole one, half a step up. On the scale of
 * log(1 + step) a single step is passed where 2^t - 1 is a half. */
static void frames_have_the_nearest_steps(void **state)
{
    static const int64_t linear[11] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5},
                         single[6] = {0, 0, 0, 1, 1, 1}, nine[3] = {0, 9, 99};
    struct pace pace;
    (void)state;
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LINEAR, 11, 0, 0, 10, 0, 5, NULL), ORL_OK);
    assert_memory_equal(pace.steps, linear, sizeof linear);
    orl_pace_uninit(&pace);
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LOG, 6, 0, 0, 10, 0, 1, NULL), ORL_OK);
    assert_memory_equal(pace.steps, single, sizeof single);
    orl_pace_uninit(&pace);
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LOG, 3, 0, 0, 10, 0, 99, NULL), ORL_OK);
    assert_memory_equal(pace.steps, nine, sizeof nine);
    orl_pace_uninit(&pace);
}

/* Holds that are longer than the film share what two frames leave: 10 of 12, as 3 to 1. A film that
 * ends before it begins shows where it begins; one that is too short has a frame. */
static void holds_share_what_there_is(void **state)
{
    struct pace pace;
    (void)state;
    assert_int_equal(orl_pace_init(&pace, ORL_PACE_LINEAR, 12, 3, 1, 10, 5, 3, NULL), ORL_OK);
    assert_int_equal(pace.hold_first, 7);
    assert_int_equal(pace.hold_last, 3);
    assert_int_equal(pace.to, 5);
    assert_int_equal(pace.steps[11], 5);
    orl_pace_uninit(&pace);
    assert_int_equal(orl_film_frame_count(0.001, 30, 1), 1);
    assert_int_equal(orl_film_frame_count(2, 30000, 1001), 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(planned),
                                       cmocka_unit_test(shows_a_step),
                                       cmocka_unit_test(ends),
                                       cmocka_unit_test(odd_runs),
                                       cmocka_unit_test(equal_losses),
                                       cmocka_unit_test(motion_is_even),
                                       cmocka_unit_test(motion_of_a_race),
                                       cmocka_unit_test(frames_have_the_nearest_steps),
                                       cmocka_unit_test(holds_share_what_there_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
