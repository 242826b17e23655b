/* The room's door for workers, who make, join and check: each call goes to the format. */
#include <string.h>

#include "encode/format.h"

int orl_encode_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    return spec->format->ops->check ? spec->format->ops->check(spec, err) : ORL_OK;
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
