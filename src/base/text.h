/* Text that grows, numbers as text and back without the locale, names for messages. */
#ifndef ORL_BASE_TEXT_H
#define ORL_BASE_TEXT_H

#include "optreel/base.h"

/* A growing text, always 0-terminated after the first append. Zero-initialize; release with
 * orl_text_uninit. A failed allocation is remembered in `failed` and makes later appends do
 * nothing: check once at the end. */
struct orl_text {
    char *data; /* owned */
    size_t length, capacity;
    bool failed;
};

/* Add bytes (a 0 among them, too), a string, a character, printf's text. */
void orl_text_append(struct orl_text *text, const char *bytes, size_t length);
void orl_text_puts(struct orl_text *text, const char *string);
void orl_text_putc(struct orl_text *text, char c);
void orl_text_printf(struct orl_text *text, const char *format, ...) ORL_PRINTF(2, 3);
void orl_text_clear(struct orl_text *text); /* keeps the memory */
void orl_text_uninit(struct orl_text *text);
/* Hand over the string (owned by the caller; "" when empty) and reset; NULL when an allocation
 * failed. */
char *orl_text_take(struct orl_text *text);

/* Copies; NULL when memory is short. */
char *orl_strdup(const char *string);
char *orl_strndup(const char *string, size_t length);
/* printf into `size` bytes, at least 8. What is too long ends with "…" after its last whole
 * character: valid UTF-8 in, valid UTF-8 out. */
void orl_text_bounded(char *out, size_t size, const char *format, ...) ORL_PRINTF(3, 4);
void orl_text_vbounded(char *out, size_t size, const char *format, va_list arguments)
    ORL_PRINTF(3, 0);

/* printf into a new string, owned by the caller; NULL when memory is short. */
char *orl_asprintf(const char *format, ...) ORL_PRINTF(1, 2);
char *orl_vasprintf(const char *format, va_list arguments) ORL_PRINTF(1, 0);

#define ORL_NUMBER_SIZE 40 /* bytes that any of the number formats below need */

/* Read a decimal number that takes up all `length` bytes: [+-]digits[.digits][e[+-]digits], nothing
 * else (no hex, inf, nan, spaces). Independent of the locale, correctly rounded. False where it is
 * no such number. Overflow gives an infinity, with true.
 */
bool orl_double_parse(const char *text, size_t length, double *value);
/* A whole decimal number in int64's range that takes up all `length` bytes; "1e6" and "5.0" count
 * when they are whole. */
bool orl_int64_parse(const char *text, size_t length, int64_t *value);
/* %.17g, in the C locale; "inf", "-inf" and "nan" where it is not finite. Returns the length. */
int orl_double_exact(char buffer[ORL_NUMBER_SIZE], double value);
/* The shortest form that reads back as the same number: 0.01, 1e-07, 5000. Returns the length. */
int orl_double_short(char buffer[ORL_NUMBER_SIZE], double value);
/* %.*g with `digits` significant digits in the C locale. Returns the length. */
int orl_double_digits(char buffer[ORL_NUMBER_SIZE], double value, int digits);

/* Append `length` bytes made safe to show on a terminal: control bytes and invalid UTF-8 as \x1b,
 * bidirectional and zero-width controls as \u202e. */
void orl_text_escape_terminal(struct orl_text *text, const char *bytes, size_t length);
/* Append as the inside of a JSON string (no quotes); invalid UTF-8 becomes U+FFFD. Also escapes < >
 * & and U+2028/2029. */
void orl_text_escape_json(struct orl_text *text, const char *bytes, size_t length);
/* Append with & < > " ' as entities; control bytes dropped, invalid UTF-8 becomes U+FFFD. */
void orl_text_escape_html(struct orl_text *text, const char *bytes, size_t length);

/* Append a word as a shell reads it back: in quotes where it holds anything that a shell could take
 * for its own. */
void orl_text_quote_shell(struct orl_text *text, const char *word);

/* Decode one code point at `bytes` (length > 0). Returns its size in bytes, or 0 where it is not
 * valid UTF-8 (RFC 3629). */
size_t orl_utf8_decode(const char *bytes, size_t length, uint32_t *code_point);
/* True where all of it is valid UTF-8. */
bool orl_utf8_valid(const char *bytes, size_t length);
/* Number of code points (invalid bytes count as one each). */
size_t orl_utf8_count(const char *bytes, size_t length);

/* A copy with accents put together with their letters (é as one code point, as NFC has it), for
 * Latin letters. Owned by the caller; NULL when memory is short. */
char *orl_utf8_compose(const char *text);
/* The first `length` bytes of a text as at most `chars` characters in at most `size` bytes, at
 * least 8: whole, or its beginning and "…". Bytes that are no UTF-8 become '?'. */
void orl_utf8_shorten(char *out, size_t size, const char *text, size_t length, size_t chars);
enum { ORL_QUOTE_CHARS = 100, ORL_QUOTE_SIZE = 4 * ORL_QUOTE_CHARS };
/* A word of the user's as messages quote it: at most ORL_QUOTE_CHARS characters. Returns `out`. */
const char *orl_utf8_quote(char out[ORL_QUOTE_SIZE], const char *text, size_t length);

/* The n-th line (from 1) of a text without its end; NULL past the last one. */
const char *orl_text_line(const char *text, size_t length, unsigned n, size_t *line_length);

/* The candidate nearest to `word` when it is near enough to be a typing error (Damerau–Levenshtein,
 * ignoring case), else NULL. `candidates` is NULL-ended. */
const char *orl_suggest(const char *word, const char *const *candidates);
/* "did you mean 'X'?" for the nearest candidate, else "one of: a, b, c" (shortened when long), as
 * text. Owned by the caller. */
char *orl_suggest_hint(const char *word, const char *const *candidates);

/* Shell-style match of a whole text: * ? [set]; no special treatment of / or dots. */
bool orl_glob_match(const char *pattern, const char *text);

#endif
