/* What was rendered, beside what was made of it: experiment.yaml and inputs/. */
#ifndef ORL_BATCH_INPUTS_H
#define ORL_BATCH_INPUTS_H

#include "batch/supervisor.h"

#define ORL_COPY_NAME "experiment.yaml"

/* Write the experiment's copy, and copy the files that it reads; what is there already stays. A
 * data file that is no longer the one that was read is told, as a failure of its own.
 * ORL_EIO, ORL_ENOMEM. */
int orl_inputs_keep(struct batch *batch, struct orl_error *err);
#endif
