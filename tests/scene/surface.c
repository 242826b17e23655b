/* The surface panel: ways that end at their rows, names that stand clear of them, numbers of any
 * size. */
#include "support/stage.h"

#include "optreel/scene.h"
#include "scene/panels/surface.h"

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
    return (struct orl_film_run){t, p, "p/run", titles[style % 4], "learning rate 0.01", style};
}

static struct orl_film *make_laid(const struct orl_film_run *runs, size_t count, int width,
                                  int height, const char *theme, bool pca, enum orl_layout layout)
{
    struct orl_value scale[4] = {{0}},
                     settings[4] = {{.number = NAN}, {.number = pca}, {.number = 16}};
    const struct orl_panel_spec panels[] = {{"surface", settings}, {"loss", scale}};
    struct orl_film_spec spec = stage_spec(runs, count, panels, 2, width, height);
    spec.title = "a film";
    spec.layout = layout;
    spec.theme = theme;
    return stage_film(&spec);
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
        const struct orl_mark *head = NULL, *way = NULL;
        double nearest = INFINITY;
        assert_int_equal(orl_film_moving(film, f, &picture, NULL), ORL_OK);
        for (size_t i = 0; i < picture.count; i++) {
            const struct orl_mark *m = &picture.marks[i];
            head = !head && m->kind == ORL_MARK_DOTS && m->marker != ORL_MARKER_RING ? m : head;
            way = !way && m->kind == ORL_MARK_LINE && m->halo.a > 0.0 ? m : way;
        }
        assert_true(head && way);
        const double *at = picture.points + 2 * head->first,
                     *points = picture.points + 2 * way->first;
        for (size_t k = 0; k < way->count; k++)
            if (isfinite(points[2 * k]))
                nearest = fmin(nearest, hypot(points[2 * k] - at[0], points[2 * k + 1] - at[1]));
        if (nearest > 3.0)
            fail_msg("frame %zu: the way ends %g px before its head", f, nearest);
    }
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* Names stand where no way goes, on every frame. */
static void names_stand_clear_of_ways(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t[] = {make_trace(p, "sgd", 1e-3, 2000), make_trace(p, "adam", 0.05, 2000),
                             make_trace(p, "momentum", 1e-3, 2000),
                             make_trace(p, "rmsprop", 0.01, 2000)};
    struct orl_film_run runs[] = {run_of(p, t[0], 0), run_of(p, t[1], 1), run_of(p, t[2], 2),
                                  run_of(p, t[3], 3)};
    struct orl_film *film = make_film(runs, 4, 1280, 720, "light", false);
    struct orl_picture picture = {0};
    size_t names = 0;
    (void)state;
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++) {
        const struct orl_mark *name = &picture.marks[i];
        if (name->kind != ORL_MARK_TEXT || !name->bold || name->halo.a <= 0.0)
            continue;
        struct orl_extent box;
        stage_measure.text(NULL, picture.text + name->text, name->size, true, &box);
        double x = picture.points[2 * name->first], y = picture.points[2 * name->first + 1];
        names++;
        for (size_t k = 0; k < picture.count; k++) {
            const struct orl_mark *way = &picture.marks[k];
            const double *at = picture.points + 2 * way->first;
            for (size_t j = 0;
                 way->kind == ORL_MARK_LINE && way->halo.a > 0.0 && j + 1 < way->count; j++)
                for (double f = 0.0; f <= 1.0; f += 0.05) {
                    double px = at[2 * j] + f * (at[2 * j + 2] - at[2 * j]),
                           py = at[2 * j + 1] + f * (at[2 * j + 3] - at[2 * j + 1]);
                    assert_false(px > x && px < x + box.width && py > y - 0.7 * name->size &&
                                 py < y);
                }
        }
    }
    assert_true(names >= 2);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    for (size_t i = 0; i < 4; i++)
        orl_trace_destroy(&t[i]);
    orl_problem_destroy(&p);
}

/* Of a run that goes straight on, the name is there as soon as the run has come past it. */
static void names_come_up_in_time(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t[] = {make_trace(p, "sgd", 1e-3, 100), make_trace(p, "sgd", 1e-3, 100)};
    (void)state;
    for (size_t i = 0; i < t[0]->rows; i++)
        for (size_t r = 0; r < 2; r++) {
            t[r]->values[2 * i] = (r ? 1.0 : -1.0) * 0.01 * (double)i;
            t[r]->values[2 * i + 1] = 0.01 * (double)i;
            t[r]->loss[i] = t[r]->loss[0];
        }
    struct orl_film_run runs[] = {run_of(p, t[0], 0), run_of(p, t[1], 1)};
    struct orl_film *film = make_film(runs, 2, 1280, 720, "light", false);
    struct orl_picture picture = {0};
    size_t names = 0;
    assert_int_equal(orl_film_moving(film, orl_film_frame_at(film, 50), &picture, NULL), ORL_OK);
    for (size_t i = 0; i < picture.count; i++)
        names += picture.marks[i].kind == ORL_MARK_TEXT && picture.marks[i].halo.a > 0.0 &&
                 picture.marks[i].bold;
    assert_int_equal(names, 2);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    for (size_t i = 0; i < 2; i++)
        orl_trace_destroy(&t[i]);
    orl_problem_destroy(&p);
}

static double side_of(const double *line, const double *p)
{
    return (line[2] - line[0]) * (p[1] - line[1]) - (line[3] - line[1]) * (p[0] - line[0]);
}

/* Nor do the lines that lead from names to ways cross each other. */
static void lines_to_names_do_not_cross(void **state)
{
    struct orl_problem *p = make_problem(VALLEY);
    struct orl_trace *t[] = {make_trace(p, "sgd", 1e-3, 2000), make_trace(p, "adam", 0.05, 2000),
                             make_trace(p, "momentum", 1e-3, 2000),
                             make_trace(p, "rmsprop", 0.01, 2000)};
    struct orl_film_run runs[] = {run_of(p, t[0], 0), run_of(p, t[1], 1), run_of(p, t[2], 2),
                                  run_of(p, t[3], 0)};
    struct orl_film *film = make_film(runs, 4, 1280, 720, "light", false);
    struct orl_picture picture = {0};
    const double *lines[8];
    size_t count = 0;
    (void)state;
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &picture, NULL), ORL_OK);
    for (size_t i = 0; i + 1 < picture.count && count < 8; i++)
        if (picture.marks[i].kind == ORL_MARK_LINE && picture.marks[i].count == 2 &&
            picture.marks[i + 1].kind == ORL_MARK_TEXT)
            lines[count++] = picture.points + 2 * picture.marks[i].first;
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(side_of(lines[i], lines[k]) * side_of(lines[i], lines[k] + 2) < 0.0 &&
                         side_of(lines[k], lines[i]) * side_of(lines[k], lines[i] + 2) < 0.0);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    for (size_t i = 0; i < 4; i++)
        orl_trace_destroy(&t[i]);
    orl_problem_destroy(&p);
}

/* One that diverges leaves through the edge and squashes nobody; its head stays where it left. */
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
    for (size_t f = 0; f < 60; f++) {
        size_t found = 0;
        assert_int_equal(orl_film_moving(film, f, &picture, NULL), ORL_OK);
        for (size_t i = 0; found < 2 && i < picture.count; i++)
            if (picture.marks[i].kind == ORL_MARK_DOTS &&
                picture.marks[i].marker != ORL_MARKER_RING)
                memcpy(heads[f][found++], picture.points + 2 * picture.marks[i].first,
                       sizeof heads[f][0]);
        assert_int_equal(found, 2);
        assert_true(heads[f][1][0] > 0 && heads[f][1][0] < 760 && heads[f][1][1] > 100 &&
                    heads[f][1][1] < 640);
    }
    assert_true(hypot(heads[59][0][0] - heads[0][0][0], heads[59][0][1] - heads[0][0][1]) > 150);
    assert_memory_equal(heads[59][1], heads[40][1], sizeof heads[59][1]);
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
        struct bands bands = {0};
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
        assert_int_equal(orl_bands_pick_rows(p, &bands, NULL), ORL_OK);
        assert_int_equal(bands.row_count, SURFACE_POINTS_MAX);
        for (size_t i = 1; i < bands.row_count; i++)
            assert_true(bands.rows[i] > bands.rows[i - 1] && bands.rows[i] < 1000000);
        struct orl_film_run run = {.problem = p};
        struct view film = {.runs = &run,
                            .run_count = 1,
                            .axis_count = 1,
                            .workspaces = (struct orl_workspace *[1]){NULL}};
        assert_int_equal(orl_workspace_create(p, &film.workspaces[0], NULL), ORL_OK);
        double loss = orl_bands_loss(&film, &bands, 0, start);
        assert_true(fabs(loss - (l ? 4.0 : 4e6)) < 1e-6 * loss);
        orl_workspace_destroy(&film.workspaces[0]);
        orl_bands_uninit(&bands);
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
        assert_int_equal(orl_film_still(film, sequence ? 2 : 0, &still, NULL),
                         ORL_OK); /* after the opening and the card */
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
        cmocka_unit_test(names_stand_clear_of_ways),
        cmocka_unit_test(names_come_up_in_time),
        cmocka_unit_test(lines_to_names_do_not_cross),
        cmocka_unit_test(strays_leave_through_the_edge),
        cmocka_unit_test(large_data_are_sampled),
        cmocka_unit_test(wild_numbers),
        cmocka_unit_test(bands_are_in_the_palette),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
