/* What every panel is asked in the same way. */
#include "scene/panels/panel.h"

int orl_panel_choice(const struct panel *panel, int setting)
{
    return (int)(panel->values ? panel->values[setting].number
                               : panel->desc->settings[setting].initial);
}
