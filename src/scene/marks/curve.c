/* Curves, sampled as finely as they bend. */
#include "scene/marks/curve.h"

#include <math.h>

#define MISSES_PX 0.25 /* what is less is not seen */

size_t orl_curve_misses(const double *y, size_t points, const struct axis *axis)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < points; i++) {
        double a = orl_axis_px(axis, y[2 * i]), middle = orl_axis_px(axis, y[2 * i + 1]),
               b = orl_axis_px(axis, y[2 * i + 2]);
        bool seen =
            fmin(fmin(a, middle), b) < 2.0 * axis->last && fmax(fmax(a, middle), b) > -axis->last;
        count += seen && fabs(middle - 0.5 * (a + b)) > MISSES_PX;
    }
    return count;
}

/* Whether the curve runs to infinity before the point i and comes back from the other side after
 * it, as 1/x does at 0: it moves faster and faster towards the gap, and the gap is crossed against
 * that direction. */
static bool is_pole(const double *y, size_t i, size_t count, double height)
{
    if (i < 3 || i + 2 >= count)
        return false;
    double jump = y[i] - y[i - 1], before = y[i - 1] - y[i - 2], earlier = y[i - 2] - y[i - 3],
           after = y[i + 1] - y[i], later = y[i + 2] - y[i + 1];
    return fabs(jump) > 0.5 * height && jump * before < 0.0 && jump * after < 0.0 &&
           before * earlier > 0.0 && after * later > 0.0 && fabs(before) > fabs(earlier) &&
           fabs(after) > fabs(later);
}

size_t orl_curve_path(const double *x, const double *y, size_t count, double height, double *xy)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_pole(y, i, count, height)) {
            xy[n++] = NAN;
            xy[n++] = NAN;
        }
        xy[n++] = x[i];
        xy[n++] = y[i];
    }
    return n / 2;
}
