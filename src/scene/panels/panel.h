/* Panels inside the scene room.
 *
 * A panel is made once, then placed, which fixes its axes from the whole traces; after that its
 * still and its moving part are pure functions. Adding a panel is one file that ends with its
 * `struct orl_panel_desc`, and one line in panels.c. */
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
    /* Told by orl_plot_place, for who arranges the cells: */
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
    struct orl_rect plot;       /* where its (last) plot stands, px; width 0: it has none. Set by
                                   orl_plot_place */
    struct placing cell;        /* small multiples; zeros otherwise */
    void *state;                /* what create made; owned by the panel */
    struct orl_color fills[24]; /* what it paints areas with beyond the theme's colours, for
                                   palettes: set by place */
    size_t fill_count;
    bool names_runs; /* each run's name stands in it, so that the film needs no key: set by place */
};

/* What a panel does; NULL: nothing. */
struct orl_panel_ops {
    /* Look at the runs, whatever the panel's place; panel->state is NULL. ORL_EINPUT where the runs
     * lack what the panel shows. After a failure the state is destroyed as after success. */
    int (*create)(const struct view *view, struct panel *panel, struct orl_error *err);
    /* Fix axes, text and marks in panel->box, as a cell where panel->cell.is. Asked again where the
     * box changes (once small multiples know their labels, or a key has taken room): then what was
     * placed before is forgotten. */
    int (*place)(const struct view *view, struct panel *panel, struct orl_error *err);
    /* Once the film's pace is final: plan what depends on which rows are seen. */
    int (*settle)(const struct view *view, struct panel *panel, struct orl_error *err);
    void (*destroy)(struct panel *panel);
    /* What never moves, and what a frame adds: both read the panel alone, from any number of
     * threads, each with a picture of its own. */
    void (*still)(const struct view *view, const struct panel *panel, struct orl_picture *picture);
    void (*moving)(const struct view *view, const struct panel *panel, size_t frame,
                   struct orl_picture *picture);
};

/* The first two of them, where the panel has them: ORL_OK where it has not. */
int orl_panel_create(const struct view *view, struct panel *panel, struct orl_error *err);
int orl_panel_place(const struct view *view, struct panel *panel, struct orl_error *err);
/* Release what they made; the panel may be made again. */
void orl_panel_destroy(struct panel *panel);

/* The index of a choice among the panel's settings: as given, else the default. */
int orl_panel_choice(const struct panel *panel, int setting);

#endif
