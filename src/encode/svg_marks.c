/* Marks as elements of SVG. What stands where is told in whole tenths of a px, each point from the
 * one before: a curve of a few cubic pieces takes some forty bytes. */
#include "encode/svg_marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define SLACK_PX 0.1 /* how far a curve may pass from the points that it stands for */

void orl_svg_defs_uninit(struct svg_defs *defs)
{
    orl_outlines_destroy(&defs->outlines);
    free(defs->dots);
    free(defs->clips);
    free(defs->pieces);
    free(defs->glyphs);
    *defs = (struct svg_defs){0};
}

static int units(double px)
{
    double most = 2e8;
    return (int)lround(SVG_UNITS * (px < -most ? -most : px > most ? most : px));
}

/* In whatever locale the program runs that asks. */
static void write_number(double value, int digits, struct orl_text *out)
{
    char text[ORL_NUMBER_SIZE];
    orl_double_digits(text, value, digits);
    orl_text_puts(out, strncmp(text, "0.", 2) == 0 ? text + 1 : text);
}

/* ` name="value"` */
static void write_attribute(const char *name, double value, struct orl_text *out)
{
    orl_text_printf(out, " %s=\"", name);
    write_number(value, 4, out);
    orl_text_putc(out, '"');
}

static void color_hex(const struct orl_color *c, struct orl_text *out)
{
    orl_text_printf(out, "\"#%02x%02x%02x\"", (unsigned)lround(255.0 * c->r),
                    (unsigned)lround(255.0 * c->g), (unsigned)lround(255.0 * c->b));
}

/* ` fill="#0072b2" fill-opacity=".55"`, and likewise of strokes. */
static void paint_with(const char *what, const struct orl_color *color, struct orl_text *out)
{
    orl_text_printf(out, " %s=", what);
    color_hex(color, out);
    if (color->a < 1.0) {
        orl_text_printf(out, " %s-opacity=\"", what);
        write_number(color->a, 3, out);
        orl_text_putc(out, '"');
    }
}

/* ---- Paths ----------------------------------------------------------------------------------- */

/* Path data in whole numbers, each pair from where the pen is, in whichever way is shortest. */
struct path_pen {
    struct orl_text *out;
    int x, y, start_x, start_y;
    char last; /* the command that stands there: it is not said again; 0: none */
};

static void pen_number(struct path_pen *pen, bool first, int number)
{
    orl_text_printf(pen->out, "%s%d", first || number < 0 ? "" : " ", number);
}

static void pen_write(struct path_pen *pen, char command, const double (*points)[2], int count)
{
    int x = pen->x, y = pen->y;
    bool flat = command == 'l' && units(points[0][1]) == y,
         steep = command == 'l' && !flat && units(points[0][0]) == x;
    command = flat ? 'h' : steep ? 'v' : command == 'M' && pen->last ? 'm' : command;
    bool first = command != pen->last || command == 'm';
    if (first)
        orl_text_putc(pen->out, command);
    for (int i = 0; i < count; i++, first = false) {
        x = units(points[i][0]);
        y = units(points[i][1]);
        if (!steep)
            pen_number(pen, first, command == 'M' ? x : x - pen->x);
        if (!flat)
            pen_number(pen, first && steep, command == 'M' ? y : y - pen->y);
    }
    pen->x = x;
    pen->y = y;
    pen->last = command;
    if (command == 'M' || command == 'm') {
        pen->start_x = x;
        pen->start_y = y;
    }
}

static void pen_close(struct path_pen *pen)
{
    orl_text_putc(pen->out, 'z');
    pen->x = pen->start_x;
    pen->y = pen->start_y;
    pen->last = 'z';
}

static void pen_to(struct path_pen *pen, char command, const double *to)
{
    const double points[1][2] = {{to[0], to[1]}};
    pen_write(pen, command, points, 1);
}

/* A piece of a line without a break. `on`: where it begins at the pen, it goes on from there. */
static int path_stretch(struct svg_defs *defs, struct path_pen *pen, const double *points,
                        size_t count, bool exact, bool on, struct orl_error *err)
{
    size_t pieces = 0;
    int ret = exact ? ORL_OK
                    : orl_cubic_fit(points, count, SLACK_PX, &defs->pieces, &pieces,
                                    &defs->piece_capacity, err);
    if (!on || !pen->last || units(points[0]) != pen->x || units(points[1]) != pen->y)
        pen_to(pen, 'M', points);
    for (size_t i = 1; exact && i < count; i++)
        pen_to(pen, 'l', points + 2 * i);
    for (size_t i = 0; i < pieces; i++) {
        const struct cubic *c = &defs->pieces[i];
        const double curve[3][2] = {{c->control[0][0], c->control[0][1]},
                                    {c->control[1][0], c->control[1][1]},
                                    {c->to[0], c->to[1]}};
        if (c->straight)
            pen_to(pen, 'l', c->to);
        else
            pen_write(pen, 'c', curve, 3);
    }
    return ret;
}

/* Its size is rounded by itself, so that it stays the same wherever the rectangle is. */
static void path_rectangle(struct path_pen *pen, const double *at, double width, double height)
{
    double x = (double)units(at[0]) / SVG_UNITS, y = (double)units(at[1]) / SVG_UNITS,
           right = x + (double)units(width) / SVG_UNITS,
           low = y + (double)units(height) / SVG_UNITS;
    const double corners[4][2] = {{x, y}, {right, y}, {right, low}, {x, low}};
    for (int i = 0; i < 4; i++)
        pen_to(pen, i ? 'l' : 'M', corners[i]);
    pen_close(pen);
}

int orl_svg_path(struct svg_defs *defs, const struct track *track, const struct track_key *key,
                 bool exact, struct orl_text *out, struct orl_error *err)
{
    struct path_pen pen = {.out = out};
    bool area = track->style.kind == ORL_MARK_AREA,
         solid = !area && (track->part == TRACK_HALO || track->style.dash == ORL_DASH_SOLID);
    int ret = ORL_OK;
    if (track->style.kind == ORL_MARK_RECT) {
        path_rectangle(&pen, key->points, key->size, key->size2);
        return ORL_OK;
    }
    for (size_t from = 0, to; ret == ORL_OK && from < key->count; from = to + 1) {
        const double *at = key->points + 2 * from;
        for (to = from;
             to < key->count && !isnan(key->points[2 * to]) && !isnan(key->points[2 * to + 1]);)
            to++;
        if (to - from < 2) /* a point alone draws nothing */
            continue;
        ret = path_stretch(defs, &pen, at, to - from, exact, solid, err);
        if (area)
            pen_close(&pen);
    }
    if (out->length == 0)
        orl_text_puts(out, "M0 0");
    return ret;
}

/* ---- Paint ----------------------------------------------------------------------------------- */

/* In line widths, as draw/dash.c has them. */
struct dashes {
    double dash, gap, offset;
    bool round;
};

static const struct dashes dashes[][2] = {
    [ORL_DASH_DASHED] = {{3.2, 2.4, 0.0, false}},
    [ORL_DASH_DOTTED] = {{0.0, 2.0, 0.0, true}},
    [ORL_DASH_DASHDOT] = {{5.0, 3.4, 0.5, false}, {0.0, 8.4, -6.2, true}},
};

int orl_svg_layers(const struct track *track)
{
    return track->style.kind == ORL_MARK_LINE && track->part == TRACK_MARK &&
                   track->style.dash == ORL_DASH_DASHDOT
               ? 2
               : 1;
}

static void paint_line(const struct track *t, int layer, struct orl_text *out)
{
    bool halo = t->part == TRACK_HALO;
    double width = t->style.size + (halo ? 2.0 * t->style.halo_px : 0.0), unit = fmax(width, 1.0);
    paint_with("stroke", halo ? &t->style.halo : &t->style.color, out);
    write_attribute("stroke-width", SVG_UNITS * width, out);
    if (halo || t->style.dash == ORL_DASH_SOLID || (size_t)t->style.dash >= ORL_COUNT(dashes))
        return;
    const struct dashes *d = &dashes[t->style.dash][layer];
    orl_text_puts(out, " stroke-dasharray=\"");
    write_number(SVG_UNITS * unit * d->dash, 4, out);
    orl_text_putc(out, ' ');
    write_number(SVG_UNITS * unit * d->gap, 4, out);
    orl_text_putc(out, '"');
    if (d->offset != 0.0)
        write_attribute("stroke-dashoffset", SVG_UNITS * unit * d->offset, out);
    if (!d->round)
        orl_text_puts(out, " stroke-linecap=\"butt\"");
}

void orl_svg_paint(const struct track *t, int layer, struct orl_text *out)
{
    switch (t->style.kind) {
    case ORL_MARK_LINE:
        paint_line(t, layer, out);
        break;
    case ORL_MARK_TEXT:
        if (t->part == TRACK_HALO) {
            paint_with("stroke", &t->style.halo, out);
            write_attribute("stroke-width", 2.0 * t->style.halo_px * OUTLINE_EM / t->style.size,
                            out);
            break;
        }
        paint_with("fill", &t->style.color, out);
        break;
    case ORL_MARK_AREA:
        paint_with("fill", &t->style.color, out);
        orl_text_puts(out, " fill-rule=\"evenodd\"");
        break;
    case ORL_MARK_RECT:
        paint_with("fill", &t->style.color, out);
        break;
    case ORL_MARK_DOTS: /* the dot itself has it */
        break;
    }
}

int orl_svg_clip(struct svg_defs *defs, const struct track *track, struct orl_text *out,
                 struct orl_error *err)
{
    const struct orl_rect *clip = &track->style.clip;
    size_t i = 0;
    if (!(clip->width > 0.0))
        return ORL_OK;
    while (i < defs->clip_count && memcmp(&defs->clips[i], clip, sizeof *clip) != 0)
        i++;
    if (i == defs->clip_count) {
        if (!orl_reserve((void **)&defs->clips, &defs->clip_capacity, i + 1, sizeof *defs->clips))
            return orl_fail_memory(err);
        defs->clips[defs->clip_count++] = *clip;
    }
    orl_text_printf(out, " clip-path=\"url(#k%zu)\"", i + 1);
    return ORL_OK;
}

/* ---- Dots ------------------------------------------------------------------------------------ */

void orl_svg_anchor(const struct track *t, const struct track_key *key, int at[2])
{
    bool text = t->style.kind == ORL_MARK_TEXT && !t->style.vertical;
    double x = key->points[0], y = key->points[1];
    /* Lines of text stand on whole px in pictures, too. */
    at[0] = units(text && t->style.align == 0.0 ? round(x) : x);
    at[1] = units(text ? round(y) : y);
}

int orl_svg_dot(struct svg_defs *defs, const struct track *track, size_t *id, struct orl_error *err)
{
    struct orl_mark looks = track->style;
    looks.first = looks.count = 0;
    looks.clip = (struct orl_rect){0};
    size_t i = 0;
    while (i < defs->dot_count && memcmp(&defs->dots[i], &looks, sizeof looks) != 0)
        i++;
    if (i == defs->dot_count) {
        if (!orl_reserve((void **)&defs->dots, &defs->dot_capacity, i + 1, sizeof *defs->dots))
            return orl_fail_memory(err);
        defs->dots[defs->dot_count++] = looks;
    }
    *id = i + 1;
    return ORL_OK;
}

static int write_shape(const struct orl_mark *mark, bool halo, struct orl_text *out,
                       struct orl_error *err)
{
    double width;
    char *path = orl_marker_outline(mark, halo, &width);
    if (!path)
        return orl_fail_memory(err);
    orl_text_printf(out, "<path d=\"%s\"", path);
    paint_with(width > 0.0 ? "stroke" : "fill", halo ? &mark->halo : &mark->color, out);
    if (width > 0.0) {
        write_attribute("stroke-width", 100.0 * width, out);
        orl_text_puts(out, " stroke-linejoin=\"miter\"");
    }
    orl_text_puts(out, "/>");
    free(path);
    return ORL_OK;
}

/* ---- Texts ----------------------------------------------------------------------------------- */

int orl_svg_text(struct svg_defs *defs, const struct track *t, const struct track_key *key,
                 struct svg_glyph **out, size_t *count, size_t *capacity, struct orl_error *err)
{
    struct orl_extent extent;
    int ret =
        orl_outlines_text(defs->outlines, key->text, t->style.size, t->style.bold, &defs->glyphs,
                          &defs->glyph_count, &defs->glyph_capacity, &extent, err);
    if (ret == ORL_OK && !orl_reserve((void **)out, capacity, defs->glyph_count + 1, sizeof **out))
        ret = orl_fail_memory(err);
    *count = ret == ORL_OK ? defs->glyph_count : 0;
    for (size_t i = 0; i < *count; i++) {
        double x = defs->glyphs[i].x - t->style.align * extent.width;
        (*out)[i] =
            (struct svg_glyph){defs->glyphs[i].glyph, (int)lround(x / t->style.size * OUTLINE_EM)};
    }
    return ret;
}

void orl_svg_text_scale(const struct track *t, struct orl_text *out)
{
    orl_text_puts(out, t->style.vertical ? "rotate(-90)scale(" : "scale(");
    write_number(t->style.size * SVG_UNITS / OUTLINE_EM, 5, out);
    orl_text_putc(out, ')');
}

void orl_svg_glyph_id(size_t glyph, struct orl_text *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    do {
        orl_text_putc(out, letters[glyph % 52]);
        glyph /= 52;
    } while (glyph-- > 0);
}

/* ---- What is referred to --------------------------------------------------------------------- */

int orl_svg_defs_write(struct svg_defs *defs, const struct svg_shapes *shapes, struct orl_text *out,
                       struct orl_error *err)
{
    int ret = ORL_OK;
    const char *path;
    orl_text_puts(out, "<defs><path id=\"n0\" d=\"M0 0\"/>\n"); /* a glyph that shows nothing */
    for (size_t i = 0; (path = orl_outlines_path(defs->outlines, i)); i++) {
        orl_text_puts(out, "<path id=\"");
        orl_svg_glyph_id(i, out);
        orl_text_printf(out, "\" d=\"%s\"/>\n", path);
    }
    for (size_t i = 0; ret == ORL_OK && i < defs->dot_count; i++) {
        orl_text_printf(out, "<g id=\"m%zu\" transform=\"scale(.1)\">", i + 1);
        if (defs->dots[i].halo.a > 0.0)
            ret = write_shape(&defs->dots[i], true, out, err);
        if (ret == ORL_OK)
            ret = write_shape(&defs->dots[i], false, out, err);
        orl_text_puts(out, "</g>\n");
    }
    for (size_t i = 0; i < defs->clip_count; i++) {
        const struct orl_rect *clip = &defs->clips[i];
        const double corner[] = {clip->x, clip->y};
        struct path_pen pen = {.out = out};
        orl_text_printf(out, "<clipPath id=\"k%zu\"><path d=\"", i + 1);
        path_rectangle(&pen, corner, clip->width, clip->height);
        orl_text_puts(out, "\"/></clipPath>\n");
    }
    orl_svg_shapes_write(shapes, out);
    orl_text_puts(out, "</defs>\n");
    return ret;
}
