/* The slot: one fixed place in the first panel where the sentences of events stand. */
#ifndef ORL_SCENE_SLOT_H
#define ORL_SCENE_SLOT_H

#include "scene/film/story.h"

/* The place among top and bottom, left, centre and right of the first panel that covers least of
 * what the film shows there, wide enough for the longest sentence. Width 0: there is none without
 * words in it, or the panel is too small. */
struct orl_rect orl_slot_choose(const struct view *view, const struct story *story);
/* The sentence of this frame, if there is one; names that move under it are left out. */
void orl_slot_draw(const struct view *view, const struct story *story, size_t frame,
                   struct orl_picture *picture);

#endif
