/* The card of one film: its player, what it shows, and its files. */
#include <math.h>
#include <string.h>

#include "report/parts.h"
#include "report/snippets.h"

/* With more films than this the page loads only posters until a film is played. */
#define MOST_PRELOADED 60

static void put_attribute_path(struct orl_text *text, const char *attribute, const char *path)
{
    orl_text_printf(text, " %s=\"", attribute);
    orl_html_path(text, path);
    orl_text_putc(text, '"');
}

static void put_size(struct orl_text *text, const struct orl_report_film *film)
{
    if (film->width > 0 && film->height > 0)
        orl_text_printf(text, " width=\"%d\" height=\"%d\"", film->width, film->height);
}

static void put_image(struct orl_text *text, const char *path, const struct orl_report_film *size,
                      const char *alt)
{
    orl_text_puts(text, "<img");
    put_attribute_path(text, "src", path);
    put_size(text, size);
    orl_text_puts(text, " decoding=\"async\" alt=\"");
    orl_html_text(text, alt);
    orl_text_puts(text, "\"");
}

static void put_source(struct orl_text *text, const struct orl_report_film *film, const char *type)
{
    if (!film)
        return;
    orl_text_puts(text, "<source");
    put_attribute_path(text, "src", film->path);
    orl_text_printf(text, " type=\"%s\">", type);
}

/* Captions within the page: a browser lets no page of the file system load them beside it. What is
 * neither letter nor digit is escaped as in RFC 3986. */
static void put_captions(struct orl_text *text, const char *captions)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    if (!captions)
        return;
    orl_text_puts(text, "<track kind=\"captions\" srclang=\"en\" label=\"Events\" "
                        "src=\"data:text/vtt;charset=utf-8,");
    for (const char *p = captions; *p; p++)
        if (strchr(plain, *p))
            orl_text_putc(text, *p);
        else
            orl_text_printf(text, "%%%02X", (unsigned)(unsigned char)*p);
    orl_text_puts(text, "\">");
}

static void put_video(struct orl_text *text, const struct orl_report_media *media, const char *alt,
                      size_t group, bool preload)
{
    const struct orl_report_film *film = media->mp4 ? media->mp4 : media->webm;
    orl_text_printf(text, "<video controls muted loop playsinline preload=\"%s\"",
                    preload || !media->poster ? "metadata" : "none");
    put_size(text, film);
    if (media->poster)
        put_attribute_path(text, "poster", media->poster);
    orl_text_puts(text, " data-seconds=\"");
    char seconds[ORL_NUMBER_SIZE];
    orl_double_short(seconds, film->seconds);
    orl_text_puts(text, seconds);
    if (media->places) {
        orl_text_puts(text, "\" data-places=\"");
        orl_html_text(text, media->places);
    }
    orl_text_printf(text,
                    "\" aria-labelledby=\"film-%zu-title\" aria-describedby=\"film-%zu-alt\">",
                    group + 1, group + 1);
    put_source(text, media->mp4, "video/mp4");
    put_source(text, media->webm, "video/webm");
    put_captions(text, media->captions);
    orl_text_puts(text, "<a");
    put_attribute_path(text, "href", film->path);
    orl_text_puts(text, ">The film</a></video>\n");
    if (media->poster) { /* paper shows this instead */
        put_image(text, media->poster, film, alt);
        orl_text_puts(text, " class=\"paper\">\n");
    }
}

/* An image moves without being asked: still where the reader wants no motion, and the page's
 * buttons stop it. */
static void put_moving_image(struct orl_text *text, const struct orl_report_media *media,
                             const char *alt)
{
    orl_text_puts(text, "<picture>");
    if (media->poster) {
        orl_text_puts(text, "<source media=\"(prefers-reduced-motion: reduce), print\"");
        put_attribute_path(text, "srcset", media->poster);
        orl_text_puts(text, ">");
    }
    put_image(text, media->moving->path, media->moving, alt);
    if (media->poster) {
        put_attribute_path(text, "data-moving", media->moving->path);
        put_attribute_path(text, "data-still", media->poster);
    }
    orl_text_puts(text, "></picture>\n");
}

static void put_player(struct orl_text *text, const struct orl_report_media *media, const char *alt,
                       size_t group, bool preload)
{
    if (media->mp4 || media->webm) {
        put_video(text, media, alt, group, preload);
    } else if (media->moving) {
        put_moving_image(text, media, alt);
    } else if (media->poster) {
        put_image(text, media->poster, media->any, alt);
        orl_text_puts(text, ">\n");
    } else {
        orl_text_puts(text,
                      "<p class=\"nothing\">No picture of this film can be shown here.</p>\n");
    }
}

static void put_format(struct orl_text *text, const char *format)
{
    orl_text_puts(text, "<bdi class=\"format\">");
    orl_html_text(text, format ? format : "file");
    orl_text_puts(text, "</bdi>");
}

void orl_report_quality(char out[ORL_QUALITY_SIZE], const struct orl_quality *quality)
{
    char decibels[ORL_NUMBER_SIZE], index[ORL_NUMBER_SIZE];
    if (isinf(quality->psnr)) {
        snprintf(out, ORL_QUALITY_SIZE, "exact");
        return;
    }
    orl_double_digits(decibels, quality->psnr, 3);
    orl_double_digits(index, quality->ssim, 5);
    snprintf(out, ORL_QUALITY_SIZE, "%s dB, SSIM %s", decibels, index);
}

/* What a tooltip tells of a file: "1280 × 720, 30 fps, 300 frames, 10 s". */
static void put_facts(struct orl_text *text, const struct orl_report_film *film)
{
    char buffer[ORL_NUMBER_SIZE];
    orl_text_printf(text, "%d \xc3\x97 %d", film->width, film->height);
    if (film->frames > 1 && film->fps_den > 0) {
        orl_double_digits(buffer, (double)film->fps_num / (double)film->fps_den, 4);
        orl_text_printf(text, ", %s fps, %zu frames", buffer, film->frames);
    }
    if (film->frames > 1 && isfinite(film->seconds)) {
        orl_double_digits(buffer, film->seconds, 4);
        orl_text_printf(text, ", %s s", buffer);
    }
}

static void put_file(struct orl_text *text, const struct orl_report_film *film)
{
    orl_text_puts(text, "<li>");
    if (film->failure || !film->path) {
        put_format(text, film->format);
        orl_text_puts(text, " <strong class=\"bad\">failed</strong>: ");
        orl_html_bdi(text, film->failure ? film->failure : "no file");
    } else {
        orl_text_puts(text, "<a");
        put_attribute_path(text, "href", film->path);
        orl_text_puts(text, " title=\"");
        put_facts(text, film);
        orl_text_puts(text, "\">");
        put_format(text, film->format);
        orl_text_puts(text, "</a> ");
        orl_html_bytes(text, film->bytes);
        if (film->quality) {
            char quality[ORL_QUALITY_SIZE];
            orl_report_quality(quality, film->quality);
            orl_text_printf(text, ", %s", quality);
        }
    }
    orl_text_puts(text, "</li>");
}

/* "races/a-contact.png" of the film "a" is called "contact.png". */
static void put_beside(struct orl_text *text, const struct orl_report_film *film)
{
    for (size_t i = 0; i < film->beside_count; i++) {
        const char *path = film->beside[i], *slash = strrchr(path, '/'),
                   *name = slash ? slash + 1 : path;
        size_t length = film->name ? strlen(film->name) : 0;
        bool begins = length && strncmp(name, film->name, length) == 0 && name[length];
        orl_text_puts(text, "<li><a");
        put_attribute_path(text, "href", path);
        orl_text_puts(text, ">");
        put_format(text, begins ? name + length + 1 : name);
        orl_text_puts(text, "</a></li>");
    }
}

/* Lines to paste into documents, by kind; the same as in snippets/. */
static void put_snippets(struct orl_text *text, const struct orl_layout_of_report *layout,
                         size_t group)
{
    bool any = false;
    for (const struct orl_snippet_desc *kind = orl_snippets; kind->extension; kind++) {
        struct orl_text lines = {0};
        orl_snippet_append(&lines, kind, layout, group);
        if (lines.length > 0) {
            orl_text_puts(text, any ? "" : "<details class=\"embed\"><summary>Embed</summary>\n");
            orl_text_puts(text, "<details><summary>");
            orl_html_text(text, kind->where);
            orl_text_puts(text, "</summary><pre tabindex=\"0\"><code>");
            orl_html_text(text, lines.data);
            orl_text_puts(text, "</code></pre></details>\n");
            any = true;
        }
        text->failed = text->failed || lines.failed;
        orl_text_uninit(&lines);
    }
    orl_text_puts(text, any ? "</details>\n" : "");
}

void orl_html_film(struct orl_text *text, const struct orl_layout_of_report *layout, size_t group,
                   int level)
{
    struct orl_report_media media;
    orl_report_media_find(layout, group, &media);
    struct orl_text alt = {0};
    orl_report_alt_append(&alt, layout, media.any);
    const char *sentence = alt.data ? alt.data : "";
    orl_text_printf(text, "<figure class=\"film\" id=\"film-%zu\">\n", group + 1);
    put_player(text, &media, sentence, group, layout->films.count <= MOST_PRELOADED);
    orl_text_printf(text, "<figcaption>\n<h%d id=\"film-%zu-title\">", level, group + 1);
    orl_html_bdi(text, orl_report_film_title(media.any));
    orl_text_printf(text, "</h%d>\n<p id=\"film-%zu-alt\">", level, group + 1);
    orl_html_bdi(text, sentence);
    orl_text_puts(text, "</p>\n<ul class=\"files\">");
    for (size_t i = layout->films.start[group]; i < layout->films.start[group + 1]; i++)
        put_file(text, orl_report_output(layout, i));
    for (size_t i = layout->films.start[group]; i < layout->films.start[group + 1]; i++)
        put_beside(text, orl_report_output(layout, i));
    orl_text_puts(text, "</ul>\n");
    if (layout->films.count <= MOST_PRELOADED)
        put_snippets(text, layout, group);
    orl_text_puts(text, "</figcaption>\n</figure>\n");
    if (alt.failed)
        text->failed = true;
    orl_text_uninit(&alt);
}
