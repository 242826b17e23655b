/* Panels inside the scene room, and the film that they are part of.
 *
 * A panel fixes its axes once, from the whole traces, when it is created; after that its still and
 * its moving part are pure functions. Adding a panel is one file that ends with its `struct
 * orl_panel_desc`, and one line in panels.c. */
#ifndef ORL_SCENE_PANEL_H
#define ORL_SCENE_PANEL_H

#include "scene/film/pace.h"
#include "scene/marks/axis.h"
#include "scene/marks/picture.h"
#include "scene/marks/theme.h"
#include "scene/tables.h"

struct orl_film;
struct caption;

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
    int (*create)(const struct orl_film *film, struct panel *panel, struct orl_error *err);
    void (*destroy)(struct panel *panel);
    void (*still)(const struct orl_film *film, const struct panel *panel,
                  struct orl_picture *picture);
    void (*moving)(const struct orl_film *film, const struct panel *panel, size_t frame,
                   struct orl_picture *picture);
};

/* The index of a choice among the panel's settings: as given, else the default. */
int orl_panel_choice(const struct panel *panel, int setting);

/* Text sizes and lengths of a film, from the preset's least text size. */
struct sizes {
    double title, text, line, margin_x, margin_y, gap;
};

struct orl_film {
    struct caption *caption;   /* owned: title and subtitle as they fit */
    const char *quantity;      /* borrowed: what the traces' losses are called */
    bool loss;                 /* they are losses: thresholds and ranks mean something */
    struct orl_film_run *runs; /* owned array; what it points to is borrowed */
    struct style *styles;      /* owned: of each of `runs` */
    size_t run_count;
    size_t axis_count; /* runs that axes are chosen from: those shown, and after them in `runs`
                          others on the same problem */
    int64_t axis_to;   /* the last step that any of those shows */
    struct orl_workspace **workspaces; /* owned: one per run, NULL where it has no problem. Scratch:
                                          one thread at a time draws a film */
    const struct orl_measure *measure; /* borrowed */
    const struct theme *theme;         /* own_theme */
    struct theme own_theme;
    struct sizes size;
    struct pace pace;
    int width, height, fps_num, fps_den;
    enum orl_pace pace_kind;
    struct panel *panels; /* owned */
    size_t panel_count;
    struct placing *placing;   /* of the cell that is being created; NULL */
    struct grid *grid;         /* owned: what stands around the cells of small multiples; NULL */
    struct readout *readout;   /* owned: the table beside the panels; NULL: there is no room */
    struct sequence *sequence; /* owned: the parts of a report video, which has no panels of its
                                  own; else NULL */
    struct orl_rect title_box, footer_box;
};

/* The same film with larger text and lines. Borrows all that it points to. */
struct orl_film orl_film_with_text(const struct orl_film *film, double scale);

/* The run's row that a frame shows; of one that is not shown, as far on its way as the film is. */
size_t orl_film_row(const struct orl_film *film, size_t run, size_t frame);
/* The run has ended (finished, converged or diverged) by the step that the frame shows. */
bool orl_film_run_ended(const struct orl_film *film, size_t run, size_t frame);
bool orl_film_is_last(const struct orl_film *film, size_t frame);
/* The colour, dash and marker of a run. */
const struct style *orl_film_style(const struct orl_film *film, size_t run);

/* The text, shortened with an ellipsis so that it is at most `width` px wide. Owned by the caller;
 * NULL when memory is short. */
char *orl_film_fit_text(const struct orl_film *film, const char *text, double size, bool bold,
                        double width);

/* Bytes that the titles of these runs have in common up to a comma or colon, and so need not say
 * each: "Adam, lr 0.1", "Adam, lr 1"
 * -> 6. 0 for a run alone. */
size_t orl_film_shared_words(const struct orl_film *film, size_t first, size_t count);

/* A run's name in semibold, at most `width` px wide: in a race without what all names begin with
 * where the longest does not fit, and shortened in its middle where the ends tell it from others:
 * "mom… 0.95". Owned by the caller; NULL when memory is short. */
char *orl_film_fit_name(const struct orl_film *film, size_t run, double width);

/* The same, but the whole title where that fits. */
char *orl_film_fit_title(const struct orl_film *film, size_t run, double width);
/* Of all runs' names; where that is more than `most`, without the words that all of them begin
 * with. */
double orl_film_widest_name(const struct orl_film *film, double most);

double orl_film_text_width(const struct orl_film *film, const char *text, double size, bool bold);

#endif
