/* Arrows of the panels that show vectors. */
#ifndef ORL_SCENE_ARROW_H
#define ORL_SCENE_ARROW_H

#include "scene/panels/view.h"

struct arrow {
    double width; /* px */
    struct orl_color color;
    enum orl_dash dash;
    struct orl_color rim; /* keeps it apart from others */
};

/* From one point to another, px; one that is too short for its head is the head alone. Its head is
 * an area whose first point is the tip. */
void orl_arrow_draw(const struct view *view, const struct arrow *arrow, const double from[2],
                    const double to[2], struct orl_picture *picture);

#endif
