/* The steps panel's marks: the vectors of a row, arrows and bars' colours, and the legend of a
 * single run. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/panels/steps.h"

/* In lines: the widths of arrows, and what an arrow's head adds to its width. */
#define GRADIENT_WIDTH 2.6
#define BEFORE_WIDTH   0.6
#define STEP_WIDTH     1.15
#define KEPT_WIDTH     0.8 /* of arrows that add up: what was kept; the gradient's is 1 */
#define BAR_RIM        0.6
#define BAR_RIM_MOST   0.25 /* of a bar's height */
/* In sizes of the text. */
#define SAMPLE_ROOM   3.0 /* a sample and the gaps around it, in a column ... */
#define ENTRY_ROOM    1.9 /* ... and in a line */
#define SAMPLE_COLUMN 2.2
#define SAMPLE_LINE   1.5
#define BEFORE_SAMPLE 0.22 /* the thickness of a bar's sample */
#define BAR_SAMPLE    0.6
#define UNDER_LINES   0.18 /* below the last line */
#define ARROWS_LEAST  14.0 /* the least width that is left to the arrows, ... */
#define BARS_LEAST    10.0
#define BELOW_LEAST   12.0 /* ... and the height where the legend is below them */
#define BAR_ROW       1.3
#define BARS_LOW      8.0               /* the legend stands beside bars that are lower ... */
#define BARS_WIDE     11.0              /* ... where they keep this width */
#define DEGREES       57.29577951308232 /* degrees in a radian */

/* ---- Numbers --------------------------------------------------------------------------------- */

double orl_steps_component(const struct steps *s, const struct orl_film_run *runs, size_t run,
                           enum kind kind, size_t row, size_t j)
{
    const struct rule *rule = &s->rules[run];
    const struct orl_trace *t = runs[run].trace;
    if (row == 0)
        return NAN;
    if (kind == STEP)
        return orl_trace_update(t, row, j);
    if (kind == BEFORE)
        return rule->adds && rule->keeps > 0.0 ? orl_rule_kept(rule, t, row, j)
                                               : orl_trace_update(t, row - 1, j);
    if (s->direction)
        return t->gradients ? -t->gradients[(row - 1) * t->parameter_count + j] : NAN;
    return orl_rule_pushed(rule, t, row, j);
}

/* ---- Names ----------------------------------------------------------------------------------- */

int orl_steps_name_kinds(const struct panel *panel, struct steps *s, struct orl_error *err)
{
    const struct rule *rule = &s->rules[panel->first];
    double factor = rule->adds ? rule->factor : rule->rate;
    char number[PEOPLE_SIZE];
    bool good = (s->words[STEP] = orl_strdup("step")) != NULL;
    orl_people_short(number, rule->keeps);
    s->words[BEFORE] = rule->adds && rule->keeps > 0.0 ? orl_asprintf("%s × last step", number)
                                                       : orl_strdup("last step");
    orl_people_short(number, factor);
    s->words[GRADIENT] = s->direction       ? orl_strdup("−gradient")
                         : isfinite(factor) ? orl_asprintf("−%s × gradient", number)
                                            : orl_strdup("−rate × gradient");
    good = good && s->words[BEFORE] && s->words[GRADIENT];
    return good ? ORL_OK : orl_fail_memory(err);
}

/* ---- Arrows ---------------------------------------------------------------------------------- */

/* The run's updates are sums, shown tip to tail. */
static bool adds_up(const struct steps *s, size_t run)
{
    return s->arrows && s->rules[run].adds && s->rules[run].keeps > 0.0;
}

struct orl_color orl_steps_color(const struct view *view, const struct steps *s, enum kind kind,
                                 size_t run)
{
    bool sum = adds_up(s, run);
    return kind == GRADIENT        ? (sum ? view->theme->ink : view->theme->truth)
           : kind == BEFORE && sum ? view->theme->muted
                                   : orl_view_style(view, run)->color;
}

/* A step along the gradient lies on its arrow, which is wider then. */
double orl_steps_width(const struct view *view, const struct steps *s, enum kind kind, size_t run)
{
    bool sum = adds_up(s, run);
    return view->size.line * (kind == GRADIENT ? (sum ? 1.0 : GRADIENT_WIDTH)
                              : kind == BEFORE ? (sum ? KEPT_WIDTH : BEFORE_WIDTH)
                                               : STEP_WIDTH);
}

void orl_steps_bar(const struct view *view, const struct steps *s, struct orl_rect bar,
                   enum kind kind, size_t run, struct orl_picture *picture)
{
    bar = (struct orl_rect){bar.x, round(bar.y), bar.width,
                            fmax(round(bar.height), 1.0)}; /* sharp edges, all as thick */
    double rim = fmax(1.0, fmin(BAR_RIM * view->size.line, BAR_RIM_MOST * bar.height));
    orl_picture_rect(picture, bar, orl_steps_color(view, s, kind, run));
    if (kind == GRADIENT && bar.width > 2.0 * rim && bar.height > 2.0 * rim)
        orl_mark_faint(
            orl_picture_rect(picture,
                             (struct orl_rect){bar.x + rim, bar.y + rim, bar.width - 2.0 * rim,
                                               bar.height - 2.0 * rim},
                             view->theme->background));
}

/* ---- Where the legend stands ----------------------------------------------------------------- */

/* Of the samples and their names; with room for any number beside them. */
static double legend_width(const struct view *view, const struct steps *s, bool numbers)
{
    double text = view->size.text, widest = 0.0;
    for (int k = 0; k < KINDS; k++)
        if (s->has[k])
            widest = fmax(widest, orl_letters_width(view->measure, s->words[k], text, false));
    return SAMPLE_ROOM * text + widest +
           (numbers ? EM_WORDS * text + orl_letters_width(view->measure, "8.88×10⁻³⁰⁰", text, false)
                    : 0.0);
}

/* In lines above the arrows: a sample and its name. */
static double entry_width(const struct view *view, const struct steps *s, int kind)
{
    return ENTRY_ROOM * view->size.text +
           orl_letters_width(view->measure, s->words[kind], view->size.text, false);
}
#define ENTRY_GAP 1.0 /* of the text size */

/* The kind in a place of the legend: as bars lie below each other. In lines above arrows the
 * shortest word comes last: it may stand beside the name of the axis, which must not be read as its
 * part. */
static int kind_at(const struct steps *s, int place, bool lines)
{
    return lines && s->arrows ? place : KINDS - 1 - place;
}

/* How many lines above take, and how far the last one reaches. */
static size_t legend_lines(const struct view *view, const struct steps *s, double width,
                           double *last)
{
    size_t lines = 1;
    *last = 0.0;
    for (int place = 0; place < KINDS; place++) {
        int k = kind_at(s, place, true);
        if (!s->has[k])
            continue;
        double more = entry_width(view, s, k),
               gap = *last > 0.0 ? ENTRY_GAP * view->size.text : 0.0;
        bool breaks = *last > 0.0 && *last + gap + more > width;
        lines += breaks;
        *last = breaks ? more : *last + gap + more;
    }
    return lines;
}

#define FROM_NAME 1.5 /* of the text size: from the end of a line to the name */

/* Height of the lines; the last one may stand beside the name above the rings. */
static double lines_height(const struct view *view, const struct steps *s, double width)
{
    double last, text = view->size.text, lines = (double)legend_lines(view, s, width, &last);
    if (s->arrows &&
        last < 0.5 * (width - orl_letters_width(view->measure, s->plane.names[1], text, false)) -
                   FROM_NAME * text)
        lines -= 1.0;
    return lines > 0.0 ? (EM_ROW * lines + UNDER_LINES) * text : 0.0;
}

/* Of the rings in a box: names stand above them and at their right, which is made up for at the
 * left where they stand alone. */
double orl_steps_radius(const struct view *view, const struct steps *s, double width, double height,
                        bool centred)
{
    double text = view->size.text,
           name =
               orl_letters_width(view->measure, s->plane.names[0], text, false) + EM_WORDS * text;
    return 0.5 * fmin(height - ABOVE * text, width - (centred ? 2.0 : 1.0) * name);
}

/* The legend of a single run: beside the arrows where the box is wide, below where it is high, both
 * with the lengths as numbers; else beside or above without, as it leaves more room for them. */
void orl_steps_place_legend(const struct view *view, struct steps *s, struct orl_rect *box)
{
    double text = view->size.text, rows = (s->arrows ? 4 : 3) * EM_ROW * text,
           width = legend_width(view, s, true);
    double bare = legend_width(view, s, false),
           most = fmax(s->arrows ? box->height : BARS_LEAST * text, ARROWS_LEAST * text);
    double above = lines_height(view, s, box->width);
    bool beside = box->width > width + most && box->height >= rows,
         below =
             box->height > rows + fmax(BELOW_LEAST, BAR_ROW * (double)s->bars + EM_WORDS) * text &&
             box->width > width;
    s->numbers = beside || below;
    s->column =
        s->numbers ||
        (s->arrows ? orl_steps_radius(view, s, box->width - bare - text, box->height, false) >
                         orl_steps_radius(view, s, box->width, box->height - above, true)
                   : box->height < BARS_LOW * text && box->width > bare + BARS_WIDE * text);
    s->legend_width = s->numbers ? width : s->column ? bare : box->width;
    s->legend_x = box->x;
    s->legend_y = box->y + text;
    if (s->column && (beside || !s->numbers)) {
        s->legend_x = box->x + box->width - s->legend_width;
        s->legend_y += fmax(0.5 * (box->height - rows), 0.0);
        box->width -= s->legend_width + text;
    } else if (s->column) {
        s->legend_x += 0.5 * (box->width - width);
        s->legend_y += box->height - rows;
        box->height -= rows + EM_WORDS * text;
    } else {
        box->y += above;
        box->height -= above;
    }
}

/* ---- What it says ---------------------------------------------------------------------------- */

/* What stands for a kind in the legend: an arrow as among the rings, or a bar as thick as others.
 */
static void draw_sample(const struct view *view, const struct panel *panel, const struct steps *s,
                        enum kind kind, double x, double y, double width,
                        struct orl_picture *picture)
{
    struct orl_color color = orl_steps_color(view, s, kind, panel->first);
    const double from[] = {x, y}, to[] = {x + width, y};
    double thick = (kind == BEFORE ? BEFORE_SAMPLE : BAR_SAMPLE) * view->size.text;
    if (s->arrows)
        orl_arrow_draw(view,
                       &(struct arrow){orl_steps_width(view, s, kind, panel->first), color,
                                       kind == BEFORE ? ORL_DASH_DASHED : ORL_DASH_SOLID,
                                       view->theme->background},
                       from, to, picture);
    else
        orl_steps_bar(view, s, (struct orl_rect){x, y - 0.5 * thick, width, thick}, kind,
                      panel->first, picture);
}

void orl_steps_draw_legend(const struct view *view, const struct panel *panel,
                           const struct steps *s, struct orl_picture *picture)
{
    double text = view->size.text, x = s->legend_x, y = s->legend_y,
           sample = (s->column ? SAMPLE_COLUMN : SAMPLE_LINE) * text;
    for (int place = 0; s->legend && place < KINDS; place++) {
        int k = kind_at(s, place, !s->column);
        if (!s->has[k])
            continue;
        if (!s->column && x > s->legend_x &&
            x + entry_width(view, s, k) > s->legend_x + s->legend_width + NEARLY_PX) {
            x = s->legend_x;
            y += EM_ROW * text;
        }
        draw_sample(view, panel, s, (enum kind)k, x, y - EM_MIDDLE * text, sample, picture);
        orl_picture_text(picture, x + sample + EM_GAP * text, y, 0.0, text, false, view->theme->ink,
                         s->words[k]);
        x += s->column ? 0.0 : entry_width(view, s, k) + ENTRY_GAP * text;
        y += s->column ? EM_ROW * text : 0.0;
    }
}

/* Of all parameters, in the model's own units. */
static double norm(const struct view *view, const struct steps *s, size_t run, enum kind kind,
                   size_t row)
{
    double sum = 0.0;
    for (size_t j = 0; j < view->runs[run].trace->parameter_count; j++)
        sum = hypot(sum, orl_steps_component(s, view->runs, run, kind, row, j));
    return sum;
}

/* The lengths as numbers, and how far the step is turned from the gradient's descent. */
void orl_steps_draw_numbers(const struct view *view, const struct panel *panel,
                            const struct steps *s, size_t row, struct orl_picture *picture)
{
    size_t run = panel->first;
    double text = view->size.text, y = s->legend_y, right = s->legend_x + s->legend_width, a[2],
           b[2];
    char number[PEOPLE_SIZE], line[PEOPLE_SIZE + 32];
    for (int k = KINDS - 1; k >= 0; k--) {
        if (!s->has[k])
            continue;
        double size = norm(view, s, run, (enum kind)k, row);
        if (isfinite(size)) {
            orl_people_figures(number, size, 3);
            orl_picture_text(picture, right, y, 1.0, text, false, view->theme->ink, number);
        }
        y += EM_ROW * text;
    }
    if (!s->arrows || !s->has[GRADIENT])
        return;
    for (int k = 0; k < 2; k++) { /* in the parameters themselves, however the axes are stretched */
        a[k] = orl_steps_component(s, view->runs, run, GRADIENT, row, s->plane.pair[k]);
        b[k] = orl_steps_component(s, view->runs, run, STEP, row, s->plane.pair[k]);
    }
    double angle = fabs(atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])) * DEGREES;
    if (!isfinite(angle) || !(hypot(a[0], a[1]) > 0.0) || !(hypot(b[0], b[1]) > 0.0))
        return;
    snprintf(line, sizeof line, "%.0f° off the gradient", angle);
    orl_picture_text(picture, right, y, 1.0, text, false, view->theme->muted, line);
}
