/* Formats, presets and rates; colours for video. */
#include "orl_test.h"

#include <math.h>

#include "encode/tables.h"
#include "encode/yuv.h"
#include "support/settings.h"

static void formats(void **state)
{
    (void)state;
    for (size_t i = 0; orl_formats[i]; i++) {
        const struct orl_format_desc *f = orl_formats[i];
        assert_ptr_equal(orl_format_find(f->name), f);
        assert_true(f->title && f->description && f->extension[0] == '.');
        assert_non_null(orl_preset_find(f->home));
        check_settings(f->settings);
    }
    for (size_t i = 0; orl_formats[i]; i++) { /* the codecs are the choices of the setting */
        const struct orl_codec_desc *const *codecs = orl_formats[i]->codecs;
        int codec = orl_setting_find(orl_formats[i]->settings, "codec");
        for (size_t c = 0; codecs && codecs[c]; c++) {
            assert_true(codecs[c]->title && codecs[c]->encoders->name &&
                        codecs[c]->crf <= codecs[c]->crf_most);
            if (codec >= 0)
                assert_string_equal(codecs[c]->name, orl_formats[i]->settings[codec].choices[c]);
        }
    }
    for (const struct orl_preset_desc *p = orl_presets; p->name; p++)
        for (const char *const *name = p->formats; *name; name++)
            assert_non_null(orl_format_find(*name));
}

static double preset_number(const char *preset, const char *format, const char *name)
{
    for (const struct orl_preset_setting *s = orl_preset_find(preset)->settings; s && s->format;
         s++)
        if (strcmp(s->format, format) == 0 && strcmp(s->name, name) == 0)
            return s->number;
    return NAN;
}

/* What a preset sets is a setting of its format, within its limits; and section 9's figures. */
static void presets_set_what_there_is(void **state)
{
    (void)state;
    for (const struct orl_preset_desc *p = orl_presets; p->name; p++)
        for (const struct orl_preset_setting *s = p->settings; s && s->format; s++) {
            const struct orl_setting *settings = orl_format_find(s->format)->settings;
            int index = orl_setting_find(settings, s->name);
            assert_true(index >= 0);
            if (settings[index].type == ORL_SETTING_INTEGER)
                assert_true(s->number >= settings[index].minimum &&
                            s->number <= settings[index].maximum);
        }
    CHECK_NEAR(preset_number("slides", "mp4", "crf"), 17.0, 0.0);
    CHECK_NEAR(preset_number("web", "mp4", "crf"), 20.0, 0.0);
    CHECK_NEAR(preset_number("github", "gif", "colors"), 128.0, 0.0);
    CHECK_NEAR(preset_number("card", "gif", "colors"), 64.0, 0.0);
    const struct orl_format_desc *mp4 = orl_format_find("mp4");
    int speed = orl_setting_of(mp4->settings, ORL_ROLE_SPEED);
    const char *const *speeds = mp4->settings[speed].choices;
    assert_string_equal(speeds[(size_t)preset_number("draft", "mp4", "speed")], "ultrafast");
}

/* Settings that others ask for by what they are have that role, and no others have. */
static void roles_are_of_their_settings(void **state)
{
    static const struct {
        const char *name;
        enum orl_setting_role role;
    } roles[] = {{"codec", ORL_ROLE_CODEC},
                 {"crf", ORL_ROLE_CRF},
                 {"speed", ORL_ROLE_SPEED},
                 {"chroma", ORL_ROLE_CHROMA},
                 {"frames", ORL_ROLE_FRAMES}};
    (void)state;
    for (size_t i = 0; orl_formats[i]; i++)
        for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
            assert_int_equal(orl_setting_find(orl_formats[i]->settings, roles[k].name),
                             orl_setting_of(orl_formats[i]->settings, roles[k].role));
}

static void rates(void **state)
{
    static const struct {
        int num, den, to_num, to_den;
        bool changed;
    } cases[] = {
        {50, 1, 50, 1, false}, {20, 1, 20, 1, false},   {25, 1, 25, 1, false},
        {10, 1, 10, 1, false}, {100, 3, 100, 3, false}, {3333, 100, 100, 3, false},
        {30, 1, 25, 1, true},  {60, 1, 50, 1, true},    {24, 1, 20, 1, true},
        {15, 1, 100, 7, true}, {25, 2, 25, 2, false},   {1, 1, 1, 1, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int num = cases[i].num, den = cases[i].den;
        bool changed = orl_format_rate(orl_format_find("gif"), &num, &den);
        if (changed != cases[i].changed || num * cases[i].to_den != den * cases[i].to_num)
            fail_msg("%d/%d became %d/%d", cases[i].num, cases[i].den, num, den);
        num = cases[i].num;
        assert_false(orl_format_rate(orl_format_find("mp4"), &num, &den));
        assert_int_equal(num, cases[i].num);
    }
}

/* The colour bars of BT.709, 8 bits, limited range. */
static void bars(void **state)
{
    static const uint8_t bgr_yuv[][6] = {
        {0, 0, 0, 16, 128, 128},    {255, 255, 255, 235, 128, 128}, {128, 128, 128, 126, 128, 128},
        {0, 0, 255, 63, 102, 240},  {0, 255, 0, 173, 42, 26},       {255, 0, 0, 32, 240, 118},
        {0, 255, 255, 219, 16, 138}};
    (void)state;
    for (size_t i = 0; i < sizeof bgr_yuv / sizeof *bgr_yuv; i++) {
        uint8_t pixels[4 * 4 * 4], y[16], u[4], v[4], *planes[] = {y, u, v};
        const int strides[] = {4, 2, 2};
        for (size_t p = 0; p < 16; p++)
            memcpy(pixels + 4 * p, bgr_yuv[i], 3);
        struct orl_image image = {.pixels = pixels, .width = 4, .height = 4, .stride = 16};
        orl_yuv_convert(&image, true, planes, strides);
        for (size_t p = 0; p < 16; p++)
            assert_int_equal(y[p], bgr_yuv[i][3]);
        for (size_t p = 0; p < 4; p++)
            assert_true(abs(u[p] - bgr_yuv[i][4]) <= 1 && abs(v[p] - bgr_yuv[i][5]) <= 1);
    }
}

/* Converting what is damaged is as good as converting everything. */
static void damaged(void **state)
{
    enum { WIDTH = 70, HEIGHT = 38, BLOCKS = 5 * 3 };
    static uint8_t pixels[WIDTH * HEIGHT * 4], whole[3][WIDTH * HEIGHT], part[3][WIDTH * HEIGHT];
    uint8_t blocks[BLOCKS], *one[] = {whole[0], whole[1], whole[2]},
                            *two[] = {part[0], part[1], part[2]};
    const int strides[] = {WIDTH, WIDTH / 2, WIDTH / 2};
    struct orl_damage damage = {blocks, 5, 3};
    struct orl_image image = {
        .pixels = pixels, .width = WIDTH, .height = HEIGHT, .stride = WIDTH * 4, .damage = &damage};
    unsigned seed = 1;
    (void)state;
    orl_yuv_convert(&image, true, two, strides);
    for (int round = 0; round < 50; round++) {
        for (size_t b = 0; b < BLOCKS; b++) {
            blocks[b] = (seed = seed * 1103515245 + 12345) >> 30 == 0;
            for (size_t k = 0; blocks[b] && k < 256; k++) {
                size_t x = b % 5 * 16 + k % 16, y = b / 5 * 16 + k / 16;
                for (size_t c = 0; c < 3 && x < WIDTH && y < HEIGHT; c++)
                    pixels[(y * WIDTH + x) * 4 + c] =
                        (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
            }
        }
        orl_yuv_convert(&image, false, two, strides);
        orl_yuv_convert(&image, true, one, strides);
        for (size_t p = 0; p < 3; p++)
            assert_memory_equal(whole[p], part[p], p ? WIDTH / 2 * (HEIGHT / 2) : WIDTH * HEIGHT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formats),
                                       cmocka_unit_test(presets_set_what_there_is),
                                       cmocka_unit_test(roles_are_of_their_settings),
                                       cmocka_unit_test(rates),
                                       cmocka_unit_test(bars),
                                       cmocka_unit_test(damaged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
