/* Decimal digits by integers of 192 bits: value * 10^k = mantissa * 5^k * 2^(exponent + k), whose
 * factors are whole numbers, is cut at a bit; the bits below decide how it is rounded. */
#include "base/digits.h"

#include <math.h>

enum {
    MANTISSA_BITS = 53,
    FIVES_HALF = 27,
    FIVES_MOST = 2 * FIVES_HALF,
    DIGITS_MOST = 17,
    LIMB = 64
};

__extension__ typedef unsigned __int128 wide;

/* Little end first. */
struct product {
    uint64_t limb[3];
};

/* 5^0 ... 5^27: as many as 64 bits hold. */
static const uint64_t fives_of[FIVES_HALF + 1] = {1U,
                                                  5U,
                                                  25U,
                                                  125U,
                                                  625U,
                                                  3125U,
                                                  15625U,
                                                  78125U,
                                                  390625U,
                                                  1953125U,
                                                  9765625U,
                                                  48828125U,
                                                  244140625U,
                                                  1220703125U,
                                                  6103515625UL,
                                                  30517578125UL,
                                                  152587890625UL,
                                                  762939453125UL,
                                                  3814697265625UL,
                                                  19073486328125UL,
                                                  95367431640625UL,
                                                  476837158203125UL,
                                                  2384185791015625UL,
                                                  11920928955078125UL,
                                                  59604644775390625UL,
                                                  298023223876953125UL,
                                                  1490116119384765625UL,
                                                  7450580596923828125UL};

static wide power_of_five(int power)
{
    int half = power < FIVES_HALF ? power : FIVES_HALF;
    return (wide)fives_of[half] * fives_of[power - half];
}

static uint64_t power_of_ten(int power)
{
    return fives_of[power] << power;
}

static struct product product_make(uint64_t mantissa, wide fives)
{
    wide low = (wide)mantissa * (uint64_t)fives,
         high = (wide)mantissa * (uint64_t)(fives >> LIMB) + (uint64_t)(low >> LIMB);
    return (struct product){{(uint64_t)low, (uint64_t)high, (uint64_t)(high >> LIMB)}};
}

/* The bits from `bit` on; what is cut off stays in the product. */
static uint64_t product_cut(struct product *p, int bit)
{
    int limb = bit / LIMB, shift = bit % LIMB;
    uint64_t above = p->limb[limb] >> shift;
    if (shift && limb < 2)
        above |= p->limb[limb + 1] << (LIMB - shift);
    p->limb[limb] &= ((uint64_t)1 << shift) - 1;
    for (int i = limb + 1; i < 3; i++)
        p->limb[i] = 0;
    return above;
}

static int product_compare(const struct product *a, const struct product *b)
{
    for (int i = 3; i-- > 0;)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

/* 2^bit - p: how far the next whole number is. */
static struct product product_rest(const struct product *p, int bit)
{
    struct product rest = {{0}};
    uint64_t borrow = 0;
    rest.limb[bit / LIMB] = (uint64_t)1 << bit % LIMB;
    for (int i = 0; i < 3; i++) {
        wide taken = (wide)p->limb[i] + borrow;
        borrow = taken > rest.limb[i];
        rest.limb[i] -= (uint64_t)taken;
    }
    return rest;
}

static struct product product_twice(const struct product *p)
{
    struct product twice;
    for (int i = 0; i < 3; i++)
        twice.limb[i] = p->limb[i] << 1 | (i ? p->limb[i - 1] >> (LIMB - 1) : 0);
    return twice;
}

/* What an attempt with `value * 10^power` needs: digits before the cut, and what lies below it. */
struct attempt {
    uint64_t digits;
    struct product below;
    wide fives;
    int bit;
};

static bool attempt_make(uint64_t mantissa, int exponent, int power, struct attempt *a)
{
    a->bit = -(exponent + power);
    if (power < 0 || power > FIVES_MOST || a->bit <= 0 || a->bit >= 3 * LIMB)
        return false;
    a->fives = power_of_five(power);
    a->below = product_make(mantissa, a->fives);
    a->digits = product_cut(&a->below, a->bit);
    return true;
}

/* Half the distance between neighbours is 5^power / 2 in the product's unit. No decimal lies just
 * in between: there the product would be odd times 2^-1. */
static bool attempt_reads_back(const struct attempt *a, const struct product *error)
{
    struct product twice = product_twice(error), step = product_make(1, a->fives);
    return product_compare(&twice, &step) < 0;
}

/* Powers of two, whose neighbours are at two distances, are left to printf, too. */
bool orl_decimal_make(double value, int count, struct decimal *decimal)
{
    const uint64_t end = count > 0 && count <= DIGITS_MOST ? power_of_ten(count) : 0;
    int exponent;
    double fraction = frexp(value, &exponent);
    uint64_t mantissa = (uint64_t)ldexp(fraction, MANTISSA_BITS);
    struct attempt a;
    if (!end || fraction == 0.5 || !(value > 1e-300 && value < 1e17))
        return false;
    decimal->exponent = (int)floor(log10(value)); /* or one beside it */
    for (int tries = 0;; tries++) {
        if (tries == 3 ||
            !attempt_make(mantissa, exponent - MANTISSA_BITS, count - 1 - decimal->exponent, &a))
            return false;
        if (a.digits >= end / 10 && a.digits < end)
            break;
        decimal->exponent += a.digits >= end ? 1 : -1;
    }
    struct product rest = product_rest(&a.below, a.bit);
    int side = product_compare(&a.below, &rest);
    bool up = side > 0 || (side == 0 && a.digits % 2);
    decimal->reads_back = attempt_reads_back(&a, up ? &rest : &a.below);
    decimal->digits = a.digits + up;
    if (decimal->digits == end) {
        decimal->digits = end / 10;
        decimal->exponent++;
    }
    return true;
}
