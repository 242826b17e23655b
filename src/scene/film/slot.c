/* Where an event's sentence stands, and how it is drawn. */
#include "scene/film/slot.h"

#include <math.h>
#include <string.h>

#include "scene/marks/metrics.h"
#include "scene/panels/panel.h"

#define MARK_X      0.35 /* where the mark's middle is */
#define MARK_RADIUS 0.3
#define EDGE        0.7 /* from the panel's edge to the slot: of the text size, as are the others */
#define BOTTOM      1.7 /* from its lower edge: above the numbers of the axis */
#define HEIGHT      1.75 /* of the slot */
#define PADDING     0.5
#define MARK        1.1  /* room of the run's marker */
#define WIDEST      0.92 /* of the panel: a wider sentence has no room there */
#define ROOM        9.0  /* text sizes: a lower panel has no slot */

enum { SAMPLES = 24, PLACES = 6 };

static double slot_width(const struct view *view, const struct event *event)
{
    double text = view->size.text;
    return orl_letters_width(view->measure, event->text, text, true) +
           (2.0 * PADDING + (event->run < view->run_count ? MARK : 0.0)) * text;
}

/* Inside the axes of the first panel. */
static struct orl_rect slot_region(const struct view *view)
{
    const struct panel *panel = &view->panels[0];
    return panel->plot.width > 0.0 ? panel->plot : panel->box;
}

/* In the order in which ties are broken. */
static void list_places(const struct view *view, double width, struct orl_rect places[PLACES])
{
    const struct orl_rect plot = slot_region(view), *box = &plot;
    double text = view->size.text, left = box->x + EDGE * text,
           right = box->x + box->width - EDGE * text - width,
           centre = box->x + 0.5 * (box->width - width), top = box->y + EDGE * text,
           bottom = box->y + box->height - (BOTTOM + EDGE + HEIGHT) * text;
    const double at[PLACES][2] = {{centre, top},  {centre, bottom}, {right, bottom},
                                  {left, bottom}, {right, top},     {left, top}};
    for (size_t i = 0; i < PLACES; i++)
        places[i] = (struct orl_rect){at[i][0], at[i][1], width, HEIGHT * text};
}

static struct orl_rect text_box(const struct view *view, const struct orl_picture *picture,
                                const struct orl_mark *mark)
{
    const double *at = picture->points + 2 * mark->first;
    double width =
        orl_letters_width(view->measure, picture->text + mark->text, mark->size, mark->bold);
    return (struct orl_rect){at[0] - mark->align * width, at[1] - EM_ASCENT * mark->size, width,
                             mark->size};
}

static bool touches(const struct orl_rect *a, const struct orl_rect *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

/* Pixels of a line inside a place. */
static double length_inside(const struct orl_picture *picture, const struct orl_mark *mark,
                            struct orl_rect place)
{
    double sum = 0.0, t0, t1;
    const double *xy = picture->points + 2 * mark->first;
    for (size_t i = 1; i < mark->count; i++) {
        const double *a = xy + 2 * (i - 1), *b = xy + 2 * i;
        if (!isnan(a[0]) && !isnan(b[0]) && orl_segment_clip(a, b, place, &t0, &t1))
            sum += (t1 - t0) * hypot(b[0] - a[0], b[1] - a[1]);
    }
    return sum;
}

/* What a place would cover; INFINITY: words that always stand there. */
static double covered(const struct view *view, const struct orl_picture *picture, bool still,
                      struct orl_rect place)
{
    double sum = 0.0;
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        if (mark->kind == ORL_MARK_TEXT && picture->text[mark->text]) {
            struct orl_rect box = text_box(view, picture, mark);
            if (touches(&box, &place))
                sum += still ? INFINITY : box.width;
        } else if (mark->kind == ORL_MARK_LINE && !mark->faint) {
            sum += length_inside(picture, mark, place);
        } else if (mark->kind == ORL_MARK_DOTS) {
            for (size_t k = 0; k < mark->count; k++) {
                const double *at = picture->points + 2 * (mark->first + k);
                const struct orl_rect dot = {at[0] - mark->size, at[1] - mark->size,
                                             2.0 * mark->size, 2.0 * mark->size};
                sum += touches(&dot, &place) ? 2.0 * mark->size : 0.0;
            }
        }
    }
    return sum;
}

static void draw_panels(const struct view *view, size_t frame, struct orl_picture *picture)
{
    const struct panel *panel = &view->panels[0];
    orl_picture_clear(picture);
    if (frame == SIZE_MAX && panel->desc->ops->still)
        panel->desc->ops->still(view, panel, picture);
    else if (frame != SIZE_MAX && panel->desc->ops->moving)
        panel->desc->ops->moving(view, panel, frame, picture);
}

struct orl_rect orl_slot_choose(const struct view *view, const struct story *story)
{
    const struct orl_rect region = slot_region(view), *box = &region, none = {0};
    struct orl_rect places[PLACES];
    struct orl_picture picture = {0};
    double width = 0.0, cost[PLACES];
    for (size_t i = 0; i < story->event_count; i++)
        if (story->events[i].end > story->events[i].first)
            width = fmax(width, slot_width(view, &story->events[i]));
    if (!(width > 0.0) || width > WIDEST * box->width || box->height < ROOM * view->size.text ||
        view->grid || view->panels[0].desc->whole)
        return none;
    list_places(view, width, places);
    draw_panels(view, SIZE_MAX, &picture);
    for (size_t k = 0; k < PLACES; k++)
        cost[k] = covered(view, &picture, true, places[k]);
    for (size_t s = 0; s < SAMPLES; s++) {
        draw_panels(view, (view->pace.frames - 1) * s / (SAMPLES - 1), &picture);
        for (size_t k = 0; k < PLACES; k++)
            cost[k] += covered(view, &picture, false, places[k]);
    }
    orl_picture_uninit(&picture);
    size_t best = 0;
    for (size_t k = 1; k < PLACES; k++)
        best = cost[k] < cost[best] ? k : best;
    return isfinite(cost[best]) ? places[best] : none;
}

/* Names that ride with their lines pass under the slot: they are left out while it is there, rather
 * than cut by its edge. */
static void hide_words(const struct view *view, struct orl_rect slot, struct orl_picture *picture)
{
    size_t kept = 0;
    for (size_t i = 0; i < picture->count; i++) {
        const struct orl_mark *mark = &picture->marks[i];
        struct orl_rect box = {0};
        if (mark->kind == ORL_MARK_TEXT)
            box = text_box(view, picture, mark);
        if (mark->kind == ORL_MARK_TEXT && touches(&box, &slot))
            continue;
        memmove(&picture->marks[kept++], mark, sizeof *mark);
    }
    picture->count = kept;
}

void orl_slot_draw(const struct view *view, const struct story *story, size_t frame,
                   struct orl_picture *picture)
{
    const struct event *event = orl_story_event(story, frame);
    struct orl_rect slot = story->slot;
    double text = view->size.text;
    if (!event || !(slot.width > 0.0) || orl_view_is_last(view, frame))
        return;
    double own = slot_width(view, event);
    slot.x += 0.5 * (slot.width - own); /* a shorter sentence has a shorter plate */
    slot.width = own;
    hide_words(view, slot, picture);
    orl_mark_faint(orl_picture_rect(picture, slot, view->theme->background)); /* a plate */
    double x = slot.x + PADDING * text, y = slot.y + 0.5 * slot.height;
    if (event->run < view->run_count) {
        const struct style *style = orl_view_style(view, event->run);
        const double at[] = {x + MARK_X * text, y};
        orl_picture_dots(picture, at, 1, MARK_RADIUS * text, style->marker, style->color);
        x += MARK * text;
    }
    orl_picture_text(picture, x, y + EM_TICK * text, 0.0, text, true, view->theme->ink,
                     event->text);
}
