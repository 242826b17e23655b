/* MLflow's folders: mlruns/<experiment>/<run>/metrics/<key>, lines of time, value and step
 * (mlflow/store/tracking/file_store.py). */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "logs/cells.h"
#include "logs/format.h"

enum { NAME_MAX_BYTES = 4096 };

/* The first line of a small file; NULL where there is none. */
static char *first_line(const char *path)
{
    struct orl_error ignored = {0};
    char *bytes;
    size_t length;
    if (orl_file_read(path, NAME_MAX_BYTES, &bytes, &length, &ignored) != ORL_OK)
        return NULL;
    bytes[strcspn(bytes, "\r\n")] = '\0';
    if (*bytes)
        return bytes;
    free(bytes);
    return NULL;
}

/* The value of a line "key: value" of the run's meta.yaml; NULL where it has none. */
static char *meta_value(const char *folder, size_t length, const char *key)
{
    struct orl_error ignored = {0};
    char *bytes = NULL, *found = NULL, *path = orl_asprintf("%.*s/meta.yaml", (int)length, folder);
    size_t size, key_length = strlen(key);
    if (path && orl_file_read(path, NAME_MAX_BYTES, &bytes, &size, &ignored) == ORL_OK)
        for (const char *at = bytes; !found && at;
             at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
            if (strncmp(at, key, key_length) == 0 && strncmp(at + key_length, ": ", 2) == 0)
                found = orl_strndup(at + key_length + 2, strcspn(at + key_length + 2, "\r\n"));
    free(bytes);
    free(path);
    return found;
}

/* MLflow keeps the folders of runs that were deleted. */
static bool run_is_deleted(const char *folder, size_t length)
{
    char *stage = meta_value(folder, length, "lifecycle_stage");
    bool deleted = stage && strcmp(stage, "deleted") == 0;
    free(stage);
    return deleted;
}

/* What a run is called: a tag, or a line of meta.yaml. NULL where it has no name. */
static char *run_title(const char *folder, size_t length)
{
    char *path = orl_asprintf("%.*s/tags/mlflow.runName", (int)length, folder);
    char *found = path ? first_line(path) : NULL;
    free(path);
    return found ? found : meta_value(folder, length, "run_name");
}

/* The learning rate among the parameters. */
static char *run_details(const char *folder, size_t length)
{
    static const char *const names[] = {"learning_rate", "lr"};
    char *details = NULL;
    for (size_t i = 0; !details && i < 2; i++) {
        char *path = orl_asprintf("%.*s/params/%s", (int)length, folder, names[i]);
        char *value = path ? first_line(path) : NULL;
        if (value && strlen(value) < 40)
            details = orl_asprintf("learning rate %s", value);
        free(value);
        free(path);
    }
    return details;
}

static int points_read(struct log_input *in, struct log_records *records, struct log_record *record,
                       const char *name, struct orl_error *err)
{
    struct log_cells cells = {0};
    char *line;
    size_t length, bad = 0;
    int more, ret = ORL_OK;
    struct log_series *series = orl_log_series_get(records, record, name, strlen(name), err);
    if (!series)
        return err->code;
    while (ret == ORL_OK && (more = orl_log_input_line(in, &line, &length, err)) != 0) {
        double value;
        int64_t step = 0;
        ret = more < 0 ? more : orl_log_cells_split(line, length, ' ', &cells, err);
        if (ret != ORL_OK || length == 0)
            continue;
        if (cells.count < 2 || cells.count > 3 ||
            !orl_log_cell_number(&cells.items[1], false, &value) ||
            (cells.count == 3 &&
             !orl_int64_parse(cells.items[2].text, cells.items[2].length, &step)))
            bad++;
        else
            ret = orl_log_series_add(records, series, step, value, err);
    }
    if (bad)
        orl_log_warn(in, 0, "%zu line%s not a time, a value and a step: left out", bad,
                     bad == 1 ? " is" : "s are");
    orl_log_cells_uninit(&cells);
    return ret;
}

/* Keys may hold slashes: folders within metrics/. */
static const char *metric_name(const char *path, size_t *folder)
{
    const char *found = NULL, *slash = strrchr(path, '/');
    for (const char *at = path; (at = strstr(at, "/metrics/")) != NULL; at += 9)
        found = at;
    *folder = found ? (size_t)(found - path) : 0;
    return found ? found + 9 : slash ? slash + 1 : path;
}

static int metric_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    size_t folder;
    const char *name = metric_name(in->path, &folder);
    if (folder && run_is_deleted(in->path, folder))
        return ORL_OK;
    struct log_record *record = orl_log_record_get(records, "", err);
    if (!record)
        return err->code;
    record->stepped = record->by_time = true;
    if (folder) {
        record->title = run_title(in->path, folder);
        record->details = run_details(in->path, folder);
    }
    return points_read(in, records, record, name, err);
}

/* Milliseconds since 1970, a number, a whole number. */
static bool metric_recognise(const struct log_head *head)
{
    struct log_cells cells = {0};
    struct orl_error ignored = {0};
    const char *bytes = (const char *)head->bytes;
    size_t length = strcspn(bytes, "\r\n");
    double time, ignored_value;
    int64_t step;
    bool good = length > 14 && length < 200 &&
                orl_log_cells_split(bytes, length, ' ', &cells, &ignored) == ORL_OK &&
                cells.count == 3 && orl_log_cell_number(&cells.items[0], false, &time) &&
                time > 1e11 && time < 1e14 &&
                orl_log_cell_number(&cells.items[1], false, &ignored_value) &&
                orl_int64_parse(cells.items[2].text, cells.items[2].length, &step);
    orl_log_cells_uninit(&cells);
    return good;
}

const struct orl_log_format orl_log_mlflow_metric = {
    .name = "mlflow-folder",
    .title = "MLflow folder",
    .recognise = metric_recognise,
    .read = metric_read,
    .folder_is_run = true,
};
