/* Shapes: parameters as matrices, and AdamW for those outside every one. */
#include "optimizer/shaped.h"

#include "base/array.h"

void orl_shape_gather(const struct orl_shape *shape, const double *vector, double *matrix)
{
    for (size_t i = 0; i < shape->rows * shape->columns; i++)
        matrix[i] = vector[shape->parameters[i]];
}

int orl_shaped_rest(const struct orl_optimizer_desc *desc, const struct orl_oracle *oracle,
                    bool **rest, struct orl_error *err)
{
    *rest = NULL;
    if (oracle->shape_count == 0)
        return orl_fail(err, ORL_EINPUT, "%s works on matrices: the problem needs shapes",
                        desc->name);
    *rest = orl_calloc(oracle->dimension, sizeof **rest);
    if (!*rest)
        return orl_fail_memory(err);
    for (size_t i = 0; i < oracle->dimension; i++)
        (*rest)[i] = true;
    for (size_t k = 0; k < oracle->shape_count; k++)
        for (size_t i = 0; i < oracle->shapes[k].rows * oracle->shapes[k].columns; i++)
            (*rest)[oracle->shapes[k].parameters[i]] = false;
    return ORL_OK;
}

void orl_shaped_adam(const struct orl_step *s, const bool *rest, double rate, size_t mean,
                     size_t square, double *x)
{
    static const double b1 = 0.9, b2 = 0.999, epsilon = 1e-8;
    double c1 = 1.0 - orl_pow(b1, (double)s->number), c2 = 1.0 - orl_pow(b2, (double)s->number);
    double *m = s->slots[mean], *v = s->slots[square];
    for (size_t i = 0; i < s->dimension; i++) {
        if (!rest[i])
            continue;
        m[i] = b1 * m[i] + (1.0 - b1) * s->gradient[i];
        v[i] = b2 * v[i] + (1.0 - b2) * s->gradient[i] * s->gradient[i];
        x[i] -= rate * (m[i] / c1) / (sqrt(v[i] / c2) + epsilon);
    }
}
