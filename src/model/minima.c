/* Objectives with several known minima: which is near, and how deep they are. */
#include <math.h>

#include "base/vector.h"
#include "model/problem.h"

const double *orl_nearest_point(const double *points, size_t count, const double *point,
                                size_t dimension, double *distance)
{
    const double *nearest = count ? points : NULL;
    double least = (double)NAN;
    for (size_t k = 0; k < count; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < dimension; i++)
            sum = hypot(sum, point[i] - points[k * dimension + i]);
        if (sum < least || isnan(least)) {
            nearest = isnan(sum) ? nearest : points + k * dimension;
            least = sum;
        }
    }
    if (distance)
        *distance = least;
    return nearest;
}

double orl_problem_least(const struct orl_problem *problem, struct orl_workspace *workspace)
{
    double least = (double)NAN;
    for (size_t k = 0; !problem->data && k < problem->truth_count; k++) {
        double loss = (double)NAN;
        orl_problem_evaluate(problem, workspace, problem->truth + k * problem->parameter_count,
                             NULL, 0, &loss, NULL);
        if (isfinite(loss) && !(loss >= least))
            least = loss;
    }
    return least;
}
