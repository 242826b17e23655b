/* The plane of a surface panel: two of the parameters, or the two directions in which the runs
 * moved most. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/pca.h"
#include "scene/panels/surface.h"

#define WHOLE       99.95 /* percent: more is told as all of it */
#define EMPTY_SIDE  0.1   /* of the other side, or of its value: half of an extent without length */
#define EMPTY_LEAST 1e-3

/* A loss that many times that of the start is no longer near the others. */
#define STRAY          30.0
#define STRAY_DIVERGED 1.5
#define OFF_PLANE      0.01 /* parts of a parameter's size: further off, a projection is told */
/* Products of coordinates that are summed at most; beyond that rows are picked evenly. */
#define PCA_WORK 4e8
#define STRAY_REACH                                                                                \
    1.0 /* how far beyond the others, in parts of their extent, a stray is followed */
/* Around what must be seen, in parts of its extent on each side. */
#define PAD      0.15
#define CELL_PAD 0.08
/* Extents that differ more than this many times are not drawn to one scale. */
#define STRETCH_MOST 4.0
enum { SAMPLES = 200, NOTE_VALUES = 3 };

static const double *values_at(const struct view *view, size_t run, size_t row)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return trace->values + row * trace->parameter_count;
}

static const double *truth_of(const struct view *view)
{
    return orl_view_truth(view, 0);
}

static size_t last_row(const struct view *view, size_t run)
{
    return orl_view_row(view, run, view->pace.frames - 1);
}

/* ---- Which rows count ------------------------------------------------------------------------ */

double orl_surface_loss_limit(const struct view *view)
{
    double most = 0.0;
    for (size_t r = 0; r < view->axis_count; r++)
        if (view->runs[r].trace->loss)
            most = fmax(most, fabs(view->runs[r].trace->loss[0]));
    return most > 0.0 ? STRAY * most : INFINITY;
}

bool orl_surface_row_counts(const struct view *view, size_t run, size_t row, double most)
{
    const struct orl_trace *trace = view->runs[run].trace;
    const double *values = values_at(view, run, row);
    if (trace->status == ORL_STATUS_DIVERGED)
        most *= STRAY_DIVERGED / STRAY;
    if (trace->loss && !(trace->loss[row] <= most))
        return false;
    for (size_t j = 0; j < trace->parameter_count; j++)
        if (!isfinite(values[j]))
            return false;
    return true;
}

/* The run whose end is the best; the first where all diverged. */
static size_t best_run(const struct view *view)
{
    size_t best = orl_standing_lowest(view->runs, view->axis_count, view->pace.to);
    return best == SIZE_MAX ? 0 : best;
}

/* Size and extent of each parameter over all rows that count. */
static void measure(const struct view *view, struct plane *plane, double *low, double *high)
{
    size_t n = plane->parameters;
    const double *truth = truth_of(view);
    double most = orl_surface_loss_limit(view);
    for (size_t j = 0; j < n; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
        plane->scale[j] = truth && isfinite(truth[j]) ? fabs(truth[j]) : 0.0;
    }
    for (size_t r = 0; r < view->axis_count; r++)
        for (size_t row = 0; row < view->runs[r].trace->rows; row++) {
            if (!orl_surface_row_counts(view, r, row, most))
                continue;
            const double *values = values_at(view, r, row);
            for (size_t j = 0; j < n; j++) {
                low[j] = fmin(low[j], values[j]);
                high[j] = fmax(high[j], values[j]);
            }
        }
    for (size_t j = 0; j < n; j++) {
        plane->scale[j] = fmax(plane->scale[j], fmax(fabs(low[j]), fabs(high[j])));
        if (!(plane->scale[j] > 0.0) || !isfinite(plane->scale[j]))
            plane->scale[j] = 1.0;
    }
}

/* ---- Choosing -------------------------------------------------------------------------------- */

/* The two parameters that move most against their size, in the model's order. */
static void choose_pair(struct plane *plane, const double *low, const double *high)
{
    size_t first = 0, second = 1;
    double moves[2] = {-1.0, -1.0};
    for (size_t j = 0; j < plane->parameters; j++) {
        double move =
            high[j] >= low[j] ? high[j] / plane->scale[j] - low[j] / plane->scale[j] : 0.0;
        if (move > moves[0]) {
            second = first;
            moves[1] = moves[0];
            first = j;
            moves[0] = move;
        } else if (move > moves[1]) {
            second = j;
            moves[1] = move;
        }
    }
    plane->pair[0] = first < second ? first : second;
    plane->pair[1] = first < second ? second : first;
}

static int find_pair(const struct orl_trace *trace, char *const *names, struct plane *plane,
                     struct orl_error *err)
{
    for (int a = 0; a < 2; a++) {
        size_t j = 0;
        while (j < plane->parameters && strcmp(trace->parameters[j], names[a]) != 0)
            j++;
        if (j == plane->parameters)
            return orl_fail(err, ORL_EINPUT, "'%s' is not a parameter of the runs", names[a]);
        plane->pair[a] = j;
    }
    return plane->pair[0] != plane->pair[1]
               ? ORL_OK
               : orl_fail(err, ORL_EINPUT, "a plane needs two different parameters");
}

static int name_axes(const struct view *view, struct plane *plane, double widest,
                     struct orl_error *err)
{
    for (int a = 0; a < 2; a++) {
        char *name = plane->pca ? orl_asprintf("PC %d (%.0f %%)", a + 1, PERCENT * plane->share[a])
                                : orl_name_pretty(view->runs[0].trace->parameters[plane->pair[a]]);
        plane->names[a] =
            name ? orl_letters_fit(view->measure, name, view->size.text, false, widest) : NULL;
        free(name);
        if (!plane->names[a])
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* Do the runs leave the slice so far that it must be told? */
static bool is_projection(const struct view *view, const struct plane *plane)
{
    double most = orl_surface_loss_limit(view);
    for (size_t r = 0; r < view->run_count; r++)
        for (size_t s = 0; s < SAMPLES; s++) {
            size_t row = (view->runs[r].trace->rows - 1) * s / (SAMPLES - 1);
            if (orl_surface_row_counts(view, r, row, most) &&
                orl_plane_distance(plane, values_at(view, r, row)) > OFF_PLANE)
                return true;
        }
    return false;
}

static int note_slice(const struct view *view, struct plane *plane, struct orl_error *err)
{
    struct orl_text text = {0};
    const char *projected = is_projection(view, plane) ? ", paths projected" : "";
    if (plane->parameters > 2 + NOTE_VALUES)
        orl_text_printf(&text, "slice through the %s of %s%s", plane->astray ? "start" : "end",
                        view->runs[best_run(view)].title, projected);
    for (size_t j = 0, told = 0; plane->parameters <= 2 + NOTE_VALUES && j < plane->parameters;
         j++) {
        char number[PEOPLE_SIZE];
        if (j == plane->pair[0] || j == plane->pair[1])
            continue;
        char *name = orl_name_pretty(view->runs[0].trace->parameters[j]);
        orl_people_figures(number, plane->origin[j], 3);
        orl_text_printf(&text, "%s%s = %s", told++ ? ", " : "slice at ", name ? name : "", number);
        free(name);
    }
    if (plane->parameters <= 2 + NOTE_VALUES)
        orl_text_puts(&text, projected);
    plane->note = orl_text_take(&text);
    plane->short_note = plane->parameters == 3 && plane->note
                            ? orl_strndup(plane->note, strcspn(plane->note, ","))
                            : orl_strdup("slice");
    return plane->note && plane->short_note ? ORL_OK : orl_fail_memory(err);
}

static int slice(const struct view *view, const struct plane_choice *choice, struct plane *plane,
                 const double *low, const double *high, struct orl_error *err)
{
    size_t best = best_run(view);
    if (choice->parameters) {
        int ret = find_pair(view->runs[0].trace, choice->parameters, plane, err);
        if (ret != ORL_OK)
            return ret;
    } else {
        choose_pair(plane, low, high);
    }
    size_t row =
        orl_surface_row_counts(view, best, last_row(view, best), orl_surface_loss_limit(view))
            ? last_row(view, best)
            : 0;
    plane->astray = row == 0; /* no end is worth a look */
    memcpy(plane->origin, values_at(view, best, row), plane->parameters * sizeof *plane->origin);
    return plane->parameters > 2 ? note_slice(view, plane, err) : ORL_OK;
}

/* Every run has the same weight, however many rows it has. */
static void add_run(const struct view *view, const struct plane *plane, size_t run, size_t stride,
                    struct pca *pca)
{
    double most = orl_surface_loss_limit(view);
    size_t rows = view->runs[run].trace->rows, counted = 0;
    for (size_t row = 0; row < rows; row += stride)
        counted += orl_surface_row_counts(view, run, row, most);
    for (size_t row = 0; row < rows; row += stride) {
        if (!orl_surface_row_counts(view, run, row, most))
            continue;
        for (size_t j = 0; j < plane->parameters; j++)
            plane->point[j] = values_at(view, run, row)[j] / plane->scale[j];
        orl_pca_add(pca, plane->point, 1.0 / (double)counted);
    }
}

static int principal(const struct view *view, struct plane *plane, struct orl_error *err)
{
    struct pca pca;
    double rows = 0.0, n = (double)plane->parameters;
    int ret = orl_pca_init(&pca, plane->parameters, err);
    for (size_t r = 0; r < view->axis_count; r++)
        rows += (double)view->runs[r].trace->rows;
    size_t stride = (size_t)fmax(1.0, ceil(0.5 * rows * n * n / PCA_WORK));
    for (size_t r = 0; ret == ORL_OK && r < view->axis_count; r++)
        add_run(view, plane, r, stride, &pca);
    if (ret == ORL_OK) {
        orl_pca_finish(&pca);
        memcpy(plane->origin, pca.mean, plane->parameters * sizeof *plane->origin);
        memcpy(plane->u, pca.axes[0], plane->parameters * sizeof *plane->u);
        memcpy(plane->v, pca.axes[1], plane->parameters * sizeof *plane->v);
        memcpy(plane->share, pca.share, sizeof plane->share);
        double held = PERCENT * (pca.share[0] + pca.share[1]);
        plane->note =
            held > WHOLE
                ? orl_strdup(
                      "PCA plane: 100 % of the movement") /* 99.96 would round up to that, too */
                : orl_asprintf("PCA plane: %.1f %% of the movement", held);
        plane->short_note =
            plane->note ? orl_strndup(plane->note, strcspn(plane->note, "%") + 1) : NULL;
        ret = plane->note && plane->short_note ? ORL_OK : orl_fail_memory(err);
    }
    orl_pca_uninit(&pca);
    return ret;
}

int orl_plane_choose(const struct view *view, const struct plane_choice *choice,
                     struct plane *plane, struct orl_error *err)
{
    size_t n = view->runs[0].trace->parameter_count;
    *plane = (struct plane){
        .parameters = n, .pca = choice->pca && !choice->parameters && n > 2, .pair = {0, 1}};
    plane->origin = orl_calloc(n, 7 * sizeof *plane->origin);
    if (!plane->origin)
        return orl_fail_memory(err);
    plane->u = plane->origin + n;
    plane->v = plane->u + n;
    plane->scale = plane->v + n;
    plane->point = plane->scale + n;
    double *low = plane->point + n, *high = low + n;
    measure(view, plane, low, high);
    int ret = plane->pca ? principal(view, plane, err) : slice(view, choice, plane, low, high, err);
    return ret == ORL_OK ? name_axes(view, plane, choice->widest, err) : ret;
}

void orl_plane_uninit(struct plane *plane)
{
    free(plane->origin);
    free(plane->names[0]);
    free(plane->names[1]);
    free(plane->note);
    free(plane->short_note);
    *plane = (struct plane){0};
}

/* ---- Points ---------------------------------------------------------------------------------- */

void orl_plane_project(const struct plane *plane, const double *parameters, double ab[2])
{
    if (!plane->pca) {
        ab[0] = parameters[plane->pair[0]];
        ab[1] = parameters[plane->pair[1]];
        return;
    }
    ab[0] = ab[1] = 0.0;
    for (size_t j = 0; j < plane->parameters; j++) {
        double off = parameters[j] / plane->scale[j] - plane->origin[j];
        ab[0] += off * plane->u[j];
        ab[1] += off * plane->v[j];
    }
}

void orl_plane_point(const struct plane *plane, double a, double b, double *parameters)
{
    for (size_t j = 0; j < plane->parameters; j++)
        parameters[j] =
            plane->pca ? plane->scale[j] * (plane->origin[j] + a * plane->u[j] + b * plane->v[j])
                       : plane->origin[j];
    if (!plane->pca) {
        parameters[plane->pair[0]] = a;
        parameters[plane->pair[1]] = b;
    }
}

double orl_plane_distance(const struct plane *plane, const double *parameters)
{
    double ab[2], most = 0.0;
    orl_plane_project(plane, parameters, ab);
    orl_plane_point(plane, ab[0], ab[1], plane->point);
    for (size_t j = 0; j < plane->parameters; j++)
        most =
            fmax(most, fabs(parameters[j] / plane->scale[j] - plane->point[j] / plane->scale[j]));
    return most;
}

/* ---- Ranges ---------------------------------------------------------------------------------- */

struct extent {
    double low[2], high[2];
};

static void widen(struct extent *extent, const double ab[2])
{
    for (int a = 0; a < 2; a++) {
        extent->low[a] = isfinite(ab[a]) ? fmin(extent->low[a], ab[a]) : extent->low[a];
        extent->high[a] = isfinite(ab[a]) ? fmax(extent->high[a], ab[a]) : extent->high[a];
    }
}

/* Where the runs must be seen (starts, ends, all that is no higher than the start, the truth), and
 * where else they go. */
static void gather(const struct view *view, const struct plane *plane, const double *best,
                   struct extent *core, struct extent *ways)
{
    const double *truth = truth_of(view);
    double ab[2], most = orl_surface_loss_limit(view), start = most / STRAY;
    *core = *ways = (struct extent){{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
    for (size_t r = 0; r < view->axis_count; r++) {
        orl_plane_project(plane, values_at(view, r, 0), ab);
        widen(core, ab);
        orl_plane_project(plane, values_at(view, r, last_row(view, r)), ab);
        if (view->runs[r].trace->status != ORL_STATUS_DIVERGED &&
            orl_surface_row_counts(view, r, last_row(view, r), most))
            widen(core, ab);
        for (size_t row = 0; row <= last_row(view, r); row++) {
            if (!orl_surface_row_counts(view, r, row, most))
                continue;
            orl_plane_project(plane, values_at(view, r, row), ab);
            widen(!view->runs[r].trace->loss || view->runs[r].trace->loss[row] <= start ? core
                                                                                        : ways,
                  ab);
        }
    }
    const double *const goals[] = {truth, best};
    for (size_t i = 0; i < ORL_COUNT(goals); i++)
        if (goals[i]) {
            orl_plane_project(plane, goals[i], ab);
            widen(core, ab);
        }
}

/* Half of an extent with room around it; of one that is empty, what its size and the other one
 * suggest. */
static double half_extent(double low, double high, double other, double pad)
{
    double half = 0.5 * high - 0.5 * low;
    if (half > 0.0 && isfinite(half))
        return half * (1.0 + 2.0 * pad);
    return other > 0.0 && isfinite(other) ? EMPTY_SIDE * other
                                          : fmax(EMPTY_SIDE * fabs(low), EMPTY_LEAST);
}

void orl_plane_ranges(const struct view *view, struct plane *plane, const double *best,
                      struct orl_rect area, bool cell, struct axis *x, struct axis *y)
{
    struct axis *const axes[] = {x, y};
    const double px[] = {area.width, area.height};
    struct extent core, ways;
    double low[2], high[2], half[2], per_px[2];
    gather(view, plane, best, &core, &ways);
    for (int a = 0; a < 2; a++) {
        double reach = STRAY_REACH * (core.high[a] - core.low[a]);
        low[a] = core.low[a];
        high[a] = core.high[a];
        if (ways.low[a] <= ways.high[a]) { /* one that strays far does not squash the others */
            low[a] = fmin(low[a], reach > 0.0 ? fmax(ways.low[a], low[a] - reach) : ways.low[a]);
            high[a] =
                fmax(high[a], reach > 0.0 ? fmin(ways.high[a], high[a] + reach) : ways.high[a]);
        }
    }
    for (int a = 0; a < 2; a++) {
        half[a] = half_extent(low[a], high[a], 0.5 * high[1 - a] - 0.5 * low[1 - a],
                              cell ? CELL_PAD : PAD);
        per_px[a] = half[a] / (0.5 * px[a]);
    }
    plane->stretch = 1.0;
    if (fmax(half[0] / half[1], half[1] / half[0]) <= STRETCH_MOST)
        per_px[0] = per_px[1] = fmax(per_px[0], per_px[1]);
    else
        plane->stretch = per_px[0] / per_px[1];
    for (int a = 0; a < 2; a++) {
        double middle = 0.5 * low[a] + 0.5 * high[a], reach = per_px[a] * 0.5 * px[a];
        orl_axis_range(axes[a], SCALE_LINEAR, middle - reach, middle + reach, 0.0);
    }
}
