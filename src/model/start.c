/* Whether the runs of a problem can start, and if not, which data row and which parameter are in
 * the way. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/text.h"
#include "base/vector.h"
#include "model/problem.h"

/* The first entry that is no number; `count` where all are. */
static size_t first_odd(const double *values, size_t count)
{
    size_t i = 0;
    while (i < count && isfinite(values[i]))
        i++;
    return i;
}

/* "data row 3 (x = 0, z = 1)". */
static void row_describe(const struct orl_dataset *data, size_t row, struct orl_text *text)
{
    char number[ORL_NUMBER_SIZE];
    orl_text_printf(text, "data row %zu", row + 1);
    for (size_t c = 0; c < data->columns; c++) {
        orl_double_short(number, data->values[c][row]);
        orl_text_printf(text, "%s%s = %s", c ? ", " : " (", data->names[c], number);
    }
    orl_text_puts(text, data->columns ? ")" : "");
}

/* A fault of a row: the value, or the derivative in a parameter. */
static int row_refuse(const struct orl_problem *p, size_t row, const double *jacobian,
                      struct orl_error *err)
{
    struct orl_text where = {0};
    size_t odd = jacobian ? first_odd(jacobian, p->parameter_count) : p->parameter_count;
    row_describe(p->data, row, &where);
    const char *text = where.failed ? "a data row" : where.data;
    int ret = odd < p->parameter_count
                  ? orl_fail(err, ORL_EINPUT, "the derivative in '%s' is not finite at %s",
                             p->parameters[odd], text)
                  : orl_fail(err, ORL_EINPUT, "the model is not finite at %s", text);
    orl_text_uninit(&where);
    return ret;
}

/* Look for the first row whose value, then for the first whose derivatives are not finite. */
static int rows_check(const struct orl_problem *p, struct orl_workspace *w, double *jacobian,
                      bool derivatives, struct orl_error *err)
{
    double residuals[ORL_TAPE_BLOCK];
    size_t n = p->parameter_count;
    for (size_t first = 0; first < p->data->rows; first += ORL_TAPE_BLOCK) {
        size_t left = p->data->rows - first, count = left < ORL_TAPE_BLOCK ? left : ORL_TAPE_BLOCK;
        orl_problem_residuals(p, w, p->start, first, count, residuals,
                              derivatives ? jacobian : NULL);
        size_t odd = derivatives ? first_odd(jacobian, count * n) / n : first_odd(residuals, count);
        if (odd < count)
            return row_refuse(p, first + odd, derivatives ? jacobian + odd * n : NULL, err);
    }
    return ORL_OK;
}

static int data_check(const struct orl_problem *p, struct orl_workspace *w, struct orl_error *err)
{
    size_t cells;
    double *jacobian = orl_size_mul(p->parameter_count, ORL_TAPE_BLOCK, &cells)
                           ? orl_calloc(cells, sizeof *jacobian)
                           : NULL;
    if (!jacobian)
        return orl_fail_memory(err);
    int ret = rows_check(p, w, jacobian, false, err);
    if (ret == ORL_OK)
        ret = rows_check(p, w, jacobian, true, err);
    free(jacobian);
    return ret == ORL_OK ? orl_fail(err, ORL_EINPUT,
                                    "the loss or its gradient is not finite, though the model is: "
                                    "they are too large")
                         : ret;
}

static int objective_check(const struct orl_problem *p, double value, const double *gradient,
                           struct orl_error *err)
{
    size_t odd = first_odd(gradient, p->parameter_count);
    if (!isfinite(value))
        return orl_fail(err, ORL_EINPUT, "the objective is not finite there");
    return orl_fail(err, ORL_EINPUT, "the derivative in '%s' is not finite there",
                    p->parameters[odd < p->parameter_count ? odd : 0]);
}

int orl_problem_check_start(const struct orl_problem *problem, struct orl_error *err)
{
    struct orl_workspace *workspace = NULL;
    double loss, *gradient = orl_calloc(problem->parameter_count, sizeof *gradient);
    int ret = gradient ? orl_workspace_create(problem, &workspace, err) : orl_fail_memory(err);
    if (ret == ORL_OK) {
        orl_problem_evaluate(problem, workspace, problem->start, NULL, 0, &loss, gradient);
        if (isfinite(loss) && orl_vector_finite(gradient, problem->parameter_count))
            ret = ORL_OK;
        else
            ret = problem->data ? data_check(problem, workspace, err)
                                : objective_check(problem, loss, gradient, err);
    }
    orl_workspace_destroy(&workspace);
    free(gradient);
    return ret;
}
