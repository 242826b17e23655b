/* Vectors of numbers: what the rooms ask of them. */
#ifndef ORL_BASE_VECTOR_H
#define ORL_BASE_VECTOR_H

#include "optreel/base.h"

/* Whether every entry is a number, neither infinite nor NaN. */
bool orl_vector_finite(const double *v, size_t count);

/* The Euclidean length. Finite wherever the length itself is a double: where the squares would
 * overflow or underflow they are scaled first. */
double orl_vector_norm(const double *v, size_t count);

/* The sum of the products, in order. */
double orl_dot(const double *a, const double *b, size_t count);

#endif
