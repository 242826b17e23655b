/* Data sets from lists of numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/dataset.h"
#include "model/formula.h"

static const struct orl_column_spec *column_find(const struct orl_list_spec *spec, const char *name)
{
    for (size_t i = 0; i < spec->column_count; i++)
        if (strcmp(spec->columns[i].name, name) == 0)
            return &spec->columns[i];
    return NULL;
}

/* A formula's value at each point, `rows` numbers, into `out`. A name is a column's before it is a
 * constant's. */
static int formula_fill(const struct orl_list_spec *spec, const struct orl_formula *formula,
                        size_t rows, double *out, struct orl_error *err)
{
    size_t names = formula->name_count;
    double *values = orl_calloc(names, sizeof *values);
    const double **lists = orl_calloc(names, sizeof *lists);
    int ret = values && lists ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < names; i++) {
        const char *name = formula->names[i].text;
        const struct orl_column_spec *column = column_find(spec, name);
        if (column)
            lists[i] = column->list;
        else if (!orl_constant_find(name, &values[i]))
            ret = orl_fail(err, ORL_EINPUT, "'%s' is not a list in the data", name);
    }
    for (size_t row = 0; ret == ORL_OK && row < rows; row++) {
        for (size_t i = 0; i < names; i++)
            if (lists[i])
                values[i] = lists[i][row];
        out[row] = orl_formula_evaluate(formula, values);
    }
    free(values);
    free(lists);
    return ret;
}

static int check_points(const struct orl_dataset *d, const struct orl_list_spec *spec,
                        struct orl_error *err)
{
    for (size_t row = 0; row < d->rows; row++) {
        if (!isfinite(d->response[row]))
            return orl_fail(err, ORL_EINPUT, "the response '%s' is not finite at point %zu",
                            orl_formula_text(spec->response), row + 1);
        if (d->sigma && !(d->sigma[row] > 0.0 && isfinite(d->sigma[row])))
            return orl_fail(err, ORL_EINPUT,
                            "the standard deviation of point %zu must be greater than 0", row + 1);
    }
    return ORL_OK;
}

static int dataset_fill(struct orl_dataset *d, const struct orl_list_spec *spec,
                        struct orl_error *err)
{
    d->sigma_absolute = spec->sigma_absolute;
    d->response_name = orl_strdup(orl_formula_text(spec->response));
    d->response = orl_dataset_column(d->rows);
    d->sigma = spec->sigma ? orl_dataset_column(d->rows) : NULL;
    if (!d->response_name || !d->response || (spec->sigma && !d->sigma))
        return orl_fail_memory(err);
    for (size_t i = 0; i < d->columns; i++) {
        d->values[i] = orl_dataset_column(d->rows);
        if (!d->values[i])
            return orl_fail_memory(err);
        memcpy(d->values[i], column_find(spec, d->names[i])->list, d->rows * sizeof(double));
    }
    int ret = formula_fill(spec, spec->response, d->rows, d->response, err);
    if (ret == ORL_OK && spec->sigma)
        ret = formula_fill(spec, spec->sigma, d->rows, d->sigma, err);
    return ret == ORL_OK ? check_points(d, spec, err) : ret;
}

int orl_dataset_list(const struct orl_list_spec *spec, struct orl_dataset **out,
                     struct orl_error *err)
{
    size_t rows = spec->column_count ? spec->columns[0].count : 0;
    struct orl_dataset *d = orl_dataset_create(rows, spec->predictor_count, spec->predictors);
    int ret = d ? dataset_fill(d, spec, err) : orl_fail_memory(err);
    if (ret != ORL_OK)
        orl_dataset_destroy(&d);
    *out = d;
    return ret;
}
