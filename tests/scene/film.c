/* Films in plain numbers: every mark finite and inside the frame, frames pure, curves where the
 * trace says, whatever the trace holds. */
#include "support/settings.h"
#include "support/stage.h"

#include "optreel/scene.h"
#include "scene/tables.h"

static const char *const names[] = {"alpha", "beta"};

static struct orl_problem *make_problem(bool data)
{
    static const double truth[] = {1, 2}, start[] = {0, 0};
    return stage_problem_make(&(struct stage_model){
        .formula = data ? "alpha + beta*x" : "(1-alpha)^2 + 100*(beta-alpha^2)^2",
        .names = names,
        .start = start,
        .truth = truth,
        .count = 2,
        .points = data ? 40 : 0,
        .noise = 0.1});
}

static struct orl_trace *make_trace(const struct orl_problem *p, double rate, int64_t steps)
{
    return stage_run(p, "sgd", rate, 0, steps);
}

static struct orl_film *make_film(const struct orl_film_run *runs, size_t count, bool fit,
                                  int width, int height)
{
    const struct orl_panel_spec panels[] = {{"fit", NULL}, {"loss", NULL}};
    struct orl_film_spec spec =
        stage_spec(runs, count, fit ? panels : panels + 1, fit ? 2 : 1, width, height);
    spec.title = "a film: of a fit";
    return stage_film(&spec);
}

static void check_text(const struct orl_picture *picture, const struct orl_mark *m, int width,
                       int height)
{
    struct orl_extent box;
    stage_measure.text(NULL, picture->text + m->text, m->size, m->bold, &box);
    double x = picture->points[2 * m->first] - m->align * box.width,
           y = picture->points[2 * m->first + 1];
    if (!(x >= -1 && x + box.width <= width + 1 && y - box.ascent >= -1 &&
          y + box.descent <= height + 1))
        fail_msg("'%s' is cut: from %g to %g of %d, baseline %g of %d", picture->text + m->text, x,
                 x + box.width, width, y, height);
}

static void check_picture(const struct orl_picture *picture, int width, int height)
{
    assert_false(picture->failed);
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *m = &picture->marks[i];
        for (size_t k = 0; k < 2 * m->count; k++)
            assert_true(m->kind == ORL_MARK_LINE || m->kind == ORL_MARK_AREA ||
                        isfinite(picture->points[2 * m->first + k]));
        assert_true(isfinite(m->size) && m->color.a >= 0 && m->color.a <= 1);
        if (m->kind == ORL_MARK_TEXT && !m->vertical)
            check_text(picture, m, width, height);
    }
}

/* All frames: sound, and the same whatever was asked before. */
static void check_film(const struct orl_film *film, int width, int height)
{
    struct orl_picture one = {0}, two = {0};
    assert_int_equal(orl_film_still(film, 0, &one, NULL), ORL_OK);
    assert_true(one.count > 0 && one.marks[0].kind == ORL_MARK_RECT);
    check_picture(&one, width, height);
    assert_int_equal(orl_film_frames(film), 60);
    int64_t last = 0;
    for (size_t f = 0; f < 60; f += 3) {
        assert_true(orl_film_step(film, f) >= last);
        last = orl_film_step(film, f);
        assert_true(orl_film_frame_at(film, last) <= f);
        assert_int_equal(orl_film_moving(film, f, &one, NULL), ORL_OK);
        check_picture(&one, width, height);
        assert_int_equal(orl_film_moving(film, 59 - f, &two, NULL), ORL_OK);
        assert_int_equal(orl_film_moving(film, f, &two, NULL), ORL_OK);
        assert_int_equal(one.count, two.count);
        assert_int_equal(one.point_count, two.point_count);
        assert_memory_equal(one.points, two.points, one.point_count * sizeof *one.points);
        assert_memory_equal(one.text, two.text, one.text_length);
        struct orl_error err = {0};
        if (orl_film_check(film, f, &err) != ORL_OK)
            fail_msg("frame %zu: %s", f, err.text);
    }
    orl_picture_uninit(&one);
    orl_picture_uninit(&two);
}

static struct orl_film_run run_of(const struct orl_problem *p, const struct orl_trace *t,
                                  size_t style)
{
    return (struct orl_film_run){t,
                                 p,
                                 "p/sgd",
                                 style ? "Another optimizer with quite a long name" : "SGD",
                                 "learning rate 0.01, momentum 0.5",
                                 style,
                                 NULL,
                                 NULL,
                                 0,
                                 NULL};
}

static void films(void **state)
{
    struct orl_problem *p = make_problem(true), *o = make_problem(false);
    struct orl_trace *good = make_trace(p, 0.1, 500), *bad = make_trace(p, 3, 500),
                     *one = make_trace(p, 0.1, 1), *valley = make_trace(o, 1e-3, 300);
    static const int sizes[][2] = {{1280, 720}, {640, 360}, {1080, 1920}, {800, 800}};
    (void)state;
    assert_int_equal(bad->status, ORL_STATUS_DIVERGED);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int width = sizes[i][0], height = sizes[i][1];
        const struct orl_film_run runs[] = {run_of(p, good, 0), run_of(p, bad, 1),
                                            run_of(p, one, 2), run_of(o, valley, 3)};
        for (size_t r = 0; r < 4; r++) {
            struct orl_film *film = make_film(&runs[r], 1, r < 3, width, height);
            check_film(film, width, height);
            orl_film_destroy(&film);
        }
        struct orl_film *race = make_film(runs, 3, true, width, height);
        check_film(race, width, height);
        orl_film_destroy(&race);
    }
    orl_trace_destroy(&good);
    orl_trace_destroy(&bad);
    orl_trace_destroy(&one);
    orl_trace_destroy(&valley);
    orl_problem_destroy(&p);
    orl_problem_destroy(&o);
}

/* Numbers of any size leave the tables and axes whole. */
static void wild_numbers(void **state)
{
    static const double scales[] = {1e-300, 1e-12, 1e-3, 1e4, 1e9, 1e150, 1e300};
    struct orl_problem *p = make_problem(true);
    (void)state;
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
        struct orl_trace *t = make_trace(p, 0.1, 50);
        for (size_t i = 0; i < t->rows; i++) {
            t->loss[i] *= scales[s] > 1e200 ? 1e200 : scales[s];
            t->values[2 * i] = (i % 2 ? -1.234567 : 9.87654321) * scales[s];
        }
        struct orl_film_run runs[] = {run_of(p, t, 0), run_of(p, t, 1)};
        struct orl_film *film = make_film(runs, 1, true, 1280, 720),
                        *race = make_film(runs, 2, true, 1280, 720);
        check_film(film, 1280, 720);
        check_film(race, 1280, 720);
        orl_film_destroy(&film);
        orl_film_destroy(&race);
        orl_trace_destroy(&t);
    }
    orl_problem_destroy(&p);
}

static void panels_listed(void **state)
{
    (void)state;
    for (size_t i = 0; orl_panels[i]; i++) {
        assert_true(orl_panels[i]->title && orl_panels[i]->description);
        assert_ptr_equal(orl_panel_find(orl_panels[i]->name), orl_panels[i]);
        check_settings(orl_panels[i]->settings);
    }
    assert_int_equal(orl_film_frame_count(10, 30, 1), 300);
    assert_int_equal(orl_film_frame_count(0.001, 30, 1), 1);
    assert_int_equal(orl_film_frame_count(10, 100, 3), 333);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(films), cmocka_unit_test(wild_numbers),
                                       cmocka_unit_test(panels_listed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
