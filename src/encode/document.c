/* Frames as the pages of a vector document. */
#include <stdlib.h>

#include "base/array.h"
#include "encode/whole.h"

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
