/* Words of frames, inside the scene room. */
#ifndef ORL_SCENE_WORDS_H
#define ORL_SCENE_WORDS_H

#include "scene/film/film.h"

/* The chapter of a report video that a frame belongs to; "" for a film without chapters. */
void orl_words_chapter(const struct orl_film *film, size_t frame, char out[ORL_WORDS_SIZE]);

#endif
