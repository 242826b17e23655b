/* Steps scaled, parameter by parameter, by the gradients seen so far. */
#include "optimizer/family.h"

/* ---- Adagrad --------------------------------------------------------------------------------- */

enum { ADAGRAD_RATE, ADAGRAD_EPSILON, ADAGRAD_SLOWING, ADAGRAD_INITIAL, ADAGRAD_DECAY };

static void adagrad_begin(const struct orl_step *s)
{
    for (size_t i = 0; i < s->dimension; i++)
        s->slots[0][i] = s->settings[ADAGRAD_INITIAL];
}

static int adagrad_update(const struct orl_step *s, double *x)
{
    double rate = s->settings[ADAGRAD_RATE] /
                  (1.0 + (double)(s->number - 1) * s->settings[ADAGRAD_SLOWING]),
           *r = s->slots[0];
    for (size_t i = 0; i < s->dimension; i++) {
        r[i] += s->gradient[i] * s->gradient[i];
        double scale = s->settings[ADAGRAD_EPSILON] + sqrt(r[i]);
        x[i] -= scale > 0.0 ? rate / scale * s->gradient[i] : 0.0;
    }
    return ORL_OK;
}

static const char *const rate_decay_aliases[] = {"lr_decay", NULL};
static const char *const accumulator_aliases[] = {"initial_accumulator_value", NULL};
static const struct orl_setting adagrad_settings[] = {
    [ADAGRAD_RATE] = LEARNING_RATE(0.01),
    [ADAGRAD_EPSILON] = EPSILON(1e-7),
    [ADAGRAD_SLOWING] = REAL("learning_rate_decay", "1/step", 0, 0, 1e3, rate_decay_aliases,
                             "decay of the learning rate"),
    [ADAGRAD_INITIAL] = REAL("initial_accumulator", "loss²/model unit²", 0, 0, 1e300,
                             accumulator_aliases, "sum of squares to begin with"),
    [ADAGRAD_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_adagrad = {
    .name = "adagrad",
    .title = "Adagrad",
    .description = "steps shrink with the sum of squared gradients",
    .source = "Duchi, Hazan & Singer 2011; Goodfellow, Bengio & Courville 2016, alg. 8.4",
    .rule = "r += g²; p -= lr g/(epsilon + √r)",
    .settings = adagrad_settings,
    .slots = 1,
    .begin = adagrad_begin,
    .update = adagrad_update,
};

/* ---- RMSProp --------------------------------------------------------------------------------- */

enum {
    RMS_RATE,
    RMS_SHARE,
    RMS_EPSILON,
    RMS_INSIDE,
    RMS_MOMENTUM,
    RMS_CENTERED,
    RMS_DECAY,
};

static int rmsprop_update(const struct orl_step *s, double *x)
{
    double a = s->settings[RMS_SHARE], epsilon = s->settings[RMS_EPSILON],
           m = s->settings[RMS_MOMENTUM], rate = s->settings[RMS_RATE];
    double *v = s->slots[0], *mean = s->slots[1], *u = s->slots[2];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        v[i] = a * v[i] + (1.0 - a) * g * g;
        mean[i] = a * mean[i] + (1.0 - a) * g;
        double square =
            s->settings[RMS_CENTERED] != 0.0 ? fmax(v[i] - mean[i] * mean[i], 0.0) : v[i];
        double scale =
            s->settings[RMS_INSIDE] != 0.0 ? sqrt(epsilon + square) : sqrt(square) + epsilon;
        double step = scale > 0.0 ? g / scale : 0.0;
        u[i] = m * u[i] + step;
        x[i] -= rate * u[i];
    }
    return ORL_OK;
}

static const char *const rms_decay_aliases[] = {"alpha", "rho", NULL};
static const struct orl_setting rmsprop_settings[] = {
    [RMS_RATE] = LEARNING_RATE(0.01),
    [RMS_SHARE] =
        SHARE("decay", 0.99, rms_decay_aliases, "share of the old mean square that is kept"),
    [RMS_EPSILON] = EPSILON(1e-8),
    [RMS_INSIDE] =
        SWITCH("epsilon_inside", NULL, "epsilon goes inside the root, as in the textbook"),
    [RMS_MOMENTUM] = MOMENTUM(0),
    [RMS_CENTERED] = SWITCH("centered", NULL,
                            "subtract the squared mean: the variance instead of the mean square"),
    [RMS_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_rmsprop = {
    .name = "rmsprop",
    .title = "RMSProp",
    .description = "steps divided by a running root mean square of the gradient",
    .source = "Tieleman & Hinton 2012, lecture 6.5; epsilon_inside: Goodfellow, Bengio & Courville "
              "2016, alg. 8.5",
    .rule = "r = decay r + (1-decay) g²; u = momentum u + g/(√r + epsilon); p -= lr u",
    .settings = rmsprop_settings,
    .slots = 3,
    .update = rmsprop_update,
};

/* ---- Adadelta -------------------------------------------------------------------------------- */

enum { DELTA_RATE, DELTA_SHARE, DELTA_EPSILON, DELTA_DECAY };

static int adadelta_update(const struct orl_step *s, double *x)
{
    double rho = s->settings[DELTA_SHARE], epsilon = s->settings[DELTA_EPSILON], *v = s->slots[0],
           *d2 = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        v[i] = rho * v[i] + (1.0 - rho) * g * g;
        double scale = sqrt(v[i] + epsilon),
               d = scale > 0.0 ? sqrt(d2[i] + epsilon) / scale * g : 0.0;
        d2[i] = rho * d2[i] + (1.0 - rho) * d * d;
        x[i] -= s->settings[DELTA_RATE] * d;
    }
    return ORL_OK;
}

static const char *const rho_aliases[] = {"rho", NULL};
static const struct orl_setting adadelta_settings[] = {
    [DELTA_RATE] = LEARNING_RATE(1),
    [DELTA_SHARE] = SHARE("decay", 0.9, rho_aliases, "share of the old mean squares that is kept"),
    [DELTA_EPSILON] = EPSILON(1e-6),
    [DELTA_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_adadelta = {
    .name = "adadelta",
    .title = "Adadelta",
    .description = "steps scaled by the ratio of past steps to past gradients",
    .source = "Zeiler 2012, alg. 1",
    .rule = "d = √(D + epsilon)/√(v + epsilon) g; p -= lr d",
    .settings = adadelta_settings,
    .slots = 2,
    .update = adadelta_update,
};

/* ---- Rprop ----------------------------------------------------------------------------------- */

enum { RPROP_RATE, RPROP_MINUS, RPROP_PLUS, RPROP_MIN, RPROP_MAX };

static void rprop_begin(const struct orl_step *s)
{
    for (size_t i = 0; i < s->dimension; i++)
        s->slots[1][i] = s->settings[RPROP_RATE];
}

static int rprop_update(const struct orl_step *s, double *x)
{
    double *last = s->slots[0], *step = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i], agree = g * last[i];
        double factor = agree > 0.0   ? s->settings[RPROP_PLUS]
                        : agree < 0.0 ? s->settings[RPROP_MINUS]
                                      : 1.0;
        step[i] = fmin(fmax(step[i] * factor, s->settings[RPROP_MIN]), s->settings[RPROP_MAX]);
        if (agree < 0.0)
            g = 0.0; /* it overshot: no move, and no memory of this gradient */
        x[i] -= (double)((g > 0.0) - (g < 0.0)) * step[i];
        last[i] = g;
    }
    return ORL_OK;
}

static int rprop_check(const double *settings, struct orl_error *err)
{
    if (settings[RPROP_MIN] > settings[RPROP_MAX])
        return orl_fail(err, ORL_EINPUT, "step_min must not be above step_max");
    return ORL_OK;
}

static const struct orl_setting rprop_settings[] = {
    [RPROP_RATE] = FIRST_RATE(0.01, "length of each parameter's first step"),
    [RPROP_MINUS] = REAL("eta_minus", "1", 0.5, 1e-9, 1, NULL,
                         "factor of the step where the gradient changed its sign"),
    [RPROP_PLUS] = REAL("eta_plus", "1", 1.2, 1, 1e3, NULL, "factor where it kept its sign"),
    [RPROP_MIN] = REAL("step_min", "model units", 1e-6, 0, 1e300, NULL, "smallest step"),
    [RPROP_MAX] = REAL("step_max", "model units", 50, 0, 1e300, NULL, "largest step"),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_rprop = {
    .name = "rprop",
    .title = "Rprop",
    .description = "only the gradient's sign counts; each parameter has a step of its own",
    .source = "Riedmiller & Braun 1993; as in PyTorch",
    .rule = "p -= sign(g) step; step grows or shrinks with the sign",
    .settings = rprop_settings,
    .slots = 2,
    .refuses = ORL_REFUSES_BATCH | ORL_REFUSES_CLIP, /* only signs count */
    .check = rprop_check,
    .begin = rprop_begin,
    .update = rprop_update,
};
