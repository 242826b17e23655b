/* The fit and the residuals: curves of as many points as their bends ask for, bins that 0 is in the
 * middle of. */
#include "support/stage.h"

#include "scene/marks/curve.h"

enum { POINTS = 64 };
static const double pi = 3.14159265358979323846;

/* x from 0 to 1, and values of a function there; pixels like values. */
static void sample(double (*f)(double), double *x, double *y, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        x[i] = (double)i / (double)(count - 1);
        y[i] = f(x[i]);
    }
}

static double parabola(double x)
{
    return 400.0 * x * x;
}
static double waves(double x)
{
    return 200.0 + 200.0 * sin(2.0 * pi * 30.0 * x);
}
static double hyperbola(double x)
{
    return 2.0 / (x - 0.4321);
}
static double jump(double x)
{
    return x < 0.5 ? 10.0 : 390.0;
}

static void bends_ask_for_points(void **state)
{
    double x[2 * POINTS - 1], y[2 * POINTS - 1];
    struct axis axis = {.low = 0, .high = 400, .last = 400};
    (void)state;
    sample(parabola, x, y, 2 * POINTS - 1);
    assert_int_equal(orl_curve_misses(y, POINTS, &axis), 0);
    sample(waves, x, y, 2 * POINTS - 1);
    assert_true(orl_curve_misses(y, POINTS, &axis) > POINTS / 2);
    sample(jump, x, y, 2 * POINTS - 1);
    assert_int_equal(orl_curve_misses(y, POINTS, &axis), 1);
    for (size_t i = 0; i < 2 * POINTS - 1; i++)
        y[i] = 1e6 + (double)(i % 2) * 1e3; /* far from what is seen */
    assert_int_equal(orl_curve_misses(y, POINTS, &axis), 0);
}

static size_t lifts(double (*f)(double))
{
    double x[POINTS], y[POINTS], xy[4 * POINTS];
    sample(f, x, y, POINTS);
    size_t pairs = orl_curve_path(x, y, POINTS, 400.0, xy), count = 0;
    for (size_t i = 0; i < pairs; i++)
        count += isnan(xy[2 * i]) ? 1 : 0;
    assert_int_equal(pairs, POINTS + count);
    return count;
}

static void the_pen_is_lifted_at_poles_alone(void **state)
{
    (void)state;
    assert_int_equal(lifts(hyperbola), 1);
    assert_int_equal(lifts(parabola), 0);
    assert_int_equal(lifts(waves), 0);
    assert_int_equal(lifts(jump), 0);
}

/* A film of one run with one panel; its last frame. */
static void last_frame(const char *model, const double *truth, const char *optimizer, double rate,
                       const char *panel, struct orl_picture *still, struct orl_picture *moving)
{
    struct orl_problem *p = stage_problem(model, truth, 50);
    struct orl_trace *trace = stage_run(p, optimizer, rate, 0, 40);
    const struct orl_film_run run = {
        .trace = trace, .problem = p, .name = "p/o", .title = "Run", .details = ""};
    const struct orl_panel_spec spec = {.panel = panel};
    const struct orl_film_spec film_spec = stage_spec(&run, 1, &spec, 1, 1280, 720);
    struct orl_film *film = stage_film(&film_spec);
    assert_int_equal(orl_film_still(film, 0, still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, moving, NULL), ORL_OK);
    orl_film_destroy(&film);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&p);
}

static size_t longest_line(const struct orl_picture *picture)
{
    size_t most = 0;
    for (size_t i = 0; i < picture->count; i++)
        if (picture->marks[i].kind == ORL_MARK_LINE && picture->marks[i].count > most)
            most = picture->marks[i].count;
    return most;
}

static void waves_get_more_points_than_a_parabola(void **state)
{
    static const double truth[] = {3, -1, 6};
    struct orl_picture still = {0}, moving = {0};
    (void)state;
    last_frame("alpha + beta*x + gamma*x^2", truth, "sgd", 0.1, "fit", &still, &moving);
    size_t few = longest_line(&moving);
    last_frame("alpha + beta*sin(200*x) + gamma*x", truth, "sgd", 0.1, "fit", &still, &moving);
    assert_true(few <= 128);
    assert_true(longest_line(&moving) >= 512);
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
}

/* The last point of the longest line, and where the run's name stands. */
static void ends_of(const struct orl_picture *picture, double *curve, double *name)
{
    size_t most = 0;
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        if (mark->kind == ORL_MARK_LINE && mark->count > most) {
            most = mark->count;
            *curve = picture->points[2 * (mark->first + mark->count - 1) + 1];
        }
        if (mark->kind == ORL_MARK_TEXT && strcmp(picture->text + mark->text, "Run") == 0)
            *name = picture->points[2 * mark->first + 1];
    }
}

/* A run that swings about its fit at every step: its name moves far less from frame to frame than
 * its curve, and not at all where the step is the same. */
static void names_stand_calm(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 50);
    struct orl_trace *trace = stage_run(p, "sgd", 0.55, 0, 40);
    const struct orl_film_run run = {
        .trace = trace, .problem = p, .name = "p/o", .title = "Run", .details = ""};
    const struct orl_panel_spec panel = {.panel = "fit"};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    struct orl_picture moving = {0};
    double curve = NAN, name = NAN, most_curve = 0.0, most_name = 0.0;
    (void)state;
    spec.pace = ORL_PACE_LINEAR;
    struct orl_film *film = stage_film(&spec);
    for (size_t frame = 0; frame < orl_film_frames(film); frame++) {
        double curve_before = curve, name_before = name;
        assert_int_equal(orl_film_moving(film, frame, &moving, NULL), ORL_OK);
        ends_of(&moving, &curve, &name);
        assert_true(isfinite(curve) && isfinite(name));
        if (frame > 0 && orl_film_step(film, frame) == orl_film_step(film, frame - 1))
            assert_true(name == name_before);
        if (frame > 0) {
            most_curve = fmax(most_curve, fabs(curve - curve_before));
            most_name = fmax(most_name, fabs(name - name_before));
        }
    }
    assert_true(most_curve > 50.0);
    assert_true(most_name < 0.4 * most_curve);
    orl_picture_uninit(&moving);
    orl_film_destroy(&film);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&p);
}

/* Residuals of a perfect fit, which are rounding: one bar, with the line of 0 through its middle.
 */
static void rounding_stands_at_zero(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_picture still = {0}, moving = {0};
    const struct orl_mark *bar = NULL;
    double middle = NAN;
    (void)state;
    last_frame("alpha + beta*x + gamma*x^2", truth, "newton", 1.0, "residuals", &still, &moving);
    for (size_t i = 0; i < moving.count; i++) {
        const struct orl_mark *mark = &moving.marks[i];
        if (mark->kind == ORL_MARK_RECT && mark->size2 > 100.0) {
            assert_null(bar);
            bar = mark;
        }
    }
    assert_non_null(bar);
    for (size_t i = 0; i < still.count; i++) {
        const struct orl_mark *mark = &still.marks[i];
        const double *at = still.points + 2 * mark->first;
        if (mark->kind == ORL_MARK_LINE && mark->count == 2 && at[0] == at[2] && !mark->faint)
            middle = at[0];
    }
    CHECK_NEAR(moving.points[2 * bar->first] + bar->size / 2.0, middle, 1.5);
    assert_true(stage_has_text(&still, "symlog"));
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
}

/* Small multiples of residuals: the line of 0 at the same place in each, though the first has the
 * labels, too. */
static void cells_have_the_same_axes(void **state)
{
    enum { CELLS = 3 };
    static const double truth[] = {3, 6, 8}, rates[CELLS] = {0.01, 0.1, 0.3};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 50);
    struct orl_film_run runs[CELLS] = {{0}};
    struct orl_trace *traces[CELLS];
    struct orl_picture still = {0};
    double lines[CELLS];
    size_t found = 0;
    (void)state;
    for (size_t i = 0; i < CELLS; i++) {
        traces[i] = stage_run(p, "sgd", rates[i], 0, 40);
        runs[i] = (struct orl_film_run){.trace = traces[i],
                                        .problem = p,
                                        .name = "p/o",
                                        .title = "Run",
                                        .details = "",
                                        .style = i};
    }
    const struct orl_panel_spec panel = {.panel = "residuals"};
    struct orl_film_spec spec = stage_spec(runs, CELLS, &panel, 1, 1280, 720);
    spec.layout = ORL_LAYOUT_GRID;
    spec.columns = rates;
    spec.column_count = CELLS;
    struct orl_film *film = stage_film(&spec);
    assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
    for (size_t i = 0; i < still.count; i++) {
        const struct orl_mark *mark = &still.marks[i];
        const double *at = still.points + 2 * mark->first;
        if (mark->kind == ORL_MARK_LINE && mark->count == 2 && at[0] == at[2] && !mark->faint) {
            assert_true(found < CELLS);
            lines[found++] = at[0];
        }
    }
    assert_int_equal(found, CELLS);
    CHECK_NEAR(lines[1] - lines[0], lines[2] - lines[1], 1.01);
    orl_picture_uninit(&still);
    orl_film_destroy(&film);
    for (size_t i = 0; i < CELLS; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&p);
}

/* Lines of two points in a frame that stand upright: from dots to the curve. */
static size_t hairlines(const struct orl_film *film, size_t frame)
{
    struct orl_picture picture = {0};
    size_t count = 0;
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++) {
        const struct orl_mark *mark = &picture.marks[i];
        const double *at = picture.points + 2 * mark->first;
        count += mark->kind == ORL_MARK_LINE && mark->count == 2 && at[0] == at[2];
    }
    orl_picture_uninit(&picture);
    return count;
}

/* Of a curve that swings up and down no line is drawn to the dots, of a steady one from each that
 * is far enough; none to a curve that has left. */
static void what_swings_has_no_hairlines(void **state)
{
    static const double truth[] = {1, 2, 0};
    struct orl_problem *p = stage_problem("alpha + beta*x + 0*gamma", truth, 12);
    const double rates[] = {0.001, 0.77, 0.9};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct orl_trace *trace = stage_run(p, "sgd", rates[i], 0, 40);
        struct orl_film_run run = {trace, p, "p/o", "x", "", 0, NULL, NULL, 0, NULL};
        struct orl_panel_spec panel = {"fit", NULL};
        struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
        struct orl_film *film = stage_film(&spec);
        size_t early = hairlines(film, orl_film_frame_at(film, 6)),
               late = hairlines(film, orl_film_frames(film) - 1);
        if (i == 0)
            assert_true(early == 12 && late == 12);
        else
            assert_true(early == 0);
        if (i == 2)
            assert_int_equal(late, 0);
        orl_film_destroy(&film);
        orl_trace_destroy(&trace);
    }
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bends_ask_for_points),
        cmocka_unit_test(the_pen_is_lifted_at_poles_alone),
        cmocka_unit_test(waves_get_more_points_than_a_parabola),
        cmocka_unit_test(names_stand_calm),
        cmocka_unit_test(rounding_stands_at_zero),
        cmocka_unit_test(cells_have_the_same_axes),
        cmocka_unit_test(what_swings_has_no_hairlines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
