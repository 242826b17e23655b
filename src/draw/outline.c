/* Outlines of glyphs, taken from Cairo at a size at which whole numbers are fine enough. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "draw/inner.h"
#include "draw/outline.h"

struct outline {
    cairo_font_face_t *face; /* one reference is held */
    unsigned long glyph;
    char *path; /* owned; "" for a glyph that shows nothing */
    size_t index;
};

struct outlines {
    struct orl_font *font; /* borrowed */
    struct outline *items; /* owned */
    size_t count, capacity, drawn;
    const char **paths; /* owned: of those that show something */
    size_t path_capacity;
};

struct outlines *orl_outlines_create(struct orl_font *font)
{
    struct outlines *o = orl_calloc(1, sizeof *o);
    if (o)
        o->font = font;
    return o;
}

void orl_outlines_destroy(struct outlines **outlines)
{
    struct outlines *o = *outlines;
    if (!o)
        return;
    for (size_t i = 0; i < o->count; i++) {
        cairo_font_face_destroy(o->items[i].face);
        free(o->items[i].path);
    }
    free(o->items);
    free(o->paths);
    free(o);
    *outlines = NULL;
}

/* Whole numbers, each from the pen's last place: the errors of rounding do not add up. */
struct outline_pen {
    struct orl_text *out;
    int x, y;
    char last; /* the command that stands there: it is not said again */
};

static void outline_number(struct outline_pen *pen, bool first, int number)
{
    orl_text_printf(pen->out, "%s%d", first || number < 0 ? "" : " ", number);
}

static void outline_step(struct outline_pen *pen, char command, const cairo_path_data_t *points,
                         int count)
{
    int x = pen->x, y = pen->y;
    bool flat = command == 'l' && (int)lround(points[0].point.y) == y,
         steep = command == 'l' && !flat && (int)lround(points[0].point.x) == x;
    command = flat ? 'h' : steep ? 'v' : command;
    bool first = command != pen->last;
    if (first)
        orl_text_putc(pen->out, command);
    for (int i = 0; i < count; i++, first = false) {
        x = (int)lround(points[i].point.x);
        y = (int)lround(points[i].point.y);
        if (!steep)
            outline_number(pen, first, command == 'M' ? x : x - pen->x);
        if (!flat)
            outline_number(pen, first && steep, command == 'M' ? y : y - pen->y);
    }
    pen->x = x;
    pen->y = y;
    pen->last = command;
}

/* A move is written where something follows it: Cairo ends outlines with a bare one. */
static char *outline_text(const cairo_path_t *path)
{
    struct orl_text out = {0};
    struct outline_pen pen = {.out = &out};
    const cairo_path_data_t *moved = NULL;
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t *data = &path->data[i];
        if (data->header.type == CAIRO_PATH_MOVE_TO) {
            moved = data + 1;
            continue;
        }
        if (data->header.type == CAIRO_PATH_CLOSE_PATH) {
            if (pen.last && pen.last != 'z')
                orl_text_putc(&out, pen.last = 'z');
            continue;
        }
        if (moved)
            outline_step(&pen, 'M', moved, 1);
        moved = NULL;
        outline_step(&pen, data->header.type == CAIRO_PATH_LINE_TO ? 'l' : 'c', data + 1,
                     data->header.type == CAIRO_PATH_LINE_TO ? 1 : 3);
    }
    return orl_text_take(&out);
}

static char *outline_of(cairo_font_face_t *face, unsigned long glyph)
{
    cairo_matrix_t size, identity;
    cairo_matrix_init_scale(&size, OUTLINE_EM, OUTLINE_EM);
    cairo_matrix_init_identity(&identity);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_scaled_font_t *scaled = cairo_scaled_font_create(face, &size, &identity, options);
    cairo_surface_t *nothing = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *cr = cairo_create(nothing);
    const cairo_glyph_t one = {glyph, 0.0, 0.0};
    cairo_set_scaled_font(cr, scaled);
    cairo_glyph_path(cr, &one, 1);
    cairo_path_t *path = cairo_copy_path(cr);
    char *text = path->status == CAIRO_STATUS_SUCCESS ? outline_text(path) : NULL;
    cairo_path_destroy(path);
    cairo_destroy(cr);
    cairo_surface_destroy(nothing);
    cairo_scaled_font_destroy(scaled);
    cairo_font_options_destroy(options);
    return text;
}

static struct outline *outline_find(struct outlines *o, cairo_font_face_t *face,
                                    unsigned long glyph)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->items[i].face == face && o->items[i].glyph == glyph)
            return &o->items[i];
    if (!orl_reserve((void **)&o->items, &o->capacity, o->count + 1, sizeof *o->items) ||
        !orl_reserve((void **)&o->paths, &o->path_capacity, o->drawn + 1, sizeof *o->paths))
        return NULL;
    struct outline made = {.glyph = glyph, .index = SIZE_MAX, .path = outline_of(face, glyph)};
    if (!made.path)
        return NULL;
    made.face = cairo_font_face_reference(face);
    if (made.path[0]) {
        made.index = o->drawn;
        o->paths[o->drawn++] = made.path;
    }
    o->items[o->count] = made;
    return &o->items[o->count++];
}

const char *orl_outlines_path(const struct outlines *outlines, size_t index)
{
    return index < outlines->drawn ? outlines->paths[index] : NULL;
}

char *orl_marker_outline(const struct orl_mark *mark, bool halo, double *stroke_px)
{
    struct orl_mark large = *mark;
    large.size *= 100.0;
    large.halo_px *= 100.0;
    cairo_surface_t *nothing = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *cr = cairo_create(nothing);
    double width = orl_marker_shape(cr, &large, 0.0, 0.0, halo);
    cairo_path_t *path = cairo_copy_path(cr);
    char *text = path->status == CAIRO_STATUS_SUCCESS ? outline_text(path) : NULL;
    *stroke_px = width / 100.0;
    cairo_path_destroy(path);
    cairo_destroy(cr);
    cairo_surface_destroy(nothing);
    return text;
}

/* Where placed glyphs go. */
struct outline_line {
    struct outlines *outlines;
    struct placed_glyph **out;
    size_t *count, *capacity;
    double x; /* of the pen */
};

static bool outline_place(struct outline_line *line, PangoFont *font,
                          const PangoGlyphString *glyphs)
{
    cairo_scaled_font_t *scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
    if (!scaled)
        return true; /* no font has it: a warning of its own says so */
    for (int i = 0; i < glyphs->num_glyphs; i++) {
        const PangoGlyphInfo *info = &glyphs->glyphs[i];
        double x = line->x + (double)info->geometry.x_offset / PANGO_SCALE,
               y = (double)info->geometry.y_offset / PANGO_SCALE;
        line->x += (double)info->geometry.width / PANGO_SCALE;
        if (info->glyph == PANGO_GLYPH_EMPTY || (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG))
            continue;
        const struct outline *outline =
            outline_find(line->outlines, cairo_scaled_font_get_font_face(scaled), info->glyph);
        if (!outline ||
            !orl_reserve((void **)line->out, line->capacity, *line->count + 1, sizeof **line->out))
            return false;
        (*line->out)[(*line->count)++] = (struct placed_glyph){outline->index, x, y};
    }
    return true;
}

int orl_outlines_text(struct outlines *outlines, const char *utf8, double size_px, bool bold,
                      struct placed_glyph **out, size_t *count, size_t *capacity,
                      struct orl_extent *extent, struct orl_error *err)
{
    const struct text_line *text = orl_font_line(outlines->font, utf8, size_px, bold);
    struct outline_line line = {outlines, out, count, capacity, 0.0};
    bool placed = text != NULL;
    *count = 0;
    if (text && !text->layout)
        placed = outline_place(&line, text->font, text->glyphs);
    const PangoLayoutLine *shaped =
        text && text->layout ? pango_layout_get_line_readonly(text->layout, 0) : NULL;
    for (const GSList *run = shaped ? shaped->runs : NULL; placed && run; run = run->next) {
        const PangoGlyphItem *item = run->data;
        placed = outline_place(&line, item->item->analysis.font, item->glyphs);
    }
    if (!placed)
        return orl_fail_memory(err);
    *extent = text->extent;
    return ORL_OK;
}
