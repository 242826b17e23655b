/* GIF's LZW (GIF89a, appendix F), written with a choice: a pixel that may stay as it stands is
 * either left alone or painted, and a painted one may take any index that is near enough, whichever
 * makes the longer phrase. */
#ifndef ORL_ENCODE_LZW_H
#define ORL_ENCODE_LZW_H

#include "base/text.h"
#include "optreel/base.h"

enum { LZW_UNCHANGED = 0, LZW_COLORS = 256, LZW_NEAR = 12, LZW_CODES = 4096, LZW_FAR = 255 };

/* Which index may stand for which. Index 0 (LZW_UNCHANGED) takes no part. */
struct lzw_choice {
    uint8_t error[LZW_COLORS]
                 [LZW_COLORS]; /* [wanted][shown]: 0 the same, LZW_FAR never, else how bad */
    uint8_t near[LZW_COLORS][LZW_NEAR]; /* [wanted]: itself, then others, the better first */
    uint8_t near_count[LZW_COLORS];
};

/* A picture's pixels, row after row. */
struct lzw_pixels {
    size_t count;
    const uint8_t *wanted;
    const uint8_t *changed; /* 1: must be painted; 0: what stands there is good enough */
    uint8_t *shown;         /* what stands there; afterwards what stands there then */
};

struct lzw {
    uint16_t child[LZW_CODES + 1], sibling[LZW_CODES + 1],
        parent[LZW_CODES + 1];     /* phrases as a tree; 0: none */
    uint8_t symbol[LZW_CODES + 1]; /* a phrase's last index */
    uint16_t run[LZW_CODES + 1];   /* [k]: the phrase of k unchanged pixels */
    unsigned longest_run, least, clear, next, width;
    int before; /* the phrase before, which waits for its next index; -1: none */
    struct orl_text *out;
    uint32_t held; /* bits that are no whole byte yet */
    unsigned held_bits, block_size;
    uint8_t block[256];
};

/* Append the picture as image data: least code size, sub-blocks, the empty one. All indices that
 * may be chosen for the wanted ones are below 1 << least (2 … 8) or are not chosen. `exact`: none
 * but the wanted ones. Out of memory: out->failed. */
void orl_lzw_write(struct lzw *lzw, const struct lzw_choice *choice, bool exact, unsigned least,
                   const struct lzw_pixels *pixels, struct orl_text *out);

#endif
