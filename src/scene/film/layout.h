/* Layout: where the panels and the readout of a film go. */
#ifndef ORL_SCENE_LAYOUT_H
#define ORL_SCENE_LAYOUT_H

#include "scene/panels/panel.h"

/* The size that a panel of words or numbers wants: more is of little use to it, less makes it cut
 * them. 0: a plot, which takes what it gets. */
struct wish {
    double width, height;
};

/* What is to be placed. All lengths in px. */
struct layout {
    struct orl_rect body; /* where there is room */
    double text, gap;
    size_t panels;             /* 1 … PLACES_MAX */
    const struct wish *wishes; /* of the panels; NULL: all are plots */
    bool wide_main;            /* the first panel takes all of the width */
    size_t cells; /* small multiples that stand together in the first one's place; 0 or 1: none */
    double readout_width, readout_height; /* that the readout wants; 0: there is none */
    /* A grid that was asked for: relative widths of columns and heights of rows, filled in reading
     * order; no columns: chosen. */
    const double *columns, *rows;
    size_t column_count, row_count;
};

enum { PLACES_MAX = 16 };

/* Fill in the boxes of the panels and of the readout (width 0: it is left out, where there is no
 * room for it). Without a grid the first panel is large and the others are beside or below it,
 * whatever uses the room best; pure. Returns the smallest panel's index. */
size_t orl_layout_place(const struct layout *layout, struct orl_rect *boxes,
                        struct orl_rect *readout);

/* True where a panel of this size can be read. */
bool orl_layout_readable(const struct layout *layout, const struct orl_rect *box);

#endif
