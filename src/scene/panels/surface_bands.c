/* The loss over a plane as nested bands of colour. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/panels/surface.h"

#define CELL_PX      4.0   /* finer than this no one sees */
#define WORK         1.5e7 /* points of data that are evaluated at most for one surface, about */
#define TOLERANCE_PX 0.12
/* The share of the plane where the levels turn from evenly spaced to logarithmic. */
#define LOW_SHARE  0.004
#define HIGH_SHARE 0.995
/* Times as high above the ground as the runs ever were: further up all is one colour. */
#define HIGH_WAYS 20.0
enum { NODES_LEAST = 33, NODES_MOST = 241 };

/* ---- Evaluating ------------------------------------------------------------------------------ */

int orl_bands_pick_rows(const struct orl_problem *problem, struct bands *bands,
                        struct orl_error *err)
{
    const struct orl_dataset *data = orl_problem_data(problem);
    bands->share = 1.0;
    if (!data || data->rows <= SURFACE_POINTS_MAX)
        return ORL_OK;
    bands->rows = orl_calloc(SURFACE_POINTS_MAX, sizeof *bands->rows);
    if (!bands->rows)
        return orl_fail_memory(err);
    bands->row_count = SURFACE_POINTS_MAX;
    for (size_t i = 0; i < SURFACE_POINTS_MAX; i++)
        bands->rows[i] = (uint32_t)(((double)i + 0.5) * (double)data->rows / SURFACE_POINTS_MAX);
    if (!orl_problem_loss(problem)->mean)
        bands->share = SURFACE_POINTS_MAX / (double)data->rows;
    return ORL_OK;
}

double orl_bands_loss(const struct view *view, const struct bands *bands, size_t run,
                      const double *parameters)
{
    double loss = NAN;
    orl_problem_evaluate(view->runs[run].problem, view->workspaces[run], parameters, bands->rows,
                         bands->row_count, &loss, NULL);
    return loss / bands->share;
}

/* As many points as can be seen and as the data allow in a moment. */
static void size_field(const struct view *view, const struct bands *bands, size_t run,
                       struct field *field)
{
    const struct orl_dataset *data = orl_problem_data(view->runs[run].problem);
    double points = bands->rows ? (double)bands->row_count : data ? (double)data->rows : 1.0;
    double cell =
        fmax(CELL_PX, sqrt(field->area.width * field->area.height * fmax(points, 8.0) / WORK));
    double columns = fmin(fmax(ceil(field->area.width / cell), NODES_LEAST), NODES_MOST);
    double rows = fmin(fmax(ceil(field->area.height / cell), NODES_LEAST), NODES_MOST);
    field->columns = (size_t)columns;
    field->rows = (size_t)rows;
}

static void evaluate(const struct view *view, const struct bands *bands, size_t run,
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
                orl_bands_loss(view, bands, run, plane->point);
        }
    }
}

/* ---- Levels ---------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Heights: log(1 + (loss - lowest)/low), with `low` reached by a small share of the plane. Evenly
 * spaced levels of it are evenly spaced losses on the ground of the valley and powers far up, so
 * that a valley is seen however many decades the loss spans, and wherever its zero is. Returns the
 * greatest height that counts. */
static double to_heights(struct field *field, const double *sorted, size_t finite, double ways,
                         struct bands *bands)
{
    double lowest = bands->lowest, top = sorted[(size_t)(HIGH_SHARE * (double)(finite - 1))];
    if (isfinite(ways) && ways > lowest)
        top = fmin(top, lowest + HIGH_WAYS * (ways - lowest));
    bands->open = sorted[finite - 1] > top;
    double low = 0.5 * sorted[(size_t)(LOW_SHARE * (double)(finite - 1))] - 0.5 * lowest;
    double least =
        1e-9 *
        (0.5 * top - 0.5 * lowest); /* plane ground: more decades than that would be rounding */
    low = fmax(fmax(low, least), 1e-320);
    for (size_t i = 0; i < field->columns * field->rows; i++)
        if (isfinite(field->values[i]))
            field->values[i] = log1p(fmax(0.5 * field->values[i] - 0.5 * lowest, 0.0) / low);
    bands->highest = top;
    return log1p(fmax(0.5 * top - 0.5 * lowest, 0.0) / low);
}

static int cut(struct field *field, double top, struct bands *bands, struct orl_error *err)
{
    int ret = orl_contour_below(field, INFINITY, TOLERANCE_PX, &bands->outlines[0], err);
    if (!(top > 0.0) || !isfinite(top))
        return ret; /* as flat as can be: one band */
    for (size_t k = 1; ret == ORL_OK && k < bands->count; k++)
        ret = orl_contour_below(field, top * (double)(bands->count - k) / (double)bands->count,
                                TOLERANCE_PX, &bands->outlines[k], err);
    return ret;
}

/* The lowest loss known: on the plane, or at the end of a run where that lies on it. */
static int level(struct field *field, double ways, struct bands *bands, struct orl_error *err)
{
    size_t nodes = field->columns * field->rows, finite = 0;
    double *sorted = orl_calloc(nodes, sizeof *sorted);
    if (!sorted)
        return orl_fail_memory(err);
    for (size_t i = 0; i < nodes; i++)
        if (isfinite(field->values[i]))
            sorted[finite++] = field->values[i];
    bands->holes = finite < nodes;
    int ret = ORL_OK;
    if (finite) {
        qsort(sorted, finite, sizeof *sorted, compare);
        bands->lowest = fmin(bands->lowest, sorted[0]);
        ret = cut(field, to_heights(field, sorted, finite, ways, bands), bands, err);
    }
    free(sorted);
    return ret;
}

/* The highest loss that a run had, strays aside. */
static double highest_row(const struct view *view)
{
    double highest = -INFINITY, limit = orl_surface_loss_limit(view);
    for (size_t r = 0; r < view->axis_count; r++)
        for (size_t row = 0; view->runs[r].trace->loss && row < view->runs[r].trace->rows; row++)
            if (orl_surface_row_counts(view, r, row, limit))
                highest = fmax(highest, view->runs[r].trace->loss[row]);
    return highest;
}

int orl_bands_make(const struct view *view, size_t run, const struct plane *plane,
                   const struct plot *plot, size_t count, struct bands *bands,
                   struct orl_error *err)
{
    struct field field = {.area = plot->area};
    const double *truth = orl_problem_truth(view->runs[run].problem);
    orl_bands_colors(view, count, bands);
    size_field(view, bands, run, &field);
    field.values = orl_calloc(field.columns * field.rows, sizeof *field.values);
    if (!field.values)
        return orl_fail_memory(err);
    evaluate(view, bands, run, plane, plot, &field);
    bands->lowest = INFINITY;
    if (truth && orl_plane_distance(plane, truth) <
                     1e-9) { /* the ground may lie between the points of the field */
        double loss = orl_bands_loss(view, bands, run, truth);
        bands->lowest = isfinite(loss) ? loss : INFINITY;
    }
    int ret = level(&field, highest_row(view), bands, err);
    free(field.values);
    return ret;
}

void orl_bands_uninit(struct bands *bands)
{
    for (size_t k = 0; k < BANDS_MAX; k++)
        orl_outline_uninit(&bands->outlines[k]);
    free(bands->rows);
    *bands = (struct bands){0};
}

/* ---- Colours --------------------------------------------------------------------------------- */

/* Ten evenly spaced colours of viridis (van der Walt & Smith 2015), from dark violet to yellow:
 * they rise evenly in lightness, in every kind of colour vision. */
static const unsigned viridis[] = {0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e,
                                   0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725};

static double channel(unsigned color, int shift)
{
    return (double)(color >> shift & 255) / 255.0;
}

static struct orl_color ramp(double t)
{
    size_t last = ORL_COUNT(viridis) - 1;
    double at = fmin(fmax(t, 0.0), 1.0) * (double)last;
    size_t i = at >= (double)last ? last - 1 : (size_t)at;
    double f = at - (double)i;
    unsigned a = viridis[i], b = viridis[i + 1];
    return (struct orl_color){channel(a, 16) + f * (channel(b, 16) - channel(a, 16)),
                              channel(a, 8) + f * (channel(b, 8) - channel(a, 8)),
                              channel(a, 0) + f * (channel(b, 0) - channel(a, 0)), 1.0};
}

static struct orl_color mix(struct orl_color a, struct orl_color b, double t)
{
    return (struct orl_color){a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b),
                              1.0};
}

/* To whole steps of 8 bits: a palette then holds the very colour. */
static struct orl_color whole(struct orl_color c)
{
    return (struct orl_color){round(255.0 * c.r) / 255.0, round(255.0 * c.g) / 255.0,
                              round(255.0 * c.b) / 255.0, 1.0};
}

/* The ground of the valley, where runs end, is nearest to the paper: pale on light themes, dark on
 * dark ones. */
void orl_bands_colors(const struct view *view, size_t count, struct bands *bands)
{
    const struct orl_color background = view->theme->background, white = {1, 1, 1, 1},
                           black = {0, 0, 0, 1};
    bool grey = strcmp(view->theme->name, "print") == 0;
    bool dark = orl_contrast(background, white) > orl_contrast(background, black);
    bands->count = count < 2 ? 2 : count > BANDS_MAX ? BANDS_MAX : count;
    bands->paper = background;
    for (size_t k = 0; k < bands->count; k++) {
        double t = (double)k / (double)(bands->count - 1); /* 0: the highest */
        if (grey)
            bands->colors[k] = mix(mix(background, black, 0.34), mix(background, black, 0.02), t);
        else if (dark)
            bands->colors[k] =
                mix(mix(ramp(0.06 + 0.43 * (1.0 - t)), black, 0.30), background, 0.10 + 0.40 * t);
        else
            bands->colors[k] = mix(ramp(0.28 + 0.72 * t), white, 0.50 + 0.06 * t);
        bands->colors[k] = whole(bands->colors[k]);
    }
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* Where there is no finite loss: hatched. */
static void hatch(const struct view *view, struct orl_rect area, struct orl_picture *picture)
{
    double gap = 0.7 * view->size.text;
    for (double at = area.x - area.height + gap; at < area.x + area.width; at += gap) {
        const double xy[] = {at, area.y + area.height, at + area.height, area.y};
        orl_mark_faint(orl_picture_clipped_line(
            picture, xy, 2, area, fmax(1.0, 0.3 * view->size.line), view->theme->grid));
    }
}

void orl_bands_draw(const struct view *view, const struct bands *bands, struct orl_rect area,
                    struct orl_picture *picture)
{
    if (bands->holes)
        hatch(view, area, picture);
    for (size_t k = 0; k < bands->count; k++) {
        if (!bands->outlines[k].count)
            continue;
        struct orl_mark *mark = orl_picture_area(picture, bands->outlines[k].xy,
                                                 bands->outlines[k].count, bands->colors[k]);
        if (mark)
            mark->clip = area;
        orl_mark_faint(mark);
    }
}
