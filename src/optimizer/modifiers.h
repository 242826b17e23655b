/* Modifiers: what may be put around any rule. */
#ifndef ORL_OPTIMIZER_MODIFIERS_H
#define ORL_OPTIMIZER_MODIFIERS_H

#include "optreel/optimizer.h"

struct modifiers {
    size_t dimension;
    bool cautious;
    int64_t lookahead_steps; /* 0: none */
    double lookahead_rate, sam;
    double *from, *slow; /* owned, one block: where the rule's step begins; Lookahead's slow
                            weights; NULL where neither is wanted */
};
/* `common` is parallel to orl_optimizer_common, or NULL. ORL_OK or ORL_ENOMEM. */
int orl_modifiers_init(struct modifiers *m, const struct orl_value *common, size_t dimension,
                       struct orl_error *err);
void orl_modifiers_uninit(struct modifiers *m);

/* Sharpness-aware minimisation (Foret, Kleiner, Mobahi & Neyshabur 2021, alg. 1): the gradient of
 * the step is taken at p + rho g/|g|. Moves `at` there; `scratch` has room for a gradient. */
void orl_modifiers_climb(const struct modifiers *m, const struct orl_oracle *oracle, double *at,
                         double *scratch);

/* Before the rule's step number `number` (from 1): x is where the run stands, `next` the same after
 * the decay that is apart from the step. */
void orl_modifiers_before(struct modifiers *m, int64_t number, const double *x, const double *next);

/* After it. Cautious (Liang, Chen, Liu & Liu 2024, alg. 1): of the rule's step u only what goes
 * against the gradient is done, n/(count + 1) times as far. Lookahead (Zhang, Lucas, Hinton & Ba
 * 2019, alg. 1): every k steps the slow weights follow by a share, and the fast ones go there. */
void orl_modifiers_after(struct modifiers *m, int64_t number, const double *gradient, double *next);

#endif
