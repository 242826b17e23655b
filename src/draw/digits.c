/* Numbers as glyphs: their characters are shaped once, one by one, and strung together after that.
 * What changes from frame to frame is mostly numbers, and shaping a line costs more than drawing
 * it. Digits have one width and no kerning (see font.c), so that a number looks the same either
 * way. */
#include <string.h>

#include "base/text.h"
#include "draw/inner.h"

/* Digits, signs, points, exponents, and the spaces that group digits. */
static bool is_of_numbers(uint32_t c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == '+' || c == '-' || c == 0x2212 ||
           c == 0xd7 || c == 0x2009 || c == 0xb9 || c == 0xb2 || c == 0xb3 ||
           (c >= 0x2070 && c <= 0x207b);
}

void orl_digits_clear(struct digits *digits)
{
    for (size_t i = 0; i < DIGITS_MAX; i++) {
        if (digits->glyphs[i].font)
            g_object_unref(digits->glyphs[i].font);
        digits->glyphs[i] = (struct digit){0};
    }
}

/* The one glyph of a character's own layout; false where it takes more or none. */
static bool glyph_of(PangoLayout *layout, struct digit *out)
{
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    const GSList *runs = line ? line->runs : NULL;
    if (!runs || runs->next)
        return false;
    const PangoGlyphItem *run = runs->data;
    if (run->glyphs->num_glyphs != 1 || !run->item->analysis.font)
        return false;
    out->font = g_object_ref(run->item->analysis.font);
    out->info = run->glyphs->glyphs[0];
    return true;
}

static const struct digit *find(struct digits *digits, uint32_t c, double size_px, bool bold,
                                orl_shape *shape, void *context)
{
    uint64_t hash = (c * UINT64_C(2654435761)) ^ (uint64_t)(size_px * 64.0) ^ (bold ? 0x9e37 : 0);
    struct digit *place =
        &digits->glyphs[hash * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (DIGITS_MAX - 1)];
    if (place->font && place->c == c && place->size == size_px && place->bold == bold)
        return place;
    char utf8[8] = {0};
    g_unichar_to_utf8(c, utf8);
    PangoLayout *layout = shape(context, utf8, size_px, bold);
    struct digit made = {.c = c, .size = size_px, .bold = bold};
    if (layout && glyph_of(layout, &made)) {
        if (place->font)
            g_object_unref(place->font);
        *place = made;
    }
    if (layout)
        g_object_unref(layout);
    return made.font ? place : NULL;
}

bool orl_digits_line(struct digits *digits, const char *utf8, double size_px, bool bold,
                     orl_shape *shape, void *context, struct text_line *out)
{
    PangoGlyphInfo infos[DIGITS_LINE_MOST];
    PangoFont *font = NULL;
    int count = 0, width = 0;
    size_t length = strlen(utf8);
    for (size_t i = 0; i < length; count++) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(utf8 + i, length - i, &c);
        const struct digit *digit = size && is_of_numbers(c) && count < DIGITS_LINE_MOST
                                        ? find(digits, c, size_px, bold, shape, context)
                                        : NULL;
        if (!digit || (font && digit->font != font))
            return false; /* what is no number, or needs two fonts, is Pango's */
        font = digit->font;
        infos[count] = digit->info;
        width += digit->info.geometry.width;
        i += size;
    }
    PangoGlyphString *glyphs = count ? pango_glyph_string_new() : NULL;
    if (!glyphs)
        return false;
    PangoRectangle ink, logical;
    pango_glyph_string_set_size(glyphs, count);
    memcpy(glyphs->glyphs, infos, (size_t)count * sizeof *infos);
    pango_glyph_string_extents(glyphs, font, &ink, &logical);
    pango_extents_to_pixels(&ink, NULL);
    double ascent = (double)-logical.y / PANGO_SCALE;
    ink.y += (int)ascent; /* from the baseline to the top of the logical box, rounded outwards */
    ink.height += 1;
    *out = (struct text_line){.glyphs = glyphs,
                              .font = g_object_ref(font),
                              .extent = {(double)width / PANGO_SCALE, ascent,
                                         (double)(logical.y + logical.height) / PANGO_SCALE},
                              .ink = ink};
    return true;
}
