/* Lines over the steps, thinned to what the pixels can show: inside of steplines.h. */
#ifndef ORL_SCENE_STEPTHIN_H
#define ORL_SCENE_STEPTHIN_H

#include "scene/panels/steplines.h"

/* The trace that a line is drawn from, and the line's value at a row of it. */
const struct orl_trace *orl_step_trace(const struct view *view, const struct step_line *line);
double orl_step_value(const struct step_line *line, size_t row);
/* The pixel of a value; what has no place on the axis (0 on a logarithmic one) lies far below it.
 */
double orl_step_y(const struct step_plot *plot, double value);

/* Make a line's points, in a plot that is placed. *banded becomes true where it has bands. */
int orl_step_line_thin(const struct view *view, const struct step_plot *plot,
                       struct step_line *line, bool *banded, struct orl_error *err);
/* The last row at or before `row` that holds a number; SIZE_MAX: none. `shown` becomes the number
 * of points up to it. */
size_t orl_step_head_row(const struct step_line *line, size_t row, size_t *shown);
/* The place of a row, kept inside the plot: what lies beyond shows at the edge. */
void orl_step_place(const struct view *view, const struct step_plot *plot,
                    const struct step_line *line, size_t row, double xy[2]);
/* Where the points from `from` on that belong together end: a band of columns, or a stroke. */
size_t orl_step_part_end(const struct step_line *line, size_t from, size_t count);

#endif
