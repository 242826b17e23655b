/* Words of frames, inside the scene room. */
#ifndef ORL_SCENE_WORDS_H
#define ORL_SCENE_WORDS_H

#include "scene/film/film.h"

/* The chapter of a report video that a frame belongs to; "" for another film. */
void orl_words_chapter(const struct orl_film *film, size_t frame, char out[ORL_WORDS_SIZE]);
/* What a page says of its frame: the step and the loss; the parameters or who is ahead. */
void orl_words_page(const struct view *page, size_t frame, struct orl_words *out);

#endif
