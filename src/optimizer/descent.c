/* Methods that search along a line: steepest descent and nonlinear conjugate gradients. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optimizer/family.h"
#include "optimizer/search.h"

static const char *const searches[] = {"armijo", "strong-wolfe", NULL};
static const char *const forms[] = {"polak-ribiere", "fletcher-reeves", NULL};

#define LINE_SEARCH(value)                                                                         \
    CHOICE("line_search", searches, value,                                                         \
           "armijo: go back until the loss falls enough; strong-wolfe: and until the slope is "    \
           "small enough")

/* State of both: the line search, and what the last step leaves to the next. */
struct descent {
    struct search search;
    double *direction, *last_gradient; /* owned, one block */
    double last_t, last_slope;
};

static int descent_create(size_t dimension, const struct orl_oracle *oracle, double c2,
                          void **state, struct orl_error *err)
{
    struct descent *d = orl_calloc(1, sizeof *d);
    if (!d || !orl_search_init(&d->search, oracle, dimension, 1e-4, c2) ||
        !(d->direction = orl_calloc(dimension, 2 * sizeof *d->direction))) {
        if (d)
            orl_search_uninit(&d->search);
        free(d);
        return orl_fail_memory(err);
    }
    d->last_gradient = d->direction + dimension;
    *state = d;
    return ORL_OK;
}

static void descent_destroy(void *state)
{
    struct descent *d = state;
    orl_search_uninit(&d->search);
    free(d->direction);
    free(d);
}

static int gradient_create(const struct orl_optimizer_desc *desc, size_t dimension,
                           const double *settings, const struct orl_oracle *oracle, void **state,
                           struct orl_error *err)
{
    (void)desc, (void)settings;
    return descent_create(dimension, oracle, 0.9, state, err);
}

static int conjugate_create(const struct orl_optimizer_desc *desc, size_t dimension,
                            const double *settings, const struct orl_oracle *oracle, void **state,
                            struct orl_error *err)
{
    (void)desc, (void)settings;
    return descent_create(dimension, oracle, 0.1, state, err);
}

/* Search along the direction and go there. The first length promises the same first-order change as
 * the last step (eq. 3.60); at the very start a step of length 1. */
static int search_and_go(const struct orl_step *s, double *x, enum search_kind kind)
{
    struct descent *d = s->state;
    double loss, slope = orl_dot(s->gradient, d->direction, s->dimension),
                 norm = sqrt(orl_dot(d->direction, d->direction, s->dimension));
    if (!(slope < 0.0))
        return ORL_OK; /* at a stationary point */
    double first = d->last_t > 0.0 ? fmin(10.0 * d->last_t, d->last_t * d->last_slope / slope)
                                   : fmin(1.0, 1.0 / norm);
    s->oracle->evaluate(s->oracle->context, x, &loss, NULL);
    double t = orl_search_run(&d->search, kind, x, loss, s->gradient, d->direction, first);
    for (size_t i = 0; i < s->dimension; i++)
        x[i] += t * d->direction[i];
    d->last_t = t;
    d->last_slope = slope;
    return ORL_OK;
}

enum { GRADIENT_SEARCH };

static int gradient_update(const struct orl_step *s, double *x)
{
    struct descent *d = s->state;
    for (size_t i = 0; i < s->dimension; i++)
        d->direction[i] = -s->gradient[i];
    return search_and_go(s, x, s->settings[GRADIENT_SEARCH] == 0.0 ? SEARCH_ARMIJO : SEARCH_WOLFE);
}

enum { CONJUGATE_FORM, CONJUGATE_SEARCH };

/* beta of Polak and Ribière is cut off at 0, which is a restart (eq. 5.45); a direction that leads
 * up restarts, too. */
static int conjugate_update(const struct orl_step *s, double *x)
{
    struct descent *d = s->state;
    const double *g = s->gradient;
    double beta = 0.0, old = orl_dot(d->last_gradient, d->last_gradient, s->dimension);
    if (s->number > 1 && old > 0.0 && d->last_t > 0.0) {
        beta = orl_dot(g, g, s->dimension) / old;
        if (s->settings[CONJUGATE_FORM] == 0.0)
            beta = fmax(0.0, beta - orl_dot(g, d->last_gradient, s->dimension) / old);
    }
    for (size_t i = 0; i < s->dimension; i++)
        d->direction[i] = beta * d->direction[i] - g[i];
    if (!(orl_dot(g, d->direction, s->dimension) < 0.0))
        for (size_t i = 0; i < s->dimension; i++)
            d->direction[i] = -g[i];
    memcpy(d->last_gradient, g, s->dimension * sizeof *g);
    return search_and_go(s, x, s->settings[CONJUGATE_SEARCH] == 0.0 ? SEARCH_ARMIJO : SEARCH_WOLFE);
}

static const struct orl_setting gradient_settings[] = {[GRADIENT_SEARCH] = LINE_SEARCH(0), {0}};
static const struct orl_setting conjugate_settings[] = {
    [CONJUGATE_FORM] = CHOICE("form", forms, 0, "how much of the last direction is kept"),
    [CONJUGATE_SEARCH] = LINE_SEARCH(1),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_gradient_descent = {
    .name = "gradient-descent",
    .title = "Gradient descent",
    .description = "down the gradient, as far as a line search says",
    .source = "Cauchy 1847; Nocedal & Wright 2006, alg. 3.1 and 3.5",
    .rule = "p -= t g, t from a line search",
    .settings = gradient_settings,
    .refuses = ORL_REFUSES_ALL,
    .create = gradient_create,
    .destroy = descent_destroy,
    .update = gradient_update,
};

const struct orl_optimizer_desc orl_optimizer_conjugate_gradient = {
    .name = "conjugate-gradient",
    .title = "Conjugate gradients",
    .description = "directions that do not undo what the last ones gained, with a line search",
    .source = "Polak & Ribière 1969; Fletcher & Reeves 1964; Nocedal & Wright 2006, alg. 5.4 and "
              "eq. 5.45",
    .rule = "d = -g + beta d; p += t d, t from a line search",
    .settings = conjugate_settings,
    .refuses = ORL_REFUSES_ALL,
    .create = conjugate_create,
    .destroy = descent_destroy,
    .update = conjugate_update,
};
