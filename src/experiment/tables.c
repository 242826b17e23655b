/* All tables in one form. */
#include "optreel/tables.h"

#include <string.h>

#include "base/array.h"
#include "encode/tables.h"
#include "optreel/experiment.h"
#include "scene/tables.h"

static bool experiment_at(size_t i, struct orl_table_row *out)
{
    *out = (struct orl_table_row){
        .name = orl_builtins[i].name, .description = orl_builtins[i].title, .supported = true};
    return out->name != NULL;
}

static bool optimizer_at(size_t i, struct orl_table_row *out)
{
    const struct orl_optimizer_desc *d = orl_optimizers[i];
    if (d)
        *out =
            (struct orl_table_row){d->name, d->title, d->description, d->source, d->settings, true};
    return d != NULL;
}

static bool loss_at(size_t i, struct orl_table_row *out)
{
    const struct orl_loss_desc *d = orl_losses[i];
    if (d)
        *out =
            (struct orl_table_row){d->name, d->title, d->description, d->source, d->settings, true};
    return d != NULL;
}

static bool surface_at(size_t i, struct orl_table_row *out)
{
    const struct orl_surface_desc *d = &orl_surfaces[i];
    *out = (struct orl_table_row){d->name, d->title, d->description, d->source, NULL, true};
    return d->name != NULL;
}

static bool panel_at(size_t i, struct orl_table_row *out)
{
    const struct orl_panel_desc *d = orl_panels[i];
    if (d)
        *out = (struct orl_table_row){d->name, d->title, d->description, NULL, d->settings, true};
    return d != NULL;
}

static bool format_at(size_t i, struct orl_table_row *out)
{
    const struct orl_format_desc *d = orl_formats[i];
    if (d)
        *out = (struct orl_table_row){d->name, d->title, d->description, NULL, d->settings, true};
    return d != NULL;
}

static bool preset_at(size_t i, struct orl_table_row *out)
{
    const struct orl_preset_desc *d = &orl_presets[i];
    *out = (struct orl_table_row){d->name, d->title, d->description, NULL, NULL, true};
    return d->name != NULL;
}

static bool theme_at(size_t i, struct orl_table_row *out)
{
    const struct orl_theme_desc *d = &orl_themes[i];
    *out = (struct orl_table_row){d->name, d->title, d->description, NULL, NULL, true};
    return d->name != NULL;
}

static bool function_at(size_t i, struct orl_table_row *out)
{
    const struct orl_function_desc *d = &orl_functions[i];
    *out =
        (struct orl_table_row){.name = d->name, .description = d->description, .supported = true};
    return d->name != NULL;
}

static const struct {
    const char *name;
    bool (*at)(size_t index, struct orl_table_row *out);
} tables[ORL_TABLES] = {
    [ORL_TABLE_EXPERIMENTS] = {"experiments", experiment_at},
    [ORL_TABLE_OPTIMIZERS] = {"optimizers", optimizer_at},
    [ORL_TABLE_LOSSES] = {"losses", loss_at},
    [ORL_TABLE_SURFACES] = {"surfaces", surface_at},
    [ORL_TABLE_PANELS] = {"panels", panel_at},
    [ORL_TABLE_FORMATS] = {"formats", format_at},
    [ORL_TABLE_PRESETS] = {"presets", preset_at},
    [ORL_TABLE_THEMES] = {"themes", theme_at},
    [ORL_TABLE_FUNCTIONS] = {"functions", function_at},
};

const char *orl_table_name(enum orl_table table)
{
    return (size_t)table < ORL_TABLES ? tables[table].name : NULL;
}

enum orl_table orl_table_named(const char *name)
{
    for (size_t i = 0; i < ORL_TABLES; i++)
        if (strcmp(tables[i].name, name) == 0)
            return (enum orl_table)i;
    return ORL_TABLES;
}

bool orl_table_at(enum orl_table table, size_t index, struct orl_table_row *out)
{
    return (size_t)table < ORL_TABLES && tables[table].at(index, out);
}

bool orl_table_find(enum orl_table table, const char *name, struct orl_table_row *out)
{
    for (size_t i = 0; orl_table_at(table, i, out); i++)
        if (strcmp(out->name, name) == 0)
            return true;
    return false;
}
