/* output.theme: a theme's name, or a map of a base and colours of one's own, kept as the text that
 * scene/marks/theme.h describes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "experiment/read.h"
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

static bool read_own(struct loader *l, const struct yaml_node *map, struct orl_text *text)
{
    const char *known[NAMES] = {"base", "colors"}, *base = "light";
    size_t count = 2;
    for (size_t i = 0; orl_theme_roles[i] && count + 1 < NAMES; i++)
        known[count++] = orl_theme_roles[i];
    const struct yaml_node *node = orl_yaml_get(map, "base");
    bool good =
        orl_read_known_keys(l, map, "theme", known) && (!node || read_name(l, node, "base", &base));
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

bool orl_load_theme(struct loader *l, const struct yaml_node *node)
{
    struct orl_text text = {0};
    const char *name = NULL;
    char remark[160];
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
    free(l->experiment->theme);
    l->experiment->theme = theme;
    return true;
}
