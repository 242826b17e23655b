/* Palettes: colours are red, green, blue, in that order, and the nearest one is taken. */
#include "orl_test.h"

#include "encode/palette.h"
#include "encode/tables.h"

enum { SIDE = 32 };

/* Left half (200, 100, 10), right half (10, 60, 220): pixels are blue, green, red, unused. */
static int halves(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    static uint8_t pixels[SIDE * SIDE * 4];
    (void)context, (void)number, (void)err;
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        bool left = i % SIDE < SIDE / 2;
        pixels[4 * i] = left ? 10 : 220;
        pixels[4 * i + 1] = left ? 100 : 60;
        pixels[4 * i + 2] = left ? 200 : 10;
    }
    *image =
        (struct orl_image){.pixels = pixels, .width = SIDE, .height = SIDE, .stride = SIDE * 4};
    return ORL_OK;
}

static void check_color(const struct palette *p, size_t index, int r, int g, int b)
{
    const uint8_t *rgb = p->rgb + 3 * index;
    if (abs(rgb[0] - r) > 2 || abs(rgb[1] - g) > 2 || abs(rgb[2] - b) > 2)
        fail_msg("colour %zu is (%d, %d, %d), not (%d, %d, %d)", index, rgb[0], rgb[1], rgb[2], r,
                 g, b);
}

static void pixels_become_colours_of_their_own(void **state)
{
    struct orl_frame_source source = {.frame = halves};
    struct orl_output_spec spec = {.format = orl_format_find("gif"),
                                   .width = SIDE,
                                   .height = SIDE,
                                   .fps_num = 20,
                                   .fps_den = 1,
                                   .frames = 3};
    struct palette palette = {0};
    struct orl_image image;
    struct orl_error err = {0};
    uint8_t indices[SIDE * SIDE], blocks[4] = {1, 1, 1, 1};
    struct orl_damage changed = {blocks, 2, 2};
    (void)state;
    if (orl_palette_make(&palette, &spec, &source, 16, &err) != ORL_OK)
        fail_msg("%s", err.text);
    halves(NULL, 0, &image, NULL);
    orl_palette_apply(&palette, &image, true, indices, &changed);
    check_color(&palette, indices[0], 200, 100, 10);
    check_color(&palette, indices[SIDE - 1], 10, 60, 220);
    assert_int_not_equal(indices[0], indices[SIDE - 1]);
    orl_palette_uninit(&palette);
}

/* Eighty reds of no blue for four indices: libimagequant chooses. */
static int reds(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    static uint8_t pixels[SIDE * SIDE * 4];
    (void)context, (void)number, (void)err;
    memset(pixels, 0, sizeof pixels);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        pixels[4 * i + 2] = (uint8_t)(170 + i % 80);
    *image =
        (struct orl_image){.pixels = pixels, .width = SIDE, .height = SIDE, .stride = SIDE * 4};
    return ORL_OK;
}

static void chosen_colours_are_like_those_they_stand_for(void **state)
{
    struct orl_frame_source source = {.frame = reds};
    struct orl_output_spec spec = {.format = orl_format_find("gif"),
                                   .width = SIDE,
                                   .height = SIDE,
                                   .fps_num = 20,
                                   .fps_den = 1,
                                   .frames = 1};
    struct palette palette = {0};
    (void)state;
    assert_int_equal(orl_palette_make(&palette, &spec, &source, 5, NULL), ORL_OK);
    assert_in_range(palette.count, 3, 5);
    for (size_t i = 1; i < palette.count; i++)
        assert_true(palette.rgb[3 * i] > 160 && palette.rgb[3 * i + 2] < 10);
    orl_palette_uninit(&palette);
}

/* Stripes of which one moves; the unused byte of each pixel is what was left there. */
static int stripes(void *context, size_t number, struct orl_image *image, struct orl_error *err)
{
    static uint8_t pixels[SIDE * SIDE * 4];
    const bool *noise = context;
    (void)err;
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        size_t row = i / SIDE;
        bool moving = row == number % SIDE;
        pixels[4 * i] = moving ? 250 : (uint8_t)(row * 3);
        pixels[4 * i + 1] = pixels[4 * i + 2] = (uint8_t)(row * 5);
        pixels[4 * i + 3] = *noise ? (uint8_t)(i * 37 + number * 11) : 0;
    }
    *image =
        (struct orl_image){.pixels = pixels, .width = SIDE, .height = SIDE, .stride = SIDE * 4};
    return ORL_OK;
}

static void the_fourth_byte_of_a_pixel_says_nothing(void **state)
{
    struct palette palettes[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        bool noise = i == 1;
        struct orl_frame_source source = {.context = &noise, .frame = stripes};
        struct orl_output_spec spec = {.format = orl_format_find("gif"),
                                       .width = SIDE,
                                       .height = SIDE,
                                       .fps_num = 20,
                                       .fps_den = 1,
                                       .frames = 40};
        assert_int_equal(orl_palette_make(&palettes[i], &spec, &source, 128, NULL), ORL_OK);
    }
    assert_int_equal(palettes[0].count, palettes[1].count);
    assert_memory_equal(palettes[0].rgb, palettes[1].rgb, 3 * palettes[0].count);
    orl_palette_uninit(&palettes[0]);
    orl_palette_uninit(&palettes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_become_colours_of_their_own),
        cmocka_unit_test(the_fourth_byte_of_a_pixel_says_nothing),
        cmocka_unit_test(chosen_colours_are_like_those_they_stand_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
