/* Limited-memory BFGS, one iteration a step, as PyTorch's; its line search is search.c's, which
 * makes the same trials. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optimizer/family.h"
#include "optimizer/search.h"

enum { LBFGS_RATE, LBFGS_HISTORY, LBFGS_SEARCH, LBFGS_GRADIENT, LBFGS_CHANGE };

struct lbfgs {
    size_t dimension, history, count,
        next;                /* pairs stand in a ring; `next` is the place of the next one */
    double *s, *y, *ro, *al; /* owned, in one block with what follows */
    double *direction, *last_gradient;
    double scale, t; /* H0, and the last step length */
    bool frozen;
    struct search search;
};

static int lbfgs_create(const struct orl_optimizer_desc *desc, size_t dimension,
                        const double *settings, const struct orl_oracle *oracle, void **state,
                        struct orl_error *err)
{
    (void)desc;
    size_t history = (size_t)settings[LBFGS_HISTORY], count;
    struct lbfgs *l = orl_calloc(1, sizeof *l);
    if (!l || !orl_size_mul(dimension, 2 * history + 2, &count) ||
        !orl_size_add(count, 2 * history, &count) || !(l->s = orl_calloc(count, sizeof *l->s)) ||
        !orl_search_init(&l->search, oracle, dimension, 1e-4, 0.9)) {
        free(l ? l->s : NULL);
        free(l);
        return orl_fail_memory(err);
    }
    l->dimension = dimension;
    l->history = history;
    l->y = l->s + history * dimension;
    l->direction = l->y + history * dimension;
    l->last_gradient = l->direction + dimension;
    l->ro = l->last_gradient + dimension;
    l->al = l->ro + history;
    l->scale = 1.0;
    *state = l;
    return ORL_OK;
}

static void lbfgs_destroy(void *state)
{
    struct lbfgs *l = state;
    orl_search_uninit(&l->search);
    free(l->s);
    free(l);
}

static double largest_entry(const double *a, size_t n)
{
    double most = 0.0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(a[i]));
    return most;
}

/* A pair counts only where it has curvature: by PyTorch's absolute bound, or, behind a line search,
 * relative to the pair's own size, so that the units of parameters and loss do not matter. */
static void remember_pair(struct lbfgs *l, const double *gradient, bool searched)
{
    double *y = l->y + l->next * l->dimension, *s = l->s + l->next * l->dimension, ys = 0.0,
           yy = 0.0, ss = 0.0;
    for (size_t i = 0; i < l->dimension; i++) {
        double dy = gradient[i] - l->last_gradient[i], ds = l->direction[i] * l->t;
        ys += dy * ds;
        yy += dy * dy;
        ss += ds * ds;
    }
    if (!(ys > (searched ? 1e-15 * sqrt(yy) * sqrt(ss) : 1e-10)))
        return;
    for (size_t i = 0; i < l->dimension; i++) {
        y[i] = gradient[i] - l->last_gradient[i];
        s[i] = l->direction[i] * l->t;
    }
    l->ro[l->next] = 1.0 / ys;
    l->scale = ys / yy;
    l->next = (l->next + 1) % l->history;
    l->count += l->count < l->history;
}

/* The two-loop recursion (Nocedal & Wright, alg. 7.4): direction = -H g. */
static void two_loops(struct lbfgs *l, const double *gradient)
{
    double *q = l->direction;
    for (size_t i = 0; i < l->dimension; i++)
        q[i] = -gradient[i];
    for (size_t k = 0; k < l->count; k++) {
        size_t at = (l->next + l->history - 1 - k) % l->history;
        l->al[at] = orl_dot(l->s + at * l->dimension, q, l->dimension) * l->ro[at];
        for (size_t i = 0; i < l->dimension; i++)
            q[i] -= l->al[at] * l->y[at * l->dimension + i];
    }
    for (size_t i = 0; i < l->dimension; i++)
        q[i] *= l->scale;
    for (size_t k = l->count; k > 0; k--) {
        size_t at = (l->next + l->history - k) % l->history;
        double be = orl_dot(l->y + at * l->dimension, q, l->dimension) * l->ro[at];
        for (size_t i = 0; i < l->dimension; i++)
            q[i] += l->s[at * l->dimension + i] * (l->al[at] - be);
    }
}

/* PyTorch's tolerances; behind a line search none, since it finds out by itself when the digits are
 * used up. */
static double tolerance_of(const struct orl_step *step, size_t setting, double usual)
{
    double given = step->settings[setting];
    return !isnan(given) ? given : step->settings[LBFGS_SEARCH] != 0.0 ? 0.0 : usual;
}

/* Not even down the gradient: either the digits are used up, or the parameters' sizes are so
 * different that the gradient hardly leads down. Once more with each in units of its own value. */
static void scaled_descent(struct lbfgs *l, const struct orl_step *step, const double *x,
                           double loss)
{
    for (size_t i = 0; i < l->dimension; i++)
        l->direction[i] = -step->gradient[i] * x[i] * x[i];
    double slope = orl_dot(step->gradient, l->direction, l->dimension);
    double first = slope < 0.0 ? 0.01 * loss / -slope : 0.0;
    l->t = orl_search_run(&l->search, SEARCH_WOLFE, x, loss, step->gradient, l->direction,
                          fabs(first));
    l->frozen = l->t == 0.0;
}

static int lbfgs_update(const struct orl_step *step, double *x)
{
    struct lbfgs *l = step->state;
    size_t n = l->dimension;
    double rate = step->settings[LBFGS_RATE], sum = 0.0;
    bool searched = step->settings[LBFGS_SEARCH] != 0.0;
    double least = tolerance_of(step, LBFGS_GRADIENT, 1e-7),
           change = tolerance_of(step, LBFGS_CHANGE, 1e-9);
    if (l->frozen || largest_entry(step->gradient, n) <= least)
        return ORL_OK;
    if (step->number == 1) {
        for (size_t i = 0; i < n; i++) {
            l->direction[i] = -step->gradient[i];
            sum += fabs(step->gradient[i]);
        }
        l->t = fmin(1.0, 1.0 / sum) * rate;
    } else {
        remember_pair(l, step->gradient, searched);
        two_loops(l, step->gradient);
        l->t = rate;
    }
    memcpy(l->last_gradient, step->gradient, n * sizeof *l->last_gradient);
    if (orl_dot(step->gradient, l->direction, n) > -change) {
        l->frozen = true; /* as PyTorch: the direction no longer leads down by more than this */
        return ORL_OK;
    }
    if (searched) {
        double loss;
        step->oracle->evaluate(step->oracle->context, x, &loss, NULL);
        l->t =
            orl_search_run(&l->search, SEARCH_WOLFE, x, loss, step->gradient, l->direction, l->t);
        if (l->t == 0.0 && l->count == 0)
            scaled_descent(l, step, x, loss);
        else if (l->t == 0.0)
            l->count = 0; /* what is remembered no longer helps: start again from the gradient */
    }
    for (size_t i = 0; i < n; i++)
        x[i] += l->t * l->direction[i];
    return ORL_OK;
}

static const char *const searches[] = {"none", "strong-wolfe", NULL};
static const char *const history_aliases[] = {"history_size", NULL};
static const char *const gradient_aliases[] = {"tolerance_grad", NULL};
static const struct orl_setting lbfgs_settings[] = {
    [LBFGS_RATE] = LEARNING_RATE(1),
    [LBFGS_HISTORY] = {.name = "history",
                       .type = ORL_SETTING_INTEGER,
                       .unit = "steps",
                       .initial = 10,
                       .minimum = 1,
                       .maximum = 1000,
                       .aliases = history_aliases,
                       .description = "pairs of steps and gradient changes that are kept"},
    [LBFGS_SEARCH] = CHOICE(
        "line_search", searches, 0,
        "none: every step has the length of the learning rate; strong-wolfe: it is tried first"),
    [LBFGS_GRADIENT] =
        REAL("tolerance_gradient", "loss/model unit", (double)NAN, 0, 1e300, gradient_aliases,
             "no move where no derivative is larger (1e-7; 0 with a line search)"),
    [LBFGS_CHANGE] =
        REAL("tolerance_change", "loss", (double)NAN, 0, 1e300, NULL,
             "no move where the slope along the step is smaller (1e-9; 0 with a line search)"),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_lbfgs = {
    .name = "lbfgs",
    .title = "L-BFGS",
    .description = "quasi-Newton steps from the last gradient changes",
    .source =
        "Liu & Nocedal 1989; Nocedal & Wright 2006, alg. 7.4; one iteration a step, as in PyTorch",
    .rule = "p -= lr H g",
    .settings = lbfgs_settings,
    .refuses = ORL_REFUSES_ALL,
    .create = lbfgs_create,
    .destroy = lbfgs_destroy,
    .update = lbfgs_update,
};
