/* What runs are called: by their own names, by their files, by their folders; no two alike. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/gather.h"

enum { NAME_BYTES = 100 };

/* Names that programs give to every log, and folders that lie in every run. */
static bool is_general(const char *name, size_t length)
{
    static const char *const general[] = {
        "metrics",          "metric",        "progress",   "results",     "result",
        "scalars",          "log",           "logs",       "log_history", "history",
        "training_history", "monitor",       "loss",       "backup",      "trainer_log",
        "trainer_state",    "learn_error",   "test_error", "learn",       "catboost_training",
        "vis_data",         "files",         "data",       "mlflow",      "train",
        "validation",       "val",           "eval",       "test",        "tb",
        "tensorboard",      "wandb-history", "output",     "checkpoints"};
    for (size_t i = 0; i < ORL_COUNT(general); i++)
        if (strlen(general[i]) == length && strncasecmp(general[i], name, length) == 0)
            return true;
    return (length > 8 && strncmp(name, "events.out", 10) == 0) ||
           strspn(name, "0123456789_-") >= length;
}

/* The last part of path[0 … length). */
static const char *part_of(const char *path, size_t length, size_t *part)
{
    size_t begin = length;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    *part = length - begin;
    return path + begin;
}

/* The path with the folder that it starts from, where that has no name in it ("." or ".."). */
static char *full_path(const char *path)
{
    char *folder = NULL, *joined;
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    if (*path != '/' && *path != '.')
        folder = getcwd(NULL, 0);
    else if (*path == '.')
        return realpath(path, NULL);
    joined = folder ? orl_asprintf("%s/%s", folder, path) : orl_strdup(path);
    free(folder);
    return joined;
}

/* From the file's name on upwards, the first that is no general one; the file's own where there is
 * none. A file's ending is no part of its name, a folder's may be. */
static char *title_by_path(const struct log_pending *pending)
{
    const struct log_source *source = pending->source;
    bool folder = strncmp(pending->group, "file:", 5) != 0;
    size_t part, length;
    char *path = full_path(folder ? strchr(pending->group, ':') + 1 : source->path);
    if (!path)
        return orl_strdup("log");
    length = strlen(path);
    const char *name = part_of(path, length, &part), *dot = NULL;
    for (size_t i = 1; i < part && !folder; i++)
        if (name[i] == '.')
            dot = name + i;
    size_t own = dot ? (size_t)(dot - name) : part;
    bool general = is_general(name, own);
    char *title = orl_strndup(name, own);
    while (general && (length = orl_log_folder_length(path, length)) > 1) {
        name = part_of(path, length, &part);
        general = is_general(name, part);
        if (!general) {
            free(title);
            title = orl_strndup(name, part);
        }
    }
    free(path);
    return title;
}

/* Tell titles that are alike apart: by the folders above, one more with each round; at last by a
 * number. */
static int tell_apart(const struct log_pending *pending, struct orl_log_run *runs, size_t i,
                      unsigned round, struct orl_error *err)
{
    char *title = NULL;
    const char *path = pending[i].source->path;
    size_t length = strlen(path), part;
    if (round < 6) {
        for (unsigned k = 0; k <= round; k++)
            length = orl_log_folder_length(path, length);
        const char *name = part_of(path, length, &part);
        bool there = strncmp(runs[i].title, name, part) == 0 &&
                     (runs[i].title[part] == '\0' || runs[i].title[part] == '/');
        if (part == 0 || there)
            return ORL_OK;
        title = orl_asprintf("%.*s/%s", (int)part, name, runs[i].title);
    } else {
        size_t same = 1;
        for (size_t k = 0; k < i; k++)
            same += strcmp(runs[k].title, runs[i].title) == 0;
        if (same == 1)
            return ORL_OK;
        title = orl_asprintf("%s (%zu)", runs[i].title, same);
    }
    if (!title)
        return orl_fail_memory(err);
    free(runs[i].title);
    runs[i].title = title;
    return ORL_OK;
}

static bool is_alone(const struct orl_log_run *runs, size_t count, size_t i)
{
    for (size_t k = 0; k < count; k++)
        if (k != i && strcmp(runs[k].title, runs[i].title) == 0)
            return false;
    return true;
}

static int make_unique(const struct log_pending *pending, struct orl_log_run *runs, size_t count,
                       struct orl_error *err)
{
    bool *alike = orl_calloc(count, sizeof *alike);
    int ret = alike ? ORL_OK : orl_fail_memory(err);
    for (unsigned round = 0; ret == ORL_OK && round <= 6; round++) {
        for (size_t i = 0; i < count; i++)
            alike[i] = !is_alone(runs, count, i);
        for (size_t i = count; ret == ORL_OK && i-- > 0;)
            if (alike[i])
                ret = tell_apart(pending, runs, i, round, err);
    }
    free(alike);
    return ret;
}

/* A title as the name of a run and of files: A-Za-z0-9._- alone, no "." or "-" at its beginning. */
static char *name_of(const char *title)
{
    struct orl_text name = {0};
    for (const char *p = title; *p && name.length < NAME_BYTES - 8; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '_' || *p == '.' || *p == '-';
        bool first = name.length == 0;
        if (first && (*p == '.' || *p == '-' || !plain))
            continue;
        if (plain || name.data[name.length - 1] != '-')
            orl_text_putc(&name, plain ? *p : '-');
    }
    while (name.length > 0 && name.data[name.length - 1] == '-')
        name.data[--name.length] = '\0';
    if (name.length == 0)
        orl_text_puts(&name, "log");
    return orl_text_take(&name);
}

static int name_run(struct orl_log_run *runs, size_t i, struct orl_error *err)
{
    char *stem = name_of(runs[i].title);
    char *name = stem ? orl_strdup(stem) : NULL;
    for (size_t k = 0, number = 2; name && k < i; k++)
        if (strcasecmp(runs[k].name, name) == 0) { /* look at all again */
            free(name);
            name = orl_asprintf("%s-%zu", stem, number++);
            k = SIZE_MAX;
        }
    free(stem);
    runs[i].name = name;
    return name ? ORL_OK : orl_fail_memory(err);
}

int orl_log_name_runs(const struct log_pending *pending, struct orl_log_run *runs, size_t count,
                      struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        const char *own = pending[i].record->title;
        bool usable = own && *own && orl_utf8_valid(own, strlen(own)) && strlen(own) <= 300;
        runs[i].title = usable ? orl_strdup(own) : title_by_path(&pending[i]);
        if (!runs[i].title)
            ret = orl_fail_memory(err);
    }
    if (ret == ORL_OK)
        ret = make_unique(pending, runs, count, err);
    for (size_t i = 0; ret == ORL_OK && i < count; i++)
        ret = name_run(runs, i, err);
    return ret;
}
