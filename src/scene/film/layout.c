/* Layouts are searched for: every way to cut the room into a grid whose first cells belong to the
 * main panel is tried, and the one that uses it best is taken. What a panel gains from its room
 * grows with the logarithm of its plot's area, so no panel starves for the sake of another; the
 * main panel counts several times, plots of odd shapes count less. */
#include "scene/film/layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "scene/film/grid.h"
#include "scene/marks/metrics.h"

/* What a share of the wanted width or height is worth, by its logarithm; wider or higher than
 * wanted is a little waste. */
#define WORDS_WIDTH   8.0
#define WORDS_HEIGHT  4.0
#define READOUT_SHORT 1.5
#define WASTED_WIDTH  0.15
#define WASTED_HEIGHT 0.25
#define ODD_COST      1.2   /* of a shape that is too wide or too narrow */
#define MAIN_COST     3.0   /* of a main plot that is not the largest by far */
#define UNEQUAL_COST  0.7   /* of others that differ in size */
#define WORDS_MOST    0.6   /* of the page's height: rows that hold words and numbers alone */
#define WIDE_ENOUGH   0.999 /* rounding may have taken a little */
#define HIGH_ENOUGH   0.995
#define EVEN_SHAPE    1.6 /* of cells where nothing can be read anyway */
#define FOOTER_ROOM   2.1 /* before there is a film: the footer and the gap above it */
#define CELL_WIDTH    4.0 /* the least plot of small multiples */
#define CELL_HEIGHT   1.6

enum { COLUMNS_MAX = 5, ROWS_MAX = 12, CELLS_SPARE = 6 };

/* In text sizes: what labels and names take of a panel, and the least that is left to be read. */
#define LABELS_WIDTH      4.2
#define NAMES_WIDTH       4.0 /* beside the main panel's plot, at the ends of its curves */
#define LABELS_HEIGHT     4.35
#define PLOT_WIDTH_LEAST  4.0
#define PLOT_HEIGHT_LEAST 2.2
#define READOUT_LEAST     11.0 /* one that wants more says how many of its lines it left out */

#define MAIN_WEIGHT   2.6 /* of the main panel, where each other counts once */
#define CELLS_WEIGHT  6.0 /* of small multiples in the main panel's place */
#define MAIN_LEAST    1.5 /* its plot is at least so many times as large as any other */
#define SHAPE_WIDE    2.6 /* width by height from which a plot is too wide ... */
#define SHAPE_NARROW  1.2 /* ... and up to which it is too narrow */
#define READOUT_WORTH 2.6 /* of having the readout at all */
#define WORDS_WORTH   4.2 /* of a panel of words: as a plot of 12 by 5.5 text sizes */

struct cut {
    const struct layout *layout;
    size_t columns, rows;             /* of the grid */
    size_t main_columns, main_rows;   /* cells of the main panel, at the top left */
    double column_weight, row_weight; /* of those against the others' */
    bool readout;
    double x[COLUMNS_MAX + 1],
        y[ROWS_MAX + 1]; /* where cells begin; the last: where they end, and a gap more */
};

static void plot_size(const struct layout *l, const struct orl_rect *box, double *width,
                      double *height)
{
    *width = box->width - LABELS_WIDTH * l->text;
    *height = box->height - LABELS_HEIGHT * l->text;
}

bool orl_layout_readable(const struct layout *layout, const struct orl_rect *box)
{
    double width, height;
    plot_size(layout, box, &width, &height);
    return width >= PLOT_WIDTH_LEAST * layout->text && height >= PLOT_HEIGHT_LEAST * layout->text;
}

static double square(double v)
{
    return v * v;
}

static bool has_wish(const struct layout *l, size_t panel)
{
    return l->wishes && l->wishes[panel].width > 0.0;
}

/* Words and numbers: as good as a plot of a usual size where they are not cut; much the worse the
 * narrower. */
static double worth_of_words(const struct layout *l, const struct orl_rect *box,
                             const struct wish *wish)
{
    double width = box->width / wish->width, height = box->height / wish->height;
    if (box->width < PLOT_WIDTH_LEAST * l->text || box->height < PLOT_HEIGHT_LEAST * l->text)
        return -INFINITY;
    return WORDS_WORTH + WORDS_WIDTH * log(fmin(width, 1.0)) +
           WORDS_HEIGHT * log(fmin(height, 1.0)) - WASTED_WIDTH * fmax(0.0, log(width)) -
           WASTED_HEIGHT * fmax(0.0, log(height));
}

/* What a panel gains from its box; -INFINITY where it could not be read. `area` of its plot, 0
 * where it has none. */
static double worth_of(const struct layout *l, size_t panel, const struct orl_rect *box,
                       double *area)
{
    double width, height;
    bool main = panel == 0;
    *area = 0.0;
    if (has_wish(l, panel))
        return worth_of_words(l, box, &l->wishes[panel]);
    plot_size(l, box, &width, &height);
    width -= main ? NAMES_WIDTH * l->text : 0.0;
    if (!orl_layout_readable(l, box) || width < PLOT_WIDTH_LEAST * l->text)
        return -INFINITY;
    double shape = width / height;
    double odd =
        square(fmax(0.0, log(shape / SHAPE_WIDE))) + square(fmax(0.0, log(SHAPE_NARROW / shape)));
    *area = width * height;
    return log(*area / square(l->text)) - ODD_COST * odd;
}

/* ---- Cutting --------------------------------------------------------------------------------- */

static size_t items_of(const struct cut *cut)
{
    return cut->layout->panels - 1 + cut->readout;
}

static bool is_main(const struct cut *cut, size_t row, size_t column)
{
    return row < cut->main_rows && column < cut->main_columns;
}

/* The cell of the `index`-th item in reading order; false past the last cell. */
static bool cell_of(const struct cut *cut, size_t index, size_t *row, size_t *column)
{
    for (*row = 0; *row < cut->rows; ++*row)
        for (*column = 0; *column < cut->columns; ++*column)
            if (!is_main(cut, *row, *column) && index-- == 0)
                return true;
    return false;
}

/* All cells are used, but for some at the end of the last row, which its last item takes as well.
 */
static bool cells_suit(const struct cut *cut)
{
    size_t cells = cut->columns * cut->rows - cut->main_columns * cut->main_rows,
           items = items_of(cut), row, column;
    if (cells < items || (items == 0 && cells > 0))
        return false;
    return items == 0 || (cell_of(cut, items - 1, &row, &column) && row + 1 == cut->rows);
}

/* The height that the last row wants, where nothing but words and numbers stands in it, beside the
 * main panel: then it gets that. 0: it shares in the rest. */
static double wanted_height(const struct cut *cut)
{
    const struct layout *l = cut->layout;
    size_t row, column;
    double height = 0.0;
    for (size_t i = 0; cut->rows > 1 && i < items_of(cut); i++) {
        bool panel = i + 1 < l->panels;
        if (!cell_of(cut, i, &row, &column) || row + 1 < cut->rows)
            continue;
        if (panel && !has_wish(l, i + 1))
            return 0.0;
        height = fmax(height, panel ? l->wishes[i + 1].height : l->readout_height);
    }
    return fmin(height, WORDS_MOST * l->body.height);
}

static void cut_lengths(double *at, size_t count, size_t large, double weight, double start,
                        double length, double gap, double fixed)
{
    size_t shared = count - (fixed > 0.0);
    double sum = 0.0, room = length - gap * (double)(count - 1) - fixed;
    for (size_t i = 0; i < shared; i++)
        sum += i < large ? weight : 1.0;
    at[0] = start;
    for (size_t i = 0; i < count; i++)
        at[i + 1] = at[i] + gap + (i < shared ? room * (i < large ? weight : 1.0) / sum : fixed);
}

static void place_lines(struct cut *cut)
{
    const struct layout *l = cut->layout;
    cut_lengths(cut->x, cut->columns, cut->main_columns, cut->column_weight, l->body.x,
                l->body.width, l->gap, 0.0);
    cut_lengths(cut->y, cut->rows, cut->main_rows, cut->row_weight, l->body.y, l->body.height,
                l->gap, wanted_height(cut));
}

static struct orl_rect rect_of(const struct cut *cut, size_t row, size_t column, size_t end_row,
                               size_t end_column)
{
    double gap = cut->layout->gap;
    return (struct orl_rect){cut->x[column], cut->y[row], cut->x[end_column] - gap - cut->x[column],
                             cut->y[end_row] - gap - cut->y[row]};
}

/* Boxes of all panels, and after them of the readout. */
static void fill(const struct cut *cut, struct orl_rect *boxes)
{
    size_t items = items_of(cut), row = 0, column = 0;
    boxes[0] = rect_of(cut, 0, 0, cut->main_rows, cut->main_columns);
    for (size_t i = 0; i < items; i++) {
        cell_of(cut, i, &row, &column);
        boxes[i + 1] =
            rect_of(cut, row, column, row + 1, i + 1 < items ? column + 1 : cut->columns);
    }
}

/* ---- Choosing -------------------------------------------------------------------------------- */

static double readout_worth(const struct layout *l, const struct orl_rect *box)
{
    double height = box->height / l->readout_height, width = box->width / l->readout_width;
    if (width < WIDE_ENOUGH ||
        box->height < fmin(READOUT_LEAST * l->text, HIGH_ENOUGH * l->readout_height))
        return -INFINITY;
    return READOUT_WORTH + READOUT_SHORT * log(fmin(height, 1.0)) -
           WASTED_HEIGHT * fmax(0.0, log(height)) - WASTED_WIDTH * fmax(0.0, log(width));
}

static double worth(const struct cut *cut, const struct orl_rect *boxes)
{
    const struct layout *l = cut->layout;
    double weight = l->cells > 1 ? CELLS_WEIGHT : MAIN_WEIGHT;
    double main_area, area, largest = 0.0, smallest = INFINITY,
                            sum = weight * worth_of(l, 0, &boxes[0], &main_area);
    for (size_t i = 1; i < l->panels; i++) {
        sum += worth_of(l, i, &boxes[i], &area);
        largest = fmax(largest, area);
        smallest = area > 0.0 ? fmin(smallest, area) : smallest;
    }
    if (!isfinite(sum))
        return -INFINITY;
    if (main_area > 0.0 && main_area < MAIN_LEAST * largest)
        sum -= MAIN_COST * (MAIN_LEAST * largest / main_area - 1.0) + 0.5;
    if (smallest < largest)
        sum -= UNEQUAL_COST * log(largest / smallest); /* the others are equals */
    return cut->readout ? sum + readout_worth(l, &boxes[l->panels]) : sum;
}

struct choice {
    double worth;
    struct cut cut;
};

static void try_weights(struct cut *cut, struct choice *best)
{
    static const double weights[] = {1.0, 1.3, 1.6, 2.0, 2.5, 3.0};
    struct orl_rect boxes[PLACES_MAX + 1];
    size_t columns = cut->main_columns < cut->columns ? ORL_COUNT(weights) : 1,
           rows = cut->main_rows < cut->rows ? ORL_COUNT(weights) : 1;
    for (size_t c = 0; c < columns; c++)
        for (size_t r = 0; r < rows; r++) {
            cut->column_weight = weights[c];
            cut->row_weight = weights[r];
            place_lines(cut);
            fill(cut, boxes);
            double now = worth(cut, boxes);
            if (now > best->worth + NEARLY)
                *best = (struct choice){now, *cut};
        }
}

static void try_grids(const struct layout *layout, bool readout, struct choice *best)
{
    struct cut cut = {.layout = layout, .readout = readout};
    for (cut.columns = 1; cut.columns <= COLUMNS_MAX; cut.columns++)
        for (cut.rows = 1;
             cut.rows <= ROWS_MAX && cut.columns * cut.rows <= layout->panels + CELLS_SPARE;
             cut.rows++)
            for (cut.main_columns = 1; cut.main_columns <= cut.columns; cut.main_columns++)
                for (cut.main_rows = 1; cut.main_rows <= cut.rows; cut.main_rows++)
                    if (cells_suit(&cut) && (!layout->wide_main || cut.main_columns == cut.columns))
                        try_weights(&cut, best);
}

/* Nothing can be read: as even a grid as there is. */
static void place_evenly(const struct layout *l, struct orl_rect *boxes)
{
    size_t columns = (size_t)ceil(
        sqrt((double)l->panels * l->body.width / fmax(l->body.height, 1.0) / EVEN_SHAPE));
    columns = columns < 1 ? 1 : columns > l->panels ? l->panels : columns;
    size_t rows = (l->panels + columns - 1) / columns;
    double width = fmax(1.0, (l->body.width - l->gap * (double)(columns - 1)) / (double)columns),
           height = fmax(1.0, (l->body.height - l->gap * (double)(rows - 1)) / (double)rows);
    for (size_t i = 0; i < l->panels; i++)
        boxes[i] =
            (struct orl_rect){l->body.x + (width + l->gap) * (double)(i % columns),
                              l->body.y + (height + l->gap) * (double)(i / columns), width, height};
}

/* ---- A grid that was asked for --------------------------------------------------------------- */

static void share_out(const double *weights, size_t count, double start, double length, double gap,
                      double *at, double *lengths)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += weights ? weights[i] : 1.0;
    for (size_t i = 0; i < count; i++) {
        lengths[i] =
            fmax(1.0, (length - gap * (double)(count - 1)) * (weights ? weights[i] : 1.0) / sum);
        at[i] = i ? at[i - 1] + lengths[i - 1] + gap : start;
    }
}

static void place_rows(const struct layout *l, size_t rows, struct orl_rect *boxes,
                       struct orl_rect *readout)
{
    double x[PLACES_MAX], y[PLACES_MAX], widths[PLACES_MAX], heights[PLACES_MAX];
    share_out(l->columns, l->column_count, l->body.x, l->body.width, l->gap, x, widths);
    share_out(l->row_count >= rows ? l->rows : NULL, rows, l->body.y, l->body.height, l->gap, y,
              heights);
    for (size_t i = 0; i < l->column_count * rows; i++) {
        size_t column = i % l->column_count, row = i / l->column_count;
        struct orl_rect cell = {x[column], y[row], widths[column], heights[row]};
        if (i < l->panels)
            boxes[i] = cell;
        else if (i == l->panels && l->readout_height > 0.0 && isfinite(readout_worth(l, &cell)))
            *readout = cell;
    }
}

/* The readout takes the first cell that is left, where there is one that it can be read in. Rows
 * for which nothing is left are none. */
static void place_grid(const struct layout *l, struct orl_rect *boxes, struct orl_rect *readout)
{
    size_t rows = (l->panels + l->column_count - 1) / l->column_count;
    if (l->row_count > rows && l->panels % l->column_count == 0)
        place_rows(l, rows + 1, boxes, readout);
    if (readout->width == 0.0)
        place_rows(l, rows, boxes, readout);
}

size_t orl_layout_place(const struct layout *layout, struct orl_rect *boxes,
                        struct orl_rect *readout)
{
    struct orl_rect found[PLACES_MAX + 1];
    struct choice best = {.worth = -INFINITY};
    size_t smallest = 0;
    *readout = (struct orl_rect){0};
    if (layout->column_count > 0) {
        place_grid(layout, boxes, readout);
    } else {
        if (layout->readout_height > 0.0 && layout->panels < PLACES_MAX)
            try_grids(layout, true, &best);
        try_grids(layout, false, &best);
        if (isfinite(best.worth)) {
            fill(&best.cut, found);
            memcpy(boxes, found, layout->panels * sizeof *boxes);
            if (best.cut.readout)
                *readout = found[layout->panels];
        } else {
            place_evenly(layout, boxes);
        }
    }
    for (size_t i = 1; i < layout->panels; i++)
        if (boxes[i].width * boxes[i].height < boxes[smallest].width * boxes[smallest].height)
            smallest = i;
    return smallest;
}

/* ---- Before there is a film ------------------------------------------------------------------ */

/* Where panels will go when title and subtitle take a line each. */
static struct orl_rect usual_body(const struct orl_room *room)
{
    double text = room->text_px, x = PAGE_MARGIN * room->width, y = PAGE_MARGIN * room->height;
    double top = y + (TITLE_TO_TEXT * TITLE_LINE + EM_SUBTITLE + EM_FOOTER_GAP) * text,
           bottom = y + FOOTER_ROOM * text;
    return (struct orl_rect){x, top, room->width - 2.0 * x, fmax(room->height - top - bottom, 1.0)};
}

bool orl_room_remark(const struct orl_room *room, char *out, size_t size)
{
    bool grid = room->kind == ORL_LAYOUT_GRID && room->runs > 1;
    struct orl_rect boxes[PLACES_MAX], readout;
    struct layout layout = {.body = usual_body(room),
                            .text = room->text_px,
                            .gap = EM_PANELS * room->text_px,
                            .panels = room->panels,
                            .cells = grid ? room->runs : 1,
                            .columns = room->columns,
                            .rows = room->rows,
                            .column_count = grid ? 0 : room->column_count,
                            .row_count = room->row_count};
    if (room->panels > PLACES_MAX) {
        snprintf(out, size, "%zu panels are too many for one film", room->panels);
        return true;
    }
    size_t smallest = orl_layout_place(&layout, boxes, &readout);
    if (grid) {
        struct orl_rect cell =
            orl_grid_cell(boxes[0], room->text_px, room->runs, room->column_count);
        if (cell.width < CELL_WIDTH * room->text_px || cell.height < CELL_HEIGHT * room->text_px) {
            snprintf(out, size, "%zu cells in %dx%d have %.0fx%.0f pixels each, too few to be read",
                     room->runs, room->width, room->height, fmax(cell.width, 0.0),
                     fmax(cell.height, 0.0));
            return true;
        }
    }
    if (orl_layout_readable(&layout, &boxes[smallest]))
        return false;
    snprintf(
        out, size, "%zu panels in %dx%d leave the smallest %.0fx%.0f pixels, too few to be read",
        room->panels, room->width, room->height, boxes[smallest].width, boxes[smallest].height);
    return true;
}
