/* What a film's `axes` say of a panel's axes: {x: {scale, label, limits}}. A panel takes it with
 * the rows ORL_AXIS_PARTS("x") among its settings; orl_plot_place then does the rest. */
#ifndef ORL_SCENE_AXES_H
#define ORL_SCENE_AXES_H

#include "scene/panels/frame.h"

/* Settings of the axis "x" or "y", in the file a map under that name. */
#define ORL_AXIS_PARTS(axis)                                                                       \
    {.name = axis ".label",                                                                        \
     .type = ORL_SETTING_TEXT,                                                                     \
     .unit = "1",                                                                                  \
     .description = "the name of the " axis " axis"},                                              \
        {.name = axis ".from",                                                                     \
         .type = ORL_SETTING_REAL,                                                                 \
         .unit = "1",                                                                              \
         .initial = NAN,                                                                           \
         .minimum = -INFINITY,                                                                     \
         .maximum = INFINITY,                                                                      \
         .description = "where the " axis " axis begins; both ends: limits: [from, to]"},          \
    {                                                                                              \
        .name = axis ".to", .type = ORL_SETTING_REAL, .unit = "1", .initial = NAN,                 \
        .minimum = -INFINITY, .maximum = INFINITY, .description = "where the " axis " axis ends"   \
    }

/* The label that the film gives to an axis ("x", "y"); else `usual`. Borrowed. */
const char *orl_panel_label(const struct panel *panel, const char *axis, const char *usual);
/* The range of an axis as the film limits it; as it is where nothing is said, where the limits hold
 * nothing, or where they have no place on a logarithmic axis. */
void orl_panel_limit(const struct panel *panel, const char *name, struct axis *axis);
/* Whether a pixel lies in the plot: with limits there are points that do not. */
bool orl_plot_holds(const struct plot *plot, const double xy[2]);

#endif
