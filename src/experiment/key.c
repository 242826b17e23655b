/* What is done with the rows of a map: reading, defaults, hints, hashing, release. */
#include "experiment/key.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* ---- Hints ------------------------------------------------------------------------------------
 */

static char *names_hint(const struct key_map *kind, const char *word, bool near)
{
    size_t count = 0;
    while (kind->rows[count].name)
        count++;
    const char **names = orl_calloc(count + 1, sizeof *names);
    char *hint = NULL;
    for (size_t i = 0; names && i < count; i++)
        names[i] = kind->rows[i].name;
    if (names && (!near || orl_suggest(word, names)))
        hint = orl_suggest_hint(word, names);
    free(names);
    return hint;
}

/* The way from a map to a row of this name, as --set writes it: "output.theme". Maps by the user's
 * names and lists are written as the first of them. */
static bool find_below(const struct key_map *kind, const char *name, unsigned depth,
                       struct orl_text *path)
{
    for (const struct key *row = kind->rows; row->name; row++) {
        if (depth > 0 && strcmp(row->name, name) == 0) {
            orl_text_puts(path, name);
            return true;
        }
    }
    for (const struct key *row = kind->rows; row->name; row++) {
        size_t before = path->length;
        if (!row->map || row->map == kind || depth > 4)
            continue;
        orl_text_printf(path, "%s%s", row->name,
                        row->type == &orl_key_list      ? "[]."
                        : row->type == &orl_key_by_name ? ".<name>."
                                                        : ".");
        for (const struct key_map *map = row->map; map; map = map->or_map)
            if (find_below(map, name, depth + 1, path))
                return true;
        path->length = before;
        path->data[before] = '\0';
    }
    return false;
}

/* "`theme` belongs in `output.theme`": a key of another map. NULL where no map has it. */
static char *elsewhere_hint(const struct loader *l, const struct key_map *kind, const char *word)
{
    struct orl_text path = {0};
    char *hint = NULL;
    if (find_below(kind, word, 0, &path) && path.data)
        hint = orl_asprintf("did you mean `%s`?", path.data);
    orl_text_clear(&path);
    if (!hint && l->keys && l->keys != kind) {
        if (orl_key_find(l->keys, word))
            hint = orl_asprintf("did you mean `%s` at the top of the file?", word);
        else if (find_below(l->keys, word, 0, &path) && path.data)
            hint = orl_asprintf("did you mean `%s`?", path.data);
    }
    orl_text_uninit(&path);
    return hint;
}

char *orl_key_hint(const struct loader *l, const struct key_map *kind, const char *word)
{
    char *hint = elsewhere_hint(l, kind, word); /* spelt right says more than nearly right */
    if (!hint)
        hint = names_hint(kind, word, true);
    return hint ? hint : names_hint(kind, word, false);
}

/* A fault at a key that its map does not have, with a hint to the nearest one, or to the map that
 * it belongs to. Always false. */
static bool key_unknown(struct loader *l, const struct yaml_node *key, const struct key_map *kind)
{
    char *hint = orl_key_hint(l, kind, key->text);
    orl_read_fault(l, key, hint, "unknown key '%s' in %s", key->text, kind->what);
    free(hint);
    return false;
}

/* ---- Reading ----------------------------------------------------------------------------------
 */

bool orl_keys_known(struct loader *l, const struct yaml_node *map, const struct key_map *kind)
{
    bool good = true;
    for (size_t i = 0; i < map->count; i++)
        if (!orl_key_find(kind, map->keys[i]->text))
            good = key_unknown(l, map->keys[i], kind);
    return good;
}

static bool read_row(struct loader *l, const struct yaml_node *node, const struct key *row,
                     void *object)
{
    if (row->flags & KEY_ELSEWHERE)
        return true;
    if ((row->flags & KEY_PRESET) && l->options->preset && !node->origin)
        return true;
    return row->type->read(l, node, row, object);
}

bool orl_keys_read(struct loader *l, const struct yaml_node *map, const struct key_map *kind,
                   void *object)
{
    if (!orl_read_kind(l, map, YAML_MAP, kind->what))
        return false;
    bool good = true;
    for (size_t i = 0; i < map->count; i++) {
        const struct key *row = orl_key_find(kind, map->keys[i]->text);
        if (row)
            good = read_row(l, map->items[i], row, object) && good;
        else if (kind->other)
            good = kind->other(l, map->keys[i], map->items[i], object) && good;
        else
            good = key_unknown(l, map->keys[i], kind);
    }
    for (const struct key *row = kind->rows; row->name; row++)
        if ((row->flags & KEY_REQUIRED) && !orl_yaml_get(map, row->name))
            good = orl_read_fault(l, map, row->description, "the key '%s' is missing", row->name);
    return good && (!kind->check || kind->check(l, map, object));
}

bool orl_keys_default(const struct key_map *kind, void *object)
{
    bool good = true;
    for (const struct key *row = kind->rows; row->name; row++)
        if (!(row->flags & KEY_ELSEWHERE) && row->type->initial)
            good = row->type->initial(row, object) && good;
    return good;
}

void orl_keys_hash(struct orl_sha256 *hash, const struct key_map *kind, const void *object,
                   unsigned flag)
{
    for (const struct key *row = kind->rows; row->name; row++)
        if ((row->flags & flag) && !(row->flags & KEY_ELSEWHERE)) {
            orl_sha256_string(hash, row->name);
            row->type->hash(hash, row, object);
        }
}

void orl_keys_free(const struct key_map *kind, void *object)
{
    for (const struct key *row = kind->rows; row->name; row++)
        if (!(row->flags & KEY_ELSEWHERE) && row->type->release)
            row->type->release(row, object);
}

/* ---- Maps within maps, and lists of maps ------------------------------------------------------
 */

static bool map_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                     void *object)
{
    return orl_keys_read(l, node, key->map, (char *)object + key->offset);
}

static bool map_initial(const struct key *key, void *object)
{
    return orl_keys_default(key->map, (char *)object + key->offset);
}

static void map_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_keys_hash(hash, key->map, (const char *)object + key->offset,
                  key->flags & (KEY_RUN | KEY_FILM));
}

static void map_release(const struct key *key, void *object)
{
    orl_keys_free(key->map, (char *)object + key->offset);
}

static void map_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_map(json, key->map);
}

const struct key_type orl_key_map = {"a map",  map_read,    map_initial,
                                     map_hash, map_release, map_schema};

/* ---- The same, or a single value: "noise: 0.3" is short for "noise: {sd: 0.3}" */

static bool brief_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    struct key first = key->map->rows[0];
    first.name = key->name;
    if (node->kind == YAML_MAP)
        return map_read(l, node, key, object);
    return first.type->read(l, node, &first, (char *)object + key->offset);
}

static void brief_schema(struct orl_json *json, const struct key *key)
{
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    orl_json_open(json, '{');
    key->map->rows[0].type->schema(json, &key->map->rows[0]);
    orl_json_close(json, '}');
    orl_json_open(json, '{');
    orl_schema_map(json, key->map);
    orl_json_close(json, '}');
    orl_json_close(json, ']');
}

const struct key_type orl_key_brief = {"a value or a map", brief_read,  map_initial,
                                       map_hash,           map_release, brief_schema};

/* The structures of a list, and their number. */
static char *list_items(const struct key *key, const void *object, size_t *count)
{
    char *items;
    memcpy(&items, (const char *)object + key->offset, sizeof items);
    memcpy(count, (const char *)object + key->count_offset, sizeof *count);
    return items;
}

static void list_set(const struct key *key, void *object, char *items, size_t count)
{
    memcpy((char *)object + key->offset, &items, sizeof items);
    memcpy((char *)object + key->count_offset, &count, sizeof count);
}

static void list_release(const struct key *key, void *object)
{
    size_t count;
    char *items = list_items(key, object, &count);
    for (size_t i = 0; i < count; i++)
        orl_keys_free(key->map, items + i * key->map->size);
    free(items);
    list_set(key, object, NULL, 0);
}

static bool list_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                      void *object)
{
    if (!orl_read_kind(l, node, YAML_LIST, key->name))
        return false;
    list_release(key, object);
    char *items = orl_calloc(node->count, key->map->size);
    if (!items)
        return orl_read_no_memory(l);
    list_set(key, object, items, node->count);
    bool good = true;
    for (size_t i = 0; i < node->count; i++) {
        void *item = items + i * key->map->size;
        if (!orl_keys_default(key->map, item))
            return orl_read_no_memory(l);
        good = orl_keys_read(l, node->items[i], key->map, item) && good;
    }
    return good;
}

static void list_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    size_t count;
    const char *items = list_items(key, object, &count);
    orl_sha256_number(hash, (double)count);
    for (size_t i = 0; i < count; i++)
        orl_keys_hash(hash, key->map, items + i * key->map->size,
                      key->flags & (KEY_RUN | KEY_FILM));
}

static void list_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "items");
    orl_json_open(json, '{');
    orl_schema_map(json, key->map);
    orl_json_close(json, '}');
}

const struct key_type orl_key_list = {"a list of maps", list_read,    NULL,
                                      list_hash,        list_release, list_schema};

static void by_name_schema(struct orl_json *json, const struct key *key)
{
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "minProperties");
    orl_json_integer(json, 1);
    orl_schema_names(json);
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    orl_schema_map(json, key->map);
    orl_json_close(json, '}');
}

static void either_schema(struct orl_json *json, const struct key *key)
{
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    for (const struct key_map *map = key->map; map; map = map->or_map) {
        orl_json_open(json, '{');
        orl_schema_map(json, map);
        orl_json_close(json, '}');
    }
    orl_json_close(json, ']');
}

const struct key_type orl_key_either = {.name = "a map", .schema = either_schema};

const struct key_type orl_key_by_name = {.name = "maps by names", .schema = by_name_schema};
