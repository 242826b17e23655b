/* Segment files. Little-endian; every record is counted in one CRC that the last record holds. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "encode/format.h"

enum { HEAD_BYTES = 16, PADDING = 64 };
#define RECORD_MOST (UINT64_C(1) << 30)
static const char magic[8] = {'O', 'R', 'L', 'S', 'E', 'G', '0', '1'};

static void put(uint8_t *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *in, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
}

static int emit(struct seg_writer *w, const void *bytes, size_t size, struct orl_error *err)
{
    w->crc = orl_crc32(w->crc, bytes, size);
    return size ? w->out.write(w->out.context, bytes, size, err) : ORL_OK;
}

int orl_seg_begin(struct seg_writer *w, struct orl_sink out, const struct orl_output_spec *spec,
                  size_t first, size_t count, struct orl_error *err)
{
    uint8_t head[40] = {0};
    *w = (struct seg_writer){.out = out};
    memcpy(head, magic, sizeof magic);
    strncpy((char *)head + 8, spec->format->name, 8);
    put(head + 16, (uint64_t)spec->width, 4);
    put(head + 20, (uint64_t)spec->height, 4);
    put(head + 24, first, 8);
    put(head + 32, count, 8);
    return emit(w, head, sizeof head, err);
}

int orl_seg_record(struct seg_writer *w, uint32_t type, int64_t number, const void *bytes,
                   size_t size, struct orl_error *err)
{
    uint8_t head[HEAD_BYTES];
    put(head, type, 4);
    put(head + 4, size, 4);
    put(head + 8, (uint64_t)number, 8);
    if (size > RECORD_MOST)
        return orl_fail(err, ORL_EBUG, "a record of %zu bytes", size);
    int ret = emit(w, head, sizeof head, err);
    return ret == ORL_OK ? emit(w, bytes, size, err) : ret;
}

int orl_seg_end(struct seg_writer *w, struct orl_error *err)
{
    uint8_t tail[HEAD_BYTES] = {0};
    put(tail + 8, w->crc, 4);
    return w->out.write(w->out.context, tail, sizeof tail, err);
}

static int damaged(const struct seg_reader *r, struct orl_error *err)
{
    return orl_fail(err, ORL_FAIL, "segment %zu is damaged", r->index);
}

static int take(struct seg_reader *r, void *bytes, size_t size, struct orl_error *err)
{
    for (size_t got = 0; got < size;) {
        int64_t n =
            r->stream->read(r->stream->context, r->at, (uint8_t *)bytes + got, size - got, err);
        if (n <= 0)
            return n < 0 ? (int)n : damaged(r, err);
        r->at += n;
        got += (size_t)n;
    }
    return ORL_OK;
}

int orl_seg_open(struct seg_reader *r, const struct orl_stream *stream,
                 const struct orl_output_spec *spec, size_t index, struct orl_error *err)
{
    uint8_t head[40];
    char name[9] = {0};
    *r = (struct seg_reader){.stream = stream, .index = index};
    int ret = take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    memcpy(name, head + 8, 8);
    r->crc = orl_crc32(0, head, sizeof head);
    r->first = (size_t)get(head + 24, 8);
    r->count = (size_t)get(head + 32, 8);
    size_t length = orl_encode_segment_frames(spec);
    bool good =
        memcmp(head, magic, sizeof magic) == 0 && strncmp(name, spec->format->name, 8) == 0 &&
        get(head + 16, 4) == (uint64_t)spec->width && get(head + 20, 4) == (uint64_t)spec->height &&
        r->first == index * length && r->first + r->count <= spec->frames;
    return good ? ORL_OK : damaged(r, err);
}

int orl_seg_next(struct seg_reader *r, struct seg_record *record, struct orl_error *err)
{
    uint8_t head[HEAD_BYTES];
    int ret = take(r, head, sizeof head, err);
    if (ret != ORL_OK)
        return ret;
    *record = (struct seg_record){.type = (uint32_t)get(head, 4),
                                  .size = (size_t)get(head + 4, 4),
                                  .number = (int64_t)get(head + 8, 8)};
    if (record->type == 0)
        return record->number == (int64_t)r->crc && record->size == 0 ? 0 : damaged(r, err);
    if (record->size > RECORD_MOST)
        return damaged(r, err);
    r->crc = orl_crc32(r->crc, head, sizeof head);
    if (!orl_reserve((void **)&r->buffer, &r->capacity, record->size + PADDING, 1))
        return orl_fail_memory(err);
    ret = take(r, r->buffer, record->size, err);
    if (ret != ORL_OK)
        return ret;
    memset(r->buffer + record->size, 0, PADDING);
    r->crc = orl_crc32(r->crc, r->buffer, record->size);
    record->bytes = r->buffer;
    return 1;
}

void orl_seg_close(struct seg_reader *r)
{
    free(r->buffer);
    *r = (struct seg_reader){0};
}

static int each_record(struct seg_reader *r, size_t segment,
                       int (*take_record)(void *context, size_t segment,
                                          const struct seg_record *record, struct orl_error *err),
                       void *context, struct orl_error *err)
{
    struct seg_record record;
    int more;
    while ((more = orl_seg_next(r, &record, err)) == 1) {
        int ret = take_record(context, segment, &record, err);
        if (ret != ORL_OK)
            return ret;
    }
    return more;
}

int orl_seg_each(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                 size_t segment_count,
                 int (*take_record)(void *context, size_t segment, const struct seg_record *record,
                                    struct orl_error *err),
                 void *context, struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < segment_count; i++) {
        struct orl_stream stream = {0};
        struct seg_reader reader = {0};
        ret = segments->open(segments->context, i, &stream, err);
        if (ret != ORL_OK)
            return ret;
        ret = orl_seg_open(&reader, &stream, spec, i, err);
        if (ret == ORL_OK)
            ret = each_record(&reader, i, take_record, context, err);
        orl_seg_close(&reader);
        segments->close(segments->context, &stream);
    }
    return ret;
}
