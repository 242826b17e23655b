/* The two ways of SHA-256's inner loop (FIPS 180-4, 6.2.2): over `count` blocks of 64 bytes. */
#ifndef ORL_BASE_SHA256_H
#define ORL_BASE_SHA256_H

#include "optreel/base.h"

extern const uint32_t orl_sha256_constants[64];

/* FIPS 180-4, section 6.2.2: `count` blocks of 64 bytes change the state. Which of the two it was
 * cannot be told from the digest. */
void orl_sha256_portable(uint32_t state[8], const uint8_t *blocks, size_t count);
/* With the SHA instructions of x86: only on processors that have them, only where ORL_SHA256_X86 is
 * defined. */
void orl_sha256_x86(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
