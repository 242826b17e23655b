/* The fit where there are several predictors: what the model says against what was observed. */
#ifndef ORL_SCENE_OBSERVED_H
#define ORL_SCENE_OBSERVED_H

#include "scene/panel.h"

/* For a fit panel whose problem has more than one predictor; its state begins with these very operations. */
extern const struct orl_panel_ops orl_observed_ops;

#endif
