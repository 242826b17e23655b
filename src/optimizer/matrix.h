/* Small dense matrices, row by row: what rules that work on shapes need of linear algebra. */
#ifndef ORL_OPTIMIZER_MATRIX_H
#define ORL_OPTIMIZER_MATRIX_H

#include <stddef.h>

/* out (rows x columns) = a (rows x inner) b (inner x columns). out may not be a or b. */
void orl_matrix_product(const double *a, const double *b, double *out, size_t rows, size_t inner,
                        size_t columns);
/* The same with the transpose of a, which is inner x rows; or of b, which is columns x inner. */
void orl_matrix_product_left(const double *a, const double *b, double *out, size_t rows,
                             size_t inner, size_t columns);
void orl_matrix_product_right(const double *a, const double *b, double *out, size_t rows,
                              size_t inner, size_t columns);

/* Eigenvalues of a symmetric n x n matrix, largest first, and its eigenvectors, the columns of
 * `vectors`. `matrix` is used up. By Jacobi's rotations, row by row (Golub & Van Loan 2013,
 * alg. 8.5.2): as exact as the numbers are, always the same digits. Of equal eigenvalues the
 * vectors' order is that of the columns. */
void orl_matrix_eigen(double *matrix, size_t n, double *values, double *vectors);

/* The orthogonal factor of an n x n matrix, by Householder's reflections (alg. 5.2.1): orthogonal
 * also where the columns depend on each other. `matrix` is used up; `scratch` has n numbers. */
void orl_matrix_orthogonal(double *matrix, size_t n, double *factor, double *scratch);

/* Five-odd steps of a Newton-Schulz iteration towards the nearest orthogonal matrix, as Muon has
 * it: X = m/(|m| + 1e-7), transposed where it has more rows than columns; X = aX + (bA + cA^2)X
 * with A = X X^T and (a, b, c) = (3.4445, -4.7750, 2.0315). Singular values end between 0.68 and
 * 1.14, not at 1 (Jordan et al. 2024). In place. `scratch` has orl_matrix_schulz_room numbers. */
void orl_matrix_schulz(double *m, size_t rows, size_t columns, int iterations, double *scratch);
size_t orl_matrix_schulz_room(size_t rows, size_t columns);

#endif
