/* Line searches: Armijo's backtracking, and one for the strong Wolfe conditions. */
/* Line searches: backtracking by Armijo's condition, and the strong Wolfe conditions. */
#include "optimizer/search.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

enum { TRIES = 60 };

const char *const orl_search_names[] = {"armijo", "strong-wolfe", "none", NULL};

bool orl_search_init(struct search *s, const struct orl_oracle *oracle, size_t dimension, double c1,
                     double c2)
{
    size_t count;
    *s = (struct search){.oracle = oracle, .dimension = dimension, .c1 = c1, .c2 = c2};
    if (!orl_size_mul(dimension, 2, &count) || !(s->point = orl_calloc(count, sizeof *s->point)))
        return false;
    s->gradient = s->point + dimension;
    return true;
}

void orl_search_uninit(struct search *s)
{
    free(s->point);
    s->point = NULL;
}

/* The loss along a direction: phi(t) = loss(x + t d). */
struct line {
    struct search *s;
    const double *x, *direction;
    double value0, slope0;
};

struct sample {
    double t, value, slope;
};

/* What is not finite counts as too high: the search comes back from there. */
static struct sample sample_at(const struct line *line, double t, bool slope)
{
    struct search *s = line->s;
    struct sample found = {.t = t};
    for (size_t i = 0; i < s->dimension; i++)
        s->point[i] = line->x[i] + t * line->direction[i];
    s->oracle->evaluate(s->oracle->context, s->point, &found.value, slope ? s->gradient : NULL);
    if (slope)
        found.slope = orl_dot(s->gradient, line->direction, s->dimension);
    if (!isfinite(found.value) || !isfinite(found.slope) ||
        (slope && !orl_vector_finite(s->gradient, s->dimension)))
        found = (struct sample){t, INFINITY, 0.0};
    return found;
}

static bool decreases_enough(const struct line *line, const struct sample *at)
{
    return at->value <= line->value0 + line->s->c1 * at->t * line->slope0;
}

/* Backtracking (alg. 3.1), with the minimizer of the parabola through what is known, kept between a
 * tenth and a half. */
static double search_armijo(const struct line *line, double first)
{
    double t = first;
    for (int i = 0; i < TRIES; i++) {
        struct sample at = sample_at(line, t, false);
        if (decreases_enough(line, &at) && isfinite((at = sample_at(line, t, true)).value))
            return t;
        double next = isfinite(at.value) ? -0.5 * line->slope0 * t * t /
                                               (at.value - line->value0 - line->slope0 * t)
                                         : 0.1 * t;
        t = !(next > 0.1 * t) ? 0.1 * t : next > 0.5 * t ? 0.5 * t : next;
    }
    return 0.0;
}

/* The minimizer of the cubic through two samples with slopes (eq. 3.59), kept between `least` and
 * `most`; the middle where there is none. */
static double interpolate_cubic(const struct sample *a, const struct sample *b, double least,
                                double most)
{
    const struct sample *left = a->t <= b->t ? a : b, *right = a->t <= b->t ? b : a;
    double d1 = a->slope + b->slope - 3.0 * (a->value - b->value) / (a->t - b->t),
           square = d1 * d1 - a->slope * b->slope;
    if (!(square >= 0.0) || !isfinite(square))
        return 0.5 * (least + most);
    double d2 = sqrt(square),
           share = (right->slope + d2 - d1) / (right->slope - left->slope + 2.0 * d2);
    double t = right->t - (right->t - left->t) * share;
    return isnan(t) ? 0.5 * (least + most) : t < least ? least : t > most ? most : t;
}

/* A trial within a bracket. What comes close to an end twice in a row, or lies on it, is moved a
 * tenth inside. */
static double next_trial(const struct sample bracket[2], bool *close)
{
    double least = fmin(bracket[0].t, bracket[1].t), most = fmax(bracket[0].t, bracket[1].t),
           edge = 0.1 * (most - least);
    double t = interpolate_cubic(&bracket[0], &bracket[1], least, most);
    if (!(fmin(most - t, t - least) < edge)) {
        *close = false;
        return t;
    }
    if (!*close && t > least && t < most) {
        *close = true;
        return t;
    }
    *close = false;
    return most - t < t - least ? most - edge : least + edge;
}

static bool flat_enough(const struct line *line, const struct sample *at)
{
    return fabs(at->slope) <= -line->s->c2 * line->slope0;
}

/* Between two samples (alg. 3.6, with PyTorch's choices). The best length that was seen is returned
 * when the digits are used up. */
static double zoom_bracket(const struct line *line, struct sample first, struct sample second)
{
    struct sample bracket[2] = {first, second};
    int low = first.value <= second.value ? 0 : 1;
    bool close = false;
    for (int i = 0;
         i < TRIES && fabs(bracket[1].t - bracket[0].t) > 1e-14 * fmax(bracket[0].t, bracket[1].t);
         i++) {
        struct sample at = sample_at(line, next_trial(bracket, &close), true);
        if (!decreases_enough(line, &at) || at.value >= bracket[low].value) {
            bracket[1 - low] = at;
            low = bracket[0].value <= bracket[1].value ? 0 : 1;
            continue;
        }
        if (flat_enough(line, &at))
            return at.t;
        if (at.slope * (bracket[1 - low].t - bracket[low].t) >= 0.0)
            bracket[1 - low] = bracket[low];
        bracket[low] = at;
    }
    return bracket[low].value < line->value0 ? bracket[low].t : 0.0;
}

/* Strong Wolfe conditions (alg. 3.5); where the loss still falls steeply the next trial is the
 * cubic's minimizer, up to ten times as far. */
static double search_wolfe(const struct line *line, double first)
{
    struct sample last = {0.0, line->value0, line->slope0};
    double t = first;
    for (int i = 0; i < TRIES; i++) {
        struct sample at = sample_at(line, t, true);
        if (!decreases_enough(line, &at) || (i > 1 && at.value >= last.value))
            return zoom_bracket(line, last, at);
        if (flat_enough(line, &at))
            return t;
        if (at.slope >= 0.0)
            return zoom_bracket(line, last, at);
        t = interpolate_cubic(&last, &at, t + 0.01 * (t - last.t), 10.0 * t);
        last = at;
    }
    return last.t;
}

double orl_search_run(struct search *s, enum search_kind kind, const double *x, double loss,
                      const double *gradient, const double *direction, double first)
{
    struct line line = {s, x, direction, loss, orl_dot(gradient, direction, s->dimension)};
    if (!(line.slope0 < 0.0) || !(first > 0.0))
        return 0.0;
    return kind == SEARCH_ARMIJO ? search_armijo(&line, first) : search_wolfe(&line, first);
}

double orl_search_go(struct search *s, const struct orl_step *step, int kind,
                     const double *direction, double *x)
{
    double loss, t = 1.0;
    if (kind != SEARCH_NONE) {
        step->oracle->evaluate(step->oracle->context, x, &loss, NULL);
        t = orl_search_run(s, kind == SEARCH_ARMIJO ? SEARCH_ARMIJO : SEARCH_WOLFE, x, loss,
                           step->gradient, direction, 1.0);
    }
    for (size_t i = 0; i < s->dimension; i++)
        x[i] += t * direction[i];
    return t;
}
