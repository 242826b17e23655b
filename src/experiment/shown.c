/* How many runs a film shows, and whether they are told as optimizers: repeats are one. */
#include <string.h>

#include "experiment/read.h"

bool orl_runs_repeat(const struct orl_run_plan *a, const struct orl_run_plan *b)
{
    return a->repeat > 0 && b->repeat > 0 && a->group == b->group;
}

size_t orl_film_count_shown(const struct loader *l, const struct orl_film_plan *film)
{
    const struct orl_run_plan *runs = l->experiment->runs;
    size_t count = film->run_count > 0;
    for (size_t i = 1; i < film->run_count; i++)
        count += !orl_runs_repeat(&runs[film->runs[i]], &runs[film->runs[i - 1]]);
    return count;
}

bool orl_film_tells_optimizers(const struct loader *l, const struct orl_film_plan *film)
{
    const struct orl_run_plan *runs = l->experiment->runs;
    for (size_t i = 0; i < film->run_count; i++) {
        if (runs[film->runs[i]].trace_path)
            return false;
        for (size_t k = 0; k < i; k++)
            if (!orl_runs_repeat(&runs[film->runs[i]], &runs[film->runs[k]]) &&
                strcmp(runs[film->runs[i]].optimizer, runs[film->runs[k]].optimizer) == 0)
                return false;
    }
    return true;
}
