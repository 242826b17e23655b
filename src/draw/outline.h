/* Texts as outlines of their glyphs, each glyph once, for vector files of our own. No Cairo type
 * here. */
#ifndef ORL_DRAW_OUTLINE_H
#define ORL_DRAW_OUTLINE_H

#include "optreel/draw.h"

/* Glyph outlines are in units of which a text's size has so many. */
enum { OUTLINE_EM = 500 };

/* A glyph of a line of text: which one, and where it stands. */
struct placed_glyph {
    size_t glyph; /* index among the outlines, in the order of their first use; SIZE_MAX: it has
                     no outline (a space) */
    double x, y;  /* of its origin, from the left end of the baseline, px */
};

/* The glyphs that texts have used so far. */
struct outlines;
/* NULL when memory is short. `font` is borrowed. */
struct outlines *orl_outlines_create(struct orl_font *font);
void orl_outlines_destroy(struct outlines **outlines);

/* The glyphs of one line: *out (growing, owned by the caller) gets *count of them, `extent` the
 * line's box. Which glyphs there are and their order depend on the texts alone. */
int orl_outlines_text(struct outlines *outlines, const char *utf8, double size_px, bool bold,
                      struct placed_glyph **out, size_t *count, size_t *capacity,
                      struct orl_extent *extent, struct orl_error *err);

/* Outlines by index: SVG path data in OUTLINE_EM units, y downwards, the origin at the baseline.
 * NULL past the last. Borrowed. */
const char *orl_outlines_path(const struct outlines *outlines, size_t index);

/* A dot of a mark, or its halo: SVG path data about the origin in 1/100 px, owned by the caller;
 * NULL when memory is short. *stroke_px is the width to stroke it with, with pointed corners and
 * round ends; 0: it is filled. */
char *orl_marker_outline(const struct orl_mark *mark, bool halo, double *stroke_px);

#endif
