/* Marks as Cairo draws them. Every coordinate is checked here: Cairo itself takes NaN and
 * infinities without a word. */
#include <math.h>

#include "draw/inner.h"

/* How far a line may pass from a point that it leaves out: far below what can be seen. */
#define LINE_SLACK_PX 0.08
#define FAST_PX       3.0
/* Of the corners that stand for round joins and caps: the lines are narrow. */
#define ROUND_SLACK_PX 0.25
#define CAIRO_SLACK_PX 0.1 /* what Cairo begins with */

static void draw_line(cairo_t *cr, const struct orl_mark *mark, const double *at)
{
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_tolerance(cr, ROUND_SLACK_PX);
    orl_path_line(cr, at, mark->count, LINE_SLACK_PX);
    if (mark->halo.a > 0.0 && mark->halo_px > 0.0) {
        cairo_set_line_width(cr, mark->size + 2.0 * mark->halo_px);
        orl_set_color(cr, &mark->halo);
        cairo_stroke_preserve(cr);
    }
    /* Wide faint lines are the paper under others: nobody sees their edges, and they cost half. */
    cairo_set_antialias(cr, mark->faint && mark->size >= FAST_PX ? CAIRO_ANTIALIAS_FAST
                                                                 : CAIRO_ANTIALIAS_DEFAULT);
    orl_set_color(cr, &mark->color);
    orl_stroke_dashed(cr, mark->dash, mark->size);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
    cairo_set_tolerance(cr, CAIRO_SLACK_PX);
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
    case ORL_MARKER_TRIANGLE_DOWN:
        cairo_move_to(cr, x, y + 1.2 * r);
        cairo_line_to(cr, x + 1.1 * r, y - 0.8 * r);
        cairo_line_to(cr, x - 1.1 * r, y - 0.8 * r);
        cairo_close_path(cr);
        break;
    case ORL_MARKER_HEXAGON: /* corners to the left and right */
        cairo_move_to(cr, x - 1.06 * r, y);
        cairo_line_to(cr, x - 0.53 * r, y - 0.918 * r);
        cairo_line_to(cr, x + 0.53 * r, y - 0.918 * r);
        cairo_line_to(cr, x + 1.06 * r, y);
        cairo_line_to(cr, x + 0.53 * r, y + 0.918 * r);
        cairo_line_to(cr, x - 0.53 * r, y + 0.918 * r);
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

/* The marker with its halo, as one larger marker under it: that costs half of a stroke along its
 * edge. The sums move each edge outwards by the halo (a triangle grows about the middle of its
 * inner circle). */
static void path_halo(cairo_t *cr, enum orl_marker marker, double x, double y, double r,
                      double halo)
{
    switch (marker) {
    case ORL_MARKER_SQUARE:
        path_marker(cr, marker, x, y, r + halo / 0.88);
        break;
    case ORL_MARKER_DIAMOND:
        path_marker(cr, marker, x, y, r + halo * 1.1314);
        break;
    case ORL_MARKER_TRIANGLE:
        path_marker(cr, marker, x, y - 0.23 * halo, r + halo * 1.5375);
        break;
    case ORL_MARKER_TRIANGLE_DOWN:
        path_marker(cr, marker, x, y + 0.23 * halo, r + halo * 1.5375);
        break;
    case ORL_MARKER_HEXAGON:
        path_marker(cr, marker, x, y, r + halo * 1.0894);
        break;
    default:
        path_marker(cr, marker, x, y, r + halo);
        break;
    }
}

double orl_marker_shape(cairo_t *cr, const struct orl_mark *mark, double x, double y, bool halo)
{
    bool stroked = mark->marker == ORL_MARKER_CROSS || mark->marker == ORL_MARKER_RING;
    double r = mark->size, width = fmax(1.0, 0.45 * r);
    if (halo && mark->marker != ORL_MARKER_CROSS) { /* of a ring, too: no line shows within it */
        path_halo(cr, mark->marker, x, y, r, mark->halo_px);
        return 0.0;
    }
    path_marker(cr, mark->marker, x, y, mark->marker == ORL_MARKER_RING ? r - 0.5 * width : r);
    return stroked ? width + (halo ? 2.0 * mark->halo_px : 0.0) : 0.0;
}

static void draw_shape(cairo_t *cr, const struct orl_mark *mark, double x, double y, bool halo)
{
    double width = orl_marker_shape(cr, mark, x, y, halo);
    orl_set_color(cr, halo ? &mark->halo : &mark->color);
    if (width > 0.0) {
        cairo_set_line_width(cr, width);
        cairo_stroke(cr);
    } else {
        cairo_fill(cr);
    }
}

static void draw_marker(cairo_t *cr, const struct orl_mark *mark, double x, double y)
{
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND); /* whatever was drawn before */
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
    if (mark->halo.a > 0.0)
        draw_shape(cr, mark, x, y, true);
    draw_shape(cr, mark, x, y, false);
}

static void draw_area(cairo_t *cr, const struct orl_mark *mark, const double *at)
{
    orl_path_line(cr, at, mark->count,
                  0.0); /* areas meet: each keeps all its corners; a fill closes every outline */
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    orl_set_color(cr, &mark->color);
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
    return isfinite(mark->size) && isfinite(mark->size2) && isfinite(mark->halo_px) &&
           isfinite(mark->clip.x) && isfinite(mark->clip.y) && isfinite(mark->clip.width) &&
           isfinite(mark->clip.height);
}

static int draw_mark(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                     const struct orl_mark *mark, struct orl_error *err)
{
    const double *at = picture->points + 2 * mark->first;
    switch (mark->kind) {
    case ORL_MARK_RECT:
        cairo_rectangle(cr, orl_clamp(at[0]), orl_clamp(at[1]), orl_clamp(mark->size),
                        orl_clamp(mark->size2));
        orl_set_color(cr, &mark->color);
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
        return orl_text_draw(cr, font, picture, mark, err);
    case ORL_MARK_AREA:
        draw_area(cr, mark, at);
        return ORL_OK;
    }
    return orl_fail(err, ORL_EBUG, "a mark of no kind");
}

int orl_marks_draw(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                   struct orl_error *err)
{
    return orl_marks_draw_some(cr, font, picture, NULL, err);
}

int orl_marks_draw_some(cairo_t *cr, struct orl_font *font, const struct orl_picture *picture,
                        const uint8_t *only, struct orl_error *err)
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
    cairo_status_t status =
        cairo_status(cr); /* sticky: once bad, everything after it drew nothing */
    if (ret == ORL_OK && status != CAIRO_STATUS_SUCCESS)
        ret = orl_fail(err, ORL_EENV, "Cairo: %s", cairo_status_to_string(status));
    return ret;
}
