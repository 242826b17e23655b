/* The panel of learning rates and step lengths: heights that say what schedules and traces say. */
#include "support/stage.h"

#include <math.h>

#include "optreel/optimizer.h"

enum { ROWS = 4, N = 2 };
enum { SHOW_BOTH, SHOW_RATE, SHOW_LENGTH, SCALE_LINEAR = 1 };

/* Steps of 5, 10 and 0.5. */
static const double places[ROWS][N] = {{0, 0}, {3, 4}, {9, 12}, {9.3, 12.4}};

static struct orl_trace *make_steps(void)
{
    static const char *const names[N] = {"alpha", "beta"};
    struct orl_trace *trace = stage_trace(ROWS, names, N);
    memcpy(trace->values, places, sizeof places);
    return trace;
}

/* A film of four frames, one for each row, of the panel alone. */
static struct orl_film *make_film(const struct orl_film_run *run, int show)
{
    const struct orl_value settings[8] = {{.number = show}, {.number = SCALE_LINEAR}};
    const struct orl_panel_spec panel = {"learning-rate", settings};
    struct orl_film_spec spec = stage_spec(run, 1, &panel, 1, 1280, 720);
    spec.pace = ORL_PACE_LINEAR;
    spec.length_s = 0.4;
    spec.hold_first_s = spec.hold_last_s = 0;
    spec.fps_num = 10;
    struct orl_film *film = stage_film(&spec);
    assert_int_equal(orl_film_frames(film), ROWS);
    return film;
}

/* Heights of the heads in a frame, from the first plot to the last. */
static size_t heads(const struct orl_film *film, size_t frame, double y[4])
{
    struct orl_picture picture = {0};
    size_t count = 0;
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count && count < 4; i++)
        if (picture.marks[i].kind == ORL_MARK_DOTS && picture.marks[i].halo_px > 0.0)
            y[count++] = picture.points[2 * picture.marks[i].first + 1];
    orl_picture_uninit(&picture);
    return count;
}

/* On a linear axis heights are to each other as what they stand for. */
static void expect_ratio(const double y[3], double a, double b, double c)
{
    assert_true(fabs((y[0] - y[1]) / (y[0] - y[2]) - (a - b) / (a - c)) < 1e-6);
}

static void lengths_are_euclidean(void **state)
{
    struct orl_trace *trace = make_steps();
    const struct orl_film_run run = {.trace = trace, .name = "a", .title = "A", .details = ""};
    struct orl_film *film = make_film(&run, SHOW_BOTH);
    double y[4], at[3];
    (void)state;
    assert_true(stage_frame_says(film, 0, "step length"));
    assert_false(stage_frame_says(film, 0, "learning rate")); /* it is not known */
    assert_int_equal(heads(film, 0, y), 0);                   /* no step led to the start */
    for (size_t row = 1; row < ROWS; row++) {
        assert_int_equal(heads(film, row, y), 1);
        at[row - 1] = y[0];
    }
    expect_ratio(at, 5, 10, 0.5);
    orl_film_destroy(&film);
    orl_trace_destroy(&trace);
}

/* The rate of the update that led to a row, which is step 1 for the first one. */
static void rates_follow_their_schedule(void **state)
{
    struct orl_trace *trace = make_steps();
    const struct orl_optimizer_desc *sgd = orl_optimizer_find("sgd");
    struct orl_value values[16] = {{0}};
    struct orl_run_rule rule = {.optimizer = sgd, .values = values, .tuned = NAN, .steps = 3};
    struct orl_film_run run = {
        .trace = trace, .name = "a", .title = "A", .details = "", .rule = &rule};
    char schedule[] = "0.6/(step + 1)"; /* 0.3, 0.2, 0.15 */
    double y[4], at[3];
    (void)state;
    for (size_t i = 0; sgd->settings[i].name; i++)
        if (sgd->settings[i].role == ORL_ROLE_RATE)
            values[i].text = schedule;
    struct orl_film *film = make_film(&run, SHOW_RATE);
    assert_true(stage_frame_says(film, 0, "learning rate"));
    assert_false(stage_frame_says(film, 0, "step length"));
    assert_int_equal(heads(film, 0, y), 1);
    for (size_t row = 1; row < ROWS; row++) {
        double start = y[0];
        assert_int_equal(heads(film, row, y), 1);
        at[row - 1] = y[0];
        if (row == 1)
            assert_true(fabs(start - y[0]) < 1e-9); /* the start has the first update's */
    }
    expect_ratio(at, 0.3, 0.2, 0.15);
    orl_film_destroy(&film);
    film = make_film(&run, SHOW_BOTH);
    assert_int_equal(heads(film, 2, y), 2);
    orl_film_destroy(&film);
    orl_trace_destroy(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_euclidean),
        cmocka_unit_test(rates_follow_their_schedule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
