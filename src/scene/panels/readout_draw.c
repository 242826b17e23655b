/* The readout as marks. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "scene/panels/readout_inner.h"

static const int threshold_exponents[THRESHOLDS] = {-2, -3, -6};

/* The baseline of a line of the table; line 0 is the header. */
static double baseline(const struct view *view, const struct readout *r, double line)
{
    return r->box.y + view->size.text * (1.0 + ROW_HEIGHT * line);
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
    double y = round(baseline(view, r, line) + 0.42 * view->size.text) + 0.5;
    orl_mark_faint(orl_picture_segment(picture, r->box.x, y, r->columns[r->last_column], y,
                                       fmax(1.0, view->size.line / 3.0), view->theme->grid));
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
    double below = (double)r->rows + 1.35 + (r->rows < r->all);
    cell(view, r, below, 0, theme->muted, false, "loss ≤", picture);
    cell(view, r, below + 1, 0, theme->muted, false, "at step", picture);
    for (int t = 0; t < THRESHOLDS; t++) {
        orl_people_decade(text, threshold_exponents[t]);
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
    double line = (double)r->rows + 2.35 + (r->rows < r->all);
    for (int t = 0; t < THRESHOLDS; t++) {
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
    double text = view->size.text, swatch = r->rank_x + 0.4 * text;
    if (orl_readout_has_losses(view))
        cell(view, r, 0, 2, view->theme->muted, false, view->quantity, picture);
    if (r->watched_name)
        cell(view, r, 0, 3, view->theme->muted, false, r->watched_name, picture);
    rule(view, r, 0, picture);
    for (size_t i = 0; i < r->rows; i++) {
        double y = baseline(view, r, (double)i + 1);
        orl_view_swatch(view, r->shown[i], swatch, y - 0.34 * text, 1.7 * text, picture);
        orl_picture_text(picture, r->names_x, y, 0.0, text, true,
                         orl_view_style(view, r->shown[i])->color, r->names[r->shown[i]]);
    }
    char more[PEOPLE_SIZE];
    snprintf(more, sizeof more, "the best %zu of %zu", r->rows, r->all);
    if (r->rows < r->all)
        cell(view, r, (double)r->rows + 1, 0, view->theme->muted, false, more, picture);
}

static void race_row(const struct view *view, const struct readout *r, size_t index, size_t frame,
                     struct orl_picture *picture)
{
    size_t run = r->shown[index];
    const struct orl_trace *trace = view->runs[run].trace;
    char text[PEOPLE_SIZE + 32], number[PEOPLE_SIZE];
    size_t row = orl_view_row(view, run, frame);
    double line = (double)index + 1;
    bool diverged = trace->status == ORL_STATUS_DIVERGED && orl_view_run_ended(view, run, frame);
    if (diverged) {
        orl_people_count(number, trace->steps);
        snprintf(text, sizeof text, "diverged at %s", number);
        cell(view, r, line, 3, view->theme->ink, true, text, picture);
        return;
    }
    if (trace->loss) {
        orl_readout_number(view, number, trace->loss[row], -1, false,
                           r->columns[2] - r->columns[1] - 0.3 * view->size.text);
        cell(view, r, line, 2, view->theme->ink, false, number, picture);
    }
    if (r->watched != SIZE_MAX) {
        orl_readout_number(view, number, orl_readout_value(view, run, row, r->watched),
                           r->decimals[0], false,
                           r->columns[3] - r->columns[2] - 0.3 * view->size.text);
        cell(view, r, line, 3, view->theme->ink, false, number, picture);
    }
    if (view->loss && orl_view_is_last(view, frame)) {
        snprintf(text, sizeof text, "%zu", r->rank[run]);
        orl_picture_text(picture, r->rank_x, baseline(view, r, line), 1.0, view->size.text, true,
                         view->theme->ink, text);
    }
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
    if (!orl_readout_is_race(view)) {
        run_moving(view, readout, frame, picture);
        return;
    }
    for (size_t i = 0; i < readout->rows; i++)
        race_row(view, readout, i, frame, picture);
}
