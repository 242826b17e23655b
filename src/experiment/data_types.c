/* Types of the keys of problems: data made or read, columns, losses, domains. */
#include <math.h>
#include <stdlib.h>

#include "experiment/types.h"

static void number_schema(struct orl_json *json)
{
    orl_json_open(json, '{');
    orl_schema_number(json, false, NAN, NAN);
    orl_json_close(json, '}');
}

/* The properties of a list of numbers, into an open object. */
static void numbers_list_write(struct orl_json *json)
{
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "items");
    number_schema(json);
}

static void numbers_list_schema(struct orl_json *json)
{
    orl_json_open(json, '{');
    numbers_list_write(json);
    orl_json_close(json, '}');
}

/* ---- A column of made data: a list of numbers, or from, to and count --------------------------
 */

const char *const orl_distribution_names[] = {"uniform", NULL};
#define AT(field) .offset = offsetof(struct orl_column_spec, field)
static const struct key column_rows[] = {
    {.name = "from",
     .type = &orl_key_real,
     .flags = KEY_REQUIRED | KEY_THROUGH,
     AT(from),
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .description = "the first point, or the least that a random one may be"},
    {.name = "to",
     .type = &orl_key_real,
     .flags = KEY_REQUIRED | KEY_THROUGH,
     AT(to),
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .description = "the last point, or the most that a random one may be"},
    {.name = "count",
     .type = &orl_key_count,
     .flags = KEY_REQUIRED | KEY_THROUGH,
     AT(count),
     .minimum = 1,
     .limit = KEY_LIMIT(points),
     .description = "the number of points"},
    {.name = "random",
     .type = &orl_key_choice,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .choices = orl_distribution_names,
     .description = "points at random instead of evenly spaced ones",
     .example = "uniform"},
    {0},
};
#undef AT
const struct key_map orl_column_map = {.what = "a column", .rows = column_rows};

static void column_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    numbers_list_schema(json);
    orl_json_open(json, '{');
    orl_schema_map(json, &orl_column_map);
    orl_json_close(json, '}');
    orl_json_close(json, ']');
}

const struct key_type orl_key_column = {.name = "points", .schema = column_schema};

static void list_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    numbers_list_write(json);
}

const struct key_type orl_key_list_of_numbers = {.name = "numbers", .schema = list_schema};

/* ---- Columns of a file: headers, or positions -------------------------------------------------
 */

static void columns_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "propertyNames");
    orl_json_open(json, '{');
    orl_schema_text(json, "pattern", "^[A-Za-z_][A-Za-z0-9_]*$");
    orl_json_close(json, '}');
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    orl_schema_type(json, "string number boolean null");
    orl_json_close(json, '}');
}

const struct key_type orl_key_columns = {.name = "headers by names", .schema = columns_schema};

/* ---- [from, to] by parameter ------------------------------------------------------------------
 */

static void range_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 2);
    orl_json_key(json, "maxItems");
    orl_json_integer(json, 2);
    orl_json_key(json, "items");
    number_schema(json);
}

const struct key_type orl_key_range = {.name = "[from, to]", .schema = range_schema};

static void domain_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    range_schema(json, key);
    orl_json_close(json, '}');
}

const struct key_type orl_key_domain = {.name = "[from, to] by names", .schema = domain_schema};

/* ---- A point by parameter, or a list of points -------------------------------------------------
 */

static void point_schema(struct orl_json *json)
{
    orl_json_open(json, '{');
    orl_key_numbers.schema(json, NULL);
    orl_json_close(json, '}');
}

static void points_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    point_schema(json);
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "items");
    point_schema(json);
    orl_json_close(json, '}');
    orl_json_close(json, ']');
}

const struct key_type orl_key_points = {.name = "numbers by names, or a list of those",
                                        .schema = points_schema};

/* ---- A word that may be none ------------------------------------------------------------------
 */

static bool word_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                      void *object)
{
    char **word = (char **)((char *)object + key->offset);
    if (!orl_read_kind(l, node, YAML_SCALAR, key->name))
        return false;
    free(*word);
    *word = orl_strdup(orl_yaml_is_null(node) ? "" : node->text);
    return *word ? true : orl_read_no_memory(l);
}

static void word_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_key_text.hash(hash, key, object);
}

static void word_release(const struct key *key, void *object)
{
    orl_key_text.release(key, object);
}

static void word_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_any_text(json);
}

const struct key_type orl_key_word = {"text, or null", word_read,    NULL,
                                      word_hash,       word_release, word_schema};
