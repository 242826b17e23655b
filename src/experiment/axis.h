/* Axes of panels in an experiment file: `x: log`, or `x: {scale: log, label: d, limits: [1, 9]}`.
 * 9]}`. For panels.c and table_types.c. */
#ifndef ORL_EXPERIMENT_AXIS_H
#define ORL_EXPERIMENT_AXIS_H

#include "experiment/types.h"

/* Read the map of an axis ("x") into the settings that are its parts. False with messages. */
bool orl_axis_read(struct loader *l, const struct yaml_node *map,
                   const struct orl_setting *settings, const char *axis, struct orl_value *values);
/* A log axis of a fit leaves points of 0 or less out: a warning with their number, and how to show
 * them; false, with a message, where it would leave out all. `axes` is the panel's map; a problem's
 * points are told once. */
bool orl_axis_check_points(struct loader *l, const struct yaml_node *axes,
                           const struct orl_setting *settings, const struct orl_value *values,
                           struct orl_problem_plan *problem);
/* The member of a schema for it. */
void orl_axis_schema(struct orl_json *json, const struct orl_setting *settings, const char *axis);

#endif
