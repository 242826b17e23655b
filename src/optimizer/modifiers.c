/* Modifiers around a rule's step: cautious, lookahead, sharpness-aware. */
#include "optimizer/modifiers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/vector.h"

int orl_modifiers_init(struct modifiers *m, const struct orl_value *common, size_t dimension,
                       struct orl_error *err)
{
    *m = (struct modifiers){.dimension = dimension};
    if (!common)
        return ORL_OK;
    m->cautious = common[ORL_COMMON_CAUTIOUS].number != 0.0;
    if (common[ORL_COMMON_LOOKAHEAD].number != 0.0)
        m->lookahead_steps = (int64_t)common[ORL_COMMON_LOOKAHEAD_STEPS].number;
    m->lookahead_rate = common[ORL_COMMON_LOOKAHEAD_RATE].number;
    m->sam = common[ORL_COMMON_SAM].number;
    if (!m->cautious && m->lookahead_steps == 0)
        return ORL_OK;
    m->from = orl_calloc(dimension, 2 * sizeof *m->from);
    if (!m->from)
        return orl_fail_memory(err);
    m->slow = m->from + dimension;
    return ORL_OK;
}

void orl_modifiers_uninit(struct modifiers *m)
{
    free(m->from);
    m->from = m->slow = NULL;
}

void orl_modifiers_climb(const struct modifiers *m, const struct orl_oracle *oracle, double *at,
                         double *scratch)
{
    double loss;
    if (m->sam == 0.0)
        return;
    oracle->evaluate(oracle->context, at, &loss, scratch);
    double norm = orl_vector_norm(scratch, m->dimension);
    if (!(norm > 0.0) || !isfinite(norm))
        return; /* nowhere up, or the step itself will find that nothing is finite here */
    for (size_t i = 0; i < m->dimension; i++)
        at[i] += m->sam * (scratch[i] / norm);
}

void orl_modifiers_before(struct modifiers *m, int64_t number, const double *x, const double *next)
{
    if (m->cautious)
        memcpy(m->from, next, m->dimension * sizeof *next);
    if (m->lookahead_steps > 0 && number == 1)
        memcpy(m->slow, x, m->dimension * sizeof *x);
}

static void steps_hold_back(const struct modifiers *m, const double *gradient, double *next)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->dimension; i++)
        kept += (m->from[i] - next[i]) * gradient[i] > 0.0;
    double factor = (double)m->dimension / (double)(kept + 1);
    for (size_t i = 0; i < m->dimension; i++) {
        double u = m->from[i] - next[i];
        next[i] = u * gradient[i] > 0.0 ? m->from[i] - factor * u : m->from[i];
    }
}

void orl_modifiers_after(struct modifiers *m, int64_t number, const double *gradient, double *next)
{
    if (m->cautious)
        steps_hold_back(m, gradient, next);
    if (m->lookahead_steps == 0 || number % m->lookahead_steps != 0)
        return;
    for (size_t i = 0; i < m->dimension; i++) {
        m->slow[i] += m->lookahead_rate * (next[i] - m->slow[i]);
        next[i] = m->slow[i];
    }
}
