/* The films of an experiment: one for each run, problem, optimizer, or one of all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/film_runs.h"
#include "experiment/recorded.h"
#include "scene/tables.h"

#define LENGTH_DEFAULT_S 10.0
/* Holds that nobody asked for take at most this share of a film. */
#define HOLD_SHARE 0.5
/* In a report video the holds are those of each run's part, which lasts at most so long where
 * nobody says so; its race stands longer. */
#define PART_S            4.5
#define PART_HOLD_FIRST_S 0.1
#define PART_HOLD_LAST_S  0.2

static const char *const name_templates[] = {"{run}", "{problem}-race", "{optimizer}",
                                             "{experiment}"};

/* One entry of `films`: what it says, and where. */
struct entry {
    const struct yaml_node *node, *name, *panels, *length;
    const struct orl_film_settings *settings;
};

/* ---- Values ---------------------------------------------------------------------------------- */

/* The holds that the entry does not give are the preset's, in a report video those of a part;
 * together they leave most of the film to the steps. */
static void holds_choose(const struct loader *l, struct orl_film_settings *film)
{
    bool sequence = film->layout == ORL_LAYOUT_SEQUENCE;
    double first = sequence ? PART_HOLD_FIRST_S : l->preset->hold_first_s,
           last = sequence ? PART_HOLD_LAST_S : l->preset->hold_last_s, sum = first + last,
           most = HOLD_SHARE * film->length_s;
    if (sum > most) {
        first *= most / sum;
        last *= most / sum;
    }
    film->hold_first_s = isnan(film->hold_first_s) ? first : film->hold_first_s;
    film->hold_last_s = isnan(film->hold_last_s) ? last : film->hold_last_s;
}

static bool settings_check(struct loader *l, const struct yaml_node *map,
                           struct orl_film_settings *film)
{
    const struct yaml_node *hold = orl_yaml_get(map, "hold"),
                           *to = orl_yaml_get(orl_yaml_get(map, "steps"), "to");
    if (isnan(film->length_s))
        film->length_s = film->layout == ORL_LAYOUT_SEQUENCE ? PART_S : LENGTH_DEFAULT_S;
    holds_choose(l, film);
    double holds = film->hold_first_s + film->hold_last_s;
    if (hold && holds >= film->length_s)
        return orl_read_fault(l, hold, "length includes the holds",
                              "the holds (%g s) leave nothing of the film's length of %g s", holds,
                              film->length_s);
    if (film->to_step > l->experiment->steps || film->from_step > l->experiment->steps)
        return orl_read_fault(l, orl_yaml_get(map, "steps"), NULL,
                              "a film's steps are at most the experiment's, %lld",
                              (long long)l->experiment->steps);
    if (to && film->to_step <= film->from_step)
        return orl_read_fault(l, to, NULL, "the film's steps must rise: from %lld to %lld",
                              (long long)film->from_step, (long long)film->to_step);
    return true;
}

static bool read_entry(struct loader *l, const struct yaml_node *node,
                       struct orl_film_settings *settings, struct entry *entry)
{
    const struct yaml_node *length = orl_yaml_get(node, "length");
    *entry = (struct entry){.node = node,
                            .length = length ? length : node,
                            .name = orl_yaml_get(node, "name"),
                            .panels = orl_yaml_get(node, "panels"),
                            .settings = settings};
    if (!orl_keys_default(&orl_film_map, settings))
        return orl_read_no_memory(l);
    return orl_keys_read(l, node, &orl_film_map, settings) && settings_check(l, node, settings);
}

/* ---- Names and titles ------------------------------------------------------------------------ */

/* The text of a placeholder, NULL where the film has none. */
static const char *placeholder(const struct loader *l, const struct entry *entry,
                               const struct orl_film_plan *film, const char *name, size_t length)
{
    const struct orl_run_plan *run = &l->experiment->runs[film->runs[0]];
    int each = entry->settings->each;
    const char *file = run->repeat_file ? run->repeat_file : run->file_name;
    bool logs = orl_problem_is_logs(&l->experiment->problems[run->problem]);
    const struct {
        const char *name, *value;
    } known[] = {
        {"experiment", l->experiment->name},
        {"problem", each == ORL_EACH_RUN || each == ORL_EACH_PROBLEM
                        ? l->experiment->problems[run->problem].name
                        : NULL},
        {"optimizer", each == ORL_EACH_RUN && logs ? file
                      : each == ORL_EACH_RUN
                          ? file + strlen(l->experiment->problems[run->problem].name) + 1
                      : each == ORL_EACH_OPTIMIZER ? run->optimizer
                                                   : NULL},
        {"run", each == ORL_EACH_RUN ? file : NULL},
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
                                  orl_each_names[entry->settings->each]);
        orl_text_puts(out, value);
        orl_text_putc(plain, 'x');
        p = end;
    }
    return true;
}

static bool name_film(struct loader *l, const struct entry *entry, struct orl_film_plan *film)
{
    struct orl_text name = {0}, plain = {0};
    const char *template = name_templates[entry->settings->each];
    if (entry->settings->name)
        template = entry->settings->name;
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

static bool title_film(struct loader *l, const struct entry *entry, struct orl_film_plan *film)
{
    const struct orl_experiment *e = l->experiment;
    const struct orl_run_plan *run = &e->runs[film->runs[0]];
    const char *problem = e->problems[run->problem].title;
    char number[24];
    if (entry->settings->title)
        film->title = orl_strdup(entry->settings->title);
    else if (entry->settings->each == ORL_EACH_RUN)
        film->title = orl_problem_is_logs(&e->problems[run->problem])
                          ? orl_strdup(run->title)
                          : orl_asprintf("%s: %s", problem, run->title);
    else if (entry->settings->each == ORL_EACH_PROBLEM)
        film->title =
            orl_asprintf("%s: %s %s%s", problem, count_word(orl_film_count_shown(l, film), number),
                         orl_film_tells_optimizers(l, film) ? "optimizer" : "run",
                         orl_film_count_shown(l, film) == 1 ? "" : "s");
    else if (entry->settings->each == ORL_EACH_EXPERIMENT &&
             orl_logs_are_all(l->experiment, film) && !e->has_title)
        film->title = film->run_count == 1
                          ? orl_strdup(run->title)
                          : orl_asprintf("%s of %s runs", orl_logs_loss_name(l->experiment, film),
                                         count_word(film->run_count, number));
    else
        film->title =
            orl_strdup(entry->settings->each == ORL_EACH_OPTIMIZER ? run->title : e->title);
    return film->title ? true : orl_read_no_memory(l);
}

/* ---- Films ----------------------------------------------------------------------------------- */

static bool make_film(struct loader *l, const struct entry *entry, size_t first, bool *taken)
{
    struct orl_experiment *e = l->experiment;
    struct orl_film_plan *film = &e->films[e->film_count];
    const struct orl_film_settings *s = entry->settings;
    l->film_nodes[e->film_count++] = entry->length;
    *film = (struct orl_film_plan){
        .settings = s,
        .layout = s->layout,
        .grid = s->grid,
        .pace = s->pace,
        .length_s = s->length_s,
        .hold_first_s = s->hold_first_s,
        .hold_last_s = s->hold_last_s,
        .from_step = s->from_step,
        .to_step = s->to_step,
    };
    if (!orl_film_runs_take(l, film, first, taken))
        return false;
    return orl_set_sequence_length(l, entry->length == entry->node ? NULL : entry->length, film) &&
           orl_read_panels(l, film, entry->panels) && orl_check_grid(l, entry->node, film) &&
           orl_read_axes(l, film, orl_yaml_get(entry->node, "axes")) &&
           orl_check_words(l, entry->panels, film) && name_film(l, entry, film) &&
           title_film(l, entry, film);
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
    if (!read_entry(l, node, &e->film_settings[e->film_settings_count++], &entry) ||
        !reserve_films(l, capacity))
        return false;
    bool *taken = orl_calloc(e->run_count, sizeof *taken),
         good = taken && orl_film_runs_leave_out(l, node, entry.settings, taken);
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
    if (films && !orl_read_kind(l, films, YAML_LIST, "films"))
        return false;
    l->experiment->film_settings =
        orl_calloc(films ? films->count : 1, sizeof *l->experiment->film_settings);
    if (!l->experiment->film_settings)
        return orl_read_no_memory(l);
    if (!films) {
        usual = orl_yaml_make(YAML_MAP, NULL, NULL);
        good = usual ? make_films(l, usual, &capacity) : orl_read_no_memory(l);
        for (size_t i = 0; i < l->experiment->film_count; i++)
            l->film_nodes[i] = l->root;
        orl_yaml_free(&usual);
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
    free(film->watched);
    free(film->name);
    free(film->title);
}

void orl_films_free(struct orl_experiment *e)
{
    for (size_t i = 0; i < e->film_count; i++)
        free_film(&e->films[i]);
    free(e->films);
    for (size_t i = 0; i < e->film_settings_count; i++)
        orl_keys_free(&orl_film_map, &e->film_settings[i]);
    free(e->film_settings);
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
