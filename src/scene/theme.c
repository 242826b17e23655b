#include "scene/theme.h"

#include <stddef.h>
#include <string.h>

#include "scene/tables.h"

#define RGB(hex)                                                                                                                   \
    {                                                                                                                              \
        ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex)&255) / 255.0, 1.0                                          \
    }

const struct orl_theme_desc orl_themes[] = {
    {"light", "Light", "dark ink on white, for slides and pages", true},
    {"dark", "Dark", "light ink on near black, for dark slides", true},
    {"print", "Print", "greys told apart by dash and marker, for paper", true},
    {NULL, NULL, NULL, false},
};

/* Light: Okabe & Ito's blue, vermilion, green, purple and black reach 3:1 on white; their yellow, sky and orange do not, so that
 * darker relatives follow. */
static const struct theme themes[] = {
    {
        .name = "light",
        .background = RGB(0xffffff),
        .ink = RGB(0x1d232b),
        .muted = RGB(0x5b6572),
        .axis = RGB(0x8a94a1),
        .grid = RGB(0xe4e8ed),
        .data = RGB(0x7a8594),
        .truth = RGB(0x6d7783),
        .styles =
            {
                {RGB(0x0072b2), ORL_DASH_SOLID, ORL_MARKER_CIRCLE},
                {RGB(0xd55e00), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
                {RGB(0x009066), ORL_DASH_DOTTED, ORL_MARKER_DIAMOND},
                {RGB(0xb8558f), ORL_DASH_SOLID, ORL_MARKER_TRIANGLE},
                {RGB(0x111111), ORL_DASH_DASHDOT, ORL_MARKER_CIRCLE},
                {RGB(0xa66f00), ORL_DASH_SOLID, ORL_MARKER_SQUARE},
                {RGB(0x5d3a9b), ORL_DASH_DASHED, ORL_MARKER_DIAMOND},
                {RGB(0x0b7f93), ORL_DASH_DASHDOT, ORL_MARKER_TRIANGLE},
                {RGB(0x8c2d19), ORL_DASH_DOTTED, ORL_MARKER_CIRCLE},
                {RGB(0x66707c), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
            },
    },
    {
        .name = "dark",
        .background = RGB(0x11151a),
        .ink = RGB(0xeef2f6),
        .muted = RGB(0xa3afbd),
        .axis = RGB(0x6b7785),
        .grid = RGB(0x272e37),
        .data = RGB(0x8f9baa),
        .truth = RGB(0x9aa6b4),
        .styles =
            {
                {RGB(0x56b4e9), ORL_DASH_SOLID, ORL_MARKER_CIRCLE},
                {RGB(0xe69f00), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
                {RGB(0xf0e442), ORL_DASH_DOTTED, ORL_MARKER_DIAMOND},
                {RGB(0x2bc79a), ORL_DASH_SOLID, ORL_MARKER_TRIANGLE},
                {RGB(0xe58fc0), ORL_DASH_DASHDOT, ORL_MARKER_CIRCLE},
                {RGB(0xf4f6f8), ORL_DASH_SOLID, ORL_MARKER_SQUARE},
                {RGB(0xff7b54), ORL_DASH_DASHED, ORL_MARKER_DIAMOND},
                {RGB(0xb79cff), ORL_DASH_DASHDOT, ORL_MARKER_TRIANGLE},
                {RGB(0x9fd356), ORL_DASH_DOTTED, ORL_MARKER_CIRCLE},
                {RGB(0x9aa6b4), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
            },
    },
    {
        .name = "print",
        .background = RGB(0xffffff),
        .ink = RGB(0x000000),
        .muted = RGB(0x4a4a4a),
        .axis = RGB(0x6e6e6e),
        .grid = RGB(0xe2e2e2),
        .data = RGB(0x8a8a8a),
        .truth = RGB(0x767676),
        .styles =
            {
                {RGB(0x000000), ORL_DASH_SOLID, ORL_MARKER_CIRCLE},
                {RGB(0x5c5c5c), ORL_DASH_DASHED, ORL_MARKER_SQUARE},
                {RGB(0x2e2e2e), ORL_DASH_DOTTED, ORL_MARKER_DIAMOND},
                {RGB(0x767676), ORL_DASH_SOLID, ORL_MARKER_TRIANGLE},
                {RGB(0x000000), ORL_DASH_DASHDOT, ORL_MARKER_RING},
                {RGB(0x5c5c5c), ORL_DASH_SOLID, ORL_MARKER_CROSS},
                {RGB(0x2e2e2e), ORL_DASH_DASHED, ORL_MARKER_DIAMOND},
                {RGB(0x767676), ORL_DASH_DASHDOT, ORL_MARKER_TRIANGLE},
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
