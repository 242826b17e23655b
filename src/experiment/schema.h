/* Parts of the JSON Schema (draft 2020-12), over the values of YAML 1.2's core types. */
#ifndef ORL_EXPERIMENT_SCHEMA_H
#define ORL_EXPERIMENT_SCHEMA_H

#include "base/json.h"

struct key;
struct key_map;

/* A member whose value is a string. */
void orl_schema_text(struct orl_json *json, const char *key, const char *value);
/* `type`: one or several, separated by blanks. */
void orl_schema_type(struct orl_json *json, const char *types);
/* `enum`: the names of a row's choices. */
void orl_schema_choices(struct orl_json *json, const struct key *key);
/* Members of a number, from `minimum` to `maximum`: as YAML's number, or as text, in quotes. */
void orl_schema_number(struct orl_json *json, bool whole, double minimum, double maximum);
/* Members of true and false, and of the words for them. */
void orl_schema_boolean(struct orl_json *json);
/* Members of text: without quotes it may look like a number, and is text all the same. */
void orl_schema_any_text(struct orl_json *json);
/* `propertyNames`: the names of problems, optimizers, films. */
void orl_schema_names(struct orl_json *json);
/* Members of a map: its rows, closed to all other keys. */
void orl_schema_map(struct orl_json *json, const struct key_map *map);
/* A property: the key and the schema of its row. */
void orl_schema_property(struct orl_json *json, const struct key *key);
/* A property for a setting of a table. Those of optimizers may be sweeps, and some schedules. */
void orl_schema_setting(struct orl_json *json, const struct orl_setting *setting, bool sweeps);
/* The alternatives of its value alone, into the open list of an `anyOf`. */
void orl_schema_alternatives(struct orl_json *json, const struct orl_setting *setting, bool sweeps);

#endif
