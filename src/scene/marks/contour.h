/* Contours: outlines of what lies at or below a level, from values on a grid of points. */
#ifndef ORL_SCENE_CONTOUR_H
#define ORL_SCENE_CONTOUR_H

#include "optreel/scene.h"

/* Values at columns × rows points that span `area` evenly, edges included: values[row * columns +
 * column], the first row at the top. A value that is not finite is a hole: below no level. */
struct field {
    size_t columns, rows; /* at least 2 each */
    struct orl_rect area; /* px */
    double *values;       /* owned by whoever made the field */
};

/* Outlines as x,y pairs in px; a NaN pair ends each of them but the last. Zero-initialize; release
 * with orl_outline_uninit. */
struct outline {
    double *xy; /* owned */
    size_t count, capacity;
};

/* The outlines of the region whose values are at most `level` (INFINITY: of all finite values), to
 * be filled by the even-odd rule. Where the region reaches the edge of the field its outline runs
 * one pixel outside: clip it to the area. Points that a straight line passes within `tolerance` px
 * are left out. Regions of rising levels contain each other. */
int orl_contour_below(const struct field *field, double level, double tolerance,
                      struct outline *out, struct orl_error *err);
void orl_outline_uninit(struct outline *outline);

/* Leave out points of the polyline `xy` (finite) that a straight line passes within `tolerance` px,
 * first and last point kept, in one pass: what is kept of a beginning does not depend on what
 * follows. Writes the kept indices, in order; returns their number. Source: the cone intersection
 * of Sklansky & Gonzalez 1980, Pattern Recognition 12(5):327-331. */
size_t orl_polyline_thin(const double *xy, size_t count, double tolerance, size_t *kept);

#endif
