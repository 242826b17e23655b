/* Optimizers: the table of update rules, and one optimizer at work. */
#ifndef OPTREEL_OPTIMIZER_H
#define OPTREEL_OPTIMIZER_H

#include "optreel/base.h"

ORL_BEGIN_DECLS

struct orl_shape; /* model.h */

/* What an optimizer may ask besides the gradient it is given. All callbacks are of the thread that
 * steps it. */
struct orl_oracle {
    void *context;
    size_t dimension;
    /* Loss and gradient (may be NULL) at `x`, on the batch of the present step. */
    void (*evaluate)(void *context, const double *x, double *loss, double *gradient);
    /* Number of residuals, 0 where the problem has none; values and Jacobian (row by row; may be
     * NULL) of `count` of them from `first` on. */
    size_t residual_count;
    void (*residuals)(void *context, const double *x, size_t first, size_t count, double *residuals,
                      double *jacobian);
    /* The loss's exact second derivatives, matrix[j * dimension + k]; NULL where nobody can tell.
     * ORL_OK or why not. */
    int (*hessian)(void *context, const double *x, double *matrix);
    double least; /* the loss at a known minimum; 0 where none is known */
    /* Groups of parameters that form matrices; none: 0. */
    size_t shape_count;
    const struct orl_shape *shapes;
};

struct orl_optimizer;

/* What a rule is told of the present step. Its settings, with schedules evaluated, are in
 * `settings`. */
struct orl_step {
    const struct orl_optimizer_desc *desc;
    int64_t number; /* 1 at the first update */
    int64_t steps;  /* that the run will make */
    size_t dimension;
    const double *settings; /* parallel to desc->settings */
    const double *here;     /* of update: the parameters before it, and before a decay that is apart
                               from the step (ORL_DECAY_SHRINK) */
    const double *gradient; /* at the point that `probe` gave; weight decay of that point already
                               added where the rule takes it as L2 */
    double *const *slots;   /* desc->slots arrays of `dimension` numbers, 0 at the start */
    double *scalars;        /* desc->scalars numbers, 0 at the start */
    void *state;            /* what desc->create made, or NULL */
    const struct orl_oracle *oracle;
};

/* What weight_decay does. */
enum orl_decay {
    ORL_DECAY_GRADIENT, /* L2: weight_decay times the point where the gradient was taken is added to
                           the gradient */
    ORL_DECAY_SHRINK,   /* the parameters shrink by learning_rate x weight_decay before the step */
    ORL_DECAY_OWN       /* the rule sees to it */
};

/* A table entry. The file of a family ends with its entries; the table lists them. */
struct orl_optimizer_desc {
    const char *name;                   /* "adam" */
    const char *title;                  /* "Adam" */
    const char *description;            /* one line */
    const char *source;                 /* paper and equation */
    const char *rule;                   /* the update in one line, for the help and the film */
    const char *const *aliases;         /* NULL or NULL-ended */
    const struct orl_setting *settings; /* weight_decay among them where it has one */
    unsigned slots, scalars;
    enum orl_decay decay;
    unsigned refuses; /* bits 1u << ORL_COMMON_...: what has no meaning with this rule */
    bool squares;     /* only for sums or means of squares over data (mse, sse) */
    bool shapes;      /* works on matrices: only for problems with shapes */
    bool custom;      /* a rule of the user's own, in formulas */
    /* Check settings against each other; NULL: the limits of each are enough. */
    int (*check)(const double *settings, struct orl_error *err);
    /* Extra state, sized at run time; NULL where slots and scalars are enough. destroy takes what
     * create gave. */
    int (*create)(const struct orl_optimizer_desc *desc, size_t dimension, const double *settings,
                  const struct orl_oracle *oracle, void **state, struct orl_error *err);
    void (*destroy)(void *state);
    /* Fill what is not 0 at the start of slots and scalars; NULL: all 0. */
    void (*begin)(const struct orl_step *step);
    /* Where the gradient of the next step is to be taken; NULL: at x. (Nesterov: the interim
     * point.) Settings with a schedule are not yet those of that step. */
    void (*probe)(const struct orl_step *step, const double *x, double *at);
    /* One update of x in place. Returns ORL_OK or ORL_EDIVERGED. Never allocates. */
    int (*update)(const struct orl_step *step, double *x);
};

extern const struct orl_optimizer_desc *const orl_optimizers[]; /* NULL-ended */
/* What stands in a run's place of an optimizer when the run was recorded elsewhere: it has a name
 * and no rule. Not in the table. */
extern const struct orl_optimizer_desc orl_optimizer_recorded;
/* By name or alias; NULL where there is none. */
const struct orl_optimizer_desc *orl_optimizer_find(const char *name);

/* A rule of one's own: assignments "name = formula" over g (gradient), p (parameter), step, steps,
 * the hyperparameters, the state, and what an earlier line names; done in order for each element on
 * its own. Lines end with a newline or a semicolon. */
struct orl_rule_spec {
    size_t state_count, hyper_count;
    const char *const *state_names;
    const double *state_initial; /* every element starts there */
    const char *const *hyper_names;
    const double *hyper_values;
    const char *update;
};
struct orl_formula_error;
/* Make it an optimizer like those of the table, called "custom"; its settings are the
 * hyperparameters, which may be schedules. `spec` is copied. ORL_EINPUT with *error filled (offset
 * in the update text). Release with orl_rule_destroy when no run uses it any more. */
int orl_rule_create(const struct orl_rule_spec *spec, const struct orl_limits *limits,
                    const struct orl_optimizer_desc **out, struct orl_formula_error *error);
void orl_rule_destroy(const struct orl_optimizer_desc **desc);

/* What every optimizer takes besides its own settings, unless it refuses: batch (points per step,
 * 0: all), clip (largest gradient norm, 0: none), and modifiers of any rule (their papers stand
 * beside the table). A setting called "lookahead.steps" is the key `steps` of the map `lookahead`,
 * which switches `lookahead` on. */
extern const struct orl_setting orl_optimizer_common[];
enum {
    ORL_COMMON_BATCH,
    ORL_COMMON_CLIP,
    ORL_COMMON_CAUTIOUS,
    ORL_COMMON_LOOKAHEAD,
    ORL_COMMON_LOOKAHEAD_STEPS,
    ORL_COMMON_LOOKAHEAD_RATE,
    ORL_COMMON_SAM,
    ORL_COMMON_COUNT
};
/* Sets of them, for orl_optimizer_desc.refuses. */
enum {
    ORL_REFUSES_BATCH = 1u << ORL_COMMON_BATCH,
    ORL_REFUSES_CLIP = 1u << ORL_COMMON_CLIP,
    ORL_REFUSES_CAUTIOUS = 1u << ORL_COMMON_CAUTIOUS,
    ORL_REFUSES_LOOKAHEAD = 1u << ORL_COMMON_LOOKAHEAD | 1u << ORL_COMMON_LOOKAHEAD_STEPS |
                            1u << ORL_COMMON_LOOKAHEAD_RATE,
    ORL_REFUSES_SAM = 1u << ORL_COMMON_SAM,
    /* Line searches and second-order methods look at the loss themselves. */
    ORL_REFUSES_ALL = (1u << ORL_COMMON_COUNT) - 1
};

/* Make an optimizer for `dimension` parameters. `values` is parallel to desc->settings (copied;
 * text of a schedule is parsed here); `common` parallel to orl_optimizer_common; `steps` is the
 * run's length, for schedules. `oracle` is borrowed and must outlive it. ORL_EINPUT where settings
 * do not fit each other. Release with orl_optimizer_destroy. */
int orl_optimizer_create(const struct orl_optimizer_desc *desc, const struct orl_value *values,
                         const struct orl_value *common, size_t dimension, int64_t steps,
                         const struct orl_oracle *oracle, struct orl_optimizer **out,
                         struct orl_error *err);
void orl_optimizer_destroy(struct orl_optimizer **optimizer);

/* Where the next update wants its gradient: writes `at`. With sam it asks the oracle for a gradient
 * of its own. To be called before each step unless orl_optimizer_probes_at_x. */
void orl_optimizer_probe(struct orl_optimizer *optimizer, const double *x, double *at);
/* True where probe is always x itself, so that one evaluation gives loss and gradient. */
bool orl_optimizer_probes_at_x(const struct orl_optimizer *optimizer);

/* One update of x (dimension numbers, in model units) with the gradient at the probed point (loss
 * units per model unit; not kept). Evaluates schedules, clips, adds L2 weight decay, applies the
 * rule, then the modifiers. ORL_EDIVERGED where a gradient entry or the new x is not finite: x then
 * still holds the last good position. Never allocates. Two threads may step two different
 * optimizers. */
int orl_optimizer_step(struct orl_optimizer *optimizer, double *x, const double *gradient,
                       struct orl_error *err);

ORL_END_DECLS

#endif
