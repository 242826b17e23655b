/* The header of a table and the row of units below it. */
#include "model/header.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "model/cell.h"

static bool letters_equal(const char *a, const char *b)
{
    size_t length_a = orl_cell_trim(&a), length_b = orl_cell_trim(&b);
    if (length_a == length_b && memcmp(a, b, length_a) == 0)
        return true;
    char *cut_a = orl_strndup(a, length_a), *cut_b = orl_strndup(b, length_b);
    char *one = cut_a ? orl_utf8_compose(cut_a) : NULL,
         *other = cut_b ? orl_utf8_compose(cut_b) : NULL;
    bool same = one && other && strcmp(one, other) == 0;
    free(one);
    free(other);
    free(cut_a);
    free(cut_b);
    return same;
}

bool orl_header_is(const struct orl_csv *csv, size_t field, const char *name)
{
    const char *text = csv->fields[field].text;
    return letters_equal(text, name) ||
           (field == 0 && *text == '#' && letters_equal(text + 1, name));
}

/* A name that differs in case alone; SIZE_MAX: none. */
static size_t other_case(const struct orl_csv *csv, size_t width, const char *name)
{
    for (size_t i = 0; i < width; i++)
        if (strcasecmp(csv->fields[i].text, name) == 0)
            return i;
    return SIZE_MAX;
}

/* A header that has more than the name: "x [s]", "x_mm"; SIZE_MAX: none, or several. */
static size_t longer_header(const struct orl_csv *csv, size_t width, const char *name)
{
    size_t found = SIZE_MAX, length = strlen(name);
    for (size_t i = 0; i < width; i++) {
        const char *text = csv->fields[i].text;
        text += strspn(text, "'#");
        if (strncasecmp(text, name, length) != 0 || isalnum((unsigned char)text[length]))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

/* What the header has instead. */
static void columns_describe(const struct orl_csv *csv, size_t width, const char *name,
                             struct orl_text *hint)
{
    size_t other = other_case(csv, width, name), longer = longer_header(csv, width, name);
    if (other != SIZE_MAX) {
        orl_text_printf(hint,
                        "did you mean '%s'? Capitals count; `columns: {x: \"Header\"}` gives a "
                        "header another name",
                        csv->fields[other].text);
        return;
    }
    if (longer != SIZE_MAX &&
        strcspn(csv->fields[longer].text, "\"\\") == csv->fields[longer].length) {
        orl_text_printf(hint, "`columns: {%s: \"%s\"}` gives the header this name", name,
                        csv->fields[longer].text);
        return;
    }
    orl_text_puts(hint, "the columns are: ");
    for (size_t i = 0; i < width && i < 12; i++)
        orl_text_printf(hint, "%s%s", i ? ", " : "", csv->fields[i].text);
    orl_text_printf(hint, "%s; `columns: {%s: \"Header\"}` gives one this name",
                    width > 12 ? ", ..." : "", name);
}

char *orl_header_hint(struct orl_csv *csv, size_t width, const char *name)
{
    struct orl_text hint = {0};
    unsigned line = csv->line, found;
    bool cased = other_case(csv, width, name) != SIZE_MAX;
    columns_describe(csv, width, name, &hint);
    found = cased ? 0 : orl_csv_find_line(csv, name);
    if (found > line) {
        orl_text_clear(&hint);
        orl_text_printf(&hint, "the header seems to stand in line %u: `skip: %u`", found,
                        found - 1);
    }
    return orl_text_take(&hint);
}

bool orl_header_hidden(const struct orl_csv_field *field)
{
    for (size_t i = 0; i < field->length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(field->text + i, field->length - i, &c);
        if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
            (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069))
            return true;
        i += size ? size : 1;
    }
    return false;
}

size_t orl_unit_trim(const char **unit)
{
    size_t length = orl_cell_trim(unit);
    if (length > 1 && strchr("([", **unit) && strchr(")]", (*unit)[length - 1])) {
        ++*unit;
        length -= 2;
    }
    bool none = length == 1 && (**unit == '-' || **unit == '1');
    return none ? 0 : length;
}
