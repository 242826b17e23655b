/* A run of the plan, made from its problem and optimizer. */
#include "batch/runs.h"

#include <math.h>

static int take_recorded(const struct orl_experiment *experiment, size_t run,
                         const struct orl_problem *problem, const struct orl_limits *limits,
                         struct orl_trace **out, struct orl_error *err)
{
    struct orl_messages messages = {0};
    int ret = orl_run_trace(experiment, run, problem, limits, &messages, out, err);
    if (ret != ORL_OK && messages.errors)
        orl_messages_fail(&messages, ret, err);
    orl_messages_uninit(&messages);
    return ret;
}

/* First the trials, then the run with what they found. */
static int run_tuned(const struct orl_experiment *experiment, const struct orl_run_plan *plan,
                     struct orl_run_spec *spec, struct orl_trace **out, double *tuned,
                     struct orl_error *err)
{
    int place = orl_setting_of(plan->desc->settings, ORL_ROLE_RATE);
    int ret = orl_trace_tune(spec, &plan->tune, experiment->seed, tuned, err);
    if (ret != ORL_OK)
        return ret;
    struct orl_value *values = orl_values_copy(plan->values, plan->desc->settings);
    if (!values)
        return orl_fail_memory(err);
    values[place].number = *tuned;
    spec->settings = values;
    ret = orl_trace_run(spec, out, err);
    orl_values_free(values, plan->desc->settings);
    return ret;
}

int orl_batch_run(const struct orl_experiment *experiment, size_t run,
                  const struct orl_problem *problem, const struct orl_limits *limits,
                  int (*tick)(void *context, int64_t step), void *tick_context,
                  struct orl_trace **out, double *tuned, struct orl_error *err)
{
    *tuned = (double)NAN;
    const struct orl_run_plan *plan = &experiment->runs[run];
    if (plan->trace_path)
        return take_recorded(experiment, run, problem, limits, out, err);
    struct orl_run_spec spec = {
        .problem = problem,
        .optimizer = plan->desc,
        .settings = plan->values,
        .common = plan->common,
        .steps = plan->steps,
        .record_every = experiment->record_every,
        .record_rows = experiment->record_rows,
        .stop = experiment->stop,
        .seed = plan->seed,
        .tick = tick,
        .tick_context = tick_context,
    };
    return plan->tune.trials > 0 ? run_tuned(experiment, plan, &spec, out, tuned, err)
                                 : orl_trace_run(&spec, out, err);
}
