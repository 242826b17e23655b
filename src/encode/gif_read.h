/* GIF files read by the specification (GIF89a, CompuServe 1990), strictly: to check what was
 * joined. */
#ifndef ORL_ENCODE_GIF_READ_H
#define ORL_ENCODE_GIF_READ_H

#include "optreel/encode.h"

struct gif_head {
    int width, height;
    size_t colors; /* entries of the global table, a power of two */
    uint8_t rgb[768];
    int loops; /* of the NETSCAPE block: 0 for ever; -1: there is none */
};

struct gif_picture {
    int x, y, width, height;
    int delay_cs;
    int transparent; /* index, -1: none */
    int disposal;
    size_t size;         /* of data */
    const uint8_t *data; /* least code size, then sub-blocks up to the empty one; valid until the
                            next picture */
};

struct gif_reader {
    const struct orl_stream *stream;
    int64_t at;
    struct gif_head head;
    uint8_t *data; /* owned */
    size_t size, capacity;
    uint8_t chunk[4096];
    int64_t chunk_at;
    size_t chunk_fill;
};

/* Read the header and the global colour table. ORL_FAIL with the reason where it is not as we write
 * it. */
int orl_gif_open(struct gif_reader *r, const struct orl_stream *stream, struct orl_error *err);
/* 1: a picture; 0: the trailer, with nothing behind it; negative: ORL_FAIL. The loop count is known
 * after the first picture. */
int orl_gif_next(struct gif_reader *r, struct gif_picture *picture, struct orl_error *err);
void orl_gif_close(struct gif_reader *r);

/* Follow a picture's LZW data to its end: width*height indices, all within `colors`. ORL_FAIL where
 * the data are short, long or broken. */
int orl_gif_check(const struct gif_picture *picture, size_t colors, struct orl_error *err);

#endif
