/* The report of a batch that was asked for a part of its experiment. */
#ifndef ORL_BATCH_WHOLE_H
#define ORL_BATCH_WHOLE_H

#include "batch/supervisor.h"

/* Write the report. Where only some runs, films or formats were asked for, it tells of the whole
 * experiment as far as the folder holds it: what is up to date there stands beside what was made
 * now. What cannot be planned as a whole is told as it was asked for. As orl_results_report. */
int orl_whole_report(struct batch *batch, struct orl_error *err);

#endif
