/* A hash for each frame as it was drawn, in the words of `ffmpeg -bitexact -pix_fmt rgb24 -f
 * framemd5`: what a lossless film decodes to can be compared with it line by line. A frame is 3
 * bytes a pixel, R G B, from the upper left corner on. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "encode/image_md5.h"
#include "encode/pictures.h"
#include "encode/whole.h"

enum { MD5_FRAME = 1, LINE_MAX_BYTES = 128, SEGMENT_SECONDS = 2, DRAWN_BYTES_PER_PIXEL = 36 };

static void write_head(const struct orl_output_spec *spec, struct orl_text *out)
{
    orl_text_puts(out, "#format: frame checksums\n#version: 2\n#hash: MD5\n");
    orl_text_printf(out,
                    "#tb 0: %d/%d\n#media_type 0: video\n#codec_id 0: rawvideo\n#dimensions 0: "
                    "%dx%d\n#sar 0: 1/1\n",
                    spec->fps_den, spec->fps_num, spec->width, spec->height);
    orl_text_puts(out, "#stream#, dts,        pts, duration,     size, hash\n");
}

static size_t write_line(const struct orl_output_spec *spec, size_t frame,
                         const uint8_t digest[MD5_SIZE], char line[LINE_MAX_BYTES])
{
    int length = snprintf(line, LINE_MAX_BYTES, "0, %10zu, %10zu, %8d, %8" PRIu64 ", ", frame,
                          frame, 1, (uint64_t)spec->width * (uint64_t)spec->height * 3);
    for (size_t i = 0; i < MD5_SIZE; i++)
        length += snprintf(line + length, 3, "%02x", digest[i]);
    line[length++] = '\n';
    return (size_t)length;
}

static int hash_frame(const struct orl_frame_source *source, size_t number,
                      uint8_t digest[MD5_SIZE], struct orl_error *err)
{
    struct orl_image image;
    int ret = source->frame(source->context, number, &image, err);
    return ret == ORL_OK ? orl_image_md5(&image, digest, err) : ret;
}

static int md5_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct seg_writer w;
    uint8_t digest[MD5_SIZE];
    int ret = orl_seg_begin(&w, out, spec, first, count, err);
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        ret = hash_frame(source, first + i, digest, err);
        if (ret == ORL_OK)
            ret = orl_seg_record(&w, MD5_FRAME, (int64_t)(first + i), digest, sizeof digest, err);
    }
    if (ret == ORL_OK)
        ret = orl_seg_end(&w, err);
    return ret;
}

/* ---- The file -------------------------------------------------------------------------------- */

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    size_t next;
};

static int take_frame(void *context, size_t segment, const struct seg_record *record,
                      struct orl_error *err)
{
    struct joiner *j = context;
    char line[LINE_MAX_BYTES];
    (void)segment;
    if (record->type != MD5_FRAME || record->number != (int64_t)j->next || record->size != MD5_SIZE)
        return orl_fail(err, ORL_FAIL, "frame %zu is missing in the segments", j->next);
    return j->out->write(j->out->context, line, write_line(j->spec, j->next++, record->bytes, line),
                         err);
}

static int md5_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    struct joiner j = {spec, out, 0};
    struct orl_text head = {0};
    write_head(spec, &head);
    int ret =
        head.failed ? orl_fail_memory(err) : out->write(out->context, head.data, head.length, err);
    orl_text_uninit(&head);
    if (ret == ORL_OK)
        ret = orl_seg_each(spec, segments, segment_count, take_frame, &j, err);
    return ret == ORL_OK && j.next != spec->frames
               ? orl_fail(err, ORL_FAIL, "the segments hold %zu frames of %zu", j.next,
                          spec->frames)
               : ret;
}

/* Each line is what it would be with the digest that it has. */
static int check_line(const struct orl_output_spec *spec, size_t frame, char line[LINE_MAX_BYTES],
                      size_t length, struct orl_error *err)
{
    char expected[LINE_MAX_BYTES];
    uint8_t none[MD5_SIZE] = {0};
    size_t size = write_line(spec, frame, none, expected), at = size - 2 * MD5_SIZE - 1;
    line[length] = '\0';
    if (length != size || memcmp(line, expected, at) != 0 ||
        strspn(line + at, "0123456789abcdef") != 2 * MD5_SIZE || line[length - 1] != '\n')
        return orl_whole_wrong(spec, "a line", err);
    return ORL_OK;
}

static int md5_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    struct orl_text head = {0};
    uint8_t none[MD5_SIZE] = {0};
    char line[LINE_MAX_BYTES];
    int64_t at = 0;
    write_head(spec, &head);
    int ret = head.failed ? orl_fail_memory(err) : ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < head.length; i++, at++) {
        ret = orl_whole_read(spec, file, at, line, 1, err);
        if (ret == ORL_OK && line[0] != head.data[i])
            ret = orl_whole_wrong(spec, "its head", err);
    }
    for (size_t i = 0; ret == ORL_OK && i < spec->frames; i++) {
        size_t length = write_line(spec, i, none, line);
        ret = orl_whole_read(spec, file, at, line, length, err);
        if (ret == ORL_OK)
            ret = check_line(spec, i, line, length, err);
        at += (int64_t)length;
    }
    if (ret == ORL_OK && file->size(file->context) != at)
        ret = orl_whole_wrong(spec, "its length", err);
    orl_text_uninit(&head);
    facts->frames = spec->frames;
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    return ret;
}

static uint64_t md5_bytes(const struct orl_output_spec *spec)
{
    return 512 + (uint64_t)LINE_MAX_BYTES * spec->frames;
}

static uint64_t md5_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * DRAWN_BYTES_PER_PIXEL;
}

static const struct orl_format_ops ops = {.segment_seconds = SEGMENT_SECONDS,
                                          .segment = md5_segment,
                                          .join = md5_join,
                                          .verify = md5_verify,
                                          .estimate_bytes = md5_bytes,
                                          .estimate_memory = md5_memory};

const struct orl_format_desc orl_format_framemd5 = {
    .name = "framemd5",
    .extension = ".framemd5",
    .title = "Frame hashes",
    .description = "an MD5 for each frame as it was drawn: tests, proofs",
    .home = "archive",
    .ops = &ops,
};
