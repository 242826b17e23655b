/* How much of the paths lies in a rectangle, by sums over a grid of cells: the names that ride with
 * the heads ask it for each of their places in every frame. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/panels/surface.h"

int orl_tally_init(struct tally *tally, const struct paths *paths, struct orl_error *err)
{
    *tally = (struct tally){.area = paths->area};
    tally->columns = (size_t)(paths->area.width / TALLY_STEP) + 1;
    tally->rows = (size_t)(paths->area.height / TALLY_STEP) + 1;
    tally->cells = orl_calloc(tally->columns * tally->rows, sizeof *tally->cells);
    tally->corner = orl_calloc((tally->columns + 1) * (tally->rows + 1), sizeof *tally->corner);
    tally->drawn = orl_calloc(paths->count, sizeof *tally->drawn);
    return tally->cells && tally->corner && tally->drawn ? ORL_OK : orl_fail_memory(err);
}

void orl_tally_uninit(struct tally *tally)
{
    free(tally->cells);
    free(tally->corner);
    free(tally->drawn);
}

static size_t cell_index(double at, double first, size_t count)
{
    double cell = floor((at - first) / TALLY_STEP);
    return !(cell > 0.0) ? 0 : cell >= (double)count ? count - 1 : (size_t)cell;
}

static void tally_segment(struct tally *tally, const double *a, const double *b)
{
    double t0, t1;
    if (!isfinite(a[0]) || !isfinite(b[0]) || !orl_segment_clip(a, b, tally->area, &t0, &t1))
        return;
    size_t samples = (size_t)((t1 - t0) * hypot(b[0] - a[0], b[1] - a[1]) / TALLY_STEP) + 1;
    for (size_t s = 0; s < samples; s++) {
        double t = t0 + (t1 - t0) * ((double)s + 0.5) / (double)samples;
        size_t column = cell_index(a[0] + t * (b[0] - a[0]), tally->area.x, tally->columns),
               row = cell_index(a[1] + t * (b[1] - a[1]), tally->area.y, tally->rows);
        tally->cells[row * tally->columns + column]++;
    }
}

void orl_tally_until(struct tally *tally, const struct paths *paths, size_t frame)
{
    for (size_t r = paths->first; r < paths->first + paths->shown; r++) {
        const struct path *path = &paths->items[r];
        size_t row = orl_view_row(paths->view, r, frame), *i = &tally->drawn[r];
        for (; *i + 1 < path->count && path->rows[*i + 1] <= row; ++*i)
            tally_segment(tally, path->xy + 2 * *i, path->xy + 2 * *i + 2);
    }
    for (size_t row = 0; row < tally->rows; row++) {
        uint32_t sum = 0, *above = tally->corner + row * (tally->columns + 1),
                 *here = above + tally->columns + 1;
        for (size_t column = 0; column < tally->columns; column++) {
            sum += tally->cells[row * tally->columns + column];
            here[column + 1] = above[column + 1] + sum;
        }
    }
}

double orl_tally_in(const struct tally *tally, const struct orl_rect *box)
{
    size_t left = cell_index(box->x, tally->area.x, tally->columns),
           right = cell_index(box->x + box->width, tally->area.x, tally->columns) + 1,
           top = cell_index(box->y, tally->area.y, tally->rows),
           bottom = cell_index(box->y + box->height, tally->area.y, tally->rows) + 1,
           width = tally->columns + 1;
    return (double)tally->corner[bottom * width + right] - tally->corner[top * width + right] -
           tally->corner[bottom * width + left] + tally->corner[top * width + left];
}
