/* One optimizer at work: settings and schedules, clipping and weight decay, the rule, and what
 * modifies it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/vector.h"
#include "optimizer/modifiers.h"
#include "optimizer/schedule.h"
#include "optreel/model.h"
#include "optreel/optimizer.h"

struct orl_optimizer {
    const struct orl_optimizer_desc *desc;
    size_t dimension, setting_count;
    int64_t steps;
    double *settings;               /* owned: of the present step */
    struct orl_formula **schedules; /* owned, as are they: parallel; NULL: a constant */
    bool scheduled;
    double clip;
    int rate, decay; /* places of its learning rate and weight decay; -1: the rule has none */
    struct modifiers modifiers;
    double *memory;                   /* owned block: gradient, next, probed, slots, scalars */
    double *gradient, *next, *probed; /* probed: where a rule with a probe asked for its gradient */
    double **slots;                   /* owned array */
    double *scalars;                  /* in the block */
    void *state;
    struct orl_step step;
};

static int schedules_evaluate(struct orl_optimizer *o, struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; o->scheduled && ret == ORL_OK && i < o->setting_count; i++)
        if (o->schedules[i])
            ret = orl_schedule_evaluate(o->schedules[i], &o->desc->settings[i], o->step.number,
                                        o->steps, &o->settings[i], err);
    return ret;
}

static int take_settings(struct orl_optimizer *o, const struct orl_value *values,
                         const struct orl_value *common, struct orl_error *err)
{
    for (size_t i = 0; i < o->setting_count; i++) {
        struct orl_formula_error error;
        o->settings[i] = values[i].number;
        if (!o->desc->settings[i].schedule || !values[i].text)
            continue;
        int ret = orl_formula_parse(values[i].text, strlen(values[i].text), &orl_limits_default,
                                    &o->schedules[i], &error);
        if (ret != ORL_OK)
            return orl_fail(err, ret, "the schedule of %s: %s", o->desc->settings[i].name,
                            error.text);
        int stranger = orl_schedule_stranger(o->schedules[i]);
        if (stranger >= 0)
            return orl_fail(err, ORL_EINPUT, "a schedule of %s knows step and steps, not '%s'",
                            o->desc->settings[i].name,
                            orl_formula_name(o->schedules[i], (size_t)stranger));
        o->scheduled = true;
    }
    o->rate = orl_setting_of(o->desc->settings, ORL_ROLE_RATE);
    o->decay = orl_setting_of(o->desc->settings, ORL_ROLE_DECAY);
    o->clip = common ? common[ORL_COMMON_CLIP].number : 0.0;
    o->step.number = 1;
    int ret = schedules_evaluate(o, err);
    return ret == ORL_OK && o->desc->check ? o->desc->check(o->settings, err) : ret;
}

static int optimizer_allocate(struct orl_optimizer *o, struct orl_error *err)
{
    size_t numbers;
    o->setting_count = orl_setting_count(o->desc->settings);
    o->settings = orl_calloc(o->setting_count, sizeof *o->settings);
    o->schedules = orl_calloc(o->setting_count, sizeof *o->schedules);
    o->slots = orl_calloc(o->desc->slots, sizeof *o->slots);
    if (!o->settings || !o->schedules || !o->slots ||
        !orl_size_mul(o->dimension, 3 + (size_t)o->desc->slots, &numbers) ||
        !orl_size_add(numbers, o->desc->scalars, &numbers) ||
        !(o->memory = orl_calloc(numbers, sizeof *o->memory)))
        return orl_fail_memory(err);
    o->gradient = o->memory;
    o->next = o->gradient + o->dimension;
    o->probed = o->next + o->dimension;
    double *slot = o->probed + o->dimension;
    for (size_t i = 0; i < o->desc->slots; i++, slot += o->dimension)
        o->slots[i] = slot;
    o->scalars = slot;
    return ORL_OK;
}

int orl_optimizer_create(const struct orl_optimizer_desc *desc, const struct orl_value *values,
                         const struct orl_value *common, size_t dimension, int64_t steps,
                         const struct orl_oracle *oracle, struct orl_optimizer **out,
                         struct orl_error *err)
{
    struct orl_optimizer *o = orl_calloc(1, sizeof *o);
    *out = o;
    if (!o)
        return orl_fail_memory(err);
    o->desc = desc;
    o->dimension = dimension;
    o->steps = steps;
    int ret = optimizer_allocate(o, err);
    if (ret == ORL_OK)
        ret = take_settings(o, values, common, err);
    if (ret == ORL_OK)
        ret = orl_modifiers_init(&o->modifiers, common, dimension, err);
    if (ret == ORL_OK && desc->create)
        ret = desc->create(desc, dimension, o->settings, oracle, &o->state, err);
    if (ret != ORL_OK) {
        orl_optimizer_destroy(out);
        return ret;
    }
    o->step = (struct orl_step){.desc = desc,
                                .number = 1,
                                .steps = steps,
                                .dimension = dimension,
                                .settings = o->settings,
                                .gradient = o->gradient,
                                .slots = o->slots,
                                .scalars = o->scalars,
                                .state = o->state,
                                .oracle = oracle};
    if (desc->begin)
        desc->begin(&o->step);
    return ORL_OK;
}

void orl_optimizer_destroy(struct orl_optimizer **optimizer)
{
    struct orl_optimizer *o = *optimizer;
    if (!o)
        return;
    if (o->state && o->desc->destroy)
        o->desc->destroy(o->state);
    for (size_t i = 0; o->schedules && i < o->setting_count; i++)
        orl_formula_destroy(&o->schedules[i]);
    orl_modifiers_uninit(&o->modifiers);
    free(o->settings);
    free(o->schedules);
    free(o->slots);
    free(o->memory);
    free(o);
    *optimizer = NULL;
}

void orl_optimizer_probe(struct orl_optimizer *optimizer, const double *x, double *at)
{
    struct orl_optimizer *o = optimizer;
    if (o->desc->probe)
        o->desc->probe(&o->step, x, o->probed);
    else
        memcpy(o->probed, x, o->dimension * sizeof *x);
    memcpy(at, o->probed, o->dimension * sizeof *at);
    orl_modifiers_climb(&o->modifiers, o->step.oracle, at, o->gradient);
}

bool orl_optimizer_probes_at_x(const struct orl_optimizer *optimizer)
{
    return !optimizer->desc->probe && optimizer->modifiers.sam == 0.0;
}

/* What decays under `kind`, of the present step; 0 where nothing does. */
static double decay_of(const struct orl_optimizer *o, enum orl_decay kind)
{
    return o->decay >= 0 && o->desc->decay == kind ? o->settings[o->decay] : 0.0;
}

/* As training scripts do: the raw gradient is clipped, then the weight decay of the point where it
 * was taken is added. The clipped norm is exactly `clip`; PyTorch's clip_grad_norm_ stays a share
 * of 1e-6/norm below it. */
static void gradient_prepare(struct orl_optimizer *o, const double *x, const double *gradient)
{
    const double *at = o->desc->probe ? o->probed : x;
    double factor = 1.0, decay = decay_of(o, ORL_DECAY_GRADIENT);
    if (o->clip > 0.0) {
        double norm = orl_vector_norm(gradient, o->dimension);
        factor = norm > o->clip ? o->clip / norm : 1.0;
    }
    for (size_t i = 0; i < o->dimension; i++)
        o->gradient[i] = factor * gradient[i] + (decay != 0.0 ? decay * at[i] : 0.0);
}

/* The step itself, in o->next. */
static int rule_apply(struct orl_optimizer *o, const double *x)
{
    double shrink = decay_of(o, ORL_DECAY_SHRINK) * (o->rate >= 0 ? o->settings[o->rate] : 1.0);
    for (size_t i = 0; i < o->dimension; i++)
        o->next[i] = x[i] * (1.0 - shrink);
    o->step.here = x;
    orl_modifiers_before(&o->modifiers, o->step.number, x, o->next);
    int ret = o->desc->update(&o->step, o->next);
    if (ret == ORL_OK)
        orl_modifiers_after(&o->modifiers, o->step.number, o->gradient, o->next);
    return ret;
}

int orl_optimizer_step(struct orl_optimizer *optimizer, double *x, const double *gradient,
                       struct orl_error *err)
{
    struct orl_optimizer *o = optimizer;
    if (!orl_vector_finite(gradient, o->dimension))
        return orl_fail(err, ORL_EDIVERGED, "the gradient of step %lld is not finite",
                        (long long)o->step.number);
    int ret = o->scheduled ? schedules_evaluate(o, err) : ORL_OK;
    if (ret != ORL_OK)
        return ret;
    gradient_prepare(o, x, gradient);
    ret = rule_apply(o, x);
    if (ret == ORL_OK && !orl_vector_finite(o->next, o->dimension))
        ret = ORL_EDIVERGED;
    if (ret != ORL_OK)
        return orl_fail(err, ret, "the parameters after step %lld are not finite",
                        (long long)o->step.number);
    memcpy(x, o->next, o->dimension * sizeof *x);
    o->step.number++;
    return ORL_OK;
}
