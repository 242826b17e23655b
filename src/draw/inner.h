/* Inner header of the draw room. */
#ifndef ORL_DRAW_INNER_H
#define ORL_DRAW_INNER_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "optreel/draw.h"

/* ---- font.c: text made ready to draw */

/* One line of text, shaped. Borrowed from the font; valid until the next call. NULL when memory is
 * short. */
struct text_line {
    PangoLayout *layout; /* NULL where it is a number: then its glyphs and their font */
    PangoGlyphString *glyphs;
    PangoFont *font;
    struct orl_extent extent; /* logical box, px */
    PangoRectangle ink;       /* px, relative to the top left of the logical box */
    cairo_surface_t *halo;    /* text.c's: a mask of the line's halo; NULL until one is drawn */
    double halo_px, halo_at[2];
};
/* A line shaped, or shaped before: borrowed from the font until the next call. NULL when memory is
 * short. */
struct text_line *orl_font_line(struct orl_font *font, const char *utf8, double size_px, bool bold);

/* ---- digits.c: numbers, glyph by glyph */

enum { DIGITS_MAX = 512, /* a power of 2 */ DIGITS_LINE_MOST = 32 };
struct digit {
    PangoFont *font; /* one reference is held; NULL: empty place */
    PangoGlyphInfo info;
    uint32_t c;
    double size;
    bool bold;
};
struct digits {
    struct digit glyphs[DIGITS_MAX];
};
/* Forget all glyphs; their fonts are released. */
void orl_digits_clear(struct digits *digits);
/* Shapes text with Pango; the layout is the caller's. */
typedef PangoLayout *orl_shape(void *context, const char *utf8, double size_px, bool bold);
/* Fill `out` where the text is a number whose characters are a glyph each of one font; else false.
 */
bool orl_digits_line(struct digits *digits, const char *utf8, double size_px, bool bold,
                     orl_shape *shape, void *context, struct text_line *out);

/* ---- damage.c: which blocks are touched */

/* Room for a picture of so many pixels, no block marked (ORL_ENOMEM); and all blocks marked with
 * `value`. Release with orl_damage_uninit. */
int orl_damage_init(struct orl_damage *damage, int width, int height, struct orl_error *err);
void orl_damage_uninit(struct orl_damage *damage);
void orl_damage_set_all(struct orl_damage *damage, uint8_t value);
/* Mark what a mark can touch. */
void orl_damage_add_mark(struct orl_damage *damage, struct orl_font *font,
                         const struct orl_picture *picture, const struct orl_mark *mark);

/* ---- line.c: coordinates, colours, polylines as paths */

/* A coordinate that Cairo can take. */
double orl_clamp(double v);
/* Make `color` what is painted with from now on. */
void orl_set_color(cairo_t *cr, const struct orl_color *color);
/* The path of a polyline; a point with a NaN lifts the pen. Points within `slack` px of the line
 * without them are left out: a stroke costs by its points. */
void orl_path_line(cairo_t *cr, const double *at, size_t count, double slack);

/* ---- dash.c: dashes and dots along a path */

/* Stroke the path that stands on the context, `width` px wide, with the source that is set; the
 * path is used up. */
void orl_stroke_dashed(cairo_t *cr, enum orl_dash dash, double width);

/* ---- text.c: text as Cairo draws it */

/* Where a text mark's logical box stands: its left and top edge before any turning, and its line.
 * False when memory is short. */
bool orl_text_place(struct orl_font *font, const struct orl_picture *picture,
                    const struct orl_mark *mark, double *left, double *top,
                    struct text_line **line);
int orl_text_draw(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                  const struct orl_mark *mark, struct orl_error *err);

/* ---- marks.c: marks as Cairo draws them */

/* The path of a dot about (x, y), or of what is painted under it as its halo. Returns the width to
 * stroke it with; 0: it is filled. */
double orl_marker_shape(cairo_t *cr, const struct orl_mark *mark, double x, double y, bool halo);

/* Draw the marks of a picture in their order, onto what is there. ORL_ENOMEM, or ORL_EENV with what
 * Cairo says. */
int orl_marks_draw(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                   struct orl_error *err);
/* The same for the marks whose place in `only` (one for each mark) is not 0. */
int orl_marks_draw_some(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                        const uint8_t *only, struct orl_error *err);

/* ---- shown.c: what a frame changes against the last one */

struct shown {
    struct orl_picture picture; /* owned: a copy of the moving picture that stands on the canvas */
    uint8_t *redraw; /* owned: one for each mark of the next picture: 1 where it must be drawn */
    size_t redraw_capacity;
};
void orl_shown_uninit(struct shown *shown);
/* Copy the picture that stands on the canvas now. ORL_ENOMEM. */
int orl_shown_keep(struct shown *shown, const struct orl_picture *picture, struct orl_error *err);
/* Which marks of `next` must be drawn (shown->redraw) after the blocks of `region` were restored.
 * *changed is false where it is the picture that stands there. */
int orl_shown_compare(struct shown *shown, struct orl_font *font, const struct orl_picture *next,
                      struct orl_damage *region, struct orl_damage *scratch, bool *changed,
                      struct orl_error *err);

#endif
