/* Schedule-Free: an average of the steps takes the place of a falling learning rate. */
#include "optimizer/family.h"

/* The answer is x, which the run records; steps are those of z, in slot 0; the gradient is taken at
 * y, between the two. */
enum { FREE_WEIGHTS, FREE_LARGEST, FREE_SCALARS };

/* y = (1 - beta) z + beta x; at the first step all three are the start. */
static double point_between(const struct orl_step *s, double beta, const double *x, size_t i)
{
    return s->number == 1 ? x[i] : (1.0 - beta) * s->slots[0][i] + beta * x[i];
}

/* x follows z by a share that falls as 1/t where the rate stays: steps count by the square of the
 * largest rate so far. */
static void average_follow(const struct orl_step *s, double rate, double *x)
{
    double *sum = &s->scalars[FREE_WEIGHTS], *largest = &s->scalars[FREE_LARGEST];
    *largest = fmax(*largest, rate);
    double weight = *largest * *largest;
    *sum += weight;
    double share = *sum > 0.0 ? weight / *sum : 0.0;
    for (size_t i = 0; i < s->dimension; i++)
        x[i] = (1.0 - share) * x[i] + share * s->slots[0][i];
}

/* ---- Schedule-Free SGD ----------------------------------------------------------------------- */

enum { FREE_SGD_RATE, FREE_SGD_MOMENTUM, FREE_SGD_DECAY };

static void free_sgd_probe(const struct orl_step *s, const double *x, double *at)
{
    for (size_t i = 0; i < s->dimension; i++)
        at[i] = point_between(s, s->settings[FREE_SGD_MOMENTUM], x, i);
}

static int free_sgd_update(const struct orl_step *s, double *x)
{
    double rate = s->settings[FREE_SGD_RATE], *z = s->slots[0];
    for (size_t i = 0; i < s->dimension; i++) {
        z[i] = s->number == 1 ? x[i] : z[i];
        z[i] -= rate * s->gradient[i];
    }
    average_follow(s, rate, x);
    return ORL_OK;
}

#define BETWEEN "how near to the average the gradient is taken"
static const struct orl_setting free_sgd_settings[] = {
    [FREE_SGD_RATE] = LEARNING_RATE(1),
    [FREE_SGD_MOMENTUM] = MOMENTUM_AS(0.9, BETWEEN),
    [FREE_SGD_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_schedule_free_sgd = {
    .name = "schedule-free-sgd",
    .title = "Schedule-Free SGD",
    .description = "SGD whose steps are averaged as they are made; the average x is recorded",
    .source = "Defazio et al. 2024, The road less scheduled, arXiv 2405.15682, eq. 2-4",
    .rule = "y = (1 - momentum) z + momentum x; z -= lr g(y); x = (1 - c) x + c z",
    .settings = free_sgd_settings,
    .slots = 1,
    .scalars = FREE_SCALARS,
    .refuses = ORL_REFUSES_CAUTIOUS | ORL_REFUSES_LOOKAHEAD, /* x is no place that steps begin at */
    .probe = free_sgd_probe,
    .update = free_sgd_update,
};

/* ---- Schedule-Free AdamW --------------------------------------------------------------------- */

enum { FREE_ADAM_RATE, FREE_ADAM_BETA1, FREE_ADAM_BETA2, FREE_ADAM_EPSILON, FREE_ADAM_DECAY };

static void free_adam_probe(const struct orl_step *s, const double *x, double *at)
{
    for (size_t i = 0; i < s->dimension; i++)
        at[i] = point_between(s, s->settings[FREE_ADAM_BETA1], x, i);
}

static int free_adam_update(const struct orl_step *s, double *x)
{
    double rate = s->settings[FREE_ADAM_RATE], b1 = s->settings[FREE_ADAM_BETA1],
           b2 = s->settings[FREE_ADAM_BETA2], c2 = 1.0 - orl_pow(b2, (double)s->number);
    double *z = s->slots[0], *v = s->slots[1];
    for (size_t i = 0; i < s->dimension; i++) {
        double g = s->gradient[i], y = point_between(s, b1, x, i);
        z[i] = s->number == 1 ? x[i] : z[i];
        v[i] = b2 * v[i] + (1.0 - b2) * g * g;
        double scale = sqrt(v[i] / c2) + s->settings[FREE_ADAM_EPSILON];
        z[i] -= rate * ((scale > 0.0 ? g / scale : 0.0) + s->settings[FREE_ADAM_DECAY] * y);
    }
    average_follow(s, rate, x);
    return ORL_OK;
}

static const struct orl_setting free_adam_settings[] = {
    [FREE_ADAM_RATE] = LEARNING_RATE(0.0025),
    [FREE_ADAM_BETA1] = SHARE("beta1", 0.9, orl_aliases_beta1, BETWEEN),
    [FREE_ADAM_BETA2] = BETA2(0.999),
    [FREE_ADAM_EPSILON] = EPSILON(1e-8),
    [FREE_ADAM_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_schedule_free_adamw = {
    .name = "schedule-free-adamw",
    .title = "Schedule-Free AdamW",
    .description = "AdamW without a mean of the gradient: its steps are averaged as they are made; "
                   "the average x is recorded",
    .source = "Defazio et al. 2024, The road less scheduled, arXiv 2405.15682, alg. 1",
    .rule = "y = (1 - beta1) z + beta1 x; z -= lr (g(y)/(√v̂ + epsilon) + wd y); "
            "x = (1 - c) x + c z",
    .settings = free_adam_settings,
    .slots = 2,
    .scalars = FREE_SCALARS,
    .decay = ORL_DECAY_OWN,
    .refuses = ORL_REFUSES_CAUTIOUS | ORL_REFUSES_LOOKAHEAD,
    .probe = free_adam_probe,
    .update = free_adam_update,
};
