/* Sophia: running means of the gradient over the curvature of each parameter. */
#include <stdlib.h>

#include "base/array.h"
#include "optimizer/family.h"

enum {
    SOPHIA_RATE,
    SOPHIA_BETA1,
    SOPHIA_BETA2,
    SOPHIA_RHO,
    SOPHIA_INTERVAL,
    SOPHIA_EPSILON,
    SOPHIA_DECAY,
};

/* Its state is room for a Hessian. */
static int sophia_create(const struct orl_optimizer_desc *desc, size_t dimension,
                         const double *settings, const struct orl_oracle *oracle, void **state,
                         struct orl_error *err)
{
    size_t cells;
    (void)desc, (void)settings;
    if (!oracle->hessian)
        return orl_fail(err, ORL_EINPUT, "sophia needs second derivatives");
    *state = orl_size_mul(dimension, dimension, &cells) ? orl_calloc(cells, sizeof(double)) : NULL;
    return *state ? ORL_OK : orl_fail_memory(err);
}

/* The paper's estimate u * (H u) has the diagonal as its mean; here the diagonal itself is known,
 * over all points. What is not finite leaves the mean as it was. */
static int curvature_update(const struct orl_step *s)
{
    double *matrix = s->state, *h = s->slots[1], b2 = s->settings[SOPHIA_BETA2];
    int ret = s->oracle->hessian(s->oracle->context, s->here, matrix);
    for (size_t i = 0; ret == ORL_OK && i < s->dimension; i++) {
        double diagonal = matrix[i * s->dimension + i];
        if (isfinite(diagonal))
            h[i] = b2 * h[i] + (1.0 - b2) * diagonal;
    }
    return ret;
}

static int sophia_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[SOPHIA_BETA1], *m = s->slots[0], *h = s->slots[1];
    if ((s->number - 1) % (int64_t)s->settings[SOPHIA_INTERVAL] == 0 &&
        curvature_update(s) != ORL_OK)
        return ORL_EDIVERGED;
    for (size_t i = 0; i < s->dimension; i++) {
        m[i] = b1 * m[i] + (1.0 - b1) * s->gradient[i];
        double scale = fmax(s->settings[SOPHIA_RHO] * h[i], 0.0) + s->settings[SOPHIA_EPSILON];
        double step = scale > 0.0 ? fmin(fabs(m[i]) / scale, 1.0) : 1.0;
        x[i] -= s->settings[SOPHIA_RATE] * (m[i] < 0.0 ? -step : m[i] > 0.0 ? step : 0.0);
    }
    return ORL_OK;
}

static const struct orl_setting sophia_settings[] = {
    [SOPHIA_RATE] = LEARNING_RATE(1e-4),
    [SOPHIA_BETA1] = BETA1(0.965),
    [SOPHIA_BETA2] = SHARE("beta2", 0.99, orl_aliases_beta2,
                           "share of the old mean of the curvature that is kept"),
    [SOPHIA_RHO] = REAL("rho", "1", 0.04, 0, 1e6, NULL,
                        "weight of the curvature: the smaller, the more steps have full length"),
    [SOPHIA_INTERVAL] = INTEGER("interval", "steps", 10, 1, 1e9, NULL,
                                "steps from one look at the curvature to the next"),
    [SOPHIA_EPSILON] = EPSILON(1e-15),
    [SOPHIA_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_sophia = {
    .name = "sophia",
    .title = "Sophia",
    .description = "a mean of the gradient over the curvature of each parameter, at most the rate",
    .source =
        "Liu et al. 2024, arXiv 2305.14342, alg. 3, with the exact diagonal of the Hessian in "
        "place of Hutchinson's estimate (alg. 1)",
    .rule = "h = beta2 h + (1 - beta2) diag(H); p -= lr sign(m) min(|m|/(rho h + epsilon), 1)",
    .settings = sophia_settings,
    .slots = 2,
    .decay = ORL_DECAY_SHRINK,
    .create = sophia_create,
    .destroy = free,
    .update = sophia_update,
};
