/* Parts of the JSON Schema: numbers, choices, maps by their rows, settings of tables. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "experiment/key.h"
#include "experiment/rows.h"

/* What orl_double_parse reads, and what orl_int64_parse reads where nothing follows the digits. */
#define NUMBER_PATTERN "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$"
#define WHOLE_PATTERN  "^[+-]?[0-9]+(\\.0*)?([eE]\\+?[0-9]+)?$"
#define NAME_PATTERN   "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"

void orl_schema_text(struct orl_json *json, const char *key, const char *value)
{
    orl_json_key(json, key);
    orl_json_string(json, value);
}

void orl_schema_type(struct orl_json *json, const char *types)
{
    char name[16];
    orl_json_key(json, "type");
    if (!strchr(types, ' ')) {
        orl_json_string(json, types);
        return;
    }
    orl_json_open(json, '[');
    for (const char *at = types; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        orl_json_string(json, name);
        at += length;
    }
    orl_json_close(json, ']');
}

void orl_schema_choices(struct orl_json *json, const struct key *key)
{
    const char *name;
    orl_json_key(json, "enum");
    orl_json_open(json, '[');
    for (size_t i = 0; (name = orl_key_choice_name(key, i)); i++)
        orl_json_string(json, name);
    orl_json_close(json, ']');
}

void orl_schema_number(struct orl_json *json, bool whole, double minimum, double maximum)
{
    orl_schema_type(json, whole ? "integer string" : "number string");
    if (isfinite(minimum)) {
        orl_json_key(json, "minimum");
        orl_json_number(json, minimum);
    }
    if (isfinite(maximum)) {
        orl_json_key(json, "maximum");
        orl_json_number(json, maximum);
    }
    orl_schema_text(json, "pattern", whole ? WHOLE_PATTERN : NUMBER_PATTERN);
}

void orl_schema_boolean(struct orl_json *json)
{
    orl_json_key(json, "enum");
    orl_json_open(json, '[');
    orl_json_bool(json, true);
    orl_json_bool(json, false);
    for (size_t i = 0; orl_boolean_words[i]; i++)
        orl_json_string(json, orl_boolean_words[i]);
    orl_json_close(json, ']');
}

void orl_schema_any_text(struct orl_json *json)
{
    orl_schema_type(json, "string number boolean null");
}

void orl_schema_names(struct orl_json *json)
{
    orl_json_key(json, "propertyNames");
    orl_json_open(json, '{');
    orl_schema_text(json, "pattern", NAME_PATTERN);
    orl_json_close(json, '}');
}

void orl_schema_property(struct orl_json *json, const struct key *key)
{
    char text[400];
    orl_json_key(json, key->name);
    orl_json_open(json, '{');
    snprintf(text, sizeof text, key->unit ? "%s (%s)" : "%s", key->description, key->unit);
    orl_schema_text(json, "description", text);
    key->type->schema(json, key);
    orl_json_close(json, '}');
}

static void required_write(struct orl_json *json, const struct key_map *map)
{
    bool any = false;
    for (const struct key *row = map->rows; row->name; row++)
        any |= (row->flags & KEY_REQUIRED) != 0;
    if (!any)
        return;
    orl_json_key(json, "required");
    orl_json_open(json, '[');
    for (const struct key *row = map->rows; row->name; row++)
        if (row->flags & KEY_REQUIRED)
            orl_json_string(json, row->name);
    orl_json_close(json, ']');
}

void orl_schema_map(struct orl_json *json, const struct key_map *map)
{
    orl_schema_text(json, "type", "object");
    required_write(json, map);
    orl_json_key(json, "additionalProperties");
    if (map->named) {
        orl_json_open(json, '{');
        map->named->type->schema(json, map->named);
        orl_json_close(json, '}');
    } else {
        orl_json_bool(json, false);
    }
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
    for (const struct key *row = map->rows; row->name; row++)
        orl_schema_property(json, row);
    if (map->schema)
        map->schema(json);
    orl_json_close(json, '}');
}

/* ---- Settings of tables -----------------------------------------------------------------------
 */

static void names_write(struct orl_json *json, const struct orl_setting *s)
{
    orl_json_key(json, "type");
    orl_json_open(json, '[');
    if (s->minimum <= 1)
        orl_json_string(json, "string");
    orl_json_string(json, "array");
    orl_json_close(json, ']');
    orl_json_key(json, "items");
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "string");
    orl_json_close(json, '}');
    orl_json_key(json, "minItems");
    orl_json_number(json, s->minimum);
    orl_json_key(json, "maxItems");
    orl_json_number(json, s->maximum);
}

static void single_write(struct orl_json *json, const struct orl_setting *s)
{
    switch (s->type) {
    case ORL_SETTING_REAL:
    case ORL_SETTING_INTEGER:
        orl_schema_number(json, s->type == ORL_SETTING_INTEGER, s->minimum, s->maximum);
        break;
    case ORL_SETTING_BOOLEAN:
        orl_schema_boolean(json);
        break;
    case ORL_SETTING_CHOICE:
        orl_schema_choices(json, &(struct key){.choices = s->choices});
        break;
    case ORL_SETTING_TEXT:
        orl_schema_any_text(json);
        break;
    case ORL_SETTING_NAMES:
        names_write(json, s);
        break;
    }
}

static void alternative_write(struct orl_json *json, const struct orl_setting *s)
{
    orl_json_open(json, '{');
    single_write(json, s);
    orl_json_close(json, '}');
    if (s->type == ORL_SETTING_REAL && isnan(s->initial)) {
        orl_json_open(json, '{');
        orl_schema_text(json, "type", "null");
        orl_json_close(json, '}');
    }
    if (s->schedule) {
        orl_json_open(json, '{');
        orl_schema_text(json, "type", "string");
        orl_json_key(json, "minLength");
        orl_json_integer(json, 1);
        orl_schema_text(json, "description", "a schedule: a formula of step and steps");
        orl_json_close(json, '}');
    }
}

static void sweep_write(struct orl_json *json, const struct orl_setting *s)
{
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "array");
    orl_schema_text(json, "description", "a sweep: one run for each value");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "items");
    orl_json_open(json, '{');
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    alternative_write(json, s);
    orl_json_close(json, ']');
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

void orl_schema_alternatives(struct orl_json *json, const struct orl_setting *setting, bool sweeps)
{
    alternative_write(json, setting);
    if (sweeps)
        sweep_write(json, setting);
    if (sweeps && setting->tunable) {
        orl_json_open(json, '{');
        orl_schema_map(json, &orl_tune_map);
        orl_json_close(json, '}');
    }
}

void orl_schema_setting(struct orl_json *json, const struct orl_setting *setting, bool sweeps)
{
    for (size_t a = 0; a == 0 || (setting->aliases && setting->aliases[a - 1]); a++) {
        orl_json_key(json, a == 0 ? setting->name : setting->aliases[a - 1]);
        orl_json_open(json, '{');
        orl_schema_text(json, "description", setting->description);
        orl_json_key(json, "anyOf");
        orl_json_open(json, '[');
        orl_schema_alternatives(json, setting, sweeps);
        orl_json_close(json, ']');
        orl_json_close(json, '}');
    }
}
