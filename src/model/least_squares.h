/* Linear least squares, a row at a time: min |A x - b| by Givens rotations (Golub & Van Loan 2013,
 * section 5.2.5). Needs room for the triangle only, however many rows there are. */
#ifndef ORL_MODEL_LEAST_SQUARES_H
#define ORL_MODEL_LEAST_SQUARES_H

#include "optreel/base.h"

struct orl_lsq {
    size_t count;  /* unknowns */
    double *r;     /* owned: the triangle, count × count, row by row */
    double *b;     /* owned: rotated right-hand side */
    double *row;   /* owned: scratch */
    double *scale; /* owned: norm of each column so far */
};

bool orl_lsq_init(struct orl_lsq *s, size_t count);
void orl_lsq_uninit(struct orl_lsq *s);
void orl_lsq_clear(struct orl_lsq *s);
/* Copy rows taken so far; both have the same count. */
void orl_lsq_copy(struct orl_lsq *to, const struct orl_lsq *from);
void orl_lsq_add(struct orl_lsq *s, const double *row, double right);
/* False where the columns depend on each other within rounding. */
bool orl_lsq_solve(const struct orl_lsq *s, double *x);

#endif
