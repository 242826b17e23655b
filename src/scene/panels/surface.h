/* The surface panel's parts: the plane that it shows, the bands of loss on it, and the paths of the
 * runs over it. */
#ifndef ORL_SCENE_SURFACE_H
#define ORL_SCENE_SURFACE_H

#include "scene/marks/contour.h"
#include "scene/panels/frame.h"

struct paths;

/* ---- surface_plane.c: which two directions of the parameters' space are shown ---------------- */

/* A point of the plane is origin + a·u + b·v, with every parameter measured in its own `scale`. */
struct plane {
    size_t parameters; /* n */
    bool pca;
    size_t pair[2]; /* a slice: the parameters that are its axes; a and b are their values */
    double *origin, *u, *v; /* owned: n numbers each */
    double *scale;          /* owned: size of each parameter's values over all runs, > 0 */
    double *point;          /* owned: scratch */
    double share[2];        /* pca: of the movement's variance */
    double stretch;         /* how many times y is drawn larger than x; 1: to one scale */
    bool astray;            /* a slice: through the start, since all runs went astray */
    char *names[2];         /* owned: of the axes */
    char *note; /* owned: what of the space is shown: "slice at γ = 9.89, paths projected", NULL:
                   all of it */
    char *short_note; /* owned: the same where there is less room */
};

struct plane_choice {
    char *const
        *parameters; /* borrowed: two names; NULL: the two that move most against their size */
    bool pca;
    double widest; /* of an axis' name, px */
};

/* Runs with the same parameters, at least two. ORL_EINPUT where a parameter's name is unknown. */
int orl_plane_choose(const struct view *view, const struct plane_choice *choice,
                     struct plane *plane, struct orl_error *err);
void orl_plane_uninit(struct plane *plane);
void orl_plane_project(const struct plane *plane, const double *parameters, double ab[2]);
void orl_plane_point(const struct plane *plane, double a, double b, double *parameters);
/* How far a point lies off the plane, in scales of the parameter that is furthest from it. */
double orl_plane_distance(const struct plane *plane, const double *parameters);
/* The part of the plane that is shown in `area`: where the runs go, with their start, the truth and
 * the best fit (`best`, parameters; or NULL). Both axes have one scale, and the plane fills the
 * area; only where one extent is more than four times the other does each fill it by itself
 * (plane->stretch says by how much y is then larger). */
void orl_plane_ranges(const struct view *view, struct plane *plane, const double *best,
                      struct orl_rect area, bool cell, struct axis *x, struct axis *y);

/* A row that counts for axes and planes: finite, and its loss not far above where the runs began.
 */
bool orl_surface_row_counts(const struct view *view, size_t run, size_t row, double most);
/* The loss up to which rows count. */
double orl_surface_loss_limit(const struct view *view);
/* How many times the film's surface over these two parameters draws the second one larger than the
 * first; NAN: it has none, or it is not placed yet. */
double orl_surface_stretch(const struct view *view, const size_t pair[2]);

/* ---- surface_ground.c: the loss over the plane as bands of colour ---------------------------- */

enum { LEVELS = 13, LEVELS_MAX = 20, SURFACE_POINTS_MAX = 2000 };

struct ground {
    size_t levels;                    /* 0: the plane is flat */
    struct outline all;               /* owned: where the loss is finite */
    struct outline below[LEVELS_MAX]; /* owned: of each level, rising */
    struct outline lines[LEVELS_MAX]; /* owned: the same, each loop closed */
    struct orl_color
        colors[LEVELS_MAX + 1]; /* of what lies below each level; the last: above all */
    double lowest;              /* the least loss known on the plane */
    bool holes;                 /* some of the plane has no finite loss */
    uint32_t *rows;             /* owned: the data points that losses are taken from;
                                   NULL: all */
    size_t row_count;
    double share; /* a sum over them is this part of the whole sum */
};

/* Pick the fixed data points (at most SURFACE_POINTS_MAX). */
int orl_ground_pick_rows(const struct orl_problem *problem, struct ground *ground,
                         struct orl_error *err);
double orl_ground_loss(const struct view *view, const struct ground *ground, size_t run,
                       const double *parameters);
/* Evaluate the loss over the plane inside the plot's area and cut it at `levels` levels. */
int orl_ground_make(const struct view *view, size_t run, const struct plane *plane,
                    const struct plot *plot, size_t levels, struct ground *ground,
                    struct orl_error *err);
/* The colours of the bands, from the theme. */
void orl_ground_colors(const struct theme *theme, struct ground *ground);
void orl_ground_uninit(struct ground *ground);
void orl_ground_draw(const struct view *view, const struct ground *ground, struct orl_rect area,
                     struct orl_picture *picture);

/* ---- surface_places.c: start, goals, and the axes' words --------------------------------------
 */

enum { GOALS_MAX = 8, WORDS_MAX = 24 };

enum place_kind { PLACE_START, PLACE_GOAL, PLACE_TRUTH };

/* A place on the surface that is marked for the whole film. */
struct place {
    enum place_kind kind;
    const char *name;    /* a literal; NULL: it is named elsewhere already */
    double xy[2];        /* px */
    double word[2];      /* left end and baseline of its name, px; NaN: there was no room */
    struct orl_rect box; /* of the name */
    bool led;            /* the name is so far away that a hairline leads to it, ... */
    double leader[4];    /* ... from the mark to the name, px */
};

struct places {
    struct place items[GOALS_MAX + 2];
    size_t count;
};

/* Choose where the names of the places go: clear of the paths where they can be, the start's on the
 * side away from the goal. `paths` are made. */
void orl_places_name(struct places *places, const struct paths *paths);
/* Rings, crosses and names. */
void orl_places_draw(const struct view *view, const struct places *places,
                     const struct paths *paths, struct orl_picture *picture);
/* The radius of a goal's ring, px. */
double orl_places_goal_radius(const struct view *view, double scale);
/* What the axes' words need to know. All borrowed. */
struct surface_axes {
    const struct view *view;
    const struct plot *plot;
    const struct places *places;
    const char *note;         /* what of the space is shown; NULL: all of it */
    struct orl_rect keep_off; /* where names begin */
    struct orl_color casing;
};

/* Ticks on the edges, at most three numbers an axis and the axes' names, all inside the plot; what
 * would stand near a place is left out. Boxes of the words are put into `boxes` (WORDS_MAX), their
 * number is returned; `picture` NULL: nothing is drawn. */
size_t orl_places_axes(const struct surface_axes *axes, struct orl_rect *boxes,
                       struct orl_picture *picture);

/* ---- surface_curve.c: one parameter, the loss as a curve ---------------------------------------
 */

enum { CURVE_POINTS = 400 };

/* The curve's points, px, in xy (CURVE_POINTS pairs), and the plot's ranges from the runs; the plot
 * is placed in the panel's box. */
void orl_surface_curve(const struct view *view, struct panel *panel, const struct ground *ground,
                       struct plot *plot, double *xy);

/* ---- surface_path.c: the paths of the runs, thinned to what can be seen -----------------------
 */

/* Where a run's rows lie, px. */
typedef void orl_row_px(const void *context, size_t run, size_t row, double xy[2]);

/* The path of a run. */
struct path {
    double *xy;     /* owned: px, unclipped; a NaN pair lifts the pen */
    size_t *rows;   /* owned: the trace row of each point */
    double *length; /* owned: px along the path up to each point */
    size_t count;
    double tone; /* the share of the run's colour that its oldest part keeps */
};

/* How a run leaves the plot for good. */
struct path_end {
    size_t exit_row; /* past its last row: it does not */
    double exit[2];  /* where it crosses the edge, px */
};

struct paths {
    /* set by whoever makes them */
    const struct view *view;     /* borrowed */
    const struct ground *ground; /* borrowed: its colours are set */
    orl_row_px *row_px;
    const void *context; /* borrowed: of row_px */
    struct orl_rect area;
    double width; /* of lines, px */
    double scale; /* of marks; less than 1 in small multiples */
    struct orl_color casing;
    double goals[GOALS_MAX][2], goal_radius; /* px */
    size_t goal_count;
    /* made */
    struct path *items;    /* owned: one per run of the film */
    struct path_end *ends; /* owned: the same */
    size_t count;
    size_t first, shown; /* the runs that are drawn */
};

/* Thin the paths of the panel's runs. Zero-initialize; release with orl_paths_uninit. */
int orl_paths_make(struct paths *paths, const struct panel *panel, struct orl_error *err);
void orl_paths_uninit(struct paths *paths);
/* Where the run's mark stands, px: where it left the plot, once it has. */
void orl_paths_head(const struct paths *paths, size_t run, size_t frame, double xy[2]);
/* The run has not yet made a step that can be seen: its mark would cover the start. */
bool orl_paths_at_start(const struct paths *paths, size_t run, size_t frame);
/* Paths up to the frame's rows. */
void orl_paths_draw_ways(const struct paths *paths, size_t frame, struct orl_picture *picture);
/* The marks at their heads. */
void orl_paths_draw_heads(const struct paths *paths, size_t frame, struct orl_picture *picture);

/* ---- surface_triangle.c: how momentum and gradient make the last step --------------------------
 */

/* Of a run whose updates add up (rule.h); all zeros: they do not. */
struct triangle {
    double keeps;        /* the share of the last step that each one keeps */
    char *kept, *pushed; /* owned: what stands at the two sides */
};

/* Words that stand there all the time. Borrowed. */
struct triangle_ground {
    const struct orl_rect *blocks;
    size_t block_count;
};

/* Fill `triangle` for a run; all zeros where its updates do not add up. ORL_ENOMEM. Release with
 * orl_triangle_uninit, also after a failure. */
int orl_triangle_make(const struct view *view, size_t run, struct triangle *triangle,
                      struct orl_error *err);
void orl_triangle_uninit(struct triangle *triangle);
/* Nothing where the last step is short, its rows are thinned, or a corner lies outside. Words keep
 * off all that the picture has. */
void orl_triangle_draw(const struct triangle *triangle, const struct paths *paths,
                       const struct triangle_ground *ground, size_t run, size_t frame,
                       struct orl_picture *picture);

/* ---- surface_tally.c: what paths cover ---------------------------------------------------------
 */

#define TALLY_STEP 4.0 /* px between the samples of paths, and of the cells that count them */

/* How many samples of paths lie left of and above each corner of a grid of cells. */
struct tally {
    struct orl_rect area;
    size_t columns, rows;
    uint32_t *cells;  /* owned: samples in each cell so far */
    uint32_t *corner; /* owned: (columns + 1) * (rows + 1) sums */
    size_t *drawn;    /* owned: points of each path that are counted */
};

/* Nothing is counted yet. Release with orl_tally_uninit, also after a failure (out of memory). */
int orl_tally_init(struct tally *tally, const struct paths *paths, struct orl_error *err);
void orl_tally_uninit(struct tally *tally);
/* Count what the paths have drawn by a frame; frames rise from call to call. */
void orl_tally_until(struct tally *tally, const struct paths *paths, size_t frame);
/* Samples in the cells that a rectangle (px) touches. */
double orl_tally_in(const struct tally *tally, const struct orl_rect *box);

/* ---- surface_names.c: names that ride with the heads ------------------------------------------
 */

/* What names keep off, and where they may stand. */
struct name_plan {
    const struct paths *paths; /* borrowed */
    double start[2];           /* px */
    struct orl_rect column;    /* of all names before the first step */
    struct orl_rect *blocks;   /* owned: words that stand there all the time */
    size_t block_count;
    size_t moments;  /* frames are planned in this many steps, evenly */
    size_t count;    /* runs that have names */
    size_t *runs;    /* owned: their numbers */
    char **texts;    /* owned */
    double *widths;  /* owned: px */
    uint8_t *places; /* owned: of name i at moment m: places[i * moments + m] */
};

/* Choose the runs that have names, and the column in which these begin. Zero-initialize; release
 * with orl_names_uninit. */
int orl_names_choose(struct name_plan *names, const struct paths *paths, const double start[2],
                     struct orl_error *err);
/* Plan the names' places over all frames, so that they change seldom and cover little. The blocks
 * are copied. */
int orl_names_plan(struct name_plan *names, const struct orl_rect *blocks, size_t block_count,
                   struct orl_error *err);
void orl_names_uninit(struct name_plan *names);
void orl_names_draw(const struct name_plan *names, size_t frame, struct orl_picture *picture);

#endif
