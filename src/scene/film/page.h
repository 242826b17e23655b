/* A page of plots: its runs, its panels and what stands around them, laid out once. */
#ifndef ORL_SCENE_PAGE_H
#define ORL_SCENE_PAGE_H

#include "scene/panels/view.h"

/* The runs, their colours, the sizes and the pace; nothing is placed yet. Release `out` with
 * orl_page_destroy, also after a failure. */
int orl_page_create(const struct orl_film_spec *spec, const struct orl_measure *measure,
                    struct view **out, struct orl_error *err);
/* Its captions and panels. A page that is only named on cards goes without. */
int orl_page_lay(struct view *view, const struct orl_film_spec *spec, struct orl_error *err);
void orl_page_destroy(struct view **view);

/* The background alone: a mark that paints nothing where it is transparent. */
void orl_page_ground(const struct view *view, struct orl_picture *picture);
/* Where the background is transparent, give each text that has no halo one of its colour. */
void orl_page_words_ground(const struct view *view, struct orl_picture *picture);
/* What never moves, and what a frame adds; `picture` says whether memory was short. */
void orl_page_still(const struct view *view, struct orl_picture *picture);
void orl_page_moving(const struct view *view, size_t frame, struct orl_picture *picture);

#endif
