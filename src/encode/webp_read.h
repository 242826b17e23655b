/* WebP files read by the specification (RFC 9649), strictly: to check what was joined. */
#ifndef ORL_ENCODE_WEBP_READ_H
#define ORL_ENCODE_WEBP_READ_H

#include "base/late.h"
#include "encode/format.h"

/* Little-endian. */
static inline uint32_t orl_webp_number(const uint8_t *in, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)in[i] << (8 * i);
    return value;
}

/* When a frame begins, in whole milliseconds: the rounding does not add up. */
static inline uint64_t orl_webp_ms(const struct orl_output_spec *spec, size_t frame)
{
    uint64_t num = (uint64_t)spec->fps_num;
    return (frame * UINT64_C(1000) * (uint64_t)spec->fps_den + num / 2) / num;
}

/* Follow the whole file: chunks, rectangles, pictures that decode, times that add up to the film's.
 * Fills `facts`. ORL_FAIL with the reason where something is off. */
int orl_webp_read(const struct orl_output_spec *spec, uint32_t plays, const struct orl_stream *file,
                  struct orl_output_facts *facts, struct orl_error *err) ORL_LATE;

/* Hand over its pictures, whole, as they stand on the screen. The file was read before: it is
 * sound. */
int orl_webp_decode(const struct orl_output_spec *spec, const struct orl_stream *file,
                    const struct picture_taker *taker, struct orl_error *err) ORL_LATE;

#endif
