/* Animated WebP: what its segments hold, between the maker and the joiner. */
#ifndef ORL_ENCODE_WEBP_SEGMENT_H
#define ORL_ENCODE_WEBP_SEGMENT_H

#include "encode/format.h"

enum { WEBP_LOSSLESS, WEBP_QUALITY, WEBP_LOOP }; /* settings */

/* Record type: x, y, width and height as four bytes each, then the chunks of an ANMF chunk; its
 * first frame as number. */
enum { WEBP_PICTURE = 1 };
enum { WEBP_PLACE_BYTES = 16 };

/* Films with alpha are: a palette has none. */
static inline bool orl_webp_is_lossless(const struct orl_output_spec *spec)
{
    return spec->alpha || spec->values[WEBP_LOSSLESS].number != 0.0;
}

/* Little-endian. */
static inline void orl_webp_put(uint8_t *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

/* ops->check and ops->segment of WebP. */
int orl_webp_check(const struct orl_output_spec *spec, struct orl_error *err) ORL_LATE;
int orl_webp_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                     size_t first, size_t count, struct orl_sink out,
                     struct orl_error *err) ORL_LATE;

#endif
