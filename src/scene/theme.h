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

enum { THEME_STYLES = 10 };

struct theme {
    const char *name;
    struct orl_color background;
    struct orl_color ink;   /* titles, numbers: 4.5:1 and more on the background */
    struct orl_color muted; /* axis labels, notes: 4.5:1 */
    struct orl_color axis;  /* axis lines */
    struct orl_color grid;  /* grid lines: may be faint, they carry nothing */
    struct orl_color data;  /* the dots: 3:1 */
    struct orl_color truth; /* the true curve: 3:1 */
    struct style styles[THEME_STYLES];
};

/* NULL where there is none. */
const struct theme *orl_theme_find(const char *name);

#endif
