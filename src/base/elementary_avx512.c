/* Eight numbers at a time; compiled for AVX-512, called by what is compiled for it. */
#define ORL_ISA    e
#define ORL_LANES  8
#define ORL_VECTOR __m512d
#define ORL_SLEEF  avx512fnofma
#include "base/elementary_vector.h"
