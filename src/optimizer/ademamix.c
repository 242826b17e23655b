/* AdEMAMix: Adam with a second, much slower mean of the gradient. */
#include "optimizer/family.h"

enum {
    MIX_RATE,
    MIX_BETA1,
    MIX_BETA2,
    MIX_BETA3,
    MIX_ALPHA,
    MIX_WARMUP,
    MIX_EPSILON,
    MIX_DECAY,
};

/* The schedulers of section 3: alpha grows linearly, beta3 from beta1 so that the mean's half-life
 * does. */
static void warm_up(const struct orl_step *s, double *alpha, double *b3)
{
    double share = (double)s->number / s->settings[MIX_WARMUP];
    *alpha = s->settings[MIX_ALPHA];
    *b3 = s->settings[MIX_BETA3];
    if (!(share < 1.0))
        return;
    double from = orl_log(fmax(s->settings[MIX_BETA1], 1e-8)), to = orl_log(fmax(*b3, 1e-8));
    *alpha *= share;
    *b3 = fmin(orl_exp(from * to / ((1.0 - share) * to + share * from)), *b3);
}

static int ademamix_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[MIX_BETA1], b2 = s->settings[MIX_BETA2], b3, alpha;
    double c1 = 1.0 - orl_pow(b1, (double)s->number), c2 = 1.0 - orl_pow(b2, (double)s->number);
    double *fast = s->slots[0], *slow = s->slots[1], *v = s->slots[2];
    warm_up(s, &alpha, &b3);
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        fast[i] = b1 * fast[i] + (1.0 - b1) * g;
        slow[i] = b3 * slow[i] + (1.0 - b3) * g;
        v[i] = b2 * v[i] + (1.0 - b2) * g * g;
        double scale = sqrt(v[i] / c2) + s->settings[MIX_EPSILON];
        x[i] -=
            scale > 0.0 ? s->settings[MIX_RATE] * (fast[i] / c1 + alpha * slow[i]) / scale : 0.0;
    }
    return ORL_OK;
}

static const struct orl_setting ademamix_settings[] = {
    [MIX_RATE] = LEARNING_RATE(0.001),
    [MIX_BETA1] = BETA1(0.9),
    [MIX_BETA2] = BETA2(0.999),
    [MIX_BETA3] =
        SHARE("beta3", 0.9999, NULL, "share of the slow mean of the gradient that is kept"),
    [MIX_ALPHA] = REAL("alpha", "1", 5, 0, 1e6, NULL, "weight of the slow mean"),
    [MIX_WARMUP] = INTEGER("warmup", "steps", 0, 0, 1e9, NULL,
                           "steps over which alpha and beta3 reach their values; 0: at once"),
    [MIX_EPSILON] = EPSILON(1e-8),
    [MIX_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_ademamix = {
    .name = "ademamix",
    .title = "AdEMAMix",
    .description = "Adam with a second mean of the gradient that remembers ten thousand steps",
    .source = "Pagliardini, Ablin & Grangier 2024, arXiv 2409.03137, alg. 1",
    .rule = "p -= lr (m̂1 + alpha m2)/(√v̂ + epsilon), m2 with beta3 and not corrected",
    .settings = ademamix_settings,
    .slots = 3,
    .decay = ORL_DECAY_SHRINK,
    .update = ademamix_update,
};
