/* What panels share: the plot inside a panel's box, with its axes, and labels at the ends of lines.
 */
#ifndef ORL_SCENE_FRAME_H
#define ORL_SCENE_FRAME_H

#include "scene/panels/panel.h"

/* A plot with two axes. */
struct plot {
    struct orl_rect area; /* where the lines go */
    double left, right;   /* how far labels may reach, px */
    struct axis x, y;
    const char *x_name, *y_name; /* borrowed; as they are shown */
    bool bare;   /* nothing below the plot: another one below it has the labels of its x axis */
    bool bare_y; /* no labels beside it: another one to the left has those of its y axis */
    const char
        *note; /* borrowed: what is said of the plot once for all cells of small multiples; NULL */
    bool footnote; /* something else stands in the line of the x axis' name: it has that line,
                      however low it is */
    bool cell;     /* one of small multiples: no names, they are said once for all. Set by
                      orl_plot_place */
    double scale;  /* 1, or less in a cell: how large marks are in it. Set by orl_plot_place */
    bool low;      /* the x axis' name stands among its labels. Set by orl_plot_place */
};

/* Boxes lower than this, in text sizes, have no room for a line with the x axis' name alone. */
#define PLOT_LOW 9.0

/* Place a plot of the panel in a box: room for tick labels, names and `right_px` for labels at line
 * ends. The axes' ranges must be set; their pixels are filled. Of a cell among small multiples
 * panel->cell is told where the plot came to stand, and what is said once for all. */
void orl_plot_place(const struct view *view, struct panel *panel, struct plot *plot,
                    struct orl_rect box, double right_px);
/* Cut the names of the axes, which are owned by the caller, to what the plot is wide once it is
 * placed. (For all cells of small multiples they are said once, whole.) */
int orl_plot_fit_names(const struct view *view, struct plot *plot, char **x_name, char **y_name,
                       struct orl_error *err);

/* In a key on the baseline y: dashes as the true curve has them, whole ones, up to the pixel
 * `right`. Returns where they begin. */
double orl_plot_key_dashes(const struct view *view, double right, double y,
                           struct orl_picture *picture);

/* Grid, axis line, ticks, names. */
void orl_plot_still(const struct view *view, const struct plot *plot, struct orl_picture *picture);

enum { LABELS_MAX = 128 };

/* Labels at the right ends of lines, from top to bottom. */
struct end_label {
    size_t run;       /* whose it is, for who asks */
    double y;         /* where the line ends, px */
    double placed;    /* where the label's middle goes, px */
    const char *text; /* borrowed */
    struct orl_color color;
};
/* Move labels apart: at least `distance` between neighbours, inside top … bottom where they fit, as
 * near to their lines as that allows. The order is kept. (Least squares with order constraints:
 * pool adjacent violators.) */
void orl_labels_spread(struct end_label *labels, size_t count, double distance, double top,
                       double bottom);

/* From the end of a line at the plot's right edge, `end` px, to its label. Of a line that has left
 * the plot, which way it went; of one whose label stands elsewhere than there, since it swings:
 * both ways. */
void orl_label_leader(const struct view *view, const struct plot *plot,
                      const struct end_label *label, double end, struct orl_picture *picture);

#endif
