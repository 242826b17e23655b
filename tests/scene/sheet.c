/* Contact sheets: which frames, where, and under which step. */
#include "support/stage.h"

#include "optreel/scene.h"

enum { ROWS = 1001 };

static int64_t steps[ROWS];
static double losses[ROWS];
static struct orl_trace trace = {.rows = ROWS, .step = steps, .loss = losses, .steps = ROWS - 1};

static struct orl_film *make_film(double length_s, int width, int height)
{
    const struct orl_panel_spec panel = {"loss", NULL};
    const struct orl_film_run run = {&trace, NULL, "a", "A", "", 0, NULL, NULL, 0, NULL};
    struct orl_film_spec spec = stage_spec(&run, 1, &panel, 1, width, height);
    spec.length_s = length_s;
    spec.hold_first_s = 0.1 * length_s;
    spec.hold_last_s = 0.2 * length_s;
    spec.text_px = 24;
    spec.line_px = 3;
    for (size_t i = 0; i < ROWS; i++) {
        steps[i] = (int64_t)i;
        losses[i] = 1.0 / (1.0 + (double)i);
    }
    return stage_film(&spec);
}

/* From the first step to the last; on a logarithmic pace the steps in between grow by about the
 * same factor. */
static void places(void **state)
{
    struct orl_film *film = make_film(10, 1280, 720);
    (void)state;
    for (size_t count = 2; count <= 24; count++) {
        assert_int_equal(orl_film_step(film, orl_film_sheet_frame(film, 0, count)), 0);
        assert_int_equal(orl_film_step(film, orl_film_sheet_frame(film, count - 1, count)),
                         ROWS - 1);
        for (size_t i = 1; i < count; i++)
            assert_true(orl_film_sheet_frame(film, i, count) >
                        orl_film_sheet_frame(film, i - 1, count));
    }
    for (size_t i = 0; i < 4; i++) { /* expm1(i/3 log1p(1000)) = 0, 9, 99, 1000 */
        static const double wanted[] = {0, 9, 99, 1000};
        double step = (double)orl_film_step(film, orl_film_sheet_frame(film, i, 4));
        assert_true(fabs(step - wanted[i]) <= 0.04 * wanted[i]);
    }
    assert_int_equal(orl_film_sheet_frame(film, 0, 1), orl_film_frames(film) - 1);
    orl_film_destroy(&film);
}

/* All of it lies on the sheet, each frame in its cell; text is made as small as the frame is. */
static void layout(void **state)
{
    struct orl_film *film = make_film(10, 1280, 720);
    struct orl_picture sheet = {0}, moving = {0}, still = {0};
    int width, height, labels = 0, small = 0;
    (void)state;
    orl_sheet_size(1280, 720, 24, 4, 3, &width, &height);
    assert_int_equal(width, 4 * 640 + 3 * 20 + 2 * 24);
    assert_int_equal(height, 3 * (360 + 26) + 2 * 20 + 2 * 24);
    assert_int_equal(orl_film_sheet(film, 4, 3, &sheet, NULL), ORL_OK);
    size_t marks = 1;
    assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
    for (size_t i = 0; i < 12; i++) {
        assert_int_equal(orl_film_moving(film, orl_film_sheet_frame(film, i, 12), &moving, NULL),
                         ORL_OK);
        marks += still.count + moving.count + 2; /* and an outline, and a label */
    }
    assert_int_equal(sheet.count, marks);
    for (size_t i = 0; i < sheet.count; i++) {
        const struct orl_mark *mark = &sheet.marks[i];
        for (size_t p = 0; p < mark->count; p++) {
            const double *at = sheet.points + 2 * (mark->first + p);
            if (!isnan(at[0]))
                assert_true(at[0] >= 0 && at[0] <= width && at[1] >= 0 && at[1] <= height);
        }
        labels += mark->kind == ORL_MARK_TEXT && mark->clip.width == 0;
        small += mark->kind == ORL_MARK_TEXT && mark->size == 12;
    }
    assert_int_equal(labels, 12);
    assert_true(small > 12);
    orl_picture_uninit(&sheet);
    orl_picture_uninit(&moving);
    orl_picture_uninit(&still);
    orl_film_destroy(&film);
}

/* A film of three frames fills three of twelve cells. */
static void short_films(void **state)
{
    struct orl_film *film = make_film(0.1, 320, 180);
    struct orl_picture sheet = {0};
    size_t labels = 0;
    (void)state;
    assert_int_equal(orl_film_frames(film), 3);
    assert_int_equal(orl_film_sheet(film, 4, 3, &sheet, NULL), ORL_OK);
    for (size_t i = 0; i < sheet.count; i++)
        labels += sheet.marks[i].kind == ORL_MARK_TEXT && sheet.marks[i].clip.width == 0;
    assert_true(labels >= 1 && labels <= 3);
    orl_picture_uninit(&sheet);
    orl_film_destroy(&film);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(places), cmocka_unit_test(layout),
                                       cmocka_unit_test(short_films)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
