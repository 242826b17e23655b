/* Arrows of the steps panel: all lengths to one scale, in the proportions of the surface, from the
 * middle of the rings. The scale falls with the steps that are still to come, by round numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/steps.h"

enum { RINGS = 2, RING_POINTS = 72, EARLY = 2 };
#define ROUNDING     1e-9 /* of a length: as much more does not ask for the next ring */
#define EVEN         0.01 /* a picture that is stretched less is not */
#define RING_NOTE_UP 0.25 /* of the text: from the panel's foot to the baseline */

/* ---- Vectors --------------------------------------------------------------------------------- */

/* On the rings, where y is stretched as on the surface. */
static double ring_length(const struct steps *s, const double v[2])
{
    return hypot(v[0], s->stretch * v[1]);
}

static double ring_vector(const struct view *view, const struct steps *s, size_t run,
                          enum kind kind, size_t row, double v[2])
{
    for (int a = 0; a < 2; a++)
        v[a] = orl_steps_component(s, view->runs, run, kind, row, s->plane.pair[a]);
    return ring_length(s, v);
}

/* How far the arrows of a row reach from the middle; 0: there are none. */
static double reach_of(const struct view *view, const struct panel *panel, const struct steps *s,
                       size_t run, size_t row)
{
    double v[2], most = 0.0;
    for (int k = 0; k < KINDS; k++) {
        bool other = (panel->count > 1 && k != STEP) || (k == GRADIENT && s->direction);
        double length = other || !s->has[k] ? 0.0 : ring_vector(view, s, run, (enum kind)k, row, v);
        most = isfinite(length) ? fmax(most, length) : most;
    }
    return most;
}

/* ---- The scale ------------------------------------------------------------------------------- */

/* The least of 1, 2, 5, 10, ... that is no less. */
static double round_up(double x)
{
    double power = pow(10.0, floor(log10(x)));
    static const double steps[] = {1.0, 2.0, 5.0, 10.0};
    size_t i = 0;
    while (i + 1 < ORL_COUNT(steps) && x > steps[i] * power * (1.0 + ROUNDING))
        i++;
    return steps[i] * power;
}

int orl_steps_choose_reach(const struct view *view, const struct panel *panel, struct steps *s,
                           struct orl_error *err)
{
    double limit = orl_surface_loss_limit(view), most = 0.0;
    /* small multiples have one scale */
    size_t begin = panel->cell.is ? 0 : panel->first,
           end = panel->cell.is ? view->run_count : begin + panel->count;
    free(s->reach);
    s->reach = orl_calloc(view->pace.frames, sizeof *s->reach);
    if (!s->reach)
        return orl_fail_memory(err);
    for (size_t frame = view->pace.frames; frame-- > 0;) {
        for (size_t run = begin; run < end; run++) {
            size_t row = orl_view_row(view, run, frame);
            if (orl_surface_row_counts(view, run, row, limit))
                most = fmax(most, reach_of(view, panel, s, run, row));
        }
        s->reach[frame] = most > 0.0 ? round_up(most) : 0.0;
    }
    for (size_t run = begin; !(most > 0.0) && run < end; run++)
        for (size_t row = 1; row <= EARLY; row++) /* all went astray: the first ones tell */
            most = fmax(most, reach_of(view, panel, s, run, row));
    for (size_t frame = view->pace.frames; frame-- > 0;)
        if (!(s->reach[frame] > 0.0)) /* nothing moves any more */
            s->reach[frame] = frame + 1 < view->pace.frames ? s->reach[frame + 1]
                              : most > 0.0                  ? round_up(most)
                                                            : 1.0;
    return ORL_OK;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

void orl_steps_draw_rings(const struct view *view, const struct steps *s,
                          struct orl_picture *picture)
{
    double text = view->size.text, xy[2 * (RING_POINTS + 1)], thin = orl_line_thin(view->size.line);
    for (int ring = 1; ring <= RINGS; ring++) {
        double radius = s->radius * ring / RINGS;
        for (int i = 0; i <= RING_POINTS; i++) {
            double angle = FULL_TURN * i / RING_POINTS;
            xy[2 * i] = s->middle[0] + radius * cos(angle);
            xy[2 * i + 1] = s->middle[1] + radius * sin(angle);
        }
        orl_mark_faint(orl_picture_line(picture, xy, RING_POINTS + 1, thin, view->theme->grid));
    }
    for (int a = 0; a < 2; a++) {
        double dx = a ? 0.0 : s->radius, dy = a ? s->radius : 0.0;
        orl_mark_faint(orl_picture_segment(picture, s->middle[0] - dx, s->middle[1] - dy,
                                           s->middle[0] + dx, s->middle[1] + dy, thin,
                                           view->theme->grid));
    }
    orl_picture_text(picture, s->middle[0] + s->radius + EM_GAP * text,
                     s->middle[1] + EM_CENTERED * text, 0.0, text, false, view->theme->ink,
                     s->plane.names[0]);
    orl_picture_text(picture, s->middle[0], s->middle[1] - s->radius - EM_GAP * text, 0.5, text,
                     false, view->theme->ink, s->plane.names[1]);
}

/* From `from`, which becomes the arrow's tip; `scale` px for a unit of x. */
static void draw_vector(const struct view *view, const struct steps *s, size_t run, enum kind kind,
                        const double v[2], double scale, double from[2],
                        struct orl_picture *picture)
{
    const double to[] = {from[0] + scale * v[0], from[1] - scale * s->stretch * v[1]};
    if (!isfinite(to[0]) || !isfinite(to[1]))
        return;
    const struct arrow arrow = {
        orl_steps_width(view, s, kind, run), orl_steps_color(view, s, kind, run),
        kind == BEFORE ? ORL_DASH_DASHED : ORL_DASH_SOLID, view->theme->background};
    orl_arrow_draw(view, &arrow, from, to, picture);
    from[0] = to[0];
    from[1] = to[1];
}

static void draw_triangle(const struct view *view, const struct panel *panel, const struct steps *s,
                          size_t frame, struct orl_picture *picture)
{
    size_t run = panel->first, row = orl_view_row(view, run, frame);
    bool sum = s->rules[run].adds && s->rules[run].keeps > 0.0;
    double v[KINDS][2], length[KINDS], reach = reach_of(view, panel, s, run, row);
    double scale = s->radius / fmax(s->reach[frame], reach), tip[2];
    for (int k = 0; k < KINDS; k++)
        length[k] = ring_vector(view, s, run, (enum kind)k, row, v[k]);
    if (!isfinite(length[STEP]))
        return;
    for (int a = 0; a < 2 && s->direction; a++) /* as long as the step */
        v[GRADIENT][a] *= length[STEP] / length[GRADIENT];
    static const enum kind order[] = {BEFORE, GRADIENT, STEP};
    tip[0] = s->middle[0];
    tip[1] = s->middle[1];
    for (size_t i = 0; i < ORL_COUNT(order); i++) {
        enum kind k = order[i];
        if (!(sum && k == GRADIENT)) {
            tip[0] = s->middle[0];
            tip[1] = s->middle[1];
        }
        if (s->has[k] && isfinite(length[k]))
            draw_vector(view, s, run, k, v[k], scale, tip, picture);
    }
}

static int longer_first(const void *a, const void *b)
{
    const struct hand *p = a, *q = b;
    if (p->length != q->length)
        return p->length < q->length ? 1 : -1;
    return (p->run > q->run) - (p->run < q->run);
}

/* One arrow for each run, a shorter one on those that are longer, so that it is seen where they
 * point the same way. */
static void draw_hands(const struct view *view, const struct panel *panel, const struct steps *s,
                       size_t frame, struct orl_picture *picture)
{
    struct hand *hands = (struct hand *)orl_scratch_numbers(picture, 2 * panel->count);
    if (!hands)
        return;
    for (size_t i = 0; i < panel->count; i++) {
        double v[2];
        size_t run = panel->first + i;
        double length = ring_vector(view, s, run, STEP, orl_view_row(view, run, frame), v);
        hands[i] = (struct hand){isfinite(length) ? length : 0.0, run};
    }
    qsort(hands, panel->count, sizeof *hands, longer_first);
    for (size_t i = 0; i < panel->count; i++) {
        double v[2], tip[] = {s->middle[0], s->middle[1]};
        size_t run = hands[i].run;
        ring_vector(view, s, run, STEP, orl_view_row(view, run, frame), v);
        if (hands[i].length > 0.0)
            draw_vector(view, s, run, STEP, v, s->radius / fmax(s->reach[frame], hands[i].length),
                        tip, picture);
    }
}

void orl_steps_draw_arrows(const struct view *view, const struct panel *panel,
                           const struct steps *s, size_t frame, struct orl_picture *picture)
{
    if (panel->count > 1)
        draw_hands(view, panel, s, frame, picture);
    else
        draw_triangle(view, panel, s, frame, picture);
}

void orl_steps_draw_ring_note(const struct view *view, const struct panel *panel,
                              const struct steps *s, size_t frame, struct orl_picture *picture)
{
    char number[PEOPLE_SIZE], times[PEOPLE_SIZE], line[3 * PEOPLE_SIZE + 64];
    const char *of = panel->count > 1 ? "step of each run, " : "";
    double text = view->size.text;
    orl_people_short(number, s->reach[frame]);
    orl_people_figures(times, s->stretch > 1.0 ? s->stretch : 1.0 / s->stretch, 2);
    bool even = fabs(s->stretch - 1.0) < EVEN;
    const char *x = s->plane.names[0], *far = s->plane.names[s->stretch > 1.0];
    for (int form = 0; form < 3; form++) {
        const char *ring = form < 2 ? "outer ring" : "ring";
        if (even || form == 2)
            snprintf(line, sizeof line, "%s%s %s", form ? "" : of, ring, number);
        else
            orl_text_bounded(line, sizeof line, "%s%s %s along %s, %s stretched %s×",
                             form ? "" : of, ring, number, x, far, times);
        if (orl_letters_width(view->measure, line, text, false) <= panel->box.width)
            break;
    }
    orl_picture_text(picture, panel->box.x, panel->box.y + panel->box.height - RING_NOTE_UP * text,
                     0.0, text, false, view->theme->muted, line);
}
