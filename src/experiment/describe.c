/* The rows as text for people: the keys of a map for the help, a description for the template. */
#include <math.h>
#include <string.h>

#include "experiment/rows.h"

enum { NAME_COLUMNS = 20 };

/* "a number, s, from 0.1, default 10" */
static void facts_append(struct orl_text *text, const struct key *row)
{
    char number[ORL_NUMBER_SIZE];
    bool ranged =
        row->type == &orl_key_real || row->type == &orl_key_integer || row->type == &orl_key_count;
    const char *name;
    orl_text_puts(text, " (");
    if (row->choices || row->choice)
        for (size_t i = 0; (name = orl_key_choice_name(row, i)); i++)
            orl_text_printf(text, "%s%s", i ? ", " : "", name);
    else
        orl_text_puts(text, row->type->name);
    if (row->unit)
        orl_text_printf(text, ", %s", row->unit);
    if (ranged && isfinite(row->minimum)) {
        orl_double_short(number, row->minimum);
        orl_text_printf(text, ", from %s", number);
    }
    if (ranged && isfinite(row->initial) && row->initial >= row->minimum &&
        !(row->flags & KEY_REQUIRED)) {
        orl_double_short(number, row->initial);
        orl_text_printf(text, ", default %s", number);
    }
    orl_text_puts(text, row->flags & KEY_REQUIRED ? ", required)" : ")");
}

static void rows_append(struct orl_text *text, const struct key_map *map, int indent)
{
    for (const struct key *row = map->rows; row->name; row++) {
        orl_text_printf(text, "  %*s%-*s %s", indent, "", NAME_COLUMNS - indent, row->name,
                        row->description);
        facts_append(text, row);
        orl_text_putc(text, '\n');
        if (row->map && !row->map->topic)
            rows_append(text, row->map, indent + 2);
    }
}

/* The map of a topic, from `map` on; NULL where there is none. */
static const struct key_map *topic_find(const struct key_map *map, const char *topic)
{
    const struct key_map *found = map->topic && strcmp(map->topic, topic) == 0 ? map : NULL;
    for (const struct key *row = map->rows; !found && row->name; row++)
        if (row->map)
            found = topic_find(row->map, topic);
    return found;
}

/* Maps of one topic in their order: `data` has three, `runs` that of `add` within it. */
static void topic_append(struct orl_text *text, const struct key_map *map, const char *topic)
{
    if (map->topic && strcmp(map->topic, topic) == 0) {
        if (text->length)
            orl_text_putc(text, '\n');
        rows_append(text, map, 0);
    }
    for (const struct key *row = map->rows; row->name; row++)
        for (const struct key_map *below = row->map; below; below = below->or_map)
            topic_append(text, below, topic);
}

char *orl_experiment_keys(const char *topic)
{
    struct orl_text text = {0};
    if (topic_find(&orl_experiment_map, topic))
        topic_append(&text, &orl_experiment_map, topic);
    return orl_text_take(&text);
}

const struct key *orl_key_at(const char *path)
{
    const struct key_map *map = &orl_experiment_map;
    const struct key *row = NULL;
    while (*path && map) {
        char name[64];
        size_t length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        row = orl_key_find(map, name);
        map = row ? row->map : NULL;
        path += length + (path[length] == '.');
    }
    return *path ? NULL : row;
}
