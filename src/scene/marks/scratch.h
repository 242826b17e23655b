/* Room to work in while a frame is made. It belongs to the picture, and so to the caller: films and
 * panels are only read. */
#ifndef ORL_SCENE_SCRATCH_H
#define ORL_SCENE_SCRATCH_H

#include "optreel/scene.h"

/* Room for `count` numbers, of no particular content, until the next call; NULL once memory is
 * short (picture->failed). */
double *orl_scratch_numbers(struct orl_picture *picture, size_t count);

/* A workspace for the problem, until another problem's is asked for or orl_scratch_rest; NULL once
 * memory is short (picture->failed). */
struct orl_workspace *orl_scratch_workspace(struct orl_picture *picture,
                                            const struct orl_problem *problem);
/* The frame is made: the workspace goes, since its problem may, too. */
void orl_scratch_rest(struct orl_picture *picture);
/* Part of orl_picture_uninit. */
void orl_scratch_destroy(struct orl_scratch **scratch);

#endif
