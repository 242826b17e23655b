/* Marks of a plot as text, told from the plot's own corner. */
#include "support/drawn.h"

#include "scene/film/film.h"
#include "scene/panels/panel.h"
#include "support/stage.h"
#include "support/words.h"

#define PLACE_OFF 0.25 /* percent of the plot: what layouts may shift */

enum { POINTS_SHOWN = 8 };

struct drawn {
    const struct view *view;
    struct orl_rect plot;
    const struct orl_picture *picture;
    struct orl_text *out;
};

static bool drawn_alike(struct orl_color a, struct orl_color b)
{
    return fabs(a.r - b.r) < 1e-3 && fabs(a.g - b.g) < 1e-3 && fabs(a.b - b.b) < 1e-3;
}

static struct orl_color drawn_mixed(struct orl_color a, struct orl_color b, double share)
{
    return (struct orl_color){a.r + share * (b.r - a.r), a.g + share * (b.g - a.g),
                              a.b + share * (b.b - a.b), 1.0};
}

static void drawn_color(const struct drawn *d, struct orl_color c)
{
    const struct theme *t = d->view->theme;
    const struct {
        const char *name;
        struct orl_color color;
    } named[] = {{"truth", t->truth}, {"data", t->data},        {"ink", t->ink},
                 {"muted", t->muted}, {"axis", t->axis},        {"grid", t->grid},
                 {"rule", t->rule},   {"ground", t->background}};
    char name[32] = "";
    for (size_t i = 0; i < sizeof named / sizeof *named && !*name; i++)
        if (drawn_alike(c, named[i].color))
            snprintf(name, sizeof name, "%s", named[i].name);
    for (size_t run = 0; run < d->view->run_count; run++) {
        struct orl_color own = d->view->styles[run].color;
        if (drawn_alike(c, own))
            snprintf(name, sizeof name, "run%zu", run);
        for (int tenth = 1; tenth < 20; tenth++)
            if (drawn_alike(c, drawn_mixed(own, t->background, 0.05 * tenth)))
                snprintf(name, sizeof name, "run%zu-%d%%", run, 5 * tenth);
    }
    if (!*name)
        snprintf(name, sizeof name, "#%02lx%02lx%02lx", lround(255 * c.r), lround(255 * c.g),
                 lround(255 * c.b));
    orl_text_printf(d->out, " %s", name);
    if (c.a < 1.0)
        orl_text_printf(d->out, "/%.2f", c.a);
}

static void drawn_number(const struct drawn *d, double value)
{
    double tenth = round(10.0 * value) / 10.0;
    orl_text_printf(d->out, isnan(value) ? "-" : "%.1f", tenth == 0.0 ? 0.0 : tenth);
}

static void drawn_point(const struct drawn *d, const double *at)
{
    orl_text_putc(d->out, ' ');
    drawn_number(d, 100.0 * (at[0] - d->plot.x) / d->plot.width);
    orl_text_putc(d->out, ',');
    drawn_number(d, 100.0 * (d->plot.y + d->plot.height - at[1]) / d->plot.height);
}

static void drawn_points(const struct drawn *d, const double *points, size_t count)
{
    double mean[2] = {0.0, 0.0};
    size_t finite = 0;
    if (count <= POINTS_SHOWN) {
        for (size_t i = 0; i < count; i++)
            drawn_point(d, points + 2 * i);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (isfinite(points[2 * i]) && isfinite(points[2 * i + 1])) {
            mean[0] += points[2 * i];
            mean[1] += points[2 * i + 1];
            finite++;
        }
    mean[0] /= (double)finite;
    mean[1] /= (double)finite;
    orl_text_printf(d->out, " %zu", count);
    drawn_point(d, points);
    orl_text_puts(d->out, " ..");
    drawn_point(d, points + 2 * (count - 1));
    orl_text_puts(d->out, " mean");
    drawn_point(d, mean);
}

/* A point of it lies in the plot, or a line's width beside it. */
static bool drawn_inside(const struct drawn *d, const struct orl_mark *m)
{
    double edge = d->view->size.line;
    for (size_t i = 0; i < m->count; i++) {
        const double *at = d->picture->points + 2 * (m->first + i);
        if (at[0] >= d->plot.x - edge && at[0] <= d->plot.x + d->plot.width + edge &&
            at[1] >= d->plot.y - edge && at[1] <= d->plot.y + d->plot.height + edge)
            return true;
    }
    return false;
}

static void drawn_mark(const struct drawn *d, const struct orl_mark *m)
{
    static const char *const kinds[] = {"rect", "line", "dots", "text", "area"},
                             *const dashes[] = {"", " dashed", " dotted", " dashdot"},
                             *const markers[] = {"circle", "square", "diamond", "triangle",
                                                 "cross",  "ring",   "hexagon", "triangle-down"};
    const double *points = d->picture->points + 2 * m->first;
    double line = d->view->size.line;
    orl_text_puts(d->out, kinds[m->kind]);
    drawn_color(d, m->color);
    if (m->kind == ORL_MARK_LINE)
        orl_text_printf(d->out, " %.2f%s", m->size / line, dashes[m->dash]);
    if (m->kind == ORL_MARK_DOTS)
        orl_text_printf(d->out, " %.2f %s", m->size / line, markers[m->marker]);
    if (m->kind == ORL_MARK_RECT) {
        const double corners[] = {points[0], points[1], points[0] + m->size, points[1] + m->size2};
        drawn_points(d, corners, 2);
    } else {
        drawn_points(d, points, m->count);
    }
    if (m->halo.a > 0.0 && m->halo_px > 0.0)
        orl_text_printf(d->out, " halo %.2f", m->halo_px / line);
    if (m->kind == ORL_MARK_TEXT) {
        orl_text_puts(d->out, m->bold ? " bold " : " ");
        frame_words_append(d->out, d->picture->text + m->text);
    }
    orl_text_putc(d->out, '\n');
}

void drawn_print(const struct orl_film *film, size_t frame, struct orl_text *out)
{
    struct orl_picture still = {0}, moving = {0};
    const struct panel *panel = &film->whole->panels[0];
    struct drawn d = {.view = film->whole,
                      .plot = panel->plot.width > 0.0 ? panel->plot : panel->box,
                      .out = out};
    assert_int_equal(orl_film_still(film, orl_film_part(film, frame), &still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, frame, &moving, NULL), ORL_OK);
    for (int pass = 0; pass < 2; pass++) {
        d.picture = pass ? &moving : &still;
        for (size_t i = 0; i < d.picture->count; i++)
            if (drawn_inside(&d, &d.picture->marks[i]))
                drawn_mark(&d, &d.picture->marks[i]);
    }
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
}

bool drawn_knows(const char *kind)
{
    return strcmp(kind, "drawn") == 0 || strcmp(kind, "undrawn") == 0 ||
           strcmp(kind, "count") == 0 || strcmp(kind, "print-drawn") == 0;
}

/* The length of a place at `text`, a number with one decimal; 0: there is none. */
static size_t drawn_place(const char *text, double *out)
{
    char *end;
    size_t digits = strspn(text + (*text == '-'), "0123456789") + (size_t)(*text == '-');
    if (text[digits] != '.' || strspn(text + digits + 1, "0123456789") != 1)
        return 0;
    *out = strtod(text, &end);
    return (size_t)(end - text);
}

/* The line begins as `words` do, places within a quarter of a percent. Returns where it goes on;
 * NULL: it does not. */
static const char *drawn_begins(const char *line, const char *words)
{
    while (*words) {
        double is, wanted;
        size_t length = drawn_place(words, &wanted), own = length ? drawn_place(line, &is) : 0;
        if (length ? !own || fabs(is - wanted) > PLACE_OFF : *line != *words)
            return NULL;
        line += length ? own : 1;
        words += length ? length : 1;
    }
    return line;
}

/* Lines that begin with `words`; whole: that are `words`. */
static size_t drawn_count(const char *lines, const char *words, bool whole)
{
    size_t count = 0;
    for (const char *line = lines; line && *line; line = strchr(line, '\n') + 1) {
        const char *rest = drawn_begins(line, words);
        count += rest && (!whole || *rest == '\n');
    }
    return count;
}

bool drawn_holds(const struct orl_film *film, size_t frame, const char *kind, const char *what,
                 struct orl_text *told)
{
    char *words;
    drawn_print(film, frame, told);
    const char *lines = told->data ? told->data : "";
    switch (*kind) {
    case 'd':
        return drawn_count(lines, what, true) > 0;
    case 'u':
        return drawn_count(lines, what, false) == 0;
    case 'c': {
        size_t wanted = (size_t)strtoul(what, &words, 10);
        return drawn_count(lines, words + strspn(words, " "), false) == wanted;
    }
    default:
        printf("frame %zu\n%s", frame, lines);
        return true;
    }
}
