/* Runs that were recorded elsewhere: runs.add. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/rows.h"

static bool find_problem(struct loader *l, const struct yaml_node *node, size_t *out)
{
    const char **names = orl_calloc(l->experiment->problem_count + 1, sizeof *names);
    int choice = 0;
    if (!names)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < l->experiment->problem_count; i++)
        names[i] = l->experiment->problems[i].name;
    bool good = orl_read_choice(l, node, "problem", names, &choice);
    *out = (size_t)choice;
    free(names);
    return good;
}

/* The problem of runs that were recorded without one: the last of the list, made when it is first
 * wanted. */
static bool logs_problem(struct loader *l, const struct yaml_node *node, size_t *out)
{
    struct orl_experiment *e = l->experiment;
    *out = e->problem_count - 1;
    if (e->problem_count && orl_problem_is_logs(&e->problems[*out]))
        return true;
    for (size_t i = 0; i < e->problem_count; i++)
        if (strcasecmp(e->problems[i].name, ORL_LOGS_PROBLEM) == 0)
            return orl_read_fault(l, node, "call the problem otherwise, or say it of the run",
                                  "a run without a problem belongs to '" ORL_LOGS_PROBLEM
                                  "', and there is a problem of that name");
    struct orl_problem_plan *grown =
        orl_realloc_array(e->problems, e->problem_count + 1, sizeof *grown);
    if (!grown)
        return orl_read_no_memory(l);
    e->problems = grown;
    *out = e->problem_count++;
    grown[*out] = (struct orl_problem_plan){.name = orl_strdup(ORL_LOGS_PROBLEM),
                                            .title = orl_strdup(e->title ? e->title : e->name),
                                            .parameters = orl_calloc(1, sizeof(char *)),
                                            .start = orl_calloc(1, sizeof(double)),
                                            .loss = orl_loss_find("mse")};
    grown[*out].loss_settings = orl_values_default(grown[*out].loss->settings);
    bool good = grown[*out].name && grown[*out].title && grown[*out].parameters &&
                grown[*out].start && grown[*out].loss_settings;
    return good || orl_read_no_memory(l);
}

/* Traces are read now, so that their faults show before anything starts. */
static bool trace_look(struct loader *l, const struct orl_run_plan *run,
                       const struct yaml_node *node, struct orl_recorded_facts *facts)
{
    const struct orl_problem_plan *problem = &l->experiment->problems[run->problem];
    struct orl_trace *trace = NULL;
    size_t before = l->source.messages->errors;
    if (access(orl_builtin_path(run->trace_path), F_OK) != 0)
        return orl_read_fault(l, node, NULL, "cannot open '%s': %s", run->trace_shown,
                              strerror(errno));
    int ret = orl_trace_read_csv(orl_builtin_path(run->trace_path), run->trace_shown,
                                 (const char *const *)problem->parameters, problem->parameter_count,
                                 l->source.limits, l->source.messages, &trace);
    if (ret == ORL_OK) {
        *facts =
            (struct orl_recorded_facts){.steps = trace->steps > 0 ? trace->steps : 1,
                                        .has_series = trace->series_count > 0,
                                        .has_loss = trace->loss || !orl_problem_is_logs(problem)};
        memcpy(facts->digest, trace->digest, sizeof facts->digest);
    }
    orl_trace_destroy(&trace);
    if (ret != ORL_OK && l->source.messages->errors == before)
        return orl_read_fault(l, node, NULL, "the trace cannot be read");
    return ret == ORL_OK;
}

static bool facts_take(struct loader *l, struct orl_run_plan *run, const struct yaml_node *node,
                       size_t index, struct orl_recorded_facts *facts)
{
    if (index < l->options->recorded_count)
        *facts = l->options->recorded[index];
    else if (!trace_look(l, run, node, facts))
        return false;
    run->steps = facts->steps;
    run->has_series = facts->has_series;
    run->has_loss = facts->has_loss;
    memcpy(run->trace_digest, facts->digest, sizeof run->trace_digest);
    return true;
}

static bool trace_take(struct loader *l, const struct yaml_node *node, size_t index, size_t style)
{
    struct orl_experiment *e = l->experiment;
    struct orl_recorded_settings *settings = &e->recorded[index];
    if (!orl_keys_read(l, node, &orl_recorded_map, settings))
        return false;
    const struct yaml_node *name = orl_yaml_get(node, "name"), *trace = orl_yaml_get(node, "trace"),
                           *problem = orl_yaml_get(node, "problem");
    struct orl_run_plan *run = &e->runs[e->run_count++];
    *run = (struct orl_run_plan){
        .desc = &orl_optimizer_recorded, .steps = e->steps, .seed = e->seed, .style = style};
    run->values = orl_values_default(orl_optimizer_recorded.settings);
    run->common = orl_values_default(orl_optimizer_common);
    bool good =
        problem ? find_problem(l, problem, &run->problem) : logs_problem(l, node, &run->problem);
    good = orl_check_name(l, name, "a run", name->text) && good;
    if (!good)
        return false;
    const char *of = e->problems[run->problem].name;
    run->name = problem ? orl_asprintf("%s/%s", of, name->text) : orl_strdup(name->text);
    run->file_name = problem ? orl_asprintf("%s-%s", of, name->text) : orl_strdup(name->text);
    run->optimizer = orl_strdup(name->text);
    run->details = orl_strdup("");
    run->base = orl_strdup(settings->title ? settings->title : name->text);
    run->trace_shown = orl_strdup(settings->trace);
    run->trace_path = *settings->trace == '/'
                          ? orl_strdup(settings->trace)
                          : orl_asprintf("%s/%s", l->file->folder, settings->trace);
    run->title = orl_strdup(settings->title ? settings->title : name->text);
    if (!run->values || !run->common || !run->name || !run->file_name || !run->optimizer ||
        !run->details || !run->base || !run->trace_shown || !run->trace_path || !run->title)
        return orl_read_no_memory(l);
    return facts_take(l, run, trace, index, &settings->facts);
}

bool orl_load_traces(struct loader *l, const struct yaml_node *add)
{
    struct orl_experiment *e = l->experiment;
    size_t style = 0;
    if (!orl_read_kind(l, add, YAML_LIST, "add"))
        return false;
    if (add->count > l->source.limits->jobs - e->run_count)
        return orl_read_fault(l, add, NULL, "this makes more than %llu runs (--max-jobs)",
                              (unsigned long long)l->source.limits->jobs);
    struct orl_run_plan *grown =
        orl_realloc_array(e->runs, e->run_count + add->count, sizeof *grown);
    if (!grown)
        return orl_read_no_memory(l);
    e->runs = grown;
    e->recorded = orl_calloc(add->count, sizeof *e->recorded);
    if (!e->recorded)
        return orl_read_no_memory(l);
    e->recorded_count = add->count;
    for (size_t i = 0; i < e->run_count; i++)
        style = e->runs[i].style >= style ? e->runs[i].style + 1 : style;
    bool good = true;
    for (size_t i = 0; i < add->count; i++)
        good = trace_take(l, add->items[i], i, style + i) && good;
    return good;
}

int orl_run_trace(const struct orl_experiment *experiment, size_t run,
                  const struct orl_problem *problem, const struct orl_limits *limits,
                  struct orl_messages *messages, struct orl_trace **out, struct orl_error *err)
{
    const struct orl_run_plan *plan = &experiment->runs[run];
    const struct orl_problem_plan *p = &experiment->problems[plan->problem];
    int ret = orl_trace_read_csv(orl_builtin_path(plan->trace_path), plan->trace_shown,
                                 (const char *const *)p->parameters, p->parameter_count, limits,
                                 messages, out);
    if (ret == ORL_OK && memcmp((*out)->digest, plan->trace_digest, sizeof(*out)->digest) != 0)
        ret = orl_messages_add(messages, ORL_SEVERITY_ERROR,
                               &(struct orl_place){.file = plan->trace_shown}, NULL,
                               "changed while the program ran");
    if (ret == ORL_OK && problem)
        ret = orl_trace_complete(*out, problem, err);
    if (ret != ORL_OK)
        orl_trace_destroy(out);
    return ret;
}
