/* YUV4MPEG2: raw frames for another encoder. As mjpegtools' yuv4mpeg(5) has it: a line that tells
 * the film, then for each frame the word FRAME and its planes. The samples are those that the other
 * formats encode: 4:2:0, BT.709, limited range, chroma sited left.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "encode/pictures.h"
#include "encode/whole.h"
#include "encode/yuv.h"

enum {
    Y4M_FRAME = 1,
    HEAD_MAX = 128,
    WORD_SIZE = 6,
    SEGMENT_SECONDS = 2,
    DRAWN_BYTES_PER_PIXEL = 36
};
static const char word[WORD_SIZE + 1] = "FRAME\n";

static size_t frame_size(const struct orl_output_spec *spec)
{
    return WORD_SIZE + (size_t)spec->width * (size_t)spec->height / 2 * 3;
}

static size_t write_head(const struct orl_output_spec *spec, char head[HEAD_MAX])
{
    return (size_t)snprintf(head, HEAD_MAX,
                            "YUV4MPEG2 W%d H%d F%d:%d Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n",
                            spec->width, spec->height, spec->fps_num, spec->fps_den);
}

/* One frame as it stands in the file; its planes keep what has not changed since the last. */
struct raw {
    const struct orl_output_spec *spec;
    uint8_t *bytes; /* owned */
};

static int open_raw(struct raw *raw, const struct orl_output_spec *spec, struct orl_error *err)
{
    *raw = (struct raw){spec, orl_calloc(1, frame_size(spec))};
    if (!raw->bytes)
        return orl_fail_memory(err);
    memcpy(raw->bytes, word, WORD_SIZE);
    return ORL_OK;
}

static int draw(struct raw *raw, const struct orl_frame_source *source, size_t number, bool all,
                struct orl_error *err)
{
    const int width = raw->spec->width, strides[] = {width, width / 2, width / 2};
    const size_t luma = (size_t)width * (size_t)raw->spec->height;
    uint8_t *const planes[] = {raw->bytes + WORD_SIZE, raw->bytes + WORD_SIZE + luma,
                               raw->bytes + WORD_SIZE + luma + luma / 4};
    struct orl_image image;
    int ret = source->frame(source->context, number, &image, err);
    if (ret == ORL_OK)
        orl_yuv_convert(&image, all, planes, strides);
    return ret;
}

static int y4m_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct raw raw;
    struct seg_writer w;
    int ret = open_raw(&raw, spec, err);
    if (ret == ORL_OK)
        ret = orl_seg_begin(&w, out, spec, first, count, err);
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        ret = draw(&raw, source, first + i, i == 0, err);
        if (ret == ORL_OK)
            ret = orl_seg_record(&w, Y4M_FRAME, (int64_t)(first + i), raw.bytes, frame_size(spec),
                                 err);
    }
    if (ret == ORL_OK)
        ret = orl_seg_end(&w, err);
    free(raw.bytes);
    return ret;
}

struct joiner {
    const struct orl_output_spec *spec;
    const struct orl_stream *out;
    size_t next;
};

static int take_frame(void *context, size_t segment, const struct seg_record *record,
                      struct orl_error *err)
{
    struct joiner *j = context;
    (void)segment;
    if (record->type != Y4M_FRAME || record->number != (int64_t)j->next ||
        record->size != frame_size(j->spec))
        return orl_fail(err, ORL_FAIL, "frame %zu is missing in the segments", j->next);
    j->next++;
    return j->out->write(j->out->context, record->bytes, record->size, err);
}

static int y4m_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    char head[HEAD_MAX];
    struct joiner j = {spec, out, 0};
    int ret = out->write(out->context, head, write_head(spec, head), err);
    if (ret == ORL_OK)
        ret = orl_seg_each(spec, segments, segment_count, take_frame, &j, err);
    return ret == ORL_OK && j.next != spec->frames
               ? orl_fail(err, ORL_FAIL, "the segments hold %zu frames of %zu", j.next,
                          spec->frames)
               : ret;
}

static int y4m_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    char expected[HEAD_MAX], head[HEAD_MAX], found[WORD_SIZE];
    size_t size = write_head(spec, expected);
    int ret = orl_whole_read(spec, file, 0, head, size, err);
    if (ret == ORL_OK && memcmp(head, expected, size) != 0)
        ret = orl_whole_wrong(spec, "its first line", err);
    int64_t at = (int64_t)size;
    for (size_t i = 0; ret == ORL_OK && i < spec->frames; i++, at += (int64_t)frame_size(spec)) {
        ret = orl_whole_read(spec, file, at, found, WORD_SIZE, err);
        if (ret == ORL_OK && memcmp(found, word, WORD_SIZE) != 0)
            ret = orl_whole_wrong(spec, "a frame is not where it should be", err);
    }
    if (ret == ORL_OK && file->size(file->context) != at)
        ret = orl_whole_wrong(spec, "its length", err);
    facts->frames = spec->frames;
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    return ret;
}

static uint64_t y4m_bytes(const struct orl_output_spec *spec)
{
    return HEAD_MAX + (uint64_t)frame_size(spec) * spec->frames;
}

/* The frame, and a record as it is read back; and what every worker has of drawn and kept frames.
 */
static uint64_t y4m_memory(const struct orl_output_spec *spec)
{
    return 2 * (uint64_t)frame_size(spec) +
           (uint64_t)spec->width * (uint64_t)spec->height * DRAWN_BYTES_PER_PIXEL;
}

static const struct orl_format_ops ops = {.segment_seconds = SEGMENT_SECONDS,
                                          .segment = y4m_segment,
                                          .join = y4m_join,
                                          .verify = y4m_verify,
                                          .estimate_bytes = y4m_bytes,
                                          .estimate_memory = y4m_memory};

const struct orl_format_desc orl_format_y4m = {
    .name = "y4m",
    .extension = ".y4m",
    .title = "YUV4MPEG2",
    .description = "raw frames for another encoder",
    .home = "web",
    .ops = &ops,
};
