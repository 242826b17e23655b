/* Lines over the steps as marks: bands and strokes, heads, labels, and what is said where a line
 * leaves the plot. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/emphasis.h"
#include "scene/panels/spread.h"
#include "scene/panels/stepthin.h"

#define NOTES_APART  1.2  /* two notes nearer than this touch */
#define LABEL_ROOM   1.2  /* what a name needs beside itself: the leader */
#define PATCH_UP     0.85 /* the patch below words, above their baseline ... */
#define PATCH_SIDE   0.15 /* ... and beside them; */
#define PATCH_SHARE  0.85 /* it is nearly opaque */
#define AXIS_LINE    0.5  /* of a line, as frame.c draws it */
#define NAME_GAP     1.2  /* between a plot's name and a note above the plot */
#define NOTE_LEFT    8.0  /* what a note above a plot leaves of its width */
#define NOTE_WIDE    12.0 /* smaller plots have no notes ... */
#define NOTE_HIGH    3.0
#define OVER_HIGH    9.0  /* ... and only higher ones notes over lines */
#define NOTE_INWARD  1.25 /* how far in a line that leaves is told of */
#define NOTE_OFF     1.2  /* how much farther off each try goes */
#define EDGE         0.2  /* of the plot that notes keep clear of */
#define HALO_NARROW  0.3  /* in lines: the halo of a line ... */
#define HALO_HEAD    0.5  /* ... and of a head */
#define HALO_RUNS    8.0  /* with more runs halos are narrower */
#define LABELS_TOP   0.1  /* of the plot that labels keep clear of, above ... */
#define LABELS_LOW   0.6  /* ... and above the axis */
#define MOVED_FROM   0.3  /* a label that is moved farther has a leader */
#define LEAD_WIDTH   0.45 /* in lines */
#define LEAD_SHARE   0.7
#define BAND_OPACITY 0.75 /* one band shows through another */
/* At the finish, of a line that steps back and of the winner's: widths, and how pale a mark goes.
 */
#define PALE_WIDTH 0.5

/* ---- What leaves the plot -------------------------------------------------------------------- */

enum { NOTE_SIZE = PEOPLE_SIZE + 64 };
enum {
    NEAR = 6,
    FAR = 12,
    OVER = 18,
    CROWD = 12
}; /* places of a note that are tried up to each; lines */

static bool diverged(const struct view *view, const struct step_line *line)
{
    const struct orl_trace *trace = orl_step_trace(view, line);
    return trace->status == ORL_STATUS_DIVERGED && trace->steps <= view->pace.to + 1;
}

/* The first of the lines that came to the floor. */
static bool arrives_first(const struct view *view, const struct step_plot *plot,
                          const struct step_line *line)
{
    for (size_t i = 0; i < plot->count; i++) {
        const struct step_line *other = &plot->lines[i];
        if (other != line && other->cut && other->left_row != SIZE_MAX &&
            orl_step_trace(view, other)->step[other->left_row] <
                orl_step_trace(view, line)->step[line->left_row])
            return false;
    }
    return true;
}

/* A line that ended at the floor. */
static bool at_floor(const struct step_plot *plot, const struct step_line *line)
{
    return plot->floor && line->cut && line->exit[1] > plot->plot.area.y + 1.0;
}

/* "↑ step 12": where the line left the plot; "✕ step 37": where its run diverged. */
static void describe(const struct view *view, const struct step_plot *plot,
                     const struct step_line *line, bool ended, char out[NOTE_SIZE])
{
    const struct orl_rect *area = &plot->plot.area;
    const struct orl_trace *trace = orl_step_trace(view, line);
    char count[PEOPLE_SIZE];
    *out = '\0';
    if (!ended && line->left_row == SIZE_MAX)
        return;
    bool low = !ended && orl_step_y(plot, orl_step_value(line, line->left_row)) >
                             area->y + 0.5 * area->height;
    orl_people_count(count, ended ? trace->steps : trace->step[line->left_row]);
    if (!ended &&
        at_floor(plot, line)) { /* a mark stands there; the others' steps are in the table */
        if (plot->count == 1)
            snprintf(out, NOTE_SIZE, "step %s", count);
        else if (arrives_first(view, plot, line))
            orl_text_bounded(out, NOTE_SIZE, "%s, step %s", view->runs[line->run].title, count);
        return;
    }
    snprintf(out, NOTE_SIZE, "%s step %s", ended ? "✕" : low ? "↓" : "↑", count);
}

/* Of several runs each note has the colour of its line, in bold, as names have. */
static bool is_of_one(const struct step_plot *plot, const struct step_line *line)
{
    return plot->count > 1 && !line->label;
}

/* Room for either. */
static double note_width(const struct view *view, const struct step_plot *plot,
                         const struct step_line *line)
{
    char left[NOTE_SIZE], ended[NOTE_SIZE] = "";
    describe(view, plot, line, false, left);
    if (diverged(view, line))
        describe(view, plot, line, true, ended);
    bool bold = is_of_one(plot, line);
    return fmax(orl_letters_width(view->measure, left, view->size.text, bold),
                orl_letters_width(view->measure, ended, view->size.text, bold));
}

/* Another note stands where this one would. */
static bool note_touches(const struct view *view, const struct step_plot *plot,
                         const struct step_line *a, double width)
{
    double text = view->size.text, x = a->note_x - a->note_align * width;
    for (size_t i = 0; i < plot->count; i++) {
        const struct step_line *b = &plot->lines[i];
        if (a == b || !b->noted)
            continue;
        double other = note_width(view, plot, b), left = b->note_x - b->note_align * other;
        if (x < left + other + 0.5 * text && left < x + width + 0.5 * text &&
            fabs(a->note_y - b->note_y) < NOTES_APART * text)
            return true;
    }
    return false;
}

size_t orl_step_labels_room(const struct view *view, double height)
{
    double rows =
        (height / view->size.text + 0.5) / EM_LABEL; /* the lowest stands clear of the axis */
    size_t room = rows > 1.0 ? (size_t)rows : 1;
    return room < THEME_STYLES ? room : THEME_STYLES;
}

double orl_step_labels_width(const struct view *view, const struct step_plot *plot)
{
    double widest = 0.0;
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].label)
            widest = fmax(widest, orl_letters_width(view->measure, plot->lines[i].label,
                                                    view->size.text, true));
    return widest > 0.0 ? widest + LABEL_ROOM * view->size.text : 0.0;
}

/* A line runs through the box of a note, or so near that the note would hide it. (Boxes of its
 * pieces: a little too careful.) */
static bool hides_lines(const struct view *view, const struct step_plot *plot,
                        const struct step_line *note, double width)
{
    double text = view->size.text, left = note->note_x - note->note_align * width,
           right = left + width;
    double top = note->note_y - EM_ASCENT * text, bottom = note->note_y + EM_DESCENT * text;
    for (size_t i = 0; i < plot->count; i++) {
        const double *at = plot->lines[i].xy;
        for (size_t k = 0; k + 1 < plot->lines[i].count; k++, at += 2)
            if (fmax(at[0], at[2]) > left && fmin(at[0], at[2]) < right &&
                fmax(at[1], at[3]) > top && fmin(at[1], at[3]) < bottom)
                return true;
    }
    return false;
}

/* Text over what else is there: on a patch of the background that ends above the axis. (A halo
 * costs ten times as much.) */
static void write_clear(const struct view *view, const struct orl_rect *area, double x, double y,
                        double align, bool bold, struct orl_color color, const char *words,
                        struct orl_picture *picture)
{
    double text = view->size.text, width = orl_letters_width(view->measure, words, text, bold),
           top = y - PATCH_UP * text;
    double axis = round(area->y + area->height) + 0.5 -
                  0.5 * fmax(1.0, AXIS_LINE * view->size.line); /* the upper edge of its line */
    orl_mark_faint(orl_picture_rect(picture,
                                    (struct orl_rect){x - align * width - PATCH_SIDE * text, top,
                                                      width + 2.0 * PATCH_SIDE * text,
                                                      fmin(y + EM_DESCENT * text, axis) - top},
                                    orl_color_fade(view->theme->background, PATCH_SHARE)));
    orl_picture_text(picture, x, y, align, text, bold, color, words);
}

/* Of quantities of one run it is said once, above the plot: inside it their names wander about. */
static void place_above(const struct view *view, const struct step_plot *plot,
                        struct step_line *line)
{
    const struct plot *p = &plot->plot;
    double text = view->size.text,
           name = p->y_name
                      ? orl_letters_width(view->measure, p->y_name, text, false) + NAME_GAP * text
                      : 0.0;
    bool told = line->left_row == SIZE_MAX && !diverged(view, line);
    for (size_t i = 0; i < plot->count; i++)
        told |= plot->lines[i].noted;
    line->note_x = p->area.x + name;
    line->note_y = p->area.y - EM_ABOVE_PLOT * text;
    line->noted = !told && name + note_width(view, plot, line) + NOTE_LEFT * text < p->area.width;
}

static bool leaves_alone(const struct view *view, const struct step_plot *plot,
                         const struct step_line *line)
{
    for (size_t i = 0; i < plot->count; i++)
        if (&plot->lines[i] != line &&
            (plot->lines[i].left_row != SIZE_MAX || diverged(view, &plot->lines[i])))
            return false;
    return true;
}

/* Where a line leaves the plot, or where its run diverged, that is said with the step, if there is
 * room for it: beside the place, on either side, or a line or two further in; further off where no
 * other line has such a note; in a high plot over lines. */
static void place_note(const struct view *view, const struct step_plot *plot,
                       struct step_line *line)
{
    const struct orl_rect *area = &plot->plot.area;
    size_t shown, row = line->cut || !diverged(view, line)
                            ? line->left_row
                            : orl_step_head_row(line, SIZE_MAX - 1, &shown);
    double text = view->size.text, gap = EM_NAME_AFTER * text, top = area->y + 1.0 * text,
           bottom = area->y + area->height - 0.5 * text, at[2];
    if (line->label)
        place_above(view, plot, line);
    char words[NOTE_SIZE];
    describe(view, plot, line, diverged(view, line) && !at_floor(plot, line), words);
    if (line->label || !*words || row == SIZE_MAX || area->width < NOTE_WIDE * text ||
        area->height < NOTE_HIGH * text)
        return;
    orl_step_place(view, plot, line, row, at);
    double width = note_width(view, plot, line),
           y = fmin(fmax(at[1] + EM_TICK * text, top), bottom);
    double in = at[1] < area->y + 0.5 * area->height ? NOTE_INWARD * text : -NOTE_INWARD * text;
    for (int k = 0; k < OVER && !line->noted; k++) {
        bool far = k >= NEAR && k < FAR;
        if ((far && !leaves_alone(view, plot, line)) ||
            (k >= FAR && (area->height < OVER_HIGH * text || plot->count > CROWD)))
            continue;
        double off = far ? gap + NOTE_OFF * text * (1 + k % 6 / 2) : gap;
        line->note_align = k % 2;
        line->note_x = at[0] + (k % 2 ? -off : off);
        line->note_y = y + (far ? 0.0 : in * (k % 6 / 2));
        double left = line->note_x - line->note_align * width;
        line->noted = left >= area->x + EDGE * text && left + width <= area->x + area->width &&
                      line->note_y >= top && line->note_y <= bottom &&
                      !note_touches(view, plot, line, width) &&
                      (k >= FAR || !hides_lines(view, plot, line, width));
    }
}

static void draw_note(const struct view *view, const struct step_plot *plot,
                      const struct step_line *line, size_t frame, struct orl_picture *picture)
{
    char text[NOTE_SIZE];
    bool ended = diverged(view, line) && orl_view_run_ended(view, line->run, frame);
    if (!line->noted || (!ended && (orl_view_row(view, line->run, frame) < line->left_row)))
        return;
    describe(view, plot, line, ended, text);
    bool own = is_of_one(plot, line);
    write_clear(view, &plot->plot.area, line->note_x, line->note_y, line->note_align, own,
                own ? line->style.color : view->theme->ink, text, picture);
}

/* ---- The whole ------------------------------------------------------------------------------- */

int orl_step_plot_thin(const struct view *view, struct step_plot *plot, struct orl_error *err)
{
    orl_step_plot_forget(plot);
    for (size_t i = 0; i < plot->count; i++) {
        struct step_line *line = &plot->lines[i];
        int ret = orl_step_line_thin(view, plot, line, &plot->banded, err);
        if (ret == ORL_OK)
            ret = orl_spread_lay(view, plot, line, err);
        if (ret != ORL_OK)
            return ret;
        plot->longest = line->count > plot->longest ? line->count : plot->longest;
        plot->longest = line->spread_count > plot->longest ? line->spread_count : plot->longest;
    }
    for (int pass = 0; pass < 2; pass++) /* what diverged comes first */
        for (size_t i = 0; i < plot->count; i++)
            if (diverged(view, &plot->lines[i]) == (pass == 0))
                place_note(view, plot, &plot->lines[i]);
    return ORL_OK;
}

int orl_step_plot_lay(const struct view *view, struct panel *panel, struct step_plot *plot,
                      struct orl_rect box, double right_px, struct orl_error *err)
{
    orl_plot_place(view, panel, &plot->plot, box, right_px);
    return orl_step_plot_thin(view, plot, err);
}

/* Levels in the colour of their line where there are several quantities, else in that of the truth.
 */
void orl_step_plot_still(const struct view *view, const struct step_plot *plot,
                         struct orl_picture *picture)
{
    const struct orl_rect *area = &plot->plot.area;
    orl_plot_still(view, &plot->plot, picture);
    for (size_t i = 0; i < plot->count; i++) {
        const struct step_line *line = &plot->lines[i];
        double y = orl_axis_px(&plot->plot.y, line->level);
        if (isnan(y) || y < area->y || y > area->y + area->height)
            continue;
        struct orl_mark *mark = orl_picture_segment(
            picture, area->x, y, area->x + area->width, y, fmax(1.0, 0.5 * view->size.line),
            line->label ? line->style.color : view->theme->truth);
        if (mark)
            mark->dash = ORL_DASH_DASHED;
    }
}

/* Columns that the line fills from their lowest to their highest: one fill instead of a stroke that
 * crosses itself everywhere. */
static void draw_band(const struct step_plot *plot, const struct step_line *line, size_t from,
                      size_t end, struct orl_picture *picture)
{
    size_t pairs = (end - from) / 2;
    double half = 0.5 * plot->width, *xy = plot->scratch, top = plot->plot.area.y,
           bottom = top + plot->plot.area.height;
    for (size_t i = 0; i < pairs; i++) {
        const double *a = line->xy + 2 * (from + 2 * i), *b = a + 2;
        double x = 0.5 * (a[0] + b[0]);
        const double high[] = {x, fmin(fmax(fmin(a[1], b[1]) - half, top), bottom)},
                     low[] = {x, fmin(fmax(fmax(a[1], b[1]) + half, top), bottom)};
        memcpy(xy + 2 * i, high, sizeof high);
        memcpy(xy + 2 * (2 * pairs - 1 - i), low, sizeof low);
    }
    orl_mark_faint(
        orl_picture_area(picture, xy, 2 * pairs, orl_color_fade(line->style.color, BAND_OPACITY)));
}

static void draw_stroke(const struct view *view, const struct step_plot *plot,
                        const struct step_line *line, size_t from, size_t end, const double *head,
                        size_t frame, struct orl_picture *picture)
{
    struct orl_rect clip = plot->plot.area;
    clip.y -= 0.5 * view->size.line;
    clip.height += view->size.line;
    memcpy(plot->scratch, line->xy + 2 * from, 2 * (end - from) * sizeof *plot->scratch);
    if (head)
        memcpy(plot->scratch + 2 * (end - from), head, 2 * sizeof *head);
    enum orl_emphasis emphasis =
        line->label || line->pale ? ORL_EMPHASIS_NONE : orl_view_emphasis(view, line->run, frame);
    bool back = emphasis == ORL_EMPHASIS_BACK;
    struct orl_color color =
        back ? orl_color_mix(line->style.color, view->theme->background, 0.5) : line->style.color;
    double width = plot->width * (line->pale                       ? PALE_WIDTH
                                  : back                           ? LINE_BACK
                                  : emphasis == ORL_EMPHASIS_FRONT ? LINE_FRONT
                                                                   : 1.0);
    struct orl_mark *mark = orl_picture_clipped_line(
        picture, plot->scratch, end - from + (head != NULL), clip, width, color);
    if (!mark)
        return;
    if (back || line->pale)
        orl_mark_faint(mark);
    mark->dash = line->style.dash;
    mark->halo = view->theme->background;
    mark->halo.a = from > 0 && plot->banded; /* told from the bands that it begins on */
    mark->halo_px = mark->halo.a > 0.0 ? HALO_NARROW * view->size.line : 0.0;
}

/* Bands lie below the strokes of all lines. */
static void draw_line(const struct view *view, const struct step_plot *plot,
                      const struct step_line *line, size_t frame, bool bands,
                      struct orl_picture *picture)
{
    size_t count, row = orl_step_head_row(line, orl_view_row(view, line->run, frame), &count);
    double head[2];
    if (row == SIZE_MAX)
        return;
    orl_step_place(view, plot, line, row, head);
    for (size_t from = 0, end; from < count; from = end) {
        end = orl_step_part_end(line, from, count);
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
        draw_stroke(view, plot, line, begin, stop, end == count ? head : NULL, frame, picture);
    }
}

static void draw_head(const struct view *view, const struct step_plot *plot,
                      const struct step_line *line, size_t frame, struct orl_picture *picture)
{
    size_t count, row = orl_step_head_row(line, orl_view_row(view, line->run, frame), &count);
    double head[2];
    if (row == SIZE_MAX || line->pale)
        return;
    orl_step_place(view, plot, line, row, head);
    bool cross = diverged(view, line) && orl_view_run_ended(view, line->run, frame);
    enum orl_marker marker = cross ? ORL_MARKER_CROSS : line->style.marker;
    if (at_floor(plot, line) && row >= line->left_row)
        marker = ORL_MARKER_TRIANGLE_DOWN;
    else if (!cross && line->cut && row >= line->left_row)
        marker = ORL_MARKER_TRIANGLE;
    struct orl_color color = line->style.color;
    if (orl_view_emphasis(view, line->run, frame) == ORL_EMPHASIS_BACK && !line->label)
        color = orl_color_mix(color, view->theme->background, BACK_MARK_SHARE);
    struct orl_mark *mark =
        orl_picture_dots(picture, head, 1, LINE_HEAD * view->size.line, marker, color);
    if (mark) {
        mark->halo = view->theme->background; /* of very many runs narrow: wide ones would leave
                                                 nothing of a pile of markers */
        mark->halo_px =
            HALO_HEAD * view->size.line * fmin(1.0, HALO_RUNS / (double)view->run_count);
    }
}

static double final_y(const struct view *view, const struct step_plot *plot,
                      const struct step_line *line)
{
    double at[2] = {0.0, INFINITY};
    if (line->count)
        orl_step_place(view, plot, line, line->rows[line->count - 1], at);
    return at[1];
}

struct placed_label {
    struct end_label label;
    double x, last; /* of the head, px; where the line ends */
    bool left;      /* the line has left the plot */
};

/* The labels of the lines, from top to bottom; lines that run together stand in the order that they
 * have at the end. */
static size_t sort_labels(const struct view *view, const struct step_plot *plot, size_t frame,
                          size_t first, size_t runs, struct placed_label labels[LABELS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < plot->count && count < LABELS_MAX; i++) {
        const struct step_line *line = &plot->lines[i];
        size_t shown, row = orl_step_head_row(line, orl_view_row(view, line->run, frame), &shown);
        double head[2];
        if (!line->label || row == SIZE_MAX || line->run < first || line->run >= first + runs)
            continue;
        orl_step_place(view, plot, line, row, head);
        struct placed_label made = {{.y = head[1], .text = line->label, .color = line->style.color},
                                    head[0],
                                    final_y(view, plot, line),
                                    line->cut && row >= line->left_row};
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

/* Beside the foremost head: nothing is drawn there yet. The name of a line that has left the plot
 * stays where that was. */
static void draw_labels(const struct view *view, const struct step_plot *plot, size_t frame,
                        size_t first, size_t runs, struct orl_picture *picture)
{
    struct placed_label placed[LABELS_MAX];
    struct end_label labels[LABELS_MAX];
    const struct orl_rect *area = &plot->plot.area;
    size_t count = sort_labels(view, plot, frame, first, runs, placed);
    double text = view->size.text, x = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        labels[i] = placed[i].label;
        x = fmax(x, placed[i].x);
    }
    if (plot->plot.cell || count > orl_step_labels_room(view, area->height))
        return;
    orl_labels_spread(labels, count, EM_LABEL * text, area->y + LABELS_TOP * text,
                      area->y + area->height - LABELS_LOW * text);
    for (size_t i = 0; i < count; i++) {
        double at = placed[i].left ? placed[i].x : x;
        if (fabs(labels[i].placed - labels[i].y) > MOVED_FROM * text || placed[i].x < at - 1.0)
            orl_mark_faint(orl_picture_segment(picture, placed[i].x + 0.5 * text, labels[i].y,
                                               at + EM_SEPARATE * text, labels[i].placed,
                                               fmax(1.0, LEAD_WIDTH * view->size.line),
                                               orl_color_fade(labels[i].color, LEAD_SHARE)));
        write_clear(view, area, at + EM_NAME_AFTER * text, labels[i].placed + EM_CENTERED * text,
                    0.0, true, labels[i].color, labels[i].text, picture);
    }
}

void orl_step_plot_moving(const struct view *view, const struct step_plot *made, size_t frame,
                          size_t first, size_t count, struct orl_picture *picture)
{
    struct step_plot own = *made, *plot = &own;
    own.scratch = orl_scratch_numbers(picture, orl_spread_room(plot->longest));
    if (!own.scratch)
        return;
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
            orl_spread_draw(view, plot, &plot->lines[i], frame, own.scratch, picture);
    for (int pass = !plot->banded; pass < 2; pass++)
        for (size_t i = 0; i < plot->count; i++)
            if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
                draw_line(view, plot, &plot->lines[i], frame, pass == 0, picture);
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
            draw_head(view, plot, &plot->lines[i], frame, picture);
    draw_labels(view, plot, frame, first, count, picture);
    for (size_t i = 0; i < plot->count; i++)
        if (plot->lines[i].run >= first && plot->lines[i].run < first + count)
            draw_note(view, plot, &plot->lines[i], frame, picture);
}
