/* The plot in a panel, and labels at the ends of its lines. */
#include "scene/panels/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"

#define ROWS_APART    2.6  /* the least between two ticks of an axis at the left, ... */
#define POWERS_APART  1.35 /* ... of which powers of ten may stand closer */
#define NUMBER_APART  0.97 /* the same for numbers that are drawn */
#define COLUMNS_APART 4.0  /* in widths of a number: below a plot; ... */
#define SYMLOG_APART  3.0  /* ... less where there are few */
#define CELL_ABOVE    0.2
#define BARE_ABOVE    0.5  /* a plot without a name above it */
#define CELL_SCALE    12.0 /* the plot, in text sizes, from which on marks are as large as usual */
#define DASHES        14.4 /* in lines: three dashes of 3.2, two gaps of 2.4 */
#define FAR_OUT       0.2  /* of the height: a curve that ends so far outside has a double arrow */
#define ARROW_X       0.38
#define ARROW_APART   0.24
#define ARROW_HALF    0.19 /* of one of two, ... */
#define ARROW_ALONE   0.21 /* ... and of one alone */
#define LEADER_FROM   0.1
#define LEADER_TO     0.65
#define TICK_LENGTH   0.3 /* below the axis, in text sizes */
#define NAME_BESIDE   0.9
#define GRID_WIDTH    0.5 /* of a line */

static size_t wanted_ticks(double length, double spacing)
{
    double n = length / spacing;
    return n < 2.0 ? 2 : n > 8 ? 8 : (size_t)n;
}

/* Rows of a logarithmic axis may stand closer: there are few of them. */
static size_t wanted_rows(const struct view *view, const struct axis *axis, double height)
{
    return wanted_ticks(height, (axis->scale == SCALE_LINEAR ? ROWS_APART : POWERS_APART) *
                                    view->size.text);
}

static double widest_label(const struct view *view, const struct axis *axis, double length)
{
    struct tick ticks[TICKS_MAX];
    size_t count = orl_axis_ticks(axis, wanted_rows(view, axis, length), ticks);
    double widest = 0.0;
    for (size_t i = 0; i < count; i++)
        widest =
            fmax(widest, orl_letters_width(view->measure, ticks[i].label, view->size.text, false));
    return widest;
}

void orl_plot_place(const struct view *view, struct panel *panel, struct plot *plot,
                    struct orl_rect box, double right_px)
{
    double text = view->size.text, gap = EM_GAP * text;
    struct placing *cell = panel->cell.is ? &panel->cell : NULL;
    orl_panel_limit(panel, "x", &plot->x);
    orl_panel_limit(panel, "y", &plot->y);
    plot->x_name = orl_panel_label(panel, "x", plot->x_name);
    plot->y_name = orl_panel_label(panel, "y", plot->y_name);
    if (cell) {
        plot->cell = true;
        plot->bare |= cell->bare_x;
        plot->bare_y = cell->bare_y;
    }
    plot->low = plot->x_name && !plot->footnote && !plot->cell;
    double top = (plot->cell ? CELL_ABOVE : plot->y_name ? EM_NUMBERS_ROOM : BARE_ABOVE) * text;
    double bottom = (plot->bare                                  ? 0.0
                     : plot->x_name && !plot->low && !plot->cell ? EM_AXIS_ROOM
                                                                 : EM_NUMBERS_ROOM) *
                    text;
    double height = box.height - top - bottom,
           left = plot->bare_y ? 0.0 : widest_label(view, &plot->y, height) + gap;
    right_px = plot->cell ? 0.0 : right_px;
    plot->area = (struct orl_rect){box.x + left, box.y + top,
                                   fmax(box.width - left - right_px, NARROWEST_PX),
                                   fmax(height, NARROWEST_PX)};
    plot->left =
        box.x -
        (plot->bare_y
             ? CELL_ABOVE * text
             : 0.0); /* a cell's first label reaches into the gap, as those below others do */
    plot->right = box.x + box.width + (plot->cell ? CELL_ABOVE * text : 0.0);
    plot->x.first = plot->area.x;
    plot->x.last = plot->area.x + plot->area.width;
    plot->y.first = plot->area.y + plot->area.height;
    plot->y.last = plot->area.y;
    plot->scale =
        cell
            ? fmin(1.0, fmax(0.5, sqrt(plot->area.width * plot->area.height) / (CELL_SCALE * text)))
            : 1.0;
    panel->plot = plot->area;
    if (cell) {
        cell->area = plot->area;
        cell->x_name = plot->x_name;
        cell->y_name = plot->y_name;
        cell->note = plot->note;
    }
}

int orl_plot_fit_names(const struct view *view, struct plot *plot, char **x_name, char **y_name,
                       struct orl_error *err)
{
    char **names[] = {x_name, y_name};
    for (size_t i = 0; i < 2 && !plot->cell; i++) {
        char *fitting =
            orl_letters_fit(view->measure, *names[i], view->size.text, false, plot->area.width);
        if (!fitting)
            return orl_fail_memory(err);
        free(*names[i]);
        *names[i] = fitting;
    }
    plot->x_name = *x_name;
    plot->y_name = *y_name;
    return ORL_OK;
}

/* The x axis' name stands behind its last number where names of lines leave it room there. */
static bool name_stands_beside(const struct view *view, const struct plot *plot)
{
    double text = view->size.text, room = plot->right - plot->area.x - plot->area.width;
    return plot->low &&
           orl_letters_width(view->measure, plot->x_name, text, false) + NAME_BESIDE * text <= room;
}

/* Where labels of the x axis must end: before the name, where it stands among them. */
static double labels_end(const struct view *view, const struct plot *plot)
{
    double text = view->size.text, right = plot->area.x + plot->area.width;
    return plot->low && !name_stands_beside(view, plot)
               ? right - orl_letters_width(view->measure, plot->x_name, text, false) -
                     EM_ABOVE_PLOT * text
               : INFINITY;
}

/* Side by side, numbers need no zeros at their ends: 0, 0.5, 1. */
static void trim_zeros(char *label)
{
    size_t end = strlen(label);
    bool whole = strspn(label, "0123456789.\xe2\x88\x92") == end; /* no power of ten */
    if (!whole || !strchr(label, '.'))
        return;
    while (label[end - 1] == '0')
        label[--end] = '\0';
    if (label[end - 1] == '.')
        label[end - 1] = '\0';
}

static void x_ticks(const struct view *view, const struct plot *plot, struct orl_picture *picture)
{
    const struct theme *theme = view->theme;
    struct tick ticks[TICKS_MAX];
    double text = view->size.text, thin = orl_line_thin(view->size.line), used = -INFINITY;
    double bottom = plot->area.y + plot->area.height;
    double spacing = plot->x.scale == SCALE_SYMLOG
                         ? SYMLOG_APART
                         : COLUMNS_APART; /* with few ticks it would look linear */
    size_t count = orl_axis_ticks(&plot->x, wanted_ticks(plot->area.width, spacing * text), ticks);
    for (size_t i = 0; i < count; i++) {
        trim_zeros(ticks[i].label);
        double px = orl_axis_px(&plot->x, ticks[i].value),
               half = 0.5 * orl_letters_width(view->measure, ticks[i].label, text, false);
        double middle = fmax(fmin(px, plot->right - half),
                             plot->left + half); /* a wide one at the end moves inwards */
        if (!isfinite(px) || middle - half < used)
            continue; /* a label that would touch its neighbour is left out, with its line */
        used = middle + half + EM_GAP * text;
        if (!plot->bare)
            orl_mark_faint(orl_picture_segment(picture, round(px) + 0.5, bottom, round(px) + 0.5,
                                               bottom + TICK_LENGTH * text, thin, theme->axis));
        if (!plot->bare && middle + half <= labels_end(view, plot))
            orl_picture_text(picture, middle, bottom + EM_BELOW_TICKS * text, 0.5, text, false,
                             theme->muted, ticks[i].label);
    }
}

static void y_ticks(const struct view *view, const struct plot *plot, struct orl_picture *picture)
{
    const struct theme *theme = view->theme;
    struct tick ticks[TICKS_MAX];
    double text = view->size.text, thin = fmax(1.0, GRID_WIDTH * view->size.line), used = INFINITY;
    size_t count = orl_axis_ticks(&plot->y, wanted_rows(view, &plot->y, plot->area.height), ticks);
    for (size_t i = 0; i < count; i++) {
        double px = orl_axis_px(&plot->y, ticks[i].value);
        if (!isfinite(px) || px > used - NUMBER_APART * text) /* it would touch the one below it */
            continue;
        used = px;
        orl_mark_faint(orl_picture_segment(picture, plot->area.x, round(px) + 0.5,
                                           plot->area.x + plot->area.width, round(px) + 0.5, thin,
                                           theme->grid));
        if (!plot->bare_y)
            orl_picture_text(picture, plot->area.x - EM_GAP * text, px + EM_TICK * text, 1.0, text,
                             false, theme->muted, ticks[i].label);
    }
}

void orl_plot_still(const struct view *view, const struct plot *plot, struct orl_picture *picture)
{
    double text = view->size.text, right = plot->area.x + plot->area.width,
           bottom = plot->area.y + plot->area.height;
    x_ticks(view, plot, picture);
    y_ticks(view, plot, picture);
    orl_picture_segment(picture, plot->area.x, round(bottom) + 0.5, right, round(bottom) + 0.5,
                        fmax(1.0, view->size.line / 2.0), view->theme->axis);
    if (plot->y_name &&
        !plot->cell) { /* a name that is wider than the plot begins further to the left */
        double width = orl_letters_width(view->measure, plot->y_name, text, false);
        orl_picture_text(picture, fmax(plot->left, fmin(plot->area.x, plot->right - width)),
                         plot->area.y - EM_ABOVE_PLOT * text, 0.0, text, false, view->theme->ink,
                         plot->y_name);
    }
    if (plot->x_name && !plot->cell) {
        bool beside = name_stands_beside(view, plot);
        orl_picture_text(picture, beside ? right + NAME_BESIDE * text : right,
                         bottom + (plot->low ? EM_BELOW_TICKS : EM_BELOW_NAME) * text,
                         beside ? 0.0 : 1.0, text, false, view->theme->muted, plot->x_name);
    }
}

double orl_plot_key_dashes(const struct view *view, double right, double y,
                           struct orl_picture *picture)
{
    double text = view->size.text, line = view->size.line,
           left = right - DASHES * line; /* three dashes of 3.2, two gaps of 2.4 */
    struct orl_mark *mark = orl_picture_segment(picture, left, y - EM_MIDDLE * text, right,
                                                y - EM_MIDDLE * text, line, view->theme->truth);
    if (mark)
        mark->dash = ORL_DASH_DASHED;
    return left;
}

void orl_labels_spread(struct end_label *labels, size_t count, double distance, double top,
                       double bottom)
{
    struct {
        double sum;
        size_t size;
    } pools[LABELS_MAX]; /* of y - i * distance: labels that must stand shoulder to shoulder */
    size_t used = 0;
    if (count == 0 || count > LABELS_MAX)
        return;
    for (size_t i = 0; i < count; i++) {
        double y = fmin(fmax(labels[i].y, top), bottom);
        pools[used].sum = y - (double)i * distance;
        pools[used++].size = 1;
        while (used > 1 && pools[used - 1].sum / (double)pools[used - 1].size <
                               pools[used - 2].sum / (double)pools[used - 2].size) {
            pools[used - 2].sum += pools[used - 1].sum;
            pools[used - 2].size += pools[used - 1].size;
            used--;
        }
    }
    double low = top,
           high = bottom - (double)(count - 1) *
                               distance; /* limits of y - i * distance that keep all inside */
    for (size_t p = 0, i = 0; p < used; p++) {
        double base = pools[p].sum / (double)pools[p].size;
        base = high < low ? low : fmin(fmax(base, low), high);
        for (size_t k = 0; k < pools[p].size; k++, i++)
            labels[i].placed = base + (double)i * distance;
    }
}

static void draw_arrow(double x, double y, double half, bool up, struct orl_color color,
                       struct orl_picture *picture)
{
    double tip = up ? -half : half;
    const double arrow[] = {x - half, y - tip, x + half, y - tip, x, y + tip};
    orl_picture_area(picture, arrow, 3, color);
}

void orl_label_leader(const struct view *view, const struct plot *plot,
                      const struct end_label *label, double end, struct orl_picture *picture)
{
    double text = view->size.text, right = plot->area.x + plot->area.width, top = plot->area.y,
           bottom = top + plot->area.height;
    bool above = end<top - 0.5, below = end> bottom + 0.5;
    double away = above ? label->y - top : bottom - label->y, x = right + ARROW_X * text;
    if ((above || below) && away > FAR_OUT * plot->area.height) {
        draw_arrow(x, label->placed - ARROW_APART * text, ARROW_HALF * text, true, label->color,
                   picture);
        draw_arrow(x, label->placed + ARROW_APART * text, ARROW_HALF * text, false, label->color,
                   picture);
    } else if (above || below) {
        draw_arrow(x, label->placed, ARROW_ALONE * text, above, label->color, picture);
    } else {
        orl_mark_faint(orl_picture_segment(
            picture, right + LEADER_FROM * text, end, right + LEADER_TO * text, label->placed,
            fmax(1.0, LINE_LEADER * view->size.line), view->theme->axis));
    }
}
