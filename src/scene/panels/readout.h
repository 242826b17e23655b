/* The readout: numbers beside the panels, in fixed places. For one run its parameters from start to
 * now, against the truth, and the steps at which the loss passed thresholds; for a race every run's
 * loss, and the parameter that is furthest from the truth. */
#ifndef ORL_SCENE_READOUT_H
#define ORL_SCENE_READOUT_H

#include "scene/panels/panel.h"

struct readout;

/* Height that the readout of this film wants, px. Needs the film's runs and sizes alone. */
double orl_readout_height(const struct view *view);
/* And the least width in which its numbers do not touch each other. */
double orl_readout_width(const struct view *view);
int orl_readout_create(const struct view *view, struct orl_rect box, struct readout **out,
                       struct orl_error *err);
void orl_readout_destroy(struct readout **readout);
void orl_readout_still(const struct view *view, const struct readout *readout,
                       struct orl_picture *picture);
void orl_readout_moving(const struct view *view, const struct readout *readout, size_t frame,
                        struct orl_picture *picture);

#endif
