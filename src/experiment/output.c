/* What films are made into: preset, formats, sizes and rates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/types.h"
#include "scene/tables.h"

/* ---- Formats --------------------------------------------------------------------------------- */

static const struct orl_format_desc *find_format(struct loader *l, const struct yaml_node *node)
{
    const char *names[32] = {0};
    int choice;
    for (size_t i = 0; orl_formats[i] && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_formats[i]->name;
    if (!orl_read_choice(l, node, "format", names, &choice))
        return NULL;
    return orl_formats[choice];
}

static bool preset_has(const struct orl_preset_desc *preset, const char *format)
{
    for (const char *const *name = preset->formats; *name; name++)
        if (strcmp(*name, format) == 0)
            return true;
    return false;
}

/* What the preset says of this format's settings. */
static void preset_apply(const struct orl_preset_desc *preset, struct chosen_format *chosen)
{
    for (const struct orl_preset_setting *s = preset->settings; s && s->format; s++) {
        int index = orl_setting_find(chosen->format->settings, s->name);
        if (index >= 0 && strcmp(s->format, chosen->format->name) == 0)
            chosen->values[index].number = s->number;
    }
}

/* A word of the file, unless --preset replaces the file's words: those of --set stay. */
static const struct yaml_node *word(const struct loader *l, const struct yaml_node *node)
{
    return node && l->options->preset && !node->origin ? NULL : node;
}

/* The file asks for another codec than the format's first. */
static bool own_codec(const struct loader *l, const struct orl_format_desc *format,
                      const struct yaml_node *own)
{
    const struct yaml_node *codec =
        own && own->kind == YAML_MAP ? word(l, orl_yaml_get(own, "codec")) : NULL;
    return codec && codec->kind == YAML_SCALAR && format->codecs &&
           strcmp(codec->text, format->codecs[0]->name) != 0;
}

static bool read_own_settings(struct loader *l, struct chosen_format *chosen,
                              const struct yaml_node *own, const struct yaml_node **size,
                              const struct yaml_node **fps)
{
    const struct orl_setting *settings = chosen->format->settings;
    bool good = true;
    for (size_t i = 0; own && own->kind == YAML_MAP && i < own->count; i++) {
        const struct yaml_node *key = own->keys[i], *node = own->items[i];
        if (strcmp(key->text, "size") == 0 || strcmp(key->text, "fps") == 0) {
            *(*key->text == 's' ? size : fps) =
                word(l, node) ? node : *(*key->text == 's' ? size : fps);
            continue;
        }
        int index = orl_setting_find(settings, key->text);
        if (index < 0)
            good = orl_read_fault(l, key, NULL, "the format %s has no setting '%s'",
                                  chosen->format->name, key->text);
        else if (word(l, node)) {
            orl_value_uninit(&chosen->values[index]);
            good &= orl_read_setting(l, node, &settings[index], &chosen->values[index]);
        }
    }
    return good;
}

static bool fix_rate(struct loader *l, struct chosen_format *chosen, const struct yaml_node *fps)
{
    int num = chosen->fps_num, den = chosen->fps_den;
    if (orl_format_rate(chosen->format, &chosen->fps_num, &chosen->fps_den) && fps)
        orl_yaml_warning(
            &l->source, fps,
            "%s has no %.4g frames per second: its delays are hundredths of a second; %.4g it is",
            chosen->format->name, (double)num / den, (double)chosen->fps_num / chosen->fps_den);
    return true;
}

#define TEXT_LEAST_PX 9.0 /* letters of fewer pixels cannot be told apart ... */
#define TEXT_SHARE                                                                                 \
    0.05 /* ... unless the picture itself has no room for them: of its shorter side */

/* How much larger text and lines are than in the preset's own size. Tall and square pictures are
 * looked at on phones, as wide as the screen: their text follows their area rather than their
 * narrower side. */
static double look_scale(const struct orl_preset_desc *look, int width, int height)
{
    double x = (double)width / look->width, y = (double)height / look->height, narrow = fmin(x, y);
    return width > height ? narrow : pow(x * y, 0.375) * pow(narrow, 0.25);
}

void orl_look_sizes(const struct orl_preset_desc *look, int width, int height, double *text_px,
                    double *line_px)
{
    double scale = look_scale(look, width, height);
    *text_px = fmax(look->text_px * scale, fmin(TEXT_LEAST_PX, TEXT_SHARE * fmin(width, height)));
    *line_px = look->line_px * scale;
}

/* Size or rate of the output; a variant without a preset of its own has those of the films. */
static const struct yaml_node *shared_word(const struct loader *l, const struct yaml_node *output,
                                           const char *key)
{
    const struct yaml_node *node = output ? word(l, orl_yaml_get(output, key)) : NULL;
    if (!node && l->variant && !orl_yaml_get(output, "preset"))
        node = orl_yaml_get(orl_yaml_get(l->root, "output"), key);
    return node;
}

/* Own settings, else the output's, else the preset's where it has the format, else those of the
 * format's home. */
static bool choose(struct loader *l, const struct orl_format_desc *format,
                   const struct yaml_node *own, const struct yaml_node *output)
{
    struct chosen_format *chosen = &l->formats[l->format_count];
    const struct orl_preset_desc *preset =
        preset_has(l->preset, format->name) ? l->preset : orl_preset_find(format->home);
    const struct yaml_node *size = shared_word(l, output, "size"),
                           *fps = shared_word(l, output, "fps");
    *chosen = (struct chosen_format){
        .format = format, .variant = l->variant, .values = orl_values_default(format->settings)};
    if (!chosen->values)
        return orl_read_no_memory(l);
    l->format_count++;
    /* A preset's quality is meant for the format's first codec. */
    if (!own_codec(l, format, own))
        preset_apply(preset, chosen);
    chosen->width = preset->width;
    chosen->height = preset->height;
    chosen->fps_num = preset->fps_num;
    chosen->fps_den = preset->fps_den;
    chosen->max_bytes =
        l->experiment->max_bytes >= 0 ? l->experiment->max_bytes : preset->max_bytes;
    chosen->chapters = l->preset->chapters;
    bool good = read_own_settings(l, chosen, own, &size, &fps);
    chosen->poster = orl_format_makes_still(format, chosen->values);
    good = (!size || orl_read_size(l, size, &chosen->width, &chosen->height)) && good;
    good = (!fps || orl_read_rate(l, fps, &chosen->fps_num, &chosen->fps_den)) && good;
    chosen->frames_most = fps ? 0 : format->frames_most;
    /* At a size that somebody asked for all formats look alike: what is drawn once serves them all.
     */
    chosen->look = size ? l->preset : preset;
    orl_look_sizes(chosen->look, chosen->width, chosen->height, &chosen->text_px, &chosen->line_px);
    return good && fix_rate(l, chosen, fps);
}

static bool is_chosen(const struct loader *l, const struct orl_format_desc *format)
{
    for (size_t i = 0; i < l->format_count; i++)
        if (l->formats[i].format == format && l->formats[i].variant == l->variant)
            return true;
    return false;
}

/* --formats mp4,gif: a list that stands in place of the file's; settings of the file stay. */
static bool choose_listed(struct loader *l, const struct yaml_node *formats,
                          const struct yaml_node *output)
{
    bool good = true;
    for (const char *at = l->options->formats; good && *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        char *name = orl_strndup(at, length);
        struct yaml_node *node = name ? orl_yaml_make(YAML_SCALAR, name, "--formats") : NULL;
        const struct orl_format_desc *format = node ? find_format(l, node) : NULL;
        if (!node)
            good = orl_read_no_memory(l);
        else if (!format)
            good = false;
        else if (!is_chosen(l, format))
            good = choose(l, format,
                          formats && formats->kind == YAML_MAP ? orl_yaml_get(formats, format->name)
                                                               : NULL,
                          output);
        free(name);
        orl_yaml_free(&node);
        at += length;
    }
    return good;
}

static bool choose_formats(struct loader *l, const struct yaml_node *formats,
                           const struct yaml_node *output)
{
    size_t count = formats->kind == YAML_SCALAR ? 1 : formats->count;
    bool good = true;
    if (count == 0)
        return orl_read_fault(l, formats, NULL, "`formats` is empty");
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *name = formats->kind == YAML_SCALAR ? formats
                                       : formats->kind == YAML_MAP  ? formats->keys[i]
                                                                    : formats->items[i];
        const struct yaml_node *own = formats->kind == YAML_MAP ? formats->items[i] : NULL;
        if (own && own->kind != YAML_MAP && !orl_yaml_is_null(own)) {
            good = orl_read_kind(l, own, YAML_MAP, name->text);
            continue;
        }
        const struct orl_format_desc *format = find_format(l, name);
        if (format && is_chosen(l, format))
            good = orl_read_fault(l, name, NULL, "the format %s is listed twice", format->name);
        else
            good = format && choose(l, format, own, output) && good;
    }
    return good;
}

static bool choose_defaults(struct loader *l, const struct yaml_node *output)
{
    static const char *const usual[] = {"mp4", "gif", NULL};
    bool named = l->options->preset || (output && orl_yaml_get(output, "preset"));
    bool good = true;
    for (const char *const *name = named ? l->preset->formats : usual; *name; name++)
        good = choose(l, orl_format_find(*name), NULL, output) && good;
    return good;
}

/* The poster: the last frame at the size of the first film format, unless `png` is chosen as that.
 */
static bool choose_poster(struct loader *l)
{
    const struct orl_format_desc *png = orl_format_find("png");
    bool poster = l->experiment->poster && !l->options->bare;
    for (size_t i = 0; i < l->format_count; i++)
        poster &= l->formats[i].format != png || !l->formats[i].poster;
    if (!poster || l->format_count == 0)
        return true;
    const struct chosen_format *first = &l->formats[0];
    l->formats[l->format_count] = (struct chosen_format){
        .format = png,
        .values = orl_values_default(png->settings),
        .width = first->width,
        .height = first->height,
        .fps_num = first->fps_num,
        .fps_den = first->fps_den,
        .text_px = first->text_px,
        .line_px = first->line_px,
        .look = first->look,
        .poster = true,
    };
    return l->formats[l->format_count++].values ? true : orl_read_no_memory(l);
}

static bool choose_preset(struct loader *l, const struct yaml_node *output)
{
    const char *names[16] = {0};
    const struct yaml_node *node = output ? orl_yaml_get(output, "preset") : NULL;
    struct yaml_node *option =
        l->options->preset ? orl_yaml_make(YAML_SCALAR, l->options->preset, "--preset") : NULL;
    int choice = 0;
    bool good = true;
    if (l->options->preset && !option)
        return orl_read_no_memory(l);
    if (option && !(node && node->origin))
        node = option;
    for (size_t i = 0; orl_presets[i].name && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_presets[i].name;
    l->preset = orl_preset_find("web");
    if (node)
        good = orl_read_choice(l, node, "preset", names, &choice);
    if (node && good)
        l->preset = &orl_presets[choice];
    l->experiment->preset = l->preset;
    orl_yaml_free(&option);
    return good;
}

bool orl_variant_choose(struct loader *l, const struct yaml_node *variant, bool named)
{
    const struct yaml_node *formats = orl_yaml_get(variant, "formats");
    size_t own = l->format_count;
    bool good = true;
    if (formats)
        return choose_formats(l, formats, variant);
    for (const char *const *name = named ? l->preset->formats : NULL; name && *name; name++)
        good = choose(l, orl_format_find(*name), NULL, variant) && good;
    for (size_t i = 0; !named && i < own; i++)
        if (!l->formats[i].variant && !l->formats[i].sidecar && !l->formats[i].poster)
            good = choose(l, l->formats[i].format, NULL, variant) && good;
    return good;
}

/* The size and the rate of all formats: their faults are told once, not for each. */
static bool check_shared(struct loader *l, const struct yaml_node *output)
{
    const struct yaml_node *size = output ? word(l, orl_yaml_get(output, "size")) : NULL,
                           *fps = output ? word(l, orl_yaml_get(output, "fps")) : NULL;
    int a, b;
    bool good = !size || orl_read_size(l, size, &a, &b);
    return (!fps || orl_read_rate(l, fps, &a, &b)) && good;
}

bool orl_load_formats(struct loader *l)
{
    const struct yaml_node *output = orl_yaml_get(l->root, "output"), *node;
    size_t most = 3; /* the poster, a contact sheet, and one more to be safe */
    for (size_t i = 0; orl_formats[i]; i++)
        most++;
    for (size_t i = 0; orl_sidecars[i]; i++)
        most++;
    const struct yaml_node *variants =
        output && output->kind == YAML_MAP ? orl_yaml_get(output, "variants") : NULL;
    most *= 1 + (variants && variants->kind == YAML_MAP ? variants->count : 0);
    l->formats = orl_calloc(most, sizeof *l->formats);
    if (!l->formats)
        return orl_read_no_memory(l);
    if (output && output->kind != YAML_MAP) /* told already */
        return false;
    if (!choose_preset(l, output) || !check_shared(l, output))
        return false;
    node = output ? word(l, orl_yaml_get(output, "formats")) : NULL;
    bool good;
    if (l->options->formats && !(node && node->origin))
        good = choose_listed(l, node, output);
    else
        good = node ? choose_formats(l, node, output) : choose_defaults(l, output);
    return good && choose_poster(l) && orl_load_beside(l, output);
}

void orl_formats_free(struct loader *l)
{
    for (size_t i = 0; i < l->format_count; i++)
        orl_values_free(l->formats[i].values, l->formats[i].format->settings);
    free(l->formats);
}

/* ---- Outputs --------------------------------------------------------------------------------- */

/* The highest rate of two decimals at which a film has no more than `most` frames. */
static void lower_rate(double length_s, size_t most, int *num, int *den)
{
    int64_t hundredths = (int64_t)fmax(1.0, floor(100.0 * (double)most / length_s)),
            divisor = orl_common_divisor(hundredths, 100);
    *num = (int)(hundredths / divisor);
    *den = (int)(100 / divisor);
}

static bool make_output(struct loader *l, struct orl_film_plan *film, const struct yaml_node *where,
                        const struct chosen_format *chosen)
{
    struct orl_output_plan *output = &film->outputs[film->output_count];
    int fps_num = chosen->fps_num, fps_den = chosen->fps_den;
    size_t frames = orl_film_frame_count(film->length_s, fps_num, fps_den);
    if (chosen->frames_most && frames > chosen->frames_most) {
        lower_rate(film->length_s, chosen->frames_most, &fps_num, &fps_den);
        frames = orl_film_frame_count(film->length_s, fps_num, fps_den);
    }
    *output = (struct orl_output_plan){
        .format = chosen->format,
        .values = orl_values_copy(chosen->values, chosen->format->settings),
        .path = orl_output_path(film->name, chosen),
        .width = chosen->width,
        .height = chosen->height,
        .fps_num = fps_num,
        .fps_den = fps_den,
        .text_px = chosen->text_px,
        .line_px = chosen->line_px,
        .look = chosen->look,
        .poster = chosen->poster,
        .sidecar = chosen->sidecar,
        .columns = chosen->columns,
        .rows = chosen->rows,
        .max_bytes = chosen->max_bytes,
        .chapters = chosen->chapters,
        .transparent =
            l->experiment->theme.transparent && chosen->format->alpha && !chosen->columns,
    };
    film->output_count++;
    if (!output->values || !output->path)
        return orl_read_no_memory(l);
    if (frames > l->source.limits->frames && !chosen->poster && !chosen->sidecar)
        return orl_read_fault(
            l, where, NULL,
            "%g s at %.4g frames per second make %zu frames; at most %llu (--max-frames)",
            film->length_s, (double)fps_num / fps_den, frames,
            (unsigned long long)l->source.limits->frames);
    return true;
}

/* "png, svg": formats that have alpha, of all that there are. */
static void alpha_formats(struct orl_text *text)
{
    for (size_t i = 0; orl_formats[i]; i++)
        if (orl_formats[i]->alpha)
            orl_text_printf(text, "%s%s", text->length ? ", " : "", orl_formats[i]->name);
}

/* A transparent background where formats have none: a film of its colour is made. */
static void warn_opaque(struct loader *l)
{
    const struct orl_theme_spec *theme = &l->experiment->theme;
    struct orl_text opaque = {0}, able = {0};
    size_t count = 0;
    for (size_t i = 0; theme->transparent && i < l->format_count; i++)
        if (!l->formats[i].format->alpha && !l->formats[i].sidecar && !l->formats[i].variant)
            orl_text_printf(&opaque, "%s%s", count++ ? ", " : "", l->formats[i].format->name);
    alpha_formats(&able);
    if (count && !opaque.failed && !able.failed)
        orl_yaml_warning(
            &l->source,
            orl_yaml_get(orl_yaml_get(orl_yaml_get(l->root, "output"), "theme"), "background"),
            "%s %s no transparent background: %s the %s theme's colour; these have it: %s",
            opaque.data, count > 1 ? "have" : "has", count > 1 ? "they take" : "it takes",
            theme->base ? theme->base : "light", able.data);
    orl_text_uninit(&opaque);
    orl_text_uninit(&able);
}

bool orl_load_outputs(struct loader *l)
{
    struct orl_experiment *e = l->experiment;
    warn_opaque(l);
    bool good = true;
    for (size_t f = 0; f < e->film_count; f++) {
        struct orl_film_plan *film = &e->films[f];
        film->outputs = orl_calloc(l->format_count, sizeof *film->outputs);
        if (!film->outputs)
            return orl_read_no_memory(l);
        for (size_t i = 0; good && i < l->format_count; i++)
            good = make_output(l, film, l->film_nodes[f], &l->formats[i]);
        if (!good) /* one message is enough: the next film says the same */
            return false;
        orl_check_room(l, l->film_nodes[f], film);
    }
    return orl_check_contacts(l);
}
