/* Training logs as runs: what runs.add says of them, and their traces. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "experiment/recorded.h"

/* ---- What is found ---- */

char *orl_recorded_path(const char *folder, const char *path)
{
    return *path == '/' || strcmp(folder, ".") == 0 ? orl_strdup(path)
                                                    : orl_asprintf("%s/%s", folder, path);
}

void orl_recorded_release(struct orl_recorded_facts *facts)
{
    free(facts->log);
    free(facts->title);
    free(facts->details);
    free(facts->loss_name);
}

bool orl_recorded_add(struct loader *l, const struct orl_recorded_facts *facts)
{
    struct orl_experiment *e = l->experiment;
    struct orl_recorded_facts *grown =
        orl_realloc_array(e->facts, e->fact_count + 1, sizeof *grown);
    if (!grown) {
        struct orl_recorded_facts lost = *facts;
        orl_recorded_release(&lost);
        return orl_read_no_memory(l);
    }
    e->facts = grown;
    e->facts[e->fact_count++] = *facts;
    return true;
}

/* ---- What is asked ---- */

/* What is asked of the reader; owns its texts. */
struct asked {
    struct orl_log_request request;
    char **paths, *columns;
};

static void asked_release(struct asked *asked, const struct orl_recorded_settings *settings)
{
    for (size_t i = 0; asked->paths && i < settings->trace_count; i++)
        free(asked->paths[i]);
    free(asked->paths);
    free(asked->columns);
}

/* The parameters of a problem are columns that must be there, whether they change or not. */
static char *columns_join(const struct orl_recorded_settings *settings,
                          const struct orl_problem_plan *problem)
{
    struct orl_text text = {0};
    if (settings->column_count == 0 && problem->parameter_count == 0)
        return NULL;
    for (size_t i = 0; i < settings->column_count; i++)
        orl_text_printf(&text, "%s,", settings->columns[i]);
    for (size_t i = 0; i < problem->parameter_count; i++)
        orl_text_printf(&text, "%s,", problem->parameters[i]);
    return orl_text_take(&text);
}

static bool asked_make(const struct orl_experiment *e, const struct orl_recorded_settings *settings,
                       const char *folder, const struct orl_problem_plan *problem,
                       struct asked *out)
{
    *out = (struct asked){.paths = orl_calloc(settings->trace_count, sizeof *out->paths)};
    bool good = out->paths != NULL;
    for (size_t i = 0; good && i < settings->trace_count; i++) {
        out->paths[i] = orl_recorded_path(folder, settings->trace[i]);
        good = out->paths[i] != NULL;
    }
    out->columns = columns_join(settings, problem);
    out->request = (struct orl_log_request){.paths = (const char *const *)out->paths,
                                            .path_count = settings->trace_count,
                                            .step = settings->step,
                                            .loss = settings->loss,
                                            .columns = out->columns,
                                            .rows = e->record_rows};
    return good;
}

/* ---- Traces ---- */

static int digest_write(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    (void)err;
    orl_sha256_update(context, bytes, length);
    return ORL_OK;
}

static int trace_digest(struct orl_trace *trace, struct orl_error *err)
{
    struct orl_sha256 hash;
    struct orl_sink sink = {&hash, digest_write};
    orl_sha256_init(&hash);
    int ret = orl_trace_write_csv(trace, sink, err);
    orl_sha256_final(&hash, trace->digest);
    return ret;
}

static size_t series_find(const struct orl_trace *t, const char *name)
{
    size_t i = 0;
    while (i < t->series_count && strcmp(t->series_names[i], name) != 0)
        i++;
    return i;
}

/* Rows in which a parameter was not recorded show no state of the run. */
static void rows_with_values(struct orl_trace *t)
{
    size_t kept = 0, n = t->parameter_count, m = t->series_count;
    for (size_t row = 0; row < t->rows; row++) {
        bool whole = true;
        for (size_t k = 0; k < n; k++)
            whole &= t->values[row * n + k] == t->values[row * n + k];
        if (!whole)
            continue;
        t->step[kept] = t->step[row];
        if (t->loss)
            t->loss[kept] = t->loss[row];
        if (t->loss_gaps)
            t->loss_gaps[kept] = t->loss_gaps[row];
        memmove(t->values + kept * n, t->values + row * n, n * sizeof *t->values);
        memmove(t->series + kept * m, t->series + row * m, m * sizeof *t->series);
        kept++;
    }
    t->rows = kept;
}

static void series_drop(struct orl_trace *t, size_t index)
{
    size_t m = t->series_count, kept = 0;
    free(t->series_names[index]);
    for (size_t i = 0; i < t->rows * m; i++)
        if (i % m != index)
            t->series[kept++] = t->series[i];
    memmove(t->series_names + index, t->series_names + index + 1,
            (m - index - 1) * sizeof *t->series_names);
    t->series_count--;
}

/* Columns of a problem's parameters become values. ORL_EINPUT with a message where one is missing.
 */
static int parameters_take(struct orl_trace *t, const struct orl_problem_plan *problem,
                           const char *shown, struct orl_messages *messages, struct orl_error *err)
{
    size_t n = problem->parameter_count, cells;
    struct orl_place place = {.file = shown};
    if (n == 0)
        return ORL_OK;
    free(t->values);
    free(t->parameters);
    t->values = orl_size_mul(t->rows, n, &cells) ? orl_calloc(cells, sizeof *t->values) : NULL;
    t->parameters = orl_calloc(n, sizeof *t->parameters);
    if (!t->values || !t->parameters)
        return orl_fail_memory(err);
    for (size_t k = 0; k < n; k++) {
        size_t index = series_find(t, problem->parameters[k]);
        if (index == t->series_count)
            return orl_messages_add(messages, ORL_SEVERITY_ERROR, &place, NULL,
                                    "there is no column for the parameter '%s'",
                                    problem->parameters[k]);
        for (size_t row = 0; row < t->rows; row++)
            t->values[row * n + k] = t->series[row * t->series_count + index];
        t->parameters[k] = orl_strdup(problem->parameters[k]);
        t->parameter_count = k + 1;
        if (!t->parameters[k])
            return orl_fail_memory(err);
        series_drop(t, index);
    }
    rows_with_values(t);
    return t->rows ? ORL_OK
                   : orl_messages_add(messages, ORL_SEVERITY_ERROR, &place, NULL,
                                      "no row has all parameters");
}

/* ---- Looking ---- */

static bool is_chosen(const struct orl_recorded_settings *settings, const char *name)
{
    bool chosen = settings->run_count == 0;
    for (size_t i = 0; !chosen && i < settings->run_count; i++)
        chosen = orl_glob_match(settings->runs[i], name);
    return chosen;
}

/* Columns beside the losses. */
static bool has_series(const struct orl_log_run *run)
{
    for (size_t i = 0; i < run->series_count; i++)
        if (run->series[i].role == ORL_LOG_METRIC || run->series[i].role == ORL_LOG_RATE)
            return true;
    return false;
}

static bool run_add(struct loader *l, size_t entry, const struct orl_problem_plan *problem,
                    struct orl_log_run *run)
{
    struct orl_error err = {0};
    size_t before = l->source.messages->errors;
    int ret = parameters_take(run->trace, problem, run->source, l->source.messages, &err);
    if (ret == ORL_OK)
        ret = trace_digest(run->trace, &err);
    if (ret != ORL_OK)
        return l->source.messages->errors > before ? false : orl_read_no_memory(l);
    struct orl_recorded_facts facts = {
        .entry = entry,
        .log = orl_strdup(run->name),
        .title = orl_strdup(run->title),
        .details = orl_strdup(run->details ? run->details : ""),
        .loss_name = run->loss_name ? orl_strdup(run->loss_name) : NULL,
        .steps = run->trace->steps > 0 ? run->trace->steps : 1,
        .has_series = has_series(run),
        .has_loss = run->trace->loss || !orl_problem_is_logs(problem)};
    memcpy(facts.digest, run->trace->digest, sizeof facts.digest);
    return orl_recorded_add(l, &facts) && facts.log && facts.title && facts.details;
}

static const struct orl_problem_plan *entry_problem(const struct orl_experiment *e,
                                                    const struct orl_recorded_settings *settings)
{
    for (size_t i = 0; settings->problem && i < e->problem_count; i++)
        if (strcmp(e->problems[i].name, settings->problem) == 0)
            return &e->problems[i];
    return &e->problems[e->problem_count - 1];
}

bool orl_logs_look(struct loader *l, const struct yaml_node *node, size_t entry)
{
    struct orl_experiment *e = l->experiment;
    const struct orl_recorded_settings *settings = &e->recorded[entry];
    const struct orl_problem_plan *problem = entry_problem(e, settings);
    struct orl_log_set *set = NULL;
    struct orl_error err = {0};
    struct asked asked;
    size_t before = l->source.messages->errors, added = e->fact_count;
    bool good = asked_make(e, settings, l->file->folder, problem, &asked);
    int ret = good ? orl_log_read(&asked.request, l->source.limits, l->source.messages, &set, &err)
                   : orl_fail_memory(&err);
    for (size_t i = 0; ret == ORL_OK && good && i < set->count; i++)
        if (set->runs[i].trace && is_chosen(settings, set->runs[i].name))
            good = run_add(l, entry, problem, &set->runs[i]);
    orl_log_set_destroy(&set);
    asked_release(&asked, settings);
    if (ret != ORL_OK && l->source.messages->errors == before)
        return orl_read_fault(l, node, NULL, "%s",
                              err.text[0] ? err.text : "the log cannot be read");
    if (ret == ORL_OK && good && e->fact_count == added)
        return orl_read_fault(l, node, NULL, "no run is called '%s'",
                              settings->run_count ? settings->runs[0] : "");
    return ret == ORL_OK && good;
}

/* ---- Reading again ---- */

static int set_read(const struct orl_experiment *e, const struct orl_run_plan *run,
                    const struct orl_limits *limits, struct orl_messages *messages,
                    struct orl_error *err)
{
    const struct orl_recorded_settings *settings = &e->recorded[run->entry];
    struct orl_log_set **set = &e->log_sets[run->entry];
    struct asked asked;
    orl_log_set_destroy(set);
    bool good = asked_make(e, settings, e->folder, &e->problems[run->problem], &asked);
    int ret =
        good ? orl_log_read(&asked.request, limits, messages, set, err) : orl_fail_memory(err);
    asked_release(&asked, settings);
    return ret;
}

/* Take the run's trace out of the set that was read last; NULL where it is not there. */
static struct orl_trace *trace_out(struct orl_log_set *set, const char *name)
{
    for (size_t i = 0; set && i < set->count; i++)
        if (strcmp(set->runs[i].name, name) == 0) {
            struct orl_trace *trace = set->runs[i].trace;
            set->runs[i].trace = NULL;
            return trace;
        }
    return NULL;
}

int orl_logs_trace(const struct orl_experiment *e, const struct orl_run_plan *run,
                   const struct orl_limits *limits, struct orl_messages *messages,
                   struct orl_trace **out, struct orl_error *err)
{
    int ret = ORL_OK;
    *out = trace_out(e->log_sets[run->entry], run->log);
    if (!*out)
        ret = set_read(e, run, limits, messages, err);
    if (ret == ORL_OK && !*out)
        *out = trace_out(e->log_sets[run->entry], run->log);
    if (ret == ORL_OK && !*out)
        return orl_messages_add(messages, ORL_SEVERITY_ERROR,
                                &(struct orl_place){.file = run->trace_shown}, NULL,
                                "changed while the program ran");
    if (ret == ORL_OK)
        ret = parameters_take(*out, &e->problems[run->problem], run->trace_shown, messages, err);
    return ret == ORL_OK ? trace_digest(*out, err) : ret;
}

/* ---- Films ---- */

bool orl_logs_are_all(const struct orl_experiment *e, const struct orl_film_plan *film)
{
    for (size_t r = 0; r < film->run_count; r++)
        if (!orl_problem_is_logs(&e->problems[e->runs[film->runs[r]].problem]))
            return false;
    return true;
}

const char *orl_logs_loss_name(const struct orl_experiment *e, const struct orl_film_plan *film)
{
    const char *name = e->runs[film->runs[0]].loss_name;
    for (size_t i = 1; name && i < film->run_count; i++) {
        const char *other = e->runs[film->runs[i]].loss_name;
        if (!other || strcmp(name, other) != 0)
            name = other ? "Loss" : NULL;
    }
    return name ? name : "Logs";
}
