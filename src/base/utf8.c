/* Unicode: decoding, and making text safe for terminals, JSON and HTML. */
#include <string.h>

#include "base/text.h"

/* The range of the second byte depends on the first (RFC 3629, section 4): no overlong forms, no
 * surrogates, nothing past U+10FFFF.
 */
size_t orl_utf8_decode(const char *bytes, size_t length, uint32_t *code_point)
{
    const unsigned char *b = (const unsigned char *)bytes;
    if (length == 0)
        return 0;
    if (b[0] < 0x80) {
        *code_point = b[0];
        return 1;
    }
    size_t size = b[0] >= 0xc2 && b[0] <= 0xdf   ? 2
                  : (b[0] & 0xf0) == 0xe0        ? 3
                  : b[0] >= 0xf0 && b[0] <= 0xf4 ? 4
                                                 : 0;
    if (size == 0 || size > length)
        return 0;
    unsigned low = b[0] == 0xe0 ? 0xa0 : b[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = b[0] == 0xed ? 0x9f : b[0] == 0xf4 ? 0x8f : 0xbf;
    if (b[1] < low || b[1] > high)
        return 0;
    uint32_t value = b[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (b[i] & 0x3f);
    }
    *code_point = value;
    return size;
}

bool orl_utf8_valid(const char *bytes, size_t length)
{
    uint32_t code_point;
    for (size_t i = 0; i < length;) {
        size_t size = orl_utf8_decode(bytes + i, length - i, &code_point);
        if (size == 0)
            return false;
        i += size;
    }
    return true;
}

size_t orl_utf8_count(const char *bytes, size_t length)
{
    uint32_t code_point;
    size_t count = 0;
    for (size_t i = 0; i < length; count++) {
        size_t size = orl_utf8_decode(bytes + i, length - i, &code_point);
        i += size ? size : 1;
    }
    return count;
}

/* Characters that change how others are read, or that cannot be seen: shown as escapes. */
static bool is_hidden(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x061c || c == 0xfeff;
}

void orl_text_escape_terminal(struct orl_text *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(bytes + i, length - i, &c);
        if (size == 0 || c < 0x20 || c == 0x7f)
            orl_text_printf(text, "\\x%02x", (unsigned char)bytes[i]);
        else if ((c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || is_hidden(c))
            orl_text_printf(text, "\\u%04x", c);
        else
            orl_text_append(text, bytes + i, size);
        i += size ? size : 1;
    }
}

static void json_character(struct orl_text *text, uint32_t c, const char *bytes, size_t size)
{
    if (c == '"' || c == '\\')
        orl_text_printf(text, "\\%c", (char)c);
    else if (c == '\n')
        orl_text_puts(text, "\\n");
    else if (c == '\t')
        orl_text_puts(text, "\\t");
    else if (c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '&' || c == 0x2028 ||
             c == 0x2029)
        orl_text_printf(text, "\\u%04x", c);
    else
        orl_text_append(text, bytes, size);
}

void orl_text_escape_json(struct orl_text *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(bytes + i, length - i, &c);
        if (size)
            json_character(text, c, bytes + i, size);
        else
            orl_text_puts(text, "\xef\xbf\xbd");
        i += size ? size : 1;
    }
}

static const char *html_entity(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void orl_text_escape_html(struct orl_text *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t size = orl_utf8_decode(bytes + i, length - i, &c);
        if (size == 0)
            orl_text_puts(text, "\xef\xbf\xbd");
        else if (html_entity(c))
            orl_text_puts(text, html_entity(c));
        else if ((c >= 0x20 || c == '\n' || c == '\t') && !(c >= 0x7f && c < 0xa0))
            orl_text_append(text, bytes + i, size);
        i += size ? size : 1;
    }
}

void orl_utf8_shorten(char *out, size_t size, const char *text, size_t length, size_t chars)
{
    static const char more[] = "…";
    size_t at = 0, used = 0, end = 0; /* end: where the mark would stand */
    for (size_t count = 0; at < length; count++) {
        uint32_t c;
        size_t bytes = orl_utf8_decode(text + at, length - at, &c);
        size_t wide = bytes ? bytes : 1;
        if (count < chars && used + sizeof more <= size)
            end = used;
        if (count == chars || used + wide + 1 > size) {
            memcpy(out + end, more, sizeof more);
            return;
        }
        memcpy(out + used, bytes ? text + at : "?", wide);
        used += wide;
        at += wide;
    }
    out[used] = '\0';
}

const char *orl_utf8_quote(char out[ORL_QUOTE_SIZE], const char *text, size_t length)
{
    orl_utf8_shorten(out, ORL_QUOTE_SIZE, text, length, ORL_QUOTE_CHARS);
    return out;
}
