/* Readers of values: numbers, names, formulas, settings. */
#include "experiment/read.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "optimizer/schedule.h"

bool orl_read_fault(struct loader *l, const struct yaml_node *node, const char *hint,
                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (orl_yaml_verror(&l->source, node, 0, hint, format, arguments) == ORL_ENOMEM)
        l->no_memory = true;
    va_end(arguments);
    return false;
}

bool orl_read_no_memory(struct loader *l)
{
    l->no_memory = true;
    return false;
}

bool orl_read_kind(struct loader *l, const struct yaml_node *node, enum yaml_kind kind,
                   const char *what)
{
    static const char *const names[] = {"a single value", "a list", "a mapping (key: value)"};
    if (node->kind == kind)
        return true;
    if (node->kind == YAML_SCALAR && !*node->text)
        return orl_read_fault(l, node, NULL, "%s has no value; it must be %s", what, names[kind]);
    const char *hint = kind == YAML_MAP && node->kind == YAML_LIST
                           ? "each entry stands under its name, without a dash: `name: {...}`"
                       : kind == YAML_LIST && node->kind == YAML_MAP
                           ? "each entry begins with a dash: `- ...`"
                           : NULL;
    return orl_read_fault(l, node, hint, "%s must be %s, not %s", what, names[kind],
                          names[node->kind]);
}

static const char *number_hint(const char *text)
{
    return strchr(text, ',')              ? "decimals are written with a point"
           : strstr(text, "\xc2\xa0")     ? "a no-break blank stands in it"
           : strstr(text, "\xe2\x88\x92") ? "the minus sign is written -"
                                          : NULL;
}

bool orl_read_number(struct loader *l, const struct yaml_node *node, const char *what, double *out)
{
    double value = 0.0;
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    if (!orl_double_parse(node->text, strlen(node->text), &value))
        return orl_read_fault(l, node, number_hint(node->text), "%s must be a number, not '%s'",
                              what, node->text);
    if (!isfinite(value))
        return orl_read_fault(l, node, NULL, "%s: '%s' is too large for a number", what,
                              node->text);
    *out = value;
    return true;
}

bool orl_read_number_between(struct loader *l, const struct yaml_node *node, const char *what,
                             double low, double high, double *out)
{
    double value = 0.0;
    char a[ORL_NUMBER_SIZE], b[ORL_NUMBER_SIZE];
    if (!orl_read_number(l, node, what, &value))
        return false;
    if (!(value >= low && value <= high)) {
        orl_double_short(a, low);
        orl_double_short(b, high);
        return orl_read_fault(l, node, NULL, "%s must be from %s to %s, not %s", what, a, b,
                              node->text);
    }
    *out = value;
    return true;
}

bool orl_read_integer(struct loader *l, const struct yaml_node *node, const char *what, int64_t low,
                      int64_t high, int64_t *out)
{
    int64_t value;
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    if (!orl_int64_parse(node->text, strlen(node->text), &value))
        return orl_read_fault(l, node,
                              strpbrk(node->text, ",'_") ? "digits stand together: 1000" : NULL,
                              "%s must be a whole number, not '%s'", what, node->text);
    if (value < low || value > high)
        return orl_read_fault(l, node, NULL, "%s must be from %lld to %lld, not %s", what,
                              (long long)low, (long long)high, node->text);
    *out = value;
    return true;
}

bool orl_read_seed(struct loader *l, const struct yaml_node *node, const char *what, uint64_t *out)
{
    int64_t whole;
    uint64_t value = 0;
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    size_t length = strlen(node->text);
    if (orl_int64_parse(node->text, length, &whole) && whole >= 0) {
        *out = (uint64_t)whole;
        return true;
    }
    bool good = length > 0 && strspn(node->text, "0123456789") == length;
    for (const char *p = node->text; good && *p; p++)
        good = !__builtin_mul_overflow(value, (uint64_t)10, &value) &&
               !__builtin_add_overflow(value, (uint64_t)(*p - '0'), &value);
    if (!good)
        return orl_read_fault(l, node, NULL,
                              "%s must be a whole number from 0 to 18446744073709551615, not '%s'",
                              what, node->text);
    *out = value;
    return true;
}

const char *const orl_boolean_words[] = {"false", "true", "no",    "yes",  "off", "on",
                                         "False", "True", "FALSE", "TRUE", NULL};

bool orl_read_bool(struct loader *l, const struct yaml_node *node, const char *what, bool *out)
{
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    for (size_t i = 0; orl_boolean_words[i]; i++)
        if (strcmp(node->text, orl_boolean_words[i]) == 0) {
            *out = i % 2;
            return true;
        }
    return orl_read_fault(l, node, NULL, "%s must be true or false, not '%s'", what, node->text);
}

/* "title: run #2" is the title "run": what follows is a comment, though hardly meant as one. */
static void warn_of_comment(struct loader *l, const struct yaml_node *node, const char *what)
{
    size_t length, at = node->column - 1 + strlen(node->text);
    const char *line = node->origin || node->quoted
                           ? NULL
                           : orl_text_line(l->source.text, l->source.length, node->line, &length);
    if (!line || strchr(node->text, '\n'))
        return;
    while (at < length && line[at] == ' ')
        at++;
    if (at > 0 && at + 1 < length && line[at] == '#' && line[at - 1] == ' ' &&
        !strchr(" #-=\r", line[at + 1]))
        orl_yaml_warning(&l->source, node,
                         "# begins a comment here; where it belongs to the %s, put that in quotes",
                         what);
}

bool orl_read_text(struct loader *l, const struct yaml_node *node, const char *what, char **out)
{
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    warn_of_comment(l, node, what);
    char *copy = orl_strdup(node->text);
    if (!copy)
        return orl_read_no_memory(l);
    for (char *p = copy; *p; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    size_t length = strlen(copy);
    while (length && copy[length - 1] == ' ')
        copy[--length] = '\0';
    free(*out);
    *out = copy;
    return true;
}

bool orl_read_title(struct loader *l, const struct yaml_node *node, char **out)
{
    if (!orl_read_kind(l, node, YAML_SCALAR, "title"))
        return false;
    size_t count = orl_utf8_count(node->text, strlen(node->text));
    if (count > l->source.limits->title_chars)
        return orl_read_fault(l, node, NULL,
                              "a title of %zu characters; at most %llu (--max-title-chars)", count,
                              (unsigned long long)l->source.limits->title_chars);
    return orl_read_text(l, node, "title", out);
}

bool orl_read_choice(struct loader *l, const struct yaml_node *node, const char *what,
                     const char *const *choices, int *out)
{
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], node->text) == 0) {
            *out = i;
            return true;
        }
    char *hint = orl_suggest_hint(node->text, choices);
    orl_read_fault(l, node, hint, "unknown %s '%s'", what, node->text);
    free(hint);
    return false;
}

bool orl_check_name(struct loader *l, const struct yaml_node *node, const char *what,
                    const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    char word[ORL_QUOTE_SIZE];
    size_t length = strlen(name);
    if (length > 0 && length <= l->source.limits->name_bytes && *name != '.' && *name != '-' &&
        strspn(name, allowed) == length)
        return true;
    return orl_read_fault(l, node, "1-100 of A-Z a-z 0-9 . _ -, not starting with . or -",
                          "'%s' is not a name for %s", orl_utf8_quote(word, name, length), what);
}

/* Where a byte of a scalar's value stands in the file: known for values that stand there as they
 * are, in one line. */
static unsigned offset_in_file(const struct loader *l, const struct yaml_node *node, size_t offset)
{
    const char *p = l->source.text, *end = p + l->source.length;
    if (node->origin || offset > strlen(node->text))
        return 0;
    for (unsigned n = 1; n < node->line; n++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        if (!next)
            return 0;
        p = next + 1;
    }
    for (unsigned n = 1; n < node->column && p < end; n++) {
        uint32_t c;
        size_t size = orl_utf8_decode(p, (size_t)(end - p), &c);
        p += size ? size : 1;
    }
    p += node->quoted;
    size_t length = strlen(node->text);
    if ((size_t)(end - p) < length || memcmp(p, node->text, length) != 0)
        return 0;
    return (unsigned)(orl_utf8_count(node->text, offset) + node->quoted);
}

/* Text of several lines ("|") begins on the line below its mark: find the line of the file, and the
 * indentation, that an offset stands in. */
static bool find_in_block(const struct loader *l, const struct yaml_node *node, size_t offset,
                          struct yaml_node *at, size_t *column)
{
    size_t begin = 0, length;
    unsigned line = node->line + 1;
    if (node->origin || node->quoted || !strchr(node->text, '\n') || offset > strlen(node->text))
        return false;
    for (size_t i = 0; i < offset; i++)
        if (node->text[i] == '\n') {
            begin = i + 1;
            line++;
        }
    const char *source = orl_text_line(l->source.text, l->source.length, line, &length);
    size_t size = strcspn(node->text + begin, "\n"), indent = 0;
    while (source && indent < length && source[indent] == ' ' && indent + size < length)
        indent++;
    if (!source || indent + size > length || memcmp(source + indent, node->text + begin, size) != 0)
        return false;
    *at = *node;
    at->line = line;
    at->column = (unsigned)indent + 1;
    *column = orl_utf8_count(node->text + begin, offset - begin);
    return true;
}

bool orl_formula_fault(struct loader *l, const struct yaml_node *node, size_t offset,
                       const char *hint, const char *format, ...)
{
    struct yaml_node block;
    size_t column;
    bool found = find_in_block(l, node, offset, &block, &column);
    unsigned at = found ? (unsigned)column : offset_in_file(l, node, offset);
    va_list arguments;
    va_start(arguments, format);
    if (orl_yaml_verror(&l->source, found ? &block : node, at, hint, format, arguments) ==
        ORL_ENOMEM)
        l->no_memory = true;
    va_end(arguments);
    return false;
}

/* What its author can hardly have meant is a warning: 1/0 everywhere, a number that becomes 0. */
static void warn_of(struct loader *l, const struct yaml_node *node,
                    const struct orl_formula *formula)
{
    struct orl_formula_error remark;
    struct yaml_node at = *node;
    size_t column;
    if (!orl_formula_remark(formula, &remark))
        return;
    if (find_in_block(l, node, remark.offset, &at, &column))
        at.column += (unsigned)column;
    else
        at.column += offset_in_file(l, node, remark.offset);
    orl_yaml_warning(&l->source, &at, "%s", remark.text);
}

/* Python's way to call a function. */
static bool has_prefix(const char *text)
{
    static const char *const prefixes[] = {"np.", "numpy.", "math.", "torch.", "Math.", "jnp."};
    for (size_t i = 0; i < ORL_COUNT(prefixes); i++)
        if (strstr(text, prefixes[i]))
            return true;
    return false;
}

/* A header with blanks in it, where a formula of columns stands: "err (V)". */
static bool is_header(const char *text, const char *what)
{
    return (strcmp(what, "response") == 0 || strcmp(what, "column") == 0 ||
            strcmp(what, "sigma") == 0) &&
           strchr(text, ' ') && !strpbrk(text, "+*/^,");
}

/* What to write in place of a formula that cannot be read. */
static const char *formula_hint(const char *text, const char *what,
                                const struct orl_formula_error *error)
{
    if (is_header(text, what))
        return "a header that is not a name gets one: `columns: {x: x, y: \"The header (V)\"}`";
    if (has_prefix(text))
        return "functions stand alone: exp(x), not np.exp(x)";
    return *error->hint ? error->hint : NULL;
}

struct orl_formula *orl_read_formula(struct loader *l, const struct yaml_node *node,
                                     const char *what)
{
    struct orl_formula *formula = NULL;
    struct orl_formula_error error = {0};
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return NULL;
    int ret = orl_formula_parse(node->text, strlen(node->text), l->source.limits, &formula, &error);
    if (ret == ORL_ENOMEM)
        orl_read_no_memory(l);
    else if (ret != ORL_OK)
        orl_formula_fault(l, node, error.offset, formula_hint(node->text, what, &error), "%s",
                          error.text);
    else
        warn_of(l, node, formula);
    return ret == ORL_OK ? formula : NULL;
}

enum { SCHEDULE_CHECKS = 200000, SCHEDULE_CHECKS_LATER = 2000, SCHEDULE_CHECKS_ALL = 2000000 };

/* A schedule is tried at every step, or at so many of a long run, the first thousand and the last
 * among them: what is not finite or out of its limits is told now, not in the middle. Where very
 * many schedules are given each is tried at fewer steps. */
static bool schedule_try(struct loader *l, const struct yaml_node *node,
                         const struct orl_setting *setting, const struct orl_formula *formula)
{
    int64_t checks =
        l->schedule_checks < SCHEDULE_CHECKS_ALL ? SCHEDULE_CHECKS : SCHEDULE_CHECKS_LATER;
    int64_t steps = l->experiment->steps, stride = steps / checks + 1;
    struct orl_error err = {0};
    double value;
    l->schedule_checks += steps < checks ? steps : checks;
    for (int64_t step = 1; step <= steps; step += step < 1000 || step == steps ? 1
                                                  : step + stride < steps      ? stride
                                                                               : steps - step)
        if (orl_schedule_evaluate(formula, setting, step, steps, &value, &err) != ORL_OK)
            return orl_read_fault(l, node, NULL, "%s", err.text);
    return true;
}

/* A schedule knows step, steps and the constants. Workers read what was tried already. */
static bool read_schedule(struct loader *l, const struct yaml_node *node,
                          const struct orl_setting *setting, struct orl_value *out)
{
    struct orl_formula *formula =
        l->options->checked ? NULL : orl_read_formula(l, node, setting->name);
    int stranger = formula ? orl_schedule_stranger(formula) : -1;
    bool good = formula || l->options->checked;
    if (stranger >= 0)
        good = orl_formula_fault(l, node, orl_formula_name_offset(formula, (size_t)stranger),
                                 "a schedule is a formula of step and steps",
                                 "%s must be a number or a schedule; '%s' is unknown here",
                                 setting->name, orl_formula_name(formula, (size_t)stranger));
    good = good && (!formula || schedule_try(l, node, setting, formula));
    orl_formula_destroy(&formula);
    if (!good)
        return false;
    *out = (struct orl_value){.number = NAN, .text = orl_strdup(node->text)};
    return out->text ? true : orl_read_no_memory(l);
}

static bool name_take(struct loader *l, const struct yaml_node *name, const char *what,
                      char **names, size_t count)
{
    if (!orl_read_kind(l, name, YAML_SCALAR, what))
        return false;
    for (size_t k = 0; k < count; k++)
        if (strcmp(names[k], name->text) == 0)
            return orl_read_fault(l, name, NULL, "'%s' is listed twice", name->text);
    if (!*name->text)
        return orl_read_fault(l, name, NULL, "a name in `%s` is empty", what);
    names[count] = orl_strdup(name->text);
    return names[count] ? true : orl_read_no_memory(l);
}

bool orl_read_names(struct loader *l, const struct yaml_node *node, const char *what, double least,
                    double most, char ***out, size_t *count)
{
    size_t given = node->kind == YAML_LIST ? node->count : 1;
    *out = NULL;
    *count = 0;
    if (node->kind != YAML_LIST && !orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    if ((double)given < least || (double)given > most)
        return orl_read_fault(l, node, NULL,
                              least == most ? "%s must be %g names" : "%s must be %g to %g names",
                              what, least, most);
    *out = orl_calloc(given + 1, sizeof **out);
    if (!*out)
        return orl_read_no_memory(l);
    for (; *count < given; ++*count)
        if (!name_take(l, node->kind == YAML_LIST ? node->items[*count] : node, what, *out, *count))
            return false;
    return true;
}

bool orl_read_setting(struct loader *l, const struct yaml_node *node,
                      const struct orl_setting *setting, struct orl_value *out)
{
    double number = 0.0;
    int64_t whole = 0;
    bool truth = false;
    int choice = 0;
    size_t count;
    *out = (struct orl_value){0};
    if (setting->type == ORL_SETTING_NAMES)
        return orl_read_names(l, node, setting->name, setting->minimum, setting->maximum,
                              &out->names, &count);
    if (!orl_read_kind(l, node, YAML_SCALAR, setting->name))
        return false;
    switch (setting->type) {
    case ORL_SETTING_REAL:
        if (isnan(setting->initial) && orl_yaml_is_null(node)) { /* as where nothing is said */
            out->number = NAN;
            return true;
        }
        if (setting->schedule && *node->text &&
            !orl_double_parse(node->text, strlen(node->text), &number))
            return read_schedule(l, node, setting, out);
        return orl_read_number_between(l, node, setting->name, setting->minimum, setting->maximum,
                                       &out->number);
    case ORL_SETTING_INTEGER:
        if (!orl_read_integer(l, node, setting->name, (int64_t)setting->minimum,
                              (int64_t)setting->maximum, &whole))
            return false;
        out->number = (double)whole;
        return true;
    case ORL_SETTING_BOOLEAN:
        if (!orl_read_bool(l, node, setting->name, &truth))
            return false;
        out->number = truth;
        return true;
    case ORL_SETTING_CHOICE:
        if (!orl_read_choice(l, node, setting->name, setting->choices, &choice))
            return false;
        out->number = choice;
        return true;
    case ORL_SETTING_TEXT:
        if (!orl_read_kind(l, node, YAML_SCALAR, setting->name))
            return false;
        out->text = orl_strdup(node->text); /* with its line breaks */
        return out->text ? true : orl_read_no_memory(l);
    case ORL_SETTING_NAMES:
        break;
    }
    return false;
}
