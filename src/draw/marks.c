/* Marks as Cairo draws them. Every coordinate is checked here: Cairo itself takes NaN and infinities without a word. */
#include <math.h>

#include "draw/inner.h"

/* How far a line may pass from a point that it leaves out: far below what can be seen. */
#define LINE_SLACK_PX 0.03
#define FAST_PX       3.0

static void set_color(cairo_t *cr, const struct orl_color *c)
{
    if (c->a >= 1.0)
        cairo_set_source_rgb(cr, c->r, c->g, c->b);
    else
        cairo_set_source_rgba(cr, c->r, c->g, c->b, c->a);
}

static void set_dash(cairo_t *cr, enum orl_dash dash, double width)
{
    double unit = fmax(width, 1.0);
    const double dashed[] = {3.2 * unit, 2.4 * unit}, dotted[] = {0.01 * unit, 2.0 * unit};
    const double dashdot[] = {4.0 * unit, 2.2 * unit, 0.01 * unit, 2.2 * unit};
    switch (dash) {
    case ORL_DASH_SOLID:
        cairo_set_dash(cr, NULL, 0, 0.0);
        break;
    case ORL_DASH_DASHED:
        cairo_set_dash(cr, dashed, 2, 0.0);
        break;
    case ORL_DASH_DOTTED:
        cairo_set_dash(cr, dotted, 2, 0.0);
        break;
    case ORL_DASH_DASHDOT:
        cairo_set_dash(cr, dashdot, 4, 0.0);
        break;
    }
}

static void draw_line(cairo_t *cr, const struct orl_mark *mark, const double *at)
{
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, mark->dash == ORL_DASH_DASHED ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    orl_path_line(cr, at, mark->count, LINE_SLACK_PX);
    if (mark->halo.a > 0.0 && mark->halo_px > 0.0) {
        cairo_set_dash(cr, NULL, 0, 0.0);
        cairo_set_line_width(cr, mark->size + 2.0 * mark->halo_px);
        set_color(cr, &mark->halo);
        cairo_stroke_preserve(cr);
    }
    /* Wide faint lines are the paper under others: nobody sees their edges, and they cost half. */
    cairo_set_antialias(cr, mark->faint && mark->size >= FAST_PX ? CAIRO_ANTIALIAS_FAST : CAIRO_ANTIALIAS_DEFAULT);
    set_dash(cr, mark->dash, mark->size);
    cairo_set_line_width(cr, mark->size);
    set_color(cr, &mark->color);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0.0);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

static void path_marker(cairo_t *cr, enum orl_marker marker, double x, double y, double r)
{
    cairo_new_path(cr);
    switch (marker) {
    case ORL_MARKER_CIRCLE:
    case ORL_MARKER_RING:
        cairo_arc(cr, x, y, r, 0.0, 6.28318530717958647692);
        break;
    case ORL_MARKER_SQUARE:
        cairo_rectangle(cr, x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
        break;
    case ORL_MARKER_DIAMOND:
        cairo_move_to(cr, x, y - 1.25 * r);
        cairo_line_to(cr, x + 1.25 * r, y);
        cairo_line_to(cr, x, y + 1.25 * r);
        cairo_line_to(cr, x - 1.25 * r, y);
        cairo_close_path(cr);
        break;
    case ORL_MARKER_TRIANGLE:
        cairo_move_to(cr, x, y - 1.2 * r);
        cairo_line_to(cr, x + 1.1 * r, y + 0.8 * r);
        cairo_line_to(cr, x - 1.1 * r, y + 0.8 * r);
        cairo_close_path(cr);
        break;
    case ORL_MARKER_CROSS:
        cairo_move_to(cr, x - 0.9 * r, y - 0.9 * r);
        cairo_line_to(cr, x + 0.9 * r, y + 0.9 * r);
        cairo_move_to(cr, x - 0.9 * r, y + 0.9 * r);
        cairo_line_to(cr, x + 0.9 * r, y - 0.9 * r);
        break;
    }
}

static void draw_marker(cairo_t *cr, const struct orl_mark *mark, double x, double y)
{
    bool stroked = mark->marker == ORL_MARKER_CROSS || mark->marker == ORL_MARKER_RING;
    double r = mark->size, width = fmax(1.0, 0.45 * r);
    path_marker(cr, mark->marker, x, y, mark->marker == ORL_MARKER_RING ? r - 0.5 * width : r);
    if (mark->halo.a > 0.0) {
        set_color(cr, &mark->halo);
        cairo_set_line_width(cr, 2.0 * mark->halo_px + (stroked ? width : 0.0));
        cairo_stroke_preserve(cr);
    }
    set_color(cr, &mark->color);
    if (stroked) {
        cairo_set_line_width(cr, width);
        cairo_stroke(cr);
    } else {
        cairo_fill(cr);
    }
}

bool orl_text_place(struct orl_font *font, const struct orl_picture *picture, const struct orl_mark *mark, double *left,
                    double *top, const struct text_line **line)
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

/* A number on a vector page, with its characters beside its glyphs: who searches or copies the page finds digits, whatever glyphs
 * the font has for them. */
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
        glyphs[i] = (cairo_glyph_t){info->glyph, x + (double)(width + info->geometry.x_offset) / PANGO_SCALE,
                                    y + (double)info->geometry.y_offset / PANGO_SCALE};
        clusters[i] = (cairo_text_cluster_t){bytes, 1};
        width += info->geometry.width;
        at += bytes;
    }
    cairo_set_scaled_font(cr, pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(line->font)));
    cairo_show_text_glyphs(cr, utf8, at, glyphs, count, clusters, count, 0);
}

static int draw_text(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture, const struct orl_mark *mark,
                     struct orl_error *err)
{
    const double *at = picture->points + 2 * mark->first;
    const struct text_line *line;
    double left, top;
    if (!orl_text_place(font, picture, mark, &left, &top, &line))
        return orl_fail_memory(err);
    cairo_save(cr);
    if (mark->vertical) {
        cairo_translate(cr, at[0], at[1]);
        cairo_rotate(cr, -1.57079632679489661923);
        cairo_translate(cr, -at[0], -at[1]);
    }
    move_to_line(cr, line, left, top);
    if (mark->halo.a > 0.0 && mark->halo_px > 0.0) {
        if (line->layout)
            pango_cairo_layout_path(cr, line->layout);
        else
            pango_cairo_glyph_string_path(cr, line->font, line->glyphs);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_width(cr, 2.0 * mark->halo_px);
        set_color(cr, &mark->halo);
        cairo_stroke(cr);
        move_to_line(cr, line, left, top);
    }
    set_color(cr, &mark->color);
    if (line->layout)
        pango_cairo_show_layout(cr, line->layout);
    else if (cairo_surface_has_show_text_glyphs(cairo_get_target(cr)))
        show_number(cr, line, picture->text + mark->text);
    else
        pango_cairo_show_glyph_string(cr, line->font, line->glyphs);
    cairo_restore(cr);
    return ORL_OK;
}

static void draw_area(cairo_t *cr, const struct orl_mark *mark, const double *at)
{
    orl_path_line(cr, at, mark->count, 0.0); /* areas meet: each keeps all its corners; a fill closes every outline */
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    set_color(cr, &mark->color);
    cairo_fill(cr);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
}

static bool is_finite(const struct orl_picture *picture, const struct orl_mark *mark)
{
    const double *at = picture->points + 2 * mark->first;
    bool pen_may_lift = mark->kind == ORL_MARK_LINE || mark->kind == ORL_MARK_AREA;
    for (size_t i = 0; i < 2 * mark->count; i++)
        if (!isfinite(at[i]) && !(pen_may_lift && isnan(at[i])))
            return false;
    return isfinite(mark->size) && isfinite(mark->size2) && isfinite(mark->halo_px) && isfinite(mark->clip.x) &&
           isfinite(mark->clip.y) && isfinite(mark->clip.width) && isfinite(mark->clip.height);
}

static int draw_mark(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture, const struct orl_mark *mark,
                     struct orl_error *err)
{
    const double *at = picture->points + 2 * mark->first;
    switch (mark->kind) {
    case ORL_MARK_RECT:
        cairo_rectangle(cr, orl_clamp(at[0]), orl_clamp(at[1]), orl_clamp(mark->size), orl_clamp(mark->size2));
        set_color(cr, &mark->color);
        cairo_fill(cr);
        return ORL_OK;
    case ORL_MARK_LINE:
        draw_line(cr, mark, at);
        return ORL_OK;
    case ORL_MARK_DOTS:
        for (size_t i = 0; i < mark->count; i++)
            draw_marker(cr, mark, orl_clamp(at[2 * i]), orl_clamp(at[2 * i + 1]));
        return ORL_OK;
    case ORL_MARK_TEXT:
        return draw_text(cr, font, picture, mark, err);
    case ORL_MARK_AREA:
        draw_area(cr, mark, at);
        return ORL_OK;
    }
    return orl_fail(err, ORL_EBUG, "a mark of no kind");
}

int orl_marks_draw(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture, struct orl_error *err)
{
    return orl_marks_draw_some(cr, font, picture, NULL, err);
}

int orl_marks_draw_some(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture, const uint8_t *only,
                        struct orl_error *err)
{
    int ret = picture->failed ? orl_fail_memory(err) : ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        if (mark->count == 0 || (only && !only[i]))
            continue;
        if (!is_finite(picture, mark))
            return orl_fail(err, ORL_EBUG, "a coordinate to draw is not finite");
        if (mark->clip.width > 0.0) {
            cairo_save(cr);
            cairo_rectangle(cr, mark->clip.x, mark->clip.y, mark->clip.width, mark->clip.height);
            cairo_clip(cr);
        }
        ret = draw_mark(cr, font, picture, mark, err);
        if (mark->clip.width > 0.0)
            cairo_restore(cr);
    }
    cairo_status_t status = cairo_status(cr); /* sticky: once bad, everything after it drew nothing */
    if (ret == ORL_OK && status != CAIRO_STATUS_SUCCESS)
        ret = orl_fail(err, ORL_EENV, "Cairo: %s", cairo_status_to_string(status));
    return ret;
}
