/* A contact sheet as a film of one frame, all of it still. */
#ifndef ORL_BATCH_SHEET_H
#define ORL_BATCH_SHEET_H

#include "optreel/encode.h"

struct sheet {
    const struct orl_film *film; /* borrowed */
    struct orl_font *font;       /* borrowed */
    int columns, rows;
    int width, height;          /* px, of the whole sheet */
    struct orl_picture picture; /* owned */
    struct orl_canvas *canvas;  /* owned; made when pixels are wanted */
};
/* Fill the first six fields, zero the others; then this is its source, as long as it stays where it
 * is. */
struct orl_frame_source orl_sheet_source(struct sheet *sheet);
void orl_sheet_uninit(struct sheet *sheet);

#endif
