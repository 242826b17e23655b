/* What rules that work on matrices of parameters share: their shapes, and AdamW for the rest. */
#ifndef ORL_OPTIMIZER_SHAPED_H
#define ORL_OPTIMIZER_SHAPED_H

#include "optimizer/family.h"
#include "optreel/model.h"

/* The parameters of one shape in a matrix, and back. */
void orl_shape_gather(const struct orl_shape *shape, const double *vector, double *matrix);
/* Which parameters lie in no shape: `dimension` flags, owned by the caller; NULL when memory is
 * short. ORL_EINPUT in *err where the oracle has no shapes at all, with the rule's name. */
int orl_shaped_rest(const struct orl_optimizer_desc *desc, const struct orl_oracle *oracle,
                    bool **rest, struct orl_error *err);

/* AdamW with its usual betas and epsilon for the parameters of `rest`; running means in slots
 * `mean` and `square`. The decay is the caller's. */
void orl_shaped_adam(const struct orl_step *s, const bool *rest, double rate, size_t mean,
                     size_t square, double *x);

#endif
