/* MARS: AdamW on a gradient that is corrected by its last change. */
#include "base/vector.h"
#include "optimizer/family.h"

enum { MARS_RATE, MARS_BETA1, MARS_BETA2, MARS_GAMMA, MARS_EPSILON, MARS_DECAY };

static int mars_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[MARS_BETA1], b2 = s->settings[MARS_BETA2];
    double c1 = 1.0 - orl_pow(b1, (double)s->number), c2 = 1.0 - orl_pow(b2, (double)s->number),
           weight = s->settings[MARS_GAMMA] * b1 / (1.0 - b1);
    double *m = s->slots[0], *v = s->slots[1], *last = s->slots[2], *c = s->slots[3];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        c[i] = s->number == 1 ? g : g + weight * (g - last[i]);
        last[i] = g;
    }
    double norm = orl_vector_norm(c, s->dimension), factor = norm > 1.0 ? 1.0 / norm : 1.0;
    for (size_t i = 0; i < s->dimension; i++) {
        double corrected = factor * c[i];
        m[i] = b1 * m[i] + (1.0 - b1) * corrected;
        v[i] = b2 * v[i] + (1.0 - b2) * corrected * corrected;
        double scale = sqrt(v[i] / c2) + s->settings[MARS_EPSILON];
        x[i] -= scale > 0.0 ? s->settings[MARS_RATE] * (m[i] / c1) / scale : 0.0;
    }
    return ORL_OK;
}

static const struct orl_setting mars_settings[] = {
    [MARS_RATE] = LEARNING_RATE(0.003),
    [MARS_BETA1] = BETA1(0.95),
    [MARS_BETA2] = BETA2(0.99),
    [MARS_GAMMA] = REAL("gamma", "1", 0.025, 0, 1, NULL, "how much of the change is corrected"),
    [MARS_EPSILON] = EPSILON(1e-8),
    [MARS_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_mars = {
    .name = "mars",
    .title = "MARS",
    .description = "AdamW on a gradient whose noise is reduced by its last change",
    .source = "Yuan et al. 2024, arXiv 2411.10438, alg. 2 (MARS-AdamW, with the last step's "
              "gradient)",
    .rule = "c = g + gamma beta1/(1 - beta1) (g - last g), |c| at most 1; then AdamW on c",
    .settings = mars_settings,
    .slots = 4,
    .decay = ORL_DECAY_SHRINK,
    .update = mars_update,
};
