/* The steps panel's parts: what it knows (steps.c), and its legend and marks (steps_legend.c). */
#ifndef ORL_SCENE_STEPS_H
#define ORL_SCENE_STEPS_H

#include "scene/panels/surface.h"

enum kind { GRADIENT, BEFORE, STEP, KINDS };
enum { BARS_MAX = 12 };
#define BAR_LEAST 1.15 /* of the text size: a parameter's line */
#define ABOVE     1.7  /* of the text size: above the rings, with the axis' name */

/* An arrow of a race. */
struct hand {
    double share;
    size_t run;
};

struct steps {
    bool arrows;
    struct plane plane;
    double
        unit[2]; /* arrows: of the plane's axes: the lengths that the surface would show as alike */
    double most[KINDS]; /* the largest of the film: full length */
    int decades;        /* that a length spans */
    bool has[KINDS];
    struct orl_rect area; /* of arrows or bars */
    double middle[2], radius;
    bool legend;  /* of one run: what each arrow is */
    bool numbers; /* the legend has the lengths as numbers */
    bool column;  /* the legend is a column beside or below, else lines above */
    double legend_x, legend_y, legend_width; /* the first line's baseline */
    char *names[BARS_MAX];                   /* owned: of the parameters that have bars */
    size_t bars, more;                       /* that are shown, and parameters besides */
    char *note;                              /* owned: as it fits */
};

/* Component `j` of what belongs to a row: the update that led to it, the one before, the gradient
 * that it followed. A thinned trace gives the mean over the steps between its rows. NaN where there
 * is none. */
double orl_steps_component(const struct orl_trace *t, enum kind kind, size_t row, size_t j);
/* The same in the plane of the arrows, in parts of its axes. */
void orl_steps_vector(const struct steps *s, const struct orl_trace *t, enum kind kind, size_t row,
                      double v[2]);

struct orl_color orl_steps_color(const struct view *view, enum kind kind, size_t run);
double orl_steps_width(const struct view *view, enum kind kind);
/* An arrow, with a rim that keeps it apart from others; one that is too short for its head is the
 * head alone. */
void orl_steps_arrow(const struct view *view, const double from[2], const double to[2],
                     double width, struct orl_color color, enum orl_dash dash,
                     struct orl_picture *picture);

/* A bar; that of the gradient is hollow, so that it is told from the run's own where all is grey.
 */
void orl_steps_bar(const struct view *view, struct orl_rect bar, enum kind kind, size_t run,
                   struct orl_picture *picture);

/* Of the rings in a box: names stand above them and at their right, which is made up for at the
 * left where they stand alone. */
double orl_steps_radius(const struct view *view, const struct steps *s, double width, double height,
                        bool centred);
/* Find the legend's place in the box, which becomes what it leaves. */
void orl_steps_place_legend(const struct view *view, struct steps *s, struct orl_rect *box);
void orl_steps_draw_legend(const struct view *view, const struct panel *panel,
                           const struct steps *s, struct orl_picture *picture);
/* The numbers that belong to a row of the run: lengths, and how far the step is turned from the
 * gradient's descent. */
void orl_steps_draw_numbers(const struct view *view, const struct panel *panel,
                            const struct steps *s, size_t row, struct orl_picture *picture);

#endif
