/* Title cards of a report video: text from top to bottom, a little above the middle of the frame.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scene/film/sequence.h"
#include "scene/marks/letters.h"
#include "scene/marks/metrics.h"

enum { LINES_MAX = 6, VALUES_MAX = 8, DETAIL_LINES = 2, COLUMNS_MAX = 3 };
#define SWATCH_W   1.9 /* the width of a run's line beside its name */
#define HEADING    1.4 /* of a formula, a problem's name, a rule's settings */
#define LARGE      1.5 /* text from this size on stands closer: */
#define CLOSE      1.2 /* from line to line, of its own size */
#define TALL       1.2 /* tall frames have larger text */
#define SMALL_SKIP 0.3
#define SWATCH_UP  0.61 /* from the top of a line's box down to the middle of its letters */
#define BIG        2.2  /* of the text's size: what the card is about */
#define FACT       1.25
#define NBSP       "\xc2\xa0"

enum { MINIMA_MOST = 4 }; /* that a card lists */

/* Where the next line goes. */
struct flow {
    const struct view *view; /* `own` */
    struct view own;         /* the film with the card's text size; borrows all */
    struct orl_picture *picture;
    size_t first_mark; /* of the card */
    double x, y, width;
};

static void begin(struct flow *flow, const struct view *view, struct orl_picture *picture)
{
    *flow = (struct flow){.own = *view,
                          .picture = picture,
                          .first_mark = picture->count,
                          .x = view->size.margin_x,
                          .width = view->width - 2.0 * view->size.margin_x};
    flow->view = &flow->own;
    if (view->height > PAGE_TALL * view->width) {
        flow->own.size.text *= TALL;
        flow->own.size.line *= TALL;
    }
}

/* Text in as many lines as it needs, at most `most`. */
static void put(struct flow *flow, const char *text, double scale, bool bold,
                struct orl_color color, double indent, size_t most)
{
    char *lines[LINES_MAX] = {0};
    double size = scale * flow->view->size.text;
    size_t count = orl_letters_wrap(flow->view->measure, text, size, bold, flow->width - indent,
                                    most < LINES_MAX ? most : LINES_MAX, lines);
    flow->picture->failed |= count == 0 && *text;
    for (size_t i = 0; i < count; i++) {
        orl_picture_text(flow->picture, flow->x + indent, flow->y + EM_FIRST * size, 0.0, size,
                         bold, color, lines[i]);
        flow->y += (scale > LARGE ? CLOSE : EM_ROW) * size;
        free(lines[i]);
    }
    flow->picture->failed |= *text && !count;
}

static void put_owned(struct flow *flow, char *text, double scale, bool bold,
                      struct orl_color color, size_t most)
{
    flow->picture->failed |= !text;
    if (text && *text)
        put(flow, text, scale, bold, color, 0.0, most);
    free(text);
}

static void skip(struct flow *flow, double lines)
{
    flow->y += lines * flow->view->size.text;
}

/* Move all of the card down so that it stands a little above the middle. */
static void settle(struct flow *flow)
{
    double room = flow->view->height - flow->view->size.margin_y - flow->view->size.below;
    double down = flow->view->size.margin_y + fmax(0.0, SETTLED * (room - flow->y));
    for (size_t m = flow->first_mark; m < flow->picture->count; m++)
        for (size_t i = 0; i < flow->picture->marks[m].count; i++)
            flow->picture->points[2 * (flow->picture->marks[m].first + i) + 1] += down;
}

/* ---- What is told ---------------------------------------------------------------------------- */

/* "y = α + βx + γx²" */
static char *formula_of(const struct orl_problem *problem)
{
    const struct orl_dataset *data = orl_problem_data(problem);
    char *pretty = orl_formula_pretty(orl_problem_formula(problem));
    char *told =
        !pretty ? NULL
        : data  ? orl_asprintf("%s = %s", data->response_name ? data->response_name : "y", pretty)
                : orl_asprintf("minimise %s", pretty);
    free(pretty);
    return told;
}

/* "α = 3,  β = −1,  γ = 6" */
static char *values_of(const struct orl_problem *problem, const double *values)
{
    struct orl_text text = {0};
    size_t count = orl_problem_parameter_count(problem);
    for (size_t i = 0; i < count && i < VALUES_MAX; i++) {
        char number[PEOPLE_SIZE], *name = orl_name_pretty(orl_problem_parameter(problem, i));
        orl_people_short(number, values[i]);
        orl_text_printf(&text, "%s%s" NBSP "=" NBSP "%s", i ? ",   " : "", name ? name : "",
                        number); /* breaks after commas */
        text.failed |= !name;
        free(name);
    }
    if (count > VALUES_MAX)
        orl_text_puts(&text, ", …");
    return orl_text_take(&text);
}

/* A word, and what it stands for beside it. */
static void put_named(struct flow *flow, const char *word, char *values)
{
    const struct view *view = flow->view;
    double size = FACT * view->size.text;
    flow->picture->failed |= !values;
    orl_picture_text(flow->picture, flow->x, flow->y + EM_FIRST * size, 0.0, size, false,
                     view->theme->muted, word);
    if (values)
        put(flow, values, FACT, false, view->theme->ink,
            orl_letters_width(view->measure, "minimum", size, false) + EM_SEPARATE * size, 2);
    free(values);
}

/* "100 points, mean squared error" */
static char *data_of(const struct orl_problem *problem)
{
    const struct orl_dataset *data = orl_problem_data(problem);
    char count[PEOPLE_SIZE];
    if (!data)
        return orl_strdup("");
    orl_people_count(count, (int64_t)data->rows);
    char *text = orl_asprintf("%s point%s, %s", count, data->rows == 1 ? "" : "s",
                              orl_problem_loss(problem)->title);
    if (text) { /* inside a sentence */
        char *title = strstr(text, ", ") + 2;
        if (*title >= 'A' && *title <= 'Z' && title[1] >= 'a' && title[1] <= 'z' &&
            strncmp(title, "Huber", 5) != 0)
            *title = (char)(*title - 'A' + 'a');
    }
    return text;
}

static void put_problem(struct flow *flow, const struct orl_problem *problem, const char *title)
{
    const struct theme *theme = flow->view->theme;
    if (!problem)
        return;
    char *formula = formula_of(problem);
    size_t length = formula ? strlen(formula) : 0, told = strlen(title);
    if (length < told || strcmp(formula + length - told, title) != 0 || told + 10 < length)
        put_owned(flow, formula, HEADING, false, theme->ink, 3);
    else
        free(formula);
    put_owned(flow, data_of(problem), FACT, false, theme->muted, 2);
    skip(flow, 0.5);
    put_named(flow, "start", values_of(problem, orl_problem_start(problem)));
    size_t known;
    const double *truths = orl_problem_truths(problem, &known);
    for (size_t k = 0; k < known && k < MINIMA_MOST; k++)
        put_named(flow, orl_problem_data(problem) ? "truth" : "minimum",
                  values_of(problem, truths + k * orl_problem_parameter_count(problem)));
}

/* One of a sweep whose title tells all that was set: "SGD, lr 0.1". */
static bool tells_itself(const struct orl_film_run *run)
{
    size_t swept = 0;
    for (size_t i = 0; i < run->told_count; i++)
        swept += run->told[i].swept > 0;
    return swept > 0 && swept == run->told_count;
}

/* An entry of a list of runs: line and marker, name, hyperparameters; where those have no room
 * beside the name, below it. */
static void put_run(struct flow *flow, size_t run, bool below)
{
    const struct view *view = flow->view;
    double text = view->size.text, indent = (SWATCH_W + EM_APART) * text;
    char *name = orl_view_fit_title(view, run, flow->width - indent);
    double after = indent + (name ? orl_letters_width(view->measure, name, text, true) : 0.0) +
                   EM_SEPARATE * text;
    char *details =
        orl_letters_fit(view->measure, view->runs[run].details, text, false, flow->width - after);
    flow->picture->failed |= !name || !details;
    if (name && details) {
        orl_view_swatch(view, run, flow->x, flow->y + SWATCH_UP * text, SWATCH_W * text,
                        flow->picture);
        orl_picture_text(flow->picture, flow->x + indent, flow->y + EM_FIRST * text, 0.0, text,
                         true, orl_view_style(view, run)->color, name);
        if (!below && !tells_itself(&view->runs[run]) &&
            strlen(details) > 4) /* more than an ellipsis */
            orl_picture_text(flow->picture, flow->x + after, flow->y + EM_FIRST * text, 0.0, text,
                             false, view->theme->muted, details);
    }
    flow->y += EM_ROW * text;
    if (below)
        put(flow, view->runs[run].details, 1.0, false, view->theme->muted, indent, DETAIL_LINES);
    free(name);
    free(details);
}

/* What its name and hyperparameters take in one line. */
static double line_width(const struct flow *flow, size_t run)
{
    const struct view *view = flow->view;
    const struct orl_film_run *r = &view->runs[run];
    double text = view->size.text, name = (SWATCH_W + EM_APART) * text +
                                          orl_letters_width(view->measure, r->title, text, true);
    return tells_itself(r) || !*r->details
               ? name
               : name + EM_SEPARATE * text +
                     orl_letters_width(view->measure, r->details, text, false);
}

static bool listed_before(const struct view *view, size_t first, size_t run)
{
    for (size_t i = first; i < run; i++)
        if (strcmp(view->runs[i].title, view->runs[run].title) == 0 &&
            strcmp(view->runs[i].details, view->runs[run].details) == 0)
            return true;
    return false;
}

/* Runs that differ, and how wide the widest of them is in one line. */
static size_t count_runs(const struct flow *flow, size_t first, size_t count, size_t *long_ones,
                         double *widest)
{
    size_t different = 0;
    *long_ones = 0;
    *widest = 0.0;
    for (size_t i = first; i < first + count; i++)
        if (!listed_before(flow->view, first, i)) {
            different++;
            *long_ones += line_width(flow, i) > flow->width;
            *widest = fmax(*widest, line_width(flow, i));
        }
    return different;
}

/* Who runs: each once, as many as there is room for, in columns where that is not all;
 * hyperparameters below the names where there is room for all of them so. */
static void put_runs(struct flow *flow, size_t first, size_t count)
{
    const struct view *view = flow->view;
    double text = view->size.text, top = flow->y, left = flow->x, widest;
    size_t long_ones, different = count_runs(flow, first, count, &long_ones, &widest), shown = 0;
    double lines =
               (view->height - view->size.margin_y - view->size.below - flow->y) / (EM_ROW * text),
           gap = 2.0 * text;
    size_t room = lines > 1.0 ? (size_t)lines : 1,
           fit = (size_t)((flow->width + gap) / (widest + gap));
    size_t columns = different <= room ? 1 : fit < 1 ? 1 : fit > COLUMNS_MAX ? COLUMNS_MAX : fit;
    size_t most = different <= room * columns ? different : room * columns - 1;
    bool below = different + DETAIL_LINES * long_ones <= room;
    for (size_t i = first; i < first + count && shown < most; i++) {
        if (listed_before(view, first, i))
            continue;
        if (shown > 0 && columns > 1 && shown % room == 0) {
            flow->x += widest + gap;
            flow->y = top;
        }
        put_run(flow, i, below && line_width(flow, i) > flow->width);
        shown++;
    }
    if (shown < different)
        put_owned(flow, orl_asprintf("and %zu more", different - shown), 1.0, false,
                  view->theme->muted, 1);
    if (flow->x > left)
        flow->y = top + EM_ROW * text * (double)room;
    flow->x = left;
}

static void put_steps(struct flow *flow, size_t first, size_t count)
{
    int64_t most = 0, least = INT64_MAX;
    char steps[PEOPLE_SIZE];
    for (size_t i = first; i < first + count; i++) {
        int64_t made = flow->view->runs[i].trace->steps;
        most = made > most ? made : most;
        least = made < least ? made : least;
    }
    orl_people_count(steps, most);
    put_owned(flow,
              orl_asprintf("%zu run%s of %s%s step%s", count, count == 1 ? "" : "s",
                           least < most ? "at most " : "", steps, most == 1 ? "" : "s"),
              FACT, false, flow->view->theme->muted, 1);
}

/* ---- The cards ------------------------------------------------------------------------------- */

void orl_card_opening(const struct view *view, const char *title, const struct group *groups,
                      size_t group_count, struct orl_picture *picture)
{
    struct flow flow;
    begin(&flow, view, picture);
    put(&flow, title, BIG, true, view->theme->ink, 0.0, 4);
    skip(&flow, EM_SEPARATE);
    if (group_count == 1)
        put_problem(&flow, view->runs[groups->first].problem, "");
    for (size_t g = 0; group_count > 1 && g < group_count && g < LINES_MAX; g++)
        put_owned(&flow, orl_asprintf("Part %zu:  %s", g + 1, groups[g].title), HEADING, false,
                  view->theme->ink, 1);
    skip(&flow, EM_SEPARATE);
    put_runs(&flow, 0, view->run_count);
    settle(&flow);
}

void orl_card_problem(const struct view *view, const struct group *groups, size_t group_count,
                      size_t group, struct orl_picture *picture)
{
    const struct group *g = &groups[group];
    struct flow flow;
    begin(&flow, view, picture);
    put_owned(&flow, orl_asprintf("Part %zu of %zu", group + 1, group_count), FACT, false,
              view->theme->muted, 1);
    put(&flow, g->title, BIG, true, view->theme->ink, 0.0, 3);
    skip(&flow, EM_WORDS);
    put_problem(&flow, view->runs[g->first].problem, g->title);
    skip(&flow, 0.5);
    put_steps(&flow, g->first, g->count);
    settle(&flow);
}
