/* Logs in JSON: objects a line, an array of objects, an object of lists, and documents that hold
 * one of these: Hugging Face's log_history, CatBoost's iterations, SwanLab's data.
 *
 * While a document is read nobody knows what it will turn out to be. So rows (of every array of
 * objects) and columns (of every list of numbers) are collected side by side, and at the end the
 * log is chosen among them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "logs/format.h"
#include "logs/json.h"

enum { LIST_CELLS = 8 }; /* a list in a row is taken for columns up to that length */

/* A cell of a row that is not finished yet: a broken row leaves no trace. */
struct cell {
    size_t name, word; /* offsets in `arena`; word: of what is no number */
    bool is_word;
    double value;
};

struct document {
    struct json_reader reader;
    struct log_input *in;
    struct log_records found; /* "rows:PATH" and "columns" */
    struct cell *cells;       /* owned: a stack; each open row has its cells above the others' */
    size_t count, capacity;
    struct orl_text arena, path;
    size_t values, broken;
    unsigned broken_line;
    const char *broken_why;
};

/* ---- Cells and rows ---- */

static int cell_push(struct document *d, const char *name, bool is_word, double value,
                     const char *word, struct orl_error *err)
{
    struct cell cell = {.name = d->arena.length, .is_word = is_word, .value = value};
    orl_text_append(&d->arena, name, strlen(name) + 1);
    cell.word = d->arena.length;
    if (is_word)
        orl_text_append(&d->arena, word, strlen(word) + 1);
    if (d->arena.failed ||
        !orl_reserve((void **)&d->cells, &d->capacity, d->count + 1, sizeof *d->cells))
        return orl_fail_memory(err);
    d->cells[d->count++] = cell;
    return ORL_OK;
}

static void cells_drop(struct document *d, size_t base)
{
    if (base < d->count)
        d->arena.length = d->cells[base].name;
    d->count = base;
}

/* The cells above `base` become the next row of a table. */
static int row_commit(struct document *d, const char *table, size_t base, struct orl_error *err)
{
    struct log_record *record = orl_log_record_get(&d->found, table, err);
    int ret = record ? ORL_OK : err->code;
    for (size_t i = base; ret == ORL_OK && i < d->count; i++) {
        const struct cell *cell = &d->cells[i];
        const char *name = d->arena.data + cell->name, *word = d->arena.data + cell->word;
        struct log_series *series = orl_log_series_get(&d->found, record, name, strlen(name), err);
        if (!series)
            ret = err->code;
        else if (cell->is_word)
            ret = orl_log_series_add_word(series, record->rows, word, strlen(word), err);
        else
            ret = orl_log_series_add(&d->found, series, record->rows, cell->value, err);
    }
    cells_drop(d, base);
    if (ret == ORL_OK)
        record->rows++;
    return ret;
}

/* ---- Values ---- */

static int object_take(struct document *d, bool row, size_t prefix, struct orl_error *err);

/* A string that holds a number that JSON has no word for. */
static bool string_is_number(const struct document *d, double *value)
{
    return orl_log_number(d->reader.text.data, d->reader.text.length, value);
}

/* A scalar at the path, whose first `prefix` bytes are not part of its name. */
static int scalar_take(struct document *d, int token, size_t prefix, struct orl_error *err)
{
    double value = d->reader.number;
    const char *name = d->path.data + prefix;
    if (token == JSON_TRUE || token == JSON_FALSE || (token == JSON_NUMBER && d->reader.null))
        return ORL_OK;
    if (token == JSON_STRING && !string_is_number(d, &value))
        return cell_push(d, name, true, 0.0, d->reader.text.data, err);
    return cell_push(d, name, false, value, NULL, err);
}

/* A list within a row: "learn": [0.5, 0.7] is learn[0] and learn[1]; longer ones are left out. */
static int row_list_take(struct document *d, size_t prefix, struct orl_error *err)
{
    size_t base = d->count, index = 0, length = d->path.length;
    bool numbers = true;
    for (;; index++) {
        int token = orl_json_next(&d->reader, err), ret = ORL_OK;
        if (token < 0 || token == JSON_BROKEN)
            return token;
        if (token == JSON_ARRAY_END)
            break;
        numbers &= token == JSON_NUMBER && index < LIST_CELLS;
        if (numbers) {
            orl_text_printf(&d->path, "[%zu]", index);
            ret = d->path.failed ? orl_fail_memory(err) : scalar_take(d, token, prefix, err);
            d->path.length = length;
        } else {
            ret = orl_json_skip(&d->reader, token, err);
        }
        if (ret != ORL_OK)
            return ret;
    }
    if (!numbers)
        cells_drop(d, base);
    return ORL_OK;
}

/* An array within an array: a row without names, such as TensorBoard's [time, step, value]. */
static int tuple_take(struct document *d, struct orl_error *err)
{
    size_t prefix = d->path.length;
    for (size_t index = 0;; index++) {
        int token = orl_json_next(&d->reader, err);
        if (token < 0 || token == JSON_BROKEN || token == JSON_ARRAY_END)
            return token == JSON_ARRAY_END ? ORL_OK : token;
        int ret = ORL_OK;
        if (token == JSON_NUMBER && index < LIST_CELLS) {
            orl_text_printf(&d->path, "%zu", index);
            ret = d->path.failed ? orl_fail_memory(err) : scalar_take(d, token, prefix, err);
            d->path.length = prefix;
        } else {
            ret = orl_json_skip(&d->reader, token, err);
        }
        if (ret != ORL_OK)
            return ret;
    }
}

static int row_take(struct document *d, int token, struct orl_error *err)
{
    size_t base = d->count;
    int ret = token == JSON_OBJECT ? object_take(d, true, d->path.length, err) : tuple_take(d, err);
    if (ret != ORL_OK) {
        cells_drop(d, base);
        return ret;
    }
    char *table = orl_asprintf("rows:%s", d->path.data);
    ret = table ? row_commit(d, table, base, err) : orl_fail_memory(err);
    free(table);
    return ret;
}

/* A list of a document: its objects are rows of a table, its numbers a column. */
static int list_take(struct document *d, struct orl_error *err)
{
    for (int64_t index = 0;; index++) {
        int token = orl_json_next(&d->reader, err), ret = ORL_OK;
        double value = d->reader.number;
        if (token < 0 || token == JSON_BROKEN || token == JSON_ARRAY_END)
            return token == JSON_ARRAY_END ? ORL_OK : token;
        if (token == JSON_OBJECT || token == JSON_ARRAY)
            ret = row_take(d, token, err);
        else if (token == JSON_NUMBER || (token == JSON_STRING && string_is_number(d, &value))) {
            struct log_record *record = orl_log_record_get(&d->found, "columns", err);
            struct log_series *series =
                record ? orl_log_series_get(&d->found, record, d->path.data, d->path.length, err)
                       : NULL;
            ret = series ? orl_log_series_add(&d->found, series, index, value, err) : err->code;
        }
        if (ret != ORL_OK)
            return ret;
    }
}

/* "12", "epoch 12", "step_12": a key that counts. */
static bool key_counts(const char *key, double *number)
{
    static const char *const words[] = {"epoch", "step", "iter", "iteration", "round"};
    for (size_t i = 0; i < ORL_COUNT(words); i++)
        if (strncasecmp(key, words[i], strlen(words[i])) == 0) {
            key += strlen(words[i]);
            key += strspn(key, " _-");
            break;
        }
    size_t digits = strspn(key, "0123456789");
    return digits > 0 && digits < 16 && key[digits] == '\0' &&
           orl_double_parse(key, digits, number);
}

/* {"epoch_1": {"loss": ...}, "epoch_2": ...}: the objects are rows. `length`: of the path to the
 * object that holds them. */
static int counted_row_take(struct document *d, size_t length, double number, struct orl_error *err)
{
    size_t base = d->count;
    int ret = cell_push(d, "step", false, number, NULL, err);
    if (ret == ORL_OK)
        ret = object_take(d, true, d->path.length, err);
    if (ret != ORL_OK)
        return ret;
    char *table = orl_asprintf("rows:%.*s", (int)length, d->path.data);
    ret = table ? row_commit(d, table, base, err) : orl_fail_memory(err);
    free(table);
    return ret;
}

/* {"loss": {"0": 2.3, "1": 1.9}}, as pandas writes a table: the object at the path is a column. */
static int columns_commit(struct document *d, size_t base, int64_t first, struct orl_error *err)
{
    struct log_record *record = orl_log_record_get(&d->found, "numbered", err);
    struct log_series *series =
        record ? orl_log_series_get(&d->found, record, d->path.data, d->path.length, err) : NULL;
    int ret = series ? ORL_OK : err->code;
    for (size_t i = base; ret == ORL_OK && i < d->count; i++)
        ret = orl_log_series_add(&d->found, series, first + (int64_t)(i - base), d->cells[i].value,
                                 err);
    cells_drop(d, base);
    return ret;
}

static int member_take(struct document *d, bool row, size_t length, size_t prefix,
                       struct orl_error *err)
{
    double number;
    int token = orl_json_next(&d->reader, err);
    switch (token) {
    case JSON_OBJECT:
        if (!row && key_counts(d->path.data + length + (length > prefix), &number))
            return counted_row_take(d, length, number, err);
        return object_take(d, row, prefix, err);
    case JSON_ARRAY:
        if (!row)
            return list_take(d, err);
        return d->values > 1 ? orl_json_skip(&d->reader, token, err)
                             : row_list_take(d, prefix, err);
    case JSON_NUMBER:
    case JSON_STRING:
    case JSON_TRUE:
    case JSON_FALSE:
        return scalar_take(d, token, prefix, err);
    default:
        return token;
    }
}

/* After the opening brace. Nested objects are joined to the names by dots. */
static int object_take(struct document *d, bool row, size_t prefix, struct orl_error *err)
{
    size_t length = d->path.length, base = d->count, members = 0;
    double first = 0.0;
    bool numbered = !row && length > prefix; /* its keys are 0, 1, 2, ... or begin with 1 */
    for (;; members++) {
        int token = orl_json_next(&d->reader, err);
        if (token == JSON_OBJECT_END)
            return numbered && members > 1 ? columns_commit(d, base, (int64_t)first, err) : ORL_OK;
        if (token != JSON_KEY)
            return token;
        double key = -1.0;
        numbered = numbered && orl_double_parse(d->reader.text.data, d->reader.text.length, &key) &&
                   (members ? key == first + (double)members : key == 0.0 || key == 1.0);
        first = members ? first : key;
        if (d->path.length > prefix)
            orl_text_putc(&d->path, '.');
        orl_text_puts(&d->path, d->reader.text.data);
        int ret = d->path.failed ? orl_fail_memory(err) : member_take(d, row, length, prefix, err);
        d->path.length = length;
        d->path.data[length] = '\0';
        numbered = numbered && d->count == base + members + 1 && !d->cells[base + members].is_word;
        if (ret != ORL_OK)
            return ret;
    }
}

/* ---- The document ---- */

static int value_take(struct document *d, int token, struct orl_error *err)
{
    unsigned line = d->reader.line;
    int ret;
    orl_text_clear(&d->path);
    orl_text_append(&d->path, "", 0);
    d->values++;
    if (token == JSON_ARRAY)
        ret = list_take(d, err);
    else if (token == JSON_OBJECT)
        ret = object_take(d, d->values > 1, 0, err);
    else
        return ORL_OK;
    if (ret == ORL_OK && token == JSON_OBJECT)
        ret = row_commit(d, "rows:", 0, err);
    cells_drop(d, 0);
    if (d->values == 1 && ret == ORL_OK)
        d->reader.lines = d->reader.line == line;
    return ret;
}

static int document_read(struct document *d, struct orl_error *err)
{
    for (;;) {
        int token = orl_json_next(&d->reader, err);
        if (token == JSON_END)
            return ORL_OK;
        int ret = token == JSON_BROKEN ? JSON_BROKEN : value_take(d, token, err);
        if (ret < 0)
            return ret;
        if (ret == JSON_BROKEN) {
            if (d->broken++ == 0)
                d->broken_line = d->reader.broken_line;
            d->broken_why = d->reader.why;
        }
    }
}

static size_t record_points(const struct log_record *record)
{
    size_t points = 0;
    for (size_t i = 0; record && i < record->count; i++)
        points += record->series[i].count;
    return points;
}

static struct log_record *document_table(struct document *d, const char *key)
{
    for (size_t i = 0; i < d->found.count; i++)
        if (strcmp(d->found.items[i]->key, key) == 0)
            return d->found.items[i];
    return NULL;
}

static struct log_series *record_series(struct log_record *record, const char *name)
{
    for (size_t i = 0; record && i < record->count; i++)
        if (strcmp(record->series[i].name, name) == 0)
            return &record->series[i];
    return NULL;
}

static int series_rename(struct log_series *series, char *name, struct orl_error *err)
{
    if (!name)
        return orl_fail_memory(err);
    free(series->name);
    series->name = name;
    return ORL_OK;
}

/* "learn[1]" is called by the second of meta.learn_metrics. */
static int catboost_name(struct document *d, struct log_record *rows, struct orl_error *err)
{
    static const char *const sets[] = {"learn", "test"};
    for (size_t s = 0; s < ORL_COUNT(sets); s++) {
        char table[40], old[40];
        snprintf(table, sizeof table, "rows:meta.%s_metrics", sets[s]);
        const struct log_series *names = record_series(document_table(d, table), "name");
        for (size_t i = 0; names && i < names->cells; i++) {
            snprintf(old, sizeof old, "%s[%lld]", sets[s], (long long)names->word_at[i]);
            struct log_series *series = record_series(rows, old);
            char *name = orl_asprintf("%s/%s", sets[s], names->words[names->word[i]]);
            if (series && series_rename(series, name, err) != ORL_OK)
                return err->code;
            if (!series)
                free(name);
        }
    }
    return ORL_OK;
}

/* The last folder of the file's path; the file's own name without its ending where there is none.
 */
static char *path_part(const char *path, bool folder)
{
    const char *slash = strrchr(path, '/'), *end = slash ? slash : path + strlen(path);
    const char *begin = slash ? slash + 1 : path;
    if (folder && slash) {
        for (begin = slash; begin > path && begin[-1] != '/'; begin--)
            ;
        return orl_strndup(begin, (size_t)(end - begin));
    }
    const char *dot = strrchr(begin, '.');
    return dot && dot > begin ? orl_strndup(begin, (size_t)(dot - begin)) : orl_strdup(begin);
}

/* Tables whose columns are told by something else than their names. */
static int table_name(struct document *d, struct log_record *rows, struct orl_error *err)
{
    struct log_series *index = record_series(rows, "index"), *data = record_series(rows, "data"),
                      *value = record_series(rows, "2"), *step = record_series(rows, "1"),
                      *time = record_series(rows, "0");
    int ret = ORL_OK;
    if (strcmp(rows->key, "rows:iterations") == 0) {
        d->in->form = "CatBoost's training log";
        return catboost_name(d, rows, err);
    }
    if (strcmp(rows->key, "rows:data") == 0 && index && data) { /* SwanLab: a folder a key */
        d->in->form = "SwanLab's records";
        ret = series_rename(data, path_part(d->in->path, true), err);
        return ret == ORL_OK ? series_rename(index, orl_strdup("step"), err) : ret;
    }
    if (rows->count == 3 && time && step && value) { /* TensorBoard's JSON */
        d->in->form = "TensorBoard's JSON";
        ret = series_rename(value, path_part(d->in->path, false), err);
        if (ret == ORL_OK)
            ret = series_rename(step, orl_strdup("step"), err);
        return ret == ORL_OK ? series_rename(time, orl_strdup("wall_time"), err) : ret;
    }
    if (strcmp(rows->key, "rows:log_history") == 0)
        d->in->form = "Hugging Face's trainer state";
    return ORL_OK;
}

/* Lists that are as long as the longest, or nearly so: the others are settings. Names lose what
 * they all begin with. */
static void columns_tidy(struct log_record *columns)
{
    size_t longest = 0, kept = 0, common = SIZE_MAX;
    for (size_t i = 0; i < columns->count; i++)
        longest = columns->series[i].count > longest ? columns->series[i].count : longest;
    for (size_t i = 0; i < columns->count; i++) {
        struct log_series swap = columns->series[kept];
        if (2 * columns->series[i].count < longest)
            continue;
        columns->series[kept++] = columns->series[i];
        columns->series[i] = swap;
    }
    /* The others stay owned, but empty: they are left out as columns without numbers. */
    for (size_t i = kept; i < columns->count; i++)
        columns->series[i].count = 0;
    for (size_t i = 0; i < kept; i++) {
        const char *name = columns->series[i].name, *first = columns->series[0].name;
        size_t same = 0;
        while (same < common && name[same] && name[same] == first[same])
            same++;
        common = same;
    }
    while (kept > 1 && common > 0 && columns->series[0].name[common - 1] != '.')
        common--;
    if (kept == 1) {
        const char *dot = strrchr(columns->series[0].name, '.');
        common = dot ? (size_t)(dot + 1 - columns->series[0].name) : 0;
    }
    for (size_t i = 0; i < kept; i++) {
        char *name = columns->series[i].name;
        memmove(name, name + common, strlen(name + common) + 1);
    }
    columns->rows = (int64_t)longest;
}

/* A number of the first row, which the others stand behind already. */
static int series_add_first(struct log_records *records, struct log_series *series, double value,
                            struct orl_error *err)
{
    int ret = orl_log_series_add(records, series, 0, value, err);
    if (ret != ORL_OK)
        return ret;
    memmove(series->at + 1, series->at, (series->count - 1) * sizeof *series->at);
    memmove(series->value + 1, series->value, (series->count - 1) * sizeof *series->value);
    series->at[0] = 0;
    series->value[0] = value;
    return ORL_OK;
}

/* Objects with numbered keys: of a document they are columns; of the first of several lines, which
 * looked like one, they belong to its row, as they do in the other lines. */
static int numbered_place(struct document *d, struct orl_error *err)
{
    const struct log_record *numbered = document_table(d, "numbered");
    struct log_record *to =
        numbered ? orl_log_record_get(&d->found, d->values > 1 ? "rows:" : "columns", err) : NULL;
    if (!to)
        return numbered ? err->code : ORL_OK;
    for (size_t i = 0; i < numbered->count; i++) {
        const struct log_series *from = &numbered->series[i];
        for (size_t k = 0; k < from->count; k++) {
            char *name = d->values > 1 ? orl_asprintf("%s.%lld", from->name, (long long)from->at[k])
                                       : orl_strdup(from->name);
            struct log_series *series =
                name ? orl_log_series_get(&d->found, to, name, strlen(name), err) : NULL;
            free(name);
            if (!series)
                return err->code ? err->code : orl_fail_memory(err);
            int ret = d->values > 1
                          ? series_add_first(&d->found, series, from->value[k], err)
                          : orl_log_series_add(&d->found, series, (int64_t)k, from->value[k], err);
            if (ret != ORL_OK)
                return ret;
        }
    }
    return ORL_OK;
}

static struct log_record *document_choose(struct document *d)
{
    struct log_record *best = document_table(d, "rows:log_history"),
                      *columns = document_table(d, "columns");
    if (d->values > 1) {
        d->in->form = "JSON lines";
        return document_table(d, "rows:");
    }
    if (!best)
        best = document_table(d, "rows:iterations");
    for (size_t i = 0; !best && i < d->found.count; i++) {
        struct log_record *record = d->found.items[i];
        if (strncmp(record->key, "rows:", 5) != 0 || record->rows < 1 ||
            strncmp(record->key, "rows:meta.", 10) == 0)
            continue;
        for (size_t k = 0; k <= i; k++)
            if (record_points(d->found.items[k]) > record_points(best) &&
                strncmp(d->found.items[k]->key, "rows:", 5) == 0)
                best = d->found.items[k];
    }
    if (columns && (!best || strncmp(best->key, "rows:log", 8) != 0) &&
        record_points(columns) > record_points(best)) {
        d->in->form = "JSON lists";
        columns_tidy(columns);
        return columns;
    }
    return best;
}

/* Hand the chosen table over as the file's only run. */
static int document_hand_over(struct document *d, struct log_record *chosen,
                              struct log_records *records, struct orl_error *err)
{
    size_t i = 0;
    struct log_record *empty = orl_log_record_get(records, "", err);
    if (!empty)
        return err->code;
    struct log_record swap = *empty;
    while (d->found.items[i] != chosen)
        i++;
    char *key = chosen->key;
    *empty = *chosen;
    *chosen = swap;
    chosen->key = key;
    empty->key = swap.key;
    records->points += record_points(empty);
    return ORL_OK;
}

static int json_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct document d = {.in = in, .found = {.limits = in->limits}};
    orl_json_read_open(&d.reader, in);
    int ret = document_read(&d, err);
    if (ret == ORL_OK)
        ret = numbered_place(&d, err);
    struct log_record *chosen = ret == ORL_OK ? document_choose(&d) : NULL;
    if (chosen)
        ret = table_name(&d, chosen, err);
    if (ret == ORL_OK && chosen)
        ret = document_hand_over(&d, chosen, records, err);
    else if (ret == ORL_OK && d.broken)
        ret = orl_log_fault(in, d.broken_line, NULL, "this is not JSON: %s", d.broken_why);
    if (ret == ORL_OK && chosen && d.broken)
        orl_log_warn(in, d.broken_line, "%zu line%s no JSON: left out (%s)", d.broken,
                     d.broken == 1 ? " is" : "s are", d.broken_why);
    orl_log_records_uninit(&d.found);
    orl_json_read_close(&d.reader);
    orl_text_uninit(&d.arena);
    orl_text_uninit(&d.path);
    free(d.cells);
    return ret;
}

/* A brace or bracket, and what can follow it. */
static bool json_recognise(const struct log_head *head)
{
    return orl_json_begins((const char *)head->bytes);
}

const struct orl_log_format orl_log_json = {
    .name = "json",
    .title = "JSON",
    .recognise = json_recognise,
    .read = json_read,
    .common = true,
};
