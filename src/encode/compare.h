/* Two films compared by what a viewer sees: their decoded frames. */
#ifndef ORL_ENCODE_COMPARE_H
#define ORL_ENCODE_COMPARE_H

#include "base/late.h"
#include "base/text.h"

/* How two films differ. Zero-initialize. */
struct film_difference {
    bool decoded; /* both could be decoded; else `same` tells of their bytes */
    bool same;    /* every frame has the same pixels at the same time, or all bytes are */
    int width[2], height[2];
    size_t frames[2]; /* pictures in the files; 0 where the sizes differ */
    size_t differing; /* frames of both that differ */
    size_t first;     /* the first of them, from 0 */
    double first_s;   /* when it is shown, in the first film */
    size_t pixels;    /* of it that differ; 0: it is the same at another time */
    int most;         /* by how much at most, of 255 in a channel */
};

/* Compare two files of any kind that libavcodec decodes, frame by frame, as 8-bit RGB by
 * libswscale. Where a frame differs in pixels and `picture` is not NULL it gets the bytes of a PNG:
 * the first such frame of a, that of b, and where they differ, side by side. ORL_EINPUT where a
 * file cannot be read. */
int orl_film_compare(const char *a, const char *b, struct film_difference *out,
                     struct orl_text *picture, struct orl_error *err) ORL_LATE;

#endif
