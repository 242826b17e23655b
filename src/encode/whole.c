#include "encode/whole.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

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

static int draw_still(struct orl_document *document, const struct orl_frame_source *source,
                      size_t number, struct orl_error *err)
{
    const struct orl_picture *picture;
    int ret = source->still(source->context, number, &picture, err);
    return ret == ORL_OK ? orl_document_still(document, picture, err) : ret;
}

/* A page for each frame; the still part is drawn again where another part of the film begins. */
static int draw_pages(const struct orl_document_spec *pages, const struct orl_frame_source *source,
                      size_t first, size_t count, struct orl_sink sink, struct orl_error *err)
{
    const struct orl_picture *picture;
    struct orl_document *document;
    int ret = orl_document_create(pages, source->font, sink, &document, err);
    size_t shown = SIZE_MAX;
    for (size_t i = first; ret == ORL_OK && i < first + count; i++) {
        size_t part = source->part ? source->part(source->context, i) : 0;
        ret = part == shown ? ORL_OK : draw_still(document, source, i, err);
        shown = part;
        if (ret == ORL_OK)
            ret = source->moving(source->context, i, &picture, err);
        if (ret == ORL_OK)
            ret = orl_document_page(document, picture, err);
    }
    if (ret == ORL_OK)
        return orl_document_finish(&document, err);
    orl_document_abort(&document);
    return ret;
}

int orl_whole_document(const struct orl_output_spec *spec, const struct orl_document_spec *pages,
                       const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err)
{
    struct whole *whole = orl_calloc(1, sizeof *whole);
    if (!whole)
        return orl_fail_memory(err);
    int ret = orl_whole_begin(whole, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = draw_pages(pages, source, first, count, orl_whole_sink(whole), err);
    if (ret == ORL_OK)
        ret = orl_whole_end(whole, err);
    free(whole);
    return ret;
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
