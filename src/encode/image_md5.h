/* MD5 (RFC 1321) of a frame's pixels. */
#ifndef ORL_ENCODE_IMAGE_MD5_H
#define ORL_ENCODE_IMAGE_MD5_H

#include "base/late.h"
#include "optreel/draw.h"

enum { MD5_SIZE = 16 };

/* Of the pixels as 3 bytes each, R G B, row by row from the upper left corner. ORL_ENOMEM. */
int orl_image_md5(const struct orl_image *image, uint8_t digest[MD5_SIZE],
                  struct orl_error *err) ORL_LATE;

#endif
