/* The ranks of all runs of each problem, for the report. */
#ifndef ORL_BATCH_RANKS_H
#define ORL_BATCH_RANKS_H

#include "batch/supervisor.h"
#include "optreel/report.h"

/* Fill in `rank`, `level` and `level_step` of the runs that were made, by the rule of the standing
 * (optreel/scene.h), from what workers told of them. Where the best run itself is the least known
 * of a problem, traces that come to its level are read. `runs` is parallel to the experiment's.
 * ORL_ENOMEM. */
int orl_ranks_describe(const struct batch *batch, struct orl_report_run *runs,
                       struct orl_error *err);

/* The first recorded step of a run at or below a loss, from its trace; -1: none, or the trace
 * cannot be read. */
int64_t orl_ranks_trace_step(const struct batch *batch, size_t run, double loss);

#endif
