/* output.theme: a theme's name, or a map of a base and colours of one's own. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "experiment/types.h"
#include "scene/tables.h"

enum { NAMES = 16, HEX = 16 };

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

static const char transparent[] = "transparent"; /* in place of the background's colour */

static bool is_transparent(const struct yaml_node *node, size_t role)
{
    return role == 0 && node->kind == YAML_SCALAR && strcmp(node->text, transparent) == 0;
}

/* "#rgb" or "#rrggbb". */
static bool color_read(struct loader *l, const struct yaml_node *node, const char *what,
                       uint32_t *rgb)
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
    *rgb = (uint32_t)strtoul(node->text + 1, NULL, HEX);
    if (digits == 3) /* each digit twice */
        *rgb = 0x11 * ((*rgb & 0xf00) << 8 | (*rgb & 0xf0) << 4 | (*rgb & 0xf));
    return true;
}

static bool colors_read(struct loader *l, const struct yaml_node *node,
                        struct orl_theme_spec *theme)
{
    bool good = orl_read_kind(l, node, YAML_LIST, "colors");
    if (good && (node->count == 0 || node->count > ORL_THEME_COLORS))
        return orl_read_fault(l, node, NULL,
                              "'colors' takes 1 to %d colours, one for each optimizer in turn",
                              ORL_THEME_COLORS);
    for (size_t i = 0; good && i < node->count; i++)
        good = color_read(l, node->items[i], "colors", &theme->colors[theme->color_count++]);
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
    for (size_t i = 0; orl_theme_roles[i].name; i++)
        if (strcmp(orl_theme_roles[i].name, name) == 0)
            return true;
    return strcmp(name, base_row.name) == 0 || strcmp(name, "colors") == 0;
}

static bool check_keys(struct loader *l, const struct yaml_node *map)
{
    const char *known[NAMES] = {"base", "colors"};
    size_t count = 2;
    bool good = true;
    for (size_t i = 0; orl_theme_roles[i].name && count + 1 < NAMES; i++)
        known[count++] = orl_theme_roles[i].name;
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

static bool own_read(struct loader *l, const struct yaml_node *map, struct orl_theme_spec *theme)
{
    const struct yaml_node *node = orl_yaml_get(map, "base");
    bool good = check_keys(l, map) && (!node || read_name(l, node, "base", &theme->base));
    for (size_t i = 0; good && orl_theme_roles[i].name; i++)
        if (!(node = orl_yaml_get(map, orl_theme_roles[i].name)))
            continue;
        else if (is_transparent(node, i))
            theme->transparent = true;
        else
            good = theme->roles[i].given =
                color_read(l, node, orl_theme_roles[i].name, &theme->roles[i].rgb);
    node = orl_yaml_get(map, "colors");
    return good && (!node || colors_read(l, node, theme));
}

static bool theme_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    struct orl_theme_spec theme = {0};
    char remark[160];
    if (node->kind == YAML_MAP ? !own_read(l, node, &theme)
                               : !read_name(l, node, "theme", &theme.base))
        return false;
    if (orl_theme_remark(&theme, remark, sizeof remark))
        orl_yaml_warning(&l->source, node, "theme: %s", remark);
    *(struct orl_theme_spec *)((char *)object + key->offset) = theme;
    return true;
}

static void theme_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    const struct orl_theme_spec *theme =
        (const struct orl_theme_spec *)((const char *)object + key->offset);
    orl_sha256_string(hash, theme->base ? theme->base : "light");
    for (size_t i = 0; i < ORL_THEME_ROLES; i++)
        orl_sha256_number(hash, theme->roles[i].given          ? theme->roles[i].rgb
                                : i == 0 && theme->transparent ? -2.0
                                                               : -1.0);
    orl_sha256_number(hash, (double)theme->color_count);
    for (size_t i = 0; i < theme->color_count; i++)
        orl_sha256_number(hash, theme->colors[i]);
}

static void color_write(struct orl_json *json, const char *description, bool or_none)
{
    orl_json_open(json, '{');
    if (description)
        orl_schema_text(json, "description", description);
    orl_schema_text(json, "type", "string");
    orl_schema_text(json, "pattern",
                    or_none ? "^(#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})|transparent)$"
                            : "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$");
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
    for (size_t i = 0; orl_theme_roles[i].name; i++) {
        orl_json_key(json, orl_theme_roles[i].name);
        color_write(json, orl_theme_roles[i].description, i == 0);
    }
    orl_json_key(json, "colors");
    orl_json_open(json, '{');
    orl_schema_text(json, "description", "the runs' colours, in their order");
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "maxItems");
    orl_json_integer(json, ORL_THEME_COLORS);
    orl_json_key(json, "items");
    color_write(json, NULL, false);
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

const struct key_type orl_key_theme = {
    .name = "a theme", .read = theme_read, .hash = theme_hash, .schema = theme_schema};
