/* An experiment from its text to its checked plan. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"
#include "experiment/rows.h"

/* ---- Finding the text ------------------------------------------------------------------------ */

static const struct orl_builtin *find_builtin(const char *name)
{
    for (const struct orl_builtin *b = orl_builtins; b->name; b++)
        if (strcmp(b->name, name) == 0)
            return b;
    return NULL;
}

static int read_builtin(const struct orl_builtin *builtin, struct orl_experiment_source *out)
{
    out->name = orl_strdup(builtin->name);
    out->path = orl_asprintf("%s (built in)", builtin->name);
    out->folder = orl_strdup(ORL_BUILTIN_FOLDER);
    out->text = orl_strndup(builtin->text, builtin->length);
    out->length = builtin->length;
    return out->name && out->path && out->folder && out->text ? ORL_OK : ORL_ENOMEM;
}

/* "some/where/e.yaml" and "e.optreel.yaml" -> "e"; what remains must do as a folder's name. */
static char *name_of_file(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path,
               *dot = strrchr(base, '.');
    static const char convention[] = ".optreel";
    size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base),
           ending = sizeof convention - 1;
    if (length > ending && strncmp(base + length - ending, convention, ending) == 0)
        length -= ending;
    char *name = orl_strndup(base, length);
    for (char *p = name; p && *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '_';
    if (name && *name == '.')
        *name = '_';
    return name;
}

/* "-" stands for standard input, whose paths start in the current folder. */
static int read_input(const struct orl_limits *limits, struct orl_experiment_source *out,
                      struct orl_error *err)
{
    int ret = orl_descriptor_read(STDIN_FILENO, "standard input", limits->experiment_bytes,
                                  &out->text, &out->length, err);
    out->name = orl_strdup("stdin");
    out->path = orl_strdup("<stdin>");
    out->folder = orl_strdup(".");
    return ret;
}

static int read_file(const char *what, const struct orl_limits *limits,
                     struct orl_experiment_source *out, struct orl_error *err)
{
    const char *slash = strrchr(what, '/');
    out->name = name_of_file(what);
    out->path = orl_strdup(what);
    out->folder =
        slash ? orl_strndup(what, slash == what ? 1 : (size_t)(slash - what)) : orl_strdup(".");
    return orl_file_read(what, limits->experiment_bytes, &out->text, &out->length, err);
}

int orl_experiment_read(const char *what, const struct orl_limits *limits,
                        struct orl_experiment_source *out, struct orl_messages *messages)
{
    const struct orl_builtin *builtin = find_builtin(what);
    struct orl_error err = {0};
    *out = (struct orl_experiment_source){0};
    int ret = builtin                  ? read_builtin(builtin, out)
              : strcmp(what, "-") == 0 ? read_input(limits, out, &err)
                                       : read_file(what, limits, out, &err);
    if (ret == ORL_OK && (!out->name || !out->path || !out->folder))
        ret = ORL_ENOMEM;
    if (ret == ORL_OK)
        return ret;
    orl_experiment_source_uninit(out);
    if (ret == ORL_EINPUT && strcmp(what, "-") != 0)
        return orl_experiment_missing(what, messages, err.text);
    (void)orl_messages_add(messages, ORL_SEVERITY_ERROR, NULL, NULL, "%s",
                           err.text[0] ? err.text : "out of memory");
    return ret;
}

int orl_experiment_text(const char *name, const char *folder, const char *text, size_t length,
                        struct orl_experiment_source *out, struct orl_error *err)
{
    *out = (struct orl_experiment_source){.name = orl_strdup(name),
                                          .path = orl_strdup(name),
                                          .folder = orl_strdup(folder ? folder : "."),
                                          .text = orl_strndup(text, length),
                                          .length = length};
    if (out->name && out->path && out->folder && out->text)
        return ORL_OK;
    orl_experiment_source_uninit(out);
    return orl_fail_memory(err);
}

void orl_experiment_source_uninit(struct orl_experiment_source *source)
{
    free(source->name);
    free(source->path);
    free(source->folder);
    free(source->text);
    *source = (struct orl_experiment_source){0};
}

/* ---- General keys ---------------------------------------------------------------------------- */

static bool general_load(struct loader *l)
{
    return orl_keys_read(l, l->root, &orl_experiment_map, l->experiment);
}

/* ---- --only ---------------------------------------------------------------------------------- */

/* Runs that match, films that match or whose runs all do, and the runs that those films need. */
static bool mark(const struct orl_experiment *e, const char *pattern, bool *runs, bool *films)
{
    bool any = false;
    for (size_t r = 0; r < e->run_count; r++) {
        runs[r] = orl_glob_match(pattern, e->runs[r].name) ||
                  orl_glob_match(pattern, e->runs[r].file_name);
        any |= runs[r];
    }
    for (size_t f = 0; f < e->film_count; f++) {
        const struct orl_film_plan *film = &e->films[f];
        films[f] = true;
        for (size_t r = 0; r < film->run_count; r++)
            films[f] &= runs[film->runs[r]];
        films[f] |= orl_glob_match(pattern, film->name);
        any |= films[f];
    }
    for (size_t f = 0; f < e->film_count; f++)
        for (size_t r = 0; films[f] && r < e->films[f].run_count; r++)
            runs[e->films[f].runs[r]] = true;
    return any;
}

static int apply_only(struct loader *l)
{
    struct orl_experiment *e = l->experiment;
    bool *runs = orl_calloc(e->run_count, sizeof *runs),
         *films = orl_calloc(e->film_count, sizeof *films);
    size_t *renumbered = orl_calloc(e->run_count, sizeof *renumbered);
    int ret = runs && films && renumbered ? ORL_OK : ORL_ENOMEM;
    if (ret == ORL_OK && !mark(e, l->options->only, runs, films)) {
        struct orl_place place = {.file = "--only"};
        (void)orl_messages_add(l->source.messages, ORL_SEVERITY_ERROR, &place,
                               "the names: optreel check EXPERIMENT",
                               "no run and no film is called '%s'", l->options->only);
        ret = ORL_EUSAGE;
    }
    if (ret == ORL_OK) {
        orl_runs_keep(e, runs, renumbered);
        orl_films_keep(e, films, renumbered);
    }
    free(runs);
    free(films);
    free(renumbered);
    return ret;
}

/* ---- Starts ---------------------------------------------------------------------------------- */

/* Whether a run that is made here, not recorded elsewhere, starts with the problem. */
static bool is_started(const struct orl_experiment *e, size_t problem)
{
    for (size_t r = 0; r < e->run_count; r++)
        if (e->runs[r].problem == problem && e->runs[r].desc != &orl_optimizer_recorded)
            return true;
    return false;
}

/* Where runs that are left cannot start nothing is made; a problem that can is named, so that it
 * need not wait. */
static int check_starts(struct loader *l)
{
    const struct orl_experiment *e = l->experiment;
    const char *sound = NULL;
    char hint[256] = "give it another start";
    int ret = ORL_OK;
    for (size_t p = 0; !sound && p < e->problem_count; p++)
        if (is_started(e, p) && !e->problems[p].bad_start)
            sound = e->problems[p].name;
    if (sound)
        snprintf(hint, sizeof hint,
                 "give it another start; what can start is made with --only '%s/*'", sound);
    for (size_t p = 0; p < e->problem_count; p++) {
        const struct orl_problem_plan *plan = &e->problems[p];
        const struct yaml_node *node = orl_yaml_get(orl_yaml_get(l->root, "problems"), plan->name),
                               *start = orl_yaml_get(node, "start");
        if (!plan->bad_start || !is_started(e, p))
            continue;
        (void)orl_read_fault(l, start ? start : node, hint, "the problem '%s' cannot start: %s",
                             plan->name, plan->bad_start);
        ret = ORL_EINPUT;
    }
    return ret;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static bool make_experiment(struct loader *l)
{
    struct orl_experiment *e = l->experiment = orl_calloc(1, sizeof *e);
    if (!e)
        return orl_read_no_memory(l);
    e->name = orl_strdup(l->file->name);
    e->path = orl_strdup(l->file->path);
    e->folder = orl_strdup(l->file->folder);
    return orl_keys_default(&orl_experiment_map, e) && e->name && e->path && e->folder
               ? true
               : orl_read_no_memory(l);
}

/* What the experiment is called, where its file says so. */
static bool load_name(struct loader *l)
{
    const struct yaml_node *node = orl_yaml_get(l->root, "name");
    struct orl_experiment *e = l->experiment;
    if (!node)
        return true;
    if (!orl_read_kind(l, node, YAML_SCALAR, "name") ||
        !orl_check_name(l, node, "an experiment", node->text))
        return false;
    free(e->name);
    e->name = orl_strdup(node->text);
    return e->name ? true : orl_read_no_memory(l);
}

/* Recorded runs do without problems and optimizers of the file. */
static bool part_is_left_out(struct loader *l, const char *key, bool recorded)
{
    if (orl_yaml_get(l->root, key))
        return false;
    return recorded || (orl_read_fault(l, l->root, NULL, "the key '%s' is missing", key), false);
}

/* Faults of one part do not hide those of the next, as far as it can be read without the first. */
static bool load_parts(struct loader *l)
{
    bool good = load_name(l);
    good = general_load(l) && good;
    bool recorded = orl_yaml_get(orl_yaml_get(l->root, "runs"), "add") != NULL;
    bool problems = part_is_left_out(l, "problems", recorded) || orl_load_problems(l),
         optimizers = part_is_left_out(l, "optimizers", recorded) || orl_load_optimizers(l),
         formats = l->options->runs_only || (orl_load_formats(l) && orl_load_variants(l));
    l->experiment->has_title = l->experiment->title != NULL;
    if (!l->experiment->title && !(l->experiment->title = orl_strdup(l->experiment->name)))
        return orl_read_no_memory(l);
    if (!problems || !optimizers || !orl_load_runs(l))
        return false;
    good = orl_load_expect(l) && good;
    if (!formats)
        return false;
    return (l->options->runs_only ||
            (orl_load_films(l) && orl_load_outputs(l) && orl_check_variants(l))) &&
           good && orl_copy_make(l);
}

/* Faults in the order in which they stand in the file, whatever was checked first; those of other
 * files and options keep their places. */
static void sort_messages(struct loader *l)
{
    struct orl_messages *m = l->source.messages;
    for (size_t i = 1; i < m->count; i++) {
        struct orl_message message = m->items[i];
        size_t at = i;
        while (at > 0 && message.file && m->items[at - 1].file &&
               strcmp(message.file, l->file->path) == 0 &&
               strcmp(m->items[at - 1].file, message.file) == 0 &&
               message.line < m->items[at - 1].line) {
            m->items[at] = m->items[at - 1];
            at--;
        }
        m->items[at] = message;
    }
}

static int finish(struct loader *l, int ret)
{
    sort_messages(l);
    if (ret == ORL_OK && l->no_memory)
        ret = ORL_ENOMEM;
    if (ret == ORL_OK && l->source.messages->errors)
        ret = ORL_EINPUT;
    if (ret == ORL_EINPUT && l->source.usage)
        ret = ORL_EUSAGE;
    if (ret == ORL_OK && l->options->only)
        ret = apply_only(l);
    if (ret == ORL_OK)
        ret = check_starts(l);
    if (ret == ORL_ENOMEM)
        (void)orl_messages_add(l->source.messages, ORL_SEVERITY_ERROR, NULL, NULL, "out of memory");
    return ret;
}

int orl_experiment_load(const struct orl_experiment_source *source,
                        const struct orl_experiment_options *options,
                        const struct orl_limits *limits, struct orl_messages *messages,
                        struct orl_experiment **out)
{
    struct loader l = {
        .source = {.file = source->path,
                   .text = source->text,
                   .length = source->length,
                   .limits = limits,
                   .messages = messages},
        .file = source,
        .options = options,
        .keys = &orl_experiment_map,
    };
    *out = NULL;
    int ret = orl_yaml_parse(&l.source, &l.root);
    if (ret == ORL_OK && l.root->kind != YAML_MAP)
        ret = orl_yaml_error(&l.source, l.root, 0,
                             "an experiment is a mapping: problems, optimizers, ...",
                             "this is not an experiment");
    if (ret == ORL_OK)
        ret = orl_load_set_options(&l);
    if (ret == ORL_OK && make_experiment(&l) && !load_parts(&l) && !l.no_memory &&
        !messages->errors)
        ret = orl_yaml_error(&l.source, NULL, 0, NULL, "the experiment cannot be read");
    ret = finish(&l, ret);
    orl_optimizers_free(&l); /* before the experiment, which owns the rules that they look into */
    if (ret == ORL_OK)
        *out = l.experiment;
    else
        orl_experiment_destroy(&l.experiment);
    orl_formats_free(&l);
    free(l.film_nodes);
    free((void *)l.input_nodes);
    orl_yaml_free(&l.root);
    return ret;
}

void orl_experiment_destroy(struct orl_experiment **experiment)
{
    struct orl_experiment *e = *experiment;
    if (!e)
        return;
    orl_inputs_free(e);
    orl_films_free(e);
    orl_expect_free(e);
    orl_runs_free(e);
    orl_problems_free(e);
    for (size_t i = 0; i < e->rule_count; i++)
        orl_rule_destroy(&e->rules[i]);
    free(e->rules);
    free(e->name);
    free(e->path);
    orl_keys_free(&orl_experiment_map, e);
    free(e);
    *experiment = NULL;
}
