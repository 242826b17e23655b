/* Words in lines: how wide they are, cut to a width, and broken over several lines. */
#include "scene/marks/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum { FIRST_TRY = 64 };       /* bytes: about what a line holds */
#define FIXED_SPACE "\xc2\xa0" /* at which a line does not break */

double orl_letters_width(const struct orl_measure *measure, const char *text, double size,
                         bool bold)
{
    struct orl_extent extent = {0};
    measure->text(measure->context, text, size, bold, &extent);
    return extent.width;
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

static size_t character_start(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* Bytes of a beginning that is wider than `width`, at most about twice as many as need be: of a
 * text of thousands of words only the first few are measured. SIZE_MAX: all of it fits. */
static size_t wide_beginning(const struct orl_measure *measure, const char *text, double size,
                             bool bold, double width)
{
    size_t length = strlen(text), tried = FIRST_TRY;
    for (; tried < length; tried *= 2) {
        size_t end = character_start(text, tried);
        if (end > 0 && !fits(measure, text, end, size, bold, width))
            return end;
    }
    return orl_letters_width(measure, text, size, bold) <= width ? SIZE_MAX : length;
}

/* The first `length` bytes and an ellipsis. Owned by the caller; NULL when memory is short. */
static char *cut_text(const char *text, size_t length)
{
    return orl_asprintf("%.*s…", (int)length, text);
}

char *orl_letters_fit(const struct orl_measure *measure, const char *text, double size, bool bold,
                      double width)
{
    size_t high = wide_beginning(measure, text, size, bold, width), low = 0;
    char *best = NULL;
    if (high == SIZE_MAX)
        return orl_strdup(text);
    while (low < high) { /* the most characters that fit lie in low … high-1 */
        size_t middle = character_start(text, low + (high - low) / 2);
        char *shorter = cut_text(text, middle);
        if (!shorter) {
            free(best);
            return NULL;
        }
        bool good = orl_letters_width(measure, shorter, size, bold) <= width;
        if (good) {
            free(best);
            best = shorter;
            low = next_character(text, middle);
        } else {
            free(shorter);
            high = middle;
        }
    }
    return best ? best : orl_strdup("");
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
        if (!lines[count]) { /* some lines without the others would be another text */
            while (count > 0) {
                free(lines[--count]);
                lines[count] = NULL;
            }
            return 0;
        }
        count++;
        text = rest;
    }
    return count;
}

void orl_shapes_add(struct number_shapes *shapes, const struct orl_measure *measure,
                    const char *number, double size)
{
    char shape[SHAPE_SIZE];
    snprintf(shape, sizeof shape, "%s", number);
    for (char *p = shape; *p; p++)
        if (*p >= '0' && *p <= '9')
            *p = '8';
    for (size_t i = 0; i < shapes->count; i++)
        if (strcmp(shapes->seen[i], shape) == 0)
            return;
    if (shapes->count < SHAPES_MAX)
        memcpy(shapes->seen[shapes->count++], shape, sizeof shape);
    double width = orl_letters_width(measure, shape, size, false);
    shapes->widest = width > shapes->widest ? width : shapes->widest;
}
