/* Signum: the sign of a running mean of the gradient. */
#include "optimizer/family.h"

enum { SIGNUM_RATE, SIGNUM_MOMENTUM, SIGNUM_DECAY };

static int signum_update(const struct orl_step *s, double *x)
{
    double beta = s->settings[SIGNUM_MOMENTUM], *m = s->slots[0];
    for (size_t i = 0; i < s->dimension; i++) {
        m[i] = beta * m[i] + (1.0 - beta) * s->gradient[i];
        x[i] -= s->settings[SIGNUM_RATE] * (double)((m[i] > 0.0) - (m[i] < 0.0));
    }
    return ORL_OK;
}

static const struct orl_setting signum_settings[] = {
    [SIGNUM_RATE] = LEARNING_RATE(1e-4),
    [SIGNUM_MOMENTUM] = MOMENTUM_AS(0.9, "share of the old mean of the gradient that is kept"),
    [SIGNUM_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_signum = {
    .name = "signum",
    .title = "Signum",
    .description = "the sign of a running mean of the gradient: every parameter moves by the rate",
    .source = "Bernstein, Wang, Azizzadenesheli & Anandkumar 2018, signSGD, alg. 2",
    .rule = "m = momentum m + (1 - momentum) g; p -= lr sign(m)",
    .settings = signum_settings,
    .slots = 1,
    .update = signum_update,
};
