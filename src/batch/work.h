/* What a worker does for each kind of unit. */
#ifndef ORL_BATCH_WORK_H
#define ORL_BATCH_WORK_H

#include "batch/stage.h"
#include "batch/wire.h"

struct worker {
    struct wire_setup setup;
    struct orl_folder *folder; /* owned */
    struct orl_font *font;     /* owned; NULL where there are no films */
    struct stage *stage;       /* owned */
    char remark[256];          /* what the fonts lack, as a sentence; "": nothing */
    double told_s;             /* when progress was last told */
    bool orphaned;             /* the supervisor no longer listens */
};

/* Do a unit; `facts` gets the fields of what came of it (a run's or a file's facts; nothing for a
 * segment). */
int orl_work_do(struct worker *worker, const struct unit_order *order, struct orl_text *facts,
                struct orl_error *err);

#endif
