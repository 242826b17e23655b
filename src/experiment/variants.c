/* output.variants: the same films again in other sizes, one run making all of them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/rows.h"
#include "experiment/types.h"

/* The preset of a variant; without a word of its own that of the films. */
static bool preset_choose(struct loader *l, const struct yaml_node *node,
                          const struct orl_preset_desc **out)
{
    const char *names[16] = {0};
    int choice;
    for (size_t i = 0; orl_presets[i].name && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_presets[i].name;
    if (!node)
        return true;
    if (!orl_read_choice(l, node, "preset", names, &choice))
        return false;
    *out = &orl_presets[choice];
    return true;
}

static bool variant_load(struct loader *l, const struct yaml_node *name,
                         const struct yaml_node *variant)
{
    const struct orl_preset_desc *films = l->preset;
    const struct yaml_node *preset;
    if (!orl_check_name(l, name, "a variant", name->text) ||
        !orl_keys_read(l, variant, &orl_variant_map, NULL))
        return false;
    preset = orl_yaml_get(variant, "preset");
    l->variant = name->text;
    bool good =
        preset_choose(l, preset, &l->preset) && orl_variant_choose(l, variant, preset != NULL);
    l->variant = NULL;
    l->preset = films;
    return good;
}

/* What is asked for on the command line, by --preset or --formats, is asked for alone. */
bool orl_load_variants(struct loader *l)
{
    const struct yaml_node *output = orl_yaml_get(l->root, "output"),
                           *variants = output ? orl_yaml_get(output, "variants") : NULL;
    bool good = true;
    if (!variants || l->options->bare || l->options->preset || l->options->formats)
        return true;
    if (!orl_read_kind(l, variants, YAML_MAP, "variants"))
        return false;
    for (size_t i = 0; i < variants->count; i++)
        good = variant_load(l, variants->keys[i], variants->items[i]) && good;
    return good;
}

static bool is_variant_of(const char *name, const char *film, const char *variant)
{
    size_t length = strlen(film);
    return strncasecmp(name, film, length) == 0 && name[length] == '.' &&
           strcasecmp(name + length + 1, variant) == 0;
}

bool orl_check_variants(struct loader *l)
{
    const struct orl_experiment *e = l->experiment;
    for (size_t v = 0; v < l->format_count; v++)
        for (size_t i = 0; l->formats[v].variant && i < e->film_count; i++)
            for (size_t k = 0; k < e->film_count; k++)
                if (is_variant_of(e->films[k].name, e->films[i].name, l->formats[v].variant))
                    return orl_read_fault(l, orl_yaml_get(l->root, "films"),
                                          "give the film another name",
                                          "the film '%s' is called as a variant of '%s' is",
                                          e->films[k].name, e->films[i].name);
    return true;
}
