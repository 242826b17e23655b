/* Themes: colours by their role, and the styles that runs go by. */
#ifndef ORL_SCENE_THEME_H
#define ORL_SCENE_THEME_H

#include "optreel/scene.h"

/* How a run is told from the others: never by colour alone. */
struct style {
    struct orl_color color;
    enum orl_dash dash;
    enum orl_marker marker;
};

enum { THEME_STYLES = ORL_THEME_COLORS };

struct theme {
    const char *name;
    struct orl_color background;
    bool transparent;       /* the background is not painted; halos and plates have its colour */
    struct orl_color ink;   /* titles, numbers: 4.5:1 and more on the background */
    struct orl_color muted; /* axis labels, notes: 4.5:1 */
    struct orl_color axis;  /* axis lines */
    struct orl_color grid;  /* grid lines: may be faint, they carry nothing */
    struct orl_color rule;  /* lines that part, the way still to go: as faint as the grid may be */
    struct orl_color data;  /* the dots: 3:1 */
    struct orl_color truth; /* the true curve: 3:1 */
    /* A loss surface from its lowest to its highest bands: within 1.2:1 of itself on light themes,
     * 1.9:1 on dark ones, so that every run's colour reaches 3:1 on all of it. */
    struct orl_color ground[3];
    struct orl_color casing; /* around paths, marks and words on the ground */
    double iso_share;        /* of ink in the lines between bands */
    struct style styles[THEME_STYLES];
};

/* NULL where there is none. */
const struct theme *orl_theme_find(const char *name);

/* A theme from what is asked for. Where the background is given, colours that are not move towards
 * black or white until they can be seen on it as well as before. ORL_EINPUT where there is no such
 * base. */
int orl_theme_make(const struct orl_theme_spec *spec, struct theme *out, struct orl_error *err);

/* The style of the index-th optimizer of an experiment: the theme's styles, then their colours
 * again with other dashes and markers.
 */
struct style orl_theme_style(const struct theme *theme, size_t index);

/* WCAG 2.2: contrast ratio of two opaque colours, 1 to 21. */
double orl_contrast(struct orl_color a, struct orl_color b);
/* a + share·(b − a) in each channel of sRGB, opaque: in place of opacity, so that pages and pixels
 * agree and overlaps do not darken. */
struct orl_color orl_color_mix(struct orl_color a, struct orl_color b, double share);
/* The ground of a loss surface at t: 0 the lowest, 1 the highest. */
struct orl_color orl_theme_ground(const struct theme *theme, double t);
/* `color` as it shows over an opaque `under`. */
struct orl_color orl_color_over(struct orl_color color, struct orl_color under);

#endif
