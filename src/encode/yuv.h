/* Pixels for video: B G R X to planar Y'CbCr 4:2:0, BT.709, limited range, chroma sited left. */
#ifndef ORL_ENCODE_YUV_H
#define ORL_ENCODE_YUV_H

#include "optreel/draw.h"

/* Convert what is damaged (all of it where image->damage is NULL or `all`) into planes of the
 * image's size, `stride` bytes apart. A changed pixel also changes the chroma sample to its right,
 * which is converted, too. */
void orl_yuv_convert(const struct orl_image *image, bool all, uint8_t *const planes[3],
                     const int strides[3]);

#endif
