/* The tables of panels and layouts. A panel is one file and one line here. */
#include <math.h>
#include <string.h>

#include "scene/panel.h"

/* clang-format off */
extern const struct orl_panel_desc
    orl_panel_fit,
    orl_panel_loss,
    orl_panel_parameters,
    orl_panel_surface,
    orl_panel_steps,
    orl_panel_log,
    orl_panel_text;
/* clang-format on */

/* Panels of the design that are not built yet: known by name. */
static const struct orl_panel_desc gradient = {
    .name = "gradient", .title = "Gradient", .description = "norm and components of the gradient"};
static const struct orl_panel_desc table = {.name = "table", .title = "Table", .description = "a live ranking of the runs"};
static const struct orl_panel_desc series = {.name = "series", .title = "Series", .description = "any column of a trace"};
static const struct orl_panel_desc residuals = {
    .name = "residuals", .title = "Residuals", .description = "histogram of the residuals"};

/* clang-format off */
const struct orl_panel_desc *const orl_panels[] = {
    &orl_panel_fit,
    &orl_panel_loss,
    &orl_panel_parameters,
    &gradient,
    &orl_panel_surface,
    &orl_panel_steps,
    &orl_panel_log,
    &table,
    &series,
    &residuals,
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
