/* H.264 frames that repeat the one before, written by hand: a dozen bytes and no encoding.
 *
 * Such a frame is a P picture of skipped macroblocks. The stream has one reference picture: a
 * repeat takes the place of the frame that it repeats, so that what the encoder writes after it
 * finds the same pixels there. Only its frame numbers must be moved on by one for each repeat.
 * ITU-T H.264 (08/2021), 7.3.2.2, 7.3.3, 8.2.5.3.
 */
#ifndef ORL_ENCODE_H264_HELD_H
#define ORL_ENCODE_H264_HELD_H

#include "optreel/encode.h"

/* What is known of a stream of closed groups, each of an IDR picture and P pictures of one slice,
 * with one reference picture. */
struct h264_held {
    int number_bits;    /* of frame_num */
    size_t macroblocks; /* in a picture */
    uint32_t inserted;  /* repeats since the IDR picture */
    uint32_t last;      /* frame_num of the picture written last */
};

enum { H264_HELD_BYTES = 32 };

/* From the encoder's sequence parameter set, with its start code. ORL_FAIL where repeats cannot be
 * written into such a stream. */
int orl_h264_held_init(struct h264_held *held, const uint8_t *sps, size_t size, int width,
                       int height, struct orl_error *err);
/* The picture parameter set that repeats need, besides the encoder's own; returns its length. */
size_t orl_h264_held_parameters(uint8_t out[H264_HELD_BYTES]);
/* Move a slice of the encoder's (with its start code) on to where it stands among the repeats.
 * `out` has room for size + size/2 + 16 bytes; *length is what was written. */
int orl_h264_held_renumber(struct h264_held *held, const uint8_t *slice, size_t size, uint8_t *out,
                           size_t *length, struct orl_error *err);
/* The picture that repeats the one written last; returns its length. */
size_t orl_h264_held_repeat(struct h264_held *held, uint8_t out[H264_HELD_BYTES]);

#endif
