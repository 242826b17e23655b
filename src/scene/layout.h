/* Layout: where the panels and the readout of a film go. */
#ifndef ORL_SCENE_LAYOUT_H
#define ORL_SCENE_LAYOUT_H

#include "scene/panel.h"

/* Fill in the boxes of the film's panels and of its readout, inside `body`. */
void orl_layout_place(struct orl_film *film, struct orl_rect body, struct orl_rect *readout);

#endif
