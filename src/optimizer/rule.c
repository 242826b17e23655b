/* Rules of one's own: assignments over g, p, step, steps, hyperparameters and state, element by
 * element, in order. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/tape.h"
#include "optimizer/family.h"
#include "optreel/model.h"

enum { NAMES_MAX = 64, LINES_MAX = 64 };
enum { VAR_G, VAR_P, VAR_STEP, VAR_STEPS, VAR_FIRST };

static const char *const given[] = {"g", "p", "step", "steps"};

struct assignment {
    size_t target; /* variable */
    struct orl_formula *formula;
    struct orl_tape *tape; /* owned: over all elements; what is one number for all (step,
                              hyperparameters) it computes once */
};

/* Scratch memory of one optimizer: a tape's memory for each line, and a block for each name that a
 * line brings in. */
struct work {
    size_t line_count;
    struct tape_memory *memory; /* owned, as are the following */
    double *parameters;         /* step, steps, hyperparameters */
    const double **columns;     /* g, p, state, names of lines: where their present block stands */
    double *locals;
};

/* Variables: what is given, hyperparameters, state, and what a line names first. The desc comes
 * first, so that the rule can be found from it. */
struct rule {
    struct orl_optimizer_desc desc;
    struct orl_setting *settings; /* owned, with their names */
    char *text;                   /* owned */
    char *names[NAMES_MAX];       /* owned: of the variables */
    size_t name_count, hyper_count, state_count;
    double initial[NAMES_MAX]; /* of the state */
    struct assignment *lines;  /* owned */
    size_t line_count;
};

static int refuse_rule(struct orl_formula_error *error, size_t offset, size_t length,
                       const char *hint, const char *text, const char *what)
{
    *error = (struct orl_formula_error){.offset = offset, .length = length};
    char word[ORL_QUOTE_SIZE];
    orl_text_bounded(error->text, sizeof error->text, text,
                     orl_utf8_quote(word, what, strlen(what)));
    orl_text_bounded(error->hint, sizeof error->hint, "%s", hint ? hint : "");
    return ORL_EINPUT;
}

static size_t find_name(const struct rule *r, const char *name, size_t length)
{
    size_t i = 0;
    while (i < r->name_count &&
           (strlen(r->names[i]) != length || memcmp(r->names[i], name, length) != 0))
        i++;
    return i;
}

static bool add_name(struct rule *r, const char *name, size_t length)
{
    if (r->name_count >= NAMES_MAX)
        return false;
    r->names[r->name_count] = orl_strndup(name, length);
    return r->names[r->name_count++] != NULL;
}

static bool is_name_character(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

/* Every name of a line's formula is known by now, or a constant. */
static int check_names(const struct rule *r, const struct assignment *a, size_t offset,
                       struct orl_formula_error *error)
{
    double ignored;
    for (size_t i = 0; i < orl_formula_name_count(a->formula); i++) {
        const char *name = orl_formula_name(a->formula, i);
        if (find_name(r, name, strlen(name)) == r->name_count && !orl_constant_find(name, &ignored))
            return refuse_rule(
                error, offset + orl_formula_name_offset(a->formula, i), strlen(name),
                "known are g, p, step, steps, the state, the hyperparameters, and what "
                "an earlier line names",
                "'%s' is unknown here", name);
    }
    return ORL_OK;
}

/* The names in the order of the tape: what is one number for all elements, and what each element
 * has. */
static int compile_line(const struct rule *r, struct assignment *a)
{
    const char *numbers[NAMES_MAX], *columns[NAMES_MAX];
    struct tape_names names = {.parameters = numbers, .columns = columns, .points = true};
    for (size_t i = 0; i < r->name_count; i++)
        if (i == VAR_STEP || i == VAR_STEPS || (i >= VAR_FIRST && i < VAR_FIRST + r->hyper_count))
            numbers[names.parameter_count++] = r->names[i];
        else
            columns[names.column_count++] = r->names[i];
    return orl_tape_compile(a->formula, &names, &a->tape, NULL);
}

/* Where a variable stands among the columns. */
static size_t column_of(const struct rule *r, size_t variable)
{
    return variable < VAR_STEP ? variable : variable - (VAR_FIRST - VAR_STEP) - r->hyper_count;
}

static int read_target(struct rule *r, const char *text, size_t offset, size_t length,
                       struct assignment *a, struct orl_formula_error *error)
{
    char name[ORL_QUOTE_SIZE];
    orl_utf8_quote(name, text + offset, length);
    a->target = find_name(r, text + offset, length);
    if (a->target == VAR_G || a->target == VAR_STEP || a->target == VAR_STEPS)
        return refuse_rule(error, offset, length, NULL, "'%s' cannot be assigned to", name);
    if (a->target >= VAR_FIRST && a->target < VAR_FIRST + r->hyper_count)
        return refuse_rule(error, offset, length, "put it among the state, or use another name",
                           "'%s' is a hyperparameter and stays as it is", name);
    return ORL_OK;
}

/* One line, "name = formula". */
static int read_line(struct rule *r, const char *text, size_t begin, size_t end,
                     const struct orl_limits *limits, struct orl_formula_error *error)
{
    size_t name = begin, stop;
    while (name < end && (text[name] == ' ' || text[name] == '\t' || text[name] == '\r'))
        name++;
    if (name == end || text[name] == '#')
        return ORL_OK;
    for (stop = name; stop < end && is_name_character(text[stop], stop == name); stop++)
        ;
    size_t equals = stop;
    while (equals < end && (text[equals] == ' ' || text[equals] == '\t'))
        equals++;
    if (stop == name || equals == end || text[equals] != '=' ||
        (equals + 1 < end && text[equals + 1] == '='))
        return refuse_rule(error, name, 1, "such as: p = p - learning_rate*g", "%s",
                           "a line of a rule is NAME = FORMULA");
    struct assignment *a = &r->lines[r->line_count++];
    int ret = read_target(r, text, name, stop - name, a, error);
    if (ret != ORL_OK)
        return ret;
    ret = orl_formula_parse(text + equals + 1, end - equals - 1, limits, &a->formula, error);
    if (ret != ORL_OK) {
        error->offset += equals + 1;
        return ret;
    }
    ret = check_names(r, a, equals + 1, error);
    if (ret == ORL_OK)
        ret = compile_line(r, a);
    if (ret == ORL_OK && a->target == r->name_count && !add_name(r, text + name, stop - name))
        return refuse_rule(error, name, stop - name, NULL, "%s", "too many names in one rule");
    return ret;
}

static int read_lines(struct rule *r, const char *text, const struct orl_limits *limits,
                      struct orl_formula_error *error)
{
    bool moves = false;
    r->lines = orl_calloc(LINES_MAX, sizeof *r->lines);
    if (!r->lines)
        return ORL_ENOMEM;
    for (size_t begin = 0; text[begin];) {
        size_t end = begin + strcspn(text + begin, "\n;");
        if (r->line_count == LINES_MAX)
            return refuse_rule(error, begin, 1, NULL, "%s", "too many lines in one rule");
        int ret = read_line(r, text, begin, end, limits, error);
        if (ret != ORL_OK)
            return ret;
        begin = end + (text[end] != '\0');
    }
    for (size_t i = 0; i < r->line_count; i++)
        moves |= r->lines[i].target == VAR_P;
    return moves ? ORL_OK
                 : refuse_rule(error, 0, 1, "such as: p = p - learning_rate*g", "%s",
                               "the rule never moves the parameter p");
}

static void rule_begin(const struct orl_step *s)
{
    const struct rule *r = (const struct rule *)s->desc;
    for (size_t k = 0; k < r->state_count; k++)
        for (size_t i = 0; i < s->dimension; i++)
            s->slots[k][i] = r->initial[k];
}

static void work_destroy(void *state)
{
    struct work *w = state;
    for (size_t i = 0; w->memory && i < w->line_count; i++)
        orl_tape_memory_destroy(&w->memory[i]);
    free(w->memory);
    free(w->parameters);
    free(w->columns);
    free(w->locals);
    free(w);
}

static int work_create(const struct orl_optimizer_desc *desc, size_t dimension,
                       const double *settings, const struct orl_oracle *oracle, void **state,
                       struct orl_error *err)
{
    (void)dimension, (void)settings, (void)oracle;
    const struct rule *r = (const struct rule *)desc;
    struct work *w = orl_calloc(1, sizeof *w);
    if (!w)
        return orl_fail_memory(err);
    w->line_count = r->line_count;
    w->memory = orl_calloc(r->line_count, sizeof *w->memory);
    w->parameters = orl_calloc(2 + r->hyper_count, sizeof *w->parameters);
    w->columns = orl_calloc(r->name_count, sizeof *w->columns);
    w->locals = orl_calloc(r->name_count, ORL_TAPE_BLOCK * sizeof *w->locals);
    int ret = w->memory && w->parameters && w->columns && w->locals ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < r->line_count; i++)
        ret = orl_tape_memory_create(r->lines[i].tape, &w->memory[i], err);
    if (ret != ORL_OK)
        work_destroy(w);
    else
        *state = w;
    return ret;
}

/* Where the elements from `first` on stand, to be read and written. */
static double *place_of(const struct orl_step *s, double *x, size_t column, size_t first)
{
    const struct rule *r = (const struct rule *)s->desc;
    struct work *w = s->state;
    if (column == VAR_P)
        return x + first;
    column -= 2;
    return column < r->state_count ? s->slots[column] + first
                                   : w->locals + (column - r->state_count) * ORL_TAPE_BLOCK;
}

static void update_block(const struct orl_step *s, double *x, size_t first, size_t count)
{
    const struct rule *r = (const struct rule *)s->desc;
    struct work *w = s->state;
    size_t columns = r->name_count - r->hyper_count - 2;
    w->columns[VAR_G] = s->gradient + first;
    for (size_t c = VAR_P; c < columns; c++)
        w->columns[c] = place_of(s, x, c, first);
    for (size_t l = 0; l < r->line_count; l++) {
        const struct orl_tape *tape = r->lines[l].tape;
        orl_tape_forward(tape, &w->memory[l], w->columns, count);
        memmove(place_of(s, x, column_of(r, r->lines[l].target), first),
                w->memory[l].value[tape->root], count * sizeof *x);
    }
}

static int rule_update(const struct orl_step *s, double *x)
{
    const struct rule *r = (const struct rule *)s->desc;
    struct work *w = s->state;
    w->parameters[0] = (double)s->number;
    w->parameters[1] = (double)s->steps;
    memcpy(w->parameters + 2, s->settings, r->hyper_count * sizeof *w->parameters);
    for (size_t l = 0; l < r->line_count; l++)
        orl_tape_begin(r->lines[l].tape, &w->memory[l], w->parameters);
    for (size_t first = 0; first < s->dimension; first += ORL_TAPE_BLOCK) {
        size_t left = s->dimension - first;
        update_block(s, x, first, left < ORL_TAPE_BLOCK ? left : ORL_TAPE_BLOCK);
    }
    return ORL_OK;
}

static bool add_rule_names(struct rule *r, const struct orl_rule_spec *spec)
{
    bool good = true;
    for (size_t i = 0; i < ORL_COUNT(given); i++)
        good &= add_name(r, given[i], strlen(given[i]));
    for (size_t i = 0; good && i < spec->hyper_count; i++)
        good = add_name(r, spec->hyper_names[i], strlen(spec->hyper_names[i]));
    for (size_t i = 0; good && i < spec->state_count; i++) {
        good = add_name(r, spec->state_names[i], strlen(spec->state_names[i]));
        r->initial[i] = spec->state_initial[i];
    }
    r->hyper_count = spec->hyper_count;
    r->state_count = spec->state_count;
    return good;
}

/* A hyperparameter is to others what it is called: it is the learning rate of a rule of one's own
 * that is drawn and tuned, too. */
static enum orl_setting_role hyper_role(const char *name)
{
    return strcmp(name, "learning_rate") == 0 ? ORL_ROLE_RATE
           : strcmp(name, "momentum") == 0    ? ORL_ROLE_MOMENTUM
                                              : ORL_ROLE_NONE;
}

static bool describe_rule(struct rule *r, const struct orl_rule_spec *spec)
{
    r->text = orl_strdup(spec->update);
    r->settings = orl_calloc(spec->hyper_count + 1, sizeof *r->settings);
    if (!r->text || !r->settings)
        return false;
    for (size_t i = 0; i < spec->hyper_count; i++) {
        enum orl_setting_role role = hyper_role(r->names[VAR_FIRST + i]);
        r->settings[i] = (struct orl_setting){.name = r->names[VAR_FIRST + i],
                                              .type = ORL_SETTING_REAL,
                                              .role = role,
                                              .unit = "1",
                                              .initial = spec->hyper_values[i],
                                              .minimum = -1e300,
                                              .maximum = 1e300,
                                              .schedule = true,
                                              .always = role == ORL_ROLE_RATE,
                                              .brief = role == ORL_ROLE_RATE ? "lr" : NULL,
                                              .description = "of the rule"};
    }
    r->desc = (struct orl_optimizer_desc){.name = "custom",
                                          .custom = true,
                                          .title = "Rule of one's own",
                                          .description = "a rule written in the experiment file",
                                          .source = "the experiment file",
                                          .rule = r->text,
                                          .settings = r->settings,
                                          .slots = (unsigned)spec->state_count,
                                          .decay = ORL_DECAY_OWN,
                                          .create = work_create,
                                          .destroy = work_destroy,
                                          .begin = rule_begin,
                                          .update = rule_update};
    return true;
}

int orl_rule_create(const struct orl_rule_spec *spec, const struct orl_limits *limits,
                    const struct orl_optimizer_desc **out, struct orl_formula_error *error)
{
    *out = NULL;
    if (spec->hyper_count + spec->state_count + VAR_FIRST > NAMES_MAX)
        return refuse_rule(error, 0, 0, NULL, "%s", "too many names in one rule");
    struct rule *r = orl_calloc(1, sizeof *r);
    if (!r)
        return ORL_ENOMEM;
    *out = &r->desc;
    int ret = add_rule_names(r, spec) && describe_rule(r, spec)
                  ? read_lines(r, spec->update, limits, error)
                  : ORL_ENOMEM;
    if (ret != ORL_OK)
        orl_rule_destroy(out);
    return ret;
}

void orl_rule_destroy(const struct orl_optimizer_desc **desc)
{
    struct rule *r = (struct rule *)(uintptr_t)*desc;
    if (!r)
        return;
    for (size_t i = 0; i < r->name_count; i++)
        free(r->names[i]);
    for (size_t i = 0; i < r->line_count; i++) {
        orl_formula_destroy(&r->lines[i].formula);
        orl_tape_destroy(&r->lines[i].tape);
    }
    free(r->lines);
    free(r->settings);
    free(r->text);
    free(r);
    *desc = NULL;
}
