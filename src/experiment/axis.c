/* Axes of panels in an experiment file: `x` and `y` are a scale, or a map of scale, label, limits.
 * Their parts are settings of the panel: "x.label", "x.from", "x.to". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "experiment/axis.h"

enum { NAME_MOST = 64 };

/* The setting of a part of an axis: "x" itself for the scale, else "x.<part>"; -1: none. */
static int part_find(const struct orl_setting *settings, const char *axis, const char *part)
{
    char name[NAME_MOST];
    if (strcmp(part, "scale") == 0)
        return orl_setting_find(settings, axis);
    snprintf(name, sizeof name, "%s.%s", axis, part);
    return strlen(axis) + 1 + strlen(part) < sizeof name ? orl_setting_find(settings, name) : -1;
}

static bool limits_read(struct loader *l, const struct yaml_node *node,
                        const struct orl_setting *settings, const char *axis,
                        struct orl_value *values)
{
    double ends[2];
    int from = part_find(settings, axis, "from"), to = part_find(settings, axis, "to");
    if (node->kind != YAML_LIST || node->count != 2)
        return orl_read_fault(l, node, NULL, "the limits of '%s' must be two numbers: [from, to]",
                              axis);
    for (size_t i = 0; i < 2; i++)
        if (!orl_read_number(l, node->items[i], i ? "to" : "from", &ends[i]))
            return false;
    values[from].number = ends[0];
    values[to].number = ends[1];
    return true;
}

static bool part_read(struct loader *l, const struct yaml_node *key, const struct yaml_node *node,
                      const struct orl_setting *settings, const char *axis,
                      struct orl_value *values)
{
    if (strcmp(key->text, "limits") == 0)
        return limits_read(l, node, settings, axis, values);
    int index = part_find(settings, axis, key->text);
    if (index < 0)
        return orl_read_fault(l, key,
                              strcmp(key->text, "scale") == 0
                                  ? "`scale` stands beside it: {scale: log, y: {label: \"mV\"}}"
                              : orl_setting_find(settings, axis) >= 0 ? "scale, label, limits"
                                                                      : "label, limits",
                              "the axis '%s' has no '%s'", axis, key->text);
    orl_value_uninit(&values[index]);
    return orl_read_setting(l, node, &settings[index], &values[index]);
}

static bool is_logarithmic(const struct orl_setting *settings, const struct orl_value *values,
                           const char *axis)
{
    int scale = orl_setting_find(settings, axis);
    return scale >= 0 && settings[scale].choices &&
           strcmp(settings[scale].choices[(int)values[scale].number], "log") == 0;
}

/* Limits rise, and are positive on a logarithmic axis. */
static bool limits_check(struct loader *l, const struct yaml_node *map,
                         const struct orl_setting *settings, const char *axis,
                         const struct orl_value *values)
{
    double from = values[part_find(settings, axis, "from")].number,
           to = values[part_find(settings, axis, "to")].number;
    if (!isnan(from) && !isnan(to) && !(from < to))
        return orl_read_fault(l, map, NULL, "the limits of '%s' must rise, from %g to %g do not",
                              axis, from, to);
    if (is_logarithmic(settings, values, axis) && (from <= 0.0 || to <= 0.0))
        return orl_read_fault(l, map, "symlog has a place for them",
                              "a log axis has no place for limits of 0 or less");
    return true;
}

bool orl_axis_read(struct loader *l, const struct yaml_node *map,
                   const struct orl_setting *settings, const char *axis, struct orl_value *values)
{
    bool good = true;
    for (size_t i = 0; i < map->count; i++)
        good = part_read(l, map->keys[i], map->items[i], settings, axis, values) && good;
    return good && limits_check(l, map, settings, axis, values);
}

bool orl_axis_check_points(struct loader *l, const struct yaml_node *axes,
                           const struct orl_setting *settings, const struct orl_value *values,
                           struct orl_problem_plan *problem)
{
    static const char *const names[] = {"x", "y"};
    for (size_t i = 0; i < 2; i++) {
        size_t *placeless = &problem->placeless[i];
        const struct yaml_node *node = orl_yaml_get(axes, names[i]);
        if (!node || *placeless == 0 || !is_logarithmic(settings, values, names[i]))
            continue;
        if (*placeless == problem->points)
            return orl_read_fault(l, node, "symlog has a place for them",
                                  "no point of '%s' has a place on a log axis: all are 0 or less",
                                  problem->name);
        orl_yaml_warning(&l->source, node,
                         "%zu of %zu points of '%s' %s left out: a log axis has no place for 0 or "
                         "less; symlog has one",
                         *placeless, problem->points, problem->name,
                         *placeless == 1 ? "is" : "are");
        *placeless = 0; /* once is enough */
    }
    return true;
}

static void limits_schema(struct orl_json *json)
{
    orl_json_key(json, "limits");
    orl_json_open(json, '{');
    orl_key_range.schema(json, NULL);
    orl_json_close(json, '}');
}

void orl_axis_schema(struct orl_json *json, const struct orl_setting *settings, const char *axis)
{
    int scale = orl_setting_find(settings, axis);
    static const char *const parts[] = {"label", "from", "to"};
    orl_json_key(json, axis);
    orl_json_open(json, '{');
    orl_schema_text(json, "description", "an axis: {scale, label, limits: [from, to]}");
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    if (scale >= 0)
        orl_schema_alternatives(json, &settings[scale], false);
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "object");
    orl_json_key(json, "additionalProperties");
    orl_json_bool(json, false);
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
    if (scale >= 0) {
        struct orl_setting member = settings[scale];
        member.name = "scale";
        orl_schema_setting(json, &member, false);
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct orl_setting member = settings[part_find(settings, axis, parts[i])];
        member.name = parts[i];
        orl_schema_setting(json, &member, false);
    }
    limits_schema(json);
    orl_json_close(json, '}');
    orl_json_close(json, '}');
    orl_json_close(json, ']');
    orl_json_close(json, '}');
}
