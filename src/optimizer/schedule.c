/* Schedules: settings that are formulas of step and steps. */
#include "optimizer/schedule.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

enum { NAMES_MOST = 8 }; /* step, steps and the constants are fewer */

int orl_schedule_stranger(const struct orl_formula *formula)
{
    double ignored;
    for (size_t i = 0; i < orl_formula_name_count(formula); i++) {
        const char *name = orl_formula_name(formula, i);
        if (strcmp(name, "step") != 0 && strcmp(name, "steps") != 0 &&
            !orl_constant_find(name, &ignored))
            return (int)i;
    }
    return -1;
}

int orl_schedule_evaluate(const struct orl_formula *formula, const struct orl_setting *setting,
                          int64_t step, int64_t steps, double *out, struct orl_error *err)
{
    double values[NAMES_MOST] = {0};
    size_t names = orl_formula_name_count(formula);
    for (size_t i = 0; i < names && i < NAMES_MOST; i++) {
        const char *name = orl_formula_name(formula, i);
        if (!orl_constant_find(name, &values[i]))
            values[i] = (double)(strcmp(name, "step") == 0 ? step : steps);
    }
    *out = orl_formula_evaluate(formula, values);
    if (*out >= setting->minimum && *out <= setting->maximum)
        return ORL_OK;
    return orl_fail(err, ORL_EINPUT,
                    "the schedule of %s gives %g at step %lld; it must stay between %g and %g",
                    setting->name, isnan(*out) ? NAN : *out, (long long)step, setting->minimum,
                    setting->maximum);
}
