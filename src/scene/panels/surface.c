/* The loss over two parameters as bands, with the paths of the runs; for a model with one parameter
 * the loss as a curve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "scene/panels/axes.h"
#include "scene/panels/surface.h"

enum { SETTING_PARAMETERS, SETTING_PLANE, SETTING_BANDS };
static const char *const plane_choices[] = {"slice", "pca", NULL};

static const struct orl_setting surface_settings[] = {
    [SETTING_PARAMETERS] =
        {.name = "parameters",
         .type = ORL_SETTING_NAMES,
         .parameters = true,
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
                       .initial = LEVELS,
                       .minimum = 4,
                       .maximum = LEVELS_MAX,
                       .description = "at how many levels the loss is cut into bands of colour"},
    ORL_AXIS_PARTS("x"),
    ORL_AXIS_PARTS("y"),
    {0},
};

#define WIDEST_NAME 0.4  /* of the panel's width */
#define OFF_PLANE   0.05 /* parts of a parameter's size: nearer, the truth is where it shows */
#define CELL_SCALE  0.7  /* of marks in small multiples */
/* Paths are so wide, in lines; less wide where many stay close together. */
#define PATH_WIDTH 1.33
#define PATH_DENSE 1.17
#define PATH_CROWD 0.7
#define NOTE_MOST  0.6 /* of the plot's width */
enum { DENSE = 4, CROWD = 12 };

struct surface {
    struct plot plot;
    bool curve; /* one parameter: its loss as a line */
    struct plane plane;
    struct ground ground;
    struct paths paths;
    struct places places;
    struct name_plan names;
    struct triangle *triangles; /* owned: of the panel's runs; NULL: there is no room for them */
    size_t triangle_count;
    struct orl_rect blocks[WORDS_MAX + GOALS_MAX + 2]; /* words that always stand there */
    size_t block_count;
    double *curve_xy; /* owned: CURVE_POINTS points, px */
    char *note;       /* owned: as it fits; NULL */
    char *x_name;     /* owned: of a curve */
    const struct view *view;
};

/* What placing made. */
static void surface_forget(struct surface *s)
{
    orl_plane_uninit(&s->plane);
    orl_ground_uninit(&s->ground);
    orl_paths_uninit(&s->paths);
    orl_names_uninit(&s->names);
    for (size_t i = 0; s->triangles && i < s->triangle_count; i++)
        orl_triangle_uninit(&s->triangles[i]);
    free(s->triangles);
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

/* Mark a place, where it lies inside; where it would cover another goal, that one stands for both.
 */
static void add_place(struct surface *s, enum place_kind kind, const char *name,
                      const double *parameters)
{
    const struct orl_rect *area = &s->plot.area;
    struct place *place = &s->places.items[s->places.count];
    double loss = s->curve ? orl_ground_loss(s->view, &s->ground, 0, parameters) : 0.0;
    point_px(s, parameters, loss, place->xy);
    bool shown = place->xy[0] >= area->x && place->xy[0] <= area->x + area->width &&
                 place->xy[1] >= area->y && place->xy[1] <= area->y + area->height;
    for (const struct place *other = s->places.items; shown && other < place; other++)
        shown = kind == PLACE_START || other->kind == PLACE_START ||
                hypot(place->xy[0] - other->xy[0], place->xy[1] - other->xy[1]) >
                    orl_places_goal_radius(s->view, s->paths.scale);
    if (!shown || s->places.count == ORL_COUNT(s->places.items))
        return;
    place->kind = kind;
    place->name = name;
    if (kind == PLACE_GOAL && s->paths.goal_count < GOALS_MAX)
        memcpy(s->paths.goals[s->paths.goal_count++], place->xy, sizeof place->xy);
    s->places.count++;
}

/* The goals, then the start. Where data have a best fit that is the goal; the truth, where it lies
 * elsewhere, has a cross. In small multiples the first cell names them for all. */
static void find_places(struct surface *s, const struct panel *panel, const double *best)
{
    const struct orl_problem *problem = s->view->runs[0].problem;
    size_t known;
    const double *truth = orl_problem_truths(problem, &known);
    bool data = orl_problem_data(problem) != NULL, named = !panel->cell.is || panel->first == 0;
    bool off = truth && !s->curve && orl_plane_distance(&s->plane, truth) > OFF_PLANE;
    if (best)
        add_place(s, PLACE_GOAL, named ? "best fit" : NULL, best);
    if (truth && (best || off))
        add_place(s, PLACE_TRUTH,
                  !named ? NULL
                  : data ? "truth"
                         : "minimum, off this plane",
                  truth);
    else
        for (size_t k = 0; k < known; k++)
            add_place(s, PLACE_GOAL,
                      !named || k ? NULL
                      : data      ? "truth"
                                  : "minimum",
                      truth + k * orl_problem_parameter_count(problem));
    add_place(s, PLACE_START, named ? "start" : NULL, s->view->runs[0].trace->values);
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

/* What of the space is shown, where that is not all of it. */
static int make_note(struct surface *s, struct orl_error *err)
{
    double text = s->view->size.text, room = NOTE_MOST * s->plot.area.width;
    if (!s->plane.note || s->plot.cell)
        return ORL_OK;
    bool fits = orl_letters_width(s->view->measure, s->plane.note, text, false) <= room;
    s->note = orl_letters_fit(s->view->measure, fits ? s->plane.note : s->plane.short_note, text,
                              false, room);
    return s->note ? ORL_OK : orl_fail_memory(err);
}

/* The surface fills its whole box: numbers and names stand inside it. */
static void place_plot(struct panel *panel, struct plot *plot)
{
    plot->area = panel->box;
    plot->left = panel->box.x;
    plot->right = panel->box.x + panel->box.width;
    plot->x.first = plot->area.x;
    plot->x.last = plot->area.x + plot->area.width;
    plot->y.first = plot->area.y + plot->area.height;
    plot->y.last = plot->area.y;
    plot->cell = panel->cell.is;
    if (!panel->cell.is)
        return;
    panel->cell.area = plot->area;
    panel->cell.x_name = plot->x_name;
    panel->cell.y_name = plot->y_name;
    panel->cell.note = plot->note;
}

/* The part of the plane that the film asks for. */
static void limit_plane(const struct panel *panel, struct surface *s)
{
    const struct axis x = s->plot.x, y = s->plot.y;
    orl_panel_limit(panel, "x", &s->plot.x);
    orl_panel_limit(panel, "y", &s->plot.y);
    if (s->plot.x.low != x.low || s->plot.x.high != x.high || s->plot.y.low != y.low ||
        s->plot.y.high != y.high)
        s->plane.stretch = (s->plot.x.high - s->plot.x.low) / s->plot.area.width /
                           ((s->plot.y.high - s->plot.y.low) / s->plot.area.height);
}

static int make_plane(const struct view *view, struct panel *panel, struct surface *s,
                      const double *best, struct orl_error *err)
{
    const struct plane_choice choice = {
        .parameters = panel->values ? panel->values[SETTING_PARAMETERS].names : NULL,
        .pca = panel->values && panel->values[SETTING_PLANE].number == 1.0,
        .widest = WIDEST_NAME * panel->box.width,
    };
    double levels = panel->values ? panel->values[SETTING_BANDS].number : LEVELS;
    int ret = orl_plane_choose(view, &choice, &s->plane, err);
    if (ret != ORL_OK)
        return ret;
    s->plot.x_name = orl_panel_label(panel, "x", s->plane.names[0]);
    s->plot.y_name = orl_panel_label(panel, "y", s->plane.names[1]);
    s->plot.note = s->plane.note;
    place_plot(panel, &s->plot);
    orl_plane_ranges(view, &s->plane, best, s->plot.area, s->plot.cell, &s->plot.x, &s->plot.y);
    limit_plane(panel, s);
    ret = orl_ground_make(view, panel->first, &s->plane, &s->plot, (size_t)fmax(levels, 2.0),
                          &s->ground, err);
    panel->fill_count = s->ground.levels + 1;
    memcpy(panel->fills, s->ground.colors, panel->fill_count * sizeof *panel->fills);
    return ret == ORL_OK ? make_note(s, err) : ret;
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
    s->plot.x_name = s->x_name;
    orl_surface_curve(view, panel, &s->ground, &s->plot, s->curve_xy);
    s->ground.colors[0] = view->theme->background;
    return ORL_OK;
}

static int make_paths(const struct panel *panel, struct surface *s, struct orl_error *err)
{
    const struct view *view = s->view;
    s->paths.view = view;
    s->paths.ground = &s->ground;
    s->paths.row_px = row_px;
    s->paths.context = s;
    s->paths.area = s->plot.area;
    s->paths.width = view->size.line * s->paths.scale *
                     (panel->count > CROWD   ? PATH_CROWD
                      : panel->count > DENSE ? PATH_DENSE
                                             : PATH_WIDTH);
    s->paths.casing = s->curve ? view->theme->background : view->theme->casing;
    s->paths.goal_radius = orl_places_goal_radius(view, s->paths.scale);
    return orl_paths_make(&s->paths, panel, err);
}

static int surface_make(const struct view *view, struct panel *panel, struct surface *s,
                        struct orl_error *err)
{
    const struct orl_problem *problem = view->runs[0].problem;
    double *best = orl_calloc(orl_problem_parameter_count(problem), sizeof *best);
    if (!best)
        return orl_fail_memory(err);
    bool known = orl_problem_best_fit(problem, view->workspaces[0], best);
    int ret = orl_ground_pick_rows(problem, &s->ground, err);
    if (ret == ORL_OK)
        ret = s->curve ? make_curve(view, panel, s, err)
                       : make_plane(view, panel, s, known ? best : NULL, err);
    if (ret == ORL_OK)
        find_places(s, panel, known ? best : NULL);
    free(best);
    return ret == ORL_OK ? make_paths(panel, s, err) : ret;
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
    s->paths.scale = panel->cell.is ? CELL_SCALE : 1.0;
    int ret = surface_make(view, panel, s, err);
    if (ret == ORL_OK)
        orl_places_name(&s->places, &s->paths);
    return ret;
}

static size_t draw_axes(const struct surface *s, struct orl_rect *boxes,
                        struct orl_picture *picture)
{
    const struct surface_axes axes = {s->view, &s->plot,        &s->places,
                                      s->note, s->names.column, s->paths.casing};
    return s->curve || s->plot.cell || s->view->card ? 0 : orl_places_axes(&axes, boxes, picture);
}

/* Of updates that momentum and gradient make together, the two sides. */
static int make_triangles(const struct view *view, const struct panel *panel, struct surface *s,
                          struct orl_error *err)
{
    int ret = ORL_OK;
    if (s->curve || s->plot.cell || view->card || s->triangles)
        return ORL_OK;
    s->triangles = orl_calloc(panel->count, sizeof *s->triangles);
    if (!s->triangles)
        return orl_fail_memory(err);
    s->triangle_count = panel->count;
    for (size_t i = 0; ret == ORL_OK && i < panel->count; i++)
        ret = orl_triangle_make(view, panel->first + i, &s->triangles[i], err);
    return ret;
}

static void list_blocks(struct surface *s)
{
    s->block_count = draw_axes(s, s->blocks, NULL);
    for (size_t i = 0; i < s->places.count; i++)
        if (s->places.items[i].name)
            s->blocks[s->block_count++] = s->places.items[i].box;
}

/* Names are planned once the pace is known, for it says which rows are seen. */
static int surface_settle(const struct view *view, struct panel *panel, struct orl_error *err)
{
    struct surface *s = panel->state;
    double start[2];
    int ret = make_triangles(view, panel, s, err);
    if (ret == ORL_OK && panel->count > 1) {
        panel->names_runs = true;
        row_px(s, panel->first, 0, start);
        ret = orl_names_choose(&s->names, &s->paths, start, err);
    }
    if (ret != ORL_OK)
        return ret;
    list_blocks(s);
    return panel->count > 1 ? orl_names_plan(&s->names, s->blocks, s->block_count, err) : ORL_OK;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void surface_still(const struct view *view, const struct panel *panel,
                          struct orl_picture *picture)
{
    const struct surface *s = panel->state;
    struct orl_rect boxes[WORDS_MAX];
    if (s->curve) {
        orl_plot_still(view, &s->plot, picture);
        orl_picture_clipped_line(picture, s->curve_xy, CURVE_POINTS, s->plot.area, view->size.line,
                                 view->theme->truth);
    } else {
        orl_ground_draw(view, &s->ground, s->plot.area, picture);
        draw_axes(s, boxes, picture);
    }
    orl_places_draw(view, &s->places, &s->paths, picture);
}

static void surface_moving(const struct view *view, const struct panel *panel, size_t frame,
                           struct orl_picture *picture)
{
    const struct surface *s = panel->state;
    const struct triangle_ground ground = {s->blocks, s->block_count};
    size_t told = panel->count == 1 ? panel->first : orl_view_told(view, frame);
    orl_paths_draw_ways(&s->paths, frame, picture);
    orl_paths_draw_heads(&s->paths, frame, picture);
    if (panel->count > 1)
        orl_names_draw(&s->names, frame, picture);
    if (s->triangles && told >= panel->first && told < panel->first + panel->count)
        orl_triangle_draw(&s->triangles[told - panel->first], &s->paths, &ground, told, frame,
                          picture);
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
                                                 .settle = surface_settle,
                                                 .destroy = surface_destroy,
                                                 .still = surface_still,
                                                 .moving = surface_moving};

const struct orl_panel_desc orl_panel_surface = {
    .name = "surface",
    .title = "Loss surface",
    .description = "bands of the loss over two parameters, with the path of every run",
    .settings = surface_settings,
    .suits = surface_suits,
    .pose = surface_pose,
    .place_in_plane = true,
    .one_problem = true,
    .ops = &surface_ops,
};

double orl_surface_stretch(const struct view *view, const size_t pair[2])
{
    for (size_t i = 0; i < view->panel_count; i++) {
        const struct panel *panel = &view->panels[i];
        const struct surface *s = panel->state;
        if (panel->desc != &orl_panel_surface || !s->view || s->curve || s->plane.pca ||
            s->plane.pair[0] != pair[0] || s->plane.pair[1] != pair[1])
            continue;
        const struct axis *x = &s->plot.x, *y = &s->plot.y;
        return fabs((y->last - y->first) / (y->high - y->low)) /
               fabs((x->last - x->first) / (x->high - x->low));
    }
    return NAN;
}
