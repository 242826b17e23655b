/* A .tex file that shows a PDF of frames with LaTeX's animate package. It is a piece to \input and no document of its own: pdflatex
 * would write that one's pages over the PDF of the same name. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/whole.h"

static int compose(const struct orl_output_spec *spec, struct orl_text *text, struct orl_error *err)
{
    char rate[ORL_NUMBER_SIZE];
    orl_double_short(rate, (double)spec->fps_num / spec->fps_den);
    orl_text_printf(text,
                    "%% %s.pdf: %zu pages, %s per second. With \\usepackage{animate} in the preamble: \\input{%s.tex}\n"
                    "\\animategraphics[autoplay,loop,controls,poster=last,width=\\linewidth]{%s}{%s}{}{}\n",
                    spec->name, spec->frames, rate, spec->name, rate, spec->name);
    return text->failed ? orl_fail_memory(err) : ORL_OK;
}

static int tex_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err)
{
    struct orl_text text = {0};
    struct whole *whole = orl_calloc(1, sizeof *whole);
    (void)source;
    int ret = whole ? compose(spec, &text, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = orl_whole_begin(whole, out, spec, first, count, err);
    struct orl_sink sink = orl_whole_sink(whole);
    if (ret == ORL_OK)
        ret = sink.write(sink.context, text.data, text.length, err);
    if (ret == ORL_OK)
        ret = orl_whole_end(whole, err);
    orl_text_uninit(&text);
    free(whole);
    return ret;
}

static int tex_verify(const struct orl_output_spec *spec, const struct orl_stream *file, struct orl_output_facts *facts,
                      struct orl_error *err)
{
    struct orl_text wanted = {0}, found = {0};
    char piece[4096];
    int64_t got = 0;
    int ret = compose(spec, &wanted, err);
    while (ret == ORL_OK && (got = file->read(file->context, (int64_t)found.length, piece, sizeof piece, err)) > 0)
        orl_text_append(&found, piece, (size_t)got);
    if (ret == ORL_OK && (got < 0 || found.failed))
        ret = got < 0 ? (int)got : orl_fail_memory(err);
    if (ret == ORL_OK && (found.length != wanted.length || memcmp(found.data, wanted.data, wanted.length) != 0))
        ret = orl_whole_wrong(spec, "it does not say what was written", err);
    orl_text_uninit(&wanted);
    orl_text_uninit(&found);
    facts->frames = spec->frames;
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    return ret;
}

static uint64_t tex_bytes(const struct orl_output_spec *spec)
{
    (void)spec;
    return 1024;
}

static const struct orl_format_ops ops = {.segment = tex_segment,
                                          .join = orl_whole_join,
                                          .verify = tex_verify,
                                          .estimate_bytes = tex_bytes,
                                          .estimate_memory = tex_bytes};
static const char *const beside[] = {"pdf", NULL};

const struct orl_format_desc orl_sidecar_tex = {
    .name = "tex",
    .extension = ".tex",
    .title = "LaTeX",
    .description = "shows a PDF of frames by the package animate",
    .home = "beamer",
    .beside = beside,
    .ops = &ops,
};
