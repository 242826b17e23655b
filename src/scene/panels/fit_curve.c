/* The curves of the fit in one frame. Runs whose curves lie on each other are one line of their
 * colours in turn: drawn one over the other, the last would hide the rest. */
#include <math.h>
#include <string.h>

#include "scene/marks/curve.h"
#include "scene/marks/scratch.h"
#include "scene/panels/emphasis.h"
#include "scene/panels/fit.h"

#define LEAST_PX    1e-3 /* a step along a curve that does not move still ends */
#define TOGETHER_PX 1.0  /* of a line width: curves that are never farther apart are one */
#define PIECE       4.67 /* line widths of one colour */
#define SOLO_WIDTH  1.5  /* of the curve of a film of one run, in line widths */
#define LINE_WIDTH  1.17 /* of one of several */
#define BACK_WIDTH  0.75 /* of one that steps back, of its width */
#define FRONT_WIDTH 1.3

struct orl_mark *orl_fit_draw_heights(struct fit *fit, const double *heights, double width,
                                      struct orl_color color, struct orl_picture *picture)
{
    size_t count = orl_curve_path(fit->px, heights, fit->points, fit->plot.area.height, fit->xy);
    return orl_picture_clipped_line(picture, fit->xy, count, fit->plot.area, width, color);
}

/* The largest distance of two curves over the plot; outside it they are told apart by nothing. */
static double curves_apart(const struct fit *fit, const double *a, const double *b)
{
    double top = fit->plot.area.y, bottom = top + fit->plot.area.height, most = 0.0;
    for (size_t i = 0; i < fit->points; i++) {
        if (isnan(a[i]) != isnan(b[i]))
            return INFINITY;
        double at = fmin(fmax(a[i], top), bottom) - fmin(fmax(b[i], top), bottom);
        most = fmax(most, isnan(at) ? 0.0 : fabs(at));
    }
    return most;
}

/* Pixels of all curves, and of each run the first one that it lies on. */
static void find_together(const struct view *view, const struct panel *panel, struct fit *fit,
                          size_t frame)
{
    for (size_t i = 0; i < panel->count; i++) {
        size_t run = panel->first + i;
        double *heights = fit->heights + i * fit->points;
        orl_fit_predict(fit, &view->runs[run],
                        orl_fit_row(view, run, orl_view_row(view, run, frame)), fit->x, fit->points,
                        heights);
        for (size_t k = 0; k < fit->points; k++)
            heights[k] = orl_axis_px(&fit->plot.y, heights[k]);
        fit->leader[i] = i;
        for (size_t k = 0; k < i && fit->leader[i] == i; k++)
            if (fit->leader[k] == k && curves_apart(fit, heights, fit->heights + k * fit->points) <=
                                           TOGETHER_PX * view->size.line)
                fit->leader[i] = k;
    }
}

/* Every `of`-th piece of the line in fit->xy, from the `turn`-th on, as one line. */
static struct orl_mark *draw_pieces(const struct view *view, struct fit *fit, size_t count,
                                    size_t turn, size_t of, double width, struct orl_color color,
                                    struct orl_picture *picture)
{
    double piece = PIECE * view->size.line, *out = fit->xy + 2 * count, at = 0.0;
    size_t n = 0, room = fit->room - count;
    for (size_t i = 1; i < count; i++) {
        const double *a = fit->xy + 2 * i - 2, *b = a + 2;
        double length = hypot(b[0] - a[0], b[1] - a[1]);
        if (!(length > 0.0) || !isfinite(length))
            continue;
        for (double done = 0.0; done < length && n + 3 < room;) {
            double left = piece - fmod(at, piece), step = fmin(left, length - done);
            if ((size_t)(at / piece) % of == turn) {
                double t0 = done / length, t1 = fmin((done + step) / length, 1.0);
                const double ends[] = {a[0] + t0 * (b[0] - a[0]),
                                       a[1] + t0 * (b[1] - a[1]),
                                       a[0] + t1 * (b[0] - a[0]),
                                       a[1] + t1 * (b[1] - a[1]),
                                       NAN,
                                       NAN};
                memcpy(out + 2 * n, ends, sizeof ends);
                n += 3;
            }
            done += fmax(step, LEAST_PX);
            at += fmax(step, LEAST_PX);
        }
    }
    return orl_picture_clipped_line(picture, out, n, fit->plot.area, width, color);
}

static double curve_width(const struct view *view, const struct panel *panel, const struct fit *fit,
                          size_t run, size_t frame)
{
    double width = (0.5 + 0.5 * fit->plot.scale) * view->size.line *
                   (panel->count == 1 ? SOLO_WIDTH : LINE_WIDTH);
    switch (orl_view_emphasis(view, run, frame)) {
    case ORL_EMPHASIS_BACK:
        return BACK_WIDTH * width;
    case ORL_EMPHASIS_FRONT:
        return FRONT_WIDTH * width;
    default:
        return width;
    }
}

static struct orl_color curve_color(const struct view *view, size_t run, size_t frame)
{
    struct orl_color color = orl_view_style(view, run)->color;
    return orl_view_emphasis(view, run, frame) == ORL_EMPHASIS_BACK
               ? orl_color_mix(color, view->theme->background, 0.5)
               : color;
}

/* A curve that steps back need not reach 3:1: its name and its mark say whose it is. */
static void finish_curve(const struct view *view, size_t run, size_t frame, struct orl_mark *mark)
{
    if (mark)
        mark->dash = orl_view_style(view, run)->dash;
    if (orl_view_emphasis(view, run, frame) == ORL_EMPHASIS_BACK)
        orl_mark_faint(mark);
}

static void draw_group(const struct view *view, const struct panel *panel, struct fit *fit,
                       size_t first, size_t frame, struct orl_picture *picture)
{
    size_t members = 0, turn = 0;
    for (size_t i = first; i < panel->count; i++)
        members += fit->leader[i] == first;
    if (members == 1) {
        size_t run = panel->first + first;
        struct orl_mark *mark = orl_fit_draw_heights(fit, fit->heights + first * fit->points,
                                                     curve_width(view, panel, fit, run, frame),
                                                     curve_color(view, run, frame), picture);
        finish_curve(view, run, frame, mark);
        return;
    }
    size_t count = orl_curve_path(fit->px, fit->heights + first * fit->points, fit->points,
                                  fit->plot.area.height, fit->xy);
    for (size_t i = first; i < panel->count; i++)
        if (fit->leader[i] == first) {
            size_t run = panel->first + i;
            struct orl_mark *mark = draw_pieces(view, fit, count, turn++, members,
                                                curve_width(view, panel, fit, run, frame),
                                                curve_color(view, run, frame), picture);
            if (orl_view_emphasis(view, run, frame) == ORL_EMPHASIS_BACK)
                orl_mark_faint(mark);
        }
}

/* More runs than are compared: each for itself. */
static void draw_many(const struct view *view, const struct panel *panel, struct fit *fit,
                      size_t frame, struct orl_picture *picture)
{
    for (size_t i = 0; i < panel->count; i++) {
        size_t run = panel->first + i;
        orl_fit_predict(fit, &view->runs[run],
                        orl_fit_row(view, run, orl_view_row(view, run, frame)), fit->x, fit->points,
                        fit->y);
        for (size_t k = 0; k < fit->points; k++)
            fit->y[k] = orl_axis_px(&fit->plot.y, fit->y[k]);
        struct orl_mark *mark =
            orl_fit_draw_heights(fit, fit->y, curve_width(view, panel, fit, run, frame),
                                 curve_color(view, run, frame), picture);
        finish_curve(view, run, frame, mark);
    }
}

void orl_fit_draw_curves(const struct view *view, const struct panel *panel, struct fit *fit,
                         size_t frame, struct orl_picture *picture)
{
    if (panel->count > FIT_TOGETHER) {
        draw_many(view, panel, fit, frame, picture);
        return;
    }
    find_together(view, panel, fit, frame);
    for (size_t i = panel->count; i-- > 0;) /* the first of the file lies on top */
        if (fit->leader[i] == i)
            draw_group(view, panel, fit, i, frame, picture);
}
