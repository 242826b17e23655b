/* A triangle that takes rows, and what is read from it. */
#include "model/least_squares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/tape.h"

#define RANK_TOLERANCE 1e-13  /* of a column's norm */
#define LEAST_SUM      1e-270 /* between these squares neither under- nor overflowed */
#define MOST_SUM       1e300
#define LEAST_SAFE     1e-100 /* between these so do products of two columns */
#define MOST_SAFE      1e100

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
    s->rest = 0.0;
}

void orl_lsq_copy(struct orl_lsq *to, const struct orl_lsq *from)
{
    memcpy(to->r, from->r, from->count * (from->count + 3) * sizeof *to->r);
    to->rest = from->rest;
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

/* The squares of a column are out of range: scaled by its largest entry none over- or underflows.
 */
static double scaled_norm(const double *column, size_t rows)
{
    double most = 0.0, sum = 0.0;
    for (size_t i = 0; i < rows; i++) {
        double size = fabs(column[i]);
        most = size > most || size != size ? size : most;
    }
    for (size_t i = 0; most > 0.0 && i < rows; i++)
        sum += column[i] / most * (column[i] / most);
    return most > 0.0 ? most * sqrt(sum) : most;
}

static double column_norm(const double *column, size_t rows)
{
    double sum = orl_dot_lanes(column, column, rows);
    return sum > LEAST_SUM && sum < MOST_SUM ? sqrt(sum) : scaled_norm(column, rows);
}

/* A reflection: I - ratio u u^T, u = (1, v / first). */
struct reflection {
    const double *v;
    double first, ratio;
    size_t rows;
};

static void column_turn(const struct reflection *f, double *head, double *column)
{
    double dot = (*head + orl_dot_lanes(f->v, column, f->rows) / f->first) * f->ratio;
    *head -= dot;
    orl_kernel_subtract(column, f->v, dot / f->first, f->rows);
}

/* Reflect column j of the rows into the triangle's diagonal, and the columns and right sides behind
 * it along. */
static void column_reflect(struct orl_lsq *s, size_t j, double *columns, size_t stride,
                           double *right, size_t rows)
{
    size_t n = s->count;
    double *r = s->r + j * n, *v = columns + j * stride, norm = column_norm(v, rows);
    if (norm == 0.0)
        return;
    double length = hypot(r[j], norm), first = r[j] + (r[j] < 0.0 ? -length : length);
    struct reflection f = {v, first, fabs(first) / length, rows};
    if (!(length > LEAST_SAFE && length < MOST_SAFE)) { /* products could over- or underflow */
        for (size_t i = 0; i < rows; i++)
            v[i] /= first;
        f.first = 1.0;
    }
    r[j] = r[j] < 0.0 ? length : -length;
    for (size_t k = j + 1; k < n; k++)
        column_turn(&f, &r[k], columns + k * stride);
    column_turn(&f, &s->b[j], right);
}

void orl_lsq_add_columns(struct orl_lsq *s, double *columns, size_t stride, double *right,
                         size_t rows)
{
    size_t n = s->count;
    for (size_t j = 0; j < n; j++)
        s->scale[j] = hypot(s->scale[j], column_norm(columns + j * stride, rows));
    for (size_t j = 0; j < n; j++)
        column_reflect(s, j, columns, stride, right, rows);
    s->rest += orl_dot_lanes(right, right, rows);
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

double orl_lsq_inverse(const struct orl_lsq *s, double *inverse)
{
    size_t n = s->count;
    double of_matrix = 0.0, of_inverse = 0.0;
    for (size_t j = 0; j < n; j++)
        if (!(fabs(s->r[j * n + j]) > 0.0) || !(s->scale[j] > 0.0) || !isfinite(s->scale[j]))
            return INFINITY;
    for (size_t k = 0; k < n; k++)
        for (size_t i = k + 1; i-- > 0;) {
            double sum = i == k ? 1.0 : 0.0;
            for (size_t m = i + 1; m <= k; m++)
                sum -= s->r[i * n + m] / s->scale[m] * inverse[m * n + k];
            inverse[i * n + k] = sum / (s->r[i * n + i] / s->scale[i]);
            double scaled = s->r[i * n + k] / s->scale[k];
            of_matrix += scaled * scaled;
            of_inverse += inverse[i * n + k] * inverse[i * n + k];
        }
    return sqrt(of_matrix) * sqrt(of_inverse);
}
