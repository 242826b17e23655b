/* Confidence and prediction bands of a least-squares fit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/dataset.h"
#include "optreel/trace.h"

enum { PLACES = 256 }; /* at once */

/* The problem at other places: the same model, with responses of 0 and no weights, so that its
 * Jacobian is the model's slope in each parameter. */
static int elsewhere_create(const struct orl_problem *problem, const double *const *columns,
                            size_t count, struct orl_problem **out, struct orl_error *err)
{
    const struct orl_dataset *data = orl_problem_data(problem);
    size_t n = orl_problem_parameter_count(problem);
    const char **names = orl_calloc(n, sizeof *names);
    struct orl_dataset *places =
        orl_dataset_create(count, data->columns, (const char *const *)data->names);
    bool good = names && places;
    for (size_t c = 0; good && c < data->columns; c++) {
        good = (places->values[c] = orl_dataset_column(count)) != NULL;
        if (good)
            memcpy(places->values[c], columns[c], count * sizeof **columns);
    }
    good = good && (places->response = orl_dataset_column(count)) != NULL;
    for (size_t i = 0; good && i < count; i++)
        places->response[i] = 0.0;
    for (size_t i = 0; names && i < n; i++)
        names[i] = orl_problem_parameter(problem, i);
    struct orl_problem_spec spec = {
        .model = orl_formula_text(orl_problem_formula(problem)),
        .parameters = names,
        .start = orl_problem_start(problem),
        .parameter_count = n,
        .data = &places,
        .loss = orl_loss_find("mse"),
    };
    int ret =
        good ? orl_problem_create(&spec, &orl_limits_default, out, err) : orl_fail_memory(err);
    orl_dataset_destroy(&places);
    free(names);
    return ret;
}

/* g' C g, for the slope g of a prediction. */
static double variance_of(const struct orl_fit *fit, const double *slope)
{
    double sum = 0.0;
    for (size_t j = 0; j < fit->count; j++) {
        double part = 0.0;
        for (size_t k = 0; k < fit->count; k++)
            part += fit->covariance[j * fit->count + k] * slope[k];
        sum += slope[j] * part;
    }
    return fmax(sum, 0.0);
}

static double quantile_of(const struct orl_fit *fit, double share)
{
    return orl_student_quantile(share, fit->absolute ? (double)INFINITY : fit->degrees_of_freedom);
}

int orl_fit_band(const struct orl_problem *problem, const struct orl_fit *fit,
                 const double *parameters, const struct orl_band_spec *spec,
                 const double *const *columns, size_t count, double *half, struct orl_error *err)
{
    struct orl_problem *places = NULL;
    struct orl_workspace *workspace = NULL;
    size_t n = fit->count, cells;
    double *slopes = orl_size_mul(n, PLACES, &cells) ? orl_calloc(cells, sizeof *slopes) : NULL,
           values[PLACES], quantile = quantile_of(fit, spec->share),
           scatter = spec->prediction ? fit->residual_sd * fit->residual_sd : 0.0;
    int ret =
        !slopes ? orl_fail_memory(err) : elsewhere_create(problem, columns, count, &places, err);
    if (ret == ORL_OK)
        ret = orl_workspace_create(places, &workspace, err);
    for (size_t first = 0; ret == ORL_OK && first < count; first += PLACES) {
        size_t some = count - first < PLACES ? count - first : PLACES;
        orl_problem_residuals(places, workspace, parameters, first, some, values, slopes);
        for (size_t i = 0; i < some; i++)
            half[first + i] = fit->covariance
                                  ? quantile * sqrt(variance_of(fit, slopes + i * n) + scatter)
                                  : (double)NAN;
    }
    orl_workspace_destroy(&workspace);
    orl_problem_destroy(&places);
    free(slopes);
    return ret;
}
