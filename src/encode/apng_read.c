/* APNG read back. */
#include "encode/apng_read.h"

#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "base/array.h"
#include "encode/png_pack.h"
#include "encode/png_read.h"
#include "encode/whole.h"

enum { CHANNELS = 4 };

struct reader {
    const struct orl_output_spec *spec;
    struct png_reader png;
    uint8_t *rows; /* owned: a picture inflated */
    struct libdeflate_decompressor *inflate;
    uint32_t sequence, pictures, told; /* told: pictures that acTL counts */
    uint32_t width, height;            /* of the picture whose data come next; 0: none is awaited */
    uint64_t time; /* in the film's frames times fps_den, so that no fraction is lost */
};

static int wrong(const struct reader *r, const char *what, struct orl_error *err)
{
    return orl_whole_wrong(r->spec, what, err);
}

static int read_head(struct reader *r, uint32_t plays, struct orl_error *err)
{
    uint8_t header[PNG_HEADER_BYTES];
    int ret = orl_png_read_start(&r->png, err);
    if (ret == ORL_OK)
        ret = orl_png_expect_chunk(&r->png, "IHDR", PNG_HEADER_BYTES, err);
    orl_png_header(header, r->spec->width, r->spec->height, PNG_RGBA);
    if (ret == ORL_OK && memcmp(r->png.data, header, sizeof header) != 0)
        ret = wrong(r, "its size", err);
    if (ret == ORL_OK)
        ret = orl_png_expect_chunk(&r->png, "acTL", 8, err);
    if (ret == ORL_OK && orl_png_get32(r->png.data + 4) != plays)
        ret = wrong(r, "how often it plays", err);
    if (ret == ORL_OK)
        r->told = orl_png_get32(r->png.data);
    return ret;
}

static int read_control(struct reader *r, struct orl_error *err)
{
    const uint8_t *c = r->png.data;
    if (r->png.size != 26 || r->width || orl_png_get32(c) != r->sequence++)
        return wrong(r, "a picture's control chunk", err);
    uint32_t x = orl_png_get32(c + 12), y = orl_png_get32(c + 16), width = (uint32_t)r->spec->width,
             height = (uint32_t)r->spec->height;
    r->width = orl_png_get32(c + 4);
    r->height = orl_png_get32(c + 8);
    if (!r->width || !r->height || x > width || r->width > width - x || y > height ||
        r->height > height - y)
        return wrong(r, "a picture reaches out of the frame", err);
    if (r->pictures == 0 && (r->width != width || r->height != height))
        return wrong(r, "its first picture is not whole", err);
    uint64_t num = (uint64_t)(c[20] << 8 | c[21]), den = (uint64_t)(c[22] << 8 | c[23]);
    if (!num || !den || num * (uint64_t)r->spec->fps_num % den)
        return wrong(r, "a delay", err);
    r->time += num * (uint64_t)r->spec->fps_num / den;
    r->pictures++;
    return ORL_OK;
}

static int read_data(struct reader *r, const uint8_t *data, size_t size, struct orl_error *err)
{
    size_t row = 1 + (size_t)r->width * CHANNELS, rows = row * r->height;
    if (!r->width)
        return wrong(r, "data that belong to no picture", err);
    if (libdeflate_zlib_decompress(r->inflate, data, size, r->rows, rows, NULL) !=
        LIBDEFLATE_SUCCESS)
        return wrong(r, "a picture's data", err);
    for (uint32_t y = 0; y < r->height; y++)
        if (r->rows[y * row] > 4)
            return wrong(r, "a row's filter", err);
    r->width = 0;
    return ORL_OK;
}

static int read_pictures(struct reader *r, struct orl_error *err)
{
    for (;;) {
        int ret = orl_png_read_chunk(&r->png, err);
        if (ret != ORL_OK || strcmp(r->png.type, "IEND") == 0)
            return ret;
        if (strcmp(r->png.type, "fcTL") == 0)
            ret = read_control(r, err);
        else if (strcmp(r->png.type, "IDAT") == 0 && r->pictures == 1)
            ret = read_data(r, r->png.data, r->png.size, err);
        else if (strcmp(r->png.type, "fdAT") == 0 && r->pictures > 1 && r->png.size > 4 &&
                 orl_png_get32(r->png.data) == r->sequence++)
            ret = read_data(r, r->png.data + 4, r->png.size - 4, err);
        else
            ret = wrong(r, "a chunk that should not be there", err);
        if (ret != ORL_OK)
            return ret;
    }
}

int orl_apng_read(const struct orl_output_spec *spec, uint32_t plays, const struct orl_stream *file,
                  struct orl_output_facts *facts, struct orl_error *err)
{
    struct reader r = {.spec = spec,
                       .png = {.spec = spec, .file = file},
                       .inflate = libdeflate_alloc_decompressor()};
    size_t rows;
    if (orl_size_mul((size_t)spec->height, 1 + (size_t)spec->width * CHANNELS, &rows))
        r.rows = orl_calloc(rows, 1);
    int ret = r.rows && r.inflate ? read_head(&r, plays, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = read_pictures(&r, err);
    if (ret == ORL_OK && (r.width || r.png.at != file->size(file->context) || r.pictures != r.told))
        ret = wrong(&r, "the number of its pictures", err);
    if (ret == ORL_OK && r.time != spec->frames * (uint64_t)spec->fps_den)
        ret = wrong(&r, "its duration", err);
    facts->frames = r.pictures;
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    facts->merged = spec->frames > r.pictures ? spec->frames - r.pictures : 0;
    if (r.inflate)
        libdeflate_free_decompressor(r.inflate);
    free(r.rows);
    orl_png_reader_uninit(&r.png);
    return ret;
}
