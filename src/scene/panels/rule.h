/* What a run's rule does with the gradient, as far as pictures explain it: its learning rate, and
 * whether each of its updates is a share of the last one plus a step down the gradient. */
#ifndef ORL_SCENE_RULE_H
#define ORL_SCENE_RULE_H

#include "optreel/scene.h"

struct rule {
    double rate;                  /* the learning rate; NAN: the rule has none, or a schedule */
    struct orl_formula *schedule; /* owned: of the learning rate; NULL: it is a number */
    int64_t steps;                /* that the run was to make, for the schedule */
    double keeps; /* the share of the last update that each one keeps: momentum; 0 */
    bool adds; /* every update is `keeps` times the last one minus a factor times the gradient. It
                  is read off the trace: a rule that clips, shrinks or adapts does not. */
    double factor; /* that factor, where it is the same for all updates; else NAN */
};

/* Zero-initialize; release with orl_rule_uninit. ORL_ENOMEM. */
int orl_rule_make(const struct orl_film_run *run, struct rule *rule, struct orl_error *err);
void orl_rule_uninit(struct rule *rule);

/* The learning rate of the update that leads to this step (1: the first); NAN where there is none.
 */
double orl_rule_rate(const struct rule *rule, int64_t step);

/* The update that led to a row, and the one before it, in parameter `j`; of a thinned trace the
 * means over the steps between its rows. NAN where there is none. */
double orl_trace_update(const struct orl_trace *trace, size_t row, size_t j);
/* What momentum brought to the update that led to a row: `keeps` times the one before. NAN where
 * rows are missing in between, and of rules that do not add up. */
double orl_rule_kept(const struct rule *rule, const struct orl_trace *trace, size_t row, size_t j);
/* The share of the gradient in the update that led to a row: the update less what was kept; of
 * other rules minus the learning rate times the gradient. NAN where that is not known. */
double orl_rule_pushed(const struct rule *rule, const struct orl_trace *trace, size_t row,
                       size_t j);

#endif
