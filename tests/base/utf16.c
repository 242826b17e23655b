/* UTF-16 becomes the same UTF-8 wherever the pieces are cut. */
#include "base/utf16.h"

#include "orl_test.h"

/* "aé€" U+1F600 "\n", and halves of pairs: one before a letter, one at the end. */
static const uint16_t units[] = {0xfeff, 'a',  0xe9,   0x20ac, 0xd83d,
                                 0xde00, '\n', 0xd83d, 'b',    0xde00};
static const char expected[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n\xef\xbf\xbd"
                               "b\xef\xbf\xbd";

static void decoded_in_pieces(void **state)
{
    enum { LENGTH = sizeof units };
    (void)state;
    for (size_t big = 0; big < 2; big++) {
        char bytes[LENGTH];
        for (size_t i = 0; i < LENGTH / 2; i++) {
            bytes[2 * i + !big] = (char)(units[i] >> 8);
            bytes[2 * i + big] = (char)(units[i] & 0xff);
        }
        for (size_t cut = 0; cut <= LENGTH; cut++) {
            struct orl_utf16 s;
            char out[ORL_UTF16_MOST * (LENGTH + 4)];
            assert_true(orl_utf16_begins(bytes, LENGTH, &s));
            size_t length = orl_utf16_decode(&s, bytes, cut, out);
            length += orl_utf16_decode(&s, bytes + cut, LENGTH - cut, out + length);
            assert_int_equal(length, sizeof expected - 1);
            assert_memory_equal(out, expected, length);
        }
    }
}

static void others_left_alone(void **state)
{
    struct orl_utf16 s;
    (void)state;
    assert_false(orl_utf16_begins("x,y\n", 4, &s));
    assert_false(orl_utf16_begins("\xef\xbb\xbfx", 4, &s));
    assert_false(orl_utf16_begins("\xff\xfe\0\0", 4, &s)); /* UTF-32 */
    assert_false(orl_utf16_begins("\xff", 1, &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoded_in_pieces),
        cmocka_unit_test(others_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
