/* A film as a list of parts, one after the other: a page of plots, or the pages and cards of a
 * report video. */
#ifndef ORL_SCENE_FILM_H
#define ORL_SCENE_FILM_H

#include "scene/film/page.h"

enum part_kind {
    PART_OPENING,
    PART_PROBLEM,
    PART_RUN,
    PART_RACE,
    PART_CLOSING,
};

struct part {
    enum part_kind kind;
    size_t index; /* of the run among the film's, of the group, or of the closing's page */
    size_t group;
    size_t first, frames; /* of the film's frames */
    char *chapter;        /* owned; NULL: goes on with the chapter before */
    struct view *page;    /* NULL for a card, which stands still. Owned, unless it is film->whole */
};

struct sequence;

struct orl_film {
    struct view *whole; /* owned: all runs, names, colours, sizes. Of most films the only page */
    struct part *parts; /* owned: at least one */
    size_t part_count;
    struct sequence *sequence; /* owned: what the cards of a report video tell; else NULL */
};

/* The part that a frame belongs to, and the frame's number within it. */
const struct part *orl_film_part_at(const struct orl_film *film, size_t frame, size_t *own);

#endif
