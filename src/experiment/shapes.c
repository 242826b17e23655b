/* The key `shapes` of a problem: parameters written as the rows of matrices. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/types.h"

static int parameter_unknown(struct loader *l, const struct orl_problem_plan *plan,
                             const struct yaml_node *node)
{
    const char **names = orl_calloc(plan->parameter_count + 1, sizeof *names);
    for (size_t i = 0; names && i < plan->parameter_count; i++)
        names[i] = plan->parameters[i];
    char *hint = names ? orl_suggest_hint(node->text, names) : NULL;
    (void)orl_read_fault(l, node, hint, "'%s' is not a parameter of start", node->text);
    free(hint);
    free(names);
    return -1;
}

/* The place of a parameter that no shape has yet, or -1 after a fault. */
static int parameter_take(struct loader *l, const struct orl_problem_plan *plan,
                          const struct yaml_node *node, bool *taken)
{
    if (!orl_read_kind(l, node, YAML_SCALAR, "a parameter of a shape"))
        return -1;
    for (size_t i = 0; i < plan->parameter_count; i++) {
        if (strcmp(plan->parameters[i], node->text) != 0)
            continue;
        if (taken[i]) {
            (void)orl_read_fault(l, node, NULL, "'%s' stands in two places of shapes", node->text);
            return -1;
        }
        taken[i] = true;
        return (int)i;
    }
    return parameter_unknown(l, plan, node);
}

static bool rows_measure(struct loader *l, const struct yaml_node *key,
                         const struct yaml_node *rows, struct orl_shape *shape)
{
    bool good = orl_read_kind(l, rows, YAML_LIST, key->text);
    if (good && rows->count == 0)
        good = orl_read_fault(l, rows, NULL, "the shape '%s' has no rows", key->text);
    for (size_t i = 0; good && i < rows->count; i++)
        if (rows->items[i]->kind != YAML_LIST || rows->items[i]->count == 0 ||
            rows->items[i]->count != rows->items[0]->count)
            good = orl_read_fault(l, rows->items[i], "such as {W: [[a, b], [c, d]]}",
                                  "the rows of '%s' must be lists of equally many parameters",
                                  key->text);
    if (good)
        *shape = (struct orl_shape){.rows = rows->count, .columns = rows->items[0]->count};
    return good;
}

static bool shape_read(struct loader *l, const struct orl_problem_plan *plan,
                       const struct yaml_node *key, const struct yaml_node *rows, bool *taken,
                       struct orl_shape *shape)
{
    if (!rows_measure(l, key, rows, shape))
        return false;
    shape->name = orl_strdup(key->text);
    shape->parameters = orl_calloc(rows->count, shape->columns * sizeof *shape->parameters);
    if (!shape->name || !shape->parameters)
        return orl_read_no_memory(l);
    for (size_t i = 0; i < shape->rows * shape->columns; i++) {
        int place = parameter_take(
            l, plan, rows->items[i / shape->columns]->items[i % shape->columns], taken);
        if (place < 0)
            return false;
        shape->parameters[i] = (size_t)place;
    }
    return true;
}

bool orl_read_shapes(struct loader *l, const struct yaml_node *map, struct orl_problem_plan *plan)
{
    if (!orl_read_kind(l, map, YAML_MAP, "shapes"))
        return false;
    if (map->count == 0)
        return orl_read_fault(l, map, "such as {W: [[a, b], [c, d]]}", "`shapes` is empty");
    bool good = true, *taken = orl_calloc(plan->parameter_count, sizeof *taken);
    plan->shapes = orl_calloc(map->count, sizeof *plan->shapes);
    if (!taken || !plan->shapes) {
        free(taken);
        return orl_read_no_memory(l);
    }
    plan->shape_count = map->count;
    for (size_t i = 0; i < map->count; i++)
        good = shape_read(l, plan, map->keys[i], map->items[i], taken, &plan->shapes[i]) && good;
    free(taken);
    return good;
}

/* ---- The schema ------------------------------------------------------------------------------ */

static void list_open(struct orl_json *json)
{
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "items");
    orl_json_open(json, '{');
}

static void shapes_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "minProperties");
    orl_json_integer(json, 1);
    orl_json_key(json, "additionalProperties");
    orl_json_open(json, '{');
    list_open(json);
    list_open(json);
    orl_schema_any_text(json);
    orl_json_close(json, '}');
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

const struct key_type orl_key_shapes = {.name = "rows of parameters by names",
                                        .schema = shapes_schema};
