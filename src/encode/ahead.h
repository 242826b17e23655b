/* A look-ahead that is exact: frames are drawn before they are encoded, and an encoder is told of
 * each block of 16x16 pixels whether it changed and how long it will stay as it is.
 *
 * What stays is worth more bits now, since every frame after it shows it. x264 guesses this from
 * motion (its mbtree); a film of plots knows it. */
#ifndef ORL_ENCODE_AHEAD_H
#define ORL_ENCODE_AHEAD_H

#include "encode/yuv.h"
#include "optreel/encode.h"

/* A block that a frame changed, as long as its frame waits to be encoded. */
struct ahead_change {
    uint32_t block;
    uint32_t until; /* the frame that changes it next, counted from the segment's first; 0: none
                       that is drawn */
};

struct ahead_frame {
    size_t end; /* of its changes, counted from the segment's first change */
    bool key;   /* a part of the film begins: a group of pictures, too */
};

/* Zero-initialize; release with orl_ahead_uninit. */
struct ahead {
    const struct orl_frame_source *source; /* borrowed */
    size_t first, count;                   /* frames of the segment */
    size_t columns, rows;                  /* of blocks */
    size_t drawn, taken;                   /* frames so far */
    struct yuv_planes seen[2];             /* owned: the frame drawn last, and the one before it */
    struct yuv_planes shown;               /* owned: the frame taken last */
    struct ahead_frame *frames;            /* owned: count */
    struct ahead_change *changes;          /* owned: a ring of `capacity` */
    uint8_t *pixels;                       /* owned: of the changes */
    size_t capacity;
    size_t *newest; /* owned: of each block the number of its last change, +1; 0: none */
    uint32_t *next; /* owned: of each block the frame that changes it next */
};

enum ahead_kind {
    AHEAD_HELD,  /* the frame is the one before */
    AHEAD_DELTA, /* some blocks changed */
    AHEAD_KEY    /* a group of pictures begins with it */
};

/* Frames first ... first+count-1 of a source, which is borrowed; `spec` tells their size. */
int orl_ahead_init(struct ahead *ahead, const struct orl_output_spec *spec,
                   const struct orl_frame_source *source, size_t first, size_t count,
                   struct orl_error *err);
void orl_ahead_uninit(struct ahead *ahead);

/* The next frame: ahead->shown has its pixels. For each block, row by row, changed[] is 1 where it
 * differs from the frame taken before, and life[] says how many frames will show it as it is now,
 * this one counted: up to its next change, the next key or the end of the segment. What is known
 * ahead is bounded by memory, a matter of the film alone: `life` is never too long. */
int orl_ahead_next(struct ahead *ahead, enum ahead_kind *kind, uint8_t *changed, uint32_t *life,
                   struct orl_error *err);

#endif
