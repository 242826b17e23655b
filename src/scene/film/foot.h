/* The foot of a page: a line below everything else, with a note at the left and a credit at the
 * right. */
#ifndef ORL_SCENE_FOOT_H
#define ORL_SCENE_FOOT_H

#include "scene/panels/view.h"

/* Fit the note and the credit of a film into one line and take its room from view->size.below. A
 * page without either, or a card, has no foot (*out stays NULL). ORL_ENOMEM. Release with
 * orl_foot_destroy. */
int orl_foot_create(struct view *view, const struct orl_film_spec *spec, struct foot **out,
                    struct orl_error *err);
void orl_foot_destroy(struct foot **foot);
/* Draw it; `foot` may be NULL. Any thread. */
void orl_foot_still(const struct view *view, const struct foot *foot, struct orl_picture *picture);

#endif
