/* Reading logs: from paths to runs. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/gather.h"
#include "logs/sense.h"
#include "optreel/logs.h"

static void run_uninit(struct orl_log_run *run)
{
    for (size_t i = 0; run->series && i < run->series_count; i++) {
        free(run->series[i].name);
        free(run->series[i].reason);
    }
    free(run->series);
    free(run->name);
    free(run->title);
    free(run->source);
    free(run->format_title);
    free(run->loss_name);
    free(run->details);
    free(run->step_name);
    free(run->nothing);
    orl_trace_destroy(&run->trace);
}

void orl_log_set_destroy(struct orl_log_set **set)
{
    if (!*set)
        return;
    for (size_t i = 0; (*set)->runs && i < (*set)->count; i++)
        run_uninit(&(*set)->runs[i]);
    free((*set)->runs);
    free(*set);
    *set = NULL;
}

const char *orl_log_kind_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return "folder";
    const struct orl_log_format *format = orl_log_recognise_file(path);
    return format ? format->name : NULL;
}

/* The folder of a run that is made of several files, else its file. */
static char *source_shown(const struct log_pending *pending)
{
    const char *path = pending->source->path;
    const char *colon = strchr(pending->group, ':');
    if (!pending->source->root || strncmp(pending->group, "file:", 5) == 0 ||
        pending->source->format == &orl_log_tensorboard_csv)
        return orl_strdup(path);
    return orl_strdup(colon && colon[1] ? colon + 1 : path);
}

static int run_make(const struct log_sense *like, struct log_gathered *gathered, size_t i,
                    struct orl_log_run *run, struct orl_error *err)
{
    const struct log_pending *pending = &gathered->items[i];
    run->source = source_shown(pending);
    run->format = pending->format->name;
    run->format_title = orl_strdup(pending->form ? pending->form : pending->format->title);
    if (!run->source || !run->format_title)
        return orl_fail_memory(err);
    struct log_input where = *like->where;
    struct log_sense sense = *like;
    where.shown = run->source;
    sense.where = &where;
    size_t before = where.messages->count;
    int ret = orl_log_make(&sense, &gathered->records, pending->record, run, err);
    if (ret == ORL_EINPUT && pending->source->root) { /* the others of the folder are still good */
        orl_messages_excuse(where.messages, before);
        free(run->nothing);
        run->nothing = orl_strdup("left out");
        return run->nothing ? ORL_OK : orl_fail_memory(err);
    }
    if (ret == ORL_OK && run->nothing)
        orl_log_warn(&where, 0, "%s", run->nothing);
    return ret;
}

/* Where nothing can be shown of any run, that is why there is no film. */
static int check_any(const struct orl_log_set *set, struct orl_messages *messages)
{
    bool any = false;
    for (size_t i = 0; i < set->count; i++)
        any |= set->runs[i].trace != NULL;
    if (any)
        return ORL_OK;
    for (size_t i = 0; i < messages->count; i++) /* the reasons stand there, as warnings */
        for (size_t k = 0; k < set->count; k++)
            if (set->runs[k].nothing && messages->items[i].severity == ORL_SEVERITY_WARNING &&
                strcmp(messages->items[i].text, set->runs[k].nothing) == 0) {
                messages->items[i].severity = ORL_SEVERITY_ERROR;
                messages->warnings--;
                messages->errors++;
                break;
            }
    return ORL_EINPUT;
}

static int set_make(const struct log_sense *sense, struct log_gathered *gathered,
                    struct orl_log_set *set, struct orl_error *err)
{
    set->runs = orl_calloc(gathered->count, sizeof *set->runs);
    int ret = set->runs ? ORL_OK : orl_fail_memory(err);
    for (; ret == ORL_OK && set->count < gathered->count; set->count++)
        ret = run_make(sense, gathered, set->count, &set->runs[set->count], err);
    if (ret == ORL_OK)
        ret = orl_log_name_runs(gathered->items, set->runs, set->count, err);
    return ret;
}

int orl_log_read_here(const struct orl_log_request *request, const struct orl_limits *limits,
                      struct orl_messages *messages, struct orl_log_set **out,
                      struct orl_error *err)
{
    struct log_sources sources = {0};
    struct log_gathered gathered = {.records = {.limits = limits}};
    struct log_input where = {.limits = limits, .messages = messages, .fd = -1};
    const struct log_sense sense = {request, limits, &where};
    int ret = ORL_OK;
    *out = orl_calloc(1, sizeof **out);
    if (!*out)
        return orl_fail_memory(err);
    for (size_t i = 0; i < request->path_count; i++) {
        int found = orl_log_find(request->paths[i], limits, messages, &sources, err);
        ret = ret == ORL_OK ? found : ret;
    }
    if (ret == ORL_OK)
        ret = orl_log_gather(&sources, messages, &gathered, err);
    if (ret == ORL_OK && gathered.count == 0) {
        where.shown = request->paths[0];
        ret = orl_log_fault(&where, 0, "optreel help logs tells what is read",
                            "there is no log in this folder");
    }
    if (ret == ORL_OK)
        ret = set_make(&sense, &gathered, *out, err);
    if (ret == ORL_OK)
        ret = check_any(*out, messages);
    else
        orl_log_set_destroy(out);
    orl_log_gathered_uninit(&gathered);
    orl_log_sources_uninit(&sources);
    return ret;
}
