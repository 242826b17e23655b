/* Pacing: which step a frame shows, as a table that is made once. */
#ifndef ORL_SCENE_PACE_H
#define ORL_SCENE_PACE_H

#include "optreel/scene.h"

struct pace {
    size_t frames, hold_first, hold_last; /* held frames beyond the first and the last themselves */
    int64_t from, to;                     /* steps shown, both included */
    int64_t *steps; /* owned: of each frame; rises, `from` at the first and `to` at the last */
};

/* A linear or logarithmic pace ((n+1)^t - 1 of the n steps at the share t of the moving frames);
 * the others begin as logarithmic ones, until orl_pace_follow. Holds are whole frames; where they
 * leave nothing for the film itself they shrink. Release with orl_pace_uninit. */
int orl_pace_init(struct pace *pace, enum orl_pace kind, size_t frames, double hold_first_s,
                  double hold_last_s, double fps, int64_t from, int64_t to, struct orl_error *err);
void orl_pace_uninit(struct pace *pace);
/* Frames between the holds, the first and the last themselves among them. */
size_t orl_pace_moving(const struct pace *pace);
/* How far the film has come between its holds: 0 during the first, 1 during the last. */
double orl_pace_share(const struct pace *pace, size_t frame);
/* The step of a frame. */
int64_t orl_pace_step(const struct pace *pace, size_t frame);
/* Of the frames in a row that show the same step as this one, the one in the middle. */
size_t orl_pace_middle(const struct pace *pace, size_t frame);
/* The row of a trace to show at `step`: the last one at or before it. */
size_t orl_pace_row(const struct orl_trace *trace, int64_t step);

struct orl_film;
/* For the paces `loss` and `motion` (motion.c), once the film's panels know their axes: choose the
 * steps by what the traces do. */
int orl_pace_follow(struct orl_film *film, enum orl_pace kind, struct orl_error *err);

#endif
