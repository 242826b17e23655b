/* Bands about the middle of several runs. */
#include "scene/panels/spread.h"

#include <math.h>

#include "base/array.h"

#include "scene/panels/stepthin.h"

#define APART_PX       2.0  /* from one point of a band to the next */
#define PALE_OPACITY   0.16 /* from the least to the greatest */
#define MIDDLE_OPACITY 0.26 /* between the quartiles, on top of it */

size_t orl_spread_room(size_t points)
{
    return 4 * (points + 1);
}

/* Where a loss of the spread lies in the plot: what is beyond it, or lost, at its edge. */
static double edge_px(const struct step_plot *plot, const struct step_line *line, double value)
{
    const struct axis *y = &plot->plot.y;
    return orl_axis_px(y, fmin(fmax(value - line->spread_base, y->low), y->high));
}

int orl_spread_lay(const struct view *view, const struct step_plot *plot, struct step_line *line,
                   struct orl_error *err)
{
    size_t most = (size_t)(plot->plot.area.width / APART_PX) + 3;
    double at[2], last = -INFINITY;
    if (!line->spread || line->count == 0)
        return ORL_OK;
    line->spread_rows = orl_calloc(most, sizeof *line->spread_rows);
    if (!line->spread_rows)
        return orl_fail_memory(err);
    for (size_t row = line->rows[0]; row <= line->last_row && line->spread_count < most; row++) {
        orl_step_place(view, plot, line, row, at);
        if (at[0] < last + APART_PX && row < line->last_row)
            continue;
        line->spread_rows[line->spread_count++] = row;
        last = at[0];
    }
    return ORL_OK;
}

/* One band: along its upper edge to the head's row, and back along the lower one. */
static void band_draw(const struct view *view, const struct step_plot *plot,
                      const struct step_line *line, size_t head, int low, int high, double opacity,
                      double *xy, struct orl_picture *picture)
{
    size_t count = 0;
    while (count < line->spread_count && line->spread_rows[count] < head)
        count++;
    size_t points = count + 1;
    for (size_t i = 0; i < points; i++) {
        size_t row = i < count ? line->spread_rows[i] : head, back = 2 * points - 1 - i;
        const double *spread = line->spread + row * ORL_SPREAD;
        double at[2];
        orl_step_place(view, plot, line, row, at);
        xy[2 * i] = xy[2 * back] = at[0];
        xy[2 * i + 1] = edge_px(plot, line, spread[high]);
        xy[2 * back + 1] = edge_px(plot, line, spread[low]);
    }
    orl_mark_faint(
        orl_picture_area(picture, xy, 2 * points, orl_color_fade(line->style.color, opacity)));
}

void orl_spread_draw(const struct view *view, const struct step_plot *plot,
                     const struct step_line *line, size_t frame, double *scratch,
                     struct orl_picture *picture)
{
    size_t count, row;
    if (!line->spread)
        return;
    row = orl_step_head_row(line, orl_view_row(view, line->run, frame), &count);
    if (row == SIZE_MAX || count == 0)
        return;
    band_draw(view, plot, line, row, ORL_SPREAD_LEAST, ORL_SPREAD_GREATEST, PALE_OPACITY, scratch,
              picture);
    band_draw(view, plot, line, row, ORL_SPREAD_LOW, ORL_SPREAD_HIGH, MIDDLE_OPACITY, scratch,
              picture);
}
