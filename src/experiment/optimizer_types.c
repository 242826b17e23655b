/* Types of the keys of optimizers, whose settings are those of their kind. Who uses them reads
 * them; here are their schemas. */
#include <math.h>
#include <string.h>

#include "experiment/types.h"

static void number_write(struct orl_json *json)
{
    orl_json_open(json, '{');
    orl_schema_number(json, false, NAN, NAN);
    orl_json_close(json, '}');
}

static void formula_names_write(struct orl_json *json)
{
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "propertyNames");
    orl_json_open(json, '{');
    orl_schema_text(json, "pattern",
                    "^(?!(g|p|step|steps|pi|e|kind|title|state|hyper|update)$)"
                    "[A-Za-z_][A-Za-z0-9_]*$");
    orl_json_close(json, '}');
    orl_json_key(json, "additionalProperties");
}

static void state_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    formula_names_write(json);
    number_write(json);
}

const struct key_type orl_key_state = {.name = "numbers by names", .schema = state_schema};

/* A number, a schedule, or a list of them. */
static void hyper_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    formula_names_write(json);
    orl_json_open(json, '{');
    orl_schema_type(json, "number string array");
    orl_json_key(json, "minLength");
    orl_json_integer(json, 1);
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "items");
    orl_json_open(json, '{');
    orl_schema_type(json, "number string");
    orl_json_key(json, "minLength");
    orl_json_integer(json, 1);
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

const struct key_type orl_key_hyper = {.name = "numbers by names", .schema = hyper_schema};

/* ---- An entry: its rows, and the settings of its kind -----------------------------------------
 */

static void settings_write(struct orl_json *json, const struct orl_setting *settings)
{
    for (const struct orl_setting *s = settings; s && s->name; s++)
        orl_schema_setting(json, s, true);
}

/* The settings "name.key" of a group, as a map. */
static void group_write(struct orl_json *json, const char *name)
{
    size_t length = strlen(name);
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "additionalProperties");
    orl_json_bool(json, false);
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
    for (size_t i = 0; i < ORL_COMMON_COUNT; i++)
        if (strncmp(orl_optimizer_common[i].name, name, length) == 0 &&
            orl_optimizer_common[i].name[length] == '.') {
            struct orl_setting member = orl_optimizer_common[i];
            member.name += length + 1;
            orl_schema_setting(json, &member, true);
        }
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

/* What any kind takes; members of a group stand in its map. */
static void common_write(struct orl_json *json, const struct orl_setting *setting)
{
    if (strchr(setting->name, '.'))
        return;
    if (!orl_setting_is_group(orl_optimizer_common, setting->name)) {
        orl_schema_setting(json, setting, true);
        return;
    }
    orl_json_key(json, setting->name);
    orl_json_open(json, '{');
    orl_schema_text(json, "description", setting->description);
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    orl_schema_alternatives(json, setting, true);
    group_write(json, setting->name);
    orl_json_close(json, ']');
    orl_json_close(json, '}');
}

/* What a kind takes; NULL: a rule of one's own. */
static void kind_write(struct orl_json *json, const struct key_map *map,
                       const struct orl_optimizer_desc *desc)
{
    orl_json_open(json, '{');
    orl_json_key(json, "additionalProperties");
    orl_json_bool(json, false);
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
    for (const struct key *row = map->rows; row->name; row++)
        if (!desc || !(row->flags & KEY_OWN_RULE))
            orl_schema_property(json, row);
    settings_write(json, desc ? desc->settings : NULL);
    for (size_t i = 0; i < ORL_COMMON_COUNT; i++)
        if (!desc || !(desc->refuses >> i & 1u))
            common_write(json, &orl_optimizer_common[i]);
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

/* A schema that holds where a key is there (of no map nothing is required). */
static void has_write(struct orl_json *json, const char *key)
{
    orl_json_key(json, "if");
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "required");
    orl_json_open(json, '[');
    orl_json_string(json, key);
    orl_json_close(json, ']');
    orl_json_close(json, '}');
}

static void names_write(struct orl_json *json, const struct orl_optimizer_desc *desc)
{
    orl_json_key(json, "enum");
    orl_json_open(json, '[');
    orl_json_string(json, desc->name);
    for (const char *const *alias = desc->aliases; alias && *alias; alias++)
        orl_json_string(json, *alias);
    orl_json_close(json, ']');
}

/* {if: kind is this, then: what that kind takes} for each kind, and no other kind. */
static void dispatch_write(struct orl_json *json, const struct key_map *map)
{
    orl_json_open(json, '{');
    orl_json_key(json, "oneOf");
    orl_json_open(json, '[');
    for (size_t i = 0; orl_optimizers[i]; i++) {
        orl_json_open(json, '{');
        orl_json_key(json, "properties");
        orl_json_open(json, '{');
        orl_json_key(json, "kind");
        orl_json_open(json, '{');
        names_write(json, orl_optimizers[i]);
        orl_json_close(json, '}');
        orl_json_close(json, '}');
        orl_json_key(json, "allOf");
        orl_json_open(json, '[');
        kind_write(json, map, orl_optimizers[i]);
        orl_json_close(json, ']');
        orl_json_close(json, '}');
    }
    orl_json_close(json, ']');
    orl_json_close(json, '}');
}

#define ENTRY "#/properties/optimizers/additionalProperties"

static void reference_write(struct orl_json *json, const char *to)
{
    orl_json_open(json, '{');
    orl_schema_text(json, "$ref", to);
    orl_json_close(json, '}');
}

/* With `kind` as it says; with `update` a rule of one's own; else nothing is known of it. */
static void entry_schema(struct orl_json *json, const struct key_map *map)
{
    orl_schema_text(json, "type", "object");
    has_write(json, "kind");
    orl_json_key(json, "then");
    dispatch_write(json, map);
    orl_json_key(json, "else");
    orl_json_open(json, '{');
    has_write(json, "update");
    orl_json_key(json, "then");
    kind_write(json, map, NULL);
    orl_json_key(json, "else");
    orl_json_bool(json, false);
    orl_json_close(json, '}');
}

/* An entry whose name is that of the index-th kind needs neither. */
static void named_schema(struct orl_json *json, size_t index)
{
    char to[120];
    orl_schema_type(json, "object null");
    has_write(json, "kind");
    orl_json_key(json, "then");
    reference_write(json, ENTRY "/then");
    orl_json_key(json, "else");
    orl_json_open(json, '{');
    has_write(json, "update");
    orl_json_key(json, "then");
    reference_write(json, ENTRY "/else/then");
    orl_json_key(json, "else");
    snprintf(to, sizeof to, ENTRY "/then/oneOf/%zu/allOf/0", index);
    reference_write(json, to);
    orl_json_close(json, '}');
}

static void named_write(struct orl_json *json, const char *name, size_t index)
{
    orl_json_key(json, name);
    orl_json_open(json, '{');
    named_schema(json, index);
    orl_json_close(json, '}');
}

static void optimizers_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "minProperties");
    orl_json_integer(json, 1);
    orl_schema_names(json);
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
    for (size_t i = 0; orl_optimizers[i]; i++) {
        named_write(json, orl_optimizers[i]->name, i);
        for (const char *const *alias = orl_optimizers[i]->aliases; alias && *alias; alias++)
            named_write(json, *alias, i);
    }
    orl_json_close(json, '}');
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    entry_schema(json, key->map);
    orl_json_close(json, '}');
}

const struct key_type orl_key_optimizers = {.name = "optimizers by names",
                                            .schema = optimizers_schema};
