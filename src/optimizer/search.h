/* Line searches: how far to go along a direction (Nocedal & Wright 2006, chapter 3). */
#ifndef ORL_OPTIMIZER_SEARCH_H
#define ORL_OPTIMIZER_SEARCH_H

#include "base/vector.h"
#include "optreel/optimizer.h"

/* As they stand in the setting STEP_SEARCH. */
enum search_kind { SEARCH_ARMIJO, SEARCH_WOLFE, SEARCH_NONE };
extern const char *const orl_search_names[];
#define STEP_SEARCH                                                                                \
    CHOICE("line_search", orl_search_names, SEARCH_ARMIJO,                                         \
           "how much of the full step is taken; none: all of it")

struct search {
    const struct orl_oracle *oracle;
    size_t dimension;
    double *point, *gradient; /* owned, one block: scratch of `dimension` numbers each */
    double c1, c2;            /* sufficient decrease; curvature */
};
/* False when memory is short. */
bool orl_search_init(struct search *s, const struct orl_oracle *oracle, size_t dimension, double c1,
                     double c2);
void orl_search_uninit(struct search *s);

/* A step length for `direction` from x, where the loss is `loss` and its gradient `gradient`;
 * `first` is tried first. A point where the loss or its gradient is not finite counts as too high:
 * the next step could not be computed from there. Returns 0 where no length lowers the loss (the
 * direction does not lead down, or the digits are used up). Never allocates. */
double orl_search_run(struct search *s, enum search_kind kind, const double *x, double loss,
                      const double *gradient, const double *direction, double first);

/* One step of a method that has a direction from where the oracle's loss is that of step->gradient:
 * x moves along it by what a search of this kind finds, the whole of it tried first; by all of it
 * for SEARCH_NONE. Returns the share of it that was taken. */
double orl_search_go(struct search *s, const struct orl_step *step, int kind,
                     const double *direction, double *x);

#endif
