/* Vectors of numbers: what the rooms ask of them. */
#ifndef ORL_BASE_VECTOR_H
#define ORL_BASE_VECTOR_H

#include "optreel/base.h"

/* Compiled for several vector widths, chosen when the program starts. Each does the same operations
 * in the same order, none is fused
 * (-ffp-contract=off), and sums have eight lanes of their own: the digits are the same on every
 * processor. Clang 14 calls such functions by names that other files do not find. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(ORL_SANITIZED)
#define ORL_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ORL_CLONES
#endif

/* Whether every entry is a number, neither infinite nor NaN. */
bool orl_vector_finite(const double *v, size_t count);

/* The Euclidean length. Finite wherever the length itself is a double: where the squares would
 * overflow or underflow they are scaled first. */
double orl_vector_norm(const double *v, size_t count);

/* The sum of the products, in order. */
double orl_dot(const double *a, const double *b, size_t count);

#endif
