/* The plan of a folder: what was asked for, kept in .optreel/plan so that other processes can put
 * the work together or tell of it without being told everything again. */
#ifndef ORL_BATCH_PLAN_H
#define ORL_BATCH_PLAN_H

#include "batch/supervisor.h"
#include "batch/wire.h"

/* Write the batch's plan into its folder. ORL_EIO where the folder has another experiment's and
 * that is not forced: its files would be taken for this one's. */
int orl_plan_keep(struct batch *batch, struct orl_error *err);

/* A plan that was read. */
struct kept_plan {
    struct orl_fields fields; /* owned: what `plan` borrows */
    struct wire_plan plan;
    const char *command; /* how to repeat it; borrowed */
};
/* Read the plan of a folder. ORL_EINPUT where there is none, or none that can be read. Release with
 * orl_plan_uninit. */
int orl_plan_read(const char *folder, struct kept_plan *out, struct orl_error *err);
void orl_plan_uninit(struct kept_plan *plan);

#endif
