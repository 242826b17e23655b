/* Names beside the ways of runs: each in a place of its own for the whole film, where no way ever
 * goes. */
#ifndef ORL_SCENE_SURFACE_LABEL_H
#define ORL_SCENE_SURFACE_LABEL_H

#include "scene/panels/panel.h"

/* The way of a run. */
struct path {
    double *xy;   /* owned: px, unclipped; a NaN pair lifts the pen */
    size_t *rows; /* owned: the trace row of each point */
    size_t count;
};

#define NO_RUN SIZE_MAX

struct way_label {
    char *text;      /* owned */
    size_t run, row; /* shown from this row of the run on; NO_RUN: always */
    bool crossed;    /* there was no room where no way goes: it stands above the ways */
    bool led; /* it stands where it could be taken for another's: a thin line leads to its place on
                 the way */
    double from[2]; /* that line's ends, px */
    double to[2];
    double x, y; /* left end, baseline, px */
};

struct way_labels {
    const struct view *view; /* borrowed */
    struct orl_rect area;
    struct way_label *items; /* owned */
    size_t count;
    struct orl_rect *taken; /* owned: boxes where no label may go */
    size_t taken_count;
    uint16_t *ink; /* owned while labels are placed: 0, the run + 1 whose way crosses the cell, or
                      SHARED */
    size_t columns, rows;
};

/* `most` labels and `points` kept free will be asked for. Release with orl_way_labels_uninit. */
int orl_way_labels_init(struct way_labels *labels, const struct view *view, struct orl_rect area,
                        size_t points, size_t most, struct orl_error *err);
void orl_way_labels_uninit(struct way_labels *labels);
/* Say where ways go: all of them before the first label. */
void orl_way_labels_ink(struct way_labels *labels, size_t run, const double *xy, size_t count,
                        double width);
void orl_way_labels_ink_dot(struct way_labels *labels, size_t run, const double xy[2],
                            double radius);
/* No label may cover this point. */
void orl_way_labels_keep_off(struct way_labels *labels, const double xy[2], double radius);
/* Put a text near a point, or somewhere along a way; where there is no room it is left out. One
 * that must `always` be there may stand on ways. */
int orl_way_labels_at(struct way_labels *labels, size_t run, const double xy[2], size_t row,
                      const char *text, bool always, struct orl_error *err);
int orl_way_labels_along(struct way_labels *labels, size_t run, const struct path *path,
                         const char *text, struct orl_error *err);
void orl_way_labels_done(struct way_labels *labels);
/* The names of points that stand clear of all ways. */
void orl_way_labels_still(const struct way_labels *labels, struct orl_color halo,
                          struct orl_picture *picture);
void orl_way_labels_draw(const struct way_labels *labels, size_t frame, struct orl_color halo,
                         struct orl_picture *picture);

#endif
