/* The three themes, and themes with colours of their own. */
#include "scene/marks/theme.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

#include "scene/marks/metrics.h"
#include "scene/tables.h"

#define MIX_STEPS  50.0 /* a colour goes towards another in so many steps until it can be read */
#define GRID_SHARE 0.11 /* of ink in a grid that is derived from a background ... */
#define RULE_SHARE 0.18 /* ... and in a rule */
/* The relative luminance of sRGB and the contrast of two: WCAG 2.2, definitions. */
#define SRGB_KNEE   0.04045
#define SRGB_SLOPE  12.92
#define SRGB_OFFSET 0.055
#define SRGB_SCALE  1.055
#define SRGB_GAMMA  2.4
#define RED         0.2126
#define GREEN       0.7152
#define BLUE        0.0722
#define FLARE       0.05

#define RGB(hex)                                                                                   \
    {                                                                                              \
        ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex)&255) / 255.0, 1.0          \
    }

const struct orl_theme_desc orl_themes[] = {
    {"light", "Light", "dark ink on white, for slides and pages"},
    {"dark", "Dark", "light ink on near black, for dark slides"},
    {"print", "Print", "greys told apart by dash and marker, for paper"},
    {NULL, NULL, NULL},
};

#define SOLID(hex, mark)                                                                           \
    {                                                                                              \
        RGB(hex), ORL_DASH_SOLID, ORL_MARKER_##mark                                                \
    }

/* Light and dark: six hues in the order of Okabe & Ito, darkened or lightened until each has 4:1 on
 * every band of the ground. The first five are told apart with red-green deficiency; shapes do the
 * rest, so lines need no dashes until there are more than six. Print: greys, told apart by dash and
 * shape. */
static const struct theme themes[] = {
    {
        .name = "light",
        .background = RGB(0xffffff),
        .ink = RGB(0x1a1f29),
        .muted = RGB(0x566070),
        .axis = RGB(0x8a94a1),
        .grid = RGB(0xe6eaef),
        .rule = RGB(0xd5dbe2),
        .data = RGB(0x5f6b7a),
        .truth = RGB(0x6b7683),
        .ground = {RGB(0xfff3cf), RGB(0xf3f3ee), RGB(0xd6e4f1)},
        .casing = RGB(0xfffdf6),
        .iso_share = 0.16,
        .styles =
            {
                SOLID(0x0a63a8, CIRCLE),
                SOLID(0xbf4400, SQUARE),
                SOLID(0x00735a, DIAMOND),
                SOLID(0x9b2c78, TRIANGLE),
                SOLID(0x1a1f29, HEXAGON),
                SOLID(0x5f4300, TRIANGLE_DOWN),
                {RGB(0x5d3a9b), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
                {RGB(0x0a6a7c), ORL_DASH_DASHDOT, ORL_MARKER_TRIANGLE},
                {RGB(0x8c2d19), ORL_DASH_DOTTED, ORL_MARKER_DIAMOND},
                {RGB(0x5a6470), ORL_DASH_DASHED, ORL_MARKER_CIRCLE},
            },
    },
    {
        .name = "dark",
        .background = RGB(0x10141b),
        .ink = RGB(0xeef2f6),
        .muted = RGB(0xa6b1bf),
        .axis = RGB(0x6b7785),
        .grid = RGB(0x252c36),
        .rule = RGB(0x323b47),
        .data = RGB(0x8793a2),
        .truth = RGB(0x9aa6b4),
        .ground = {RGB(0x0c1219), RGB(0x18242f), RGB(0x2b4459)},
        .casing = RGB(0x0e141c),
        .iso_share = 0.13,
        .styles =
            {
                SOLID(0x5bb8f0, CIRCLE),
                SOLID(0xf0a020, SQUARE),
                SOLID(0x35c495, DIAMOND),
                SOLID(0xf090c0, TRIANGLE),
                SOLID(0xf2f4f8, HEXAGON),
                SOLID(0xf2e14c, TRIANGLE_DOWN),
                {RGB(0xff8a66), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
                {RGB(0xb79cff), ORL_DASH_DASHDOT, ORL_MARKER_TRIANGLE},
                {RGB(0x9fd356), ORL_DASH_DOTTED, ORL_MARKER_DIAMOND},
                {RGB(0x9aa6b4), ORL_DASH_DASHED, ORL_MARKER_CIRCLE},
            },
    },
    {
        .name = "print",
        .background = RGB(0xffffff),
        .ink = RGB(0x000000),
        .muted = RGB(0x4a4a4a),
        .axis = RGB(0x6e6e6e),
        .grid = RGB(0xe2e2e2),
        .rule = RGB(0xcccccc),
        .data = RGB(0x747474),
        .truth = RGB(0x767676),
        .ground = {RGB(0xffffff), RGB(0xf4f4f4), RGB(0xe0e0e0)},
        .casing = RGB(0xffffff),
        .iso_share = 0.25,
        .styles =
            {
                SOLID(0x000000, CIRCLE),
                {RGB(0x5c5c5c), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
                {RGB(0x2e2e2e), ORL_DASH_DOTTED, ORL_MARKER_DIAMOND},
                SOLID(0x6c6c6c, TRIANGLE),
                {RGB(0x000000), ORL_DASH_DASHDOT, ORL_MARKER_HEXAGON},
                SOLID(0x5c5c5c, TRIANGLE_DOWN),
                {RGB(0x2e2e2e), ORL_DASH_DASHED, ORL_MARKER_DIAMOND},
                {RGB(0x6c6c6c), ORL_DASH_DASHDOT, ORL_MARKER_TRIANGLE},
                {RGB(0x000000), ORL_DASH_DOTTED, ORL_MARKER_SQUARE},
                {RGB(0x5c5c5c), ORL_DASH_DASHDOT, ORL_MARKER_CIRCLE},
            },
    },
};

const struct theme *orl_theme_find(const char *name)
{
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
        if (name && strcmp(themes[i].name, name) == 0)
            return &themes[i];
    return NULL;
}

struct style orl_theme_style(const struct theme *theme, size_t index)
{
    /* A cross says that a run diverged, a ring is a place: neither is a run's own shape. */
    static const enum orl_marker shapes[] = {ORL_MARKER_CIRCLE,  ORL_MARKER_SQUARE,
                                             ORL_MARKER_DIAMOND, ORL_MARKER_TRIANGLE,
                                             ORL_MARKER_HEXAGON, ORL_MARKER_TRIANGLE_DOWN};
    struct style style = theme->styles[index % THEME_STYLES];
    size_t round = index / THEME_STYLES, shape = 0;
    while (shapes[shape] != style.marker)
        shape++;
    style.dash = (enum orl_dash)(((size_t)style.dash + round) % (ORL_DASH_DASHDOT + 1));
    style.marker = shapes[(shape + round) % ORL_COUNT(shapes)];
    return style;
}

/* ---- Themes of one's own --------------------------------------------------------------------- */

const struct orl_theme_role orl_theme_roles[] = {
    {"background", "the page; transparent leaves it unpainted"},
    {"ink", "titles, names, numbers that matter"},
    {"muted", "words and numbers beside them"},
    {"axis", "axes and their ticks"},
    {"grid", "lines behind the curves"},
    {"data", "the dots of the data"},
    {"truth", "what is true, and its dashed curve"},
    {NULL, NULL},
};

/* Where a role is kept, and what it must reach on the background; as orl_theme_roles. */
static const struct role {
    size_t offset;
    double contrast;
} roles[ORL_THEME_ROLES] = {
    {offsetof(struct theme, background), 0.0}, {offsetof(struct theme, ink), 7.0},
    {offsetof(struct theme, muted), 4.6},      {offsetof(struct theme, axis), 3.05},
    {offsetof(struct theme, grid), 1.15},      {offsetof(struct theme, data), 3.1},
    {offsetof(struct theme, truth), 3.1},
};
enum { ROLES = ORL_THEME_ROLES };

static double linear(double channel)
{
    return channel <= SRGB_KNEE ? channel / SRGB_SLOPE
                                : pow((channel + SRGB_OFFSET) / SRGB_SCALE, SRGB_GAMMA);
}

static double luminance(struct orl_color c)
{
    return RED * linear(c.r) + GREEN * linear(c.g) + BLUE * linear(c.b);
}

double orl_contrast(struct orl_color a, struct orl_color b)
{
    double high = fmax(luminance(a), luminance(b)), low = fmin(luminance(a), luminance(b));
    return (high + FLARE) / (low + FLARE);
}

static struct orl_color mixed(struct orl_color a, struct orl_color b, double share)
{
    return (struct orl_color){a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share,
                              a.b + (b.b - a.b) * share, 1.0};
}

struct orl_color orl_color_over(struct orl_color color, struct orl_color under)
{
    return mixed(under, color, color.a);
}

struct orl_color orl_color_mix(struct orl_color a, struct orl_color b, double share)
{
    return mixed(a, b, share);
}

struct orl_color orl_theme_ground(const struct theme *theme, double t)
{
    return t <= 0.5 ? mixed(theme->ground[0], theme->ground[1], 2.0 * t)
                    : mixed(theme->ground[1], theme->ground[2], 2.0 * t - 1.0);
}

/* As near to `color` as is still seen well enough: towards black or white, whichever is further
 * from the background. */
static struct orl_color readable(struct orl_color color, struct orl_color background,
                                 double contrast)
{
    static const struct orl_color black = RGB(0x000000), white = RGB(0xffffff);
    const struct orl_color far =
        orl_contrast(background, black) > orl_contrast(background, white) ? black : white;
    struct orl_color moved = color;
    for (int i = 1; i <= 50 && orl_contrast(moved, background) < contrast; i++)
        moved = mixed(color, far, i / MIX_STEPS);
    return moved;
}

static struct orl_color *theme_role(struct theme *theme, size_t role)
{
    return (struct orl_color *)((char *)theme + roles[role].offset);
}

/* The base with what is given in place of its own. */
static int theme_fill(const struct orl_theme_spec *spec, struct theme *theme, struct orl_error *err)
{
    const char *base = spec->base ? spec->base : "light";
    const struct theme *found = orl_theme_find(base);
    if (!found)
        return orl_fail(err, ORL_EINPUT, "there is no theme '%s'", base);
    *theme = *found;
    theme->transparent = spec->transparent;
    for (size_t i = 0; i < ROLES; i++)
        if (spec->roles[i].given)
            *theme_role(theme, i) = (struct orl_color)RGB(spec->roles[i].rgb);
    for (size_t i = 0; i < spec->color_count && i < THEME_STYLES; i++)
        theme->styles[i].color = (struct orl_color)RGB(spec->colors[i]);
    return ORL_OK;
}

/* On a background of one's own: the ground of a theme that is light or dark as it is. */
static void theme_ground_choose(struct theme *theme)
{
    static const struct orl_color black = RGB(0x000000), white = RGB(0xffffff);
    bool dark = orl_contrast(theme->background, black) < orl_contrast(theme->background, white);
    bool was_dark = orl_contrast(theme->ground[0], black) < orl_contrast(theme->ground[0], white);
    const struct theme *like = orl_theme_find(dark ? "dark" : "light");
    if (dark == was_dark)
        return;
    memcpy(theme->ground, like->ground, sizeof theme->ground);
    theme->casing = like->casing;
    theme->iso_share = like->iso_share;
}

/* Faint lines on a page whose colour nobody knows: as faint on white as on black. */
static const struct orl_color breath = {0.5, 0.5, 0.5, 0.25};
enum { GRID_ROLE = 4 };

int orl_theme_make(const struct orl_theme_spec *spec, struct theme *out, struct orl_error *err)
{
    int ret = theme_fill(spec, out, err);
    if (ret == ORL_OK && spec->transparent) {
        if (!spec->roles[GRID_ROLE].given)
            out->grid = breath;
        out->rule = breath;
    }
    if (ret != ORL_OK || !spec->roles[0].given)
        return ret;
    for (size_t i = 1; i < ROLES; i++) {
        struct orl_color *color = theme_role(out, i);
        if (!spec->roles[i].given && roles[i].contrast < 2.0) /* the grid: a breath of ink */
            *color = mixed(out->background, out->ink, GRID_SHARE);
        else if (!spec->roles[i].given)
            *color = readable(*color, out->background, roles[i].contrast);
    }
    for (size_t i = spec->color_count; i < THEME_STYLES; i++)
        out->styles[i].color = readable(out->styles[i].color, out->background, CONTRAST_STYLE);
    out->rule = mixed(out->background, out->ink, RULE_SHARE);
    theme_ground_choose(out);
    return ORL_OK;
}

bool orl_theme_remark(const struct orl_theme_spec *spec, char *out, size_t size)
{
    struct theme theme;
    if (theme_fill(spec, &theme, NULL) != ORL_OK)
        return false;
    for (size_t i = 1; i < ROLES; i++) {
        const struct orl_color *color = theme_role(&theme, i);
        double wanted = roles[i].contrast >= CONTRAST_TEXT   ? CONTRAST_TEXT
                        : roles[i].contrast >= CONTRAST_MARK ? CONTRAST_MARK
                                                             : 0.0;
        double reached = orl_contrast(*color, theme.background);
        if (spec->roles[i].given && reached < wanted) {
            snprintf(out, size, "'%s' has a contrast of %.1f:1 on the background; %.2g:1 is wanted",
                     orl_theme_roles[i].name, reached, wanted);
            return true;
        }
    }
    for (size_t i = 0; i < spec->color_count; i++) {
        double reached = orl_contrast(theme.styles[i].color, theme.background);
        if (reached < CONTRAST_MARK) {
            snprintf(out, size,
                     "colour %zu has a contrast of %.1f:1 on the background; %.2g:1 is wanted",
                     i + 1, reached, CONTRAST_MARK);
            return true;
        }
    }
    return false;
}
