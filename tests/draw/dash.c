/* Dashes and dots as they come out on pixels: which of them is long, which short, and how much of
 * the line is ink. */
#include "orl_test.h"

#include "optreel/draw.h"
#include "scene/marks/picture.h"

enum { WIDTH = 640, HEIGHT = 20, LINE = 4 };

struct strokes {
    int count, longest, shortest, ink; /* px along the line */
};

/* A level line drawn with a dash, and its pieces along the middle row; those that the picture's
 * ends may cut are left out. */
static struct strokes strokes_of(enum orl_dash dash)
{
    static const struct orl_color white = {1, 1, 1, 1}, black = {0, 0, 0, 1};
    struct orl_font *font = NULL;
    struct orl_canvas *canvas = NULL;
    struct orl_picture still = {0}, moving = {0};
    struct orl_image image;
    struct strokes s = {.shortest = WIDTH};
    int run = 0;
    assert_int_equal(orl_font_create(NULL, &font, NULL), ORL_OK);
    assert_int_equal(orl_canvas_create(WIDTH, HEIGHT, false, font, &canvas, NULL), ORL_OK);
    orl_picture_rect(&still, (struct orl_rect){0, 0, WIDTH, HEIGHT}, white);
    orl_picture_segment(&moving, 4, HEIGHT / 2.0, WIDTH - 4, HEIGHT / 2.0, LINE, black)->dash =
        dash;
    assert_int_equal(orl_canvas_still(canvas, &still, NULL), ORL_OK);
    assert_int_equal(orl_canvas_frame(canvas, &moving, &image, NULL), ORL_OK);
    const uint8_t *row = image.pixels + (size_t)(HEIGHT / 2) * image.stride;
    for (int x = 0; x < WIDTH; x++) {
        bool dark = row[4 * x] < 128;
        run = dark ? run + 1 : run;
        s.ink += dark;
        if (!dark && run > 0) {
            s.count++;
            s.longest = run > s.longest ? run : s.longest;
            s.shortest = run < s.shortest && s.count > 1 && x < WIDTH - 40 ? run : s.shortest;
            run = 0;
        }
    }
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
    orl_canvas_destroy(&canvas);
    orl_font_destroy(&font);
    return s;
}

static void a_solid_line_has_no_gap(void **state)
{
    (void)state;
    struct strokes s = strokes_of(ORL_DASH_SOLID);
    assert_int_equal(s.count, 1);
    assert_true(s.ink >= WIDTH - 10);
}

static void dashes_are_long_and_dots_are_round(void **state)
{
    (void)state;
    struct strokes dashed = strokes_of(ORL_DASH_DASHED), dotted = strokes_of(ORL_DASH_DOTTED);
    assert_true(dashed.count > 5 && dotted.count > 2 * dashed.count);
    assert_true(dashed.shortest >= 2 * LINE);
    assert_true(dotted.longest <= LINE + 1);
    assert_true(dashed.ink > dotted.ink);
}

static void dash_dot_has_both(void **state)
{
    (void)state;
    struct strokes s = strokes_of(ORL_DASH_DASHDOT);
    assert_true(s.longest >= 3 * LINE);
    assert_true(s.shortest <= LINE + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_solid_line_has_no_gap),
        cmocka_unit_test(dashes_are_long_and_dots_are_round),
        cmocka_unit_test(dash_dot_has_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
