/* Small multiples: plots over one step axis, in the columns and rows of a box. */
#ifndef ORL_SCENE_MULTIPLES_H
#define ORL_SCENE_MULTIPLES_H

#include "scene/panels/steplines.h"

/* Zero-initialize; orl_multiples_init, fill in the plots (lines, y axes, y_name),
 * orl_multiples_lay.
 */
struct multiples {
    struct step_plot *plots; /* owned */
    size_t count;
    /* What is not shown: "6 of 12 shown"; where that is too wide, "6 of 12"; "": all is. */
    char note[PEOPLE_SIZE], brief[PEOPLE_SIZE];
};

/* How many of `wanted` plots the box has room for, at least 1. */
size_t orl_multiples_room(const struct view *view, struct orl_rect box, size_t wanted);

/* How wide each of so many is with its labels, and how high without them, px. */
double orl_multiples_width(const struct view *view, struct orl_rect box, size_t count);
double orl_multiples_height(const struct view *view, struct orl_rect box, size_t count);

/* Room for `count` plots, all zero. ORL_ENOMEM. Release with orl_multiples_uninit. */
int orl_multiples_init(struct multiples *m, size_t count, struct orl_error *err);
void orl_multiples_uninit(struct multiples *m);
/* Say how many of all quantities are shown, where some are not. */
void orl_multiples_note(struct multiples *m, size_t shown, size_t all);
/* Place the plots in the panel's box and make their lines; the step axis is as the panel's setting
 * says. One plot gets all of the box, with its labels beside it. */
int orl_multiples_lay(const struct view *view, struct panel *panel, struct multiples *m,
                      int steps_setting, struct orl_error *err);
/* What panels draw whose state begins with their multiples. */
void orl_multiples_panel_still(const struct view *view, const struct panel *panel,
                               struct orl_picture *picture);
void orl_multiples_panel_moving(const struct view *view, const struct panel *panel, size_t frame,
                                struct orl_picture *picture);

/* What a thin dashed line means, at the upper right of the first plot: "- - truth". */
void orl_multiples_key(const struct view *view, const struct multiples *m, const char *word,
                       struct orl_picture *picture);

#endif
