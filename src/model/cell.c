/* Numbers in cells of tables: decimal points and commas, missing values, thousands separators. */
#include "model/cell.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { CELL_MAX = 80 }; /* bytes: no number is longer */

/* The bytes of a blank at `text`, of whatever kind; 0: it is none. */
static size_t blank_size(const char *text)
{
    static const char *const wide[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x87",
                                       "\xef\xbb\xbf"};
    if (*text == ' ' || *text == '\t')
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

size_t orl_cell_trim(const char **text)
{
    const char *end = *text;
    while (blank_size(*text))
        *text += blank_size(*text);
    for (const char *p = *text; *p;) {
        size_t blank = blank_size(p);
        p += blank ? blank : 1;
        end = blank ? end : p;
    }
    return end > *text ? (size_t)(end - *text) : 0;
}

/* "1,234.5", "1.234,5", "1 234", "1'234", "1,23,456": groups of digits behind the first, the last
 * of them of three. */
static bool has_thousands(const char *text)
{
    size_t digits, last = 0;
    text += *text == '-' || *text == '+';
    digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 3)
        return false;
    text += digits;
    while (*text) {
        size_t mark = strchr(",.'", *text) ? 1 : blank_size(text);
        digits = mark ? strspn(text + mark, "0123456789") : 0;
        if (digits != 3 && !(digits == 2 && strchr(",", text[mark + 2]) && text[mark + 2]))
            break;
        text += mark + digits;
        last = digits;
    }
    return last == 3 && (!*text || *text == '.' || *text == ',');
}

/* The name of a month, in English, and digits beside it: "1-Jan-24". */
static bool names_month(const char *text)
{
    static const char months[] = "jan feb mar apr may jun jul aug sep oct nov dec";
    size_t before = strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    char name[4] = {0};
    for (size_t i = 0; i < 3 && text[before + i]; i++)
        name[i] = (char)(text[before + i] | 0x20);
    const char *found = name[2] ? strstr(months, name) : NULL;
    return found && (found - months) % 4 == 0 && strpbrk(text, "0123456789");
}

/* "2024-05-01", "1.5.2024", "12:30:00", "1:05 PM", "2024-05-01T12:00+01:00": digits in groups, and
 * little but marks between them. */
static bool is_date(const char *text)
{
    size_t marks = 0, length = strspn(text, "0123456789-+/:. TZAPMapm");
    for (size_t i = 1; i < length; i++)
        marks += strchr("-/:.", text[i]) && strchr("0123456789", text[i - 1]);
    bool clock = strchr(text, ':') && marks >= 1;
    return names_month(text) ||
           (length == strlen(text) && (clock || (marks >= 2 && !strpbrk(text, "APMapm+"))));
}

/* What number the text begins with: "3*", "<0.1", "5 mV" and "$10" have one beside other things. */
static bool holds_number(const char *text)
{
    size_t other = strcspn(text, "0123456789");
    return text[other] && other <= 4;
}

/* Digits of other scripts, and wide ones: U+0660, U+06F0, U+0966, U+FF10 and those behind them. */
static bool has_other_digits(const char *text)
{
    static const uint32_t zeros[] = {0x660, 0x6f0, 0x966, 0xff10};
    for (size_t at = 0, size, length = strlen(text); at < length; at += size ? size : 1) {
        uint32_t c = 0;
        size = orl_utf8_decode(text + at, length - at, &c);
        for (size_t i = 0; size && i < sizeof zeros / sizeof *zeros; i++)
            if (c >= zeros[i] && c < zeros[i] + 10)
                return true;
    }
    return false;
}

static bool is_truth(const char *text)
{
    return strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0;
}

/* One comma and no other mark: it may be meant as a decimal one. */
static bool has_one_comma(const char *text)
{
    const char *comma = strchr(text, ',');
    return comma && strspn(text, "+-0123456789,") == strlen(text) && !strchr(comma + 1, ',');
}

/* What to write, by what the text looks like; NULL: nobody knows. */
static const char *cell_hint(const struct cell_reader *reader, const char *text)
{
    if (has_thousands(text))
        return has_one_comma(text)
                   ? "numbers have no thousands separators; `decimal: comma` reads 1,234 as 1.234"
                   : "numbers have no thousands separators";
    if (strchr(text, '_') && strspn(text, "+-.0123456789_eE") == strlen(text))
        return "numbers have no thousands separators";
    if (strchr(text, ',') && reader->decimal == ORL_DECIMAL_POINT)
        return "`decimal: comma` reads 1,5 as 1.5";
    if (is_date(text))
        return "a date or time is written as a number: seconds, days, 2024.33";
    if (strchr(text, ',') || (strchr(text, '.') && reader->decimal == ORL_DECIMAL_COMMA))
        return "`decimal: point` or `decimal: comma` says how decimals are written";
    if (strstr(text, "\xe2\x88\x92") || strstr(text, "\xe2\x80\x93"))
        return "the minus sign is written -";
    if (strpbrk(text, "dD") && strspn(text, "+-.0123456789dD") == strlen(text))
        return "the exponent is written with e, as in 1.5e-3";
    if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0)
        return "numbers are decimal: 16, not 0x10";
    if (strchr(text, '%'))
        return "5% is written 0.05";
    if (is_truth(text))
        return "true is written 1, false 0";
    if (has_other_digits(text))
        return "digits are 0 to 9";
    if (holds_number(text))
        return "a number stands alone in its cell, without units, marks or remarks";
    if (reader->first_row)
        return "where this row holds units, `units: true` says so; `skip: N` leaves N lines out "
               "before the header";
    return NULL;
}

enum { COMMENT_SHOWN = 12 }; /* characters of a line */

static int cell_fault(struct orl_csv *csv, const struct orl_csv_field *field, const char *text,
                      const struct cell_reader *reader)
{
    const char *hint = cell_hint(reader, text);
    char line[ORL_QUOTE_SIZE + 120], word[ORL_QUOTE_SIZE], begins[ORL_QUOTE_SIZE];
    orl_utf8_shorten(begins, sizeof begins, text, strlen(text), COMMENT_SHOWN);
    if (!hint && field == csv->fields && strcspn(text, "\"\\") == strlen(text)) {
        snprintf(line, sizeof line, "`comment: \"%s\"` leaves lines out that begin so%s", begins,
                 reader->skip_missing ? "" : "; `missing: skip` rows with NA, - or nothing");
        hint = line;
    }
    return orl_csv_fault(csv, field,
                         hint ? hint
                              : "`missing: skip` leaves out rows with NA, NaN, null, - or nothing",
                         "'%s' is not a number", orl_utf8_quote(word, text, strlen(text)));
}

/* A cell without a number. */
static int cell_missing(const struct cell_reader *reader, struct orl_csv *csv,
                        const struct orl_csv_field *field, const char *text)
{
    static const char hint[] = "`missing: skip` leaves such rows out";
    if (reader->skip_missing)
        return 0;
    if (!*text)
        return orl_csv_fault(csv, field, hint, "an empty cell where a number is needed");
    return orl_csv_fault(csv, field, hint, "'%s' is not a finite number", text);
}

/* True where a decimal comma is what is meant. In a table whose commas separate, a number in quotes
 * is, unless it could as well have thousands. */
static bool comma_counts(const struct cell_reader *reader, const struct orl_csv *csv,
                         const char *text)
{
    const char *comma = strchr(text, ',');
    if (!comma || strchr(comma + 1, ',') || strchr(text, '.') ||
        reader->decimal == ORL_DECIMAL_POINT)
        return false;
    return reader->decimal == ORL_DECIMAL_COMMA || csv->separator != ',' || !has_thousands(text);
}

/* Decimals of both kinds in one table: one of them must be something else. */
static int decimals_mix(struct cell_reader *reader, struct orl_csv *csv,
                        const struct orl_csv_field *field, const char *text)
{
    reader->points_seen |= strchr(text, '.') != NULL;
    reader->commas_seen |= strchr(text, ',') != NULL;
    if (reader->decimal != ORL_DECIMAL_AUTO || !reader->points_seen || !reader->commas_seen)
        return ORL_OK;
    return orl_csv_fault(csv, field, "`decimal: point` or `decimal: comma` says which is meant",
                         "'%s': the table has decimal points and decimal commas", text);
}

/* Identifiers and time stamps with more digits than a number keeps: the first is told. */
static void whole_check(struct cell_reader *reader, struct orl_csv *csv,
                        const struct orl_csv_field *field, const char *text, double value)
{
    char read[CELL_MAX];
    text += *text == '+';
    if (reader->digits_told || fabs(value) < 0x1p53 || fabs(value) > 1e40 ||
        strspn(text + (*text == '-'), "0123456789") != strlen(text + (*text == '-')))
        return;
    snprintf(read, sizeof read, "%.0f", value);
    if (strcmp(read, text) == 0)
        return;
    reader->digits_told = true;
    orl_csv_warn(csv, field, "'%s' has more digits than a number keeps: it counts as %s", text,
                 read);
}

int orl_cell_read(struct cell_reader *reader, struct orl_csv *csv,
                  const struct orl_csv_field *field, double *out)
{
    char text[CELL_MAX + 1], plain[CELL_MAX + 1];
    const char *start = field ? field->text : "";
    size_t length = orl_cell_trim(&start);
    snprintf(text, sizeof text, "%.*s", (int)(length < CELL_MAX ? length : CELL_MAX), start);
    if (orl_text_is_missing(text))
        return cell_missing(reader, csv, field, text);
    if (orl_text_not_finite(text))
        return orl_csv_fault(csv, field,
                             "a fit needs finite numbers; `missing: skip` leaves rows with NA out",
                             "'%s' is not a finite number", text);
    memcpy(plain, text, sizeof plain);
    if (comma_counts(reader, csv, text))
        *strchr(plain, ',') = '.';
    bool point = reader->decimal == ORL_DECIMAL_COMMA && strchr(text, '.');
    if (length > CELL_MAX || point || !orl_double_parse(plain, strlen(plain), out))
        return cell_fault(csv, field, text, reader);
    if (!isfinite(*out))
        return orl_csv_fault(csv, field, "numbers go to 1.8e308: take larger units",
                             "'%s' is too large for a number", text);
    if (*out == 0.0 && strcspn(text, "123456789") < strcspn(text, "eE"))
        orl_csv_warn(csv, field, "'%s' is too small for a number: it counts as 0", text);
    whole_check(reader, csv, field, plain, *out);
    int ret = decimals_mix(reader, csv, field, text);
    return ret == ORL_OK ? 1 : ret;
}
