/* Runs that differ in their seeds alone, as one of a film: their middle. */
#ifndef ORL_BATCH_REPEATS_H
#define ORL_BATCH_REPEATS_H

#include "optreel/experiment.h"
#include "optreel/scene.h"

struct repeats {
    struct orl_trace **middles; /* owned, as is each of them */
    size_t count;
};

/* Put the middle of each group of repeats in the place of its runs: `runs` and `plans` (indices of
 * the experiment's runs) shrink together, *count falls. Traces of groups move into *out. */
int orl_repeats_merge(const struct orl_experiment *experiment, struct orl_film_run *runs,
                      size_t *plans, size_t *count, struct repeats *out, struct orl_error *err);
void orl_repeats_uninit(struct repeats *repeats);

#endif
