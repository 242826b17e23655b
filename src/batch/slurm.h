/* Slurm as the engine: an array job of shards and a job that joins them, submitted by sbatch. */
#ifndef ORL_BATCH_SLURM_H
#define ORL_BATCH_SLURM_H

#include "optreel/batch.h"

/* Submit both; the numbers of the jobs come back as text, owned by the caller. `output` is the
 * output folder, absolute; the jobs' logs lie in its .optreel/. ORL_EENV where sbatch is missing or
 * refuses, after what it said itself. */
int orl_slurm_submit(const struct orl_slurm *slurm, const char *experiment, const char *output,
                     char **array, char **join, struct orl_error *err);

#endif
