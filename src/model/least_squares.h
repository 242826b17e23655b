/* Linear least squares, min |A x - b|, rows as they come: one at a time by Givens rotations (Golub
 * & Van Loan 2013, section 5.2.5), or many by Householder's reflections (section 5.2.2), which is
 * several times faster. Needs room for the triangle only, however many rows there are. */
#ifndef ORL_MODEL_LEAST_SQUARES_H
#define ORL_MODEL_LEAST_SQUARES_H

#include "optreel/model.h"

struct orl_lsq {
    size_t count;  /* unknowns */
    double *r;     /* owned: the triangle, count × count, row by row */
    double *b;     /* owned: rotated right-hand side */
    double *row;   /* owned: scratch */
    double *scale; /* owned: norm of each column so far */
    double rest;   /* what of |b|^2 no x can take away, from the rows of orl_lsq_add_columns */
};

/* Room for `count` unknowns, no rows taken yet; false when memory is short. And back to no rows. */
bool orl_lsq_init(struct orl_lsq *s, size_t count);
void orl_lsq_uninit(struct orl_lsq *s);
void orl_lsq_clear(struct orl_lsq *s);
/* Copy rows taken so far; both have the same count. */
void orl_lsq_copy(struct orl_lsq *to, const struct orl_lsq *from);
/* Take in one row of `count` numbers and its right side, by Givens rotations. */
void orl_lsq_add(struct orl_lsq *s, const double *row, double right);
/* The same with `rows` rows at once, column by column (the j-th begins at columns + j * stride),
 * and their right sides; both are used up. */
void orl_lsq_add_columns(struct orl_lsq *s, double *columns, size_t stride, double *right,
                         size_t rows);
/* False where the columns depend on each other within rounding. */
bool orl_lsq_solve(const struct orl_lsq *s, double *x);
/* The inverse of the triangle with columns scaled to length 1, upper half of count × count numbers:
 * (A^T A)^-1 is inverse * inverse^T, divided by the scales of its row and column. Returns the
 * condition of the scaled matrix in the Frobenius norm; infinity, with nothing written, where a
 * column is 0 or depends on others exactly. */
double orl_lsq_inverse(const struct orl_lsq *s, double *inverse);

/* Put the Jacobian of the residuals at `parameters`, with the residuals as right sides, into `lsq`,
 * a block of points at a time, and the sum of their squares into *squares. For problems with data.
 * False where memory is short. */
bool orl_problem_linearize(const struct orl_problem *problem, struct orl_workspace *workspace,
                           const double *parameters, struct orl_lsq *lsq, double *squares);

#endif
