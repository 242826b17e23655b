/* Users' text, paths and numbers as markup. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/parts.h"

/* Marks, embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9), and
 * what has no width: a title could use them to look like something else. */
static bool is_invisible(uint32_t c)
{
    return c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

void orl_html_text(struct orl_text *text, const char *user)
{
    size_t length = user ? strlen(user) : 0, clean = 0;
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(user + i, length - i, &c);
        if (size && is_invisible(c)) {
            orl_text_escape_html(text, user + clean, i - clean);
            orl_text_printf(text, "\\u%04x", (unsigned)c);
            clean = i + size;
        }
        i += size ? size : 1;
    }
    orl_text_escape_html(text, user ? user + clean : "", length - clean);
}

void orl_html_bdi(struct orl_text *text, const char *user)
{
    orl_text_puts(text, "<bdi>");
    orl_html_text(text, user);
    orl_text_puts(text, "</bdi>");
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("-._~/", c));
}

void orl_html_path(struct orl_text *text, const char *path)
{
    /* "//host" would leave the folder, and so would "/". */
    if (path && path[0] == '/')
        orl_text_putc(text, '.');
    for (size_t i = 0; path && path[i]; i++) {
        unsigned char c = (unsigned char)path[i];
        if (is_unreserved(c))
            orl_text_putc(text, (char)c);
        else
            orl_text_printf(text, "%%%02X", c);
    }
}

void orl_report_digits_append(struct orl_text *text, const char *digits, size_t length)
{
    if (length > 0 && digits[0] == '-') {
        orl_text_puts(text, "\xe2\x88\x92"); /* − */
        digits++;
        length--;
    }
    size_t whole = 0;
    while (whole < length && digits[whole] != '.')
        whole++;
    for (size_t i = 0; i < length; i++) {
        if (whole > 4 && i > 0 && i < whole && (whole - i) % 3 == 0)
            orl_text_puts(text, "\xe2\x80\xaf"); /* narrow no-break space */
        orl_text_putc(text, digits[i]);
    }
}

static void put_power(struct orl_text *text, const char *mantissa, size_t length, int exponent)
{
    if (length == 2 && strncmp(mantissa, "-1", 2) == 0)
        orl_text_puts(text, "\xe2\x88\x92");
    if (!((length == 1 && mantissa[0] == '1') ||
          (length == 2 && strncmp(mantissa, "-1", 2) == 0))) {
        orl_report_digits_append(text, mantissa, length);
        orl_text_puts(text, "\xc3\x97"); /* × */
    }
    orl_text_printf(text, "10<sup>%s%d</sup>", exponent < 0 ? "\xe2\x88\x92" : "", abs(exponent));
}

void orl_html_number(struct orl_text *text, double value, int digits)
{
    char buffer[ORL_NUMBER_SIZE];
    if (!isfinite(value)) {
        orl_text_puts(text, "<span title=\"not a finite number\">\xe2\x80\x94</span>");
        return;
    }
    orl_double_short(buffer, value);
    orl_text_printf(text, "<span title=\"%s\">", buffer);
    orl_double_digits(buffer, value, digits);
    const char *e = strchr(buffer, 'e');
    int exponent = e ? (int)strtol(e + 1, NULL, 10) : 0;
    if (exponent > 0 &&
        exponent < 8) { /* up to tens of millions people read digits more easily than powers */
        orl_double_digits(buffer, value, exponent + 1);
        e = strchr(buffer, 'e'); /* rounding up may have made one digit more */
    }
    if (e)
        put_power(text, buffer, (size_t)(e - buffer), (int)strtol(e + 1, NULL, 10));
    else
        orl_report_digits_append(text, buffer, strlen(buffer));
    orl_text_puts(text, "</span>");
}

void orl_html_integer(struct orl_text *text, int64_t value)
{
    char buffer[ORL_NUMBER_SIZE];
    int length = snprintf(buffer, sizeof buffer, "%lld", (long long)value);
    orl_report_digits_append(text, buffer, length > 0 ? (size_t)length : 0);
}

void orl_html_bytes(struct orl_text *text, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    if (bytes < 1000) {
        orl_text_printf(text, "%lld B", (long long)(bytes < 0 ? 0 : bytes));
        return;
    }
    size_t unit = 0;
    int64_t tenths =
        bytes / 100; /* of the unit; cut, not rounded: 999,999 bytes are not yet 1 MB */
    while (tenths >= 10000 && unit + 1 < sizeof units / sizeof *units) {
        tenths /= 1000;
        unit++;
    }
    if (tenths < 100)
        orl_text_printf(text, "%lld.%lld %s", (long long)(tenths / 10), (long long)(tenths % 10),
                        units[unit]);
    else
        orl_text_printf(text, "%lld %s", (long long)(tenths / 10), units[unit]);
}

void orl_html_parameter(struct orl_text *text, const char *name)
{
    char *pretty = orl_name_pretty(name ? name : "");
    orl_text_puts(text, "<var>");
    orl_html_bdi(text, pretty);
    orl_text_puts(text, "</var>");
    text->failed = text->failed || !pretty; /* a page with other names is not this page */
    free(pretty);
}

const char *orl_report_run_title(const struct orl_report_run *run)
{
    if (run->title && run->title[0])
        return run->title;
    if (run->optimizer && run->optimizer[0])
        return run->optimizer;
    return run->name ? run->name : "";
}

const char *orl_report_problem_title(const struct orl_report_run *run)
{
    if (run->problem_title && run->problem_title[0])
        return run->problem_title;
    return run->problem ? run->problem : "";
}
