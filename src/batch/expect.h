/* Whether the runs ended as the experiment expects. */
#ifndef ORL_BATCH_EXPECT_H
#define ORL_BATCH_EXPECT_H

#include "batch/summaries.h"
#include "batch/supervisor.h"
#include "optreel/report.h"

/* What was expected, judged. */
struct judgement {
    struct orl_report_check *checks; /* owned, with the words of each */
    char **whats;                    /* owned: names of those of a baseline */
    size_t what_count;
    size_t count;
};

/* Judge the expectations on runs as the report tells them (parallel to the experiment's, ranks
 * included): on those that were made. What does not hold is told as an error where it stands in
 * the file, and counted in the batch. ORL_ENOMEM. Release with orl_judgement_uninit in any case. */
int orl_expect_judge(struct batch *batch, const struct orl_report_run *runs, struct judgement *out,
                     struct orl_error *err);
/* The same for the runs of the batch's baseline, which are added to `out`: a check for each, held
 * where it ended as it did then. `report` has the runs as they are now. */
int orl_baseline_judge(struct batch *batch, const struct orl_report *report, struct judgement *out,
                       struct orl_error *err);
void orl_judgement_uninit(struct judgement *judgement);

#endif
