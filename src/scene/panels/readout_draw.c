/* The readout as marks. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/emphasis.h"
#include "scene/panels/readout_inner.h"

#define MORE_GAP 1.35 /* lines from the last row to the thresholds, past the line "and 3 more" */

/* The baseline of a line of the table; line 0 is the header. */
static double baseline(const struct view *view, const struct readout *r, double line)
{
    return r->box.y +
           view->size.text * (1.0 + EM_ROW * line + (line > 0.0 ? ORL_READOUT_HEAD : 0.0));
}

static void cell(const struct view *view, const struct readout *r, double line, int column,
                 struct orl_color color, bool bold, const char *text, struct orl_picture *picture)
{
    if (column == 0 || (column >= r->first_column && column <= r->last_column))
        orl_picture_text(picture, r->columns[column], baseline(view, r, line),
                         column == 0 ? 0.0 : 1.0, view->size.text, bold, color, text);
}

static void rule(const struct view *view, const struct readout *r, double line,
                 struct orl_picture *picture)
{
    double y = round(baseline(view, r, line) + EM_RULE_BELOW * view->size.text) + 0.5;
    orl_mark_faint(orl_picture_segment(picture, r->box.x, y, r->columns[r->last_column], y,
                                       LINE_RULE * view->size.line, view->theme->rule));
}

static void run_still(const struct view *view, const struct readout *r, struct orl_picture *picture)
{
    const char *const heads[COLUMNS] = {"", "start", "now", orl_readout_truth_word(view)};
    const struct theme *theme = view->theme;
    bool known = r->all && !isnan(orl_readout_truth(view, 0, 0));
    char text[PEOPLE_SIZE];
    for (int c = 1; r->rows > 0 && c < (known ? 4 : 3); c++)
        cell(view, r, 0, c, theme->muted, false, heads[c], picture);
    rule(view, r, 0, picture);
    for (size_t i = 0; i < r->rows; i++) {
        double line = (double)i + 1;
        cell(view, r, line, 0, theme->ink, true, r->names[i], picture);
        orl_people_short(text, orl_readout_value(view, 0, 0, i));
        cell(view, r, line, 1, theme->muted, false, text, picture);
        if (!known)
            continue;
        orl_people_short(text, orl_readout_truth(view, 0, i));
        cell(view, r, line, 3, theme->muted, false, text, picture);
    }
    if (r->rows < r->all) {
        snprintf(text, sizeof text, "and %zu more", r->all - r->rows);
        cell(view, r, (double)r->rows + 1, 0, theme->muted, false, text, picture);
    }
    if (!r->thresholds)
        return;
    double below = (double)r->rows + MORE_GAP + (r->rows < r->all);
    cell(view, r, below, 0, theme->muted, false, "loss ≤", picture);
    cell(view, r, below + 1, 0, theme->muted, false, "at step", picture);
    for (int t = 0; t < ORL_THRESHOLDS; t++) {
        orl_people_decade(text, (int)round(log10(orl_trace_thresholds[t])));
        cell(view, r, below, t + 1, theme->muted, false, text, picture);
    }
}

static void run_moving(const struct view *view, const struct readout *r, size_t frame,
                       struct orl_picture *picture)
{
    char text[PEOPLE_SIZE];
    size_t row = orl_view_row(view, 0, frame);
    int64_t step = view->runs[0].trace->step[row];
    for (size_t i = 0; i < r->rows; i++) {
        orl_readout_number(view, text, orl_readout_value(view, 0, row, i), r->decimals[i], true,
                           r->now_width);
        cell(view, r, (double)i + 1, 2, view->theme->ink, true, text, picture);
    }
    if (!r->thresholds)
        return;
    double line = (double)r->rows + MORE_GAP + 1.0 + (r->rows < r->all);
    for (int t = 0; t < ORL_THRESHOLDS; t++) {
        bool reached = r->reached[t] >= 0 && r->reached[t] <= step;
        if (!reached && !orl_view_is_last(view, frame))
            continue;
        orl_people_count(text, r->reached[t]);
        cell(view, r, line, t + 1, view->theme->ink, reached, reached ? text : "never", picture);
    }
}

static void race_still(const struct view *view, const struct readout *r,
                       struct orl_picture *picture)
{
    if (orl_readout_has_losses(view) && !r->single)
        cell(view, r, 0, 2, view->theme->muted, false, view->quantity, picture);
    rule(view, r, 0, picture);
    char more[PEOPLE_SIZE];
    snprintf(more, sizeof more, "the best %zu of %zu", r->rows, r->all);
    if (r->rows < r->all && !r->ends)
        cell(view, r, (double)r->rows + 1, 0, view->theme->muted, false, more, picture);
}

/* The only column at the finish: the step at which a run arrived, else the loss that it has come
 * to. */
static void race_when_cell(const struct view *view, const struct readout *r, size_t run,
                           double loss, double line, struct orl_color ink, bool bold,
                           struct orl_picture *picture)
{
    char number[PEOPLE_SIZE], told[PEOPLE_SIZE + 8];
    int64_t arrived = view->standing.places[run].level_step;
    if (arrived >= 0) {
        orl_people_count(told, arrived);
    } else {
        double room = r->columns[2] - r->columns[1] - EM_CELL_GAP * view->size.text;
        orl_people_figures(number, loss, 3);
        snprintf(told, sizeof told, "loss %s", number);
        if (orl_letters_width(view->measure, told, view->size.text, bold) > room)
            orl_readout_number(view, told, loss, -1, bold, room);
    }
    cell(view, r, line, 2, ink, bold, told, picture);
}

/* The last column: the parameter that is watched; at the finish the step at which a run arrived. */
static void race_last_cell(const struct view *view, const struct readout *r, size_t run, size_t row,
                           double line, bool last, struct orl_color ink,
                           struct orl_picture *picture)
{
    char number[PEOPLE_SIZE];
    int64_t arrived = view->standing.places[run].level_step;
    if (last && r->arrives) {
        orl_people_count(number, arrived);
        cell(view, r, line, 3, arrived >= 0 ? ink : view->theme->muted, false,
             arrived >= 0 ? number : "never", picture);
    } else if (r->watched != SIZE_MAX) {
        orl_readout_number(view, number, orl_readout_value(view, run, row, r->watched),
                           r->decimals[0], false,
                           r->columns[3] - r->columns[2] - EM_CELL_GAP * view->size.text);
        cell(view, r, line, 3, ink, false, number, picture);
    }
}

/* Shorter where the name leaves too little room. */
static void race_diverged_cell(const struct view *view, const struct readout *r, size_t run,
                               double line, struct orl_picture *picture)
{
    char number[PEOPLE_SIZE], told[PEOPLE_SIZE + 32];
    double text = view->size.text,
           name = r->names_x + orl_letters_width(view->measure, r->names[run], text, true);
    orl_people_count(number, view->runs[run].trace->steps);
    snprintf(told, sizeof told, "diverged at %s", number);
    if (orl_letters_width(view->measure, told, text, true) > r->columns[3] - name - EM_GAP * text)
        snprintf(told, sizeof told, "✕ %s", number);
    cell(view, r, line, 3, view->theme->ink, true, told, picture);
}

static void race_row(const struct view *view, const struct readout *r, size_t run, size_t index,
                     size_t frame, struct orl_picture *picture)
{
    const struct orl_trace *trace = view->runs[run].trace;
    char number[PEOPLE_SIZE];
    size_t row = orl_view_row(view, run, frame);
    double line = (double)index + 1, text = view->size.text, y = baseline(view, r, line);
    bool last = orl_view_is_last(view, frame);
    orl_view_key(view, run, r->rank_x + EM_SWATCH_NEAR * text, y - EM_MIDDLE * text, picture);
    const bool back = orl_view_emphasis(view, run, frame) == ORL_EMPHASIS_BACK;
    const struct orl_color ink = back ? view->theme->muted : view->theme->ink;
    orl_picture_text(picture, r->names_x, y, 0.0, text, !back,
                     back ? ink : orl_view_style(view, run)->color, r->names[run]);
    if (orl_view_diverged(view, run, frame)) {
        race_diverged_cell(view, r, run, line, picture);
        return;
    }
    if (r->single && last && r->arrives) {
        race_when_cell(view, r, run, trace->loss ? trace->loss[row] : NAN, line, ink,
                       orl_view_emphasis(view, run, frame) == ORL_EMPHASIS_FRONT, picture);
    } else if (trace->loss) {
        double room = r->columns[2] - r->columns[1] - EM_CELL_GAP * text;
        orl_view_loss_figures(view, number, trace->loss[row]);
        if (orl_letters_width(view->measure, number, text, false) > room)
            orl_readout_number(view, number, trace->loss[row], -1, false, room);
        cell(view, r, line, 2, ink, false, number, picture);
    }
    if (!r->single)
        race_last_cell(view, r, run, row, line, last, ink, picture);
    orl_view_rank(view, run, number);
    if (view->loss && last)
        orl_picture_text(picture, r->rank_x, y, 1.0, text, !back, ink, number);
}

static void race_moving(const struct view *view, const struct readout *r, size_t frame,
                        struct orl_picture *picture)
{
    size_t *order = (size_t *)orl_scratch_numbers(picture, view->run_count);
    bool when = orl_view_is_last(view, frame) && r->arrives;
    const char *loss = orl_readout_has_losses(view) ? view->quantity : NULL,
               *head = r->single ? when ? ORL_READOUT_WHEN : loss
                       : when    ? ORL_READOUT_ARRIVED
                                 : r->watched_name;
    if (!order)
        return;
    if (head)
        cell(view, r, 0, r->single ? 2 : 3, view->theme->muted, false, head, picture);
    orl_view_order(view, frame, order);
    for (size_t i = 0; i < r->rows; i++)
        race_row(view, r, order[r->ends && i + 1 == r->rows ? r->all - 1 : i], i, frame, picture);
}

void orl_readout_still(const struct view *view, const struct readout *readout,
                       struct orl_picture *picture)
{
    if (orl_readout_is_race(view))
        race_still(view, readout, picture);
    else
        run_still(view, readout, picture);
}

void orl_readout_moving(const struct view *view, const struct readout *readout, size_t frame,
                        struct orl_picture *picture)
{
    if (orl_readout_is_race(view))
        race_moving(view, readout, frame, picture);
    else
        run_moving(view, readout, frame, picture);
}
