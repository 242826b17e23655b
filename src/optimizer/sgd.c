/* Steps along the gradient, with and without memory of the last step. */
#include "optimizer/family.h"

/* ---- SGD ------------------------------------------------------------------------------------- */

enum { SGD_RATE, SGD_DECAY };

static int sgd_update(const struct orl_step *s, double *x)
{
    for (size_t i = 0; i < s->dimension; i++)
        x[i] -= s->settings[SGD_RATE] * s->gradient[i];
    return ORL_OK;
}

static const struct orl_setting sgd_settings[] = {
    [SGD_RATE] = LEARNING_RATE(0.01), [SGD_DECAY] = WEIGHT_DECAY(0), {0}};
static const char *const sgd_aliases[] = {"gd", NULL};

const struct orl_optimizer_desc orl_optimizer_sgd = {
    .name = "sgd",
    .title = "SGD",
    .description = "steps against the gradient",
    .source = "Robbins & Monro 1951; Goodfellow, Bengio & Courville 2016, alg. 8.1",
    .rule = "p -= lr g",
    .aliases = sgd_aliases,
    .settings = sgd_settings,
    .update = sgd_update,
};

/* ---- Momentum -------------------------------------------------------------------------------- */

enum { MOMENTUM_RATE, MOMENTUM_SHARE, MOMENTUM_DAMPENING, MOMENTUM_DECAY };

/* v = m v - lr (1-dampening) g; the first step is not dampened, as in PyTorch. A schedule of the
 * learning rate scales what is new, as the rule is printed; PyTorch scales the whole step. */
static int momentum_update(const struct orl_step *s, double *x)
{
    double m = s->settings[MOMENTUM_SHARE], rate = s->settings[MOMENTUM_RATE];
    double share = s->number == 1 ? 1.0 : 1.0 - s->settings[MOMENTUM_DAMPENING];
    for (size_t i = 0; i < s->dimension; i++) {
        s->slots[0][i] = m * s->slots[0][i] - rate * share * s->gradient[i];
        x[i] += s->slots[0][i];
    }
    return ORL_OK;
}

static const struct orl_setting momentum_settings[] = {
    [MOMENTUM_RATE] = LEARNING_RATE(0.01),
    [MOMENTUM_SHARE] = MOMENTUM(0.9),
    [MOMENTUM_DAMPENING] = REAL("dampening", "1", 0, 0, 1, NULL,
                                "share of the gradient that is left out, from the second step on"),
    [MOMENTUM_DECAY] = WEIGHT_DECAY(0),
    {0},
};
static const char *const momentum_aliases[] = {"heavy-ball", NULL};

const struct orl_optimizer_desc orl_optimizer_momentum = {
    .name = "momentum",
    .title = "Momentum",
    .description =
        "the heavy ball: steps keep a share of the last step; a schedule of the rate scales "
        "the new part alone",
    .source = "Polyak 1964; Goodfellow, Bengio & Courville 2016, alg. 8.2",
    .rule = "v = m v - lr g; p += v",
    .aliases = momentum_aliases,
    .settings = momentum_settings,
    .slots = 1,
    .update = momentum_update,
};

/* ---- Nesterov -------------------------------------------------------------------------------- */

enum { NESTEROV_RATE, NESTEROV_SHARE, NESTEROV_FORM, NESTEROV_DECAY };

/* The gradient is taken where momentum alone would lead. PyTorch keeps that interim point
 * as its parameters. */
static const char *const forms[] = {"interim", "pytorch", NULL};
enum { FORM_INTERIM, FORM_PYTORCH };

static void nesterov_probe(const struct orl_step *s, const double *x, double *at)
{
    bool interim = (int)s->settings[NESTEROV_FORM] == FORM_INTERIM;
    for (size_t i = 0; i < s->dimension; i++)
        at[i] = interim ? x[i] + s->settings[NESTEROV_SHARE] * s->slots[0][i] : x[i];
}

static int nesterov_update(const struct orl_step *s, double *x)
{
    double m = s->settings[NESTEROV_SHARE], rate = s->settings[NESTEROV_RATE], *v = s->slots[0];
    bool interim = (int)s->settings[NESTEROV_FORM] == FORM_INTERIM;
    for (size_t i = 0; i < s->dimension; i++) {
        v[i] = m * v[i] - rate * s->gradient[i];
        x[i] += interim ? v[i] : m * v[i] - rate * s->gradient[i];
    }
    return ORL_OK;
}

static const struct orl_setting nesterov_settings[] = {
    [NESTEROV_RATE] = LEARNING_RATE(0.01),
    [NESTEROV_SHARE] = MOMENTUM(0.9),
    [NESTEROV_FORM] =
        CHOICE("form", forms, FORM_INTERIM,
               "whose parameters are kept: interim: the textbook's; pytorch: the interim point"),
    [NESTEROV_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_nesterov = {
    .name = "nesterov",
    .title = "Nesterov",
    .description =
        "momentum whose gradient is taken at the interim point; a schedule of the rate scales "
        "the new part alone, in both forms",
    .source = "Nesterov 1983; Sutskever et al. 2013, eq. 3-4; Goodfellow, Bengio & Courville 2016, "
              "alg. 8.3",
    .rule = "v = m v - lr g(p + m v); p += v",
    .settings = nesterov_settings,
    .slots = 1,
    .probe = nesterov_probe,
    .update = nesterov_update,
};

/* ---- ASGD ------------------------------------------------------------------------------------ */

/* The parameters are recorded, as PyTorch keeps them; their average, which begins at t0, would be
 * recorded nowhere and is not made. The rate is that of the present step: PyTorch's eta of step t
 * comes from t - 1. */
enum { ASGD_RATE, ASGD_LAMBDA, ASGD_ALPHA, ASGD_T0, ASGD_DECAY };

static int asgd_update(const struct orl_step *s, double *x)
{
    double rate = s->settings[ASGD_RATE], lambda = s->settings[ASGD_LAMBDA];
    double slowing = 1.0 + lambda * rate * (double)(s->number - 1);
    double eta = rate / orl_pow(slowing, s->settings[ASGD_ALPHA]);
    for (size_t i = 0; i < s->dimension; i++)
        x[i] = x[i] * (1.0 - lambda * eta) - eta * s->gradient[i];
    return ORL_OK;
}

static const char *const lambda_aliases[] = {"lambd", NULL};
static const struct orl_setting asgd_settings[] = {
    [ASGD_RATE] = LEARNING_RATE(0.01),
    [ASGD_LAMBDA] = REAL("lambda", "1", 1e-4, 0, 1e3, lambda_aliases, "decay of the parameters"),
    [ASGD_ALPHA] = REAL("alpha", "1", 0.75, 0, 10, NULL, "power of the learning rate's decay"),
    [ASGD_T0] =
        REAL("t0", "steps", 1e6, 0, 1e18, NULL,
             "step at which PyTorch begins its average, which is not recorded: without effect"),
    [ASGD_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_asgd = {
    .name = "asgd",
    .title = "ASGD",
    .description = "SGD with a decaying rate; the parameters are recorded, not their late average",
    .source = "Polyak & Juditsky 1992; as in PyTorch",
    .rule = "eta = lr/(1 + lambda lr (t - 1))^alpha; p = p (1 - lambda eta) - eta g",
    .settings = asgd_settings,
    .update = asgd_update,
};
