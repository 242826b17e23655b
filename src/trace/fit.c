/* What a least-squares fit is worth: standard errors, correlations, scatter, criteria. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/vector.h"
#include "model/least_squares.h"
#include "optreel/trace.h"

enum { COVARIANCE_MAX = 100 }; /* parameters */

#define CONDITION_MAX 1e13 /* beyond it the columns depend on each other within rounding */
#define OFFSET_MAX    1e-5 /* of the residuals, where a fit has arrived: R's nls, tol */
#define ROUNDING      64.0 /* steps of the last digit that residuals of an exact fit may have */

/* Sums over the data. */
struct sums {
    double squares;     /* of the residuals, divided by sigma */
    double weight;      /* of 1/sigma^2 */
    double mean, about; /* of the responses: weighted mean, squares about it */
    double size;        /* of (response/sigma)^2 */
    double log_sigma;   /* of ln sigma */
};

static void responses_sum(const struct orl_dataset *data, struct sums *sums)
{
    double first = 0.0;
    for (size_t i = 0; i < data->rows; i++) {
        double sigma = data->sigma ? data->sigma[i] : 1.0, weight = 1.0 / sigma / sigma;
        sums->weight += weight;
        first += weight * data->response[i];
        sums->log_sigma += data->sigma ? log(sigma) : 0.0;
        sums->size += data->response[i] / sigma * (data->response[i] / sigma);
    }
    sums->mean = first / sums->weight;
    for (size_t i = 0; i < data->rows; i++) {
        double sigma = data->sigma ? data->sigma[i] : 1.0,
               away = (data->response[i] - sums->mean) / sigma;
        sums->about += away * away;
    }
}

/* Residuals and Jacobian into the triangle. */
static int triangle_fill(const struct orl_problem *problem, const double *parameters,
                         struct orl_lsq *lsq, struct sums *sums, struct orl_error *err)
{
    struct orl_workspace *workspace = NULL;
    int ret = orl_workspace_create(problem, &workspace, err);
    if (ret == ORL_OK &&
        !orl_problem_linearize(problem, workspace, parameters, lsq, &sums->squares))
        ret = orl_fail_memory(err);
    orl_workspace_destroy(&workspace);
    return ret;
}

/* R's criterion for nls: the part of the residuals that the parameters could still take away,
 * relative to the rest (Bates & Watts 1988, section 2.2.3). Where the data are met exactly both are
 * rounding. */
static bool has_arrived(const struct orl_lsq *lsq, const struct sums *sums)
{
    double left = orl_vector_norm(lsq->b, lsq->count), rest = sqrt(lsq->rest);
    return left <= OFFSET_MAX * rest || left <= ROUNDING * 2.220446049250313e-16 * sqrt(sums->size);
}

/* (J^T J)^-1, times the residual variance where sigmas are relative. */
static int covariance_make(struct orl_fit *fit, const struct orl_lsq *lsq, double factor,
                           struct orl_error *err)
{
    size_t n = fit->count, cells;
    double *inverse = orl_size_mul(n, n, &cells) ? orl_calloc(cells, sizeof *inverse) : NULL;
    if (!inverse)
        return orl_fail_memory(err);
    fit->condition = orl_lsq_inverse(lsq, inverse);
    if (!(fit->condition < CONDITION_MAX) || !isfinite(factor) || n > COVARIANCE_MAX) {
        free(inverse);
        return ORL_OK;
    }
    fit->covariance = orl_calloc(cells, sizeof *fit->covariance);
    for (size_t j = 0; fit->covariance && j < n; j++)
        for (size_t k = j; k < n; k++) {
            double sum = 0.0;
            for (size_t m = k; m < n; m++)
                sum += inverse[j * n + m] * inverse[k * n + m];
            fit->covariance[j * n + k] = fit->covariance[k * n + j] =
                factor * (sum / lsq->scale[j] / lsq->scale[k]);
        }
    free(inverse);
    return fit->covariance ? ORL_OK : orl_fail_memory(err);
}

/* The numbers that need no covariance. */
static void fit_describe(struct orl_fit *fit, const struct sums *sums)
{
    double points = (double)fit->points, free_points = points - (double)fit->count;
    double spent = (double)fit->count + 1.0; /* the variance is estimated, too */
    fit->degrees_of_freedom = free_points > 0.0 ? free_points : (double)NAN;
    fit->reduced_chi_square = sums->squares / fit->degrees_of_freedom;
    fit->residual_sd = sqrt(fit->reduced_chi_square);
    fit->r_squared = sums->about > 0.0 ? 1.0 - sums->squares / sums->about : (double)NAN;
    double likelihood = points * log(2.0 * 3.14159265358979323846 * sums->squares / points) +
                        points + 2.0 * sums->log_sigma;
    fit->aic = sums->squares > 0.0 ? likelihood + 2.0 * spent : (double)NAN;
    fit->bic = sums->squares > 0.0 ? likelihood + log(points) * spent : (double)NAN;
}

static int fit_fill(struct orl_fit *fit, const struct orl_problem *problem,
                    const double *parameters, struct orl_lsq *lsq, struct orl_error *err)
{
    const struct orl_dataset *data = orl_problem_data(problem);
    struct sums sums = {0};
    fit->points = data->rows;
    fit->count = orl_problem_parameter_count(problem);
    fit->absolute = data->sigma && data->sigma_absolute;
    fit->condition = INFINITY;
    responses_sum(data, &sums);
    int ret = triangle_fill(problem, parameters, lsq, &sums, err);
    if (ret != ORL_OK)
        return ret;
    fit_describe(fit, &sums);
    fit->arrived = isfinite(sums.squares) && has_arrived(lsq, &sums);
    return fit->points < fit->count
               ? ORL_OK
               : covariance_make(fit, lsq, fit->absolute ? 1.0 : fit->reduced_chi_square, err);
}

int orl_fit_create(const struct orl_problem *problem, const double *parameters,
                   struct orl_fit **out, struct orl_error *err)
{
    const struct orl_loss_desc *loss = orl_problem_loss(problem);
    struct orl_lsq lsq = {0};
    *out = NULL;
    if (!orl_problem_data(problem) || !loss->squares)
        return ORL_OK;
    struct orl_fit *fit = orl_calloc(1, sizeof *fit);
    bool memory = fit && orl_lsq_init(&lsq, orl_problem_parameter_count(problem));
    int ret = memory ? fit_fill(fit, problem, parameters, &lsq, err) : orl_fail_memory(err);
    orl_lsq_uninit(&lsq);
    if (ret != ORL_OK)
        orl_fit_destroy(&fit);
    *out = fit;
    return ret;
}

void orl_fit_destroy(struct orl_fit **fit)
{
    if (*fit) {
        free((*fit)->covariance);
        free(*fit);
        *fit = NULL;
    }
}

double orl_fit_standard_error(const struct orl_fit *fit, size_t parameter)
{
    return fit->covariance ? sqrt(fit->covariance[parameter * fit->count + parameter])
                           : (double)NAN;
}

double orl_fit_correlation(const struct orl_fit *fit, size_t j, size_t k)
{
    double both = orl_fit_standard_error(fit, j) * orl_fit_standard_error(fit, k);
    return j == k && both > 0.0 ? 1.0
           : both > 0.0         ? fit->covariance[j * fit->count + k] / both
                                : (double)NAN;
}
