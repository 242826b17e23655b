/* Pixels as the data of a PNG, and PNG chunks (ISO/IEC 15948). */
#ifndef ORL_ENCODE_PNG_PACK_H
#define ORL_ENCODE_PNG_PACK_H

#include "base/text.h"
#include "optreel/encode.h"

extern const uint8_t orl_png_signature[8];
enum { PNG_RGB = 2, PNG_RGBA = 6, PNG_HEADER_BYTES = 13 };

/* Numbers as PNG has them: the greatest byte first. */
void orl_png_put32(uint8_t out[4], uint32_t value);
uint32_t orl_png_get32(const uint8_t in[4]);
/* The data of IHDR for 8 bits a channel. */
void orl_png_header(uint8_t out[PNG_HEADER_BYTES], int width, int height, int color_type);
/* Write a chunk; its data are `head` and `data` one after the other. */
int orl_png_chunk(struct orl_sink out, const char type[5], const void *head, size_t head_size,
                  const void *data, size_t size, struct orl_error *err);

/* Filters rows and deflates them, with one of several filters, whichever comes out smaller. */
struct png_packer;
/* Level of libdeflate. The plain fit film at 800x450, 200 frames, in seconds of one core: as
 * APNG 2.17 MB in 0.7 s, 2.11 in 0.7, 2.10 in 1.0, 2.06 in 9 (levels 4, 6, 9, 12); as PNG files 7.9
 * MB in 1.6 s, 7.6 in 1.8, 7.3 in 5, 7.1 in 80. */
enum { PNG_LEVEL = 6 };
/* ORL_ENOMEM. Release with orl_png_packer_destroy. */
int orl_png_packer_create(int level, struct png_packer **out, struct orl_error *err);
void orl_png_packer_destroy(struct png_packer **packer);
/* Room for `height` rows of `width` pixels; returns the first pixel's place, rows lie `width *
 * channels` bytes apart. NULL: out of memory. */
uint8_t *orl_png_packer_room(struct png_packer *packer, int width, int height, int channels);
/* Pack what was put there. `*data` is valid until the next call. `still`: a picture full of things,
 * so that filters are tried. */
int orl_png_packer_pack(struct png_packer *packer, bool still, const uint8_t **data, size_t *size,
                        struct orl_error *err);

#endif
