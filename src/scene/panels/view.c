/* What panels ask of their page: the row of a moment, names as they fit, colours. */
#include "scene/panels/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scene/marks/metrics.h"
#include "scene/marks/swatch.h"

enum { ORDER_MOST = 512 };

struct view orl_view_with_text(const struct view *view, double scale)
{
    struct view larger = *view;
    larger.size.text *= scale;
    larger.size.line *= scale;
    return larger;
}

#define COMPACT                                                                                    \
    36.0 /* text sizes: a page that is narrower has no room for two panels side by side */

bool orl_view_is_tall(const struct view *view)
{
    return view->height > PAGE_TALL * view->width;
}

bool orl_view_is_compact(const struct view *view)
{
    return !view->card && !orl_view_is_tall(view) && view->width < COMPACT * view->size.text;
}

int64_t orl_view_step(const struct view *view, size_t frame)
{
    return orl_pace_step(&view->pace, frame);
}

size_t orl_view_row(const struct view *view, size_t run, size_t frame)
{
    int64_t step = orl_view_step(view, frame), from = view->pace.from, steps = view->pace.to - from;
    if (run >= view->run_count && steps > 0)
        step = from +
               (int64_t)((double)(step - from) / (double)steps * (double)(view->axis_to - from));
    return orl_pace_row(view->runs[run].trace, step);
}

const double *orl_view_truth(const struct view *view, size_t run)
{
    const struct orl_problem *problem = view->runs[run].problem;
    const struct orl_trace *trace = view->runs[run].trace;
    size_t known = 0, n = trace->parameter_count;
    const double *truth = problem ? orl_problem_truths(problem, &known) : NULL;
    return known < 2 || trace->rows == 0 || n != orl_problem_parameter_count(problem)
               ? truth
               : orl_nearest_point(truth, known, trace->values + (trace->rows - 1) * n, n, NULL);
}

bool orl_view_run_ended(const struct view *view, size_t run, size_t frame)
{
    return orl_view_row(view, run, frame) + 1 == view->runs[run].trace->rows;
}

bool orl_view_diverged(const struct view *view, size_t run, size_t frame)
{
    return view->runs[run].trace->status == ORL_STATUS_DIVERGED &&
           orl_view_run_ended(view, run, frame);
}

size_t orl_view_told(const struct view *view, size_t frame)
{
    bool any = view->told && view->told[frame] != UINT32_MAX;
    return any ? (size_t)view->told[frame] : SIZE_MAX;
}

bool orl_view_is_last(const struct view *view, size_t frame)
{
    return orl_pace_is_last(&view->pace, frame);
}

const struct style *orl_view_style(const struct view *view, size_t run)
{
    return &view->styles[run];
}

void orl_view_swatch(const struct view *view, size_t run, double x, double y, double width,
                     struct orl_picture *picture)
{
    orl_swatch(&view->styles[run], view->size.line, view->theme->background, x, y, width, picture);
}

double orl_view_key_width(const struct view *view)
{
    return view->dashed ? EM_SWATCH * view->size.text : 2.0 * LINE_HEAD * view->size.line;
}

void orl_view_key(const struct view *view, size_t run, double x, double y,
                  struct orl_picture *picture)
{
    const double radius = LINE_HEAD * view->size.line, middle[] = {x + radius, y};
    const struct style *style = &view->styles[run];
    if (view->dashed)
        orl_view_swatch(view, run, x, y, EM_SWATCH * view->size.text, picture);
    else
        orl_picture_dots(picture, middle, 1, radius, style->marker, style->color);
}

/* The loss that a table shows; of what has none, or has diverged, the largest. */
static double shown_loss(const struct view *view, size_t run, size_t frame)
{
    const struct orl_trace *trace = view->runs[run].trace;
    double loss = trace->loss ? trace->loss[orl_view_row(view, run, frame)] : NAN;
    return isnan(loss) || orl_view_diverged(view, run, frame) ? INFINITY : loss;
}

size_t orl_view_leader(const struct view *view, size_t frame)
{
    size_t best = SIZE_MAX;
    double least = INFINITY;
    for (size_t i = 0; i < view->run_count; i++) {
        double loss = shown_loss(view, i, frame);
        if (loss < least) {
            least = loss;
            best = i;
        }
    }
    return best;
}

/* Merges two sorted halves: runs that are level keep their order. */
static void sort_by_loss(const double *loss, size_t *order, size_t *spare, size_t count)
{
    size_t half = count / 2, a = 0, b = half;
    if (count < 2)
        return;
    sort_by_loss(loss, order, spare, half);
    sort_by_loss(loss, order + half, spare, count - half);
    for (size_t i = 0; i < count; i++)
        spare[i] = b == count || (a < half && !(loss[order[b]] < loss[order[a]])) ? order[a++]
                                                                                  : order[b++];
    memcpy(order, spare, count * sizeof *order);
}

void orl_view_order(const struct view *view, size_t frame, size_t *order)
{
    size_t beat = (size_t)fmax(0.5 * view->fps_num / view->fps_den, 1.0), count = view->run_count;
    if (orl_view_is_last(view, frame)) {
        memcpy(order, view->standing.order, count * sizeof *order);
        return;
    }
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    if (frame / beat * beat <= view->pace.hold_first || !view->loss)
        return;
    double loss[ORDER_MOST];
    size_t spare[ORDER_MOST];
    if (count > ORDER_MOST) /* of so many only the first few are shown: they stay where they are */
        return;
    for (size_t i = 0; i < count; i++)
        loss[i] = shown_loss(view, i, frame / beat * beat);
    sort_by_loss(loss, order, spare, count);
}

#define FLOOR_SHARE 0.1 /* of the level above the least loss */

void orl_view_loss_figures(const struct view *view, char out[PEOPLE_SIZE], double loss)
{
    const struct orl_standing *s = &view->standing;
    double level = FLOOR_SHARE * orl_standing_level(0.0, s->start - s->least);
    int decade = level > 0.0 ? (int)floor(log10(level)) : 0;
    double floor_loss = level > 0.0 ? pow(10.0, decade) : 0.0;
    orl_people_figures(out, loss, 3);
    if (!(fabs(loss) < floor_loss) || !s->known || !(fabs(s->least) < floor_loss))
        return;
    char power[PEOPLE_SIZE];
    orl_people_decade(power, decade);
    snprintf(out, PEOPLE_SIZE, "< %.*s", PEOPLE_SIZE - 3, power);
}

void orl_view_rank(const struct view *view, size_t run, char out[PEOPLE_SIZE])
{
    const struct orl_run_place *place = &view->standing.places[run];
    snprintf(out, PEOPLE_SIZE, "%s%zu", place->shared ? "=" : "", place->rank);
}

static struct names view_names(const struct view *view)
{
    return (struct names){view->measure, view->runs, view->run_count, view->size.text};
}

size_t orl_view_shared_words(const struct view *view, size_t first, size_t count)
{
    const struct names names = view_names(view);
    return orl_names_shared(&names, first, count);
}

char *orl_view_fit_name(const struct view *view, size_t run, double width)
{
    const struct names names = view_names(view);
    return orl_names_fit(&names, run, width);
}

char *orl_view_fit_title(const struct view *view, size_t run, double width)
{
    const struct names names = view_names(view);
    return orl_names_fit_title(&names, run, width);
}

double orl_view_widest_name(const struct view *view, double most)
{
    const struct names names = view_names(view);
    return orl_names_widest(&names, most);
}

size_t orl_view_common_words(const struct view *view)
{
    const char *first = view->runs[0].title;
    size_t words = 0;
    for (size_t length = 1; view->run_count > 1 && first[length - 1]; length++) {
        for (size_t i = 1; i < view->run_count; i++)
            if (strncmp(view->runs[i].title, first, length) != 0)
                return words;
        if (first[length - 1] == ' ')
            words = length;
    }
    return words;
}

const char *orl_view_short_title(const struct view *view, size_t run)
{
    return view->runs[run].title + orl_view_shared_words(view, 0, view->run_count);
}
