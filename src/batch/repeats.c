/* The middle of each group of repeats takes the place of its runs. */
#include "batch/repeats.h"

#include <stdlib.h>

#include "base/array.h"

/* The runs from `first` on that are repeats of it. */
static size_t group_end(const struct orl_experiment *e, const size_t *plans, size_t first,
                        size_t count)
{
    const struct orl_run_plan *run = &e->runs[plans[first]];
    size_t end = first + 1;
    while (run->repeat > 0 && end < count && e->runs[plans[end]].repeat > 0 &&
           e->runs[plans[end]].group == run->group)
        end++;
    return end;
}

static int group_merge(struct orl_film_run *runs, size_t first, size_t end, struct repeats *out,
                       struct orl_error *err)
{
    const struct orl_trace **traces = orl_calloc(end - first, sizeof *traces);
    if (!traces)
        return orl_fail_memory(err);
    for (size_t i = first; i < end; i++)
        traces[i - first] = runs[i].trace;
    int ret = orl_trace_middle(traces, end - first, &out->middles[out->count], err);
    if (ret == ORL_OK)
        runs[first].trace = out->middles[out->count++];
    free(traces);
    return ret;
}

int orl_repeats_merge(const struct orl_experiment *experiment, struct orl_film_run *runs,
                      size_t *plans, size_t *count, struct repeats *out, struct orl_error *err)
{
    size_t kept = 0;
    int ret = ORL_OK;
    *out = (struct repeats){.middles = orl_calloc(*count, sizeof *out->middles)};
    if (!out->middles)
        return orl_fail_memory(err);
    for (size_t first = 0, end; ret == ORL_OK && first < *count; first = end, kept++) {
        end = group_end(experiment, plans, first, *count);
        const struct orl_run_plan *plan = &experiment->runs[plans[first]];
        if (plan->repeat > 0) {
            ret = group_merge(runs, first, end, out, err);
            runs[first].name = plan->repeat_name;
        }
        runs[kept] = runs[first];
        plans[kept] = plans[first];
    }
    *count = kept;
    return ret;
}

void orl_repeats_uninit(struct repeats *repeats)
{
    for (size_t i = 0; i < repeats->count; i++)
        orl_trace_destroy(&repeats->middles[i]);
    free(repeats->middles);
    *repeats = (struct repeats){0};
}
