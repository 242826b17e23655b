/* Captions: title and subtitle above, step counter, loss, note and progress line below. */
#ifndef ORL_SCENE_CAPTION_H
#define ORL_SCENE_CAPTION_H

#include "scene/panels/panel.h"

/* Make the film's title and subtitle, as they fit. */
int orl_caption_create(struct view *view, const struct orl_film_spec *spec, struct orl_error *err);
void orl_caption_destroy(struct caption **caption);
/* Place them; what is left in between is for the panels. */
struct orl_rect orl_caption_place(struct view *view);
/* Tell the runs' lines and names below the subtitle; from the next placing on. */
void orl_caption_add_key(struct view *view);
void orl_caption_still(const struct view *view, struct orl_picture *picture);
void orl_caption_moving(const struct view *view, size_t frame, struct orl_picture *picture);

#endif
