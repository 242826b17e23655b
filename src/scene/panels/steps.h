/* The steps panel's parts: what it knows and its bars (steps.c), its arrows (steps_arrows.c), its
 * legend (steps_legend.c). */
#ifndef ORL_SCENE_STEPS_H
#define ORL_SCENE_STEPS_H

#include "scene/panels/arrow.h"
#include "scene/panels/rule.h"
#include "scene/panels/surface.h"

enum kind { GRADIENT, BEFORE, STEP, KINDS };
enum { BARS_MAX = 12 };
#define BAR_LEAST 1.15 /* of the text size: a parameter's line */
#define ABOVE     1.7  /* of the text size: above the rings, with the axis' name */

/* An arrow of a race. */
struct hand {
    double length;
    size_t run;
};

struct steps {
    bool arrows;
    struct plane plane;
    double stretch;     /* arrows: how many times y is drawn larger than x, as on the surface */
    double *reach;      /* owned; arrows: of each frame: the outer ring, in units of x */
    struct rule *rules; /* owned: of each run of the film */
    size_t rule_count;
    double most; /* bars: the largest of the film: full length */
    int decades; /* bars: that a length spans */
    bool has[KINDS];
    bool direction; /* of the gradient nothing but its direction is known in lengths of steps */
    struct orl_rect area; /* of arrows or bars */
    double middle[2], radius;
    bool legend;  /* of one run: what each arrow is */
    bool numbers; /* the legend has the lengths as numbers */
    bool column;  /* the legend is a column beside or below, else lines above */
    double legend_x, legend_y, legend_width; /* the first line's baseline */
    char *names[BARS_MAX];                   /* owned: of the parameters that have bars */
    size_t bars, more;                       /* that are shown, and parameters besides */
    char *words[KINDS];                      /* owned: what the legend calls each */
    char *note;                              /* owned: as it fits; NULL: the ring's */
};

/* Component `j` of what belongs to a row: the update that led to it; what it kept of the one
 * before, or, of a rule that keeps nothing, the one before itself; the gradient's share. NaN where
 * there is none. */
double orl_steps_component(const struct steps *s, const struct orl_film_run *runs, size_t run,
                           enum kind kind, size_t row, size_t j);

/* What an arrow or a bar of a kind looks like; its width in px. */
struct orl_color orl_steps_color(const struct view *view, const struct steps *s, enum kind kind,
                                 size_t run);
double orl_steps_width(const struct view *view, const struct steps *s, enum kind kind, size_t run);
/* ---- steps_arrows.c -------------------------------------------------------------------------- */

/* Choose, once the pace is known, what the outer ring stands for in each frame: a round number, no
 * less than all arrows from there to the film's end need, so that it falls now and then and never
 * grows. */
int orl_steps_choose_reach(const struct view *view, const struct panel *panel, struct steps *s,
                           struct orl_error *err);
void orl_steps_draw_rings(const struct view *view, const struct steps *s,
                          struct orl_picture *picture);
/* Of one run: what was kept and the gradient's share, tip to tail, and the step that they add up
 * to; of a race the step of each run. */
void orl_steps_draw_arrows(const struct view *view, const struct panel *panel,
                           const struct steps *s, size_t frame, struct orl_picture *picture);
/* What the outer ring stands for. */
void orl_steps_draw_ring_note(const struct view *view, const struct panel *panel,
                              const struct steps *s, size_t frame, struct orl_picture *picture);

/* ---- steps_legend.c -------------------------------------------------------------------------- */

/* Name the kinds, with the factors that the run's rule has: "0.95 × last step". ORL_ENOMEM. */
int orl_steps_name_kinds(const struct panel *panel, struct steps *s, struct orl_error *err);

/* A bar; that of the gradient is hollow, so that it is told from the run's own where all is grey.
 */
void orl_steps_bar(const struct view *view, const struct steps *s, struct orl_rect bar,
                   enum kind kind, size_t run, struct orl_picture *picture);

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
