/* Which steps of a run are kept as rows of its trace, where it makes more than a trace may hold. */
#ifndef ORL_TRACE_THINNING_H
#define ORL_TRACE_THINNING_H

#include "optreel/base.h"

struct orl_thinning {
    int64_t every; /* only multiples of it are kept */
    int64_t next;  /* the next step to keep */
    int64_t dense; /* steps below it are kept one by one */
    double ratio;  /* of a kept step to the one before it, from there on */
};

/* For a run of `steps` steps of which every `every`-th may be kept, at most `rows` (>= 2) of them
 * with room for the last: the first min(1000, rows/2) are kept, the rest lie evenly on the scale of
 * log steps. Where all fit, all are kept. */
void orl_thinning_init(struct orl_thinning *thinning, int64_t steps, int64_t every, size_t rows);
/* Whether `step` is to be kept; to be asked for every step, in order. */
bool orl_thinning_keeps(struct orl_thinning *thinning, int64_t step);

#endif
