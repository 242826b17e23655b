/* What keeps its runs in SQLite: MLflow (since 3.7) and Trackio. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/database.h"
#include "logs/format.h"
#include "logs/json.h"

struct database {
    struct log_input *in;
    struct log_records *records;
    sqlite3 *db;
    struct log_record *record; /* that a row of JSON belongs to */
    int64_t step;
    struct orl_text path;
};

/* A kind of database, told by a query that gives a row. */
struct database_kind {
    const char *title, *probe;
    int (*read)(struct database *d, struct orl_error *err);
    const char *refusal, *hint; /* where it is not read */
};

static const char *text_of(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? text : "";
}

static int point_add(struct database *d, struct log_record *record, const char *name, int64_t step,
                     double value, struct orl_error *err)
{
    struct log_series *series = orl_log_series_get(d->records, record, name, strlen(name), err);
    return series ? orl_log_series_add(d->records, series, step, value, err) : err->code;
}

/* The run of that key, with its title; its points come in the order of time. */
static struct log_record *run_get(struct database *d, const char *key, const char *title,
                                  struct orl_error *err)
{
    struct log_record *record = orl_log_record_get(d->records, key, err);
    if (!record)
        return NULL;
    record->stepped = record->by_time = true;
    if (!record->title && *title)
        record->title = orl_strdup(title);
    return record;
}

static void rate_note(struct log_record *record, const char *key, const char *text)
{
    double value;
    char number[ORL_NUMBER_SIZE];
    if (record->details || (strcmp(key, "learning_rate") != 0 && strcmp(key, "lr") != 0) ||
        !orl_log_number(text, strlen(text), &value))
        return;
    orl_double_short(number, value);
    record->details = orl_asprintf("learning rate %s", number);
}

/* ---- MLflow ---- */

static int mlflow_run(void *context, sqlite3_stmt *row, struct orl_error *err)
{
    struct log_record *record = run_get(context, text_of(row, 0), text_of(row, 1), err);
    return record ? ORL_OK : err->code;
}

/* Infinities are stored as the largest numbers (mlflow/store/tracking/sqlalchemy_store.py). */
static int mlflow_metric(void *context, sqlite3_stmt *row, struct orl_error *err)
{
    struct database *d = context;
    double value = sqlite3_column_double(row, 2);
    if (sqlite3_column_int(row, 4))
        value = (double)NAN;
    else if (fabs(value) >= DBL_MAX)
        value = copysign((double)INFINITY, value);
    struct log_record *record = orl_log_record_get(d->records, text_of(row, 0), err);
    if (!record)
        return err->code;
    return point_add(d, record, text_of(row, 1), sqlite3_column_int64(row, 3), value, err);
}

static int mlflow_param(void *context, sqlite3_stmt *row, struct orl_error *err)
{
    struct database *d = context;
    struct log_record *record = orl_log_record_get(d->records, text_of(row, 0), err);
    if (record)
        rate_note(record, text_of(row, 1), text_of(row, 2));
    return record ? ORL_OK : err->code;
}

static int mlflow_read(struct database *d, struct orl_error *err)
{
    int ret = orl_log_database_each(d->in, d->db,
                                    "SELECT run_uuid, name FROM runs WHERE lifecycle_stage IS NULL "
                                    "OR lifecycle_stage <> 'deleted' ORDER BY start_time, run_uuid",
                                    mlflow_run, d, err);
    if (ret == ORL_OK)
        ret = orl_log_database_each(
            d->in, d->db,
            "SELECT m.run_uuid, m.key, m.value, m.step, m.is_nan FROM metrics m JOIN runs r ON "
            "r.run_uuid = m.run_uuid WHERE r.lifecycle_stage IS NULL OR r.lifecycle_stage <> "
            "'deleted' ORDER BY m.run_uuid, m.key, m.timestamp, m.step",
            mlflow_metric, d, err);
    if (ret == ORL_OK && orl_log_database_has(d->db, "SELECT 1 FROM params LIMIT 1"))
        ret = orl_log_database_each(
            d->in, d->db,
            "SELECT p.run_uuid, p.key, p.value FROM params p JOIN runs r ON r.run_uuid = "
            "p.run_uuid WHERE p.key IN ('lr', 'learning_rate') AND (r.lifecycle_stage IS NULL OR "
            "r.lifecycle_stage <> 'deleted')",
            mlflow_param, d, err);
    return ret;
}

/* ---- Trackio ---- */

static int trackio_member(void *context, const char *path, int token,
                          const struct json_reader *json, struct orl_error *err)
{
    struct database *d = context;
    double value;
    if (!orl_json_token_number(json, token, &value))
        return ORL_OK;
    return point_add(d, d->record, path, d->step, value, err);
}

static int trackio_row(void *context, sqlite3_stmt *row, struct orl_error *err)
{
    struct database *d = context;
    struct json_reader json;
    d->record = run_get(d, text_of(row, 0), text_of(row, 1), err);
    if (!d->record)
        return err->code;
    d->step = sqlite3_column_int64(row, 2);
    const char *text = text_of(row, 3);
    orl_json_read_text(&json, text, strlen(text));
    orl_text_clear(&d->path);
    int ret = orl_json_next(&json, err);
    if (ret == JSON_OBJECT)
        ret = orl_json_members(&json, &d->path, trackio_member, d, err);
    orl_json_read_close(&json);
    return ret < 0 ? ret : ORL_OK; /* a row that is no JSON holds nothing */
}

/* Runs had no id of their own before 0.20. */
static int trackio_read(struct database *d, struct orl_error *err)
{
    bool ids = orl_log_database_has(
        d->db, "SELECT 1 FROM pragma_table_info('metrics') WHERE name = 'run_id'");
    return orl_log_database_each(
        d->in, d->db,
        ids ? "SELECT run_id, run_name, step, metrics FROM metrics ORDER BY id"
            : "SELECT run_name, run_name, step, metrics FROM metrics ORDER BY id",
        trackio_row, d, err);
}

/* ---- Which it is ---- */

static const struct database_kind kinds[] = {
    {"MLflow database",
     "SELECT 1 FROM sqlite_master WHERE name = 'latest_metrics' OR (name = 'metrics' AND sql LIKE "
     "'%run_uuid%')",
     mlflow_read, NULL, NULL},
    {"Trackio database",
     "SELECT 1 FROM sqlite_master WHERE name = 'metrics' AND sql LIKE '%run_name%'", trackio_read,
     NULL, NULL},
    {"SwanLab index",
     "SELECT 1 FROM sqlite_master WHERE name = 'experiment' AND EXISTS (SELECT 1 FROM "
     "sqlite_master WHERE name = 'tag')",
     NULL, "this is SwanLab's list of runs: it holds no values",
     "the runs lie in the folders beside it: run-…/"},
    {"Optuna study", "SELECT 1 FROM sqlite_master WHERE name = 'trial_values'", NULL,
     "this is an Optuna study: trials, no training log",
     "export it: study.trials_dataframe().to_csv(\"log.csv\")"},
};

/* Damage shows with the first query. */
static int schema_row(void *context, sqlite3_stmt *row, struct orl_error *err)
{
    (void)context, (void)row, (void)err;
    return ORL_OK;
}

static int kind_read(struct database *d, struct orl_error *err)
{
    int ret = orl_log_database_each(d->in, d->db, "SELECT name FROM sqlite_master", schema_row,
                                    NULL, err);
    if (ret != ORL_OK)
        return ret;
    for (size_t i = 0; i < ORL_COUNT(kinds); i++) {
        if (!orl_log_database_has(d->db, kinds[i].probe))
            continue;
        d->in->form = kinds[i].title;
        return kinds[i].read ? kinds[i].read(d, err)
                             : orl_log_fault(d->in, 0, kinds[i].hint, "%s", kinds[i].refusal);
    }
    return orl_log_fault(d->in, 0, "MLflow's and Trackio's are read",
                         "a SQLite database, but none of a known kind of log");
}

static int database_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct database d = {.in = in, .records = records};
    int ret = orl_log_database_open(in, &d.db, err);
    if (ret == ORL_OK)
        ret = kind_read(&d, err);
    sqlite3_close(d.db);
    orl_text_uninit(&d.path);
    return ret;
}

static bool database_recognise(const struct log_head *head)
{
    return head->length >= 16 && memcmp(head->bytes, "SQLite format 3", 16) == 0;
}

const struct orl_log_format orl_log_database = {
    .name = "sqlite",
    .title = "SQLite database",
    .recognise = database_recognise,
    .read = database_read,
};
