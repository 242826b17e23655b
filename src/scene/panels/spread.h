/* How far several runs spread about their middle: bands behind its line. */
#ifndef ORL_SCENE_SPREAD_H
#define ORL_SCENE_SPREAD_H

#include "scene/panels/steplines.h"

/* Room that it works in, in numbers, for a line of so many points. */
size_t orl_spread_room(size_t points);
/* Choose the rows that the bands of a line are drawn through: one for every few pixels. Nothing
 * where it is one run's. */
int orl_spread_lay(const struct view *view, const struct step_plot *plot, struct step_line *line,
                   struct orl_error *err);
/* The bands of a line as far as it has come: from the least to the greatest pale, between the
 * quartiles less so. Nothing where it is one run's. `scratch` has orl_spread_room numbers. */
void orl_spread_draw(const struct view *view, const struct step_plot *plot,
                     const struct step_line *line, size_t frame, double *scratch,
                     struct orl_picture *picture);

#endif
