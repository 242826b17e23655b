/* Of training logs: the last value of each loss and the best one, with its step. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/panel.h"
#include "scene/panels/recorded.h"

enum { FIGURES = 4, SAMPLES = 200, ROWS_WANTED = 8 };
enum { COLUMN_LAST, COLUMN_BEST, COLUMN_STEP, COLUMNS };
#define ROW        1.45 /* from line to line */
#define FIRST      1.25 /* what the first line takes */
#define WANTS_WIDE 16.0
#define WANTS_HIGH 4.0
#define LINE_WIDE  1.9 /* of a run's line beside its name */
#define GAP        1.1 /* between columns */
#define SWATCH     2.4 /* a run's line and marker before its name */
#define NAMES_MOST 11.0
#define SLACK      4.0 /* most that the table is wider than its words */

/* A row of the table: which value stands in it for each row of the trace. */
struct line {
    struct recorded_line last, best; /* the same, but in a race: best is of validation */
    size_t *last_row, *best_row;     /* owned; SIZE_MAX: none yet */
    char *name;                      /* owned: as it fits */
};

struct values {
    struct line *lines; /* owned */
    size_t count, shown;
    double right[COLUMNS]; /* where the columns end, px */
    bool validation;       /* some best value is of validation, in a race */
};

static void values_destroy(struct panel *panel)
{
    struct values *v = panel->state;
    for (size_t i = 0; v && v->lines && i < v->count; i++) {
        free(v->lines[i].last_row);
        free(v->lines[i].best_row);
        free(v->lines[i].name);
    }
    if (v)
        free(v->lines);
    free(v);
    panel->state = NULL;
}

static bool line_follow(struct line *line, size_t rows)
{
    size_t last = SIZE_MAX, best = SIZE_MAX;
    line->last_row = orl_calloc(rows, sizeof *line->last_row);
    line->best_row = orl_calloc(rows, sizeof *line->best_row);
    for (size_t row = 0; line->last_row && line->best_row && row < rows; row++) {
        if (isfinite(orl_recorded_value(&line->last, row)))
            last = row;
        double value = orl_recorded_value(&line->best, row);
        if (isfinite(value) && (best == SIZE_MAX || value < orl_recorded_value(&line->best, best)))
            best = row;
        line->last_row[row] = last;
        line->best_row[row] = best;
    }
    return line->last_row && line->best_row;
}

static size_t first_validation(const struct recorded_line *lines, size_t count)
{
    size_t i = 0;
    while (i < count && !lines[i].validation)
        i++;
    return i < count ? i : 0;
}

/* In a race best values are of validation, which runs are compared by, where all have one. */
static bool all_validated(const struct view *view)
{
    struct recorded_line found[RECORDED_LINES];
    for (size_t run = 0; run < view->run_count; run++)
        if (first_validation(found, orl_recorded_lines(view, run, found, RECORDED_LINES)) == 0)
            return false;
    return view->run_count > 1;
}

/* One run: a row for each of its losses. A race: a row for each run. */
static int lines_make(const struct view *view, struct values *v, struct orl_error *err)
{
    struct recorded_line found[RECORDED_LINES];
    v->validation = all_validated(view);
    for (size_t run = 0; run < view->run_count; run++) {
        size_t count = orl_recorded_lines(view, run, found, RECORDED_LINES),
               best = v->validation ? first_validation(found, count) : 0;
        if (view->run_count > 1 && count > 0) {
            v->lines[v->count++] = (struct line){.last = found[0], .best = found[best]};
            continue;
        }
        for (size_t i = 0; i < count; i++)
            v->lines[v->count++] = (struct line){.last = found[i], .best = found[i]};
    }
    for (size_t i = 0; i < v->count; i++)
        if (!line_follow(&v->lines[i], view->runs[v->lines[i].last.run].trace->rows))
            return orl_fail_memory(err);
    return ORL_OK;
}

static int values_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct values *v = orl_calloc(1, sizeof *v);
    panel->state = v;
    size_t most = view->run_count > 1 ? view->run_count : RECORDED_LINES;
    if (v)
        v->lines = orl_calloc(most, sizeof *v->lines);
    if (!v || !v->lines)
        return orl_fail_memory(err);
    int ret = lines_make(view, v, err);
    if (ret == ORL_OK && v->count == 0)
        ret = orl_fail(err, ORL_EINPUT, "a values panel needs runs with a loss; none has one");
    return ret;
}

/* ---- Places ---- */

static const char *head_of(const struct values *v, int column)
{
    static const char *const heads[COLUMNS] = {"last", "best", "at step"};
    return column == COLUMN_BEST && v->validation ? "best val." : heads[column];
}

static void cell_write(const struct view *view, const struct line *line, int column, size_t row,
                       char out[PEOPLE_SIZE])
{
    const struct orl_trace *trace = view->runs[line->last.run].trace;
    size_t at = column == COLUMN_LAST ? line->last_row[row] : line->best_row[row];
    out[0] = '\0';
    if (at == SIZE_MAX)
        return;
    if (column == COLUMN_STEP)
        orl_people_count(out, trace->step[at]);
    else
        orl_people_figures(
            out, orl_recorded_value(column == COLUMN_LAST ? &line->last : &line->best, at),
            FIGURES);
}

/* The widest that a column will be, from some rows of each line. */
static double column_width(const struct view *view, const struct values *v, int column)
{
    char text[PEOPLE_SIZE];
    double widest = orl_letters_width(view->measure, head_of(v, column), view->size.text, false);
    for (size_t i = 0; i < v->count; i++) {
        size_t rows = view->runs[v->lines[i].last.run].trace->rows, stride = rows / SAMPLES + 1;
        for (size_t row = 0; row < rows; row += stride) {
            cell_write(view, &v->lines[i], column, rows - 1 - row, text);
            widest = fmax(widest, orl_letters_width(view->measure, text, view->size.text, true));
        }
    }
    return widest;
}

static const char *name_of(const struct view *view, const struct line *line)
{
    return view->run_count > 1 ? view->runs[line->last.run].title : line->last.name;
}

static double names_width(const struct view *view, const struct values *v)
{
    double widest = 0.0, text = view->size.text;
    for (size_t i = 0; i < v->count; i++)
        widest =
            fmax(widest, orl_letters_width(view->measure, name_of(view, &v->lines[i]), text, true));
    return (view->run_count > 1 ? SWATCH * text : 0.0) + fmin(widest, NAMES_MOST * text);
}

/* All that there is to read, with the room between the columns. */
static double table_width(const struct view *view, const struct values *v, double widths[COLUMNS])
{
    double width = names_width(view, v);
    for (int c = 0; c < COLUMNS; c++) {
        widths[c] = column_width(view, v, c);
        width += widths[c] + GAP * view->size.text;
    }
    return width;
}

static int values_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct values *v = panel->state;
    double text = view->size.text, widths[COLUMNS], right = table_width(view, v, widths),
           left = panel->box.x + (view->run_count > 1 ? SWATCH * text : 0.0);
    /* In a wide box the numbers stay near their names. */
    right = panel->box.x + fmin(panel->box.width, right + SLACK * text);
    for (int c = COLUMNS; c-- > 0;) {
        v->right[c] = right;
        right -= widths[c] + GAP * text;
    }
    /* The last baseline stays a quarter of the text above the box's lower edge. */
    size_t room = (size_t)fmax(floor((panel->box.height / text - FIRST) / ROW + NEARLY), 1.0);
    v->shown = v->count <= room ? v->count : room > 1 ? room - 1 : 1;
    for (size_t i = 0; i < v->count; i++) {
        free(v->lines[i].name);
        v->lines[i].name = orl_letters_fit(view->measure, name_of(view, &v->lines[i]), text, true,
                                           fmax(right - left, 2.0 * text));
        if (!v->lines[i].name)
            return orl_fail_memory(err);
    }
    panel->names_runs = view->run_count > 1 && v->shown == v->count;
    return ORL_OK;
}

/* As wide as all names and columns; made and dropped for the question. */
static void values_wants(const struct view *view, const struct panel *panel, double *width,
                         double *height)
{
    struct panel asked = {.count = panel->count};
    struct orl_error ignored = {0};
    double text = view->size.text;
    *width = WANTS_WIDE * text;
    *height = WANTS_HIGH * text;
    if (values_create(view, &asked, &ignored) == ORL_OK) {
        const struct values *v = asked.state;
        size_t rows = v->count < ROWS_WANTED ? v->count : ROWS_WANTED;
        double widths[COLUMNS];
        *width = table_width(view, v, widths);
        *height = ROW * text * ((double)rows + 1.0);
    }
    values_destroy(&asked);
}

/* ---- Drawing ---- */

static double baseline(const struct view *view, const struct panel *panel, size_t row)
{
    return panel->box.y + view->size.text * (1.0 + ROW * (double)row);
}

static void values_still(const struct view *view, const struct panel *panel,
                         struct orl_picture *picture)
{
    const struct values *v = panel->state;
    double text = view->size.text, x = panel->box.x;
    for (int c = 0; c < COLUMNS; c++)
        orl_picture_text(picture, v->right[c], baseline(view, panel, 0), 1.0, text, false,
                         view->theme->muted, head_of(v, c));
    for (size_t i = 0; i < v->shown; i++) {
        double y = baseline(view, panel, i + 1);
        if (view->run_count > 1)
            orl_view_swatch(view, v->lines[i].last.run, x, y - EM_MIDDLE * text, LINE_WIDE * text,
                            picture);
        orl_picture_text(picture, view->run_count > 1 ? x + SWATCH * text : x, y, 0.0, text, true,
                         view->theme->ink, v->lines[i].name);
    }
    char more[40];
    snprintf(more, sizeof more, "and %zu more", v->count - v->shown);
    if (v->shown < v->count)
        orl_picture_text(picture, x, baseline(view, panel, v->shown + 1), 0.0, text, false,
                         view->theme->muted, more);
}

static void values_moving(const struct view *view, const struct panel *panel, size_t frame,
                          struct orl_picture *picture)
{
    const struct values *v = panel->state;
    char text[PEOPLE_SIZE];
    for (size_t i = 0; i < v->shown; i++) {
        const struct line *line = &v->lines[i];
        size_t row = orl_view_row(view, line->last.run, frame);
        for (int c = 0; c < COLUMNS; c++) {
            cell_write(view, line, c, row, text);
            if (*text)
                orl_picture_text(picture, v->right[c], baseline(view, panel, i + 1), 1.0,
                                 view->size.text, c == COLUMN_BEST,
                                 c == COLUMN_STEP ? view->theme->muted : view->theme->ink, text);
        }
    }
}

static bool values_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].trace->loss)
            return true;
    return false;
}

static const struct orl_panel_ops values_ops = {.create = values_create,
                                                .place = values_place,
                                                .destroy = values_destroy,
                                                .still = values_still,
                                                .moving = values_moving};

const struct orl_panel_desc orl_panel_values = {
    .name = "values",
    .title = "Values",
    .description = "of training logs: the last and the best value of each loss, with its step",
    .suits = values_suits,
    .wants = values_wants,
    .whole = true,
    .replaces_readout = true,
    .ops = &values_ops,
};
