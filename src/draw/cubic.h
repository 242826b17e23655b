/* Polylines as a few cubic curves, for vector files. No Cairo type here. */
#ifndef ORL_DRAW_CUBIC_H
#define ORL_DRAW_CUBIC_H

#include "optreel/base.h"

/* A piece of a line: straight, or a Bézier cubic with two control points. */
struct cubic {
    double control[2][2]; /* unused where it is straight */
    double to[2];
    bool straight;
};

/* Append to *pieces (growing, owned by the caller) what stands for the polyline through `count`
 * points (x,y pairs, all finite), which begins at the first of them: each point lies within
 * `slack` px of its piece, and the middle between two points within 2 slack. Control points are the
 * least squares of the points, taken to be evenly spaced in the curve's parameter, as samples of a
 * function are: a polynomial up to the third degree becomes one piece. Pure. ORL_ENOMEM. */
int orl_cubic_fit(const double *points, size_t count, double slack, struct cubic **pieces,
                  size_t *piece_count, size_t *capacity, struct orl_error *err);

#endif
