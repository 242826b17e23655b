/* Many points in a plot: dots, thinned dots, or density where there are more than the pixels can
 * show. */
#ifndef ORL_SCENE_DOTS_H
#define ORL_SCENE_DOTS_H

#include "scene/panels/frame.h"

enum { DOTS_MAX = 2000 }; /* points that a panel draws or evaluates in a frame, evenly picked */

/* The colour of one dot among `rows`, for a key. */
struct orl_color orl_dots_color(const struct view *view, size_t rows);

/* The radius of one dot among `rows`, px. */
double orl_dots_radius(const struct view *view, const struct plot *plot, size_t rows);

/* Draw the points (x[i], y[i]), `rows` of them, in the plot: as dots, the more the smaller and the
 * more transparent; from DOTS_MAX on as small squares that are darker the more points lie in them.
 * ORL_ENOMEM where the picture says nothing. */
void orl_dots_still(const struct view *view, const struct plot *plot, const double *x,
                    const double *y, size_t rows, struct orl_picture *picture);

/* The dots of these rows, see-through, to be drawn above curves. */
void orl_dots_above(const struct view *view, const struct plot *plot,
                    const struct orl_dataset *data, const size_t *rows, size_t count,
                    struct orl_picture *picture);

#endif
