/* A problem of an experiment file while it is read (problems.c, problem_data.c). */
#ifndef ORL_EXPERIMENT_PROBLEM_H
#define ORL_EXPERIMENT_PROBLEM_H

#include "experiment/read.h"

/* The formula and where the parts of the problem stand. All borrowed but the formula. */
struct problem_reading {
    struct loader *l;
    struct orl_problem_plan *plan;
    const struct yaml_node *node, *model, *data;
    const struct orl_surface_desc *surface; /* an objective by name; NULL */
    struct orl_formula *formula;            /* owned */
};

/* The parameter of a name; -1 where the problem has none. */
int orl_plan_parameter(const struct orl_problem_plan *plan, const char *name);

/* Read values by parameter name, every parameter exactly once: a truth (`what`, for
 * messages). False with messages at what is wrong. */
bool orl_read_truth(struct problem_reading *r, const struct yaml_node *node, const char *what);

/* Read the known minimum of an objective, or a list of its minima. */
bool orl_read_minima(struct problem_reading *r, const struct yaml_node *node);

/* Read `data` into the plan, where the problem has it; the model's formula and `start` are read
 * already. False with messages at what is wrong. */
bool orl_read_data(struct problem_reading *r);

/* Open the problem once, data files included, so that their faults show before anything starts.
 * False with messages. */
bool orl_check_data(struct problem_reading *r);

#endif
