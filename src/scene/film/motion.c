/* Paces that follow what the traces do: `loss`, where each frame goes on by the same factor of the
 * loss, and `motion`, where what is seen moves by the same number of pixels. Both choose, once, the
 * recorded steps that are shown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/film/pace.h"
#include "scene/panels/panel.h"

enum {
    POSE_MAX = 32,     /* numbers that tell where a run's picture stands */
    CANDIDATES = 4096, /* steps that are compared with each other */
    EARLY_ROWS = 8192, /* rows of a run that are all looked at, from its first on */
    LATE_ROWS = 32768, /* and about so many of those after them */
    HALVINGS = 48,
    FEWEST = 8, /* frames that one stop may last, about */
};
#define SHARE_ROUNDING 1e-12
#define FAR_OFF        4.0  /* in heights of the page: farther is as far */
#define SLOWER         1.06 /* the step by which stops move apart */
#define SLOWEST        1e-3 /* of the largest step that keeps the film from being a row of stills */
#define UNEVEN_MOST                                                                                \
    2.6 /* largest move to median one: 3 are allowed, by whatever measure of a curve's movement */
#define LOSS_FLOOR 1e-16 /* of the first loss: below there is rounding, not progress */

struct follower {
    const struct view *view;
    const struct panel *panel; /* whose pose tells; NULL: the parameters do */
    int64_t *steps;            /* owned: candidates, rising */
    size_t count;
    float *poses; /* owned: count × runs × POSE_MAX */
    double *low,
        *scale; /* owned: for poses by parameters, of each run's parameters: runs × POSE_MAX */
};

/* ---- Steps to choose from -------------------------------------------------------------------- */

static int compare_steps(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* All recorded steps of all runs in the range; of runs with very many rows all early ones and
 * evenly some of the others. */
static int gather(struct follower *f, struct orl_error *err)
{
    const struct pace *pace = &f->view->pace;
    size_t capacity = 0;
    if (!orl_reserve((void **)&f->steps, &capacity, 2, sizeof *f->steps))
        return orl_fail_memory(err);
    f->steps[f->count++] = pace->from;
    for (size_t run = 0; run < f->view->run_count; run++) {
        const struct orl_trace *trace = f->view->runs[run].trace;
        size_t begin = orl_pace_row(trace, pace->from), end = orl_pace_row(trace, pace->to) + 1;
        size_t stride = end - begin > EARLY_ROWS ? (end - begin - EARLY_ROWS) / LATE_ROWS + 1 : 1;
        for (size_t row = begin; row < end; row += row - begin < EARLY_ROWS ? 1 : stride) {
            if (trace->step[row] <= pace->from || trace->step[row] >= pace->to)
                continue;
            if (!orl_reserve((void **)&f->steps, &capacity, f->count + 2, sizeof *f->steps))
                return orl_fail_memory(err);
            f->steps[f->count++] = trace->step[row];
        }
    }
    f->steps[f->count++] = pace->to;
    qsort(f->steps, f->count, sizeof *f->steps, compare_steps);
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++)
        if (kept == 0 || f->steps[i] > f->steps[kept - 1])
            f->steps[kept++] = f->steps[i];
    f->count = kept;
    return ORL_OK;
}

/* ---- Loss ------------------------------------------------------------------------------------ */

static double log_loss(const struct view *view, size_t run, int64_t step)
{
    const struct orl_trace *trace = view->runs[run].trace;
    if (!trace->loss)
        return 0.0;
    double first = fabs(trace->loss[0]), loss = trace->loss[orl_pace_row(trace, step)];
    double floor = LOSS_FLOOR * (first > 0.0 && isfinite(first) ? first : 1.0);
    return isfinite(loss) ? log(fmax(fabs(loss), floor)) : 0.0;
}

/* How far the losses went from one candidate to the next, on a logarithmic axis, summed over the
 * runs. */
static double loss_way(const struct follower *f, size_t from, size_t to)
{
    double way = 0.0;
    for (size_t run = 0; run < f->view->run_count; run++)
        way += fabs(log_loss(f->view, run, f->steps[to]) - log_loss(f->view, run, f->steps[from]));
    return way;
}

/* Steps at equal shares of the whole way. */
static void follow_loss(const struct follower *f, struct pace *pace)
{
    size_t at = 0;
    double whole = 0.0, gone = 0.0;
    for (size_t i = 1; i < f->count; i++)
        whole += loss_way(f, i - 1, i);
    for (size_t i = 0; i < pace->frames && whole > 0.0; i++) {
        double share = orl_pace_share(pace, i);
        while (at + 1 < f->count && gone < share * whole * (1.0 - SHARE_ROUNDING)) {
            gone += loss_way(f, at, at + 1);
            at++;
        }
        pace->steps[i] = share < 1.0 ? f->steps[at] : pace->to;
    }
}

/* ---- Motion: where a run's picture stands ---------------------------------------------------- */

/* The range of each parameter, for films whose panels tell no pose: as high as the film would be a
 * panel of parameters. */
static int scale_parameters(struct follower *f, struct orl_error *err)
{
    const struct view *view = f->view;
    f->low = orl_calloc(view->run_count, 2 * POSE_MAX * sizeof *f->low);
    if (!f->low)
        return orl_fail_memory(err);
    f->scale = f->low + view->run_count * POSE_MAX;
    for (size_t p = 0; p < POSE_MAX; p++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t run = 0; run < view->run_count; run++) {
            const struct orl_trace *trace = view->runs[run].trace;
            bool counts = p < trace->parameter_count &&
                          (trace->status != ORL_STATUS_DIVERGED || view->run_count == 1);
            for (size_t i = 0; counts && i < f->count; i++) {
                double v =
                    trace->values[orl_pace_row(trace, f->steps[i]) * trace->parameter_count + p];
                low = isfinite(v) ? fmin(low, v) : low;
                high = isfinite(v) ? fmax(high, v) : high;
            }
        }
        for (size_t run = 0; run < view->run_count; run++) {
            f->low[run * POSE_MAX + p] = low <= high ? low : 0.0;
            f->scale[run * POSE_MAX + p] = high > low ? 0.5 * view->height / (high - low) : 0.0;
        }
    }
    return ORL_OK;
}

static size_t parameter_pose(const struct follower *f, size_t run, size_t row, double *pose)
{
    const struct orl_trace *trace = f->view->runs[run].trace;
    size_t count = trace->parameter_count < POSE_MAX ? trace->parameter_count : POSE_MAX;
    for (size_t p = 0; p < count; p++) {
        double v = trace->values[row * trace->parameter_count + p];
        pose[p] = (v - f->low[run * POSE_MAX + p]) * f->scale[run * POSE_MAX + p];
    }
    return count;
}

static void take_pose(const struct follower *f, size_t run, int64_t step, float *out)
{
    double pose[POSE_MAX] = {0.0}, high = FAR_OFF * f->view->height;
    size_t row = orl_pace_row(f->view->runs[run].trace, step);
    size_t count = f->panel ? f->panel->desc->pose(f->view, f->panel, run, row, pose, POSE_MAX)
                            : parameter_pose(f, run, row, pose);
    double share = count ? 1.0 / sqrt((double)count)
                         : 0.0; /* so that lengths of differences are root mean squares, px */
    for (size_t k = 0; k < POSE_MAX; k++)
        out[k] = k < count && isfinite(pose[k]) ? (float)(share * fmin(fmax(pose[k], -high), high))
                                                : 0.0f;
}

static double distance(const float *a, const float *b, size_t runs)
{
    double most = 0.0;
    for (size_t run = 0; run < runs; run++) {
        double sum = 0.0;
        for (size_t k = run * POSE_MAX; k < (run + 1) * POSE_MAX; k++)
            sum += ((double)a[k] - (double)b[k]) * ((double)a[k] - (double)b[k]);
        most = fmax(most, sum);
    }
    return sqrt(most);
}

/* How far the picture moves between two candidates: root mean square over what a run shows, of the
 * run that moves most. */
static double moved(const struct follower *f, size_t a, size_t b)
{
    size_t stride = f->view->run_count * POSE_MAX;
    return distance(f->poses + a * stride, f->poses + b * stride, f->view->run_count);
}

/* Too many candidates: those that the picture reaches after equal parts of its way can stand for
 * the others. The first steps move most, so they stay. */
static int thin(struct follower *f, struct orl_error *err)
{
    size_t runs = f->view->run_count, stride = runs * POSE_MAX, kept = 1;
    float *before = orl_calloc(2 * stride, sizeof *before), *now = before ? before + stride : NULL;
    double *way = orl_calloc(f->count, sizeof *way);
    if (!before || !way) {
        free(before);
        free(way);
        return orl_fail_memory(err);
    }
    for (size_t i = 0; i < f->count; i++) {
        for (size_t run = 0; run < runs; run++)
            take_pose(f, run, f->steps[i], now + run * POSE_MAX);
        way[i] = i ? way[i - 1] + distance(now, before, runs) : 0.0;
        memcpy(before, now, stride * sizeof *before);
    }
    double whole = way[f->count - 1], reached = 0.0;
    for (size_t i = 1; i + 1 < f->count; i++)
        if (way[i] - reached >= whole / CANDIDATES && whole > 0.0) {
            f->steps[kept++] = f->steps[i];
            reached = way[i];
        }
    f->steps[kept++] = f->steps[f->count - 1];
    f->count = kept;
    free(before);
    free(way);
    return ORL_OK;
}

static int take_poses(struct follower *f, struct orl_error *err)
{
    size_t runs = f->view->run_count, cells;
    if (f->count > 2 * CANDIDATES) {
        int ret = thin(f, err);
        if (ret != ORL_OK)
            return ret;
    }
    f->poses = orl_size_mul(f->count, runs * POSE_MAX, &cells) ? orl_calloc(cells, sizeof *f->poses)
                                                               : NULL;
    if (!f->poses)
        return orl_fail_memory(err);
    for (size_t i = 0; i < f->count; i++)
        for (size_t run = 0; run < runs; run++)
            take_pose(f, run, f->steps[i], f->poses + (i * runs + run) * POSE_MAX);
    return ORL_OK;
}

/* ---- Motion: the steps that are shown -------------------------------------------------------- */

/* Walk along the candidates and stop wherever the picture has moved by `least` px since the last
 * stop; the last one is a stop. Returns the number of stops; `stops` (may be NULL) gets them. */
static size_t walk(const struct follower *f, double least, size_t *stops)
{
    size_t count = 1, shown = 0;
    if (stops)
        stops[0] = 0;
    for (size_t i = 1; i < f->count; i++) {
        if (i + 1 < f->count && moved(f, shown, i) < least)
            continue;
        if (stops)
            stops[count] = i;
        count++;
        shown = i;
    }
    return count;
}

/* The least distance between stops that gives at most `most` of them. */
static double least_for(const struct follower *f, size_t most, double far)
{
    double low = 0.0, high = far;
    if (walk(f, 0.0, NULL) <= most)
        return 0.0;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = 0.5 * (low + high);
        if (walk(f, middle, NULL) <= most)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static int compare_moves(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The largest move between stops against the median one; `moves` is scratch. */
static double unevenness(const struct follower *f, const size_t *stops, size_t count, double *moves)
{
    for (size_t i = 1; i < count; i++)
        moves[i - 1] = moved(f, stops[i - 1], stops[i]);
    if (count < 2)
        return 1.0;
    qsort(moves, count - 1, sizeof *moves, compare_moves);
    return moves[(count - 1) / 2] > 0.0 ? moves[count - 2] / moves[(count - 1) / 2] : INFINITY;
}

/* With a stop for each frame the picture moves by equal lengths, unless single steps move it by
 * more: a frame shows one recorded row, so these jumps are seen whatever the pace. Then the stops
 * are as much farther apart, with frames that stand in between, as keeps the jumps from standing
 * out; but never so few that the film becomes a row of stills. */
static size_t choose_stops(const struct follower *f, size_t moving, size_t *stops, double *moves)
{
    double far = 0.0;
    for (size_t i = 1; i < f->count; i++)
        far += moved(f, i - 1, i);
    if (far <= 0.0 || moving < 2)
        return 0;
    double least = least_for(f, moving, far), most = least_for(f, moving / FEWEST + 1, far);
    size_t count = walk(f, least, stops);
    while (least < most && unevenness(f, stops, count, moves) > UNEVEN_MOST) {
        least = fmin(fmax(SLOWER * least, SLOWEST * most), most);
        count = walk(f, least, stops);
    }
    return count;
}

static int follow_motion(struct follower *f, struct pace *pace, struct orl_error *err)
{
    size_t *stops = orl_calloc(f->count, sizeof *stops);
    double *moves = orl_calloc(f->count, sizeof *moves);
    int ret = stops && moves ? ORL_OK : orl_fail_memory(err);
    size_t count = ret == ORL_OK ? choose_stops(f, orl_pace_moving(pace), stops, moves) : 0;
    for (size_t i = 0; count && i < pace->frames; i++)
        pace->steps[i] =
            f->steps[stops[(size_t)(orl_pace_share(pace, i) * (double)(count - 1) + 0.5)]];
    free(stops);
    free(moves);
    return ret;
}

static const struct panel *posing_panel(const struct view *view)
{
    for (size_t i = 0; i < view->panel_count; i++)
        if (view->panels[i].desc->pose)
            return &view->panels[i];
    return NULL;
}

int orl_pace_follow(struct view *view, enum orl_pace kind, struct orl_error *err)
{
    struct follower f = {.view = view, .panel = posing_panel(view)};
    if (kind != ORL_PACE_LOSS && kind != ORL_PACE_MOTION)
        return ORL_OK;
    int ret = gather(&f, err);
    if (ret == ORL_OK && kind == ORL_PACE_LOSS) {
        follow_loss(&f, &view->pace);
    } else if (ret == ORL_OK) {
        if (!f.panel)
            ret = scale_parameters(&f, err);
        if (ret == ORL_OK)
            ret = take_poses(&f, err);
        if (ret == ORL_OK)
            ret = follow_motion(&f, &view->pace, err);
    }
    free(f.steps);
    free(f.poses);
    free(f.low);
    return ret;
}
