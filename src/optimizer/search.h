/* Line searches: how far to go along a direction (Nocedal & Wright 2006, chapter 3). */
#ifndef ORL_OPTIMIZER_SEARCH_H
#define ORL_OPTIMIZER_SEARCH_H

#include "base/vector.h"
#include "optreel/optimizer.h"

enum search_kind { SEARCH_ARMIJO, SEARCH_WOLFE };

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
 * `first` is tried first. Returns 0 where no length lowers the loss (the direction does not lead
 * down, or the digits are used up). Never allocates. */
double orl_search_run(struct search *s, enum search_kind kind, const double *x, double loss,
                      const double *gradient, const double *direction, double first);

#endif
