/* output.theme: a theme's name, or a map of a base and colours of one's own, kept as the text that
 * scene/marks/theme.h describes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "experiment/types.h"
#include "scene/tables.h"

enum { NAMES = 16, COLORS_MAX = 10 };

static bool read_name(struct loader *l, const struct yaml_node *node, const char *what,
                      const char **out)
{
    const char *names[NAMES] = {0};
    int choice;
    for (size_t i = 0; orl_themes[i].name && i + 1 < NAMES; i++)
        names[i] = orl_themes[i].name;
    if (!orl_read_choice(l, node, what, names, &choice))
        return false;
    *out = names[choice];
    return true;
}

/* "#rgb" or "#rrggbb", appended as "#rrggbb". */
static bool read_color(struct loader *l, const struct yaml_node *node, const char *what,
                       struct orl_text *text)
{
    size_t length = node->kind == YAML_SCALAR ? strlen(node->text) : 0, digits = 0;
    if (length && node->text[0] == '#')
        while (isxdigit((unsigned char)node->text[1 + digits]))
            digits++;
    if (length != digits + 1 || (digits != 3 && digits != 6))
        return orl_read_fault(l, node,
                              node->kind == YAML_SCALAR && !length
                                  ? "put the colour in quotes: # begins a comment"
                                  : NULL,
                              "'%s' takes a colour such as \"#f7f3e9\"", what);
    orl_text_putc(text, '#');
    for (size_t i = 1; i <= digits; i++)
        for (size_t k = 0; k < 6 / digits; k++)
            orl_text_putc(text, (char)tolower((unsigned char)node->text[i]));
    return true;
}

static bool read_colors(struct loader *l, const struct yaml_node *node, struct orl_text *text)
{
    bool good = orl_read_kind(l, node, YAML_LIST, "colors");
    if (good && (node->count == 0 || node->count > COLORS_MAX))
        return orl_read_fault(l, node, NULL,
                              "'colors' takes 1 to %d colours, one for each optimizer in turn",
                              COLORS_MAX);
    for (size_t i = 0; good && i < node->count; i++) {
        orl_text_puts(text, i ? "," : " colors=");
        good = read_color(l, node->items[i], "colors", text);
    }
    return good;
}

/* ---- The rows of a theme of one's own: roles come from scene's table ------------------------- */

static const char *theme_name(size_t i)
{
    return orl_themes[i].name;
}

static const struct key base_row = {.name = "base",
                                    .type = &orl_key_choice,
                                    .choice = theme_name,
                                    .description = "the theme that gives what is not set"};

static bool is_known(const char *name)
{
    for (size_t i = 0; orl_theme_roles[i]; i++)
        if (strcmp(orl_theme_roles[i], name) == 0)
            return true;
    return strcmp(name, base_row.name) == 0 || strcmp(name, "colors") == 0;
}

static bool check_keys(struct loader *l, const struct yaml_node *map)
{
    const char *known[NAMES] = {"base", "colors"};
    size_t count = 2;
    bool good = true;
    for (size_t i = 0; orl_theme_roles[i] && count + 1 < NAMES; i++)
        known[count++] = orl_theme_roles[i];
    for (size_t i = 0; i < map->count; i++) {
        if (is_known(map->keys[i]->text))
            continue;
        char *hint = orl_suggest_hint(map->keys[i]->text, known);
        good =
            orl_read_fault(l, map->keys[i], hint, "unknown key '%s' in theme", map->keys[i]->text);
        free(hint);
    }
    return good;
}

static bool read_own(struct loader *l, const struct yaml_node *map, struct orl_text *text)
{
    const char *base = "light";
    const struct yaml_node *node = orl_yaml_get(map, "base");
    bool good = check_keys(l, map) && (!node || read_name(l, node, "base", &base));
    orl_text_puts(text, base);
    for (size_t i = 0; good && orl_theme_roles[i]; i++) {
        if (!(node = orl_yaml_get(map, orl_theme_roles[i])))
            continue;
        orl_text_printf(text, " %s=", orl_theme_roles[i]);
        good = read_color(l, node, orl_theme_roles[i], text);
    }
    node = orl_yaml_get(map, "colors");
    return good && (!node || read_colors(l, node, text));
}

static bool theme_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    struct orl_text text = {0};
    const char *name = NULL;
    char **field = (char **)((char *)object + key->offset), remark[160];
    bool good =
        node->kind == YAML_MAP ? read_own(l, node, &text) : read_name(l, node, "theme", &name);
    if (name)
        orl_text_puts(&text, name);
    char *theme = orl_text_take(&text);
    if (!good || !theme) {
        free(theme);
        return good ? orl_read_no_memory(l) : false;
    }
    if (orl_theme_remark(theme, remark, sizeof remark))
        orl_yaml_warning(&l->source, node, "theme: %s", remark);
    free(*field);
    *field = theme;
    return true;
}

static bool theme_initial(const struct key *key, void *object)
{
    char **field = (char **)((char *)object + key->offset);
    *field = orl_strdup("light");
    return *field != NULL;
}

static void theme_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_key_text.hash(hash, key, object);
}

static void theme_release(const struct key *key, void *object)
{
    orl_key_text.release(key, object);
}

static void color_write(struct orl_json *json, const char *description)
{
    orl_json_open(json, '{');
    if (description)
        orl_schema_text(json, "description", description);
    orl_schema_text(json, "type", "string");
    orl_schema_text(json, "pattern", "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$");
    orl_json_close(json, '}');
}

static void own_write(struct orl_json *json)
{
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "additionalProperties");
    orl_json_bool(json, false);
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
    orl_schema_property(json, &base_row);
    for (size_t i = 0; orl_theme_roles[i]; i++) {
        orl_json_key(json, orl_theme_roles[i]);
        color_write(json, "a colour, #rgb or #rrggbb");
    }
    orl_json_key(json, "colors");
    orl_json_open(json, '{');
    orl_schema_text(json, "description", "the runs' colours, in their order");
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "maxItems");
    orl_json_integer(json, COLORS_MAX);
    orl_json_key(json, "items");
    color_write(json, NULL);
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

static void theme_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    orl_json_open(json, '{');
    orl_schema_choices(json, &(struct key){.choice = theme_name});
    orl_json_close(json, '}');
    orl_json_open(json, '{');
    own_write(json);
    orl_json_close(json, '}');
    orl_json_close(json, ']');
}

const struct key_type orl_key_theme = {"a theme",  theme_read,    theme_initial,
                                       theme_hash, theme_release, theme_schema};
