/* A reel: the frames of a segment as they were drawn, kept for the film's other formats. It holds
 * the first frame whole, and of each frame after it the blocks that changed. */
#ifndef ORL_BATCH_REEL_H
#define ORL_BATCH_REEL_H

#include "optreel/draw.h"

struct reel_frame {
    size_t blocks, block_count; /* where its changed blocks stand in the lists below */
};

/* Zero-initialize; release with orl_reel_uninit. */
struct reel {
    int width, height;
    size_t first, count; /* frames that are on it */
    size_t next; /* number of the frame that would follow the one that was put on it last, kept or
                    not */
    bool full;   /* no room for more */
    uint8_t *start, *shown;    /* owned: the first frame; the one shown last */
    size_t at;                 /* its number */
    struct orl_damage damage;  /* blocks owned: of the frame shown last against the one before */
    struct reel_frame *frames; /* owned */
    size_t frames_capacity;
    uint32_t *blocks; /* owned: numbers of changed blocks, frame after frame */
    uint8_t *pixels;  /* owned: their pixels */
    size_t block_count, blocks_capacity, pixels_capacity;
};

/* Free all frames; the reel is empty and zero then. */
void orl_reel_uninit(struct reel *reel);
/* Put a frame on the reel: after the last one, or else as the first of a new reel. `after`: its
 * damage is against the frame before it, number - 1; where the canvas drew another one in between,
 * a new reel begins. What it takes is bounded by the picture's size: about six pictures; frames for
 * which there is no room are not kept. ORL_ENOMEM. */
int orl_reel_keep(struct reel *reel, size_t number, const struct orl_image *image, bool after,
                  struct orl_error *err);
bool orl_reel_has(const struct reel *reel, size_t number);
/* Show a frame that is on the reel. Its damage is against the frame that the reel showed before;
 * all of it for a frame that does not follow that one. Valid until the reel is touched again. */
void orl_reel_show(struct reel *reel, size_t number, struct orl_image *image);
/* The next frame shown is damaged as a whole, whatever was shown before. */
void orl_reel_forget_shown(struct reel *reel);
/* Mark the blocks in which two images of one size differ. `out` has room for them. */
void orl_reel_compare(const struct orl_image *before, const struct orl_image *after,
                      struct orl_damage *out);

#endif
