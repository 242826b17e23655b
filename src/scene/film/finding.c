/* The finding: the sentence that a film tells, made from the standing. Its forms, from the most
 * telling to the shortest, are tried until one has room. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/story.h"
#include "scene/marks/metrics.h"

#define WHOLE_MOST 1e12 /* a whole number up to this is written out */
#define RESTED     1e-3 /* of the way: what a run that rests must at least have left */
#define HARDLY                                                                                     \
    0.01              /* of the way to its goal: a parameter that moved less was not brought there \
                       */
#define STILL     0.2 /* of the way: a parameter further off than that is missed */
#define FITS      0.01 /* of the first loss: below that a curve runs through its points */
#define CERTAINLY 1.05 /* times the best fit's loss: as good as that */

enum { FORMS_MAX = 8 };

/* Sentences, the most telling first. */
struct forms {
    char *text[FORMS_MAX]; /* owned */
    size_t count;
    bool failed;
};

static void form_add(struct forms *forms, const char *format, ...) ORL_PRINTF(2, 3);

static void form_add(struct forms *forms, const char *format, ...)
{
    va_list arguments, again;
    if (forms->count == FORMS_MAX)
        return;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *made = length >= 0 ? orl_calloc((size_t)length + 1, 1) : NULL;
    if (made)
        vsnprintf(made, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    forms->failed |= !made;
    if (made)
        forms->text[forms->count++] = made;
}

/* "two" … "ten"; more as digits. */
static const char *counted(char buffer[PEOPLE_SIZE], size_t count)
{
    static const char *const words[] = {"none", "one",   "two",   "three", "four", "five",
                                        "six",  "seven", "eight", "nine",  "ten"};
    if (count < ORL_COUNT(words))
        return words[count];
    orl_people_count(buffer, (int64_t)count);
    return buffer;
}

/* The same as the first word of a sentence. */
static const char *counted_first(char buffer[PEOPLE_SIZE], size_t count)
{
    char word[PEOPLE_SIZE];
    snprintf(buffer, PEOPLE_SIZE, "%s", counted(word, count));
    buffer[0] = (char)toupper((unsigned char)buffer[0]);
    return buffer;
}

/* "1 step", "12 500 steps" */
static void steps_counted(char out[2 * PEOPLE_SIZE], int64_t count)
{
    char number[PEOPLE_SIZE];
    orl_people_count(number, count);
    snprintf(out, 2 * PEOPLE_SIZE, "%s step%s", number, count == 1 ? "" : "s");
}

/* ---- A parameter that nobody brings home ----------------------------------------------------- */

static double end_value(const struct view *view, size_t run, size_t parameter)
{
    const struct orl_trace *trace = view->runs[run].trace;
    size_t row = orl_pace_row(trace, view->pace.to);
    return trace->values[row * trace->parameter_count + parameter];
}

/* The parameter of which every sound run has made less than a hundredth of its way; SIZE_MAX: none.
 * Of several goals none is the one that a run should come to. */
static size_t parameter_left(const struct view *view)
{
    const struct orl_standing *s = &view->standing;
    size_t sound = 0;
    for (size_t p = 0; s->goals == 1 && p < s->goal_count; p++) {
        bool left = true;
        sound = 0;
        for (size_t i = 0; i < view->run_count && left; i++) {
            if (s->places[i].astray || view->runs[i].trace->parameter_count != s->goal_count)
                continue;
            double start = view->runs[i].trace->values[p], way = fabs(s->goal[p] - start);
            left = way > 0.0 && fabs(end_value(view, i, p) - start) < HARDLY * way;
            sound++;
        }
        if (left && sound > 0)
            return p;
    }
    return SIZE_MAX;
}

static void form_parameter(const struct view *view, size_t parameter, struct forms *forms)
{
    const struct orl_trace *trace = view->runs[0].trace;
    char goal[PEOPLE_SIZE], count[PEOPLE_SIZE],
        *name = orl_name_pretty(trace->parameters[parameter]);
    double value = view->standing.goal[parameter];
    if (value == round(value) && fabs(value) < WHOLE_MOST)
        orl_people_count(goal, (int64_t)value);
    else
        orl_people_short(goal, value);
    forms->failed |= !name;
    if (name && view->run_count == 1)
        form_add(forms, "%s brings %s nowhere near %s", view->runs[0].title, name, goal);
    else if (name)
        form_add(forms, "None of the %s brings %s anywhere near %s",
                 counted(count, view->run_count), name, goal);
    free(name);
}

/* ---- Races ----------------------------------------------------------------------------------- */

/* What is said of the last: that it diverges, or never does what the first did. */
static const char *last_word(const struct orl_run_place *last)
{
    return last->diverged ? "diverges" : "never does";
}

/* Those who share the first rank. */
static size_t count_first(const struct orl_standing *s)
{
    size_t count = 0;
    while (count < s->count && s->places[s->order[count]].rank == 1)
        count++;
    return count;
}

/* "Newton" or "Momentum and Nesterov": who shares the first rank. False: too many to name. */
static bool name_first(const struct view *view, char out[160])
{
    const struct orl_standing *s = &view->standing;
    size_t count = count_first(s);
    int length = count == 1 ? snprintf(out, 160, "%s", orl_view_short_title(view, s->order[0]))
                 : count == 2
                     ? snprintf(out, 160, "%s and %s", orl_view_short_title(view, s->order[0]),
                                orl_view_short_title(view, s->order[1]))
                     : 160;
    return length > 0 && length < 160;
}

/* Somebody comes to the level: how soon, who is next, who never does. */
static void form_arrivals(const struct view *view, struct forms *forms)
{
    const struct orl_standing *s = &view->standing;
    size_t first = count_first(s);
    const struct orl_run_place *best = &s->places[s->order[0]],
                               *last = &s->places[s->order[s->count - 1]];
    const char *last_name = orl_view_short_title(view, s->order[s->count - 1]);
    char n[2 * PEOPLE_SIZE], m[PEOPLE_SIZE], count[PEOPLE_SIZE], all[PEOPLE_SIZE], who[160];
    steps_counted(n, best->level_step);
    bool named = name_first(view, who);
    if (!named)
        snprintf(who, sizeof who, first == s->count ? "All %s" : "%s of the %s",
                 first == s->count ? counted(count, first) : counted_first(count, first),
                 counted(all, s->count));
    const char *arrive = first > 1 ? "arrive" : "arrives";
    bool never = last->level_step < 0 || last->diverged;
    const struct orl_run_place *next = first < s->count ? &s->places[s->order[first]] : NULL;
    if (next && next->level_step >= 0 && !next->diverged) {
        orl_people_count(m, next->level_step);
        if (never)
            form_add(forms, "%s %s in %s, %s in %s; %s %s", who, arrive, n,
                     orl_view_short_title(view, s->order[first]), m, last_name, last_word(last));
        form_add(forms, "%s %s in %s, %s in %s", who, arrive, n,
                 orl_view_short_title(view, s->order[first]), m);
    } else if (next && never) {
        form_add(forms,
                 s->count - first > 1 && !last->diverged ? "%s %s in %s, the others never do"
                                                         : "%s %s in %s; %s %s",
                 who, arrive, n, last_name, last_word(last));
    }
    form_add(forms, "%s %s in %s", who, arrive, n);
}

/* Nobody comes to a level that is known: who ends lowest. */
static void form_ends(const struct view *view, struct forms *forms)
{
    const struct orl_standing *s = &view->standing;
    size_t first = count_first(s);
    const struct orl_run_place *best = &s->places[s->order[0]],
                               *last = &s->places[s->order[s->count - 1]];
    char x[PEOPLE_SIZE], y[PEOPLE_SIZE], count[PEOPLE_SIZE], all[PEOPLE_SIZE], who[160];
    if (!isfinite(best->end) || best->diverged)
        return;
    orl_people_figures(x, best->end, 3);
    orl_people_figures(y, last->end, 3);
    if (first == s->count) {
        form_add(forms, "All %s end alike, %s %s", counted(all, s->count), view->quantity, x);
    } else if (first > 1) {
        const char *last_name = orl_view_short_title(view, s->order[s->count - 1]);
        if (name_first(view, who)) {
            form_add(forms,
                     last->diverged ? "%s end lowest, %s %s; %s diverges"
                                    : "%s end lowest, %s %s; %s at %s",
                     who, view->quantity, x, last_name, y);
            form_add(forms, "%s end lowest, %s %s", who, view->quantity, x);
        }
        form_add(forms, "%s of the %s end alike, %s %s", counted_first(count, first),
                 counted(all, s->count), view->quantity, x);
    } else {
        const char *name = orl_view_short_title(view, s->order[0]),
                   *last_name = orl_view_short_title(view, s->order[s->count - 1]);
        if (last->diverged)
            form_add(forms, "%s ends lowest, %s %s; %s diverges", name, view->quantity, x,
                     last_name);
        else
            form_add(forms, "%s ends lowest, %s %s; %s at %s", name, view->quantity, x, last_name,
                     y);
        form_add(forms, "%s ends lowest, %s %s", name, view->quantity, x);
        form_add(forms, "%s ends lowest", name);
    }
}

static void form_race(const struct view *view, struct forms *forms)
{
    const struct orl_standing *s = &view->standing;
    const struct orl_run_place *best = &s->places[s->order[0]];
    char count[PEOPLE_SIZE];
    if (best->diverged) {
        form_add(forms, "All %s diverge", counted(count, s->count));
        return;
    }
    size_t left = parameter_left(view), reached = 0;
    for (size_t i = 0; i < s->count; i++)
        reached += s->places[i].level_step >= 0 && !s->places[i].diverged;
    /* Where the best run itself is the least known, coming to it says little of one alone. */
    if (reached > 0 && (s->known || reached > 1))
        form_arrivals(view, forms);
    else if (left != SIZE_MAX)
        form_parameter(view, left, forms);
    form_ends(view, forms);
}

/* ---- One run --------------------------------------------------------------------------------- */

/* The parameter that is furthest from its goal, in parts of its way; `off` becomes that part. */
static size_t worst_parameter(const struct view *view, double *off)
{
    const struct orl_standing *s = &view->standing;
    size_t worst = SIZE_MAX;
    *off = 0.0;
    for (size_t p = 0; s->goals == 1 && p < s->goal_count; p++) {
        double way = fabs(s->goal[p] - view->runs[0].trace->values[p]);
        double part = fabs(end_value(view, 0, p) - s->goal[p]) / fmax(way, LEAST_NORMAL);
        if (way > 0.0 && part > *off) {
            worst = p;
            *off = part;
        }
    }
    return worst;
}

/* "SGD fits the points, but β is still 4.0 instead of 6" */
static void form_missed(const struct view *view, struct forms *forms)
{
    double off;
    size_t worst = worst_parameter(view, &off);
    char now[PEOPLE_SIZE], goal[PEOPLE_SIZE];
    if (worst == SIZE_MAX || off <= STILL)
        return;
    char *name = orl_name_pretty(view->runs[0].trace->parameters[worst]);
    orl_people_figures(now, end_value(view, 0, worst), 3);
    orl_people_short(goal, view->standing.goal[worst]);
    forms->failed |= !name;
    if (name)
        form_add(forms, "%s fits the points, but %s is still %s instead of %s", view->runs[0].title,
                 name, now, goal);
    free(name);
}

/* A run that ends in a pit of its own, well above the known minimum, and moves no more. */
static bool is_stuck(const struct view *view)
{
    const struct orl_run_place *place = &view->standing.places[0];
    const struct orl_standing *s = &view->standing;
    return !isnan(s->minimum) && place->level_step < 0 && !place->diverged &&
           orl_event_rest(view, 0) >= 0 &&
           place->end - s->minimum > RESTED * (s->start - s->minimum);
}

static void form_run(const struct view *view, struct forms *forms)
{
    const struct orl_standing *s = &view->standing;
    const struct orl_run_place *place = &s->places[0];
    const char *name = view->runs[0].title;
    bool data = view->runs[0].problem && orl_problem_data(view->runs[0].problem);
    char n[2 * PEOPLE_SIZE], x[PEOPLE_SIZE], y[PEOPLE_SIZE];
    size_t left = parameter_left(view);
    if (place->diverged) {
        orl_people_count(n, view->runs[0].trace->steps);
        form_add(forms, "%s diverges at step %s", name, n);
        return;
    }
    if (place->level_step >= 0 && s->known) {
        steps_counted(n, place->level_step);
        form_add(forms, "%s arrives in %s", name, n);
    } else if (left != SIZE_MAX) {
        form_parameter(view, left, forms);
    }
    if (is_stuck(view)) {
        orl_people_figures(x, place->end - s->minimum, 3);
        form_add(forms, "%s is stuck in a local minimum, %s above the lowest", name, x);
        form_add(forms, "%s is stuck in a local minimum", name);
    }
    if (!isnan(s->minimum) && !data && place->level_step < 0 && isfinite(place->end)) {
        orl_people_figures(x, place->end - s->minimum, 3);
        steps_counted(n, place->steps);
        form_add(forms, "%s ends %s above the minimum after %s", name, x, n);
        form_add(forms, "%s ends %s above the minimum", name, x);
    }
    if (data && s->start > 0.0 && place->end < FITS * s->start)
        form_missed(view, forms);
    if (!isfinite(place->end))
        return;
    orl_people_figures(x, place->end, 3);
    orl_people_figures(y, s->least, 3);
    steps_counted(n, place->steps);
    if (data && s->known && s->least > 0.0 && place->end < CERTAINLY * s->least)
        form_add(forms, "%s ends at the best fit, %s %s", name, view->quantity, x);
    else if (data && s->known && s->least > 0.0)
        form_add(forms, "%s ends at %s %s; the best fit has %s", name, view->quantity, x, y);
    form_add(forms, "%s ends at %s %s after %s", name, view->quantity, x, n);
    form_add(forms, "%s ends at %s %s", name, view->quantity, x);
}

/* ---- The sentence ---------------------------------------------------------------------------- */

/* A word at the beginning is written large; what is short ("lr 0.3") stays what it is. */
static void begin_large(char *text)
{
    size_t word = strcspn(text, " "); /* a name ("run-7", "cnn_small") stays as it is */
    if (word > 3 && strspn(text, "abcdefghijklmnopqrstuvwxyz") == word)
        *text = (char)(*text - 'a' + 'A');
}

char *orl_finding_make(const struct view *view, double width)
{
    struct forms forms = {.count = 0};
    if (!view->loss)
        return orl_strdup("");
    if (view->run_count > 1)
        form_race(view, &forms);
    else
        form_run(view, &forms);
    size_t chosen = 0;
    double least = INFINITY;
    bool fits = false;
    for (size_t i = 0; i < forms.count && !fits; i++) {
        begin_large(forms.text[i]);
        double needs = orl_letters_width(view->measure, forms.text[i], view->size.title, true);
        fits = needs <= width;
        if (fits || needs < least) {
            chosen = i;
            least = needs;
        }
    }
    char *sentence = forms.count ? orl_strdup(forms.text[chosen]) : orl_strdup("");
    for (size_t i = 0; i < forms.count; i++)
        free(forms.text[i]);
    if (forms.failed) {
        free(sentence);
        return NULL;
    }
    return sentence;
}

char *orl_finding_define(const struct view *view)
{
    const struct orl_standing *s = &view->standing;
    char level[PEOPLE_SIZE];
    bool any = false;
    for (size_t i = 0; i < s->count; i++)
        any |= s->places[i].level_step >= 0 && !s->places[i].diverged;
    if (!any || !view->loss || (!s->known && view->run_count == 1))
        return orl_strdup("");
    orl_people_figures(level, s->level, 2);
    return orl_asprintf("Arrived: %s below %s", view->quantity, level);
}
