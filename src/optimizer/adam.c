/* Adam and its relatives: running means of the gradient and of its square, corrected for their
 * start at 0. */
#include "optimizer/family.h"

static void update_means(const struct orl_step *s, double b1, double b2, size_t i)
{
    double g = s->gradient[i];
    s->slots[0][i] = b1 * s->slots[0][i] + (1.0 - b1) * g;
    s->slots[1][i] = b2 * s->slots[1][i] + (1.0 - b2) * g * g;
}

/* a/b, and no step where nothing was ever seen. */
static double safe_ratio(double a, double b)
{
    return b > 0.0 ? a / b : 0.0;
}

/* ---- Adam, AdamW ----------------------------------------------------------------------------- */

/* One update for both: how the decay is taken is what tells them apart. */
enum { ADAM_RATE, ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, ADAM_AMSGRAD, ADAM_DECAY };

static int adam_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[ADAM_BETA1], b2 = s->settings[ADAM_BETA2];
    double c1 = 1.0 - orl_pow(b1, (double)s->number), c2 = 1.0 - orl_pow(b2, (double)s->number);
    double *v = s->slots[1], *most = s->slots[2];
    for (size_t i = 0; i < s->dimension; i++) {
        update_means(s, b1, b2, i);
        most[i] = fmax(most[i], v[i]);
        double square = s->settings[ADAM_AMSGRAD] != 0.0 ? most[i] : v[i];
        double scale = sqrt(square) / sqrt(c2) + s->settings[ADAM_EPSILON];
        x[i] -= s->settings[ADAM_RATE] / c1 * safe_ratio(s->slots[0][i], scale);
    }
    return ORL_OK;
}

static const struct orl_setting adam_settings[] = {
    [ADAM_RATE] = LEARNING_RATE(0.001),
    [ADAM_BETA1] = BETA1(0.9),
    [ADAM_BETA2] = BETA2(0.999),
    [ADAM_EPSILON] = EPSILON(1e-8),
    [ADAM_AMSGRAD] = SWITCH("amsgrad", NULL, "divide by the largest mean square so far"),
    [ADAM_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_adam = {
    .name = "adam",
    .title = "Adam",
    .description = "running mean of the gradient over the root of its running mean square",
    .source = "Kingma & Ba 2015, alg. 1; amsgrad: Reddi, Kale & Kumar 2018",
    .rule = "p -= lr m̂/(√v̂ + epsilon)",
    .settings = adam_settings,
    .slots = 3,
    .update = adam_update,
};

static const struct orl_setting adamw_settings[] = {
    [ADAM_RATE] = LEARNING_RATE(0.001),
    [ADAM_BETA1] = BETA1(0.9),
    [ADAM_BETA2] = BETA2(0.999),
    [ADAM_EPSILON] = EPSILON(1e-8),
    [ADAM_AMSGRAD] = SWITCH("amsgrad", NULL, "divide by the largest mean square so far"),
    [ADAM_DECAY] = WEIGHT_DECAY(0.01),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_adamw = {
    .name = "adamw",
    .title = "AdamW",
    .description = "Adam with weight decay apart from the gradient",
    .source = "Loshchilov & Hutter 2019, alg. 2",
    .rule = "p *= 1 - lr decay; then Adam",
    .settings = adamw_settings,
    .slots = 3,
    .decay = ORL_DECAY_SHRINK,
    .update = adam_update,
};

/* ---- Adamax ---------------------------------------------------------------------------------- */

enum { ADAMAX_RATE, ADAMAX_BETA1, ADAMAX_BETA2, ADAMAX_EPSILON, ADAMAX_DECAY };

static int adamax_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[ADAMAX_BETA1], c1 = 1.0 - orl_pow(b1, (double)s->number),
           *m = s->slots[0], *u = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        m[i] = b1 * m[i] + (1.0 - b1) * s->gradient[i];
        u[i] = fmax(s->settings[ADAMAX_BETA2] * u[i],
                    fabs(s->gradient[i]) + s->settings[ADAMAX_EPSILON]);
        x[i] -= s->settings[ADAMAX_RATE] / c1 * safe_ratio(m[i], u[i]);
    }
    return ORL_OK;
}

static const struct orl_setting adamax_settings[] = {
    [ADAMAX_RATE] = LEARNING_RATE(0.002), [ADAMAX_BETA1] = BETA1(0.9),
    [ADAMAX_BETA2] = BETA2(0.999),        [ADAMAX_EPSILON] = EPSILON(1e-8),
    [ADAMAX_DECAY] = WEIGHT_DECAY(0),     {0},
};

const struct orl_optimizer_desc orl_optimizer_adamax = {
    .name = "adamax",
    .title = "Adamax",
    .description = "Adam with the largest gradient in place of the root mean square",
    .source = "Kingma & Ba 2015, alg. 2; epsilon as in PyTorch",
    .rule = "u = max(beta2 u, |g| + epsilon); p -= lr/(1-beta1^t) m/u",
    .settings = adamax_settings,
    .slots = 2,
    .update = adamax_update,
};

/* ---- Nadam ----------------------------------------------------------------------------------- */

enum { NADAM_RATE, NADAM_BETA1, NADAM_BETA2, NADAM_EPSILON, NADAM_PSI, NADAM_DECAY };

/* Nadam: mu_t = beta1 (1 - 0.96^(t psi)/2); products of mu correct the mean. */
enum { NADAM_PRODUCT };

static void nadam_begin(const struct orl_step *s)
{
    s->scalars[NADAM_PRODUCT] = 1.0;
}

static int nadam_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[NADAM_BETA1], t = (double)s->number, psi = s->settings[NADAM_PSI];
    double b2 = s->settings[NADAM_BETA2], c2 = 1.0 - orl_pow(b2, t);
    double mu = b1 * (1.0 - 0.5 * orl_pow(0.96, t * psi)),
           next = b1 * (1.0 - 0.5 * orl_pow(0.96, (t + 1.0) * psi));
    double product = s->scalars[NADAM_PRODUCT] *= mu;
    for (size_t i = 0; i < s->dimension; i++) {
        update_means(s, b1, b2, i);
        double scale = sqrt(s->slots[1][i] / c2) + s->settings[NADAM_EPSILON];
        x[i] -= s->settings[NADAM_RATE] * (1.0 - mu) / (1.0 - product) *
                safe_ratio(s->gradient[i], scale);
        x[i] -= s->settings[NADAM_RATE] * next / (1.0 - product * next) *
                safe_ratio(s->slots[0][i], scale);
    }
    return ORL_OK;
}

static const struct orl_setting nadam_settings[] = {
    [NADAM_RATE] = LEARNING_RATE(0.002),
    [NADAM_BETA1] = BETA1(0.9),
    [NADAM_BETA2] = BETA2(0.999),
    [NADAM_EPSILON] = EPSILON(1e-8),
    [NADAM_PSI] =
        REAL("momentum_decay", "1/step", 0.004, 0, 10, NULL, "psi: how fast the momentum warms up"),
    [NADAM_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_nadam = {
    .name = "nadam",
    .title = "Nadam",
    .description = "Adam with Nesterov's look ahead",
    .source = "Dozat 2016, alg. 2; as in current PyTorch",
    .rule = "Adam whose mean looks one step ahead",
    .settings = nadam_settings,
    .slots = 2,
    .scalars = 1,
    .begin = nadam_begin,
    .update = nadam_update,
};

/* ---- RAdam ----------------------------------------------------------------------------------- */

enum { RADAM_RATE, RADAM_BETA1, RADAM_BETA2, RADAM_EPSILON, RADAM_DECAY };

static int radam_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[RADAM_BETA1], b2 = s->settings[RADAM_BETA2], t = (double)s->number,
           power = orl_pow(b2, t), c1 = 1.0 - orl_pow(b1, t);
    double most = 2.0 / (1.0 - b2) - 1.0, rho = most - 2.0 * t * power / (1.0 - power);
    double rect =
        rho > 5.0 ? sqrt((rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho)) *
                        sqrt(1.0 - power)
                  : 0.0;
    for (size_t i = 0; i < s->dimension; i++) {
        update_means(s, b1, b2, i);
        double mean = s->slots[0][i] / c1;
        x[i] -=
            s->settings[RADAM_RATE] *
            (rho > 5.0 ? rect * safe_ratio(mean, sqrt(s->slots[1][i]) + s->settings[RADAM_EPSILON])
                       : mean);
    }
    return ORL_OK;
}

static const struct orl_setting radam_settings[] = {
    [RADAM_RATE] = LEARNING_RATE(0.001), [RADAM_BETA1] = BETA1(0.9),
    [RADAM_BETA2] = BETA2(0.999),        [RADAM_EPSILON] = EPSILON(1e-8),
    [RADAM_DECAY] = WEIGHT_DECAY(0),     {0},
};

const struct orl_optimizer_desc orl_optimizer_radam = {
    .name = "radam",
    .title = "RAdam",
    .description = "Adam that waits until its mean square can be trusted",
    .source = "Liu et al. 2020, alg. 2; threshold 5 as in PyTorch",
    .rule = "p -= lr m̂, later p -= lr rect m̂/√v̂",
    .settings = radam_settings,
    .slots = 2,
    .update = radam_update,
};
