/* Names that ride with the heads of paths. Their places are planned once over all frames by dynamic
 * programming: chosen frame by frame, with the same costs, they would change places dozens of times
 * in a film. A change is a cut, and a frame looks its places up, so that it depends on its number
 * alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "scene/marks/metrics.h"
#include "scene/panels/emphasis.h"
#include "scene/panels/surface.h"

#define DIAGONAL   0.71 /* of the gap, on both axes */
#define NAME_MOST  0.42 /* of the surface's width */
#define LEAD_GAP   0.16 /* between the leader's end and the name, ... */
#define LEAD_RIM   0.08 /* ... and between the mark and its beginning */
#define LEAD_LEAST 0.2  /* a shorter leader is none */
#define LEAD_UP    0.2  /* of LEAD_GAP: the same above and below a name */
#define LEAD_TOP   0.35 /* of a name's height: beside it a leader ends between these */
#define LEAD_LOW   0.65

/* Geometry, in text sizes. */
#define RIM         0.375 /* from a mark's middle to its edge */
#define GAP_LEAST   0.58  /* between the rim and a name; two more are each a third of 1 larger */
#define GAP_STEP    0.33
#define LEAD_FROM   0.3 /* a wider gap has a line from the mark to the name */
#define COLUMN_NEAR 1.67
#define COLUMN_FAR  2.33
#define SHIFT       1.25
#define HEIGHT      1.05
#define CASING      0.125
#define LEAD_WIDTH  0.05
#define LEAD_CASING 0.146
#define START_OFF   1.42
#define PITCH       1.25
#define COLUMN_MARK 0.9
#define COLUMN_DOT  0.29
#define COLUMN_RING 0.08
#define ARRIVED_GAP 0.42
#define ARRIVED_OFF 0.35
#define MARGIN      0.33
#define MARGIN_LOW  1.67
/* Costs per square text size covered, per text size of path covered, per text size of distance. */
#define COST_MARKS  1152.0
#define GOAL_WEIGHT 8.0
#define COST_NAMES  8640.0
#define COST_PATH   24.0
#define COST_OUT    2400.0
#define COST_GAP    24.0
#define COST_SHIFT  9.6
#define COST_CHANGE 6000.0
#define COST_HIDDEN 250.0 /* of a frame in which it would touch words, and so is left out */
enum {
    DIRECTIONS = 8,
    GAPS = 3,
    SHIFTS = 5,
    PLACES = DIRECTIONS * GAPS + 4 * SHIFTS,
    HIDDEN = PLACES, /* it would stand on other words */
    MOMENTS_MAX = 1500,
    NAMED_MAX = 8, /* of more runs the first three and the last have names */
    NAMED_FEW = 3,
    NAMED_CARD = 3,
};

/* ---- Places ---------------------------------------------------------------------------------- */

/* A name at one of its places around a mark's middle. */
struct spot {
    struct orl_rect box;
    double cost; /* of the place itself */
    bool led;
};

static struct spot spot_at(int place, const double head[2], double width, double text)
{
    static const double dx[] = {1, -1, 0, 0, DIAGONAL, -DIAGONAL, DIAGONAL, -DIAGONAL},
                        dy[] = {0, 0, -1, 1, -DIAGONAL, -DIAGONAL, DIAGONAL, DIAGONAL};
    double height = HEIGHT * text;
    if (place < DIRECTIONS * GAPS) {
        int d = place % DIRECTIONS;
        double gap = (GAP_LEAST + GAP_STEP * (place / DIRECTIONS)) * text, off = RIM * text + gap;
        double x = head[0] + dx[d] * off, y = head[1] + dy[d] * off;
        double left = dx[d] > 0.0   ? 0.0
                      : dx[d] < 0.0 ? 1.0
                                    : 0.5,
               up = dy[d] > 0.0   ? 0.0
                    : dy[d] < 0.0 ? 1.0
                                  : 0.5;
        return (struct spot){{x - left * width, y - up * height, width, height},
                             COST_GAP * gap / text,
                             gap > LEAD_FROM * text};
    }
    int k = place - DIRECTIONS * GAPS, shift = k % SHIFTS - SHIFTS / 2, side = k / SHIFTS;
    double off = (side / 2 ? COLUMN_FAR : COLUMN_NEAR) * text,
           x = side % 2 ? head[0] - off - width : head[0] + off;
    return (struct spot){{x, head[1] - 0.5 * height + shift * SHIFT * text, width, height},
                         COST_GAP * (off / text - RIM) + COST_SHIFT * fabs((double)shift) * SHIFT,
                         true};
}

static struct orl_rect around(const double xy[2], double reach)
{
    return (struct orl_rect){xy[0] - reach, xy[1] - reach, 2.0 * reach, 2.0 * reach};
}

/* ---- States of a head ------------------------------------------------------------------------ */

enum head_state {
    HEAD_START,   /* the film's first step: all names stand in a column beside the start */
    HEAD_RIDING,  /* the name is where the plan says */
    HEAD_ARRIVED, /* in a goal's ring: names stand in a line above it */
};

static enum head_state head_state(const struct name_plan *names, size_t run, size_t frame,
                                  double head[2], size_t *goal)
{
    const struct paths *paths = names->paths;
    orl_paths_head(paths, run, frame, head);
    if (orl_paths_at_start(paths, run, frame))
        return HEAD_START;
    for (size_t g = 0; g < paths->goal_count; g++)
        if (hypot(head[0] - paths->goals[g][0], head[1] - paths->goals[g][1]) <
            paths->goal_radius) {
            *goal = g;
            return HEAD_ARRIVED;
        }
    return HEAD_RIDING;
}

static size_t moment_frame(const struct name_plan *names, size_t moment)
{
    return moment * names->paths->view->pace.frames / names->moments;
}

static size_t frame_moment(const struct name_plan *names, size_t frame)
{
    size_t moment = frame * names->moments / names->paths->view->pace.frames;
    while (moment + 1 < names->moments && moment_frame(names, moment + 1) <= frame)
        moment++;
    return moment;
}

/* The top of the line of names above a goal, from `left` on: over the goal's own name where that
 * stands there; below the ring where there is no room. */
static double arrived_top(const struct name_plan *names, size_t goal, double left, double width)
{
    const struct paths *paths = names->paths;
    double text = paths->view->size.text,
           y = paths->goals[goal][1] - paths->goal_radius - (HEIGHT + ARRIVED_OFF) * text;
    struct orl_rect line = {left, y, width, HEIGHT * text};
    for (size_t b = 0; b < names->block_count; b++)
        if (orl_rect_overlap(&line, &names->blocks[b]) > 0.0)
            y = fmin(y, names->blocks[b].y - HEIGHT * text);
    return y < paths->area.y ? paths->goals[goal][1] + paths->goal_radius + ARRIVED_OFF * text : y;
}

/* The names of runs that have arrived at a goal, in a line above it; box i of run names->runs[i],
 * width 0 for others. */
static void arrived_boxes(const struct name_plan *names, size_t frame, struct orl_rect *boxes)
{
    const struct paths *paths = names->paths;
    double text = paths->view->size.text, head[2];
    struct orl_rect line[GOALS_MAX] = {{0}};
    size_t goal;
    memset(boxes, 0, names->count * sizeof *boxes);
    for (size_t i = 0; i < names->count; i++)
        if (head_state(names, names->runs[i], frame, head, &goal) == HEAD_ARRIVED)
            line[goal].width +=
                names->widths[i] + (line[goal].width > 0.0 ? ARRIVED_GAP * text : 0.0);
    for (size_t g = 0; g < paths->goal_count; g++) {
        double most = paths->area.x + paths->area.width - MARGIN * text - line[g].width;
        line[g].x = fmax(fmin(paths->goals[g][0] - 0.5 * line[g].width, most),
                         paths->area.x + MARGIN * text);
        line[g].y = arrived_top(names, g, line[g].x, line[g].width);
    }
    for (size_t i = 0; i < names->count; i++)
        if (head_state(names, names->runs[i], frame, head, &goal) == HEAD_ARRIVED) {
            boxes[i] =
                (struct orl_rect){line[goal].x, line[goal].y, names->widths[i], HEIGHT * text};
            line[goal].x += names->widths[i] + ARRIVED_GAP * text;
        }
}

/* ---- Planning -------------------------------------------------------------------------------- */

/* What all names keep off at one moment. */
struct scenery {
    const struct name_plan *names;
    struct tally tally;
    struct orl_rect *arrived; /* owned: names->count boxes */
    double *costs;            /* owned: of name i at moment m at place p:
                                 costs[(i * moments + m) * PLACES + p] */
};

static double cost_outside(const struct name_plan *names, const struct orl_rect *box)
{
    const struct orl_rect *area = &names->paths->area;
    double text = names->paths->view->size.text, out = 0.0;
    out += fmax(0.0, area->x + MARGIN * text - box->x);
    out += fmax(0.0, box->x + box->width - area->x - area->width + MARGIN * text);
    out += fmax(0.0, area->y + MARGIN * text - box->y);
    out += fmax(0.0, box->y + box->height - area->y - area->height + MARGIN_LOW * text);
    return COST_OUT * out / text;
}

static double cost_of(const struct scenery *scenery, const struct spot *spot, size_t frame)
{
    const struct name_plan *names = scenery->names;
    const struct paths *paths = names->paths;
    double text = paths->view->size.text, covered = 0.0, head[2];
    struct orl_rect mark;
    for (size_t r = paths->first; r < paths->first + paths->shown; r++) {
        orl_paths_head(paths, r, frame, head);
        mark = around(head, RIM * text);
        covered += orl_rect_overlap(&spot->box, &mark);
    }
    for (size_t g = 0; g < paths->goal_count; g++) {
        mark = around(paths->goals[g], paths->goal_radius);
        covered +=
            GOAL_WEIGHT * orl_rect_overlap(&spot->box, &mark); /* where all want to come to */
    }
    mark = around(names->start, RIM * text);
    covered += orl_rect_overlap(&spot->box, &mark);
    bool hidden = !orl_rect_inside(&paths->area, &spot->box, 0.0);
    for (size_t b = 0; b < names->block_count; b++) {
        covered += orl_rect_overlap(&spot->box, &names->blocks[b]);
        hidden |= orl_rect_overlap(&spot->box, &names->blocks[b]) > 0.0;
    }
    for (size_t i = 0; i < names->count; i++) {
        covered += orl_rect_overlap(&spot->box, &scenery->arrived[i]);
        hidden |= orl_rect_overlap(&spot->box, &scenery->arrived[i]) > 0.0;
    }
    return (hidden ? COST_HIDDEN : 0.0) + spot->cost + COST_MARKS * covered / (text * text) +
           COST_PATH * TALLY_STEP / text * orl_tally_in(&scenery->tally, &spot->box) +
           cost_outside(names, &spot->box);
}

/* The costs of all places at all moments, other riding names aside. */
static void fill_costs(struct scenery *scenery)
{
    const struct name_plan *names = scenery->names;
    double text = names->paths->view->size.text, head[2];
    size_t goal;
    for (size_t m = 0; m < names->moments; m++) {
        size_t frame = moment_frame(names, m);
        orl_tally_until(&scenery->tally, names->paths, frame);
        arrived_boxes(names, frame, scenery->arrived);
        for (size_t i = 0; i < names->count; i++) {
            double *costs = scenery->costs + (i * names->moments + m) * PLACES;
            bool rides = head_state(names, names->runs[i], frame, head, &goal) == HEAD_RIDING;
            for (int p = 0; p < PLACES; p++) {
                struct spot spot = spot_at(p, head, names->widths[i], text);
                costs[p] = rides ? cost_of(scenery, &spot, frame) : 0.0;
            }
        }
    }
}

/* Names that have places already are obstacles for those that follow. */
static void add_earlier_names(struct scenery *scenery, size_t name)
{
    const struct name_plan *names = scenery->names;
    double text = names->paths->view->size.text, grow = CASING * text, head[2], other[2];
    size_t goal;
    for (size_t m = 0; m < names->moments; m++) {
        size_t frame = moment_frame(names, m);
        double *costs = scenery->costs + (name * names->moments + m) * PLACES;
        if (head_state(names, names->runs[name], frame, head, &goal) != HEAD_RIDING)
            continue;
        for (size_t i = 0; i < name; i++) {
            if (head_state(names, names->runs[i], frame, other, &goal) != HEAD_RIDING)
                continue;
            struct orl_rect box =
                spot_at(names->places[i * names->moments + m], other, names->widths[i], text).box;
            box = (struct orl_rect){box.x - 2.0 * grow, box.y - 2.0 * grow, box.width + 4 * grow,
                                    box.height + 4 * grow};
            for (int p = 0; p < PLACES; p++) {
                struct spot spot = spot_at(p, head, names->widths[name], text);
                double common = orl_rect_overlap(&spot.box, &box);
                costs[p] +=
                    COST_NAMES * common / (text * text) + (common > 0.0 ? COST_HIDDEN : 0.0);
            }
        }
    }
}

/* D'(p) = min(D(p), min D + change) + cost(p), then back from the cheapest end. */
static int choose_places(struct name_plan *names, size_t name, double *costs, struct orl_error *err)
{
    size_t moments = names->moments;
    uint8_t *from = orl_calloc(moments, PLACES);
    double total[PLACES] = {0};
    if (!from)
        return orl_fail_memory(err);
    for (size_t m = 0; m < moments; m++) {
        int least = 0;
        for (int p = 1; p < PLACES; p++)
            least = total[p] < total[least] ? p : least;
        double change = total[least] + (m ? COST_CHANGE : 0.0);
        for (int p = 0; p < PLACES; p++) {
            bool stays = total[p] <= change;
            from[m * PLACES + (size_t)p] = (uint8_t)(stays ? p : least);
            total[p] = (stays ? total[p] : change) + costs[m * PLACES + (size_t)p];
        }
    }
    int place = 0;
    for (int p = 1; p < PLACES; p++)
        place = total[p] < total[place] ? p : place;
    for (size_t m = moments; m-- > 0;) {
        names->places[name * moments + m] = (uint8_t)place;
        place = from[m * PLACES + (size_t)place];
    }
    free(from);
    return ORL_OK;
}

/* The box of a name at a moment, in whatever state its run is. */
static struct orl_rect name_box(const struct name_plan *names, size_t name, size_t moment,
                                const struct orl_rect *arrived)
{
    double text = names->paths->view->size.text, head[2];
    size_t goal;
    switch (head_state(names, names->runs[name], moment_frame(names, moment), head, &goal)) {
    case HEAD_START:
        return (struct orl_rect){names->column.x + COLUMN_MARK * text,
                                 names->column.y + PITCH * text * (double)name, names->widths[name],
                                 PITCH * text};
    case HEAD_ARRIVED:
        return arrived[name];
    default:
        return spot_at(names->places[name * names->moments + moment], head, names->widths[name],
                       text)
            .box;
    }
}

static bool is_on(const struct orl_rect *box, const struct orl_rect *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (orl_rect_overlap(box, &others[i]) > 0.0)
            return true;
    return false;
}

/* A name that no place would have kept off other words is left out at that moment; so is one that
 * would stand outside. */
static void hide_covered(struct name_plan *names, struct orl_rect *arrived)
{
    struct orl_rect boxes[NAMED_MAX];
    const struct orl_rect *area = &names->paths->area;
    for (size_t m = 0; m < names->moments; m++) {
        size_t shown = 0;
        arrived_boxes(names, moment_frame(names, m), arrived);
        for (size_t i = 0; i < names->count; i++) {
            struct orl_rect box = name_box(names, i, m, arrived);
            if (!orl_rect_inside(area, &box, 0.0) || is_on(&box, boxes, shown) ||
                is_on(&box, names->blocks, names->block_count))
                names->places[i * names->moments + m] = HIDDEN;
            else
                boxes[shown++] = box;
        }
    }
}

static int plan_places(struct name_plan *names, struct orl_error *err)
{
    struct scenery scenery = {.names = names};
    int ret = orl_tally_init(&scenery.tally, names->paths, err);
    scenery.arrived = orl_calloc(names->count, sizeof *scenery.arrived);
    scenery.costs = orl_calloc(names->count * names->moments, PLACES * sizeof *scenery.costs);
    if (ret == ORL_OK && (!scenery.arrived || !scenery.costs))
        ret = orl_fail_memory(err);
    if (ret == ORL_OK)
        fill_costs(&scenery);
    for (size_t i = 0; ret == ORL_OK && i < names->count; i++) {
        add_earlier_names(&scenery, i);
        ret = choose_places(names, i, scenery.costs + i * names->moments * PLACES, err);
    }
    if (ret == ORL_OK)
        hide_covered(names, scenery.arrived);
    orl_tally_uninit(&scenery.tally);
    free(scenery.arrived);
    free(scenery.costs);
    return ret;
}

/* What a run is called beside its mark; on a page whose table has the whole names without what all
 * of them begin with: "0.95" for "momentum 0.95". */
static char *name_text(const struct view *view, size_t run, double most)
{
    size_t common = view->card ? 0 : orl_view_common_words(view);
    return common ? orl_letters_fit(view->measure, view->runs[run].title + common, view->size.text,
                                    true, most)
                  : orl_view_fit_name(view, run, most);
}

static int choose_names(struct name_plan *names, struct orl_error *err)
{
    const struct paths *paths = names->paths;
    const struct orl_standing *standing = &paths->view->standing;
    size_t shown = paths->shown, all = paths->view->card ? NAMED_CARD : NAMED_MAX,
           few = paths->view->card ? NAMED_CARD - 1 : NAMED_FEW,
           most = shown <= all ? shown : few + 1;
    bool ranked = most < shown && standing->count == shown; /* the first ones, and the last */
    names->runs = orl_calloc(most, sizeof *names->runs);
    names->texts = orl_calloc(most, sizeof *names->texts);
    names->widths = orl_calloc(most, sizeof *names->widths);
    names->places = orl_calloc(most * names->moments, 1);
    if (!names->runs || !names->texts || !names->widths || !names->places)
        return orl_fail_memory(err);
    for (size_t i = 0; i < most; i++) {
        size_t place = i < most - 1 || most == shown ? i : shown - 1;
        size_t run = paths->first + (ranked ? standing->order[place] : place);
        names->runs[i] = run;
        names->texts[i] = name_text(paths->view, run, NAME_MOST * paths->area.width);
        names->count = i + 1;
        if (!names->texts[i])
            return orl_fail_memory(err);
        names->widths[i] =
            orl_letters_width(paths->view->measure, names->texts[i], paths->view->size.text, true);
    }
    return ORL_OK;
}

/* Where all names stand before the first step: to the right of the start where there is room. */
static struct orl_rect column_box(const struct name_plan *names)
{
    const struct orl_rect *area = &names->paths->area;
    double text = names->paths->view->size.text, widest = 0.0;
    for (size_t i = 0; i < names->count; i++)
        widest = fmax(widest, names->widths[i]);
    double width = COLUMN_MARK * text + widest, height = PITCH * text * (double)names->count;
    double x = names->start[0] + START_OFF * text;
    if (x + width > area->x + area->width - MARGIN * text)
        x = names->start[0] - START_OFF * text - width;
    double top =
        fmin(names->start[1] - 0.5 * height, area->y + area->height - height - MARGIN * text);
    return (struct orl_rect){x, fmax(top, area->y + MARGIN * text), width, height};
}

int orl_names_choose(struct name_plan *names, const struct paths *paths, const double start[2],
                     struct orl_error *err)
{
    size_t frames = paths->view->pace.frames;
    *names = (struct name_plan){.paths = paths,
                                .start = {start[0], start[1]},
                                .moments = frames < MOMENTS_MAX ? frames : MOMENTS_MAX};
    int ret = choose_names(names, err);
    if (ret == ORL_OK)
        names->column = column_box(names);
    return ret;
}

int orl_names_plan(struct name_plan *names, const struct orl_rect *blocks, size_t block_count,
                   struct orl_error *err)
{
    names->blocks = orl_calloc(block_count + 1, sizeof *names->blocks);
    if (!names->blocks)
        return orl_fail_memory(err);
    names->block_count = block_count;
    if (block_count)
        memcpy(names->blocks, blocks, block_count * sizeof *blocks);
    return plan_places(names, err);
}

void orl_names_uninit(struct name_plan *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->texts[i]);
    free(names->texts);
    free(names->runs);
    free(names->widths);
    free(names->places);
    free(names->blocks);
    *names = (struct name_plan){0};
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_name(const struct name_plan *names, size_t name, size_t frame,
                      const struct orl_rect *box, struct orl_picture *picture)
{
    const struct view *view = names->paths->view;
    enum orl_emphasis emphasis = orl_view_emphasis(view, names->runs[name], frame);
    bool back = emphasis == ORL_EMPHASIS_BACK;
    struct orl_mark *mark = orl_picture_text(
        picture, box->x, box->y + EM_ASCENT * view->size.text, 0.0, view->size.text, !back,
        back ? view->theme->muted : orl_view_style(view, names->runs[name])->color,
        names->texts[name]);
    if (mark) {
        mark->halo = names->paths->casing;
        mark->halo_px = CASING * view->size.text;
    }
}

/* A hairline from the mark's rim to the name. */
static void draw_lead(const struct name_plan *names, const double head[2],
                      const struct orl_rect *box, struct orl_picture *picture)
{
    const struct view *view = names->paths->view;
    double text = view->size.text, gap = LEAD_GAP * text, rim = RIM * text + LEAD_RIM * text;
    double to[2] = {
        fmin(fmax(head[0], box->x - gap), box->x + box->width + gap),
        fmin(fmax(head[1], box->y - LEAD_UP * gap), box->y + box->height + LEAD_UP * gap)};
    if (head[0] < box->x || head[0] > box->x + box->width)
        to[1] =
            fmin(fmax(head[1], box->y + LEAD_TOP * box->height), box->y + LEAD_LOW * box->height);
    double dx = to[0] - head[0], dy = to[1] - head[1], length = hypot(dx, dy);
    if (length < rim + LEAD_LEAST * text)
        return;
    struct orl_mark *mark =
        orl_picture_segment(picture, head[0] + dx / length * rim, head[1] + dy / length * rim,
                            to[0], to[1], LEAD_WIDTH * text, view->theme->muted);
    if (mark) {
        mark->halo = names->paths->casing;
        mark->halo_px = 0.5 * (LEAD_CASING - LEAD_WIDTH) * text;
        orl_mark_faint(mark);
    }
}

/* With its mark, in the column beside the start. */
static void draw_in_column(const struct name_plan *names, size_t frame, size_t name,
                           struct orl_picture *picture)
{
    const struct view *view = names->paths->view;
    double text = view->size.text, y = names->column.y + PITCH * text * ((double)name + 0.5);
    const double dot[] = {names->column.x + COLUMN_DOT * text, y};
    const struct style *style = orl_view_style(view, names->runs[name]);
    struct orl_mark *drawn =
        orl_picture_dots(picture, dot, 1, COLUMN_DOT * text, style->marker, style->color);
    if (drawn) {
        drawn->halo = names->paths->casing;
        drawn->halo_px = COLUMN_RING * text;
    }
    struct orl_rect box = {names->column.x + COLUMN_MARK * text, y - 0.5 * HEIGHT * text,
                           names->widths[name], HEIGHT * text};
    draw_name(names, name, frame, &box, picture);
}

void orl_names_draw(const struct name_plan *names, size_t frame, struct orl_picture *picture)
{
    struct orl_rect arrived[NAMED_MAX];
    double head[2], text = names->paths->view->size.text;
    size_t goal, m = frame_moment(names, frame);
    arrived_boxes(names, frame, arrived);
    for (size_t i = 0; i < names->count; i++) {
        enum head_state state = head_state(names, names->runs[i], frame, head, &goal);
        int place = names->places[i * names->moments + m];
        if (place == HIDDEN)
            continue;
        if (state == HEAD_START) {
            draw_in_column(names, frame, i, picture);
        } else if (state == HEAD_ARRIVED) {
            draw_name(names, i, frame, &arrived[i], picture);
        } else {
            struct spot spot = spot_at(place, head, names->widths[i], text);
            if (spot.led)
                draw_lead(names, head, &spot.box, picture);
            draw_name(names, i, frame, &spot.box, picture);
        }
    }
}
