/* The decimal digits of a double, exactly, for the numbers that traces and logs are made of. */
#ifndef ORL_BASE_DIGITS_H
#define ORL_BASE_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

/* `count` significant digits of a number: the first is worth 10^exponent. */
struct decimal {
    uint64_t digits; /* 10^(count-1) ... 10^count - 1 */
    int exponent;
    bool reads_back; /* no other double is as near to these digits */
};

/* The nearest decimal of 1 to 17 digits to a positive, finite number, ties to even, as printf's %g
 * finds it. False where the integers here are too short for an exact answer (from about 10^count
 * upwards, below about 1e-38, subnormal numbers): then the caller asks printf. */
bool orl_decimal_make(double value, int count, struct decimal *decimal);

#endif
