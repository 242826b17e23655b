/* The standing of runs on one problem: who got where, and in which order they stand. Everything
 * that tells a rank, a winner, a level or a threshold asks this file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optreel/scene.h"
#include "scene/marks/metrics.h"
#include "scene/panels/moment.h"

/* The last row that counts: at or before `to_step`. */
static size_t standing_row(const struct orl_trace *trace, int64_t to_step)
{
    return to_step < 0 ? trace->rows - 1 : orl_pace_row(trace, to_step);
}

bool orl_run_astray(const struct orl_trace *trace, int64_t to_step)
{
    if (trace->status == ORL_STATUS_DIVERGED)
        return true;
    size_t row = standing_row(trace, to_step);
    return trace->loss && trace->loss[0] != 0.0 &&
           fabs(trace->loss[row]) > ORL_ASTRAY * fabs(trace->loss[0]);
}

/* Loss at a point of the problem; NaN where it cannot be told. */
static double loss_at(const struct orl_problem *problem, const double *point)
{
    struct orl_workspace *workspace = NULL;
    double loss = NAN;
    if (orl_workspace_create(problem, &workspace, NULL) == ORL_OK)
        orl_problem_evaluate(problem, workspace, point, NULL, 0, &loss, NULL);
    orl_workspace_destroy(&workspace);
    return isfinite(loss) ? loss : NAN;
}

static bool same_point(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= NEARLY * fmax(fabs(b[i]), 1.0)))
            return false;
    return true;
}

const char *orl_goal_word(enum orl_goal goal)
{
    static const char *const words[] = {[ORL_GOAL_NONE] = "",
                                        [ORL_GOAL_MINIMUM] = "minimum",
                                        [ORL_GOAL_TRUTH] = "truth",
                                        [ORL_GOAL_FIT] = "best fit"};
    return words[goal];
}

/* The point that runs should come to: the minimum of a function; of data the exact least-squares
 * solution where there is one, else the truth that they were made from (see goal_by_runs). */
static int find_goal(const struct orl_problem *problem, struct orl_standing *s,
                     struct orl_error *err)
{
    size_t n = orl_problem_parameter_count(problem);
    struct orl_workspace *workspace = NULL;
    size_t known, cells;
    const double *truths = orl_problem_truths(problem, &known);
    s->goal = orl_size_mul(known + 1, n, &cells) ? orl_calloc(cells, sizeof *s->goal) : NULL;
    if (!s->goal)
        return orl_fail_memory(err);
    int ret = orl_workspace_create(problem, &workspace, err);
    s->minimum = ret == ORL_OK ? orl_problem_least(problem, workspace) : NAN;
    bool found = ret == ORL_OK && orl_problem_best_fit(problem, workspace, s->goal);
    orl_workspace_destroy(&workspace);
    s->goal_count = n;
    s->goals = 1;
    s->goal_kind = found ? ORL_GOAL_FIT : ORL_GOAL_NONE;
    if (truths && (!found || same_point(s->goal, truths, n))) {
        memcpy(s->goal, truths, known * n * sizeof *truths);
        s->goals = known;
        s->goal_kind = orl_problem_data(problem) ? ORL_GOAL_TRUTH : ORL_GOAL_MINIMUM;
    } else if (!found) {
        free(s->goal);
        s->goal = NULL;
        s->goal_count = s->goals = 0;
    }
    return ret;
}

const double *orl_standing_goal(const struct orl_standing *standing, const double *values)
{
    return orl_nearest_point(standing->goal, standing->goals, values, standing->goal_count, NULL);
}

double orl_standing_distance(const struct orl_standing *standing, const double *values,
                             size_t count)
{
    double distance = NAN;
    if (standing->goal && count == standing->goal_count)
        orl_nearest_point(standing->goal, standing->goals, values, count, &distance);
    return distance;
}

/* The first row at which the loss is at most `level`; -1: none before the end. */
static int64_t first_at(const struct orl_trace *trace, double level, size_t last)
{
    for (size_t row = 0; trace->loss && row <= last; row++)
        if (trace->loss[row] <= level)
            return trace->step[row];
    return -1;
}

int64_t orl_standing_steps_to(const struct orl_standing *standing, const struct orl_trace *trace,
                              double threshold)
{
    if (isnan(standing->minimum))
        return trace->loss ? orl_trace_steps_to(trace, threshold) : -1;
    return first_at(trace, standing->minimum + threshold, trace->rows - 1);
}

double orl_standing_level(double least, double start)
{
    return least + ORL_LEVEL_SHARE * (start - least);
}

size_t orl_standing_lowest(const struct orl_film_run *runs, size_t count, int64_t to_step)
{
    size_t best = SIZE_MAX;
    double lowest = INFINITY;
    for (size_t i = 0; i < count; i++) {
        const struct orl_trace *trace = runs[i].trace;
        double loss = trace->loss ? trace->loss[standing_row(trace, to_step)] : 0.0;
        if (trace->status != ORL_STATUS_DIVERGED && loss < lowest) {
            best = i;
            lowest = loss;
        }
    }
    return best;
}

/* Of noisy data the truth is not where runs should go: where one of them has come to rest below it,
 * as a least-squares fit does, that point is the goal. */
static int goal_by_runs(const struct orl_film_run *runs, size_t count, struct orl_standing *s,
                        struct orl_error *err)
{
    size_t best = s->goal_kind == ORL_GOAL_TRUTH ? orl_standing_lowest(runs, count, -1) : SIZE_MAX;
    if (best == SIZE_MAX)
        return ORL_OK;
    const struct orl_trace *trace = runs[best].trace;
    const double *end = trace->values + (trace->rows - 1) * trace->parameter_count;
    if (!trace->loss || trace->parameter_count != s->goal_count ||
        !(trace->loss[trace->rows - 1] < loss_at(runs[best].problem, s->goal)))
        return ORL_OK;
    struct orl_fit *fit = NULL;
    int ret = orl_fit_create(runs[best].problem, end, &fit, err);
    if (ret == ORL_OK && fit && fit->arrived) {
        memcpy(s->goal, end, s->goal_count * sizeof *end);
        s->goals = 1;
        s->goal_kind = ORL_GOAL_FIT;
    }
    orl_fit_destroy(&fit);
    return ret;
}

/* The least loss known: the minimum's, the goal's, the best run's. */
static void find_level(const struct orl_film_run *runs, size_t count, int64_t to_step,
                       struct orl_standing *s)
{
    s->least = s->minimum;
    s->start = NAN;
    if (s->goal && isnan(s->minimum))
        s->least = loss_at(runs[0].problem, s->goal);
    s->known = !isnan(s->least);
    for (size_t i = 0; i < count; i++) {
        const struct orl_trace *trace = runs[i].trace;
        if (!trace->loss || !trace->rows)
            continue;
        s->start = isnan(s->start) ? trace->loss[0] : s->start;
        for (size_t row = 0; trace->status != ORL_STATUS_DIVERGED && row < trace->rows &&
                             (to_step < 0 || trace->step[row] <= to_step);
             row++)
            s->least = fmin(s->least, trace->loss[row]);
    }
    s->level = orl_standing_level(s->least, s->start);
}

static struct orl_run_place place_of(const struct orl_film_run *run, int64_t to_step,
                                     const struct orl_standing *s)
{
    const struct orl_trace *trace = run->trace;
    size_t row = standing_row(trace, to_step);
    struct orl_run_place place = {.end = trace->loss ? trace->loss[row] : NAN,
                                  .diverged = trace->status == ORL_STATUS_DIVERGED,
                                  .astray = orl_run_astray(trace, to_step),
                                  .steps = trace->step[row],
                                  .level_step =
                                      isnan(s->level) ? -1 : first_at(trace, s->level, row)};
    place.distance = orl_standing_distance(s, trace->values + row * trace->parameter_count,
                                           trace->parameter_count);
    for (int k = 0; k < ORL_THRESHOLDS; k++) {
        int64_t step = orl_standing_steps_to(s, trace, orl_trace_thresholds[k]);
        place.steps_to[k] = step <= place.steps || to_step < 0 ? step : -1;
    }
    return place;
}

/* The number with the figures that are printed: what prints alike stands alike. */
static double printed(double value)
{
    if (!isfinite(value) || value == 0.0)
        return value;
    double unit = pow(10.0, floor(log10(fabs(value))) - 2.0);
    return unit > 0.0 ? round(value / unit) * unit : value;
}

/* Less than 0: `a` stands before `b`; 0: they stand alike. */
static int compare_places(const struct orl_run_place *a, const struct orl_run_place *b)
{
    if (a->diverged != b->diverged)
        return a->diverged ? 1 : -1;
    if (a->diverged)
        return (a->steps < b->steps) - (a->steps > b->steps); /* the later one before */
    bool reached = a->level_step >= 0;
    if (reached != (b->level_step >= 0))
        return reached ? -1 : 1;
    if (reached)
        return (a->level_step > b->level_step) - (a->level_step < b->level_step);
    double x = printed(a->end), y = printed(b->end);
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return fabs(x - y) <= NEARLY * fabs(x) ? 0 : x < y ? -1 : 1;
}

/* Of a sort: places that stand alike keep the order of the experiment. */
struct ranked {
    const struct orl_run_place *place;
    size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *p = a, *q = b;
    int order = compare_places(p->place, q->place);
    return order ? order : (p->index > q->index) - (p->index < q->index);
}

int orl_standing_rank(struct orl_run_place *places, size_t count, size_t *order,
                      struct orl_error *err)
{
    struct ranked *ranked = orl_calloc(count + 1, sizeof *ranked);
    if (!ranked)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){&places[i], i};
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < count; i++) {
        struct orl_run_place *place = &places[ranked[i].index];
        bool alike = i > 0 && compare_places(ranked[i - 1].place, place) == 0;
        place->rank = alike ? ranked[i - 1].place->rank : i + 1;
        place->shared = alike;
        if (alike)
            places[ranked[i - 1].index].shared = true;
        order[i] = ranked[i].index;
    }
    free(ranked);
    return ORL_OK;
}

/* The runs are all on one problem, or none is on any. */
static bool on_one_problem(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (runs[i].problem != runs[0].problem)
            return false;
    return count > 0 && runs[0].problem;
}

int orl_standing_create(const struct orl_film_run *runs, size_t count, size_t known,
                        int64_t to_step, double level, struct orl_standing *out,
                        struct orl_error *err)
{
    *out = (struct orl_standing){
        .count = count, .minimum = NAN, .least = NAN, .start = NAN, .level = NAN};
    out->places = orl_calloc(count + 1, sizeof *out->places);
    out->order = orl_calloc(count + 1, sizeof *out->order);
    if (!out->places || !out->order)
        return orl_fail_memory(err);
    int ret = ORL_OK;
    if (on_one_problem(runs, known)) {
        ret = find_goal(runs[0].problem, out, err);
        if (ret == ORL_OK)
            ret = goal_by_runs(runs, known, out, err);
        find_level(runs, known, to_step, out);
    }
    if (!isnan(level))
        out->level = level;
    for (size_t i = 0; i < count; i++)
        out->places[i] = place_of(&runs[i], to_step, out);
    return ret == ORL_OK ? orl_standing_rank(out->places, count, out->order, err) : ret;
}

void orl_standing_uninit(struct orl_standing *standing)
{
    free(standing->places);
    free(standing->order);
    free(standing->goal);
    *standing = (struct orl_standing){0};
}
