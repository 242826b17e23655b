/* What stands on a surface for the whole film: the start, the goals, the numbers and names of the
 * axes. */
#include <math.h>

#include "base/array.h"
#include "scene/marks/metrics.h"
#include "scene/panels/surface.h"

#define LINE_HEIGHT_LOW                                                                            \
    1.5               /* numbers stand so much higher, in heights of a word, where one is below */
#define MARK_HALF 0.6 /* of the square that a mark keeps free of names */
#define FAR_COST  2.0 /* of a name that is further away, by the text's size and the way */
#define AWAY_COST 3.0 /* of a start's name that looks towards the goal, by the text's size */

/* In text sizes. */
#define GOAL_RADIUS  0.54
#define GOAL_LINE    0.104
#define GOAL_CASING  0.073
#define START_RADIUS 0.23
#define CROSS        0.25
#define WORD_CASING  0.125
#define NAME_OFF     0.3
#define LEADER_GAP   0.12
#define LEADER_LINE  0.05
#define TICK         0.33
#define EDGE         0.62
#define NEAR         1.67
#define LINE_HEIGHT  1.05
enum { CIRCLE_POINTS = 40, NUMBERS = 3 };

double orl_places_goal_radius(const struct view *view, double scale)
{
    return GOAL_RADIUS * view->size.text * scale;
}

/* ---- Names of places ------------------------------------------------------------------------- */

static double mark_radius(const struct paths *paths, const struct place *place)
{
    return (place->kind == PLACE_START ? START_RADIUS : GOAL_RADIUS) * paths->view->size.text *
           paths->scale;
}

static struct orl_rect word_box(const struct paths *paths, const struct place *place, double width,
                                const double direction[2], double away)
{
    double text = paths->view->size.text,
           off = mark_radius(paths, place) + (NAME_OFF + away) * text;
    double height = LINE_HEIGHT * text;
    double x = place->xy[0] + direction[0] * off, y = place->xy[1] + direction[1] * off;
    return (struct orl_rect){x - width * (0.5 - 0.5 * direction[0]),
                             y - height * (0.5 - 0.5 * direction[1]), width, height};
}

/* How many px of paths lie in a box. */
static double covered(const struct paths *paths, const struct orl_rect *box)
{
    double sum = 0.0, t0, t1;
    for (size_t r = paths->first; r < paths->first + paths->shown; r++)
        for (size_t i = 1; i < paths->items[r].count; i++) {
            const double *a = paths->items[r].xy + 2 * i - 2, *b = a + 2;
            if (isfinite(a[0]) && isfinite(b[0]) && orl_segment_clip(a, b, *box, &t0, &t1))
                sum += (t1 - t0) * hypot(b[0] - a[0], b[1] - a[1]);
        }
    return sum;
}

/* The start's name looks away from the first goal; a goal's wants to stand above it. */
static double misdirection(const struct places *places, const struct place *place,
                           const double direction[2])
{
    if (place->kind != PLACE_START)
        return 2.0 * (1.0 + direction[1]);
    for (size_t i = 0; i < places->count; i++)
        if (places->items[i].kind == PLACE_GOAL) {
            double dx = places->items[i].xy[0] - place->xy[0],
                   dy = places->items[i].xy[1] - place->xy[1], length = hypot(dx, dy);
            return length > 0.0
                       ? AWAY_COST * (1.0 + (dx * direction[0] + dy * direction[1]) / length)
                       : 0.0;
        }
    return 2.0 * (1.0 + direction[0]);
}

/* Where paths crowd around a mark its name stands further away, at the end of a hairline. */
static void place_lead(struct place *place, const struct paths *paths, const double direction[2],
                       double away)
{
    double text = paths->view->size.text, from = mark_radius(paths, place) + LEADER_GAP * text,
           to = mark_radius(paths, place) + (NAME_OFF + away - LEADER_GAP) * text,
           length = hypot(direction[0], direction[1]);
    place->led = away > 0.0;
    for (int k = 0; k < 2; k++) {
        place->leader[k] = place->xy[k] + direction[k] / length * from;
        place->leader[2 + k] = place->xy[k] + direction[k] * to;
    }
}

static void name_place(struct places *places, struct place *place, const struct paths *paths)
{
    static const double directions[][2] = {{-1, 0},      {1, 0},      {0, -1},     {0, 1},
                                           {-0.8, -0.8}, {0.8, -0.8}, {-0.8, 0.8}, {0.8, 0.8}};
    static const double aways[] = {0.0, 1.5, 3.0, 4.5, 6.0}; /* in text sizes */
    const struct view *view = paths->view;
    double width = orl_letters_width(view->measure, place->name, view->size.text, false),
           best = INFINITY;
    place->word[0] = place->word[1] = NAN;
    for (size_t k = 0; k < ORL_COUNT(directions) * ORL_COUNT(aways); k++) {
        const double *direction = directions[k % ORL_COUNT(directions)];
        double away = aways[k / ORL_COUNT(directions)];
        struct orl_rect box = word_box(paths, place, width, direction, away);
        double cost = covered(paths, &box) +
                      view->size.text * (misdirection(places, place, direction) + FAR_COST * away);
        if (!orl_rect_inside(&paths->area, &box, 0.0))
            continue;
        for (const struct place *other = places->items; other < places->items + places->count;
             other++) {
            struct orl_rect mark = {other->xy[0] - MARK_HALF * view->size.text,
                                    other->xy[1] - MARK_HALF * view->size.text,
                                    2.0 * MARK_HALF * view->size.text,
                                    2.0 * MARK_HALF * view->size.text};
            cost += other != place
                        ? orl_rect_overlap(&box, &mark) + orl_rect_overlap(&box, &other->box)
                        : 0.0;
        }
        if (cost < best) {
            best = cost;
            place->box = box;
            place->word[0] = box.x;
            place->word[1] = box.y + EM_ASCENT * view->size.text;
            place_lead(place, paths, direction, away);
        }
    }
}

void orl_places_name(struct places *places, const struct paths *paths)
{
    for (struct place *place = places->items; place < places->items + places->count; place++)
        if (place->name)
            name_place(places, place, paths);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_circle(const double xy[2], double radius, double width, struct orl_color color,
                        struct orl_color casing, double casing_px, struct orl_picture *picture)
{
    double points[2 * (CIRCLE_POINTS + 1)];
    for (int i = 0; i <= CIRCLE_POINTS; i++) {
        double angle = FULL_TURN * i / CIRCLE_POINTS;
        points[2 * i] = xy[0] + radius * cos(angle);
        points[2 * i + 1] = xy[1] + radius * sin(angle);
    }
    struct orl_mark *mark = orl_picture_line(picture, points, CIRCLE_POINTS + 1, width, color);
    if (mark) {
        mark->halo = casing;
        mark->halo_px = casing_px;
    }
}

static void draw_cross(const double xy[2], double half, double width, struct orl_color color,
                       struct orl_color casing, double casing_px, struct orl_picture *picture)
{
    const double points[] = {xy[0] - half, xy[1] - half, xy[0] + half, xy[1] + half, NAN,
                             NAN,          xy[0] - half, xy[1] + half, xy[0] + half, xy[1] - half};
    struct orl_mark *mark = orl_picture_line(picture, points, 5, width, color);
    if (mark) {
        mark->halo = casing;
        mark->halo_px = casing_px;
    }
}

static void draw_word(const struct view *view, double x, double y, double align,
                      struct orl_color color, struct orl_color casing, const char *words,
                      struct orl_picture *picture)
{
    struct orl_mark *mark =
        orl_picture_text(picture, x, y, align, view->size.text, false, color, words);
    if (mark) {
        mark->halo = casing;
        mark->halo_px = WORD_CASING * view->size.text;
    }
}

void orl_places_draw(const struct view *view, const struct places *places,
                     const struct paths *paths, struct orl_picture *picture)
{
    double text = view->size.text * paths->scale, width = GOAL_LINE * text,
           casing = GOAL_CASING * text;
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->items[i];
        if (place->kind == PLACE_TRUTH)
            draw_cross(place->xy, CROSS * text, width, view->theme->ink, paths->casing, casing,
                       picture);
        else
            draw_circle(place->xy,
                        place->kind == PLACE_START ? START_RADIUS * text : GOAL_RADIUS * text,
                        width, view->theme->ink, paths->casing, casing, picture);
        if (place->name && isfinite(place->word[0]) && place->led)
            orl_picture_line(picture, place->leader, 2, LEADER_LINE * text, view->theme->muted);
        if (place->name && isfinite(place->word[0]))
            draw_word(view, place->word[0], place->word[1], 0.0,
                      place->kind == PLACE_START ? view->theme->muted : view->theme->ink,
                      paths->casing, place->name, picture);
    }
}

/* ---- Axes ------------------------------------------------------------------------------------ */

/* Words as they are put. */
struct axes_words {
    const struct surface_axes *axes;
    struct orl_rect *boxes;
    size_t count;
    struct orl_picture *picture; /* NULL: nothing is drawn */
};

/* Whether a word may stand there: inside, off the words that are there, not near a place. */
static bool word_fits(const struct axes_words *words, const struct orl_rect *box)
{
    double near = NEAR * words->axes->view->size.text;
    if (!orl_rect_inside(&words->axes->plot->area, box, 0.0) ||
        orl_rect_overlap(box, &words->axes->keep_off) > 0.0)
        return false;
    for (size_t i = 0; i < words->count; i++)
        if (orl_rect_overlap(box, &words->boxes[i]) > 0.0)
            return false;
    for (size_t i = 0; i < words->axes->places->count; i++) {
        const struct place *place = &words->axes->places->items[i];
        double dx = fmax(fmax(box->x - place->xy[0], place->xy[0] - box->x - box->width), 0.0),
               dy = fmax(fmax(box->y - place->xy[1], place->xy[1] - box->y - box->height), 0.0);
        if (hypot(dx, dy) < near || (place->name && orl_rect_overlap(box, &place->box) > 0.0))
            return false;
    }
    return true;
}

static bool put_word(struct axes_words *words, struct orl_rect box, const char *text)
{
    if (words->count == WORDS_MAX || !word_fits(words, &box))
        return false;
    words->boxes[words->count++] = box;
    if (words->picture)
        draw_word(words->axes->view, box.x, box.y + EM_ASCENT * words->axes->view->size.text, 0.0,
                  words->axes->view->theme->muted, words->axes->casing, text, words->picture);
    return true;
}

static void draw_tick(const struct axes_words *words, double x0, double y0, double x1, double y1)
{
    if (words->picture)
        orl_mark_faint(orl_picture_segment(words->picture, x0, y0, x1, y1,
                                           words->axes->view->size.line / 2.0,
                                           words->axes->view->theme->muted));
}

static void put_numbers(struct axes_words *words, const struct axis *axis, bool across)
{
    struct tick ticks[TICKS_MAX];
    const struct orl_rect *area = &words->axes->plot->area;
    double text = words->axes->view->size.text, tick = TICK * text;
    double bottom = area->y + area->height;
    size_t count = orl_axis_ticks(axis, NUMBERS, ticks);
    while (count > NUMBERS) { /* every second one */
        size_t kept = 0;
        for (size_t i = count % 2 ? 0 : 1; i < count; i += 2)
            ticks[kept++] = ticks[i];
        count = kept;
    }
    for (size_t i = 0; i < count; i++) {
        double px = orl_axis_px(axis, ticks[i].value),
               width = orl_letters_width(words->axes->view->measure, ticks[i].label, text, false);
        struct orl_rect box =
            across ? (struct orl_rect){px - 0.5 * width, bottom - EDGE * text - EM_ASCENT * text,
                                       width, LINE_HEIGHT * text}
                   : (struct orl_rect){area->x + EDGE * text, px - 0.5 * LINE_HEIGHT * text, width,
                                       LINE_HEIGHT * text};
        if (!put_word(words, box, ticks[i].label))
            continue; /* a tick alone would touch what took the number's room */
        if (across)
            draw_tick(words, px, bottom - tick, px, bottom);
        else
            draw_tick(words, area->x, px, area->x + tick, px);
    }
}

/* What of the space is shown, in the first corner that has room. */
static void put_note(struct axes_words *words, const char *note)
{
    const struct orl_rect *area = &words->axes->plot->area;
    double text = words->axes->view->size.text, edge = EDGE * text, height = LINE_HEIGHT * text;
    double width = orl_letters_width(words->axes->view->measure, note, text, false);
    double right = area->x + area->width - edge - width, top = area->y + 0.5 * edge,
           low = area->y + area->height - edge - EM_ASCENT * text - LINE_HEIGHT_LOW * height;
    const double corners[][2] = {
        {right, top}, {area->x + 2.0 * edge + text, top}, {right, low}, {area->x + edge, low}};
    for (size_t i = 0; i < ORL_COUNT(corners); i++)
        if (put_word(words, (struct orl_rect){corners[i][0], corners[i][1], width, height}, note))
            return;
}

size_t orl_places_axes(const struct surface_axes *axes, struct orl_rect *boxes,
                       struct orl_picture *picture)
{
    struct axes_words words = {axes, boxes, 0, picture};
    const struct plot *plot = axes->plot;
    const struct orl_rect *area = &plot->area;
    const struct orl_measure *measure = axes->view->measure;
    double text = axes->view->size.text, height = LINE_HEIGHT * text, edge = EDGE * text;
    double width = orl_letters_width(measure, plot->x_name, text, false);
    put_word(&words,
             (struct orl_rect){area->x + area->width - edge - width,
                               area->y + area->height - edge - EM_ASCENT * text, width, height},
             plot->x_name);
    width = orl_letters_width(measure, plot->y_name, text, false);
    put_word(&words, (struct orl_rect){area->x + edge, area->y + 0.5 * edge, width, height},
             plot->y_name);
    if (axes->note)
        put_note(&words, axes->note);
    put_numbers(&words, &plot->x, true);
    put_numbers(&words, &plot->y, false);
    return words.count;
}
