/* Which step a frame shows: the table that every panel asks. film/pace.h makes it. */
#ifndef ORL_SCENE_MOMENT_H
#define ORL_SCENE_MOMENT_H

#include "optreel/scene.h"

struct pace {
    size_t frames, hold_first, hold_last; /* held frames beyond the first and the last themselves */
    int64_t from, to;                     /* steps shown, both included */
    int64_t *steps; /* owned: of each frame; rises, `from` at the first and `to` at the last */
};

/* Free the steps of the frames. */
void orl_pace_uninit(struct pace *pace);
/* Frames between the holds, the first and the last themselves among them. */
size_t orl_pace_moving(const struct pace *pace);
/* How far the film has come between its holds: 0 during the first, 1 during the last. */
double orl_pace_share(const struct pace *pace, size_t frame);
/* The step of a frame. */
int64_t orl_pace_step(const struct pace *pace, size_t frame);
/* The first frame that shows `step` or a later one; the last where none does. */
size_t orl_pace_frame_at(const struct pace *pace, int64_t step);
/* Of the frames in a row that show the same step as this one, the one in the middle. */
size_t orl_pace_middle(const struct pace *pace, size_t frame);
/* From the first frame of the last step's hold on. */
bool orl_pace_is_last(const struct pace *pace, size_t frame);
/* The row of a trace to show at `step`: the last one at or before it. */
size_t orl_pace_row(const struct orl_trace *trace, int64_t step);

#endif
