/* Title cards of a report video: text from top to bottom, a little above the middle of the frame.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scene/film/sequence.h"
#include "scene/film/wrap.h"

enum { LINES_MAX = 6, VALUES_MAX = 8, DETAIL_LINES = 2, COLUMNS_MAX = 3 };
#define BIG      2.2 /* of the text's size: what the card is about */
#define FACT     1.25
#define LINE     1.42
#define SWATCH_W 1.9 /* of the text's size */
#define NBSP     "\xc2\xa0"

#define TALL 1.2 /* tall frames have room for larger text */

/* Where the next line goes. */
struct flow {
    const struct orl_film *film; /* `own` */
    struct orl_film own;         /* the film with the card's text size; borrows all */
    struct orl_picture *picture;
    size_t first_mark; /* of the card */
    double x, y, width;
};

static void begin(struct flow *flow, const struct orl_film *film, struct orl_picture *picture)
{
    *flow = (struct flow){.own = *film,
                          .picture = picture,
                          .first_mark = picture->count,
                          .x = film->size.margin_x,
                          .width = film->width - 2.0 * film->size.margin_x};
    flow->film = &flow->own;
    if (film->height > 1.2 * film->width) {
        flow->own.size.text *= TALL;
        flow->own.size.line *= TALL;
    }
}

/* Text in as many lines as it needs, at most `most`. */
static void put(struct flow *flow, const char *text, double scale, bool bold,
                struct orl_color color, double indent, size_t most)
{
    char *lines[LINES_MAX] = {0};
    double size = scale * flow->film->size.text;
    size_t count = orl_wrap(flow->film, text, size, bold, flow->width - indent,
                            most < LINES_MAX ? most : LINES_MAX, lines);
    for (size_t i = 0; i < count; i++) {
        orl_picture_text(flow->picture, flow->x + indent, flow->y + 0.95 * size, 0.0, size, bold,
                         color, lines[i]);
        flow->y += (scale > 1.5 ? 1.2 : LINE) * size;
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
    flow->y += lines * flow->film->size.text;
}

/* Move all of the card down so that it stands a little above the middle. */
static void settle(struct flow *flow)
{
    double room = flow->film->height - 2.0 * flow->film->size.margin_y;
    double down = flow->film->size.margin_y + fmax(0.0, 0.42 * (room - flow->y));
    for (size_t m = flow->first_mark; m < flow->picture->count; m++)
        for (size_t i = 0; i < flow->picture->marks[m].count; i++)
            flow->picture->points[2 * (flow->picture->marks[m].first + i) + 1] += down;
}

/* One side of a swatch, from the marker outwards: a short line shows whole dashes, the same on both
 * sides. */
static void swatch_side(const struct orl_film *film, const struct style *style, double from,
                        double to, double y, struct orl_picture *picture)
{
    const double line = film->size.line, dot[] = {to, y};
    bool dotted = style->dash == ORL_DASH_DASHDOT &&
                  fabs(to - from) > 2.7 * line; /* one dash, one dot: the pattern is longer */
    struct orl_mark *mark =
        orl_picture_segment(picture, from, y, dotted ? to - copysign(1.8 * line, to - from) : to, y,
                            line, style->color);
    if (mark)
        mark->dash = style->dash == ORL_DASH_DASHDOT ? ORL_DASH_SOLID : style->dash;
    if (dotted)
        orl_picture_dots(picture, dot, 1, 0.5 * line, ORL_MARKER_CIRCLE, style->color);
}

void orl_card_swatch(const struct orl_film *film, size_t run, double x, double y, double width,
                     struct orl_picture *picture)
{
    const struct style *style = orl_film_style(film, run);
    const double line = film->size.line, middle[] = {x + 0.5 * width, y};
    if (style->dash == ORL_DASH_SOLID) {
        orl_picture_segment(picture, x, y, x + width, y, line, style->color);
    } else {
        double room = (style->dash == ORL_DASH_DOTTED ? 3.05 : 2.3) *
                      line; /* of the marker; a dot is there whole or not at all */
        swatch_side(film, style, middle[0] - room, x, y, picture);
        swatch_side(film, style, middle[0] + room, x + width, y, picture);
    }
    struct orl_mark *mark =
        orl_picture_dots(picture, middle, 1, 1.7 * line, style->marker, style->color);
    if (mark) {
        mark->halo = film->theme->background;
        mark->halo_px = 0.4 * line;
    }
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
    const struct orl_film *film = flow->film;
    double size = FACT * film->size.text;
    flow->picture->failed |= !values;
    orl_picture_text(flow->picture, flow->x, flow->y + 0.95 * size, 0.0, size, false,
                     film->theme->muted, word);
    if (values)
        put(flow, values, FACT, false, film->theme->ink,
            orl_film_text_width(film, "minimum", size, false) + 0.8 * size, 2);
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
    const struct theme *theme = flow->film->theme;
    if (!problem)
        return;
    char *formula = formula_of(problem);
    size_t length = formula ? strlen(formula) : 0, told = strlen(title);
    if (length < told || strcmp(formula + length - told, title) != 0 || told + 10 < length)
        put_owned(flow, formula, 1.4, false, theme->ink, 3);
    else
        free(formula);
    put_owned(flow, data_of(problem), FACT, false, theme->muted, 2);
    skip(flow, 0.5);
    put_named(flow, "start", values_of(problem, orl_problem_start(problem)));
    if (orl_problem_truth(problem))
        put_named(flow, orl_problem_data(problem) ? "truth" : "minimum",
                  values_of(problem, orl_problem_truth(problem)));
}

/* A title that tells its only setting itself, as one of a sweep does: "SGD, lr 0.1". */
static bool tells_itself(const struct orl_film_run *run)
{
    return strstr(run->title, ", ") && !strstr(run->details, ", ");
}

/* An entry of a list of runs: line and marker, name, hyperparameters; where those have no room
 * beside the name, below it. */
static void put_run(struct flow *flow, size_t run, bool below)
{
    const struct orl_film *film = flow->film;
    double text = film->size.text, indent = (SWATCH_W + 0.7) * text;
    char *name = orl_film_fit_title(film, run, flow->width - indent);
    double after = indent + (name ? orl_film_text_width(film, name, text, true) : 0.0) + 0.8 * text;
    char *details =
        orl_film_fit_text(film, film->runs[run].details, text, false, flow->width - after);
    flow->picture->failed |= !name || !details;
    if (name && details) {
        orl_card_swatch(film, run, flow->x, flow->y + 0.61 * text, SWATCH_W * text, flow->picture);
        orl_picture_text(flow->picture, flow->x + indent, flow->y + 0.95 * text, 0.0, text, true,
                         orl_film_style(film, run)->color, name);
        if (!below && !tells_itself(&film->runs[run]) &&
            strlen(details) > 4) /* more than an ellipsis */
            orl_picture_text(flow->picture, flow->x + after, flow->y + 0.95 * text, 0.0, text,
                             false, film->theme->muted, details);
    }
    flow->y += LINE * text;
    if (below)
        put(flow, film->runs[run].details, 1.0, false, film->theme->muted, indent, DETAIL_LINES);
    free(name);
    free(details);
}

/* What its name and hyperparameters take in one line. */
static double line_width(const struct flow *flow, size_t run)
{
    const struct orl_film *film = flow->film;
    const struct orl_film_run *r = &film->runs[run];
    double text = film->size.text,
           name = (SWATCH_W + 0.7) * text + orl_film_text_width(film, r->title, text, true);
    return tells_itself(r) || !*r->details
               ? name
               : name + 0.8 * text + orl_film_text_width(film, r->details, text, false);
}

static bool listed_before(const struct orl_film *film, size_t first, size_t run)
{
    for (size_t i = first; i < run; i++)
        if (strcmp(film->runs[i].title, film->runs[run].title) == 0 &&
            strcmp(film->runs[i].details, film->runs[run].details) == 0)
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
        if (!listed_before(flow->film, first, i)) {
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
    const struct orl_film *film = flow->film;
    double text = film->size.text, top = flow->y, left = flow->x, widest;
    size_t long_ones, different = count_runs(flow, first, count, &long_ones, &widest), shown = 0;
    double lines = (film->height - 2.0 * film->size.margin_y - flow->y) / (LINE * text),
           gap = 2.0 * text;
    size_t room = lines > 1.0 ? (size_t)lines : 1,
           fit = (size_t)((flow->width + gap) / (widest + gap));
    size_t columns = different <= room ? 1 : fit < 1 ? 1 : fit > COLUMNS_MAX ? COLUMNS_MAX : fit;
    size_t most = different <= room * columns ? different : room * columns - 1;
    bool below = different + DETAIL_LINES * long_ones <= room;
    for (size_t i = first; i < first + count && shown < most; i++) {
        if (listed_before(film, first, i))
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
                  film->theme->muted, 1);
    if (flow->x > left)
        flow->y = top + LINE * text * (double)room;
    flow->x = left;
}

static void put_steps(struct flow *flow, size_t first, size_t count)
{
    int64_t most = 0, least = INT64_MAX;
    char steps[PEOPLE_SIZE];
    for (size_t i = first; i < first + count; i++) {
        int64_t made = flow->film->runs[i].trace->steps;
        most = made > most ? made : most;
        least = made < least ? made : least;
    }
    orl_people_count(steps, most);
    put_owned(flow,
              orl_asprintf("%zu run%s of %s%s steps", count, count == 1 ? "" : "s",
                           least < most ? "at most " : "", steps),
              FACT, false, flow->film->theme->muted, 1);
}

/* ---- The cards ------------------------------------------------------------------------------- */

void orl_card_opening(const struct orl_film *film, const char *title, const struct group *groups,
                      size_t group_count, struct orl_picture *picture)
{
    struct flow flow;
    begin(&flow, film, picture);
    put(&flow, title, BIG, true, film->theme->ink, 0.0, 4);
    skip(&flow, 0.8);
    if (group_count == 1)
        put_problem(&flow, film->runs[groups->first].problem, "");
    for (size_t g = 0; group_count > 1 && g < group_count && g < LINES_MAX; g++)
        put_owned(&flow, orl_asprintf("Part %zu:  %s", g + 1, groups[g].title), 1.4, false,
                  film->theme->ink, 1);
    skip(&flow, 0.8);
    put_runs(&flow, 0, film->run_count);
    settle(&flow);
}

void orl_card_problem(const struct orl_film *film, const struct group *groups, size_t group_count,
                      size_t group, struct orl_picture *picture)
{
    const struct group *g = &groups[group];
    struct flow flow;
    begin(&flow, film, picture);
    put_owned(&flow, orl_asprintf("Part %zu of %zu", group + 1, group_count), FACT, false,
              film->theme->muted, 1);
    put(&flow, g->title, BIG, true, film->theme->ink, 0.0, 3);
    skip(&flow, 0.6);
    put_problem(&flow, film->runs[g->first].problem, g->title);
    skip(&flow, 0.5);
    put_steps(&flow, g->first, g->count);
    settle(&flow);
}

void orl_card_run(const struct orl_film *film, const struct group *group, size_t run,
                  struct orl_picture *picture)
{
    struct flow flow;
    begin(&flow, film, picture);
    double text = flow.own.size.text, indent = 3.4 * text;
    put_owned(&flow,
              orl_asprintf("Run %zu of %zu%s%s", run + 1, film->run_count,
                           *group->title ? "  ·  " : "", group->title),
              FACT, false, film->theme->muted, 1);
    skip(&flow, 0.3);
    orl_card_swatch(flow.film, run, flow.x, flow.y + 0.61 * BIG * text, 2.6 * text, picture);
    put(&flow, film->runs[run].title, BIG, true, orl_film_style(film, run)->color, indent, 3);
    if (*film->runs[run].details)
        put(&flow, film->runs[run].details, 1.4, false, film->theme->ink, 0.0, 3);
    skip(&flow, 0.8);
    put_problem(&flow, film->runs[run].problem, "");
    settle(&flow);
}
