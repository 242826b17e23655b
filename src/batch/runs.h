/* A run of the plan, made: the same for a worker that writes its trace and for who only wants to
 * look at it. */
#ifndef ORL_BATCH_RUNS_H
#define ORL_BATCH_RUNS_H

#include "optreel/experiment.h"

/* Run it, or take what was recorded elsewhere; where its learning rate is tuned, the trials come
 * first and *tuned is what they found, else NAN. `tick` as in struct orl_run_spec; may be NULL. */
int orl_batch_run(const struct orl_experiment *experiment, size_t run,
                  const struct orl_problem *problem, const struct orl_limits *limits,
                  int (*tick)(void *context, int64_t step), void *tick_context,
                  struct orl_trace **out, double *tuned, struct orl_error *err);

#endif
