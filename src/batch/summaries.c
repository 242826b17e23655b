/* Summaries compared, number by number. */
#include "batch/summaries.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/io.h"
#include "logs/json.h"

enum { SUMMARY_MAX = 256 << 20, TOLD_MOST = 6 };

static void item_uninit(struct summary_item *item)
{
    for (size_t i = 0; i < item->count; i++) {
        free(item->values[i].path);
        free(item->values[i].words);
    }
    free(item->values);
    free(item->name);
}

void orl_summary_uninit(struct summary *summary)
{
    for (size_t i = 0; i < summary->run_count; i++)
        item_uninit(&summary->runs[i]);
    for (size_t i = 0; i < summary->film_count; i++)
        item_uninit(&summary->films[i]);
    free(summary->runs);
    free(summary->films);
    *summary = (struct summary){0};
}

/* ---- Reading --------------------------------------------------------------------------------- */

static int value_add(void *context, const char *path, int token, const struct json_reader *reader,
                     struct orl_error *err)
{
    struct summary_item *item = context;
    if (!orl_reserve((void **)&item->values, &item->capacity, item->count + 1,
                     sizeof *item->values))
        return orl_fail_memory(err);
    struct summary_value *value = &item->values[item->count++];
    *value = (struct summary_value){.path = orl_strdup(path), .number = NAN};
    if (token == JSON_NUMBER)
        value->number = reader->number;
    else
        value->words = orl_strdup(token == JSON_TRUE    ? "true"
                                  : token == JSON_FALSE ? "false"
                                                        : reader->text.data);
    return value->path && (token == JSON_NUMBER || value->words) ? ORL_OK : orl_fail_memory(err);
}

static int items_read(struct json_reader *reader, const char *name, struct summary_item **items,
                      size_t *count, size_t *capacity, struct orl_error *err)
{
    struct orl_text path = {0};
    int token = orl_json_next(reader, err), ret = token == JSON_ARRAY ? ORL_OK : JSON_BROKEN;
    while (ret == ORL_OK && (token = orl_json_next(reader, err)) == JSON_OBJECT) {
        if (!orl_reserve((void **)items, capacity, *count + 1, sizeof **items)) {
            ret = orl_fail_memory(err);
            break;
        }
        struct summary_item *item = &(*items)[(*count)++];
        *item = (struct summary_item){0};
        orl_text_clear(&path);
        ret = orl_json_members(reader, &path, value_add, item, err);
        for (size_t i = 0; ret == ORL_OK && i < item->count; i++)
            if (strcmp(item->values[i].path, name) == 0 && item->values[i].words && !item->name &&
                !(item->name = orl_strdup(item->values[i].words)))
                ret = orl_fail_memory(err);
        if (ret == ORL_OK && !item->name)
            ret = JSON_BROKEN;
    }
    orl_text_uninit(&path);
    if (ret == ORL_OK && token != JSON_ARRAY_END)
        ret = token < 0 ? token : JSON_BROKEN;
    return ret;
}

/* The top of the file, after its opening brace. */
static int members_read(struct json_reader *reader, struct summary *out, bool *schema,
                        struct orl_error *err)
{
    int token, ret = ORL_OK;
    while (ret == ORL_OK && (token = orl_json_next(reader, err)) == JSON_KEY) {
        const char *key = reader->text.data;
        if (strcmp(key, "runs") == 0) {
            ret = items_read(reader, "name", &out->runs, &out->run_count, &out->run_capacity, err);
        } else if (strcmp(key, "films") == 0) {
            ret =
                items_read(reader, "path", &out->films, &out->film_count, &out->film_capacity, err);
        } else {
            bool here = strcmp(key, "schema") == 0;
            token = orl_json_next(reader, err);
            *schema |= here && token == JSON_NUMBER && reader->number == 1.0;
            ret = token < 0 ? token : orl_json_skip(reader, token, err);
            ret = ret == JSON_END ? ORL_OK : ret;
        }
    }
    return ret != ORL_OK ? ret : token == JSON_OBJECT_END ? ORL_OK : JSON_BROKEN;
}

int orl_summary_parse(const char *shown, const char *text, size_t length, struct summary *out,
                      struct orl_error *err)
{
    struct json_reader reader;
    bool schema = false;
    orl_json_read_text(&reader, text, length);
    int token = orl_json_next(&reader, err), ret = token == JSON_OBJECT
                                                       ? members_read(&reader, out, &schema, err)
                                                   : token < 0 ? token
                                                               : JSON_BROKEN;
    if (ret >= 0 && (ret == JSON_BROKEN || !schema))
        ret = orl_fail(err, ORL_EINPUT, "'%s' is not a summary.json of optreel", shown);
    orl_json_read_close(&reader);
    return ret;
}

int orl_summary_read(const char *path, struct summary *out, struct orl_error *err)
{
    char *text = NULL;
    size_t length;
    int ret = orl_file_read(path, SUMMARY_MAX, &text, &length, err);
    if (ret == ORL_OK)
        ret = orl_summary_parse(path, text, length, out, err);
    free(text);
    return ret;
}

/* ---- Comparing ------------------------------------------------------------------------------- */

const struct summary_item *orl_summary_find(const struct summary_item *items, size_t count,
                                            const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i].name, name) == 0)
            return &items[i];
    return NULL;
}

static const struct summary_value *value_find(const struct summary_item *item, const char *path)
{
    for (size_t i = 0; i < item->count; i++)
        if (strcmp(item->values[i].path, path) == 0)
            return &item->values[i];
    return NULL;
}

/* Whether two numbers are the same within a tolerance relative to the larger. NaN is itself. */
static bool numbers_near(double a, double b, double tolerance)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return a == b || fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

static bool value_same(const struct summary_value *a, const struct summary_value *b,
                       double tolerance)
{
    if (a->words || b->words)
        return a->words && b->words && strcmp(a->words, b->words) == 0;
    return numbers_near(a->number, b->number, strcmp(a->path, "rank") == 0 ? 0.0 : tolerance);
}

/* Of results: where a run ended, and when it got there. Else all but times. */
static bool value_counts(const char *path, enum summary_scope scope)
{
    static const char *const ends[] = {"status", "steps", "loss", "rank", "level_step"};
    enum { ALONE = 3 }; /* the first of them decide runs alone */
    if (scope == SUMMARY_ALL)
        return strcmp(path, "seconds") != 0;
    for (size_t i = 0; i < (scope == SUMMARY_ALONE ? (size_t)ALONE : ORL_COUNT(ends)); i++)
        if (strcmp(path, ends[i]) == 0)
            return true;
    return strncmp(path, "parameters.", 11) == 0 || strncmp(path, "steps_to.", 9) == 0;
}

static void value_put(struct orl_text *out, const struct summary_value *value)
{
    char number[ORL_NUMBER_SIZE];
    if (!value || (!value->words && isnan(value->number))) {
        orl_text_puts(out, "null");
        return;
    }
    if (!value->words)
        orl_double_short(number, value->number);
    orl_text_puts(out, value->words ? value->words : number);
}

static void difference_put(struct orl_text *out, size_t before, const char *path,
                           const struct summary_value *was, const struct summary_value *is)
{
    if (before >= TOLD_MOST)
        return;
    orl_text_printf(out, "%s%s ", before ? "; " : "", path);
    value_put(out, is);
    orl_text_puts(out, ", was ");
    value_put(out, was);
}

size_t orl_summary_compare(const struct summary_item *before, const struct summary_item *now,
                           double tolerance, enum summary_scope scope, struct orl_text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < before->count; i++) {
        const struct summary_value *was = &before->values[i], *is = value_find(now, was->path);
        if (value_counts(was->path, scope) && (!is || !value_same(was, is, tolerance)))
            difference_put(out, count++, was->path, was, is);
    }
    for (size_t i = 0; i < now->count; i++) {
        const struct summary_value *is = &now->values[i];
        if (value_counts(is->path, scope) && !value_find(before, is->path))
            difference_put(out, count++, is->path, NULL, is);
    }
    if (count > TOLD_MOST)
        orl_text_printf(out, "; and %zu more", count - TOLD_MOST);
    return count;
}
