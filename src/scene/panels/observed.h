/* The fit where there are several predictors: what the model says against what was observed. */
#ifndef ORL_SCENE_OBSERVED_H
#define ORL_SCENE_OBSERVED_H

#include "scene/panels/panel.h"

/* For a fit panel whose problem has more than one predictor; its state begins with these very
 * operations. */
extern const struct orl_panel_ops orl_observed_ops;
/* See orl_panel_desc.pose: heights of predictions. */
size_t orl_observed_pose(const struct view *view, const struct panel *panel, size_t run, size_t row,
                         double *px, size_t capacity);

#endif
