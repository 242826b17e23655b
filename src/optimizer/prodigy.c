/* Rules that find their learning rate from how far they have come: Prodigy, DoG. */
#include <string.h>

#include "base/vector.h"
#include "optimizer/family.h"

/* ---- Prodigy --------------------------------------------------------------------------------- */

enum {
    PRODIGY_RATE,
    PRODIGY_BETA1,
    PRODIGY_BETA2,
    PRODIGY_BETA3,
    PRODIGY_D0,
    PRODIGY_CORRECTION,
    PRODIGY_EPSILON,
    PRODIGY_DECAY,
};
enum { PRODIGY_D, PRODIGY_R, PRODIGY_SCALARS };
enum { PRODIGY_START, PRODIGY_MEAN, PRODIGY_SQUARE, PRODIGY_SUM, PRODIGY_SLOTS };

static void prodigy_begin(const struct orl_step *s)
{
    s->scalars[PRODIGY_D] = s->settings[PRODIGY_D0];
}

/* The estimate d of the distance to the answer: a weighted sum of <g, x0 - x> over the size of the
 * weighted sum of g; it never falls. False where no gradient was ever seen. */
static bool distance_estimate(const struct orl_step *s, const double *x, double rate, double b3)
{
    double *d = &s->scalars[PRODIGY_D], *r = &s->scalars[PRODIGY_R], inner = 0.0, size = 0.0;
    double *sum = s->slots[PRODIGY_SUM], weight = *d / s->settings[PRODIGY_D0] * rate;
    for (size_t i = 0; i < s->dimension; i++) {
        inner += s->gradient[i] * (s->slots[PRODIGY_START][i] - x[i]);
        sum[i] = b3 * sum[i] + weight * s->gradient[i];
        size += fabs(sum[i]);
    }
    *r = b3 * *r + weight * inner;
    if (size > 0.0)
        *d = fmax(*d, *r / size);
    return size > 0.0;
}

static int prodigy_update(const struct orl_step *s, double *x)
{
    const double *set = s->settings;
    double b1 = set[PRODIGY_BETA1], b2 = set[PRODIGY_BETA2], t = (double)s->number,
           b3 = isnan(set[PRODIGY_BETA3]) ? sqrt(b2) : set[PRODIGY_BETA3],
           d = s->scalars[PRODIGY_D], rate = d * set[PRODIGY_RATE];
    double *m = s->slots[PRODIGY_MEAN], *v = s->slots[PRODIGY_SQUARE];
    if (set[PRODIGY_CORRECTION] != 0.0)
        rate *= sqrt(1.0 - orl_pow(b2, t)) / (1.0 - orl_pow(b1, t));
    if (s->number == 1)
        memcpy(s->slots[PRODIGY_START], x, s->dimension * sizeof *x);
    for (size_t i = 0; i < s->dimension; i++) {
        double g = d * s->gradient[i];
        m[i] = b1 * m[i] + (1.0 - b1) * g;
        v[i] = b2 * v[i] + (1.0 - b2) * g * g;
    }
    if (!distance_estimate(s, x, rate, b3))
        return ORL_OK;
    for (size_t i = 0; i < s->dimension; i++) {
        double scale = sqrt(v[i]) + s->scalars[PRODIGY_D] * set[PRODIGY_EPSILON];
        x[i] -= rate * set[PRODIGY_DECAY] * x[i];
        x[i] -= scale > 0.0 ? rate * m[i] / scale : 0.0;
    }
    return ORL_OK;
}

static const struct orl_setting prodigy_settings[] = {
    [PRODIGY_RATE] = LEARNING_RATE(1),
    [PRODIGY_BETA1] = BETA1(0.9),
    [PRODIGY_BETA2] = BETA2(0.999),
    [PRODIGY_BETA3] =
        SHARE("beta3", (double)NAN, NULL, "share of the old sums that is kept (the root of beta2)"),
    [PRODIGY_D0] =
        REAL("d0", "model units", 1e-6, 1e-300, 1e6, NULL, "the distance that it begins with"),
    [PRODIGY_CORRECTION] = SWITCH("bias_correction", NULL, "as Adam's, for its means' start at 0"),
    [PRODIGY_EPSILON] = EPSILON(1e-8),
    [PRODIGY_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_prodigy = {
    .name = "prodigy",
    .title = "Prodigy",
    .description = "Adam that estimates its learning rate from how far it has come",
    .source = "Mishchenko & Defazio 2024, arXiv 2306.06101, alg. 4",
    .rule = "d = max(d, r/|s|1), r and s sums of <g, p0 - p> and g; p -= lr d m/(√v + d epsilon)",
    .settings = prodigy_settings,
    .slots = PRODIGY_SLOTS,
    .scalars = PRODIGY_SCALARS,
    .decay = ORL_DECAY_OWN,
    .begin = prodigy_begin,
    .update = prodigy_update,
};

/* ---- DoG ------------------------------------------------------------------------------------- */

enum { DOG_RATE, DOG_FIRST, DOG_EPSILON, DOG_DECAY };
enum { DOG_FARTHEST, DOG_SQUARES, DOG_SCALARS };
enum { DOG_START, DOG_WAY, DOG_SLOTS };

static int dog_update(const struct orl_step *s, double *x)
{
    double *start = s->slots[DOG_START], *way = s->slots[DOG_WAY];
    double *farthest = &s->scalars[DOG_FARTHEST], *squares = &s->scalars[DOG_SQUARES];
    if (s->number == 1) {
        memcpy(start, x, s->dimension * sizeof *x);
        *farthest = s->settings[DOG_FIRST] * (1.0 + orl_vector_norm(x, s->dimension));
    }
    for (size_t i = 0; i < s->dimension; i++)
        way[i] = x[i] - start[i];
    *farthest = fmax(*farthest, orl_vector_norm(way, s->dimension));
    *squares += orl_dot(s->gradient, s->gradient, s->dimension);
    double rate = s->settings[DOG_RATE] * *farthest / sqrt(*squares + s->settings[DOG_EPSILON]);
    for (size_t i = 0; i < s->dimension; i++)
        x[i] -= rate * s->gradient[i];
    return ORL_OK;
}

static const struct orl_setting dog_settings[] = {
    [DOG_RATE] = LEARNING_RATE(1),
    [DOG_FIRST] = REAL("first_distance", "1", 1e-6, 1e-300, 1e6, NULL,
                       "of the first step, as a share of 1 + |p|"),
    [DOG_EPSILON] = EPSILON(1e-8),
    [DOG_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_dog = {
    .name = "dog",
    .title = "DoG",
    .description = "SGD whose rate is the farthest distance from the start over the gradients seen",
    .source = "Ivgi, Hinder & Carmon 2023, arXiv 2302.12022, eq. 1",
    .rule = "p -= lr max|p - p0|/√(Σ|g|² + epsilon) g",
    .settings = dog_settings,
    .slots = DOG_SLOTS,
    .scalars = DOG_SCALARS,
    .update = dog_update,
};
