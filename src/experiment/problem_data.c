/* The data of a problem: made from a truth, listed in the experiment, or read from a file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/problem.h"
#include "experiment/rows.h"

static bool is_in_formula(const struct orl_formula *formula, const char *name)
{
    for (size_t i = 0; i < orl_formula_name_count(formula); i++)
        if (strcmp(orl_formula_name(formula, i), name) == 0)
            return true;
    return false;
}

static struct orl_formula *parse_checked(struct problem_reading *r, const char *text)
{
    struct orl_formula *formula = NULL;
    struct orl_formula_error ignored;
    if (text &&
        orl_formula_parse(text, strlen(text), r->l->source.limits, &formula, &ignored) != ORL_OK)
        orl_read_no_memory(r->l);
    return formula;
}

static bool read_list(struct loader *l, const struct yaml_node *node,
                      struct orl_column_spec *column)
{
    if (node->count == 0)
        return orl_read_fault(l, node, NULL, "'%s' has no values", column->name);
    if (node->count > l->source.limits->points)
        return orl_read_fault(l, node, NULL, "more than %llu points (--max-points)",
                              (unsigned long long)l->source.limits->points);
    double *list = orl_calloc(node->count, sizeof *list);
    if (!list)
        return orl_read_no_memory(l);
    bool good = true;
    for (size_t i = 0; i < node->count; i++)
        good &= orl_read_number(l, node->items[i], column->name, &list[i]);
    column->list = list;
    column->count = node->count;
    return good;
}

static bool read_column(struct loader *l, const struct yaml_node *node,
                        struct orl_column_spec *column)
{
    if (node->kind == YAML_LIST)
        return read_list(l, node, column);
    const struct yaml_node *random = orl_yaml_get(node, "random");
    int choice;
    column->random = random != NULL;
    return orl_keys_read(l, node, &orl_column_map, column) &&
           (!random || orl_read_choice(l, random, "distribution", orl_distribution_names, &choice));
}

static bool read_generated(struct problem_reading *r)
{
    struct loader *l = r->l;
    struct orl_problem_plan *plan = r->plan;
    const struct yaml_node *data = r->data, *truth = orl_yaml_get(data, "truth");
    plan->data_kind = ORL_DATA_GENERATED;
    plan->columns = orl_calloc(data->count, sizeof *plan->columns);
    if (!plan->columns)
        return orl_read_no_memory(l);
    bool good = orl_keys_read(l, data, &orl_made_map, plan);
    for (size_t i = 0; i < data->count; i++) {
        if (orl_key_find(&orl_made_map, data->keys[i]->text))
            continue;
        struct orl_column_spec *column = &plan->columns[plan->column_count];
        column->name = orl_strdup(data->keys[i]->text);
        if (!column->name)
            return orl_read_no_memory(l);
        plan->column_count++;
        if (!is_in_formula(r->formula, column->name)) {
            char *hint = orl_key_hint(l, &orl_made_map, column->name);
            good = orl_read_fault(l, data->keys[i], hint,
                                  "'%s' is neither in the model nor a key of data", column->name);
            free(hint);
            continue;
        }
        good &= read_column(l, data->items[i], column);
        if (good && column->count != plan->columns[0].count)
            good = orl_read_fault(l, data->items[i], NULL, "'%s' has %zu points where '%s' has %zu",
                                  column->name, column->count, plan->columns[0].name,
                                  plan->columns[0].count);
    }
    if (plan->column_count == 0 && good)
        good = orl_read_fault(l, data, NULL,
                              "data has no column, such as x: {from: 0, to: 1, count: 100}");
    return (!truth || orl_read_truth(r, truth, "truth")) && good;
}

/* Numbers without a truth that they are made from, and one that the model should meet. */
static bool is_listed(const struct problem_reading *r)
{
    const struct yaml_node *data = r->data;
    if (orl_yaml_get(data, "truth") || orl_yaml_get(data, "noise"))
        return false;
    if (orl_yaml_get(data, "response"))
        return true;
    for (size_t i = 0; i < data->count; i++)
        if (data->items[i]->kind == YAML_LIST && !is_in_formula(r->formula, data->keys[i]->text))
            return true;
    return false;
}

static bool add_list(struct problem_reading *r, const struct yaml_node *key,
                     const struct yaml_node *list)
{
    struct orl_problem_plan *plan = r->plan;
    struct orl_column_spec *column = &plan->columns[plan->column_count];
    if (!orl_is_identifier(key->text))
        return orl_read_fault(r->l, key, NULL, "'%s' is not a name that a formula can use",
                              key->text);
    if (!orl_read_kind(r->l, list, YAML_LIST, key->text))
        return false;
    column->name = orl_strdup(key->text);
    if (!column->name)
        return orl_read_no_memory(r->l);
    plan->column_count++;
    if (!read_list(r->l, list, column))
        return false;
    return column->count == plan->columns[0].count ||
           orl_read_fault(r->l, list, NULL, "'%s' has %zu points where '%s' has %zu", column->name,
                          column->count, plan->columns[0].name, plan->columns[0].count);
}

/* Where `response` is not said: the one column that neither the model nor sigma uses. */
static bool choose_response(struct problem_reading *r)
{
    struct orl_problem_plan *plan = r->plan;
    struct orl_formula *sigma = parse_checked(r, plan->sigma);
    const char *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < plan->column_count; i++)
        if (!is_in_formula(r->formula, plan->columns[i].name) &&
            !(sigma && is_in_formula(sigma, plan->columns[i].name))) {
            found = plan->columns[i].name;
            count++;
        }
    orl_formula_destroy(&sigma);
    if (count != 1)
        return orl_read_fault(r->l, r->data, "response: y, one of the lists or a formula of them",
                              "data needs the key 'response'");
    plan->response = orl_strdup(found);
    return plan->response ? true : orl_read_no_memory(r->l);
}

static bool check_list_names(struct problem_reading *r, const char *text, const char *what)
{
    struct orl_formula *formula = parse_checked(r, text);
    bool good = true;
    double ignored;
    for (size_t i = 0; formula && i < orl_formula_name_count(formula); i++) {
        const char *name = orl_formula_name(formula, i);
        bool known = orl_constant_find(name, &ignored);
        for (size_t c = 0; c < r->plan->column_count; c++)
            known |= strcmp(r->plan->columns[c].name, name) == 0;
        if (!known)
            good = orl_read_fault(r->l, orl_yaml_get(r->data, what), NULL,
                                  "'%s' is not a list in the data", name);
    }
    orl_formula_destroy(&formula);
    return good;
}

static bool read_listed(struct problem_reading *r)
{
    struct orl_problem_plan *plan = r->plan;
    plan->data_kind = ORL_DATA_LISTED;
    plan->columns = orl_calloc(r->data->count, sizeof *plan->columns);
    if (!plan->columns)
        return orl_read_no_memory(r->l);
    const struct yaml_node *sigma = orl_yaml_get(r->data, "sigma");
    if (sigma && sigma->kind == YAML_LIST)
        return orl_read_fault(r->l, sigma, "a list of its own, s: [...], and sigma: s",
                              "sigma names a list, or a formula of lists");
    bool good = orl_keys_read(r->l, r->data, &orl_listed_map, plan);
    for (size_t i = 0; i < r->data->count; i++)
        if (!orl_key_find(&orl_listed_map, r->data->keys[i]->text))
            good &= add_list(r, r->data->keys[i], r->data->items[i]);
    return good && (plan->response || choose_response(r)) &&
           check_list_names(r, plan->response, "response") &&
           check_list_names(r, plan->sigma, "sigma");
}

static bool read_csv_column(struct loader *l, const struct yaml_node *key,
                            const struct yaml_node *value, struct orl_csv_column *column)
{
    int64_t position;
    column->name = orl_strdup(key->text);
    if (!column->name)
        return orl_read_no_memory(l);
    if (!orl_is_identifier(key->text))
        return orl_read_fault(l, key, NULL, "'%s' is not a name that a formula can use", key->text);
    if (!value) {
        column->header = orl_strdup(key->text);
        return column->header ? true : orl_read_no_memory(l);
    }
    if (!orl_read_kind(l, value, YAML_SCALAR, key->text))
        return false;
    if (!value->quoted && orl_int64_parse(value->text, strlen(value->text), &position)) {
        if (position < 1 || (uint64_t)position > l->source.limits->csv_columns)
            return orl_read_fault(l, value, NULL, "a column's number is from 1 to %llu",
                                  (unsigned long long)l->source.limits->csv_columns);
        column->position = (size_t)position;
        return true;
    }
    column->header = orl_strdup(value->text);
    return column->header ? true : orl_read_no_memory(l);
}

/* A column called as the header calls it; where its name is a constant's, too, the file may do
 * without. */
static bool add_default_column(struct problem_reading *r, const char *name)
{
    struct orl_problem_plan *plan = r->plan;
    double ignored;
    for (size_t i = 0; i < plan->csv_count; i++)
        if (strcmp(plan->csv_columns[i].name, name) == 0)
            return true;
    struct orl_csv_column *column = &plan->csv_columns[plan->csv_count++];
    *column = (struct orl_csv_column){.name = orl_strdup(name),
                                      .header = orl_strdup(name),
                                      .optional = orl_constant_find(name, &ignored)};
    return column->name && column->header ? true : orl_read_no_memory(r->l);
}

/* The names of the model that the file gives. */
static bool add_model_columns(struct problem_reading *r)
{
    bool good = true;
    for (size_t i = 0; good && i < orl_formula_name_count(r->formula); i++) {
        const char *name = orl_formula_name(r->formula, i);
        if (orl_plan_parameter(r->plan, name) < 0)
            good = add_default_column(r, name);
    }
    return good;
}

/* The names of the response or of sigma, which know columns alone. */
static bool add_formula_columns(struct problem_reading *r, const struct orl_formula *formula,
                                const struct yaml_node *node)
{
    bool good = true;
    for (size_t i = 0; good && formula && i < orl_formula_name_count(formula); i++) {
        const char *name = orl_formula_name(formula, i);
        good = orl_plan_parameter(r->plan, name) < 0
                   ? add_default_column(r, name)
                   : orl_formula_fault(r->l, node, orl_formula_name_offset(formula, i),
                                       "this is a formula of the file's columns",
                                       "'%s' is a parameter, with a value in start", name);
    }
    return good;
}

/* Columns by names of the user's own, or by position. */
static bool read_named_columns(struct problem_reading *r, const struct yaml_node *columns)
{
    struct orl_problem_plan *plan = r->plan;
    bool good = true;
    for (size_t i = 0; i < columns->count; i++) {
        plan->csv_count = i + 1;
        good &= read_csv_column(r->l, columns->keys[i], columns->items[i], &plan->csv_columns[i]);
    }
    return good;
}

/* Names of the response and of sigma that `columns` does not list are the header's; without it, so
 * are the model's. */
static bool read_columns(struct problem_reading *r, const struct yaml_node *columns)
{
    struct orl_problem_plan *plan = r->plan;
    if (columns && !orl_read_kind(r->l, columns, YAML_MAP, "columns"))
        return false;
    struct orl_formula *response = parse_checked(r, plan->response),
                       *sigma = parse_checked(r, plan->sigma);
    size_t names = orl_formula_name_count(r->formula) +
                   (response ? orl_formula_name_count(response) : 0) +
                   (sigma ? orl_formula_name_count(sigma) : 0) + (columns ? columns->count : 0);
    const struct yaml_node *deviation = orl_yaml_get(r->data, "sigma");
    if (deviation && deviation->kind == YAML_MAP)
        deviation = orl_yaml_get(deviation, "column");
    plan->csv_columns = orl_calloc(names, sizeof *plan->csv_columns);
    bool good = plan->csv_columns ? true : orl_read_no_memory(r->l);
    good = good && (!columns || read_named_columns(r, columns)) &&
           (columns || add_model_columns(r)) &&
           add_formula_columns(r, response, orl_yaml_get(r->data, "response")) &&
           add_formula_columns(r, sigma, deviation);
    orl_formula_destroy(&response);
    orl_formula_destroy(&sigma);
    return good;
}

static bool set_data_path(struct problem_reading *r)
{
    struct orl_problem_plan *plan = r->plan;
    if (strchr(plan->data_shown, '\n') || !*plan->data_shown)
        return orl_read_fault(r->l, orl_yaml_get(r->data, "file"), NULL,
                              "this is not the name of a file");
    return orl_input_path(r->l, orl_yaml_get(r->data, "file"), plan->data_shown, &plan->data_path);
}

static bool read_file(struct problem_reading *r)
{
    struct loader *l = r->l;
    struct orl_problem_plan *plan = r->plan;
    plan->data_kind = ORL_DATA_FILE;
    bool good = orl_keys_read(l, r->data, &orl_table_map, plan);
    return plan->data_shown && set_data_path(r) && plan->response && r->formula &&
           read_columns(r, orl_yaml_get(r->data, "columns")) && good;
}

bool orl_read_data(struct problem_reading *r)
{
    if (!r->data)
        return true;
    if (!orl_read_kind(r->l, r->data, YAML_MAP, "data"))
        return false;
    return orl_yaml_get(r->data, "file") ? read_file(r)
           : is_listed(r)                ? read_listed(r)
                                         : read_generated(r);
}

/* Values of 0 or less, and the responses among them: a log axis leaves them out. */
static void count_placeless(struct orl_problem_plan *plan, const struct orl_dataset *data)
{
    plan->points = data->rows;
    for (size_t i = 0; i < data->rows; i++) {
        plan->placeless[0] += data->columns > 0 && !(data->values[0][i] > 0.0);
        plan->placeless[1] += !(data->response[i] > 0.0);
    }
}

bool orl_check_data(struct problem_reading *r)
{
    struct orl_problem *problem = NULL;
    struct orl_error err = {0};
    if (r->l->options->checked)
        return true;
    size_t before = r->l->source.messages->errors;
    if (r->plan->data_kind == ORL_DATA_FILE &&
        access(orl_builtin_path(r->plan->data_path), F_OK) != 0)
        return orl_read_fault(r->l, orl_yaml_get(r->data, "file"), NULL, "there is no file '%s'",
                              r->plan->data_shown);
    int ret = orl_problem_open(r->plan, r->l->source.limits, r->l->source.messages, &problem, &err);
    const struct orl_dataset *data = problem ? orl_problem_data(problem) : NULL;
    if (data)
        count_placeless(r->plan, data);
    if (data && data->rows < r->plan->parameter_count)
        orl_yaml_warning(
            &r->l->source, r->data,
            "%zu parameters and no more than %zu points: more than one fit is the best",
            r->plan->parameter_count, data->rows);
    struct orl_error start = {0};
    bool astray = problem && orl_problem_check_start(problem, &start) == ORL_EINPUT;
    if (astray && orl_formula_name_count(r->formula) > 0) /* else no other start would help */
        r->plan->bad_start = orl_strdup(start.text);
    orl_problem_destroy(&problem);
    if (ret != ORL_OK && r->l->source.messages->errors == before)
        return orl_read_fault(r->l, r->plan->data_kind == ORL_DATA_LISTED ? r->data : r->model,
                              NULL, "%s", err.text[0] ? err.text : "the problem cannot be opened");
    return ret == ORL_OK;
}
