/* The panels of a film: which it has, their settings, and whether its runs can feed them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/axis.h"
#include "experiment/recorded.h"
#include "scene/tables.h"

/* All of the film's runs have data; in a report video, whose parts leave out what they cannot show,
 * any of them. */
static bool film_has_data(const struct loader *l, const struct orl_film_plan *film)
{
    size_t with = 0;
    for (size_t r = 0; r < film->run_count; r++)
        with += l->experiment->problems[l->experiment->runs[film->runs[r]].problem].data_kind !=
                ORL_DATA_NONE;
    return film->layout == ORL_LAYOUT_SEQUENCE ? with > 0 : with == film->run_count;
}

/* Some of the film's runs minimise a function of at least two variables: there is a surface to be
 * seen. */
static bool film_has_objective(const struct loader *l, const struct orl_film_plan *film)
{
    for (size_t r = 0; r < film->run_count; r++) {
        const struct orl_problem_plan *problem =
            &l->experiment->problems[l->experiment->runs[film->runs[r]].problem];
        if (problem->data_kind == ORL_DATA_NONE && problem->parameter_count >= 2)
            return true;
    }
    return false;
}

static bool film_can_fit(const struct loader *l, const struct orl_film_plan *film)
{
    if (film->layout == ORL_LAYOUT_SEQUENCE)
        return film_has_data(l, film);
    return film_has_data(l, film) &&
           l->experiment->problems[l->experiment->runs[film->runs[0]].problem].predictor_count >= 1;
}

/* One problem in each picture. */
static bool film_has_one_problem(const struct loader *l, const struct orl_film_plan *film)
{
    if (film->layout == ORL_LAYOUT_SEQUENCE)
        return true;
    for (size_t r = 1; r < film->run_count; r++)
        if (l->experiment->runs[film->runs[r]].problem !=
            l->experiment->runs[film->runs[0]].problem)
            return false;
    return true;
}

static bool film_has_same_parameters(const struct loader *l, const struct orl_film_plan *film)
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

static bool experiment_has_series(const struct loader *l)
{
    for (size_t r = 0; r < l->experiment->run_count; r++)
        if (l->experiment->runs[r].has_series)
            return true;
    return false;
}

static bool panel_add(struct loader *l, struct orl_film_plan *film,
                      const struct orl_panel_desc *desc)
{
    film->panels[film->panel_count] =
        (struct orl_panel_plan){.desc = desc, .values = orl_values_default(desc->settings)};
    return film->panels[film->panel_count++].values ? true : orl_read_no_memory(l);
}

static bool panel_read(struct loader *l, struct orl_film_plan *film, const struct yaml_node *node,
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
            return orl_read_fault(l, node, NULL, "the panel '%s' is listed twice", desc->name);
    if (desc->needs_data && !film_has_data(l, film))
        return orl_read_fault(l, node, NULL, "a %s panel needs data; an objective has none",
                              desc->name);
    if (desc->one_problem && !film_has_one_problem(l, film))
        return orl_read_fault(l, node, "make a film for each problem, or a sequence",
                              "the panel '%s' shows runs on one problem; these are on several",
                              desc->name);
    if (desc->needs_predictor && !film_can_fit(l, film))
        return orl_read_fault(
            l, node, NULL,
            "a fit needs a model that uses a column of its data; this one uses none");
    if (desc->same_parameters && !film_has_same_parameters(l, film))
        return orl_read_fault(
            l, node, "make a film for each problem, or a sequence",
            "the panel 'parameters' shows runs with the same parameters; these have others");
    if (!desc->needs_series || film_has_series(l, film))
        return panel_add(l, film, desc);
    if (!only && experiment_has_series(l)) /* a film of runs beside those that have some: it goes
                                       without, as a part of a sequence does */
        return true;
    return orl_read_fault(
        l, node, "runs: {add: [{name: ..., problem: ..., trace: FILE.csv}]}",
        "a %s panel shows columns of a trace that are not parameters; '%s' has none", desc->name,
        l->experiment->runs[film->runs[0]].name);
}

/* Of recorded runs without a problem: what was recorded is all that there is. Losses, those of
 * validation among them, and beside them the other columns. */
static bool recorded_panels_add(struct loader *l, struct orl_film_plan *film)
{
    bool losses = true, series = false;
    for (size_t r = 0; r < film->run_count; r++) {
        const struct orl_run_plan *run = &l->experiment->runs[film->runs[r]];
        losses &= run->has_loss;
        series |= run->has_series;
    }
    bool good = !losses || panel_add(l, film, orl_panel_find("training"));
    good = good && (!series || panel_add(l, film, orl_panel_find("series")));
    return good && (!losses || panel_add(l, film, orl_panel_find("values")));
}

/* The fit where there is data, the surface of an objective, and the loss. */
static bool usual_panels_add(struct loader *l, struct orl_film_plan *film)
{
    bool good = true;
    if (orl_logs_are_all(l->experiment, film))
        return recorded_panels_add(l, film);
    if (film_has_one_problem(l, film) && film_can_fit(l, film))
        good = panel_add(l, film, orl_panel_find("fit"));
    if (good && film_has_one_problem(l, film) && film_has_objective(l, film))
        good = panel_add(l, film, orl_panel_find("surface"));
    return good && panel_add(l, film, orl_panel_find("loss"));
}

bool orl_read_panels(struct loader *l, struct orl_film_plan *film, const struct yaml_node *panels)
{
    size_t count = !panels ? 3 : panels->kind == YAML_SCALAR ? 1 : panels->count;
    film->panels = orl_calloc(count, sizeof *film->panels);
    if (!film->panels)
        return orl_read_no_memory(l);
    if (!panels)
        return usual_panels_add(l, film);
    if (panels->kind == YAML_SCALAR)
        return panel_read(l, film, panels, true);
    if (!orl_read_kind(l, panels, YAML_LIST, "panels"))
        return false;
    if (count == 0)
        return orl_read_fault(l, panels, NULL, "`panels` is empty");
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = panel_read(l, film, panels->items[i], count == 1) && good;
    return good;
}

static bool problem_has_parameter(const struct orl_problem_plan *problem, const char *name)
{
    for (size_t p = 0; p < problem->parameter_count; p++)
        if (strcmp(problem->parameters[p], name) == 0)
            return true;
    return false;
}

/* Names of parameters must be those of every problem that the film shows. */
static bool panel_parameters_check(struct loader *l, const struct orl_film_plan *film,
                                   const struct yaml_node *node)
{
    const struct orl_experiment *e = l->experiment;
    for (size_t r = 0; r < film->run_count; r++) {
        const struct orl_problem_plan *problem = &e->problems[e->runs[film->runs[r]].problem];
        if (r > 0 && problem == &e->problems[e->runs[film->runs[r - 1]].problem])
            continue;
        for (size_t i = 0; i < (node->kind == YAML_LIST ? node->count : 1); i++) {
            const struct yaml_node *name = node->kind == YAML_LIST ? node->items[i] : node;
            if (!problem_has_parameter(problem, name->text))
                return orl_read_fault(l, name, NULL, "'%s' is not a parameter of the problem '%s'",
                                      name->text, problem->name);
        }
    }
    return true;
}

static bool panel_settings_read(struct loader *l, const struct orl_film_plan *film,
                                struct orl_panel_plan *panel, const struct yaml_node *node)
{
    bool good = orl_read_kind(l, node, YAML_MAP, panel->desc->name);
    for (size_t i = 0; good && i < node->count; i++) {
        const char *name = node->keys[i]->text;
        bool group = orl_setting_is_group(panel->desc->settings, name);
        if (group && node->items[i]->kind == YAML_MAP) {
            good = orl_axis_read(l, node->items[i], panel->desc->settings, name, panel->values);
            continue;
        }
        int index = strchr(name, '.') ? -1 : orl_setting_find(panel->desc->settings, name);
        if (index < 0 && group)
            return orl_read_fault(l, node->items[i],
                                  "its spread is the panel's `scale`, as in {scale: log}",
                                  "%s must be a map: {label: \"mV\", limits: [0, 1]}", name);
        if (index < 0)
            return orl_read_fault(l, node->keys[i], NULL, "the panel %s has no setting '%s'",
                                  panel->desc->name, node->keys[i]->text);
        orl_value_uninit(&panel->values[index]);
        good = orl_read_setting(l, node->items[i], &panel->desc->settings[index],
                                &panel->values[index]);
        if (good && panel->desc->settings[index].parameters)
            good = panel_parameters_check(l, film, node->items[i]);
    }
    return good;
}

/* The parameter that a film's table shows. */
static bool watched_take(struct loader *l, struct orl_film_plan *film,
                         const struct orl_panel_plan *table)
{
    int index = orl_setting_of(table->desc->settings, ORL_ROLE_WATCHED);
    const char *name = index >= 0 ? table->values[index].text : NULL;
    if (!name || !*name)
        return true;
    film->watched = orl_strdup(name);
    return film->watched ? true : orl_read_no_memory(l);
}

/* A film that has no table among its panels has one beside them, with the same settings. */
static bool readout_settings_read(struct loader *l, struct orl_film_plan *film,
                                  const struct orl_panel_desc *desc, const struct yaml_node *node)
{
    struct orl_panel_plan table = {.desc = desc, .values = orl_values_default(desc->settings)};
    bool good = table.values ? panel_settings_read(l, film, &table, node) : orl_read_no_memory(l);
    good = good && watched_take(l, film, &table);
    orl_values_free(table.values, desc->settings);
    return good;
}

/* Points that a log axis of a fit has no place for. */
static bool fit_points_check(struct loader *l, const struct orl_film_plan *film,
                             const struct orl_panel_plan *panel, const struct yaml_node *axes)
{
    if (!panel->desc->needs_predictor || film->run_count == 0)
        return true;
    const struct orl_run_plan *run = &l->experiment->runs[film->runs[0]];
    const struct orl_problem_plan *problem = &l->experiment->problems[run->problem];
    const struct yaml_node *band = orl_yaml_get(axes, "band"),
                           *prediction = orl_yaml_get(axes, "prediction");
    if ((band || prediction) && !problem->loss->squares)
        return orl_read_fault(l, band ? band : prediction, "loss: mse, or sse",
                              "a band needs a least-squares fit; the loss of '%s' is %s",
                              problem->name, problem->loss->name);
    bool told = film > l->experiment->films && film[-1].run_count > 0 &&
                l->experiment->runs[film[-1].runs[0]].problem == run->problem;
    if (prediction && problem->sigma && !told && !orl_yaml_is_null(prediction))
        orl_yaml_warning(&l->source, prediction,
                         "no prediction band is drawn for '%s': how exact a new observation is, "
                         "its sigma does not tell",
                         problem->name);
    return orl_axis_check_points(l, axes, panel->desc->settings, panel->values,
                                 &l->experiment->problems[run->problem]);
}

static bool panel_is_called(const struct orl_panel_desc *desc, const char *name)
{
    return strcmp(desc->name, name) == 0 ||
           (desc->settings_as && strcmp(desc->settings_as, name) == 0);
}

bool orl_read_axes(struct loader *l, struct orl_film_plan *film, const struct yaml_node *axes)
{
    if (!axes)
        return true;
    if (!orl_read_kind(l, axes, YAML_MAP, "axes"))
        return false;
    for (size_t i = 0; i < axes->count; i++) {
        size_t p = 0;
        while (p < film->panel_count && !panel_is_called(film->panels[p].desc, axes->keys[i]->text))
            p++;
        const struct orl_panel_desc *desc = orl_panel_find(axes->keys[i]->text);
        if (p == film->panel_count && desc && desc->needs_series && experiment_has_series(l))
            continue; /* its panel was left out of this film */
        if (p == film->panel_count && desc && desc->replaces_readout && desc->settings) {
            if (!readout_settings_read(l, film, desc, axes->items[i]))
                return false;
            continue;
        }
        if (p == film->panel_count)
            return orl_read_fault(l, axes->keys[i], NULL,
                                  desc ? "this film has no panel '%s'" : "unknown panel '%s'",
                                  axes->keys[i]->text);
        if (!panel_settings_read(l, film, &film->panels[p], axes->items[i]) ||
            (desc && desc->replaces_readout && !watched_take(l, film, &film->panels[p])) ||
            !fit_points_check(l, film, &film->panels[p], axes->items[i]))
            return false;
    }
    return true;
}

bool orl_check_words(struct loader *l, const struct yaml_node *panels,
                     const struct orl_film_plan *film)
{
    for (size_t i = 0; i < film->panel_count; i++) {
        const struct orl_panel_plan *panel = &film->panels[i];
        int text = orl_setting_of(panel->desc->settings, ORL_ROLE_WORDS);
        if (text >= 0 && (!panel->values[text].text || !*panel->values[text].text))
            return orl_read_fault(l, panels, "axes: {text: {text: \"...\"}}",
                                  "the panel 'text' needs its words");
    }
    return true;
}
