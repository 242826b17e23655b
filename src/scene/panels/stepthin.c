/* Lines over steps, thinned to pixels. */
#include "scene/panels/stepthin.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

#define SPARE_WIDTH  0.8 /* of a line: what may be left out of a band */
#define SHARED       0.4 /* of the lower of two columns: they cover the same heights */
#define TOLERANCE_PX 0.2
#define BAND_LEAST   1.5 /* line widths between lowest and highest */
enum { BAND_COLUMNS = 8, MANY = 12 };
#define EDGE_FAR_PX 1e4 /* "beyond the edge", for values that have no place on the axis */

/* The pixel of a value; what has no place on the axis (0 on a logarithmic one) lies far below it.
 */
double orl_step_y(const struct step_plot *plot, double value)
{
    double px = orl_axis_px(&plot->plot.y, value);
    return isnan(px) && !isnan(value) ? plot->plot.area.y + plot->plot.area.height + EDGE_FAR_PX
                                      : px;
}

static bool outside(const struct step_plot *plot, double value)
{
    const struct orl_rect *area = &plot->plot.area;
    double px = orl_step_y(plot, value);
    return !isnan(px) && (px < area->y - 1.0 || px > area->y + area->height + 1.0);
}

/* Below a floor nobody tells one loss from another: the line is over. */
static bool below_floor(const struct step_plot *plot, double value)
{
    double px = plot->floor ? orl_step_y(plot, value) : NAN;
    return px > plot->plot.area.y + plot->plot.area.height;
}

static void keep_point(const struct view *view, const struct step_plot *plot,
                       struct step_line *line, size_t row)
{
    line->xy[2 * line->count] =
        orl_axis_px(&plot->plot.x, (double)orl_step_trace(view, line)->step[row]);
    line->xy[2 * line->count + 1] = orl_step_y(plot, orl_step_value(line, row));
    line->rows[line->count++] = row;
}

/* Rows of one column of pixels: first, lowest, highest and last of those that hold a number, in
 * their order; of very many the lowest and the highest. */
static void keep_column(const struct view *view, const struct step_plot *plot,
                        struct step_line *line, size_t begin, size_t end)
{
    while (begin < end && isnan(orl_step_value(line, begin)))
        begin++;
    while (end > begin && isnan(orl_step_value(line, end - 1)))
        end--;
    if (begin == end)
        return;
    size_t low = begin, high = begin;
    for (size_t i = begin; i < end; i++) {
        low = orl_step_value(line, i) < orl_step_value(line, low) ? i : low;
        high = orl_step_value(line, i) > orl_step_value(line, high) ? i : high;
    }
    const size_t picks[] = {begin, low < high ? low : high, low < high ? high : low, end - 1};
    bool tall = fabs(orl_step_y(plot, orl_step_value(line, high)) -
                     orl_step_y(plot, orl_step_value(line, low))) > BAND_LEAST * plot->width;
    for (size_t k = tall; k < (tall ? 3 : 4); k++)
        if (line->count == 0 || line->rows[line->count - 1] < picks[k])
            keep_point(view, plot, line, picks[k]);
    if (tall) /* may be part of a band */
        line->dense[line->count - 1] = line->dense[line->count - 2] = true;
}

/* The line ends where it leaves the plot for the first time: how a run that goes astray swings
 * beyond the edges tells no one anything. */
static void cut_line(const struct view *view, const struct step_plot *plot, struct step_line *line,
                     size_t column)
{
    const struct orl_rect *area = &plot->plot.area;
    size_t last = line->left_row;
    if (column < last)
        keep_column(view, plot, line, column, last);
    keep_point(view, plot, line, last);
    line->cut = true;
    const double *b = line->xy + 2 * (line->count - 1), *a = line->count > 1 ? b - 2 : b;
    double edge = b[1] < area->y ? area->y : area->y + area->height,
           share = b[1] != a[1] ? (edge - a[1]) / (b[1] - a[1]) : 1.0;
    share = fmin(fmax(share, 0.0), 1.0);
    line->exit[0] = fmin(fmax(a[0] + share * (b[0] - a[0]), area->x), area->x + area->width);
    line->exit[1] = edge;
}

/* Thinned to what can be seen: at most four points in each column of pixels. */
static int thin(const struct view *view, const struct step_plot *plot, struct step_line *line,
                struct orl_error *err)
{
    const struct orl_trace *trace = orl_step_trace(view, line);
    size_t begin = orl_pace_row(trace, view->pace.from), last = orl_pace_row(trace, view->pace.to);
    size_t columns = (size_t)plot->plot.area.width + 3, rows = last + 1 - begin,
           room = rows < 4 * columns ? rows : 4 * columns;
    double wide =
        fmax(1.0, SPARE_WIDTH *
                      plot->width); /* pixels: within a line's own width no one sees its turns */
    line->xy = orl_calloc(room + 1, 2 * sizeof *line->xy);
    line->rows = orl_calloc(room + 1, sizeof *line->rows);
    line->dense = orl_calloc(room + 1, sizeof *line->dense);
    line->left_row = SIZE_MAX;
    line->last_row = last;
    if (!line->xy || !line->rows || !line->dense)
        return orl_fail_memory(err);
    for (size_t row = begin; row <= last;) {
        double column = floor(orl_axis_px(&plot->plot.x, (double)trace->step[row]) / wide);
        size_t end = row;
        for (; end <= last &&
               floor(orl_axis_px(&plot->plot.x, (double)trace->step[end]) / wide) == column;
             end++) {
            double value = orl_step_value(line, end);
            if ((line->left_row == SIZE_MAX && outside(plot, value)) || below_floor(plot, value))
                line->left_row = end;
            if (below_floor(plot, value))
                break;
        }
        end = end > row ? end : row + 1;
        bool over =
            line->left_row <= last && below_floor(plot, orl_step_value(line, line->left_row));
        if (over || (line->left_row < end && orl_step_astray(view, line->run))) {
            cut_line(view, plot, line, row);
            return ORL_OK;
        }
        if (line->count + (end - row < 4 ? end - row : 4) <= room)
            keep_column(view, plot, line, row, end);
        row = end;
    }
    return ORL_OK;
}

/* Leave out points that lie within a fraction of a pixel of the straight line between those kept:
 * what a stroke costs is its points. (A cone of slopes from the last kept point through the
 * tolerance about each point since.) */
static void move_point(struct step_line *line, size_t to, size_t from)
{
    memmove(line->xy + 2 * to, line->xy + 2 * from, 2 * sizeof *line->xy);
    line->rows[to] = line->rows[from];
    line->dense[to] = line->dense[from];
}

static void straighten(struct step_line *line, double tolerance)
{
    size_t kept = 0, anchor = 0; /* the last kept point, by its place now and before */
    double low = -INFINITY, high = INFINITY;
    for (size_t i = 1; i < line->count; i++) {
        const double *from = line->xy + 2 * kept, *at = line->xy + 2 * i;
        double dx = at[0] - from[0], dy = at[1] - from[1];
        if (!line->dense[i] && dx > 0.0 && dy / dx >= low && dy / dx <= high) {
            low = fmax(low, (dy - tolerance) / dx);
            high = fmin(high, (dy + tolerance) / dx);
            continue;
        }
        size_t keep =
            anchor + 1 < i
                ? i - 1
                : i; /* the one before is the end of what was straight; go on from there */
        move_point(line, ++kept, keep);
        anchor = i = keep;
        low = -INFINITY;
        high = INFINITY;
    }
    if (anchor + 1 < line->count)
        move_point(line, ++kept, line->count - 1);
    line->count = line->count ? kept + 1 : 0;
}

/* Points from `from` on that belong together: a band of columns, or a stroke. */
size_t orl_step_part_end(const struct step_line *line, size_t from, size_t count)
{
    size_t end = from;
    while (end < count && line->dense[end] == line->dense[from])
        end++;
    return end;
}

/* Two columns cover the same heights for the most part: the line goes up and down, and is not just
 * steep. */
static bool overlap(const double *a, const double *b)
{
    double high = fmin(fmax(a[1], a[3]), fmax(b[1], b[3])),
           low = fmax(fmin(a[1], a[3]), fmin(b[1], b[3]));
    return high - low > SHARED * fmin(fabs(a[3] - a[1]), fabs(b[3] - b[1]));
}

/* Keep the bands where several columns in a row cover much the same; a steep line is none. True
 * where any is left. */
static bool find_bands(struct step_line *line)
{
    bool any = false;
    for (size_t from = 0, end; from < line->count; from = end) {
        size_t part = orl_step_part_end(line, from, line->count);
        end = line->dense[from] ? from + 2
                                : part; /* one past the columns that overlap each the one before */
        while (line->dense[from] && end + 1 < part &&
               overlap(line->xy + 2 * (end - 2), line->xy + 2 * end))
            end += 2;
        bool band = line->dense[from] && end - from >= 2 * BAND_COLUMNS;
        for (size_t i = from; !band && i < end && i < line->count; i++)
            line->dense[i] = false;
        any |= band;
    }
    return any;
}

int orl_step_line_thin(const struct view *view, const struct step_plot *plot,
                       struct step_line *line, bool *banded, struct orl_error *err)
{
    int ret = thin(view, plot, line, err);
    if (ret != ORL_OK)
        return ret;
    straighten(line, plot->count > MANY ? 2.0 * TOLERANCE_PX : TOLERANCE_PX);
    *banded |= find_bands(line);
    return ORL_OK;
}

/* The last row at or before `row` that holds a number; SIZE_MAX: none. `shown` becomes the number
 * of kept points up to it. */
size_t orl_step_head_row(const struct step_line *line, size_t row, size_t *shown)
{
    size_t low = 0, high = line->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line->rows[middle] <= row)
            low = middle + 1;
        else
            high = middle;
    }
    *shown = low;
    if (low == 0)
        return SIZE_MAX;
    row = line->cut && row > line->left_row ? line->left_row : row;
    row = row > line->last_row ? line->last_row : row;
    while (row > line->rows[low - 1] && isnan(orl_step_value(line, row)))
        row--;
    return row;
}

/* The place of a row, kept inside the plot: what lies beyond shows at the edge. */
void orl_step_place(const struct view *view, const struct step_plot *plot,
                    const struct step_line *line, size_t row, double xy[2])
{
    const struct orl_rect *area = &plot->plot.area;
    if (line->cut && row >= line->left_row) {
        memcpy(xy, line->exit, sizeof line->exit);
        return;
    }
    double x = orl_axis_px(&plot->plot.x, (double)orl_step_trace(view, line)->step[row]),
           y = orl_step_y(plot, orl_step_value(line, row));
    xy[0] = isnan(x) ? area->x : fmin(fmax(x, area->x), area->x + area->width);
    xy[1] = isnan(y) ? area->y + area->height : fmin(fmax(y, area->y), area->y + area->height);
}
