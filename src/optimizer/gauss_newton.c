/* Methods that work on residuals: Gauss and Newton's, Levenberg and Marquardt's. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/least_squares.h"
#include "optimizer/family.h"
#include "optimizer/search.h"

enum { DAMPINGS = 60, ROWS = 1024 }; /* residuals are looked at so many at a time */

#define SHORT         1e-2
#define RETRY_DAMPING 1e-2 /* of the columns' squares */

/* What both keep. */
struct squares {
    const struct orl_oracle *oracle;
    size_t dimension;
    struct search search;
    struct orl_lsq linear, damped;            /* the Jacobian as a triangle; with damping */
    double *direction, *trial, *scale, *unit; /* owned, one block */
    double *residuals, *jacobian;             /* owned, one block, of ROWS points */
    double damping, growth;                   /* Levenberg and Marquardt's */
    double sum;                               /* of squares at the last trial that was taken */
    bool known;                               /* `linear` and `sum` are those at `trial` */
};

static void squares_destroy(void *state)
{
    struct squares *s = state;
    orl_search_uninit(&s->search);
    orl_lsq_uninit(&s->linear);
    orl_lsq_uninit(&s->damped);
    free(s->direction);
    free(s->residuals);
    free(s);
}

static bool squares_allocate(struct squares *s)
{
    size_t n = s->dimension, cells;
    if (!(s->direction = orl_calloc(n, 4 * sizeof *s->direction)))
        return false;
    s->trial = s->direction + n;
    s->scale = s->trial + n;
    s->unit = s->scale + n;
    if (!orl_search_init(&s->search, s->oracle, n, 1e-4, 0.9) || !orl_lsq_init(&s->linear, n) ||
        !orl_lsq_init(&s->damped, n) || !orl_size_add(n, 1, &cells) ||
        !orl_size_mul(ROWS, cells, &cells) ||
        !(s->residuals = orl_calloc(cells, sizeof *s->residuals)))
        return false;
    s->jacobian = s->residuals + ROWS;
    return true;
}

static int squares_create(const struct orl_optimizer_desc *desc, size_t dimension,
                          const double *settings, const struct orl_oracle *oracle, void **state,
                          struct orl_error *err)
{
    (void)desc, (void)settings;
    if (oracle->residual_count == 0)
        return orl_fail(err, ORL_EINPUT, "this method needs data: it works on residuals");
    struct squares *s = orl_calloc(1, sizeof *s);
    if (!s)
        return orl_fail_memory(err);
    s->oracle = oracle;
    s->dimension = dimension;
    s->growth = 2.0;
    if (!squares_allocate(s)) {
        squares_destroy(s);
        return orl_fail_memory(err);
    }
    *state = s;
    return ORL_OK;
}

/* The sum of the squared residuals at x; with `linear` also the Jacobian as a triangle, a row at a
 * time: it is never there whole. */
static double squares_sum(struct squares *s, const double *x, bool linear)
{
    const struct orl_oracle *oracle = s->oracle;
    size_t n = s->dimension;
    double sum = 0.0;
    if (linear)
        orl_lsq_clear(&s->linear);
    for (size_t first = 0; first < oracle->residual_count; first += ROWS) {
        size_t left = oracle->residual_count - first, count = left < ROWS ? left : ROWS;
        oracle->residuals(oracle->context, x, first, count, s->residuals,
                          linear ? s->jacobian : NULL);
        for (size_t i = 0; i < count; i++) {
            sum += s->residuals[i] * s->residuals[i];
            if (linear)
                orl_lsq_add(&s->linear, s->jacobian + i * n, -s->residuals[i]);
        }
    }
    return sum;
}

/* True where every column of the Jacobian is finite: the next step can be computed from there. */
static bool jacobian_is_finite(const struct squares *s)
{
    bool finite = true;
    for (size_t j = 0; j < s->dimension; j++)
        finite &= isfinite(s->linear.scale[j]) && isfinite(s->linear.b[j]);
    return finite;
}

/* Solve with damping * unit_j^2 on the diagonal of J^T J: in units of the columns, so that those of
 * the parameters do not matter (Marquardt 1963). A column of zeros has no unit of its own; it is
 * damped all the same, and its parameter stays where it is. */
static bool squares_solve(struct squares *s, double damping, const double *unit)
{
    size_t n = s->dimension;
    double *row = s->unit; /* scratch */
    orl_lsq_copy(&s->damped, &s->linear);
    for (size_t j = 0; damping > 0.0 && j < n; j++) {
        memset(row, 0, n * sizeof *row);
        row[j] = sqrt(damping) * (unit[j] > 0.0 ? unit[j] : 1.0);
        orl_lsq_add(&s->damped, row, 0.0);
    }
    return orl_lsq_solve(&s->damped, s->direction);
}

/* ---- Gauss-Newton ---------------------------------------------------------------------------- */

enum { GAUSS_DAMPING, GAUSS_SEARCH };

/* A search that takes next to nothing of the step: the step was of a Jacobian that is nearly
 * singular. Damped as Levenberg and Marquardt do, it may lead further down; the lower end counts.
 */
static void gauss_retry(const struct orl_step *step, double *x, int search)
{
    struct squares *s = step->state;
    size_t n = s->dimension;
    double loss, damped_loss;
    step->oracle->evaluate(step->oracle->context, x, &loss, NULL);
    if (!squares_solve(s, RETRY_DAMPING, s->linear.scale))
        return;
    (void)orl_search_go(&s->search, step, search, s->direction, s->trial);
    step->oracle->evaluate(step->oracle->context, s->trial, &damped_loss, NULL);
    if (damped_loss < loss)
        memcpy(x, s->trial, n * sizeof *x);
}

static int gauss_update(const struct orl_step *step, double *x)
{
    struct squares *s = step->state;
    double damping = step->settings[GAUSS_DAMPING];
    (void)squares_sum(s, x, true);
    for (int i = 0; i < DAMPINGS && !squares_solve(s, damping, s->linear.scale); i++)
        damping = fmax(10.0 * damping, 1e-10); /* columns that depend on each other */
    int search = (int)step->settings[GAUSS_SEARCH];
    memcpy(s->trial, x, s->dimension * sizeof *x);
    double t = orl_search_go(&s->search, step, search, s->direction, x);
    if (search != SEARCH_NONE && t < SHORT)
        gauss_retry(step, x, search);
    return ORL_OK;
}

/* ---- Levenberg-Marquardt --------------------------------------------------------------------- */

enum { MARQUARDT_DAMPING };

static int marquardt_create(const struct orl_optimizer_desc *desc, size_t dimension,
                            const double *settings, const struct orl_oracle *oracle, void **state,
                            struct orl_error *err)
{
    int ret = squares_create(desc, dimension, settings, oracle, state, err);
    if (ret == ORL_OK)
        ((struct squares *)*state)->damping = settings[MARQUARDT_DAMPING];
    return ret;
}

/* |r|^2 - |r + J d|^2 from the triangle: with R d = b - e, it is |b|^2 - |e|^2. */
static double predicted_gain(const struct squares *s)
{
    size_t n = s->dimension;
    double gain = 0.0;
    for (size_t j = 0; j < n; j++) {
        double e = s->linear.b[j];
        for (size_t k = j; k < n; k++)
            e -= s->linear.r[j * n + k] * s->direction[k];
        gain += s->linear.b[j] * s->linear.b[j] - e * e;
    }
    return gain;
}

/* Try one damping. True where the step was taken: the sum falls, and the Jacobian there, which the
 * next step needs anyway, is finite. */
static bool damping_try(struct squares *s, double *x)
{
    double before = s->sum;
    if (!squares_solve(s, s->damping, s->scale))
        return false;
    double gain = predicted_gain(s);
    for (size_t i = 0; i < s->dimension; i++)
        s->trial[i] = x[i] + s->direction[i];
    double after = squares_sum(s, s->trial, false), ratio = (before - after) / gain;
    if (!isfinite(after) || !(gain > 0.0) || !(ratio > 1e-4) || !(after < before))
        return false;
    (void)squares_sum(s, s->trial, true);
    if (!jacobian_is_finite(s)) {
        s->sum = squares_sum(s, x, true);
        return false;
    }
    s->sum = after;
    s->known = true;
    memcpy(x, s->trial, s->dimension * sizeof *x);
    double c = 2.0 * ratio - 1.0;
    s->damping *= fmax(1.0 / 3.0, 1.0 - c * c * c); /* Madsen, Nielsen & Tingleff 2004, eq. 2.21 */
    s->growth = 2.0;
    return true;
}

/* Moré's scaling: the largest norm that each column of the Jacobian ever had. */
static int marquardt_update(const struct orl_step *step, double *x)
{
    struct squares *s = step->state;
    size_t n = s->dimension;
    if (!s->known || memcmp(s->trial, x, n * sizeof *x) != 0)
        s->sum = squares_sum(s, x, true);
    s->known = false;
    for (size_t j = 0; j < n; j++)
        s->scale[j] = fmax(s->scale[j], s->linear.scale[j]);
    for (int i = 0; i < DAMPINGS; i++) {
        if (damping_try(s, x))
            return ORL_OK;
        s->damping = fmax(s->damping * s->growth, 1e-16);
        s->growth = fmin(2.0 * s->growth, 1e6);
        if (s->damping > 1e30)
            break;
    }
    /* Nothing lowers the sum any more: it stays where it is. */
    s->damping = step->settings[MARQUARDT_DAMPING];
    s->growth = 2.0;
    return ORL_OK;
}

static const struct orl_setting gauss_settings[] = {
    [GAUSS_DAMPING] =
        REAL("damping", "1", 0, 0, 1e300, NULL, "added to the diagonal of J^T J, relative to it"),
    [GAUSS_SEARCH] = STEP_SEARCH,
    {0},
};

static const struct orl_setting marquardt_settings[] = {
    [MARQUARDT_DAMPING] = REAL(
        "damping", "1", 1e-3, 0, 1e300, NULL,
        "at the start; it falls where the model of the sum of squares is good, and grows where it "
        "is not"),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_gauss_newton = {
    .name = "gauss-newton",
    .title = "Gauss-Newton",
    .description = "to the least squares of the linearized residuals",
    .source = "Nocedal & Wright 2006, section 10.3",
    .rule = "p += t d, d the least squares solution of J d = -r",
    .settings = gauss_settings,
    .refuses = ORL_REFUSES_ALL,
    .squares = true,
    .create = squares_create,
    .destroy = squares_destroy,
    .update = gauss_update,
};

const struct orl_optimizer_desc orl_optimizer_levenberg_marquardt = {
    .name = "levenberg-marquardt",
    .title = "Levenberg-Marquardt",
    .description =
        "between Gauss-Newton and gradient descent, as far as the last step was predicted well",
    .source = "Marquardt 1963; scaling: Moré 1978; damping: Madsen, Nielsen & Tingleff 2004, "
              "Methods for non-linear least squares problems, eq. 2.21",
    .rule = "p += d, (J^T J + damping D^2) d = -J^T r",
    .settings = marquardt_settings,
    .refuses = ORL_REFUSES_ALL,
    .squares = true,
    .create = marquardt_create,
    .destroy = squares_destroy,
    .update = marquardt_update,
};
