/* Marks as elements of an SVG that is written here: paths, dots, texts. Its user unit is a tenth of
 * a px, so that whole numbers do. */
#ifndef ORL_ENCODE_SVG_MARKS_H
#define ORL_ENCODE_SVG_MARKS_H

#include "base/text.h"
#include "draw/cubic.h"
#include "draw/outline.h"
#include "draw/tracks.h"
#include "encode/svg_shapes.h"

enum { SVG_UNITS = 10 /* in a px */ };

/* What elements refer to, each written once, and room to work in. Zero-initialize but for
 * `outlines`. */
struct svg_defs {
    struct outlines *outlines; /* owned */
    struct orl_mark *dots;     /* owned: the looks of dots, as "m1", "m2", ... */
    size_t dot_count, dot_capacity;
    struct orl_rect *clips; /* owned: as "k1", "k2", ... */
    size_t clip_count, clip_capacity;
    struct cubic *pieces;
    size_t piece_capacity;
    struct placed_glyph *glyphs;
    size_t glyph_count, glyph_capacity;
};
void orl_svg_defs_uninit(struct svg_defs *defs);
/* The <defs> element, with the shapes that are referred to. */
int orl_svg_defs_write(struct svg_defs *defs, const struct svg_shapes *shapes, struct orl_text *out,
                       struct orl_error *err);

/* Path data of a track's key: of a line, an area or a rectangle. `exact`: no point is left out, and
 * none moved but to the tenth of a px. */
int orl_svg_path(struct svg_defs *defs, const struct track *track, const struct track_key *key,
                 bool exact, struct orl_text *out, struct orl_error *err);

/* How many elements a track's paint takes: a line of dashes and dots two, all else one. */
int orl_svg_layers(const struct track *track);
/* The attributes of its paint, each with a space before it. */
void orl_svg_paint(const struct track *track, int layer, struct orl_text *out);
/* A clip as an attribute; nothing where the track has none. */
int orl_svg_clip(struct svg_defs *defs, const struct track *track, struct orl_text *out,
                 struct orl_error *err);

/* Where a dot or a text stands: x,y in user units. */
void orl_svg_anchor(const struct track *track, const struct track_key *key, int at[2]);
/* The number of a dot's looks: "m" and this is its id. */
int orl_svg_dot(struct svg_defs *defs, const struct track *track, size_t *id,
                struct orl_error *err);

/* A glyph of a text, seen from its anchor, in OUTLINE_EM units. */
struct svg_glyph {
    size_t glyph; /* an outline; SIZE_MAX: it shows nothing */
    int x;
};
/* The glyphs of a text: *out (growing, owned by the caller) gets *count of them. */
int orl_svg_text(struct svg_defs *defs, const struct track *track, const struct track_key *key,
                 struct svg_glyph **out, size_t *count, size_t *capacity, struct orl_error *err);
/* What turns the units of glyphs into the user's: " rotate(-90)scale(.16)" without the space. */
void orl_svg_text_scale(const struct track *track, struct orl_text *out);
/* The id of an outline: letters alone. */
void orl_svg_glyph_id(size_t glyph, struct orl_text *out);

#endif
