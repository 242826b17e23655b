/* Long tables: a column that says to what the numbers of its row belong. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/sense.h"

static bool is_listed(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcasecmp(word, *list) == 0)
            return true;
    return false;
}

/* "metric, step, value": the words are the names of the numbers. */
static bool tells_names(const char *name)
{
    static const char *const names[] = {"metric", "metric_name", "key",     "tag",
                                        "name",   "variable",    "measure", NULL};
    return is_listed(name, names);
}

/* By its name, or because its words are those of parts of a data set. */
static bool tells_groups(const struct log_series *series)
{
    static const char *const names[] = {"set",    "split",   "phase",     "stage",  "mode",
                                        "subset", "dataset", "partition", "fold",   "run",
                                        "model",  "method",  "optimizer", "series", NULL};
    static const char *const words[] = {"train", "training", "val", "valid", "validation",
                                        "eval",  "test",     "dev", NULL};
    size_t known = 0;
    if (series->text || series->count > 0 || series->word_count < 2)
        return false;
    for (size_t i = 0; i < series->word_count; i++)
        known += is_listed(series->words[i], words);
    return is_listed(series->name, names) || tells_names(series->name) ||
           known == series->word_count;
}

/* Which word stands in each row; LOG_WORDS where none does. */
static uint8_t *row_words(const struct log_record *record, const struct log_series *group)
{
    uint8_t *of = orl_calloc((size_t)record->rows + 1, 1);
    if (!of)
        return NULL;
    memset(of, LOG_WORDS, (size_t)record->rows);
    for (size_t i = 0; i < group->cells; i++)
        of[group->word_at[i]] = group->word[i];
    return of;
}

/* Move the numbers of one series to those of its words. `index`: the record's series may move. */
static int series_split(struct log_records *records, struct log_record *record, size_t index,
                        const struct log_series *group, const uint8_t *of, struct orl_error *err)
{
    static const char *const values[] = {"value", "val", "values", NULL};
    size_t kept = 0, count = record->series[index].count;
    for (size_t i = 0; i < count; i++) {
        int64_t at = record->series[index].at[i];
        double value = record->series[index].value[i];
        uint8_t word = of[at];
        if (word == LOG_WORDS) {
            record->series[index].at[kept] = at;
            record->series[index].value[kept++] = value;
            continue;
        }
        const char *old = record->series[index].name;
        char *name = tells_names(group->name) && is_listed(old, values)
                         ? orl_strdup(group->words[word])
                         : orl_asprintf("%s/%s", group->words[word], old);
        struct log_series *part =
            name ? orl_log_series_get(records, record, name, strlen(name), err) : NULL;
        free(name);
        if (!part)
            return err->code ? err->code : orl_fail_memory(err);
        records->points--; /* it is moved, not added */
        int ret = orl_log_series_add(records, part, at, value, err);
        if (ret != ORL_OK)
            return ret;
    }
    record->series[index].count = kept;
    return ORL_OK;
}

/* What counts is the same for all parts: steps, epochs, times stay whole. */
static bool counts(const char *name)
{
    static const char *const words[] = {"step", "epoch", "iter", "time", "batch", NULL};
    char lower[80];
    size_t i = 0;
    for (; name[i] && i < sizeof lower - 1; i++)
        lower[i] = (char)(name[i] | (name[i] >= 'A' && name[i] <= 'Z' ? 32 : 0));
    lower[i] = '\0';
    for (const char *const *word = words; *word; word++)
        if (strstr(lower, *word) && !strstr(lower, "loss"))
            return true;
    return false;
}

int orl_log_groups_split(struct log_records *records, struct log_record *record,
                         struct orl_error *err)
{
    size_t found = 0, count = record->count;
    int ret = ORL_OK;
    while (found < count && !tells_groups(&record->series[found]))
        found++;
    if (found == count || record->stepped)
        return ORL_OK;
    struct log_series group = record->series[found]; /* its memory stays where it is */
    uint8_t *of = row_words(record, &group);
    if (!of)
        return orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < count; i++)
        if (i != found && !counts(record->series[i].name))
            ret = series_split(records, record, i, &group, of, err);
    free(of);
    return ret;
}
