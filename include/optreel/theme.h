/* The theme of a film as an experiment asks for it: `optreel list themes` names the bases. */
#ifndef OPTREEL_THEME_H
#define OPTREEL_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A colour of sRGB that may be given or not. */
struct orl_own_color {
    bool given;
    uint32_t rgb; /* 0xrrggbb */
};

/* A theme, and colours in place of its own. Zero bytes: the light theme as it is. */
enum { ORL_THEME_ROLES = 7, ORL_THEME_COLORS = 10 };
struct orl_theme_spec {
    const char *base; /* "dark"; borrowed, NULL: "light" */
    bool transparent; /* the background is not painted: colours are chosen for the base's */
    struct orl_own_color
        roles[ORL_THEME_ROLES];        /* background, ink, muted, axis, grid, data, truth */
    size_t color_count;                /* of the runs' colours, in their order */
    uint32_t colors[ORL_THEME_COLORS]; /* 0xrrggbb */
};

#endif
