/* What a film tells: the finding, and the events on the way to it. Found once in the whole traces,
 * by the rules that stand in finding.c and event.c. */
#ifndef ORL_SCENE_STORY_H
#define ORL_SCENE_STORY_H

#include "scene/panels/view.h"

enum { EVENTS_MAX = 16 };

struct event {
    enum orl_event_kind kind;
    int64_t step;
    size_t run;        /* SIZE_MAX: of none */
    char *text;        /* owned: a short sentence, the run's name first */
    size_t first, end; /* frames in which the sentence stands; end == first: it has no room */
};

struct story {
    char *finding;   /* owned: the sentence; "" where there is nothing to say */
    char *title;     /* owned: the film's; "" where it has none */
    char *under;     /* owned: what stands below it: the title, and what "arrives" means */
    bool from_first; /* the finding stands above the film from its first frame on */
    struct event events[EVENTS_MAX]; /* by step */
    size_t event_count;
    struct orl_rect slot; /* where the sentences stand, px; width 0: below the title */
};

/* Find out what the page tells. It has its runs, standing, pace and panels already. */
int orl_story_create(const struct view *view, const struct orl_film_spec *spec, struct story **out,
                     struct orl_error *err);
void orl_story_destroy(struct story **story);

/* The event whose sentence stands in a frame; NULL: none. */
const struct event *orl_story_event(const struct story *story, size_t frame);

/* ---- finding.c ------------------------------------------------------------------------------- */

/* The sentence of the finding, made from the standing: the first of its forms that is at most
 * `width` px wide in the title's size, else the shortest. Owned by the caller; NULL when memory is
 * short, "" where there is nothing to say. */
char *orl_finding_make(const struct view *view, double width);
/* What "arrives" means in it; "" where nobody does. Owned by the caller. */
char *orl_finding_define(const struct view *view);
/* ---- event.c --------------------------------------------------------------------------------- */

/* Find the events of the page's runs, at most EVENTS_MAX, by step; without frames yet. Returns
 * their number. `events` own their texts. */
size_t orl_events_find(const struct view *view, struct event events[EVENTS_MAX]);
/* The step from which on a run no longer moves to speak of, though its gradient is small; -1: it
 * moves to its end. */
int64_t orl_event_rest(const struct view *view, size_t run);
/* Give each event the frames of its sentence: ORL_EVENT_S long, never two at once, the more telling
 * one first. */
void orl_events_schedule(const struct view *view, struct event *events, size_t count);

#endif
