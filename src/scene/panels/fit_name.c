/* The names at the ends of the fit's curves. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/fit.h"

#define CALM_S    0.075 /* seconds between the places whose mean a name takes */
#define SWAP_FROM 0.17  /* a name changes places with another when it is so far past it */
#define EDGE      0.3   /* of the plot that names keep clear of */

enum { CALM = 4 }; /* frames on either side that a name's place is the mean of */

/* The pixel where a run's curve ends, kept within the plot: where its label goes. */
static double label_px(const struct view *view, struct fit *fit, size_t run, size_t row)
{
    double px = orl_fit_end_px(view, fit, run, row), top = fit->plot.area.y,
           bottom = top + fit->plot.area.height;
    return isnan(px) ? bottom : fmin(fmax(px, top), bottom);
}

/* The order of labels whose curves run together: the one that they have at the end. Where there is
 * no room for the names of all, those of some, evenly from the topmost to the lowest. */
void orl_fit_order_labels(const struct view *view, struct fit *fit)
{
    size_t last = view->pace.frames - 1, count = view->run_count,
           room = (size_t)(fit->plot.area.height / (EM_LABEL_CALM * view->size.text));
    for (size_t i = 0; i < count; i++) {
        double y = label_px(view, fit, i, orl_view_row(view, i, last));
        size_t at = i;
        for (; at > 0 && y < label_px(view, fit, fit->order[at - 1],
                                      orl_view_row(view, fit->order[at - 1], last)) -
                                 0.5;
             at--)
            fit->order[at] = fit->order[at - 1];
        fit->order[at] = i;
    }
    fit->labels = fit->plot.cell                         ? 0
                  : count <= room && count <= LABELS_MAX ? count
                  : room >= 8                            ? room / 2
                                                         : 0;
    for (size_t i = 1; i < fit->labels && fit->labels < count; i++)
        fit->order[i] = fit->order[i * (count - 1) / (fit->labels - 1)];
}

/* A run's name with how and when it ended, where that is before the film does; without when, rather
 * than cut. `name`: as it fits.
 */
static char *ended_name(const struct view *view, size_t run, const char *name, double most)
{
    const struct orl_trace *trace = view->runs[run].trace;
    const char *sign = trace->status == ORL_STATUS_DIVERGED ? "✕" : "✓";
    char count[PEOPLE_SIZE], mark[PEOPLE_SIZE + 8];
    orl_people_count(count, trace->steps);
    snprintf(mark, sizeof mark, " %s %s", sign, count);
    if (orl_letters_width(view->measure, name, view->size.text, true) +
            orl_letters_width(view->measure, mark, view->size.text, true) <=
        most)
        return orl_asprintf("%s%s", name, mark);
    snprintf(mark, sizeof mark, " %s", sign);
    char *shorter = orl_view_fit_name(
        view, run, fmax(most - orl_letters_width(view->measure, mark, view->size.text, true), 0.0));
    char *both = shorter ? orl_asprintf("%s%s", shorter, mark) : NULL;
    free(shorter);
    return both;
}

/* A run's name, and what it becomes once it has ended early, as they stand at the end of its curve.
 * Returns the room that the wider one takes; negative when memory is short. */
static double fit_name(const struct view *view, size_t run, double most, char **name, char **ended)
{
    const struct orl_trace *trace = view->runs[run].trace;
    bool early = trace->status == ORL_STATUS_DIVERGED || trace->steps < view->axis_to;
    *name = orl_view_fit_name(view, run, most);
    *ended = *name && early ? ended_name(view, run, *name, most) : NULL;
    if (!*name || (early && !*ended))
        return -1.0;
    return orl_letters_width(view->measure, early ? *ended : *name, view->size.text, true);
}

double orl_fit_names(const struct view *view, struct fit *fit, double most)
{
    double widest = 0.0, width = 0.0;
    for (size_t i = 0; i < view->axis_count && width >= 0.0; i++) {
        char *peer[2] = {NULL, NULL};
        bool shown = i < view->run_count;
        width = fit_name(view, i, most, shown ? &fit->names[i] : &peer[0],
                         shown ? &fit->names[view->run_count + i] : &peer[1]);
        widest = fmax(widest, width);
        free(peer[0]);
        free(peer[1]);
    }
    double sign = view->run_count > 1 && view->run_count <= FIT_TOGETHER
                      ? orl_letters_width(view->measure, "≈ ", view->size.text, true)
                      : 0.0;
    if (view->run_count == 1 && width >= 0.0)
        widest = fmax(widest, orl_letters_width(view->measure, "step 0", view->size.text, false));
    return width < 0.0 ? -1.0 : widest + sign + EM_NAME_AFTER * view->size.text;
}

/* Where a name stands: the mean of where its curve ends within a third of a second before and
 * after, counted from the middle of the frames that show the same step, so that these are the same.
 * Names of runs that tremble stay legible and seldom change places. */
static double calm_px(const struct view *view, struct fit *fit, size_t run, size_t middle)
{
    size_t stride = (size_t)fmax(round(CALM_S * view->fps_num / view->fps_den), 1.0),
           last = view->pace.frames - 1;
    double sum = 0.0;
    for (size_t k = 0; k <= 2 * CALM; k++) {
        size_t later = middle + k * stride, at = later > CALM * stride ? later - CALM * stride : 0;
        sum += label_px(view, fit, run, orl_view_row(view, run, at < last ? at : last));
    }
    return sum / (2 * CALM + 1);
}

static const char *name_at(const struct view *view, const struct fit *fit, size_t run, size_t frame)
{
    const char *ended = fit->names[view->run_count + run];
    return ended && orl_view_run_ended(view, run, frame) ? ended : fit->names[run];
}

/* "=" before the name of a run whose curve lies on that of the run above, where their printed
 * losses are the same; "≈" where these differ; NULL: it lies elsewhere. */
static const char *alike_sign(const struct view *view, const struct fit *fit, size_t above,
                              size_t run, size_t frame)
{
    char a[PEOPLE_SIZE], b[PEOPLE_SIZE];
    const struct orl_trace *s = view->runs[above].trace, *t = view->runs[run].trace;
    if (view->run_count > FIT_TOGETHER || fit->leader[above] != fit->leader[run])
        return NULL;
    orl_people_figures(a, s->loss ? s->loss[orl_view_row(view, above, frame)] : NAN, 3);
    orl_people_figures(b, t->loss ? t->loss[orl_view_row(view, run, frame)] : NAN, 3);
    return strcmp(a, b) == 0 ? "=" : "≈";
}

/* The steps of early curves, at their ends; the run's name goes before. */
static void draw_trail_steps(const struct view *view, const struct fit *fit, size_t run,
                             size_t frame, double name_y, struct orl_picture *picture)
{
    const struct orl_trace *trace = view->runs[run].trace;
    double text = view->size.text, x = fit->plot.area.x + fit->plot.area.width + EM_SEPARATE * text;
    for (size_t i = 0; i < fit->trail_count; i++) {
        const struct fit_ghost *ghost = &fit->trail[i];
        char number[PEOPLE_SIZE], words[PEOPLE_SIZE + 8];
        if (!orl_fit_trail_shows(fit, i, orl_view_row(view, run, frame)) ||
            fabs(ghost->end - name_y) < EM_LABEL * text)
            continue;
        orl_people_count(number, trace->step[ghost->row]);
        snprintf(words, sizeof words, "%s%s", i == 0 ? "step " : "", number);
        orl_picture_text(picture, x, ghost->end + EM_CENTERED * text, 0.0, text, false,
                         orl_view_style(view, run)->color, words);
    }
}

void orl_fit_draw_labels(const struct view *view, struct fit *fit, size_t frame,
                         struct orl_picture *picture)
{
    struct end_label labels[LABELS_MAX];
    double ends[LABELS_MAX], text = view->size.text,
                             right = fit->plot.area.x + fit->plot.area.width;
    size_t middle = orl_pace_middle(&view->pace, frame);
    for (size_t i = 0; i < fit->labels; i++) {
        size_t run = fit->order[i], row = orl_view_row(view, run, frame), at = i;
        double end = orl_fit_end_px(view, fit, run, row);
        const struct orl_rect *area = &fit->plot.area;
        bool swings = (end < area->y || end > area->y + area->height) &&
                      orl_fit_swings(view, fit, run, row); /* now above, now below */
        struct end_label label = {.y = swings ? area->y + 0.5 * area->height
                                              : calm_px(view, fit, run, middle),
                                  .run = run,
                                  .text = name_at(view, fit, run, frame),
                                  .color = orl_view_style(view, run)->color};
        for (; at > 0 && label.y < labels[at - 1].y - SWAP_FROM * text; at--) {
            labels[at] = labels[at - 1];
            ends[at] = ends[at - 1];
        }
        labels[at] = label;
        ends[at] = isnan(end) ? label_px(view, fit, run, row) : end;
    }
    orl_labels_spread(labels, fit->labels, EM_LABEL_CALM * text, fit->plot.area.y + EDGE * text,
                      fit->plot.area.y + fit->plot.area.height - EDGE * text);
    if (fit->labels == 1)
        draw_trail_steps(view, fit, labels[0].run, frame, labels[0].placed, picture);
    for (size_t i = 0; i < fit->labels; i++) {
        const char *sign =
            i > 0 ? alike_sign(view, fit, labels[i - 1].run, labels[i].run, frame) : NULL;
        double x = right + EM_SEPARATE * text, y = labels[i].placed + EM_CENTERED * text;
        if (sign) {
            orl_picture_text(picture, x, y, 0.0, text, true, labels[i].color, sign);
            x += orl_letters_width(view->measure, "≈ ", text, true);
        } else {
            orl_label_leader(view, &fit->plot, &labels[i], ends[i], picture);
        }
        orl_picture_text(picture, x, y, 0.0, text, true, labels[i].color, labels[i].text);
    }
}
