/* A page so small that it has one panel: one line above it, the step on a plate in it. */
#ifndef ORL_SCENE_CARD_PAGE_H
#define ORL_SCENE_CARD_PAGE_H

#include "scene/panels/view.h"

/* Set view->title_box and view->footer_box; what is left is the panel's: all of it to the edges
 * where places are shown, else with a margin. */
struct orl_rect orl_card_page_place(struct view *view, bool to_the_edge);
/* The line: the finding where it fits, else the title. */
void orl_card_page_heading(const struct view *view, const char *title, struct orl_picture *picture);
/* The plate with the step of a frame. */
void orl_card_page_step(const struct view *view, size_t frame, struct orl_picture *picture);

#endif
