/* The tables of panels, layouts, paces and themes: what experiment files may ask for. */
#ifndef ORL_SCENE_TABLES_H
#define ORL_SCENE_TABLES_H

#include "optreel/scene.h"

/* A panel kind, as far as an experiment file sees it. Callbacks: scene/panels/panel.h.
 */
struct orl_panel_ops;
struct view; /* scene/panels/view.h */
struct panel;
struct orl_panel_desc {
    const char *name;                   /* "fit" */
    const char *title;                  /* "Fit" */
    const char *description;            /* one line */
    const char *key;                    /* what its grey marks mean, for small multiples; NULL */
    const struct orl_setting *settings; /* what `axes: {<panel>: {...}}` may give; NULL: nothing */
    /* False where the runs lack what the panel shows (a fit without data), for films that then go
     * without it. NULL: it suits all.
     */
    bool (*suits)(const struct orl_film_run *runs, size_t count);
    /* Pixel coordinates that tell where the panel shows a run's row, at most `capacity`; returns
     * their number, the same for all rows. For the pace `motion`, which follows the first panel
     * that tells them. NULL: it tells none. */
    size_t (*pose)(const struct view *view, const struct panel *panel, size_t run, size_t row,
                   double *px, size_t capacity);
    /* Of words and numbers: the size in px in which nothing of them is cut. Asked before the panel
     * is made. NULL: a plot, of any size. */
    void (*wants)(const struct view *view, const struct panel *panel, double *width,
                  double *height);
    bool place_in_plane;  /* what moves in it are places, not heights: as the first panel it makes
                             the pace auto that of motion */
    bool needs_data;      /* its runs must be on problems with data */
    bool needs_series;    /* one of its runs must have a trace with columns of its own */
    bool one_problem;     /* and all on the same one */
    bool needs_predictor; /* whose model uses a column of its data */
    bool same_parameters; /* and have parameters of the same names */
    bool whole; /* it tells of all runs together, or of none: small multiples leave it as it is */
    bool replaces_readout;   /* it says what the readout beside the panels would: the film goes
                                without that one */
    const char *settings_as; /* it takes the settings of the panel of this name, too, where the film
                                has none; NULL: its own alone */
    const struct orl_panel_ops *ops;
};
extern const struct orl_panel_desc
    *const orl_panels[]; /* NULL-ended, every panel of the design by name */
const struct orl_panel_desc *orl_panel_find(const char *name);

/* Choices by name, NULL-ended, in the order of enum orl_pace and enum orl_layout. */
extern const char *const orl_pace_names[];   /* linear log motion loss auto */
extern const char *const orl_layout_names[]; /* overlay grid sequence */
/* How long a report video is where nobody says so, in seconds: less than a minute, unless its runs
 * would have less than two seconds each. */
double orl_sequence_length(size_t run_count, size_t problem_count);

/* What a film has to place in its frame. */
struct orl_room {
    enum orl_layout kind;
    int width, height; /* px */
    double text_px;
    size_t panels, runs;
    const double *columns, *rows; /* relative widths and heights of a grid that was asked for */
    size_t column_count, row_count;
};
/* True, with a sentence in `out`, where a panel comes out too small to be read. */
bool orl_room_remark(const struct orl_room *room, char *out, size_t size);

struct orl_theme_desc {
    const char *name, *title, *description;
};
extern const struct orl_theme_desc orl_themes[]; /* ended by a NULL name: light dark print */
/* The colours of a theme that an experiment may set, in the order of struct orl_theme_spec; ended
 * by a NULL name: background, ink, ... */
struct orl_theme_role {
    const char *name, *description;
};
extern const struct orl_theme_role orl_theme_roles[];
/* True, with a sentence in `out`, where something that a theme of one's own sets is hard to see:
 * less than 4.5:1 for text, 3:1 for marks (WCAG 2.2, 1.4.3 and 1.4.11). */
bool orl_theme_remark(const struct orl_theme_spec *spec, char *out, size_t size);

#endif
