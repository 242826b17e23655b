/* Lines over the steps: what the panels of losses, parameters, gradients and series share. A plot
 * of quantities against the step, each growing up to a moving head; thinned once to what the pixels
 * can show; what leaves the plot is said at its edge. */
#ifndef ORL_SCENE_STEPLINES_H
#define ORL_SCENE_STEPLINES_H

#include "scene/panels/frame.h"

/* How an axis is spread; also the index of a setting's choice. */
enum step_scale { STEP_SCALE_AUTO, STEP_SCALE_LINEAR, STEP_SCALE_LOG, STEP_SCALE_SYMLOG };
extern const char *const orl_step_scales[]; /* auto linear log symlog */
extern const char
    *const orl_step_plain_scales[]; /* auto linear log: of steps, and of what is never negative */

/* Rows of a panel's settings: how its quantity is spread (the choices, the default, what
 * there is to say), and how the steps are. orl_panel_choice reads them. */
#define STEP_SETTING_SCALE(scales, first, words)                                                   \
    {                                                                                              \
        .name = "scale", .type = ORL_SETTING_CHOICE, .unit = "1", .choices = (scales),             \
        .initial = (first), .description = (words)                                                 \
    }
#define STEP_SETTING_STEPS                                                                         \
    {                                                                                              \
        .name = "steps", .type = ORL_SETTING_CHOICE, .unit = "1",                                  \
        .choices = orl_step_plain_scales, .initial = STEP_SCALE_AUTO,                              \
        .description = "spread of the step axis; auto: as the film's pace"                         \
    }

/* One line: a quantity of one run, over the rows of its trace. */
struct step_line {
    size_t run;           /* of the film */
    const double *values; /* borrowed: of the first row; a NaN is nothing recorded: the line goes on
                             at the next number */
    size_t stride;        /* numbers from a row's value to the next row's */
    struct style style;
    bool pale;            /* behind another line that says the same: narrow, without a head */
    const char *label;    /* borrowed: stands at the head; NULL: none */
    const double *spread; /* borrowed: of the middle of several runs, rows × ORL_SPREAD; or NULL */
    double spread_base;   /* taken off those numbers: the loss at a known minimum */
    size_t *spread_rows; /* owned, made by orl_step_plot_lay: the trace rows of the bands' points */
    size_t spread_count;
    double level; /* drawn across the plot as a thin dashed line: a true or best value; NAN: none */
    /* Made by orl_step_plot_lay: */
    double *xy;   /* owned */
    size_t *rows; /* owned: the trace row of each point */
    bool *dense;  /* owned: lowest or highest of a column of pixels that the line crosses up and
                     down: drawn as a band */
    size_t count;
    size_t last_row; /* the film's */
    size_t left_row; /* the first row that lies outside the plot; SIZE_MAX: none */
    bool cut;        /* of a run that goes astray: the line ends where it leaves the plot */
    double exit[2];  /* that place */
    bool noted;      /* the step at which it left the plot, or diverged, is said at: */
    double note_x, note_y, note_align;
};

/* A plot of them. Zero-initialize; orl_step_plot_init, fill in the lines and the axes,
 * orl_step_plot_lay. */
struct step_plot {
    struct plot plot;
    struct step_line *lines; /* owned */
    size_t count;
    size_t longest;  /* points of the longest line */
    double *scratch; /* room for these and one more: the picture's, in a frame */
    bool banded;     /* some line is dense somewhere */
    bool floor;      /* a line that falls below the plot ends there, whatever its run does after */
    double width;    /* of the lines, px; set by orl_step_plot_init */
};

/* Room for `count` lines, whose points are placed later. ORL_ENOMEM. Release with
 * orl_step_plot_uninit. */
int orl_step_plot_init(const struct view *view, struct step_plot *plot, size_t count,
                       struct orl_error *err);
void orl_step_plot_uninit(struct step_plot *plot);

/* The numbers that an axis must hold. */
struct step_range {
    bool settled; /* what counts of runs that go astray is decided: */
    double middle, reach;
    double low, high; /* of all that count; low > high where there are none */
    double least;     /* the smallest size that is not 0 */
    double floor; /* sizes below are rounding, not progress: no logarithmic axis need show them. Set
                     by the caller; 0 */
};
/* A range that holds nothing yet; and take in one value, where it is finite. */
void orl_step_range_init(struct step_range *range);
void orl_step_range_value(struct step_range *range, double value);
/* Take in a line's values at the film's steps, as far as they are finite and at most `reach` away
 * from `centre`: a run that goes astray does not squash the others. INFINITY: all. */
void orl_step_range_line(const struct view *view, const struct step_line *line, double centre,
                         double reach, struct step_range *range);

/* Diverged, or on the way there by the end of the film. */
bool orl_step_astray(const struct view *view, size_t run);
/* Take in what an axis should hold of a run: all of a sound one; of one that goes astray its first
 * value, and what lies as near to the range so far as that is wide. So the sound ones come first.
 */
void orl_step_range_run(const struct view *view, const struct step_line *line,
                        struct step_range *range);

/* Some run of the film, or beside it, does not go astray. */
bool orl_step_any_sound(const struct view *view);
/* What an axis should hold of several runs, the sound ones first: they decide what of the others
 * counts. `all`: everything of each. */
struct step_range orl_step_range_lines(const struct view *view, const struct step_line *lines,
                                       size_t count, bool all);

/* The style of a parameter, the same in all panels and films: another than those of an experiment's
 * first runs. */
struct style orl_step_parameter_style(const struct view *view, size_t parameter);

/* Set the axes. `scale` as asked for; STEP_SCALE_AUTO: by the film's pace; for y logarithmic where
 * the values are positive and span more than two decades. From what `zero` on the y axis begins at
 * 0 where it is linear and nothing is negative. */
void orl_step_axis_x(const struct view *view, enum step_scale scale, struct axis *axis);
void orl_step_axis_y(enum step_scale scale, const struct step_range *range, bool zero,
                     struct axis *axis);

/* Place the plot in a box and make its lines. `right_px`: room beside it, at least for half a head.
 */
int orl_step_plot_lay(const struct view *view, struct panel *panel, struct step_plot *plot,
                      struct orl_rect box, double right_px, struct orl_error *err);
/* The same for plots whose place is set already (orl_plot_place). What was laid before is
 * forgotten.
 */
int orl_step_plot_thin(const struct view *view, struct step_plot *plot, struct orl_error *err);
/* Only what was laid: the lines' values, styles and levels stay. */
void orl_step_plot_forget(struct step_plot *plot);
/* The widest label, with the room around it: what to give as right_px. 0 where no line has one. */
double orl_step_labels_width(const struct view *view, const struct step_plot *plot);
/* How many labels, and so lines, have room one above the other in a plot of that height: at least
 * 1, at most THEME_STYLES. */
size_t orl_step_labels_room(const struct view *view, double height);

/* Axes and levels. */
void orl_step_plot_still(const struct view *view, const struct step_plot *plot,
                         struct orl_picture *picture);
/* Lines of the runs first … first + count - 1, their heads and labels, and what has left the plot.
 * Allocates nothing. */
void orl_step_plot_moving(const struct view *view, const struct step_plot *plot, size_t frame,
                          size_t first, size_t count, struct orl_picture *picture);

#endif
