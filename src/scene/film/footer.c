/* The footer of a page: the step counter and the step ruler. */
#include "scene/film/footer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "scene/film/story.h"
#include "scene/marks/axis.h"

#define RULER_FROM 0.75 /* of the width: the latest that the ruler begins */

/* In text sizes. */
#define FOOTER_HEIGHT 2.67
#define STEP_BASELINE 0.5 /* above the footer's lower edge */
#define RULER_UP      1.5
#define STEP_SIZE     1.5
#define LOW_PAGE      24.0 /* a page of fewer text sizes is low */
#define LOW_HEIGHT    1.75
#define LOW_BASELINE  0.75
#define WORD_GAP      0.6
#define RULER_GAP     1.4 /* between the numbers and the ruler */
#define LOSS_GAP      1.8
#define TICK_FROM     0.25 /* below the ruler */
#define TICK_TO       0.5
#define NUMBERS_APART 0.67
/* In line widths. */
#define RULER_WIDTH 1.33
#define TICK_WIDTH  0.5
#define EVENT_DOT   2.0 /* radius */
enum { RULER_TICKS = 16 };

/* A page that is low for its text has a line of progress instead of the ruler. */
static bool is_low(const struct view *view)
{
    return view->height < LOW_PAGE * view->size.text;
}

double orl_footer_height(const struct view *view)
{
    return (is_low(view) ? LOW_HEIGHT : FOOTER_HEIGHT) * view->size.text;
}

static double step_size(const struct view *view)
{
    return (is_low(view) ? 1.0 : STEP_SIZE) * view->size.text;
}

static double step_baseline(const struct view *view)
{
    return view->footer_box.y + view->footer_box.height -
           (is_low(view) ? LOW_BASELINE : STEP_BASELINE) * view->size.text;
}

static double footer_bottom(const struct view *view)
{
    return view->footer_box.y + view->footer_box.height;
}

/* A film of one run tells its loss beside the step. */
static bool tells_loss(const struct view *view)
{
    return view->run_count == 1 && view->runs[0].trace->loss;
}

/* Left end of the step's number. */
static double step_left(const struct view *view)
{
    return view->footer_box.x + orl_letters_width(view->measure, "step", view->size.text, false) +
           WORD_GAP * view->size.text;
}

/* Its right end: room for the largest one. */
static double step_right(const struct view *view)
{
    char widest[PEOPLE_SIZE];
    orl_people_count(widest, view->pace.to);
    return step_left(view) + orl_letters_width(view->measure, widest, step_size(view), true);
}

/* Left end of the loss, and of its number. */
static double loss_left(const struct view *view)
{
    return step_right(view) + LOSS_GAP * view->size.text;
}

static double loss_number_left(const struct view *view)
{
    return loss_left(view) + WORD_GAP * view->size.text +
           orl_letters_width(view->measure, view->quantity, view->size.text, false);
}

/* From which pixel on the ruler goes; it ends at the footer's right end. */
static double ruler_left(const struct view *view)
{
    double text = view->size.text, left = step_right(view) + RULER_GAP * text;
    if (is_low(view))
        return view->footer_box.x;
    if (tells_loss(view))
        left = loss_number_left(view) + RULER_GAP * text +
               orl_letters_width(view->measure, "8.88×10⁻³⁰⁸", text, true);
    return fmin(left, view->footer_box.x + RULER_FROM * view->footer_box.width);
}

static double ruler_y(const struct view *view)
{
    return footer_bottom(view) - (is_low(view) ? 0.0 : RULER_UP * view->size.text);
}

static double ruler_x(const struct view *view, double share)
{
    double left = ruler_left(view);
    return left + share * (view->footer_box.x + view->footer_box.width - left);
}

/* How far the film has come when it first shows a step. Frames that show the same step are the
 * same, and cost their encoders nothing. */
static double step_share(const struct view *view, int64_t step)
{
    return step >= view->pace.to
               ? 1.0
               : orl_pace_share(&view->pace, orl_pace_frame_at(&view->pace, step));
}

/* Where a step lies on the ruler, px: where the film is when it first shows it. */
static double footer_step_x(const struct view *view, int64_t step)
{
    return ruler_x(view, step_share(view, step));
}

/* ---- Ticks ----------------------------------------------------------------------------------- */

/* The steps that have ticks: evenly spaced ones at a linear pace, else the first and the powers of
 * ten. */
static size_t ruler_steps(const struct view *view, int64_t steps[RULER_TICKS])
{
    size_t count = 0;
    int64_t from = view->pace.from, to = view->pace.to;
    if (view->pace_kind == ORL_PACE_LINEAR) {
        struct axis axis = {.scale = SCALE_LINEAR, .low = (double)from, .high = (double)to};
        struct tick ticks[TICKS_MAX];
        size_t found = to > from ? orl_axis_ticks(&axis, 5, ticks) : 0;
        for (size_t i = 0; i < found && count < RULER_TICKS; i++)
            if (ticks[i].value == floor(ticks[i].value))
                steps[count++] = (int64_t)ticks[i].value;
        return count;
    }
    steps[count++] = from;
    for (int64_t step = 1; step <= to && count < RULER_TICKS; step *= 10) {
        if (step > from)
            steps[count++] = step;
        if (step > INT64_MAX / 10)
            break;
    }
    return count;
}

static void draw_ticks(const struct view *view, struct orl_picture *picture)
{
    int64_t steps[RULER_TICKS];
    size_t count = ruler_steps(view, steps);
    double text = view->size.text, y = ruler_y(view), used = -INFINITY, left = ruler_x(view, 0.0),
           right = ruler_x(view, 1.0);
    for (size_t i = 0; i < count; i++) {
        char number[PEOPLE_SIZE];
        double x = footer_step_x(view, steps[i]);
        orl_people_count(number, steps[i]);
        double half = 0.5 * orl_letters_width(view->measure, number, text, false);
        double middle = fmax(fmin(x, right - half), left + half);
        if (middle - half < used)
            continue; /* it would touch its neighbour */
        used = middle + half + NUMBERS_APART * text;
        orl_mark_faint(orl_picture_segment(picture, x, y + TICK_FROM * text, x, y + TICK_TO * text,
                                           TICK_WIDTH * view->size.line, view->theme->axis));
        orl_picture_text(picture, middle, footer_bottom(view), 0.5, text, false, view->theme->muted,
                         number);
    }
}

/* ---- Drawing --------------------------------------------------------------------------------- */

void orl_footer_still(const struct view *view, struct orl_picture *picture)
{
    double text = view->size.text, y = step_baseline(view);
    orl_picture_text(picture, view->footer_box.x, y, 0.0, text, false, view->theme->muted, "step");
    if (tells_loss(view))
        orl_picture_text(picture, loss_left(view), y, 0.0, text, false, view->theme->muted,
                         view->quantity);
    orl_mark_faint(orl_picture_segment(picture, ruler_x(view, 0.0), ruler_y(view),
                                       ruler_x(view, 1.0), ruler_y(view),
                                       RULER_WIDTH * view->size.line, view->theme->rule));
    if (!is_low(view))
        draw_ticks(view, picture);
}

/* What has happened stays on the ruler, in its run's colour. */
static void draw_event_dots(const struct view *view, size_t frame, struct orl_picture *picture)
{
    int64_t now = orl_view_step(view, frame);
    for (size_t i = 0; i < view->story->event_count; i++) {
        const struct event *event = &view->story->events[i];
        if (event->run >= view->run_count || event->step > now)
            continue;
        const double at[] = {footer_step_x(view, event->step), ruler_y(view)};
        struct orl_mark *mark =
            orl_picture_dots(picture, at, 1, EVENT_DOT * view->size.line, ORL_MARKER_CIRCLE,
                             orl_view_style(view, event->run)->color);
        if (mark) {
            mark->halo = view->theme->background;
            mark->halo_px = TICK_WIDTH * view->size.line;
        }
    }
}

void orl_footer_moving(const struct view *view, size_t frame, struct orl_picture *picture)
{
    char number[PEOPLE_SIZE];
    size_t row = orl_view_row(view, 0, frame);
    double text = view->size.text, y = step_baseline(view);
    double share = step_share(view, orl_view_step(view, frame));
    orl_people_count(number, view->run_count == 1 ? view->runs[0].trace->step[row]
                                                  : orl_view_step(view, frame));
    orl_picture_text(picture, step_left(view), y, 0.0, step_size(view), true, view->theme->ink,
                     number);
    if (tells_loss(view)) {
        orl_people_figures(number, view->runs[0].trace->loss[row], 3);
        orl_picture_text(picture, loss_number_left(view), y, 0.0, text, true, view->theme->ink,
                         number);
    }
    if (share > 0.0)
        orl_picture_segment(picture, ruler_x(view, 0.0), ruler_y(view), ruler_x(view, share),
                            ruler_y(view), RULER_WIDTH * view->size.line, view->theme->ink);
    draw_event_dots(view, frame, picture);
}
