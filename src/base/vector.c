/* Vectors of numbers: length, product, and whether all of it is finite. */
#include <math.h>

#include "base/vector.h"

bool orl_vector_finite(const double *v, size_t count)
{
    double sum = 0.0; /* x - x is 0 for a number and NaN for the rest: one test for all */
    for (size_t i = 0; i < count; i++)
        sum += v[i] - v[i];
    return sum == 0.0;
}

static double scaled_norm(const double *v, size_t count)
{
    double most = 0.0, sum = 0.0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(v[i]));
    if (!(most > 0.0) || !isfinite(most))
        return most;
    for (size_t i = 0; i < count; i++)
        sum += (v[i] / most) * (v[i] / most);
    return most * sqrt(sum);
}

double orl_vector_norm(const double *v, size_t count)
{
    double sum = orl_dot(v, v, count);
    if (isnan(sum))
        return sum;
    return sum > 1e-280 && sum < 1e280 ? sqrt(sum) : scaled_norm(v, count);
}

double orl_dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}
