/* Putting marks into pictures. */
#ifndef ORL_SCENE_PICTURE_H
#define ORL_SCENE_PICTURE_H

#include "optreel/scene.h"

/* Each adds one mark and returns it for further settings (halo, clip, ...); NULL once memory is
 * short (picture->failed). The pointer is valid until the next mark. Coordinates must be finite but
 * for the NaN that lifts a line's pen. */
struct orl_mark *orl_picture_rect(struct orl_picture *picture, struct orl_rect rect,
                                  struct orl_color color);
struct orl_mark *orl_picture_line(struct orl_picture *picture, const double *xy, size_t count,
                                  double width, struct orl_color color);
struct orl_mark *orl_picture_segment(struct orl_picture *picture, double x0, double y0, double x1,
                                     double y1, double width, struct orl_color color);
struct orl_mark *orl_picture_dots(struct orl_picture *picture, const double *xy, size_t count,
                                  double radius, enum orl_marker marker, struct orl_color color);
/* A filled outline; NaN pairs between outlines. */
struct orl_mark *orl_picture_area(struct orl_picture *picture, const double *xy, size_t count,
                                  struct orl_color color);
/* `align` 0: x is the left end, 0.5: the middle, 1: the right end; y is the baseline. */
struct orl_mark *orl_picture_text(struct orl_picture *picture, double x, double y, double align,
                                  double size, bool bold, struct orl_color color, const char *text);

/* Add a line cut to a rectangle: parts outside are left out, so that no coordinate is ever far
 * away. `xy` may hold infinities and NaN (they lift the pen). Returns the mark, or NULL where
 * nothing of it shows. */
struct orl_mark *orl_picture_clipped_line(struct orl_picture *picture, const double *xy,
                                          size_t count, struct orl_rect clip, double width,
                                          struct orl_color color);

/* Say of a mark (NULL does nothing) that it carries nothing that is not told elsewhere. Returns it.
 */
struct orl_mark *orl_mark_faint(struct orl_mark *mark);

/* The area that two rectangles share, px²; 0 where they do not meet. */
double orl_rect_overlap(const struct orl_rect *a, const struct orl_rect *b);
/* Whether a point lies in the rectangle, its edges included; NaN does not. */
bool orl_rect_holds(const struct orl_rect *rect, const double xy[2]);
/* Whether a box lies inside `outer`, `margin` px off its edges. */
bool orl_rect_inside(const struct orl_rect *outer, const struct orl_rect *box, double margin);

/* Liang–Barsky: the part of a-b inside the rectangle, as parameters t0 … t1. False where there is
 * none. */
bool orl_segment_clip(const double *a, const double *b, struct orl_rect r, double *t0, double *t1);

/* The width of grids and rules beside lines of `line` px: a third, but at least a pixel. */
double orl_line_thin(double line);

/* The colour with its opacity (0-1) multiplied by `alpha`. */
struct orl_color orl_color_fade(struct orl_color color, double alpha);

#endif
