/* The surface panel's parts: the plane that it shows, the bands of loss on it, and the ways of the
 * runs over it. */
#ifndef ORL_SCENE_SURFACE_H
#define ORL_SCENE_SURFACE_H

#include "scene/marks/contour.h"
#include "scene/panels/frame.h"
#include "scene/panels/surface_label.h"

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
    bool astray;            /* a slice: through the start, since all runs went astray */
    char *names[2];         /* owned: of the axes */
    char *note; /* owned: what of the space is shown: "slice at γ = 9.89, paths projected", NULL:
                   all of it */
    char *short_note; /* owned: the same where there is less room */
};

struct plane_choice {
    const char *parameters; /* "alpha,beta"; NULL: the two that move most against their size */
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
/* The part of the plane that is shown: the problem's domain, else where the runs go, with their
 * start and the truth. */
void orl_plane_ranges(const struct view *view, const struct plane *plane, struct axis *x,
                      struct axis *y);

/* A row that counts for axes and planes: finite, and its loss not far above where the runs began.
 */
bool orl_surface_row_counts(const struct view *view, size_t run, size_t row, double most);
/* The loss up to which rows count. */
double orl_surface_loss_limit(const struct view *view);
/* The run whose end is the best; a diverged one only where all are. */
size_t orl_surface_best_run(const struct view *view);

/* ---- surface_bands.c: the loss over the plane as bands of colour ----------------------------- */

enum { BANDS_MAX = 20, SURFACE_POINTS_MAX = 2000 };

struct bands {
    size_t count;
    struct outline outlines[BANDS_MAX]; /* owned: of nested regions, the largest first */
    struct orl_color colors[BANDS_MAX];
    struct orl_color paper; /* of the halos: what is furthest from the runs' colours */
    double lowest, highest; /* losses at the ends of the colours */
    bool open;              /* there are higher ones */
    bool holes;             /* some of the plane has no finite loss */
    uint32_t *rows;         /* owned: the data points that losses are taken from; NULL: all */
    size_t row_count;
    double share; /* a sum over them is this part of the whole sum */
};

/* Pick the fixed data points (at most SURFACE_POINTS_MAX). */
int orl_bands_pick_rows(const struct orl_problem *problem, struct bands *bands,
                        struct orl_error *err);
double orl_bands_loss(const struct view *view, const struct bands *bands, size_t run,
                      const double *parameters);
/* Evaluate the loss over the plane inside the plot's area, and cut it into `count` bands. */
int orl_bands_make(const struct view *view, size_t run, const struct plane *plane,
                   const struct plot *plot, size_t count, struct bands *bands,
                   struct orl_error *err);
void orl_bands_colors(const struct view *view, size_t count, struct bands *bands);
void orl_bands_uninit(struct bands *bands);
void orl_bands_draw(const struct view *view, const struct bands *bands, struct orl_rect area,
                    struct orl_picture *picture);

/* ---- surface_path.c: the way of a run, thinned to what can be seen --------------------------- */

/* Where a run's rows lie, px. */
typedef void orl_row_px(const void *context, size_t run, size_t row, double xy[2]);

/* How a run leaves the plot for good. */
struct way_end {
    size_t exit_row; /* past its last row: it does not */
    double exit[2];  /* where it crosses the edge, px */
};

struct paths {
    /* set by whoever makes them */
    const struct view *view; /* borrowed */
    orl_row_px *row_px;
    const void *context; /* borrowed: of row_px */
    struct orl_rect area;
    double width; /* of lines, px */
    struct orl_color halo;
    /* made */
    struct path *items;   /* owned: one per run of the film */
    struct way_end *ends; /* owned: the same */
    size_t count;
    size_t first, shown; /* the runs that are drawn */
    struct way_labels labels;
    size_t points;   /* of all ways, with the pen lifted between them */
    double *scratch; /* room for these: the picture's, in a frame */
};

/* Thin the ways of the panel's runs. */
int orl_paths_make(struct paths *paths, const struct panel *panel, struct orl_error *err);
/* A place with a name. */
struct way_point {
    const char *name;
    double xy[2];
};
/* Find places for the names of points (on ways, too, where there is no other and they must `always`
 * be named), the ends of runs and the runs' names. */
int orl_paths_label(struct paths *paths, const struct way_point *points, size_t point_count,
                    bool always, struct orl_error *err);
void orl_paths_uninit(struct paths *paths);
/* Ways up to the frame's rows. */
void orl_paths_draw_ways(const struct paths *paths, size_t frame, struct orl_picture *picture);
/* The names that have come up, and heads. */
void orl_paths_draw_heads(const struct paths *paths, size_t frame, struct orl_picture *picture);

#endif
