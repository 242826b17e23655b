/* Tokens of JSON (RFC 8259), and NaN, Infinity, -Infinity. */
#include "logs/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "logs/record.h"

enum { TEXT_MAX = 1 << 20, WORD_MAX = 64 };

void orl_json_read_open(struct json_reader *r, struct log_input *in)
{
    *r = (struct json_reader){.in = in, .line = 1};
}

void orl_json_read_text(struct json_reader *r, const char *bytes, size_t length)
{
    *r = (struct json_reader){.bytes = bytes, .length = length, .line = 1};
}

void orl_json_read_close(struct json_reader *r)
{
    orl_text_uninit(&r->text);
}

/* ---- Bytes ---- */

/* The next byte without taking it; -1 at the end. A failure to read counts as the end here and is
 * told by the reader of the file. */
static int byte_peek(struct json_reader *r)
{
    struct orl_error ignored = {0};
    if (!r->in)
        return r->at < r->length ? (unsigned char)r->bytes[r->at] : -1;
    if (r->in->at == r->in->fill && orl_log_input_want(r->in, 1, &ignored) < 1)
        return -1;
    return r->in->data[r->in->at];
}

static void byte_take(struct json_reader *r, int byte)
{
    r->line += byte == '\n';
    r->at_line_end = byte == '\n';
    if (r->in)
        orl_log_input_skip(r->in, 1);
    else
        r->at++;
}

/* The rest of the line is void. */
static int json_break(struct json_reader *r, const char *why, bool at_line_end)
{
    int byte;
    r->broken_line = r->line - r->at_line_end;
    while (!at_line_end && (byte = byte_peek(r)) >= 0) {
        byte_take(r, byte);
        at_line_end = byte == '\n';
    }
    r->why = why;
    r->depth = 0;
    r->after_value = r->after_key = r->after_comma = false;
    return JSON_BROKEN;
}

/* ---- Strings, numbers, words ---- */

static void text_put_code_point(struct orl_text *text, uint32_t c)
{
    if (c < 0x80) {
        orl_text_putc(text, (char)c);
    } else if (c < 0x800) {
        orl_text_putc(text, (char)(0xc0 | c >> 6));
        orl_text_putc(text, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        orl_text_putc(text, (char)(0xe0 | c >> 12));
        orl_text_putc(text, (char)(0x80 | (c >> 6 & 0x3f)));
        orl_text_putc(text, (char)(0x80 | (c & 0x3f)));
    } else {
        orl_text_putc(text, (char)(0xf0 | c >> 18));
        orl_text_putc(text, (char)(0x80 | (c >> 12 & 0x3f)));
        orl_text_putc(text, (char)(0x80 | (c >> 6 & 0x3f)));
        orl_text_putc(text, (char)(0x80 | (c & 0x3f)));
    }
}

/* Four hexadecimal digits; -1 where they are not there. */
static int32_t hex_take(struct json_reader *r)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int byte = byte_peek(r), digit;
        if (byte >= '0' && byte <= '9')
            digit = byte - '0';
        else if ((byte | 32) >= 'a' && (byte | 32) <= 'f')
            digit = (byte | 32) - 'a' + 10;
        else
            return -1;
        byte_take(r, byte);
        value = 16 * value + digit;
    }
    return value;
}

static bool escape_take(struct json_reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int byte = byte_peek(r);
    const char *found = byte > 0 ? strchr(from, byte) : NULL;
    if (byte != 'u' && !found)
        return false;
    byte_take(r, byte);
    if (found) {
        orl_text_putc(&r->text, to[found - from]);
        return true;
    }
    int32_t high = hex_take(r), low;
    if (high < 0)
        return false;
    if (high < 0xd800 || high > 0xdfff) {
        text_put_code_point(&r->text, (uint32_t)high);
        return true;
    }
    if (high > 0xdbff || byte_peek(r) != '\\')
        return false;
    byte_take(r, '\\');
    if (byte_peek(r) != 'u')
        return false;
    byte_take(r, 'u');
    low = hex_take(r);
    if (low < 0xdc00 || low > 0xdfff)
        return false;
    text_put_code_point(&r->text,
                        0x10000u + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
    return true;
}

/* After the opening quote. What is longer than any name is cut: nothing needs it. */
static int string_take(struct json_reader *r, enum json_token token)
{
    orl_text_clear(&r->text);
    for (;;) {
        int byte = byte_peek(r);
        if (byte < 0)
            return json_break(r, "the text ends within a string", true);
        byte_take(r, byte);
        if (byte == '"')
            break;
        if (byte == '\n')
            return json_break(r, "a string does not end on its line", true);
        if (byte == '\\' && !escape_take(r))
            return json_break(r, "a wrong escape in a string", false);
        else if (byte != '\\' && r->text.length < TEXT_MAX)
            orl_text_putc(&r->text, (char)byte);
    }
    if (r->text.failed)
        return ORL_ENOMEM;
    if (!r->text.data)
        orl_text_append(&r->text, "", 0);
    return (int)token;
}

/* A number or a word, up to what cannot belong to it. */
static int word_take(struct json_reader *r)
{
    char word[WORD_MAX + 1];
    size_t length = 0;
    int byte;
    while ((byte = byte_peek(r)) >= 0 && !strchr(",]}:{[\" \t\r\n", byte)) {
        if (length == WORD_MAX)
            return json_break(r, "a value of more than 64 characters", false);
        word[length++] = (char)byte;
        byte_take(r, byte);
    }
    word[length] = '\0';
    r->null = strcmp(word, "null") == 0;
    if (strcmp(word, "true") == 0)
        return JSON_TRUE;
    if (strcmp(word, "false") == 0)
        return JSON_FALSE;
    if (r->null)
        r->number = (double)NAN;
    else if (!orl_log_number(word, length, &r->number))
        return json_break(r, "neither a number nor a word of JSON", byte == -1);
    return JSON_NUMBER;
}

/* ---- Structure ---- */

static int level_open(struct json_reader *r, bool object)
{
    if (r->depth == JSON_DEPTH)
        return json_break(r, "more than 64 levels of nesting", false);
    r->object[r->depth++] = object;
    r->after_value = r->after_key = r->after_comma = false;
    return object ? JSON_OBJECT : JSON_ARRAY;
}

static int level_close(struct json_reader *r, bool object)
{
    if (r->depth == 0 || r->object[r->depth - 1] != object || r->after_key || r->after_comma)
        return json_break(r, "a bracket that closes nothing", false);
    r->depth--;
    r->after_value = r->depth > 0;
    return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

/* A value or a key that begins with `byte`. */
static int value_take(struct json_reader *r, int byte)
{
    bool key = r->depth > 0 && r->object[r->depth - 1] && !r->after_key;
    if (r->after_value)
        return json_break(r, "a comma is missing", false);
    if (key && byte != '"')
        return json_break(r, "a key is missing", false);
    r->after_comma = false;
    if (byte == '{' || byte == '[') {
        byte_take(r, byte);
        return level_open(r, byte == '{');
    }
    int token;
    if (byte == '"') {
        byte_take(r, byte);
        token = string_take(r, key ? JSON_KEY : JSON_STRING);
    } else {
        token = word_take(r);
    }
    if (token == JSON_BROKEN || token < 0)
        return token;
    r->after_value = !key && r->depth > 0;
    r->after_key = false;
    if (!key)
        return token;
    while ((byte = byte_peek(r)) == ' ' || byte == '\t' || byte == '\r' ||
           (byte == '\n' && !r->lines))
        byte_take(r, byte);
    if (byte != ':')
        return json_break(r, "a colon is missing after a key", false);
    byte_take(r, byte);
    r->after_key = true;
    return token;
}

int orl_json_next(struct json_reader *r, struct orl_error *err)
{
    for (;;) {
        int byte = byte_peek(r);
        if (byte < 0 && r->depth > 0)
            return json_break(r, "the text ends too early", true);
        if (byte < 0)
            return JSON_END;
        if (byte == '\n' && r->lines && r->depth > 0) {
            byte_take(r, byte);
            return json_break(r, "the line is cut", true);
        }
        if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
            byte_take(r, byte);
            continue;
        }
        if (byte == ',' && r->after_value) {
            byte_take(r, byte);
            r->after_value = false;
            r->after_comma = true;
            continue;
        }
        if (byte == '}' || byte == ']') {
            byte_take(r, byte);
            return level_close(r, byte == '}');
        }
        int token = value_take(r, byte);
        return token == ORL_ENOMEM ? orl_fail_memory(err) : token;
    }
}

int orl_json_skip(struct json_reader *r, int token, struct orl_error *err)
{
    if (token != JSON_OBJECT && token != JSON_ARRAY)
        return JSON_END;
    for (unsigned outside = r->depth - 1; r->depth > outside;) {
        token = orl_json_next(r, err);
        if (token < 0 || token == JSON_BROKEN)
            return token;
    }
    return JSON_END;
}

int orl_json_members(struct json_reader *r, struct orl_text *path, orl_json_visit *visit,
                     void *context, struct orl_error *err)
{
    size_t length = path->length;
    int token = JSON_KEY, ret = ORL_OK;
    while (ret == ORL_OK && (token = orl_json_next(r, err)) == JSON_KEY) {
        if (length)
            orl_text_putc(path, '.');
        orl_text_puts(path, r->text.data);
        token = orl_json_next(r, err);
        if (path->failed)
            ret = orl_fail_memory(err);
        else if (token == JSON_OBJECT)
            ret = orl_json_members(r, path, visit, context, err);
        else if (token == JSON_ARRAY)
            ret = orl_json_skip(r, token, err);
        else if (token < 0 || token == JSON_BROKEN)
            ret = token;
        else
            ret = visit(context, path->data, token, r, err);
        path->length = length;
        if (path->data)
            path->data[length] = '\0';
    }
    return ret != ORL_OK || token == JSON_OBJECT_END ? ret : token;
}

bool orl_json_token_number(const struct json_reader *r, int token, double *value)
{
    *value = r->number;
    if (token == JSON_STRING)
        return orl_log_number(r->text.data, r->text.length, value);
    return token == JSON_NUMBER && !r->null;
}

/* "[2026-01-02 12:00:00] epoch 1" and "[INFO] step 3" begin lines that programs print. */
static bool begins_list(const char *at)
{
    double ignored;
    if (*at == 'N' || *at == 'I')
        return strncmp(at, "NaN", 3) == 0 || strncmp(at, "Infinity", 8) == 0;
    if (*at == '-' || (*at >= '0' && *at <= '9'))
        return orl_log_number(at, strcspn(at, ",] \t\r\n"), &ignored);
    return *at && strchr("{[]\"", *at);
}

bool orl_json_begins(const char *at)
{
    if (strncmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    at += strspn(at, " \t\r\n");
    if (*at != '{' && *at != '[')
        return false;
    bool object = *at == '{';
    at++;
    at += strspn(at, " \t\r\n");
    return object ? *at == '"' || *at == '}' : begins_list(at);
}
