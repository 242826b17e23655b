/* How the residuals are spread at the step shown: a histogram over bins that are the same in all
 * frames. One run: bars, with mean and standard deviation. A race: the outline of each run's. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/axes.h"
#include "scene/panels/steplines.h"

static const char *const scale_choices[] = {"auto", "linear", "symlog", NULL};
enum { SPREAD_AUTO, SPREAD_LINEAR, SPREAD_SYMLOG };

enum { SETTING_SCALE };
static const struct orl_setting residuals_settings[] = {
    [SETTING_SCALE] =
        {.name = "scale",
         .type = ORL_SETTING_CHOICE,
         .unit = "1",
         .choices = scale_choices,
         .initial = SPREAD_AUTO,
         .description = "spread of the residuals' axis; auto: symlog where they become more than "
                        "thirty times smaller"},
    ORL_AXIS_PARTS("x"),
    ORL_AXIS_PARTS("y"),
    {0},
};

enum {
    POINTS_MAX = 2000, /* of all runs together: what a frame costs does not grow with the data */
    POINTS_LEAST = 60, /* of each run */
    BINS_MAX = 40,
    CELL_BINS = 24,
    SAMPLES = 32,    /* frames that are looked at for the axes */
    PEAKS_MOST = 12, /* runs whose peaks are marked: more markers would hide the outlines */
};
#define BINS_ROOT  3.5   /* columns by the root of the number of points, ... */
#define BINS_USUAL 15.0  /* ... at most, ... */
#define BINS_LEAST 5.0   /* ... at least */
#define BIN_WIDTH  0.75  /* of a column, at least */
#define HEIGHT_PAD 1.06  /* of the highest column: the axis */
#define CURVE      0.8   /* in lines */
#define NO_MEAN    1e-12 /* what rounding has left of a mean of 0 */
#define SHRINKS    30.0

struct residuals {
    struct plot plot;
    size_t points, columns;
    double **x;               /* owned: of each predictor, at the points */
    double *response, *sigma; /* owned; sigma NULL: all alike */
    double *scratch; /* residuals of one run: owned by who lays out, in a frame by the picture */
    struct orl_workspace *workspace; /* borrowed, in the same way */
    size_t bins;
    char *x_name;        /* owned */
    double mean_x, sd_x; /* left ends of their digits, a minus hangs to the left; 0: no room */
};

static const struct orl_dataset *data_of(const struct view *view)
{
    return view->runs[0].problem ? orl_problem_data(view->runs[0].problem) : NULL;
}

static void residuals_at(const struct view *view, struct residuals *r, size_t run, size_t frame)
{
    const struct orl_trace *trace = view->runs[run].trace;
    const double *parameters =
        trace->values + orl_view_row(view, run, frame) * trace->parameter_count;
    orl_problem_predict(view->runs[run].problem, r->workspace, parameters,
                        (const double *const *)r->x, r->points, r->scratch);
    for (size_t i = 0; i < r->points; i++)
        r->scratch[i] = (r->scratch[i] - r->response[i]) / (r->sigma ? r->sigma[i] : 1.0);
}

/* Points evenly picked, the same in all frames. */
static int pick_points(const struct view *view, struct residuals *r, struct orl_error *err)
{
    const struct orl_dataset *data = data_of(view);
    size_t most = POINTS_MAX / view->run_count;
    most = most < POINTS_LEAST ? POINTS_LEAST : most;
    r->points = data->rows < most ? data->rows : most;
    r->columns = data->columns;
    r->workspace = view->workspaces[0];
    r->x = orl_calloc(data->columns + 1, sizeof *r->x);
    r->response = orl_calloc(r->points, sizeof *r->response);
    r->sigma = data->sigma ? orl_calloc(r->points, sizeof *r->sigma) : NULL;
    r->scratch = orl_calloc(r->points, 2 * sizeof *r->scratch);
    if (!r->x || !r->response || !r->scratch || (data->sigma && !r->sigma))
        return orl_fail_memory(err);
    for (size_t c = 0; c < data->columns; c++)
        if (!(r->x[c] = orl_calloc(r->points, sizeof **r->x)))
            return orl_fail_memory(err);
    for (size_t i = 0; i < r->points; i++) {
        size_t row = (size_t)((double)i * (double)data->rows / (double)r->points);
        for (size_t c = 0; c < data->columns; c++)
            r->x[c][i] = data->values[c][row];
        r->response[i] = data->response[row];
        if (r->sigma)
            r->sigma[i] = data->sigma[row];
    }
    return ORL_OK;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The finite residuals in order; their number. */
static size_t sort_residuals(struct residuals *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->points; i++)
        if (isfinite(r->scratch[i]))
            r->scratch[count++] = r->scratch[i];
    qsort(r->scratch, count, sizeof *r->scratch, compare);
    return count;
}

/* Nearly all residuals of sound runs in all frames, and those of every run at the start. `spread`
 * becomes the least distance of quartiles at the end. */
static void choose_range(const struct view *view, struct residuals *r, double *low, double *high,
                         double *spread)
{
    *low = 0.0;
    *high = 0.0;
    *spread = INFINITY;
    for (size_t run = 0; run < view->axis_count; run++) {
        bool sound = !orl_step_astray(view, run);
        for (size_t s = 0; s < (sound ? SAMPLES : 1); s++) {
            residuals_at(view, r, run, (view->pace.frames - 1) * s / (SAMPLES - 1));
            size_t count = sort_residuals(r);
            if (!count)
                continue;
            *low = fmin(*low, r->scratch[count / 100]);
            *high = fmax(*high, r->scratch[count - 1 - count / 100]);
            if (s == SAMPLES - 1)
                *spread = fmin(*spread, r->scratch[count - 1 - count / 4] - r->scratch[count / 4]);
        }
    }
}

/* The bin of a residual; SIZE_MAX: outside. Bins are alike in pixels. */
static size_t bin_of(const struct residuals *r, double residual)
{
    const struct axis *x = &r->plot.x;
    double place = (orl_axis_px(x, residual) - x->first) / (x->last - x->first) * (double)r->bins;
    if (!(place >= 0.0 && place <= (double)r->bins))
        return SIZE_MAX;
    return place >= (double)r->bins ? r->bins - 1 : (size_t)place;
}

/* Counts by bin; returns how many are outside. */
static size_t count_bins(struct residuals *r, size_t counts[BINS_MAX])
{
    size_t outside = 0;
    memset(counts, 0, BINS_MAX * sizeof *counts);
    for (size_t i = 0; i < r->points; i++) {
        size_t bin = bin_of(r, r->scratch[i]);
        if (bin == SIZE_MAX)
            outside++;
        else
            counts[bin]++;
    }
    return outside;
}

/* The highest bar of the film, in % of the points. */
static double highest(const struct view *view, struct residuals *r)
{
    size_t counts[BINS_MAX], most = 1;
    for (size_t run = 0; run < view->axis_count; run++)
        for (size_t s = 0; s < SAMPLES; s++) {
            residuals_at(view, r, run, (view->pace.frames - 1) * s / (SAMPLES - 1));
            count_bins(r, counts);
            for (size_t b = 0; b < r->bins; b++)
                most = counts[b] > most ? counts[b] : most;
        }
    return PERCENT * (double)most / (double)r->points;
}

/* Whole bins, alike in pixels, with 0 in the middle of one: residuals that are rounding alone stand
 * there and do not change sides.
 */
static void choose_bins(struct residuals *r, double room)
{
    struct axis *x = &r->plot.x;
    double bins =
        fmin(fmax(fmin(fmax(BINS_ROOT * sqrt((double)r->points), BINS_USUAL), room), BINS_LEAST),
             BINS_MAX - 2);
    /* Places alone count: they are set for good once the other axis has its labels. */
    x->first = 0.0;
    x->last = bins;
    double zero = orl_axis_px(x, 0.0), below = ceil(zero - 0.5), above = ceil(bins - zero - 0.5);
    double low = orl_axis_value(x, zero - below - 0.5),
           high = orl_axis_value(x, zero + above + 0.5);
    x->low = fmax(low, -MOST_VALUE);
    x->high = fmin(high, MOST_VALUE);
    r->bins = (size_t)(below + above + 1.0);
}

static void choose_axes(const struct view *view, const struct panel *panel, struct residuals *r)
{
    double low, high, spread;
    int scale = panel->values ? (int)panel->values[SETTING_SCALE].number : SPREAD_AUTO;
    choose_range(view, r, &low, &high, &spread);
    double most = fmax(-low, high);
    if (scale == SPREAD_AUTO)
        scale = most > SHRINKS * spread && spread < INFINITY ? SPREAD_SYMLOG : SPREAD_LINEAR;
    if (scale == SPREAD_SYMLOG && most > 0.0)
        orl_axis_symlog(&r->plot.x, low, high, fmin(fmax(spread, SYMLOG_PART * most), most),
                        AXIS_PAD);
    else
        orl_axis_range(&r->plot.x, SCALE_LINEAR, low, high, AXIS_PAD);
    /* In small multiples as many for all, though the boxes at the left hold labels, too. */
    choose_bins(r, panel->cell.is ? CELL_BINS : panel->box.width / (BIN_WIDTH * view->size.text));
    orl_axis_range(&r->plot.y, SCALE_LINEAR, 0.0, fmin(HEIGHT_PAD * highest(view, r), PERCENT),
                   0.0);
}

static void residuals_destroy(struct panel *panel)
{
    struct residuals *r = panel->state;
    if (!r)
        return;
    for (size_t c = 0; r->x && c < r->columns; c++)
        free(r->x[c]);
    free(r->x);
    free(r->response);
    free(r->sigma);
    free(r->scratch);
    free(r->x_name);
    free(r);
    panel->state = NULL;
}

static int check_runs(const struct view *view, struct orl_error *err)
{
    if (!data_of(view))
        return orl_fail(err, ORL_EINPUT, "a residuals panel needs runs on a problem with data");
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i].problem != view->runs[0].problem)
            return orl_fail(err, ORL_EINPUT,
                            "a residuals panel shows runs on one problem; '%s' is on another",
                            view->runs[i].name);
    return ORL_OK;
}

/* "y: model − data", or "(model − data) / σ", in as many words as there is room for; that the axis
 * is not linear is always said. */
static char *name_residual(const struct view *view, const struct orl_dataset *data,
                           const struct residuals *r, struct orl_rect box)
{
    const char *scale = r->plot.x.scale == SCALE_SYMLOG ? ", symlog" : "",
               *of = data->response_name ? data->response_name : "y";
    bool low = box.height < PLOT_LOW * view->size.text; /* it stands among the labels */
    char *name = NULL;
    for (int form = low ? 2 : data->sigma ? 1 : 0; form <= 2; form++) {
        free(name);
        name =
            form == 0 ? orl_asprintf("%s: model − data%s", of, scale)
            : form == 1
                ? orl_asprintf("%s%s", data->sigma ? "(model − data) / σ" : "model − data", scale)
                : orl_asprintf("residual%s", scale);
        if (!name || orl_letters_width(view->measure, name, view->size.text, false) <=
                         box.width - 2.0 * view->size.text)
            break;
    }
    return name;
}

#define NUMBER "−8.88×10⁻¹⁰" /* the widest that there is usually */

static double word_width(const struct view *view, const char *word)
{
    double text = view->size.text;
    return orl_letters_width(view->measure, word, text, false) + EM_GAP * text +
           orl_letters_width(view->measure, NUMBER, text, true);
}

/* Mean and standard deviation stand above the plot, at the right; their numbers in fixed places. */
static void place_numbers(const struct view *view, struct residuals *r)
{
    double text = view->size.text, digits = orl_letters_width(view->measure, &NUMBER[3], text,
                                                              true); /* without the minus, U+2212 */
    double room =
        r->plot.area.width - orl_letters_width(view->measure, r->plot.y_name, text, false) - text;
    if (view->run_count > 1 || word_width(view, "sd") > room)
        return;
    r->sd_x = r->plot.area.x + r->plot.area.width - digits;
    if (word_width(view, "sd") + word_width(view, "mean") + text <= room)
        r->mean_x = r->sd_x - word_width(view, "sd") - text;
}

static int residuals_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    int ret = check_runs(view, err);
    if (ret != ORL_OK)
        return ret;
    struct residuals *r = orl_calloc(1, sizeof *r);
    panel->state = r;
    if (!r)
        return orl_fail_memory(err);
    return pick_points(view, r, err);
}

static int residuals_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct residuals *r = panel->state;
    r->sd_x = r->mean_x = 0.0;
    choose_axes(view, panel, r);
    free(r->x_name);
    r->x_name = name_residual(view, data_of(view), r, panel->box);
    if (!r->x_name)
        return orl_fail_memory(err);
    r->plot.x_name = r->x_name;
    r->plot.y_name = "% of points";
    orl_plot_place(view, panel, &r->plot, panel->box, 0.0);
    place_numbers(view, r);
    return ORL_OK;
}

static void draw_zero(const struct view *view, const struct residuals *r,
                      struct orl_picture *picture)
{
    const struct orl_rect *area = &r->plot.area;
    double zero = round(orl_axis_px(&r->plot.x, 0.0)) + 0.5;
    if (zero >= area->x && zero <= area->x + area->width)
        orl_picture_segment(picture, zero, area->y, zero, area->y + area->height,
                            orl_line_thin(view->size.line), view->theme->ink);
}

static void residuals_still(const struct view *view, const struct panel *panel,
                            struct orl_picture *picture)
{
    const struct residuals *r = panel->state;
    double text = view->size.text, y = r->plot.area.y - EM_ABOVE_PLOT * text;
    double before = orl_letters_width(view->measure, "−", text, true) + EM_GAP * text;
    orl_plot_still(view, &r->plot, picture);
    draw_zero(view, r, picture);
    if (r->sd_x > 0.0)
        orl_picture_text(picture, r->sd_x - before, y, 1.0, text, false, view->theme->muted, "sd");
    if (r->mean_x > 0.0)
        orl_picture_text(picture, r->mean_x - before, y, 1.0, text, false, view->theme->muted,
                         "mean");
}

static double bin_px(const struct residuals *r, size_t bin)
{
    return r->plot.area.x + r->plot.area.width * (double)bin / (double)r->bins;
}

static double height_px(const struct residuals *r, size_t count)
{
    double y = orl_axis_px(&r->plot.y, PERCENT * (double)count / (double)r->points);
    return fmax(y, r->plot.area.y);
}

static void draw_bars(const struct view *view, const struct residuals *r, size_t run,
                      const size_t *counts, struct orl_picture *picture)
{
    double bottom = r->plot.area.y + r->plot.area.height;
    for (size_t b = 0; b < r->bins; b++) {
        double left = round(bin_px(r, b)) + 1.0, right = round(bin_px(r, b + 1)),
               top = height_px(r, counts[b]);
        if (counts[b])
            orl_picture_rect(picture,
                             (struct orl_rect){left, top, fmax(right - left, 1.0), bottom - top},
                             orl_view_style(view, run)->color);
    }
}

/* Empty bins are left out: along the axis all runs would lie over each other. */
static void draw_outline(const struct view *view, const struct residuals *r, size_t run,
                         const size_t *counts, struct orl_picture *picture)
{
    double xy[8 * BINS_MAX + 8], bottom = r->plot.area.y + r->plot.area.height;
    size_t n = 0;
    for (size_t b = 0; b <= r->bins; b++) {
        bool before = b > 0 && counts[b - 1], after = b < r->bins && counts[b];
        const double edge[] = {bin_px(r, b), before ? height_px(r, counts[b - 1]) : bottom,
                               bin_px(r, b), after ? height_px(r, counts[b]) : bottom};
        const double lift[] = {NAN, NAN};
        if (before || after) {
            memcpy(xy + n, edge, sizeof edge);
            n += 4;
        }
        if (before && !after) {
            memcpy(xy + n, lift, sizeof lift);
            n += 2;
        }
    }
    struct orl_mark *mark = n ? orl_picture_line(picture, xy, n / 2, CURVE * view->size.line,
                                                 orl_view_style(view, run)->color)
                              : NULL;
    if (mark)
        mark->dash = orl_view_style(view, run)->dash;
}

/* The run's marker on its fullest bin: greys are told apart by it. */
static void draw_peak(const struct view *view, const struct residuals *r, size_t run,
                      const size_t *counts, struct orl_picture *picture)
{
    size_t most = 0;
    for (size_t b = 1; b < r->bins; b++)
        most = counts[b] > counts[most] ? b : most;
    const double peak[] = {0.5 * (bin_px(r, most) + bin_px(r, most + 1)),
                           height_px(r, counts[most])};
    struct orl_mark *mark =
        counts[most]
            ? orl_picture_dots(picture, peak, 1, LINE_MARK * view->size.line,
                               orl_view_style(view, run)->marker, orl_view_style(view, run)->color)
            : NULL;
    if (mark) {
        mark->halo = view->theme->background;
        mark->halo_px = LINE_MARK_HALO * view->size.line;
    }
}

/* Digits at their place, fewer of them where they would be too wide. */
static void draw_number(const struct view *view, double x, double y, double value,
                        struct orl_picture *picture)
{
    char number[PEOPLE_SIZE];
    double text = view->size.text;
    orl_people_figures(number, value, 3);
    for (int digits = 2; digits > 0 && orl_letters_width(view->measure, number, text, true) >
                                           orl_letters_width(view->measure, NUMBER, text, true);
         digits--)
        orl_people_power(number, value, digits);
    bool minus = strncmp(number, "−", 3) == 0;
    orl_picture_text(picture, x - (minus ? orl_letters_width(view->measure, "−", text, true) : 0.0),
                     y, 0.0, text, true, view->theme->ink, number);
}

/* Mean and standard deviation of the points shown, in a way that no size of numbers breaks. */
static void draw_numbers(const struct view *view, const struct residuals *r,
                         struct orl_picture *picture)
{
    double most = 0.0, mean = 0.0, sum = 0.0, y = r->plot.area.y - EM_ABOVE_PLOT * view->size.text;
    for (size_t i = 0; i < r->points; i++)
        most = fmax(most, fabs(r->scratch[i]));
    double scale = most > 0.0 && isfinite(most) ? most : 1.0;
    for (size_t i = 0; i < r->points; i++)
        mean += r->scratch[i] / scale / (double)r->points;
    for (size_t i = 0; i < r->points; i++)
        sum += (r->scratch[i] / scale - mean) * (r->scratch[i] / scale - mean) / (double)r->points;
    if (r->mean_x > 0.0)
        draw_number(view, r->mean_x, y, fabs(mean) < NO_MEAN ? 0.0 : mean * scale, picture);
    if (r->sd_x > 0.0)
        draw_number(view, r->sd_x, y, sqrt(sum) * scale, picture);
}

/* Points beyond both ends, in the line of the axis's name. */
static void draw_outside(const struct view *view, const struct residuals *r, size_t outside,
                         struct orl_picture *picture)
{
    char words[48];
    double text = view->size.text, share = PERCENT * (double)outside / (double)r->points;
    const struct orl_rect *area = &r->plot.area;
    snprintf(words, sizeof words, share < 1.0 ? "less than 1 %% outside" : "%.0f %% outside",
             share);
    if (outside && orl_letters_width(view->measure, words, text, false) +
                           orl_letters_width(view->measure, r->x_name, text, false) + text <
                       area->width)
        orl_picture_text(picture, area->x, area->y + area->height + EM_BELOW_NAME * text, 0.0, text,
                         false, view->theme->muted, words);
}

static void residuals_moving(const struct view *view, const struct panel *panel, size_t frame,
                             struct orl_picture *picture)
{
    struct residuals own = *(const struct residuals *)panel->state, *r = &own;
    size_t counts[BINS_MAX];
    own.workspace = orl_scratch_workspace(picture, view->runs[0].problem);
    own.scratch = orl_scratch_numbers(picture, own.points);
    if (!own.workspace || !own.scratch)
        return;
    for (size_t run = panel->first; run < panel->first + panel->count; run++) {
        residuals_at(view, r, run, frame);
        size_t outside = count_bins(r, counts);
        if (panel->count == 1)
            draw_bars(view, r, run, counts, picture);
        else
            draw_outline(view, r, run, counts, picture);
        if (panel->count > 1 && panel->count <= PEAKS_MOST)
            draw_peak(view, r, run, counts, picture);
        if (view->run_count == 1)
            draw_outside(view, r, outside, picture);
    }
    if (view->run_count == 1)
        draw_numbers(view, r, picture);
}

static bool residuals_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].problem != runs[0].problem || !runs[i].problem ||
            !orl_problem_data(runs[i].problem))
            return false;
    return true;
}

static const struct orl_panel_ops residuals_ops = {.create = residuals_create,
                                                   .place = residuals_place,
                                                   .destroy = residuals_destroy,
                                                   .still = residuals_still,
                                                   .moving = residuals_moving};

const struct orl_panel_desc orl_panel_residuals = {
    .name = "residuals",
    .title = "Residuals",
    .description =
        "a histogram of the residuals at the step shown, in the same bins for the whole film",
    .settings = residuals_settings,
    .suits = residuals_suits,
    .needs_data = true,
    .one_problem = true,
    .ops = &residuals_ops,
};
