/* The films of an experiment: one for each run, problem, optimizer, or one of all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/read.h"
#include "scene/tables.h"

#define LENGTH_DEFAULT_S 10.0
#define LENGTH_MAX_S     1e7
/* Holds that nobody asked for take at most this share of a film. */
#define HOLD_SHARE 0.5
/* In a report video the holds are those of each run's part, which lasts about so long where nobody
 * says so. */
#define PART_S            4.5
#define PART_HOLD_FIRST_S 0.4
#define PART_HOLD_LAST_S  1.2

enum each { EACH_RUN, EACH_PROBLEM, EACH_OPTIMIZER, EACH_EXPERIMENT };
static const char *const each_names[] = {"run", "problem", "optimizer", "experiment", NULL};
static const char *const name_templates[] = {"{run}", "{problem}-race", "{optimizer}",
                                             "{experiment}"};
static const char *const film_keys[] = {"each",   "panels", "name", "title", "layout", "pace",
                                        "length", "hold",   "axes", "steps", NULL};

/* One entry of `films`, read. */
struct entry {
    const struct yaml_node *node, *name, *title, *panels, *length;
    enum each each;
    int layout, pace;
    struct orl_grid_plan grid;
    double length_s, hold_first_s, hold_last_s;
    int64_t from_step, to_step;
};

/* ---- Values ---------------------------------------------------------------------------------- */

static bool read_hold(struct loader *l, const struct yaml_node *hold, struct entry *entry)
{
    static const char *const keys[] = {"first", "last", NULL};
    bool sequence = entry->layout == ORL_LAYOUT_SEQUENCE;
    entry->hold_first_s = sequence ? PART_HOLD_FIRST_S : l->preset->hold_first_s;
    entry->hold_last_s = sequence ? PART_HOLD_LAST_S : l->preset->hold_last_s;
    double sum = entry->hold_first_s + entry->hold_last_s, most = HOLD_SHARE * entry->length_s;
    if (sum > most) {
        entry->hold_first_s *= most / sum;
        entry->hold_last_s *= most / sum;
    }
    if (!hold)
        return true;
    if (!orl_read_kind(l, hold, YAML_MAP, "hold") || !orl_read_known_keys(l, hold, "hold", keys))
        return false;
    const struct yaml_node *first = orl_yaml_get(hold, "first"), *last = orl_yaml_get(hold, "last");
    bool good =
        !first || orl_read_number_between(l, first, "first", 0, LENGTH_MAX_S, &entry->hold_first_s);
    good =
        (!last || orl_read_number_between(l, last, "last", 0, LENGTH_MAX_S, &entry->hold_last_s)) &&
        good;
    if (good && entry->hold_first_s + entry->hold_last_s >= entry->length_s)
        return orl_read_fault(l, hold, "length includes the holds",
                              "the holds (%g s) leave nothing of the film's length of %g s",
                              entry->hold_first_s + entry->hold_last_s, entry->length_s);
    return good;
}

static bool read_steps(struct loader *l, const struct yaml_node *steps, struct entry *entry)
{
    static const char *const keys[] = {"from", "to", NULL};
    int64_t most = l->experiment->steps;
    entry->to_step = -1;
    if (!steps)
        return true;
    if (!orl_read_kind(l, steps, YAML_MAP, "steps") ||
        !orl_read_known_keys(l, steps, "steps", keys))
        return false;
    const struct yaml_node *from = orl_yaml_get(steps, "from"), *to = orl_yaml_get(steps, "to");
    bool good = !from || orl_read_integer(l, from, "from", 0, most, &entry->from_step);
    good = (!to || orl_read_integer(l, to, "to", 0, most, &entry->to_step)) && good;
    if (good && to && entry->to_step <= entry->from_step)
        return orl_read_fault(l, to, NULL, "the film's steps must rise: from %lld to %lld",
                              (long long)entry->from_step, (long long)entry->to_step);
    return good;
}

static bool read_entry(struct loader *l, const struct yaml_node *node, struct entry *entry)
{
    *entry = (struct entry){.node = node,
                            .length = node,
                            .length_s = LENGTH_DEFAULT_S,
                            .to_step = -1,
                            .pace = ORL_PACE_LOG};
    if (!orl_read_kind(l, node, YAML_MAP, "a film") ||
        !orl_read_known_keys(l, node, "a film", film_keys))
        return false;
    const struct yaml_node *each = orl_yaml_get(node, "each"),
                           *layout = orl_yaml_get(node, "layout"),
                           *pace = orl_yaml_get(node, "pace"),
                           *length = orl_yaml_get(node, "length");
    int choice = EACH_RUN;
    bool good = !each || orl_read_choice(l, each, "each", each_names, &choice);
    entry->each = (enum each)choice;
    entry->name = orl_yaml_get(node, "name");
    entry->title = orl_yaml_get(node, "title");
    entry->panels = orl_yaml_get(node, "panels");
    good = orl_read_layout(l, layout, &entry->layout, &entry->grid) && good;
    good = (!pace || orl_read_choice(l, pace, "pace", orl_pace_names, &entry->pace)) && good;
    if (entry->layout == ORL_LAYOUT_SEQUENCE)
        entry->length_s = PART_S;
    if (length) {
        entry->length = length;
        good = orl_read_number_between(l, length, "length", 0.1, LENGTH_MAX_S, &entry->length_s) &&
               good;
    }
    good = good && read_hold(l, orl_yaml_get(node, "hold"), entry);
    return read_steps(l, orl_yaml_get(node, "steps"), entry) && good;
}

/* ---- Panels ---------------------------------------------------------------------------------- */

/* All of the film's runs have data; in a report video, whose parts leave out what they cannot show,
 * any of them. */
static bool has_data(const struct loader *l, const struct orl_film_plan *film)
{
    size_t with = 0;
    for (size_t r = 0; r < film->run_count; r++)
        with += l->experiment->problems[l->experiment->runs[film->runs[r]].problem].data_kind !=
                ORL_DATA_NONE;
    return film->layout == ORL_LAYOUT_SEQUENCE ? with > 0 : with == film->run_count;
}

/* Some of the film's runs minimise a function of at least two variables: there is a surface to be
 * seen. */
static bool has_objective(const struct loader *l, const struct orl_film_plan *film)
{
    for (size_t r = 0; r < film->run_count; r++) {
        const struct orl_problem_plan *problem =
            &l->experiment->problems[l->experiment->runs[film->runs[r]].problem];
        if (problem->data_kind == ORL_DATA_NONE && problem->parameter_count >= 2)
            return true;
    }
    return false;
}

static bool can_fit(const struct loader *l, const struct orl_film_plan *film)
{
    if (film->layout == ORL_LAYOUT_SEQUENCE)
        return has_data(l, film);
    return has_data(l, film) &&
           l->experiment->problems[l->experiment->runs[film->runs[0]].problem].predictor_count >= 1;
}

/* One problem in each picture. */
static bool same_problem(const struct loader *l, const struct orl_film_plan *film)
{
    if (film->layout == ORL_LAYOUT_SEQUENCE)
        return true;
    for (size_t r = 1; r < film->run_count; r++)
        if (l->experiment->runs[film->runs[r]].problem !=
            l->experiment->runs[film->runs[0]].problem)
            return false;
    return true;
}

static bool same_parameters(const struct loader *l, const struct orl_film_plan *film)
{
    const struct orl_problem_plan *one =
        &l->experiment->problems[l->experiment->runs[film->runs[0]].problem];
    for (size_t r = 1; r < film->run_count; r++) {
        const struct orl_problem_plan *other =
            &l->experiment->problems[l->experiment->runs[film->runs[r]].problem];
        if (other->parameter_count != one->parameter_count)
            return false;
        for (size_t i = 0; i < one->parameter_count; i++)
            if (strcmp(one->parameters[i], other->parameters[i]) != 0)
                return false;
    }
    return true;
}

/* Columns that are neither losses, parameters nor gradients: only a trace from elsewhere has them.
 */
static bool film_has_series(const struct loader *l, const struct orl_film_plan *film)
{
    for (size_t r = 0; r < film->run_count; r++)
        if (l->experiment->runs[film->runs[r]].has_series)
            return true;
    return false;
}

static bool any_has_series(const struct loader *l)
{
    for (size_t r = 0; r < l->experiment->run_count; r++)
        if (l->experiment->runs[r].has_series)
            return true;
    return false;
}

static bool add_panel(struct loader *l, struct orl_film_plan *film,
                      const struct orl_panel_desc *desc)
{
    film->panels[film->panel_count] =
        (struct orl_panel_plan){.desc = desc, .values = orl_values_default(desc->settings)};
    return film->panels[film->panel_count++].values ? true : orl_read_no_memory(l);
}

static bool read_panel(struct loader *l, struct orl_film_plan *film, const struct yaml_node *node,
                       bool only)
{
    const char *names[32] = {0};
    int choice;
    for (size_t i = 0; orl_panels[i] && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_panels[i]->name;
    if (!orl_read_choice(l, node, "panel", names, &choice))
        return false;
    const struct orl_panel_desc *desc = orl_panels[choice];
    for (size_t i = 0; i < film->panel_count; i++)
        if (film->panels[i].desc == desc)
            return orl_read_fault(l, node, NULL, "the panel '%s' is there twice", desc->name);
    if (!desc->ops) {
        char *what = orl_asprintf("the panel '%s'", desc->name);
        (void)(what ? orl_read_later(l, node, what) : orl_read_no_memory(l));
        free(what);
        return false;
    }
    if (desc->needs_data && !has_data(l, film))
        return orl_read_fault(l, node, NULL, "a %s panel needs data; an objective has none",
                              desc->name);
    if (desc->one_problem && !same_problem(l, film))
        return orl_read_fault(l, node, "make a film for each problem, or a sequence",
                              "the panel '%s' shows runs on one problem; these are on several",
                              desc->name);
    if (strcmp(desc->name, "fit") == 0 && !can_fit(l, film))
        return orl_read_fault(
            l, node, NULL,
            "a fit needs a model that uses a column of its data; this one uses none");
    if (strcmp(desc->name, "parameters") == 0 && !same_parameters(l, film))
        return orl_read_fault(
            l, node, "make a film for each problem, or a sequence",
            "the panel 'parameters' shows runs with the same parameters; these have others");
    if (!desc->needs_series || film_has_series(l, film))
        return add_panel(l, film, desc);
    if (!only && any_has_series(l)) /* a film of runs beside those that have some: it goes without,
                                       as a part of a sequence does */
        return true;
    return orl_read_fault(
        l, node, "runs: {add: [{name: ..., problem: ..., trace: FILE.csv}]}",
        "a %s panel shows columns of a trace that are no parameters; '%s' has none", desc->name,
        l->experiment->runs[film->runs[0]].name);
}

/* The fit where there is data, the surface of an objective, and the loss. */
static bool add_usual(struct loader *l, struct orl_film_plan *film)
{
    bool good = true;
    if (same_problem(l, film) && can_fit(l, film))
        good = add_panel(l, film, orl_panel_find("fit"));
    if (good && same_problem(l, film) && has_objective(l, film))
        good = add_panel(l, film, orl_panel_find("surface"));
    return good && add_panel(l, film, orl_panel_find("loss"));
}

static bool read_panels(struct loader *l, struct orl_film_plan *film,
                        const struct yaml_node *panels)
{
    size_t count = !panels ? 3 : panels->kind == YAML_SCALAR ? 1 : panels->count;
    film->panels = orl_calloc(count, sizeof *film->panels);
    if (!film->panels)
        return orl_read_no_memory(l);
    if (!panels)
        return add_usual(l, film);
    if (panels->kind == YAML_SCALAR)
        return read_panel(l, film, panels, true);
    if (!orl_read_kind(l, panels, YAML_LIST, "panels"))
        return false;
    if (count == 0)
        return orl_read_fault(l, panels, NULL, "there is no panel");
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = read_panel(l, film, panels->items[i], count == 1) && good;
    return good;
}

static bool has_parameter(const struct orl_problem_plan *problem, const char *name)
{
    for (size_t p = 0; p < problem->parameter_count; p++)
        if (strcmp(problem->parameters[p], name) == 0)
            return true;
    return false;
}

/* Names of parameters must be those of every problem that the film shows. */
static bool check_parameters(struct loader *l, const struct orl_film_plan *film,
                             const struct yaml_node *node)
{
    const struct orl_experiment *e = l->experiment;
    for (size_t r = 0; r < film->run_count; r++) {
        const struct orl_problem_plan *problem = &e->problems[e->runs[film->runs[r]].problem];
        if (r > 0 && problem == &e->problems[e->runs[film->runs[r - 1]].problem])
            continue;
        for (size_t i = 0; i < (node->kind == YAML_LIST ? node->count : 1); i++) {
            const struct yaml_node *name = node->kind == YAML_LIST ? node->items[i] : node;
            if (!has_parameter(problem, name->text))
                return orl_read_fault(l, name, NULL, "'%s' is no parameter of the problem '%s'",
                                      name->text, problem->name);
        }
    }
    return true;
}

static bool read_panel_axes(struct loader *l, const struct orl_film_plan *film,
                            struct orl_panel_plan *panel, const struct yaml_node *node)
{
    bool good = orl_read_kind(l, node, YAML_MAP, panel->desc->name);
    for (size_t i = 0; good && i < node->count; i++) {
        int index = orl_setting_find(panel->desc->settings, node->keys[i]->text);
        if (index < 0)
            return orl_read_fault(l, node->keys[i], NULL, "the panel %s has no setting '%s'",
                                  panel->desc->name, node->keys[i]->text);
        free(panel->values[index].text);
        good = orl_read_setting(l, node->items[i], &panel->desc->settings[index],
                                &panel->values[index]);
        if (good && panel->desc->settings[index].type == ORL_SETTING_NAMES &&
            strcmp(node->keys[i]->text, "parameters") == 0)
            good = check_parameters(l, film, node->items[i]);
    }
    return good;
}

static bool read_axes(struct loader *l, struct orl_film_plan *film, const struct yaml_node *axes)
{
    if (!axes)
        return true;
    if (!orl_read_kind(l, axes, YAML_MAP, "axes"))
        return false;
    for (size_t i = 0; i < axes->count; i++) {
        size_t p = 0;
        while (p < film->panel_count &&
               strcmp(film->panels[p].desc->name, axes->keys[i]->text) != 0)
            p++;
        const struct orl_panel_desc *desc = orl_panel_find(axes->keys[i]->text);
        if (p == film->panel_count && desc && desc->needs_series && any_has_series(l))
            continue; /* its panel was left out of this film */
        if (p == film->panel_count)
            return orl_read_fault(l, axes->keys[i], NULL,
                                  desc ? "this film has no panel '%s'" : "unknown panel '%s'",
                                  axes->keys[i]->text);
        if (!read_panel_axes(l, film, &film->panels[p], axes->items[i]))
            return false;
    }
    return true;
}

/* A text panel says what its settings say. */
static bool check_words(struct loader *l, const struct entry *entry,
                        const struct orl_film_plan *film)
{
    for (size_t i = 0; i < film->panel_count; i++) {
        const struct orl_panel_plan *panel = &film->panels[i];
        int text = strcmp(panel->desc->name, "text") == 0
                       ? orl_setting_find(panel->desc->settings, "text")
                       : -1;
        if (text >= 0 && (!panel->values[text].text || !*panel->values[text].text))
            return orl_read_fault(l, entry->panels, "axes: {text: {text: \"...\"}}",
                                  "the panel 'text' needs its words");
    }
    return true;
}

/* ---- Names and titles ------------------------------------------------------------------------ */

/* The text of a placeholder, NULL where the film has none. */
static const char *placeholder(const struct loader *l, const struct entry *entry,
                               const struct orl_film_plan *film, const char *name, size_t length)
{
    const struct orl_run_plan *run = &l->experiment->runs[film->runs[0]];
    const struct {
        const char *name, *value;
    } known[] = {
        {"experiment", l->experiment->name},
        {"problem", entry->each == EACH_RUN || entry->each == EACH_PROBLEM
                        ? l->experiment->problems[run->problem].name
                        : NULL},
        {"optimizer", entry->each == EACH_RUN
                          ? run->file_name + strlen(l->experiment->problems[run->problem].name) + 1
                      : entry->each == EACH_OPTIMIZER ? run->optimizer
                                                      : NULL},
        {"run", entry->each == EACH_RUN ? run->file_name : NULL},
    };
    for (size_t i = 0; i < ORL_COUNT(known); i++)
        if (strlen(known[i].name) == length && memcmp(known[i].name, name, length) == 0)
            return known[i].value;
    return NULL;
}

/* Fill in {problem} and the like; `plain` gets the template with an x for each, to be checked as a
 * name. */
static bool expand(struct loader *l, const struct entry *entry, const struct orl_film_plan *film,
                   const char *template, struct orl_text *out, struct orl_text *plain)
{
    const struct yaml_node *where = entry->name ? entry->name : entry->node;
    for (const char *p = template; *p; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (!end) {
            orl_text_putc(out, *p);
            orl_text_putc(plain, *p);
            continue;
        }
        const char *value = placeholder(l, entry, film, p + 1, (size_t)(end - p - 1));
        if (!value)
            return orl_read_fault(l, where,
                                  "{experiment}, {problem}, {optimizer} and {run} are known, as "
                                  "far as all runs of the film share them",
                                  "'%.*s' has no value in a film of each %s", (int)(end - p + 1), p,
                                  each_names[entry->each]);
        orl_text_puts(out, value);
        orl_text_putc(plain, 'x');
        p = end;
    }
    return true;
}

static bool name_film(struct loader *l, const struct entry *entry, struct orl_film_plan *film)
{
    struct orl_text name = {0}, plain = {0};
    const char *template = name_templates[entry->each];
    if (entry->name && !orl_read_kind(l, entry->name, YAML_SCALAR, "name"))
        return false;
    if (entry->name)
        template = entry->name->text;
    bool good = expand(l, entry, film, template, &name, &plain);
    film->name = orl_text_take(&name);
    char *checked = orl_text_take(&plain);
    if (good && checked && film->name)
        good = orl_check_name(l, entry->name ? entry->name : entry->node, "a film", checked);
    else if (good)
        good = orl_read_no_memory(l);
    free(checked);
    return good;
}

static const char *count_word(size_t count, char buffer[24])
{
    static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    if (count < ORL_COUNT(words))
        return words[count];
    snprintf(buffer, 24, "%zu", count);
    return buffer;
}

/* True where each run has an optimizer of its own: then they are counted as optimizers, else as
 * runs. What made a recorded run is not known: of several it may be the same. */
static bool distinct_optimizers(const struct loader *l, const struct orl_film_plan *film)
{
    const struct orl_run_plan *runs = l->experiment->runs;
    for (size_t i = 0; i < film->run_count; i++) {
        if (runs[film->runs[i]].trace_path)
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(runs[film->runs[i]].optimizer, runs[film->runs[k]].optimizer) == 0)
                return false;
    }
    return true;
}

static bool title_film(struct loader *l, const struct entry *entry, struct orl_film_plan *film)
{
    const struct orl_experiment *e = l->experiment;
    const struct orl_run_plan *run = &e->runs[film->runs[0]];
    const char *problem = e->problems[run->problem].title;
    char number[24];
    if (entry->title)
        return orl_read_title(l, entry->title, &film->title);
    if (entry->each == EACH_RUN)
        film->title = orl_asprintf("%s: %s", problem, run->title);
    else if (entry->each == EACH_PROBLEM)
        film->title = orl_asprintf("%s: %s %s%s", problem, count_word(film->run_count, number),
                                   distinct_optimizers(l, film) ? "optimizer" : "run",
                                   film->run_count == 1 ? "" : "s");
    else
        film->title = orl_strdup(entry->each == EACH_OPTIMIZER ? run->title : e->title);
    return film->title ? true : orl_read_no_memory(l);
}

/* ---- Films ----------------------------------------------------------------------------------- */

static bool belongs(const struct loader *l, enum each each, size_t first, size_t other)
{
    const struct orl_run_plan *a = &l->experiment->runs[first], *b = &l->experiment->runs[other];
    switch (each) {
    case EACH_RUN:
        return first == other;
    case EACH_PROBLEM:
        return a->problem == b->problem;
    case EACH_OPTIMIZER:
        return strcmp(a->optimizer, b->optimizer) == 0;
    case EACH_EXPERIMENT:
        return true;
    }
    return false;
}

static bool make_film(struct loader *l, const struct entry *entry, size_t first, bool *taken)
{
    struct orl_experiment *e = l->experiment;
    struct orl_film_plan *film = &e->films[e->film_count];
    l->film_nodes[e->film_count++] = entry->length;
    *film = (struct orl_film_plan){
        .runs = orl_calloc(e->run_count, sizeof *film->runs),
        .layout = entry->layout,
        .grid = entry->grid,
        .pace = entry->pace,
        .length_s = entry->length_s,
        .hold_first_s = entry->hold_first_s,
        .hold_last_s = entry->hold_last_s,
        .from_step = entry->from_step,
        .to_step = entry->to_step,
    };
    if (!film->runs)
        return orl_read_no_memory(l);
    for (size_t r = first; r < e->run_count; r++)
        if (!taken[r] && belongs(l, entry->each, first, r)) {
            film->runs[film->run_count++] = r;
            taken[r] = true;
        }
    return orl_set_sequence_length(l, entry->length == entry->node ? NULL : entry->length, film) &&
           read_panels(l, film, entry->panels) && orl_check_grid(l, entry->node, film) &&
           read_axes(l, film, orl_yaml_get(entry->node, "axes")) && check_words(l, entry, film) &&
           name_film(l, entry, film) && title_film(l, entry, film);
}

static bool reserve_films(struct loader *l, size_t *capacity)
{
    struct orl_experiment *e = l->experiment;
    size_t wanted = e->film_count + e->run_count, other = *capacity;
    if (e->film_count + e->run_count >= l->source.limits->jobs)
        return orl_read_fault(l, orl_yaml_get(l->root, "films"), NULL,
                              "more than %llu runs and films (--max-jobs)",
                              (unsigned long long)l->source.limits->jobs);
    if (!orl_reserve((void **)&e->films, capacity, wanted, sizeof *e->films) ||
        !orl_reserve((void **)&l->film_nodes, &other, wanted, sizeof *l->film_nodes))
        return orl_read_no_memory(l);
    return true;
}

static bool make_films(struct loader *l, const struct yaml_node *node, size_t *capacity)
{
    struct orl_experiment *e = l->experiment;
    struct entry entry;
    if (!read_entry(l, node, &entry) || !reserve_films(l, capacity))
        return false;
    bool *taken = orl_calloc(e->run_count, sizeof *taken), good = taken != NULL;
    for (size_t r = 0; good && r < e->run_count; r++)
        if (!taken[r])
            good = make_film(l, &entry, r, taken);
    free(taken);
    return good;
}

static int compare_films(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static bool check_film_names(struct loader *l)
{
    struct orl_experiment *e = l->experiment;
    const char **sorted = orl_calloc(e->film_count, sizeof *sorted);
    if (!sorted)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < e->film_count; i++)
        sorted[i] = e->films[i].name;
    qsort(sorted, e->film_count, sizeof *sorted, compare_films);
    bool good = true;
    for (size_t i = 0; good && i + 1 < e->film_count; i++)
        if (compare_films(&sorted[i], &sorted[i + 1]) == 0)
            good = orl_read_fault(l, orl_yaml_get(l->root, "films"),
                                  "give each a name of its own, with {problem} and {optimizer}",
                                  "two films would be called '%s'", sorted[i]);
    free(sorted);
    return good;
}

bool orl_load_films(struct loader *l)
{
    struct yaml_node *films = orl_yaml_get(l->root, "films"), *usual = NULL;
    size_t capacity = 0;
    bool good = true;
    if (!films) {
        usual = orl_yaml_make(YAML_MAP, NULL, NULL);
        good = usual ? make_films(l, usual, &capacity) : orl_read_no_memory(l);
        for (size_t i = 0; i < l->experiment->film_count; i++)
            l->film_nodes[i] = l->root;
        orl_yaml_free(&usual);
    } else if (!orl_read_kind(l, films, YAML_LIST, "films")) {
        return false;
    }
    for (size_t i = 0; films && i < films->count; i++)
        good = make_films(l, films->items[i], &capacity) && good;
    return good && check_film_names(l);
}

static void free_film(struct orl_film_plan *film)
{
    for (size_t i = 0; i < film->panel_count; i++)
        orl_values_free(film->panels[i].values, film->panels[i].desc->settings);
    for (size_t i = 0; i < film->output_count; i++) {
        orl_values_free(film->outputs[i].values, film->outputs[i].format->settings);
        free(film->outputs[i].path);
    }
    free(film->panels);
    free(film->outputs);
    free(film->runs);
    free(film->name);
    free(film->title);
}

void orl_films_free(struct orl_experiment *e)
{
    for (size_t i = 0; i < e->film_count; i++)
        free_film(&e->films[i]);
    free(e->films);
}

void orl_films_keep(struct orl_experiment *e, const bool *keep, const size_t *renumbered)
{
    size_t kept = 0;
    for (size_t i = 0; i < e->film_count; i++) {
        if (!keep[i]) {
            free_film(&e->films[i]);
            continue;
        }
        for (size_t r = 0; r < e->films[i].run_count; r++)
            e->films[i].runs[r] = renumbered[e->films[i].runs[r]];
        e->films[kept++] = e->films[i];
    }
    e->film_count = kept;
}
