/* What animated pictures (GIF, WebP, APNG) have in common: a segment holds the frames that differ
 * from the one before, and a picture's time is known only when the next one begins. */
#ifndef ORL_ENCODE_PICTURES_H
#define ORL_ENCODE_PICTURES_H

#include "encode/format.h"

/* ---- Making, for formats that keep every pixel as it was drawn */

/* A frame that differs from the one before, and the rectangle in which it does. Valid during the
 * call that gets it. */
struct picture {
    size_t start;                  /* the frame */
    const struct orl_image *image; /* all of it */
    const uint8_t *before; /* the frame before as B G R X, width*4 bytes a row; its X says nothing
                              unless `alpha` */
    int x, y, width, height;
    bool whole; /* the film's first: nothing stands there before */
    bool alpha; /* what it paints takes the place of what stands there, clear pixels too */
};
/* Draw the frames of a segment, and before them the one that the segment before ends with; call
 * `take` for each that differs. */
int orl_pictures_make(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      size_t first, size_t count,
                      int (*take)(void *context, const struct picture *picture,
                                  struct orl_error *err),
                      void *context, struct orl_error *err);
/* B G R A with colours multiplied by A, as a canvas has them, to R G B A that are not; where A is 0
 * all are 0. */
static inline void orl_picture_straight(const uint8_t bgra[4], uint8_t out[4])
{
    unsigned a = bgra[3];
    for (int i = 0; i < 3; i++)
        out[i] = (uint8_t)(a == 255 ? bgra[2 - i] : a ? (bgra[2 - i] * 255u + a / 2) / a : 0);
    out[3] = (uint8_t)a;
}
/* Whether pixel (x, y) of the frame differs from the one before. */
static inline bool orl_picture_differs(const struct picture *p, int x, int y)
{
    const uint8_t *now = p->image->pixels + (size_t)y * p->image->stride + 4 * (size_t)x;
    const uint8_t *old = p->before + ((size_t)y * (size_t)p->image->width + (size_t)x) * 4;
    return p->whole || now[0] != old[0] || now[1] != old[1] || now[2] != old[2] ||
           (p->alpha && now[3] != old[3]);
}

/* ---- Joining */

/* Where joined pictures go. */
struct picture_sink {
    void *context;
    uint32_t head_type, picture_type; /* record types; head_type 0: there are no heads */
    /* The head of each segment. */
    int (*head)(void *context, const struct seg_record *record, struct orl_error *err);
    /* A picture's record, which stands for the frames start … end-1. */
    int (*picture)(void *context, const uint8_t *bytes, size_t size, size_t start, size_t end,
                   struct orl_error *err);
};
/* Take the records of all segments; pictures are numbered by the frame that they begin with.
 * ORL_FAIL where they are out of order, or the first is not at frame 0. */
int orl_pictures_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                      size_t segment_count, const struct picture_sink *sink, struct orl_error *err);

/* ---- Size caps */

enum { PICTURES_LEVELS = 4 };
/* The levels that come after a format's own: 1 and 2 lower the rate (to 5/8, 1/2), 3 and 4 the
 * size, too (to 4/5, 3/5). Appends to `what`. False above the last. */
bool orl_pictures_tighten(struct orl_output_spec *spec, size_t level,
                          char what[ORL_TIGHTENED_SIZE]);
/* What share of its bytes an output may at best have at such a level, of those at level 0. */
double orl_pictures_share(size_t level);
/* Append to what a level is said to change: ", " between the parts. */
void orl_tightened_add(char what[ORL_TIGHTENED_SIZE], const char *format, ...) ORL_PRINTF(2, 3);

#endif
