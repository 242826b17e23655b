/* Runs that were recorded elsewhere: runs.add. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/recorded.h"

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

/* ---- What is in the files ---- */

/* The entry names logs: it has no problem, or what it names is no table, or it says how a log is to
 * be read. */
static bool recorded_is_log(const struct orl_recorded_settings *settings, const char *path)
{
    if (strncmp(path, ORL_BUILTIN_FOLDER, strlen(ORL_BUILTIN_FOLDER)) == 0)
        return false;
    if (!settings->problem || settings->trace_count > 1 || settings->step || settings->loss ||
        settings->column_count || settings->run_count)
        return true;
    const char *kind = orl_log_kind_of(path);
    return kind && strcmp(kind, "table") != 0;
}

void orl_recorded_free(struct orl_experiment *e)
{
    for (size_t i = 0; i < e->recorded_count; i++) {
        orl_keys_free(&orl_recorded_map, &e->recorded[i]);
        if (e->log_sets)
            orl_log_set_destroy(&e->log_sets[i]);
    }
    for (size_t i = 0; i < e->fact_count; i++)
        orl_recorded_release(&e->facts[i]);
    free(e->recorded);
    free(e->facts);
    free(e->log_sets);
    free(e->folder);
}

/* Traces are read now, so that their faults show before anything starts. */
static bool trace_look(struct loader *l, const struct yaml_node *node, size_t entry,
                       const struct orl_problem_plan *problem, const char *path)
{
    const struct orl_recorded_settings *settings = &l->experiment->recorded[entry];
    struct orl_trace *trace = NULL;
    size_t before = l->source.messages->errors;
    int ret = orl_trace_read_csv(orl_builtin_path(path), settings->trace[0],
                                 (const char *const *)problem->parameters, problem->parameter_count,
                                 l->source.limits, l->source.messages, &trace);
    struct orl_recorded_facts facts = {.entry = entry};
    if (ret == ORL_OK) {
        facts.steps = trace->steps > 0 ? trace->steps : 1;
        facts.has_series = trace->series_count > 0;
        facts.has_loss = trace->loss || !orl_problem_is_logs(problem);
        memcpy(facts.digest, trace->digest, sizeof facts.digest);
    }
    orl_trace_destroy(&trace);
    if (ret != ORL_OK && l->source.messages->errors == before)
        return orl_read_fault(l, node, NULL, "the trace cannot be read");
    return ret == ORL_OK && orl_recorded_add(l, &facts);
}

static bool entry_look(struct loader *l, const struct yaml_node *node, size_t entry, size_t problem)
{
    const struct orl_recorded_settings *settings = &l->experiment->recorded[entry];
    bool good = true, log = false;
    char *path = NULL;
    for (size_t i = settings->trace_count; good && i-- > 0;) {
        free(path);
        path = orl_recorded_path(l->file->folder, settings->trace[i]);
        good = path || orl_read_no_memory(l);
        if (good && access(orl_builtin_path(path), F_OK) != 0)
            good = orl_read_fault(l, node, NULL, "cannot open '%s': %s", settings->trace[i],
                                  strerror(errno));
        log |= good && recorded_is_log(settings, path);
    }
    if (good)
        good = log ? orl_logs_look(l, node, entry)
                   : trace_look(l, node, entry, &l->experiment->problems[problem], path);
    free(path);
    return good;
}

/* What another process found, of this entry. */
static bool facts_copy(struct loader *l, size_t entry)
{
    for (size_t i = 0; i < l->options->recorded_count; i++) {
        const struct orl_recorded_facts *from = &l->options->recorded[i];
        struct orl_recorded_facts own = *from;
        if (from->entry != entry)
            continue;
        own.log = from->log ? orl_strdup(from->log) : NULL;
        own.title = from->title ? orl_strdup(from->title) : NULL;
        own.details = from->details ? orl_strdup(from->details) : NULL;
        own.loss_name = from->loss_name ? orl_strdup(from->loss_name) : NULL;
        if (!orl_recorded_add(l, &own))
            return false;
    }
    return true;
}

/* ---- Runs ---- */

/* NAME, NAME-<run> where there are several, the log's own where no name is given. */
static char *run_name(const struct orl_recorded_settings *settings,
                      const struct orl_recorded_facts *facts, bool several)
{
    if (!settings->name)
        return orl_strdup(facts->log ? facts->log : "run");
    return several ? orl_asprintf("%s-%s", settings->name, facts->log) : orl_strdup(settings->name);
}

static bool run_fill(struct orl_run_plan *run, const struct orl_experiment *e, const char *folder,
                     const struct orl_recorded_settings *settings,
                     const struct orl_recorded_facts *facts, bool several)
{
    const char *of = e->problems[run->problem].name;
    char *name = run_name(settings, facts, several);
    const char *title = settings->title && !several                    ? settings->title
                        : facts->title && (several || !settings->name) ? facts->title
                                                                       : name;
    run->steps = facts->steps;
    run->has_series = facts->has_series;
    run->has_loss = facts->has_loss;
    run->entry = facts->entry;
    run->smooth = settings->smooth;
    memcpy(run->trace_digest, facts->digest, sizeof run->trace_digest);
    run->values = orl_values_default(orl_optimizer_recorded.settings);
    run->common = orl_values_default(orl_optimizer_common);
    run->log = facts->log ? orl_strdup(facts->log) : NULL;
    run->loss_name = facts->loss_name ? orl_strdup(facts->loss_name) : NULL;
    run->details = orl_strdup(facts->details ? facts->details : "");
    run->trace_shown = orl_strdup(settings->trace[0]);
    run->trace_path = *settings->trace[0] == '/'
                          ? orl_strdup(settings->trace[0])
                          : orl_asprintf("%s/%s", folder, settings->trace[0]);
    run->title = name ? orl_strdup(title) : NULL;
    run->base = name ? orl_strdup(title) : NULL;
    run->name = !name               ? NULL
                : settings->problem ? orl_asprintf("%s/%s", of, name)
                                    : orl_strdup(name);
    run->file_name = !name               ? NULL
                     : settings->problem ? orl_asprintf("%s-%s", of, name)
                                         : orl_strdup(name);
    run->optimizer = name;
    return run->values && run->common && run->name && run->file_name && run->optimizer &&
           run->details && run->base && run->trace_shown && run->trace_path && run->title &&
           (run->log || !facts->log) && (run->loss_name || !facts->loss_name);
}

static bool run_make(struct loader *l, const struct yaml_node *node, size_t problem, size_t fact,
                     bool several)
{
    struct orl_experiment *e = l->experiment;
    const struct orl_recorded_facts *facts = &e->facts[fact];
    struct orl_run_plan *grown = orl_realloc_array(e->runs, e->run_count + 1, sizeof *grown);
    size_t style = 0;
    if (!grown)
        return orl_read_no_memory(l);
    e->runs = grown;
    if (e->run_count >= l->source.limits->jobs)
        return orl_read_fault(l, node, NULL, "this makes more than %llu runs (--max-jobs)",
                              (unsigned long long)l->source.limits->jobs);
    for (size_t i = 0; i < e->run_count; i++)
        style = e->runs[i].style >= style ? e->runs[i].style + 1 : style;
    struct orl_run_plan *run = &e->runs[e->run_count++];
    *run = (struct orl_run_plan){
        .desc = &orl_optimizer_recorded, .seed = e->seed, .style = style, .problem = problem};
    return run_fill(run, e, l->file->folder, &e->recorded[facts->entry], facts, several) ||
           orl_read_no_memory(l);
}

static bool entry_read(struct loader *l, const struct yaml_node *node, size_t entry, size_t *out)
{
    if (!orl_keys_read(l, node, &orl_recorded_map, &l->experiment->recorded[entry]))
        return false;
    const struct yaml_node *name = orl_yaml_get(node, "name"),
                           *problem = orl_yaml_get(node, "problem");
    bool good = problem ? find_problem(l, problem, out) : logs_problem(l, node, out);
    if (!name && problem)
        good = orl_read_fault(l, node, NULL, "a run of a problem needs a name");
    return (!name || orl_check_name(l, name, "a run", name->text)) && good;
}

static bool entry_take(struct loader *l, const struct yaml_node *node, size_t entry)
{
    struct orl_experiment *e = l->experiment;
    size_t problem = 0, first = e->fact_count;
    if (!entry_read(l, node, entry, &problem))
        return false;
    if (!orl_input_paths(l, orl_yaml_get(node, "trace")))
        return false;
    bool known = l->options->recorded_count > 0;
    if (!(known ? facts_copy(l, entry)
                : entry_look(l, orl_yaml_get(node, "trace"), entry, problem)))
        return false;
    bool several = e->fact_count - first > 1, good = true;
    for (size_t i = first; good && i < e->fact_count; i++)
        good = run_make(l, node, problem, i, several);
    return good;
}

bool orl_load_traces(struct loader *l, const struct yaml_node *add)
{
    struct orl_experiment *e = l->experiment;
    if (!orl_read_kind(l, add, YAML_LIST, "add"))
        return false;
    e->recorded = orl_calloc(add->count, sizeof *e->recorded);
    e->log_sets = orl_calloc(add->count, sizeof *e->log_sets);
    if (!e->recorded || !e->log_sets)
        return orl_read_no_memory(l);
    e->recorded_count = add->count;
    bool good = true;
    for (size_t i = 0; i < add->count; i++)
        good = entry_take(l, add->items[i], i) && good;
    return good;
}

int orl_run_trace(const struct orl_experiment *experiment, size_t run,
                  const struct orl_problem *problem, const struct orl_limits *limits,
                  struct orl_messages *messages, struct orl_trace **out, struct orl_error *err)
{
    const struct orl_run_plan *plan = &experiment->runs[run];
    const struct orl_problem_plan *p = &experiment->problems[plan->problem];
    int ret = plan->log ? orl_logs_trace(experiment, plan, limits, messages, out, err)
                        : orl_trace_read_csv(orl_builtin_path(plan->trace_path), plan->trace_shown,
                                             (const char *const *)p->parameters, p->parameter_count,
                                             limits, messages, out);
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
