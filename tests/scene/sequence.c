/* The report video: its parts, its chapters, its cards and its closing table; frames in any order
 * are the same frames. */
#include "support/stage.h"

#include "scene/tables.h"

enum { RUNS = 5 };

/* Three runs on a parabola that all of them fit, two on its twin whose gamma none of them moves;
 * one of the latter diverges. */
struct report {
    struct orl_problem *problems[2];
    struct orl_trace *traces[RUNS];
    struct orl_film_run runs[RUNS];
    const char *titles[RUNS];
    struct orl_panel_spec panels[2];
};

static void set_up(struct report *r)
{
    static const double truth[] = {3, 6, 8}, twin[] = {3, 6, 8e6};
    static const struct {
        const char *optimizer, *title;
        size_t problem;
        double rate;
    } runs[RUNS] = {{"sgd", "SGD", 0, 0.1},
                    {"sgd", "SGD", 1, 0.1},
                    {"momentum", "Momentum", 0, 0.05},
                    {"sgd", "Too fast", 1, 3},
                    {"adam", "Adam with quite a long name", 0, 0.01}};
    *r = (struct report){.panels = {{"fit", NULL}, {"loss", NULL}}};
    r->problems[0] = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    r->problems[1] = stage_problem("alpha + beta*x + 1e-6*gamma*x^2", twin, 30);
    for (size_t i = 0; i < RUNS; i++) {
        r->traces[i] =
            stage_run(r->problems[runs[i].problem], runs[i].optimizer, runs[i].rate, 0, 400);
        r->titles[i] = runs[i].problem ? "the twin" : "the parabola";
        r->runs[i] = (struct orl_film_run){r->traces[i],
                                           r->problems[runs[i].problem],
                                           "p/o",
                                           runs[i].title,
                                           "learning rate 0.1",
                                           i,
                                           NULL,
                                           NULL,
                                           0,
                                           NULL};
    }
    assert_int_equal(r->traces[3]->status, ORL_STATUS_DIVERGED);
}

static void tear_down(struct report *r)
{
    for (size_t i = 0; i < RUNS; i++)
        orl_trace_destroy(&r->traces[i]);
    orl_problem_destroy(&r->problems[0]);
    orl_problem_destroy(&r->problems[1]);
}

static struct orl_film *make(struct report *r, size_t runs, double length_s, int width, int height)
{
    struct orl_film_spec spec = stage_spec(r->runs, runs, r->panels, 2, width, height);
    spec.layout = ORL_LAYOUT_SEQUENCE;
    spec.length_s = length_s;
    spec.problem_titles = r->titles;
    return stage_film(&spec);
}

static bool part_tells(const struct orl_film *film, size_t part, const char *text)
{
    struct orl_picture picture = {0};
    assert_int_equal(orl_film_still(film, part, &picture, NULL), ORL_OK);
    bool told = stage_has_text(&picture, text);
    orl_picture_uninit(&picture);
    return told;
}

/* What moves with a part's frames: in its first, or in its last. */
static bool part_says(const struct orl_film *film, size_t part, bool last, const char *text)
{
    struct orl_picture picture = {0};
    size_t frame = 0;
    while (orl_film_part(film, frame) < part)
        frame++;
    while (last && orl_film_part(film, frame + 1) == part)
        frame++;
    assert_int_equal(orl_film_moving(film, frame, &picture, NULL), ORL_OK);
    bool told = stage_has_text(&picture, text);
    orl_picture_uninit(&picture);
    return told;
}

static void chapters(void **state)
{
    static const char *const wanted[] = {"a film of several runs",
                                         "Part 1: the parabola",
                                         "the parabola: SGD",
                                         "the parabola: Momentum",
                                         "the parabola: Adam with quite a long name",
                                         "the parabola: all together",
                                         "Part 2: the twin",
                                         "the twin: SGD",
                                         "the twin: Too fast",
                                         "the twin: all together",
                                         "Results"};
    struct report r;
    struct orl_chapter found[32];
    (void)state;
    set_up(&r);
    double length = orl_sequence_length(RUNS, 2);
    struct orl_film *film = make(&r, RUNS, length, 1280, 720);
    size_t count = orl_film_chapters(film, found, 32), frames = orl_film_frames(film);
    assert_int_equal(frames, (size_t)round(30 * length));
    assert_int_equal(count, 11);
    assert_int_equal(orl_film_chapters(film, NULL, 0), count);
    assert_int_equal(found[0].first_frame, 0);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(found[i].title, wanted[i]);
        assert_true(i == 0 || found[i].first_frame > found[i - 1].first_frame);
        assert_true(found[i].first_frame < frames);
    }
    /* few runs: each has the most that a run takes */
    assert_in_range(found[3].first_frame - found[2].first_frame, 134, 136);
    orl_film_destroy(&film);
    film = make(&r, 1, 10, 1280, 720);
    assert_int_equal(orl_film_chapters(film, found, 32), 3);
    assert_string_equal(found[1].title, "SGD");
    orl_film_destroy(&film);
    tear_down(&r);
}

/* Less than a minute, unless runs would have less than two seconds each. */
static void lengths(void **state)
{
    (void)state;
    assert_true(fabs(orl_sequence_length(12, 2) - 58.0) < 1e-9);
    assert_true(fabs(orl_sequence_length(1, 1) - (2.3 + 4.5 + 4.0)) < 1e-9);
    assert_true(fabs(orl_sequence_length(3, 1) - (2.3 + 3 * 4.5 + 6.0 + 4.0)) < 1e-9);
    assert_true(fabs(orl_sequence_length(100, 1) - (2.3 + 100 * 2.0 + 6.0 + 4.0)) < 1e-9);
}

/* Every part has a frame, parts rise with the frames, and a step is shown where the film says so.
 */
static void parts(void **state)
{
    struct report r;
    (void)state;
    set_up(&r);
    struct orl_film *film = make(&r, RUNS, 20, 640, 360);
    size_t frames = orl_film_frames(film), last = 0, count = orl_film_part(film, frames - 1) + 1;
    int64_t highest = 0;
    assert_int_equal(count, 1 + 2 + RUNS + 2 + 1);
    assert_int_equal(orl_film_part(film, 0), 0);
    for (size_t f = 0; f < frames; f++) {
        size_t part = orl_film_part(film, f);
        assert_true(part == last || part == last + 1);
        last = part;
        highest = orl_film_step(film, f) > highest ? orl_film_step(film, f) : highest;
    }
    assert_int_equal(highest, 400);
    assert_true(orl_film_step(film, orl_film_frame_at(film, 100)) >= 100);
    assert_int_not_equal(orl_film_still(film, count, &(struct orl_picture){0}, NULL), ORL_OK);
    orl_film_destroy(&film);
    tear_down(&r);
}

static void tells_all(void **state)
{
    struct report r;
    (void)state;
    set_up(&r);
    struct orl_film *film = make(&r, RUNS, 30, 1280, 720);
    size_t closing = orl_film_part(film, orl_film_frames(film) - 1);
    for (size_t i = 0; i < RUNS; i++) { /* the opening lists all, the closing ranks all */
        assert_true(part_tells(film, 0, r.runs[i].title));
        assert_true(part_tells(film, closing, r.runs[i].title));
    }
    assert_true(part_tells(film, closing, "diverged at step"));
    assert_true(part_tells(film, closing, "γ hardly moves"));
    assert_true(part_tells(film, 1, "the parabola"));
    assert_true(part_tells(film, 1, "30 points, mean squared error"));
    assert_true(part_says(film, 2, false, "run 1 of 5"));
    assert_true(part_tells(film, 1, "α + βx + γx²"));
    assert_true(part_says(film, 3, false, "run 2 of 5"));
    assert_true(part_tells(film, 1, "α = 3,   β = −1,   γ = 6"));
    assert_true(part_says(film, 2, false, "learning rate 0.1"));
    assert_false(part_says(film, 2, false, "step")); /* the footer comes when the name has gone */
    assert_true(part_says(film, 2, true, "step"));
    assert_false(part_says(film, 2, true, "run 1 of 5"));
    assert_true(part_says(film, 5, false, "the parabola: all together"));
    assert_true(part_says(film, 5, true, "Momentum ends lowest, loss 0.00343"));
    assert_false(part_says(film, 5, false, "Momentum ends lowest, loss 0.00343"));
    orl_film_destroy(&film);
    tear_down(&r);
}

/* Nothing cut or overlapping, the same frames in any order, at every size. */
static void frames(void **state)
{
    static const int sizes[][2] = {{1280, 720}, {640, 360}, {1080, 1080}, {1080, 1920}, {800, 450}};
    struct report r;
    (void)state;
    set_up(&r);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct orl_film *film = make(&r, RUNS, 20, sizes[s][0], sizes[s][1]);
        struct orl_picture one = {0}, two = {0};
        for (size_t f = 0; f < orl_film_frames(film); f += 7) {
            struct orl_error err = {0};
            size_t other = orl_film_frames(film) - 1 - f;
            if (orl_film_check(film, f, &err) != ORL_OK)
                fail_msg("%dx%d, frame %zu: %s", sizes[s][0], sizes[s][1], f, err.text);
            assert_int_equal(orl_film_moving(film, f, &one, NULL), ORL_OK);
            assert_int_equal(orl_film_moving(film, other, &two, NULL), ORL_OK);
            assert_int_equal(orl_film_moving(film, f, &two, NULL), ORL_OK);
            assert_int_equal(one.point_count, two.point_count);
            assert_true(!one.point_count ||
                        memcmp(one.points, two.points, one.point_count * sizeof *one.points) == 0);
        }
        orl_picture_uninit(&one);
        orl_picture_uninit(&two);
        orl_film_destroy(&film);
    }
    tear_down(&r);
}

static void too_short(void **state)
{
    struct report r;
    struct orl_film *film = NULL;
    struct orl_error err = {0};
    (void)state;
    set_up(&r);
    struct orl_film_spec spec = stage_spec(r.runs, RUNS, r.panels, 2, 1280, 720);
    spec.layout = ORL_LAYOUT_SEQUENCE;
    spec.length_s = 0.3;
    assert_int_equal(orl_film_create(&spec, &stage_measure, &film, &err), ORL_EINPUT);
    assert_null(film);
    tear_down(&r);
}

/* A contact sheet: from the opening to the closing table, no frame twice, runs at their ends. */
static void sheet(void **state)
{
    struct report r;
    (void)state;
    set_up(&r);
    struct orl_film *film = make(&r, RUNS, 60, 1280, 720);
    for (size_t count = 2; count <= 24; count++) {
        assert_int_equal(orl_film_sheet_frame(film, 0, count), 0);
        assert_true(part_tells(
            film, orl_film_part(film, orl_film_sheet_frame(film, count - 1, count)), "Results"));
        for (size_t i = 1; i < count; i++)
            assert_true(orl_film_sheet_frame(film, i, count) >
                        orl_film_sheet_frame(film, i - 1, count));
    }
    size_t ends = 0;
    for (size_t i = 0; i < 12; i++) {
        size_t frame = orl_film_sheet_frame(film, i, 12);
        ends += orl_film_step(film, frame) == 400 &&
                orl_film_part(film, frame + 1) == orl_film_part(film, frame) + 1;
    }
    assert_true(ends >= 3);
    orl_film_destroy(&film);
    tear_down(&r);
}

/* The opening names all runs of a large sweep, in columns, each by its title alone: that tells its
 * only setting. */
static void sweeps(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *trace = stage_run(p, "sgd", 0.1, 0, 20);
    struct orl_film_run runs[30];
    struct orl_panel_spec panels[] = {{"loss", NULL}};
    char titles[30][24], details[30][32];
    struct orl_told told[30];
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        snprintf(titles[i], sizeof titles[i], "SGD, lr 0.%02zu", i + 1);
        snprintf(details[i], sizeof details[i], "learning rate 0.%02zu", i + 1);
        runs[i] =
            (struct orl_film_run){trace, p, "p/sgd", titles[i], details[i], i, NULL, NULL, 0, NULL};
        stage_sweep(&runs[i], &told[i], "SGD", "lr", titles[i] + strlen("SGD, lr "));
    }
    struct orl_film_spec spec = stage_spec(runs, 30, panels, 1, 1280, 720);
    struct orl_error err = {0};
    spec.layout = ORL_LAYOUT_SEQUENCE;
    spec.length_s = 60;
    struct orl_film *film = stage_film(&spec);
    for (size_t i = 0; i < 30; i++) {
        assert_true(part_tells(film, 0, titles[i]));
        assert_false(part_tells(film, 0, details[i]));
    }
    if (orl_film_check(film, 0, &err) != ORL_OK)
        fail_msg("%s", err.text);
    orl_film_destroy(&film);
    orl_trace_destroy(&trace);
    orl_problem_destroy(&p);
}

/* Films of runs on one problem have the same axes, whatever each of them does: a run that hardly
 * moves has the decades of one that comes down to rounding, and its plots are of the same size. */
static void axes(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *traces[3] = {stage_run(p, "sgd", 1e-6, 0, 400),
                                   stage_run(p, "newton", 1, 0, 40),
                                   stage_run(p, "sgd", 3, 0, 400)};
    struct orl_film_run runs[3];
    struct orl_panel_spec panels[] = {{"fit", NULL}, {"loss", NULL}};
    (void)state;
    assert_int_equal(traces[2]->status, ORL_STATUS_DIVERGED);
    for (size_t i = 0; i < 3; i++)
        runs[i] = (struct orl_film_run){
            traces[i], p, "p/o", i == 1 ? "a long name" : "x", "", i, NULL, NULL, 0, NULL};
    struct orl_film_spec spec = stage_spec(runs, 3, panels, 2, 1280, 720);
    spec.layout = ORL_LAYOUT_SEQUENCE;
    spec.length_s = 30;
    struct orl_film *film = stage_film(&spec);
    struct orl_picture first = {0}, other = {0};
    assert_int_equal(orl_film_still(film, 1, &first, NULL),
                     ORL_OK); /* the slow run, after the opening */
    assert_true(stage_has_text(&first, "10⁻"));
    for (size_t part = 2; part <= 3; part++) {
        size_t ticks = 0, same = 0;
        assert_int_equal(orl_film_still(film, part, &other, NULL), ORL_OK);
        for (size_t i = 0; i < first.count;
             i++) { /* tick labels and their lines come first, and are the same */
            const struct orl_mark *a = &first.marks[i];
            bool tick = a->kind == ORL_MARK_LINE && a->faint && a->count == 2 &&
                        first.points[2 * a->first + 1] < 600; /* below lies the part's own ruler */
            for (size_t k = 0; tick && k < other.count; k++)
                if (other.marks[k].kind == ORL_MARK_LINE && other.marks[k].count == 2 &&
                    memcmp(first.points + 2 * a->first, other.points + 2 * other.marks[k].first,
                           4 * sizeof(double)) == 0) {
                    same++;
                    break;
                }
            ticks += tick;
        }
        assert_true(ticks > 10);
        assert_int_equal(same, ticks);
    }
    orl_picture_uninit(&first);
    orl_picture_uninit(&other);
    orl_film_destroy(&film);
    for (size_t i = 0; i < 3; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&p);
}

/* Whatever panel a part shows, what it asks of the runs beside its own is there; text panels have
 * their words from settings. */
static void every_panel(void **state)
{
    static const double truth[] = {3, 6, 8};
    struct orl_problem *p = stage_problem("alpha + beta*x + gamma*x^2", truth, 30);
    struct orl_trace *traces[] = {stage_run(p, "sgd", 0.1, 0, 40), stage_run(p, "newton", 1, 0, 20),
                                  stage_run(p, "sgd", 3, 0, 400)};
    struct orl_film_run runs[3];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        runs[i] = (struct orl_film_run){traces[i], p, "p/o", "a name", "", i, NULL, NULL, 0, NULL};
    for (size_t n = 0; orl_panels[n]; n++) {
        struct orl_panel_spec panels[] = {{orl_panels[n]->name, NULL}, {"loss", NULL}};
        struct orl_film_spec spec =
            stage_spec(runs, 3, panels, strcmp(panels[0].panel, "loss") ? 2 : 1, 1280, 720);
        struct orl_error err = {0};
        spec.layout = ORL_LAYOUT_SEQUENCE;
        spec.length_s = 30;
        struct orl_film *film = NULL;
        int ret = orl_film_create(&spec, &stage_measure, &film, &err);
        if (strcmp(panels[0].panel, "text") == 0 || orl_panels[n]->needs_series) {
            assert_true(ret == ORL_OK || ret == ORL_EINPUT);
        } else if (ret != ORL_OK) {
            fail_msg("%s: %s", panels[0].panel, err.text);
        }
        for (size_t frame = 0; film && frame < orl_film_frames(film); frame += 23)
            if (orl_film_check(film, frame, &err) != ORL_OK)
                fail_msg("%s, frame %zu: %s", panels[0].panel, frame, err.text);
        orl_film_destroy(&film);
    }
    for (size_t i = 0; i < 3; i++)
        orl_trace_destroy(&traces[i]);
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(chapters),    cmocka_unit_test(lengths),
                                       cmocka_unit_test(sheet),       cmocka_unit_test(axes),
                                       cmocka_unit_test(sweeps),      cmocka_unit_test(parts),
                                       cmocka_unit_test(tells_all),   cmocka_unit_test(frames),
                                       cmocka_unit_test(every_panel), cmocka_unit_test(too_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
