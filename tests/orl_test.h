/* What the tests share: cmocka with the headers it wants first, and comparisons of numbers that
 * print both. */
#ifndef ORL_TEST_H
#define ORL_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* |a - b| <= tolerance * max(1, |b|); a NaN never passes. */
#define CHECK_NEAR(a, b, tolerance) check_near((a), (b), (tolerance), #a, __FILE__, __LINE__)

static inline void check_near(double a, double b, double tolerance, const char *what,
                              const char *file, int line)
{
    double scale = fabs(b) > 1.0 ? fabs(b) : 1.0;
    if (fabs(a - b) <= tolerance * scale)
        return;
    print_error("%s:%d: %s is %.17g, expected %.17g (tolerance %g)\n", file, line, what, a, b,
                tolerance);
    fail();
}

#endif
