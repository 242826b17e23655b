/* Frames as pictures of one palette, for formats whose pictures are indices (GIF) or few colours
 * (WebP). */
#ifndef ORL_ENCODE_INDEXED_H
#define ORL_ENCODE_INDEXED_H

#include "encode/lzw.h"
#include "encode/palette.h"

/* What turns the picture before into the next one. Borrowed for the call; arrays are rows of
 * `width` without gaps. */
struct indexed_picture {
    size_t start; /* the frame that it begins with */
    int x, y, width, height;
    const uint8_t *wanted;  /* indices */
    const uint8_t *changed; /* 1: must be painted; 0: what stands there is good enough */
    uint8_t *shown;         /* what stands there; the sink writes what stands there afterwards */
    uint8_t most;           /* the largest index that must be painted */
    bool exact;             /* no index but the wanted one may be painted */
};

struct indexed_sink {
    void *context;
    int step; /* places and sizes of pictures are whole multiples of it, or end with the frame */
    /* Before the first picture; what is pointed to stays until the last one. */
    int (*begin)(void *context, const struct palette *palette, const struct lzw_choice *choice,
                 struct orl_error *err);
    int (*picture)(void *context, const struct indexed_picture *picture, struct orl_error *err);
};

/* Make frames first ... first+count-1 with at most `colors` indices, the one for "unchanged"
 * counted; a pixel may stay as far as `tolerance` (of 255) from its colour. */
int orl_indexed_make(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     size_t first, size_t count, size_t colors, double tolerance,
                     const struct indexed_sink *sink, struct orl_error *err);

#endif
