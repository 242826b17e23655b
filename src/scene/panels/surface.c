/* The loss over two parameters as bands, with the ways of the runs; for a model with one parameter
 * the loss as a curve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/panels/surface.h"

enum { SETTING_PARAMETERS, SETTING_PLANE, SETTING_BANDS };
static const char *const plane_choices[] = {"slice", "pca", NULL};

static const struct orl_setting surface_settings[] = {
    [SETTING_PARAMETERS] =
        {.name = "parameters",
         .type = ORL_SETTING_NAMES,
         .unit = "1",
         .initial = NAN,
         .minimum = 2,
         .maximum = 2,
         .description = "the two parameters that are the axes; without it the two that move most "
                        "against their size"},
    [SETTING_PLANE] =
        {.name = "plane",
         .type = ORL_SETTING_CHOICE,
         .unit = "1",
         .choices = plane_choices,
         .initial = 0,
         .description =
             "for more than two parameters: a slice through the end of the best run, or the "
             "plane in which all runs move most"},
    [SETTING_BANDS] = {.name = "bands",
                       .type = ORL_SETTING_INTEGER,
                       .unit = "1",
                       .initial = 16,
                       .minimum = 4,
                       .maximum = BANDS_MAX,
                       .description = "into how many bands of colour the loss is cut"},
    {0},
};

#define OFF_PLANE  0.05 /* parts of a parameter's size: nearer, the truth is where it shows */
#define LABEL_MOST 0.5  /* of the plot's width, for the name of a place */
enum { CURVE_POINTS = 400, MARKERS_MAX = 3 };

/* A place on the surface that is named for the whole film. */
struct marker {
    const char *name;
    double xy[2];
    bool star;
};

struct surface {
    struct plot plot;
    bool curve; /* one parameter: its loss as a line */
    struct plane plane;
    struct bands bands;
    struct paths paths;
    struct marker markers[MARKERS_MAX];
    size_t marker_count;
    double *curve_xy; /* owned: CURVE_POINTS points, px */
    char *note;       /* owned: as it fits */
    char *x_name;     /* owned */
    const struct view *view;
};

/* What placing made. */
static void surface_forget(struct surface *s)
{
    orl_plane_uninit(&s->plane);
    orl_bands_uninit(&s->bands);
    orl_paths_uninit(&s->paths);
    free(s->curve_xy);
    free(s->note);
    free(s->x_name);
    *s = (struct surface){0};
}

static void surface_destroy(struct panel *panel)
{
    if (panel->state)
        surface_forget(panel->state);
    free(panel->state);
    panel->state = NULL;
}

/* ---- Where things are ------------------------------------------------------------------------ */

static void point_px(const struct surface *s, const double *parameters, double loss, double xy[2])
{
    double ab[2] = {parameters[0], loss};
    if (!s->curve)
        orl_plane_project(&s->plane, parameters, ab);
    xy[0] = orl_axis_px(&s->plot.x, ab[0]);
    xy[1] = orl_axis_px(&s->plot.y, ab[1]);
}

static void row_px(const void *context, size_t run, size_t row, double xy[2])
{
    const struct surface *s = context;
    const struct orl_trace *trace = s->view->runs[run].trace;
    point_px(s, trace->values + row * trace->parameter_count, trace->loss ? trace->loss[row] : NAN,
             xy);
}

static void add_marker(struct surface *s, const char *name, const double *parameters, bool star)
{
    const struct orl_rect *area = &s->plot.area;
    struct marker *marker = &s->markers[s->marker_count];
    double loss = s->curve ? orl_bands_loss(s->view, &s->bands, 0, parameters) : 0.0;
    point_px(s, parameters, loss, marker->xy);
    bool inside = marker->xy[0] >= area->x && marker->xy[0] <= area->x + area->width &&
                  marker->xy[1] >= area->y && marker->xy[1] <= area->y + area->height;
    for (size_t i = 0; inside && i < s->marker_count;
         i++) /* one star where two would cover each other */
        inside = s->markers[i].star != star ||
                 hypot(marker->xy[0] - s->markers[i].xy[0], marker->xy[1] - s->markers[i].xy[1]) >
                     s->view->size.text;
    if (!inside || s->marker_count == MARKERS_MAX)
        return;
    marker->name = name;
    marker->star = star;
    s->marker_count++;
}

/* The goal and the start. */
static int find_markers(struct surface *s, struct orl_error *err)
{
    const struct orl_problem *problem = s->view->runs[0].problem;
    const double *truth = orl_problem_truth(problem);
    bool data = orl_problem_data(problem) != NULL;
    if (truth) {
        bool off = !s->curve && !s->plot.cell && orl_plane_distance(&s->plane, truth) > OFF_PLANE;
        const char *name = data ? "truth" : "minimum",
                   *whole = data ? "truth, off this plane" : "minimum, off this plane";
        double room = LABEL_MOST * s->plot.area.width; /* in a small plot it would hide the ways */
        add_marker(s,
                   off && orl_letters_width(s->view->measure, whole, s->view->size.text, false) <=
                               room
                       ? whole
                       : name,
                   truth, true);
    }
    double *best = orl_calloc(orl_problem_parameter_count(problem), sizeof *best);
    if (!best)
        return orl_fail_memory(err);
    if (orl_problem_best_fit(problem, s->view->workspaces[0], best))
        add_marker(s, "best fit", best, true);
    free(best);
    const struct orl_trace *trace = s->view->runs[0].trace;
    add_marker(s, "start", trace->values, false);
    return ORL_OK;
}

/* ---- Making ---------------------------------------------------------------------------------- */

static int check_runs(const struct view *view, struct orl_error *err)
{
    for (size_t r = 0; r < view->run_count; r++) {
        const struct orl_film_run *run = &view->runs[r];
        if (!run->problem)
            return orl_fail(err, ORL_EINPUT,
                            "a surface panel needs the model of every run; '%s' has none",
                            run->name);
        if (run->problem != view->runs[0].problem)
            return orl_fail(err, ORL_EINPUT,
                            "a surface panel shows runs on one problem; '%s' has another one",
                            run->name);
        if (run->trace->parameter_count != orl_problem_parameter_count(run->problem))
            return orl_fail(err, ORL_EINPUT, "a surface panel needs all parameters of '%s'",
                            run->name);
    }
    return ORL_OK;
}

/* Room for the line under the plot's right end, where the x axis has its name. */
static int fit_note(struct surface *s, struct orl_error *err)
{
    double text = s->view->size.text;
    double room = s->plot.area.width -
                  orl_letters_width(s->view->measure, s->plot.x_name, text, false) - 1.5 * text;
    if (s->plane.note) {
        bool fits = orl_letters_width(s->view->measure, s->plane.note, text, false) <= room;
        s->note = orl_letters_fit(s->view->measure, fits ? s->plane.note : s->plane.short_note,
                                  text, false, room);
    }
    return s->plane.note && !s->note ? orl_fail_memory(err) : ORL_OK;
}

static int make_plane(const struct view *view, struct panel *panel, struct surface *s,
                      struct orl_error *err)
{
    const struct plane_choice choice = {
        .parameters = panel->values ? panel->values[SETTING_PARAMETERS].text : NULL,
        .pca = panel->values && panel->values[SETTING_PLANE].number == 1.0,
        .widest = 0.4 * panel->box.width,
    };
    double count = panel->values ? panel->values[SETTING_BANDS].number : 16.0;
    int ret = orl_plane_choose(view, &choice, &s->plane, err);
    if (ret != ORL_OK)
        return ret;
    orl_plane_ranges(view, &s->plane, &s->plot.x, &s->plot.y);
    s->plot.x_name = s->plane.names[0];
    s->plot.y_name = s->plane.names[1];
    s->plot.footnote = true;
    s->plot.note = s->plane.note;
    orl_plot_place(view, panel, &s->plot, panel->box, 0.0);
    ret = orl_bands_make(view, panel->first, &s->plane, &s->plot, (size_t)fmax(count, 2.0),
                         &s->bands, err);
    panel->fill_count = s->bands.count;
    memcpy(panel->fills, s->bands.colors, s->bands.count * sizeof *panel->fills);
    return ret == ORL_OK ? fit_note(s, err) : ret;
}

/* One parameter: the range of the runs, and the loss there, cut where only strays go. */
static void curve_ranges(const struct view *view, struct surface *s)
{
    const double *domain = orl_problem_domain(view->runs[0].problem),
                 *truth = orl_problem_truth(view->runs[0].problem);
    double low = truth ? truth[0] : INFINITY, high = truth ? truth[0] : -INFINITY, top = -INFINITY,
           bottom = INFINITY;
    double most = orl_surface_loss_limit(view);
    for (size_t r = 0; r < view->axis_count; r++)
        for (size_t row = 0; row < view->runs[r].trace->rows; row++) {
            const struct orl_trace *trace = view->runs[r].trace;
            if (!orl_surface_row_counts(view, r, row, most))
                continue;
            low = fmin(low, trace->values[row]);
            high = fmax(high, trace->values[row]);
            top = trace->loss ? fmax(top, trace->loss[row]) : top;
        }
    if (domain && domain[0] < domain[1])
        orl_axis_range(&s->plot.x, SCALE_LINEAR, domain[0], domain[1], 0.0);
    else
        orl_axis_range(&s->plot.x, SCALE_LINEAR, low, high, 0.25);
    double all_top = -INFINITY;
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        double *point = s->curve_xy + 2 * i;
        point[0] =
            s->plot.x.low + (s->plot.x.high - s->plot.x.low) * (double)i / (CURVE_POINTS - 1);
        point[1] = orl_bands_loss(view, &s->bands, 0, point);
        bottom = isfinite(point[1]) ? fmin(bottom, point[1]) : bottom;
        all_top = isfinite(point[1]) ? fmax(all_top, point[1]) : all_top;
    }
    top = isfinite(top) && top > bottom ? fmin(all_top, top + 0.5 * (top - bottom)) : all_top;
    orl_axis_range(&s->plot.y, SCALE_LINEAR, bottom, top, 0.07);
}

static int make_curve(const struct view *view, struct panel *panel, struct surface *s,
                      struct orl_error *err)
{
    s->curve_xy = orl_calloc(CURVE_POINTS, 2 * sizeof *s->curve_xy);
    char *name = orl_name_pretty(orl_problem_parameter(view->runs[0].problem, 0));
    s->x_name = name
                    ? orl_letters_fit(view->measure, name, view->size.text, false, panel->box.width)
                    : NULL;
    free(name);
    if (!s->curve_xy || !s->x_name)
        return orl_fail_memory(err);
    orl_bands_colors(view, 2, &s->bands);
    curve_ranges(view, s);
    s->plot.x_name = s->x_name;
    s->plot.y_name = view->quantity;
    s->plot.footnote = true;
    orl_plot_place(view, panel, &s->plot, panel->box, 0.0);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        s->curve_xy[2 * i] = orl_axis_px(&s->plot.x, s->curve_xy[2 * i]);
        s->curve_xy[2 * i + 1] = orl_axis_px(&s->plot.y, s->curve_xy[2 * i + 1]);
    }
    return ORL_OK;
}

static int make_paths(const struct panel *panel, struct surface *s, struct orl_error *err)
{
    const struct view *view = s->view;
    s->paths.view = view;
    s->paths.row_px = row_px;
    s->paths.context = s;
    s->paths.area = s->plot.area;
    s->paths.width = view->size.line * (panel->count == 1 ? 0.85 : panel->count <= 8 ? 0.75 : 0.55);
    s->paths.halo = s->bands.paper;
    int ret = orl_paths_make(&s->paths, panel, err);
    struct way_point points[MARKERS_MAX];
    for (size_t i = 0; i < s->marker_count; i++)
        points[i] =
            (struct way_point){s->markers[i].name, {s->markers[i].xy[0], s->markers[i].xy[1]}};
    return ret == ORL_OK ? orl_paths_label(&s->paths, points, s->marker_count, !s->plot.cell, err)
                         : ret;
}

static int surface_create(const struct view *view, struct panel *panel, struct orl_error *err)
{
    int ret = check_runs(view, err);
    if (ret != ORL_OK)
        return ret;
    panel->state = orl_calloc(1, sizeof(struct surface));
    return panel->state ? ORL_OK : orl_fail_memory(err);
}

static int surface_place(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct surface *s = panel->state;
    surface_forget(s);
    s->view = view;
    s->curve = orl_problem_parameter_count(view->runs[0].problem) == 1;
    int ret = orl_bands_pick_rows(view->runs[0].problem, &s->bands, err);
    if (ret == ORL_OK)
        ret = s->curve ? make_curve(view, panel, s, err) : make_plane(view, panel, s, err);
    if (ret == ORL_OK)
        ret = find_markers(s, err);
    return ret == ORL_OK ? make_paths(panel, s, err) : ret;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_star(const struct view *view, const struct marker *marker, struct orl_color paper,
                      struct orl_picture *picture)
{
    double xy[22], outer = 0.62 * view->size.text, line = fmax(1.0, 0.5 * view->size.line);
    for (int i = 0; i <= 10; i++) {
        double angle = 3.14159265358979323846 * (i / 5.0 - 0.5),
               radius = i % 2 ? 0.42 * outer : outer;
        xy[2 * i] = marker->xy[0] + radius * cos(angle);
        xy[2 * i + 1] = marker->xy[1] + radius * sin(angle);
    }
    orl_mark_faint(orl_picture_line(picture, xy, 11, 2.0 * line, paper)); /* its halo */
    orl_mark_faint(orl_picture_area(picture, xy, 10, view->theme->ink));
}

static void draw_stars(const struct surface *s, struct orl_picture *picture)
{
    for (size_t i = 0; i < s->marker_count; i++)
        if (s->markers[i].star)
            draw_star(s->view, &s->markers[i], s->bands.paper, picture);
}

/* The start: on the ways, whose halos would cut it where they begin. */
static void draw_rings(const struct surface *s, struct orl_picture *picture)
{
    for (size_t i = 0; i < s->marker_count; i++) {
        if (s->markers[i].star)
            continue;
        struct orl_mark *mark =
            orl_picture_dots(picture, s->markers[i].xy, 1, 1.8 * s->view->size.line,
                             ORL_MARKER_RING, s->view->theme->ink);
        if (mark) {
            mark->halo = s->bands.paper;
            mark->halo_px = 0.5 * s->view->size.line;
        }
    }
}

#define KEY_WIDTH  6.7 /* of the text size */
#define KEY_NARROW 3.4

/* What the colours mean, above the plot's right end: the lowest and the highest loss, and the bands
 * between; narrower, or not at all, where there is less room. */
static void draw_key(const struct surface *s, struct orl_picture *picture)
{
    const struct view *view = s->view;
    char low[PEOPLE_SIZE], number[PEOPLE_SIZE], high[PEOPLE_SIZE + 8];
    double text = view->size.text, right = s->plot.area.x + s->plot.area.width,
           y = s->plot.area.y - 0.6 * text;
    orl_people_figures(low, s->bands.lowest, 2);
    orl_people_figures(number, s->bands.highest, 2);
    snprintf(high, sizeof high, s->bands.open ? "≥ %s" : "%s", number);
    double words = orl_letters_width(view->measure, low, text, false) +
                   orl_letters_width(view->measure, high, text, false) +
                   orl_letters_width(view->measure, view->quantity, text, false) + 1.5 * text;
    double room = s->plot.area.width -
                  orl_letters_width(view->measure, s->plot.y_name, text, false) - text - words;
    if (s->plot.cell || !(s->bands.highest > s->bands.lowest) || room < KEY_NARROW * text)
        return;
    double width = fmin(room, KEY_WIDTH * text), box = width / (double)s->bands.count,
           thin = fmax(1.0, view->size.line / 3.0);
    orl_picture_text(picture, right, y, 1.0, text, false, view->theme->muted, high);
    right -= orl_letters_width(view->measure, high, text, false) + 0.4 * text;
    struct orl_rect frame = {right - width - thin, y - 0.62 * text - thin, width + 2.0 * thin,
                             0.55 * text + 2.0 * thin};
    orl_mark_faint(orl_picture_rect(
        picture, frame, view->theme->axis)); /* the lowest band may be as pale as the paper */
    for (size_t k = 0; k < s->bands.count; k++) {
        right -= box;
        orl_mark_faint(orl_picture_rect(picture,
                                        (struct orl_rect){right, y - 0.62 * text, box, 0.55 * text},
                                        s->bands.colors[k]));
    }
    right -= 0.4 * text;
    orl_picture_text(picture, right, y, 1.0, text, false, view->theme->muted, low);
    right -= orl_letters_width(view->measure, low, text, false) + 0.5 * text;
    orl_picture_text(picture, right, y, 1.0, text, false, view->theme->muted, view->quantity);
}

static void draw_frame(const struct surface *s, struct orl_picture *picture)
{
    const struct orl_rect *a = &s->plot.area;
    const double xy[] = {a->x,
                         a->y,
                         a->x + a->width,
                         a->y,
                         a->x + a->width,
                         a->y + a->height,
                         a->x,
                         a->y + a->height,
                         a->x,
                         a->y};
    orl_mark_faint(orl_picture_line(picture, xy, 5, fmax(1.0, s->view->size.line / 3.0),
                                    s->view->theme->axis));
}

static void surface_still(const struct view *view, const struct panel *panel,
                          struct orl_picture *picture)
{
    const struct surface *s = panel->state;
    orl_plot_still(view, &s->plot, picture);
    if (s->curve) {
        orl_picture_clipped_line(picture, s->curve_xy, CURVE_POINTS, s->plot.area, view->size.line,
                                 view->theme->truth);
    } else {
        orl_bands_draw(view, &s->bands, s->plot.area, picture);
        draw_frame(s, picture);
        draw_key(s, picture);
    }
    if (s->note && !s->plot.cell)
        orl_picture_text(picture, s->plot.area.x,
                         s->plot.area.y + s->plot.area.height + 2.5 * view->size.text, 0.0,
                         view->size.text, false, view->theme->muted, s->note);
    draw_stars(s, picture);
    orl_way_labels_still(&s->paths.labels, s->bands.paper, picture);
}

static void surface_moving(const struct view *view, const struct panel *panel, size_t frame,
                           struct orl_picture *picture)
{
    const struct surface *s = panel->state;
    (void)view;
    orl_paths_draw_ways(&s->paths, frame, picture);
    draw_rings(s, picture);
    orl_paths_draw_heads(&s->paths, frame, picture);
}

static bool surface_suits(const struct orl_film_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!runs[i].problem || runs[i].problem != runs[0].problem ||
            runs[i].trace->parameter_count != orl_problem_parameter_count(runs[i].problem))
            return false;
    return true;
}

/* Where the run stands in the plane; what is outside stands at the edge. */
static size_t surface_pose(const struct view *view, const struct panel *panel, size_t run,
                           size_t row, double *px, size_t capacity)
{
    const struct surface *s = panel->state;
    const struct orl_rect *area = &s->plot.area;
    (void)view;
    if (capacity < 2)
        return 0;
    row_px(s, run, row, px);
    px[0] = fmin(fmax(px[0], area->x), area->x + area->width);
    px[1] = fmin(fmax(px[1], area->y), area->y + area->height);
    return 2;
}

static const struct orl_panel_ops surface_ops = {.create = surface_create,
                                                 .place = surface_place,
                                                 .destroy = surface_destroy,
                                                 .still = surface_still,
                                                 .moving = surface_moving};

const struct orl_panel_desc orl_panel_surface = {
    .name = "surface",
    .title = "Loss surface",
    .description = "bands of the loss over two parameters, with the way of every run",
    .settings = surface_settings,
    .suits = surface_suits,
    .pose = surface_pose,
    .one_problem = true,
    .ops = &surface_ops,
};
