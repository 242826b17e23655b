/* Schedules: settings that are formulas of step and steps. */
#ifndef ORL_OPTIMIZER_SCHEDULE_H
#define ORL_OPTIMIZER_SCHEDULE_H

#include "optreel/model.h"

/* The place of the first name of a formula that no schedule knows (all know step, steps and the
 * constants); -1 where there is none. */
int orl_schedule_stranger(const struct orl_formula *formula);

/* The value of a setting at `step` (1 at the first update) of `steps`. ORL_EINPUT with a sentence
 * where it is not finite or not within the setting's limits; *out is then the value all the same.
 * The formula must know no strangers. Any thread. */
int orl_schedule_evaluate(const struct orl_formula *formula, const struct orl_setting *setting,
                          int64_t step, int64_t steps, double *out, struct orl_error *err);

#endif
