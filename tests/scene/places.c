/* Where films go: cards, feet that stay clear, the pace that a film has by itself; and where the
 * names of places go on a surface. */
#include <math.h>

#include "scene/marks/letters.h"
#include "support/race.h"

/* A card is one panel to its edges: no table, no axes' numbers, no key; the finding from the first
 * frame on, and the names of the first, the second and the last run. */
static void cards_say_little_in_large_type(void **state)
{
    struct race race;
    struct orl_picture still = {0}, picture = {0};
    const struct orl_panel_spec panel = {"surface", NULL};
    struct orl_rect boxes[8];
    (void)state;
    race_open(&race, 4);
    struct orl_film_spec spec = stage_spec(race.runs, 4, &panel, 1, 480, 270);
    spec.card = true;
    spec.text_px = 16;
    spec.line_px = 2;
    struct orl_film *film = stage_film(&spec);
    assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
    assert_true(stage_has_text(&still, "arrives"));
    assert_false(stage_has_text(&still, "loss"));
    assert_int_equal(orl_film_moving(film, 0, &picture, NULL), ORL_OK);
    assert_int_equal(names_on(&picture, boxes, 8), 3);
    assert_true(stage_has_text(&picture, "Momentum")); /* the first to arrive */
    assert_true(stage_has_text(&picture, "step"));
    bool edge = false; /* the ground reaches the lower right corner */
    for (size_t i = 0; i < still.count; i++)
        edge |= still.marks[i].kind == ORL_MARK_AREA &&
                still.marks[i].clip.x + still.marks[i].clip.width == 480.0 &&
                still.marks[i].clip.y + still.marks[i].clip.height == 270.0;
    assert_true(edge);
    orl_picture_uninit(&still);
    orl_picture_uninit(&picture);
    orl_film_destroy(&film);
    race_close(&race);
}

/* Where a player's buttons cover the foot of a film nothing stands. */
static void nothing_stands_below_a_clear_foot(void **state)
{
    struct race race;
    struct orl_picture pictures[2] = {{0}};
    const struct orl_panel_spec panels[] = {{"surface", NULL}, {"loss", NULL}};
    (void)state;
    race_open(&race, 4);
    struct orl_film_spec spec = stage_spec(race.runs, 4, panels, 2, 1080, 1920);
    spec.text_px = 36;
    spec.line_px = 4;
    spec.clear_below = 0.15;
    struct orl_film *film = stage_film(&spec);
    assert_int_equal(orl_film_still(film, 0, &pictures[0], NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &pictures[1], NULL), ORL_OK);
    for (size_t p = 0; p < 2; p++)
        for (size_t i = p == 0; i < pictures[p].count; i++) { /* but for the page itself */
            const struct orl_mark *m = &pictures[p].marks[i];
            for (size_t k = 0; m->clip.width <= 0.0 && k < m->count; k++)
                assert_false(pictures[p].points[2 * (m->first + k) + 1] > 0.85 * 1920 + 1);
            assert_false(m->clip.y + m->clip.height > 0.85 * 1920);
        }
    for (size_t p = 0; p < 2; p++)
        orl_picture_uninit(&pictures[p]);
    orl_film_destroy(&film);
    race_close(&race);
}

/* Without a word of its own a film whose first panel is a surface goes by what moves in it, any
 * other by the logarithm of the step. */
static void the_pace_goes_by_the_first_panel(void **state)
{
    struct race race;
    const struct orl_panel_spec panels[] = {{"surface", NULL}, {"loss", NULL}},
                                other[] = {{"loss", NULL}, {"surface", NULL}};
    static const enum orl_pace paces[] = {ORL_PACE_AUTO, ORL_PACE_MOTION, ORL_PACE_LOG};
    int64_t steps[2][3];
    (void)state;
    race_open(&race, 4);
    for (size_t first = 0; first < 2; first++)
        for (size_t k = 0; k < 3; k++) {
            struct orl_film_spec spec =
                stage_spec(race.runs, 4, first ? other : panels, 2, 1280, 720);
            spec.pace = paces[k];
            struct orl_film *film = stage_film(&spec);
            steps[first][k] = orl_film_step(film, orl_film_frames(film) / 3);
            orl_film_destroy(&film);
        }
    assert_int_equal(steps[0][0], steps[0][1]);
    assert_int_equal(steps[1][0], steps[1][2]);
    assert_int_not_equal(steps[0][1], steps[0][2]);
    race_close(&race);
}

/* A run that ends in a cloud about its goal, `radius` of the way wide. */
static struct orl_trace *cloud(double radius)
{
    static const char *const names[] = {"alpha", "beta"};
    enum { ROWS = 400 };
    struct orl_trace *trace = stage_trace(ROWS, names, 2);
    for (size_t i = 0; i < ROWS; i++) {
        double far = i == 0 ? 1.0 : radius * (double)(i * 37 % 100) / 100.0, turn = 2.4 * (double)i;
        trace->values[2 * i] = -far * cos(turn);
        trace->values[2 * i + 1] = far * sin(turn);
        trace->loss[i] = 0.01 + far * far;
    }
    return trace;
}

/* How many points of the runs' lines on a film's last frame lie in the box of the word. */
static size_t points_under(const struct orl_film *film, const char *word, bool *led)
{
    struct orl_picture still = {0}, picture = {0};
    const struct orl_mark *name = NULL;
    size_t count = 0;
    assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &picture, NULL), ORL_OK);
    for (size_t i = 0; i < still.count; i++) {
        const struct orl_mark *m = &still.marks[i];
        if (!name && m->kind == ORL_MARK_TEXT && strcmp(still.text + m->text, word) == 0)
            name = m; /* the first panel's; the readout has a column of that name */
    }
    assert_non_null(name);
    *led = still.marks[name - still.marks - 1].kind == ORL_MARK_LINE &&
           still.marks[name - still.marks - 1].count == 2;
    double x = still.points[2 * name->first], y = still.points[2 * name->first + 1],
           width = orl_letters_width(&stage_measure, word, name->size, false);
    for (size_t i = 0; i < picture.count; i++)
        for (size_t k = 0; picture.marks[i].kind == ORL_MARK_LINE && k < picture.marks[i].count;
             k++) {
            const double *at = &picture.points[2 * (picture.marks[i].first + k)];
            count += at[0] > x && at[0] < x + width && at[1] < y && at[1] > y - 0.7 * name->size;
        }
    orl_picture_uninit(&still);
    orl_picture_uninit(&picture);
    return count;
}

/* The goal's name stands beside its ring; where paths crowd there, away from them, at a hairline.
 */
static void a_goals_name_stands_clear_of_a_crowd(void **state)
{
    static const double truth[] = {0.0, 0.0}, radii[] = {0.0, 0.15};
    const struct orl_panel_spec panel = {"surface", NULL};
    struct orl_problem *problem = stage_problem("alpha^2 + beta^2 + 0.01", truth, 0);
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct orl_trace *trace = cloud(radii[i]);
        struct orl_film_run run = {
            .trace = trace, .problem = problem, .name = "p/a", .title = "A", .details = ""};
        struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, 1280, 720);
        struct orl_film *film = stage_film(&spec);
        bool led;
        assert_in_range(points_under(film, "minimum", &led), 0, 2); /* of 400 */
        assert_int_equal(led, i == 1);
        orl_film_destroy(&film);
        orl_trace_destroy(&trace);
    }
    orl_problem_destroy(&problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_say_little_in_large_type),
        cmocka_unit_test(nothing_stands_below_a_clear_foot),
        cmocka_unit_test(the_pace_goes_by_the_first_panel),
        cmocka_unit_test(a_goals_name_stands_clear_of_a_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
