/* Events: steps at which something worth telling happens, found in the traces by written rules. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/story.h"

#define EVENT_S    1.2  /* a sentence stands so long */
#define APART_S    1.5  /* from one sentence's beginning to the next one's, at least */
#define WAIT_S     0.5  /* a sentence may come so much later than what it tells */
#define PAST       0.03 /* of the way from the start to the goal: an overshoot */
#define KEEPS      0.05 /* of the film: who leads so long has taken the lead */
#define RESTS      1e-3 /* of all that a run moved: less is no movement */
#define REST_SHARE 0.2  /* of the steps: a shorter rest is none */
#define PIT        1e-3 /* of the first loss above the minimum: higher is a pit of its own */

enum {
    NAMED_MOST = 12, /* of more runs than these only the first ones' events are told */
    TELLING = 3,     /* so many */
    FRAMES_LEAST = 30,
};

const char *const orl_event_names[] = {"start", "overshoot", "goal",     "threshold",
                                       "lead",  "leaves",    "diverged", "stuck",
                                       "still", "note",      NULL};

/* The more telling first. */
static int priority_of(enum orl_event_kind kind)
{
    static const int order[] = {
        [ORL_EVENT_NOTE] = 0,      [ORL_EVENT_START] = 1, [ORL_EVENT_DIVERGED] = 2,
        [ORL_EVENT_LEAVES] = 3,    [ORL_EVENT_GOAL] = 4,  [ORL_EVENT_STUCK] = 5,
        [ORL_EVENT_OVERSHOOT] = 6, [ORL_EVENT_LEAD] = 7,  [ORL_EVENT_THRESHOLD] = 8,
        [ORL_EVENT_STILL] = 9,
    };
    return order[kind];
}

/* Events as they are found: the least telling goes where there are too many. */
struct found {
    const struct view *view;
    struct event *events;
    size_t count;
};

static void event_add(struct found *f, enum orl_event_kind kind, size_t run, int64_t step,
                      char *text)
{
    size_t at = f->count;
    if (!text || step < f->view->pace.from || step > f->view->pace.to) {
        free(text);
        return;
    }
    if (f->count == EVENTS_MAX) {
        at = 0;
        for (size_t i = 1; i < f->count; i++)
            if (priority_of(f->events[i].kind) >= priority_of(f->events[at].kind))
                at = i;
        if (priority_of(f->events[at].kind) <= priority_of(kind)) {
            free(text);
            return;
        }
        free(f->events[at].text);
    } else {
        f->count++;
    }
    f->events[at] = (struct event){.kind = kind, .step = step, .run = run, .text = text};
}

static double loss_of(const struct orl_trace *trace, size_t row)
{
    return trace->loss ? trace->loss[row] : NAN;
}

static size_t last_row(const struct view *view, size_t run)
{
    return orl_pace_row(view->runs[run].trace, view->pace.to);
}

/* Of a crowd only the first few are told of, and who is lost. */
static bool is_told(const struct view *view, size_t run)
{
    return view->run_count <= NAMED_MOST || view->standing.places[run].rank <= TELLING;
}

/* ---- Rules ----------------------------------------------------------------------------------- */

/* The goal as a sentence calls it. */
static const char *goal_name(const struct view *view)
{
    return view->standing.goal_kind == ORL_GOAL_MINIMUM ? "the minimum" : "the best fit";
}

/* Past the goal along the direction in which start and goal lie farther apart. Of two parameters:
 * of more no picture shows it. */
static void find_overshoot(struct found *f, size_t run)
{
    const struct orl_standing *s = &f->view->standing;
    const struct orl_trace *trace = f->view->runs[run].trace;
    size_t n = trace->parameter_count, last = last_row(f->view, run), axis = 0;
    if (!s->goal || n != s->goal_count || n > 2 || s->places[run].astray)
        return;
    const double *goal = orl_standing_goal(s, trace->values + last * n);
    for (size_t p = 1; p < n; p++)
        if (fabs(goal[p] - trace->values[p]) > fabs(goal[axis] - trace->values[axis]))
            axis = p;
    double start = trace->values[axis], way = goal[axis] - start;
    for (size_t row = 1; way != 0.0 && row <= last; row++)
        if ((trace->values[row * n + axis] - goal[axis]) / way > PAST) {
            event_add(f, ORL_EVENT_OVERSHOOT, run, trace->step[row],
                      orl_asprintf("%s overshoots %s", orl_view_short_title(f->view, run),
                                   goal_name(f->view)));
            return;
        }
}

static void find_goal(struct found *f, size_t run)
{
    const struct orl_run_place *place = &f->view->standing.places[run];
    if (f->view->standing.known && place->level_step > 0 && !place->diverged)
        event_add(f, ORL_EVENT_GOAL, run, place->level_step,
                  orl_asprintf("%s arrives at %s", orl_view_short_title(f->view, run),
                               goal_name(f->view)));
}

/* The first step at which a run's loss is at most `limit`; -1: none. */
static int64_t first_below(const struct view *view, size_t run, double limit)
{
    const struct orl_trace *trace = view->runs[run].trace;
    for (size_t row = 0, last = last_row(view, run); row <= last; row++)
        if (loss_of(trace, row) <= limit)
            return trace->step[row];
    return -1;
}

/* Below a tenth, below a hundredth of the loss at the start: whoever is first. */
static void find_thresholds(struct found *f)
{
    const struct orl_standing *s = &f->view->standing;
    static const struct {
        double share;
        const char *words;
    } levels[] = {{0.1, "10 %"}, {0.01, "1 %"}};
    double floor = isnan(s->minimum) ? 0.0 : s->minimum;
    for (size_t k = 0; k < ORL_COUNT(levels) && s->start > floor; k++) {
        int64_t best = INT64_MAX;
        size_t who = SIZE_MAX;
        for (size_t i = 0; i < f->view->run_count; i++) {
            int64_t step =
                s->places[i].diverged
                    ? -1
                    : first_below(f->view, i, floor + levels[k].share * (s->start - floor));
            if (step > 0 && step < best) {
                best = step;
                who = i;
            }
        }
        if (who != SIZE_MAX)
            event_add(f, ORL_EVENT_THRESHOLD, who, best,
                      orl_asprintf(f->view->run_count > 1 ? "%s is first to cut its loss to %s"
                                                          : "%s has cut its loss to %s",
                                   orl_view_short_title(f->view, who), levels[k].words));
    }
}

/* Somebody else is in front, and stays there: looked at frame by frame, for that is what is seen. A
 * race that is decided (everybody in front has arrived) has no lead to take. */
static void find_leads(struct found *f)
{
    const struct view *view = f->view;
    size_t keep = (size_t)fmax(KEEPS * (double)view->pace.frames, 1.0), leader = SIZE_MAX;
    size_t last = view->pace.frames - view->pace.hold_last;
    for (size_t frame = view->pace.hold_first + 1, since = frame, who = SIZE_MAX; frame < last;
         frame++) {
        size_t now = orl_view_leader(view, frame);
        if (now != who) {
            who = now;
            since = frame;
        }
        if (who == SIZE_MAX || who == leader || frame - since + 1 < keep)
            continue;
        int64_t step = orl_view_step(view, since);
        bool first = leader == SIZE_MAX;
        const struct orl_run_place *before = first ? NULL : &view->standing.places[leader];
        int64_t arrived = !before || before->diverged ? -1 : before->level_step;
        leader = who;
        if (!first && (arrived < 0 || arrived > step))
            event_add(f, ORL_EVENT_LEAD, who, step,
                      orl_asprintf("%s takes the lead", orl_view_short_title(view, who)));
    }
}

static void find_lost(struct found *f, size_t run)
{
    const struct view *view = f->view;
    const struct orl_trace *trace = view->runs[run].trace;
    const char *name = orl_view_short_title(view, run);
    size_t last = last_row(view, run);
    double first = fabs(loss_of(trace, 0));
    for (size_t row = 1; first > 0.0 && row <= last; row++)
        if (fabs(loss_of(trace, row)) > ORL_ASTRAY * first) {
            event_add(f, ORL_EVENT_LEAVES, run, trace->step[row],
                      orl_asprintf("%s leaves the plot", name));
            break;
        }
    if (trace->status == ORL_STATUS_DIVERGED && trace->steps <= view->pace.to + 1)
        event_add(f, ORL_EVENT_DIVERGED, run,
                  trace->steps < view->pace.to ? trace->steps : view->pace.to,
                  orl_asprintf("%s diverges", name));
}

static double norm_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] * values[i];
    return sqrt(sum);
}

int64_t orl_event_rest(const struct view *view, size_t run)
{
    const struct orl_trace *trace = view->runs[run].trace;
    size_t n = trace->parameter_count, last = last_row(view, run), row = last;
    const double *end = trace->values + last * n;
    double all = 0.0;
    if (n == 0 || last < 2 || !trace->gradients ||
        norm_of(trace->gradients + last * n, n) > RESTS * norm_of(trace->gradients, n))
        return -1;
    for (size_t i = 0; i <= last; i++)
        for (size_t p = 0; p < n; p++)
            all = fmax(all, fabs(trace->values[i * n + p] - end[p]));
    for (bool near = true; near && row > 0; row -= near)
        for (size_t p = 0; p < n; p++)
            near &= fabs(trace->values[(row - 1) * n + p] - end[p]) <= RESTS * all;
    double steps = (double)(trace->step[last] - view->pace.from);
    bool rests = all > 0.0 && (double)(trace->step[last] - trace->step[row]) >= REST_SHARE * steps;
    return rests ? trace->step[row] : -1;
}

static void find_rest(struct found *f, size_t run)
{
    const struct orl_standing *s = &f->view->standing;
    const struct orl_run_place *place = &s->places[run];
    int64_t step = place->level_step >= 0 || place->astray ? -1 : orl_event_rest(f->view, run);
    const char *name = orl_view_short_title(f->view, run);
    if (step < 0)
        return;
    if (!isnan(s->minimum) && place->end - s->minimum > PIT * (s->start - s->minimum))
        event_add(f, ORL_EVENT_STUCK, run, step,
                  orl_asprintf("%s is stuck in a local minimum", name));
    else
        event_add(f, ORL_EVENT_STILL, run, step, orl_asprintf("%s no longer moves", name));
}

/* "Five start together; loss 24.2" */
static void find_start(struct found *f)
{
    static const char *const words[] = {"Two", "Three", "Four", "Five", "Six", "Seven", "Eight"};
    const struct view *view = f->view;
    size_t count = view->run_count;
    double loss = loss_of(view->runs[0].trace, 0);
    bool together = count > 1 && isfinite(loss) && view->pace.from == 0;
    char number[PEOPLE_SIZE], many[PEOPLE_SIZE];
    for (size_t i = 1; i < count && together; i++)
        together = loss_of(view->runs[i].trace, 0) == loss;
    if (!together)
        return;
    orl_people_figures(number, loss, 3);
    orl_people_count(many, (int64_t)count);
    event_add(f, ORL_EVENT_START, SIZE_MAX, 0,
              orl_asprintf("%s start together; %s %s",
                           count - 2 < ORL_COUNT(words) ? words[count - 2] : many, view->quantity,
                           number));
}

static int compare_events(const void *a, const void *b)
{
    const struct event *p = a, *q = b;
    if (p->step != q->step)
        return p->step < q->step ? -1 : 1;
    int order = priority_of(p->kind) - priority_of(q->kind);
    return order ? order : (p->run > q->run) - (p->run < q->run);
}

size_t orl_events_find(const struct view *view, struct event events[EVENTS_MAX])
{
    struct found f = {.view = view, .events = events};
    if (!view->loss)
        return 0;
    find_start(&f);
    for (size_t run = 0; run < view->run_count; run++) {
        if (!is_told(view, run) && !view->standing.places[run].diverged)
            continue;
        find_lost(&f, run);
        find_goal(&f, run);
        find_overshoot(&f, run);
        find_rest(&f, run);
    }
    if (view->run_count > 1)
        find_leads(&f);
    find_thresholds(&f);
    qsort(f.events, f.count, sizeof *f.events, compare_events);
    return f.count;
}

/* ---- When their sentences stand -------------------------------------------------------------- */

static size_t frames_of(const struct view *view, double seconds)
{
    return (size_t)fmax(round(seconds * view->fps_num / view->fps_den), 1.0);
}

/* The first frame from `wanted` on, at most `wait` later, that is `apart` from all others that have
 * theirs; SIZE_MAX: none. */
static size_t free_frame(const struct event *events, size_t count, size_t wanted, size_t wait,
                         size_t apart)
{
    for (size_t frame = wanted; frame <= wanted + wait; frame++) {
        bool good = true;
        for (size_t i = 0; i < count && good; i++)
            good = events[i].end == events[i].first ||
                   (frame > events[i].first ? frame - events[i].first : events[i].first - frame) >=
                       apart;
        if (good)
            return frame;
    }
    return SIZE_MAX;
}

void orl_events_schedule(const struct view *view, struct event *events, size_t count)
{
    size_t lasts = frames_of(view, EVENT_S), wait = frames_of(view, WAIT_S),
           apart = frames_of(view, APART_S), end = view->pace.frames - view->pace.hold_last - 1;
    for (int priority = 0; priority <= priority_of(ORL_EVENT_STILL); priority++)
        for (size_t i = 0; i < count; i++) {
            struct event *event = &events[i];
            if (priority_of(event->kind) != priority || event->kind == ORL_EVENT_NOTE)
                continue;
            size_t wanted = orl_pace_frame_at(&view->pace, event->step),
                   first = free_frame(events, count, wanted, wait, apart);
            bool room = first != SIZE_MAX && first + lasts <= end;
            event->first = room ? first : wanted;
            event->end = room ? first + lasts : wanted;
        }
}

const struct event *orl_story_event(const struct story *story, size_t frame)
{
    for (size_t i = 0; i < story->event_count; i++)
        if (frame >= story->events[i].first && frame < story->events[i].end)
            return &story->events[i];
    return NULL;
}
