/* Making the table of paces (panels/moment.h). */
#ifndef ORL_SCENE_PACE_H
#define ORL_SCENE_PACE_H

#include "scene/panels/view.h"

/* A linear or logarithmic pace ((n+1)^t - 1 of the n steps at the share t of the moving frames);
 * the others begin as logarithmic ones, until orl_pace_follow. Holds are whole frames; where they
 * leave nothing for the film itself they shrink. Release with orl_pace_uninit. */
int orl_pace_init(struct pace *pace, enum orl_pace kind, size_t frames, double hold_first_s,
                  double hold_last_s, double fps, int64_t from, int64_t to, struct orl_error *err);

/* For the paces `loss` and `motion` (motion.c), once the page's panels know their axes: choose the
 * steps by what the traces do. */
int orl_pace_follow(struct view *view, enum orl_pace kind, struct orl_error *err);

/* Let a frame show `step`, which the pace may pass over: the first that would show a later one, or
 * the one before where that begins the last step's hold. Steps from `from` on down and beyond `to`
 * change nothing. */
void orl_pace_show(struct pace *pace, int64_t step);

#endif
