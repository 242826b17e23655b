#include "scene/wrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

static bool fits(const struct orl_film *film, const char *text, size_t length, double size, bool bold, double width)
{
    char *part = orl_strndup(text, length);
    bool good = part && orl_film_text_width(film, part, size, bold) <= width;
    free(part);
    return good;
}

static size_t next_character(const char *text, size_t at)
{
    do
        at++;
    while (((unsigned char)text[at] & 0xc0) == 0x80);
    return at;
}

/* Bytes of the first line: whole words where one fits, else as many characters as do (one at least). */
static size_t first_line(const struct orl_film *film, const char *text, double size, bool bold, double width)
{
    size_t end = 0, length = strcspn(text, "\n");
    for (size_t at = 0; at < length;) {
        at += strspn(text + at, " ");
        at += strcspn(text + at, " \n");
        if (at > length || !fits(film, text, at, size, bold, width))
            break;
        end = at;
    }
    if (end == 0 && length) { /* a word that is wider than a line */
        end = next_character(text, 0);
        while (end < length && fits(film, text, next_character(text, end), size, bold, width))
            end = next_character(text, end);
    }
    return end;
}

/* Bytes of what may end a text but not stand before an ellipsis: spaces, stops, the dots between entries. */
static size_t trailing_mark(const char *text, size_t length)
{
    static const char *const marks[] = {" ", ",", ";", ":", ".", "\xc2\xa0", "·"};
    for (size_t i = 0; i < ORL_COUNT(marks); i++) {
        size_t size = strlen(marks[i]);
        if (length >= size && memcmp(text + length - size, marks[i], size) == 0)
            return size;
    }
    return 0;
}

/* The last line that there is room for, of a text that goes on: with an ellipsis, after a whole word unless that is far back. */
static char *last_line(const struct orl_film *film, const char *text, double size, bool bold, double width)
{
    size_t length = strcspn(text, "\n");
    char *rest = orl_asprintf("%.*s%s", (int)length, text, text[length] ? "…" : ""), *line = NULL;
    if (rest)
        line = orl_film_fit_text(film, rest, size, bold, width);
    free(rest);
    char *dots = line ? strstr(line, "…") : NULL, *space = NULL;
    for (char *p = line; dots && p < dots; p++)
        if (*p == ' ')
            space = p;
    size_t kept = space ? (size_t)(space - line) : 0;
    bool whole = dots && (text[dots - line] == ' ' || text[dots - line] == '\0');
    if (!dots || !space || whole || 3 * kept < 2 * (size_t)(dots - line))
        return line;
    for (size_t mark; (mark = trailing_mark(line, kept)) > 0;)
        kept -= mark;
    memmove(line + kept, dots, strlen(dots) + 1);
    return line;
}

size_t orl_wrap(const struct orl_film *film, const char *text, double size, bool bold, double width, size_t most, char **lines)
{
    size_t count = 0;
    while (*text && count < most) {
        size_t length = first_line(film, text, size, bold, width);
        const char *rest = text + length;
        rest += *rest == '\n' ? 1 : strspn(rest, " ");
        if (count + 1 == most && *rest)
            lines[count] = last_line(film, text, size, bold, width);
        else
            lines[count] = orl_strndup(text, length);
        if (!lines[count])
            break;
        count++;
        text = rest;
    }
    return count;
}
