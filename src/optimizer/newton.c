/* Newton's method, with exact second derivatives. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optimizer/family.h"
#include "optimizer/search.h"

enum { SHIFTS = 60 };
enum { DAMPING, SEARCH };

struct newton {
    size_t dimension;
    struct search search;
    double *direction, *unit, *matrix, *factor; /* owned, one block */
};

static void newton_destroy(void *state)
{
    struct newton *s = state;
    orl_search_uninit(&s->search);
    free(s->direction);
    free(s);
}

static bool newton_allocate(struct newton *s, const struct orl_oracle *oracle)
{
    size_t n = s->dimension, numbers;
    if (!orl_size_mul(n, 2, &numbers) || !orl_size_add(numbers, 2, &numbers) ||
        !orl_size_mul(numbers, n, &numbers) ||
        !(s->direction = orl_calloc(numbers, sizeof *s->direction)))
        return false;
    s->unit = s->direction + n;
    s->matrix = s->unit + n;
    s->factor = s->matrix + n * n;
    return orl_search_init(&s->search, oracle, n, 1e-4, 0.9);
}

static int newton_create(const struct orl_optimizer_desc *desc, size_t dimension,
                         const double *settings, const struct orl_oracle *oracle, void **state,
                         struct orl_error *err)
{
    (void)desc, (void)settings;
    if (!oracle->hessian)
        return orl_fail(err, ORL_EINPUT, "newton needs second derivatives");
    struct newton *s = orl_calloc(1, sizeof *s);
    if (!s)
        return orl_fail_memory(err);
    s->dimension = dimension;
    if (!newton_allocate(s, oracle)) {
        newton_destroy(s);
        return orl_fail_memory(err);
    }
    *state = s;
    return ORL_OK;
}

/* Bring the diagonal to 1 or -1 and keep the units: a multiple of the identity then means the same
 * to all parameters. A curvature of 0 has no unit of its own. */
static void matrix_scale(struct newton *s)
{
    size_t n = s->dimension;
    for (size_t j = 0; j < n; j++) {
        double curvature = fabs(s->matrix[j * n + j]);
        s->unit[j] = curvature > 0.0 ? 1.0 / sqrt(curvature) : 1.0;
    }
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++)
            s->matrix[j * n + k] *= s->unit[j] * s->unit[k];
}

/* Cholesky's factor of matrix + shift; false where that is not positive definite within rounding.
 */
static bool matrix_factorize(struct newton *s, double shift)
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

/* The direction in the parameters' own units. */
static void factor_solve(struct newton *s, const double *gradient)
{
    size_t n = s->dimension;
    double *d = s->direction;
    for (size_t i = 0; i < n; i++) {
        d[i] = -gradient[i] * s->unit[i];
        for (size_t k = 0; k < i; k++)
            d[i] -= s->factor[i * n + k] * d[k];
        d[i] /= s->factor[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            d[i] -= s->factor[k * n + i] * d[k];
        d[i] /= s->factor[i * n + i];
    }
    for (size_t i = 0; i < n; i++)
        d[i] *= s->unit[i];
}

/* Cholesky's factor of the Hessian with damping. Where that is not positive definite, a growing
 * multiple of the identity is added (Nocedal & Wright, alg. 3.3) to the scaled one, which is one of
 * the diagonal in the parameters' own units. False where the Hessian is not finite. */
static bool hessian_factorize(struct newton *s, double damping)
{
    double shift = 0.0;
    for (size_t j = 0; j < s->dimension; j++) {
        s->matrix[j * s->dimension + j] += damping;
        s->unit[j] = 1.0;
    }
    if (!orl_vector_finite(s->matrix, s->dimension * s->dimension))
        return false;
    if (matrix_factorize(s, 0.0))
        return true;
    matrix_scale(s);
    for (int i = 0; i < SHIFTS && !matrix_factorize(s, shift); i++)
        shift = fmax(2.0 * shift, 1e-3);
    return matrix_factorize(s, shift);
}

/* Where the second derivatives are not finite the way leads down the gradient. */
static int newton_update(const struct orl_step *step, double *x)
{
    struct newton *s = step->state;
    if (step->oracle->hessian(step->oracle->context, x, s->matrix) != ORL_OK)
        return ORL_EDIVERGED;
    if (hessian_factorize(s, step->settings[DAMPING]))
        factor_solve(s, step->gradient);
    else
        for (size_t i = 0; i < s->dimension; i++)
            s->direction[i] = -step->gradient[i];
    (void)orl_search_go(&s->search, step, (int)step->settings[SEARCH], s->direction, x);
    return ORL_OK;
}

static const struct orl_setting newton_settings[] = {
    [DAMPING] = REAL("damping", "loss/model unit^2", 0, 0, 1e300, NULL,
                     "added to the diagonal of the Hessian"),
    [SEARCH] = STEP_SEARCH,
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
    .destroy = newton_destroy,
    .update = newton_update,
};
