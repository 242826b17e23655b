/* The footer: the step, in large digits, and the step ruler, which shows how far the film has come
 * and how its pace spreads the steps. */
#ifndef ORL_SCENE_FOOTER_H
#define ORL_SCENE_FOOTER_H

#include "scene/panels/panel.h"

/* The height of a page's footer, px. */
double orl_footer_height(const struct view *view);
/* The words and the ruler, in view->footer_box. */
void orl_footer_still(const struct view *view, struct orl_picture *picture);
/* The step's number, the loss of a film of one run, and the part of the ruler that has passed. */
void orl_footer_moving(const struct view *view, size_t frame, struct orl_picture *picture);

#endif
