/* Types of keys whose values are entries of tables with their settings: optimizers, losses, panels,
 * formats. Who uses them reads them; here are their schemas. */
#include <string.h>

#include "base/array.h"
#include "experiment/axis.h"
#include "experiment/types.h"
#include "scene/tables.h"

/* Properties of a table entry's settings; "x.label" is a part of the axis x. */
static void settings_write(struct orl_json *json, const struct orl_setting *settings, bool sweeps)
{
    for (const struct orl_setting *s = settings; s && s->name; s++)
        if (!strchr(s->name, '.') && !orl_setting_is_group(settings, s->name))
            orl_schema_setting(json, s, sweeps);
    for (const char *axis = "x"; axis; axis = *axis == 'x' ? "y" : NULL)
        if (orl_setting_is_group(settings, axis))
            orl_axis_schema(json, settings, axis);
}

static void closed_open(struct orl_json *json, const char *type)
{
    orl_schema_type(json, type);
    orl_json_key(json, "additionalProperties");
    orl_json_bool(json, false);
    orl_json_key(json, "properties");
    orl_json_open(json, '{');
}

/* {"enum": [name]} */
static void constant_write(struct orl_json *json, const char *const *names)
{
    orl_json_open(json, '{');
    orl_schema_choices(json, &(struct key){.choices = names});
    orl_json_close(json, '}');
}

/* ---- Panels -----------------------------------------------------------------------------------
 */

static const char *panel_name(size_t i)
{
    return orl_panels[i] ? orl_panels[i]->name : NULL;
}

static void panel_write(struct orl_json *json)
{
    orl_json_open(json, '{');
    orl_schema_choices(json, &(struct key){.choice = panel_name});
    orl_json_close(json, '}');
}

static void panels_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    panel_write(json);
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "uniqueItems");
    orl_json_bool(json, true);
    orl_json_key(json, "items");
    panel_write(json);
    orl_json_close(json, '}');
    orl_json_close(json, ']');
}

const struct key_type orl_key_panels = {.name = "panels", .schema = panels_schema};

static void axes_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    closed_open(json, "object");
    for (size_t i = 0; orl_panels[i]; i++) {
        orl_json_key(json, orl_panels[i]->name);
        orl_json_open(json, '{');
        orl_schema_text(json, "description", orl_panels[i]->description);
        closed_open(json, "object");
        settings_write(json, orl_panels[i]->settings, false);
        orl_json_close(json, '}');
        orl_json_close(json, '}');
    }
    orl_json_close(json, '}');
}

const struct key_type orl_key_axes = {.name = "settings by panel", .schema = axes_schema};

/* ---- Formats ----------------------------------------------------------------------------------
 */

static const char *format_name(size_t i)
{
    return orl_formats[i] ? orl_formats[i]->name : NULL;
}

static void format_write(struct orl_json *json)
{
    orl_json_open(json, '{');
    orl_schema_choices(json, &(struct key){.choice = format_name});
    orl_json_close(json, '}');
}

static void format_map_write(struct orl_json *json)
{
    const struct key size = {.name = "size",
                             .type = &orl_key_size,
                             .unit = "px",
                             .description = "of this format alone"},
                     fps = {.name = "fps",
                            .type = &orl_key_rate,
                            .unit = "1/s",
                            .description = "of this format alone"};
    orl_json_open(json, '{');
    orl_json_key(json, "minProperties");
    orl_json_integer(json, 1);
    closed_open(json, "object");
    for (size_t i = 0; orl_formats[i]; i++) {
        orl_json_key(json, orl_formats[i]->name);
        orl_json_open(json, '{');
        orl_schema_text(json, "description", orl_formats[i]->description);
        closed_open(json, "object null");
        orl_schema_property(json, &size);
        orl_schema_property(json, &fps);
        settings_write(json, orl_formats[i]->settings, false);
        orl_json_close(json, '}');
        orl_json_close(json, '}');
    }
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

static void formats_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    format_write(json);
    orl_json_open(json, '{');
    orl_schema_text(json, "type", "array");
    orl_json_key(json, "minItems");
    orl_json_integer(json, 1);
    orl_json_key(json, "uniqueItems");
    orl_json_bool(json, true);
    orl_json_key(json, "items");
    format_write(json);
    orl_json_close(json, '}');
    format_map_write(json);
    orl_json_close(json, ']');
}

const struct key_type orl_key_formats = {.name = "formats", .schema = formats_schema};

/* ---- Losses -----------------------------------------------------------------------------------
 */

static const char *loss_name(size_t i)
{
    return orl_losses[i] ? orl_losses[i]->name : NULL;
}

static void loss_map_write(struct orl_json *json, const struct orl_loss_desc *loss, bool kind)
{
    const char *const name[] = {loss->name, NULL};
    orl_json_open(json, '{');
    if (kind) {
        orl_json_key(json, "required");
        orl_json_open(json, '[');
        orl_json_string(json, "kind");
        orl_json_close(json, ']');
    }
    closed_open(json, "object");
    if (kind) {
        orl_json_key(json, "kind");
        constant_write(json, name);
    }
    settings_write(json, loss->settings, false);
    orl_json_close(json, '}');
    orl_json_close(json, '}');
}

/* huber, {kind: huber, delta: 1}, or {huber: {delta: 1}}. */
static void loss_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_json_key(json, "anyOf");
    orl_json_open(json, '[');
    orl_json_open(json, '{');
    orl_schema_choices(json, &(struct key){.choice = loss_name});
    orl_json_close(json, '}');
    for (size_t i = 0; orl_losses[i]; i++) {
        loss_map_write(json, orl_losses[i], true);
        orl_json_open(json, '{');
        orl_json_key(json, "minProperties");
        orl_json_integer(json, 1);
        closed_open(json, "object");
        orl_json_key(json, orl_losses[i]->name);
        loss_map_write(json, orl_losses[i], false);
        orl_json_close(json, '}');
        orl_json_close(json, '}');
    }
    orl_json_close(json, ']');
}

const struct key_type orl_key_loss = {.name = "a loss", .schema = loss_schema};
