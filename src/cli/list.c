/* optreel list, new and schema: what there is, read from the tables. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int orl_cli_list(struct cli_options *options)
{
    const char *names[ORL_COUNT(lists) + 1] = {0};
    struct item item;
    for (size_t i = 0; i < ORL_COUNT(lists); i++) {
        names[i] = lists[i].name;
        if (!options->operand || strcmp(lists[i].name, options->operand) != 0)
            continue;
        if (options->json)
            return print_json(lists[i].at);
        for (size_t k = 0; lists[i].at(k, &item); k++)
            print_item(&item);
        return 0;
    }
    char *hint = orl_suggest_hint(options->operand ? options->operand : "", names);
    int ret = options->operand ? orl_cli_usage(hint, "there is no list of '%s'", options->operand)
                               : orl_cli_usage(hint, "a list of what?");
    free(hint);
    return ret;
}

static int write_new_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        fprintf(stderr, "optreel: error: cannot make '%s': %s\n", path, strerror(errno));
        return 5;
    }
    size_t length = strlen(text);
    bool good = write(fd, text, length) == (ssize_t)length;
    good &= fsync(fd) == 0;
    int failure = errno;
    good &= close(fd) == 0;
    if (good) {
        fprintf(stderr, "optreel: wrote %s; now: optreel render %s\n", path, path);
        return 0;
    }
    unlink(path);
    fprintf(stderr, "optreel: error: cannot write '%s': %s\n", path, strerror(failure));
    return 5;
}

/* With a name: NAME.yaml in the current folder, never over another file. Without: on standard
 * output. */
int orl_cli_new(struct cli_options *options)
{
    const char *name = options->operand ? options->operand : "experiment";
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
        length -= 5;
    if (length == 0 || length > 100 || *name == '.' || *name == '-' ||
        strspn(name, allowed) != strlen(name))
        return orl_cli_usage(
            NULL, "'%s' is no name: 1-100 of A-Z a-z 0-9 . _ -, not starting with . or -", name);
    char *base = orl_strndup(name, length), *path = base ? orl_asprintf("%s.yaml", base) : NULL;
    char *text = base ? orl_experiment_template(base) : NULL;
    int ret = 4;
    if (text && path && options->operand)
        ret = write_new_file(path, text);
    else if (text)
        ret = fputs(text, stdout) < 0 ? 5 : 0;
    free(base);
    free(path);
    free(text);
    return ret;
}

int orl_cli_schema(struct cli_options *options)
{
    if (options->operand)
        return orl_cli_usage(NULL, "schema takes no argument");
    char *text = orl_experiment_schema();
    if (!text)
        return 4;
    fputs(text, stdout);
    free(text);
    return 0;
}
