/* Splitting lines of tables. */
#include "logs/cells.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "logs/record.h"

void orl_log_cells_uninit(struct log_cells *cells)
{
    free(cells->items);
    free(cells->text);
    *cells = (struct log_cells){0};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_separator(char c, char separator)
{
    return c == separator || (separator == ' ' && is_blank(c));
}

/* Where a cell of text[0 … length) ends, and its content in `out`; returns the content's length. */
static size_t cell_take(const char *line, size_t length, size_t *at, char separator, char *out)
{
    size_t used = 0;
    while (*at < length && is_blank(line[*at]) && !is_separator(line[*at], separator))
        ++*at;
    if (*at < length && line[*at] == '"') {
        for (++*at; *at < length; ++*at) {
            if (line[*at] == '"' && (*at + 1 >= length || line[*at + 1] != '"'))
                break;
            *at += line[*at] == '"';
            out[used++] = line[*at];
        }
        *at += *at < length;
    }
    while (*at < length && !is_separator(line[*at], separator))
        out[used++] = line[(*at)++];
    while (used > 0 && is_blank(out[used - 1]))
        used--;
    return used;
}

int orl_log_cells_split(const char *line, size_t length, char separator, struct log_cells *out,
                        struct orl_error *err)
{
    size_t used = 0;
    out->count = 0;
    /* Each cell takes at most what it has in the line, and a terminator for its separator. */
    if (!orl_reserve((void **)&out->text, &out->text_capacity, length + 2, 1))
        return orl_fail_memory(err);
    for (size_t at = 0;; at++) {
        while (separator == ' ' && at < length && is_blank(line[at]))
            at++;
        if (separator == ' ' && at >= length && out->count > 0)
            return ORL_OK;
        if (!orl_reserve((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items))
            return orl_fail_memory(err);
        size_t size = cell_take(line, length, &at, separator, out->text + used);
        out->items[out->count++] = (struct log_cell){out->text + used, size};
        out->text[used + size] = '\0';
        used += size + 1;
        if (at >= length)
            return ORL_OK;
    }
}

char orl_log_separator(const char *line, size_t length)
{
    bool quoted = false, comma = false, semicolon = false, tab = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= line[i] == '"';
        tab |= !quoted && line[i] == '\t';
        comma |= !quoted && line[i] == ',';
        semicolon |= !quoted && line[i] == ';';
    }
    return tab ? '\t' : comma ? ',' : semicolon ? ';' : ' ';
}

bool orl_log_cell_is_gap(const struct log_cell *cell)
{
    static const char *const words[] = {"_", "-", "--", "NA", "N/A", "#N/A", "None", "null", "nil"};
    if (cell->length == 0)
        return true;
    for (size_t i = 0; i < ORL_COUNT(words); i++)
        if (strcasecmp(cell->text, words[i]) == 0)
            return true;
    return false;
}

/* "12,500" in quotes or between other separators: thousands. Groups of three alone, since "0,5" is
 * another thing. */
static bool thousands_join(char *text)
{
    size_t sign = *text == '-' || *text == '+', whole = strspn(text + sign, "0123456789");
    const char *from = text + sign + whole;
    char *to = text + sign + whole;
    if (whole == 0 || whole > 3 || text[sign] == '0' || *from != ',')
        return false;
    for (; *from == ','; from += 4, to += 3) {
        if (strspn(from + 1, "0123456789") != 3)
            return false;
        memmove(to, from + 1, 3);
    }
    memmove(to, from, strlen(from) + 1);
    return true;
}

bool orl_log_cell_number(const struct log_cell *cell, bool comma, double *value)
{
    char copy[48];
    size_t length = cell->length;
    if (orl_log_number(cell->text, length, value))
        return true;
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, cell->text, length + 1);
    if (copy[length - 1] == '%')
        copy[--length] = '\0';
    char *point = comma ? strchr(copy, ',') : NULL;
    if (point)
        *point = '.';
    if (!comma && thousands_join(copy))
        length = strlen(copy);
    return orl_log_number(copy, length, value);
}
