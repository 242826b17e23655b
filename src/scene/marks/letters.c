/* Words in lines: how wide they are, cut to a width, and broken over several lines. */
#include "scene/marks/letters.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

#define FIXED_SPACE "\xc2\xa0" /* at which a line does not break */

double orl_letters_width(const struct orl_measure *measure, const char *text, double size,
                         bool bold)
{
    struct orl_extent extent = {0};
    measure->text(measure->context, text, size, bold, &extent);
    return extent.width;
}

char *orl_letters_fit(const struct orl_measure *measure, const char *text, double size, bool bold,
                      double width)
{
    size_t length = strlen(text);
    if (orl_letters_width(measure, text, size, bold) <= width)
        return orl_strdup(text);
    while (length > 0) {
        do /* back by one character */
            length--;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80);
        char *shorter = orl_asprintf("%.*s…", (int)length, text);
        if (!shorter || orl_letters_width(measure, shorter, size, bold) <= width)
            return shorter;
        free(shorter);
    }
    return orl_strdup("");
}

static bool fits(const struct orl_measure *measure, const char *text, size_t length, double size,
                 bool bold, double width)
{
    char *part = orl_strndup(text, length);
    bool good = part && orl_letters_width(measure, part, size, bold) <= width;
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

static bool is_fixed_space(const char *text)
{
    return strncmp(text, FIXED_SPACE, sizeof FIXED_SPACE - 1) == 0;
}

static const char *after_spaces(const char *text)
{
    while (*text == ' ' || is_fixed_space(text))
        text += *text == ' ' ? 1 : sizeof FIXED_SPACE - 1;
    return text;
}

/* Bytes of the first line of what should stay together, but is wider than a line: up to a space in
 * it that does not break otherwise, but not before the dot after an entry, else as many characters
 * as fit (one at least). */
static size_t broken_line(const struct orl_measure *measure, const char *text, size_t length,
                          double size, bool bold, double width)
{
    size_t end = next_character(text, 0), space = 0;
    while (end < length && fits(measure, text, next_character(text, end), size, bold, width))
        end = next_character(text, end);
    for (size_t at = next_character(text, 0), before = 0; at <= end && at < length;
         before = at, at = next_character(text, at))
        if (is_fixed_space(text + at) && !is_fixed_space(text + before) &&
            strncmp(after_spaces(text + at), "·", strlen("·")) != 0)
            space = at;
    return space && end < length ? space : end;
}

/* Bytes of the first line: whole words where one fits. */
static size_t first_line(const struct orl_measure *measure, const char *text, double size,
                         bool bold, double width)
{
    size_t end = 0, length = strcspn(text, "\n");
    for (size_t at = 0; at < length;) {
        at += strspn(text + at, " ");
        at += strcspn(text + at, " \n");
        if (at > length || !fits(measure, text, at, size, bold, width))
            break;
        end = at;
    }
    return end || !length ? end : broken_line(measure, text, length, size, bold, width);
}

/* Bytes of what may end a text but not stand before an ellipsis: spaces, stops, the dots between
 * entries. */
static size_t trailing_mark(const char *text, size_t length)
{
    static const char *const marks[] = {" ", ",", ";", ":", ".", FIXED_SPACE, "·"};
    for (size_t i = 0; i < ORL_COUNT(marks); i++) {
        size_t size = strlen(marks[i]);
        if (length >= size && memcmp(text + length - size, marks[i], size) == 0)
            return size;
    }
    return 0;
}

/* The last line that there is room for, of a text that goes on: with an ellipsis, after a whole
 * word unless that is far back. */
static char *last_line(const struct orl_measure *measure, const char *text, double size, bool bold,
                       double width)
{
    size_t length = strcspn(text, "\n");
    char *rest = orl_asprintf("%.*s%s", (int)length, text, text[length] ? "…" : ""), *line = NULL;
    if (rest)
        line = orl_letters_fit(measure, rest, size, bold, width);
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

size_t orl_letters_wrap(const struct orl_measure *measure, const char *text, double size, bool bold,
                        double width, size_t most, char **lines)
{
    size_t count = 0;
    while (*text && count < most) {
        size_t length = first_line(measure, text, size, bold, width);
        const char *rest = text + length;
        rest = *rest == '\n' ? rest + 1 : after_spaces(rest);
        if (count + 1 == most && *rest)
            lines[count] = last_line(measure, text, size, bold, width);
        else
            lines[count] = orl_strndup(text, length);
        if (!lines[count])
            break;
        count++;
        text = rest;
    }
    return count;
}
