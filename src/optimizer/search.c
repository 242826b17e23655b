#include "optimizer/search.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

enum { TRIES = 60 };

bool orl_search_init(struct search *s, const struct orl_oracle *oracle, size_t dimension, double c1, double c2)
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

double orl_dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
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
static struct sample look(const struct line *line, double t, bool slope)
{
    struct search *s = line->s;
    struct sample found = {.t = t};
    for (size_t i = 0; i < s->dimension; i++)
        s->point[i] = line->x[i] + t * line->direction[i];
    s->oracle->evaluate(s->oracle->context, s->point, &found.value, slope ? s->gradient : NULL);
    if (slope)
        found.slope = orl_dot(s->gradient, line->direction, s->dimension);
    if (!isfinite(found.value) || !isfinite(found.slope))
        found = (struct sample){t, INFINITY, 0.0};
    return found;
}

static bool decreases(const struct line *line, const struct sample *at)
{
    return at->value <= line->value0 + line->s->c1 * at->t * line->slope0;
}

/* Backtracking (alg. 3.1), with the minimizer of the parabola through what is known, kept between a tenth and a half. */
static double armijo(const struct line *line, double first)
{
    double t = first;
    for (int i = 0; i < TRIES; i++) {
        struct sample at = look(line, t, false);
        if (decreases(line, &at))
            return t;
        double next = isfinite(at.value) ? -0.5 * line->slope0 * t * t / (at.value - line->value0 - line->slope0 * t) : 0.1 * t;
        t = !(next > 0.1 * t) ? 0.1 * t : next > 0.5 * t ? 0.5 * t : next;
    }
    return 0.0;
}

/* The minimizer of the cubic through two samples with slopes (eq. 3.59), kept inside of them; the middle where there is none. */
static double interpolate(const struct sample *a, const struct sample *b)
{
    double low = fmin(a->t, b->t), high = fmax(a->t, b->t), t = NAN;
    if (isfinite(a->value) && isfinite(b->value)) {
        double d1 = a->slope + b->slope - 3.0 * (a->value - b->value) / (a->t - b->t), root = d1 * d1 - a->slope * b->slope;
        double d2 = copysign(sqrt(root), b->t - a->t);
        t = b->t - (b->t - a->t) * (b->slope + d2 - d1) / (b->slope - a->slope + 2.0 * d2);
    }
    double edge = 0.1 * (high - low);
    return t > low + edge && t < high - edge ? t : isnan(t) ? 0.5 * (low + high) : t <= low + edge ? low + edge : high - edge;
}

/* Between a low and a high sample (alg. 3.6). The best length that was seen is returned when the digits are used up. */
static double zoom(const struct line *line, struct sample low, struct sample high)
{
    for (int i = 0; i < TRIES && fabs(high.t - low.t) > 1e-14 * fmax(fabs(high.t), fabs(low.t)); i++) {
        struct sample at = look(line, interpolate(&low, &high), true);
        if (!decreases(line, &at) || at.value >= low.value) {
            high = at;
            continue;
        }
        if (fabs(at.slope) <= -line->s->c2 * line->slope0)
            return at.t;
        if (at.slope * (high.t - low.t) >= 0.0)
            high = low;
        low = at;
    }
    return low.value < line->value0 ? low.t : 0.0;
}

/* Strong Wolfe conditions (alg. 3.5). */
static double wolfe(const struct line *line, double first)
{
    struct sample last = {0.0, line->value0, line->slope0};
    double t = first;
    for (int i = 0; i < TRIES; i++) {
        struct sample at = look(line, t, true);
        if (!decreases(line, &at) || (i > 0 && at.value >= last.value))
            return zoom(line, last, at);
        if (fabs(at.slope) <= -line->s->c2 * line->slope0)
            return t;
        if (at.slope >= 0.0)
            return zoom(line, at, last);
        last = at;
        t *= 2.0;
    }
    return last.t;
}

double orl_search_run(struct search *s, enum search_kind kind, const double *x, double loss, const double *gradient,
                      const double *direction, double first)
{
    struct line line = {s, x, direction, loss, orl_dot(gradient, direction, s->dimension)};
    if (!(line.slope0 < 0.0) || !(first > 0.0))
        return 0.0;
    return kind == SEARCH_ARMIJO ? armijo(&line, first) : wolfe(&line, first);
}
