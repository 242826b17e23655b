/* optreel list: what there is, read from the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "cli/cli.h"
#include "encode/tables.h"
#include "optreel/tables.h"

/* The lists: every table, and the encoders, which libavcodec knows. */
static bool encoder_at(size_t i, struct orl_table_row *out)
{
    bool present;
    const char *name, *format;
    if (!orl_encoder_at(i, &name, &format, &present))
        return false;
    *out = (struct orl_table_row){.name = name,
                                  .title = present ? NULL : "not in this libavcodec",
                                  .description = format,
                                  .supported = present};
    return true;
}

static const char list_of_encoders[] = "encoders";

/* ", crf 17", ", speed fastest" */
static void preset_setting_tell(struct orl_text *out, const struct orl_preset_setting *setting)
{
    const struct orl_setting *row = orl_format_find(setting->format)->settings;
    while (row && row->name && strcmp(row->name, setting->name) != 0)
        row++;
    if (row && row->name && row->type == ORL_SETTING_CHOICE)
        orl_text_printf(out, ", %s %s", setting->name, row->choices[(size_t)setting->number]);
    else
        orl_text_printf(out, ", %s %g", setting->name, setting->number);
}

/* "mp4, 1920x1080, 30 fps, text from 36 px, crf 17" */
static void preset_facts(const struct orl_preset_desc *preset, char *out, size_t size)
{
    struct orl_text text = {0};
    for (size_t i = 0; preset->formats[i]; i++)
        orl_text_printf(&text, "%s, ", preset->formats[i]);
    orl_text_printf(&text, "%dx%d, %g fps, text from %g px", preset->width, preset->height,
                    (double)preset->fps_num / preset->fps_den, preset->text_px);
    for (const struct orl_preset_setting *s = preset->settings; s && s->format; s++)
        preset_setting_tell(&text, s);
    if (preset->max_bytes > 0)
        orl_text_printf(&text, ", at most %g MB", (double)preset->max_bytes / 1e6);
    snprintf(out, size, "%s", text.failed ? "" : text.data);
    orl_text_uninit(&text);
}

/* The index-th row of a list; false past its last. */
static bool list_row_at(const char *list, size_t index, struct orl_table_row *out)
{
    static char encoders[200], facts[200];
    enum orl_table table = orl_table_named(list);
    if (table == ORL_TABLES)
        return encoder_at(index, out);
    bool found = orl_table_at(table, index, out);
    if (found && table == ORL_TABLE_FORMATS) {
        orl_format_encoders(orl_format_find(out->name), encoders, sizeof encoders);
        out->source = *encoders ? encoders : NULL;
    }
    if (found && table == ORL_TABLE_PRESETS) {
        preset_facts(orl_preset_find(out->name), facts, sizeof facts);
        out->source = facts;
    }
    return found;
}

const char *orl_cli_list_at(size_t index)
{
    return index < ORL_TABLES    ? orl_table_name((enum orl_table)index)
           : index == ORL_TABLES ? list_of_encoders
                                 : NULL;
}

static bool list_exists(const char *name)
{
    return orl_table_named(name) != ORL_TABLES || strcmp(name, list_of_encoders) == 0;
}

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

static void print_item(const struct orl_table_row *item)
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

static void json_item(struct orl_json *json, const struct orl_table_row *item)
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

static int print_json(const char *list)
{
    struct orl_text text = {0};
    struct orl_json json = {.out = &text};
    struct orl_table_row item;
    orl_json_open(&json, '[');
    for (size_t i = 0; list_row_at(list, i, &item); i++)
        json_item(&json, &item);
    orl_json_close(&json, ']');
    if (text.failed)
        return 4;
    fwrite(text.data, 1, text.length, stdout);
    orl_text_uninit(&text);
    return 0;
}

bool orl_cli_list_print(const char *name, bool settings)
{
    struct orl_table_row row;
    if (!list_exists(name))
        return false;
    for (size_t i = 0; list_row_at(name, i, &row); i++) {
        row.settings = settings ? row.settings : NULL;
        print_item(&row);
    }
    return true;
}

static int list_refuse(const char *name)
{
    const char *names[ORL_TABLES + 2] = {0};
    for (size_t i = 0; orl_cli_list_at(i); i++)
        names[i] = orl_cli_list_at(i);
    char *hint = orl_suggest_hint(name ? name : "", names);
    int ret = name ? orl_cli_usage(hint, "there is no list of '%s'", name)
                   : orl_cli_usage(hint, "a list of what?");
    free(hint);
    return ret;
}

static int command_list(struct cli_options *options)
{
    if (!options->operand || !list_exists(options->operand))
        return list_refuse(options->operand);
    if (options->json)
        return print_json(options->operand);
    orl_cli_list_print(options->operand, true);
    return 0;
}

/* libavcodec is asked which encoders it has. */
static bool list_needs_media(const struct cli_options *options)
{
    return options->operand && strcmp(options->operand, list_of_encoders) == 0;
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
