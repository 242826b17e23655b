/* Formats made in one piece, or as they are: their segments are the bytes of the file. */
#include "encode/whole.h"

#include <string.h>

enum { WHOLE_BYTES = 1 };

static int flush(struct whole *whole, struct orl_error *err)
{
    if (whole->fill == 0)
        return ORL_OK;
    int ret =
        orl_seg_record(&whole->seg, WHOLE_BYTES, whole->number++, whole->buffer, whole->fill, err);
    whole->fill = 0;
    return ret;
}

static int gather(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    struct whole *whole = context;
    const uint8_t *from = bytes;
    int ret = ORL_OK;
    while (ret == ORL_OK && length > 0) {
        size_t room = WHOLE_BUFFER - whole->fill, size = length < room ? length : room;
        memcpy(whole->buffer + whole->fill, from, size);
        whole->fill += size;
        from += size;
        length -= size;
        if (whole->fill == WHOLE_BUFFER)
            ret = flush(whole, err);
    }
    return ret;
}

int orl_whole_begin(struct whole *whole, struct orl_sink out, const struct orl_output_spec *spec,
                    size_t first, size_t count, struct orl_error *err)
{
    whole->number = 0;
    whole->fill = 0;
    return orl_seg_begin(&whole->seg, out, spec, first, count, err);
}

struct orl_sink orl_whole_sink(struct whole *whole)
{
    return (struct orl_sink){whole, gather};
}

int orl_whole_end(struct whole *whole, struct orl_error *err)
{
    int ret = flush(whole, err);
    return ret == ORL_OK ? orl_seg_end(&whole->seg, err) : ret;
}

static int copy(void *context, size_t segment, const struct seg_record *record,
                struct orl_error *err)
{
    const struct orl_stream *out = context;
    (void)segment;
    return out->write(out->context, record->bytes, record->size, err);
}

int orl_whole_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                   size_t segment_count, const struct orl_stream *out, struct orl_error *err)
{
    return orl_seg_each(spec, segments, segment_count, copy, (void *)(uintptr_t)out, err);
}

int orl_whole_wrong(const struct orl_output_spec *spec, const char *reason, struct orl_error *err)
{
    return orl_fail(err, ORL_FAIL, "the finished %s is wrong: %s", spec->format->title, reason);
}

int orl_whole_read(const struct orl_output_spec *spec, const struct orl_stream *file, int64_t at,
                   void *bytes, size_t size, struct orl_error *err)
{
    uint8_t *to = bytes;
    for (size_t got = 0; got < size;) {
        int64_t n = file->read(file->context, at + (int64_t)got, to + got, size - got, err);
        if (n <= 0)
            return n < 0 ? (int)n : orl_whole_wrong(spec, "it is cut short", err);
        got += (size_t)n;
    }
    return ORL_OK;
}
