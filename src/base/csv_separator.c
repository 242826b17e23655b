/* What separates the fields of a table. */
#include "base/csv_separator.h"

#include <strings.h>

#include "base/array.h"

bool orl_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

size_t orl_separator_fields(const char *line, size_t length, char separator)
{
    size_t count = 1;
    bool quoted = false, gap = true;
    if (separator == ' ')
        count = 0;
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        quoted ^= c == '"';
        if (separator != ' ')
            count += !quoted && c == separator;
        else if (!quoted && orl_is_blank(c))
            gap = true;
        else {
            count += gap;
            gap = false;
        }
    }
    return count;
}

char orl_separator_find(const char *header, size_t length, const char *below, size_t below_length)
{
    static const char candidates[] = {'\t', ';', '|', ','};
    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t fields = orl_separator_fields(header, length, candidates[i]);
        if (fields > 1 && orl_separator_fields(below, below_length, candidates[i]) == fields)
            return candidates[i];
    }
    for (size_t i = sizeof candidates; i-- > 0;)
        if (orl_separator_fields(header, length, candidates[i]) > 1)
            return candidates[i];
    size_t words = orl_separator_fields(header, length, ' '),
           cells = orl_separator_fields(below, below_length, ' ');
    /* one more below: names of the rows, as R and pandas print them */
    return words > 1 && (cells == words || cells == words + 1) ? ' ' : ',';
}

bool orl_separator_told(const char *line, size_t length, char *out)
{
    size_t quote = length > 0 && *line == '"';
    if (length != 5 + 2 * quote || strncasecmp(line + quote, "sep=", 4) != 0)
        return false;
    *out = line[quote + 4];
    return true;
}
