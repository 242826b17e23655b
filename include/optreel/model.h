/* Models: formulas with exact derivatives, data sets, losses, and the problems made of them. */
#ifndef OPTREEL_MODEL_H
#define OPTREEL_MODEL_H

#include "optreel/base.h"

ORL_BEGIN_DECLS

/* ---- Formulas -------------------------------------------------------------------------------- */

/* A parsed formula: numbers, names, + - * / ^, parentheses, calls of known functions. Immutable;
 * threads may share it. */
struct orl_formula;

/* Where and why a formula was refused. Offsets and lengths are in bytes of the formula's text. */
struct orl_formula_error {
    size_t offset, length;
    char text[400]; /* what is too long ends with "…" */
    char hint[320]; /* "" where there is none */
};

/* Parse `length` bytes. Every name that is no function call is kept as a name, `pi` and `e` too
 * (binding decides about them). ORL_EINPUT with *error filled where it is refused (syntax, unknown
 * function, wrong number of arguments, limits), ORL_ENOMEM. Takes memory and time in proportion to
 * the limits, whatever the text. Release with orl_formula_destroy. */
int orl_formula_parse(const char *text, size_t length, const struct orl_limits *limits,
                      struct orl_formula **out, struct orl_formula_error *error);
void orl_formula_destroy(struct orl_formula **formula);

/* The text it was parsed from. Borrowed from the formula. */
const char *orl_formula_text(const struct orl_formula *formula);
/* Its names, in the order in which they first stand in the text, without repetition, and the byte
 * offset of the first use. */
size_t orl_formula_name_count(const struct orl_formula *formula);
const char *orl_formula_name(const struct orl_formula *formula, size_t index);
size_t orl_formula_name_offset(const struct orl_formula *formula, size_t index);
/* The value of a constant that a name stands for when nothing hides it ("pi", "e"); false for any
 * other name. */
bool orl_constant_find(const char *name, double *value);
/* Evaluate at one point by walking the tree: values[i] belongs to orl_formula_name(f, i). For
 * schedules, rules and as the reference for the block evaluator. Never fails: results may be
 * infinite or NaN. */
double orl_formula_evaluate(const struct orl_formula *formula, const double *values);
/* True, with *remark filled, where a formula that is allowed holds something its author can hardly
 * have meant: a constant part that is not finite (1/0, sqrt(-1)), a number that is too small and
 * becomes 0. To be shown as a warning. */
bool orl_formula_remark(const struct orl_formula *formula, struct orl_formula_error *remark);
/* The formula as people write it: greek letters for greek names, superscript exponents, "·" for
 * products where it helps. Owned by the caller; NULL when memory is short. */
char *orl_formula_pretty(const struct orl_formula *formula);
/* True where the model is linear in each of the `count` named parameters taken together (all second
 * derivatives vanish). */
bool orl_formula_is_linear(const struct orl_formula *formula, const char *const *parameters,
                           size_t count);

/* The functions a formula may call. Table ended by a NULL name. */
struct orl_function_desc {
    const char *name;
    unsigned arguments;
    const char *description; /* one line, with the convention at kinks: "0 at 0" */
    const char *derivative;  /* the rule, as text */
};
extern const struct orl_function_desc orl_functions[];

/* "alpha" -> "α" and so on for the greek letters' English names ("alpha2", "alpha_2" -> "α₂"); any
 * other name as it is. Owned by the caller. */
char *orl_name_pretty(const char *name);

/* ---- Data ------------------------------------------------------------------------------------ */

/* Points in columns. Immutable once made; threads may share it. */
struct orl_dataset {
    size_t rows, columns;
    char **names;        /* owned: columns entries: the predictors, as formulas call them */
    double **values;     /* owned: columns arrays of rows numbers, each aligned to 64 bytes */
    double *response;    /* owned: rows numbers: what the model should meet */
    double *sigma;       /* owned: standard deviation of each response, or NULL: all alike */
    char *response_name; /* owned: for axis labels: "y", "volts", "log(volts)" */
    char **labels;       /* owned: of the columns, for axis labels: "x", "time (s)" */
    bool sigma_absolute; /* they are known as they are; else up to a common factor (as scipy's
                            absolute_sigma) */
    size_t missing;      /* rows of the table that were left out, because a number was missing */
};
void orl_dataset_destroy(struct orl_dataset **data);

/* One column of generated data. */
struct orl_column_spec {
    const char *name;
    const double *list; /* `count` numbers, or NULL: a range */
    double from,
        to; /* evenly spaced from `from` to `to`, both included; or uniform in [from, to) */
    size_t count;
    bool random; /* uniform random instead of evenly spaced */
};

struct orl_noise_spec {
    double sd;       /* standard deviation of the normal noise */
    double outliers; /* share of points (0-1) whose noise is ten times as large */
};

/* Generate data: columns (all of one count), y = formula(truth) + noise. parameter names and truth
 * are parallel. The random numbers of x and of the noise come from streams of `seed` of their own.
 */
int orl_dataset_generate(const struct orl_formula *model, const char *const *parameters,
                         const double *truth, size_t parameter_count,
                         const struct orl_column_spec *columns, size_t column_count,
                         const struct orl_noise_spec *noise, uint64_t seed,
                         struct orl_dataset **out, struct orl_error *err);

/* Points that are listed: `columns` (lists of one count), and what is made of them. All borrowed.
 */
struct orl_list_spec {
    const struct orl_column_spec *columns;
    size_t column_count;
    const char *const *predictors; /* names in `columns` that the model uses */
    size_t predictor_count;
    const struct orl_formula *response; /* over the names in `columns`: "y", "log(y)" */
    const struct orl_formula *sigma;    /* the same, or NULL */
    bool sigma_absolute;
};
/* Make a data set of them. ORL_EINPUT with the number of the point, from 1, where the response is
 * not finite or sigma is not above 0. */
int orl_dataset_list(const struct orl_list_spec *spec, struct orl_dataset **out,
                     struct orl_error *err);

/* One column that is wanted from a CSV file. */
struct orl_csv_column {
    const char *name;   /* as formulas call it */
    const char *header; /* the header's name of the column; or NULL: by position */
    size_t position;    /* 1-based, where header is NULL */
    bool optional;      /* where the file has no such column, its name is a constant's */
};

/* What a table is like, and what is wanted of it. Zero-initialize. All borrowed. */
enum orl_decimal { ORL_DECIMAL_AUTO, ORL_DECIMAL_POINT, ORL_DECIMAL_COMMA };
struct orl_table_spec {
    const char *path, *shown_path; /* as opened, as messages name it */
    const struct orl_csv_column *columns;
    size_t column_count;
    const char *const *predictors; /* names in `columns` that the model uses */
    size_t predictor_count;
    const struct orl_formula *response; /* over the names in `columns`: "y", "log(y)" */
    const struct orl_formula *sigma;    /* the same, or NULL */
    bool sigma_absolute;
    size_t skip;         /* lines before the header */
    bool units;          /* the row below the header holds units */
    const char *comment; /* lines that begin with it are left out; "": none; NULL: "#", before the
                            header alone */
    bool skip_missing;   /* leave rows out that lack a number which is read; else refuse them */
    enum orl_decimal decimal;
};

/* Read a table: separated by commas, semicolons, tabs or blanks, as its header and the line below
 * it show; LF, CRLF or CR; a UTF-8 BOM is skipped. Numbers have a decimal point, or a decimal comma
 * where commas do not separate (ORL_DECIMAL_AUTO) or where it is said. Columns that the file has
 * beyond the wanted ones are not read as numbers. Every fault is added to `messages` as
 * path:line:col with the source line and makes the result ORL_EINPUT (it stops at the first in the
 * rows); ORL_EIO never. Warnings (all x equal, range tiny, rows left out, bidirectional control in
 * a header) go there too. Streams: memory is the numbers kept plus a line. `digest` (may be NULL,
 * 32 bytes) receives the SHA-256 of the file's bytes. */
int orl_dataset_read(const struct orl_table_spec *spec, const struct orl_limits *limits,
                     struct orl_messages *messages, uint8_t *digest, struct orl_dataset **out);

/* ---- Losses ---------------------------------------------------------------------------------- */

/* A loss: rho(r) summed or averaged over the residuals r = model - response (divided by sigma where
 * there is one). */
struct orl_loss_desc {
    const char *name, *title, *description, *source;
    const char *label;                  /* as logs call its value: "MSE" */
    const struct orl_setting *settings; /* NULL or list */
    bool mean;                          /* averaged over the points; else summed */
    bool squares;                       /* made of r^2: there is a least-squares solution */
    /* rho and its slope of a block of residuals: the three functions below, without a call per
     * point. */
    void (*block)(const double *residuals, double *rho, double *slope, size_t count,
                  const struct orl_value *settings);
    double (*rho)(double residual, const struct orl_value *settings);
    double (*slope)(double residual, const struct orl_value *settings); /* d rho / d residual */
    double (*curvature)(double residual, const struct orl_value *settings);
};
extern const struct orl_loss_desc *const orl_losses[]; /* NULL-ended */
const struct orl_loss_desc *orl_loss_find(const char *name);

/* ---- Surfaces: classical objectives in x and y, by name -------------------------------------- */

struct orl_surface_desc {
    const char *name, *title, *description;
    const char *formula;
    double start[2];   /* usual starting point */
    double minimum[2]; /* one of the deepest points; NaN where there is none */
    double domain[4];  /* what is usually shown: x from, to, y from, to */
    const char *source;
    double others[3][2]; /* the other points of that depth */
    size_t other_count;
};
extern const struct orl_surface_desc orl_surfaces[]; /* ended by a NULL name */
/* By name, with - or _; NULL where there is none. */
const struct orl_surface_desc *orl_surface_find(const char *name);

/* ---- Problems -------------------------------------------------------------------------------- */

/* A model with data and a loss, or a plain objective function; with a start point. Immutable;
 * threads may share it. */
struct orl_problem;

/* A matrix of parameters, for rules that know matrices. */
struct orl_shape {
    char *name;           /* owned */
    size_t rows, columns; /* at least 1 each */
    size_t *parameters;   /* owned: rows x columns indices, row by row; each parameter once */
};
/* A copy to be freed with orl_shapes_free; NULL when memory is short. A count of 0 gives a valid
 * empty block. */
struct orl_shape *orl_shapes_copy(const struct orl_shape *shapes, size_t count);
void orl_shapes_free(struct orl_shape *shapes, size_t count); /* the array, too; NULL is fine */

struct orl_problem_spec {
    const char *model; /* the formula's text; its value is the prediction, or, without data, the
                          objective */
    const char *const *parameters; /* names, in the order of all vectors below */
    const double *start;           /* parameter_count numbers */
    const double *truth;           /* the same, or NULL where it is not known */
    size_t truth_count;   /* of an objective with several minima: so many points in a row; 0 is 1 */
    const double *domain; /* parameter_count x (from, to): what is usually shown of each; from = to:
                             not given; or NULL: none is */
    size_t parameter_count;
    struct orl_dataset *
        *data; /* moved in on success (then *data is NULL); NULL: a plain objective */
    const struct orl_shape *shapes; /* shape_count of them; copied */
    size_t shape_count;
    const struct orl_loss_desc *loss; /* ignored for an objective */
    const struct orl_value *loss_settings;
};

/* Make a problem; everything in `spec` but data is copied. Names that are neither parameter, column
 * nor constant are an error (ORL_EINPUT). Release with orl_problem_destroy. */
int orl_problem_create(const struct orl_problem_spec *spec, const struct orl_limits *limits,
                       struct orl_problem **out, struct orl_error *err);
void orl_problem_destroy(struct orl_problem **problem);

/* What a problem was made from, borrowed from it: how many parameters it has, the name of one, and
 * the values of all at the start, in model units. Pure: any thread. */
size_t orl_problem_parameter_count(const struct orl_problem *problem);
const char *orl_problem_parameter(const struct orl_problem *problem, size_t index);
const double *orl_problem_start(const struct orl_problem *problem);
/* The truth of made data, or an objective's minimum, the first of several; NULL: not known. */
const double *orl_problem_truth(const struct orl_problem *problem);
/* The known truth or minima that it is one of, one after the other: `count` of them (0: none). */
const double *orl_problem_truths(const struct orl_problem *problem, size_t *count);
/* The nearest of `count` points of `dimension` numbers by Euclid's distance, which is put into
 * *distance (may be NULL); NULL and NaN where count is 0. The first where several are as near, or
 * where no distance is a number. Pure. */
const double *orl_nearest_point(const double *points, size_t count, const double *point,
                                size_t dimension, double *distance);
/* The rest of what it was made from, borrowed: the domain as in the spec (NULL where none is
 * given), its matrices, its data and its loss (NULL for an objective), its formula. */
const double *orl_problem_domain(const struct orl_problem *problem);
const struct orl_shape *orl_problem_shapes(const struct orl_problem *problem, size_t *count);
const struct orl_dataset *orl_problem_data(const struct orl_problem *problem);
const struct orl_formula *orl_problem_formula(const struct orl_problem *problem);
const struct orl_loss_desc *orl_problem_loss(const struct orl_problem *problem);

struct orl_workspace;
/* Scratch memory of one thread for one problem (borrowed: it must outlive it); everything below
 * allocates nothing else. ORL_ENOMEM. Release with orl_workspace_destroy. */
int orl_workspace_create(const struct orl_problem *problem, struct orl_workspace **out,
                         struct orl_error *err);
void orl_workspace_destroy(struct orl_workspace **workspace);

/* The loss at `parameters` and, where `gradient` is not NULL, its exact partial derivatives (loss
 * units per parameter unit). `rows` picks row_count data points (a mini-batch); NULL: all of them.
 * The mean is over the points used. Sums run over a fixed number of lanes in a fixed order, so the
 * digits do not depend on the machine's vector width. Results may be infinite or NaN. */
void orl_problem_evaluate(const struct orl_problem *problem, struct orl_workspace *workspace,
                          const double *parameters, const uint32_t *rows, size_t row_count,
                          double *loss, double *gradient);

/* Residuals (model - response)/sigma of the points first … first + count - 1, and the Jacobian d
 * residual_i / d parameter_j at jacobian[i*parameter_count + j], i counted from `first` (NULL: not
 * wanted). Only for problems with data. */
void orl_problem_residuals(const struct orl_problem *problem, struct orl_workspace *workspace,
                           const double *parameters, size_t first, size_t count, double *residuals,
                           double *jacobian);

/* Whether runs can start: value and gradient are finite there. ORL_EINPUT with *err naming the data
 * row (from 1, with its numbers) and the parameter where they are not; ORL_ENOMEM. */
int orl_problem_check_start(const struct orl_problem *problem, struct orl_error *err);

struct orl_hessian;
/* Exact second derivatives: scratch memory of one thread for one problem (borrowed). ORL_EINPUT
 * where the model's derivatives are too large, ORL_ENOMEM. Release with orl_hessian_destroy. */
int orl_hessian_create(const struct orl_problem *problem, struct orl_hessian **out,
                       struct orl_error *err);
void orl_hessian_destroy(struct orl_hessian **hessian);
/* The Hessian of the loss over all points at `parameters`: matrix[j * parameter_count + k],
 * symmetric, in loss units per parameter unit squared. At kinks the second derivative of what is on
 * either side. May be infinite or NaN. Allocates nothing. */
void orl_hessian_evaluate(const struct orl_problem *problem, struct orl_workspace *workspace,
                          struct orl_hessian *hessian, const double *parameters, double *matrix);

/* The loss at the known minimum of an objective, the least of several; NaN where none is known, or
 * it is not finite. Uses the workspace. */
double orl_problem_least(const struct orl_problem *problem, struct orl_workspace *workspace);
/* For a model that is linear in its parameters, with data and a loss of squares: the parameters of
 * the exact least-squares solution (QR by Givens rotations, a row at a time). False where the
 * problem is not of that kind or its columns depend on each other. */
bool orl_problem_best_fit(const struct orl_problem *problem, struct orl_workspace *workspace,
                          double *best);

/* The model at other points: columns[c] holds `count` values of data column c. Writes count
 * predictions. For drawing the curve. */
void orl_problem_predict(const struct orl_problem *problem, struct orl_workspace *workspace,
                         const double *parameters, const double *const *columns, size_t count,
                         double *out);

ORL_END_DECLS

#endif
