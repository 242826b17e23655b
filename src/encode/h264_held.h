/* H.264 frames that repeat the one before, written by hand: a dozen bytes and no encoding.
 *
 * Such a frame is a P picture of skipped macroblocks. It is no reference picture: the encoder,
 * which does not know of it, finds its own references where they were. Any number of them may
 * follow each other, so pictures are put in order by numbers of their own in each slice
 * (pic_order_cnt_type 0) and not by the order of decoding (type 2, which x264 writes): these
 * numbers are put into the encoder's slices. ITU-T H.264
 * (08/2021), 7.3.2.1.1, 7.3.2.2, 7.3.3, 7.4.3, 8.2.1.1.
 */
#ifndef ORL_ENCODE_H264_HELD_H
#define ORL_ENCODE_H264_HELD_H

#include "optreel/encode.h"

/* What is known of a stream of closed groups, each of an IDR picture and P pictures of one slice
 * that are all references, in the order in which they are shown. */
struct h264_held {
    int number_bits;      /* of frame_num */
    size_t macroblocks;   /* in a picture */
    uint32_t next_number; /* frame_num of the picture after the reference picture written last */
    uint32_t shown;       /* pictures of the group so far, repeats too */
};

enum { H264_HELD_BYTES = 32, H264_SPS_BYTES = 96 };

/* Take the encoder's sequence parameter set (with its start code) and write the one that its slices
 * get: *length bytes. ORL_FAIL where repeats cannot be written into such a stream. */
int orl_h264_held_init(struct h264_held *held, const uint8_t *sps, size_t size, int width,
                       int height, uint8_t out[H264_SPS_BYTES], size_t *length,
                       struct orl_error *err);
/* The picture parameter set that repeats need, besides the encoder's own; returns its length. */
size_t orl_h264_held_parameters(uint8_t out[H264_HELD_BYTES]);
/* A slice of the encoder's (with its start code) with its place in the order. `out` has room for
 * size + size/2 + 32 bytes; *length is what was written. */
int orl_h264_held_slice(struct h264_held *held, const uint8_t *slice, size_t size, uint8_t *out,
                        size_t *length, struct orl_error *err);
/* The picture that repeats the one written last; returns its length. */
size_t orl_h264_held_repeat(struct h264_held *held, uint8_t out[H264_HELD_BYTES]);

#endif
