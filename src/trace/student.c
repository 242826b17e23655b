/* Quantiles of Student's t and of the normal distribution, for bands. */
#include <math.h>

#include "base/elementary.h"
#include "optreel/trace.h"

enum { SERIES_MOST = 1000, HALVINGS = 200 }; /* degrees of freedom by the series; of an interval */

#define HALF_PI 1.5707963267948966

/* P(|T| <= t) for whole degrees of freedom: Abramowitz & Stegun 1964, eq. 26.7.3 and 26.7.4. */
static double student_within(double t, int freedom)
{
    double tangent = t / sqrt((double)freedom), c = 1.0 / sqrt(1.0 + tangent * tangent),
           s = tangent * c, sum = 0.0, term = freedom % 2 ? c : 1.0;
    for (int k = freedom % 2 ? 3 : 2; k <= freedom; k += 2) {
        sum += term;
        term *= c * c * (double)(k - 1) / (double)k;
    }
    return freedom % 2 ? (orl_atan(tangent) + s * sum) / HALF_PI : s * sum;
}

static double within(double t, int freedom)
{
    return freedom > 0 ? student_within(t, freedom) : orl_erf(t / sqrt(2.0));
}

/* The t within which the share lies, by halving. `freedom` 0: normal. */
static double quantile_find(double share, int freedom)
{
    double low = 0.0, high = 1.0;
    while (within(high, freedom) < share && high < 1e12)
        high *= 2.0;
    for (int i = 0; i < HALVINGS && low < high; i++) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        *(within(middle, freedom) < share ? &low : &high) = middle;
    }
    return high;
}

double orl_student_quantile(double share, double freedom)
{
    if (!(share > 0.0 && share < 1.0) || !(freedom >= 1.0))
        return (double)NAN;
    if (freedom <= SERIES_MOST)
        return quantile_find(share, (int)freedom);
    double z = quantile_find(share, 0), z2 = z * z;
    if (isinf(freedom))
        return z;
    /* Abramowitz & Stegun 1964, eq. 26.7.5 */
    double g1 = (z2 + 1.0) * z / 4.0, g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) * z / 96.0,
           g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) * z / 384.0;
    return z + (g1 + (g2 + g3 / freedom) / freedom) / freedom;
}
