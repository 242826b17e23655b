/* Small multiples over one axis of steps. */
#include "scene/panels/multiples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "scene/marks/metrics.h"

#define KEY_ROOM   5.0 /* "truth" and its dashes, in text sizes */
#define GAP        0.9 /* between plots, and for what stands at the right of the last */
#define NUMBERS    3.5 /* what the numbers at the left take, ... */
#define TINY       0.1 /* ... and the least that is left in a sum */
#define EMPTY_COST 0.6 /* of places without a plot, by all */
#define DASH_ROOM  2.1 /* of the key's dashes and the gap before them */

/* In text sizes: a plot's name above it, step labels and their name below the last row, gaps; the
 * least that can be read. */
#define ROW_GAP   0.35
#define LEAST     2.4
#define LEAST_BOX 10.0
#define SHAPE     3.5 /* width to height */

static double plot_height(const struct view *view, struct orl_rect box, size_t rows)
{
    double n = (double)rows;
    return (box.height / view->size.text - EM_AXIS_ROOM - n * EM_HEAD - (n - 1.0) * ROW_GAP) / n;
}

static double plot_width(const struct view *view, struct orl_rect box, size_t columns)
{
    return (box.width / view->size.text - GAP * (double)(columns - 1)) / (double)columns;
}

/* The columns that make `count` plots nearest to a good shape, all of them large enough and few
 * places empty; 0: there is no room.
 */
static size_t choose_columns(const struct view *view, struct orl_rect box, size_t count)
{
    size_t best = 0;
    double best_off = INFINITY;
    for (size_t columns = 1; columns <= count; columns++) {
        double height = plot_height(view, box, (count + columns - 1) / columns),
               width = plot_width(view, box, columns);
        if (count > 1 && (height < LEAST || width < LEAST_BOX))
            continue;
        double empty = (double)((columns - count % columns) % columns) / (double)columns;
        double off = fabs(log(fmax(width - NUMBERS, TINY) / fmax(height, TINY) / SHAPE)) +
                     EMPTY_COST * empty;
        if (off < best_off) {
            best_off = off;
            best = columns;
        }
    }
    return best;
}

size_t orl_multiples_room(const struct view *view, struct orl_rect box, size_t wanted)
{
    while (wanted > 1 && choose_columns(view, box, wanted) == 0)
        wanted--;
    return wanted > 1 ? wanted : 1;
}

double orl_multiples_width(const struct view *view, struct orl_rect box, size_t count)
{
    size_t columns = choose_columns(view, box, count);
    return view->size.text * plot_width(view, box, columns ? columns : 1);
}

double orl_multiples_height(const struct view *view, struct orl_rect box, size_t count)
{
    size_t columns = choose_columns(view, box, count);
    return view->size.text *
           plot_height(view, box, columns ? (count + columns - 1) / columns : count);
}

int orl_multiples_init(struct multiples *m, size_t count, struct orl_error *err)
{
    m->plots = orl_calloc(count + 1, sizeof *m->plots);
    if (!m->plots)
        return orl_fail_memory(err);
    m->count = count;
    return ORL_OK;
}

void orl_multiples_note(struct multiples *m, size_t shown, size_t all)
{
    if (shown >= all)
        return;
    snprintf(m->note, sizeof m->note, "%zu of %zu shown", shown, all);
    snprintf(m->brief, sizeof m->brief, "%zu of %zu", shown, all);
}

void orl_multiples_uninit(struct multiples *m)
{
    for (size_t i = 0; m->plots && i < m->count; i++)
        orl_step_plot_uninit(&m->plots[i]);
    free(m->plots);
    *m = (struct multiples){0};
}

/* Plots of one column begin and end at the same places. */
static void align_columns(struct multiples *m, size_t columns)
{
    for (size_t first = 0; first < columns && first < m->count; first++) {
        double left = -INFINITY, right = INFINITY;
        for (size_t i = first; i < m->count; i += columns) {
            const struct orl_rect *area = &m->plots[i].plot.area;
            left = fmax(left, area->x);
            right = fmin(right, area->x + area->width);
        }
        for (size_t i = first; i < m->count; i += columns) {
            struct plot *plot = &m->plots[i].plot;
            plot->area.x = plot->x.first = left;
            plot->area.width = fmax(right - left, NARROWEST_PX);
            plot->x.last = left + plot->area.width;
        }
    }
}

static void place(const struct view *view, struct panel *panel, struct multiples *m, size_t columns)
{
    const struct orl_rect box = panel->box;
    double text = view->size.text, width = text * plot_width(view, box, columns);
    double height = text * (EM_HEAD + plot_height(view, box, (m->count + columns - 1) / columns));
    for (size_t i = 0; i < m->count; i++) {
        struct plot *plot = &m->plots[i].plot;
        bool last_row = i + columns >= m->count;
        struct orl_rect cell = {box.x + (width + GAP * text) * (double)(i % columns),
                                box.y + (height + ROW_GAP * text) * (double)(i / columns), width,
                                height + (last_row ? EM_AXIS_ROOM * text : 0.0)};
        plot->x = m->plots[0].plot.x;
        plot->bare = !last_row;
        plot->footnote = true;
        plot->x_name = last_row && panel->cell.is ? "step" : NULL; /* else the ruler says it */
        orl_plot_place(view, panel, plot, cell,
                       fmax(orl_step_labels_width(view, &m->plots[i]), EM_NAME_AFTER * text));
        if (i + 1 < m->count) /* said once */
            plot->x_name = NULL;
    }
    align_columns(m, columns);
}

int orl_multiples_lay(const struct view *view, struct panel *panel, struct multiples *m,
                      int steps_setting, struct orl_error *err)
{
    size_t columns = choose_columns(view, panel->box, m->count);
    orl_step_axis_x(view, (enum step_scale)orl_panel_choice(panel, steps_setting),
                    &m->plots[0].plot.x);
    place(view, panel, m, columns ? columns : 1);
    for (size_t i = 0; i < m->count; i++) {
        int ret = orl_step_plot_thin(view, &m->plots[i], err);
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

void orl_multiples_panel_still(const struct view *view, const struct panel *panel,
                               struct orl_picture *picture)
{
    const struct multiples *m = panel->state;
    double text = view->size.text;
    for (size_t i = 0; i < m->count; i++)
        orl_step_plot_still(view, &m->plots[i], picture);
    if (!*m->note || m->count == 0 || m->plots[0].plot.cell)
        return;
    /* Behind the last plot's name; a key stands at the right end of the first one's line. */
    const struct plot *last = &m->plots[m->count - 1].plot;
    double x = last->area.x +
               orl_letters_width(view->measure, last->y_name ? last->y_name : "", text, false) +
               EM_ENTRIES * text,
           end = last->area.x + last->area.width - (m->count > 1 ? 0.0 : KEY_ROOM * text);
    const char *notes[] = {m->note, m->brief};
    for (int k = 0; k < 2; k++)
        if (x + orl_letters_width(view->measure, notes[k], text, false) <= end) {
            orl_picture_text(picture, x, last->area.y - EM_ABOVE_PLOT * text, 0.0, text, false,
                             view->theme->muted, notes[k]);
            return;
        }
}

void orl_multiples_panel_moving(const struct view *view, const struct panel *panel, size_t frame,
                                struct orl_picture *picture)
{
    const struct multiples *m = panel->state;
    for (size_t i = 0; i < m->count; i++)
        orl_step_plot_moving(view, &m->plots[i], frame, panel->first, panel->count, picture);
}

void orl_multiples_key(const struct view *view, const struct multiples *m, const char *word,
                       struct orl_picture *picture)
{
    const struct plot *plot = &m->plots[0].plot;
    double text = view->size.text, y = plot->area.y - EM_ABOVE_PLOT * text,
           x = plot->area.x + plot->area.width;
    double width = orl_letters_width(view->measure, word, text, false) + DASH_ROOM * text;
    double name = plot->y_name ? orl_letters_width(view->measure, plot->y_name, text, false) : 0.0;
    if (name + width + text > plot->area.width)
        return;
    orl_picture_text(picture, x, y, 1.0, text, false, view->theme->muted, word);
    x -= width - DASH_ROOM * text + EM_GAP * text;
    struct orl_mark *mark = orl_picture_segment(
        picture, x - EM_SWATCH * text, y - EM_MIDDLE * text, x, y - EM_MIDDLE * text,
        fmax(1.0, 0.5 * view->size.line), view->theme->truth);
    if (mark)
        mark->dash = ORL_DASH_DASHED;
}
