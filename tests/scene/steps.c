/* The steps panel: arrows and bars that say what the rows of a trace say. */
#include "support/stage.h"

#include "optreel/scene.h"

enum { ROWS = 5, MOST = 3 };

/* A trace of five rows, in memory of its own. */
struct told {
    struct orl_trace trace;
    char *names[MOST];
    int64_t step[ROWS];
    double values[ROWS * MOST], gradients[ROWS * MOST];
};

static void tell(struct told *t, size_t n, const double rows[ROWS][MOST],
                 const double gradients[ROWS][MOST])
{
    static char names[MOST][8] = {"alpha", "beta", "gamma"};
    for (size_t j = 0; j < n; j++)
        t->names[j] = names[j];
    for (size_t i = 0; i < ROWS; i++) {
        t->step[i] = (int64_t)i;
        for (size_t j = 0; j < n; j++) {
            t->values[i * n + j] = rows[i][j];
            t->gradients[i * n + j] = gradients ? gradients[i][j] : 0.0;
        }
    }
    t->trace = (struct orl_trace){.rows = ROWS,
                                  .parameter_count = n,
                                  .parameters = t->names,
                                  .step = t->step,
                                  .values = t->values,
                                  .gradients = gradients ? t->gradients : NULL,
                                  .steps = ROWS - 1};
}

static int film_width = 1280, film_height = 720;
static const struct orl_run_rule *rule_of_a; /* NULL: it is not known */

static struct orl_film *make_styled_film(const struct told *t, size_t runs, int show, size_t style)
{
    struct orl_value settings[] = {{.number = NAN}, {.number = show}};
    const struct orl_panel_spec panel = {"steps", settings};
    struct orl_film_run list[] = {
        {&t[0].trace, NULL, "a", "A", "", style, NULL, NULL, 0, rule_of_a},
        {&t[1].trace, NULL, "b", "B", "", 1, NULL, NULL, 0, NULL}};
    struct orl_film_spec spec = stage_spec(list, runs, &panel, 1, film_width, film_height);
    spec.title = "steps";
    spec.quantity = "value";
    spec.pace = ORL_PACE_LINEAR;
    spec.length_s = 0.5;
    spec.hold_first_s = spec.hold_last_s = 0;
    spec.fps_num = 10;
    spec.text_px = 24;
    spec.line_px = 3;
    struct orl_film *film = stage_film(&spec);
    struct orl_error err = {0};
    assert_int_equal(orl_film_frames(film), ROWS);
    for (size_t f = 0; f < ROWS; f++)
        if (orl_film_check(film, f, &err) != ORL_OK)
            fail_msg("frame %zu: %s", f, err.text);
    return film;
}

static struct orl_film *make_film(const struct told *t, size_t runs, int show)
{
    return make_styled_film(t, runs, show, 0);
}

/* The tips of a frame's arrows, in the order in which they are drawn: gradient, before, step. */
static size_t tips(const struct orl_film *film, size_t frame, double at[8][2])
{
    struct orl_picture picture = {0};
    size_t count = 0;
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count && count < 8; i++)
        if (picture.marks[i].kind == ORL_MARK_AREA)
            memcpy(at[count++], picture.points + 2 * picture.marks[i].first, sizeof at[0]);
    orl_picture_uninit(&picture);
    return count;
}

static bool says(const struct orl_film *film, size_t frame, const char *text)
{
    struct orl_picture picture = {0};
    bool found = false;
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++)
        found |= picture.marks[i].kind == ORL_MARK_TEXT &&
                 strcmp(picture.text + picture.marks[i].text, text) == 0;
    orl_picture_uninit(&picture);
    return found;
}

/* Of a rule that is not known the gradient has its direction alone: its arrow is as long as the
 * step's, which lies on it. Lengths are to one scale until the outer ring stands for less. */
static void steps_down_the_gradient(void **state)
{
    static const double rows[ROWS][MOST] = {
        {-1, 1}, {-0.2, 0.2}, {0.2, -0.2}, {0.4, -0.4}, {0.5, -0.5}};
    static const double gradients[ROWS][MOST] = {
        {-500, 500}, {-50, 50}, {-5, 5}, {-0.5, 0.5}, {0, 0}};
    static struct told t;
    double at[8][2];
    (void)state;
    tell(&t, 2, rows, gradients);
    struct orl_film *film = make_film(&t, 1, 0);
    assert_int_equal(tips(film, 0, at), 0);
    assert_int_equal(tips(film, 1, at), 2); /* there is no step before */
    for (size_t f = 2; f < ROWS; f++) {
        assert_int_equal(tips(film, f, at), 3); /* before, gradient, step */
        assert_true(fabs(at[1][0] - at[2][0]) < 1e-6 && fabs(at[1][1] - at[2][1]) < 1e-6);
        /* the step before was twice as long and went the same way, right and down */
        assert_true(at[0][0] > at[2][0] && at[0][1] > at[2][1]);
    }
    assert_true(says(film, 1, "outer ring 2"));
    assert_true(says(film, 2, "outer ring 2"));
    assert_true(says(film, 4, "outer ring 0.5"));
    assert_true(says(film, 2, "0° off the gradient"));
    assert_true(says(film, 2, "0.566"));
    orl_film_destroy(&film);
}

/* Momentum 0.5 and a rate of 0.1: each step is half the last one minus a tenth of the gradient, and
 * the arrows say so, tip to tail and to one scale. */
static void steps_that_add_up(void **state)
{
    static const double gradients[ROWS][MOST] = {{-10, 0}, {0, 10}, {5, 5}, {-5, 2}, {0, 0}};
    static const char *const said[] = {"0.5 × last step", "−0.1 × gradient", "step"};
    double rows[ROWS][MOST] = {{0}}, v[2] = {0.0, 0.0}, at[8][2], first[2];
    static struct told t;
    (void)state;
    for (size_t i = 1; i < ROWS; i++)
        for (size_t j = 0; j < 2; j++) {
            v[j] = 0.5 * v[j] - 0.1 * gradients[i - 1][j];
            rows[i][j] = rows[i - 1][j] + v[j];
        }
    tell(&t, 2, (const double(*)[MOST])rows, gradients);
    const struct orl_optimizer_desc *momentum = orl_optimizer_find("momentum");
    struct orl_value *values = orl_values_default(momentum->settings);
    values[orl_setting_find(momentum->settings, "momentum")].number = 0.5;
    values[orl_setting_find(momentum->settings, "learning_rate")].number = 0.1;
    const struct orl_run_rule rule = {momentum, values, NAN, ROWS - 1};
    rule_of_a = &rule;
    struct orl_film *film = make_film(&t, 1, 0);
    for (size_t i = 0; i < 3; i++)
        assert_true(stage_frame_says(film, 1, said[i]));
    assert_int_equal(tips(film, 1, at), 2); /* nothing was kept: the gradient's share is all */
    memcpy(first, at[1], sizeof first);
    assert_true(hypot(at[0][0] - at[1][0], at[0][1] - at[1][1]) < 1e-6);
    /* Row 2: half of (1, 0), then (0, -1): together (0.5, -1), where (1, 0) is `first`. */
    assert_int_equal(tips(film, 2, at), 3);
    assert_true(hypot(at[1][0] - at[2][0], at[1][1] - at[2][1]) < 1e-6); /* tip on tip */
    double unit = 2.0 * (first[0] - at[0][0]), middle[] = {first[0] - unit, first[1]};
    assert_true(unit > 20.0);
    assert_true(fabs(at[0][0] - middle[0] - 0.5 * unit) < 1e-6 &&
                fabs(at[0][1] - middle[1]) < 1e-6);
    assert_true(fabs(at[2][0] - middle[0] - 0.5 * unit) < 1e-6);
    assert_true(fabs(at[2][1] - middle[1] - unit) < 1e-6);
    assert_true(says(film, 2, "27° off the gradient")); /* atan(1/2) */
    orl_film_destroy(&film);
    /* A gradient that the updates do not follow: nothing is said to add up. */
    t.gradients[2] += 1.0;
    film = make_film(&t, 1, 0);
    assert_false(stage_frame_says(film, 1, "0.5 × last step"));
    assert_true(stage_frame_says(film, 1, "last step"));
    orl_film_destroy(&film);
    rule_of_a = NULL;
    orl_values_free(values, momentum->settings);
}

/* Across the gradient, as far as the plane shows: 90°. */
static void steps_across_the_gradient(void **state)
{
    static const double rows[ROWS][MOST] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    static const double gradients[ROWS][MOST] = {{0, -1}, {-1, 0}, {0, 1}, {1, 0}, {0, 0}};
    static struct told t;
    (void)state;
    tell(&t, 2, rows, gradients);
    struct orl_film *film = make_film(&t, 1, 0);
    assert_true(says(film, 1, "90° off the gradient"));
    orl_film_destroy(&film);
}

static size_t dashed(const struct orl_film *film, size_t frame, bool still)
{
    struct orl_picture picture = {0};
    size_t count = 0;
    assert_int_equal((still ? orl_film_still : orl_film_moving)(film, frame, &picture, NULL),
                     ORL_OK);
    for (size_t i = 0; i < picture.count; i++)
        count += picture.marks[i].kind == ORL_MARK_LINE && picture.marks[i].dash != ORL_DASH_SOLID;
    orl_picture_uninit(&picture);
    return count;
}

/* What the legend shows is what is drawn, whatever the run's own dash: the step before is dashed,
 * and nothing else. */
static void dashes_of_the_legend(void **state)
{
    static const double rows[ROWS][MOST] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    static const double gradients[ROWS][MOST] = {{0, -1}, {-1, 0}, {0, 1}, {1, 0}, {0, 0}};
    static struct told t[2];
    (void)state;
    tell(&t[0], 2, rows, gradients);
    tell(&t[1], 2, rows, gradients);
    struct orl_film *film = make_styled_film(t, 1, 0, 1);
    assert_int_equal(dashed(film, 0, true), 1);
    assert_int_equal(dashed(film, 3, false), 1);
    orl_film_destroy(&film);
}

/* Without gradients there is no arrow for them; a race has one arrow for each run. */
static void arrows_that_there_are(void **state)
{
    static const double rows[ROWS][MOST] = {{0, 0, 4}, {1, 0, 3}, {1, 1, 2}, {0, 1, 1}, {0, 0, 0}};
    static struct told t[2];
    double at[8][2];
    (void)state;
    tell(&t[0], 2, rows, NULL);
    tell(&t[1], 2, rows, rows);
    struct orl_film *film = make_film(t, 1, 0);
    assert_int_equal(tips(film, 3, at), 2);
    orl_film_destroy(&film);
    film = make_film(t, 2, 0);
    assert_int_equal(tips(film, 3, at), 2);
    orl_film_destroy(&film);
}

/* The word of the still part that begins with these letters. */
static bool find_word(const struct orl_film *film, const char *letters, double xy[2])
{
    struct orl_picture picture = {0};
    bool found = false;
    assert_int_equal(orl_film_still(film, 0, &picture, NULL), ORL_OK);
    for (size_t i = 0; !found && i < picture.count; i++) {
        const struct orl_mark *m = &picture.marks[i];
        found = m->kind == ORL_MARK_TEXT &&
                strncmp(picture.text + m->text, letters, strlen(letters)) == 0;
        if (found)
            memcpy(xy, picture.points + 2 * m->first, 2 * sizeof *xy);
    }
    orl_picture_uninit(&picture);
    return found;
}

/* A race has no legend: the note says what its arrows are. */
static void note_of_a_race(void **state)
{
    static const double rows[ROWS][MOST] = {{0, 0, 4}, {1, 0, 3}, {1, 1, 2}, {0, 1, 1}, {0, 0, 0}};
    static struct told t[2];
    double xy[2];
    (void)state;
    tell(&t[0], 3, rows, NULL);
    tell(&t[1], 3, rows, NULL);
    struct orl_film *film = make_film(t, 2, 0);
    assert_true(says(film, 1, "step of each run, outer ring 2") ||
                says(film, 1, "step of each run, outer ring 1"));
    assert_false(find_word(film, "last step", xy));
    orl_film_destroy(&film);
    film = make_film(t, 1, 0);
    assert_true(find_word(film, "log", xy)); /* bars */
    orl_film_destroy(&film);
}

/* From the nearest word in the line of the name above the rings to that name, in parts of the text
 * size; INFINITY without one. */
static double room_before(const struct orl_film *film, const double name[2])
{
    struct orl_picture picture = {0};
    double text = 24, room = INFINITY;
    assert_int_equal(orl_film_still(film, 0, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++) {
        const double *at = picture.points + 2 * picture.marks[i].first;
        if (picture.marks[i].kind != ORL_MARK_TEXT || at[0] >= name[0] ||
            fabs(at[1] - name[1]) > 0.7 * text)
            continue;
        struct orl_extent extent;
        stage_measure.text(NULL, picture.text + picture.marks[i].text, text, false, &extent);
        room = fmin(room, (name[0] - 0.25 * text - at[0] - extent.width) / text);
    }
    orl_picture_uninit(&picture);
    return room;
}

/* Lines of the legend above the rings: where the last one stands beside the axis' name, they do not
 * read as one. */
static void legend_beside_the_name(void **state)
{
    static const double rows[ROWS][MOST] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    static struct told t[2];
    double name[2];
    int beside = 0;
    (void)state;
    tell(&t[0], 2, rows, rows);
    for (film_height = 300; film_height <= 720; film_height += 60)
        for (film_width = 400; film_width <= 1000; film_width += 10) {
            struct orl_film *film = make_film(t, 1, 0);
            double room = find_word(film, "β", name) ? room_before(film, name) : INFINITY;
            assert_true(room > 1.4);
            beside += room < 6.0;
            orl_film_destroy(&film);
        }
    film_width = 1280;
    film_height = 720;
    assert_true(beside > 0);
}

/* Bars: to the left where a parameter falls, as long as decades say. */
static void bars_for_each_parameter(void **state)
{
    static const double rows[ROWS][MOST] = {
        {0, 0, 0}, {1, -0.1, 0.01}, {2, -0.2, 0.02}, {3, -0.3, 0.03}, {4, -0.4, 0.04}};
    static struct told t;
    struct orl_picture picture = {0};
    double left[MOST], width[MOST];
    size_t bars = 0;
    (void)state;
    tell(&t, 3, rows, NULL);
    struct orl_film *film = make_film(&t, 1, 0);
    assert_int_equal(orl_film_moving(film, 1, &picture, NULL),
                     ORL_OK); /* the first step: none before it */
    for (size_t i = 0; i < picture.count; i++) {
        if (picture.marks[i].kind != ORL_MARK_RECT)
            continue;
        assert_true(bars < MOST);
        left[bars] = picture.points[2 * picture.marks[i].first];
        width[bars++] = picture.marks[i].size;
    }
    assert_int_equal(bars, MOST);
    assert_true(fabs(left[1] + width[1] - left[0]) < 1e-6 && fabs(left[2] - left[0]) < 1e-6);
    assert_true(fabs((width[0] - width[1]) - (width[1] - width[2])) < 1e-6 &&
                width[1] < width[0] - 10);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
}

/* Where there is no line for each parameter, the last one says how many have none. */
static void bars_that_are_left_out(void **state)
{
    static const double rows[ROWS][MOST] = {
        {0, 0, 0}, {1, -0.1, 0.01}, {2, -0.2, 0.02}, {3, -0.3, 0.03}, {4, -0.4, 0.04}};
    static struct told t;
    struct orl_picture picture = {0};
    bool said = false;
    (void)state;
    tell(&t, 3, rows, NULL);
    film_height = 250;
    struct orl_film *film = make_film(&t, 1, 0);
    film_height = 720;
    assert_int_equal(orl_film_still(film, 0, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++)
        said |= picture.marks[i].kind == ORL_MARK_TEXT &&
                strcmp(picture.text + picture.marks[i].text, "… 2 more") == 0;
    assert_true(said);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
}

/* A run that goes astray at once: its first updates set the scale, and what is longer has full
 * length. */
static void steps_that_go_astray(void **state)
{
    static const double rows[ROWS][MOST] = {
        {1, 1}, {-1e3, -1e3}, {1e9, 1e9}, {-1e27, -1e27}, {1e81, 1e81}};
    static double loss[ROWS] = {1, 1e6, 1e18, 1e54, 1e162};
    static struct told t;
    double at[8][2], last[2] = {0};
    (void)state;
    tell(&t, 2, rows, rows);
    t.trace.loss = loss;
    t.trace.status = ORL_STATUS_DIVERGED;
    struct orl_film *film = make_film(&t, 1, 0);
    for (size_t f = 2; f < ROWS; f++) {
        assert_int_equal(tips(film, f, at), 2); /* the step before is too short to be seen */
        if (f > 2)                              /* to and fro by the same length */
            assert_true(hypot(at[1][0] - last[0], at[1][1] - last[1]) > 100);
        memcpy(last, at[1], sizeof last);
    }
    orl_film_destroy(&film);
}

/* Where the run's head is, px: the last dot of a frame. */
static void head_at(const struct orl_film *film, size_t frame, double xy[2])
{
    struct orl_picture picture = {0};
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++)
        if (picture.marks[i].kind == ORL_MARK_DOTS && picture.marks[i].size > 6.0)
            memcpy(xy, picture.points + 2 * picture.marks[i].first, 2 * sizeof *xy);
    orl_picture_uninit(&picture);
}

/* On a surface the last step stands apart: 0.9 of the one before, then the gradient's share, which
 * ends at the head. */
static void triangle_at_the_head(void **state)
{
    const double start[] = {-1.5, 0.6};
    const char *const names[] = {"x", "y"};
    struct orl_problem *p = stage_problem_make(&(struct stage_model){
        .formula = "0.5*(x^2 + 40*y^2)", .names = names, .start = start, .count = 2});
    struct orl_trace *t = stage_run(p, "momentum", 0.02, 0, 12);
    const struct orl_optimizer_desc *momentum = orl_optimizer_find("momentum");
    struct orl_value *values = orl_values_default(momentum->settings);
    values[orl_setting_find(momentum->settings, "learning_rate")].number = 0.02;
    const struct orl_run_rule rule = {momentum, values, NAN, 12};
    const struct orl_film_run run = {t, p, "p/m", "Momentum", "", 0, NULL, NULL, 0, &rule};
    const struct orl_panel_spec panel = {"surface", NULL};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
    double before[2], from[2], head[2], at[8][2];
    (void)state;
    spec.pace = ORL_PACE_LINEAR;
    spec.length_s = 2.6;
    spec.fps_num = 30;
    spec.hold_first_s = spec.hold_last_s = 0;
    struct orl_film *film = stage_film(&spec);
    size_t frame = orl_film_frame_at(film, 4);
    head_at(film, orl_film_frame_at(film, 2), before);
    head_at(film, orl_film_frame_at(film, 3), from);
    head_at(film, frame, head);
    assert_int_equal(orl_film_step(film, frame), 4);
    assert_int_equal(tips(film, frame, at), 2);
    for (int a = 0; a < 2; a++) {
        assert_true(fabs(at[0][a] - from[a] - 0.9 * (from[a] - before[a])) < 1e-6);
        assert_true(fabs(at[1][a] - head[a]) < 1e-6);
    }
    assert_true(says(film, frame, "0.9 × last step"));
    assert_true(says(film, frame, "−0.02 × gradient"));
    assert_int_equal(tips(film, orl_film_frame_at(film, 1), at), 0); /* nothing was kept */
    orl_film_destroy(&film);
    orl_values_free(values, momentum->settings);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_down_the_gradient),   cmocka_unit_test(steps_that_add_up),
        cmocka_unit_test(steps_across_the_gradient), cmocka_unit_test(dashes_of_the_legend),
        cmocka_unit_test(arrows_that_there_are),     cmocka_unit_test(note_of_a_race),
        cmocka_unit_test(legend_beside_the_name),    cmocka_unit_test(bars_for_each_parameter),
        cmocka_unit_test(bars_that_are_left_out),    cmocka_unit_test(steps_that_go_astray),
        cmocka_unit_test(triangle_at_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
