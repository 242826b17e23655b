/* The room's door: each call goes to the format. */
#include <stdio.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libimagequant.h>

#include "base/array.h"
#include "encode/format.h"
#include "encode/x264.h"

int orl_encode_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    return spec->format->ops->check ? spec->format->ops->check(spec, err) : ORL_OK;
}

size_t orl_encode_segment_frames(const struct orl_output_spec *spec)
{
    size_t frames =
        spec->format->ops->segment_frames ? spec->format->ops->segment_frames(spec) : spec->frames;
    return frames ? frames : 1;
}

int orl_encode_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    return spec->format->ops->segment(spec, source, first, count, out, err);
}

int orl_encode_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                    size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    return spec->format->ops->join(spec, segments, segment_count, out, err);
}

/* A file's bytes as a stream to read. */
struct file_bytes {
    const uint8_t *bytes;
    size_t size;
};

static int64_t read_bytes(void *context, int64_t position, void *bytes, size_t length,
                          struct orl_error *err)
{
    const struct file_bytes *file = context;
    (void)err;
    size_t left = position < (int64_t)file->size ? file->size - (size_t)position : 0,
           n = left < length ? left : length;
    memcpy(bytes, file->bytes + position, n);
    return (int64_t)n;
}

static int64_t count_bytes(void *context)
{
    return (int64_t)((const struct file_bytes *)context)->size;
}

struct file_taker {
    const struct orl_output_spec *spec;
    int (*take)(void *context, size_t frame, const void *bytes, size_t size, struct orl_error *err);
    void *context;
    struct orl_output_facts *facts;
};

static int take_file(void *context, size_t segment, const struct seg_record *record,
                     struct orl_error *err)
{
    struct file_taker *t = context;
    struct file_bytes file = {record->bytes, record->size};
    struct orl_stream stream = {.context = &file, .read = read_bytes, .size = count_bytes};
    struct orl_output_facts one;
    (void)segment;
    if (record->number != (int64_t)t->facts->frames)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int ret = orl_encode_verify(t->spec, &stream, &one, err);
    if (ret == ORL_OK)
        ret = t->take(t->context, t->facts->frames, record->bytes, record->size, err);
    t->facts->frames++;
    t->facts->bytes += (int64_t)record->size;
    return ret;
}

int orl_encode_join_files(const struct orl_output_spec *spec,
                          const struct orl_segment_source *segments, size_t segment_count,
                          int (*take)(void *context, size_t frame, const void *bytes, size_t size,
                                      struct orl_error *err),
                          void *context, struct orl_output_facts *facts, struct orl_error *err)
{
    struct file_taker taker = {spec, take, context, facts};
    *facts = (struct orl_output_facts){.width = spec->width, .height = spec->height};
    int ret = orl_seg_each(spec, segments, segment_count, take_file, &taker, err);
    if (ret == ORL_OK && facts->frames != spec->frames)
        ret = orl_fail(err, ORL_FAIL, "%zu frames of %zu were made", facts->frames, spec->frames);
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    return ret;
}

int orl_encode_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    *facts = (struct orl_output_facts){
        .width = spec->width, .height = spec->height, .bytes = file->size(file->context)};
    return spec->format->ops->verify(spec, file, facts, err);
}

bool orl_encode_streams(const struct orl_output_spec *spec)
{
    return spec->format->ops->stream != NULL;
}

int orl_encode_stream(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                      struct orl_sink out, struct orl_error *err)
{
    return spec->format->ops->stream(spec, source, out, err);
}

uint64_t orl_encode_estimate_bytes(const struct orl_output_spec *spec)
{
    return spec->format->ops->estimate_bytes(spec);
}

uint64_t orl_encode_estimate_memory(const struct orl_output_spec *spec)
{
    return spec->format->ops->estimate_memory(spec);
}

bool orl_encode_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                        char what[ORL_TIGHTENED_SIZE])
{
    what[0] = '\0';
    return level == 0 ||
           (spec->format->ops->tighten && spec->format->ops->tighten(spec, values, level, what));
}

size_t orl_encode_next_level(const struct orl_output_spec *spec, int64_t first, size_t level,
                             int64_t bytes, int64_t cap)
{
    size_t next = spec->format->ops->next_level
                      ? spec->format->ops->next_level(spec, first, level, bytes, cap)
                      : 0;
    return next > level ? next : level + 1;
}

static const char *dotted(char buffer[24], unsigned version)
{
    snprintf(buffer, 24, "%u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
    return buffer;
}

bool orl_encode_library(size_t index, const char **name, const char **version)
{
    static _Thread_local char text[4][24];
    const unsigned quantizer = (unsigned)liq_version();
    switch (index) {
    case 0:
        *name = "libavcodec";
        *version = dotted(text[0], avcodec_version());
        return true;
    case 1:
        *name = "libavformat";
        *version = dotted(text[1], avformat_version());
        return true;
    case 2:
        *name = "libavutil";
        *version = dotted(text[2], avutil_version());
        return true;
    case 3:
        *name = "libimagequant";
        snprintf(text[3], sizeof text[3], "%u.%u.%u", quantizer / 10000, quantizer / 100 % 100,
                 quantizer % 100);
        *version = text[3];
        return true;
    case 4:
        *name = "libx264";
        *version = orl_x264_version();
        return true;
    default:
        return false;
    }
}
