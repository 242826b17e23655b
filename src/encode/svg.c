/* SVG: the last frame as a vector picture. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "encode/whole.h"

static int svg_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    const struct orl_document_spec page = {.kind = ORL_DOCUMENT_SVG,
                                           .width = spec->width,
                                           .height = spec->height,
                                           .title = spec->title};
    return orl_whole_document(spec, &page, source, first, count, out, err);
}

/* ---- Reading it back: tags that open and close in pairs, and the root's size ----------------- */

struct reader {
    int64_t depth, elements;
    char tag[512]; /* the tag that is being read, cut where it is longer */
    size_t length;
    char last; /* its last character */
    bool inside, good;
};

static void end_of_tag(struct reader *r, const struct orl_output_spec *spec)
{
    char size[64];
    bool closing = r->tag[0] == '/', empty = r->last == '/',
         remark = r->tag[0] == '?' || r->tag[0] == '!';
    r->tag[r->length] = '\0';
    if (remark)
        return;
    if (!closing && r->elements++ == 0) {
        snprintf(size, sizeof size, " width=\"%dpx\" height=\"%dpx\"", spec->width, spec->height);
        r->good &= strncmp(r->tag, "svg ", 4) == 0 && strstr(r->tag, size) != NULL;
    } else if (r->depth < 1) {
        r->good = false; /* something beside the root */
    }
    r->depth += closing ? -1 : empty ? 0 : 1;
}

static void take(struct reader *r, const struct orl_output_spec *spec, char c)
{
    if (c == '<') {
        r->good &= !r->inside;
        r->inside = true;
        r->length = 0;
        r->last = '\0';
    } else if (r->inside && c == '>') {
        r->inside = false;
        end_of_tag(r, spec);
    } else if (r->inside) {
        r->last = c;
        if (r->length + 1 < sizeof r->tag)
            r->tag[r->length++] = c;
    }
}

static int svg_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    static const char end[] = "</svg>\n";
    struct reader reader = {.good = true};
    char piece[8192], last[sizeof end] = "";
    int64_t at = 0, got, size = file->size(file->context), tail = size - (int64_t)sizeof end + 1;
    int ret = tail < 0 ? orl_whole_wrong(spec, "it is cut short", err)
                       : orl_whole_read(spec, file, tail, last, sizeof end - 1, err);
    if (ret != ORL_OK)
        return ret;
    reader.good = strcmp(last, end) == 0;
    while ((got = file->read(file->context, at, piece, sizeof piece, err)) > 0) {
        for (int64_t i = 0; i < got; i++)
            take(&reader, spec, piece[i]);
        at += got;
    }
    if (got < 0)
        return (int)got;
    if (!reader.good || reader.inside || reader.depth != 0 || reader.elements == 0)
        return orl_whole_wrong(spec, "it is no SVG of the right size", err);
    facts->frames = 1;
    return ORL_OK;
}

static uint64_t svg_bytes(const struct orl_output_spec *spec)
{
    (void)spec;
    return 1 << 20;
}

static uint64_t svg_memory(const struct orl_output_spec *spec)
{
    (void)spec;
    return 16 << 20;
}

static const struct orl_format_ops ops = {.segment = svg_segment,
                                          .join = orl_whole_join,
                                          .verify = svg_verify,
                                          .estimate_bytes = svg_bytes,
                                          .estimate_memory = svg_memory};

const struct orl_format_desc orl_format_svg = {
    .name = "svg",
    .extension = ".svg",
    .title = "SVG",
    .description = "the last frame as a vector picture: web pages, papers",
    .home = "web",
    .still = true,
    .fresh_process = true,
    .ops = &ops,
};
