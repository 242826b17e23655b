/* The unit that makes an output's file of its segments. */
#ifndef ORL_BATCH_JOIN_H
#define ORL_BATCH_JOIN_H

#include "batch/work.h"

/* Join the segments of order->output at order->level and put the file, or the folder of a file for
 * each frame, under its final name: complete or absent. `facts` gets its facts (struct
 * orl_file_facts as fields). A file over its size cap is not kept; its size is told all the same.
 * ORL_EIO, ORL_ENOMEM, ORL_FAIL for segments that do not join. */
int orl_join_do(struct worker *worker, const struct unit_order *order, struct orl_text *facts,
                struct orl_error *err);

#endif
