/* A run's rule as pictures explain it. Whether updates add up is checked on the trace itself, so
 * that no picture claims a sum that the numbers do not keep. */
#include "scene/panels/rule.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

#define ADDS  1e-6 /* of an update: what is left over when it is taken apart, at most */
#define SMALL 1e-9 /* of a parameter: smaller differences are rounding */
#define ALIKE 1e-6 /* of the factor: how far it may differ from one update to the next */
enum { CHECKED = 64 };

/* NULL: the rule has no such setting. */
static const struct orl_value *rule_value(const struct orl_run_rule *told,
                                          enum orl_setting_role role)
{
    int at = orl_setting_of(told->optimizer->settings, role);
    return at >= 0 ? &told->values[at] : NULL;
}

static int parse_schedule(const char *text, struct rule *rule, struct orl_error *err)
{
    struct orl_formula_error error;
    int ret = orl_formula_parse(text, strlen(text), &orl_limits_default, &rule->schedule, &error);
    return ret == ORL_ENOMEM ? orl_fail_memory(err) : ORL_OK; /* the run has read it before */
}

/* ---- Updates --------------------------------------------------------------------------------- */

static bool follows(const struct orl_trace *trace, size_t row)
{
    return row >= 1 && row < trace->rows && trace->step[row] == trace->step[row - 1] + 1;
}

double orl_trace_update(const struct orl_trace *trace, size_t row, size_t j)
{
    size_t n = trace->parameter_count;
    if (row == 0 || row >= trace->rows)
        return NAN;
    return (trace->values[row * n + j] - trace->values[(row - 1) * n + j]) /
           (double)(trace->step[row] - trace->step[row - 1]);
}

double orl_rule_kept(const struct rule *rule, const struct orl_trace *trace, size_t row, size_t j)
{
    if (!rule->adds || !follows(trace, row))
        return NAN;
    if (row == 1)
        return trace->step[0] == 0 ? 0.0 : NAN; /* the first update has nothing to keep */
    return follows(trace, row - 1) ? rule->keeps * orl_trace_update(trace, row - 1, j) : NAN;
}

double orl_rule_pushed(const struct rule *rule, const struct orl_trace *trace, size_t row, size_t j)
{
    if (row == 0 || row >= trace->rows)
        return NAN;
    if (rule->adds)
        return orl_trace_update(trace, row, j) - orl_rule_kept(rule, trace, row, j);
    if (!trace->gradients)
        return NAN;
    return -orl_rule_rate(rule, trace->step[row - 1] + 1) *
           trace->gradients[(row - 1) * trace->parameter_count + j];
}

/* ---- Whether they add up --------------------------------------------------------------------- */

/* The factor of the gradient in the update that led to a row; NAN: what is left of the update is
 * not along the gradient. `known` becomes false where the row tells nothing. */
static double factor_at(const struct rule *rule, const struct orl_trace *trace, size_t row,
                        bool *known)
{
    const double *g = trace->gradients + (row - 1) * trace->parameter_count;
    double dot = 0.0, square = 0.0, size = 0.0, left = 0.0;
    for (size_t j = 0; j < trace->parameter_count; j++) {
        double pushed = orl_rule_pushed(rule, trace, row, j);
        dot -= pushed * g[j];
        square += g[j] * g[j];
        size = fmax(size, fabs(trace->values[row * trace->parameter_count + j]));
    }
    double factor = dot / square, scale = fabs(factor) * sqrt(square);
    *known = isfinite(factor) && scale > SMALL * size;
    for (size_t j = 0; j < trace->parameter_count; j++)
        left = hypot(left, orl_rule_pushed(rule, trace, row, j) + factor * g[j]);
    return left <= ADDS * scale ? factor : NAN;
}

/* Look at neighbouring rows, evenly picked; some must be there, and all must add up. */
static void check_adds(const struct orl_trace *trace, struct rule *rule)
{
    size_t stride = trace->rows > CHECKED ? trace->rows / CHECKED : 1, seen = 0;
    double first = NAN;
    bool same = true;
    rule->adds = true; /* for what follows */
    for (size_t row = 1; row < trace->rows && rule->adds; row += row < CHECKED / 2 ? 1 : stride) {
        bool known;
        if (!follows(trace, row) || (row > 1 && !follows(trace, row - 1)) ||
            (row == 1 && trace->step[0] != 0))
            continue;
        double factor = factor_at(rule, trace, row, &known);
        if (!known)
            continue;
        rule->adds = isfinite(factor) && factor > 0.0;
        first = seen ? first : factor;
        same = same && fabs(factor - first) <= ALIKE * first;
        seen++;
    }
    rule->adds = rule->adds && seen >= 2;
    rule->factor = rule->adds && same ? first : NAN;
}

int orl_rule_make(const struct orl_film_run *run, struct rule *rule, struct orl_error *err)
{
    const struct orl_run_rule *told = run->rule;
    *rule = (struct rule){.rate = NAN, .factor = NAN};
    if (!told || !told->optimizer->settings || !told->values)
        return ORL_OK;
    const struct orl_value *rate = rule_value(told, ORL_ROLE_RATE),
                           *keeps = rule_value(told, ORL_ROLE_MOMENTUM);
    rule->steps = told->steps;
    rule->rate = isfinite(told->tuned) ? told->tuned : rate && !rate->text ? rate->number : NAN;
    rule->keeps = keeps && !keeps->text ? keeps->number : 0.0;
    if (rate && rate->text) {
        int ret = parse_schedule(rate->text, rule, err);
        if (ret != ORL_OK)
            return ret;
    }
    if (rate && run->trace->gradients && run->trace->parameter_count > 1 && !(keeps && keeps->text))
        check_adds(run->trace, rule);
    return ORL_OK;
}

void orl_rule_uninit(struct rule *rule)
{
    orl_formula_destroy(&rule->schedule);
}

double orl_rule_rate(const struct rule *rule, int64_t step)
{
    double values[8];
    size_t count = rule->schedule ? orl_formula_name_count(rule->schedule) : 0;
    if (!rule->schedule || count > ORL_COUNT(values))
        return rule->rate;
    for (size_t i = 0; i < count; i++) {
        const char *name = orl_formula_name(rule->schedule, i);
        if (strcmp(name, "step") == 0)
            values[i] = (double)step;
        else if (strcmp(name, "steps") == 0)
            values[i] = (double)rule->steps;
        else if (!orl_constant_find(name, &values[i]))
            return NAN;
    }
    return orl_formula_evaluate(rule->schedule, values);
}
