/* Panels inside the scene room.
 *
 * A panel fixes its axes once, from the whole traces, when it is created; after that its still and
 * its moving part are pure functions. Adding a panel is one file that ends with its `struct
 * orl_panel_desc`, and one line in panels.c. */
#ifndef ORL_SCENE_PANEL_H
#define ORL_SCENE_PANEL_H

#include "scene/marks/axis.h"
#include "scene/panels/view.h"
#include "scene/tables.h"

/* How a panel is placed that is a cell among small multiples: outer axes alone have labels, the
 * cell's title stands above its box.
 */
struct placing {
    bool is, bare_x, bare_y;
    /* Told by orl_plot_place: */
    struct orl_rect area;
    const char *x_name, *y_name; /* borrowed from the panel's state: gone with it */
    const char *note;            /* the same: what the panel would say below its plot; NULL */
};

struct panel {
    const struct orl_panel_desc *desc;
    const struct orl_value
        *values;         /* borrowed; parallel to desc->settings, or NULL: all defaults */
    struct orl_rect box; /* all of the panel: title, labels and plot, px */
    size_t first,
        count; /* the film's runs that it draws; its axes are chosen from all of the film's runs */
    struct placing cell;        /* small multiples; zeros otherwise */
    void *state;                /* what create made; owned by the panel */
    struct orl_color fills[24]; /* what it paints areas with beyond the theme's colours, for
                                   palettes: set by create */
    size_t fill_count;
    bool
        names_runs; /* each run's name stands in it, so that the film needs no key: set by create */
};

struct orl_panel_ops {
    /* Fix axes and places. ORL_EINPUT where the film's runs lack what the panel shows. */
    int (*create)(const struct view *view, struct panel *panel, struct orl_error *err);
    void (*destroy)(struct panel *panel);
    void (*still)(const struct view *view, const struct panel *panel, struct orl_picture *picture);
    void (*moving)(const struct view *view, const struct panel *panel, size_t frame,
                   struct orl_picture *picture);
};

/* The index of a choice among the panel's settings: as given, else the default. */
int orl_panel_choice(const struct panel *panel, int setting);

#endif
