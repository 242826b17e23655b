/* The report video: all runs of a film one after the other, problem by problem, with title cards in
 * between, a race of each problem's runs, and a table of all of them at the end. It is made of
 * parts, each a card or a film of its own, with its own frames. */
#ifndef ORL_SCENE_SEQUENCE_H
#define ORL_SCENE_SEQUENCE_H

#include "scene/panels/panel.h"

/* Runs on one problem: they stand together in film->runs. */
struct group {
    const char *title; /* of the problem; borrowed or owned by the sequence */
    size_t first, count;
    char *finding; /* owned: what its runs show, in a sentence or two */
};

struct sequence;

/* Order the film's runs by problem, lay out all parts, spread the film's frames over them. */
int orl_sequence_create(struct orl_film *film, const struct orl_film_spec *spec,
                        struct orl_error *err);
void orl_sequence_destroy(struct sequence **sequence);

size_t orl_sequence_part(const struct sequence *sequence, size_t frame);
size_t orl_sequence_chapters(const struct sequence *sequence, struct orl_chapter *out,
                             size_t capacity);
/* Of the run that the frame belongs to; on a card, the first step that its run shows. */
int64_t orl_sequence_step(const struct sequence *sequence, size_t frame);
/* In the first run. */
size_t orl_sequence_frame_at(const struct sequence *sequence, int64_t step);
int orl_sequence_still(const struct orl_film *film, size_t part, struct orl_picture *picture,
                       struct orl_error *err);
int orl_sequence_moving(const struct orl_film *film, size_t frame, struct orl_picture *picture,
                        struct orl_error *err);
/* The film of a part, NULL for a card and past the last part. */
const struct orl_film *orl_sequence_film(const struct sequence *sequence, size_t part);
/* The film that a frame is of, with its own number of that frame; NULL for a card. */
const struct orl_film *orl_sequence_film_at(const struct sequence *sequence, size_t frame,
                                            size_t *own);
/* The first frame of a part. */
size_t orl_sequence_part_first(const struct sequence *sequence, size_t part);
size_t orl_sequence_part_count(const struct sequence *sequence);

/* ---- Cards (card.c) -------------------------------------------------------------------------- */

/* What the whole is about: title, problems, runs. `only`: the one problem that there is, NULL where
 * there are several. */
void orl_card_opening(const struct orl_film *film, const char *title, const struct group *groups,
                      size_t group_count, struct orl_picture *picture);
/* A problem: formula, data, start, truth, who runs. */
void orl_card_problem(const struct orl_film *film, const struct group *groups, size_t group_count,
                      size_t group, struct orl_picture *picture);
/* A run: rule, hyperparameters, problem. */
void orl_card_run(const struct orl_film *film, const struct group *group, size_t run,
                  struct orl_picture *picture);
/* A run's line and marker as they are in the panels, `width` px from x on around the middle y. */
void orl_card_swatch(const struct orl_film *film, size_t run, double x, double y, double width,
                     struct orl_picture *picture);

/* ---- The closing table (closing.c) ----------------------------------------------------------- */

struct closing;
int orl_closing_create(const struct orl_film *film, const struct group *groups, size_t group_count,
                       struct closing **out, struct orl_error *err);
void orl_closing_destroy(struct closing **closing);
size_t orl_closing_pages(const struct closing *closing);
void orl_closing_page(const struct orl_film *film, const struct closing *closing, size_t page,
                      struct orl_picture *picture);
/* What the runs of a problem show, in a sentence or two: a parameter that none of them moved, the
 * lowest loss, who diverged. Owned by the caller; NULL when memory is short. */
char *orl_closing_finding(const struct orl_film *film, size_t first, size_t count);

#endif
