/* The story of a page: its finding and its events, with the place where their sentences stand. */
#include "scene/film/story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/slot.h"
#include "scene/panels/panel.h"

#define NOTE_S 1.2  /* how long a note stands that does not say it */
#define WIDEST 0.98 /* of the page between its margins: the finding in one line */

/* Notes by hand take part in the schedule as the most telling events. */
static int add_notes(const struct view *view, const struct orl_film_spec *spec, struct story *s,
                     struct orl_error *err)
{
    for (size_t i = 0; i < spec->note_count && s->event_count < EVENTS_MAX; i++) {
        const struct orl_note *note = &spec->notes[i];
        double seconds = note->seconds > 0.0 ? note->seconds : NOTE_S;
        struct event *event = &s->events[s->event_count];
        *event = (struct event){.kind = ORL_EVENT_NOTE,
                                .step = note->step,
                                .run = note->run,
                                .text = orl_strdup(note->text),
                                .first = orl_pace_frame_at(&view->pace, note->step)};
        event->end = event->first + (size_t)fmax(round(seconds * view->fps_num / view->fps_den), 1);
        if (!event->text)
            return orl_fail_memory(err);
        s->event_count++;
    }
    return ORL_OK;
}

static int compare_steps(const void *a, const void *b)
{
    const struct event *p = a, *q = b;
    return (p->step > q->step) - (p->step < q->step);
}

static int find_events(const struct view *view, const struct orl_film_spec *spec, struct story *s,
                       struct orl_error *err)
{
    if (!spec->no_events)
        s->event_count = orl_events_find(view, s->events);
    while (s->event_count > 0 && s->event_count + spec->note_count > EVENTS_MAX)
        free(s->events[--s->event_count].text);
    int ret = add_notes(view, spec, s, err);
    orl_events_schedule(view, s->events, s->event_count);
    qsort(s->events, s->event_count, sizeof *s->events, compare_steps);
    return ret;
}

/* The title, then what "arrives" means where that fits into the line. NULL when memory is short. */
static char *story_under(const struct view *view, const struct orl_film_spec *spec, double width)
{
    const char *title = spec->title ? spec->title : "";
    char *meaning = spec->finding ? orl_strdup("") : orl_finding_define(view);
    char *both =
        meaning ? orl_asprintf("%s%s%s", title, *title && *meaning ? ". " : "", meaning) : NULL;
    free(meaning);
    if (!both || !*title || orl_letters_width(view->measure, both, view->size.text, false) <= width)
        return both;
    free(both);
    return orl_strdup(title);
}

int orl_story_create(const struct view *view, const struct orl_film_spec *spec, struct story **out,
                     struct orl_error *err)
{
    struct story *s = *out = orl_calloc(1, sizeof *s);
    double width =
        WIDEST * (view->card ? view->title_box.width : view->width - 2.0 * view->size.margin_x);
    if (!s)
        return orl_fail_memory(err);
    s->from_first = spec->headline == ORL_HEADLINE_FIRST;
    s->finding = spec->headline == ORL_HEADLINE_NONE ? orl_strdup("")
                 : spec->finding                     ? orl_strdup(spec->finding)
                                                     : orl_finding_make(view, width);
    s->title = orl_strdup(spec->title ? spec->title : "");
    s->under = story_under(view, spec, width / WIDEST);
    if (!s->finding || !s->title || !s->under)
        return orl_fail_memory(err);
    int ret = find_events(view, spec, s, err);
    if (ret == ORL_OK && !view->card)
        s->slot = orl_slot_choose(view, s);
    return ret;
}

void orl_story_destroy(struct story **story)
{
    struct story *s = *story;
    if (!s)
        return;
    for (size_t i = 0; i < s->event_count; i++)
        free(s->events[i].text);
    free(s->finding);
    free(s->title);
    free(s->under);
    free(s);
    *story = NULL;
}
