/* The model and the data that a fit panel shows. */
#include "scene/panels/fit.h"

const struct orl_dataset *orl_fit_data(const struct view *view)
{
    return view->run_count && view->runs[0].problem ? orl_problem_data(view->runs[0].problem)
                                                    : NULL;
}

const double *orl_fit_row(const struct view *view, size_t run, size_t row)
{
    const struct orl_trace *trace = view->runs[run].trace;
    return trace->values + row * trace->parameter_count;
}

void orl_fit_predict(const struct fit *fit, const struct orl_film_run *run,
                     const double *parameters, const double *x, size_t count, double *y)
{
    orl_problem_predict(run->problem, fit->workspace, parameters, &x, count, y);
}
