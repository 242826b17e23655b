/* Places of panels: inside the room, apart from each other, the first one large, none too small
 * where there is room; grids as asked for; and films made of them, every frame checked. */
#include "support/stage.h"

#include "scene/film/layout.h"
#include "scene/tables.h"

static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {800, 450},
                               {640, 360},  {1080, 1080}, {1080, 1920}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct layout room(int width, int height, size_t panels, double readout_lines)
{
    double text = 24 * fmin(width / 1280.0, height / 720.0);
    return (struct layout){
        .body = {0.05 * width, 0.05 * height + 3.6 * text, 0.9 * width, 0.9 * height - 5.7 * text},
        .text = text,
        .gap = 1.1 * text,
        .panels = panels,
        .readout_width = 15 * text,
        .readout_height = readout_lines * text};
}

static void check_apart(const struct layout *l, const struct orl_rect *boxes, size_t count)
{
    const struct orl_rect *body = &l->body;
    for (size_t i = 0; i < count; i++) {
        const struct orl_rect *a = &boxes[i];
        assert_true(a->width > 0 && a->height > 0 && a->x >= body->x - 0.01 &&
                    a->y >= body->y - 0.01);
        assert_true(a->x + a->width <= body->x + body->width + 0.01 &&
                    a->y + a->height <= body->y + body->height + 0.01);
        for (size_t k = 0; k < i; k++) {
            const struct orl_rect *b = &boxes[k];
            bool beside =
                a->x >= b->x + b->width + l->gap - 0.01 || b->x >= a->x + a->width + l->gap - 0.01;
            bool below = a->y >= b->y + b->height + l->gap - 0.01 ||
                         b->y >= a->y + a->height + l->gap - 0.01;
            assert_true(beside || below);
        }
    }
}

static void chosen(void **state)
{
    (void)state;
    for (size_t s = 0; s < SIZES; s++)
        for (size_t n = 1; n <= 8; n++)
            for (int lines = 0; lines <= 10; lines += 5) {
                struct layout l = room(sizes[s][0], sizes[s][1], n, lines);
                struct orl_rect boxes[PLACES_MAX + 1], again[PLACES_MAX + 1], readout;
                size_t smallest = orl_layout_place(&l, boxes, &readout);
                orl_layout_place(&l, again, &readout);
                assert_memory_equal(boxes, again, n * sizeof *boxes);
                assert_true(orl_layout_readable(&l, &boxes[smallest]));
                assert_true(lines > 0 || readout.width == 0);
                assert_true(lines == 0 || n > 3 ||
                            readout.width > 0); /* with few panels there is room for the readout */
                boxes[n] = readout;
                check_apart(&l, boxes, n + (readout.width > 0));
                for (size_t i = 1; i < n; i++)
                    assert_true(boxes[i].width * boxes[i].height <
                                boxes[0].width * boxes[0].height);
            }
}

static void grids(void **state)
{
    static const double columns[] = {2, 1}, rows[] = {3, 1};
    struct layout l = room(1280, 720, 3, 8);
    struct orl_rect boxes[PLACES_MAX + 1], readout;
    (void)state;
    l.columns = columns;
    l.column_count = 2;
    orl_layout_place(&l, boxes, &readout);
    boxes[3] = readout; /* in the cell that is left */
    check_apart(&l, boxes, 4);
    CHECK_NEAR(boxes[0].width, 2 * boxes[1].width, 1e-9);
    CHECK_NEAR(boxes[0].height, boxes[2].height, 1e-9);
    CHECK_NEAR(readout.x, boxes[1].x, 1e-9);
    CHECK_NEAR(readout.y, boxes[2].y, 1e-9);
    l.panels = 4;
    l.rows = rows;
    l.row_count = 2;
    orl_layout_place(&l, boxes, &readout);
    check_apart(&l, boxes, 4);
    assert_true(readout.width == 0);
    CHECK_NEAR(boxes[0].height, 3 * boxes[2].height, 1e-9);
    l.panels = 2; /* a row for which no panel is left: the readout's, where it has room there ... */
    l.readout_height = 4 * l.text;
    orl_layout_place(&l, boxes, &readout);
    CHECK_NEAR(boxes[0].height, 3 * readout.height, 1e-9);
    l.readout_height = 0.0; /* ... or none */
    orl_layout_place(&l, boxes, &readout);
    CHECK_NEAR(boxes[0].height, l.body.height, 1e-9);
}

/* A panel of words gets the width in which nothing is cut, and, alone in the last row, the height
 * that it wants. */
static void wishes(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 4; n++) {
        struct layout l = room(1280, 720, n, 0);
        struct wish wish[PLACES_MAX] = {{0}};
        struct orl_rect boxes[PLACES_MAX + 1], readout;
        wish[n - 1] = (struct wish){16 * l.text, 9 * l.text};
        l.wishes = wish;
        orl_layout_place(&l, boxes, &readout);
        check_apart(&l, boxes, n);
        assert_true(boxes[n - 1].width > 0.97 * wish[n - 1].width &&
                    boxes[n - 1].height > 0.97 * wish[n - 1].height);
    }
    struct layout tall = room(1080, 1920, 3, 0);
    const struct wish table[3] = {{0, 0}, {0, 0}, {15 * tall.text, 8 * tall.text}};
    struct orl_rect boxes[PLACES_MAX + 1], readout;
    tall.wishes = table;
    orl_layout_place(&tall, boxes, &readout);
    CHECK_NEAR(boxes[2].height, table[2].height, 1e-9);
}

static void too_small(void **state)
{
    struct orl_room ask = {.width = 1280, .height = 720, .text_px = 24, .panels = 2, .runs = 1};
    char text[200];
    (void)state;
    assert_false(orl_room_remark(&ask, text, sizeof text));
    ask.panels = 8;
    assert_false(orl_room_remark(&ask, text, sizeof text));
    ask.text_px = 48;
    assert_true(orl_room_remark(&ask, text, sizeof text));
    assert_non_null(strstr(text, "8 panels in 1280x720"));
    ask = (struct orl_room){.kind = ORL_LAYOUT_GRID,
                            .width = 1280,
                            .height = 720,
                            .text_px = 24,
                            .panels = 1,
                            .runs = 30};
    assert_false(orl_room_remark(&ask, text, sizeof text));
    ask.runs = 200;
    assert_true(orl_room_remark(&ask, text, sizeof text));
    assert_non_null(strstr(text, "200 cells"));
}

/* ---- Films ----------------------------------------------------------------------------------- */

enum { RUNS = 30 };

static void check_frames(const struct orl_film *film, const char *what)
{
    size_t frames = orl_film_frames(film);
    const size_t looks[] = {0, frames / 10, frames / 2, frames - 1};
    for (size_t i = 0; i < 4; i++) {
        struct orl_error err = {0};
        if (orl_film_check(film, looks[i], &err) != ORL_OK)
            fail_msg("%s, frame %zu: %s", what, looks[i], err.text);
    }
}

/* How often the first frame says it, its still part included. */
static size_t texts_equal(const struct orl_film *film, const char *text)
{
    struct orl_picture pictures[2] = {{0}, {0}};
    size_t count = 0;
    assert_int_equal(orl_film_still(film, 0, &pictures[0], NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, 0, &pictures[1], NULL), ORL_OK);
    for (size_t k = 0; k < 2; k++) {
        const struct orl_picture *picture = &pictures[k];
        for (size_t i = 0; i < picture->count; i++)
            count += picture->marks[i].kind == ORL_MARK_TEXT &&
                     strcmp(picture->text + picture->marks[i].text, text) == 0;
        orl_picture_uninit(&pictures[k]);
    }
    return count;
}

/* Runs A, B, C, ... of a rate each that grows, on one problem; release with free_letters. */
static struct orl_problem *make_letters(struct orl_film_run *runs, size_t count)
{
    static const double truth[] = {3, 6, 8};
    static const char *const names[] = {"A", "B", "C", "D", "E"};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    for (size_t i = 0; i < count; i++)
        runs[i] = (struct orl_film_run){.trace = stage_run(p, "sgd", 0.01 * (double)(i + 1), 0, 99),
                                        .problem = p,
                                        .name = names[i],
                                        .title = names[i],
                                        .details = "",
                                        .style = i};
    return p;
}

static void free_letters(struct orl_film_run *runs, size_t count, struct orl_problem *p)
{
    for (size_t i = 0; i < count; i++) {
        struct orl_trace *trace = (struct orl_trace *)(uintptr_t)runs[i].trace;
        orl_trace_destroy(&trace);
    }
    orl_problem_destroy(&p);
}

/* A page of large type: the main panel has all of the width, and a race's table the first two and
 * the last run alone. */
static void large_type_leaves_the_main_panel_the_width(void **state)
{
    const struct orl_panel_spec panels[] = {{"fit", NULL}, {"loss", NULL}};
    struct layout l = room(1080, 1080, 2, 6);
    struct orl_rect boxes[PLACES_MAX + 1], readout;
    struct orl_film_run runs[5];
    (void)state;
    l.wide_main = true;
    orl_layout_place(&l, boxes, &readout);
    assert_true(fabs(boxes[0].width - l.body.width) < 0.01);
    struct orl_problem *p = make_letters(runs, 5);
    for (int large = 0; large < 2; large++) {
        struct orl_film_spec spec = stage_spec(runs, 5, panels, 2, 1080, 1080);
        spec.text_px = large ? 36 : 20;
        spec.line_px = 4;
        struct orl_film *film = stage_film(&spec);
        check_frames(film, "large type");
        for (size_t i = 0; i < 5; i++) /* beside its curve, and in the table */
            assert_int_equal(texts_equal(film, runs[i].name), large && (i == 2 || i == 3) ? 1 : 2);
        orl_film_destroy(&film);
    }
    free_letters(runs, 5, p);
}

/* Up to four runs side by side stand in one row over all of the width. */
static void few_runs_stand_in_one_row(void **state)
{
    const struct orl_panel_spec panels[] = {{"fit", NULL}, {"loss", NULL}};
    struct orl_film_run runs[4];
    struct orl_picture still = {0};
    double y[4] = {0}, most = 0.0;
    (void)state;
    struct orl_problem *p = make_letters(runs, 4);
    struct orl_film_spec spec = stage_spec(runs, 4, panels, 2, 1280, 720);
    spec.layout = ORL_LAYOUT_GRID;
    struct orl_film *film = stage_film(&spec);
    check_frames(film, "four in a row");
    assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
    for (size_t i = 0; i < still.count; i++)
        for (size_t k = 0; k < 4; k++)
            if (still.marks[i].kind == ORL_MARK_TEXT &&
                strcmp(still.text + still.marks[i].text, runs[k].name) == 0) {
                y[k] = still.points[2 * still.marks[i].first + 1];
                most = fmax(most, still.points[2 * still.marks[i].first]);
            }
    for (size_t k = 0; k < 4; k++)
        assert_true(y[k] > 0.0 && fabs(y[k] - y[0]) < 0.01);
    assert_true(most > 800.0); /* the fourth begins in the last third of the page */
    orl_picture_uninit(&still);
    orl_film_destroy(&film);
    free_letters(runs, 4, p);
}

/* Small multiples: each run's name once, labels at outer axes alone, at every size, from 2 to 30
 * runs, alone and beside a race. */
static void multiples(void **state)
{
    static const double truth[] = {3, 6, 8};
    static const size_t counts[] = {2, 3, 6, 12, 30};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *traces[RUNS];
    struct orl_film_run runs[RUNS];
    char titles[RUNS][40], what[80];
    struct orl_told told[RUNS];
    const struct orl_panel_spec panels[] = {{"fit", NULL}, {"loss", NULL}};
    (void)state;
    for (size_t i = 0; i < RUNS; i++) {
        traces[i] = stage_run(p, "sgd", i == 1 ? 3 : 0.004 * (double)(i + 1), 0, 300);
        snprintf(titles[i], sizeof titles[i], "SGD, lr %zu", i);
        runs[i] = (struct orl_film_run){traces[i], p,    "p/sgd", titles[i], "learning rate",
                                        i,         NULL, NULL,    0,         NULL};
        stage_sweep(&runs[i], &told[i], "SGD", "lr", titles[i] + strlen("SGD, lr "));
    }
    assert_int_equal(traces[1]->status, ORL_STATUS_DIVERGED);
    for (size_t s = 0; s < SIZES; s++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            for (size_t n = 0; n < 3; n++) { /* fit; loss; fit and loss */
                struct orl_film_spec spec =
                    stage_spec(runs, counts[c], n == 1 ? panels + 1 : panels, n == 2 ? 2 : 1,
                               sizes[s][0], sizes[s][1]);
                spec.layout = ORL_LAYOUT_GRID;
                struct orl_film *film = stage_film(&spec);
                snprintf(what, sizeof what, "%dx%d, %zu runs, %zu", sizes[s][0], sizes[s][1],
                         counts[c], n);
                check_frames(film, what);
                assert_true(counts[c] > 3 ||
                            texts_equal(film, "lr 0") == 1); /* without what all have in common */
                orl_film_destroy(&film);
            }
    for (size_t i = 0; i < RUNS; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&p);
}

struct race {
    struct orl_problem *problem;
    struct orl_trace *traces[6];
    struct orl_film_run runs[6];
};

static void start_race(struct race *r)
{
    static const double truth[] = {3, 6, 8};
    static const char *const titles[] = {"ant", "bee", "cat", "dog", "elk", "fox"};
    r->problem = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    for (size_t i = 0; i < 6; i++) {
        r->traces[i] = stage_run(r->problem, "sgd", 0.01 * (double)(i + 1), 0, 100);
        r->runs[i] = (struct orl_film_run){
            r->traces[i], r->problem, "p/sgd", titles[i], "learning rate", i, NULL, NULL, 0, NULL};
    }
}

static void end_race(struct race *r)
{
    for (size_t i = 0; i < 6; i++)
        orl_trace_destroy(&r->traces[i]);
    orl_problem_destroy(&r->problem);
}

/* Small multiples are of the first panel that can be shown for one run; a table stays whole,
 * wherever it is named. */
static void whole(void **state)
{
    const struct orl_panel_spec panels[] = {{"table", NULL}, {"fit", NULL}};
    struct race r;
    (void)state;
    start_race(&r);
    struct orl_film_spec spec = stage_spec(r.runs, 6, panels, 2, 1280, 720);
    spec.layout = ORL_LAYOUT_GRID;
    struct orl_film *film = stage_film(&spec);
    check_frames(film, "a table beside multiples");
    assert_int_equal(texts_equal(film, "loss"), 1); /* the table's head */
    assert_int_equal(texts_equal(film, "ant"), 2);  /* a cell's title, a row's name */
    orl_film_destroy(&film);
    spec.panel_count = 1; /* nothing to multiply: as without a grid */
    film = stage_film(&spec);
    check_frames(film, "a table alone");
    assert_int_equal(texts_equal(film, "ant"), 1);
    orl_film_destroy(&film);
    end_race(&r);
}

/* Whatever the panels, something tells which line is whose. */
static void named(void **state)
{
    static const double one[] = {1};
    const struct orl_panel_spec panels[] = {{"loss", NULL}, {"gradient", NULL}, {"fit", NULL}};
    struct race r;
    (void)state;
    start_race(&r);
    for (size_t s = 0; s < SIZES; s++)
        for (size_t n = 1; n <= 3; n++) {
            struct orl_film_spec spec = stage_spec(r.runs, 6, panels, n, sizes[s][0], sizes[s][1]);
            struct orl_picture moving = {0}, still = {0};
            spec.columns = one;
            spec.column_count = 1; /* the panels leave no room for the readout */
            struct orl_film *film = stage_film(&spec);
            check_frames(film, "panels in a column");
            assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
            assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &moving, NULL),
                             ORL_OK);
            assert_true(stage_has_text(&still, "elk") || stage_has_text(&moving, "elk"));
            orl_picture_uninit(&moving);
            orl_picture_uninit(&still);
            orl_film_destroy(&film);
        }
    end_race(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(large_type_leaves_the_main_panel_the_width),
                                       cmocka_unit_test(few_runs_stand_in_one_row),
                                       cmocka_unit_test(chosen),
                                       cmocka_unit_test(grids),
                                       cmocka_unit_test(too_small),
                                       cmocka_unit_test(multiples),
                                       cmocka_unit_test(wishes),
                                       cmocka_unit_test(whole),
                                       cmocka_unit_test(named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
