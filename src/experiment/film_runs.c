/* Which runs a film has: those of its problem, optimizer or of the experiment, as far as its globs
 * mean them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/film_runs.h"

bool orl_run_matches(const char *pattern, const char *name)
{
    const char *slash = strchr(name, '/');
    return orl_glob_match(pattern, strchr(pattern, '/') || !slash ? name : slash + 1);
}

bool orl_film_runs_leave_out(struct loader *l, const struct yaml_node *node,
                             const struct orl_film_settings *settings, bool *taken)
{
    const struct orl_experiment *e = l->experiment;
    bool *meant = orl_calloc(e->run_count + 1, sizeof *meant), good = true;
    if (!meant)
        return orl_read_no_memory(l);
    for (size_t i = 0; good && i < settings->only_count; i++) {
        bool found = false;
        for (size_t r = 0; r < e->run_count; r++)
            if (orl_run_matches(settings->only[i], e->runs[r].name))
                found = meant[r] = true;
        const struct yaml_node *list = orl_yaml_get(node, "runs");
        if (!found)
            good = orl_read_fault(l, list->kind == YAML_LIST ? list->items[i] : list,
                                  "optimizers with * and ?, or problem/optimizer",
                                  "no run is called '%s'", settings->only[i]);
    }
    for (size_t r = 0; good && settings->only_count && r < e->run_count; r++)
        taken[r] |= !meant[r];
    free(meant);
    return good;
}

static bool run_belongs(const struct loader *l, int each, size_t first, size_t other)
{
    const struct orl_run_plan *a = &l->experiment->runs[first], *b = &l->experiment->runs[other];
    switch (each) {
    case ORL_EACH_RUN:
        return first == other || orl_runs_repeat(a, b);
    case ORL_EACH_PROBLEM:
        return a->problem == b->problem;
    case ORL_EACH_OPTIMIZER:
        return strcmp(a->optimizer, b->optimizer) == 0;
    default:
        return true;
    }
}

bool orl_film_runs_take(struct loader *l, struct orl_film_plan *film, size_t first, bool *taken)
{
    size_t capacity = 0; /* thousands of films of a run each must not have room for all runs */
    for (size_t r = first; r < l->experiment->run_count; r++)
        if (!taken[r] && run_belongs(l, film->settings->each, first, r)) {
            if (!orl_reserve((void **)&film->runs, &capacity, film->run_count + 1,
                             sizeof *film->runs))
                return orl_read_no_memory(l);
            film->runs[film->run_count++] = r;
            taken[r] = true;
        }
    return true;
}
