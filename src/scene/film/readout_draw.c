/* The readout as marks. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "scene/film/readout_inner.h"
#include "scene/film/sequence.h"

static const int threshold_exponents[THRESHOLDS] = {-2, -3, -6};

/* The baseline of a line of the table; line 0 is the header. */
static double baseline(const struct orl_film *film, const struct readout *r, double line)
{
    return r->box.y + film->size.text * (1.0 + ROW_HEIGHT * line);
}

static void cell(const struct orl_film *film, const struct readout *r, double line, int column,
                 struct orl_color color, bool bold, const char *text, struct orl_picture *picture)
{
    if (column == 0 || (column >= r->first_column && column <= r->last_column))
        orl_picture_text(picture, r->columns[column], baseline(film, r, line),
                         column == 0 ? 0.0 : 1.0, film->size.text, bold, color, text);
}

static void rule(const struct orl_film *film, const struct readout *r, double line,
                 struct orl_picture *picture)
{
    double y = round(baseline(film, r, line) + 0.42 * film->size.text) + 0.5;
    orl_mark_faint(orl_picture_segment(picture, r->box.x, y, r->columns[r->last_column], y,
                                       fmax(1.0, film->size.line / 3.0), film->theme->grid));
}

static void run_still(const struct orl_film *film, const struct readout *r,
                      struct orl_picture *picture)
{
    const char *const heads[COLUMNS] = {"", "start", "now", orl_readout_truth_word(film)};
    const struct theme *theme = film->theme;
    bool known = r->all && !isnan(orl_readout_truth(film, 0, 0));
    char text[PEOPLE_SIZE];
    for (int c = 1; r->rows > 0 && c < (known ? 4 : 3); c++)
        cell(film, r, 0, c, theme->muted, false, heads[c], picture);
    rule(film, r, 0, picture);
    for (size_t i = 0; i < r->rows; i++) {
        double line = (double)i + 1;
        cell(film, r, line, 0, theme->ink, true, r->names[i], picture);
        orl_people_short(text, orl_readout_value(film, 0, 0, i));
        cell(film, r, line, 1, theme->muted, false, text, picture);
        if (!known)
            continue;
        orl_people_short(text, orl_readout_truth(film, 0, i));
        cell(film, r, line, 3, theme->muted, false, text, picture);
    }
    if (r->rows < r->all) {
        snprintf(text, sizeof text, "and %zu more", r->all - r->rows);
        cell(film, r, (double)r->rows + 1, 0, theme->muted, false, text, picture);
    }
    if (!r->thresholds)
        return;
    double below = (double)r->rows + 1.35 + (r->rows < r->all);
    cell(film, r, below, 0, theme->muted, false, "loss ≤", picture);
    cell(film, r, below + 1, 0, theme->muted, false, "at step", picture);
    for (int t = 0; t < THRESHOLDS; t++) {
        orl_people_decade(text, threshold_exponents[t]);
        cell(film, r, below, t + 1, theme->muted, false, text, picture);
    }
}

static void run_moving(const struct orl_film *film, const struct readout *r, size_t frame,
                       struct orl_picture *picture)
{
    char text[PEOPLE_SIZE];
    size_t row = orl_film_row(film, 0, frame);
    int64_t step = film->runs[0].trace->step[row];
    for (size_t i = 0; i < r->rows; i++) {
        orl_readout_number(film, text, orl_readout_value(film, 0, row, i), r->decimals[i], true,
                           r->now_width);
        cell(film, r, (double)i + 1, 2, film->theme->ink, true, text, picture);
    }
    if (!r->thresholds)
        return;
    double line = (double)r->rows + 2.35 + (r->rows < r->all);
    for (int t = 0; t < THRESHOLDS; t++) {
        bool reached = r->reached[t] >= 0 && r->reached[t] <= step;
        if (!reached && !orl_film_is_last(film, frame))
            continue;
        orl_people_count(text, r->reached[t]);
        cell(film, r, line, t + 1, film->theme->ink, reached, reached ? text : "never", picture);
    }
}

static void race_still(const struct orl_film *film, const struct readout *r,
                       struct orl_picture *picture)
{
    double text = film->size.text, swatch = r->rank_x + 0.4 * text;
    if (orl_readout_has_losses(film))
        cell(film, r, 0, 2, film->theme->muted, false, film->quantity, picture);
    if (r->watched_name)
        cell(film, r, 0, 3, film->theme->muted, false, r->watched_name, picture);
    rule(film, r, 0, picture);
    for (size_t i = 0; i < r->rows; i++) {
        double y = baseline(film, r, (double)i + 1);
        orl_card_swatch(film, r->shown[i], swatch, y - 0.34 * text, 1.7 * text, picture);
        orl_picture_text(picture, r->names_x, y, 0.0, text, true,
                         orl_film_style(film, r->shown[i])->color, r->names[r->shown[i]]);
    }
    char more[PEOPLE_SIZE];
    snprintf(more, sizeof more, "the best %zu of %zu", r->rows, r->all);
    if (r->rows < r->all)
        cell(film, r, (double)r->rows + 1, 0, film->theme->muted, false, more, picture);
}

static void race_row(const struct orl_film *film, const struct readout *r, size_t index,
                     size_t frame, struct orl_picture *picture)
{
    size_t run = r->shown[index];
    const struct orl_trace *trace = film->runs[run].trace;
    char text[PEOPLE_SIZE + 32], number[PEOPLE_SIZE];
    size_t row = orl_film_row(film, run, frame);
    double line = (double)index + 1;
    bool diverged = trace->status == ORL_STATUS_DIVERGED && orl_film_run_ended(film, run, frame);
    if (diverged) {
        orl_people_count(number, trace->steps);
        snprintf(text, sizeof text, "diverged at %s", number);
        cell(film, r, line, 3, film->theme->ink, true, text, picture);
        return;
    }
    if (trace->loss) {
        orl_readout_number(film, number, trace->loss[row], -1, false,
                           r->columns[2] - r->columns[1] - 0.3 * film->size.text);
        cell(film, r, line, 2, film->theme->ink, false, number, picture);
    }
    if (r->watched != SIZE_MAX) {
        orl_readout_number(film, number, orl_readout_value(film, run, row, r->watched),
                           r->decimals[0], false,
                           r->columns[3] - r->columns[2] - 0.3 * film->size.text);
        cell(film, r, line, 3, film->theme->ink, false, number, picture);
    }
    if (film->loss && orl_film_is_last(film, frame)) {
        snprintf(text, sizeof text, "%zu", r->rank[run]);
        orl_picture_text(picture, r->rank_x, baseline(film, r, line), 1.0, film->size.text, true,
                         film->theme->ink, text);
    }
}

void orl_readout_still(const struct orl_film *film, const struct readout *readout,
                       struct orl_picture *picture)
{
    if (orl_readout_is_race(film))
        race_still(film, readout, picture);
    else
        run_still(film, readout, picture);
}

void orl_readout_moving(const struct orl_film *film, const struct readout *readout, size_t frame,
                        struct orl_picture *picture)
{
    if (!orl_readout_is_race(film)) {
        run_moving(film, readout, frame, picture);
        return;
    }
    for (size_t i = 0; i < readout->rows; i++)
        race_row(film, readout, i, frame, picture);
}
