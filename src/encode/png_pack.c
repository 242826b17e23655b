/* Rows of pixels filtered and deflated; PNG chunks. */
#include "encode/png_pack.h"

#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "base/array.h"
#include "base/hash.h"

enum { NONE = 0, UP = 2 };

const uint8_t orl_png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

struct png_packer {
    struct libdeflate_compressor *deflate; /* owned */
    uint8_t *pixels,
        *rows;          /* owned: as they were put there; with the filter's byte before each row */
    uint8_t *packed[2]; /* owned: the best so far, and a try */
    size_t pixels_room, rows_room, packed_room[2];
    int height;
    size_t row; /* bytes */
};

/* ---- Chunks ---------------------------------------------------------------------------------- */

void orl_png_put32(uint8_t out[4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

uint32_t orl_png_get32(const uint8_t in[4])
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

void orl_png_header(uint8_t out[PNG_HEADER_BYTES], int width, int height, int color_type)
{
    memset(out, 0, PNG_HEADER_BYTES);
    orl_png_put32(out, (uint32_t)width);
    orl_png_put32(out + 4, (uint32_t)height);
    out[8] = 8;
    out[9] = (uint8_t)color_type;
}

int orl_png_chunk(struct orl_sink out, const char type[5], const void *head, size_t head_size,
                  const void *data, size_t size, struct orl_error *err)
{
    uint8_t start[8], end[4];
    if (head_size + size > INT32_MAX)
        return orl_fail(err, ORL_FAIL, "a picture is too large for a PNG");
    orl_png_put32(start, (uint32_t)(head_size + size));
    memcpy(start + 4, type, 4);
    orl_png_put32(end,
                  orl_crc32(orl_crc32(orl_crc32(0, start + 4, 4), head, head_size), data, size));
    int ret = out.write(out.context, start, sizeof start, err);
    if (ret == ORL_OK && head_size)
        ret = out.write(out.context, head, head_size, err);
    if (ret == ORL_OK && size)
        ret = out.write(out.context, data, size, err);
    return ret == ORL_OK ? out.write(out.context, end, sizeof end, err) : ret;
}

/* ---- Packing --------------------------------------------------------------------------------- */

int orl_png_packer_create(int level, struct png_packer **out, struct orl_error *err)
{
    struct png_packer *packer = *out = orl_calloc(1, sizeof *packer);
    if (packer)
        packer->deflate = libdeflate_alloc_compressor(level);
    if (packer && packer->deflate)
        return ORL_OK;
    orl_png_packer_destroy(out);
    return orl_fail_memory(err);
}

void orl_png_packer_destroy(struct png_packer **packer)
{
    struct png_packer *p = *packer;
    if (!p)
        return;
    if (p->deflate)
        libdeflate_free_compressor(p->deflate);
    free(p->pixels);
    free(p->rows);
    free(p->packed[0]);
    free(p->packed[1]);
    free(p);
    *packer = NULL;
}

uint8_t *orl_png_packer_room(struct png_packer *p, int width, int height, int channels)
{
    size_t most;
    p->height = height;
    p->row = (size_t)width * (size_t)channels;
    if (!orl_size_mul(p->row + 1, (size_t)height, &most))
        return NULL;
    bool good = orl_reserve((void **)&p->pixels, &p->pixels_room, most, 1) &&
                orl_reserve((void **)&p->rows, &p->rows_room, most, 1);
    return good ? p->pixels : NULL;
}

static void filter_rows(struct png_packer *p, uint8_t filter)
{
    for (int y = 0; y < p->height; y++) {
        const uint8_t *row = p->pixels + (size_t)y * p->row;
        uint8_t *out = p->rows + (size_t)y * (p->row + 1);
        out[0] = filter;
        if (filter == NONE || y == 0) {
            memcpy(out + 1, row, p->row);
            continue;
        }
        for (size_t i = 0; i < p->row; i++)
            out[1 + i] = (uint8_t)(row[i] - row[i - p->row]);
    }
}

static size_t deflate_rows(struct png_packer *p, int to)
{
    size_t size = (p->row + 1) * (size_t)p->height,
           bound = libdeflate_zlib_compress_bound(p->deflate, size);
    if (!orl_reserve((void **)&p->packed[to], &p->packed_room[to], bound, 1))
        return 0;
    return libdeflate_zlib_compress(p->deflate, p->rows, size, p->packed[to], p->packed_room[to]);
}

int orl_png_packer_pack(struct png_packer *p, bool still, const uint8_t **data, size_t *size,
                        struct orl_error *err)
{
    static const uint8_t filters[] = {NONE, UP};
    int best = 0;
    *size = 0;
    for (size_t i = 0; i < (still ? ORL_COUNT(filters) : 1); i++) {
        filter_rows(p, filters[i]);
        size_t packed = deflate_rows(p, *size ? !best : best);
        if (!packed)
            return orl_fail_memory(err);
        if (*size && packed >= *size)
            continue;
        best = *size ? !best : best;
        *size = packed;
    }
    *data = p->packed[best];
    return ORL_OK;
}
