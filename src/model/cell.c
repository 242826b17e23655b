/* Numbers in cells of tables: decimal points and commas, missing values, thousands separators. */
#include "model/cell.h"

#include <math.h>
#include <string.h>

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

/* "1,234.5", "1.234,5", "1 234", "1'234": groups of three digits behind the first. */
static bool has_thousands(const char *text)
{
    size_t digits, groups = 0;
    text += *text == '-' || *text == '+';
    digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 3)
        return false;
    text += digits;
    while (*text) {
        size_t mark = strchr(",.'", *text) ? 1 : blank_size(text);
        if (!mark || strspn(text + mark, "0123456789") != 3)
            break;
        text += mark + 3;
        groups++;
    }
    return groups > 0 && (!*text || *text == '.' || *text == ',');
}

static int cell_fault(struct orl_csv *csv, const struct orl_csv_field *field, const char *text,
                      const struct cell_reader *reader)
{
    const char *hint = NULL;
    if (has_thousands(text))
        hint = "numbers have no thousands separators; `decimal: comma` reads 1,5 as 1.5";
    else if (strchr(text, ',') && reader->decimal == ORL_DECIMAL_POINT)
        hint = "`decimal: comma` reads 1,5 as 1.5";
    else if (strchr(text, ',') || (strchr(text, '.') && reader->decimal == ORL_DECIMAL_COMMA))
        hint = "`decimal: point` or `decimal: comma` says how decimals are written";
    else if (strstr(text, "\xe2\x88\x92"))
        hint = "the minus sign is written -";
    else if (strpbrk(text, "dD") && strspn(text, "+-.0123456789dD") == strlen(text))
        hint = "the exponent is written with e, as in 1.5e-3";
    else if (strchr(text, '%'))
        hint = "5% is written 0.05";
    else if (reader->first_row)
        hint = "where this row holds units, `units: true` says so; `skip: N` leaves N lines out "
               "before the header";
    return orl_csv_fault(csv, field, hint, "'%.80s' is not a number", text);
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
        return orl_csv_fault(csv, field, NULL, "'%s' is not a finite number", text);
    memcpy(plain, text, sizeof plain);
    if (comma_counts(reader, csv, text))
        *strchr(plain, ',') = '.';
    bool point = reader->decimal == ORL_DECIMAL_COMMA && strchr(text, '.');
    if (length > CELL_MAX || point || !orl_double_parse(plain, strlen(plain), out))
        return cell_fault(csv, field, text, reader);
    if (!isfinite(*out))
        return orl_csv_fault(csv, field, NULL, "'%s' is too large for a number", text);
    if (*out == 0.0 && strcspn(text, "123456789") < strcspn(text, "eE"))
        orl_csv_warn(csv, field, "'%s' is too small for a number: it counts as 0", text);
    int ret = decimals_mix(reader, csv, field, text);
    return ret == ORL_OK ? 1 : ret;
}
