/* A curve y(x) as a line through points: how many it needs, and where the pen is lifted. */
#ifndef ORL_SCENE_CURVE_H
#define ORL_SCENE_CURVE_H

#include "scene/marks/axis.h"

/* In how many places a line through `points` points would miss, by a quarter of a pixel and more,
 * what lies halfway between two of them. `y` holds 2 × points − 1 values; the axis, from pixel 0 to
 * `last`, says what of them is near enough to be seen. */
size_t orl_curve_misses(const double *y, size_t points, const struct axis *axis);

/* The line through (x[i], y[i]), in pixels, as x,y pairs with NaN pairs where the curve has a pole.
 * `height` is the plot's; `xy` has room for 2 × count pairs. Returns the number of pairs. */
size_t orl_curve_path(const double *x, const double *y, size_t count, double height, double *xy);

#endif
