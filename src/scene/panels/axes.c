/* What a film's `axes` say of a panel's axes: labels and limits, read by every plot. */
#include <math.h>
#include <string.h>

#include "scene/panels/axes.h"

/* The value of the setting "x.label"; NULL: the panel has none of that name. */
static const struct orl_value *part_find(const struct panel *panel, const char *axis,
                                         const char *part)
{
    const struct orl_setting *settings = panel->values ? panel->desc->settings : NULL;
    size_t length = strlen(axis);
    for (size_t i = 0; settings && settings[i].name; i++)
        if (strncmp(settings[i].name, axis, length) == 0 && settings[i].name[length] == '.' &&
            strcmp(settings[i].name + length + 1, part) == 0)
            return &panel->values[i];
    return NULL;
}

const char *orl_panel_label(const struct panel *panel, const char *axis, const char *usual)
{
    const struct orl_value *label = part_find(panel, axis, "label");
    return label && label->text ? label->text : usual;
}

/* A limit that a logarithmic axis cannot have is none. */
static bool has_place(const struct orl_value *limit, const struct axis *axis)
{
    return limit && isfinite(limit->number) && (axis->scale != SCALE_LOG || limit->number > 0.0);
}

void orl_panel_limit(const struct panel *panel, const char *name, struct axis *axis)
{
    const struct orl_value *from = part_find(panel, name, "from"),
                           *to = part_find(panel, name, "to");
    struct axis limited = *axis;
    if (has_place(from, axis))
        limited.low = from->number;
    if (has_place(to, axis))
        limited.high = to->number;
    if (limited.low < limited.high)
        *axis = limited;
}

bool orl_plot_holds(const struct plot *plot, const double xy[2])
{
    return xy[0] >= plot->area.x && xy[0] <= plot->area.x + plot->area.width &&
           xy[1] >= plot->area.y && xy[1] <= plot->area.y + plot->area.height;
}
