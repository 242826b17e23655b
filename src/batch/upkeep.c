/* Upkeep: files touched, named and removed. */
#include "batch/upkeep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/inputs.h"
#include "batch/scratch.h"

/* ---- Touching -------------------------------------------------------------------------------- */

static void file_touch(struct batch *batch, const char *path)
{
    if (path)
        (void)utimensat(batch->store.folder->fd, path, NULL, AT_SYMLINK_NOFOLLOW);
}

static void texts_touch(struct batch *batch, const char *film)
{
    static const char *const ends[] = {".alt.txt", ".tex"};
    for (size_t i = 0; i < ORL_COUNT(ends); i++) {
        char *path = orl_asprintf("%s%s", film, ends[i]);
        file_touch(batch, path);
        free(path);
    }
}

static void inputs_touch(struct batch *batch)
{
    (void)utimensat(batch->store.folder->fd, ORL_COPY_NAME, NULL, AT_SYMLINK_NOFOLLOW);
    for (size_t i = 0; i < batch->experiment->input_count; i++)
        (void)utimensat(batch->store.folder->fd, batch->experiment->inputs[i].name, NULL,
                        AT_SYMLINK_NOFOLLOW);
}

void orl_upkeep_touch(struct batch *batch)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        if (batch->runs[i].state == JOB_CACHED) {
            file_touch(batch, batch->runs[i].trace);
            file_touch(batch, batch->runs[i].log);
        }
    for (size_t i = 0; i < batch->output_count; i++)
        if (batch->outputs[i].state == JOB_CACHED)
            file_touch(batch, orl_job_output(batch, &batch->outputs[i])->path);
    for (size_t i = 0; i < batch->experiment->film_count; i++)
        texts_touch(batch, batch->experiment->films[i].name);
    inputs_touch(batch);
    char *path;
    for (size_t i = 0; (path = orl_embedding_path(batch, i)) != NULL; i++) {
        file_touch(batch, path);
        free(path);
    }
}

/* ---- What is no longer made ------------------------------------------------------------------ */

/* Paths that the plan makes, sorted. */
struct wanted {
    char **paths; /* owned, as each is */
    size_t count, capacity;
    bool failed;
};

static void wanted_add(struct wanted *w, char *path)
{
    if (!path || !orl_reserve((void **)&w->paths, &w->capacity, w->count + 1, sizeof *w->paths)) {
        free(path);
        w->failed = true;
        return;
    }
    w->paths[w->count++] = path;
}

static int path_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void wanted_list(const struct batch *batch, struct wanted *w)
{
    for (size_t i = 0; i < batch->experiment->run_count; i++)
        wanted_add(w, orl_strdup(batch->runs[i].trace));
    for (size_t i = 0; i < batch->output_count; i++)
        wanted_add(w, orl_strdup(orl_job_output(batch, &batch->outputs[i])->path));
    for (size_t i = 0; i < batch->experiment->film_count; i++) {
        wanted_add(w, orl_asprintf("%s.alt.txt", batch->experiment->films[i].name));
        wanted_add(w, orl_asprintf("%s.tex", batch->experiment->films[i].name));
    }
    char *path;
    for (size_t i = 0; (path = orl_embedding_path(batch, i)) != NULL; i++)
        wanted_add(w, path);
    if (w->count)
        qsort(w->paths, w->count, sizeof *w->paths, path_compare);
}

static bool is_wanted(const struct wanted *w, const char *path)
{
    return w->count && bsearch(&path, w->paths, w->count, sizeof *w->paths, path_compare);
}

/* The log that stands beside a run's trace: "traces/a.csv" -> "logs/a.log". */
static char *log_of(const char *trace)
{
    const char *name = strchr(trace, '/'), *dot = strrchr(trace, '.');
    return name && dot ? orl_asprintf("logs%.*s.log", (int)(dot - name), name) : NULL;
}

/* The experiment's copy, and what it reads. */
static bool is_input(const struct batch *batch, const char *path)
{
    const struct orl_experiment *e = batch->experiment;
    if (strcmp(path, ORL_COPY_NAME) == 0)
        return true;
    for (size_t i = 0; i < e->input_count; i++) {
        size_t length = strlen(e->inputs[i].name);
        if (strncmp(path, e->inputs[i].name, length) == 0 &&
            (path[length] == '\0' || path[length] == '/'))
            return true;
    }
    return false;
}

static void stale_remove(struct batch *batch, const char *kind, const char *path)
{
    struct orl_outfolder *empty = NULL;
    struct stat status;
    if (fstatat(batch->store.folder->fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(status.st_mode)) { /* the same way as new frames take the place of old ones */
        if (orl_outfolder_create(batch->store.folder, path, &empty, NULL) == ORL_OK &&
            orl_outfolder_commit(&empty, NULL) == ORL_OK)
            unlinkat(batch->store.folder->fd, path, AT_REMOVEDIR); /* others' files keep it */
        return;
    }
    unlinkat(batch->store.folder->fd, path, 0);
    char *log = strcmp(kind, "run") == 0 ? log_of(path) : NULL;
    if (log)
        unlinkat(batch->store.folder->fd, log, 0);
    free(log);
}

static bool is_there(const struct batch *batch, const char *path)
{
    struct stat status;
    return fstatat(batch->store.folder->fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Whoever asked for a part has not said that the rest shall go. */
static bool is_whole(const struct batch *batch)
{
    const struct orl_experiment_options *c = batch->choices;
    return !c->only && !c->formats && !c->preset && !c->runs_only;
}

static void stale_tell(struct batch *batch, const struct orl_text *names, size_t count, bool pruned)
{
    if (count == 0 || batch->options->quiet)
        return;
    orl_tell(batch, "optreel: %zu file%s in '%s' %s%s: %s\n", count, count == 1 ? "" : "s",
             batch->options->folder,
             pruned       ? "removed"
             : count == 1 ? "is no longer made by this experiment"
                          : "are no longer made by this experiment",
             pruned ? "" : " (--prune removes)", names->data ? names->data : "");
}

int orl_upkeep_prune(struct batch *batch, struct orl_error *err)
{
    enum { NAMED = 10 };
    struct wanted wanted = {0};
    struct orl_text names = {0};
    const char *kind, *path;
    size_t count = 0;
    bool prune = batch->options->prune;
    if (!is_whole(batch))
        return ORL_OK;
    wanted_list(batch, &wanted);
    int ret = wanted.failed ? orl_fail_memory(err) : ORL_OK;
    for (size_t i = 0;
         ret == ORL_OK && orl_manifest_entry(batch->store.manifest, i, &kind, &path);) {
        bool stale = !is_wanted(&wanted, path) && !is_input(batch, path),
             there = stale && is_there(batch, path);
        if (there && count++ < NAMED)
            orl_text_printf(&names, "%s%s", count > 1 ? ", " : "", path);
        if (there && prune)
            stale_remove(batch, kind, path);
        if (stale && prune)
            orl_manifest_forget(batch->store.manifest, i);
        else
            i++;
    }
    if (count > NAMED)
        orl_text_printf(&names, " and %zu more", count - NAMED);
    if (ret == ORL_OK && prune && count)
        ret = orl_manifest_write(batch->store.manifest, err);
    stale_tell(batch, &names, count, prune);
    orl_text_uninit(&names);
    for (size_t i = 0; i < wanted.count; i++)
        free(wanted.paths[i]);
    free(wanted.paths);
    return ret;
}

/* ---- For make -------------------------------------------------------------------------------- */

/* As make reads it: blanks and # with a backslash before them, $ twice. */
static void path_escape(struct orl_text *text, const char *folder, const char *path)
{
    const char *const parts[] = {folder, folder ? "/" : NULL, path};
    orl_text_puts(text, text->length ? " \\\n  " : "");
    for (size_t i = 0; i < ORL_COUNT(parts); i++)
        for (const char *p = parts[i]; p && *p; p++) {
            if (strchr(" \t#\\", *p))
                orl_text_putc(text, '\\');
            else if (*p == '$')
                orl_text_putc(text, '$');
            orl_text_putc(text, *p);
        }
}

static void inputs_write(const struct batch *batch, struct orl_text *text)
{
    const struct orl_experiment *e = batch->experiment;
    if (strchr(batch->source->folder, ':') == NULL)
        path_escape(text, NULL, batch->source->path);
    for (size_t i = 0; i < e->input_count; i++)
        if (!strchr(e->inputs[i].path, ':'))
            path_escape(text, NULL, e->inputs[i].path);
}

int orl_upkeep_deliver(const char *file, const char *text, size_t length, struct orl_error *err)
{
    struct scratch scratch;
    struct orl_folder *folder = NULL;
    int ret = orl_scratch_make(&scratch, file, err);
    if (ret == ORL_OK)
        ret = orl_folder_open(scratch.path, true, true, &folder, err);
    if (ret == ORL_OK)
        ret = orl_folder_write(folder, "text", text, length, err);
    orl_folder_close(&folder);
    if (ret == ORL_OK)
        ret = orl_scratch_deliver(&scratch, "text", file, err);
    orl_scratch_remove(&scratch);
    return ret;
}

int orl_upkeep_deps(struct batch *batch, struct orl_error *err)
{
    struct orl_text text = {0};
    if (!batch->options->deps)
        return ORL_OK;
    for (size_t i = 0; i < batch->output_count; i++)
        path_escape(&text, batch->options->folder, orl_job_output(batch, &batch->outputs[i])->path);
    for (size_t i = 0; batch->output_count == 0 && i < batch->experiment->run_count; i++)
        path_escape(&text, batch->options->folder, batch->runs[i].trace);
    orl_text_puts(&text, ":");
    inputs_write(batch, &text);
    orl_text_puts(&text, "\n");
    int ret = text.failed ? orl_fail_memory(err)
                          : orl_upkeep_deliver(batch->options->deps, text.data, text.length, err);
    orl_text_uninit(&text);
    return ret;
}
