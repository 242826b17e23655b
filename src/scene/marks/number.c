/* Numbers for people. */
#include "scene/marks/number.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* Numbers from the first on are not written out but as powers of ten. */
#define FIXED_MOST   1e6
#define FIGURES_MOST 99999.5 /* what is rounded to six digits before the point is one, too */
#define SHORT_COUNT  9999.5  /* whole numbers from there on */
#define PLAIN_LEAST  1e-3    /* below, too */
#define SAME_DIGITS  5e-5    /* of a number: digits beyond four are not wanted */

#define MINUS      "\xe2\x88\x92" /* U+2212 */
#define TIMES      "\xc3\x97"     /* U+00D7 */
#define THIN_SPACE "\xe2\x80\x89" /* U+2009 */

static const char *const superscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

static void append(char out[PEOPLE_SIZE], const char *piece)
{
    size_t length = strlen(out), more = strlen(piece);
    if (length + more < PEOPLE_SIZE)
        memcpy(out + length, piece, more + 1);
}

/* Copy a C number, its hyphen as a minus. */
static void append_number(char out[PEOPLE_SIZE], const char *number)
{
    if (*number == '-') {
        append(out, MINUS);
        number++;
    }
    append(out, number);
}

static void append_exponent(char out[PEOPLE_SIZE], int exponent)
{
    char digits[16];
    if (exponent < 0)
        append(out, "⁻");
    snprintf(digits, sizeof digits, "%d", exponent < 0 ? -exponent : exponent);
    for (const char *d = digits; *d; d++)
        append(out, superscripts[*d - '0']);
}

static bool special(char out[PEOPLE_SIZE], double value)
{
    out[0] = '\0';
    if (isfinite(value))
        return false;
    append(out, isnan(value) ? "–" : value > 0 ? "∞" : MINUS "∞");
    return true;
}

/* %.*f without the locale's comma: the digits are put together from whole numbers. */
static void fixed_text(char buffer[48], double value, int decimals)
{
    static const double powers[] = {1,   10,  100, 1e3,  1e4,  1e5, 1e6,
                                    1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    double scaled = round(fabs(value) * powers[decimals]);
    long long whole = (long long)(scaled / powers[decimals]),
              rest = (long long)(scaled - (double)whole * powers[decimals]);
    const char *sign = value < 0 && scaled > 0 ? "-" : "";
    if (decimals)
        snprintf(buffer, 48, "%s%lld.%0*lld", sign, whole, decimals, rest);
    else
        snprintf(buffer, 48, "%s%lld", sign, whole);
}

/* The same with the digits before the point in threes where they are more than four. */
static void append_grouped(char out[PEOPLE_SIZE], const char *number)
{
    size_t whole;
    if (*number == '-') {
        append(out, MINUS);
        number++;
    }
    whole = strcspn(number, ".");
    for (size_t i = 0; i < whole; i++) {
        char one[2] = {number[i], '\0'};
        append(out, i > 0 && whole > 4 && (whole - i) % 3 == 0 ? THIN_SPACE : "");
        append(out, one);
    }
    append(out, number + whole);
}

void orl_people_fixed(char out[PEOPLE_SIZE], double value, int decimals)
{
    char buffer[48];
    decimals = decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
    if (special(out, value))
        return;
    if (fabs(value) >= FIXED_MOST) {
        orl_people_power(out, value, 4);
        return;
    }
    fixed_text(buffer, value, decimals);
    append_grouped(out, buffer);
}

void orl_people_plain(char out[PEOPLE_SIZE], double value, int decimals)
{
    char buffer[48];
    if (special(out, value))
        return;
    fixed_text(buffer, value, decimals);
    append_number(out, buffer);
}

void orl_people_power(char out[PEOPLE_SIZE], double value, int digits)
{
    char buffer[48];
    if (special(out, value))
        return;
    if (value == 0.0) {
        append(out, "0");
        return;
    }
    int exponent = (int)floor(log10(fabs(value))), decimals = digits > 1 ? digits - 1 : 0;
    /* 1e-310 and the like: scale in two steps, so that no power of ten overflows. */
    double half = pow(10.0, -(exponent / 2)),
           mantissa = value * half * pow(10.0, -(exponent - exponent / 2));
    if (fabs(mantissa) < 1.0) { /* log10 was a last digit too high */
        mantissa *= 10.0;
        exponent--;
    }
    if (round(fabs(mantissa) * pow(10.0, decimals)) >= 10 * pow(10.0, decimals)) {
        mantissa /= 10.0;
        exponent++;
    }
    fixed_text(buffer, mantissa, decimals);
    append_number(out, buffer);
    append(out, TIMES "10");
    append_exponent(out, exponent);
}

void orl_people_figures(char out[PEOPLE_SIZE], double value, int digits)
{
    double size = fabs(value);
    if (value == 0.0 || !(size >= PLAIN_LEAST && size < FIGURES_MOST)) {
        orl_people_power(out, value, digits);
        return;
    }
    int exponent = (int)floor(log10(size));
    double unit = pow(10.0, exponent - digits + 1);
    if (round(size / unit) * unit >= pow(10.0, exponent + 1)) /* 9.996 has one decimal less */
        exponent++;
    orl_people_fixed(out, value, digits - 1 - exponent);
}

void orl_people_short(char out[PEOPLE_SIZE], double value)
{
    char buffer[ORL_NUMBER_SIZE];
    if (special(out, value))
        return;
    double size = fabs(value);
    if (size >= SHORT_COUNT && size < FIGURES_MOST) {
        orl_people_count(out, llround(value));
        return;
    }
    if (value == 0.0 || (size >= PLAIN_LEAST && size < SHORT_COUNT)) {
        orl_double_digits(buffer, value, 4);
        append_number(out, buffer);
        return;
    }
    for (int digits = 1; digits <= 4;
         digits++) { /* as few digits as say the same within 1/10,000 */
        double unit = pow(10.0, floor(log10(size)) - (digits - 1));
        if (digits == 4 || fabs(round(value / unit) * unit - value) <= SAME_DIGITS * size) {
            orl_people_power(out, value, digits);
            return;
        }
    }
}

void orl_people_decade(char out[PEOPLE_SIZE], int exponent)
{
    static const char *const digits[] = {"0.01", "0.1", "1", "10", "100", "1000"};
    out[0] = '\0';
    if (exponent >= -2 && exponent <= 3) {
        append(out, digits[exponent + 2]);
        return;
    }
    append(out, "10");
    append_exponent(out, exponent);
}

void orl_people_count(char out[PEOPLE_SIZE], int64_t count)
{
    char digits[32];
    uint64_t size = count < 0 ? 0 - (uint64_t)count : (uint64_t)count;
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)size);
    out[0] = '\0';
    append(out, count < 0 ? MINUS : "");
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        char one[2] = {digits[i], '\0'};
        if (i > 0 && length > 4 && (length - i) % 3 == 0)
            append(out, THIN_SPACE);
        append(out, one);
    }
}
