/* What every panel is asked in the same way. */
#include "scene/panels/panel.h"

int orl_panel_choice(const struct panel *panel, int setting)
{
    return (int)(panel->values ? panel->values[setting].number
                               : panel->desc->settings[setting].initial);
}

int orl_panel_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    const struct orl_panel_ops *ops = panel->desc->ops;
    return ops->create ? ops->create(view, panel, err) : ORL_OK;
}

int orl_panel_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    const struct orl_panel_ops *ops = panel->desc->ops;
    return ops->place ? ops->place(view, panel, err) : ORL_OK;
}

void orl_panel_destroy(struct panel *panel)
{
    if (panel->desc->ops->destroy)
        panel->desc->ops->destroy(panel);
}
