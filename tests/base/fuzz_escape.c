/* Any bytes as text for a terminal, JSON, HTML and a shell: what comes out holds no raw control, no
 * tag and no word more, and reads back as what went in. */
#include "base/json.h"
#include "base/text.h"
#include "orl_fuzz.h"

static char *take(void (*escape)(struct orl_text *, const char *, size_t), const uint8_t *bytes,
                  size_t size)
{
    struct orl_text text = {0};
    escape(&text, (const char *)bytes, size);
    char *out = orl_text_take(&text);
    fuzz_require(out != NULL && orl_utf8_valid(out, strlen(out)));
    return out;
}

static void terminal_check(const uint8_t *bytes, size_t size)
{
    char *out = take(orl_text_escape_terminal, bytes, size);
    for (const char *p = out; *p; p++)
        fuzz_require((unsigned char)*p >= 0x20 && *p != 0x7f);
    fuzz_require(!strstr(out, "\xe2\x80\xae") && !strstr(out, "\xc2\x9b"));
    free(out);
}

/* One entity or character of HTML; its code point goes to *out. */
static size_t html_read(const char *p, uint32_t *out)
{
    static const struct {
        const char *entity;
        uint32_t c;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(p, known[i].entity, strlen(known[i].entity)) == 0) {
            *out = known[i].c;
            return strlen(known[i].entity);
        }
    fuzz_require(*p != '&' && *p != '<' && *p != '>' && *p != '"' && *p != '\'');
    return orl_utf8_decode(p, strlen(p), out);
}

/* The code points of the input as HTML and JSON have them: what is no UTF-8 is U+FFFD. */
static size_t point_read(const uint8_t *bytes, size_t size, uint32_t *out)
{
    size_t length = orl_utf8_decode((const char *)bytes, size, out);
    *out = length ? *out : 0xfffd;
    return length ? length : 1;
}

static void html_check(const uint8_t *bytes, size_t size)
{
    char *out = take(orl_text_escape_html, bytes, size);
    const char *p = out;
    for (size_t i = 0; i < size;) {
        uint32_t in, got;
        i += point_read(bytes + i, size - i, &in);
        if (*p == '\0') {
            fuzz_require(in < 0x20 || (in >= 0x7f && in < 0xa0)); /* controls are dropped */
            continue;
        }
        size_t step = html_read(p, &got);
        if (got == in)
            p += step;
        else
            fuzz_require(in < 0x20 || (in >= 0x7f && in < 0xa0));
    }
    fuzz_require(*p == '\0');
    free(out);
}

static uint32_t hex_read(const char *p)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *at = strchr(digits, p[i] | 0x20);
        fuzz_require(p[i] != '\0' && at != NULL);
        value = value * 16 + (uint32_t)(at - digits);
    }
    return value;
}

static void json_check(const uint8_t *bytes, size_t size)
{
    char *out = take(orl_text_escape_json, bytes, size);
    const char *p = out;
    for (size_t i = 0; i < size;) {
        static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
        uint32_t in, got;
        i += point_read(bytes + i, size - i, &in);
        fuzz_require((unsigned char)*p >= 0x20 && !strchr("\"<>&", *p));
        if (*p == '\\' && p[1] == 'u') {
            got = hex_read(p + 2);
            p += 6;
        } else if (*p == '\\') {
            const char *at = strchr(names, p[1]);
            fuzz_require(p[1] != '\0' && at != NULL);
            got = (unsigned char)means[at - names];
            p += 2;
        } else {
            size_t step = orl_utf8_decode(p, strlen(p), &got);
            fuzz_require(step > 0);
            p += step;
        }
        fuzz_require(got == in);
    }
    fuzz_require(*p == '\0');
    free(out);
}

/* What a shell makes of a word in single quotes. */
static void shell_check(const uint8_t *bytes, size_t size)
{
    char *word = calloc(size + 1, 1), *back = calloc(size + 1, 1);
    struct orl_text text = {0};
    size_t length = 0;
    bool quoted = false;
    fuzz_require(word && back);
    memcpy(word, bytes, size);
    orl_text_quote_shell(&text, word);
    char *out = orl_text_take(&text);
    fuzz_require(out && *out);
    for (const char *p = out; *p; p++)
        if (*p == '\'') {
            quoted = !quoted;
        } else if (!quoted && *p == '\\') {
            fuzz_require(length < size);
            back[length++] = *++p;
        } else {
            fuzz_require(length < size && (quoted || !strchr(" \t\n$`\"\\|&;<>()*?[]#~!{}", *p)));
            back[length++] = *p;
        }
    fuzz_require(!quoted && strcmp(back, word) == 0);
    free(out);
    free(word);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    terminal_check(bytes, size);
    html_check(bytes, size);
    json_check(bytes, size);
    shell_check(bytes, size);
    return 0;
}

FUZZ_SEEDS("plain", "<script>alert('&amp;')</script>", "\xe2\x80\xae\xc3\xa9\xf0\x9f\x8e\x9e",
           "a'b\"c\\d\x1b[31m\n", "\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9\xff\xfe", "it's $(rm) `x`")
FUZZ_WORDS("<", ">", "&", "\"", "'", "\\", "\x1b[", "\xe2\x80\xa8", "\xed\xa0\x80", "\xc0\x80",
           "\xf4\x90\x80\x80", "\x7f", "&lt;", "\\u003c", "$", "`", "\n", "\t", "\xef\xbf\xbd",
           "\xe2\x80\x8b")
FUZZ_MAIN("escape", 60000)
