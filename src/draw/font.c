/* Fonts by file, with a configuration of our own: nothing that is installed or configured on the
 * machine changes the pictures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>

#include "base/array.h"
#include "base/text.h"
#include "draw/inner.h"

#define INTER  "/usr/share/fonts/opentype/inter/"
#define DEJAVU "/usr/share/fonts/truetype/dejavu/"

/* The default family, and behind it one that has what the first lacks (mathematical signs, more
 * scripts). */
static const struct {
    const char *regular, *bold;
} default_families[] = {
    {INTER "Inter-Regular.otf", INTER "Inter-SemiBold.otf"},
    {DEJAVU "DejaVuSans.ttf", DEJAVU "DejaVuSans-Bold.ttf"},
};

enum { FILES_MAX = 5, LINES_MAX = 512, TEXT_MAX = 4096 };

struct cached_line {
    char *text; /* owned; NULL: empty place */
    double size;
    bool bold;
    struct text_line line;
};

struct orl_font {
    FcConfig *config;
    PangoFontMap *map;
    PangoContext *context;
    char *family;
    char *files[FILES_MAX];
    size_t file_count;
    const char *missing; /* the first default file that is not there; NULL */
    struct cached_line lines[LINES_MAX];
    struct digits digits;
    struct orl_measure measure;
};

static void clear_line(struct cached_line *place)
{
    free(place->text);
    if (place->line.layout)
        g_object_unref(place->line.layout);
    if (place->line.font)
        g_object_unref(place->line.font);
    if (place->line.glyphs)
        pango_glyph_string_free(place->line.glyphs);
    cairo_surface_destroy(place->line.halo); /* takes NULL */
    *place = (struct cached_line){0};
}

/* Bytes that are no UTF-8 must not reach Pango; over-long text is cut at a character. */
static char *clean_text(const char *utf8)
{
    struct orl_text text = {0};
    size_t length = strnlen(utf8, TEXT_MAX);
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(utf8 + i, length - i, &c);
        if (size == 0)
            orl_text_puts(&text, "\xef\xbf\xbd");
        else if (c >= 0x20 && c != 0x7f)
            orl_text_append(&text, utf8 + i, size);
        else
            orl_text_putc(&text, ' ');
        i += size ? size : 1;
    }
    return orl_text_take(&text);
}

static PangoAttrList *text_attributes(void)
{
    PangoAttrList *list = pango_attr_list_new();
    pango_attr_list_insert(
        list, pango_attr_font_features_new(
                  "tnum=1, calt=0, cv11=0")); /* digits of one width: counters stand still */
    return list;
}

static PangoLayout *shape(void *context, const char *clean, double size_px, bool bold)
{
    const struct orl_font *font = context;
    PangoLayout *layout = pango_layout_new(font->context);
    PangoFontDescription *description = pango_font_description_new();
    PangoAttrList *attributes = text_attributes();
    pango_font_description_set_family(description, font->family);
    pango_font_description_set_absolute_size(description, size_px * PANGO_SCALE);
    pango_font_description_set_weight(description,
                                      bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, description);
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, clean, -1);
    pango_attr_list_unref(attributes);
    pango_font_description_free(description);
    return layout;
}

static void measure_layout(PangoLayout *layout, struct text_line *line)
{
    PangoRectangle ink, logical;
    pango_layout_get_extents(layout, &ink, &logical);
    double baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    line->extent = (struct orl_extent){(double)logical.width / PANGO_SCALE, baseline,
                                       (double)logical.height / PANGO_SCALE - baseline};
    pango_extents_to_pixels(&ink, NULL);
    line->ink = ink;
    line->layout = layout;
}

static size_t slot_of(const char *utf8, double size_px, bool bold)
{
    uint64_t hash =
        UINT64_C(1469598103934665603) ^ (uint64_t)(size_px * 64.0) ^ (bold ? 0x9e37 : 0);
    for (const char *p = utf8; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return (size_t)(hash % LINES_MAX);
}

struct text_line *orl_font_line(struct orl_font *font, const char *utf8, double size_px, bool bold)
{
    if (!isfinite(size_px) || size_px < 1.0)
        size_px = 1.0;
    if (size_px > 1000.0)
        size_px = 1000.0;
    struct cached_line *place = &font->lines[slot_of(utf8, size_px, bold)];
    if (place->text && place->size == size_px && place->bold == bold &&
        strcmp(place->text, utf8) == 0)
        return &place->line;
    char *clean = clean_text(utf8), *key = orl_strdup(utf8);
    if (!clean || !key) {
        free(clean);
        free(key);
        return NULL;
    }
    clear_line(place);
    *place = (struct cached_line){.text = key, .size = size_px, .bold = bold};
    if (!orl_digits_line(&font->digits, clean, size_px, bold, shape, font, &place->line))
        measure_layout(shape(font, clean, size_px, bold), &place->line);
    free(clean);
    return &place->line;
}

static void measure_text(void *context, const char *utf8, double size_px, bool bold,
                         struct orl_extent *out)
{
    const struct text_line *line = orl_font_line(context, utf8, size_px, bold);
    *out = line ? line->extent : (struct orl_extent){0};
}

static int add_file(struct orl_font *font, const char *path, struct orl_error *err)
{
    if (access(path, R_OK) != 0 || !FcConfigAppFontAddFile(font->config, (const FcChar8 *)path))
        return ORL_EENV;
    font->files[font->file_count] = orl_strdup(path);
    return font->files[font->file_count++] ? ORL_OK : orl_fail_memory(err);
}

/* The family name that a font file gives itself. */
static char *family_of(const char *path)
{
    int count = 0;
    FcPattern *pattern = FcFreeTypeQuery((const FcChar8 *)path, 0, NULL, &count);
    FcChar8 *family = NULL;
    char *copy = NULL;
    if (pattern && FcPatternGetString(pattern, FC_FAMILY, 0, &family) == FcResultMatch)
        copy = orl_strdup((const char *)family);
    if (pattern)
        FcPatternDestroy(pattern);
    return copy;
}

/* A default family; without its regular face it stays away, as Pango would set all text in the bold
 * one. *missing is a face that is not there. ORL_ENOMEM. */
static int add_family(struct orl_font *font, size_t family, const char **missing,
                      struct orl_error *err)
{
    const char *const faces[] = {default_families[family].regular, default_families[family].bold};
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < ORL_COUNT(faces); i++) {
        ret = add_file(font, faces[i], err);
        if (ret != ORL_OK)
            *missing = faces[i];
    }
    return ret == ORL_ENOMEM ? ret : ORL_OK;
}

static int load_files(struct orl_font *font, const char *path, struct orl_error *err)
{
    char *own = NULL;
    if (path) {
        own = family_of(path);
        if (!own || add_file(font, path, err) != ORL_OK) {
            free(own);
            return orl_fail(err, ORL_EENV, "cannot use '%s' as a font", path);
        }
    }
    size_t loaded = font->file_count;
    for (size_t i = 0; i < ORL_COUNT(default_families); i++) {
        const char *missing = NULL;
        if (add_family(font, i, &missing, err) != ORL_OK) {
            free(own);
            return ORL_ENOMEM;
        }
        if (!font->missing && !own)
            font->missing = missing;
    }
    if (font->file_count == loaded && !own)
        return orl_fail(err, ORL_EENV,
                        "no font was found; tried %s and %s (Debian packages fonts-inter, "
                        "fonts-dejavu-core); or name a font file "
                        "with output.font",
                        default_families[0].regular, default_families[1].regular);
    font->family = orl_asprintf("%s%sInter, DejaVu Sans", own ? own : "", own ? ", " : "");
    free(own);
    return font->family ? ORL_OK : orl_fail_memory(err);
}

static int make_context(struct orl_font *font, struct orl_error *err)
{
    font->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!font->map)
        return orl_fail(err, ORL_EENV, "this Pango draws no fonts by FreeType");
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(font->map), font->config);
    font->context = pango_font_map_create_context(font->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(font->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_base_dir(font->context, PANGO_DIRECTION_LTR);
    pango_context_set_language(font->context,
                               pango_language_from_string("en")); /* never the environment's */
    pango_context_set_round_glyph_positions(font->context, FALSE);
    return ORL_OK;
}

int orl_font_create(const char *path, struct orl_font **out, struct orl_error *err)
{
    struct orl_font *font = orl_calloc(1, sizeof *font);
    *out = font;
    if (!font)
        return orl_fail_memory(err);
    font->measure = (struct orl_measure){font, measure_text};
    font->config = FcConfigCreate();
    int ret = font->config ? load_files(font, path, err) : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = make_context(font, err);
    if (ret != ORL_OK)
        orl_font_destroy(out);
    return ret;
}

void orl_font_destroy(struct orl_font **font)
{
    struct orl_font *f = *font;
    if (!f)
        return;
    for (size_t i = 0; i < LINES_MAX; i++)
        clear_line(&f->lines[i]);
    orl_digits_clear(&f->digits);
    if (f->context)
        g_object_unref(f->context);
    if (f->map) {
        pango_fc_font_map_set_config(
            PANGO_FC_FONT_MAP(f->map),
            NULL); /* Pango 1.50 does not give its reference back by itself */
        g_object_unref(f->map);
    }
    if (f->config)
        FcConfigDestroy(f->config);
    for (size_t i = 0; i < f->file_count; i++)
        free(f->files[i]);
    free(f->family);
    free(f);
    *font = NULL;
}

const struct orl_measure *orl_font_measure(const struct orl_font *font)
{
    return &font->measure;
}

bool orl_font_substituted(const struct orl_font *font, char *out, size_t size)
{
    if (!font->missing)
        return false;
    const char *base = strrchr(font->missing, '/');
    orl_text_bounded(
        out, size,
        "the font file %s is missing, '%s' is used instead (Debian packages fonts-inter, "
        "fonts-dejavu-core)",
        base ? base + 1 : font->missing, font->files[0]);
    return true;
}

static bool lacks(struct orl_font *font, const char *utf8)
{
    const struct text_line *line = orl_font_line(font, utf8, 16.0, false);
    /* Digits have no layout of their own: the font has them all. */
    return line && line->layout && pango_layout_get_unknown_glyphs_count(line->layout) > 0;
}

bool orl_font_lacks(struct orl_font *font, const char *utf8, char *out, size_t size)
{
    if (!lacks(font, utf8))
        return false;
    size_t length = strlen(utf8);
    for (size_t i = 0, step; i < length; i += step) {
        uint32_t c = 0;
        step = orl_utf8_decode(utf8 + i, length - i, &c);
        char *one = step ? orl_strndup(utf8 + i, step) : NULL;
        bool here = one && lacks(font, one);
        free(one);
        if (here) {
            snprintf(out, size,
                     "no font has '%.*s' (U+%04X); output.font can name a file that does",
                     (int)step, utf8 + i, (unsigned)c);
            return true;
        }
        step = step ? step : 1;
    }
    char word[ORL_QUOTE_SIZE];
    orl_text_bounded(out, size, "no font has all of '%s'", orl_utf8_quote(word, utf8, length));
    return true;
}

const char *orl_font_file(const struct orl_font *font, size_t index)
{
    return index < font->file_count ? font->files[index] : NULL;
}

const char *orl_cairo_version(void)
{
    return cairo_version_string();
}

const char *orl_pango_version(void)
{
    return pango_version_string();
}
