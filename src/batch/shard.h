/* The share of a batch that one process of several takes. */
#ifndef ORL_BATCH_SHARD_H
#define ORL_BATCH_SHARD_H

#include "batch/supervisor.h"

/* Of the units that are to be done, leave to others what is not in this shard: segments by their
 * place in the plan alone, so that all agree who does what; and of the runs those that no segment
 * of this shard needs. Call it after orl_jobs_skip. Nothing where the batch is not cut. */
void orl_shard_choose(struct batch *batch);

/* Putting together what shards made: outputs whose segments are not all there, and runs that are
 * not, have failed. Call it after orl_jobs_skip. */
void orl_shard_demand(struct batch *batch);

#endif
