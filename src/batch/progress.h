/* What a batch says while it works: a bar on a terminal, plain lines otherwise, JSON lines on
 * request. */
#ifndef ORL_BATCH_PROGRESS_H
#define ORL_BATCH_PROGRESS_H

#include "optreel/batch.h"

struct progress {
    FILE *out; /* NULL: silent */
    enum orl_progress mode;
    bool terminal;
    unsigned columns;
    double start_s, shown_s;
    bool line_open; /* a bar stands on the current line */
};

/* How far the batch is. Frames count when they are drawn and encoded, runs when they are written.
 */
struct progress_state {
    size_t runs, runs_done, outputs, outputs_done;
    double frames, frames_done;
};

/* Begin: what is shown where, as the options say and the terminal can. */
void orl_progress_start(struct progress *progress, const struct orl_batch_options *options);
/* It is time to show how far the batch is. */
bool orl_progress_due(const struct progress *progress);
/* Show the state if it is time to. */
void orl_progress_show(struct progress *progress, const struct progress_state *state);
/* Take the bar away so that something else can be printed. */
void orl_progress_clear(struct progress *progress);

#endif
