/* SHA-256 (FIPS 180-4) for content keys and manifests, CRC-32 (ISO 3309) for lines of the manifest,
 * segments and PNG. */
#ifndef ORL_BASE_HASH_H
#define ORL_BASE_HASH_H

#include "optreel/base.h"

struct orl_sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
    size_t fill;
};

#define ORL_SHA256_HEX 65 /* 64 digits and the terminator */

/* Begin, and feed bytes. None of these functions can fail; a hash is its caller's thread's. */
void orl_sha256_init(struct orl_sha256 *hash);
void orl_sha256_update(struct orl_sha256 *hash, const void *bytes, size_t length);
/* Feed a string with its length before it, so that ("ab","c") and ("a","bc") differ. NULL differs
 * from "". */
void orl_sha256_string(struct orl_sha256 *hash, const char *string);
void orl_sha256_number(struct orl_sha256 *hash, double number);
void orl_sha256_final(struct orl_sha256 *hash, uint8_t digest[32]);
void orl_sha256_hex(const uint8_t digest[32], char hex[ORL_SHA256_HEX]);
void orl_sha256_final_hex(struct orl_sha256 *hash, char hex[ORL_SHA256_HEX]);

/* Continue a CRC-32; start with 0. By libdeflate, which checks over 10 GB/s where a table of
 * nibbles checks 225 MB/s: every byte that an encoder makes passes through here. */
uint32_t orl_crc32(uint32_t crc, const void *bytes, size_t length);

/* Continue a CRC-32C (Castagnoli, RFC 3720 B.4); start with 0. */
uint32_t orl_crc32c(uint32_t crc, const void *bytes, size_t length);

#endif
