/* APNG read back. */
#include "encode/apng_read.h"

#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "base/array.h"
#include "base/hash.h"
#include "encode/png_pack.h"

enum { CHUNK_MOST = 1 << 30, CHANNELS = 4 };

struct reader {
    const struct orl_output_spec *spec;
    const struct orl_stream *file;
    int64_t at;
    char type[5]; /* of the chunk that was read */
    uint8_t *data;
    size_t size, capacity;
    uint8_t *rows; /* owned: a picture inflated */
    struct libdeflate_decompressor *inflate;
    uint32_t sequence, pictures, told; /* told: pictures that acTL counts */
    uint32_t width, height;            /* of the picture whose data come next; 0: none is awaited */
    uint64_t time; /* in the film's frames times fps_den, so that no fraction is lost */
};

static int wrong(struct orl_error *err, const char *what)
{
    return orl_fail(err, ORL_FAIL, "the finished APNG is wrong: %s", what);
}

static int take(struct reader *r, void *bytes, size_t size, struct orl_error *err)
{
    for (size_t got = 0; got < size;) {
        int64_t n = r->file->read(r->file->context, r->at, (uint8_t *)bytes + got, size - got, err);
        if (n <= 0)
            return n < 0 ? (int)n : wrong(err, "it ends too early");
        r->at += n;
        got += (size_t)n;
    }
    return ORL_OK;
}

static int next_chunk(struct reader *r, struct orl_error *err)
{
    uint8_t head[8], check[4];
    int ret = take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    r->size = orl_png_get32(head);
    memcpy(r->type, head + 4, 4);
    if (r->size > CHUNK_MOST || (int64_t)r->size > r->file->size(r->file->context))
        return wrong(err, "a chunk's length");
    if (!orl_reserve((void **)&r->data, &r->capacity, r->size + 1, 1))
        return orl_fail_memory(err);
    ret = take(r, r->data, r->size, err);
    if (ret == ORL_OK)
        ret = take(r, check, sizeof check, err);
    if (ret == ORL_OK &&
        orl_png_get32(check) != orl_crc32(orl_crc32(0, head + 4, 4), r->data, r->size))
        ret = wrong(err, "a check sum");
    return ret;
}

static int expect_chunk(struct reader *r, const char *type, size_t size, struct orl_error *err)
{
    int ret = next_chunk(r, err);
    if (ret == ORL_OK && (strcmp(r->type, type) != 0 || r->size != size))
        ret = wrong(err, "its head");
    return ret;
}

static int read_head(struct reader *r, uint32_t plays, struct orl_error *err)
{
    uint8_t signature[8], header[PNG_HEADER_BYTES];
    int ret = take(r, signature, sizeof signature, err);
    if (ret == ORL_OK && memcmp(signature, orl_png_signature, sizeof signature) != 0)
        ret = wrong(err, "its signature");
    if (ret == ORL_OK)
        ret = expect_chunk(r, "IHDR", PNG_HEADER_BYTES, err);
    orl_png_header(header, r->spec->width, r->spec->height, PNG_RGBA);
    if (ret == ORL_OK && memcmp(r->data, header, sizeof header) != 0)
        ret = wrong(err, "its size");
    if (ret == ORL_OK)
        ret = expect_chunk(r, "acTL", 8, err);
    if (ret == ORL_OK && orl_png_get32(r->data + 4) != plays)
        ret = wrong(err, "how often it plays");
    if (ret == ORL_OK)
        r->told = orl_png_get32(r->data);
    return ret;
}

static int read_control(struct reader *r, struct orl_error *err)
{
    const uint8_t *c = r->data;
    if (r->size != 26 || r->width || orl_png_get32(c) != r->sequence++)
        return wrong(err, "a picture's control chunk");
    uint32_t x = orl_png_get32(c + 12), y = orl_png_get32(c + 16), width = (uint32_t)r->spec->width,
             height = (uint32_t)r->spec->height;
    r->width = orl_png_get32(c + 4);
    r->height = orl_png_get32(c + 8);
    if (!r->width || !r->height || x > width || r->width > width - x || y > height ||
        r->height > height - y)
        return wrong(err, "a picture reaches out of the frame");
    if (r->pictures == 0 && (r->width != width || r->height != height))
        return wrong(err, "its first picture is not whole");
    uint64_t num = (uint64_t)(c[20] << 8 | c[21]), den = (uint64_t)(c[22] << 8 | c[23]);
    if (!num || !den || num * (uint64_t)r->spec->fps_num % den)
        return wrong(err, "a delay");
    r->time += num * (uint64_t)r->spec->fps_num / den;
    r->pictures++;
    return ORL_OK;
}

static int read_data(struct reader *r, const uint8_t *data, size_t size, struct orl_error *err)
{
    size_t row = 1 + (size_t)r->width * CHANNELS, rows = row * r->height;
    if (!r->width)
        return wrong(err, "data that belong to no picture");
    if (libdeflate_zlib_decompress(r->inflate, data, size, r->rows, rows, NULL) !=
        LIBDEFLATE_SUCCESS)
        return wrong(err, "a picture's data");
    for (uint32_t y = 0; y < r->height; y++)
        if (r->rows[y * row] > 4)
            return wrong(err, "a row's filter");
    r->width = 0;
    return ORL_OK;
}

static int read_pictures(struct reader *r, struct orl_error *err)
{
    for (;;) {
        int ret = next_chunk(r, err);
        if (ret != ORL_OK || strcmp(r->type, "IEND") == 0)
            return ret;
        if (strcmp(r->type, "fcTL") == 0)
            ret = read_control(r, err);
        else if (strcmp(r->type, "IDAT") == 0 && r->pictures == 1)
            ret = read_data(r, r->data, r->size, err);
        else if (strcmp(r->type, "fdAT") == 0 && r->pictures > 1 && r->size > 4 &&
                 orl_png_get32(r->data) == r->sequence++)
            ret = read_data(r, r->data + 4, r->size - 4, err);
        else
            ret = wrong(err, "a chunk that should not be there");
        if (ret != ORL_OK)
            return ret;
    }
}

int orl_apng_read(const struct orl_output_spec *spec, uint32_t plays, const struct orl_stream *file,
                  struct orl_output_facts *facts, struct orl_error *err)
{
    struct reader r = {.spec = spec, .file = file, .inflate = libdeflate_alloc_decompressor()};
    size_t rows;
    if (orl_size_mul((size_t)spec->height, 1 + (size_t)spec->width * CHANNELS, &rows))
        r.rows = orl_calloc(rows, 1);
    int ret = r.rows && r.inflate ? read_head(&r, plays, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = read_pictures(&r, err);
    if (ret == ORL_OK && (r.width || r.at != file->size(file->context) || r.pictures != r.told))
        ret = wrong(err, "the number of its pictures");
    if (ret == ORL_OK && r.time != spec->frames * (uint64_t)spec->fps_den)
        ret = wrong(err, "its duration");
    facts->frames = r.pictures;
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    facts->merged = spec->frames > r.pictures ? spec->frames - r.pictures : 0;
    if (r.inflate)
        libdeflate_free_decompressor(r.inflate);
    free(r.rows);
    free(r.data);
    return ret;
}
