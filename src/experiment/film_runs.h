/* Which runs a film has. */
#ifndef ORL_EXPERIMENT_FILM_RUNS_H
#define ORL_EXPERIMENT_FILM_RUNS_H

#include "experiment/recorded.h"

/* Mark the runs that an entry's `runs` leaves out as taken. `node` is the entry, `taken` has a flag
 * for each run of the experiment. False, with a message, where a glob means no run. */
bool orl_film_runs_leave_out(struct loader *l, const struct yaml_node *node,
                             const struct orl_film_settings *settings, bool *taken);
/* Give a film the runs that belong with the run `first` (by film->settings->each) and are not taken
 * yet; they are taken then. film->runs is owned by the film. False when memory is short. */
bool orl_film_runs_take(struct loader *l, struct orl_film_plan *film, size_t first, bool *taken);

#endif
