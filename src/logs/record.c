/* Columns that grow, found by name; the limits on how many there may be. */
#include "logs/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"

static void log_series_uninit(struct log_series *series)
{
    free(series->name);
    free(series->at);
    free(series->value);
    for (size_t i = 0; i < series->word_count; i++)
        free(series->words[i]);
    free(series->word_at);
    free(series->word);
}

static void log_record_destroy(struct log_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        log_series_uninit(&record->series[i]);
    free(record->series);
    free(record->index);
    free(record->key);
    free(record->title);
    free(record->details);
    free(record);
}

void orl_log_records_uninit(struct log_records *records)
{
    for (size_t i = 0; i < records->count; i++)
        log_record_destroy(records->items[i]);
    free(records->items);
    *records = (struct log_records){.limits = records->limits};
}

struct log_record *orl_log_record_get(struct log_records *records, const char *key,
                                      struct orl_error *err)
{
    for (size_t i = records->count; i-- > 0;)
        if (strcmp(records->items[i]->key, key) == 0)
            return records->items[i];
    if (records->count >= records->limits->log_runs) {
        orl_fail(err, ORL_EINPUT, "more than %llu runs (--max-log-runs)",
                 (unsigned long long)records->limits->log_runs);
        return NULL;
    }
    struct log_record *record = orl_calloc(1, sizeof *record);
    if (record)
        record->key = orl_strdup(key);
    if (!record || !record->key ||
        !orl_reserve((void **)&records->items, &records->capacity, records->count + 1,
                     sizeof *records->items)) {
        if (record)
            log_record_destroy(record);
        orl_fail_memory(err);
        return NULL;
    }
    records->items[records->count++] = record;
    return record;
}

/* FNV-1a: the order of the table is never seen, so any hash does. */
static uint32_t name_hash(const char *name, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return hash;
}

static bool series_is_called(const struct log_series *series, const char *name, size_t length)
{
    return strncmp(series->name, name, length) == 0 && series->name[length] == '\0';
}

/* Where a name stands in the table, or would. */
static size_t index_find(const struct log_record *record, const char *name, size_t length)
{
    size_t place = name_hash(name, length) & (record->index_size - 1);
    while (record->index[place] &&
           !series_is_called(&record->series[record->index[place] - 1], name, length))
        place = (place + 1) & (record->index_size - 1);
    return place;
}

static bool index_grow(struct log_record *record)
{
    if (2 * (record->count + 1) <= record->index_size)
        return true;
    size_t size = record->index_size ? 2 * record->index_size : 64;
    uint32_t *index = orl_calloc(size, sizeof *index);
    if (!index)
        return false;
    free(record->index);
    record->index = index;
    record->index_size = size;
    for (size_t i = 0; i < record->count; i++) {
        const char *name = record->series[i].name;
        record->index[index_find(record, name, strlen(name))] = (uint32_t)i + 1;
    }
    return true;
}

static struct log_series *series_append(struct log_records *records, struct log_record *record,
                                        const char *name, size_t length, struct orl_error *err)
{
    if (record->count >= records->limits->log_columns) {
        orl_fail(err, ORL_EINPUT, "more than %llu columns (--max-log-columns)",
                 (unsigned long long)records->limits->log_columns);
        return NULL;
    }
    char *copy = orl_strndup(name, length);
    if (!copy || !orl_reserve((void **)&record->series, &record->capacity, record->count + 1,
                              sizeof *record->series)) {
        free(copy);
        orl_fail_memory(err);
        return NULL;
    }
    record->series[record->count] = (struct log_series){.name = copy};
    return &record->series[record->count++];
}

struct log_series *orl_log_series_get(struct log_records *records, struct log_record *record,
                                      const char *name, size_t length, struct orl_error *err)
{
    size_t next = record->count ? (record->last + 1) % record->count : 0;
    /* Rows name their columns in the same order, time and again. */
    if (record->count && series_is_called(&record->series[next], name, length)) {
        record->last = next;
        return &record->series[next];
    }
    if (!index_grow(record)) {
        orl_fail_memory(err);
        return NULL;
    }
    size_t place = index_find(record, name, length);
    if (!record->index[place]) {
        if (!series_append(records, record, name, length, err))
            return NULL;
        record->index[place] = (uint32_t)record->count;
    }
    record->last = record->index[place] - 1;
    return &record->series[record->last];
}

int orl_log_series_add(struct log_records *records, struct log_series *series, int64_t at,
                       double value, struct orl_error *err)
{
    if (series->count == series->capacity) {
        size_t wanted = series->capacity ? 2 * series->capacity : 16;
        int64_t *grown_at = orl_realloc_array(series->at, wanted, sizeof *grown_at);
        if (grown_at)
            series->at = grown_at;
        double *grown = grown_at ? orl_realloc_array(series->value, wanted, sizeof *grown) : NULL;
        if (!grown)
            return orl_fail_memory(err);
        series->value = grown;
        series->capacity = wanted;
    }
    if (++records->points > records->limits->log_points)
        return orl_fail(err, ORL_EINPUT, "more than %llu numbers (--max-log-points)",
                        (unsigned long long)records->limits->log_points);
    series->at[series->count] = at;
    series->value[series->count++] = value;
    return ORL_OK;
}

/* Which of the series' words it is; LOG_WORDS where there are too many. */
static size_t series_word(struct log_series *series, const char *word, size_t length)
{
    size_t i = 0;
    while (i < series->word_count &&
           (strncmp(series->words[i], word, length) != 0 || series->words[i][length] != '\0'))
        i++;
    if (i == series->word_count && i < LOG_WORDS) {
        series->words[i] = orl_strndup(word, length < 40 ? length : 40);
        series->word_count += series->words[i] != NULL;
        if (!series->words[i])
            return LOG_WORDS;
    }
    return i;
}

int orl_log_series_add_word(struct log_series *series, int64_t at, const char *word, size_t length,
                            struct orl_error *err)
{
    size_t kind = series->text ? LOG_WORDS : series_word(series, word, length);
    if (kind == LOG_WORDS) {
        series->text = true;
        return ORL_OK;
    }
    if (!orl_reserve((void **)&series->word_at, &series->word_capacity, series->cells + 1,
                     sizeof *series->word_at) ||
        !orl_reserve((void **)&series->word, &series->word_kind_capacity, series->cells + 1, 1))
        return orl_fail_memory(err);
    series->word_at[series->cells] = at;
    series->word[series->cells++] = (uint8_t)kind;
    return ORL_OK;
}

/* "2.5D-03": a double precision number as Fortran prints it. */
static bool number_of_fortran(const char *text, size_t length, double *value)
{
    char copy[48];
    if (length >= sizeof copy || !memchr(text, '.', length))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *mark = strpbrk(copy, "Dd");
    if (!mark)
        return false;
    *mark = 'e';
    return orl_double_parse(copy, length, value);
}

bool orl_log_number(const char *text, size_t length, double *value)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {
        {"nan", (double)NAN},
        {"+nan", (double)NAN},
        {"-nan", (double)NAN},
        {"nan(ind)", (double)NAN},
        {"-nan(ind)", (double)NAN},
        {"inf", (double)INFINITY},
        {"+inf", (double)INFINITY},
        {"infinity", (double)INFINITY},
        {"+infinity", (double)INFINITY},
        {"-inf", -(double)INFINITY},
        {"-infinity", -(double)INFINITY},
    };
    if (orl_double_parse(text, length, value) || number_of_fortran(text, length, value))
        return true;
    for (size_t i = 0; i < ORL_COUNT(words); i++)
        if (strlen(words[i].word) == length && strncasecmp(words[i].word, text, length) == 0) {
            *value = words[i].value;
            return true;
        }
    return false;
}
