/* The names of parameters, and values for each of them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiment/problem.h"

int orl_plan_parameter(const struct orl_problem_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->parameter_count; i++)
        if (strcmp(plan->parameters[i], name) == 0)
            return (int)i;
    return -1;
}

/* A number for every parameter, each exactly once. */
static bool read_point(struct problem_reading *r, const struct yaml_node *node, const char *what,
                       double *point)
{
    struct orl_problem_plan *plan = r->plan;
    if (!orl_read_kind(r->l, node, YAML_MAP, what))
        return false;
    bool good = true;
    for (size_t i = 0; i < node->count; i++) {
        int p = orl_plan_parameter(plan, node->keys[i]->text);
        if (p < 0) {
            good =
                orl_read_fault(r->l, node->keys[i], NULL, "'%s' in %s is not a parameter of start",
                               node->keys[i]->text, what);
            continue;
        }
        good &= orl_read_number(r->l, node->items[i], node->keys[i]->text, &point[p]);
    }
    for (size_t p = 0; p < plan->parameter_count; p++)
        if (!orl_yaml_get(node, plan->parameters[p]))
            good = orl_read_fault(r->l, node, NULL, "%s has no value for '%s'", what,
                                  plan->parameters[p]);
    return good;
}

bool orl_read_truth(struct problem_reading *r, const struct yaml_node *node, const char *what)
{
    struct orl_problem_plan *plan = r->plan;
    plan->truth_count = 1;
    plan->truth = orl_calloc(plan->parameter_count, sizeof *plan->truth);
    return plan->truth ? read_point(r, node, what, plan->truth) : orl_read_no_memory(r->l);
}

bool orl_read_minima(struct problem_reading *r, const struct yaml_node *node)
{
    struct orl_problem_plan *plan = r->plan;
    size_t numbers;
    if (node->kind != YAML_LIST)
        return orl_read_truth(r, node, "minimum");
    if (node->count == 0)
        return orl_read_fault(r->l, node, "minimum: {x: 1, y: 1}, or a list of those",
                              "minimum is empty");
    plan->truth_count = node->count;
    if (orl_size_mul(node->count, plan->parameter_count, &numbers))
        plan->truth = orl_calloc(numbers, sizeof *plan->truth);
    if (!plan->truth)
        return orl_read_no_memory(r->l);
    bool good = true;
    for (size_t i = 0; i < node->count; i++)
        good = read_point(r, node->items[i], "minimum", plan->truth + i * plan->parameter_count) &&
               good;
    return good;
}

bool orl_is_identifier(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_",
                      more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *name && strchr(letters, *name) && strspn(name, more) == strlen(name);
}
