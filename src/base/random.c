/* Random numbers: xoshiro256++, uniform, below a bound, normal. */
#include "base/random.h"

#include <math.h>

#include "base/vector.h"

enum { PAIRS = 128 }; /* normal deviates are made so many pairs at a time */

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t rotate(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

void orl_random_init(struct orl_random *random, uint64_t seed, uint64_t stream)
{
    uint64_t mix = seed;
    uint64_t other = splitmix64(&mix) ^ stream * UINT64_C(0xd1342543de82ef95);
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix64(&other);
    random->spare = 0.0;
    random->has_spare = false;
}

uint64_t orl_random_bits(struct orl_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double orl_random_uniform(struct orl_random *random)
{
    return (double)(orl_random_bits(random) >> 11) * 0x1p-53;
}

uint64_t orl_random_below(struct orl_random *random, uint64_t bound)
{
    uint64_t bits, rest;
    do { /* the last, incomplete stretch of `bound` numbers is thrown away */
        bits = orl_random_bits(random);
        rest = bits % bound;
    } while (bits - rest > UINT64_MAX - (bound - 1));
    return rest;
}

/* log(s) for a normal 0 < s < 1 by the series of 2 artanh((m-1)/(m+1)), m in [sqrt(1/2), sqrt(2)]:
 * only + - * /, so every machine agrees. No branch and no call: loops of it become vectors. */
static inline double own_log(double s)
{
    union {
        double number;
        uint64_t bits;
    } m = {s}, e = {0.0};
    e.bits = m.bits >> 52 | UINT64_C(0x4330000000000000); /* 2^52 + the exponent's field */
    m.bits = (m.bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3fe0000000000000);
    bool low = m.number < 0.70710678118654752440;
    double half = low ? 2.0 * m.number : m.number,
           exponent = e.number - 0x1p52 - (low ? 1023.0 : 1022.0);
    double z = (half - 1.0) / (half + 1.0), z2 = z * z, sum = 0.0;
    for (int k = 25; k >= 1; k -= 2)
        sum = sum * z2 + 1.0 / k;
    return 2.0 * z * sum + exponent * 0.69314718055994530942;
}

/* A point in the unit circle and the square of its radius, which is not 0. */
static double circle_point(struct orl_random *random, double *u, double *v)
{
    double s;
    do {
        *u = 2.0 * orl_random_uniform(random) - 1.0;
        *v = 2.0 * orl_random_uniform(random) - 1.0;
        s = *u * *u + *v * *v;
    } while (s >= 1.0 || s == 0.0);
    return s;
}

double orl_random_normal(struct orl_random *random)
{
    if (random->has_spare) {
        random->has_spare = false;
        return random->spare;
    }
    double u, v, s = circle_point(random, &u, &v), scale = sqrt(-2.0 * own_log(s) / s);
    random->spare = v * scale;
    random->has_spare = true;
    return u * scale;
}

/* s becomes sqrt(-2 log(s) / s). */
ORL_CLONES static void scales_make(double *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        s[i] = sqrt(-2.0 * own_log(s[i]) / s[i]);
}

/* `pairs` pairs, at most PAIRS. */
static void pairs_fill(struct orl_random *random, double *out, size_t pairs)
{
    double scale[PAIRS];
    for (size_t i = 0; i < pairs; i++)
        scale[i] = circle_point(random, &out[2 * i], &out[2 * i + 1]);
    scales_make(scale, pairs);
    for (size_t i = 0; i < pairs; i++) {
        out[2 * i] *= scale[i];
        out[2 * i + 1] *= scale[i];
    }
}

void orl_random_normals(struct orl_random *random, double *out, size_t count)
{
    size_t done = 0;
    if (count > 0 && random->has_spare)
        out[done++] = orl_random_normal(random);
    while (count - done > 1) {
        size_t left = (count - done) / 2, pairs = left < PAIRS ? left : PAIRS;
        pairs_fill(random, out + done, pairs);
        done += 2 * pairs;
    }
    if (done < count)
        out[done] = orl_random_normal(random);
}
