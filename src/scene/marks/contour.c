/* Contours by marching squares. */
#include "scene/marks/contour.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/marks/metrics.h"

#define QUARTER 0.25 /* a cell's middle is the mean of its corners */

/* Marching squares (Lorensen & Cline 1987 in the plane) with the segments linked to closed loops.
 * The field gets a rim of points that lie below no level, so that every contour is closed. Every
 * edge between two neighbours, one below and one not, is crossed by just one contour, which enters
 * it from the cell on one side and goes on in the cell on the other: `next` holds, for each such
 * edge, the edge where the contour goes on, with what is below always on the same hand. */
struct march {
    const struct field *field;
    double level, step_x, step_y;
    size_t columns, rows; /* with the rim */
    uint8_t *below;       /* owned */
    uint32_t *next; /* owned: edges to the right first, then edges downwards; NONE where no contour
                       goes on */
    double *loop;   /* owned: the points of one loop */
    size_t loop_count, loop_capacity;
    size_t *kept; /* owned */
    size_t kept_capacity;
};

#define NONE   UINT32_MAX
#define RIM_PX 2.0 /* twice as far out as the outline goes there */

static double value_at(const struct march *m, size_t column, size_t row)
{
    if (column == 0 || row == 0 || column + 1 == m->columns || row + 1 == m->rows)
        return NAN;
    return m->field->values[(row - 1) * m->field->columns + column - 1];
}

static double place(size_t index, size_t count, double first, double length)
{
    if (index == 0)
        return first - RIM_PX;
    if (index + 1 == count)
        return first + length + RIM_PX;
    return first + length * (double)(index - 1) / (double)(count - 3);
}

static void node_px(const struct march *m, size_t column, size_t row, double xy[2])
{
    xy[0] = place(column, m->columns, m->field->area.x, m->field->area.width);
    xy[1] = place(row, m->rows, m->field->area.y, m->field->area.height);
}

/* Edge between a point and its right neighbour, or the one below it. */
static uint32_t edge_right(const struct march *m, size_t column, size_t row)
{
    return (uint32_t)(row * m->columns + column);
}

static uint32_t edge_down(const struct march *m, size_t column, size_t row)
{
    return (uint32_t)((m->rows + row) * m->columns + column);
}

/* Where the level crosses an edge: by linear interpolation, half way to a hole. */
static void crossing(const struct march *m, uint32_t edge, double xy[2])
{
    size_t nodes = m->columns * m->rows, at = edge % nodes, column = at % m->columns,
           row = at / m->columns;
    size_t column2 = column + (edge < nodes), row2 = row + (edge >= nodes);
    double a = value_at(m, column, row), b = value_at(m, column2, row2), t = 0.5, p[2], q[2];
    if (isfinite(a) && isfinite(b))
        t = (0.5 * m->level - 0.5 * a) /
            (0.5 * b - 0.5 * a); /* halves: the difference of huge numbers stays finite */
    t = t > 0.0 ? fmin(t, 1.0) : 0.0;
    node_px(m, column, row, p);
    node_px(m, column2, row2, q);
    xy[0] = p[0] + t * (q[0] - p[0]);
    xy[1] = p[1] + t * (q[1] - p[1]);
}

/* Is the middle of a saddle below? */
static bool saddle_below(const struct march *m, size_t column, size_t row)
{
    double middle = QUARTER * value_at(m, column, row) + QUARTER * value_at(m, column + 1, row) +
                    QUARTER * value_at(m, column, row + 1) +
                    QUARTER * value_at(m, column + 1, row + 1);
    return middle <= m->level;
}

/* One cell's segments. Its sides are numbered clockwise from the top; a segment leads from a side
 * whose counterclockwise corner is below to one whose clockwise corner is. */
static void march_cell(struct march *m, size_t column, size_t row)
{
    const size_t at = row * m->columns + column;
    const bool corner[] = {m->below[at], m->below[at + 1], m->below[at + m->columns + 1],
                           m->below[at + m->columns]};
    const uint32_t side[] = {edge_right(m, column, row), edge_down(m, column + 1, row),
                             edge_right(m, column, row + 1), edge_down(m, column, row)};
    bool saddle = corner[0] == corner[2] && corner[1] == corner[3] && corner[0] != corner[1];
    bool joined = saddle && saddle_below(m, column, row);
    for (size_t s = 0; s < 4; s++) {
        if (!corner[s] || corner[(s + 1) % 4])
            continue; /* no segment begins here */
        size_t end = s;
        if (saddle)
            end = joined ? (s + 1) % 4 : (s + 3) % 4;
        else
            do
                end = (end + 1) % 4;
            while (corner[end] || !corner[(end + 1) % 4]);
        m->next[side[s]] = side[end];
    }
}

static int keep_loop(struct march *m, double tolerance, struct outline *out, struct orl_error *err)
{
    size_t needed = 2 * (out->count + m->loop_count + 1);
    if (!orl_reserve((void **)&m->kept, &m->kept_capacity, m->loop_count, sizeof *m->kept) ||
        !orl_reserve((void **)&out->xy, &out->capacity, needed, sizeof *out->xy))
        return orl_fail_memory(err);
    size_t kept = orl_polyline_thin(m->loop, m->loop_count, tolerance, m->kept);
    if (kept < 4)
        return ORL_OK; /* closed, and flat: nothing to see */
    if (out->count) {
        out->xy[2 * out->count] = out->xy[2 * out->count + 1] = NAN;
        out->count++;
    }
    for (size_t i = 0; i + 1 < kept; i++, out->count++) { /* the last is the first again */
        out->xy[2 * out->count] = m->loop[2 * m->kept[i]];
        out->xy[2 * out->count + 1] = m->loop[2 * m->kept[i] + 1];
    }
    return ORL_OK;
}

static int follow(struct march *m, uint32_t first, double tolerance, struct outline *out,
                  struct orl_error *err)
{
    m->loop_count = 0;
    for (uint32_t edge = first; edge != NONE;) {
        if (!orl_reserve((void **)&m->loop, &m->loop_capacity, 2 * m->loop_count + 4,
                         sizeof *m->loop))
            return orl_fail_memory(err);
        crossing(m, edge, m->loop + 2 * m->loop_count++);
        uint32_t next = m->next[edge];
        m->next[edge] = NONE;
        edge = next;
    }
    return keep_loop(m, tolerance, out, err);
}

static int march_all(struct march *m, double tolerance, struct outline *out, struct orl_error *err)
{
    for (size_t row = 0; row < m->rows; row++)
        for (size_t column = 0; column < m->columns; column++) {
            double value = value_at(m, column, row);
            m->below[row * m->columns + column] = isfinite(value) && value <= m->level;
        }
    size_t edges = 2 * m->columns * m->rows;
    for (size_t e = 0; e < edges; e++)
        m->next[e] = NONE;
    for (size_t row = 0; row + 1 < m->rows; row++)
        for (size_t column = 0; column + 1 < m->columns; column++)
            march_cell(m, column, row);
    int ret = ORL_OK;
    for (size_t e = 0; ret == ORL_OK && e < edges; e++)
        if (m->next[e] != NONE)
            ret = follow(m, (uint32_t)e, tolerance, out, err);
    return ret;
}

int orl_contour_below(const struct field *field, double level, double tolerance,
                      struct outline *out, struct orl_error *err)
{
    struct march m = {
        .field = field, .level = level, .columns = field->columns + 2, .rows = field->rows + 2};
    size_t nodes;
    out->count = 0;
    if (!orl_size_mul(m.columns, m.rows, &nodes) || nodes > UINT32_MAX / 4)
        return orl_fail(err, ORL_EBUG, "a field of %zu × %zu points", field->columns, field->rows);
    m.below = orl_calloc(nodes, sizeof *m.below);
    m.next = orl_calloc(nodes, 2 * sizeof *m.next);
    int ret = m.below && m.next ? march_all(&m, tolerance, out, err) : orl_fail_memory(err);
    free(m.below);
    free(m.next);
    free(m.loop);
    free(m.kept);
    return ret;
}

void orl_outline_uninit(struct outline *outline)
{
    free(outline->xy);
    *outline = (struct outline){0};
}

/* The directions from a kept point in which a line passes all points so far within the tolerance:
 * from `low` to `high` (radians, about `middle`). */
struct cone {
    double middle, low, high, reach;
    bool open; /* no point has narrowed it */
};

/* Narrow the cone by a point at (dx, dy); false where the point lies outside of it, or turns back.
 */
static bool narrow(struct cone *cone, double dx, double dy, double tolerance)
{
    double distance = hypot(dx, dy);
    if (distance <= tolerance)
        return cone->open || cone->reach <= 2.0 * tolerance;
    double angle = atan2(dy, dx), half = asin(tolerance / distance);
    if (cone->open) {
        *cone = (struct cone){angle, -half, half, distance, false};
        return true;
    }
    double off = remainder(angle - cone->middle, FULL_TURN);
    if (off < cone->low || off > cone->high || distance < cone->reach - tolerance)
        return false;
    cone->low = fmax(cone->low, off - half);
    cone->high = fmin(cone->high, off + half);
    cone->reach = fmax(cone->reach, distance);
    return true;
}

size_t orl_polyline_thin(const double *xy, size_t count, double tolerance, size_t *kept)
{
    size_t used = 0, from = 0;
    struct cone cone = {.open = true};
    if (count == 0)
        return 0;
    kept[used++] = 0;
    for (size_t i = 1; i < count; i++) {
        if (narrow(&cone, xy[2 * i] - xy[2 * from], xy[2 * i + 1] - xy[2 * from + 1], tolerance))
            continue;
        from = i - 1; /* the line ends at the point before; this one is the first that it meets from
                         there */
        kept[used++] = from;
        cone = (struct cone){.open = true};
        (void)narrow(&cone, xy[2 * i] - xy[2 * from], xy[2 * i + 1] - xy[2 * from + 1], tolerance);
    }
    if (kept[used - 1] != count - 1)
        kept[used++] = count - 1;
    return used;
}
