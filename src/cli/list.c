/* optreel list: what there is, read from the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "cli/cli.h"
#include "encode/tables.h"
#include "optreel/encode.h"
#include "scene/tables.h"

/* One thing of a list: name, title, description, and settings where it has some. */
struct item {
    const char *name, *title, *description, *source;
    const struct orl_setting *settings;
    bool supported;
};

typedef bool item_at(size_t index, struct item *out);

static bool experiment_at(size_t i, struct item *out)
{
    *out = (struct item){orl_builtins[i].name, NULL, orl_builtins[i].title, NULL, NULL, true};
    return out->name != NULL;
}

static bool optimizer_at(size_t i, struct item *out)
{
    const struct orl_optimizer_desc *d = orl_optimizers[i];
    if (d)
        *out = (struct item){d->name, d->title, d->description, d->source, d->settings, true};
    return d != NULL;
}

static bool loss_at(size_t i, struct item *out)
{
    const struct orl_loss_desc *d = orl_losses[i];
    if (d)
        *out = (struct item){d->name, d->title, d->description, d->source, d->settings, true};
    return d != NULL;
}

static bool surface_at(size_t i, struct item *out)
{
    const struct orl_surface_desc *d = &orl_surfaces[i];
    *out = (struct item){d->name, d->title, d->description, d->source, NULL, true};
    return d->name != NULL;
}

static bool panel_at(size_t i, struct item *out)
{
    const struct orl_panel_desc *d = orl_panels[i];
    if (d)
        *out = (struct item){d->name, d->title, d->description, NULL, d->settings, d->ops != NULL};
    return d != NULL;
}

static bool format_at(size_t i, struct item *out)
{
    static char encoders[200];
    const struct orl_format_desc *d = orl_formats[i];
    if (!d)
        return false;
    orl_format_encoders(d, encoders, sizeof encoders);
    *out = (struct item){d->name,     d->title,      d->description, *encoders ? encoders : NULL,
                         d->settings, d->ops != NULL};
    return true;
}

static bool preset_at(size_t i, struct item *out)
{
    const struct orl_preset_desc *d = &orl_presets[i];
    *out = (struct item){d->name, d->title, d->description, NULL, NULL, d->supported};
    return d->name != NULL;
}

static bool theme_at(size_t i, struct item *out)
{
    const struct orl_theme_desc *d = &orl_themes[i];
    *out = (struct item){d->name, d->title, d->description, NULL, NULL, d->supported};
    return d->name != NULL;
}

static bool function_at(size_t i, struct item *out)
{
    const struct orl_function_desc *d = &orl_functions[i];
    *out = (struct item){d->name, NULL, d->description, NULL, NULL, true};
    return d->name != NULL;
}

static bool encoder_at(size_t i, struct item *out)
{
    bool present;
    const char *name, *format;
    if (!orl_encoder_at(i, &name, &format, &present))
        return false;
    *out =
        (struct item){name, present ? NULL : "not in this libavcodec", format, NULL, NULL, present};
    return true;
}

static const struct {
    const char *name;
    item_at *at;
} lists[] = {
    {"experiments", experiment_at}, {"optimizers", optimizer_at}, {"losses", loss_at},
    {"surfaces", surface_at},       {"panels", panel_at},         {"formats", format_at},
    {"presets", preset_at},         {"themes", theme_at},         {"functions", function_at},
    {"encoders", encoder_at},
};

static void print_setting(const struct orl_setting *s)
{
    char initial[ORL_NUMBER_SIZE] = "";
    if (s->type == ORL_SETTING_CHOICE)
        snprintf(initial, sizeof initial, "%s",
                 isnan(s->initial) ? "" : s->choices[(size_t)s->initial]);
    else if (s->type == ORL_SETTING_BOOLEAN)
        snprintf(initial, sizeof initial, "%s", s->initial != 0.0 ? "true" : "false");
    else if (s->type != ORL_SETTING_TEXT && s->type != ORL_SETTING_NAMES && !isnan(s->initial))
        orl_double_short(initial, s->initial);
    printf("      %-22s %-10s %s\n", s->name, initial, s->description ? s->description : "");
}

static void print_item(const struct item *item)
{
    printf("  %-22s %s%s%s%s\n", item->name, item->title ? item->title : "",
           item->title && item->description ? ": " : "", item->description ? item->description : "",
           item->supported ? "" : " (not supported yet)");
    if (item->source)
        printf("  %-22s %s\n", "", item->source);
    for (const struct orl_setting *s = item->settings; s && s->name; s++)
        print_setting(s);
}

static void json_setting(struct orl_json *json, const struct orl_setting *s)
{
    orl_json_open(json, '{');
    orl_json_key(json, "name");
    orl_json_string(json, s->name);
    orl_json_key(json, "unit");
    orl_json_string(json, s->unit);
    orl_json_key(json, "default");
    if (s->type == ORL_SETTING_BOOLEAN)
        orl_json_bool(json, s->initial != 0.0);
    else if (s->type == ORL_SETTING_CHOICE && !isnan(s->initial))
        orl_json_string(json, s->choices[(size_t)s->initial]);
    else /* NaN, which is null: there is none */
        orl_json_number(json, s->type == ORL_SETTING_TEXT || s->type == ORL_SETTING_NAMES
                                  ? (double)NAN
                                  : s->initial);
    if (s->type == ORL_SETTING_REAL || s->type == ORL_SETTING_INTEGER) {
        orl_json_key(json, "minimum");
        orl_json_number(json, s->minimum);
        orl_json_key(json, "maximum");
        orl_json_number(json, s->maximum);
    }
    for (size_t i = 0; s->choices && s->choices[i]; i++) {
        if (i == 0) {
            orl_json_key(json, "choices");
            orl_json_open(json, '[');
        }
        orl_json_string(json, s->choices[i]);
        if (!s->choices[i + 1])
            orl_json_close(json, ']');
    }
    orl_json_key(json, "description");
    orl_json_string(json, s->description);
    orl_json_close(json, '}');
}

static void json_item(struct orl_json *json, const struct item *item)
{
    orl_json_open(json, '{');
    orl_json_key(json, "name");
    orl_json_string(json, item->name);
    orl_json_key(json, "title");
    orl_json_string(json, item->title);
    orl_json_key(json, "description");
    orl_json_string(json, item->description);
    orl_json_key(json, "source");
    orl_json_string(json, item->source);
    orl_json_key(json, "supported");
    orl_json_bool(json, item->supported);
    orl_json_key(json, "settings");
    orl_json_open(json, '[');
    for (const struct orl_setting *s = item->settings; s && s->name; s++)
        json_setting(json, s);
    orl_json_close(json, ']');
    orl_json_close(json, '}');
}

static int print_json(item_at *at)
{
    struct orl_text text = {0};
    struct orl_json json = {.out = &text};
    struct item item;
    orl_json_open(&json, '[');
    for (size_t i = 0; at(i, &item); i++)
        json_item(&json, &item);
    orl_json_close(&json, ']');
    if (text.failed)
        return 4;
    fwrite(text.data, 1, text.length, stdout);
    orl_text_uninit(&text);
    return 0;
}

const char *orl_cli_list_at(size_t index)
{
    return index < ORL_COUNT(lists) ? lists[index].name : NULL;
}

static item_at *list_find(const char *name)
{
    for (size_t i = 0; i < ORL_COUNT(lists); i++)
        if (strcmp(lists[i].name, name) == 0)
            return lists[i].at;
    return NULL;
}

bool orl_cli_list_print(const char *name, bool settings)
{
    item_at *at = list_find(name);
    struct item item;
    for (size_t i = 0; at && at(i, &item); i++) {
        item.settings = settings ? item.settings : NULL;
        print_item(&item);
    }
    return at != NULL;
}

static int list_refuse(const char *name)
{
    const char *names[ORL_COUNT(lists) + 1] = {0};
    for (size_t i = 0; i < ORL_COUNT(lists); i++)
        names[i] = lists[i].name;
    char *hint = orl_suggest_hint(name ? name : "", names);
    int ret = name ? orl_cli_usage(hint, "there is no list of '%s'", name)
                   : orl_cli_usage(hint, "a list of what?");
    free(hint);
    return ret;
}

static int command_list(struct cli_options *options)
{
    item_at *at = options->operand ? list_find(options->operand) : NULL;
    if (!at)
        return list_refuse(options->operand);
    if (options->json)
        return print_json(at);
    orl_cli_list_print(options->operand, true);
    return 0;
}

/* libavcodec is asked which encoders it has. */
static bool list_needs_media(const struct cli_options *options)
{
    return options->operand && strcmp(options->operand, "encoders") == 0;
}

static const struct cli_option list_options[] = {
    {"json", .set = orl_cli_set_flag, .offset = offsetof(struct cli_options, json),
     .description = "as JSON"},
    {0},
};

extern const struct cli_command orl_command_list;
const struct cli_command orl_command_list = {
    .name = "list",
    .usage = "WHAT [--json]",
    .summary = "what there is: optimizers, panels, formats, presets, ...",
    .help = "WHAT is one of experiments, optimizers, losses, surfaces, panels, formats, presets,\n"
            "themes, functions, encoders. Each is listed with its settings, their defaults and "
            "its\nsource.",
    .operands = 1,
    .operand = CLI_VALUES_LIST,
    .options = {list_options},
    .needs_media = list_needs_media,
    .run = command_list,
};
