/* Which files belong to one run. */
#include "logs/gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/sense.h"

enum { RANKS = 4 /* of the last, what a search found is read only where nothing else was */ };

void orl_log_gathered_uninit(struct log_gathered *gathered)
{
    for (size_t i = 0; i < gathered->count; i++)
        free(gathered->items[i].group);
    free(gathered->items);
    orl_log_records_uninit(&gathered->records);
    gathered->items = NULL;
    gathered->count = 0;
}

/* ---- What a file says of its run ---------------------------------------------------------------
 */

/* Folders that hold a part of a run each, within the run's own. */
static bool is_part(const char *name, size_t length)
{
    static const char *const parts[] = {"train",      "training", "val",  "valid",
                                        "validation", "eval",     "test", "learn"};
    for (size_t i = 0; i < ORL_COUNT(parts); i++)
        if (strlen(parts[i]) == length && strncmp(parts[i], name, length) == 0)
            return true;
    return false;
}

/* The run's folder of an event file, and the part ("train", "validation") that it holds; parts only
 * below the folder that was named. */
static size_t events_folder(const struct log_source *source, const char **part, size_t *part_length)
{
    const char *path = source->path;
    size_t folder = orl_log_folder_length(path, strlen(path)),
           parent = orl_log_folder_length(path, folder), name = parent ? parent + 1 : 0;
    *part_length = 0;
    if (!source->root || folder <= source->root || parent < source->root ||
        !is_part(path + name, folder - name))
        return folder;
    *part = path + name;
    *part_length = folder - name;
    return parent;
}

/* The folder of a run of MLflow's or SwanLab's, whose files are its columns; 0: it is another's. */
static size_t folder_before(const char *path, const char *part)
{
    const char *found = NULL;
    for (const char *at = path; (at = strstr(at, part)) != NULL; at++)
        found = at;
    return found ? (size_t)(found - path) : 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

/* What all files of the run share, and the prefix of this file's columns. */
static char *group_of(const struct log_source *source, const char *form, const char *key,
                      size_t index, char **prefix)
{
    const char *path = source->path, *part = NULL;
    size_t folder = orl_log_folder_length(path, strlen(path)), part_length = 0;
    *prefix = NULL;
    if (source->format == &orl_log_events) {
        folder = events_folder(source, &part, &part_length);
        if (part_length)
            *prefix = orl_asprintf("%.*s/", (int)part_length, part);
        return orl_asprintf("events:%.*s", (int)folder, path);
    }
    if (source->format == &orl_log_mlflow_metric)
        return orl_asprintf("mlruns:%.*s", (int)folder_before(path, "/metrics/"), path);
    if (source->format == &orl_log_tensorboard_csv)
        return orl_asprintf("tags:%.*s:%s", (int)folder, path, key);
    if (form && strcmp(form, "SwanLab's records") == 0)
        return orl_asprintf("swanlab:%.*s", (int)folder_before(path, "/logs/"), path);
    if (source->root && (ends_with(path, "learn_error.tsv") || ends_with(path, "test_error.tsv"))) {
        *prefix = orl_strdup(ends_with(path, "learn_error.tsv") ? "learn/" : "test/");
        return orl_asprintf("catboost:%.*s", (int)folder, path);
    }
    return orl_asprintf("file:%zu:%s", index, key);
}

/* A table or a JSON file that was not named, but found: it must count steps or know a loss. */
static bool looks_like_log(const struct log_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        const struct log_record *record = records->items[i];
        bool monitor = record->count == 3;
        for (size_t k = 0; k < record->count; k++) {
            const char *name = record->series[k].name;
            if (record->rows > 0 && (orl_log_counts_steps(name) || orl_series_is_loss(name)))
                return true;
            monitor &= strlen(name) == 1 && strchr("rlt", *name) != NULL;
        }
        if (monitor)
            return true;
    }
    return false;
}

/* ---- Putting together --------------------------------------------------------------------------
 */

/* The numbers of another file of the run, behind those that are there. */
static int record_append(struct log_records *records, struct log_record *to,
                         const struct log_record *from, struct orl_error *err)
{
    int64_t offset = to->stepped ? 0 : to->rows;
    for (size_t i = 0; i < from->count; i++) {
        const struct log_series *s = &from->series[i];
        struct log_series *series = orl_log_series_get(records, to, s->name, strlen(s->name), err);
        int ret = series ? ORL_OK : err->code;
        for (size_t k = 0; ret == ORL_OK && k < s->count; k++)
            ret = orl_log_series_add(records, series, s->at[k] + offset, s->value[k], err);
        if (ret != ORL_OK)
            return ret;
    }
    to->rows += from->rows;
    return ORL_OK;
}

/* All columns but those that count get the part's name before theirs. */
static int record_prefix(struct log_record *record, const char *prefix, struct orl_error *err)
{
    for (size_t i = 0; i < record->count; i++) {
        if (!record->stepped && orl_log_counts_steps(record->series[i].name))
            continue;
        char *name = orl_asprintf("%s%s", prefix, record->series[i].name);
        if (!name)
            return orl_fail_memory(err);
        free(record->series[i].name);
        record->series[i].name = name;
    }
    free(record->index); /* made anew with the next name */
    record->index = NULL;
    record->index_size = 0;
    return ORL_OK;
}

/* Take a run over from its file's records, or add it to the one that it belongs to. */
static int pending_add(struct log_gathered *out, struct log_records *part, size_t index,
                       const struct log_pending *like, struct orl_error *err)
{
    struct log_record *record = part->items[index];
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->items[i].group, like->group) == 0)
            return record_append(&out->records, out->items[i].record, record, err);
    char *key = orl_strdup(like->group);
    if (!key)
        return orl_fail_memory(err);
    struct log_record *own = orl_log_record_get(&out->records, key, err);
    free(key);
    if (!own ||
        !orl_reserve((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items))
        return own ? orl_fail_memory(err) : err->code;
    struct log_record swap = *own;
    *own = *record;
    *record = swap;
    out->items[out->count] = *like;
    out->items[out->count].record = own;
    out->items[out->count].group = orl_strdup(like->group);
    return out->items[out->count++].group ? ORL_OK : orl_fail_memory(err);
}

static int source_take(struct log_gathered *out, const struct log_source *source, size_t index,
                       const struct log_input *in, struct log_records *part, struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < part->count; i++) {
        char *prefix;
        struct log_pending like = {.source = source, .format = source->format, .form = in->form};
        like.group = group_of(source, in->form, part->items[i]->key, index, &prefix);
        ret = like.group ? ORL_OK : orl_fail_memory(err);
        if (ret == ORL_OK && prefix)
            ret = record_prefix(part->items[i], prefix, err);
        if (ret == ORL_OK)
            ret = pending_add(out, part, i, &like, err);
        free(like.group);
        free(prefix);
    }
    out->records.points = part->points;
    return ret;
}

static void messages_move(struct orl_messages *to, const struct orl_messages *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct orl_message *m = &from->items[i];
        struct orl_place place = {.file = m->file, .line = m->line, .column = m->column};
        (void)orl_messages_add(to, m->severity, &place, m->hint, "%s", m->text);
    }
}

/* Read one file. What was found by searching and cannot be read is passed over, with a warning
 * where it surely is a log. */
static int source_read(struct log_gathered *out, const struct log_source *source, size_t index,
                       struct orl_messages *messages, struct orl_error *err)
{
    struct orl_messages own = {0};
    struct log_records part = {.limits = out->records.limits, .points = out->records.points};
    struct orl_error fault = {0};
    struct log_input in;
    int ret = orl_log_input_open(source->path, source->path, out->records.limits, &own, &in);
    if (ret == ORL_OK)
        ret = source->format->read(&in, &part, &fault);
    if (ret == ORL_EINPUT && fault.text[0])
        orl_log_fault(&in, 0, NULL, "%s", fault.text);
    bool found = source->root > 0, doubtful = found && source->format->common;
    if (ret == ORL_OK && !(doubtful && !looks_like_log(&part))) {
        ret = source_take(out, source, index, &in, &part, err);
        messages_move(messages, &own);
    } else if (ret == ORL_EINPUT && found) {
        orl_messages_excuse(&own, 0);
        if (!doubtful)
            messages_move(messages, &own);
        ret = ORL_OK;
    } else if (ret != ORL_OK) {
        messages_move(messages, &own);
        *err = fault.code == ORL_EINPUT ? *err : fault;
    } else {
        ret = ORL_OK;
    }
    orl_log_input_close(&in);
    orl_log_records_uninit(&part);
    orl_messages_uninit(&own);
    return ret;
}

/* ---- Twice -------------------------------------------------------------------------------------
 */

/* True where a run that was read already lies in the folder of this event file: programs write
 * both.
 */
static bool is_covered(const struct log_gathered *gathered, const struct log_source *source)
{
    const char *part = NULL;
    size_t length, folder = orl_log_folder_length(source->path, strlen(source->path)),
                   run = events_folder(source, &part, &length);
    if (!source->root)
        return false;
    if (source->format->rank == RANKS - 1)
        return gathered->count > 0;
    for (size_t i = 0; i < gathered->count; i++) {
        const char *path = gathered->items[i].source->path;
        size_t own = orl_log_folder_length(path, strlen(path));
        if (gathered->items[i].format->rank < source->format->rank &&
            (own == folder || own == run) && strncmp(path, source->path, own) == 0)
            return true;
    }
    return false;
}

static const struct log_series *series_of(const struct log_record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->series[i].name, name) == 0)
            return &record->series[i];
    return NULL;
}

static bool nearly(double a, double b)
{
    return a == b || fabs(a - b) <= 1e-5 * fmax(fabs(a), fabs(b)) || (isnan(a) && isnan(b));
}

/* Two files of a folder hold the same numbers under the same names. */
static bool are_alike(const struct log_record *a, const struct log_record *b)
{
    size_t same = 0;
    for (size_t i = 0; i < a->count; i++) {
        const struct log_series *s = &a->series[i], *t = series_of(b, s->name);
        if (!t || s->count == 0)
            continue;
        if (s->count != t->count)
            return false;
        for (size_t k = 0; k < s->count; k += s->count / 16 + 1)
            if (!nearly(s->value[k], t->value[k]))
                return false;
        same += s->count > 1 && !orl_log_counts_steps(s->name);
    }
    return same > 0;
}

static bool in_one_folder(const struct log_source *a, const struct log_source *b)
{
    size_t length = orl_log_folder_length(a->path, strlen(a->path));
    return length == orl_log_folder_length(b->path, strlen(b->path)) &&
           strncmp(a->path, b->path, length) == 0;
}

static bool is_catboost(const struct log_pending *p)
{
    return p->form && strcmp(p->form, "CatBoost's training log") == 0;
}

/* True where the run stands in the set a second time, by another file of its folder. CatBoost
 * writes its errors as tables beside its JSON. */
static bool is_twice(const struct log_gathered *g, size_t i)
{
    const struct log_pending *p = &g->items[i];
    bool table =
        strncmp(p->group, "catboost:", 9) == 0 || ends_with(p->source->path, "/time_left.tsv");
    for (size_t k = 0; k < g->count; k++) {
        const struct log_pending *other = &g->items[k];
        if (k == i || !other->group || other->source == p->source ||
            !in_one_folder(other->source, p->source))
            continue;
        if (table && (is_catboost(other) || strncmp(other->group, "catboost:", 9) == 0))
            return true;
        if (k < i && are_alike(other->record, p->record))
            return true;
    }
    return false;
}

static void drop_alike(struct log_gathered *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++)
        if (g->items[i].source->root && is_twice(g, i)) {
            free(g->items[i].group);
            g->items[i].group = NULL;
        }
    for (size_t i = 0; i < g->count; i++)
        if (g->items[i].group)
            g->items[kept++] = g->items[i];
    g->count = kept;
}

int orl_log_gather(const struct log_sources *sources, struct orl_messages *messages,
                   struct log_gathered *out, struct orl_error *err)
{
    int ret = ORL_OK;
    for (int rank = 0; rank < RANKS; rank++)
        for (size_t i = 0; ret == ORL_OK && i < sources->count; i++) {
            const struct log_source *source = &sources->items[i];
            if (source->format->rank == rank && !source->dropped &&
                !(rank > 0 && is_covered(out, source)))
                ret = source_read(out, source, i, messages, err);
        }
    if (ret == ORL_OK)
        drop_alike(out);
    return ret;
}
