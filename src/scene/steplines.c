#include "scene/steplines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

const char *const orl_step_scales[] = {"auto", "linear", "log", "symlog", NULL};
const char *const orl_step_plain_scales[] = {"auto", "linear", "log", NULL};

#define TOLERANCE_PX 0.12
#define BAND_LEAST   1.5 /* line widths between lowest and highest */
enum { BAND_COLUMNS = 3 };
#define BAND_OPACITY 0.75 /* one band shows through another */
#define EDGE_FAR_PX  1e4  /* "beyond the edge", for values that have no place on the axis */

static const struct orl_trace *trace_of(const struct orl_film *film, const struct step_line *line)
{
    return film->runs[line->run].trace;
}

static double value_at(const struct step_line *line, size_t row)
{
    return line->values[row * line->stride];
}

int orl_step_plot_init(const struct orl_film *film, struct step_plot *plot, size_t count, struct orl_error *err)
{
    plot->lines = orl_calloc(count + 1, sizeof *plot->lines);
    if (!plot->lines)
        return orl_fail_memory(err);
    plot->count = count;
    plot->width = (count > 1 ? 0.8 : 1.0) * film->size.line;
    for (size_t i = 0; i < count; i++)
        plot->lines[i].level = NAN;
    return ORL_OK;
}

void orl_step_plot_uninit(struct step_plot *plot)
{
    for (size_t i = 0; plot->lines && i < plot->count; i++) {
        free(plot->lines[i].xy);
        free(plot->lines[i].rows);
        free(plot->lines[i].dense);
    }
    free(plot->lines);
    free(plot->scratch);
    *plot = (struct step_plot){0};
}

/* ---- Axes ---------------------------------------------------------------------------------------------------------------- */

void orl_step_range_init(struct step_range *range)
{
    *range = (struct step_range){INFINITY, -INFINITY, INFINITY, 0.0};
}

void orl_step_range_value(struct step_range *range, double value)
{
    if (!isfinite(value))
        return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
    if (value != 0.0)
        range->least = fmin(range->least, fabs(value));
}

void orl_step_range_line(const struct orl_film *film, const struct step_line *line, double centre, double reach,
                         struct step_range *range)
{
    const struct orl_trace *trace = trace_of(film, line);
    size_t begin = orl_pace_row(trace, film->pace.from), end = orl_pace_row(trace, film->pace.to);
    for (size_t row = begin; row <= end; row++) {
        double value = value_at(line, row);
        if (!(reach < INFINITY) || fabs(value - centre) <= reach)
            orl_step_range_value(range, value);
    }
}

#define ASTRAY 30.0 /* times the loss at the start */

bool orl_step_astray(const struct orl_film *film, size_t run)
{
    const struct orl_trace *trace = film->runs[run].trace;
    size_t last = orl_pace_row(trace, film->pace.to);
    return trace->status == ORL_STATUS_DIVERGED ||
           (trace->loss && trace->loss[0] != 0.0 && !(fabs(trace->loss[last]) <= ASTRAY * fabs(trace->loss[0])));
}

void orl_step_range_run(const struct orl_film *film, const struct step_line *line, struct step_range *range)
{
    if (!orl_step_astray(film, line->run)) {
        orl_step_range_line(film, line, 0.0, INFINITY, range);
        return;
    }
    orl_step_range_value(range, value_at(line, orl_pace_row(trace_of(film, line), film->pace.from)));
    if (range->low > range->high)
        return;
    double middle = 0.5 * range->low + 0.5 * range->high,
           reach = (film->run_count > 1 ? 1.5 : 3.0) * (range->high - range->low); /* one run alone squashes no one */
    if (!(reach > 0.0 && reach < INFINITY))
        reach = fmax(fabs(middle), 1.0);
    orl_step_range_line(film, line, middle, reach, range);
}

struct style orl_step_parameter_style(const struct orl_film *film, size_t parameter)
{
    static const size_t order[THEME_STYLES] = {6, 7, 8, 5, 3, 2, 1, 4, 0, 9};
    size_t round = parameter / THEME_STYLES;
    struct style style = orl_theme_style(film->theme, order[parameter % THEME_STYLES] + THEME_STYLES * round);
    double most = fmax(style.color.r, fmax(style.color.g, style.color.b)),
           least = fmin(style.color.r, fmin(style.color.g, style.color.b));
    if (most - least > 0.1 && round == 0) /* greys are told apart by their dash; colours, with a name at the head, need none */
        style.dash = ORL_DASH_SOLID;
    return style;
}

void orl_step_axis_x(const struct orl_film *film, enum step_scale scale, struct axis *axis)
{
    bool log = scale == STEP_SCALE_LOG || (scale == STEP_SCALE_AUTO && film->pace_kind != ORL_PACE_LINEAR);
    orl_axis_range(axis, log ? SCALE_LOG1P : SCALE_LINEAR, (double)film->pace.from, (double)film->pace.to, 0.0);
    axis->low = (double)film->pace.from;
    if (axis->high <= axis->low)
        axis->high = axis->low + 1.0;
}

void orl_step_axis_y(enum step_scale scale, const struct step_range *range, bool zero, struct axis *axis)
{
    bool any = range->low <= range->high, positive = any && range->low >= 0.0 && range->high > 0.0;
    double least = fmin(fmax(range->least, range->floor), range->high);
    if (scale == STEP_SCALE_AUTO)
        scale = positive && range->high > 100.0 * least ? STEP_SCALE_LOG : STEP_SCALE_LINEAR;
    if (scale == STEP_SCALE_LOG && any && range->high > 0.0) {
        /* What is not positive has no place; it leaves through the lower edge. */
        orl_axis_range(axis, SCALE_LOG, range->low > 0.0 ? fmax(range->low, least) : least, range->high, 0.06);
        return;
    }
    if (scale == STEP_SCALE_SYMLOG && any && range->least < INFINITY) {
        double largest = fmax(fabs(range->low), fabs(range->high));
        orl_axis_symlog(axis, range->low, range->high, fmax(range->least, 1e-6 * largest), 0.05);
        return;
    }
    orl_axis_range(axis, SCALE_LINEAR, zero && any && range->low >= 0.0 ? 0.0 : range->low, range->high, 0.05);
    if (zero && any && range->low >= 0.0)
        axis->low = fmax(axis->low, 0.0);
}

/* ---- Lines --------------------------------------------------------------------------------------------------------------- */

/* The pixel of a value; what has no place on the axis (0 on a logarithmic one) lies far below it. */
static double y_px(const struct step_plot *plot, double value)
{
    double px = orl_axis_px(&plot->plot.y, value);
    return isnan(px) && !isnan(value) ? plot->plot.area.y + plot->plot.area.height + EDGE_FAR_PX : px;
}

static bool outside(const struct step_plot *plot, double value)
{
    const struct orl_rect *area = &plot->plot.area;
    double px = y_px(plot, value);
    return !isnan(px) && (px < area->y - 1.0 || px > area->y + area->height + 1.0);
}

static void keep_point(const struct orl_film *film, const struct step_plot *plot, struct step_line *line, size_t row)
{
    line->xy[2 * line->count] = orl_axis_px(&plot->plot.x, (double)trace_of(film, line)->step[row]);
    line->xy[2 * line->count + 1] = y_px(plot, value_at(line, row));
    line->rows[line->count++] = row;
}

/* Rows of one column of pixels: first, lowest, highest and last of those that hold a number, in their order; of very many the
 * lowest and the highest. */
static void keep_column(const struct orl_film *film, const struct step_plot *plot, struct step_line *line, size_t begin, size_t end)
{
    while (begin < end && isnan(value_at(line, begin)))
        begin++;
    while (end > begin && isnan(value_at(line, end - 1)))
        end--;
    if (begin == end)
        return;
    size_t low = begin, high = begin;
    for (size_t i = begin; i < end; i++) {
        low = value_at(line, i) < value_at(line, low) ? i : low;
        high = value_at(line, i) > value_at(line, high) ? i : high;
    }
    const size_t picks[] = {begin, low < high ? low : high, low < high ? high : low, end - 1};
    bool tall = fabs(y_px(plot, value_at(line, high)) - y_px(plot, value_at(line, low))) > BAND_LEAST * plot->width;
    for (size_t k = tall; k < (tall ? 3 : 4); k++)
        if (line->count == 0 || line->rows[line->count - 1] < picks[k])
            keep_point(film, plot, line, picks[k]);
    if (tall) /* may be part of a band */
        line->dense[line->count - 1] = line->dense[line->count - 2] = true;
}

/* The line ends where it leaves the plot for the first time: how a run that goes astray swings beyond the edges tells no one
 * anything. */
static void cut_line(const struct orl_film *film, const struct step_plot *plot, struct step_line *line, size_t column)
{
    const struct orl_rect *area = &plot->plot.area;
    size_t last = line->left_row;
    if (column < last)
        keep_column(film, plot, line, column, last);
    keep_point(film, plot, line, last);
    line->cut = true;
    const double *b = line->xy + 2 * (line->count - 1), *a = line->count > 1 ? b - 2 : b;
    double edge = b[1] < area->y ? area->y : area->y + area->height, share = b[1] != a[1] ? (edge - a[1]) / (b[1] - a[1]) : 1.0;
    share = fmin(fmax(share, 0.0), 1.0);
    line->exit[0] = fmin(fmax(a[0] + share * (b[0] - a[0]), area->x), area->x + area->width);
    line->exit[1] = edge;
}

/* Thinned to what can be seen: at most four points in each column of pixels. */
static int thin(const struct orl_film *film, const struct step_plot *plot, struct step_line *line, struct orl_error *err)
{
    const struct orl_trace *trace = trace_of(film, line);
    size_t begin = orl_pace_row(trace, film->pace.from), last = orl_pace_row(trace, film->pace.to);
    size_t columns = (size_t)plot->plot.area.width + 3, rows = last + 1 - begin, room = rows < 4 * columns ? rows : 4 * columns;
    double wide = fmax(1.0, 0.8 * plot->width); /* pixels: within a line's own width no one sees its turns */
    line->xy = orl_calloc(room + 1, 2 * sizeof *line->xy);
    line->rows = orl_calloc(room + 1, sizeof *line->rows);
    line->dense = orl_calloc(room + 1, sizeof *line->dense);
    line->left_row = SIZE_MAX;
    line->last_row = last;
    if (!line->xy || !line->rows || !line->dense)
        return orl_fail_memory(err);
    for (size_t row = begin; row <= last;) {
        double column = floor(orl_axis_px(&plot->plot.x, (double)trace->step[row]) / wide);
        size_t end = row;
        for (; end <= last && floor(orl_axis_px(&plot->plot.x, (double)trace->step[end]) / wide) == column; end++)
            if (line->left_row == SIZE_MAX && outside(plot, value_at(line, end)))
                line->left_row = end;
        end = end > row ? end : row + 1;
        if (line->left_row < end && orl_step_astray(film, line->run)) {
            cut_line(film, plot, line, row);
            return ORL_OK;
        }
        if (line->count + (end - row < 4 ? end - row : 4) <= room)
            keep_column(film, plot, line, row, end);
        row = end;
    }
    return ORL_OK;
}

/* Leave out points that lie within a fraction of a pixel of the straight line between those kept: what a stroke costs is its
 * points. (A cone of slopes from the last kept point through the tolerance about each point since.) */
static void move_point(struct step_line *line, size_t to, size_t from)
{
    memmove(line->xy + 2 * to, line->xy + 2 * from, 2 * sizeof *line->xy);
    line->rows[to] = line->rows[from];
    line->dense[to] = line->dense[from];
}

static void straighten(struct step_line *line)
{
    size_t kept = 0, anchor = 0; /* the last kept point, by its place now and before */
    double low = -INFINITY, high = INFINITY;
    for (size_t i = 1; i < line->count; i++) {
        const double *from = line->xy + 2 * kept, *at = line->xy + 2 * i;
        double dx = at[0] - from[0], dy = at[1] - from[1];
        if (!line->dense[i] && dx > 0.0 && dy / dx >= low && dy / dx <= high) {
            low = fmax(low, (dy - TOLERANCE_PX) / dx);
            high = fmin(high, (dy + TOLERANCE_PX) / dx);
            continue;
        }
        size_t keep = anchor + 1 < i ? i - 1 : i; /* the one before is the end of what was straight; go on from there */
        move_point(line, ++kept, keep);
        anchor = i = keep;
        low = -INFINITY;
        high = INFINITY;
    }
    if (anchor + 1 < line->count)
        move_point(line, ++kept, line->count - 1);
    line->count = line->count ? kept + 1 : 0;
}

/* Points from `from` on that belong together: a band of columns, or a stroke. */
static size_t end_of_part(const struct step_line *line, size_t from, size_t count)
{
    size_t end = from;
    while (end < count && line->dense[end] == line->dense[from])
        end++;
    return end;
}

/* Two columns cover the same heights for the most part: the line goes up and down, and is not just steep. */
static bool overlap(const double *a, const double *b)
{
    double high = fmin(fmax(a[1], a[3]), fmax(b[1], b[3])), low = fmax(fmin(a[1], a[3]), fmin(b[1], b[3]));
    return high - low > 0.4 * fmin(fabs(a[3] - a[1]), fabs(b[3] - b[1]));
}

/* Keep the bands where a column covers much the same as its neighbours. True where any is left. */
static bool find_bands(struct step_line *line)
{
    bool any = false;
    for (size_t from = 0, end; from < line->count; from = end) {
        end = end_of_part(line, from, line->count);
        if (!line->dense[from])
            continue;
        size_t kept = 0; /* columns, up to this one, that overlap each their neighbour */
        for (size_t i = from; i + 1 < end; i += 2) {
            const double *at = line->xy + 2 * i;
            kept = i + 3 < end && overlap(at, at + 4) ? kept + 1 : kept > 0 ? kept + 1 : 0;
            bool last = !(i + 3 < end && overlap(at, at + 4));
            if (kept >= BAND_COLUMNS)
                any = true;
            if (last && kept < BAND_COLUMNS)
                for (size_t k = i + 2 - 2 * (kept ? kept : 1); k < i + 2; k++)
                    line->dense[k] = false;
            kept = last ? 0 : kept;
        }
    }
    return any;
}

/* The last row at or before `row` that holds a number; SIZE_MAX: none. `shown` becomes the number of kept points up to it. */
static size_t head_row(const struct step_line *line, size_t row, size_t *shown)
{
    size_t low = 0, high = line->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line->rows[middle] <= row)
            low = middle + 1;
        else
            high = middle;
    }
    *shown = low;
    if (low == 0)
        return SIZE_MAX;
    row = line->cut && row > line->left_row ? line->left_row : row;
    row = row > line->last_row ? line->last_row : row;
    while (row > line->rows[low - 1] && isnan(value_at(line, row)))
        row--;
    return row;
}

/* The place of a row, kept inside the plot: what lies beyond shows at the edge. */
static void place(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line, size_t row, double xy[2])
{
    const struct orl_rect *area = &plot->plot.area;
    if (line->cut && row >= line->left_row) {
        memcpy(xy, line->exit, sizeof line->exit);
        return;
    }
    double x = orl_axis_px(&plot->plot.x, (double)trace_of(film, line)->step[row]), y = y_px(plot, value_at(line, row));
    xy[0] = isnan(x) ? area->x : fmin(fmax(x, area->x), area->x + area->width);
    xy[1] = isnan(y) ? area->y + area->height : fmin(fmax(y, area->y), area->y + area->height);
}

/* ---- What leaves the plot ------------------------------------------------------------------------------------------------- */

enum { NOTE_SIZE = PEOPLE_SIZE + 16 };

static bool diverged(const struct orl_film *film, const struct step_line *line)
{
    const struct orl_trace *trace = trace_of(film, line);
    return trace->status == ORL_STATUS_DIVERGED && trace->steps <= film->pace.to + 1;
}

/* "↑ step 12": where the line left the plot; "✕ step 37": where its run diverged. */
static void describe(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line, bool ended,
                     char out[NOTE_SIZE])
{
    const struct orl_rect *area = &plot->plot.area;
    const struct orl_trace *trace = trace_of(film, line);
    char count[PEOPLE_SIZE];
    *out = '\0';
    if (!ended && line->left_row == SIZE_MAX)
        return;
    bool low = !ended && y_px(plot, value_at(line, line->left_row)) > area->y + 0.5 * area->height;
    orl_people_count(count, ended ? trace->steps : trace->step[line->left_row]);
    snprintf(out, NOTE_SIZE, "%s step %s", ended ? "✕" : low ? "↓" : "↑", count);
}

/* Room for either. */
static double note_width(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line)
{
    char left[NOTE_SIZE], ended[NOTE_SIZE] = "";
    describe(film, plot, line, false, left);
    if (diverged(film, line))
        describe(film, plot, line, true, ended);
    return fmax(orl_film_text_width(film, left, film->size.text, false), orl_film_text_width(film, ended, film->size.text, false));
}

/* Another note stands where this one would. */
static bool note_touches(const struct orl_film *film, const struct step_plot *plot, const struct step_line *a, double width)
{
    double text = film->size.text, x = a->note_x - a->note_align * width;
    for (size_t i = 0; i < plot->count; i++) {
        const struct step_line *b = &plot->lines[i];
        if (a == b || !b->noted)
            continue;
        double other = note_width(film, plot, b), left = b->note_x - b->note_align * other;
        if (x < left + other + 0.5 * text && left < x + width + 0.5 * text && fabs(a->note_y - b->note_y) < 1.2 * text)
            return true;
    }
    return false;
}

double orl_step_labels_width(const struct orl_film *film, const struct step_plot *plot)
{
    double widest = 0.0;
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].label)
            widest = fmax(widest, orl_film_text_width(film, plot->lines[i].label, film->size.text, true));
    return widest > 0.0 ? widest + 1.2 * film->size.text : 0.0;
}

/* A line runs through the box of a note, or so near that the note would hide it. (Boxes of its pieces: a little too careful.) */
static bool hides_lines(const struct orl_film *film, const struct step_plot *plot, const struct step_line *note, double width)
{
    double text = film->size.text, left = note->note_x - note->note_align * width, right = left + width;
    double top = note->note_y - 0.8 * text, bottom = note->note_y + 0.25 * text;
    for (size_t i = 0; i < plot->count; i++) {
        const double *at = plot->lines[i].xy;
        for (size_t k = 0; k + 1 < plot->lines[i].count; k++, at += 2)
            if (fmax(at[0], at[2]) > left && fmin(at[0], at[2]) < right && fmax(at[1], at[3]) > top && fmin(at[1], at[3]) < bottom)
                return true;
    }
    return false;
}

/* Text over what else is there: on a patch of the background. (A halo costs ten times as much.) */
static void write_clear(const struct orl_film *film, double x, double y, double align, bool bold, struct orl_color color,
                        const char *words, struct orl_picture *picture)
{
    double text = film->size.text, width = orl_film_text_width(film, words, text, bold);
    orl_mark_faint(orl_picture_rect(
        picture, (struct orl_rect){x - align * width - 0.15 * text, y - 0.85 * text, width + 0.3 * text, 1.1 * text},
        orl_color_fade(film->theme->background, 0.85)));
    orl_picture_text(picture, x, y, align, text, bold, color, words);
}

/* Of quantities of one run it is said once, above the plot: inside it their names wander about. */
static void place_above(const struct orl_film *film, const struct step_plot *plot, struct step_line *line)
{
    const struct plot *p = &plot->plot;
    double text = film->size.text, name = p->y_name ? orl_film_text_width(film, p->y_name, text, false) + 1.2 * text : 0.0;
    bool told = line->left_row == SIZE_MAX && !diverged(film, line);
    for (size_t i = 0; i < plot->count; i++)
        told |= plot->lines[i].noted;
    line->note_x = p->area.x + name;
    line->note_y = p->area.y - 0.6 * text;
    line->noted = !told && name + note_width(film, plot, line) + 8.0 * text < p->area.width;
}

/* Where a line leaves the plot, or where its run diverged, that is said with the step, if there is room for it: beside the place,
 * on either side, or in a high plot a line or two further in. */
static void place_note(const struct orl_film *film, const struct step_plot *plot, struct step_line *line)
{
    const struct orl_rect *area = &plot->plot.area;
    size_t shown, row = line->cut || !diverged(film, line) ? line->left_row : head_row(line, SIZE_MAX - 1, &shown);
    double text = film->size.text, gap = 0.9 * text, top = area->y + 1.0 * text, bottom = area->y + area->height - 0.5 * text,
           at[2];
    if (line->label)
        place_above(film, plot, line);
    if (line->label || row == SIZE_MAX || area->width < 12.0 * text || area->height < 3.0 * text)
        return;
    place(film, plot, line, row, at);
    double width = note_width(film, plot, line), y = fmin(fmax(at[1] + 0.36 * text, top), bottom);
    double in = at[1] < area->y + 0.5 * area->height ? 1.25 * text : -1.25 * text;
    for (int k = 0; k < 12 && !line->noted; k++) { /* last, over a line in a high plot */
        int at_row = k % 6 / 2;
        if (k >= 6 && area->height < 9.0 * text)
            break;
        line->note_align = k % 2;
        line->note_x = at[0] + (k % 2 ? -gap : gap);
        line->note_y = y + in * at_row;
        double left = line->note_x - line->note_align * width;
        line->noted = left >= area->x + 0.2 * text && left + width <= area->x + area->width && line->note_y >= top &&
                      line->note_y <= bottom && !note_touches(film, plot, line, width) &&
                      (k >= 6 || !hides_lines(film, plot, line, width));
    }
}

static void draw_note(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line, size_t frame,
                      struct orl_picture *picture)
{
    char text[NOTE_SIZE];
    bool ended = diverged(film, line) && orl_film_run_ended(film, line->run, frame);
    if (!line->noted || (!ended && (orl_film_row(film, line->run, frame) < line->left_row)))
        return;
    describe(film, plot, line, ended, text);
    write_clear(film, line->note_x, line->note_y, line->note_align, false, film->theme->ink, text, picture);
}

/* ---- The whole ------------------------------------------------------------------------------------------------------------ */

int orl_step_plot_thin(const struct orl_film *film, struct step_plot *plot, struct orl_error *err)
{
    size_t longest = 0;
    for (size_t i = 0; i < plot->count; i++) {
        int ret = thin(film, plot, &plot->lines[i], err);
        if (ret != ORL_OK)
            return ret;
        straighten(&plot->lines[i]);
        plot->banded |= find_bands(&plot->lines[i]);
        longest = plot->lines[i].count > longest ? plot->lines[i].count : longest;
    }
    for (int pass = 0; pass < 2; pass++) /* what diverged comes first */
        for (size_t i = 0; i < plot->count; i++)
            if (diverged(film, &plot->lines[i]) == (pass == 0))
                place_note(film, plot, &plot->lines[i]);
    plot->scratch = orl_calloc(longest + 1, 2 * sizeof *plot->scratch);
    return plot->scratch ? ORL_OK : orl_fail_memory(err);
}

int orl_step_plot_lay(const struct orl_film *film, struct step_plot *plot, struct orl_rect box, double right_px,
                      struct orl_error *err)
{
    orl_plot_place(film, &plot->plot, box, fmax(right_px, 0.9 * film->size.text));
    return orl_step_plot_thin(film, plot, err);
}

/* Levels in the colour of their line where there are several quantities, else in that of the truth. */
void orl_step_plot_still(const struct orl_film *film, const struct step_plot *plot, struct orl_picture *picture)
{
    const struct orl_rect *area = &plot->plot.area;
    orl_plot_still(film, &plot->plot, picture);
    for (size_t i = 0; i < plot->count; i++) {
        const struct step_line *line = &plot->lines[i];
        double y = orl_axis_px(&plot->plot.y, line->level);
        if (isnan(y) || y < area->y || y > area->y + area->height)
            continue;
        struct orl_mark *mark = orl_picture_segment(picture, area->x, y, area->x + area->width, y, fmax(1.0, 0.5 * film->size.line),
                                                    line->label ? line->style.color : film->theme->truth);
        if (mark)
            mark->dash = ORL_DASH_DASHED;
    }
}

/* Columns that the line fills from their lowest to their highest: one fill instead of a stroke that crosses itself everywhere. */
static void draw_band(const struct step_plot *plot, const struct step_line *line, size_t from, size_t end,
                      struct orl_picture *picture)
{
    size_t pairs = (end - from) / 2;
    double half = 0.5 * plot->width, *xy = plot->scratch, top = plot->plot.area.y, bottom = top + plot->plot.area.height;
    for (size_t i = 0; i < pairs; i++) {
        const double *a = line->xy + 2 * (from + 2 * i), *b = a + 2;
        double x = 0.5 * (a[0] + b[0]);
        const double high[] = {x, fmin(fmax(fmin(a[1], b[1]) - half, top), bottom)},
                     low[] = {x, fmin(fmax(fmax(a[1], b[1]) + half, top), bottom)};
        memcpy(xy + 2 * i, high, sizeof high);
        memcpy(xy + 2 * (2 * pairs - 1 - i), low, sizeof low);
    }
    orl_mark_faint(orl_picture_area(picture, xy, 2 * pairs, orl_color_fade(line->style.color, BAND_OPACITY)));
}

static void draw_stroke(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line, size_t from,
                        size_t end, const double *head, struct orl_picture *picture)
{
    struct orl_rect clip = plot->plot.area;
    clip.y -= 0.5 * film->size.line;
    clip.height += film->size.line;
    memcpy(plot->scratch, line->xy + 2 * from, 2 * (end - from) * sizeof *plot->scratch);
    if (head)
        memcpy(plot->scratch + 2 * (end - from), head, 2 * sizeof *head);
    struct orl_mark *mark =
        orl_picture_clipped_line(picture, plot->scratch, end - from + (head != NULL), clip, plot->width, line->style.color);
    if (!mark)
        return;
    mark->dash = line->style.dash;
    mark->halo = film->theme->background;
    mark->halo.a = from > 0 && plot->banded; /* told from the bands that it begins on */
    mark->halo_px = mark->halo.a > 0.0 ? 0.3 * film->size.line : 0.0;
}

/* Bands lie below the strokes of all lines. */
static void draw_line(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line, size_t frame,
                      bool bands, struct orl_picture *picture)
{
    size_t count, row = head_row(line, orl_film_row(film, line->run, frame), &count);
    double head[2];
    if (row == SIZE_MAX)
        return;
    place(film, plot, line, row, head);
    for (size_t from = 0, end; from < count; from = end) {
        end = end_of_part(line, from, count);
        bool band = line->dense[from] && end - from >= 2;
        if (band && bands)
            draw_band(plot, line, from, end, picture);
        if (bands || (band && end < count))
            continue;
        /* A stroke begins and ends with the points of the bands beside it. */
        size_t begin = band       ? from + 2 * ((end - from) / 2) - 1
                       : from > 0 ? from - 1
                                  : from,
               stop = !band && end < count ? end + 1 : end;
        draw_stroke(film, plot, line, begin, stop, end == count ? head : NULL, picture);
    }
}

static void draw_head(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line, size_t frame,
                      struct orl_picture *picture)
{
    size_t count, row = head_row(line, orl_film_row(film, line->run, frame), &count);
    double head[2];
    if (row == SIZE_MAX)
        return;
    place(film, plot, line, row, head);
    bool cross = diverged(film, line) && orl_film_run_ended(film, line->run, frame);
    struct orl_mark *mark =
        orl_picture_dots(picture, head, 1, 1.9 * film->size.line, cross ? ORL_MARKER_CROSS : line->style.marker, line->style.color);
    if (mark) {
        mark->halo = film->theme->background;
        mark->halo_px = 0.5 * film->size.line;
    }
}

static double final_y(const struct orl_film *film, const struct step_plot *plot, const struct step_line *line)
{
    double at[2] = {0.0, INFINITY};
    if (line->count)
        place(film, plot, line, line->rows[line->count - 1], at);
    return at[1];
}

struct placed_label {
    struct end_label label;
    double x, last; /* of the head, px; where the line ends */
};

/* The labels of the lines, from top to bottom; lines that run together stand in the order that they have at the end. */
static size_t sort_labels(const struct orl_film *film, const struct step_plot *plot, size_t frame, size_t first, size_t runs,
                          struct placed_label labels[LABELS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < plot->count && count < LABELS_MAX; i++) {
        const struct step_line *line = &plot->lines[i];
        size_t shown, row = head_row(line, orl_film_row(film, line->run, frame), &shown);
        double head[2];
        if (!line->label || row == SIZE_MAX || line->run < first || line->run >= first + runs)
            continue;
        place(film, plot, line, row, head);
        struct placed_label made = {
            {.y = head[1], .text = line->label, .color = line->style.color}, head[0], final_y(film, plot, line)};
        size_t at = count++;
        for (; at > 0; at--) {
            double above = made.label.y - labels[at - 1].label.y;
            if (above > 0.5 || (above >= -0.5 && made.last >= labels[at - 1].last))
                break;
            labels[at] = labels[at - 1];
        }
        labels[at] = made;
    }
    return count;
}

/* Beside the foremost head: nothing is drawn there yet. */
static void draw_labels(const struct orl_film *film, const struct step_plot *plot, size_t frame, size_t first, size_t runs,
                        struct orl_picture *picture)
{
    struct placed_label placed[LABELS_MAX];
    struct end_label labels[LABELS_MAX];
    const struct orl_rect *area = &plot->plot.area;
    size_t count = sort_labels(film, plot, frame, first, runs, placed);
    double text = film->size.text, x = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        labels[i] = placed[i].label;
        x = fmax(x, placed[i].x);
    }
    if (plot->plot.cell || (double)count * 1.15 * text > area->height + 1.2 * text)
        return;
    orl_labels_spread(labels, count, 1.15 * text, area->y + 0.1 * text, area->y + area->height - 0.1 * text);
    for (size_t i = 0; i < count; i++) {
        if (fabs(labels[i].placed - labels[i].y) > 0.3 * text || placed[i].x < x - 1.0)
            orl_mark_faint(orl_picture_segment(picture, placed[i].x + 0.5 * text, labels[i].y, x + 0.8 * text, labels[i].placed,
                                               fmax(1.0, 0.45 * film->size.line), orl_color_fade(labels[i].color, 0.7)));
        write_clear(film, x + 0.9 * text, labels[i].placed + 0.35 * text, 0.0, true, labels[i].color, labels[i].text, picture);
    }
}

void orl_step_plot_moving(const struct orl_film *film, const struct step_plot *plot, size_t frame, size_t first, size_t count,
                          struct orl_picture *picture)
{
    for (int pass = !plot->banded; pass < 2; pass++)
        for (size_t i = 0; i < plot->count; i++)
            if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
                draw_line(film, plot, &plot->lines[i], frame, pass == 0, picture);
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
            draw_head(film, plot, &plot->lines[i], frame, picture);
    draw_labels(film, plot, frame, first, count, picture);
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
            draw_note(film, plot, &plot->lines[i], frame, picture);
}
