/* Rules that came after Adam: other uses of the running mean of the gradient. */
#include "optimizer/family.h"

static double sign_of(double a)
{
    return (double)((a > 0.0) - (a < 0.0));
}

/* ---- Lion ------------------------------------------------------------------------------------ */

enum { LION_RATE, LION_BETA1, LION_BETA2, LION_DECAY };

static int lion_update(const struct orl_step *s, double *x)
{
    double rate = s->settings[LION_RATE], b1 = s->settings[LION_BETA1],
           b2 = s->settings[LION_BETA2], *m = s->slots[0];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i], u = sign_of(b1 * m[i] + (1.0 - b1) * g);
        x[i] -= rate * u;
        m[i] = b2 * m[i] + (1.0 - b2) * g;
    }
    return ORL_OK;
}

static const struct orl_setting lion_settings[] = {
    [LION_RATE] = LEARNING_RATE(1e-4),
    [LION_BETA1] = SHARE("beta1", 0.9, NULL, "share of the old mean in the direction of the step"),
    [LION_BETA2] = SHARE("beta2", 0.99, NULL, "share of the old mean that is kept"),
    [LION_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_lion = {
    .name = "lion",
    .title = "Lion",
    .description = "the sign of a mean of the gradient: every parameter moves by the learning rate",
    .source = "Chen et al. 2023, Symbolic discovery of optimization algorithms, alg. 2",
    .rule = "p -= lr (sign(beta1 m + (1 - beta1) g) + wd p)",
    .settings = lion_settings,
    .slots = 1,
    .decay = ORL_DECAY_SHRINK,
    .update = lion_update,
};

/* ---- AdaBelief ------------------------------------------------------------------------------- */

enum { BELIEF_RATE, BELIEF_BETA1, BELIEF_BETA2, BELIEF_EPSILON, BELIEF_DECAY };

static int adabelief_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[BELIEF_BETA1], b2 = s->settings[BELIEF_BETA2],
           epsilon = s->settings[BELIEF_EPSILON];
    double c1 = 1.0 - orl_pow(b1, (double)s->number), c2 = 1.0 - orl_pow(b2, (double)s->number),
           *m = s->slots[0], *v = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        m[i] = b1 * m[i] + (1.0 - b1) * g;
        v[i] = b2 * v[i] + (1.0 - b2) * (g - m[i]) * (g - m[i]) + epsilon;
        x[i] -= s->settings[BELIEF_RATE] * (m[i] / c1) / (sqrt(v[i] / c2) + epsilon);
    }
    return ORL_OK;
}

static const struct orl_setting adabelief_settings[] = {
    [BELIEF_RATE] = LEARNING_RATE(0.001),
    [BELIEF_BETA1] = BETA1(0.9),
    [BELIEF_BETA2] = SHARE("beta2", 0.999, orl_aliases_beta2,
                           "share of the old mean square deviation that is kept"),
    [BELIEF_EPSILON] = EPSILON(1e-8),
    [BELIEF_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_adabelief = {
    .name = "adabelief",
    .title = "AdaBelief",
    .description = "Adam whose steps shrink where the gradient strays from its mean",
    .source = "Zhuang et al. 2020, AdaBelief optimizer, alg. 2",
    .rule = "s = beta2 s + (1 - beta2)(g - m)^2 + epsilon; p -= lr m̂/(√ŝ + epsilon)",
    .settings = adabelief_settings,
    .slots = 2,
    .update = adabelief_update,
};

/* ---- Yogi ------------------------------------------------------------------------------------ */

enum { YOGI_RATE, YOGI_BETA1, YOGI_BETA2, YOGI_EPSILON, YOGI_INITIAL, YOGI_DECAY };

static void yogi_begin(const struct orl_step *s)
{
    for (size_t i = 0; i < s->dimension; i++)
        s->slots[1][i] = s->settings[YOGI_INITIAL];
}

static int yogi_update(const struct orl_step *s, double *x)
{
    double b1 = s->settings[YOGI_BETA1], b2 = s->settings[YOGI_BETA2], *m = s->slots[0],
           *v = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i];
        m[i] = b1 * m[i] + (1.0 - b1) * g;
        v[i] -= (1.0 - b2) * sign_of(v[i] - g * g) * g * g;
        x[i] -= s->settings[YOGI_RATE] * m[i] / (sqrt(v[i]) + s->settings[YOGI_EPSILON]);
    }
    return ORL_OK;
}

static const struct orl_setting yogi_settings[] = {
    [YOGI_RATE] = LEARNING_RATE(0.01),
    [YOGI_BETA1] = BETA1(0.9),
    [YOGI_BETA2] =
        SHARE("beta2", 0.999, orl_aliases_beta2, "how slowly the mean square follows the gradient"),
    [YOGI_EPSILON] = EPSILON(1e-3),
    [YOGI_INITIAL] = REAL("initial_accumulator", "(loss/model unit)^2", 0, 0, 1e300, NULL,
                          "mean square at the start"),
    [YOGI_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_yogi = {
    .name = "yogi",
    .title = "Yogi",
    .description =
        "Adam whose mean square moves towards the gradient's square by at most a fixed share of it",
    .source = "Zaheer et al. 2018, Adaptive methods for nonconvex optimization, alg. 2",
    .rule = "v -= (1 - beta2) sign(v - g^2) g^2; p -= lr m/(√v + epsilon)",
    .settings = yogi_settings,
    .slots = 2,
    .begin = yogi_begin,
    .update = yogi_update,
};

/* ---- Adan ------------------------------------------------------------------------------------ */

enum { ADAN_RATE, ADAN_BETA1, ADAN_BETA2, ADAN_BETA3, ADAN_EPSILON, ADAN_DECAY };

/* The paper's betas are shares of what is new. The first gradient starts the means of the gradient
 * and of the square, the first change, at the second step, the mean of changes (alg. 1, line 2:
 * "set m_0 = g_0, v_1 = g_1 - g_0"). */
static int adan_update(const struct orl_step *s, double *x)
{
    const double *set = s->settings;
    double b1 = set[ADAN_BETA1], b2 = set[ADAN_BETA2], b3 = set[ADAN_BETA3];
    double *m = s->slots[0], *v = s->slots[1], *n = s->slots[2], *last = s->slots[3];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i], change = s->number == 1 ? 0.0 : g - last[i],
               ahead = g + (1.0 - b2) * change;
        m[i] = s->number == 1 ? g : (1.0 - b1) * m[i] + b1 * g;
        v[i] = s->number <= 2 ? change : (1.0 - b2) * v[i] + b2 * change;
        n[i] = s->number == 1 ? g * g : (1.0 - b3) * n[i] + b3 * ahead * ahead;
        double step = set[ADAN_RATE] / (sqrt(n[i]) + set[ADAN_EPSILON]);
        x[i] =
            (x[i] - step * (m[i] + (1.0 - b2) * v[i])) / (1.0 + set[ADAN_DECAY] * set[ADAN_RATE]);
        last[i] = g;
    }
    return ORL_OK;
}

static const struct orl_setting adan_settings[] = {
    [ADAN_RATE] = LEARNING_RATE(0.001),
    [ADAN_BETA1] = REAL("beta1", "1", 0.02, 0, 1, NULL, "share of the new gradient in its mean"),
    [ADAN_BETA2] =
        REAL("beta2", "1", 0.08, 0, 1, NULL, "share of the new change of the gradient in its mean"),
    [ADAN_BETA3] =
        REAL("beta3", "1", 0.01, 0, 1, NULL, "share of the new square in the mean square"),
    [ADAN_EPSILON] = EPSILON(1e-8),
    [ADAN_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_adan = {
    .name = "adan",
    .title = "Adan",
    .description = "Nesterov's momentum without an interim point, over a mean square",
    .source = "Xie et al. 2022, Adan: adaptive Nesterov momentum algorithm, alg. 1 (betas as "
              "there: shares of what is new)",
    .rule = "p = (p - lr/(√n + epsilon)(m + (1 - beta2) v))/(1 + wd lr)",
    .settings = adan_settings,
    .slots = 4,
    .decay = ORL_DECAY_OWN,
    .update = adan_update,
};
