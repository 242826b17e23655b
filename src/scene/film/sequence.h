/* The report video: all runs of a film one after the other, problem by problem, with a title card
 * for each problem, a race of its runs, and a table of all of them at the end. It is made of parts,
 * each a card or a film of its own, with its own frames. */
#ifndef ORL_SCENE_SEQUENCE_H
#define ORL_SCENE_SEQUENCE_H

#include "scene/film/film.h"

/* Runs on one problem: they stand together in film->runs. */
struct group {
    const char *title; /* of the problem; borrowed or owned by the sequence */
    size_t first, count;
    char *finding;                /* owned: what its runs show, in a sentence or two */
    struct orl_standing standing; /* owned: of its runs, by their place in the group */
};

/* Order the film's runs by problem, list and lay out all parts, spread the film's frames over them.
 * film->whole is made already. */
int orl_sequence_create(struct orl_film *film, const struct orl_film_spec *spec,
                        struct orl_error *err);
void orl_sequence_destroy(struct sequence **sequence);
/* Draw a part that has no page of its own. */
void orl_sequence_card(const struct sequence *sequence, const struct view *view,
                       const struct part *part, struct orl_picture *picture);

/* ---- Cards (card.c) -------------------------------------------------------------------------- */

/* What the whole is about: title, problems, runs. `only`: the one problem that there is, NULL where
 * there are several. */
void orl_card_opening(const struct view *view, const char *title, const struct group *groups,
                      size_t group_count, struct orl_picture *picture);
/* A problem: formula, data, start, truth, who runs. */
void orl_card_problem(const struct view *view, const struct group *groups, size_t group_count,
                      size_t group, struct orl_picture *picture);
/* ---- The closing table (closing.c) ----------------------------------------------------------- */

struct closing;
/* Lay out the table of all runs, on as many pages as it takes. ORL_ENOMEM. Release with
 * orl_closing_destroy. */
int orl_closing_create(const struct view *view, const struct group *groups, size_t group_count,
                       struct closing **out, struct orl_error *err);
void orl_closing_destroy(struct closing **closing);
/* How many pages, and one of them as a still picture. */
size_t orl_closing_pages(const struct closing *closing);
void orl_closing_page(const struct view *view, const struct closing *closing, size_t page,
                      struct orl_picture *picture);
/* ---- What the runs show at their ends (closing_finding.c) -------------------------------------
 */

/* Its loss; INFINITY where the run diverged or the loss is not known. */
double orl_end_loss(const struct view *view, size_t run);
/* A parameter's value there. */
double orl_end_value(const struct view *view, size_t run, size_t parameter);
/* What the runs of a problem show, in a sentence or two: a parameter that none of them moved, the
 * lowest loss, who diverged. Owned by the caller; NULL when memory is short. */
char *orl_closing_finding(const struct view *view, size_t first, size_t count);

#endif
