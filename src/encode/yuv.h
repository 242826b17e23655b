/* Pixels for video: B G R X to planar Y'CbCr 4:2:0, BT.709, limited range, chroma sited left. */
#ifndef ORL_ENCODE_YUV_H
#define ORL_ENCODE_YUV_H

#include "optreel/draw.h"

/* Three planes of a picture, with room up to whole blocks of ORL_BLOCK_PX. Zero-initialize. */
struct yuv_planes {
    uint8_t *plane[3]; /* the first is owned, the others lie behind it */
    int stride[3];
};
/* False when memory is short. All zero. */
bool orl_yuv_planes_init(struct yuv_planes *planes, int width, int height);
void orl_yuv_planes_uninit(struct yuv_planes *planes);

/* Convert what is damaged (all of it where image->damage is NULL or `all`) into planes of the
 * image's size, `stride` bytes apart. A changed pixel also changes the chroma sample to its right,
 * which is converted, too. */
void orl_yuv_convert(const struct orl_image *image, bool all, uint8_t *const planes[3],
                     const int strides[3]);

/* The same with chroma for each pixel, in all 256 steps (ITU-T H.273, matrix 1, full range). */
void orl_yuv_convert_full(const struct orl_image *image, bool all, uint8_t *const planes[3],
                          const int strides[3]);

#endif
