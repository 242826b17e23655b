/* The optimizers of an experiment: kinds, hyperparameters, sweeps. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/rows.h"

/* The names of all kinds, for suggestions. Owned by the caller: the list alone. */
static const char **kind_names(void)
{
    size_t count = 0, fill = 0;
    while (orl_optimizers[count])
        count++;
    const char **names = orl_calloc(count + 1, sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[fill++] = orl_optimizers[i]->name;
    return names;
}

/* Numbers by name, for state and hyperparameters. Names are those of formulas. */
struct numbers {
    const char **names; /* owned list of borrowed names */
    double *values;     /* owned */
    size_t count;
};

static void free_numbers(struct numbers *n)
{
    free(n->names);
    free(n->values);
}

static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {"g", "p", "step", "steps", "pi", "e"};
    for (size_t k = 0; k < ORL_COUNT(reserved); k++)
        if (strcmp(reserved[k], name) == 0)
            return true;
    return orl_key_find(&orl_optimizer_map, name) != NULL;
}

static bool read_numbers(struct loader *l, const struct yaml_node *map, const char *what,
                         bool sweeps, struct numbers *out)
{
    *out = (struct numbers){0};
    if (!map)
        return true;
    if (!orl_read_kind(l, map, YAML_MAP, what))
        return false;
    out->names = orl_calloc(map->count, sizeof *out->names);
    out->values = orl_calloc(map->count, sizeof *out->values);
    if (!out->names || !out->values)
        return orl_read_no_memory(l);
    bool good = true;
    for (size_t i = 0; i < map->count; i++) {
        const char *name = map->keys[i]->text;
        out->names[out->count++] = name;
        if (is_reserved(name))
            good = orl_read_fault(l, map->keys[i], NULL, "'%s' has a meaning of its own in a rule",
                                  name);
        if (!orl_is_identifier(name))
            good = orl_read_fault(l, map->keys[i], NULL, "'%s' is not a name for a formula", name);
        double ignored;
        bool number = map->items[i]->kind == YAML_SCALAR &&
                      orl_double_parse(map->items[i]->text, strlen(map->items[i]->text), &ignored);
        if (number || !sweeps)
            good = orl_read_number(l, map->items[i], name, &out->values[i]) && good;
    }
    return good;
}

/* Where the state starts decides a run as the rule's text does. */
static void state_hash(const struct numbers *state, uint8_t digest[32])
{
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    for (size_t i = 0; i < state->count; i++) {
        orl_sha256_string(&hash, state->names[i]);
        orl_sha256_number(&hash, state->values[i]);
    }
    orl_sha256_final(&hash, digest);
}

/* A rule of one's own becomes an optimizer like those of the table; the experiment owns it. */
static bool make_rule(struct loader *l, struct optimizer_entry *entry)
{
    struct orl_experiment *e = l->experiment;
    const struct yaml_node *update = orl_yaml_get(entry->node, "update");
    struct numbers state, hyper = {0};
    struct orl_formula_error error = {0};
    size_t capacity = e->rule_count;
    bool good = orl_read_kind(l, update, YAML_SCALAR, "update");
    good = read_numbers(l, orl_yaml_get(entry->node, "state"), "state", false, &state) && good;
    good = read_numbers(l, orl_yaml_get(entry->node, "hyper"), "hyper", true, &hyper) && good;
    for (size_t i = 0; i < state.count; i++)
        for (size_t k = 0; k < hyper.count; k++)
            if (strcmp(state.names[i], hyper.names[k]) == 0)
                good = orl_read_fault(l, entry->key, NULL, "'%s' is both in state and in hyper",
                                      state.names[i]);
    if (good && !orl_reserve((void **)&e->rules, &capacity, e->rule_count + 1, sizeof *e->rules))
        good = orl_read_no_memory(l);
    if (good) {
        struct orl_rule_spec spec = {state.count, hyper.count,  state.names, state.values,
                                     hyper.names, hyper.values, update->text};
        int ret = orl_rule_create(&spec, l->source.limits, &entry->desc, &error);
        state_hash(&state, entry->state_digest);
        if (ret == ORL_OK)
            e->rules[e->rule_count++] = entry->desc;
        else if (ret == ORL_ENOMEM)
            good = orl_read_no_memory(l);
        else
            good = orl_formula_fault(l, update, error.offset, *error.hint ? error.hint : NULL, "%s",
                                     error.text);
    }
    free_numbers(&state);
    free_numbers(&hyper);
    return good;
}

static bool find_kind(struct loader *l, struct optimizer_entry *entry)
{
    const struct yaml_node *kind =
        entry->node->kind == YAML_MAP ? orl_yaml_get(entry->node, "kind") : NULL;
    const struct yaml_node *where = kind ? kind : entry->key;
    if (entry->node->kind == YAML_MAP && !kind && orl_yaml_get(entry->node, "update"))
        return make_rule(l, entry);
    if (kind && !orl_read_kind(l, kind, YAML_SCALAR, "kind"))
        return false;
    entry->desc = orl_optimizer_find(where->text);
    if (entry->desc)
        return true;
    const char **names = kind_names();
    char *hint = names ? orl_suggest_hint(where->text, names) : NULL;
    const char *guess = names ? orl_suggest(where->text, names) : NULL;
    char *own = guess || kind
                    ? NULL
                    : orl_asprintf("a name of your own needs a kind: {kind: adam, ...}; %s",
                                   hint ? hint : "");
    orl_read_fault(l, where, own ? own : hint, "unknown optimizer '%s'", where->text);
    free(own);
    free(hint);
    free(names);
    return false;
}

static bool read_sweep(struct loader *l, struct optimizer_entry *entry,
                       const struct yaml_node *list, const struct orl_setting *setting, bool common,
                       int index)
{
    struct sweep *sweep = &entry->sweeps[entry->sweep_count];
    if (list->count == 0)
        return orl_read_fault(l, list, NULL, "%s has no values", setting->name);
    *sweep = (struct sweep){.common = common,
                            .setting = index,
                            .count = list->count,
                            .values = orl_calloc(list->count, sizeof *sweep->values)};
    if (!sweep->values)
        return orl_read_no_memory(l);
    entry->sweep_count++;
    bool good = true;
    for (size_t i = 0; i < list->count; i++)
        good &= orl_read_setting(l, list->items[i], setting, &sweep->values[i]);
    if (__builtin_mul_overflow(entry->combinations, (uint64_t)list->count, &entry->combinations))
        entry->combinations = UINT64_MAX;
    return good;
}

static bool unknown_setting(struct loader *l, const struct optimizer_entry *entry,
                            const struct yaml_node *key)
{
    size_t count = orl_setting_count(entry->desc->settings),
           common = orl_setting_count(orl_optimizer_common), fill = 0;
    const char **names = orl_calloc(count + common + 3, sizeof *names);
    if (!names)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < count; i++)
        names[fill++] = entry->desc->settings[i].name;
    for (size_t i = 0; i < common; i++)
        if (!strchr(orl_optimizer_common[i].name, '.'))
            names[fill++] = orl_optimizer_common[i].name;
    names[fill++] = "kind";
    names[fill++] = "title";
    char *hint = orl_suggest_hint(key->text, names);
    orl_read_fault(l, key, hint, "%s has no hyperparameter '%s'", entry->desc->name, key->text);
    free(hint);
    free(names);
    return false;
}

static const char *refusal_words(int common)
{
    return common == ORL_COMMON_BATCH ? "%s works on all points; it takes no %s"
                                      : "%s takes no %s: it has no meaning there";
}

/* A setting under its full name. */
static bool read_entry_setting(struct loader *l, struct optimizer_entry *entry,
                               const struct yaml_node *key, const char *name,
                               const struct yaml_node *node)
{
    int own = orl_setting_find(entry->desc->settings, name),
        shared = orl_setting_find(orl_optimizer_common, name);
    bool common = own < 0;
    int index = common ? shared : own;
    const struct orl_setting *setting =
        common ? &orl_optimizer_common[index] : &entry->desc->settings[index];
    bool *given = common ? &entry->common_given[index] : &entry->given[index];
    if (*given)
        return orl_read_fault(l, key, NULL, "%s is given twice, under two names", setting->name);
    *given = true;
    if (common && entry->desc->refuses >> index & 1u)
        return orl_read_fault(l, key, NULL, refusal_words(index), entry->desc->name, setting->name);
    if (node->kind == YAML_LIST)
        return read_sweep(l, entry, node, setting, common, index);
    struct orl_value *value = common ? &entry->common[index] : &entry->values[index];
    free(value->text);
    return orl_read_setting(l, node, setting, value);
}

/* {steps: 5, rate: 0.5} of `lookahead`: the setting itself is switched on, and its members are
 * called "lookahead.steps" and so on. */
static bool read_group(struct loader *l, struct optimizer_entry *entry, const struct yaml_node *key,
                       const struct yaml_node *map)
{
    const struct yaml_node on = {
        .kind = YAML_SCALAR, .text = (char[]){"true"}, .line = map->line, .column = map->column};
    bool good = read_entry_setting(l, entry, key, key->text, &on);
    for (size_t i = 0; good && i < map->count; i++) {
        char *name = orl_asprintf("%s.%s", key->text, map->keys[i]->text);
        if (!name)
            return orl_read_no_memory(l);
        good = orl_setting_find(orl_optimizer_common, name) >= 0
                   ? read_entry_setting(l, entry, map->keys[i], name, map->items[i])
                   : orl_read_fault(l, map->keys[i], NULL, "%s has no key '%s'", key->text,
                                    map->keys[i]->text);
        free(name);
    }
    return good;
}

/* {tune: [from, to], trials: 60} of a learning rate. */
static bool read_tune(struct loader *l, struct optimizer_entry *entry, const struct yaml_node *key,
                      const struct yaml_node *map, int place)
{
    const struct orl_setting *setting = &entry->desc->settings[place];
    struct orl_tune *tune = &entry->tune;
    const struct yaml_node *range = orl_yaml_get(map, "tune");
    if (entry->given[place])
        return orl_read_fault(l, key, NULL, "%s is given twice, under two names", setting->name);
    entry->given[place] = true;
    *tune = (struct orl_tune){.trials = ORL_TRIALS_USUAL};
    bool good = orl_keys_read(l, map, &orl_tune_map, tune);
    if (!range || range->kind != YAML_LIST || range->count != 2)
        return orl_read_fault(l, range ? range : map, "such as {tune: [1e-4, 1]}",
                              "tune takes two rates: [from, to]");
    good &=
        orl_read_number_between(l, range->items[0], "from", 1e-300, setting->maximum, &tune->from);
    good &= orl_read_number_between(l, range->items[1], "to", 1e-300, setting->maximum, &tune->to);
    if (good && !(tune->from < tune->to))
        return orl_read_fault(l, range, NULL, "the rates of tune must rise");
    return good;
}

static bool read_entry_key(struct loader *l, struct optimizer_entry *entry,
                           const struct yaml_node *key, const struct yaml_node *node)
{
    bool custom = entry->desc->custom;
    const struct key *row = orl_key_find(&orl_optimizer_map, key->text);
    if (row && (custom || !(row->flags & KEY_OWN_RULE)))
        return (row->flags & KEY_ELSEWHERE) || row->type->read(l, node, row, entry);
    if (strchr(key->text, '.') || (orl_setting_find(entry->desc->settings, key->text) < 0 &&
                                   orl_setting_find(orl_optimizer_common, key->text) < 0))
        return unknown_setting(l, entry, key);
    if (node->kind == YAML_MAP && orl_setting_is_group(orl_optimizer_common, key->text))
        return read_group(l, entry, key, node);
    int own = orl_setting_find(entry->desc->settings, key->text);
    if (node->kind == YAML_MAP && own >= 0 && entry->desc->settings[own].tunable)
        return read_tune(l, entry, key, node, own);
    return read_entry_setting(l, entry, key, key->text, node);
}

/* The keys of an entry; of a rule of one's own also those of its hyperparameters. */
static bool read_keys(struct loader *l, struct optimizer_entry *entry)
{
    const struct yaml_node *node = entry->node, *hyper = NULL;
    bool good = true;
    if (entry->desc->custom)
        hyper = orl_yaml_get(node, "hyper");
    for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i++)
        if (node->items[i] != hyper)
            good &= read_entry_key(l, entry, node->keys[i], node->items[i]);
    for (size_t i = 0; hyper && i < hyper->count; i++)
        good &= read_entry_key(l, entry, hyper->keys[i], hyper->items[i]);
    if (good && entry->tune.trials > 0 && entry->sweep_count > 0)
        good = orl_read_fault(l, entry->key, "tune in one entry, sweep in another",
                              "a learning rate cannot be tuned beside a list of values");
    if (good && entry->repeat > 1 && !entry->common_given[ORL_COMMON_BATCH])
        good = orl_read_fault(l, orl_yaml_key(node, "repeat"), "such as {batch: 16, repeat: 20}",
                              "repeat is for mini-batches: without batch all runs are equal");
    return good;
}

static bool read_entry(struct loader *l, struct optimizer_entry *entry)
{
    size_t keys = entry->node->kind == YAML_MAP ? entry->node->count : 0;
    bool empty = orl_yaml_is_null(entry->node);
    if (!empty && !orl_read_kind(l, entry->node, YAML_MAP, entry->name))
        return false;
    if (!find_kind(l, entry))
        return false;
    entry->combinations = 1;
    entry->repeat = 1;
    entry->values = orl_values_default(entry->desc->settings);
    entry->common = orl_values_default(orl_optimizer_common);
    entry->given = orl_calloc(orl_setting_count(entry->desc->settings), sizeof *entry->given);
    entry->common_given =
        orl_calloc(orl_setting_count(orl_optimizer_common), sizeof *entry->common_given);
    entry->sweeps =
        orl_calloc(keys + orl_setting_count(entry->desc->settings), sizeof *entry->sweeps);
    if (!entry->values || !entry->common || !entry->given || !entry->common_given || !entry->sweeps)
        return orl_read_no_memory(l);
    return read_keys(l, entry);
}

bool orl_load_optimizers(struct loader *l)
{
    struct yaml_node *optimizers = orl_yaml_get(l->root, "optimizers");
    if (!optimizers) /* told already */
        return false;
    if (!orl_read_kind(l, optimizers, YAML_MAP, "optimizers"))
        return false;
    if (optimizers->count == 0 || optimizers->count > l->source.limits->jobs)
        return orl_read_fault(l, optimizers, NULL,
                              optimizers->count ? "too many optimizers (--max-jobs)"
                                                : "`optimizers` is empty");
    l->optimizers = orl_calloc(optimizers->count, sizeof *l->optimizers);
    if (!l->optimizers)
        return orl_read_no_memory(l);
    bool good = true;
    for (size_t i = 0; i < optimizers->count; i++) {
        struct optimizer_entry *entry = &l->optimizers[i];
        entry->node = optimizers->items[i];
        entry->key = optimizers->keys[i];
        entry->name = orl_strdup(entry->key->text);
        l->optimizer_count = i + 1;
        if (!entry->name)
            return orl_read_no_memory(l);
        if (!orl_check_name(l, entry->key, "an optimizer", entry->name)) {
            good = false;
            continue;
        }
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(l->optimizers[k].name, entry->name) == 0)
                good = orl_read_fault(l, entry->key, NULL, "'%s' and '%s' differ in case only",
                                      l->optimizers[k].name, entry->name);
        good &= read_entry(l, entry);
    }
    return good;
}

void orl_optimizers_free(struct loader *l)
{
    for (size_t i = 0; i < l->optimizer_count; i++) {
        struct optimizer_entry *entry = &l->optimizers[i];
        for (size_t s = 0; s < entry->sweep_count; s++) {
            for (size_t v = 0; v < entry->sweeps[s].count; v++)
                free(entry->sweeps[s].values[v].text);
            free(entry->sweeps[s].values);
        }
        if (entry->desc)
            orl_values_free(entry->values, entry->desc->settings);
        orl_values_free(entry->common, orl_optimizer_common);
        free(entry->sweeps);
        free(entry->given);
        free(entry->common_given);
        free(entry->name);
        free(entry->title);
    }
    free(l->optimizers);
}
