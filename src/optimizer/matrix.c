/* Small dense matrices: products, Jacobi's eigenvalues, Householder's QR, Muon's iteration. */
#include "optimizer/matrix.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/vector.h"

void orl_matrix_product(const double *a, const double *b, double *out, size_t rows, size_t inner,
                        size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = 0.0;
            for (size_t k = 0; k < inner; k++)
                sum += a[i * inner + k] * b[k * columns + j];
            out[i * columns + j] = sum;
        }
}

void orl_matrix_product_left(const double *a, const double *b, double *out, size_t rows,
                             size_t inner, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = 0.0;
            for (size_t k = 0; k < inner; k++)
                sum += a[k * rows + i] * b[k * columns + j];
            out[i * columns + j] = sum;
        }
}

void orl_matrix_product_right(const double *a, const double *b, double *out, size_t rows,
                              size_t inner, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            out[i * columns + j] = orl_dot(a + i * inner, b + j * inner, inner);
}

/* ---- Eigenvalues ----------------------------------------------------------------------------- */

enum { SWEEPS = 60 };

/* The rotation in the plane (p, q) that makes the entry there 0. */
static void eigen_rotate(double *a, double *vectors, size_t n, size_t p, size_t q)
{
    double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
    double t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1.0));
    double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = vectors[k * n + p], y = vectors[k * n + q];
        vectors[k * n + p] = c * x - s * y;
        vectors[k * n + q] = s * x + c * y;
    }
    a[p * n + q] = a[q * n + p] = 0.0;
}

/* One round over all planes; false where nothing was left to be done. */
static bool eigen_sweep(double *a, double *vectors, size_t n)
{
    bool any = false;
    for (size_t p = 0; p + 1 < n; p++)
        for (size_t q = p + 1; q < n; q++) {
            double size = sqrt(fabs(a[p * n + p])) * sqrt(fabs(a[q * n + q]));
            if (!(fabs(a[p * n + q]) > 1e-17 * size) || !(fabs(a[p * n + q]) > 1e-300))
                continue;
            eigen_rotate(a, vectors, n, p, q);
            any = true;
        }
    return any;
}

void orl_matrix_eigen(double *matrix, size_t n, double *values, double *vectors)
{
    for (size_t i = 0; i < n * n; i++)
        vectors[i] = i % (n + 1) == 0 ? 1.0 : 0.0;
    for (int i = 0; i < SWEEPS && eigen_sweep(matrix, vectors, n); i++)
        ;
    for (size_t i = 0; i < n; i++)
        values[i] = matrix[i * n + i];
    for (size_t i = 0; i < n; i++) { /* sorted by choosing the largest of the rest */
        size_t best = i;
        for (size_t k = i + 1; k < n; k++)
            best = values[k] > values[best] ? k : best;
        double value = values[best];
        for (size_t k = best; k > i; k--)
            values[k] = values[k - 1];
        values[i] = value;
        for (size_t row = 0; row < n; row++) {
            double *v = vectors + row * n, moved = v[best];
            memmove(v + i + 1, v + i, (best - i) * sizeof *v);
            v[i] = moved;
        }
    }
}

/* ---- QR -------------------------------------------------------------------------------------- */

/* Reflect the columns from `first` on of a matrix at the vector that `scratch` holds from `k` on.
 */
static void reflect_columns(double *m, size_t n, size_t k, size_t first, const double *scratch,
                            double square)
{
    for (size_t j = first; j < n; j++) {
        double inner = 0.0;
        for (size_t i = k; i < n; i++)
            inner += scratch[i] * m[i * n + j];
        for (size_t i = k; i < n; i++)
            m[i * n + j] -= 2.0 * inner / square * scratch[i];
    }
}

/* The rows of a matrix likewise: Q is the product of all reflections. */
static void reflect_rows(double *m, size_t n, size_t k, const double *scratch, double square)
{
    for (size_t i = 0; i < n; i++) {
        double inner = 0.0;
        for (size_t j = k; j < n; j++)
            inner += m[i * n + j] * scratch[j];
        for (size_t j = k; j < n; j++)
            m[i * n + j] -= 2.0 * inner / square * scratch[j];
    }
}

void orl_matrix_orthogonal(double *matrix, size_t n, double *factor, double *scratch)
{
    for (size_t i = 0; i < n * n; i++)
        factor[i] = i % (n + 1) == 0 ? 1.0 : 0.0;
    for (size_t k = 0; k + 1 < n; k++) {
        for (size_t i = k; i < n; i++)
            scratch[i] = matrix[i * n + k];
        double norm = orl_vector_norm(scratch + k, n - k);
        if (!(norm > 0.0))
            continue; /* this column is 0 from here down: nothing to be reflected away */
        for (size_t i = k; i < n; i++)
            scratch[i] /= norm;
        scratch[k] += scratch[k] >= 0.0 ? 1.0 : -1.0;
        double square = orl_dot(scratch + k, scratch + k, n - k);
        reflect_columns(matrix, n, k, k, scratch, square);
        reflect_rows(factor, n, k, scratch, square);
    }
}

/* ---- Newton-Schulz --------------------------------------------------------------------------- */

size_t orl_matrix_schulz_room(size_t rows, size_t columns)
{
    size_t least = rows < columns ? rows : columns;
    return 2 * rows * columns + 2 * least * least;
}

static void transpose(const double *m, double *out, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            out[j * rows + i] = m[i * columns + j];
}

void orl_matrix_schulz(double *m, size_t rows, size_t columns, int iterations, double *scratch)
{
    static const double a = 3.4445, b = -4.7750, c = 2.0315;
    bool tall = rows > columns;
    size_t n = tall ? columns : rows, wide = tall ? rows : columns;
    double *x = scratch, *next = x + n * wide, *gram = next + n * wide, *mixed = gram + n * n;
    double norm = orl_vector_norm(m, rows * columns) + 1e-7;
    if (tall)
        transpose(m, x, rows, columns);
    else
        memcpy(x, m, rows * columns * sizeof *m);
    for (size_t i = 0; i < n * wide; i++)
        x[i] /= norm;
    for (int k = 0; k < iterations; k++) {
        orl_matrix_product_right(x, x, gram, n, wide, n);
        orl_matrix_product(gram, gram, mixed, n, n, n);
        for (size_t i = 0; i < n * n; i++)
            mixed[i] = b * gram[i] + c * mixed[i];
        orl_matrix_product(mixed, x, next, n, n, wide);
        for (size_t i = 0; i < n * wide; i++)
            x[i] = a * x[i] + next[i];
    }
    if (tall)
        transpose(x, m, columns, rows);
    else
        memcpy(m, x, rows * columns * sizeof *m);
}
