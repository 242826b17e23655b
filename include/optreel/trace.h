/* Traces: what a run recorded; running an optimizer on a problem; traces as CSV files; the text
 * log. */
#ifndef OPTREEL_TRACE_H
#define OPTREEL_TRACE_H

#include "optreel/model.h"
#include "optreel/optimizer.h"

ORL_BEGIN_DECLS

enum orl_status {
    ORL_STATUS_FINISHED,
    ORL_STATUS_CONVERGED,
    ORL_STATUS_DIVERGED,
    ORL_STATUS_FAILED
};
const char *orl_status_name(enum orl_status status); /* "finished", ... */

/* Losses that a run watches for at every step, from high to low. */
enum { ORL_THRESHOLDS = 3 };
extern const double orl_trace_thresholds[ORL_THRESHOLDS];
extern const char *const orl_trace_threshold_names[ORL_THRESHOLDS]; /* "1e-2", ... */

/* How far the losses of several runs spread at a step: the least, the quartiles, the greatest
 * (infinite where a run has diverged). */
enum {
    ORL_SPREAD_LEAST,
    ORL_SPREAD_LOW,
    ORL_SPREAD_HIGH,
    ORL_SPREAD_GREATEST,
    ORL_SPREAD /* how many */
};

/* Rows of one run, by step. Row k of a full trace holds the parameters after k updates, the loss
 * there, and the gradient that the next update uses (at the interim point for Nesterov's).
 * Immutable once made; threads may share it. */
struct orl_trace {
    size_t rows;
    size_t parameter_count;
    char **parameters;  /* owned: names */
    int64_t *step;      /* owned: rows, strictly rising */
    double *loss;       /* owned: rows; NULL for a foreign trace without losses */
    bool *loss_gaps;    /* owned: rows: none was recorded there, `loss` holds the last one known (in
                           the first rows the first one); NULL: there are no gaps */
    double *values;     /* owned: rows × parameter_count, row by row */
    double *gradients;  /* owned: the same; NULL for a foreign trace without gradients */
    uint8_t digest[32]; /* SHA-256 of the file that it was read from; zeros where it was not */
    double *used; /* owned: the same: the gradient that the update which made this row used (row 0:
                     zeros), for the text log of a thinned trace; NULL for a trace that was read */
    char *loss_name;     /* owned: what a training log calls its loss; NULL: it is not known */
    int64_t smooth;      /* points of a mean that films draw over the losses; 0: none */
    size_t series_count; /* other columns of a foreign trace */
    char **series_names; /* owned */
    double *series;      /* owned: rows × series_count; NaN where a cell is empty */
    double *spread; /* owned: of the middle of several runs: rows × ORL_SPREAD losses; else NULL */
    enum orl_status status;
    int64_t steps; /* updates that were made; for a diverged run the number of the row that was not
                      finite */
    /* Norm of the gradient at the last row, over all points, whatever the updates used. Of a run
     * alone: CSV files do not hold it. */
    double gradient_norm;
    double seconds; /* wall time of the run; 0 for a foreign trace */
    /* True where a run made it: reached[i] is then the first step with a loss of at most
     * orl_trace_thresholds[i], recorded or not, for i < reached_count; the others never were. */
    bool watched;
    size_t reached_count;
    int64_t reached[ORL_THRESHOLDS];
};
void orl_trace_destroy(struct orl_trace **trace);

struct orl_stop_spec {
    double loss;     /* over all points */
    double gradient; /* norm, over all points, at the parameters themselves */
    double change;   /* length of an update, ten times in a row */
};                   /* end below these; 0: never */

struct orl_run_spec {
    const struct orl_problem *problem;
    const struct orl_optimizer_desc *optimizer;
    const struct orl_value *settings; /* parallel to optimizer->settings */
    const struct orl_value *common;   /* parallel to orl_optimizer_common */
    int64_t steps;
    int64_t record_every; /* keep every n-th row */
    size_t record_rows; /* at most so many rows (>= 2): the first min(1000, record_rows/2) of them,
                           the rest evenly on the scale of log steps, and the last one */
    struct orl_stop_spec stop;
    uint64_t seed;  /* of the mini-batches */
    bool unwatched; /* steps to a loss are not asked for: losses are computed where rows are kept */
    /* Called now and then (some times a second); a value other than 0 ends the run with
     * ORL_ECANCELED. May be NULL. */
    int (*tick)(void *context, int64_t step);
    void *tick_context;
};

/* A learning rate that is to be found: trials between two rates. */
struct orl_tune {
    double from, to; /* 0 < from < to */
    int64_t trials;  /* 0: the rate is given */
};
/* The rates of the trials, in order: log-uniform, decided by the seed alone, so that every rule is
 * offered the same ones. `rates` has room for `trials` numbers. */
void orl_tune_rates(const struct orl_tune *tune, uint64_t seed, double *rates);
/* Run the spec with each of them in place of its learning rate; *rate is the one with the least
 * loss at the end. Diverged trials come last; of equal ones the smaller rate wins. ORL_ECANCELED as
 * orl_trace_run; ORL_EBUG where the optimizer has no learning rate. */
int orl_trace_tune(const struct orl_run_spec *spec, const struct orl_tune *tune, uint64_t seed,
                   double *rate, struct orl_error *err);

/* The middle of `count` (>= 1) runs of one rule on one problem with seeds of their own, as a trace:
 * at each step that the longest has, the medians of loss, parameters and gradient, and how far the
 * losses spread. A run that ended early stays where it is; one that diverged counts as worse than
 * all others. The middle is diverged where more than half of them are. ORL_ENOMEM. */
int orl_trace_middle(const struct orl_trace *const *runs, size_t count, struct orl_trace **out,
                     struct orl_error *err);

/* Run to the end. A diverged run is a result (ORL_OK with trace->status), not a failure. */
int orl_trace_run(const struct orl_run_spec *spec, struct orl_trace **out, struct orl_error *err);

/* What a least-squares fit is worth at given parameters. Numbers without meaning are NaN: all that
 * needs degrees of freedom where there are none, the criteria of a fit without residuals, R^2 of a
 * constant response. */
struct orl_fit {
    size_t points, count;      /* data points, parameters */
    double degrees_of_freedom; /* points - parameters; NaN where that is not above 0 */
    double residual_sd;        /* sqrt(weighted sum of squares / degrees of freedom) */
    double reduced_chi_square; /* its square */
    double r_squared;          /* 1 - sum of squares / that about the weighted mean */
    double aic, bic;  /* n ln(2 pi RSS/n) + n + (p + 1) * (2 or ln n), with sigma RSS weighted
                         and 2 sum(ln sigma) more (Akaike 1974; Schwarz 1978; R's logLik) */
    double condition; /* of the Jacobian, its columns scaled to length 1 (Frobenius norm); infinite
                         where they depend on each other exactly */
    bool arrived;     /* the residuals' relative offset is at most 1e-5 (Bates & Watts 1988, section
                         2.2.3; R's nls): without it the run was still on its way */
    bool absolute;    /* sigmas are taken as they are; else the scatter of the residuals scales the
                         covariance */
    double *covariance; /* owned: count × count; NULL where the Jacobian's rank is deficient within
                           rounding (condition of 1e13 and more), there are no degrees of freedom to
                           scale it by, or more than 100 parameters */
};
/* From the Jacobian at `parameters` over all data (Seber & Wild 1989, section 5.1; the covariance
 * by a QR decomposition, never from J^T J). *out is NULL, with ORL_OK, for objectives and for
 * losses that are no squares. ORL_ENOMEM. Release with orl_fit_destroy. */
int orl_fit_create(const struct orl_problem *problem, const double *parameters,
                   struct orl_fit **out, struct orl_error *err);
void orl_fit_destroy(struct orl_fit **fit);
/* Square root of the variance, in the parameter's unit; NaN without a covariance. */
double orl_fit_standard_error(const struct orl_fit *fit, size_t parameter);
/* From -1 to 1; NaN without a covariance, or where a variance is 0. */
double orl_fit_correlation(const struct orl_fit *fit, size_t j, size_t k);

struct orl_band_spec {
    double share;    /* of the values that lie within: 0.95 */
    bool prediction; /* of new observations; else of the curve itself */
};
/* Half of a band's width at `count` places (columns[c] holds the values of data column c): by the
 * slopes g of the model in its parameters, t sqrt(g' C g), and of a prediction band t sqrt(g' C g +
 * s^2) with the residual standard deviation s (Bates & Watts 1988, eq. 2.20 and section 2.3.2;
 * Seber & Wild 1989, section 5.1). t is Student's with the fit's degrees of freedom, the normal
 * one where standard deviations are absolute. NaN where there is no covariance: the data do not
 * tell the parameters apart. A prediction band is of observations as exact as those on average: it
 * has no meaning where they have standard deviations of their own. ORL_ENOMEM. */
int orl_fit_band(const struct orl_problem *problem, const struct orl_fit *fit,
                 const double *parameters, const struct orl_band_spec *spec,
                 const double *const *columns, size_t count, double *half, struct orl_error *err);
/* The t with P(|T| <= t) = share, for Student's T with so many degrees of freedom (whole; infinity:
 * the normal distribution); NaN for others. */
double orl_student_quantile(double share, double freedom);

/* Where written bytes go: returns ORL_OK or a negative code. */
struct orl_sink {
    void *context;
    int (*write)(void *context, const void *bytes, size_t length, struct orl_error *err);
};

/* CSV as section 7 of the design says: step,loss,<parameter>...,grad_<parameter>...; behind them
 * the series of a foreign trace, an empty cell for NaN; %.17g; LF line ends. */
int orl_trace_write_csv(const struct orl_trace *trace, struct orl_sink sink, struct orl_error *err);

/* The text log in the assignment's words: a block per recorded row k >= 1, with the gradient that
 * the k-th update used and the new value, parameter by parameter; last `MSE <problem> with
 * <optimizer>: <value>` (or the loss's own label instead of MSE). A trace that was read has no
 * trace->used: its log tells the values alone. */
int orl_trace_write_log(const struct orl_trace *trace, const char *problem, const char *optimizer,
                        const char *loss_label, struct orl_sink sink, struct orl_error *err);

/* What a column of a training log is, by the words of its name: letters and digits between anything
 * else, whatever the case. Any thread. */
bool orl_series_has_word(const char *name, const char *const *words); /* NULL-ended, lower case */
bool orl_series_is_loss(const char *name);                            /* a word has "loss" in it */
bool orl_series_is_validation(const char *name); /* val, valid, eval, test and the like */
bool orl_series_is_rate(const char *name);       /* lr, learning rate */
enum { ORL_SERIES_NO_LOSS = 5 };
/* How surely a column is the training loss, 0 first: "loss" alone; its last part without train,
 * training, total; its whole path without these and words of counting; any loss; an error measure
 * such as rmse. ORL_SERIES_NO_LOSS: none, or one of validation. */
int orl_series_loss_rank(const char *name);

/* Read a trace (our own or a training log of others). `parameters` (may be NULL) are the names to
 * take as parameters; other columns but step, loss and grad_<parameter> become series. Faults go to
 * `messages` as path:line:col. A row that is not finite ends the trace and sets
 * ORL_STATUS_DIVERGED, with a warning; a trace whose first row is not finite is refused. */
int orl_trace_read_csv(const char *path, const char *shown_path, const char *const *parameters,
                       size_t parameter_count, const struct orl_limits *limits,
                       struct orl_messages *messages, struct orl_trace **out);

/* Losses and gradients that a trace from elsewhere lacks, from the model: over all points, at every
 * row, which costs what a run of so many steps does. The trace's parameters must be the problem's.
 */
int orl_trace_complete(struct orl_trace *trace, const struct orl_problem *problem,
                       struct orl_error *err);

/* A recorded loss that is not the problem's at the same parameters. */
struct orl_foreign_loss {
    int64_t step;           /* -1: there is none */
    double recorded, model; /* what the trace says there, what the problem has */
};
/* The first row whose recorded loss differs from the problem's by more than a thousandth of it and
 * by more than a millionth of the first loss: logs are written with few digits. Up to 100 rows,
 * evenly chosen, are tried. None for traces without losses or with other parameters. */
int orl_trace_find_foreign(const struct orl_trace *trace, const struct orl_problem *problem,
                           struct orl_foreign_loss *out, struct orl_error *err);

/* First step at which the loss is at most `threshold`; -1 where it never is. Exact for the
 * thresholds that a run watches, whatever rows it keeps; else the first recorded one. */
int64_t orl_trace_steps_to(const struct orl_trace *trace, double threshold);

/* One hyperparameter of a run as people are told of it: on films, in the report, in lists. */
struct orl_told {
    const char *name;  /* "learning rate" */
    const char *brief; /* the same beside a curve: "lr" */
    const char *text;  /* "0.01", "10⁻⁷", a formula; "" for a switch that is on */
    unsigned swept;    /* the run is one of a sweep over it: its place among those that the run's
                          title tells, from 1; 0: it is not */
};

/* "learning rate 0.01, momentum 0.5"; owned by the caller, NULL when memory is short. */
char *orl_told_text(const struct orl_told *told, size_t count);
/* The same name and the same value. */
bool orl_told_same(const struct orl_told *a, const struct orl_told *b);

ORL_END_DECLS

#endif
