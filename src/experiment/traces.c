/* Runs that were recorded elsewhere: runs.add. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/io.h"
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

static int hash_file(const char *path, const struct orl_limits *limits, uint8_t digest[32],
                     struct orl_error *err)
{
    struct orl_sha256 hash;
    char *bytes;
    size_t length;
    int ret = orl_file_read(path, limits->csv_bytes, &bytes, &length, err);
    if (ret != ORL_OK)
        return ret;
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, bytes, length);
    orl_sha256_final(&hash, digest);
    free(bytes);
    return ORL_OK;
}

/* Traces are read now, so that their faults show before anything starts. */
static bool check_trace(struct loader *l, struct orl_run_plan *run, const struct yaml_node *node)
{
    const struct orl_problem_plan *problem = &l->experiment->problems[run->problem];
    struct orl_trace *trace = NULL;
    struct orl_error err = {0};
    run->has_series = l->options->skip_data; /* who does not look cannot tell: no fault */
    if (l->options->skip_data)
        return true;
    size_t before = l->source.messages->errors;
    int ret =
        hash_file(orl_builtin_path(run->trace_path), l->source.limits, run->trace_digest, &err);
    if (ret == ORL_OK)
        ret = orl_trace_read_csv(orl_builtin_path(run->trace_path), run->trace_shown,
                                 (const char *const *)problem->parameters, problem->parameter_count,
                                 l->source.limits, l->source.messages, &trace);
    if (ret == ORL_OK) {
        run->steps = trace->steps > 0 ? trace->steps : 1;
        run->has_series = trace->series_count > 0;
    }
    orl_trace_destroy(&trace);
    if (ret != ORL_OK && l->source.messages->errors == before)
        return orl_read_fault(l, node, NULL, "%s",
                              err.text[0] ? err.text : "the trace cannot be read");
    return ret == ORL_OK;
}

static bool trace_take(struct loader *l, const struct yaml_node *node,
                       struct orl_recorded_settings *settings, size_t style)
{
    struct orl_experiment *e = l->experiment;
    if (!orl_keys_read(l, node, &orl_recorded_map, settings))
        return false;
    const struct yaml_node *name = orl_yaml_get(node, "name"), *trace = orl_yaml_get(node, "trace");
    struct orl_run_plan *run = &e->runs[e->run_count++];
    *run = (struct orl_run_plan){
        .desc = &orl_optimizer_recorded, .steps = e->steps, .seed = e->seed, .style = style};
    run->values = orl_values_default(orl_optimizer_recorded.settings);
    run->common = orl_values_default(orl_optimizer_common);
    bool good = find_problem(l, orl_yaml_get(node, "problem"), &run->problem);
    good = orl_check_name(l, name, "a run", name->text) && good;
    if (!good)
        return false;
    const char *problem = e->problems[run->problem].name;
    run->name = orl_asprintf("%s/%s", problem, name->text);
    run->file_name = orl_asprintf("%s-%s", problem, name->text);
    run->optimizer = orl_strdup(name->text);
    run->details = orl_strdup("");
    run->trace_shown = orl_strdup(settings->trace);
    run->trace_path = *settings->trace == '/'
                          ? orl_strdup(settings->trace)
                          : orl_asprintf("%s/%s", l->file->folder, settings->trace);
    run->title = orl_strdup(settings->title ? settings->title : name->text);
    if (!run->values || !run->common || !run->name || !run->file_name || !run->optimizer ||
        !run->details || !run->trace_shown || !run->trace_path || !run->title)
        return orl_read_no_memory(l);
    return check_trace(l, run, trace);
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
        good = trace_take(l, add->items[i], &e->recorded[i], style + i) && good;
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
    if (ret == ORL_OK)
        ret = orl_trace_complete(*out, problem, err);
    if (ret != ORL_OK)
        orl_trace_destroy(out);
    return ret;
}
