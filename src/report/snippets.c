/* Films as lines to paste: Markdown, HTML and reveal.js, LaTeX, Quarto, reStructuredText,
 * notebooks. A document that plays no films gets the poster. */
#include "report/snippets.h"

#include <stdlib.h>
#include <string.h>

#define UP "../"

static const struct orl_report_film *snippet_video(const struct orl_snippet *s)
{
    return s->media->mp4 ? s->media->mp4 : s->media->webm;
}

/* A path as a URL, seen from snippets/. */
static void url_append(struct orl_text *out, const char *path)
{
    orl_text_puts(out, UP);
    orl_html_path(out, path);
}

/* ---- HTML ------------------------------------------------------------------------------------ */

static void attribute_append(struct orl_text *out, const char *name, const char *path)
{
    orl_text_printf(out, " %s=\"", name);
    url_append(out, path);
    orl_text_putc(out, '"');
}

static void size_append(struct orl_text *out, const struct orl_report_film *film)
{
    if (film->width > 0 && film->height > 0)
        orl_text_printf(out, " width=\"%d\" height=\"%d\"", film->width, film->height);
    orl_text_puts(out, " style=\"max-width:100%;height:auto\"");
}

static void source_append(struct orl_text *out, const struct orl_report_film *film,
                          const char *type, const char *indent)
{
    if (!film)
        return;
    orl_text_printf(out, "%s  <source", indent);
    attribute_append(out, "src", film->path);
    orl_text_printf(out, " type=\"%s\">\n", type);
}

static void video_append(struct orl_text *out, const struct orl_snippet *s, const char *indent)
{
    orl_text_printf(out, "%s<video data-autoplay loop muted playsinline controls", indent);
    if (s->media->poster)
        attribute_append(out, "poster", s->media->poster);
    size_append(out, snippet_video(s));
    orl_text_puts(out, " aria-label=\"");
    orl_html_text(out, s->alt);
    orl_text_puts(out, "\">\n");
    source_append(out, s->media->mp4, "video/mp4", indent);
    source_append(out, s->media->webm, "video/webm", indent);
    if (s->media->captions) {
        orl_text_printf(
            out, "%s  <track kind=\"captions\" srclang=\"en\" label=\"Events\" src=\"" UP, indent);
        orl_html_path(out, s->media->any->name);
        orl_text_puts(out, ".vtt\">\n");
    }
    orl_text_printf(out, "%s</video>\n", indent);
}

static void image_append(struct orl_text *out, const struct orl_snippet *s, const char *indent)
{
    const struct orl_report_film *moving = s->media->moving;
    orl_text_printf(out, "%s<picture>\n", indent);
    if (moving && s->media->poster) {
        orl_text_printf(out, "%s  <source media=\"(prefers-reduced-motion: reduce), print\"",
                        indent);
        attribute_append(out, "srcset", s->media->poster);
        orl_text_puts(out, ">\n");
    }
    orl_text_printf(out, "%s  <img", indent);
    attribute_append(out, "src", moving ? moving->path : s->media->poster);
    size_append(out, moving ? moving : s->media->any);
    orl_text_puts(out, " alt=\"");
    orl_html_text(out, s->alt);
    orl_text_printf(out, "\">\n%s</picture>\n", indent);
}

static void html_player_append(struct orl_text *out, const struct orl_snippet *s,
                               const char *indent)
{
    if (snippet_video(s))
        video_append(out, s, indent);
    else
        image_append(out, s, indent);
}

static void html_append(struct orl_text *out, const struct orl_snippet *s)
{
    orl_text_puts(out, "<!-- A slide of reveal.js. On another page take what is within <section>, "
                       "with autoplay in place of\n     data-autoplay where it shall start by "
                       "itself. Paths are seen from this file's folder. -->\n<section>\n  <h2>");
    orl_html_text(out, orl_report_film_title(s->media->any));
    orl_text_puts(out, "</h2>\n");
    html_player_append(out, s, "  ");
    orl_text_puts(out, "</section>\n");
}

/* ---- Markdown and Quarto --------------------------------------------------------------------- */

/* Every mark of ASCII may have a backslash before it (CommonMark 2.4, pandoc), and these need one.
 */
static void markdown_text(struct orl_text *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_[]<>$~^#|@\"'", *text))
            orl_text_putc(out, '\\');
        orl_text_putc(out, *text);
    }
}

static void markdown_image_append(struct orl_text *out, const struct orl_snippet *s,
                                  const char *path)
{
    orl_text_puts(out, "![");
    markdown_text(out, s->alt);
    orl_text_puts(out, "](");
    url_append(out, path);
    orl_text_putc(out, ')');
}

/* A video is shown by few Markdown readers, its poster by all: it leads to the video. */
static void markdown_append(struct orl_text *out, const struct orl_snippet *s)
{
    const struct orl_report_film *linked = snippet_video(s) ? snippet_video(s) : s->media->pdf;
    orl_text_puts(out, "<!-- Paths are seen from this file's folder. -->\n\n");
    if (s->media->moving || !linked || !s->media->poster) {
        markdown_image_append(out, s,
                              s->media->moving   ? s->media->moving->path
                              : s->media->poster ? s->media->poster
                                                 : linked->path);
    } else {
        orl_text_putc(out, '[');
        markdown_image_append(out, s, s->media->poster);
        orl_text_puts(out, "](");
        url_append(out, linked->path);
        orl_text_putc(out, ')');
    }
    orl_text_putc(out, '\n');
}

static void quarto_append(struct orl_text *out, const struct orl_snippet *s)
{
    orl_text_puts(out, "<!-- Plays in HTML and reveal.js; PDF, Word and PowerPoint show a picture. "
                       "Paths are seen from this file's folder. -->\n\n"
                       "::: {.content-visible when-format=\"html\"}\n```{=html}\n");
    html_player_append(out, s, "");
    orl_text_puts(out, "```\n:::\n");
    const char *picture = s->media->gif ? s->media->gif->path : s->media->poster;
    const char *still = s->media->poster ? s->media->poster : picture;
    if (!picture)
        return;
    orl_text_puts(out, "\n::: {.content-visible when-format=\"pdf\"}\n");
    markdown_image_append(out, s, still);
    orl_text_puts(out, "\n:::\n\n::: {.content-hidden when-format=\"html\"}\n"
                       "::: {.content-hidden when-format=\"pdf\"}\n");
    markdown_image_append(out, s, picture);
    orl_text_puts(out, "\n:::\n:::\n");
}

/* ---- reStructuredText ------------------------------------------------------------------------ */

static void rst_image_append(struct orl_text *out, const struct orl_snippet *s, const char *path,
                             const char *indent)
{
    orl_text_printf(out, "%s.. image:: " UP "%s\n%s   :alt: %s\n", indent, path, indent, s->alt);
}

static void rst_append(struct orl_text *out, const struct orl_snippet *s)
{
    orl_text_puts(out, ".. Paths are seen from this file's folder.\n\n");
    const char *still = s->media->poster   ? s->media->poster
                        : s->media->moving ? s->media->moving->path
                                           : NULL;
    if (!snippet_video(s) && s->media->moving) {
        rst_image_append(out, s, s->media->moving->path, "");
        return;
    }
    if (snippet_video(s)) {
        orl_text_puts(out, ".. raw:: html\n\n");
        video_append(out, s, "   ");
        orl_text_puts(out, still ? "\n.. only:: not html\n\n" : "");
    }
    if (still)
        rst_image_append(out, s, still, snippet_video(s) ? "   " : "");
}

/* ---- LaTeX ----------------------------------------------------------------------------------- */

void orl_latex_folder_append(struct orl_text *out, const char *up)
{
    orl_text_printf(out,
                    "\\edef\\orlfolder{\\ifx\\CurrentFilePath\\undefined\\else"
                    "\\ifx\\CurrentFilePath\\empty\\else\\CurrentFilePath/\\fi\\fi %s}%%\n",
                    up);
}

static void latex_append(struct orl_text *out, const struct orl_snippet *s)
{
    const char *name = s->media->any->name;
    if (s->media->pdf) {
        orl_text_printf(out,
                        "%% In the preamble: \\usepackage{animate}. Plays in Acrobat, Okular and "
                        "PDF-XChange.\n\\begingroup\n");
        orl_latex_folder_append(out, UP);
        orl_text_printf(out, "\\input{\\orlfolder %s.tex}%%\n\\endgroup\n", name);
        return;
    }
    if (!s->media->poster)
        return;
    /* A # is the mark of a parameter to TeX, unless it is told not so. */
    orl_text_puts(out, "% In the preamble: \\usepackage{graphicx}. A PDF shows the film's last "
                       "frame; --preset beamer makes one that plays.\n"
                       "\\begin{figure}\n  \\centering\\catcode`\\#=12\n  ");
    orl_latex_folder_append(out, UP);
    orl_text_puts(out, "  \\includegraphics[width=\\linewidth,alt={");
    orl_latex_text(out, s->alt);
    orl_text_printf(out, "}]{\\orlfolder %s}\n  \\caption{", s->media->poster);
    orl_latex_text(out, orl_report_film_title(s->media->any));
    orl_text_puts(out, "}\n\\end{figure}\n");
}

/* ---- Notebooks ------------------------------------------------------------------------------- */

/* Text within "..." of Python. */
static void python_text(struct orl_text *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\\"", *text))
            orl_text_putc(out, '\\');
        orl_text_putc(out, *text);
    }
}

static void notebook_code_append(struct orl_text *code, const struct orl_snippet *s)
{
    const struct orl_report_film *video = snippet_video(s);
    struct orl_text attributes = {0};
    orl_text_puts(&attributes, "controls loop autoplay muted aria-label=\"");
    orl_html_text(&attributes, s->alt);
    orl_text_putc(&attributes, '"');
    orl_text_puts(code, "from IPython.display import Video\nVideo(\"" UP);
    python_text(code, video->path);
    orl_text_printf(code, "\", embed=True, width=%d, html_attributes=\"",
                    video->width > 960 ? 960 : video->width);
    python_text(code, attributes.data ? attributes.data : "");
    orl_text_puts(code, "\")");
    code->failed |= attributes.failed;
    orl_text_uninit(&attributes);
}

static void notebook_append(struct orl_text *out, const struct orl_snippet *s)
{
    struct orl_text source = {0};
    bool code = snippet_video(s) != NULL;
    if (code)
        notebook_code_append(&source, s);
    else
        markdown_image_append(&source, s,
                              s->media->moving ? s->media->moving->path : s->media->poster);
    orl_text_printf(out,
                    "{\"cells\": [{\"cell_type\": \"%s\", \"id\": \"film\", \"metadata\": {}%s, "
                    "\"source\": \"",
                    code ? "code" : "markdown",
                    code ? ", \"execution_count\": null, \"outputs\": []" : "");
    orl_text_escape_json(out, source.data ? source.data : "", source.length);
    orl_text_puts(out, "\"}],\n \"metadata\": {\"kernelspec\": {\"display_name\": \"Python 3\", "
                       "\"language\": \"python\", \"name\": \"python3\"},\n  \"language_info\": "
                       "{\"name\": \"python\"}}, \"nbformat\": 4, \"nbformat_minor\": 5}\n");
    out->failed |= source.failed;
    orl_text_uninit(&source);
}

/* ---- The table ------------------------------------------------------------------------------- */

const struct orl_snippet_desc orl_snippets[] = {
    {"md", "Markdown: a README, a wiki, pandoc", markdown_append},
    {"html", "HTML: a slide of reveal.js, a page", html_append},
    {"tex", "LaTeX: \\input it", latex_append},
    {"qmd", "Quarto", quarto_append},
    {"rst", "reStructuredText: Sphinx", rst_append},
    {"ipynb", "a notebook with one cell", notebook_append},
    {0},
};

void orl_snippet_append(struct orl_text *out, const struct orl_snippet_desc *kind,
                        const struct orl_layout_of_report *layout, size_t group)
{
    struct orl_report_media media;
    struct orl_text alt = {0};
    orl_report_media_find(layout, group, &media);
    if (!media.mp4 && !media.webm && !media.moving && !media.poster)
        return;
    orl_report_alt_append(&alt, layout, media.any);
    for (char *c = alt.data; c && *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
    struct orl_snippet snippet = {.media = &media, .alt = alt.data ? alt.data : ""};
    kind->append(out, &snippet);
    out->failed |= alt.failed;
    orl_text_uninit(&alt);
}
