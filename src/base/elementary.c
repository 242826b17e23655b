/* One number at a time, and, on x86-64, two: SSE2 is always there. */
#define ORL_ELEMENTARY_INSIDE
#include "base/elementary.h"

#ifdef ORL_ELEMENTARY_VECTORS
#define ORL_ISA    b
#define ORL_LANES  2
#define ORL_VECTOR __m128d
#define ORL_SLEEF  sse2
#include "base/elementary_vector.h"
#else
#include <sleef.h>
#endif

/* The variant for two is the faster way to one. */
#ifdef ORL_ELEMENTARY_VECTORS
#define X(NAME, BOUND)                                                                             \
    double orl_##NAME(double a)                                                                    \
    {                                                                                              \
        return _mm_cvtsd_f64(ORL_THEIRS(NAME, BOUND)(_mm_set1_pd(a)));                             \
    }
ORL_ELEMENTARY_1(X)
#undef X
#define X(NAME, BOUND)                                                                             \
    double orl_##NAME(double a, double b)                                                          \
    {                                                                                              \
        return _mm_cvtsd_f64(ORL_THEIRS(NAME, BOUND)(_mm_set1_pd(a), _mm_set1_pd(b)));             \
    }
ORL_ELEMENTARY_2(X)
#undef X
#else
#define X(NAME, BOUND)                                                                             \
    double orl_##NAME(double a)                                                                    \
    {                                                                                              \
        return Sleef_cinz_##NAME##d1_##BOUND##purec(a);                                            \
    }
ORL_ELEMENTARY_1(X)
#undef X
#define X(NAME, BOUND)                                                                             \
    double orl_##NAME(double a, double b)                                                          \
    {                                                                                              \
        return Sleef_cinz_##NAME##d1_##BOUND##purec(a, b);                                         \
    }
ORL_ELEMENTARY_2(X)
#undef X
#endif

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

const char *orl_elementary_version(void)
{
    return TEXT(SLEEF_VERSION_MAJOR) "." TEXT(SLEEF_VERSION_MINOR) "." TEXT(
        SLEEF_VERSION_PATCHLEVEL);
}
