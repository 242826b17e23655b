/* Captions: title and subtitle above, step counter, loss, note and progress line below. */
#include "scene/film/caption.h"
#include "scene/film/card_page.h"
#include "scene/film/footer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/story.h"
#include "scene/film/subtitle.h"
#include "scene/film/third.h"
#include "scene/marks/letters.h"
#include "scene/marks/metrics.h"

enum { LINES_MAX = 2 };
/* Of the text's size. */
#define SUBTITLE_LINE  1.3  /* from line to line */
#define SUBTITLE_FIRST 1.05 /* from the title down to the subtitle's first baseline */
#define KEY_LINE       1.4  /* from line to line of the key */
#define NAME_MOST      0.4  /* of the width that there is: of a name in the key */

struct caption {
    char *title[LINES_MAX], *subtitle[LINES_MAX]; /* owned */
    size_t title_lines, subtitle_lines;
    size_t key_lines; /* 0: the film needs no key */
};

static double content_width(const struct view *view)
{
    return view->width - 2.0 * view->size.margin_x;
}

void orl_caption_destroy(struct caption **caption)
{
    struct caption *c = *caption;
    for (size_t i = 0; c && i < LINES_MAX; i++) {
        free(c->title[i]);
        free(c->subtitle[i]);
    }
    free(c);
    *caption = NULL;
}

int orl_caption_create(struct view *view, const struct orl_film_spec *spec, struct orl_error *err)
{
    struct caption *caption = view->caption = orl_calloc(1, sizeof *caption);
    const char *below = view->card ? "" : spec->subtitle;
    char *subtitle =
        below ? orl_strdup(below) : orl_subtitle_make(view, spec->title, content_width(view));
    const char *title = spec->title ? spec->title : "";
    if (caption && subtitle) {
        caption->title_lines = orl_letters_wrap(view->measure, title, view->size.title, true,
                                                content_width(view), LINES_MAX, caption->title);
        caption->subtitle_lines =
            orl_letters_wrap(view->measure, subtitle, view->size.text, false, content_width(view),
                             LINES_MAX, caption->subtitle);
        orl_subtitle_drop_dots(caption->subtitle, caption->subtitle_lines);
    }
    bool good = caption && subtitle && (caption->title_lines || !*title) &&
                (caption->subtitle_lines || !*subtitle);
    free(subtitle);
    return good ? ORL_OK : orl_fail_memory(err);
}

/* ---- The key: each run's line and name ------------------------------------------------------- */

static void draw_key_entry(const struct view *view, size_t run, double x, double y, double width,
                           struct orl_picture *picture)
{
    double text = view->size.text, before = orl_view_key_width(view) + EM_GAP * text;
    char *name =
        orl_letters_fit(view->measure, view->runs[run].title, text, true, width - before + 0.5);
    orl_view_key(view, run, x, y - EM_MIDDLE * text, picture);
    if (name)
        orl_picture_text(picture, x + before, y, 0.0, text, true, orl_view_style(view, run)->color,
                         name);
    picture->failed |= !name;
    free(name);
}

/* Draws it, or, without a picture, counts its lines. What has no room in the last line is told by
 * its number. */
static size_t lay_key(const struct view *view, double x0, double y, struct orl_picture *picture)
{
    double text = view->size.text, x = x0, end = x0 + content_width(view);
    double more =
        EM_ENTRIES * text + orl_letters_width(view->measure, "and 8888 more", text, false);
    size_t lines = 1;
    for (size_t i = 0; i < view->run_count; i++) {
        double whole = orl_view_key_width(view) + EM_GAP * text +
                       orl_letters_width(view->measure, view->runs[i].title, text, true);
        double width = fmin(whole, NAME_MOST * content_width(view));
        if (x + width > end && lines < LINES_MAX) {
            x = x0;
            y += KEY_LINE * text;
            lines++;
        }
        if (x + width + (i + 1 < view->run_count && lines == LINES_MAX ? more : 0.0) > end &&
            x > x0) {
            char words[32];
            snprintf(words, sizeof words, "and %zu more", view->run_count - i);
            if (picture)
                orl_picture_text(picture, x, y, 0.0, text, false, view->theme->muted, words);
            break;
        }
        if (picture)
            draw_key_entry(view, i, x, y, width, picture);
        x += width + EM_ENTRIES * text;
    }
    return lines;
}

void orl_caption_add_key(struct view *view)
{
    view->caption->key_lines = lay_key(view, 0.0, 0.0, NULL);
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* Of title and subtitle, px. */
static double heading_height(const struct view *view)
{
    const struct caption *caption = view->caption;
    size_t titles = caption->title_lines ? caption->title_lines : 1;
    return view->size.title * TITLE_LINE * (double)titles +
           view->size.text *
               (EM_SUBTITLE +
                SUBTITLE_LINE *
                    (caption->subtitle_lines > 1 ? (double)caption->subtitle_lines - 1.0 : 0.0));
}

struct orl_rect orl_caption_place(struct view *view)
{
    if (view->card)
        return orl_card_page_place(view, view->panel_count && view->panels[0].desc->place_in_plane);
    double x = view->size.margin_x, width = content_width(view), text = view->size.text,
           footer = orl_footer_height(view);
    double height = heading_height(view) + KEY_LINE * text * (double)view->caption->key_lines;
    view->title_box = (struct orl_rect){x, view->size.margin_y, width, height};
    view->footer_box =
        (struct orl_rect){x, view->height - view->size.below - footer, width, footer};
    double top = view->title_box.y + height + EM_FOOTER_GAP * text;
    return (struct orl_rect){x, top, width, view->footer_box.y - EM_FOOTER_UP * text - top};
}

static void draw_key(const struct view *view, struct orl_picture *picture)
{
    if (view->caption->key_lines)
        lay_key(view, view->title_box.x, view->title_box.y + heading_height(view) + view->size.text,
                picture);
}

/* The baselines of the heading's lines: first the title's, then the smaller ones below it. */
static double title_baseline(const struct view *view, size_t line)
{
    return view->title_box.y + view->size.title * (EM_FIRST + TITLE_LINE * (double)line);
}

static double subtitle_baseline(const struct view *view, size_t line)
{
    size_t titles = view->caption->title_lines ? view->caption->title_lines : 1;
    return view->title_box.y + view->size.title * TITLE_LINE * (double)titles +
           view->size.text * (SUBTITLE_FIRST + SUBTITLE_LINE * (double)line);
}

static void draw_title(const struct view *view, struct orl_picture *picture)
{
    const struct caption *caption = view->caption;
    for (size_t i = 0; i < caption->title_lines; i++)
        orl_picture_text(picture, view->title_box.x, title_baseline(view, i), 0.0, view->size.title,
                         true, view->theme->ink, caption->title[i]);
}

static void draw_subtitle(const struct view *view, struct orl_picture *picture)
{
    const struct caption *caption = view->caption;
    for (size_t i = 0; i < caption->subtitle_lines; i++)
        orl_picture_text(picture, view->title_box.x, subtitle_baseline(view, i), 0.0,
                         view->size.text, false, view->theme->muted, caption->subtitle[i]);
}

/* The finding in the title's place, in as many lines as there are; below it what it is about. */
static void draw_finding(const struct view *view, struct orl_picture *picture)
{
    const struct story *story = view->story;
    const struct caption *caption = view->caption;
    char *lines[LINES_MAX + 1] = {0};
    size_t titles = caption->title_lines ? caption->title_lines : 1,
           most = titles + (titles < LINES_MAX && caption->subtitle_lines > 0),
           count = orl_letters_wrap(view->measure, story->finding, view->size.title, true,
                                    content_width(view), most, lines);
    for (size_t i = 0; i < count; i++) {
        orl_picture_text(picture, view->title_box.x, title_baseline(view, i), 0.0, view->size.title,
                         true, view->theme->ink, lines[i]);
        free(lines[i]);
    }
    picture->failed |= count == 0;
    if (count > titles || !*story->under)
        return;
    char *under =
        orl_letters_fit(view->measure, story->under, view->size.text, false, content_width(view));
    if (under)
        orl_picture_text(picture, view->title_box.x, subtitle_baseline(view, 0), 0.0,
                         view->size.text, false, view->theme->muted, under);
    picture->failed |= !under;
    free(under);
}

/* An event whose sentence has no slot among the panels stands in the subtitle's place. */
static void draw_event(const struct view *view, const struct event *event,
                       struct orl_picture *picture)
{
    char *told =
        orl_letters_fit(view->measure, event->text, view->size.text, true, content_width(view));
    if (told)
        orl_picture_text(picture, view->title_box.x, subtitle_baseline(view, 0), 0.0,
                         view->size.text, true, view->theme->ink, told);
    picture->failed |= !told;
    free(told);
}

/* What stands above the panels changes where the finding is told, and for an event's second. */
static void draw_heading(const struct view *view, size_t frame, struct orl_picture *picture)
{
    const struct story *story = view->story;
    const struct event *event = orl_story_event(story, frame);
    bool last = orl_view_is_last(view, frame);
    if (*story->finding && (last || story->from_first)) {
        draw_finding(view, picture);
        return;
    }
    draw_title(view, picture);
    if (event && !last && !(story->slot.width > 0.0))
        draw_event(view, event, picture);
    else
        draw_subtitle(view, picture);
}

void orl_caption_still(const struct view *view, struct orl_picture *picture)
{
    if (view->card) {
        orl_card_page_heading(view, view->caption->title_lines ? view->caption->title[0] : "",
                              picture);
        return;
    }
    draw_key(view, picture);
    if (!view->third)
        orl_footer_still(view, picture);
}

void orl_caption_moving(const struct view *view, size_t frame, struct orl_picture *picture)
{
    if (view->card) {
        orl_card_page_step(view, frame, picture);
        return;
    }
    draw_heading(view, frame, picture);
    if (orl_third_stands(view, frame)) {
        orl_third_draw(view, picture);
        return;
    }
    if (view->third)
        orl_footer_still(view, picture);
    orl_footer_moving(view, frame, picture);
}
