/* The vector variants of one width: the file that includes this defines ORL_ISA, the letter of the
 * vector function ABI; ORL_LANES; ORL_VECTOR, the type; and ORL_SLEEF, the end of SLEEF's names. No
 * guard: each of these files is compiled for its own processor.
 */
#include <immintrin.h>
#include <sleef.h>

#define ORL_ELEMENTARY_INSIDE
#include "base/elementary.h"

#define ORL_PASTE_(a, b, c, d, e, f) a##b##c##d##e##f
#define ORL_PASTE(a, b, c, d, e, f)  ORL_PASTE_(a, b, c, d, e, f)
#define ORL_THEIRS(NAME, BOUND)      ORL_PASTE(Sleef_cinz_, NAME, d, ORL_LANES, _##BOUND, ORL_SLEEF)

#define X(NAME, BOUND)                                                                             \
    ORL_VECTOR ORL_PASTE(_ZGV, ORL_ISA, N, ORL_LANES, v_orl_, NAME)(ORL_VECTOR a);                 \
    ORL_VECTOR ORL_PASTE(_ZGV, ORL_ISA, N, ORL_LANES, v_orl_, NAME)(ORL_VECTOR a)                  \
    {                                                                                              \
        return ORL_THEIRS(NAME, BOUND)(a);                                                         \
    }
ORL_ELEMENTARY_1(X)
#undef X
#define X(NAME, BOUND)                                                                             \
    ORL_VECTOR ORL_PASTE(_ZGV, ORL_ISA, N, ORL_LANES, vv_orl_, NAME)(ORL_VECTOR a, ORL_VECTOR b);  \
    ORL_VECTOR ORL_PASTE(_ZGV, ORL_ISA, N, ORL_LANES, vv_orl_, NAME)(ORL_VECTOR a, ORL_VECTOR b)   \
    {                                                                                              \
        return ORL_THEIRS(NAME, BOUND)(a, b);                                                      \
    }
ORL_ELEMENTARY_2(X)
#undef X
