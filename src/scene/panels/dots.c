/* Dots, thinned dots, density. */
#include "scene/panels/dots.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/marks/metrics.h"
#include "scene/panels/axes.h"

/* Up to so many rows a dot has this radius, in lines. */
static const struct dot_size {
    size_t rows;
    double radius;
} dot_sizes[] = {{24, 2.2}, {150, 1.65}, {600, 1.2}, {SIZE_MAX, 0.85}};
#define DARKER      0.7  /* of ink in dots that are see-through ... */
#define MANY_SHARE  0.4  /* ... and in the key's dot of a density */
#define DENSE_SHARE 0.75 /* ... and in the squares with the most points */
#define CLEAREST    0.35 /* the opacity of dots that lie over each other: at least */
#define CLEAR_STEP  0.05
#define BIN_LINES   1.4 /* the side of a square, in lines */

enum { LEVELS = 5 };

static struct orl_color between(struct orl_color a, struct orl_color b, double share)
{
    b.a = share;
    return orl_color_over(b, a);
}

/* Where dots lie over each other they are see-through, but one alone still reaches 3:1: as
 * transparent as that allows, in a darker colour. */
static struct orl_color dot_color(const struct theme *theme, size_t count)
{
    struct orl_color color = between(theme->data, theme->ink, DARKER);
    if (count <= 60)
        return theme->data;
    for (double alpha = CLEAREST; alpha < 1.0; alpha += CLEAR_STEP) {
        color.a = alpha;
        if (orl_contrast(orl_color_over(color, theme->background), theme->background) >=
            CONTRAST_DOTS)
            return color;
    }
    return theme->data;
}

struct orl_color orl_dots_color(const struct view *view, size_t rows)
{
    return rows <= DOTS_MAX ? dot_color(view->theme, rows)
                            : between(view->theme->data, view->theme->ink, MANY_SHARE);
}

/* Few dots are so large that a curve through them does not hide them. */
double orl_dots_radius(const struct view *view, const struct plot *plot, size_t rows)
{
    const struct dot_size *size = dot_sizes;
    while (rows > size->rows)
        size++;
    return plot->scale * view->size.line * size->radius;
}

static void draw_dots(const struct view *view, const struct plot *plot, const double *x,
                      const double *y, size_t count, struct orl_picture *picture)
{
    double radius = orl_dots_radius(view, plot, count);
    struct orl_color color = dot_color(view->theme, count);
    for (size_t i = 0; i < count; i++) {
        const double xy[] = {orl_axis_px(&plot->x, x[i]), orl_axis_px(&plot->y, y[i])};
        if (orl_plot_holds(plot, xy))
            orl_picture_dots(picture, xy, 1, radius, ORL_MARKER_CIRCLE, color);
    }
}

/* The plot as squares of `side` px with the number of points in each. */
struct bins {
    size_t columns, rows, most;
    double side;
    uint32_t *counts; /* owned */
};

static bool count_points(const struct view *view, const struct plot *plot, const double *x,
                         const double *y, size_t rows, struct bins *bins)
{
    const struct orl_rect *area = &plot->area;
    bins->side = fmax(2.0, round(BIN_LINES * view->size.line));
    bins->columns = (size_t)(area->width / bins->side) + 1;
    bins->rows = (size_t)(area->height / bins->side) + 1;
    bins->counts = orl_calloc(bins->columns, bins->rows * sizeof *bins->counts);
    if (!bins->counts)
        return false;
    for (size_t i = 0; i < rows; i++) {
        double column = (orl_axis_px(&plot->x, x[i]) - area->x) / bins->side,
               row = (orl_axis_px(&plot->y, y[i]) - area->y) / bins->side;
        if (!(column >= 0.0 && row >= 0.0 && column < (double)bins->columns &&
              row < (double)bins->rows))
            continue;
        uint32_t *count = &bins->counts[(size_t)row * bins->columns + (size_t)column];
        *count += *count < UINT32_MAX;
        bins->most = *count > bins->most ? *count : bins->most;
    }
    return true;
}

/* Equal steps of the logarithm: one point already shows, the densest square is nearly ink. */
static size_t level_of(const struct bins *bins, uint32_t count)
{
    double share = bins->most > 1 ? log((double)count) / log((double)bins->most) : 0.0;
    size_t level = (size_t)(share * LEVELS);
    return level < LEVELS ? level : LEVELS - 1;
}

/* Neighbours of one level in a row are one rectangle. */
static void draw_bins(const struct view *view, const struct plot *plot, const struct bins *bins,
                      struct orl_picture *picture)
{
    for (size_t row = 0; row < bins->rows; row++)
        for (size_t column = 0; column < bins->columns;) {
            const uint32_t *counts = bins->counts + row * bins->columns;
            size_t end = column + 1;
            if (!counts[column]) {
                column++;
                continue;
            }
            size_t level = level_of(bins, counts[column]);
            while (end < bins->columns && counts[end] && level_of(bins, counts[end]) == level)
                end++;
            struct orl_rect rect = {round(plot->area.x) + (double)column * bins->side,
                                    round(plot->area.y) + (double)row * bins->side,
                                    (double)(end - column) * bins->side, bins->side};
            struct orl_mark *mark =
                orl_picture_rect(picture, rect,
                                 between(view->theme->data, view->theme->ink,
                                         DENSE_SHARE * (double)level / (LEVELS - 1)));
            if (mark)
                mark->clip = plot->area;
            column = end;
        }
}

void orl_dots_still(const struct view *view, const struct plot *plot, const double *x,
                    const double *y, size_t rows, struct orl_picture *picture)
{
    struct bins bins = {0};
    if (rows <= DOTS_MAX) {
        draw_dots(view, plot, x, y, rows, picture);
        return;
    }
    if (count_points(view, plot, x, y, rows, &bins))
        draw_bins(view, plot, &bins, picture);
    else
        picture->failed = true;
    free(bins.counts);
}

#define ABOVE_RADIUS 1.67 /* of a line: a curve of a line and a half shows on both sides */
#define ABOVE_SHARE  0.78

void orl_dots_above(const struct view *view, const struct plot *plot,
                    const struct orl_dataset *data, const size_t *rows, size_t count,
                    struct orl_picture *picture)
{
    struct orl_color color = view->theme->data;
    color.a = ABOVE_SHARE;
    while (color.a < 1.0 && orl_contrast(orl_color_over(color, view->theme->background),
                                         view->theme->background) < CONTRAST_DOTS)
        color.a = fmin(color.a + CLEAR_STEP, 1.0);
    for (size_t i = 0; i < count; i++) {
        const double xy[] = {orl_axis_px(&plot->x, data->values[0][rows[i]]),
                             orl_axis_px(&plot->y, data->response[rows[i]])};
        if (orl_plot_holds(plot, xy))
            orl_picture_dots(picture, xy, 1, ABOVE_RADIUS * plot->scale * view->size.line,
                             ORL_MARKER_CIRCLE, color);
    }
}
