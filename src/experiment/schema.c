/* The JSON Schema (draft 2020-12) of experiment files, from the tables that the parser reads. */
#include <math.h>
#include <stdarg.h>

#include "base/array.h"
#include "base/json.h"
#include "encode/tables.h"
#include "optreel/experiment.h"
#include "scene/tables.h"

/* A key with a string value. */
static void text(struct orl_json *j, const char *key, const char *value)
{
    orl_json_key(j, key);
    orl_json_string(j, value);
}

static void open_object(struct orl_json *j, const char *description)
{
    orl_json_open(j, '{');
    text(j, "type", "object");
    if (description)
        text(j, "description", description);
}

/* A property of a plain type. */
static void plain(struct orl_json *j, const char *key, const char *type, const char *description)
{
    orl_json_key(j, key);
    orl_json_open(j, '{');
    text(j, "type", type);
    text(j, "description", description);
    orl_json_close(j, '}');
}

/* A property that is an object whose keys are the user's names; the caller writes the schema of a
 * value. */
static void open_named(struct orl_json *j, const char *key, const char *description)
{
    orl_json_key(j, key);
    open_object(j, description);
    orl_json_key(j, "additionalProperties");
}

static void close_named(struct orl_json *j)
{
    orl_json_close(j, '}');
}

static void number_map(struct orl_json *j, const char *key, const char *description)
{
    open_named(j, key, description);
    orl_json_open(j, '{');
    text(j, "type", "number");
    orl_json_close(j, '}');
    close_named(j);
}

static void one_of(struct orl_json *j, const char *const *names)
{
    orl_json_key(j, "enum");
    orl_json_open(j, '[');
    for (; *names; names++)
        orl_json_string(j, *names);
    orl_json_close(j, ']');
}

static void choice(struct orl_json *j, const char *key, const char *const *names,
                   const char *description)
{
    orl_json_key(j, key);
    orl_json_open(j, '{');
    one_of(j, names);
    text(j, "description", description);
    orl_json_close(j, '}');
}

static const char *type_of(const struct orl_setting *s)
{
    switch (s->type) {
    case ORL_SETTING_REAL:
        return "number";
    case ORL_SETTING_INTEGER:
        return "integer";
    case ORL_SETTING_BOOLEAN:
        return "boolean";
    default:
        return "string";
    }
}

static void name_or_names(struct orl_json *j)
{
    static const char *const types[] = {"string", "array", NULL};
    orl_json_key(j, "type");
    orl_json_open(j, '[');
    for (size_t i = 0; types[i]; i++)
        orl_json_string(j, types[i]);
    orl_json_close(j, ']');
    orl_json_key(j, "items");
    orl_json_open(j, '{');
    text(j, "type", "string");
    orl_json_close(j, '}');
}

static void single(struct orl_json *j, const struct orl_setting *s)
{
    orl_json_open(j, '{');
    if (s->type == ORL_SETTING_CHOICE)
        one_of(j, s->choices);
    else if (s->type == ORL_SETTING_NAMES)
        name_or_names(j);
    else
        text(j, "type", type_of(s));
    if (s->type == ORL_SETTING_REAL || s->type == ORL_SETTING_INTEGER) {
        orl_json_key(j, "minimum");
        orl_json_number(j, s->minimum);
        orl_json_key(j, "maximum");
        orl_json_number(j, s->maximum);
    }
    orl_json_close(j, '}');
}

/* A setting; those of optimizers may be sweeps, and some schedules. */
static void setting(struct orl_json *j, const struct orl_setting *s, bool sweeps)
{
    orl_json_key(j, s->name);
    orl_json_open(j, '{');
    text(j, "description", s->description);
    orl_json_key(j, "anyOf");
    orl_json_open(j, '[');
    single(j, s);
    if (sweeps && s->schedule) {
        orl_json_open(j, '{');
        text(j, "type", "string");
        text(j, "description", "a schedule: a formula of step and steps");
        orl_json_close(j, '}');
    }
    if (sweeps) {
        orl_json_open(j, '{');
        text(j, "type", "array");
        text(j, "description", "a sweep: one run for each value");
        orl_json_close(j, '}');
    }
    orl_json_close(j, ']');
    orl_json_close(j, '}');
}

static void general(struct orl_json *j)
{
    plain(j, "title", "string", "what the experiment is called");
    plain(j, "description", "string", "free text for the report");
    plain(j, "steps", "integer", "updates of each run");
    plain(j, "seed", "integer", "for everything random that has no seed of its own");
    orl_json_key(j, "record");
    open_object(j, "rows kept of a trace");
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    plain(j, "every", "integer", "keep every n-th row");
    plain(j, "rows", "integer", "most rows; thinned evenly beyond");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    number_map(j, "stop", "end a run early below these: loss, gradient, change; 0: never");
    orl_json_key(j, "report");
    open_object(j, "what the report holds");
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    plain(j, "times", "boolean", "false: no times, so that the report is the same each time");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
}

static void problems(struct orl_json *j)
{
    const char *losses[32] = {0};
    for (size_t i = 0; orl_losses[i] && i < 31; i++)
        losses[i] = orl_losses[i]->name;
    open_named(j, "problems", "models with data and a loss, or plain functions to minimise");
    open_object(j, NULL);
    orl_json_key(j, "required");
    orl_json_open(j, '[');
    orl_json_string(j, "start");
    orl_json_close(j, ']');
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    plain(j, "title", "string", "on films, in place of the formula");
    plain(j, "model", "string", "the formula that is fitted");
    plain(j, "objective", "string", "a function to minimise, without data");
    number_map(j, "start", "where every run begins, by parameter");
    orl_json_key(j, "loss");
    orl_json_open(j, '{');
    orl_json_key(j, "anyOf");
    orl_json_open(j, '[');
    orl_json_open(j, '{');
    one_of(j, losses);
    orl_json_close(j, '}');
    open_object(j, "{kind: huber, delta: 1}");
    orl_json_close(j, '}');
    orl_json_close(j, ']');
    orl_json_close(j, '}');
    orl_json_key(j, "data");
    open_object(j, "generated: a column for each predictor, truth, noise, seed; or a CSV file: "
                   "file, columns, response, sigma");
    orl_json_close(j, '}');
    number_map(j, "minimum", "where an objective is known to be least");
    orl_json_key(j, "domain");
    open_object(j, "what is shown of an objective: [from, to] by parameter");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    close_named(j);
}

/* All hyperparameters of all kinds: which of them a kind has is the parser's business. */
static void optimizers(struct orl_json *j)
{
    const char *kinds[64] = {0};
    for (size_t i = 0; orl_optimizers[i] && i < 63; i++)
        kinds[i] = orl_optimizers[i]->name;
    open_named(j, "optimizers", "update rules and their hyperparameters");
    orl_json_open(j, '{');
    orl_json_key(j, "type");
    orl_json_open(j, '[');
    orl_json_string(j, "object");
    orl_json_string(j, "null");
    orl_json_close(j, ']');
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    choice(j, "kind", kinds, "the update rule, where the name does not say it");
    plain(j, "title", "string", "on films, in place of the rule's name");
    for (const struct orl_setting *s = orl_optimizer_common; s->name; s++)
        setting(j, s, true);
    for (size_t i = 0; orl_optimizers[i]; i++)
        for (const struct orl_setting *s = orl_optimizers[i]->settings; s && s->name; s++) {
            bool seen = false;
            for (size_t k = 0; k < i; k++)
                seen |= orl_setting_find(orl_optimizers[k]->settings, s->name) >= 0;
            if (!seen)
                setting(j, s, true);
        }
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    close_named(j);
}

static void runs(struct orl_json *j)
{
    orl_json_key(j, "runs");
    open_object(j, "default: every optimizer on every problem");
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    plain(j, "except", "array", "runs to leave out, as problem/optimizer");
    plain(j, "add", "array", "runs from recorded traces");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
}

/* A name, or a map with a grid of one's own. */
static void layout(struct orl_json *j)
{
    orl_json_key(j, "layout");
    orl_json_open(j, '{');
    text(j, "description", "how several runs share a film, and where its panels go");
    orl_json_key(j, "anyOf");
    orl_json_open(j, '[');
    orl_json_open(j, '{');
    one_of(j, orl_layout_names);
    orl_json_close(j, '}');
    open_object(j, NULL);
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    choice(j, "kind", orl_layout_names,
           "overlay: all runs in each panel; grid: the first plot once for each run; sequence: one "
           "after the other");
    plain(j, "columns", "array", "relative widths; panels fill the grid in reading order");
    plain(j, "rows", "array", "relative heights; as many rows as are needed where there are none");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    orl_json_close(j, ']');
    orl_json_close(j, '}');
}

/* Panel names, in a list or alone. */
static void panels(struct orl_json *j)
{
    const char *names[32] = {0};
    for (size_t i = 0; orl_panels[i] && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_panels[i]->name;
    orl_json_key(j, "panels");
    orl_json_open(j, '{');
    text(j, "description", "charts in a frame, the main one first");
    orl_json_key(j, "anyOf");
    orl_json_open(j, '[');
    orl_json_open(j, '{');
    one_of(j, names);
    orl_json_close(j, '}');
    orl_json_open(j, '{');
    text(j, "type", "array");
    orl_json_key(j, "items");
    orl_json_open(j, '{');
    one_of(j, names);
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    orl_json_close(j, ']');
    orl_json_close(j, '}');
}

/* What each panel can be given. */
static void axes(struct orl_json *j)
{
    orl_json_key(j, "axes");
    open_object(j, "settings by panel");
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    for (size_t i = 0; orl_panels[i]; i++) {
        if (!orl_panels[i]->settings)
            continue;
        orl_json_key(j, orl_panels[i]->name);
        open_object(j, orl_panels[i]->description);
        orl_json_key(j, "properties");
        orl_json_open(j, '{');
        for (const struct orl_setting *s = orl_panels[i]->settings; s->name; s++)
            setting(j, s, false);
        orl_json_close(j, '}');
        orl_json_close(j, '}');
    }
    orl_json_close(j, '}');
    orl_json_close(j, '}');
}

static void films(struct orl_json *j)
{
    static const char *const each[] = {"run", "problem", "optimizer", "experiment", NULL};
    orl_json_key(j, "films");
    orl_json_open(j, '{');
    text(j, "type", "array");
    orl_json_key(j, "items");
    open_object(j, NULL);
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    choice(j, "each", each, "one film for each of these");
    panels(j);
    plain(j, "name", "string", "with {problem}, {optimizer}, {run} and {experiment}");
    plain(j, "title", "string", "first line of the film");
    layout(j);
    choice(j, "pace", orl_pace_names, "how steps are spread over the film");
    plain(j, "length", "number", "seconds, holds included");
    number_map(j, "hold", "seconds that the first and the last frame stand");
    axes(j);
    number_map(j, "steps", "the part of the run that is shown: from, to");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    orl_json_close(j, '}');
}

/* A name, or a map of colours of one's own on top of a base. */
static void theme(struct orl_json *j, const char *const *names)
{
    orl_json_key(j, "theme");
    orl_json_open(j, '{');
    text(j, "description", "colours: a theme's name, or a base with colours of one's own");
    orl_json_key(j, "oneOf");
    orl_json_open(j, '[');
    orl_json_open(j, '{');
    orl_json_key(j, "enum");
    orl_json_open(j, '[');
    for (size_t i = 0; names[i]; i++)
        orl_json_string(j, names[i]);
    orl_json_close(j, ']');
    orl_json_close(j, '}');
    orl_json_open(j, '{');
    text(j, "type", "object");
    orl_json_key(j, "additionalProperties");
    orl_json_bool(j, false);
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    choice(j, "base", names, "the theme that gives what is not set");
    for (size_t i = 0; orl_theme_roles[i]; i++)
        plain(j, orl_theme_roles[i], "string", "a colour, #rgb or #rrggbb");
    plain(j, "colors", "array", "the runs' colours, in their order");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    orl_json_close(j, ']');
    orl_json_close(j, '}');
}

static void output(struct orl_json *j)
{
    const char *presets[16] = {0}, *themes[16] = {0};
    for (size_t i = 0; orl_presets[i].name && i < 15; i++)
        presets[i] = orl_presets[i].name;
    for (size_t i = 0; orl_themes[i].name && i < 15; i++)
        themes[i] = orl_themes[i].name;
    orl_json_key(j, "output");
    open_object(j, "what the films are made into");
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    orl_json_key(j, "formats");
    orl_json_open(j, '{');
    text(j, "description", "a list of formats, or a map with settings for each");
    orl_json_key(j, "properties");
    orl_json_open(j, '{');
    for (size_t i = 0; orl_formats[i]; i++) {
        orl_json_key(j, orl_formats[i]->name);
        orl_json_open(j, '{');
        text(j, "description", orl_formats[i]->description);
        orl_json_key(j, "properties");
        orl_json_open(j, '{');
        for (const struct orl_setting *s = orl_formats[i]->settings; s && s->name; s++)
            setting(j, s, false);
        orl_json_close(j, '}');
        orl_json_close(j, '}');
    }
    orl_json_close(j, '}');
    orl_json_close(j, '}');
    choice(j, "preset", presets, "a named set of output settings");
    plain(j, "size", "string", "WIDTHxHEIGHT in pixels, even");
    plain(j, "fps", "number", "frames per second");
    theme(j, themes);
    orl_json_key(j, "max_size");
    orl_json_open(j, '{');
    text(j, "description", "cap of a file's size in bytes, or such as 5 MB; 0: none");
    orl_json_close(j, '}');
    orl_json_key(j, "font");
    orl_json_open(j, '{');
    text(j, "description", "a font file; null: the default");
    orl_json_close(j, '}');
    plain(j, "poster", "boolean", "the last frame as a PNG beside the film");
    plain(j, "contact", "string", "COLUMNSxROWS: a contact sheet beside each film");
    orl_json_close(j, '}');
    orl_json_close(j, '}');
}

char *orl_experiment_schema(void)
{
    struct orl_text out = {0};
    struct orl_json j = {.out = &out};
    orl_json_open(&j, '{');
    text(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
    text(&j, "title", "optreel experiment");
    text(&j, "type", "object");
    orl_json_key(&j, "required");
    orl_json_open(&j, '[');
    orl_json_string(&j, "problems");
    orl_json_string(&j, "optimizers");
    orl_json_close(&j, ']');
    orl_json_key(&j, "additionalProperties");
    orl_json_bool(&j, false);
    orl_json_key(&j, "properties");
    orl_json_open(&j, '{');
    general(&j);
    problems(&j);
    optimizers(&j);
    runs(&j);
    films(&j);
    output(&j);
    orl_json_close(&j, '}');
    orl_json_close(&j, '}');
    orl_text_putc(&out, '\n');
    return orl_text_take(&out);
}
