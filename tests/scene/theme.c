/* Palettes, computed: contrast on the background, and colours told apart by people with each of
 * three kinds of colour blindness. */
#include <math.h>

#include "orl_test.h"
#include "support/theme.h"

#include "scene/marks/theme.h"
#include "scene/tables.h"

/* Machado, Oliveira & Fernandes 2009 (IEEE TVCG 15(6), table 1), severity 1.0, on linear RGB. */
static const struct vision {
    const char *name;
    double m[3][3];
} visions[] = {
    {"normal", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protanopia",
     {{0.152286, 1.052583, -0.204868},
      {0.114503, 0.786281, 0.099216},
      {-0.003882, -0.048116, 1.051998}}},
    {"deuteranopia",
     {{0.367322, 0.860646, -0.227968},
      {0.280085, 0.672501, 0.047413},
      {-0.011820, 0.042940, 0.968881}}},
    {"tritanopia",
     {{1.255528, -0.076749, -0.178779},
      {-0.078411, 0.930809, 0.147602},
      {0.004733, 0.691367, 0.303900}}},
};

static double linear(double c)
{
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double lab_f(double t)
{
    return t > 216.0 / 24389.0 ? cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
}

/* CIE L*a*b* (D65) of a colour as one kind of eye sees it. */
static void lab_of(struct orl_color color, const struct vision *vision, double lab[3])
{
    const double rgb[] = {linear(color.r), linear(color.g), linear(color.b)};
    double seen[3];
    for (int i = 0; i < 3; i++) {
        seen[i] = 0;
        for (int k = 0; k < 3; k++)
            seen[i] += vision->m[i][k] * rgb[k];
        seen[i] = fmin(fmax(seen[i], 0.0), 1.0);
    }
    double x = (0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047;
    double y = 0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2];
    double z = (0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883;
    lab[0] = 116.0 * lab_f(y) - 16.0;
    lab[1] = 500.0 * (lab_f(x) - lab_f(y));
    lab[2] = 200.0 * (lab_f(y) - lab_f(z));
}

static double difference(struct orl_color a, struct orl_color b, const struct vision *vision)
{
    double p[3], q[3];
    lab_of(a, vision, p);
    lab_of(b, vision, q);
    return sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
                (p[2] - q[2]) * (p[2] - q[2]));
}

static void check_contrast(const struct theme *t, const char *what, struct orl_color color,
                           double wanted)
{
    double reached = orl_contrast(color, t->background);
    if (reached < wanted)
        fail_msg("%s: %s has %.2f:1 on the background, %.1f:1 is wanted", t->name, what, reached,
                 wanted);
}

static void check_palette(const struct theme *t)
{
    check_contrast(t, "ink", t->ink, 4.5);
    check_contrast(t, "muted", t->muted, 4.5);
    check_contrast(t, "axis", t->axis, 3.0);
    check_contrast(t, "data", t->data, 3.0);
    check_contrast(t, "truth", t->truth, 3.0);
    for (size_t i = 0; i < THEME_STYLES; i++)
        check_contrast(t, "a run's colour", t->styles[i].color, 3.0);
}

static void palettes_have_contrast(void **state)
{
    (void)state;
    for (const struct orl_theme_desc *d = orl_themes; d->name; d++)
        check_palette(orl_theme_find(d->name));
}

/* Colours alone tell the first five runs apart in every eye (a difference of 2 is just seen, 10 at
 * a glance); of more runs, and in greys, dash or marker does. */
static void palettes_are_told_apart(void **state)
{
    (void)state;
    for (const struct orl_theme_desc *d = orl_themes; d->name; d++) {
        const struct theme *t = orl_theme_find(d->name);
        for (size_t v = 0; v < sizeof visions / sizeof *visions; v++)
            for (size_t i = 0; i < THEME_STYLES; i++)
                for (size_t k = 0; k < i; k++) {
                    const struct style *a = &t->styles[i], *b = &t->styles[k];
                    double seen = difference(a->color, b->color, &visions[v]);
                    bool shape = a->dash != b->dash || a->marker != b->marker;
                    bool colored = strcmp(d->name, "print") != 0;
                    if ((colored && i < 5 && seen < 10.0) || (seen < 10.0 && !shape))
                        fail_msg("%s: runs %zu and %zu differ by %.1f only (%s)", d->name, k + 1,
                                 i + 1, seen, visions[v].name);
                }
    }
}

/* Every run is seen on the lowest and on the highest band, and the ground itself stays quiet. */
static void grounds_let_every_run_be_seen(void **state)
{
    (void)state;
    for (const struct orl_theme_desc *d = orl_themes; d->name; d++) {
        const struct theme *t = orl_theme_find(d->name);
        bool dark = strcmp(d->name, "dark") == 0;
        double within = orl_contrast(t->ground[0], t->ground[2]);
        assert_true(within > 1.1 && within <= (dark ? 1.9 : 1.35));
        for (int g = 0; g <= 10; g++)
            for (size_t i = 0; i < THEME_STYLES; i++)
                if (orl_contrast(t->styles[i].color, orl_theme_ground(t, g / 10.0)) < 3.9)
                    fail_msg("%s: run %zu has %.2f:1 on the ground at %d/10", d->name, i + 1,
                             orl_contrast(t->styles[i].color, orl_theme_ground(t, g / 10.0)), g);
    }
}

/* The light theme's valley is sand, its heights are pale blue; a dark page under the light theme
 * takes the dark ground. */
static void grounds_go_with_the_page(void **state)
{
    struct theme t;
    struct orl_error err = {0};
    (void)state;
    const struct theme *light = orl_theme_find("light");
    assert_true(light->ground[0].b < light->ground[0].r);
    assert_true(light->ground[2].b > light->ground[2].r);
    assert_int_equal(orl_theme_make(THEME("light background=#003366"), &t, &err), ORL_OK);
    assert_true(orl_contrast(t.ground[0], (struct orl_color){1, 1, 1, 1}) > 10.0);
    assert_int_equal(orl_theme_make(THEME("light background=#f7f3e9"), &t, &err), ORL_OK);
    assert_true(orl_contrast(t.ground[0], (struct orl_color){0, 0, 0, 1}) > 10.0);
}

/* After ten runs the styles come again with other shapes: never a cross or a ring, which mean that
 * a run diverged and where something stands. */
static void shapes_of_many_runs_are_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < 60; i++) {
        struct style style = orl_theme_style(orl_theme_find("light"), i);
        assert_true(style.marker != ORL_MARKER_CROSS && style.marker != ORL_MARKER_RING);
    }
    assert_int_equal(orl_theme_style(orl_theme_find("light"), 0).marker, ORL_MARKER_CIRCLE);
    assert_int_equal(orl_theme_style(orl_theme_find("light"), 10).marker, ORL_MARKER_SQUARE);
    assert_int_equal(orl_theme_style(orl_theme_find("light"), 5).marker, ORL_MARKER_TRIANGLE_DOWN);
}

static void own_colours_move_until_they_are_seen(void **state)
{
    static const char *const themes[] = {"light background=#f7f3e9", "dark background=#1e3a5f",
                                         "light background=#808080", "light background=#003366",
                                         "dark background=#ffffff",  "print background=#ffe08a"};
    struct theme t;
    struct orl_error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        assert_int_equal(orl_theme_make(THEME(themes[i]), &t, &err), ORL_OK);
        double most = fmax(orl_contrast(t.background, (struct orl_color){0, 0, 0, 1}),
                           orl_contrast(t.background, (struct orl_color){1, 1, 1, 1}));
        assert_true(orl_contrast(t.ink, t.background) >= fmin(4.5, 0.99 * most));
        assert_true(orl_contrast(t.muted, t.background) >= 4.5);
        assert_true(orl_contrast(t.data, t.background) >= 3.0);
        for (size_t k = 0; k < THEME_STYLES; k++)
            assert_true(orl_contrast(t.styles[k].color, t.background) >= 3.0);
    }
}

static void own_colours_are_taken(void **state)
{
    struct theme t;
    struct orl_error err = {0};
    char remark[160];
    (void)state;
    assert_int_equal(orl_theme_make(THEME("light ink=#102030 colors=#8c1d40,#00573f"), &t, &err),
                     ORL_OK);
    assert_true(fabs(t.ink.g - 0x20 / 255.0) < 1e-12 &&
                fabs(t.styles[1].color.b - 0x3f / 255.0) < 1e-12);
    assert_false(
        orl_theme_remark(THEME("light ink=#102030 colors=#8c1d40,#00573f"), remark, sizeof remark));
    assert_true(orl_theme_remark(THEME("light ink=#d0d0d0"), remark, sizeof remark));
    assert_non_null(strstr(remark, "'ink'"));
    assert_true(orl_theme_remark(THEME("dark colors=#ffffff,#202020"), remark, sizeof remark));
    assert_non_null(strstr(remark, "colour 2"));
    const struct orl_theme_spec pale = {.base = "pale"};
    assert_int_equal(orl_theme_make(&pale, &t, &err), ORL_EINPUT);
    assert_string_equal(err.text, "there is no theme 'pale'");
}

/* WCAG 2.2's own figures: black on white is 21:1, #777777 on white 4.48:1. */
static void contrast_is_wcags(void **state)
{
    const struct orl_color black = {0, 0, 0, 1}, white = {1, 1, 1, 1},
                           grey = {119 / 255.0, 119 / 255.0, 119 / 255.0, 1};
    (void)state;
    assert_true(fabs(orl_contrast(black, white) - 21.0) < 1e-9);
    assert_true(fabs(orl_contrast(grey, white) - 4.48) < 0.005);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_is_wcags),
        cmocka_unit_test(palettes_have_contrast),
        cmocka_unit_test(palettes_are_told_apart),
        cmocka_unit_test(grounds_let_every_run_be_seen),
        cmocka_unit_test(grounds_go_with_the_page),
        cmocka_unit_test(shapes_of_many_runs_are_shapes),
        cmocka_unit_test(own_colours_move_until_they_are_seen),
        cmocka_unit_test(own_colours_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
