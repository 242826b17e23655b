/* Lines over the steps: thinning keeps what can be seen, runs that go astray end where they leave,
 * axes hold what counts. */
#include <math.h>
#include <stdlib.h>

#include "support/stage.h"

#include "scene/film/pace.h"
#include "scene/panels/stepthin.h"

enum { ROWS = 20000, RUNS_MAX = 24 };

/* A film of as many runs as there are traces, with nothing but what lines over steps need. */
struct stage {
    struct view film;
    struct theme theme;
    struct orl_film_run runs[RUNS_MAX];
    struct style styles[RUNS_MAX];
    struct orl_trace traces[RUNS_MAX];
    int64_t *steps;
    double *values[RUNS_MAX];
    struct step_plot plot;
};

static void set_up(struct stage *s, size_t runs, enum orl_pace pace,
                   double (*value)(size_t run, size_t row))
{
    memset(s, 0, sizeof *s);
    assert_int_equal(orl_theme_make(&(struct orl_theme_spec){0}, &s->theme, NULL), ORL_OK);
    s->steps = calloc(ROWS, sizeof *s->steps);
    for (size_t i = 0; i < ROWS; i++)
        s->steps[i] = (int64_t)i;
    for (size_t r = 0; r < runs; r++) {
        s->values[r] = calloc(ROWS, sizeof **s->values);
        for (size_t i = 0; i < ROWS; i++)
            s->values[r][i] = value(r, i);
        s->traces[r] = (struct orl_trace){
            .rows = ROWS, .step = s->steps, .loss = s->values[r], .steps = ROWS - 1};
        s->runs[r] = (struct orl_film_run){
            .trace = &s->traces[r], .name = "p/o", .title = "o", .details = ""};
        s->styles[r] = orl_theme_style(&s->theme, r);
    }
    s->film = (struct view){.runs = s->runs,
                            .styles = s->styles,
                            .run_count = runs,
                            .axis_count = runs,
                            .axis_to = ROWS - 1,
                            .measure = &stage_measure,
                            .theme = &s->theme,
                            .size = {.title = 30, .text = 20, .line = 3},
                            .width = 1000,
                            .height = 600,
                            .fps_num = 30,
                            .fps_den = 1,
                            .pace_kind = pace};
    assert_int_equal(orl_pace_init(&s->film.pace, pace, 300, 0.5, 1, 30, 0, ROWS - 1, NULL),
                     ORL_OK);
    assert_int_equal(orl_step_plot_init(&s->film, &s->plot, runs, NULL), ORL_OK);
    for (size_t r = 0; r < runs; r++)
        s->plot.lines[r] = (struct step_line){
            .run = r, .values = s->values[r], .stride = 1, .style = s->styles[r], .level = NAN};
}

static void lay(struct stage *s, enum step_scale scale)
{
    struct step_range range;
    orl_step_range_init(&range);
    for (int pass = 0; pass < 2; pass++)
        for (size_t r = 0; r < s->film.run_count; r++)
            if (orl_step_astray(&s->film, r) == (pass == 1))
                orl_step_range_run(&s->film, &s->plot.lines[r], &range);
    orl_step_axis_y(scale, &range, false, &s->plot.plot.y);
    orl_step_axis_x(&s->film, STEP_SCALE_LINEAR, &s->plot.plot.x);
    struct panel panel = {.box = {0, 0, 640, 400}};
    assert_int_equal(orl_step_plot_lay(&s->film, &panel, &s->plot, panel.box, 0, NULL), ORL_OK);
}

static void tear_down(struct stage *s)
{
    orl_step_plot_uninit(&s->plot);
    orl_pace_uninit(&s->film.pace);
    free(s->steps);
    for (size_t r = 0; r < RUNS_MAX; r++)
        free(s->values[r]);
}

/* A wave with a single spike: nothing that stands out is lost, and few points are left. */
static double wave(size_t run, size_t row)
{
    return row == 12345 ? 5.0 : sin((double)(row + run) / 900.0);
}

static void thinning_keeps_the_line(void **state)
{
    struct stage s;
    (void)state;
    set_up(&s, 1, ORL_PACE_LINEAR, wave);
    lay(&s, STEP_SCALE_LINEAR);
    const struct step_line *line = &s.plot.lines[0];
    assert_true(line->count > 10 && line->count < 400);
    bool spike = false;
    for (size_t i = 0; i + 1 < line->count; i++) {
        const double *a = line->xy + 2 * i;
        spike |= line->rows[i] == 12345;
        assert_true(line->rows[i] < line->rows[i + 1]);
        for (size_t row = line->rows[i]; row <= line->rows[i + 1];
             row += 7) { /* every row lies on the line, but for a column */
            double x = orl_axis_px(&s.plot.plot.x, (double)row),
                   y = orl_step_y(&s.plot, wave(0, row));
            double at = a[0] + (a[2] > a[0] ? (x - a[0]) / (a[2] - a[0]) : 0.0) * (a[2] - a[0]);
            double on = a[1] + (a[2] > a[0] ? (at - a[0]) / (a[2] - a[0]) : 0.0) * (a[3] - a[1]);
            assert_true(fabs(on - y) < 1.5 || fabs(a[2] - a[0]) < 4.0);
        }
    }
    assert_true(spike);
    tear_down(&s);
}

/* Points drawn on a frame end at the place of the frame's row. */
static void heads_are_where_the_row_is(void **state)
{
    struct stage s;
    struct orl_picture picture = {0};
    (void)state;
    set_up(&s, 1, ORL_PACE_LINEAR, wave);
    lay(&s, STEP_SCALE_LINEAR);
    for (size_t frame = 0; frame < 300; frame += 23) {
        size_t row = orl_view_row(&s.film, 0, frame), marks = 0;
        orl_picture_clear(&picture);
        orl_step_plot_moving(&s.film, &s.plot, frame, 0, 1, &picture);
        for (size_t i = 0; i < picture.count; i++)
            if (picture.marks[i].kind == ORL_MARK_DOTS) {
                const double *at = picture.points + 2 * picture.marks[i].first;
                CHECK_NEAR(at[0], orl_axis_px(&s.plot.plot.x, (double)row), 1e-9);
                CHECK_NEAR(at[1], orl_step_y(&s.plot, wave(0, row)), 1e-9);
                marks++;
            }
        assert_int_equal(marks, 1);
    }
    orl_picture_uninit(&picture);
    tear_down(&s);
}

/* One run settles, one goes astray: the axis belongs to the first, and the second ends at the edge.
 */
static double astray(size_t run, size_t row)
{
    return run == 0     ? 1.0 + exp(-(double)row / 500.0)
           : row < 3000 ? pow(1.01, (double)row)
                        : pow(1.01, 3000.0);
}

static void runs_that_go_astray_end_at_the_edge(void **state)
{
    struct stage s;
    (void)state;
    set_up(&s, 2, ORL_PACE_LINEAR, astray);
    assert_false(orl_step_astray(&s.film, 0));
    assert_true(orl_step_astray(&s.film, 1));
    lay(&s, STEP_SCALE_LINEAR);
    const struct step_line *out = &s.plot.lines[1];
    assert_true(s.plot.plot.y.high < 6.0);
    assert_true(out->cut && out->left_row > 0 && out->left_row < 300);
    CHECK_NEAR(out->exit[1], s.plot.plot.area.y, 1e-9);
    assert_false(s.plot.lines[0].cut);
    tear_down(&s);
}

/* Noise that no pixel can show is a band, a smooth line is none. */
static double noise(size_t run, size_t row)
{
    return run == 0 ? (double)(row * 7919 % 100) / 50.0 - 1.0 : 0.5;
}

static void noise_becomes_a_band(void **state)
{
    struct stage s;
    struct orl_picture picture = {0};
    (void)state;
    set_up(&s, 2, ORL_PACE_LINEAR, noise);
    lay(&s, STEP_SCALE_LINEAR);
    assert_true(s.plot.banded);
    orl_step_plot_moving(&s.film, &s.plot, 299, 0, 2, &picture);
    size_t areas = 0;
    for (size_t i = 0; i < picture.count; i++) {
        const struct orl_mark *m = &picture.marks[i];
        if (m->kind != ORL_MARK_AREA)
            continue;
        areas++;
        double low = INFINITY, high = -INFINITY;
        for (size_t k = 0; k < m->count; k++) {
            low = fmin(low, picture.points[2 * (m->first + k) + 1]);
            high = fmax(high, picture.points[2 * (m->first + k) + 1]);
        }
        assert_true(low < orl_step_y(&s.plot, 0.95) &&
                    high > orl_step_y(&s.plot, -0.95)); /* from the highest to the lowest */
    }
    assert_int_equal(areas, 1);
    orl_picture_uninit(&picture);
    tear_down(&s);
}

/* Cells without a number do not break a line, and the head waits at the last one. */
static double sparse(size_t run, size_t row)
{
    (void)run;
    return row % 500 ? NAN : 1.0 + (double)row;
}

static void empty_cells_are_passed_over(void **state)
{
    struct stage s;
    (void)state;
    set_up(&s, 1, ORL_PACE_LINEAR, sparse);
    lay(&s, STEP_SCALE_LINEAR);
    size_t shown;
    assert_int_equal(orl_step_head_row(&s.plot.lines[0], 7499, &shown), 7000);
    assert_int_equal(orl_step_head_row(&s.plot.lines[0], 7500, &shown), 7500);
    for (size_t i = 0; i < s.plot.lines[0].count; i++)
        assert_true(isfinite(s.plot.lines[0].xy[2 * i + 1]));
    tear_down(&s);
}

/* Symmetric logarithm: order and place are kept on both sides of 0, pixels and values are each
 * other's inverse. */
static void symlog_axes(void **state)
{
    static const double ranges[][3] = {{-1e3, 1e5, 1e-2},         {-1, 1, 1e-9}, {0, 1e300, 1},
                                       {-1e-300, 1e-290, 1e-299}, {2, 3, 1},     {5, 5, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct axis axis = {.first = 300, .last = 20};
        struct tick ticks[TICKS_MAX];
        orl_axis_symlog(&axis, ranges[i][0], ranges[i][1], ranges[i][2], 0.05);
        assert_true(axis.low < axis.high && isfinite(axis.low) && isfinite(axis.high));
        CHECK_NEAR(orl_axis_px(&axis, axis.low), 300, 1e-6);
        CHECK_NEAR(orl_axis_px(&axis, axis.high), 20, 1e-6);
        CHECK_NEAR(orl_axis_px(&axis, orl_axis_value(&axis, 123.0)), 123.0, 1e-6);
        for (size_t wanted = 2; wanted <= 8; wanted++) {
            size_t count = orl_axis_ticks(&axis, wanted, ticks);
            assert_true(count >= 2 && count <= TICKS_MAX);
            for (size_t k = 1; k < count; k++) {
                assert_true(ticks[k].value > ticks[k - 1].value);
                assert_string_not_equal(ticks[k].label, ticks[k - 1].label);
            }
        }
    }
}

/* Logarithmic axes hold all doubles that have their full digits, and symmetric ones say how large
 * both of their sides are. */
static void axes_reach_far(void **state)
{
    struct axis axis = {.first = 300, .last = 20};
    struct tick ticks[TICKS_MAX];
    (void)state;
    orl_axis_range(&axis, SCALE_LOG, 2e-303, 6e305, 0.06);
    double low = orl_axis_px(&axis, 2e-303), high = orl_axis_px(&axis, 6e305);
    assert_true(low < 300.0 && high > 20.0 && low > high);
    orl_axis_symlog(&axis, -12.0, 0.2, 1e-3,
                    0.05); /* decades of the larger side alone would say nothing of the other */
    size_t count = orl_axis_ticks(&axis, 3, ticks);
    assert_true(ticks[0].value < 0.0 && ticks[count - 1].value > 0.0);
}

/* As many labels as there is said to be room for stand one above the other in a plot of that
 * height. */
static void labels_fit_where_they_have_room(void **state)
{
    struct stage s;
    (void)state;
    set_up(&s, 1, ORL_PACE_LINEAR, sparse);
    for (double height = 10.0; height < 300.0; height += 7.0) {
        size_t room = orl_step_labels_room(&s.film, height);
        assert_true(room >= 1 && room <= THEME_STYLES);
        assert_true(room == 1 || (double)(room - 1) * s.film.size.text <= height);
    }
    tear_down(&s);
}

static double falling(size_t run, size_t row)
{
    (void)run;
    return -(double)row;
}

/* The lowest name ends above the line of the axis, which its patch would cut. */
static void names_leave_the_axis(void **state)
{
    struct stage s;
    struct orl_picture picture = {0};
    size_t patches = 0;
    (void)state;
    set_up(&s, 2, ORL_PACE_LINEAR, falling);
    s.film.size.line = 4;
    s.plot.lines[0].label = "a";
    s.plot.lines[1].label = "b";
    lay(&s, STEP_SCALE_LINEAR);
    const struct orl_rect *area = &s.plot.plot.area;
    double axis = round(area->y + area->height) + 0.5 - 1.0; /* 2 px wide */
    orl_step_plot_moving(&s.film, &s.plot, 299, 0, 2, &picture);
    for (size_t i = 0; i < picture.count; i++) {
        const struct orl_mark *mark = &picture.marks[i];
        if (mark->kind != ORL_MARK_RECT)
            continue;
        patches++;
        assert_true(picture.points[2 * mark->first + 1] + mark->size2 <= axis + 1e-9);
    }
    assert_int_equal(patches, 2);
    orl_picture_uninit(&picture);
    tear_down(&s);
}

static double level(size_t run, size_t row)
{
    return row == 0 ? 100.0 : (double)run / RUNS_MAX;
}

/* Where the markers of many runs pile up, the halo of one leaves most of the others; few runs have
 * them wide. */
static void halos_leave_the_pile(void **state)
{
    (void)state;
    for (size_t runs = 3; runs <= RUNS_MAX; runs += RUNS_MAX - 3) {
        struct stage s;
        struct orl_picture picture = {0};
        size_t heads = 0;
        set_up(&s, runs, ORL_PACE_LINEAR, level);
        lay(&s, STEP_SCALE_LINEAR);
        orl_step_plot_moving(&s.film, &s.plot, 299, 0, runs, &picture);
        for (size_t i = 0; i < picture.count; i++) {
            if (picture.marks[i].kind != ORL_MARK_DOTS)
                continue;
            heads++;
            assert_true(picture.marks[i].halo_px > 0.0);
            assert_true(runs == 3 ? picture.marks[i].halo_px == 0.5 * s.film.size.line
                                  : picture.marks[i].halo_px < 0.2 * s.film.size.line);
        }
        assert_int_equal(heads, runs);
        orl_picture_uninit(&picture);
        tear_down(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thinning_keeps_the_line),
        cmocka_unit_test(heads_are_where_the_row_is),
        cmocka_unit_test(runs_that_go_astray_end_at_the_edge),
        cmocka_unit_test(noise_becomes_a_band),
        cmocka_unit_test(empty_cells_are_passed_over),
        cmocka_unit_test(symlog_axes),
        cmocka_unit_test(axes_reach_far),
        cmocka_unit_test(labels_fit_where_they_have_room),
        cmocka_unit_test(names_leave_the_axis),
        cmocka_unit_test(halos_leave_the_pile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
