/* The tables of panels and layouts. A panel is one file and one line here. */
#include <math.h>
#include <string.h>

#include "scene/panels/panel.h"

/* clang-format off */
extern const struct orl_panel_desc
    orl_panel_fit,
    orl_panel_loss,
    orl_panel_parameters,
    orl_panel_surface,
    orl_panel_steps,
    orl_panel_gradient,
    orl_panel_learning_rate,
    orl_panel_log,
    orl_panel_table,
    orl_panel_series,
    orl_panel_residuals,
    orl_panel_training,
    orl_panel_values,
    orl_panel_text;
/* clang-format on */

/* clang-format off */
const struct orl_panel_desc *const orl_panels[] = {
    &orl_panel_fit,
    &orl_panel_loss,
    &orl_panel_parameters,
    &orl_panel_gradient,
    &orl_panel_learning_rate,
    &orl_panel_surface,
    &orl_panel_steps,
    &orl_panel_log,
    &orl_panel_table,
    &orl_panel_series,
    &orl_panel_residuals,
    &orl_panel_training,
    &orl_panel_values,
    &orl_panel_text,
    NULL
};
/* clang-format on */

const struct orl_panel_desc *orl_panel_find(const char *name)
{
    for (size_t i = 0; orl_panels[i]; i++)
        if (strcmp(orl_panels[i]->name, name) == 0)
            return orl_panels[i];
    return NULL;
}

const char *const orl_layout_names[] = {"overlay", "grid", "sequence", NULL};
