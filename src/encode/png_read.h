/* Chunks of a finished PNG or APNG (ISO/IEC 15948, 5.3), read in order and checked. */
#ifndef ORL_ENCODE_PNG_READ_H
#define ORL_ENCODE_PNG_READ_H

#include "optreel/encode.h"

/* Zero-initialize but for spec and file; release with orl_png_reader_uninit. */
struct png_reader {
    const struct orl_output_spec *spec; /* borrowed */
    const struct orl_stream *file;      /* borrowed */
    int64_t at;
    char type[5]; /* of the chunk read last */
    uint32_t size;
    uint8_t *data; /* owned */
    size_t capacity;
};

/* The signature; ORL_FAIL where the file begins with something else. */
int orl_png_read_start(struct png_reader *reader, struct orl_error *err);
/* The next chunk, whole. ORL_FAIL where it is cut short or its check sum is wrong. */
int orl_png_read_chunk(struct png_reader *reader, struct orl_error *err);
/* The same, and it must be of this type and size. */
int orl_png_expect_chunk(struct png_reader *reader, const char *type, size_t size,
                         struct orl_error *err);
void orl_png_reader_uninit(struct png_reader *reader);

#endif
