/* Drawing: a scene's pictures as pixels with their damage, as PNG, or as vector pages. No Cairo or
 * Pango type shows here. */
#ifndef OPTREEL_DRAW_H
#define OPTREEL_DRAW_H

#include "optreel/scene.h"

ORL_BEGIN_DECLS

/* Which blocks of 16×16 pixels differ from the frame drawn before: blocks[row*columns + column] is
 * 1 or 0. Blocks at the right and lower edge may be cut by the picture's size. Conservative: a
 * changed pixel always lies in a marked block. */
struct orl_damage {
    uint8_t *blocks;
    size_t columns, rows;
};
#define ORL_BLOCK_PX 16

/* A finished frame: 32 bits per pixel, memory order B G R X (of a clear canvas B G R A, each colour
 * multiplied by A), rows `stride` bytes apart. Borrowed
 * from the canvas until its next frame. */
struct orl_image {
    const uint8_t *pixels;
    int width, height;
    size_t stride;
    const struct orl_damage
        *damage; /* against the frame that this canvas drew before; all 1 for its first */
};

/* Fonts: loaded by file with a private font configuration. Shared by canvases of one thread. */
struct orl_font;
/* `path` NULL: the default family (Inter, with DejaVu Sans for what it lacks); else that file, with
 * the default behind it. ORL_EENV where no font file can be loaded, naming the files that were
 * tried. Release with orl_font_destroy. */
int orl_font_create(const char *path, struct orl_font **out, struct orl_error *err);
void orl_font_destroy(struct orl_font **font);
/* Measures as the canvas will draw. Borrowed from the font. */
const struct orl_measure *orl_font_measure(const struct orl_font *font);
/* True, with a sentence in `out`, where a default font file is missing, so that another takes its
 * place. */
bool orl_font_substituted(const struct orl_font *font, char *out, size_t size);
/* True, with a sentence in `out` that names it, where a character of `utf8` is in none of the
 * font's files. */
bool orl_font_lacks(struct orl_font *font, const char *utf8, char *out, size_t size);
/* The files it uses, for cache keys: path of the i-th, NULL past the last. */
const char *orl_font_file(const struct orl_font *font, size_t index);

struct orl_canvas;
/* A canvas of width × height pixels; white below what is drawn, or `clear`: frames have alpha.
 * `font` is borrowed and must outlive it. One thread at a time.
 */
int orl_canvas_create(int width, int height, bool clear, struct orl_font *font,
                      struct orl_canvas **out, struct orl_error *err);
void orl_canvas_destroy(struct orl_canvas **canvas);
/* Draw the still part once. The next frame's damage is the whole picture. */
int orl_canvas_still(struct orl_canvas *canvas, const struct orl_picture *still,
                     struct orl_error *err);
/* Draw a frame: restores what the last frame touched, draws `moving` over the still part. The
 * pixels depend on the two pictures alone, never on frames drawn before. ORL_EBUG where a
 * coordinate is not finite, ORL_EENV where Cairo reports an error. */
int orl_canvas_frame(struct orl_canvas *canvas, const struct orl_picture *moving,
                     struct orl_image *image, struct orl_error *err);

/* Write an image as PNG (8-bit RGB, no time stamp: the same bytes each time). */
int orl_image_write_png(const struct orl_image *image, struct orl_sink sink, struct orl_error *err);

/* ---- Vector pages ---------------------------------------------------------------------------- */

enum orl_document_kind {
    ORL_DOCUMENT_PDF, /* any number of pages; the still part stands in the file once, fonts as
                         subsets, text as text */
    ORL_DOCUMENT_SVG, /* one page, in px; text as outlines, so that it looks the same without the
                         fonts */
};

struct orl_document_spec {
    enum orl_document_kind kind;
    int width, height; /* of the pictures, px */
    double px_pt;      /* PDF: what a px of the pictures is on the page, in points of 1/72 inch */
    const char *title; /* for the reader's window, UTF-8; NULL: none. Borrowed for the call */
    const char *date;  /* PDF: day of creation, ISO 8601; NULL: none (no clock is asked). Borrowed
                          for the call */
};

struct orl_document;

/* A document whose bytes go to `sink` as pages are added: memory does not grow with them. `font` is
 * borrowed and must outlive it. Cairo numbers what it makes by process: the same bytes are promised
 * for the first document of a process alone. */
int orl_document_create(const struct orl_document_spec *spec, struct orl_font *font,
                        struct orl_sink sink, struct orl_document **out, struct orl_error *err);
/* What lies under all pages that follow. */
int orl_document_still(struct orl_document *document, const struct orl_picture *still,
                       struct orl_error *err);
/* A page: the still part and `moving` over it. ORL_EBUG where a coordinate is not finite, or for an
 * SVG's second page. */
int orl_document_page(struct orl_document *document, const struct orl_picture *moving,
                      struct orl_error *err);
/* Write what is left. In every case the document is gone and *document NULL. */
int orl_document_finish(struct orl_document **document, struct orl_error *err);
/* Drop it, whatever was written. */
void orl_document_abort(struct orl_document **document);

/* Versions of the libraries, for summaries and cache keys: "1.16.0". Static text. */
const char *orl_cairo_version(void);
const char *orl_pango_version(void);

ORL_END_DECLS

#endif
