#include "base/hash.h"
#include "base/json.h"
#include "base/sha256.h"
#include "orl_test.h"

/* FIPS 180-4's own examples. */
static void sha256_examples(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_sha256 hash;
        char hex[ORL_SHA256_HEX];
        orl_sha256_init(&hash);
        for (const char *p = cases[i].text; *p;
             p++) /* a byte at a time: the blocks must not matter */
            orl_sha256_update(&hash, p, 1);
        orl_sha256_final_hex(&hash, hex);
        assert_string_equal(hex, cases[i].hex);
    }
    struct orl_sha256 hash;
    char hex[ORL_SHA256_HEX], *million = malloc(1000000);
    memset(million, 'a', 1000000);
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, million, 1000000);
    orl_sha256_final_hex(&hash, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* The portable way and the one that this processor takes agree, however the bytes are cut. */
static void sha256_ways_agree(void **state)
{
    uint8_t bytes[64 * 9 + 5];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 3);
    for (size_t count = 0; count <= 9; count++) {
        struct orl_sha256 hash, pieces;
        uint32_t plain[8];
        orl_sha256_init(&hash);
        memcpy(plain, hash.state, sizeof plain);
        orl_sha256_portable(plain, bytes + 5, count);
        orl_sha256_update(&hash, bytes + 5, 64 * count);
        assert_memory_equal(hash.state, plain, sizeof plain);
        orl_sha256_init(&pieces);
        for (size_t at = 0, step; at < 64 * count; at += step) {
            step = 64 * count - at < at % 150 + 1 ? 64 * count - at : at % 150 + 1;
            orl_sha256_update(&pieces, bytes + 5 + at, step);
        }
        assert_memory_equal(pieces.state, plain, sizeof plain);
    }
}

static void crc32_check_value(void **state)
{
    (void)state;
    assert_int_equal(orl_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(orl_crc32(orl_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
}

static void json_is_indented_and_escaped(void **state)
{
    (void)state;
    struct orl_text text = {0};
    struct orl_json json = {.out = &text};
    orl_json_open(&json, '{');
    orl_json_key(&json, "a");
    orl_json_number(&json, 0.1);
    orl_json_key(&json, "b");
    orl_json_open(&json, '[');
    orl_json_integer(&json, 1);
    orl_json_number(&json, NAN);
    orl_json_close(&json, ']');
    orl_json_key(&json, "c");
    orl_json_open(&json, '{');
    orl_json_close(&json, '}');
    orl_json_key(&json, "d");
    orl_json_string(&json, "x\"<\n");
    orl_json_close(&json, '}');
    assert_string_equal(text.data, "{\n  \"a\": 0.1,\n  \"b\": [\n    1,\n    null\n  ],\n  \"c\": "
                                   "{},\n  \"d\": \"x\\\"\\u003c\\n\"\n}\n");
    orl_text_uninit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_examples),
        cmocka_unit_test(sha256_ways_agree),
        cmocka_unit_test(crc32_check_value),
        cmocka_unit_test(json_is_indented_and_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
