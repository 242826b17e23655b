/* Runs that were recorded elsewhere, inside the room: traces.c makes plans of what logs.c and the
 * reader of traces find. */
#ifndef ORL_EXPERIMENT_RECORDED_H
#define ORL_EXPERIMENT_RECORDED_H

#include "experiment/rows.h"
#include "optreel/logs.h"

/* logs.c: where a path of the file can be opened; owned by the caller. */
char *orl_recorded_path(const char *folder, const char *path);

/* logs.c: add what was found of a run to the experiment's facts; its texts are taken over. */
bool orl_recorded_add(struct loader *l, const struct orl_recorded_facts *facts);
void orl_recorded_release(struct orl_recorded_facts *facts);

/* logs.c: every run of a film was recorded without a problem. */
bool orl_logs_are_all(const struct orl_experiment *e, const struct orl_film_plan *film);
/* logs.c: what the logs of a film call their losses, where they agree; else "Loss", or "Logs" where
 * one has none. */
const char *orl_logs_loss_name(const struct orl_experiment *e, const struct orl_film_plan *film);
/* logs.c: look at the logs of an entry and add the facts of its runs. False after a fault. */
bool orl_logs_look(struct loader *l, const struct yaml_node *node, size_t entry);
/* logs.c: the trace of a run of a log, as it was looked at. */
int orl_logs_trace(const struct orl_experiment *experiment, const struct orl_run_plan *run,
                   const struct orl_limits *limits, struct orl_messages *messages,
                   struct orl_trace **out, struct orl_error *err);

#endif
