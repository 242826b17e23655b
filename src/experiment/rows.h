/* The maps of an experiment file and their rows (rows.c). */
#ifndef ORL_EXPERIMENT_ROWS_H
#define ORL_EXPERIMENT_ROWS_H

#include "experiment/types.h"

extern const struct key_map orl_experiment_map; /* struct orl_experiment */
extern const struct key_map orl_film_map;       /* struct orl_film_settings */
extern const struct key_map orl_recorded_map;   /* struct orl_recorded_settings */
extern const struct key_map orl_problem_map;    /* struct orl_problem_plan */
extern const struct key_map orl_made_map;       /* the same: `data` made from a truth */
extern const struct key_map orl_listed_map;     /* the same: `data` listed in the experiment */
extern const struct key_map orl_table_map;      /* the same: `data` from a file */
extern const struct key_map orl_optimizer_map;  /* struct optimizer_entry */
extern const struct key_map orl_expect_map;     /* all keys are read elsewhere (expect.c) */
extern const struct key_map orl_tune_map;       /* struct orl_tune */
enum { ORL_TRIALS_USUAL = 60 };
extern const struct key_map orl_runs_map;   /* all keys are read elsewhere */
extern const struct key_map orl_output_map; /* struct orl_experiment */
extern const struct key_map orl_variant_map;

/* The row of a path such as "films.length"; NULL where there is none (describe.c). */
const struct key *orl_key_at(const char *path);

extern const char *const orl_each_names[]; /* enum orl_film_each */

#endif
