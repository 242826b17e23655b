/* SVG: the last frame as a vector picture. */
#include "encode/svg_read.h"
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

static int svg_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    return orl_svg_verify(spec, file, 0.0, &facts->frames, err);
}

static uint64_t svg_memory(const struct orl_output_spec *spec)
{
    (void)spec;
    return 16 << 20;
}

static const struct orl_format_ops ops = {.segment = svg_segment,
                                          .join = orl_whole_join,
                                          .verify = svg_verify,
                                          .cost = {130e3, 130e3, 0.2, 60.0, 0.0},
                                          .estimate_memory = svg_memory};

const struct orl_format_desc orl_format_svg = {
    .name = "svg",
    .extension = ".svg",
    .title = "SVG",
    .description = "the last frame as a vector picture: web pages, papers",
    .home = "web",
    .still = true,
    .fresh_process = true,
    .picture = true,
    .alpha = true,
    .ops = &ops,
};
