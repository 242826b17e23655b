/* PNG: the last frame of a film as a still. */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "encode/format.h"

enum { PNG_BYTES = 1 };

static int collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct orl_text *text = context;
    orl_text_append(text, bytes, length);
    return text->failed ? orl_fail_memory(err) : ORL_OK;
}

static int png_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err)
{
    struct orl_text file = {0};
    struct orl_image image;
    struct seg_writer w;
    int ret = source->frame(source->context, first, &image, err);
    if (ret == ORL_OK)
        ret = orl_image_write_png(&image, (struct orl_sink){&file, collect}, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&w, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = orl_seg_record(&w, PNG_BYTES, 0, file.data, file.length, err);
    if (ret == ORL_OK)
        ret = orl_seg_end(&w, err);
    orl_text_uninit(&file);
    return ret;
}

static int copy(void *context, size_t segment, const struct seg_record *record, struct orl_error *err)
{
    const struct orl_stream *out = context;
    (void)segment;
    return out->write(out->context, record->bytes, record->size, err);
}

static int png_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments, size_t segment_count,
                    const struct orl_stream *out, struct orl_error *err)
{
    return orl_seg_each(spec, segments, segment_count, copy, (void *)(uintptr_t)out, err);
}

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int wrong(struct orl_error *err)
{
    return orl_fail(err, ORL_FAIL, "the finished PNG is wrong");
}

static int read_all(const struct orl_stream *file, int64_t at, uint8_t *bytes, size_t size, struct orl_error *err)
{
    for (size_t got = 0; got < size;) {
        int64_t n = file->read(file->context, at + (int64_t)got, bytes + got, size - got, err);
        if (n <= 0)
            return n < 0 ? (int)n : wrong(err);
        got += (size_t)n;
    }
    return ORL_OK;
}

/* The CRC of a chunk's type and data, a piece at a time. */
static int check_chunk(const struct orl_stream *file, int64_t at, uint32_t length, struct orl_error *err)
{
    uint8_t piece[4096];
    uint32_t crc = 0, left = length + 4;
    int ret = ORL_OK;
    for (at += 4; ret == ORL_OK && left > 0;) {
        size_t size = left < sizeof piece ? left : sizeof piece;
        ret = read_all(file, at, piece, size, err);
        crc = orl_crc32(crc, piece, size);
        at += (int64_t)size;
        left -= (uint32_t)size;
    }
    if (ret == ORL_OK)
        ret = read_all(file, at, piece, 4, err);
    return ret == ORL_OK && big_endian(piece) != crc ? wrong(err) : ret;
}

static int png_verify(const struct orl_output_spec *spec, const struct orl_stream *file, struct orl_output_facts *facts,
                      struct orl_error *err)
{
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uint8_t head[33], chunk[8] = {0};
    int ret = read_all(file, 0, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    if (memcmp(head, signature, 8) != 0 || big_endian(head + 16) != (uint32_t)spec->width ||
        big_endian(head + 20) != (uint32_t)spec->height)
        return wrong(err);
    int64_t at = 8;
    while (ret == ORL_OK && memcmp(chunk + 4, "IEND", 4) != 0) {
        ret = read_all(file, at, chunk, sizeof chunk, err);
        if (ret == ORL_OK)
            ret = check_chunk(file, at, big_endian(chunk), err);
        at += 12 + (int64_t)big_endian(chunk);
    }
    if (ret == ORL_OK && at != file->size(file->context))
        ret = wrong(err);
    facts->frames = 1;
    return ret;
}

static uint64_t png_bytes(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height / 2;
}

static uint64_t png_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 12;
}

static const struct orl_format_ops ops = {
    .segment = png_segment, .join = png_join, .verify = png_verify, .estimate_bytes = png_bytes, .estimate_memory = png_memory};

const struct orl_format_desc orl_format_png = {
    .name = "png",
    .extension = ".png",
    .title = "PNG",
    .description = "the last frame as a still: posters, papers",
    .home = "web",
    .still = true,
    .ops = &ops,
};
