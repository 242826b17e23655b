/* Numbers as text and back, whatever locale the program around us has set. */
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/digits.h"
#include "base/text.h"

enum { DIGITS_MOST = 17 }; /* a double has no more */

static locale_t c_locale;

static void make_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static locale_t the_c_locale(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_locale);
    return c_locale;
}

static size_t count_digits(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

/* The grammar of a number; strtod alone would take "0x1p3", "inf" and " 1" as well. */
static bool is_number(const char *text, size_t length)
{
    size_t i = length && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    size_t whole = count_digits(text + i, length - i), fraction = 0;
    i += whole;
    if (i < length && text[i] == '.') {
        fraction = count_digits(text + i + 1, length - i - 1);
        i += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        if (i < length && (text[i] == '+' || text[i] == '-'))
            i++;
        size_t exponent = count_digits(text + i, length - i);
        if (exponent == 0)
            return false;
        i += exponent;
    }
    return i == length;
}

bool orl_double_parse(const char *text, size_t length, double *value)
{
    char small[64];
    if (!is_number(text, length))
        return false;
    char *copy = length < sizeof small ? small : orl_realloc_array(NULL, length + 1, 1);
    if (!copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *value = strtod_l(copy, NULL, the_c_locale());
    if (copy != small)
        free(copy);
    return true;
}

bool orl_int64_parse(const char *text, size_t length, int64_t *value)
{
    size_t sign = length && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    if (length - sign > 0 && length < 20 &&
        count_digits(text + sign, length - sign) == length - sign) {
        int64_t number = 0;
        for (size_t i = sign; i < length; i++)
            if (__builtin_mul_overflow(number, 10, &number) ||
                __builtin_add_overflow(number, text[i] - '0', &number))
                return false;
        *value = text[0] == '-' ? -number : number;
        return true;
    }
    double number;
    if (!orl_double_parse(text, length, &number) || number != floor(number) ||
        fabs(number) > 9007199254740992.0)
        return false;
    *value = (int64_t)number;
    return true;
}

/* Digits without the zeros at their end; how many there are. */
static int significant_digits(char text[DIGITS_MOST], const struct decimal *decimal, int count)
{
    uint64_t left = decimal->digits;
    for (int i = count; i-- > 0; left /= 10)
        text[i] = (char)('0' + left % 10);
    while (count > 1 && text[count - 1] == '0')
        count--;
    return count;
}

/* As printf's %.*g has it. */
static int decimal_print(char buffer[ORL_NUMBER_SIZE], bool negative, const struct decimal *decimal,
                         int count)
{
    enum { LEAST_PLAIN = -4 };
    char text[DIGITS_MOST], *to = buffer;
    int shown = significant_digits(text, decimal, count), exponent = decimal->exponent;
    bool plain = exponent >= LEAST_PLAIN && exponent < count;
    int whole = plain ? exponent + 1 : 1; /* digits before the point */
    if (negative)
        *to++ = '-';
    if (whole <= 0) {
        *to++ = '0';
        *to++ = '.';
        for (int i = whole; i < 0; i++)
            *to++ = '0';
    }
    for (int i = 0; i < shown || i < whole; i++) {
        if (i == whole && whole > 0)
            *to++ = '.';
        *to++ = i < shown ? text[i] : '0';
    }
    if (!plain)
        to += sprintf(to, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    *to = '\0';
    return (int)(to - buffer);
}

int orl_double_digits(char buffer[ORL_NUMBER_SIZE], double value, int digits)
{
    struct decimal decimal;
    if (!isfinite(value))
        return snprintf(buffer, ORL_NUMBER_SIZE, "%s",
                        isnan(value) ? "nan"
                        : value > 0  ? "inf"
                                     : "-inf");
    digits = digits > DIGITS_MOST ? DIGITS_MOST : digits;
    if (orl_decimal_make(fabs(value), digits, &decimal))
        return decimal_print(buffer, value < 0, &decimal, digits);
    locale_t before = uselocale(the_c_locale());
    int length = snprintf(buffer, ORL_NUMBER_SIZE, "%.*g", digits, value);
    uselocale(before);
    return length;
}

int orl_double_exact(char buffer[ORL_NUMBER_SIZE], double value)
{
    return orl_double_digits(buffer, value, 17);
}

/* "1e-07" -> "1e-7", "1e+20" -> "1e20". */
static int tidy_exponent(char *buffer)
{
    char *e = strchr(buffer, 'e');
    if (!e)
        return (int)strlen(buffer);
    char *from = e + 1, *to = e + 1;
    if (*from == '-')
        *to++ = *from++;
    else if (*from == '+')
        from++;
    while (*from == '0' && from[1])
        from++;
    memmove(to, from, strlen(from) + 1);
    return (int)strlen(buffer);
}

int orl_double_short(char buffer[ORL_NUMBER_SIZE], double value)
{
    /* 15 digits survive a round trip as text, so a shorter form shows at 15; subnormal numbers have
     * fewer digits to begin with. */
    int digits = value != 0.0 && fabs(value) < 2.3e-308 ? 1 : 15;
    struct decimal decimal;
    for (; digits < DIGITS_MOST; digits++) {
        if (isfinite(value) && orl_decimal_make(fabs(value), digits, &decimal)) {
            if (!decimal.reads_back)
                continue;
            decimal_print(buffer, value < 0, &decimal, digits);
            return tidy_exponent(buffer);
        }
        int length = orl_double_digits(buffer, value, digits);
        if (!isfinite(value))
            return length;
        if (strtod_l(buffer, NULL, the_c_locale()) == value)
            return tidy_exponent(buffer);
    }
    orl_double_digits(buffer, value, DIGITS_MOST);
    return tidy_exponent(buffer);
}
