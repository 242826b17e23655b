/* Pictures as text. */
#include "support/marks.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS_SHOWN = 4 }; /* of a mark; of more the first, the last and a checksum */

static void marks_number(struct orl_text *out, double value)
{
    double tenth = round(10.0 * value) / 10.0;
    orl_text_printf(out, isnan(value) ? "-" : "%.1f", tenth == 0.0 ? 0.0 : tenth);
}

static void marks_point(struct orl_text *out, const double *at)
{
    orl_text_putc(out, ' ');
    marks_number(out, at[0]);
    orl_text_putc(out, ',');
    marks_number(out, at[1]);
}

/* FNV-1a over tenths of px. */
static uint32_t marks_checksum(const double *numbers, size_t count)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < count; i++) {
        uint64_t tenths = isnan(numbers[i]) ? UINT64_MAX : (uint64_t)llround(10.0 * numbers[i]);
        for (size_t b = 0; b < 8; b++)
            sum = (sum ^ (uint32_t)(tenths >> (8 * b) & 0xff)) * 16777619u;
    }
    return sum;
}

static void marks_points(struct orl_text *out, const double *points, size_t count)
{
    if (count <= POINTS_SHOWN) {
        for (size_t i = 0; i < count; i++)
            marks_point(out, points + 2 * i);
        return;
    }
    marks_point(out, points);
    orl_text_puts(out, " ..");
    marks_point(out, points + 2 * (count - 1));
    orl_text_printf(out, " sum %08x", marks_checksum(points, 2 * count));
}

static void marks_color(struct orl_text *out, struct orl_color c)
{
    orl_text_printf(out, " #%02x%02x%02x", (unsigned)lround(255 * c.r), (unsigned)lround(255 * c.g),
                    (unsigned)lround(255 * c.b));
    if (c.a < 1.0)
        orl_text_printf(out, "/%.2f", c.a);
}

static void marks_words(struct orl_text *out, const struct orl_picture *p, const struct orl_mark *m)
{
    marks_point(out, p->points + 2 * m->first);
    orl_text_puts(out, m->align == 0.0 ? " left " : m->align == 1.0 ? " right " : " centre ");
    marks_number(out, m->size);
    orl_text_printf(out, "%s%s", m->bold ? " bold" : "", m->vertical ? " upwards" : "");
    marks_color(out, m->color);
    orl_text_printf(out, " \"%s\"", p->text + m->text);
}

static void marks_shape(struct orl_text *out, const struct orl_picture *p, const struct orl_mark *m)
{
    static const char *const dashes[] = {"", " dashed", " dotted", " dashdot"},
                             *const markers[] = {"circle", "square", "diamond", "triangle",
                                                 "cross",  "ring",   "hexagon", "triangle-down"};
    if (m->kind != ORL_MARK_RECT)
        orl_text_printf(out, " %zu", m->count);
    marks_points(out, p->points + 2 * m->first, m->count);
    if (m->kind != ORL_MARK_AREA) {
        orl_text_putc(out, ' ');
        marks_number(out, m->size);
    }
    if (m->kind == ORL_MARK_RECT) {
        orl_text_putc(out, 'x');
        marks_number(out, m->size2);
    }
    if (m->kind == ORL_MARK_LINE)
        orl_text_puts(out, dashes[m->dash]);
    if (m->kind == ORL_MARK_DOTS)
        orl_text_printf(out, " %s", markers[m->marker]);
    marks_color(out, m->color);
}

void marks_print(const struct orl_picture *picture, struct orl_text *out)
{
    static const char *const kinds[] = {"rect", "line", "dots", "text", "area"};
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *m = &picture->marks[i];
        orl_text_puts(out, kinds[m->kind]);
        if (m->kind == ORL_MARK_TEXT)
            marks_words(out, picture, m);
        else
            marks_shape(out, picture, m);
        orl_text_putc(out, '\n');
    }
}

bool marks_print_frame(const struct orl_film *film, size_t frame, struct orl_text *out)
{
    struct orl_picture picture = {0};
    bool good = orl_film_still(film, orl_film_part(film, frame), &picture, NULL) == ORL_OK;
    if (good)
        marks_print(&picture, out);
    orl_text_puts(out, "moving\n");
    good = good && orl_film_moving(film, frame, &picture, NULL) == ORL_OK;
    if (good)
        marks_print(&picture, out);
    orl_picture_uninit(&picture);
    return good && !out->failed;
}
