/* The lower third of a report video: who runs, large, in the footer's place while a run's part
 * begins. */
#ifndef ORL_SCENE_THIRD_H
#define ORL_SCENE_THIRD_H

#include "scene/panels/view.h"

struct third {
    char *place;   /* owned: "run 3 of 12" */
    size_t frames; /* of the page's first ones in which it stands */
};

/* Give a page of one run a lower third: run `number` of `count`. */
int orl_third_create(struct view *view, size_t number, size_t count, struct orl_error *err);
void orl_third_destroy(struct third **third);

/* It stands in this frame, and the footer does not. */
bool orl_third_stands(const struct view *view, size_t frame);
/* The bar in the run's colour, its name and settings, and its place among the runs, in
 * view->footer_box. */
void orl_third_draw(const struct view *view, struct orl_picture *picture);

#endif
