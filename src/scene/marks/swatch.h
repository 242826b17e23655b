/* Swatches: the line and marker of a run, small, beside its name. */
#ifndef ORL_SCENE_SWATCH_H
#define ORL_SCENE_SWATCH_H

#include "scene/marks/picture.h"
#include "scene/marks/theme.h"

/* The line, `line` px thick and `width` px long from x on, around the middle y, with the marker in
 * its middle as it stands in the panels. */
void orl_swatch(const struct style *style, double line, struct orl_color background, double x,
                double y, double width, struct orl_picture *picture);

#endif
