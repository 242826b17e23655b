/* What must hold when the runs have ended: `expect` becomes a list of single facts, each about one
 * run, or about the order of several. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/rows.h"

enum { FACTS_MOST = 100000 };

/* An entry at work. */
struct entry {
    struct loader *l;
    const struct yaml_node *node;
    const struct yaml_node *run, *problem; /* patterns; NULL: all */
};

void orl_expectation_uninit(struct orl_expectation *expectation)
{
    for (size_t i = 0; i < expectation->run_count; i++)
        free(expectation->runs[i]);
    free(expectation->runs);
    free(expectation->places);
    free(expectation->what);
    free(expectation->parameter);
    *expectation = (struct orl_expectation){0};
}

void orl_expect_free(struct orl_experiment *e)
{
    for (size_t i = 0; i < e->expectation_count; i++)
        orl_expectation_uninit(&e->expectations[i]);
    free(e->expectations);
}

/* ---- Comparisons ----------------------------------------------------------------------------- */

/* A number that ends at `end`, blanks around it apart. */
static bool number_parse(const char *text, const char *end, double *value)
{
    text += strspn(text, " ");
    while (end > text && end[-1] == ' ')
        end--;
    return end > text && orl_double_parse(text, (size_t)(end - text), value) && isfinite(*value);
}

static const struct {
    const char *sign;
    enum orl_relation relation;
} relations[] = {
    /* a longer sign before the one that it begins with */
    {"<=", ORL_RELATION_AT_MOST}, {"≤", ORL_RELATION_AT_MOST}, {">=", ORL_RELATION_AT_LEAST},
    {"≥", ORL_RELATION_AT_LEAST}, {"<", ORL_RELATION_BELOW},   {">", ORL_RELATION_ABOVE},
};
static const char *const margins[] = {"±", "+-", "+/-"};

/* "< 1e-3", "3 ± 0.1"; with `whole` also "5", exactly. */
static bool comparison_parse(const char *text, bool whole, struct orl_expectation *out)
{
    int64_t count;
    const char *end = text + strlen(text);
    text += strspn(text, " ");
    for (size_t i = 0; i < ORL_COUNT(relations); i++) {
        size_t length = strlen(relations[i].sign);
        if (strncmp(text, relations[i].sign, length) == 0) {
            out->relation = relations[i].relation;
            return number_parse(text + length, end, &out->value);
        }
    }
    out->relation = ORL_RELATION_NEAR;
    for (size_t i = 0; i < ORL_COUNT(margins); i++) {
        const char *sign = strstr(text, margins[i]);
        if (sign)
            return number_parse(text, sign, &out->value) &&
                   number_parse(sign + strlen(margins[i]), end, &out->tolerance) &&
                   out->tolerance >= 0.0;
    }
    if (!whole || !orl_int64_parse(text, strlen(text), &count) || count < 0)
        return false;
    out->value = (double)count;
    return true;
}

/* `what` names the number in the fault. */
static bool comparison_read(struct loader *l, const struct yaml_node *node, const char *what,
                            bool whole, struct orl_expectation *out)
{
    char hint[2 * ORL_QUOTE_SIZE + 32], word[ORL_QUOTE_SIZE];
    double number;
    if (!orl_read_kind(l, node, YAML_SCALAR, what))
        return false;
    if (comparison_parse(node->text, whole, out))
        return true;
    if (orl_double_parse(node->text, strlen(node->text), &number))
        snprintf(hint, sizeof hint, "such as \"< %s\", or \"%s ± 0.1\"",
                 orl_utf8_quote(word, node->text, strlen(node->text)), word);
    else
        snprintf(hint, sizeof hint, "such as \"< 1e-3\", \">= 2\", \"3 ± 0.1\"%s",
                 whole ? ", or a whole number" : "");
    return orl_read_fault(l, node, hint, "%s must be a comparison, not '%s'", what, node->text);
}

/* ---- Runs that are meant --------------------------------------------------------------------- */

/* The part of a run's name that is the optimizer's, sweep included. */
static const char *optimizer_part(const char *name)
{
    const char *slash = strchr(name, '/');
    return slash ? slash + 1 : name;
}

/* Runs that differ in their seeds alone may be meant by the name that they share. */
static bool run_matches(const struct orl_run_plan *run, const char *pattern)
{
    const char *names[] = {run->name, run->repeat_name};
    for (size_t i = 0; i < ORL_COUNT(names); i++)
        if (names[i] &&
            orl_glob_match(pattern, strchr(pattern, '/') ? names[i] : optimizer_part(names[i])))
            return true;
    return false;
}

static bool problem_matches(const struct entry *entry, size_t problem)
{
    const struct orl_experiment *e = entry->l->experiment;
    return !entry->problem || orl_glob_match(entry->problem->text, e->problems[problem].name);
}

static bool entry_matches(const struct entry *entry, const struct orl_run_plan *run)
{
    return problem_matches(entry, run->problem) &&
           (!entry->run || run_matches(run, entry->run->text));
}

static bool none_fault(struct loader *l, const struct yaml_node *node, const char *what)
{
    const struct orl_experiment *e = l->experiment;
    const char **names = orl_calloc(e->run_count + e->problem_count + 1, sizeof *names);
    size_t count = 0;
    if (!names)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < e->run_count && strcmp(what, "run") == 0; i++)
        names[count++] =
            strchr(node->text, '/') ? e->runs[i].name : optimizer_part(e->runs[i].name);
    for (size_t i = 0; i < e->problem_count && strcmp(what, "problem") == 0; i++)
        names[count++] = e->problems[i].name;
    char *hint = orl_suggest_hint(node->text, names);
    orl_read_fault(l, node, hint, "there is no %s '%s'", what, node->text);
    free(hint);
    free(names);
    return false;
}

/* Each pattern must mean something by itself, and both together. */
static bool entry_open(struct entry *entry)
{
    const struct orl_experiment *e = entry->l->experiment;
    const struct entry alone = {.l = entry->l, .run = entry->run};
    bool problem = !entry->problem, run = false, both = false;
    for (size_t p = 0; p < e->problem_count; p++)
        problem |= problem_matches(entry, p);
    for (size_t i = 0; i < e->run_count; i++) {
        run |= entry_matches(&alone, &e->runs[i]);
        both |= entry_matches(entry, &e->runs[i]);
    }
    if (!problem)
        return none_fault(entry->l, entry->problem, "problem");
    if (!run)
        return entry->run ? none_fault(entry->l, entry->run, "run")
                          : orl_read_fault(entry->l, entry->node, NULL, "there is no run");
    return both || orl_read_fault(entry->l, entry->node, NULL, "no run is of that problem");
}

/* ---- Facts ----------------------------------------------------------------------------------- */

/* NULL after a fault. */
static struct orl_expectation *fact_add(const struct entry *entry, const struct yaml_node *node)
{
    struct orl_experiment *e = entry->l->experiment;
    if (e->expectation_count >= FACTS_MOST) {
        orl_read_fault(entry->l, node, "* means every run", "more than %d facts are expected",
                       FACTS_MOST);
        return NULL;
    }
    if (!orl_reserve((void **)&e->expectations, &e->expectation_capacity, e->expectation_count + 1,
                     sizeof *e->expectations)) {
        entry->l->no_memory = true;
        return NULL;
    }
    struct orl_expectation *grown = &e->expectations[e->expectation_count++];
    *grown = (struct orl_expectation){.line = node->origin ? 0 : node->line,
                                      .column = node->origin ? 0 : node->column};
    return grown;
}

static bool fact_run_add(struct loader *l, struct orl_expectation *fact, const char *run,
                         size_t place)
{
    char **runs = orl_realloc_array(fact->runs, fact->run_count + 1, sizeof *runs);
    fact->runs = runs ? runs : fact->runs;
    size_t *places = orl_realloc_array(fact->places, fact->run_count + 1, sizeof *places);
    fact->places = places ? places : fact->places;
    char *name = orl_strdup(run);
    if (!runs || !places || !name) {
        free(name);
        return orl_read_no_memory(l);
    }
    runs[fact->run_count] = name;
    places[fact->run_count++] = place;
    return true;
}

/* What is asked of each run: a quantity as it is called in the fact. */
struct question {
    enum orl_quantity quantity;
    const char *name; /* "loss", "steps to 1e-2" */
    double threshold;
    const char *parameter; /* NULL */
    enum orl_status status;
    bool whole;
};

/* "loss < 1e-3", "alpha = 3 ± 0.1", "status finished" */
static char *fact_words(const char *run, const struct question *q, const struct yaml_node *node)
{
    const char *text = node->text + strspn(node->text, " ");
    int length = (int)strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    size_t sign = strspn(text, "<>=");
    if (strncmp(text, "≤", strlen("≤")) == 0 || strncmp(text, "≥", strlen("≥")) == 0)
        sign = strlen("≤");
    bool equal = sign == 0 && q->quantity != ORL_QUANTITY_STATUS;
    const char *rest = text + sign + strspn(text + sign, " ");
    return orl_asprintf("%s: %s %s%.*s%s%.*s", run, q->name, equal ? "= " : "", (int)sign, text,
                        sign ? " " : "", length - (int)(rest - text), rest);
}

/* The fact for one run. */
static bool fact_make(const struct entry *entry, const struct yaml_node *node,
                      const struct question *q, const struct orl_run_plan *run)
{
    struct orl_expectation *fact = fact_add(entry, node);
    if (!fact)
        return false;
    fact->quantity = q->quantity;
    fact->threshold = q->threshold;
    fact->status = q->status;
    fact->what = fact_words(run->name, q, node);
    fact->parameter = q->parameter ? orl_strdup(q->parameter) : NULL;
    if (!fact->what || (q->parameter && !fact->parameter))
        return orl_read_no_memory(entry->l);
    return (q->quantity == ORL_QUANTITY_STATUS ||
            comparison_read(entry->l, node, q->name, q->whole, fact)) &&
           fact_run_add(entry->l, fact, run->name, 0);
}

static bool has_parameter(const struct orl_experiment *e, const struct orl_run_plan *run,
                          const char *name)
{
    const struct orl_problem_plan *problem = &e->problems[run->problem];
    for (size_t i = 0; i < problem->parameter_count; i++)
        if (strcmp(problem->parameters[i], name) == 0)
            return true;
    return false;
}

/* A fact for each run that the entry means. A comparison that is wrong is told once. */
static bool question_ask(const struct entry *entry, const struct yaml_node *node,
                         const struct question *q)
{
    const struct orl_experiment *e = entry->l->experiment;
    struct orl_expectation tried = {0};
    bool good = q->quantity == ORL_QUANTITY_STATUS ||
                comparison_read(entry->l, node, q->name, q->whole, &tried);
    for (size_t i = 0; good && i < e->run_count; i++)
        if (entry_matches(entry, &e->runs[i]) &&
            (!q->parameter || has_parameter(e, &e->runs[i], q->parameter)))
            good = fact_make(entry, node, q, &e->runs[i]);
    return good;
}

static bool parameters_ask(const struct entry *entry, const struct yaml_node *map)
{
    const struct orl_experiment *e = entry->l->experiment;
    bool good = orl_read_kind(entry->l, map, YAML_MAP, "parameters");
    for (size_t i = 0; good && i < map->count; i++) {
        const char *name = map->keys[i]->text, *const *known = NULL;
        bool found = false;
        for (size_t r = 0; r < e->run_count; r++) {
            if (!entry_matches(entry, &e->runs[r]))
                continue;
            known = (const char *const *)e->problems[e->runs[r].problem].parameters;
            found |= has_parameter(e, &e->runs[r], name);
        }
        if (!found)
            return orl_read_fault(entry->l, map->keys[i],
                                  known && known[0] ? "as in the problem's start" : NULL,
                                  "no run that is meant has a parameter '%s'", name);
        good =
            question_ask(entry, map->items[i],
                         &(struct question){
                             .quantity = ORL_QUANTITY_PARAMETER, .name = name, .parameter = name});
    }
    return good;
}

static bool steps_to_ask(const struct entry *entry, const struct yaml_node *map)
{
    bool good = orl_read_kind(entry->l, map, YAML_MAP, "steps_to");
    for (size_t i = 0; good && i < map->count; i++) {
        char name[ORL_QUOTE_SIZE + 16], word[ORL_QUOTE_SIZE];
        struct question q = {.quantity = ORL_QUANTITY_STEPS_TO, .name = name, .whole = true};
        snprintf(name, sizeof name, "steps to %s",
                 orl_utf8_quote(word, map->keys[i]->text, strlen(map->keys[i]->text)));
        good = orl_read_number(entry->l, map->keys[i], "the loss of steps_to", &q.threshold) &&
               question_ask(entry, map->items[i], &q);
    }
    return good;
}

static bool status_ask(const struct entry *entry, const struct yaml_node *node)
{
    int status;
    return orl_read_choice(entry->l, node, "status", orl_expect_statuses, &status) &&
           question_ask(entry, node,
                        &(struct question){.quantity = ORL_QUANTITY_STATUS,
                                           .name = "status",
                                           .status = (enum orl_status)status});
}

/* ---- The order of runs ----------------------------------------------------------------------- */

/* The runs of one problem in the order that is wanted; no fact where fewer than two of the names
 * are among them. */
static bool problem_order(const struct entry *entry, const struct yaml_node *list, size_t problem,
                          bool *met)
{
    struct loader *l = entry->l;
    const struct orl_experiment *e = l->experiment;
    struct orl_expectation fact = {.quantity = ORL_QUANTITY_ORDER};
    struct orl_text what = {0};
    size_t places = 0;
    bool good = true;
    orl_text_printf(&what, "%s: order ", e->problems[problem].name);
    for (size_t i = 0; good && i < list->count; i++) {
        size_t before = fact.run_count;
        for (size_t r = 0; good && r < e->run_count; r++)
            if (e->runs[r].problem == problem && run_matches(&e->runs[r], list->items[i]->text))
                good = fact_run_add(l, &fact, e->runs[r].name, i);
        met[i] |= fact.run_count > before;
        if (fact.run_count > before)
            orl_text_printf(&what, "%s%s", places++ ? ", " : "", list->items[i]->text);
    }
    struct orl_expectation *kept = good && places > 1 ? fact_add(entry, list) : NULL;
    if (kept) {
        fact.what = orl_text_take(&what);
        fact.line = kept->line;
        fact.column = kept->column;
        *kept = fact;
    } else {
        orl_expectation_uninit(&fact);
    }
    orl_text_uninit(&what);
    return good && (kept || places < 2) && !l->no_memory;
}

static bool order_ask(const struct entry *entry, const struct yaml_node *list)
{
    struct loader *l = entry->l;
    if (!orl_read_kind(l, list, YAML_LIST, "order"))
        return false;
    if (list->count < 2)
        return orl_read_fault(l, list, "such as order: [momentum, sgd], the better one first",
                              "an order needs two optimizers or more");
    if (entry->run)
        return orl_read_fault(l, entry->run, "use `problem` beside it",
                              "an order names its runs itself: it takes no `run`");
    for (size_t i = 0; i < list->count; i++)
        if (!orl_read_kind(l, list->items[i], YAML_SCALAR, "an optimizer"))
            return false;
    bool *met = orl_calloc(list->count, sizeof *met), good = true;
    if (!met)
        return orl_read_no_memory(l);
    size_t before = l->experiment->expectation_count;
    for (size_t p = 0; good && p < l->experiment->problem_count; p++)
        if (problem_matches(entry, p))
            good = problem_order(entry, list, p, met);
    for (size_t i = 0; good && i < list->count; i++)
        if (!met[i])
            good = none_fault(l, list->items[i], "run");
    free(met);
    if (good && l->experiment->expectation_count == before)
        return orl_read_fault(l, list, "ranks are those among the runs of one problem",
                              "no problem has two of these");
    return good;
}

/* ---- Entries --------------------------------------------------------------------------------- */

/* Keys with a comparison alone. */
static const struct {
    const char *key;
    enum orl_quantity quantity;
    bool whole;
} plain[] = {
    {"loss", ORL_QUANTITY_LOSS, false},
    {"gradient_norm", ORL_QUANTITY_GRADIENT_NORM, false},
    {"steps", ORL_QUANTITY_STEPS, true},
    {"rank", ORL_QUANTITY_RANK, true},
    {"level_step", ORL_QUANTITY_LEVEL_STEP, true},
};

static bool key_ask(const struct entry *entry, const char *key, const struct yaml_node *node)
{
    for (size_t i = 0; i < ORL_COUNT(plain); i++)
        if (strcmp(plain[i].key, key) == 0)
            return question_ask(entry, node,
                                &(struct question){.quantity = plain[i].quantity,
                                                   .name = key,
                                                   .whole = plain[i].whole});
    return strcmp(key, "parameters") == 0 ? parameters_ask(entry, node)
           : strcmp(key, "steps_to") == 0 ? steps_to_ask(entry, node)
           : strcmp(key, "status") == 0   ? status_ask(entry, node)
                                          : order_ask(entry, node);
}

static bool entry_read(struct loader *l, const struct yaml_node *node)
{
    struct entry entry = {.l = l, .node = node};
    bool good = true;
    size_t asked = 0;
    if (!orl_read_kind(l, node, YAML_MAP, "an expectation") ||
        !orl_keys_known(l, node, &orl_expect_map))
        return false;
    entry.run = orl_yaml_get(node, "run");
    entry.problem = orl_yaml_get(node, "problem");
    if ((entry.run && !orl_read_kind(l, entry.run, YAML_SCALAR, "run")) ||
        (entry.problem && !orl_read_kind(l, entry.problem, YAML_SCALAR, "problem")) ||
        !entry_open(&entry))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const char *key = node->keys[i]->text;
        if (strcmp(key, "run") == 0 || strcmp(key, "problem") == 0)
            continue;
        good = key_ask(&entry, key, node->items[i]) && good;
        asked++;
    }
    if (asked == 0)
        return orl_read_fault(l, node, "such as loss: \"< 1e-3\", or status: finished",
                              "this expects nothing");
    return good;
}

bool orl_load_expect(struct loader *l)
{
    const struct yaml_node *list = orl_yaml_get(l->root, "expect");
    bool good = true;
    if (!list || orl_yaml_is_null(list))
        return true;
    if (!orl_read_kind(l, list, YAML_LIST, "expect"))
        return false;
    for (size_t i = 0; i < list->count; i++)
        good = entry_read(l, list->items[i]) && good;
    return good && !l->no_memory;
}
