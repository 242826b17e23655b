/* Text that grows, and strings of their own. */
#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fault.h"

void orl_text_append(struct orl_text *text, const char *bytes, size_t length)
{
    size_t needed;
    if (text->failed)
        return;
    if (!orl_size_add(text->length, length, &needed) || !orl_size_add(needed, 1, &needed) ||
        !orl_reserve((void **)&text->data, &text->capacity, needed, 1)) {
        text->failed = true;
        return;
    }
    if (length)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void orl_text_puts(struct orl_text *text, const char *string)
{
    orl_text_append(text, string, strlen(string));
}

void orl_text_putc(struct orl_text *text, char c)
{
    orl_text_append(text, &c, 1);
}

void orl_text_printf(struct orl_text *text, const char *format, ...)
{
    char small[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text->failed = true;
        return;
    }
    if ((size_t)length < sizeof small) {
        orl_text_append(text, small, (size_t)length);
        return;
    }
    char *large = orl_realloc_array(NULL, (size_t)length + 1, 1);
    if (!large) {
        text->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(large, (size_t)length + 1, format, arguments);
    va_end(arguments);
    orl_text_append(text, large, (size_t)length);
    free(large);
}

void orl_text_quote_shell(struct orl_text *text, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:@%+";
    if (*word && strspn(word, plain) == strlen(word)) {
        orl_text_puts(text, word);
        return;
    }
    orl_text_putc(text, '\'');
    for (const char *p = word; *p; p++)
        if (*p == '\'')
            orl_text_puts(text, "'\\''");
        else
            orl_text_putc(text, *p);
    orl_text_putc(text, '\'');
}

void orl_text_clear(struct orl_text *text)
{
    text->length = 0;
    text->failed = false;
    if (text->data)
        text->data[0] = '\0';
}

void orl_text_uninit(struct orl_text *text)
{
    free(text->data);
    *text = (struct orl_text){0};
}

char *orl_text_take(struct orl_text *text)
{
    orl_text_append(text, "", 0); /* so that an empty text is a string, too */
    char *data = text->failed ? NULL : text->data;
    if (text->failed)
        free(text->data);
    *text = (struct orl_text){0};
    return data;
}

char *orl_strndup(const char *string, size_t length)
{
    size_t bytes;
    if (!orl_size_add(length, 1, &bytes))
        return NULL;
    char *copy = orl_realloc_array(NULL, bytes, 1);
    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, string, length);
    copy[length] = '\0';
    return copy;
}

char *orl_strdup(const char *string)
{
    return orl_strndup(string, strlen(string));
}

char *orl_vasprintf(const char *format, va_list arguments)
{
    char *string;
    if (orl_fault_strikes(ORL_FAULT_MEMORY, NULL))
        return NULL;
    return vasprintf(&string, format, arguments) < 0 ? NULL : string;
}

char *orl_asprintf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *string = orl_vasprintf(format, arguments);
    va_end(arguments);
    return string;
}

const char *orl_text_line(const char *text, size_t length, unsigned n, size_t *line_length)
{
    const char *p = text, *end = text + length;
    for (; p && n > 1; n--) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        p = next ? next + 1 : NULL;
    }
    if (!p || p > end)
        return NULL;
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    *line_length = (size_t)((stop ? stop : end) - p);
    if (*line_length && p[*line_length - 1] == '\r')
        (*line_length)--;
    return p;
}

/* A text that was cut ends with "…" after its last whole character. */
static void cut_mark(char *text, size_t size)
{
    static const char more[] = "…";
    size_t at = size - sizeof more;
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    memcpy(text + at, more, sizeof more);
}

void orl_text_vbounded(char *out, size_t size, const char *format, va_list arguments)
{
    if (vsnprintf(out, size, format, arguments) >= (int)size)
        cut_mark(out, size);
}

void orl_text_bounded(char *out, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    orl_text_vbounded(out, size, format, arguments);
    va_end(arguments);
}
