/* What the outputs of a film offer to a page, a slide or a document. */
#include <string.h>

#include "report/parts.h"

static bool film_is(const struct orl_report_film *film, const char *format)
{
    return film->format && strcmp(film->format, format) == 0;
}

static bool film_is_moving_image(const struct orl_report_film *film)
{
    static const char *const formats[] = {"gif", "webp", "avif", "apng", "svg-animated", NULL};
    for (const char *const *format = formats; *format; format++)
        if (film_is(film, *format))
            return true;
    return false;
}

const struct orl_report_film *orl_report_output(const struct orl_layout_of_report *layout,
                                                size_t item)
{
    return &layout->report->films[layout->films.items[item]];
}

static void media_take(struct orl_report_media *media, const struct orl_report_film *film)
{
    if (!media->mp4 && film_is(film, "mp4"))
        media->mp4 = film;
    else if (!media->webm && film_is(film, "webm"))
        media->webm = film;
    else if (!media->pdf && film_is(film, "pdf"))
        media->pdf = film;
    else if (!media->moving && film_is_moving_image(film))
        media->moving = film;
    else if (!media->still && film_is(film, "png") && film->seconds <= 0.0)
        media->still = film;
    if (film_is(film, "gif"))
        media->gif = media->gif ? media->gif : film;
}

void orl_report_media_find(const struct orl_layout_of_report *layout, size_t group,
                           struct orl_report_media *media)
{
    *media = (struct orl_report_media){0};
    media->any = orl_report_output(layout, layout->films.start[group]);
    for (size_t i = layout->films.start[group]; i < layout->films.start[group + 1]; i++) {
        const struct orl_report_film *film = orl_report_output(layout, i);
        if (!media->captions)
            media->captions = film->captions;
        if (!media->places)
            media->places = film->places;
        if (!media->poster && film->poster)
            media->poster = film->poster;
        if (!film->failure && film->path)
            media_take(media, film);
    }
    if (!media->poster && media->still)
        media->poster = media->still->path;
}

const char *orl_report_film_title(const struct orl_report_film *film)
{
    return film->title && film->title[0] ? film->title : film->name ? film->name : "";
}
