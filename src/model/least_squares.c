#include "model/least_squares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define RANK_TOLERANCE 1e-13 /* of a column's norm */

bool orl_lsq_init(struct orl_lsq *s, size_t count)
{
    size_t numbers;
    *s = (struct orl_lsq){.count = count};
    if (!orl_size_add(count, 3, &numbers) || !orl_size_mul(numbers, count, &numbers) ||
        !(s->r = orl_calloc(numbers, sizeof *s->r)))
        return false;
    s->b = s->r + count * count;
    s->row = s->b + count;
    s->scale = s->row + count;
    return true;
}

void orl_lsq_uninit(struct orl_lsq *s)
{
    free(s->r);
    *s = (struct orl_lsq){0};
}

void orl_lsq_clear(struct orl_lsq *s)
{
    memset(s->r, 0, s->count * (s->count + 3) * sizeof *s->r);
}

void orl_lsq_copy(struct orl_lsq *to, const struct orl_lsq *from)
{
    memcpy(to->r, from->r, from->count * (from->count + 3) * sizeof *to->r);
}

void orl_lsq_add(struct orl_lsq *s, const double *row, double right)
{
    size_t n = s->count;
    memcpy(s->row, row, n * sizeof *row);
    for (size_t j = 0; j < n; j++) {
        double *r = s->r + j * n, a = r[j], b = s->row[j];
        s->scale[j] = hypot(s->scale[j], row[j]);
        if (b == 0.0)
            continue;
        double length = hypot(a, b), c = a / length, d = b / length;
        for (size_t k = j; k < n; k++) {
            double up = r[k], low = s->row[k];
            r[k] = c * up + d * low;
            s->row[k] = c * low - d * up;
        }
        double up = s->b[j];
        s->b[j] = c * up + d * right;
        right = c * right - d * up;
    }
}

bool orl_lsq_solve(const struct orl_lsq *s, double *x)
{
    size_t n = s->count;
    for (size_t j = n; j-- > 0;) {
        const double *r = s->r + j * n;
        double sum = s->b[j];
        if (!(fabs(r[j]) > RANK_TOLERANCE * s->scale[j]))
            return false;
        for (size_t k = j + 1; k < n; k++)
            sum -= r[k] * x[k];
        x[j] = sum / r[j];
    }
    return true;
}
