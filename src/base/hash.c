/* SHA-256 by the processor's own instructions or in plain C, and CRC-32 by libdeflate. */
#include "base/hash.h"

#include <libdeflate.h>
#include <string.h>

#include "base/sha256.h"
#ifdef ORL_SHA256_X86
#include <cpuid.h>
#endif

const uint32_t orl_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void compress(uint32_t state[8], const uint8_t block[64])
{
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t e = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
        uint32_t t1 = s[7] + e + ((s[4] & s[5]) ^ (~s[4] & s[6])) + orl_sha256_constants[i] + w[i];
        uint32_t a = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
        uint32_t t2 = a + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

void orl_sha256_portable(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    for (; count > 0; count--, blocks += 64)
        compress(state, blocks);
}

/* The processor's own instructions where it has them (Intel SDM: CPUID leaf 7 EBX bit 29, leaf 1
 * ECX bits 9 and 19): they are several times faster, and with every start the program hashes
 * itself. */
static void compress_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
#ifdef ORL_SHA256_X86
    static int known; /* 0: not asked, 1: without, 2: with; threads that ask at the same time find
                         the same */
    if (!known) {
        unsigned a, b, c, d, c1 = 0;
        bool has = __get_cpuid(1, &a, &b, &c1, &d) && (c1 & 1u << 9) && (c1 & 1u << 19);
        has = has && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
        known = has ? 2 : 1;
    }
    if (known == 2) {
        orl_sha256_x86(state, blocks, count);
        return;
    }
#endif
    orl_sha256_portable(state, blocks, count);
}

void orl_sha256_init(struct orl_sha256 *hash)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
    hash->fill = 0;
}

void orl_sha256_update(struct orl_sha256 *hash, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;
    hash->length += length;
    while (length > 0) {
        if (hash->fill == 0 && length >= 64) {
            compress_blocks(hash->state, from, length / 64);
            from += length / 64 * 64;
            length %= 64;
            continue;
        }
        size_t take = 64 - hash->fill < length ? 64 - hash->fill : length;
        memcpy(hash->block + hash->fill, from, take);
        hash->fill += take;
        from += take;
        length -= take;
        if (hash->fill == 64) {
            compress_blocks(hash->state, hash->block, 1);
            hash->fill = 0;
        }
    }
}

void orl_sha256_string(struct orl_sha256 *hash, const char *string)
{
    uint64_t length = string ? strlen(string) : UINT64_MAX;
    orl_sha256_update(hash, &length, sizeof length);
    if (string)
        orl_sha256_update(hash, string, (size_t)length);
}

void orl_sha256_number(struct orl_sha256 *hash, double number)
{
    orl_sha256_update(hash, &number, sizeof number);
}

void orl_sha256_final(struct orl_sha256 *hash, uint8_t digest[32])
{
    uint64_t bits = hash->length * 8;
    uint8_t tail[80] = {0x80};
    size_t pad = (hash->fill < 56 ? 56 : 120) - hash->fill;
    for (int i = 0; i < 8; i++)
        tail[pad + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
    orl_sha256_update(hash, tail, pad + 8);
    for (int i = 0; i < 32; i++)
        digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}

void orl_sha256_hex(const uint8_t digest[32], char hex[ORL_SHA256_HEX])
{
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void orl_sha256_final_hex(struct orl_sha256 *hash, char hex[ORL_SHA256_HEX])
{
    uint8_t digest[32];
    orl_sha256_final(hash, digest);
    orl_sha256_hex(digest, hex);
}

uint32_t orl_crc32(uint32_t crc, const void *bytes, size_t length)
{
    return length ? libdeflate_crc32(crc, bytes, length) : crc;
}
