/* The closing table of a report video: every run at its end, problem by problem, best first; on as
 * few pages as it needs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/film/sequence.h"
#include "scene/marks/letters.h"
#include "scene/marks/metrics.h"

enum { CELLS_MAX = 9, FINDING_LINES = 4, COLUMNS_MAX = 3 };
#define HEAD_LINES  2.0  /* a problem's name and the head of its table */
#define FINDING_GAP 0.3  /* in lines: above a finding, ... */
#define GROUP_GAP   0.9  /* ... between two problems, ... */
#define WORTH_LINES 6.0  /* ... that are left of a column for a problem to begin in it */
#define CELLS_APART 2.5  /* the most that is added between columns */
#define HEADING     1.1  /* the size of a problem's name */
#define TITLE       1.25 /* the least of the page's title, of the text */
#define TITLE_ROOM  1.2  /* what it takes, of its own size */
#define RANK_X      1.2  /* where a rank ends and its swatch begins */
#define SWATCH_X    1.6
#define WIDTH_LEAST 14.5 /* of a column, and the least lines of a page */
#define LINES_LEAST 7.0
#define NAME_X      3.6 /* rank, line and marker stand before the name: of the text's size */

/* A piece of a problem's table that stands together. */
struct chunk {
    size_t group, first, count; /* of the ranked runs */
    size_t page, column;
    double y; /* of its top, px */
    bool ends;
};

struct closing {
    struct orl_rect body;
    const struct group *groups;
    size_t group_count;
    struct chunk *chunks; /* owned */
    size_t chunk_count, pages, columns;
    double scale; /* of its text against the film's */
    double title; /* its size, px */
    double down;  /* by which all of it stands lower than it would at the top of the frame, px */
};

/* ---- Placing --------------------------------------------------------------------------------- */

static double column_width(const struct view *view, const struct closing *c)
{
    double gap = 2.0 * view->size.text;
    return (c->body.width - gap * (double)(c->columns - 1)) / (double)c->columns;
}

static size_t finding_lines(const struct view *view, const struct closing *c,
                            const struct group *group)
{
    char *lines[FINDING_LINES] = {0};
    size_t count = orl_letters_wrap(view->measure, group->finding, view->size.text, false,
                                    column_width(view, c), FINDING_LINES, lines);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    return count;
}

/* Fill columns of `capacity` lines from top to bottom, pages from left to right: a problem's name
 * and head, its runs as far as they go, its finding. */
static void fill(const struct view *view, struct closing *c, double capacity)
{
    double line = EM_ROW * view->size.text, used = 0.0;
    size_t slot = 0;
    c->chunk_count = 0;
    for (size_t g = 0; g < c->group_count; g++) {
        const struct group *group = &c->groups[g];
        double findings = (double)finding_lines(view, c, group) + FINDING_GAP;
        size_t done = 0;
        while (done < group->count) {
            /* A problem goes to a new column where it does not fit here but does there, or where
             * next to nothing of it would. */
            double left = capacity - used,
                   whole = HEAD_LINES + (double)(group->count - done) + findings;
            if (used > 0.0 && left < whole && (whole <= capacity || left < WORTH_LINES)) {
                slot++;
                used = 0.0;
                left = capacity;
            }
            size_t room = left > HEAD_LINES + 1.0 ? (size_t)(left - HEAD_LINES) : 1,
                   rest = group->count - done;
            bool ends = (double)rest + HEAD_LINES + findings <= left;
            size_t count = ends                       ? rest
                           : rest <= room && rest > 1 ? rest - 1
                           : rest < room              ? rest
                                                      : room;
            c->chunks[c->chunk_count++] = (struct chunk){.group = g,
                                                         .first = group->first + done,
                                                         .count = count,
                                                         .page = slot / c->columns,
                                                         .column = slot % c->columns,
                                                         .y = c->body.y + used * line,
                                                         .ends = done + count == group->count};
            done += count;
            used += (double)count + HEAD_LINES +
                    (done == group->count ? findings + GROUP_GAP : capacity);
        }
    }
    c->pages = slot / c->columns + 1;
}

void orl_closing_destroy(struct closing **closing)
{
    struct closing *c = *closing;
    if (!c)
        return;
    free(c->chunks);
    free(c);
    *closing = NULL;
}

size_t orl_closing_pages(const struct closing *closing)
{
    return closing->pages;
}

/* ---- Columns of numbers ---------------------------------------------------------------------- */

/* The columns of one problem's table: the loss, then as many parameters as there is room for: those
 * that are furthest from the truth, in their own order. */
struct cells {
    size_t count;            /* the loss is the first */
    size_t which[CELLS_MAX]; /* parameters, from the second on */
    double right[CELLS_MAX]; /* right ends, px */
    double name_width;
    size_t shared;          /* bytes at the beginning of the names that the heading says */
    char *heads[CELLS_MAX]; /* owned */
};

/* `parameter` SIZE_MAX: the loss. */
static void cell_text(const struct view *view, size_t run, size_t parameter, char out[PEOPLE_SIZE])
{
    if (parameter == SIZE_MAX)
        orl_people_figures(out, view->runs[run].trace->loss ? orl_end_loss(view, run) : NAN, 3);
    else
        orl_people_figures(out, orl_end_value(view, run, parameter), 3);
}

/* "γ → 8×10⁶" */
static char *head_text(const struct view *view, size_t run, size_t parameter)
{
    const struct orl_problem *problem = view->runs[run].problem;
    const double *truth = problem ? orl_problem_truth(problem) : NULL;
    if (parameter == SIZE_MAX)
        return orl_strdup(view->quantity);
    char number[PEOPLE_SIZE], *name = orl_name_pretty(view->runs[run].trace->parameters[parameter]);
    if (!name || !truth)
        return name;
    orl_people_short(number, truth[parameter]);
    char *told = orl_asprintf("%s → %s", name, number);
    free(name);
    return told;
}

static double cell_width(const struct view *view, const struct group *group, size_t parameter,
                         const char *head)
{
    char number[PEOPLE_SIZE];
    double width = orl_letters_width(view->measure, head, view->size.text, false);
    for (size_t i = group->first; i < group->first + group->count; i++) {
        if (view->runs[i].trace->status == ORL_STATUS_DIVERGED)
            continue;
        cell_text(view, i, parameter, number);
        width = fmax(width, orl_letters_width(view->measure, number, view->size.text, false));
    }
    return width + EM_SEPARATE * view->size.text;
}

/* How much of its way to the truth a parameter still has before it at the end, over all runs: 1
 * where none moved at all. */
static double way_left(const struct view *view, const struct group *group, size_t parameter)
{
    const struct orl_problem *problem = view->runs[group->first].problem;
    const double *truth = problem ? orl_problem_truth(problem) : NULL;
    double sum = 0.0;
    for (size_t i = group->first; truth && i < group->first + group->count; i++) {
        double off = fabs(orl_end_value(view, i, parameter) - truth[parameter]);
        double way = fmax(fabs(orl_problem_start(problem)[parameter] - truth[parameter]),
                          fabs(truth[parameter]));
        sum += fmin(off / fmax(way, LEAST_NORMAL), 1.0);
    }
    return sum;
}

/* The parameter that is furthest from its truth and not yet among the cells; SIZE_MAX where all
 * are. */
static size_t next_parameter(const struct view *view, const struct group *group,
                             const struct cells *cells, size_t all)
{
    size_t best = SIZE_MAX;
    for (size_t p = 0; p < all; p++) {
        bool taken = false;
        for (size_t k = 1; k < cells->count; k++)
            taken |= cells->which[k] == p;
        if (!taken && (best == SIZE_MAX || way_left(view, group, p) > way_left(view, group, best)))
            best = p;
    }
    return best;
}

static double add_cell(const struct view *view, const struct group *group, struct cells *cells,
                       size_t parameter, double room)
{
    char *head = head_text(view, group->first, parameter);
    double width = head ? cell_width(view, group, parameter, head) : INFINITY;
    if (cells->count == CELLS_MAX || width > room) {
        free(head);
        return 0.0;
    }
    size_t at = cells->count++;
    for (; at > 1 && cells->which[at - 1] > parameter; at--) {
        cells->which[at] = cells->which[at - 1];
        cells->heads[at] = cells->heads[at - 1];
        cells->right[at] = cells->right[at - 1];
    }
    cells->which[at] = parameter;
    cells->heads[at] = head;
    cells->right[at] = width; /* for now */
    return width;
}

static void free_cells(struct cells *cells)
{
    for (size_t k = 0; k < cells->count; k++)
        free(cells->heads[k]);
}

static bool choose_cells(const struct view *view, const struct group *group, double width,
                         struct cells *cells)
{
    double text = view->size.text, names = 0.0;
    size_t all = SIZE_MAX, next;
    size_t shared = orl_view_shared_words(view, group->first, group->count);
    for (size_t i = group->first; i < group->first + group->count; i++) {
        names =
            fmax(names, orl_letters_width(view->measure, view->runs[i].title + shared, text, true));
        all =
            view->runs[i].trace->parameter_count < all ? view->runs[i].trace->parameter_count : all;
    }
    *cells = (struct cells){.shared = shared};
    double room = width - NAME_X * text, used;
    used = add_cell(view, group, cells, SIZE_MAX, INFINITY);
    if (used == 0.0)
        return false;
    cells->name_width = fmin(names, fmax(room - used, 2.0 * text));
    room -= used + cells->name_width;
    while ((next = next_parameter(view, group, cells, all)) != SIZE_MAX &&
           (used = add_cell(view, group, cells, next, room)) > 0.0)
        room -= used;
    double x = NAME_X * text + cells->name_width,
           each = fmax(0.0, fmin(room / (double)cells->count, CELLS_APART * text));
    for (size_t k = 0; k < cells->count; k++)
        x = cells->right[k] += x + each;
    return true;
}

/* ---- Choosing pages -------------------------------------------------------------------------- */

/* As few pages as there can be, in columns as few as make that possible, filled as evenly as whole
 * lines allow. */
static void arrange(const struct view *view, struct closing *c)
{
    double whole = floor(c->body.height / (EM_ROW * view->size.text));
    size_t best = 1, pages = SIZE_MAX;
    for (c->columns = 1; c->columns <= COLUMNS_MAX; c->columns++) {
        if (c->columns > 1 && column_width(view, c) < WIDTH_LEAST * view->size.text)
            break;
        fill(view, c, whole);
        if (c->pages < pages) {
            pages = c->pages;
            best = c->columns;
        }
    }
    c->columns = best;
    fill(view, c, whole);
    for (double lines = whole - 1.0; lines > LINES_LEAST; lines -= 1.0) {
        fill(view, c, lines);
        if (c->pages <= pages)
            continue;
        fill(view, c, lines + 1.0);
        break;
    }
}

/* Columns of numbers that all tables show together. */
static size_t count_cells(const struct view *view, const struct closing *c)
{
    size_t count = 0;
    for (size_t g = 0; g < c->group_count; g++) {
        struct cells cells;
        if (choose_cells(view, &c->groups[g], column_width(view, c), &cells))
            count += cells.count;
        free_cells(&cells);
    }
    return count;
}

/* The room below the title, and in it as few pages as there can be, at this scale. */
static void arrange_at(const struct view *view, struct closing *c, double scale)
{
    struct view own = orl_view_with_text(view, scale);
    double x = view->size.margin_x, text = own.size.text;
    c->scale = scale;
    c->title = fmax(view->size.title, TITLE * text);
    double top = view->size.margin_y + TITLE_ROOM * c->title + EM_APART * text;
    c->body =
        (struct orl_rect){x, top, view->width - 2.0 * x, view->height - view->size.below - top};
    arrange(&own, c);
}

/* Larger text where there is room for it, as on tall frames. */
static void choose_scale(const struct view *view, struct closing *c)
{
    static const double scales[] = {1.6, 1.4, 1.25, 1.12};
    arrange_at(view, c, 1.0);
    size_t pages = c->pages, columns = c->columns, cells = count_cells(view, c);
    for (size_t i = 0; i < ORL_COUNT(scales); i++) {
        struct view larger = orl_view_with_text(view, scales[i]);
        arrange_at(view, c, scales[i]);
        if (c->pages <= pages && c->columns <= columns && count_cells(&larger, c) >= cells)
            return;
    }
    arrange_at(view, c, 1.0);
}

/* A little above the middle of the frame, as cards stand, all pages alike. */
static void settle(const struct view *view, struct closing *c)
{
    struct view own = orl_view_with_text(view, c->scale);
    double end = c->body.y;
    for (size_t i = 0; i < c->chunk_count; i++) {
        const struct chunk *chunk = &c->chunks[i];
        size_t findings = chunk->ends ? finding_lines(&own, c, &c->groups[chunk->group]) : 0;
        end = fmax(end, chunk->y + EM_ROW * own.size.text *
                                       ((double)(chunk->count + findings) + HEAD_LINES +
                                        (findings ? FINDING_GAP : 0.0)));
    }
    c->down = SETTLED * fmax(0.0, c->body.y + c->body.height - end);
    for (size_t i = 0; i < c->chunk_count; i++)
        c->chunks[i].y += c->down;
}

int orl_closing_create(const struct view *view, const struct group *groups, size_t group_count,
                       struct closing **out, struct orl_error *err)
{
    struct closing *c = orl_calloc(1, sizeof *c);
    *out = c;
    if (!c)
        return orl_fail_memory(err);
    c->groups = groups;
    c->group_count = group_count;
    c->chunks = orl_calloc(view->run_count + group_count, sizeof *c->chunks);
    if (!c->chunks)
        return orl_fail_memory(err);
    choose_scale(view, c);
    settle(view, c);
    return ORL_OK;
}

/* ---- Drawing a page -------------------------------------------------------------------------- */

/* In the words that there is room for. */
static void draw_diverged(const struct view *view, int64_t steps, double right, double room,
                          double y, struct orl_picture *picture)
{
    static const char *const words[] = {"diverged at step", "diverged at", "✕"};
    char number[PEOPLE_SIZE], told[PEOPLE_SIZE + 32];
    double text = view->size.text;
    orl_people_count(number, steps);
    for (size_t i = 0; i < ORL_COUNT(words); i++) {
        snprintf(told, sizeof told, "%s %s", words[i], number);
        if (orl_letters_width(view->measure, told, text, true) + 0.5 * text <= room)
            break;
    }
    orl_picture_text(picture, right, y, 1.0, text, true, view->theme->ink, told);
}

static void draw_run(const struct view *view, const struct cells *cells, const struct group *group,
                     size_t index, double x, double y, struct orl_picture *picture)
{
    const size_t in_group = group->standing.order[index], run = group->first + in_group;
    const struct orl_run_place *place = &group->standing.places[in_group];
    const struct orl_trace *trace = view->runs[run].trace;
    double text = view->size.text;
    char number[PEOPLE_SIZE], told[32];
    const char *own = view->runs[run].title + cells->shared;
    bool fits = orl_letters_width(view->measure, own, text, true) <= cells->name_width + 1.0;
    char *name = fits ? orl_strdup(own) : orl_view_fit_name(view, run, cells->name_width + 1.0);
    snprintf(told, sizeof told, "%s%zu", place->shared ? "=" : "", place->rank);
    orl_picture_text(picture, x + RANK_X * text, y, 1.0, text, true, view->theme->ink, told);
    orl_view_swatch(view, run, x + SWATCH_X * text, y - EM_MIDDLE * text, EM_SWATCH * text,
                    picture);
    if (name)
        orl_picture_text(picture, x + NAME_X * text, y, 0.0, text, true,
                         orl_view_style(view, run)->color, name);
    picture->failed |= !name;
    double name_px = name ? orl_letters_width(view->measure, name, text, true) : 0.0;
    free(name);
    if (trace->status == ORL_STATUS_DIVERGED) {
        draw_diverged(view, trace->steps, x + cells->right[cells->count - 1],
                      cells->right[cells->count - 1] - NAME_X * text - name_px, y, picture);
        return;
    }
    for (size_t k = 0; k < cells->count; k++) {
        cell_text(view, run, cells->which[k], number);
        orl_picture_text(picture, x + cells->right[k], y, 1.0, text, false, view->theme->ink,
                         number);
    }
}

static void draw_finding(const struct view *view, const struct group *group, double x, double y,
                         double width, struct orl_picture *picture)
{
    char *lines[FINDING_LINES] = {0};
    size_t count = orl_letters_wrap(view->measure, group->finding, view->size.text, false, width,
                                    FINDING_LINES, lines);
    picture->failed |= count == 0 && *group->finding;
    for (size_t i = 0; i < count; i++) {
        orl_picture_text(picture, x, y + EM_ROW * view->size.text * (double)i, 0.0, view->size.text,
                         false, view->theme->ink, lines[i]);
        free(lines[i]);
    }
}

static void draw_chunk(const struct view *view, const struct closing *c, const struct chunk *chunk,
                       struct orl_picture *picture)
{
    const struct group *group = &c->groups[chunk->group];
    const struct theme *theme = view->theme;
    double text = view->size.text, line = EM_ROW * text, width = column_width(view, c);
    double x = c->body.x + (double)chunk->column * (width + 2.0 * text), y = chunk->y + text;
    struct cells cells;
    int shared = (int)orl_view_shared_words(view, group->first, group->count);
    const char *of =
        view->runs[group->first].title; /* "SGD, lr 0.1", of which the table's rows say "lr 0.1" */
    char *heading = orl_asprintf("%s%s%.*s", group->title, shared > 2 ? ": " : "",
                                 shared > 2 ? shared - 2 : 0, of);
    char *title = NULL;
    if (heading)
        orl_letters_wrap(view->measure, heading, HEADING * text, true, width, 1, &title);
    if (heading && !*heading)
        title = orl_strdup("");
    free(heading);
    if (!title || !choose_cells(view, group, width, &cells)) {
        picture->failed = true;
        free(title);
        return;
    }
    orl_picture_text(picture, x, y, 0.0, HEADING * text, true, theme->ink, title);
    for (size_t k = 0; k < cells.count; k++)
        orl_picture_text(picture, x + cells.right[k], y + line, 1.0, text, false, theme->muted,
                         cells.heads[k]);
    double rule = round(y + line + EM_RULE_BELOW * text) + 0.5;
    orl_mark_faint(orl_picture_segment(picture, x, rule, x + width, rule,
                                       orl_line_thin(view->size.line), theme->grid));
    for (size_t i = 0; i < chunk->count; i++)
        draw_run(view, &cells, group, chunk->first + i - group->first, x,
                 y + line * (double)(i + 2), picture);
    if (chunk->ends)
        draw_finding(view, group, x, y + line * ((double)chunk->count + HEAD_LINES + FINDING_GAP),
                     width, picture);
    free_cells(&cells);
    free(title);
}

void orl_closing_page(const struct view *view, const struct closing *closing, size_t page,
                      struct orl_picture *picture)
{
    char title[64];
    double size = closing->title;
    if (closing->pages > 1)
        snprintf(title, sizeof title, "Results (%zu of %zu)", page + 1, closing->pages);
    else
        snprintf(title, sizeof title, "Results");
    orl_picture_text(picture, view->size.margin_x,
                     view->size.margin_y + closing->down + EM_FIRST * size, 0.0, size, true,
                     view->theme->ink, title);
    struct view larger = orl_view_with_text(view, closing->scale);
    for (size_t i = 0; i < closing->chunk_count; i++)
        if (closing->chunks[i].page == page)
            draw_chunk(&larger, closing, &closing->chunks[i], picture);
}
