/* Four numbers at a time; compiled for AVX2, called by what is compiled for it. */
#define ORL_ISA    d
#define ORL_LANES  4
#define ORL_VECTOR __m256d
#define ORL_SLEEF  avx
#include "base/elementary_vector.h"
