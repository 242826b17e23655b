/* The fit panel of one predictor, inside: its state, its ranges (fit_range.c), the names at the
 * ends of its curves (fit_name.c). */
#ifndef ORL_SCENE_FIT_H
#define ORL_SCENE_FIT_H

#include "scene/panels/frame.h"

enum {
    FIT_SETTING_X,
    FIT_SETTING_Y,
    FIT_SETTING_BAND,
    FIT_SETTING_PREDICTION,
    FIT_SETTING_BEST,
    FIT_SETTING_BARS,
};
enum {
    FIT_CURVE_MOST = 1024,   /* points of a curve */
    FIT_HAIRLINES_MOST = 40, /* points that have lines to the curve */
    FIT_TOGETHER = 8,        /* of so many runs it is told which lie on one line */
    FIT_TRAIL = 4,           /* early curves of one run that stay */
};

/* A curve that stays where it was at a row, once the run has left it. */
struct fit_ghost {
    size_t row, shown_from;
    double end; /* of the curve at its right, px */
};

struct fit {
    const struct orl_panel_ops
        *ops; /* first: fit_ops, or orl_observed_ops where the state is that panel's */
    struct plot plot;
    double from, to; /* the data's places: a curve goes from the first to the last */
    size_t points;   /* of a curve */
    double *x;       /* owned: predictor values, FIT_CURVE_MOST at most */
    double *px;      /* owned: their pixels */
    /* Room for one curve, and its pixels with lifts of the pen: owned by who lays the panel out, by
     * the picture in a frame (fit_in_frame). */
    double *y, *xy;
    struct orl_workspace *workspace; /* borrowed, in the same way */
    size_t *dots;                    /* owned: data rows that are drawn above the curves */
    size_t dot_count;                /* 0: all dots lie below them */
    double *heights;                 /* the picture's: of each curve in a frame, px */
    size_t leader[FIT_TOGETHER];     /* in a frame: the first run that each one lies on */
    size_t room;                     /* pairs of numbers in xy */
    struct fit_band *band; /* owned: what is known of the best fit (fit_band.c); NULL: nothing */
    double *residual_x;    /* owned: data x where hairlines are drawn, else NULL */
    double *residual_px, *residual_py;
    size_t residual_count;
    char *x_name, *y_name; /* owned */
    size_t *order; /* owned: runs from top to bottom at the end of the film, for curves that run
                      together */
    size_t labels; /* how many of them are named: all, or as many as there is room for */
    char **names;  /* owned: titles of the runs as they fit beside the plot, then what they are once
                      their run has ended early:  "SGD ✕ 37" (diverged), "Newton ✓ 5" (converged);
                      NULL where it has not */
    size_t run_count;
    struct fit_ghost trail[FIT_TRAIL]; /* of one run (fit_trail.c), from the oldest */
    size_t trail_count;
};

/* The data of the runs' problem; NULL: it has none. */
const struct orl_dataset *orl_fit_data(const struct view *view);
/* The parameters in a row of a run's trace. */
const double *orl_fit_row(const struct view *view, size_t run, size_t row);
/* The model's values at `count` places. All runs of the panel are on one problem. */
void orl_fit_predict(const struct fit *fit, const struct orl_film_run *run,
                     const double *parameters, const double *x, size_t count, double *y);

/* The best fit as the film's settings want it shown: the exact one of a linear model, else the end
 * of the best run, where it has arrived. NULL in fit->band where nothing is wanted, or there is no
 * such end. The curve's places are chosen. */
int orl_fit_band_make(const struct view *view, const struct panel *panel, struct fit *fit,
                      struct orl_error *err);
void orl_fit_band_free(struct fit *fit);
/* The ends of the bands, for the y axis: widens low … high by those within least … most. */
void orl_fit_band_widen(const struct fit *fit, double least, double most, double *low,
                        double *high);
/* Bands, then the best fit as a dotted line; what the key says of them ("95 % band"), an empty
 * text where it has nothing to say. */
void orl_fit_band_still(const struct view *view, struct fit *fit, struct orl_picture *picture);
void orl_fit_band_key(const struct fit *fit, char *text, size_t size);
/* Error bars of data with standard deviations: few enough to be told apart. */
void orl_fit_bars_still(const struct view *view, const struct panel *panel, const struct fit *fit,
                        struct orl_picture *picture);

/* The curve through heights in pixels, one for each of the fit's places. */
struct orl_mark *orl_fit_draw_heights(struct fit *fit, const double *heights, double width,
                                      struct orl_color color, struct orl_picture *picture);
/* All curves of a frame; fit->leader says afterwards which of them lie on each other. */
void orl_fit_draw_curves(const struct view *view, const struct panel *panel, struct fit *fit,
                         size_t frame, struct orl_picture *picture);

/* The pixel where a run's curve meets the right edge of the plot. */
double orl_fit_end_px(const struct view *view, const struct fit *fit, size_t run, size_t row);
/* Early curves of the panel's only run: at log-spaced steps, as far apart at their ends as the
 * numbers beside them need; none of a run that alternates. The plot is placed. */
void orl_fit_trail_choose(const struct view *view, const struct panel *panel, struct fit *fit);
/* Whether one of them is drawn while the run is at a row: for good, once it has gone far enough. */
bool orl_fit_trail_shows(const struct fit *fit, size_t ghost, size_t row);
void orl_fit_trail_draw(const struct view *view, const struct panel *panel, struct fit *fit,
                        size_t frame, struct orl_picture *picture);

/* A run's curve goes back and forth from one row to the next, and did so before: no tremor. */
bool orl_fit_swings(const struct view *view, const struct fit *fit, size_t run, size_t row);
/* From each dot, of this radius, to the curve of the film's only run, while it is in the plot. */
void orl_fit_hairlines(const struct view *view, struct fit *fit, size_t row, double radius,
                       struct orl_picture *picture);

/* Both axes and the places where curves are evaluated. The y range holds all data, and the curves
 * that lie within once the data's height above and below it: a run that goes astray leaves through
 * the edge and does not squash the others. ORL_EINPUT: a log axis for what is not positive. */
int orl_fit_choose_ranges(const struct view *view, const struct panel *panel, struct fit *fit,
                          struct orl_error *err);

/* The runs' names at the ends of their curves, cut where they would be wider than `most`. Returns
 * the room they need; with that of runs that films of their own show in plots of the same size.
 * Negative when memory is short. */
double orl_fit_names(const struct view *view, struct fit *fit, double most);
/* Which names are shown, and in which order. The plot is placed. */
void orl_fit_order_labels(const struct view *view, struct fit *fit);
void orl_fit_draw_labels(const struct view *view, struct fit *fit, size_t frame,
                         struct orl_picture *picture);

#endif
