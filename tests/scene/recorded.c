/* Panels of training logs: which columns are losses, what the table says of them, and the mean over
 * some points. */
#include "scene/panels/recorded.h"
#include "support/stage.h"

#include "base/text.h"

enum { ROWS = 6 };

/* train_loss at steps 0 2 4 5, val_loss at 1 3 5, a metric and a learning rate everywhere. */
static struct orl_trace *log_make(void)
{
    static const char *const names[] = {"val_loss", "acc", "lr", "aux_loss"};
    static const double loss[ROWS] = {8, 8, 4, 4, 2, 3};
    static const bool gaps[ROWS] = {false, true, false, true, false, false};
    struct orl_trace *t = stage_trace(ROWS, NULL, 0);
    t->series_count = 4;
    t->series_names = calloc(4, sizeof *t->series_names);
    t->series = calloc(ROWS * 4, sizeof *t->series);
    t->loss_gaps = calloc(ROWS, sizeof *t->loss_gaps);
    t->loss_name = orl_strdup("train_loss");
    for (size_t i = 0; i < 4; i++)
        t->series_names[i] = orl_strdup(names[i]);
    for (size_t r = 0; r < ROWS; r++) {
        t->loss[r] = loss[r];
        t->loss_gaps[r] = gaps[r];
        t->series[4 * r] = r % 2 ? 9.0 - (double)r : (double)NAN; /* 8 6 4 */
        t->series[4 * r + 1] = (double)r;
        t->series[4 * r + 2] = 0.1 / (double)(r + 1);
        t->series[4 * r + 3] = 1.0;
    }
    return t;
}

static struct orl_film_run run_of(const struct orl_trace *t, const char *title, size_t style)
{
    struct orl_film_run run = {0};
    run.trace = t;
    run.name = run.title = title;
    run.details = "";
    run.style = style;
    return run;
}

/* The main loss by its own name, without its gaps; a loss of another kind is a column like others.
 */
static void lines_of_a_run(void **state)
{
    struct orl_trace *t = log_make();
    struct orl_film_run run = run_of(t, "A", 0);
    struct view view = {.runs = &run, .run_count = 1};
    struct recorded_line lines[RECORDED_LINES];
    (void)state;
    assert_int_equal(orl_recorded_lines(&view, 0, lines, RECORDED_LINES), 2);
    assert_string_equal(lines[0].name, "train_loss");
    assert_true(lines[0].main && !lines[0].validation);
    assert_string_equal(lines[1].name, "val_loss");
    assert_true(lines[1].validation);
    assert_true(isnan(orl_recorded_value(&lines[0], 1)));
    CHECK_NEAR(orl_recorded_value(&lines[0], 5), 3.0, 0.0);
    CHECK_NEAR(orl_recorded_value(&lines[1], 3), 6.0, 0.0);
    /* without a column that is the loss alone, all losses share the panel */
    free(t->loss_name);
    t->loss_name = orl_strdup("box_loss");
    assert_int_equal(orl_recorded_lines(&view, 0, lines, RECORDED_LINES), 3);
    assert_string_equal(lines[2].name, "aux_loss");
    orl_trace_destroy(&t);
}

/* At the end: last 3, best 2 at step 4; validation last and best 4 at step 5. Half-way: as far as
 * the film is. */
static void table_of_one_run(void **state)
{
    const struct orl_panel_spec panels[] = {{"training", NULL}, {"values", NULL}};
    struct orl_trace *t = log_make();
    struct orl_film_run run = run_of(t, "A", 0);
    struct orl_film_spec spec = stage_spec(&run, 1, panels, 2, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    size_t last = orl_film_frames(film) - 1;
    (void)state;
    assert_true(stage_frame_says(film, last, "train_loss"));
    assert_true(stage_frame_says(film, last, "3.000"));
    assert_true(stage_frame_says(film, last, "2.000"));
    assert_true(stage_frame_says(film, last, "4.000"));
    assert_false(stage_frame_says(film, last, "8.000"));
    assert_true(stage_frame_says(film, 0, "8.000"));
    assert_false(stage_frame_says(film, last, "best val."));
    assert_false(stage_frame_says(film, last, "never"));
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
}

/* Runs are compared by validation where all have it, else by their losses. */
static void table_of_a_race(void **state)
{
    const struct orl_panel_spec panels[] = {{"training", NULL}, {"values", NULL}};
    struct orl_trace *a = log_make(), *b = log_make();
    const struct orl_film_run runs[] = {run_of(a, "A", 0), run_of(b, "B", 1)};
    struct orl_film_spec spec = stage_spec(runs, 2, panels, 2, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    (void)state;
    assert_true(stage_frame_says(film, orl_film_frames(film) - 1, "best val."));
    assert_true(stage_frame_says(film, orl_film_frames(film) - 1, "4.000"));
    assert_false(stage_frame_says(film, orl_film_frames(film) - 1, "2.000"));
    orl_film_destroy(&film);
    free(b->series_names[0]);
    b->series_names[0] = orl_strdup("other");
    film = stage_film(&spec);
    assert_false(stage_frame_says(film, orl_film_frames(film) - 1, "best val."));
    assert_true(stage_frame_says(film, orl_film_frames(film) - 1, "2.000"));
    orl_film_destroy(&film);
    orl_trace_destroy(&a);
    orl_trace_destroy(&b);
}

/* A log's series panel shows what the loss panel does not, learning rates first. */
static void series_beside(void **state)
{
    const struct orl_panel_spec panels[] = {{"training", NULL}, {"series", NULL}};
    struct orl_trace *t = log_make();
    struct orl_film_run run = run_of(t, "A", 0);
    struct orl_film_spec spec = stage_spec(&run, 1, panels, 2, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    size_t last = orl_film_frames(film) - 1;
    (void)state;
    assert_true(stage_frame_says(film, last, "lr"));
    assert_true(stage_frame_says(film, last, "acc"));
    assert_true(stage_frame_says(film, last, "val_loss"));
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
}

/* How many lines with more than two points a frame draws. */
static size_t lines_drawn(const struct orl_film *film)
{
    struct orl_picture picture = {0};
    struct orl_error err = {0};
    size_t count = 0;
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &picture, &err), ORL_OK);
    for (size_t i = 0; i < picture.count; i++)
        count += picture.marks[i].kind == ORL_MARK_LINE && picture.marks[i].count >= 3;
    orl_picture_uninit(&picture);
    return count;
}

/* A mean brings the raw lines behind it, pale. */
static void smoothed(void **state)
{
    const struct orl_panel_spec panels[] = {{"training", NULL}};
    struct orl_trace *t = log_make();
    struct orl_film_run run = run_of(t, "A", 0);
    struct orl_film_spec spec = stage_spec(&run, 1, panels, 1, 1280, 720);
    struct orl_film *film = stage_film(&spec);
    size_t plain = lines_drawn(film);
    (void)state;
    orl_film_destroy(&film);
    t->smooth = 3;
    film = stage_film(&spec);
    assert_int_equal(lines_drawn(film), 2 * plain);
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_a_run),  cmocka_unit_test(table_of_one_run),
        cmocka_unit_test(table_of_a_race), cmocka_unit_test(series_beside),
        cmocka_unit_test(smoothed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
