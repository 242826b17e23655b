/* Formulas: from bytes to tokens. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/formula.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

int orl_formula_refuse(struct orl_formula_error *error, size_t offset, size_t length,
                       const char *hint, const char *format, ...)
{
    if (!error)
        return ORL_EINPUT;
    va_list arguments;
    error->offset = offset;
    error->length = length;
    va_start(arguments, format);
    orl_text_vbounded(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    orl_text_bounded(error->hint, sizeof error->hint, "%s", hint ? hint : "");
    return ORL_EINPUT;
}

static int lex_number(const char *text, size_t length, size_t at, struct orl_token *token,
                      struct orl_formula_error *error)
{
    char word[ORL_QUOTE_SIZE];
    size_t i = at, points = 0;
    for (; i < length && (is_digit(text[i]) || text[i] == '.'); i++)
        points += text[i] == '.';
    size_t mantissa_end = i;
    bool exponent = i < length && (text[i] == 'e' || text[i] == 'E');
    if (exponent) {
        i++;
        if (i < length && (text[i] == '+' || text[i] == '-'))
            i++;
        size_t digits = i;
        while (i < length && is_digit(text[i]))
            i++;
        if (i == digits)
            return orl_formula_refuse(error, at, i - at, "a product needs '*': 2*e",
                                      "the exponent of the number '%s' has no digits",
                                      orl_utf8_quote(word, text + at, i - at));
    }
    orl_utf8_quote(word, text + at, i - at);
    if (points > 1 || mantissa_end - at == points)
        return orl_formula_refuse(error, at, i - at, NULL, "'%s' is not a number", word);
    if (i - at > ORL_NUMBER_BYTES)
        return orl_formula_refuse(error, at, i - at, NULL,
                                  "a number of %zu characters; at most %d are allowed", i - at,
                                  ORL_NUMBER_BYTES);
    if (!orl_double_parse(text + at, i - at, &token->number))
        return orl_formula_refuse(error, at, i - at, NULL, "'%s' is not a number", word);
    if (!isfinite(token->number))
        return orl_formula_refuse(error, at, i - at, NULL,
                                  "the number '%s' is too large (the largest is about 1.8e308)",
                                  word);
    token->kind = ORL_TOKEN_NUMBER;
    token->length = i - at;
    return ORL_OK;
}

struct replacement {
    uint32_t code_point;
    const char *hint;
};

/* What people paste from text processors. */
static const struct replacement replacements[] = {
    {0x00d7, "use * for a product"},
    {0x00b7, "use * for a product"},
    {0x22c5, "use * for a product"},
    {0x2217, "use * for a product"},
    {0x00f7, "use / for a division"},
    {0x2215, "use / for a division"},
    {0x2212, "use the ASCII minus -"},
    {0x2013, "use the ASCII minus -"},
    {0x2014, "use the ASCII minus -"},
    {0x221a, "use sqrt(...)"},
    {0x00b2, "use ^2"},
    {0x00b3, "use ^3"},
    {0x00a0, "this space is not an ASCII space"},
    {0x200b, "this character cannot be seen: delete it"},
    {0x0445, "this is a Cyrillic letter; names are ASCII"},
    {0, NULL},
};

static int refuse_non_ascii(const char *text, size_t length, size_t at,
                            struct orl_formula_error *error)
{
    uint32_t c;
    char greek[80];
    const char *hint = "names are ASCII letters, digits and _";
    size_t size = orl_utf8_decode(text + at, length - at, &c);
    if (size == 0)
        return orl_formula_refuse(error, at, 1, hint,
                                  "the byte \\x%02x is not allowed in a formula",
                                  (unsigned char)text[at]);
    if (orl_greek_name(c)) {
        snprintf(greek, sizeof greek, "write '%s'", orl_greek_name(c));
        hint = greek;
    }
    for (const struct replacement *r = replacements; r->hint; r++)
        if (r->code_point == c)
            hint = r->hint;
    char bytes[20];
    size_t used = 0;
    for (size_t i = 0; i < size; i++)
        used += (size_t)snprintf(bytes + used, sizeof bytes - used, "\\x%02x",
                                 (unsigned char)text[at + i]);
    return orl_formula_refuse(error, at, size, hint,
                              "the character U+%04X (%s) is not allowed in a formula", c, bytes);
}

static int refuse_character(const char *text, size_t at, struct orl_formula_error *error)
{
    char c = text[at];
    const char *hint = c == '='                ? "a formula is the right-hand side alone"
                       : c == '"' || c == '\'' ? "names stand without quotes"
                       : c == '[' || c == '{'  ? "use parentheses ( )"
                       : c == ';'              ? "arguments are separated by ','"
                                               : NULL;
    if (c < 0x20 || c == 0x7f)
        return orl_formula_refuse(error, at, 1, NULL,
                                  "the byte \\x%02x is not allowed in a formula", (unsigned char)c);
    return orl_formula_refuse(error, at, 1, hint, "the character '%c' is not allowed in a formula",
                              c);
}

int orl_token_next(const char *text, size_t length, size_t *at, struct orl_token *token,
                   struct orl_formula_error *error)
{
    size_t i = *at;
    int ret = ORL_OK;
    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r'))
        i++;
    *token = (struct orl_token){.offset = i};
    if (i == length) {
        token->kind = ORL_TOKEN_END;
    } else if (is_digit(text[i]) || text[i] == '.') {
        ret = lex_number(text, length, i, token, error);
    } else if (is_letter(text[i])) {
        token->kind = ORL_TOKEN_NAME;
        while (i + token->length < length &&
               (is_letter(text[i + token->length]) || is_digit(text[i + token->length])))
            token->length++;
    } else if (text[i] == '*' && i + 1 < length && text[i + 1] == '*') {
        ret = orl_formula_refuse(error, i, 2, "use ^ for powers: x^2", "'**' is not an operator");
    } else if (text[i] != '\0' && strchr("+-*/^(),", text[i])) {
        token->kind = ORL_TOKEN_SIGN;
        token->sign = text[i];
        token->length = 1;
    } else if ((unsigned char)text[i] >= 0x80) {
        ret = refuse_non_ascii(text, length, i, error);
    } else {
        ret = refuse_character(text, i, error);
    }
    *at = i + token->length;
    return ret;
}
