/* Text as Cairo draws it. */
#include <math.h>

#include "base/array.h"
#include "draw/inner.h"

#define HALO_AREA_MAX 4e6 /* px: beyond that a mask costs more memory than it saves time */

bool orl_text_place(struct orl_font *font, const struct orl_picture *picture,
                    const struct orl_mark *mark, double *left, double *top, struct text_line **line)
{
    const double *at = picture->points + 2 * mark->first;
    *line = orl_font_line(font, picture->text + mark->text, mark->size, mark->bold);
    if (!*line)
        return false;
    *left = at[0] - mark->align * (*line)->extent.width;
    *top = at[1] - (*line)->extent.ascent;
    return true;
}

/* Pango draws a layout from its top left, and glyphs from the left end of their baseline. */
static void move_to_line(cairo_t *cr, const struct text_line *line, double left, double top)
{
    cairo_move_to(cr, orl_clamp(left), orl_clamp(line->layout ? top : top + line->extent.ascent));
}

static void path_line(cairo_t *cr, const struct text_line *line, double left, double top)
{
    move_to_line(cr, line, left, top);
    if (line->layout)
        pango_cairo_layout_path(cr, line->layout);
    else
        pango_cairo_glyph_string_path(cr, line->font, line->glyphs);
}

static void stroke_halo(cairo_t *cr, const struct text_line *line, double left, double top,
                        double halo_px)
{
    path_line(cr, line, left, top);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, 2.0 * halo_px);
    cairo_stroke(cr);
}

/* The halo of a line as a mask; halo_at is its left top corner seen from the left end of the
 * baseline. Outlines of letters are dear to stroke (a name costs more than its curve), and most
 * names with a halo just move: the mask stays with the line. */
static bool make_halo(struct text_line *line, double halo_px)
{
    if (line->halo && line->halo_px == halo_px)
        return true;
    cairo_surface_destroy(line->halo);
    line->halo = NULL;
    double ascent = line->extent.ascent, descent = line->extent.descent, edge = ceil(halo_px) + 1.0;
    double left = fmin(0.0, line->ink.x),
           right = fmax(line->extent.width, (double)line->ink.x + line->ink.width),
           top = fmin(0.0, line->ink.y) - ascent,
           bottom = fmax(descent, (double)line->ink.y + line->ink.height - ascent);
    line->halo_at[0] = floor(left - edge);
    line->halo_at[1] = floor(top - edge);
    double width = ceil(right + edge) - line->halo_at[0],
           height = ceil(bottom + edge) - line->halo_at[1];
    if (!(width * height < HALO_AREA_MAX))
        return false;
    line->halo = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)width, (int)height);
    cairo_t *cr = cairo_create(line->halo);
    stroke_halo(cr, line, -line->halo_at[0], -line->halo_at[1] - ascent, halo_px);
    bool made = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    if (!made) {
        cairo_surface_destroy(line->halo);
        line->halo = NULL;
    }
    line->halo_px = halo_px;
    return made;
}

static void draw_halo(cairo_t *cr, struct text_line *line, const struct orl_mark *mark, double left,
                      double top, bool whole)
{
    orl_set_color(cr, &mark->halo);
    if (whole && make_halo(line, mark->halo_px))
        cairo_mask_surface(cr, line->halo, left + line->halo_at[0],
                           round(top + line->extent.ascent) + line->halo_at[1]);
    else
        stroke_halo(cr, line, left, top, mark->halo_px);
}

/* A number on a vector page, with its characters beside its glyphs: who searches or copies the page
 * finds digits, whatever glyphs the font has for them. */
static void show_number(cairo_t *cr, const struct text_line *line, const char *utf8)
{
    cairo_glyph_t glyphs[DIGITS_LINE_MOST];
    cairo_text_cluster_t clusters[DIGITS_LINE_MOST];
    int count = line->glyphs->num_glyphs, at = 0, width = 0;
    double x, y;
    cairo_get_current_point(cr, &x, &y);
    for (int i = 0; i < count; i++) {
        const PangoGlyphInfo *info = &line->glyphs->glyphs[i];
        int bytes = g_utf8_skip[(unsigned char)utf8[at]];
        glyphs[i] = (cairo_glyph_t){info->glyph,
                                    x + (double)(width + info->geometry.x_offset) / PANGO_SCALE,
                                    y + (double)info->geometry.y_offset / PANGO_SCALE};
        clusters[i] = (cairo_text_cluster_t){bytes, 1};
        width += info->geometry.width;
        at += bytes;
    }
    cairo_set_scaled_font(cr, pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(line->font)));
    cairo_show_text_glyphs(cr, utf8, at, glyphs, count, clusters, count, 0);
}

int orl_text_draw(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                  const struct orl_mark *mark, struct orl_error *err)
{
    const double *at = picture->points + 2 * mark->first;
    struct text_line *line;
    double left, top;
    if (!orl_text_place(font, picture, mark, &left, &top, &line))
        return orl_fail_memory(err);
    cairo_save(cr);
    if (mark->vertical) {
        cairo_translate(cr, at[0], at[1]);
        cairo_rotate(cr, -1.57079632679489661923);
        cairo_translate(cr, -at[0], -at[1]);
    }
    /* Cairo puts each glyph of an image on whole pixels: so is the line, else its letters would
     * move against each other. */
    bool whole =
        !mark->vertical && cairo_surface_get_type(cairo_get_target(cr)) == CAIRO_SURFACE_TYPE_IMAGE;
    if (whole) {
        left = round(orl_clamp(left));
        top = round(orl_clamp(top + line->extent.ascent)) - line->extent.ascent;
    }
    if (mark->halo.a > 0.0 && mark->halo_px > 0.0)
        draw_halo(cr, line, mark, left, top, whole);
    move_to_line(cr, line, left, top);
    orl_set_color(cr, &mark->color);
    if (line->layout)
        pango_cairo_show_layout(cr, line->layout);
    else if (cairo_surface_has_show_text_glyphs(cairo_get_target(cr)))
        show_number(cr, line, picture->text + mark->text);
    else
        pango_cairo_show_glyph_string(cr, line->font, line->glyphs);
    cairo_restore(cr);
    return ORL_OK;
}
