/* The surface panel: paths that end at their rows, names that ride apart, numbers of any
 * size. */
#include "support/race.h"
#include "support/stage.h"
#include "support/theme.h"

#include "optreel/scene.h"
#include "scene/panels/surface.h"
#include "scene/tables.h"

enum kind { VALLEY, BOWL3, LINE1, LOGS, FAR };

static struct orl_problem *make_problem(enum kind kind)
{
    static const char *const names[] = {"alpha", "beta", "gamma"};
    static const char *const models[] = {
        "(1-alpha)^2 + 100*(beta-alpha^2)^2", "alpha^2 + 2*beta^2 + 30*gamma^2 - 5", "(alpha-2)^2",
        "log(alpha)^2 + sqrt(beta)", "1e-12*(alpha-8e6)^2 + beta^2"};
    static const size_t counts[] = {2, 3, 1, 2, 2};
    static const double start[] = {-1.2, 1, 2}, near[] = {0.5, 0.5, 0},
                        truths[][3] = {{1, 1}, {0, 0, 0}, {2}, {1, 0}, {8e6, 0}};
    struct orl_problem *p = NULL;
    struct orl_problem_spec spec = {.model = models[kind],
                                    .parameters = names,
                                    .start = kind == LOGS ? near : start,
                                    .truth = truths[kind],
                                    .parameter_count = counts[kind]};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
    return p;
}

static struct orl_trace *make_trace(const struct orl_problem *p, const char *optimizer, double rate,
                                    int64_t steps)
{
    return stage_run(p, optimizer, rate, 0, steps);
}

static struct orl_film_run run_of(const struct orl_problem *p, const struct orl_trace *t,
                                  size_t style)
{
    static const char *const titles[] = {"SGD", "Adam", "Momentum",
                                         "A run with quite a long name, indeed"};
    return (struct orl_film_run){
        t, p, "p/run", titles[style % 4], "learning rate 0.01", style, NULL, NULL, 0, NULL};
}

static struct orl_film *make_laid(const struct orl_film_run *runs, size_t count, int width,
                                  int height, const char *theme, bool pca, enum orl_layout layout)
{
    struct orl_value *settings = orl_values_default(orl_panel_find("surface")->settings);
    settings[1].number = pca; /* the plane */
    const struct orl_panel_spec panels[] = {{"surface", settings}, {"loss", NULL}};
    struct orl_film_spec spec = stage_spec(runs, count, panels, 2, width, height);
    spec.title = "a film";
    spec.layout = layout;
    spec.theme = theme_of(theme);
    struct orl_film *film = stage_film(&spec);
    orl_values_free(settings, orl_panel_find("surface")->settings);
    return film;
}

static struct orl_film *make_film(const struct orl_film_run *runs, size_t count, int width,
                                  int height, const char *theme, bool pca)
{
    return make_laid(runs, count, width, height, theme, pca, ORL_LAYOUT_OVERLAY);
}

/* Every frame can be read, and is the same whatever was asked before. */
static void check_film(const struct orl_film *film)
{
    struct orl_picture one = {0}, two = {0};
    size_t frames = orl_film_frames(film);
    for (size_t f = 0; f < frames; f += 4) {
        struct orl_error err = {0};
        if (orl_film_check(film, f, &err) != ORL_OK)
            fail_msg("frame %zu: %s", f, err.text);
        assert_int_equal(orl_film_moving(film, f, &one, NULL), ORL_OK);
        assert_int_equal(orl_film_moving(film, frames - 1 - f, &two, NULL), ORL_OK);
        assert_int_equal(orl_film_moving(film, f, &two, NULL), ORL_OK);
        assert_int_equal(one.point_count, two.point_count);
        assert_memory_equal(one.points, two.points, one.point_count * sizeof *one.points);
    }
    orl_picture_uninit(&one);
    orl_picture_uninit(&two);
}

static void films_of_all_sizes(void **state)
{
    static const int sizes[][2] = {{1280, 720}, {640, 360}, {1080, 1080}, {1080, 1920}, {800, 450}};
    static const char *const themes[] = {"light", "dark", "print",
                                         "light background=#ffffff ink=#102030"};
    (void)state;
    for (size_t k = VALLEY; k <= FAR; k++) {
        struct orl_problem *p = make_problem((enum kind)k);
        struct orl_trace *t[] = {make_trace(p, "sgd", 1e-3, 300), make_trace(p, "adam", 0.05, 300),
                                 make_trace(p, "sgd", 3, 300), make_trace(p, "momentum", 1e-3, 40)};
        struct orl_film_run runs[] = {run_of(p, t[0], 0), run_of(p, t[1], 1), run_of(p, t[2], 2),
                                      run_of(p, t[3], 3)};
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t count = 1; count <= 4; count += 3) {
                struct orl_film *film =
                    make_film(runs, count, sizes[s][0], sizes[s][1], themes[(s + k) % 4], s % 2);
                check_film(film);
                orl_film_destroy(&film);
            }
        for (size_t i = 0; i < 4; i++)
            orl_trace_destroy(&t[i]);
        orl_problem_destroy(&p);
    }
}

/* The number of points of the last frame, and of its longest line. */
static size_t points_of_last_frame(const struct orl_film *film)
{
    struct orl_picture picture = {0};
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &picture, NULL), ORL_OK);
    size_t points = picture.point_count / 2;
    orl_picture_uninit(&picture);
    return points;
}

/* A hundred thousand rows that never come to rest cost no more than what can be seen of them. */
static void long_traces_are_thinned(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t = make_trace(p, "sgd", 1e-3, 100000);
    (void)state;
    for (size_t i = 0; i < t->rows; i++) {
        t->values[2 * i] = 1.5 * sin(0.7 * (double)i * (1.0 + 1e-6 * (double)i));
        t->values[2 * i + 1] = 1.0 + 1.2 * cos(1.1 * (double)i);
    }
    struct orl_film_run run = run_of(p, t, 0);
    struct orl_film *film = make_film(&run, 1, 1280, 720, "light", false);
    assert_true(points_of_last_frame(film) < 3000);
    check_film(film);
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* The head of a run stands where its row lies on the axes of the plane, on every frame. */
static void heads_stand_at_their_rows(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t = make_trace(p, "sgd", 1e-3, 400);
    struct orl_film_run run = run_of(p, t, 0);
    struct orl_film *film = make_film(&run, 1, 1280, 720, "light", false);
    struct orl_picture picture = {0};
    double start[2] = {0}, scale[2] = {0};
    (void)state;
    for (size_t f = 0; f < orl_film_frames(film); f++) {
        size_t row = (size_t)orl_film_step(film, f), found = SIZE_MAX;
        assert_int_equal(orl_film_moving(film, f, &picture, NULL), ORL_OK);
        for (size_t i = 0; found == SIZE_MAX && i < picture.count; i++)
            if (picture.marks[i].kind == ORL_MARK_DOTS &&
                picture.marks[i].marker != ORL_MARKER_RING)
                found = picture.marks[i].first;
        assert_true(found != SIZE_MAX);
        const double *head = picture.points + 2 * found;
        for (int a = 0; a < 2;
             a++) { /* one scale fits all: the first move that is large enough gives it */
            double moved = t->values[2 * row + (size_t)a] - t->values[a];
            if (f == 0)
                start[a] = head[a];
            else if (fabs(moved) > 0.2 && scale[a] == 0.0)
                scale[a] = (head[a] - start[a]) / moved;
            else if (scale[a] != 0.0)
                assert_true(fabs(head[a] - start[a] - scale[a] * moved) < 1e-6);
        }
    }
    assert_true(scale[0] > 0.0 && scale[1] < 0.0);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* Of a run that swings further and further on one line, the way goes as far as its head. */
static void growing_swings_reach_their_heads(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t = make_trace(p, "sgd", 1e-3, 60);
    (void)state;
    for (size_t i = 0; i < t->rows; i++) {
        t->values[2 * i] = (i % 2 ? -1.0 : 1.0) * (0.3 + 0.02 * (double)i);
        t->values[2 * i + 1] = 1.0;
        t->loss[i] = t->loss[0];
    }
    struct orl_film_run run = run_of(p, t, 0);
    struct orl_film *film = make_film(&run, 1, 1280, 720, "light", false);
    struct orl_picture picture = {0};
    for (size_t f = 20; f < orl_film_frames(film); f++) {
        const struct orl_mark *head = NULL;
        double nearest = INFINITY;
        assert_int_equal(orl_film_moving(film, f, &picture, NULL), ORL_OK);
        for (size_t i = 0; i < picture.count; i++) {
            const struct orl_mark *m = &picture.marks[i];
            head = !head && m->kind == ORL_MARK_DOTS && m->marker != ORL_MARKER_RING ? m : head;
        }
        assert_non_null(head);
        const double *at = picture.points + 2 * head->first;
        for (const struct orl_mark *way = picture.marks; way < picture.marks + picture.count; way++)
            for (size_t k = 0; way->kind == ORL_MARK_LINE && !way->faint && k < way->count; k++) {
                const double *point = picture.points + 2 * (way->first + k);
                if (isfinite(point[0]))
                    nearest = fmin(nearest, hypot(point[0] - at[0], point[1] - at[1]));
            }
        if (nearest > 3.0)
            fail_msg("frame %zu: the way ends %g px before its head", f, nearest);
    }
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* ---- Facts of the picture ----------------------------------------------------------------------
 */

/* All four names stand on the frames, none on another, and they change sides seldom: a film in
 * which names jump is not looked at for the paths. */
static void names_ride_apart_and_seldom_jump(void **state)
{
    struct race race;
    struct orl_picture picture = {0};
    struct orl_rect boxes[8], before[8] = {{0}};
    size_t jumps = 0, whole = 0, frames;
    (void)state;
    race_open(&race, 4);
    frames = orl_film_frame_at(race.film, 2000); /* then the finish, where others step back */
    for (size_t f = 0; f < frames; f++) {
        assert_int_equal(orl_film_moving(race.film, f, &picture, NULL), ORL_OK);
        size_t count = names_on(&picture, boxes, 8);
        whole += count == 4;
        for (size_t a = 0; a < count; a++) {
            for (size_t b = 0; b < a; b++)
                assert_false(boxes[a].x < boxes[b].x + boxes[b].width &&
                             boxes[b].x < boxes[a].x + boxes[a].width &&
                             boxes[a].y < boxes[b].y + boxes[b].height &&
                             boxes[b].y < boxes[a].y + boxes[a].height);
            jumps += f > 0 && count == 4 &&
                     hypot(boxes[a].x - before[a].x, boxes[a].y - before[a].y) > 60.0;
        }
        memcpy(before, boxes, sizeof boxes);
    }
    assert_in_range(jumps, 0, 16);
    assert_in_range(whole, frames - frames / 10, frames); /* or there is no room */
    orl_picture_uninit(&picture);
    race_close(&race);
}

/* Before the first step the names stand in a column beside the start, in the order of the file,
 * with their marks; no head covers the start's ring. */
static void names_begin_as_a_column(void **state)
{
    struct race race;
    struct orl_picture picture = {0};
    struct orl_rect boxes[8];
    size_t dots = 0;
    (void)state;
    race_open(&race, 4);
    assert_int_equal(orl_film_moving(race.film, 0, &picture, NULL), ORL_OK);
    assert_int_equal(names_on(&picture, boxes, 8), 4);
    for (size_t i = 1; i < 4; i++) {
        assert_true(fabs(boxes[i].x - boxes[0].x) < 1e-9);
        assert_true(fabs(boxes[i].y - boxes[i - 1].y - 30.0) < 1.0); /* 1.25 of the text's 24 px */
    }
    for (size_t i = 0; i < picture.count; i++)
        dots += picture.marks[i].kind == ORL_MARK_DOTS && picture.marks[i].halo_px < 2.0 &&
                picture.points[2 * picture.marks[i].first] < boxes[0].x;
    assert_int_equal(dots, 4);
    orl_picture_uninit(&picture);
    race_close(&race);
}

/* Both axes have one scale: a circle of the plane is a circle of the picture. And the plane fills
 * its box from edge to edge, whatever the shape of the film. */
static void planes_are_to_scale_and_full(void **state)
{
    static const int sizes[][2] = {{1280, 720}, {1080, 1080}, {1080, 1920}, {640, 360}};
    struct race race;
    (void)state;
    race_open(&race, 4);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct axis x = {.first = 10, .last = 10 + sizes[s][0]},
                    y = {.first = sizes[s][1], .last = 0};
        struct orl_rect area = {10, 0, sizes[s][0], sizes[s][1]};
        struct plane plane = {.parameters = 2, .pair = {0, 1}};
        struct view view = {.runs = race.runs, .run_count = 4, .axis_count = 4};
        int64_t steps[] = {2000};
        view.pace.frames = 1;
        view.pace.steps = steps;
        view.pace.to = 2000;
        orl_plane_ranges(&view, &plane, NULL, area, false, &x, &y);
        double px_x = (double)sizes[s][0] / (x.high - x.low),
               px_y = (double)sizes[s][1] / (y.high - y.low);
        assert_true(fabs(px_x - px_y) < 1e-9 * px_x);
        assert_true(plane.stretch == 1.0);
        /* start (-1.2, 1) and minimum (1, 1) with room around them */
        assert_true(x.low < -1.2 - 0.149 * 2.2 && x.high > 1.0 + 0.149 * 2.2);
        assert_true(y.low < 1.0 && y.high > 1.0);
    }
    race_close(&race);
}

/* One extent six times the other: each axis fills the box, and the plane says by how much. */
static void unlike_axes_are_stretched(void **state)
{
    struct race race;
    struct axis x = {0}, y = {0};
    struct plane plane = {.parameters = 2, .pair = {0, 1}};
    int64_t steps[] = {2000};
    (void)state;
    race_open(&race, 1);
    struct orl_trace *t = race.traces[0];
    for (size_t i = 0; i < t->rows; i++) {
        t->values[2 * i] = 1.0 + 12.0 * (double)i / (double)(t->rows - 1);
        t->values[2 * i + 1] = 1.0 + 2.0 * (double)i / (double)(t->rows - 1);
    }
    struct view view = {.runs = race.runs, .run_count = 1, .axis_count = 1};
    view.pace.frames = 1;
    view.pace.steps = steps;
    view.pace.to = 2000;
    orl_plane_ranges(&view, &plane, NULL, (struct orl_rect){0, 0, 600, 600}, false, &x, &y);
    assert_true(fabs(plane.stretch - 6.0) < 1e-9);
    assert_true(fabs((x.high - x.low) - 12.0 * 1.3) < 1e-9);
    assert_true(fabs((y.high - y.low) - 2.0 * 1.3) < 1e-9);
    race_close(&race);
}

/* The newest part of a path is wider and stronger than the oldest, and the oldest is still seen
 * with 3:1 on every band. */
static void paths_age_but_stay_seen(void **state)
{
    struct race race;
    struct orl_picture picture = {0};
    struct ground ground = {.levels = LEVELS};
    const struct theme *theme = orl_theme_find("light");
    double widest = 0.0, narrowest = INFINITY;
    struct orl_color newest = {0}, oldest = {0};
    (void)state;
    race_open(&race, 1);
    orl_ground_colors(theme, &ground);
    assert_int_equal(orl_film_moving(race.film, orl_film_frame_at(race.film, 1900), &picture, NULL),
                     ORL_OK);
    for (size_t i = 0; i < picture.count; i++) {
        const struct orl_mark *m = &picture.marks[i];
        if (m->kind != ORL_MARK_LINE || m->faint || picture.points[2 * m->first] > 700.0 ||
            picture.points[2 * m->first + 1] > 640.0 || m->count < 2 || m->size > 6.0)
            continue;
        for (size_t k = 0; k <= LEVELS; k++)
            assert_true(orl_contrast(m->color, ground.colors[k]) >= 3.0);
        if (m->size > widest) {
            widest = m->size;
            newest = m->color;
        }
        if (m->size < narrowest) {
            narrowest = m->size;
            oldest = m->color;
        }
    }
    assert_true(fabs(widest - 4.0) < 0.1); /* 1.33 lines of 3 px */
    assert_true(narrowest < 0.5 * widest); /* 45 % of that at the start */
    assert_true(orl_contrast(newest, theme->background) >
                orl_contrast(oldest, theme->background)); /* and paler */
    orl_picture_uninit(&picture);
    race_close(&race);
}

/* Thirteen levels, each the same factor above the one before, from the ground up. */
static void levels_rise_by_a_factor(void **state)
{
    struct race race;
    struct orl_picture still = {0};
    struct ground ground = {.levels = LEVELS};
    size_t areas = 0, lines = 0;
    (void)state;
    race_open(&race, 2);
    orl_ground_colors(orl_theme_find("light"), &ground);
    assert_int_equal(orl_film_still(race.film, 0, &still, NULL), ORL_OK);
    for (size_t i = 0; i < still.count; i++) {
        const struct orl_mark *m = &still.marks[i];
        bool next = areas <= LEVELS && m->kind == ORL_MARK_AREA &&
                    memcmp(&m->color, &ground.colors[LEVELS - areas], sizeof m->color) == 0;
        areas += next; /* the highest first, the lowest on top */
        lines += still.marks[i].kind == ORL_MARK_LINE && still.marks[i].clip.width > 0.0;
    }
    assert_int_equal(areas, LEVELS + 1);
    assert_int_equal(lines, LEVELS);
    orl_picture_uninit(&still);
    race_close(&race);
}

/* At the finish the first of the standing stands out and the others step back: their names are
 * muted and not bold, the winner's is. Before it all are alike. */
static void the_winner_stands_out_at_the_finish(void **state)
{
    struct race race;
    struct orl_picture picture = {0};
    const struct theme *theme = orl_theme_find("light");
    (void)state;
    race_open(&race, 4);
    for (int last = 0; last < 2; last++) {
        size_t frame = last ? orl_film_frames(race.film) - 1 : orl_film_frames(race.film) / 2;
        size_t bold = 0, muted = 0;
        assert_int_equal(orl_film_moving(race.film, frame, &picture, NULL), ORL_OK);
        for (size_t i = 0; i < picture.count; i++) {
            const struct orl_mark *m = &picture.marks[i];
            bool name = m->kind == ORL_MARK_TEXT && m->halo.a > 0.0;
            bold += name && m->bold;
            muted += name && !m->bold && memcmp(&m->color, &theme->muted, sizeof m->color) == 0;
            if (last && name && m->bold) /* Momentum, the third of the file, gets there first */
                assert_string_equal(picture.text + m->text, "Momentum");
        }
        assert_int_equal(bold, last ? 1 : 4);
        assert_int_equal(muted, last ? 3 : 0);
    }
    orl_picture_uninit(&picture);
    race_close(&race);
}

/* The minimum has a ring of 13 px around it that is empty inside, the start a small one. */
static void places_have_rings(void **state)
{
    struct race race;
    struct orl_picture still = {0};
    double radii[4] = {0};
    size_t rings = 0;
    (void)state;
    race_open(&race, 2);
    assert_int_equal(orl_film_still(race.film, 0, &still, NULL), ORL_OK);
    for (size_t i = 0; i < still.count && rings < 4; i++) {
        const struct orl_mark *m = &still.marks[i];
        const double *at = still.points + 2 * m->first;
        if (m->kind == ORL_MARK_LINE && m->count == 41 && m->halo.a > 0.0)
            radii[rings++] = 0.5 * hypot(at[0] - at[40], at[1] - at[41]);
    }
    assert_int_equal(rings, 2);
    assert_true(fabs(radii[0] - 0.54 * 24.0) < 0.5);
    assert_true(fabs(radii[1] - 0.23 * 24.0) < 0.5);
    orl_picture_uninit(&still);
    race_close(&race);
}

/* One that diverges leaves through the edge and squashes nobody; its head stays where it left. The
 * last run of the file is drawn first. */
static void strays_leave_through_the_edge(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *good = make_trace(p, "adam", 0.05, 500),
                     *bad = make_trace(p, "sgd", 0.1, 500);
    struct orl_film_run runs[] = {run_of(p, good, 0), run_of(p, bad, 1)};
    struct orl_film *film = make_film(runs, 2, 1280, 720, "light", false);
    struct orl_picture picture = {0};
    double heads[60][2][2];
    (void)state;
    assert_int_equal(bad->status, ORL_STATUS_DIVERGED);
    for (size_t f = 1; f < 60; f++) {
        size_t found = 0;
        assert_int_equal(orl_film_moving(film, f, &picture, NULL), ORL_OK);
        for (size_t i = 0; found < 2 && i < picture.count; i++)
            if (picture.marks[i].kind == ORL_MARK_DOTS &&
                picture.marks[i].marker != ORL_MARKER_RING)
                memcpy(heads[f][found++], picture.points + 2 * picture.marks[i].first,
                       sizeof heads[f][0]);
        assert_int_equal(found, 2);
        assert_true(heads[f][0][0] > 0 && heads[f][0][0] < 760 && heads[f][0][1] > 100 &&
                    heads[f][0][1] < 640);
    }
    assert_true(hypot(heads[59][1][0] - heads[1][1][0], heads[59][1][1] - heads[1][1][1]) > 150);
    assert_memory_equal(heads[59][0], heads[40][0], sizeof heads[59][0]);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    orl_trace_destroy(&good);
    orl_trace_destroy(&bad);
    orl_problem_destroy(&p);
}

/* Of many points of data 2000 fixed ones are used, and a sum stands for all of them. */
static void large_data_are_sampled(void **state)
{
    static const char *const names[] = {"a"};
    static const double start[] = {3}, truth[] = {1};
    static const char *const losses[] = {"sse", "mse"};
    struct orl_column_spec column = {.name = "x", .from = 0, .to = 1, .count = 1000000};
    struct orl_noise_spec noise = {0};
    struct orl_formula_error refused;
    (void)state;
    for (int l = 0; l < 2; l++) {
        struct orl_formula *f = NULL;
        struct orl_dataset *data = NULL;
        struct orl_problem *p = NULL;
        struct ground ground = {0};
        assert_int_equal(orl_formula_parse("a + 0*x", 7, &orl_limits_default, &f, &refused),
                         ORL_OK);
        assert_int_equal(
            orl_dataset_generate(f, names, truth, 1, &column, 1, &noise, 1, &data, NULL), ORL_OK);
        struct orl_problem_spec spec = {.model = "a + 0*x",
                                        .parameters = names,
                                        .start = start,
                                        .truth = truth,
                                        .parameter_count = 1,
                                        .data = &data,
                                        .loss = orl_loss_find(losses[l])};
        assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
        assert_int_equal(orl_ground_pick_rows(p, &ground, NULL), ORL_OK);
        assert_int_equal(ground.row_count, SURFACE_POINTS_MAX);
        for (size_t i = 1; i < ground.row_count; i++)
            assert_true(ground.rows[i] > ground.rows[i - 1] && ground.rows[i] < 1000000);
        struct orl_film_run run = {.problem = p};
        struct view film = {.runs = &run,
                            .run_count = 1,
                            .axis_count = 1,
                            .workspaces = (struct orl_workspace *[1]){NULL}};
        assert_int_equal(orl_workspace_create(p, &film.workspaces[0], NULL), ORL_OK);
        double loss = orl_ground_loss(&film, &ground, 0, start);
        assert_true(fabs(loss - (l ? 4.0 : 4e6)) < 1e-6 * loss);
        orl_workspace_destroy(&film.workspaces[0]);
        orl_ground_uninit(&ground);
        orl_problem_destroy(&p);
        orl_formula_destroy(&f);
    }
}

static void wild_numbers(void **state)
{
    static const double scales[] = {0.0, 1e-300, 1e-12, 1e9, 1e150, 1e300};
    (void)state;
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++)
        for (int k = 0; k < 3; k++) {
            struct orl_problem *p = make_problem(k == 2 ? LINE1 : k == 1 ? BOWL3 : VALLEY);
            size_t n = orl_problem_parameter_count(p);
            struct orl_trace *t = make_trace(p, "sgd", 1e-3, 50),
                             *one = make_trace(p, "sgd", 1e-3, 1);
            one->rows = 1;
            for (size_t i = 0; i < t->rows; i++) {
                t->loss[i] *= scales[s] > 1e200 ? 1e200 : scales[s];
                t->values[n * i] = (i % 2 ? -1.234567 : 9.87654321) * scales[s];
            }
            struct orl_film_run runs[] = {run_of(p, t, 0), run_of(p, one, 1)};
            for (size_t count = 1; count <= 2; count++) {
                struct orl_film *film = make_film(runs, count, 1280, 720, "light", k == 1 && s % 2);
                check_film(film);
                orl_film_destroy(&film);
            }
            struct orl_film *film = make_film(runs + 1, 1, 640, 360, "dark", false);
            check_film(film);
            orl_film_destroy(&film);
            orl_trace_destroy(&t);
            orl_trace_destroy(&one);
            orl_problem_destroy(&p);
        }
}

/* The film's colours name those of the bands, so that palettes keep them; a report video's those of
 * all its parts. */
static void bands_are_in_the_palette(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t = make_trace(p, "sgd", 1e-3, 50);
    struct orl_film_run run = run_of(p, t, 0);
    (void)state;
    for (int sequence = 0; sequence < 2; sequence++) {
        struct orl_film *film = make_laid(&run, 1, 1280, 720, "light", false,
                                          sequence ? ORL_LAYOUT_SEQUENCE : ORL_LAYOUT_OVERLAY);
        struct orl_picture still = {0};
        struct orl_color colors[256];
        size_t count = orl_film_colors(film, colors, 256), areas = 0;
        assert_int_equal(orl_film_still(film, sequence ? 1 : 0, &still, NULL),
                         ORL_OK); /* after the opening */
        for (size_t i = 0; i < still.count; i++) {
            if (still.marks[i].kind != ORL_MARK_AREA)
                continue;
            bool known = false;
            for (size_t c = 0; c < count; c++)
                known |= memcmp(&colors[c], &still.marks[i].color, sizeof *colors) == 0;
            assert_true(known);
            areas++;
        }
        assert_true(areas >= 12);
        assert_true(orl_film_colors(film, colors, 3) == 3);
        orl_picture_uninit(&still);
        orl_film_destroy(&film);
    }
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(films_of_all_sizes),
        cmocka_unit_test(heads_stand_at_their_rows),
        cmocka_unit_test(growing_swings_reach_their_heads),
        cmocka_unit_test(long_traces_are_thinned),
        cmocka_unit_test(names_ride_apart_and_seldom_jump),
        cmocka_unit_test(names_begin_as_a_column),
        cmocka_unit_test(planes_are_to_scale_and_full),
        cmocka_unit_test(unlike_axes_are_stretched),
        cmocka_unit_test(paths_age_but_stay_seen),
        cmocka_unit_test(levels_rise_by_a_factor),
        cmocka_unit_test(places_have_rings),
        cmocka_unit_test(the_winner_stands_out_at_the_finish),
        cmocka_unit_test(strays_leave_through_the_edge),
        cmocka_unit_test(large_data_are_sampled),
        cmocka_unit_test(wild_numbers),
        cmocka_unit_test(bands_are_in_the_palette),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
