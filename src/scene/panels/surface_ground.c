/* The ground of a surface: the loss over a plane as thirteen bands between levels that rise by a
 * constant factor, with a thin line on each level. It carries the form and stays pale, so that the
 * paths of the runs are what is seen. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/metrics.h"
#include "scene/panels/surface.h"

#define POINTS_LEAST 8.0   /* of data: what a loss costs at least */
#define FLAT_EDGE    0.02  /* of a span without a logarithm: bands begin and end so far inside */
#define BELOW_LOW    1e-3  /* of the lowest band's edge: below it all is one colour */
#define HATCH        0.7   /* of the text's size, between hatches */
#define HATCH_WIDTH  0.3   /* of a line */
#define CELL_PX      3.0   /* levels are smooth between points that are as near as this */
#define WORK         1.5e7 /* points of data that are evaluated at most for one surface, about */
#define TOLERANCE_PX 0.12
/* Quantiles of the heights over the plane: of the lowest level and of the highest one, which lie at
 * most this factor apart. */
#define LOW_SHARE  0.01
#define HIGH_SHARE 0.98
#define LEVEL_SPAN 1e4
enum { NODES_LEAST = 33, NODES_MOST = 301 };

/* ---- Evaluating ------------------------------------------------------------------------------ */

int orl_ground_pick_rows(const struct orl_problem *problem, struct ground *ground,
                         struct orl_error *err)
{
    const struct orl_dataset *data = orl_problem_data(problem);
    ground->share = 1.0;
    if (!data || data->rows <= SURFACE_POINTS_MAX)
        return ORL_OK;
    ground->rows = orl_calloc(SURFACE_POINTS_MAX, sizeof *ground->rows);
    if (!ground->rows)
        return orl_fail_memory(err);
    ground->row_count = SURFACE_POINTS_MAX;
    for (size_t i = 0; i < SURFACE_POINTS_MAX; i++)
        ground->rows[i] = (uint32_t)(((double)i + 0.5) * (double)data->rows / SURFACE_POINTS_MAX);
    if (!orl_problem_loss(problem)->mean)
        ground->share = SURFACE_POINTS_MAX / (double)data->rows;
    return ORL_OK;
}

double orl_ground_loss(const struct view *view, const struct ground *ground, size_t run,
                       const double *parameters)
{
    double loss = NAN;
    orl_problem_evaluate(view->runs[run].problem, view->workspaces[run], parameters, ground->rows,
                         ground->row_count, &loss, NULL);
    return loss / ground->share;
}

/* As many points as can be seen and as the data allow in a moment. */
static void size_field(const struct view *view, const struct ground *ground, size_t run,
                       struct field *field)
{
    const struct orl_dataset *data = orl_problem_data(view->runs[run].problem);
    double points = ground->rows ? (double)ground->row_count : data ? (double)data->rows : 1.0;
    double cell = fmax(
        CELL_PX, sqrt(field->area.width * field->area.height * fmax(points, POINTS_LEAST) / WORK));
    double columns = fmin(fmax(ceil(field->area.width / cell), NODES_LEAST), NODES_MOST);
    double rows = fmin(fmax(ceil(field->area.height / cell), NODES_LEAST), NODES_MOST);
    field->columns = (size_t)columns;
    field->rows = (size_t)rows;
}

static void evaluate(const struct view *view, const struct ground *ground, size_t run,
                     const struct plane *plane, const struct plot *plot, struct field *field)
{
    for (size_t row = 0; row < field->rows; row++) {
        double b = orl_axis_value(&plot->y, field->area.y + field->area.height * (double)row /
                                                                (double)(field->rows - 1));
        for (size_t column = 0; column < field->columns; column++) {
            double a = orl_axis_value(&plot->x, field->area.x + field->area.width * (double)column /
                                                                    (double)(field->columns - 1));
            orl_plane_point(plane, a, b, plane->point);
            field->values[row * field->columns + column] =
                orl_ground_loss(view, ground, run, plane->point);
        }
    }
}

/* ---- Levels ---------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Turn losses into half their height above the least loss known: halves, so that the difference of
 * two of the largest numbers is still one. Returns how many are finite; these stand in `sorted`. */
static size_t field_heights(struct field *field, struct ground *ground, double *sorted)
{
    size_t nodes = field->columns * field->rows, finite = 0;
    for (size_t i = 0; i < nodes; i++)
        if (isfinite(field->values[i])) {
            ground->lowest = fmin(ground->lowest, field->values[i]);
            finite++;
        }
    for (size_t i = 0, k = 0; i < nodes; i++)
        if (isfinite(field->values[i])) {
            field->values[i] = 0.5 * field->values[i] - 0.5 * ground->lowest;
            sorted[k++] = field->values[i];
        }
    qsort(sorted, finite, sizeof *sorted, compare_numbers);
    return finite;
}

/* The outline with the first point of each loop once more at its end: a fill closes loops by
 * itself, a stroke does not. */
static int close_loops(const struct outline *outline, struct outline *line, struct orl_error *err)
{
    size_t loops = 1, first = 0, n = 0;
    for (size_t i = 0; i < outline->count; i++)
        loops += isnan(outline->xy[2 * i]) ? 1 : 0;
    line->xy = orl_calloc(outline->count + loops, 2 * sizeof *line->xy);
    if (!line->xy)
        return orl_fail_memory(err);
    for (size_t i = 0; i <= outline->count && outline->count; i++) {
        bool ends = i == outline->count || isnan(outline->xy[2 * i]);
        if (ends && i > first)
            memcpy(line->xy + 2 * n++, outline->xy + 2 * first, 2 * sizeof *line->xy);
        if (i < outline->count)
            memcpy(line->xy + 2 * n++, outline->xy + 2 * i, 2 * sizeof *line->xy);
        first = ends ? i + 1 : first;
    }
    line->count = n;
    return ORL_OK;
}

/* The outlines of what lies below each level, evenly spaced between `low` and `high`. */
static int cut_levels(const struct field *field, double low, double high, struct ground *ground,
                      struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t k = 0; ret == ORL_OK && k < ground->levels; k++) {
        double level = low + (high - low) * (double)k / (double)(ground->levels - 1);
        ret = orl_contour_below(field, level, TOLERANCE_PX, &ground->below[k], err);
        if (ret == ORL_OK)
            ret = close_loops(&ground->below[k], &ground->lines[k], err);
    }
    return ret;
}

/* Levels that rise by a constant factor; evenly where all of the plane is about equally high. */
static int make_levels(struct field *field, struct ground *ground, struct orl_error *err)
{
    size_t nodes = field->columns * field->rows;
    double *sorted = orl_calloc(nodes, sizeof *sorted);
    if (!sorted)
        return orl_fail_memory(err);
    size_t finite = field_heights(field, ground, sorted);
    ground->holes = finite < nodes;
    double least = finite ? sorted[0] : 0.0, most = finite ? sorted[finite - 1] : 0.0, high = 0.0,
           low = 0.0;
    if (finite) {
        high = sorted[(size_t)(HIGH_SHARE * (double)(finite - 1))];
        low = fmax(sorted[(size_t)(LOW_SHARE * (double)(finite - 1))], high / LEVEL_SPAN);
    }
    free(sorted);
    int ret = orl_contour_below(field, INFINITY, TOLERANCE_PX, &ground->all, err);
    if (ret != ORL_OK || !(most > least)) { /* as flat as can be: one colour */
        ground->levels = 0;
        return ret;
    }
    if (!(high > low) || !(low > 0.0))
        return cut_levels(field, least + FLAT_EDGE * (most - least),
                          most - FLAT_EDGE * (most - least), ground, err);
    for (size_t i = 0; i < nodes; i++)
        if (isfinite(field->values[i]))
            field->values[i] = log(fmax(field->values[i] / low, BELOW_LOW));
    return cut_levels(field, 0.0, log(high / low), ground, err);
}

/* Where a minimum or best fit lies on the plane it is the lowest point, though no node meets it. */
static double known_least(const struct view *view, const struct ground *ground, size_t run,
                          const struct plane *plane)
{
    const double *truth = orl_problem_truth(view->runs[run].problem);
    double loss = truth && orl_plane_distance(plane, truth) < NEARLY
                      ? orl_ground_loss(view, ground, run, truth)
                      : INFINITY;
    return isfinite(loss) ? loss : INFINITY;
}

int orl_ground_make(const struct view *view, size_t run, const struct plane *plane,
                    const struct plot *plot, size_t levels, struct ground *ground,
                    struct orl_error *err)
{
    struct field field = {.area = plot->area};
    ground->levels = levels < 2 ? 2 : levels > LEVELS_MAX ? LEVELS_MAX : levels;
    size_field(view, ground, run, &field);
    field.values = orl_calloc(field.columns * field.rows, sizeof *field.values);
    if (!field.values)
        return orl_fail_memory(err);
    evaluate(view, ground, run, plane, plot, &field);
    ground->lowest = known_least(view, ground, run, plane);
    int ret = make_levels(&field, ground, err);
    free(field.values);
    orl_ground_colors(view->theme, ground);
    return ret;
}

void orl_ground_uninit(struct ground *ground)
{
    for (size_t k = 0; k < LEVELS_MAX; k++) {
        orl_outline_uninit(&ground->below[k]);
        orl_outline_uninit(&ground->lines[k]);
    }
    orl_outline_uninit(&ground->all);
    free(ground->rows);
    *ground = (struct ground){0};
}

/* ---- Colours --------------------------------------------------------------------------------- */

/* To whole steps of 8 bits: a palette then holds the very colour. */
static struct orl_color whole_steps(struct orl_color c)
{
    return (struct orl_color){round(BYTE * c.r) / BYTE, round(BYTE * c.g) / BYTE,
                              round(BYTE * c.b) / BYTE, 1.0};
}

void orl_ground_colors(const struct theme *theme, struct ground *ground)
{
    for (size_t k = 0; k <= ground->levels; k++) {
        double t = ground->levels ? (double)k / (double)ground->levels : 0.5;
        ground->colors[k] = whole_steps(orl_theme_ground(theme, t));
    }
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* Where there is no finite loss: hatched. */
static void draw_hatch(const struct view *view, struct orl_rect area, struct orl_picture *picture)
{
    double gap = HATCH * view->size.text;
    for (double at = area.x - area.height + gap; at < area.x + area.width; at += gap) {
        const double xy[] = {at, area.y + area.height, at + area.height, area.y};
        orl_mark_faint(orl_picture_clipped_line(
            picture, xy, 2, area, fmax(1.0, HATCH_WIDTH * view->size.line), view->theme->grid));
    }
}

static void draw_region(const struct outline *outline, struct orl_rect area, struct orl_color color,
                        struct orl_picture *picture)
{
    struct orl_mark *mark =
        outline->count ? orl_picture_area(picture, outline->xy, outline->count, color) : NULL;
    if (mark)
        mark->clip = area;
    orl_mark_faint(mark);
}

void orl_ground_draw(const struct view *view, const struct ground *ground, struct orl_rect area,
                     struct orl_picture *picture)
{
    if (ground->holes)
        draw_hatch(view, area, picture);
    draw_region(&ground->all, area, ground->colors[ground->levels], picture);
    for (size_t k = ground->levels; k-- > 0;)
        draw_region(&ground->below[k], area, ground->colors[k], picture);
    for (size_t k = 0; k < ground->levels; k++) {
        struct orl_color ink =
            orl_color_mix(ground->colors[k], view->theme->ink, view->theme->iso_share);
        const struct outline *line = &ground->lines[k];
        struct orl_mark *mark = line->count
                                    ? orl_picture_line(picture, line->xy, line->count,
                                                       view->size.line / LINE_THIN_PART, ink)
                                    : NULL;
        if (mark)
            mark->clip = area;
        orl_mark_faint(mark);
    }
}
