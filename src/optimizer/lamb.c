/* LAMB: Adam's step, as long as the parameters are large. */
#include "base/vector.h"
#include "optimizer/family.h"

enum { LAMB_RATE, LAMB_BETA1, LAMB_BETA2, LAMB_EPSILON, LAMB_DECAY };

/* All parameters of the problem are one layer. */
static int lamb_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[LAMB_BETA1], b2 = s->settings[LAMB_BETA2];
    double c1 = 1.0 - orl_pow(b1, (double)s->number), c2 = 1.0 - orl_pow(b2, (double)s->number);
    double *m = s->slots[0], *v = s->slots[1], *u = s->slots[2];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        m[i] = b1 * m[i] + (1.0 - b1) * g;
        v[i] = b2 * v[i] + (1.0 - b2) * g * g;
        double scale = sqrt(v[i] / c2) + s->settings[LAMB_EPSILON];
        u[i] = (scale > 0.0 ? m[i] / c1 / scale : 0.0) + s->settings[LAMB_DECAY] * x[i];
    }
    double size = orl_vector_norm(x, s->dimension), step = orl_vector_norm(u, s->dimension);
    double trust = size > 0.0 && step > 0.0 ? size / step : 1.0;
    for (size_t i = 0; i < s->dimension; i++)
        x[i] -= s->settings[LAMB_RATE] * trust * u[i];
    return ORL_OK;
}

static const struct orl_setting lamb_settings[] = {
    [LAMB_RATE] = LEARNING_RATE(0.001), [LAMB_BETA1] = BETA1(0.9),
    [LAMB_BETA2] = BETA2(0.999),        [LAMB_EPSILON] = EPSILON(1e-6),
    [LAMB_DECAY] = WEIGHT_DECAY(0.01),  {0},
};

const struct orl_optimizer_desc orl_optimizer_lamb = {
    .name = "lamb",
    .title = "LAMB",
    .description = "Adam's direction, as long as the learning rate's share of the parameters",
    .source = "You et al. 2020, Large batch optimization for deep learning, alg. 2",
    .rule = "u = m̂/(√v̂ + epsilon) + wd p; p -= lr |p|/|u| u",
    .settings = lamb_settings,
    .slots = 3,
    .decay = ORL_DECAY_OWN,
    .update = lamb_update,
};
