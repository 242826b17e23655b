/* Any bytes as a number: what is one reads as the C library reads it in the C locale, bit by bit,
 * and what is printed reads back as itself. */
#include <locale.h>
#include <math.h>

#include "base/text.h"
#include "orl_fuzz.h"

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* [+-]digits[.digits][e[+-]digits] and nothing else, said once more. */
static bool is_number(const char *text)
{
    size_t digits, at = *text == '+' || *text == '-';
    at += digits = strspn(text + at, "0123456789");
    if (text[at] == '.') {
        size_t more = strspn(text + at + 1, "0123456789");
        at += 1 + more;
        digits += more;
    }
    if (digits == 0)
        return false;
    if (text[at] == 'e' || text[at] == 'E') {
        at += (text[at + 1] == '+' || text[at + 1] == '-') ? 2 : 1;
        size_t exponent = strspn(text + at, "0123456789");
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return text[at] == '\0';
}

static void printed_check(double value)
{
    char exact[ORL_NUMBER_SIZE], brief[ORL_NUMBER_SIZE];
    double back;
    int length = orl_double_exact(exact, value);
    fuzz_require((size_t)length == strlen(exact) && length < ORL_NUMBER_SIZE);
    if (!isfinite(value))
        return;
    fuzz_require(orl_double_parse(exact, strlen(exact), &back) && same_bits(back, value));
    length = orl_double_short(brief, value);
    fuzz_require(orl_double_parse(brief, (size_t)length, &back) && back == value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char text[400];
    double value = 0;
    int64_t whole;
    if (size >= sizeof text)
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    bool taken = orl_double_parse(text, size, &value);
    if (strlen(text) == size) /* else there is a zero byte in it */
        fuzz_require(taken == is_number(text));
    else
        fuzz_require(!taken);
    if (taken) {
        fuzz_require(same_bits(value, strtod(text, NULL)));
        printed_check(value);
    }
    if (orl_int64_parse(text, size, &whole))
        fuzz_require(taken && (double)whole == value);
    if (size >= sizeof value) {
        memcpy(&value, bytes, sizeof value);
        printed_check(value);
    }
    return 0;
}

FUZZ_SEEDS("0", "-0.0", "1e-400", "4.9406564584124654e-324", "1.7976931348623159e308",
           "9007199254740993", "0.1", "123456789012345678901234567890", "1e22", "1e23",
           "9223372036854775807", "5.0", "1e6")
FUZZ_WORDS(".", "e", "E", "+", "-", "0", "9", "00000000", "99999999", "e308", "e-324", "inf", "nan",
           "0x", ",", " ", "_")
FUZZ_MAIN("number", 200000)
