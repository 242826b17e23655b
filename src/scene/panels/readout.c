/* The readout: what it tells, and in which places. */
#include "scene/panels/readout_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/steplines.h"

enum { ROWS_MAX = 12, ROWS_ENDS = 3 };
#define THREE_FROM      0.1 /* numbers of this size and up to the next have three decimals */
#define THREE_TO        1000.0
#define TINY_TRUTH      1e-12               /* what a distance is divided by where the goal is 0 */
#define HEAD_SHARE      0.2                 /* of the width: a parameter's name in a head */
#define NAMES_SHARE     0.3                 /* of the width: the names of parameters */
#define THRESHOLD_LINES 3.3                 /* the head, and two lines of thresholds below a gap */
#define ROUNDING        0.05                /* of a line */
enum { ROWS_EACH = 512, ROWS_ALL = 65536 }; /* that are looked at, about: of a run, of all */
#define GAP_MOST  4.5 /* of the text size: numbers further apart are not read as a line */
#define GAP_LEAST 0.45

bool orl_readout_is_race(const struct view *view)
{
    return view->run_count > 1;
}

static size_t entries(const struct view *view)
{
    return orl_readout_is_race(view) ? view->run_count : view->runs[0].trace->parameter_count;
}

/* The first, the second and the last. */
static bool shows_ends(const struct view *view)
{
    return orl_readout_is_race(view) && view->run_count > ROWS_ENDS && orl_view_is_compact(view);
}

static size_t shown_rows(const struct view *view)
{
    size_t all = entries(view);
    if (shows_ends(view))
        return ROWS_ENDS;
    return all < ROWS_MAX ? all : ROWS_MAX;
}

bool orl_readout_has_losses(const struct view *view)
{
    bool any = false;
    for (size_t i = 0; i < view->run_count; i++)
        any |= view->runs[i].trace->loss != NULL;
    return any;
}

double orl_readout_height(const struct view *view)
{
    if (!orl_readout_is_race(view) && entries(view) == 0 && !view->loss) /* nothing to tell */
        return 0.0;
    bool more = shown_rows(view) < entries(view) && !shows_ends(view);
    size_t lines = 1 + shown_rows(view) + more;
    return view->size.text * (EM_ROW * (double)lines + ORL_READOUT_HEAD) +
           (orl_readout_is_race(view) ? 0.0 : view->size.text * (2.0 * EM_ROW + 0.5));
}

double orl_readout_value(const struct view *view, size_t run, size_t row, size_t parameter)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return trace->values[row * trace->parameter_count + parameter];
}

double orl_readout_truth(const struct view *view, size_t run, size_t parameter)
{
    const double *truth = orl_view_truth(view, run);
    return truth ? truth[parameter] : NAN;
}

static size_t last_row(const struct view *view, size_t run)
{
    return orl_view_row(view, run, view->pace.frames - 1);
}

/* So many decimals that the largest value of the whole film has about four significant digits: the
 * column never changes its width. -1 where that would be too many: three figures and a power of
 * ten. */
static int choose_decimals(const struct view *view, size_t parameter)
{
    double largest = 0.0;
    for (size_t run = 0; run < view->run_count; run++) {
        const struct orl_trace *trace = view->runs[run].trace;
        if (orl_readout_is_race(view) && orl_step_astray(view, run))
            continue;
        size_t stride = trace->rows / 512 + 1;
        for (size_t row = 0; row < trace->rows; row += stride)
            if (isfinite(orl_readout_value(view, run, row, parameter)))
                largest = fmax(largest, fabs(orl_readout_value(view, run, row, parameter)));
    }
    if (largest == 0.0)
        return 3;
    int decimals = 3 - (int)floor(log10(largest));
    return decimals < 0                                  ? 0
           : decimals > 6                                ? -1
           : largest >= THREE_FROM && largest < THREE_TO ? 3
                                                         : decimals;
}

static void write_number(char out[PEOPLE_SIZE], double value, int decimals)
{
    if (decimals >= 0)
        orl_people_fixed(out, value, decimals);
    else
        orl_people_figures(out, value, 3);
}

void orl_readout_number(const struct view *view, char out[PEOPLE_SIZE], double value, int decimals,
                        bool bold, double width)
{
    write_number(out, value, decimals);
    for (int digits = 4;
         digits > 1 && orl_letters_width(view->measure, out, view->size.text, bold) > width;
         digits--)
        orl_people_figures(out, value, digits);
    for (int digits = 3;
         digits > 0 && orl_letters_width(view->measure, out, view->size.text, bold) > width;
         digits--)
        orl_people_power(out, value, digits);
}

/* The parameter that most runs end furthest from the truth, relative to the truth's size. */
static size_t choose_watched(const struct view *view)
{
    size_t best = SIZE_MAX, count = view->runs[0].trace->parameter_count;
    double worst = -1.0;
    for (size_t p = 0; p < count; p++) {
        double sum = 0.0;
        for (size_t run = 0; run < view->run_count; run++) {
            if (view->runs[run].trace->parameter_count != count)
                return SIZE_MAX;
            double truth = orl_readout_truth(view, run, p),
                   off = fabs(orl_readout_value(view, run, last_row(view, run), p) - truth);
            sum += fmin(off / fmax(fabs(truth), TINY_TRUTH), 1.0);
        }
        if (sum > worst) {
            worst = sum;
            best = p;
        }
    }
    return best;
}

static int name_entries(const struct view *view, struct readout *r, struct orl_error *err)
{
    double size = view->size.text,
           room = fmax(orl_readout_is_race(view) ? r->columns[1] - r->names_x : r->names_width,
                       2.0 * size);
    for (size_t i = 0; i < r->all; i++) {
        char *pretty =
            orl_readout_is_race(view) ? NULL : orl_name_pretty(view->runs[0].trace->parameters[i]);
        r->names[i] = pretty ? orl_letters_fit(view->measure, pretty, size, true, room)
                      : orl_readout_is_race(view) ? orl_view_fit_name(view, i, room)
                                                  : NULL;
        free(pretty);
        if (!r->names[i])
            return orl_fail_memory(err);
    }
    return ORL_OK;
}

/* At the finish the last column is the one that decides: the step at which runs arrived. */
static bool anybody_arrives(const struct view *view)
{
    for (size_t i = 0; view->loss && i < view->run_count; i++)
        if (view->standing.places[i].level_step >= 0)
            return true;
    return false;
}

/* The parameter of the last column, and what stands above it. */
static int describe_watched(const struct view *view, struct readout *r, struct orl_error *err)
{
    bool on_surface = view->panels && view->panels[0].desc->place_in_plane;
    r->watched = view->watched != SIZE_MAX ? view->watched
                 : on_surface              ? SIZE_MAX /* which shows where each one is */
                                           : choose_watched(view);
    r->single = r->watched == SIZE_MAX;
    if (r->single)
        return ORL_OK;
    char *pretty = orl_name_pretty(view->runs[0].trace->parameters[r->watched]), truth[PEOPLE_SIZE];
    char *name = pretty ? orl_letters_fit(view->measure, pretty, view->size.text, false,
                                          HEAD_SHARE * r->box.width)
                        : NULL;
    double value = orl_readout_truth(view, 0, r->watched);
    orl_people_short(truth, value);
    r->watched_name = !name          ? NULL
                      : isnan(value) ? orl_strdup(name)
                                     : orl_asprintf("%s → %s", name, truth);
    r->decimals[0] = choose_decimals(view, r->watched);
    free(pretty);
    free(name);
    return r->watched_name ? ORL_OK : orl_fail_memory(err);
}

static void describe_run(const struct view *view, struct readout *r)
{
    for (size_t i = 0; i < r->all; i++)
        r->decimals[i] = choose_decimals(view, i);
    for (size_t t = 0; t < ORL_THRESHOLDS; t++)
        r->reached[t] = view->standing.places[0].steps_to[t];
}

static double widest(const struct view *view, const char *const *texts, size_t count, bool bold)
{
    double width = 0.0;
    for (size_t i = 0; i < count; i++)
        width = fmax(width, orl_letters_width(view->measure, texts[i], view->size.text, bold));
    return width;
}

/* The widest number that a column of a race will hold: the losses, or the watched parameter. Looked
 * up in some hundred rows of each run. */
static double widest_number(const struct view *view, const struct readout *r, bool losses)
{
    char number[PEOPLE_SIZE];
    double size = view->size.text;
    struct number_shapes shapes = {0};
    for (size_t run = 0; run < view->run_count; run++) {
        const struct orl_trace *trace = view->runs[run].trace;
        size_t stride = trace->rows / ROWS_EACH + trace->rows * view->run_count / ROWS_ALL + 1;
        if (orl_step_astray(view, run)) { /* its numbers are shortened */
            orl_shapes_add(&shapes, view->measure, "3×10¹⁵²", size);
            continue;
        }
        for (size_t row = 0; row < trace->rows && (!losses || trace->loss); row += stride) {
            if (losses)
                orl_view_loss_figures(view, number, trace->loss[row]);
            else
                write_number(number, orl_readout_value(view, run, row, r->watched), r->decimals[0]);
            orl_shapes_add(&shapes, view->measure, number, size);
        }
    }
    return shapes.widest;
}

/* In a wide box the numbers stand near the names that they belong to, rather than at its far end.
 */
static void spread_race(const struct view *view, struct readout *r)
{
    double names = orl_view_widest_name(view, EM_NAMES_MOST * view->size.text);
    double gaps = 2.0, spare = fmax(0.0, r->columns[1] - r->names_x - names);
    double each = fmin(spare / gaps, GAP_MOST * view->size.text), left = spare - gaps * each;
    if (r->single) /* which ends at the margin */
        return;
    r->columns[1] -= spare - each;
    r->columns[2] -= spare - each;
    r->columns[3] -= left;
}

/* Number columns as wide as their widest numbers; the names get what is left. Column 1 ends where
 * the losses begin. */
static void place_race(const struct view *view, struct readout *r)
{
    static const char *const loss[] = {"loss", "0.0001"},
                             *const short_loss[] = {"loss", "0.00123", "8×10⁻¹⁰"},
                             *const at_finish[] = {ORL_READOUT_WHEN, "loss 0.0888"};
    double text = view->size.text, gap = EM_APART * text, most = 0.0;
    if (r->watched_name)
        most = fmax(widest_number(view, r, false),
                    orl_letters_width(view->measure, r->watched_name, text, false)) +
               gap;
    if (r->arrives && !r->single)
        most = fmax(most, orl_letters_width(view->measure, ORL_READOUT_ARRIVED, text, false) + gap);
    double losses = fmax(orl_readout_has_losses(view) ? widest_number(view, r, true) : 0.0,
                         widest(view, loss, ORL_COUNT(loss), false));
    if (r->single && r->arrives)
        losses = fmax(losses, widest(view, at_finish, ORL_COUNT(at_finish), false));
    r->columns[3] = r->box.x + r->box.width;
    r->columns[2] = r->columns[3] - most;
    char last[PEOPLE_SIZE];
    snprintf(last, sizeof last, "=%zu", view->run_count);
    r->rank_x = r->box.x + orl_letters_width(view->measure, last, text, true);
    r->names_x = r->rank_x + orl_view_key_width(view) + (EM_SWATCH_NEAR + EM_GAP) * text;
    double names = orl_view_widest_name(view, EM_NAMES_MOST * view->size.text);
    /* Rather fewer digits than names that are cut. */
    double lack = r->names_x + names - (r->columns[2] - losses - gap),
           spare = losses - widest(view, short_loss, ORL_COUNT(short_loss), false);
    r->columns[1] = r->columns[2] - losses - gap + fmax(0.0, fmin(lack, spare));
}

/* How wide the words at the left are. */
static double widest_name(const struct view *view, const struct readout *r)
{
    static const char *const words[] = {"loss ≤", "at step"};
    double left = r->thresholds ? widest(view, words, ORL_COUNT(words), false) : 0.0;
    for (size_t i = 0; i < r->all; i++) {
        char *name = orl_name_pretty(view->runs[0].trace->parameters[i]);
        left =
            name ? fmax(left, orl_letters_width(view->measure, name, view->size.text, true)) : left;
        free(name);
    }
    return fmin(left, NAMES_SHARE * r->box.width);
}

/* What the known values are: of a function to minimise they are those at its minimum. */
const char *orl_readout_truth_word(const struct view *view)
{
    const struct orl_problem *problem = view->runs[0].problem;
    return problem && !orl_problem_data(problem) ? "minimum" : "truth";
}

/* What the columns `start` and `truth` (1 and 3), and `now` (2) need. */
static double widest_cell(const struct view *view, const struct readout *r, int column)
{
    const char *const heads[] = {"start", "now", "never", "10⁻⁶",
                                 column == 3 ? orl_readout_truth_word(view) : "now"};
    double width = widest(view, heads, ORL_COUNT(heads), false);
    const struct orl_trace *trace = view->runs[0].trace;
    size_t stride = column == 2 ? trace->rows / 512 + 1 : trace->rows;
    char number[PEOPLE_SIZE];
    for (size_t i = 0; i < r->all; i++)
        for (size_t row = 0; row < trace->rows; row += stride) {
            if (column == 2)
                write_number(number, orl_readout_value(view, 0, row, i), r->decimals[i]);
            else
                orl_people_short(number, column == 1 ? orl_readout_value(view, 0, row, i)
                                                     : orl_readout_truth(view, 0, i));
            width =
                fmax(width, orl_letters_width(view->measure, number, view->size.text, column == 2));
        }
    return width;
}

#define NOW_LEAST 5.6 /* a power of ten with one digit, in semibold */

/* What the columns from `first` to `last` need, with the numbers of `now` as powers of ten with one
 * digit. */
static double least_width(const struct view *view, const struct readout *r,
                          const double widths[COLUMNS], int first, int last)
{
    double text = view->size.text, sum = r->names_width;
    for (int c = first; c <= last; c++)
        sum += (c == 2 ? fmin(widths[c], NOW_LEAST * text) : widths[c]) + GAP_LEAST * text;
    return sum;
}

/* As many columns as there is room for: without `start`, then without thresholds, then without
 * `truth`. */
static void choose_columns(const struct view *view, struct readout *r, const double widths[COLUMNS])
{
    static const struct {
        int first, last;
        bool thresholds;
    } forms[] = {{1, 3, true}, {2, 3, true}, {2, 3, false}, {2, 2, false}};
    for (size_t i = 0; i < ORL_COUNT(forms); i++) {
        r->first_column = forms[i].first;
        r->last_column = forms[i].last;
        r->thresholds = r->thresholds && forms[i].thresholds;
        r->names_width = widest_name(view, r);
        if (least_width(view, r, widths, r->first_column, r->last_column) <= r->box.width + 0.5)
            return;
    }
}

/* Every column as wide as what stands in it; what is left is shared out between them. Where there
 * is too little room the numbers of `now` are shortened. */
static void place_run(const struct view *view, struct readout *r)
{
    double text = view->size.text, widths[COLUMNS] = {0}, total = 0.0;
    for (int c = 1; c < COLUMNS; c++)
        widths[c] = widest_cell(view, r, c);
    choose_columns(view, r, widths);
    for (int c = r->first_column; c <= r->last_column; c++)
        total += widths[c];
    double gaps = r->last_column - r->first_column + 1.0;
    double gap = fmin((r->box.width - r->names_width - total) / gaps, GAP_MOST * text);
    if (gap < GAP_LEAST * text) {
        widths[2] += gaps * (gap - GAP_LEAST * text);
        gap = GAP_LEAST * text;
    }
    double x = r->box.x + r->names_width;
    for (int c = r->first_column; c <= r->last_column; c++)
        r->columns[c] = x += gap + widths[c];
    r->now_width = widths[2] + gap - GAP_LEAST * text;
}

#define WIDTH_USUAL 15.0 /* in text sizes */
#define WIDTH_MOST  24.0

/* What place_race needs so that nothing is cut, but for very long names. */
static double race_width(const struct view *view)
{
    int decimals = 0;
    struct readout r = {.box = {.width = WIDTH_MOST * view->size.text},
                        .decimals = &decimals,
                        .arrives = anybody_arrives(view)};
    if (describe_watched(view, &r, NULL) == ORL_OK)
        place_race(view, &r);
    double text = view->size.text,
           before = r.names_x + fmin(orl_view_widest_name(view, EM_NAMES_MOST * view->size.text),
                                     EM_NAMES_MOST * text);
    free(r.watched_name);
    return before + r.columns[3] - r.columns[1] + 0.5 * text;
}

double orl_readout_width(const struct view *view)
{
    double text = view->size.text;
    if (orl_readout_is_race(view))
        return fmin(fmax(race_width(view), WIDTH_USUAL * text), WIDTH_MOST * text);
    struct readout r = {
        .box = {.width = WIDTH_USUAL * text}, .all = entries(view), .thresholds = view->loss};
    double width = widest_name(view, &r) + widest_cell(view, &r, 1) + NOW_LEAST * text +
                   widest_cell(view, &r, 3) + 3 * GAP_LEAST * text;
    return fmin(fmax(width, WIDTH_USUAL * text), WIDTH_MOST * text);
}

/* How many entries there is room for, below the head and with `others` lines; where that is not
 * all, less the line that says how many more there are. */
static size_t rows_in(const struct view *view, double height, double others)
{
    double lines = (height / view->size.text - ORL_READOUT_HEAD) / EM_ROW;
    size_t room = (size_t)fmax(0.0, lines - others + ROUNDING);
    size_t rows = shown_rows(view) < room ? shown_rows(view) : room;
    if (shows_ends(view) && rows == ROWS_ENDS)
        return rows;
    return rows - (rows < entries(view) && rows > 0 && rows == room);
}

int orl_readout_create(const struct view *view, struct orl_rect box, struct readout **out,
                       struct orl_error *err)
{
    struct readout *r = orl_calloc(1, sizeof *r);
    *out = r;
    if (!r)
        return orl_fail_memory(err);
    r->box = box;
    r->last_column = COLUMNS - 1;
    r->all = entries(view);
    r->rows = rows_in(view, box.height, orl_readout_is_race(view) ? 1.0 : THRESHOLD_LINES);
    r->ends = shows_ends(view) && r->rows == ROWS_ENDS;
    r->thresholds = view->loss && !orl_readout_is_race(view);
    if (r->thresholds && r->rows < shown_rows(view)) { /* parameters tell more than thresholds */
        r->rows = rows_in(view, box.height, 1.0);
        r->thresholds = false;
    }
    r->watched = SIZE_MAX;
    r->columns[0] = box.x;
    r->names = orl_calloc(r->all, sizeof *r->names);
    r->decimals = orl_calloc(r->all, sizeof *r->decimals);
    if (!r->names || !r->decimals)
        return orl_fail_memory(err);
    int ret = ORL_OK;
    if (orl_readout_is_race(view)) {
        r->arrives = anybody_arrives(view);
        ret = describe_watched(view, r, err);
        place_race(view, r);
        spread_race(view, r);
    } else {
        describe_run(view, r);
        place_run(view, r);
    }
    return ret == ORL_OK ? name_entries(view, r, err) : ret;
}

void orl_readout_destroy(struct readout **readout)
{
    struct readout *r = *readout;
    if (!r)
        return;
    for (size_t i = 0; r->names && i < r->all; i++)
        free(r->names[i]);
    free(r->names);
    free(r->decimals);
    free(r->watched_name);
    free(r);
    *readout = NULL;
}
