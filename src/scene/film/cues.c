/* What a film tells along the way: captions for who reads along, and chapters for who looks for a
 * place. Both go by the events. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/story.h"
#include "scene/film/words.h"

#define OPENING_S 2.5 /* a caption tells so long how a film or a part of it begins */
#define READING_S 2.5 /* an event's caption stands so long, unless another one comes */

/* ---- Captions -------------------------------------------------------------------------------- */

static void line_put(char line[ORL_WORDS_SIZE], const char *text, size_t length)
{
    orl_utf8_shorten(line, ORL_WORDS_SIZE, text, length, ORL_WORDS_CHARS);
}

/* How little a place suits the end of a line: the lines are of unlike lengths, a clause goes on, or
 * a number stands apart from its word. */
static size_t uneven_at(const char *text, size_t at, size_t left, size_t right)
{
    enum { CLAUSE = 12, NUMBER = 12 };
    size_t off = left > right ? left - right : right - left;
    bool clause = strchr(",;:", text[at - 1]) != NULL,
         number = strchr("0123456789", text[at + 1]) != NULL;
    return off + (clause ? 0 : CLAUSE) + (number ? NUMBER : 0);
}

/* A sentence in one line, or in two, broken at the space that suits best; what they do not hold is
 * cut. */
static void tell_sentence(const char *text, struct orl_words *out)
{
    size_t length = strlen(text), all = orl_utf8_count(text, length), best = 0, uneven = SIZE_MAX;
    *out = (struct orl_words){{"", ""}};
    for (size_t i = 1; all > ORL_WORDS_CHARS && i < length; i++) {
        if (text[i] != ' ' || i >= ORL_WORDS_SIZE)
            continue;
        size_t left = orl_utf8_count(text, i), right = all - left - 1,
               off = uneven_at(text, i, left, right);
        if (left <= ORL_WORDS_CHARS && off < uneven) {
            best = i;
            uneven = off;
        }
    }
    line_put(out->line[0], text, best ? best : length);
    if (best)
        line_put(out->line[1], text + best + 1, length - best - 1);
}

/* The last event whose sentence the page has begun to show; NULL: none yet. */
static const struct event *latest_event(const struct story *story, size_t frame)
{
    const struct event *latest = NULL;
    for (size_t i = 0; i < story->event_count; i++) {
        const struct event *event = &story->events[i];
        if (event->end > event->first && event->first <= frame &&
            (!latest || event->first >= latest->first))
            latest = event;
    }
    return latest;
}

static bool lasts(const struct view *page, size_t frames, double seconds)
{
    return (double)frames * page->fps_den < seconds * page->fps_num;
}

/* What it is about, and below it how it begins: what all start from, or a run's settings. */
static void tell_opening(const struct view *page, const char *title, struct orl_words *out)
{
    const struct story *story = page->story;
    struct orl_words below;
    const char *begins = page->run_count == 1 ? page->runs[0].details : "";
    for (size_t i = 0; i < story->event_count; i++)
        if (story->events[i].kind == ORL_EVENT_START)
            begins = story->events[i].text;
    line_put(out->line[0], title, strlen(title));
    tell_sentence(begins, &below);
    if (!*title)
        *out = below;
    else if (!*below.line[1])
        memcpy(out->line[1], below.line[0], sizeof out->line[1]);
    if (!*out->line[0])
        orl_words_page(page, 0, out);
}

/* `last`: the film ends with this page, and not without a word. */
static void tell_page(const struct view *page, const char *title, size_t frame, bool last,
                      struct orl_words *out)
{
    const struct event *event = latest_event(page->story, frame);
    bool opening = !event || event->kind == ORL_EVENT_START;
    if (orl_view_is_last(page, frame) && (last || *page->story->finding)) {
        if (*page->story->finding)
            tell_sentence(page->story->finding, out);
        else
            orl_words_page(page, frame, out);
    } else if (opening && lasts(page, frame, OPENING_S)) {
        tell_opening(page, title, out);
    } else if (!opening && lasts(page, frame - event->first, READING_S)) {
        tell_sentence(event->text, out);
    }
}

void orl_film_caption(const struct orl_film *film, size_t frame, struct orl_words *out)
{
    size_t own;
    const struct part *part = orl_film_part_at(film, frame, &own);
    *out = (struct orl_words){{"", ""}};
    if (!part->page)
        orl_words_chapter(film, frame, out->line[0]);
    else
        tell_page(part->page, film->sequence ? part->chapter : part->page->story->title, own,
                  !film->sequence, out);
}

/* ---- Chapters -------------------------------------------------------------------------------- */

struct list {
    struct orl_chapter *out;
    size_t count, capacity;
};

static void chapter_add(struct list *list, const char *title, size_t first_frame)
{
    if (list->count < list->capacity)
        list->out[list->count] = (struct orl_chapter){title, first_frame};
    list->count++;
}

/* Its title, the events whose sentences stand in it, and the finding where it begins to stand. */
static void list_page(const struct view *page, struct list *list)
{
    const struct story *story = page->story;
    size_t last = 0, finish = 0;
    chapter_add(list, *story->title ? story->title : "Start", 0);
    for (bool more = true; more;) { /* in the order in which they stand */
        const struct event *next = NULL;
        for (size_t i = 0; i < story->event_count; i++) {
            const struct event *event = &story->events[i];
            if (event->end > event->first && event->first > last &&
                (!next || event->first < next->first))
                next = event;
        }
        more = next != NULL;
        if (more) {
            chapter_add(list, next->text, next->first);
            last = next->first;
        }
    }
    while (finish < page->pace.frames && !orl_view_is_last(page, finish))
        finish++;
    if (*story->finding && finish > last && finish < page->pace.frames)
        chapter_add(list, story->finding, finish);
}

size_t orl_film_chapters(const struct orl_film *film, struct orl_chapter *out, size_t capacity)
{
    struct list list = {out, 0, capacity};
    if (!film->sequence && film->whole->story)
        list_page(film->whole, &list);
    for (size_t i = 0; i < film->part_count; i++)
        if (film->parts[i].chapter)
            chapter_add(&list, film->parts[i].chapter, film->parts[i].first);
    return capacity && list.count > capacity ? capacity : list.count;
}
