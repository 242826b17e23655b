/* What animated pictures (GIF, WebP, APNG) have in common: a segment holds the frames that differ from the one before, and a
 * picture's time is known only when the next one begins. */
#ifndef ORL_ENCODE_PICTURES_H
#define ORL_ENCODE_PICTURES_H

#include "encode/format.h"

/* ---- Joining */

/* Where joined pictures go. */
struct picture_sink {
    void *context;
    uint32_t head_type, picture_type; /* record types; head_type 0: there are no heads */
    /* The head of each segment. */
    int (*head)(void *context, const struct seg_record *record, struct orl_error *err);
    /* A picture's record, which stands for the frames start … end-1. */
    int (*picture)(void *context, const uint8_t *bytes, size_t size, size_t start, size_t end, struct orl_error *err);
};
/* Take the records of all segments; pictures are numbered by the frame that they begin with. ORL_FAIL where they are out of order,
 * or the first is not at frame 0. */
int orl_pictures_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments, size_t segment_count,
                      const struct picture_sink *sink, struct orl_error *err);

/* Frames of a segment of `seconds`: at least one. */
size_t orl_pictures_segment_frames(const struct orl_output_spec *spec, int seconds);

#endif
