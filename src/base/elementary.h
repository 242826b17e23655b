/* exp, sin, pow and their like, whose digits depend neither on the processor nor on how many are
 * computed at once: SLEEF's deterministic functions (Shibata & Petrogalli 2020, IEEE Trans.
 * Parallel Distrib. Syst. 31(6):1316-1327), at most 1 ulp off (log1p is infinite past 1e307, sinh
 * and cosh past 709.7). The C library's have variants with fused multiply-add that differ in the
 * last digit. */
#ifndef ORL_BASE_ELEMENTARY_H
#define ORL_BASE_ELEMENTARY_H

/* X(name, how SLEEF calls its bound in ulp) */
#define ORL_ELEMENTARY_1(X)                                                                        \
    X(exp, u10)                                                                                    \
    X(log, u10)                                                                                    \
    X(log10, u10)                                                                                  \
    X(log2, u10)                                                                                   \
    X(log1p, u10)                                                                                  \
    X(expm1, u10)                                                                                  \
    X(sin, u10)                                                                                    \
    X(cos, u10)                                                                                    \
    X(tan, u10)                                                                                    \
    X(asin, u10)                                                                                   \
    X(acos, u10)                                                                                   \
    X(atan, u10)                                                                                   \
    X(sinh, u10)                                                                                   \
    X(cosh, u10)                                                                                   \
    X(tanh, u10)                                                                                   \
    X(cbrt, u10)                                                                                   \
    X(erf, u10)
#define ORL_ELEMENTARY_2(X)                                                                        \
    X(pow, u10)                                                                                    \
    X(atan2, u10)                                                                                  \
    X(hypot, u05)

/* Where the compiler can, it makes loops over these functions loops over vectors: elementary_*.c
 * holds the variants, under the names of the x86-64 vector function ABI. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define ORL_ELEMENTARY_VECTORS 1
#endif
#if defined(ORL_ELEMENTARY_VECTORS) && !defined(ORL_ELEMENTARY_INSIDE)
#define ORL_ELEMENTARY __attribute__((simd("notinbranch"), const, nothrow, leaf))
#else
#define ORL_ELEMENTARY __attribute__((const))
#endif

/* double orl_exp(double) and so on; double orl_pow(double, double), orl_atan2, orl_hypot. */
#define X(NAME, BOUND) ORL_ELEMENTARY double orl_##NAME(double a);
ORL_ELEMENTARY_1(X)
#undef X
#define X(NAME, BOUND) ORL_ELEMENTARY double orl_##NAME(double a, double b);
ORL_ELEMENTARY_2(X)
#undef X

/* SLEEF's, as it was when this was compiled: what decides the digits belongs into keys and
 * summaries. */
const char *orl_elementary_version(void);

#endif
