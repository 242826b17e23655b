/* ADOPT: Adam whose mean square does not yet know the gradient that it divides. */
#include "optimizer/family.h"

enum { ADOPT_RATE, ADOPT_BETA1, ADOPT_BETA2, ADOPT_EPSILON, ADOPT_DECAY };

/* The first gradient only begins the mean square. Later the quotient is kept within
 * (t - 1)^(1/4). */
static int adopt_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[ADOPT_BETA1], b2 = s->settings[ADOPT_BETA2],
           bound = sqrt(sqrt((double)(s->number - 1))), *m = s->slots[0], *v = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        if (s->number == 1) {
            v[i] = g * g;
            continue;
        }
        double scale = fmax(sqrt(v[i]), s->settings[ADOPT_EPSILON]);
        double c = scale > 0.0 ? fmin(fmax(g / scale, -bound), bound) : 0.0;
        m[i] = b1 * m[i] + (1.0 - b1) * c;
        x[i] -= s->settings[ADOPT_RATE] * m[i];
        v[i] = b2 * v[i] + (1.0 - b2) * g * g;
    }
    return ORL_OK;
}

static const struct orl_setting adopt_settings[] = {
    [ADOPT_RATE] = LEARNING_RATE(0.001), [ADOPT_BETA1] = BETA1(0.9),
    [ADOPT_BETA2] = BETA2(0.9999),       [ADOPT_EPSILON] = EPSILON(1e-6),
    [ADOPT_DECAY] = WEIGHT_DECAY(0),     {0},
};

const struct orl_optimizer_desc orl_optimizer_adopt = {
    .name = "adopt",
    .title = "ADOPT",
    .description = "Adam that divides by the mean square of earlier gradients alone; its first "
                   "step only looks",
    .source = "Taniguchi et al. 2024, arXiv 2411.02853, alg. 2",
    .rule = "c = clip(g/max(√v, epsilon), ±(t - 1)^¼); m = beta1 m + (1 - beta1) c; p -= lr m; "
            "then v = beta2 v + (1 - beta2) g²",
    .settings = adopt_settings,
    .slots = 2,
    .update = adopt_update,
};
