/* A table of a race: loss, the step at which each run arrived, steps to thresholds, distance to the
 * goal. Rows are sorted by what is shown twice a second, and at the end by the standing, which
 * alone gives ranks. Of one run: its parameters and thresholds, as the readout has them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/marks/metrics.h"
#include "scene/marks/scratch.h"
#include "scene/panels/emphasis.h"
#include "scene/panels/readout.h"
#include "scene/panels/steplines.h"

enum { ROWS_WANTED = 12 };
enum column {
    COLUMN_LOSS,
    COLUMN_DISTANCE,
    COLUMN_PARAMETER, /* the one that the film names */
    COLUMN_ARRIVED,   /* the step at which a run reached the level of the standing */
    COLUMN_STEPS,
    COLUMN_COUNT = COLUMN_STEPS + ORL_THRESHOLDS
};
#define RANK_ROOM   0.5  /* between a rank and the run's mark */
#define HEAD_MORE   0.35 /* from the head to the first row, beside the usual */
#define HEAD_ROOM   1.65 /* the head, and what is below the last row ... */
#define WANTS_HEAD  1.75 /* ... where there is room */
#define LARGEST     1.4  /* alone in a film it has type of this size, at most */
#define NAMES_LEAST 8.0  /* in text sizes, as are the others */
#define NAMES_CUT   3.5  /* rather that than no loss; with less no name tells anything */
#define HEAD_MOST   9.0

struct table {
    struct readout *readout; /* owned: of one run */
    size_t rows;             /* that are shown */
    char **names;            /* owned: of all runs, as they fit */
    size_t run_count;
    double scale; /* of its text against the film's: alone in a film it is larger where there is
                     room */
    char *heads[COLUMN_COUNT]; /* owned: of the columns that are shown; NULL: there is no room */
    double x[COLUMN_COUNT];    /* right ends of the columns, px */
    double widths[COLUMN_COUNT];
    double rank_x, swatch_x, names_x, names_width, right;
    bool full; /* heads in full */
};

/* ---- What is told ---------------------------------------------------------------------------- */

static double distance(const struct view *view, size_t run, size_t row)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return orl_standing_distance(&view->standing, trace->values + row * trace->parameter_count,
                                 trace->parameter_count);
}

/* What a column tells of a row; NAN: nothing. */
static double value_of(const struct view *view, enum column column, size_t run, size_t row)
{
    const struct orl_trace *trace = view->runs[run].trace;
    if (column == COLUMN_LOSS)
        return trace->loss ? trace->loss[row] : NAN;
    if (column == COLUMN_DISTANCE)
        return distance(view, run, row);
    return view->watched < trace->parameter_count
               ? trace->values[row * trace->parameter_count + view->watched]
               : NAN;
}

/* The step of a column at which a run came there; -1: never. */
static int64_t step_of(const struct view *view, size_t run, enum column column)
{
    const struct orl_run_place *place = &view->standing.places[run];
    return column == COLUMN_ARRIVED ? place->level_step : place->steps_to[column - COLUMN_STEPS];
}

static bool anybody_arrived(const struct view *view)
{
    for (size_t i = 0; i < view->run_count; i++)
        if (step_of(view, i, COLUMN_ARRIVED) >= 0)
            return true;
    return false;
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* What stands above a column: in full, or in short. Owned by the caller. */
static char *head_of(const struct view *view, enum column column, bool full)
{
    char power[PEOPLE_SIZE];
    if (column == COLUMN_LOSS)
        return orl_letters_fit(view->measure, view->quantity, view->size.text, false,
                               HEAD_MOST * view->size.text);
    if (column == COLUMN_DISTANCE)
        return orl_asprintf("%sto %s", full ? "distance " : "",
                            orl_goal_word(view->standing.goal_kind));
    if (column == COLUMN_PARAMETER)
        return orl_name_pretty(view->runs[0].trace->parameters[view->watched]);
    if (column == COLUMN_ARRIVED)
        return orl_strdup(full ? "arrived at step" : "arrived");
    double threshold = orl_trace_thresholds[column - COLUMN_STEPS];
    orl_people_decade(power, (int)round(log10(threshold)));
    return full ? orl_asprintf("steps to %s", power)
                : orl_asprintf("%s at", power); /* "10⁻⁶ at" step 1386 */
}

static bool has_column(const struct view *view, enum column column)
{
    return column == COLUMN_LOSS        ? true
           : column == COLUMN_DISTANCE  ? view->standing.goal != NULL
           : column == COLUMN_PARAMETER ? view->watched != SIZE_MAX
           : column == COLUMN_ARRIVED   ? view->loss && anybody_arrived(view)
                                        : view->loss;
}

/* The widest number of a column, over some rows of each run that does not go astray: those are
 * shortened. */
static double widest_number(const struct view *view, enum column column)
{
    enum { SAMPLES = 128 };
    char number[PEOPLE_SIZE];
    const char *far = column == COLUMN_PARAMETER ? "−1×10⁹" : "1.2×10³⁰"; /* of what goes astray */
    struct number_shapes shapes = {0};
    orl_shapes_add(&shapes, view->measure, far, view->size.text);
    for (size_t run = 0; run < view->run_count; run++) {
        const struct orl_trace *trace = view->runs[run].trace;
        size_t stride = trace->rows / SAMPLES + 1;
        for (size_t row = 0; row < trace->rows && !orl_step_astray(view, run); row += stride) {
            orl_people_figures(number, value_of(view, column, run, row), 3);
            orl_shapes_add(&shapes, view->measure, number, view->size.text);
        }
    }
    return shapes.widest;
}

/* With the gap to the column before it; INFINITY when memory is short. */
static double width_of(const struct view *view, enum column column, bool full)
{
    char *head = head_of(view, column, full), count[PEOPLE_SIZE];
    double text = view->size.text,
           width = head ? orl_letters_width(view->measure, head, text, false) : INFINITY;
    orl_people_count(count, view->pace.to);
    width =
        fmax(width, column >= COLUMN_ARRIVED ? orl_letters_width(view->measure, count, text, false)
                                             : widest_number(view, column));
    free(head);
    return width + EM_SEPARATE * text;
}

static size_t passing(const struct view *view, int threshold)
{
    size_t count = 0;
    for (size_t i = 0; i < view->run_count; i++)
        count += view->standing.places[i].steps_to[threshold] >= 0;
    return count;
}

/* Thresholds that more runs pass tell more; of those that tell the same, the harder one where all
 * pass, the easier one where none does. */
static void order_thresholds(const struct view *view, enum column order[ORL_THRESHOLDS])
{
    size_t passed[ORL_THRESHOLDS] = {0};
    for (int k = 0; k < ORL_THRESHOLDS; k++) {
        passed[k] = passing(view, k);
        int at = k;
        for (; at > 0; at--) {
            size_t before = passed[order[at - 1] - COLUMN_STEPS];
            if (passed[k] < before || (passed[k] == before && passed[k] == 0))
                break;
            order[at] = order[at - 1];
        }
        order[at] = (enum column)(COLUMN_STEPS + k);
    }
}

static double widest_name(const struct view *view)
{
    return orl_view_widest_name(view, EM_NAMES_MOST * view->size.text);
}

/* Rank, line and marker stand before the names. */
static double names_offset(const struct view *view)
{
    char last[PEOPLE_SIZE];
    snprintf(last, sizeof last, "=%zu", view->run_count);
    return orl_letters_width(view->measure, last, view->size.text, true) +
           orl_view_key_width(view) + (RANK_ROOM + EM_GAP) * view->size.text;
}

/* Names keep at least eight letters' room; where there is too little, columns are left out:
 * thresholds first (and where not all have room, those that nobody passes), then the distance, at
 * last the loss. Returns how many columns are shown, and what is left in `room`. */
static size_t choose_columns(const struct view *view, struct table *t, bool full,
                             bool shown[COLUMN_COUNT], double *room)
{
    enum column keep[COLUMN_COUNT] = {COLUMN_LOSS, COLUMN_ARRIVED, COLUMN_PARAMETER,
                                      COLUMN_DISTANCE};
    size_t count = 0;
    double spare = fmax(0.0, fmin(widest_name(view), NAMES_LEAST * view->size.text) -
                                 NAMES_CUT * view->size.text);
    order_thresholds(view, keep + COLUMN_COUNT - ORL_THRESHOLDS);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        double width = has_column(view, keep[i]) ? width_of(view, keep[i], full) : INFINITY;
        bool tells =
            keep[i] < COLUMN_STEPS || full || passing(view, (int)(keep[i] - COLUMN_STEPS)) > 0;
        shown[keep[i]] = tells && width <= *room + (i == 0 ? spare : 0.0);
        if (!shown[keep[i]])
            continue;
        t->widths[keep[i]] = width;
        *room -= width;
        count++;
    }
    return count;
}

/* From the left: names, loss, thresholds, distance, spread over the box. Returns the number of
 * columns. */
static size_t place_columns(const struct view *view, const struct orl_rect *box, struct table *t)
{
    static const enum column in_order[COLUMN_COUNT] = {
        COLUMN_LOSS,      COLUMN_ARRIVED,   COLUMN_STEPS,   COLUMN_STEPS + 1,
        COLUMN_STEPS + 2, COLUMN_PARAMETER, COLUMN_DISTANCE};
    double text = view->size.text, names = widest_name(view),
           least = fmin(names, NAMES_LEAST * text);
    bool shown[COLUMN_COUNT], shown_full[COLUMN_COUNT];
    t->names_x = box->x + names_offset(view);
    t->swatch_x = t->names_x - orl_view_key_width(view) - EM_GAP * text;
    t->rank_x = t->swatch_x - RANK_ROOM * text;
    double all = box->x + box->width - t->names_x, room = all - least, room_full = all - names;
    size_t most = COLUMN_COUNT - !has_column(view, COLUMN_PARAMETER);
    t->full = choose_columns(view, t, true, shown_full, &room_full) == most && room_full >= 0.0;
    size_t count = choose_columns(view, t, t->full, shown, &room);
    t->names_width = fmax(fmin(names, least + room), text);
    room -= t->names_width - least;
    double x = t->names_x + t->names_width, each = count
                                                       ? fmax(0.0, room / (double)count)
                                                       : 0.0; /* the last one ends at the margin */
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        enum column c = in_order[i];
        free(t->heads[c]);
        t->heads[c] = shown[c] ? head_of(view, c, t->full) : NULL;
        t->x[c] = x += shown[c] ? each + t->widths[c] : 0.0;
    }
    t->right = x;
    return count;
}

static size_t rows_in(const struct view *view, const struct orl_rect *box, size_t count)
{
    double room = floor((box->height / view->size.text - HEAD_ROOM) / EM_ROW); /* below the heads */
    size_t most = room > 0.0 ? (size_t)room : 0;
    return count <= most ? count : most > 0 ? most - 1 : 0;
}

/* Alone in a film: as large as leaves the same to be read. */
static void choose_scale(const struct view *view, const struct panel *panel, struct table *t)
{
    static const double scales[] = {1.4, 1.25, 1.12};
    size_t columns = place_columns(view, &panel->box, t),
           rows = rows_in(view, &panel->box, panel->count);
    bool whole = t->names_width >= widest_name(view) - 0.5, full = t->full;
    t->scale = 1.0;
    for (size_t i = 0; view->panel_count == 1 && i < ORL_COUNT(scales) && t->scale <= 1.0; i++) {
        struct view larger = orl_view_with_text(view, scales[i]);
        if (place_columns(&larger, &panel->box, t) >= columns &&
            rows_in(&larger, &panel->box, panel->count) >= rows && t->full >= full &&
            (!whole || t->names_width >= widest_name(&larger) - 0.5))
            t->scale = scales[i];
    }
    struct view own = orl_view_with_text(view, t->scale);
    place_columns(&own, &panel->box, t);
    t->rows = rows_in(&own, &panel->box, panel->count);
}

static int make_race(const struct view *view, const struct panel *panel, struct table *t,
                     struct orl_error *err)
{
    choose_scale(view, panel, t);
    t->run_count = view->run_count;
    t->names = orl_calloc(t->run_count + 1, sizeof *t->names);
    if (!t->names)
        return orl_fail_memory(err);
    struct view own = orl_view_with_text(view, t->scale);
    for (size_t i = 0; i < t->run_count; i++)
        if (!(t->names[i] = orl_view_fit_name(&own, i, t->names_width)))
            return orl_fail_memory(err);
    return ORL_OK;
}

/* What placing made. */
static void table_forget(struct table *t)
{
    orl_readout_destroy(&t->readout);
    for (size_t i = 0; t->names && i < t->run_count; i++)
        free(t->names[i]);
    for (int c = 0; c < COLUMN_COUNT; c++)
        free(t->heads[c]);
    free(t->names);
    *t = (struct table){0};
}

static void table_destroy(struct panel *panel)
{
    if (panel->state)
        table_forget(panel->state);
    free(panel->state);
    panel->state = NULL;
}

/* Of one run: the readout, larger where the film has nothing else and there is room. */
static int make_run(const struct view *view, const struct panel *panel, struct table *t,
                    struct orl_error *err)
{
    double room = fmin(panel->box.width / orl_readout_width(view),
                       panel->box.height / orl_readout_height(view));
    t->scale = view->panel_count == 1 ? fmax(1.0, fmin(room, LARGEST)) : 1.0;
    struct view own = orl_view_with_text(view, t->scale);
    return orl_readout_create(&own, panel->box, &t->readout, err);
}

static int table_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    (void)view;
    panel->state = orl_calloc(1, sizeof(struct table));
    return panel->state ? ORL_OK : orl_fail_memory(err);
}

static int table_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct table *t = panel->state;
    table_forget(t);
    return view->run_count == 1 ? make_run(view, panel, t, err) : make_race(view, panel, t, err);
}

static void table_wants(const struct view *view, const struct panel *panel, double *width,
                        double *height)
{
    double text = view->size.text;
    enum column more = has_column(view, COLUMN_DISTANCE) ? COLUMN_DISTANCE : COLUMN_STEPS;
    if (view->run_count == 1) {
        *width = orl_readout_width(view);
        *height = orl_readout_height(view);
        return;
    }
    size_t rows = panel->count < ROWS_WANTED ? panel->count : ROWS_WANTED;
    *width = names_offset(view) + fmin(widest_name(view), EM_NAMES_MOST * text) +
             width_of(view, COLUMN_LOSS, false) +
             (has_column(view, more) ? width_of(view, more, false) : 0.0);
    *height = text * (WANTS_HEAD + EM_ROW * (double)rows);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static double baseline(const struct view *view, const struct panel *panel, size_t line)
{
    return panel->box.y +
           view->size.text * (1.0 + EM_ROW * (double)line + (line ? HEAD_MORE : 0.0));
}

static void race_still(const struct view *view, const struct panel *panel,
                       struct orl_picture *picture)
{
    const struct table *t = panel->state;
    double text = view->size.text,
           rule = round(baseline(view, panel, 0) + EM_RULE_BELOW * text) + 0.5;
    char words[PEOPLE_SIZE];
    for (int c = 0; c < COLUMN_COUNT; c++) {
        if (t->heads[c])
            orl_picture_text(picture, t->x[c], baseline(view, panel, 0), 1.0, text, false,
                             view->theme->muted, t->heads[c]);
    }
    orl_mark_faint(orl_picture_segment(picture, panel->box.x, rule, t->right, rule,
                                       LINE_RULE * view->size.line, view->theme->rule));
    snprintf(words, sizeof words, "… %zu more", panel->count - t->rows);
    if (t->rows < panel->count && t->rows > 0)
        orl_picture_text(picture, t->names_x, baseline(view, panel, t->rows + 1), 0.0, text, false,
                         view->theme->muted, words);
}

static void put(const struct view *view, const struct table *t, enum column column, double y,
                double value, struct orl_color ink, struct orl_picture *picture)
{
    char number[PEOPLE_SIZE];
    if (!t->heads[column] || isnan(value))
        return;
    if (column == COLUMN_LOSS)
        orl_view_loss_figures(view, number, value);
    else
        orl_people_figures(number, value, 3);
    for (int digits = 3;
         digits > 0 && orl_letters_width(view->measure, number, view->size.text, false) >
                           t->widths[column] - EM_CELL_GAP * view->size.text;
         digits--)
        orl_people_power(number, value, digits);
    orl_picture_text(picture, t->x[column], y, 1.0, view->size.text, false, ink, number);
}

/* Steps appear as they are reached; on the last frame "never" where one was not, or a dash where
 * that has no room. */
static void put_steps(const struct view *view, const struct table *t, size_t run, size_t frame,
                      double y, struct orl_color ink, struct orl_picture *picture)
{
    int64_t step = view->runs[run].trace->step[orl_view_row(view, run, frame)];
    bool last = orl_view_is_last(view, frame);
    char count[PEOPLE_SIZE];
    for (int c = COLUMN_ARRIVED; c < COLUMN_COUNT; c++) {
        int64_t reached = step_of(view, run, (enum column)c);
        bool now = reached >= 0 && (reached <= step || last);
        if (!t->heads[c] || (!now && !last))
            continue;
        bool wide = orl_letters_width(view->measure, "never", view->size.text, false) <=
                    t->widths[c] - EM_CELL_GAP * view->size.text;
        orl_people_count(count, reached);
        orl_picture_text(picture, t->x[c], y, 1.0, view->size.text, false,
                         now ? ink : view->theme->muted,
                         now    ? count
                         : wide ? "never"
                                : "–");
    }
}

/* "diverged at step 37", from the loss's column on; shorter where there is less room. */
static void put_diverged(const struct view *view, const struct table *t, size_t run, double y,
                         struct orl_picture *picture)
{
    static const char *const forms[] = {"diverged at step ", "diverged at ", "✕ "};
    char count[PEOPLE_SIZE], words[PEOPLE_SIZE + 24];
    double room = t->right - (t->names_x + t->names_width);
    orl_people_count(count, view->runs[run].trace->steps);
    for (size_t i = 0; i < ORL_COUNT(forms); i++) {
        snprintf(words, sizeof words, "%s%s", forms[i], count);
        if (orl_letters_width(view->measure, words, view->size.text, true) <= room)
            break;
    }
    orl_picture_text(picture, t->right, y, 1.0, view->size.text, true, view->theme->ink, words);
}

static void put_row(const struct view *view, const struct panel *panel, size_t run, size_t line,
                    size_t frame, struct orl_picture *picture)
{
    const struct table *t = panel->state;
    size_t row = orl_view_row(view, run, frame);
    double y = baseline(view, panel, line), text = view->size.text;
    orl_view_key(view, run, t->swatch_x, y - EM_MIDDLE * text, picture);
    const bool back = orl_view_emphasis(view, run, frame) == ORL_EMPHASIS_BACK;
    const struct orl_color ink = back ? view->theme->muted : view->theme->ink;
    orl_picture_text(picture, t->names_x, y, 0.0, text, !back,
                     back ? ink : orl_view_style(view, run)->color, t->names[run]);
    if (orl_view_diverged(view, run, frame)) {
        put_diverged(view, t, run, y, picture);
        return;
    }
    char rank[PEOPLE_SIZE];
    orl_view_rank(view, run, rank);
    if (view->loss && orl_view_is_last(view, frame))
        orl_picture_text(picture, t->rank_x, y, 1.0, text, !back, ink, rank);
    for (enum column c = COLUMN_LOSS; c <= COLUMN_PARAMETER; c++)
        put(view, t, c, y, value_of(view, c, run, row), ink, picture);
    put_steps(view, t, run, frame, y, ink, picture);
}

static void race_moving(const struct view *view, const struct panel *panel, size_t frame,
                        struct orl_picture *picture)
{
    const struct table *t = panel->state;
    size_t *order = (size_t *)orl_scratch_numbers(picture, view->run_count);
    if (!order)
        return;
    orl_view_order(view, frame, order);
    for (size_t i = 0, line = 1; i < view->run_count && line <= t->rows; i++)
        if (order[i] >= panel->first && order[i] < panel->first + panel->count)
            put_row(view, panel, order[i], line++, frame, picture);
}

static void table_still(const struct view *view, const struct panel *panel,
                        struct orl_picture *picture)
{
    const struct table *t = panel->state;
    struct view own = orl_view_with_text(view, t->scale);
    if (t->readout)
        orl_readout_still(&own, t->readout, picture);
    else
        race_still(&own, panel, picture);
}

static void table_moving(const struct view *view, const struct panel *panel, size_t frame,
                         struct orl_picture *picture)
{
    const struct table *t = panel->state;
    struct view own = orl_view_with_text(view, t->scale);
    if (t->readout)
        orl_readout_moving(&own, t->readout, frame, picture);
    else
        race_moving(&own, panel, frame, picture);
}

static const struct orl_panel_ops table_ops = {.create = table_create,
                                               .place = table_place,
                                               .destroy = table_destroy,
                                               .still = table_still,
                                               .moving = table_moving};

static const struct orl_setting table_settings[] = {
    {.name = "parameter",
     .type = ORL_SETTING_TEXT,
     .role = ORL_ROLE_WATCHED,
     .parameters = true,
     .unit = "1",
     .description = "the parameter that a race's table shows, also of a film without this panel; "
                    "default: the one that runs end farthest from"},
    {0},
};

const struct orl_panel_desc orl_panel_table = {
    .name = "table",
    .title = "Table",
    .description = "a live ranking of the runs: loss, steps to thresholds, distance to the truth",
    .settings = table_settings,
    .wants = table_wants,
    .replaces_readout = true,
    .whole = true,
    .ops = &table_ops,
};
