/* Random numbers that are the same on every machine: xoshiro256++ (Blackman & Vigna 2019), seeded
 * through splitmix64. */
#ifndef ORL_BASE_RANDOM_H
#define ORL_BASE_RANDOM_H

#include "optreel/base.h"

struct orl_random {
    uint64_t state[4];
    double spare; /* second normal deviate of a pair */
    bool has_spare;
};

/* `stream` separates uses of one seed (data x, noise, mini-batches, ...). */
void orl_random_init(struct orl_random *random, uint64_t seed, uint64_t stream);
uint64_t orl_random_bits(struct orl_random *random);
/* Uniform in [0, 1), 53 bits. */
double orl_random_uniform(struct orl_random *random);
/* Uniform in 0 … bound-1, without bias. bound > 0. */
uint64_t orl_random_below(struct orl_random *random, uint64_t bound);
/* Standard normal (Marsaglia's polar method; its logarithm is computed with own code, so that no
 * libm decides the digits). */
double orl_random_normal(struct orl_random *random);
/* The next `count` of them, to the bit, several times faster. */
void orl_random_normals(struct orl_random *random, double *out, size_t count);

#endif
