/* Methods that use curvature: Newton's, Gauss and Newton's, Levenberg and Marquardt's. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/least_squares.h"
#include "optimizer/family.h"
#include "optimizer/search.h"

enum { SHIFTS = 60, DAMPINGS = 60, ROWS = 1024 }; /* residuals are looked at so many at a time */

static const char *const searches[] = {"armijo", "strong-wolfe", "none", NULL};
enum { NO_SEARCH = 2 };

#define LINE_SEARCH                                                                                \
    CHOICE("line_search", searches, 0, "how much of the full step is taken; none: all of it")

/* What all three keep. */
struct second {
    const struct orl_oracle *oracle;
    size_t dimension;
    struct search search;
    struct orl_lsq squares, damped;
    double *direction, *trial, *scale, *matrix, *factor; /* owned, one block */
    double *residuals, *jacobian; /* owned, one block, of ROWS points; NULL for Newton's */
    double damping, growth;       /* Levenberg and Marquardt's */
};

static void second_destroy(void *state)
{
    struct second *s = state;
    orl_search_uninit(&s->search);
    orl_lsq_uninit(&s->squares);
    orl_lsq_uninit(&s->damped);
    free(s->direction);
    free(s->residuals);
    free(s);
}

static bool second_allocate(struct second *s, bool jacobian)
{
    size_t n = s->dimension, numbers, cells;
    if (!orl_size_mul(n, 2, &numbers) || !orl_size_add(numbers, 3, &numbers) ||
        !orl_size_mul(numbers, n, &numbers) ||
        !(s->direction = orl_calloc(numbers, sizeof *s->direction)))
        return false;
    s->trial = s->direction + n;
    s->scale = s->trial + n;
    s->matrix = s->scale + n;
    s->factor = s->matrix + n * n;
    if (!orl_search_init(&s->search, s->oracle, n, 1e-4, 0.9) || !orl_lsq_init(&s->squares, n) ||
        !orl_lsq_init(&s->damped, n))
        return false;
    if (!jacobian)
        return true;
    if (!orl_size_mul(ROWS, n + 1, &cells) ||
        !(s->residuals = orl_calloc(cells, sizeof *s->residuals)))
        return false;
    s->jacobian = s->residuals + ROWS;
    return true;
}

static int second_create(size_t dimension, const struct orl_oracle *oracle, bool jacobian,
                         void **state, struct orl_error *err)
{
    struct second *s = orl_calloc(1, sizeof *s);
    if (!s)
        return orl_fail_memory(err);
    s->oracle = oracle;
    s->dimension = dimension;
    s->growth = 2.0;
    if (!second_allocate(s, jacobian)) {
        second_destroy(s);
        return orl_fail_memory(err);
    }
    *state = s;
    return ORL_OK;
}

/* Go along the direction: the whole step, or what a line search finds of it. */
static void search_and_go(const struct orl_step *step, double *x, int kind)
{
    struct second *s = step->state;
    double loss, t = 1.0;
    if (kind != NO_SEARCH) {
        step->oracle->evaluate(step->oracle->context, x, &loss, NULL);
        t = orl_search_run(&s->search, kind == 0 ? SEARCH_ARMIJO : SEARCH_WOLFE, x, loss,
                           step->gradient, s->direction, 1.0);
    }
    for (size_t i = 0; i < s->dimension; i++)
        x[i] += t * s->direction[i];
}

/* ---- Newton ---------------------------------------------------------------------------------- */

enum { NEWTON_DAMPING, NEWTON_SEARCH };

static int newton_create(const struct orl_optimizer_desc *desc, size_t dimension,
                         const double *settings, const struct orl_oracle *oracle, void **state,
                         struct orl_error *err)
{
    (void)desc, (void)settings;
    if (!oracle->hessian)
        return orl_fail(err, ORL_EINPUT, "newton needs second derivatives");
    return second_create(dimension, oracle, false, state, err);
}

/* Cholesky's factor of matrix + shift; false where that is not positive definite. */
static bool matrix_factorize(struct second *s, double shift)
{
    size_t n = s->dimension;
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double sum = s->matrix[i * n + j] + (i == j ? shift : 0.0);
            for (size_t k = 0; k < j; k++)
                sum -= s->factor[i * n + k] * s->factor[j * n + k];
            if (i == j && !(sum > 0.0))
                return false;
            s->factor[i * n + j] = i == j ? sqrt(sum) : sum / s->factor[j * n + j];
        }
    return true;
}

static void factor_solve(struct second *s, const double *gradient)
{
    size_t n = s->dimension;
    double *d = s->direction;
    for (size_t i = 0; i < n; i++) {
        d[i] = -gradient[i];
        for (size_t k = 0; k < i; k++)
            d[i] -= s->factor[i * n + k] * d[k];
        d[i] /= s->factor[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            d[i] -= s->factor[k * n + i] * d[k];
        d[i] /= s->factor[i * n + i];
    }
}

/* Where the Hessian is not positive definite, a growing multiple of the identity is added (Nocedal
 * & Wright, alg. 3.3). */
static int newton_update(const struct orl_step *step, double *x)
{
    struct second *s = step->state;
    size_t n = s->dimension;
    double least = INFINITY, largest = 0.0, shift = step->settings[NEWTON_DAMPING];
    if (step->oracle->hessian(step->oracle->context, x, s->matrix) != ORL_OK)
        return ORL_EDIVERGED;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, s->matrix[i * n + i]);
        largest = fmax(largest, fabs(s->matrix[i * n + i]));
    }
    double unit = 1e-3 * (largest > 0.0 ? largest : 1.0);
    if (least <= 0.0)
        shift = fmax(shift, unit - least);
    for (int i = 0; i < SHIFTS && !matrix_factorize(s, shift); i++)
        shift = fmax(2.0 * shift, unit);
    if (!matrix_factorize(s, shift))
        return ORL_EDIVERGED;
    factor_solve(s, step->gradient);
    search_and_go(step, x, (int)step->settings[NEWTON_SEARCH]);
    return ORL_OK;
}

/* ---- Gauss-Newton ---------------------------------------------------------------------------- */

enum { GAUSS_DAMPING, GAUSS_SEARCH };

static int gauss_create(const struct orl_optimizer_desc *desc, size_t dimension,
                        const double *settings, const struct orl_oracle *oracle, void **state,
                        struct orl_error *err)
{
    (void)desc, (void)settings;
    if (oracle->residual_count == 0)
        return orl_fail(err, ORL_EINPUT, "this method needs data: it works on residuals");
    return second_create(dimension, oracle, true, state, err);
}

/* The sum of the squared residuals at x; with `linear` also the Jacobian as a triangle, a row at a
 * time: it is never there whole.
 */
static double squares_look(struct second *s, const double *x, bool linear)
{
    const struct orl_oracle *oracle = s->oracle;
    size_t n = s->dimension;
    double sum = 0.0;
    if (linear)
        orl_lsq_clear(&s->squares);
    for (size_t first = 0; first < oracle->residual_count; first += ROWS) {
        size_t left = oracle->residual_count - first, count = left < ROWS ? left : ROWS;
        oracle->residuals(oracle->context, x, first, count, s->residuals,
                          linear ? s->jacobian : NULL);
        for (size_t i = 0; i < count; i++) {
            sum += s->residuals[i] * s->residuals[i];
            if (linear)
                orl_lsq_add(&s->squares, s->jacobian + i * n, -s->residuals[i]);
        }
    }
    return sum;
}

/* Solve with damping * scale_j on the diagonal of J^T J. */
static bool solve_damped(struct second *s, double damping, const double *scale)
{
    size_t n = s->dimension;
    orl_lsq_copy(&s->damped, &s->squares);
    for (size_t j = 0; damping > 0.0 && j < n; j++) {
        memset(s->trial, 0, n * sizeof *s->trial);
        s->trial[j] = sqrt(damping) * scale[j];
        orl_lsq_add(&s->damped, s->trial, 0.0);
    }
    return orl_lsq_solve(&s->damped, s->direction);
}

static int gauss_update(const struct orl_step *step, double *x)
{
    struct second *s = step->state;
    double damping = step->settings[GAUSS_DAMPING];
    (void)squares_look(s, x, true);
    for (int i = 0; i < DAMPINGS && !solve_damped(s, damping, s->squares.scale); i++)
        damping = fmax(10.0 * damping, 1e-10); /* columns that depend on each other */
    search_and_go(step, x, (int)step->settings[GAUSS_SEARCH]);
    return ORL_OK;
}

/* ---- Levenberg-Marquardt --------------------------------------------------------------------- */

enum { MARQUARDT_DAMPING };

static int marquardt_create(const struct orl_optimizer_desc *desc, size_t dimension,
                            const double *settings, const struct orl_oracle *oracle, void **state,
                            struct orl_error *err)
{
    int ret = gauss_create(desc, dimension, settings, oracle, state, err);
    if (ret == ORL_OK)
        ((struct second *)*state)->damping = settings[MARQUARDT_DAMPING];
    return ret;
}

/* |r|^2 - |r + J d|^2 from the triangle: with R d = b - e, it is |b|^2 - |e|^2. */
static double predicted_gain(const struct second *s)
{
    size_t n = s->dimension;
    double gain = 0.0;
    for (size_t j = 0; j < n; j++) {
        double e = s->squares.b[j];
        for (size_t k = j; k < n; k++)
            e -= s->squares.r[j * n + k] * s->direction[k];
        gain += s->squares.b[j] * s->squares.b[j] - e * e;
    }
    return gain;
}

/* Try one damping. True where the step was taken. */
static bool try_damping(struct second *s, double *x, double before)
{
    if (!solve_damped(s, s->damping, s->scale))
        return false;
    double gain = predicted_gain(s);
    for (size_t i = 0; i < s->dimension; i++)
        s->trial[i] = x[i] + s->direction[i];
    double after = squares_look(s, s->trial, false), ratio = (before - after) / gain;
    if (!isfinite(after) || !(gain > 0.0) || !(ratio > 1e-4) || !(after < before))
        return false;
    memcpy(x, s->trial, s->dimension * sizeof *x);
    double c = 2.0 * ratio - 1.0;
    s->damping *= fmax(1.0 / 3.0, 1.0 - c * c * c); /* Nielsen 1999, eq. 2.21 */
    s->growth = 2.0;
    return true;
}

/* Moré's scaling: the largest norm that each column of the Jacobian ever had. */
static int marquardt_update(const struct orl_step *step, double *x)
{
    struct second *s = step->state;
    size_t n = s->dimension;
    double before = squares_look(s, x, true);
    for (size_t j = 0; j < n; j++) {
        s->scale[j] = fmax(s->scale[j], s->squares.scale[j]);
        s->scale[j] = s->scale[j] > 0.0 ? s->scale[j] : 1.0;
    }
    for (int i = 0; i < DAMPINGS; i++) {
        if (try_damping(s, x, before))
            return ORL_OK;
        s->damping = fmax(s->damping * s->growth, 1e-16);
        s->growth = fmin(2.0 * s->growth, 1e6);
        if (s->damping > 1e30)
            break;
    }
    s->damping = step->settings[MARQUARDT_DAMPING]; /* nothing lowers the sum any more: it stays
                                                       where it is */
    s->growth = 2.0;
    return ORL_OK;
}

static const struct orl_setting newton_settings[] = {
    [NEWTON_DAMPING] = REAL("damping", "loss/model unit^2", 0, 0, 1e300, NULL,
                            "added to the diagonal of the Hessian"),
    [NEWTON_SEARCH] = LINE_SEARCH,
    {0},
};

static const struct orl_setting gauss_settings[] = {
    [GAUSS_DAMPING] =
        REAL("damping", "1", 0, 0, 1e300, NULL, "added to the diagonal of J^T J, relative to it"),
    [GAUSS_SEARCH] = LINE_SEARCH,
    {0},
};

static const struct orl_setting marquardt_settings[] = {
    [MARQUARDT_DAMPING] = REAL(
        "damping", "1", 1e-3, 0, 1e300, NULL,
        "at the start; it falls where the model of the sum of squares is good, and grows where it "
        "is not"),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_newton = {
    .name = "newton",
    .title = "Newton",
    .description = "to the minimum of the parabola that has the same slopes and curvatures",
    .source = "Nocedal & Wright 2006, section 3.4, alg. 3.2 and 3.3",
    .rule = "p -= t H^-1 g, t from a line search",
    .settings = newton_settings,
    .refuses = ORL_REFUSES_ALL,
    .create = newton_create,
    .destroy = second_destroy,
    .update = newton_update,
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
    .create = gauss_create,
    .destroy = second_destroy,
    .update = gauss_update,
};

const struct orl_optimizer_desc orl_optimizer_levenberg_marquardt = {
    .name = "levenberg-marquardt",
    .title = "Levenberg-Marquardt",
    .description =
        "between Gauss-Newton and gradient descent, as far as the last step was predicted well",
    .source = "Marquardt 1963; scaling: Moré 1978; damping: Nielsen 1999, eq. 2.21",
    .rule = "p += d, (J^T J + damping D^2) d = -J^T r",
    .settings = marquardt_settings,
    .refuses = ORL_REFUSES_ALL,
    .squares = true,
    .create = marquardt_create,
    .destroy = second_destroy,
    .update = marquardt_update,
};
