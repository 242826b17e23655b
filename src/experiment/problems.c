/* The problems of an experiment: model, start point, data, loss. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "experiment/problem.h"
#include "experiment/rows.h"

/* Without a word in the file a built-in surface starts where it usually does. */
static bool start_on_surface(struct problem_reading *r)
{
    static const char *const names[] = {"x", "y"};
    struct orl_problem_plan *plan = r->plan;
    plan->parameters = orl_calloc(2, sizeof *plan->parameters);
    plan->start = orl_calloc(2, sizeof *plan->start);
    if (!plan->parameters || !plan->start)
        return orl_read_no_memory(r->l);
    for (size_t i = 0; i < 2; i++) {
        plan->start[i] = r->surface->start[i];
        plan->parameters[i] = orl_strdup(names[i]);
        plan->parameter_count = i + 1;
        if (!plan->parameters[i])
            return orl_read_no_memory(r->l);
    }
    return true;
}

/* Minimum and domain of a surface, where the file gives none and has both variables. */
static bool take_surface(struct problem_reading *r)
{
    struct orl_problem_plan *plan = r->plan;
    int x = orl_plan_parameter(plan, "x"), y = orl_plan_parameter(plan, "y");
    if (x < 0 || y < 0 || plan->parameter_count != 2)
        return true;
    const int at[] = {x, y};
    if (!plan->truth && !isnan(r->surface->minimum[0])) {
        plan->truth_count = 1 + r->surface->other_count;
        plan->truth = orl_calloc(plan->truth_count, 2 * sizeof *plan->truth);
        if (!plan->truth)
            return orl_read_no_memory(r->l);
        for (size_t k = 0; k < plan->truth_count; k++)
            for (size_t i = 0; i < 2; i++)
                plan->truth[2 * k + (size_t)at[i]] =
                    k ? r->surface->others[k - 1][i] : r->surface->minimum[i];
    }
    if (!plan->domain) {
        plan->domain = orl_calloc(4, sizeof *plan->domain);
        for (size_t i = 0; plan->domain && i < 4; i++)
            plan->domain[2 * at[i / 2] + (int)(i % 2)] = r->surface->domain[i];
        if (!plan->domain)
            return orl_read_no_memory(r->l);
    }
    return true;
}

static bool read_start(struct problem_reading *r)
{
    const struct yaml_node *start = orl_yaml_get(r->node, "start");
    struct orl_problem_plan *plan = r->plan;
    if (!start && r->surface)
        return start_on_surface(r);
    if (!start)
        return orl_read_fault(r->l, r->node, NULL, "the key 'start' is missing");
    if (!orl_read_kind(r->l, start, YAML_MAP, "start"))
        return false;
    if (start->count == 0)
        return orl_read_fault(r->l, start, NULL, "start names no parameter");
    plan->parameters = orl_calloc(start->count, sizeof *plan->parameters);
    plan->start = orl_calloc(start->count, sizeof *plan->start);
    if (!plan->parameters || !plan->start)
        return orl_read_no_memory(r->l);
    bool good = true;
    for (size_t i = 0; i < start->count; i++) {
        const char *name = start->keys[i]->text;
        if (!orl_is_identifier(name))
            good = orl_read_fault(r->l, start->keys[i], NULL, "'%s' is not a name for a parameter",
                                  name);
        else if (strcmp(name, "step") == 0 || strcmp(name, "loss") == 0 ||
                 strncmp(name, "grad_", 5) == 0)
            good = orl_read_fault(r->l, start->keys[i], "traces have columns of that name",
                                  "a parameter cannot be called '%s'", name);
        good &= orl_read_number(r->l, start->items[i], name, &plan->start[i]);
        plan->parameters[i] = orl_strdup(name);
        plan->parameter_count = i + 1;
        if (!plan->parameters[i])
            return orl_read_no_memory(r->l);
    }
    return good;
}

static bool has_column(const struct orl_problem_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->column_count; i++)
        if (strcmp(plan->columns[i].name, name) == 0)
            return !plan->response || strcmp(name, plan->response) != 0;
    for (size_t i = 0; i < plan->csv_count; i++)
        if (strcmp(plan->csv_columns[i].name, name) == 0 && strcmp(name, plan->response) != 0)
            return true;
    return false;
}

/* Every name of the formula is a parameter, a column or a constant; every parameter of a model
 * stands in it. */
static bool check_names(struct problem_reading *r)
{
    bool good = true;
    double ignored;
    for (size_t i = 0; i < orl_formula_name_count(r->formula); i++) {
        const char *name = orl_formula_name(r->formula, i);
        if (orl_plan_parameter(r->plan, name) >= 0 || has_column(r->plan, name) ||
            orl_constant_find(name, &ignored))
            continue;
        char hint[ORL_QUOTE_SIZE + 120], word[ORL_QUOTE_SIZE];
        snprintf(hint, sizeof hint, "as a parameter it needs a value: start: {..., %s: 1}%s",
                 orl_utf8_quote(word, name, strlen(name)),
                 r->data ? "; a column stands in data" : "");
        good = orl_formula_fault(r->l, r->model, orl_formula_name_offset(r->formula, i), hint,
                                 "'%s' is neither in start nor a column of the data", name);
    }
    const struct yaml_node *start = orl_yaml_get(r->node, "start");
    for (size_t p = 0; r->data && p < r->plan->parameter_count; p++) {
        bool used = false;
        for (size_t i = 0; i < orl_formula_name_count(r->formula); i++)
            used |= strcmp(orl_formula_name(r->formula, i), r->plan->parameters[p]) == 0;
        if (!used)
            good = orl_read_fault(r->l, start->keys[p], NULL, "the model has no '%s'",
                                  r->plan->parameters[p]);
        if (has_column(r->plan, r->plan->parameters[p]))
            good = orl_read_fault(r->l, start->keys[p], NULL, "'%s' is a column of the data, too",
                                  r->plan->parameters[p]);
    }
    return good;
}

static bool read_domain(struct problem_reading *r, const struct yaml_node *domain)
{
    struct orl_problem_plan *plan = r->plan;
    if (!orl_read_kind(r->l, domain, YAML_MAP, "domain"))
        return false;
    plan->domain = orl_calloc(plan->parameter_count, 2 * sizeof *plan->domain);
    if (!plan->domain)
        return orl_read_no_memory(r->l);
    bool good = true;
    for (size_t i = 0; i < domain->count; i++) {
        int p = orl_plan_parameter(plan, domain->keys[i]->text);
        const struct yaml_node *range = domain->items[i];
        if (p < 0) {
            good = orl_read_fault(r->l, domain->keys[i], NULL, "'%s' is not a parameter of start",
                                  domain->keys[i]->text);
            continue;
        }
        if (range->kind != YAML_LIST || range->count != 2) {
            good = orl_read_fault(r->l, range, NULL,
                                  "the domain of '%s' must be two numbers: [from, to]",
                                  domain->keys[i]->text);
            continue;
        }
        double *ends = plan->domain + 2 * p;
        good &= orl_read_number(r->l, range->items[0], "from", &ends[0]);
        good &= orl_read_number(r->l, range->items[1], "to", &ends[1]);
        if (good && !(ends[0] < ends[1]))
            good = orl_read_fault(r->l, range, NULL, "the domain must rise");
    }
    return good;
}

static bool read_loss(struct problem_reading *r, const struct yaml_node *loss)
{
    const char *names[32] = {0};
    for (size_t i = 0; orl_losses[i] && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_losses[i]->name;
    const struct yaml_node *name =
        loss && loss->kind == YAML_MAP ? orl_yaml_get(loss, "kind") : loss;
    int choice = 0;
    if (loss && !name && loss->count == 1 &&
        loss->items[0]->kind == YAML_MAP) { /* {huber: {delta: 1}}, as formats are written */
        name = loss->keys[0];
        loss = loss->items[0];
    }
    if (loss && !name)
        return orl_read_fault(r->l, loss, NULL,
                              "loss needs a kind, such as {kind: huber, delta: 1}");
    if (name && !orl_read_choice(r->l, name, "loss", names, &choice))
        return false;
    r->plan->loss = orl_losses[choice];
    const struct orl_setting *settings = r->plan->loss->settings;
    r->plan->loss_settings = orl_values_default(settings);
    if (!r->plan->loss_settings)
        return orl_read_no_memory(r->l);
    bool good = true;
    for (size_t i = 0; loss && loss->kind == YAML_MAP && i < loss->count; i++) {
        int s = orl_setting_find(settings, loss->keys[i]->text);
        if (strcmp(loss->keys[i]->text, "kind") == 0)
            continue;
        if (s < 0)
            good = orl_read_fault(r->l, loss->keys[i], NULL, "the loss %s has no '%s'",
                                  r->plan->loss->name, loss->keys[i]->text);
        else
            good &=
                orl_read_setting(r->l, loss->items[i], &settings[s], &r->plan->loss_settings[s]);
    }
    return good;
}

static bool read_surface(struct problem_reading *r)
{
    struct orl_formula_error ignored;
    const char *text = r->surface->formula;
    if (orl_formula_parse(text, strlen(text), &orl_limits_default, &r->formula, &ignored) != ORL_OK)
        return orl_read_no_memory(r->l);
    r->plan->model = orl_strdup(text);
    if (!r->plan->title)
        r->plan->title = orl_strdup(r->surface->title);
    return r->plan->model && r->plan->title ? true : orl_read_no_memory(r->l);
}

static bool read_model(struct problem_reading *r)
{
    const struct yaml_node *model = orl_yaml_get(r->node, "model"),
                           *objective = orl_yaml_get(r->node, "objective");
    if (!model == !objective)
        return orl_read_fault(r->l, model ? objective : r->node, NULL,
                              model ? "a problem has a model or an objective, not both"
                                    : "the key 'model' is missing");
    r->model = model ? model : objective;
    r->data = orl_yaml_get(r->node, "data");
    if (model && !r->data)
        return orl_read_fault(r->l, r->node, "without data it would be an objective",
                              "a model needs the key 'data'");
    if (objective && r->data)
        return orl_read_fault(r->l, orl_yaml_key(r->node, "data"), NULL,
                              "an objective has no data");
    r->surface =
        objective && objective->kind == YAML_SCALAR ? orl_surface_find(objective->text) : NULL;
    if (r->surface)
        return read_surface(r);
    r->formula = orl_read_formula(r->l, r->model, model ? "model" : "objective");
    r->plan->model = orl_strdup(r->model->kind == YAML_SCALAR ? r->model->text : "");
    return r->plan->model ? r->formula != NULL : orl_read_no_memory(r->l);
}

static bool read_objective_extras(struct problem_reading *r)
{
    const struct yaml_node *minimum = orl_yaml_get(r->node, "minimum"),
                           *domain = orl_yaml_get(r->node, "domain"),
                           *shapes = orl_yaml_get(r->node, "shapes");
    bool good = true;
    if (r->data && minimum)
        good = orl_read_fault(r->l, orl_yaml_key(r->node, "minimum"), NULL,
                              "a model with data has no minimum; its truth stands in data");
    else if (minimum)
        good = orl_read_minima(r, minimum);
    if (domain)
        good &= read_domain(r, domain);
    if (shapes)
        good &= orl_read_shapes(r->l, shapes, r->plan);
    return good;
}

static bool read_problem(struct problem_reading *r)
{
    bool good = orl_keys_read(r->l, r->node, &orl_problem_map, r->plan);
    if (r->node->kind != YAML_MAP)
        return false;
    bool model = read_model(r), start = read_start(r);
    good &= read_loss(r, orl_yaml_get(r->node, "loss"));
    if (!model || !start)
        return false;
    good = orl_read_data(r) && good;
    if (good || r->plan->column_count ||
        r->plan->csv_count) /* with the columns known, names can be told apart */
        good = check_names(r) && good;
    for (size_t i = 0; i < orl_formula_name_count(r->formula); i++) {
        const char *name = orl_formula_name(r->formula, i);
        r->plan->predictor_count +=
            r->data && orl_plan_parameter(r->plan, name) < 0 && has_column(r->plan, name);
    }
    good = good && read_objective_extras(r) && (!r->surface || take_surface(r));
    if (!r->plan->title && !(r->plan->title = orl_formula_pretty(r->formula)))
        return orl_read_no_memory(r->l);
    return good && orl_check_data(r);
}

/* A problem that has no seed of its own shares none: noise that is the same in two of them looks
 * like a law. The first 64 bits of the hash of the experiment's seed and the problem's name. */
static uint64_t seed_of_problem(uint64_t seed, const char *name)
{
    struct orl_sha256 hash;
    uint8_t digest[32], bytes[8];
    uint64_t found = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(seed >> (8 * i));
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, bytes, sizeof bytes);
    orl_sha256_update(&hash, name, strlen(name));
    orl_sha256_final(&hash, digest);
    for (size_t i = 0; i < sizeof found; i++)
        found |= (uint64_t)digest[i] << (8 * i);
    return found;
}

/* A mapping's own place is its first key; messages about what it lacks point to the name above it.
 */
static const struct yaml_node *named(struct yaml_node *node, const struct yaml_node *key)
{
    if (node->kind == YAML_MAP) {
        node->line = key->line;
        node->column = key->column;
    }
    return node;
}

bool orl_load_problems(struct loader *l)
{
    struct yaml_node *problems = orl_yaml_get(l->root, "problems");
    struct orl_experiment *e = l->experiment;
    if (!problems) /* told already */
        return false;
    if (!orl_read_kind(l, problems, YAML_MAP, "problems"))
        return false;
    if (problems->count == 0 || problems->count > l->source.limits->jobs)
        return orl_read_fault(l, problems, NULL,
                              problems->count ? "too many problems (--max-jobs)"
                                              : "`problems` is empty");
    e->problems = orl_calloc(problems->count, sizeof *e->problems);
    if (!e->problems)
        return orl_read_no_memory(l);
    bool good = true;
    for (size_t i = 0; i < problems->count; i++) {
        struct orl_problem_plan *plan = &e->problems[i];
        const struct yaml_node *key = problems->keys[i];
        e->problem_count = i + 1;
        plan->line = key->line;
        plan->column = key->column;
        plan->name = orl_strdup(key->text);
        if (!plan->name)
            return orl_read_no_memory(l);
        plan->seed = seed_of_problem(e->seed, plan->name);
        good &= orl_check_name(l, key, "a problem", plan->name);
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(e->problems[k].name, plan->name) == 0)
                good = orl_read_fault(l, key, NULL, "'%s' and '%s' differ in case only",
                                      e->problems[k].name, plan->name);
        struct problem_reading r = {.l = l, .plan = plan, .node = named(problems->items[i], key)};
        good &= read_problem(&r);
        orl_formula_destroy(&r.formula);
    }
    return good;
}
