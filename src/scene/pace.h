/* Pacing: which step a frame shows. */
#ifndef ORL_SCENE_PACE_H
#define ORL_SCENE_PACE_H

#include "optreel/scene.h"

struct pace {
    enum orl_pace kind;
    size_t frames, hold_first, hold_last; /* held frames beyond the first and the last themselves */
    int64_t from, to;                     /* steps shown, both included */
};

/* Holds are whole frames; where they leave nothing for the film itself they shrink. */
void orl_pace_init(struct pace *pace, enum orl_pace kind, size_t frames, double hold_first_s, double hold_last_s, double fps,
                   int64_t from, int64_t to);
/* How far the film has come between its holds: 0 during the first, 1 during the last. */
double orl_pace_share(const struct pace *pace, size_t frame);
/* The step of a frame: rises with the frame, `from` at the first and `to` at the last.
 * Log: (n+1)^t - 1 of the n steps at the share t of the moving frames. */
int64_t orl_pace_step(const struct pace *pace, size_t frame);
/* The row of a trace to show at `step`: the last one at or before it. */
size_t orl_pace_row(const struct orl_trace *trace, int64_t step);

#endif
