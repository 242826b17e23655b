/* Small multiples: where the cells of a grid go, and what is said once for all of them. */
#include "scene/film/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"

#define NUMBERS_WIDE 3.0  /* beside the first column */
#define NUMBERS_HIGH 1.4  /* below the last row */
#define FIRST_TITLE  1.1  /* from a cell's top to the baseline of its name */
#define EMPTY_COST   1e-3 /* px: rather no empty cells */

/* In text sizes. */
#define TITLE 1.5 /* a cell's name, above its plot */
#define SHAPE 1.5 /* width by height that a cell's plot should have */

struct cell {
    char *title;        /* owned, as it fits */
    double x, y, width; /* of its baseline, px */
};

struct grid {
    char *head; /* owned: what all cells share */
    double head_x, head_y, head_width;
    struct cell *cells; /* owned: one for each run */
    size_t count, columns, rows;
    double left, bottom; /* px that the labels of the outer axes take */
};

void orl_grid_destroy(struct grid **grid)
{
    struct grid *g = *grid;
    if (!g)
        return;
    for (size_t i = 0; g->cells && i < g->count; i++)
        free(g->cells[i].title);
    free(g->cells);
    free(g->head);
    free(g);
    *grid = NULL;
}

/* The number of columns that leaves plots the largest, where SHAPE is as good as it gets. */
static void choose_columns(struct grid *g, double width, double height, double text, size_t wanted)
{
    double best = -INFINITY;
    for (size_t columns = 1; columns <= g->count; columns++) {
        size_t rows = (g->count + columns - 1) / columns;
        double w = (width - NUMBERS_WIDE * text) / (double)columns - EM_PANELS * text,
               h = (height - NUMBERS_HIGH * text) / (double)rows - (TITLE + EM_APART) * text;
        double size = fmin(w / SHAPE, h) -
                      EMPTY_COST * (double)(columns * rows - g->count); /* rather no empty cells */
        if (size > best) {
            best = size;
            g->columns = columns;
        }
    }
    if (wanted > 0)
        g->columns = wanted < g->count ? wanted : g->count;
    g->rows = (g->count + g->columns - 1) / g->columns;
}

struct orl_rect orl_grid_cell(struct orl_rect region, double text, size_t count, size_t columns)
{
    struct grid g = {.count = count};
    choose_columns(&g, region.width, region.height - EM_HEAD * text, text, columns);
    return (struct orl_rect){
        0.0, 0.0, (region.width - NUMBERS_WIDE * text) / (double)g.columns - EM_PANELS * text,
        (region.height - (EM_HEAD + NUMBERS_HIGH) * text) / (double)g.rows -
            (TITLE + EM_APART) * text};
}

static int place_cell(struct view *view, size_t run, struct orl_rect box, bool bare_x, bool bare_y,
                      struct orl_error *err)
{
    struct panel *panel = &view->panels[run];
    panel->box = box;
    panel->cell = (struct placing){.is = true, .bare_x = bare_x, .bare_y = bare_y};
    return orl_panel_place(view, panel, err);
}

/* What all cells have in common, in as many words as there is room for. */
static char *axes_head(const struct view *view, const char *x, const char *y, const char *more,
                       double width)
{
    char *head = NULL;
    for (int form = more ? 0 : 1; form < 3; form++) {
        free(head);
        head = form == 0   ? orl_asprintf("%s against %s: %s, the same axes for all", y, x, more)
               : form == 1 ? orl_asprintf("%s against %s%s%s", y, x, more ? ": " : "",
                                          more ? more : ", the same axes for all")
                           : orl_asprintf("%s against %s", y, x);
        if (!head || orl_letters_width(view->measure, head, view->size.text, false) <= width)
            break;
    }
    return head;
}

/* How much room the labels of an outer cell's axes take, from the first cell in about its place.
 * Panels without axes need none. */
static int measure_labels(struct view *view, struct grid *g, struct orl_rect box,
                          struct orl_error *err)
{
    struct panel *panel = &view->panels[0];
    int ret = place_cell(view, 0, box, false, false, err);
    struct orl_rect area = panel->cell.area;
    if (ret == ORL_OK && area.width > 0.0) {
        g->left = area.x - box.x;
        g->bottom = box.y + box.height - area.y - area.height;
        const char *x = panel->cell.x_name ? panel->cell.x_name : "x",
                   *y = panel->cell.y_name ? panel->cell.y_name : panel->desc->title;
        const char *more = panel->cell.note ? panel->cell.note : panel->desc->key;
        g->head = axes_head(view, x, y, more, g->head_width);
    } else if (ret == ORL_OK) {
        const char *key = panel->desc->key;
        g->head = orl_asprintf("%s%s%s", panel->desc->title, key ? ": " : "", key ? key : "");
    }
    return ret != ORL_OK ? ret : g->head ? ORL_OK : orl_fail_memory(err);
}

static bool all_fit(const struct view *view, size_t shared, double width)
{
    for (size_t i = 0; i < view->run_count; i++)
        if (orl_letters_width(view->measure, view->runs[i].title + shared, view->size.text, true) >
            width)
            return false;
    return true;
}

/* How much of the names is left out: what ends with a comma, as "SGD, " of "SGD, lr 0.1"; where the
 * rest does not fit but without all words that they share would, those. */
static size_t shared_of(const struct view *view, double width)
{
    size_t usual = orl_view_shared_words(view, 0, view->run_count),
           all = orl_view_common_words(view);
    if (all_fit(view, usual, width))
        return usual;
    return all > usual && all_fit(view, all, width) ? all : usual;
}

/* A run's name without what all begin with; where even that is too long, what tells it from the
 * others. Owned by the caller. */
static char *cell_title(const struct view *view, size_t run, size_t shared, double width)
{
    const char *title = view->runs[run].title + shared;
    bool fits = orl_letters_width(view->measure, title, view->size.text, true) <= width;
    return fits ? orl_strdup(title) : orl_view_fit_name(view, run, width);
}

static int place_cells(struct view *view, struct grid *g, struct orl_rect region,
                       struct orl_error *err)
{
    double text = view->size.text, gap_x = EM_PANELS * text, gap_y = EM_APART * text;
    double width = (region.width - g->left - gap_x * (double)(g->columns - 1)) / (double)g->columns,
           height = (region.height - g->bottom - gap_y * (double)(g->rows - 1)) / (double)g->rows;
    size_t shared = shared_of(view, width);
    for (size_t i = 0; i < g->count; i++) {
        size_t column = i % g->columns, row = i / g->columns;
        bool outer_x = i + g->columns >= g->count, outer_y = column == 0;
        double x = region.x + g->left + (width + gap_x) * (double)column,
               y = region.y + (height + gap_y) * (double)row;
        struct orl_rect box = {x - (outer_y ? g->left : 0.0), y + TITLE * text,
                               width + (outer_y ? g->left : 0.0),
                               fmax(height - TITLE * text + (outer_x ? g->bottom : 0.0), 1.0)};
        int ret = place_cell(view, i, box, !outer_x, !outer_y, err);
        if (ret != ORL_OK)
            return ret;
        g->cells[i] =
            (struct cell){cell_title(view, i, shared, width), x, y + FIRST_TITLE * text, width};
        if (!g->cells[i].title)
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

int orl_grid_create(struct view *view, struct orl_rect region, size_t columns,
                    struct orl_error *err)
{
    struct grid *g = view->grid = orl_calloc(1, sizeof *g);
    double text = view->size.text;
    if (!g)
        return orl_fail_memory(err);
    g->count = view->run_count;
    g->cells = orl_calloc(g->count, sizeof *g->cells);
    if (!g->cells)
        return orl_fail_memory(err);
    g->head_x = region.x;
    g->head_y = region.y + 1.0 * text;
    g->head_width = region.width;
    region.y += EM_HEAD * text;
    region.height -= EM_HEAD * text;
    choose_columns(g, region.width, region.height, text, columns);
    struct orl_rect trial = {region.x, region.y, region.width / (double)g->columns,
                             region.height / (double)g->rows};
    int ret = measure_labels(view, g, trial, err);
    return ret == ORL_OK ? place_cells(view, g, region, err) : ret;
}

void orl_grid_still(const struct view *view, const struct grid *grid, struct orl_picture *picture)
{
    double text = view->size.text;
    char *head = orl_letters_fit(view->measure, grid->head, text, false, grid->head_width);
    if (head)
        orl_picture_text(picture, grid->head_x, grid->head_y, 0.0, text, false, view->theme->muted,
                         head);
    picture->failed |= !head;
    free(head);
    for (size_t i = 0; i < grid->count; i++)
        orl_picture_text(picture, grid->cells[i].x, grid->cells[i].y, 0.0, text, true,
                         orl_view_style(view, i)->color, grid->cells[i].title);
}

void orl_grid_moving(const struct view *view, const struct grid *grid, size_t frame,
                     struct orl_picture *picture)
{
    double text = view->size.text;
    for (size_t i = 0; i < grid->count; i++) {
        const struct orl_trace *trace = view->runs[i].trace;
        bool early = trace->status == ORL_STATUS_DIVERGED || trace->steps < view->pace.to;
        if (!early || !orl_view_run_ended(view, i, frame))
            continue;
        char count[PEOPLE_SIZE], told[PEOPLE_SIZE + 16];
        const char *word = trace->status == ORL_STATUS_DIVERGED    ? "✕"
                           : trace->status == ORL_STATUS_CONVERGED ? "✓"
                                                                   : "end";
        const struct cell *cell = &grid->cells[i];
        orl_people_count(count, trace->steps);
        snprintf(told, sizeof told, "%s %s", word, count);
        if (orl_letters_width(view->measure, cell->title, text, true) +
                orl_letters_width(view->measure, told, text, true) + EM_WORDS * text <=
            cell->width)
            orl_picture_text(picture, cell->x + cell->width, cell->y, 1.0, text, true,
                             view->theme->ink, told);
    }
}
