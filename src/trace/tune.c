/* Tuning: the learning rate that ends best of a number of trials. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/elementary.h"
#include "base/random.h"
#include "optreel/trace.h"

enum { TUNE_STREAM = 3 };

void orl_tune_rates(const struct orl_tune *tune, uint64_t seed, double *rates)
{
    struct orl_random random;
    double from = orl_log(tune->from), to = orl_log(tune->to);
    orl_random_init(&random, seed, TUNE_STREAM);
    for (int64_t i = 0; i < tune->trials; i++) {
        double rate = orl_exp(from + (to - from) * orl_random_uniform(&random));
        rates[i] = fmin(fmax(rate, tune->from), tune->to);
    }
}

/* Progress of one trial as progress of all of them and the run itself. */
struct trial_progress {
    const struct orl_run_spec *spec;
    int64_t done, all;
};

static int trial_tick(void *context, int64_t step)
{
    const struct trial_progress *p = context;
    double share = ((double)p->done + (double)step / (double)p->spec->steps) / (double)p->all;
    return p->spec->tick(p->spec->tick_context, (int64_t)(share * (double)p->spec->steps));
}

/* The loss at the end of one trial; infinite where it diverged. */
static int trial_run(const struct orl_run_spec *spec, struct trial_progress *progress, double *loss,
                     struct orl_error *err)
{
    struct orl_run_spec trial = *spec;
    struct orl_trace *trace = NULL;
    trial.record_every = spec->steps; /* the first row and the last one */
    trial.record_rows = 2;
    trial.unwatched = true;
    trial.tick = spec->tick ? trial_tick : NULL;
    trial.tick_context = progress;
    int ret = orl_trace_run(&trial, &trace, err);
    if (ret == ORL_OK)
        *loss = trace->status == ORL_STATUS_DIVERGED || trace->rows == 0
                    ? (double)INFINITY
                    : trace->loss[trace->rows - 1];
    orl_trace_destroy(&trace);
    return ret;
}

static int trials_run(const struct orl_run_spec *spec, const struct orl_tune *tune,
                      struct orl_value *value, const double *rates, double *best,
                      struct orl_error *err)
{
    struct trial_progress progress = {.spec = spec, .all = tune->trials + 1};
    double least = (double)INFINITY;
    *best = (double)NAN;
    for (int64_t i = 0; i < tune->trials; i++) {
        double loss = (double)INFINITY;
        progress.done = i;
        *value = (struct orl_value){.number = rates[i]};
        int ret = trial_run(spec, &progress, &loss, err);
        if (ret != ORL_OK)
            return ret;
        if (isnan(*best) || loss < least || (loss == least && rates[i] < *best)) {
            least = loss;
            *best = rates[i];
        }
    }
    return ORL_OK;
}

int orl_trace_tune(const struct orl_run_spec *spec, const struct orl_tune *tune, uint64_t seed,
                   double *rate, struct orl_error *err)
{
    int place = orl_setting_of(spec->optimizer->settings, ORL_ROLE_RATE);
    size_t count = orl_setting_count(spec->optimizer->settings);
    if (place < 0 || tune->trials < 1)
        return orl_fail(err, ORL_EBUG, "%s has no learning rate to be tuned",
                        spec->optimizer->name);
    struct orl_run_spec trial = *spec;
    struct orl_value *values = orl_calloc(count, sizeof *values);
    double *rates = orl_calloc((size_t)tune->trials, sizeof *rates);
    int ret = values && rates ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        memcpy(values, spec->settings, count * sizeof *values); /* texts stay the caller's */
        trial.settings = values;
        orl_tune_rates(tune, seed, rates);
        ret = trials_run(&trial, tune, &values[place], rates, rate, err);
    }
    free(values);
    free(rates);
    return ret;
}
