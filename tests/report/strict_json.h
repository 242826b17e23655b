/* A reader of JSON as strict as RFC 8259, with no number, string or comma let through that the
 * grammar does not have. It refuses repeated names, too, and finds values by path. Written apart
 * from the writer, so that both would have to be wrong. */
#ifndef ORL_TESTS_REPORT_STRICT_JSON_H
#define ORL_TESTS_REPORT_STRICT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

struct reader {
    const char *at, *end;
    const char *path;              /* what is looked for: "runs/0/steps_to/1e-2"; NULL: nothing */
    const char *found, *found_end; /* the raw text of its value */
    int depth;
};

static bool read_value(struct reader *r, const char *path);

static inline bool is_digit(const struct reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static inline bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static inline void skip_space(struct reader *r)
{
    while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
        r->at++;
}

static inline bool read_digits(struct reader *r)
{
    const char *begin = r->at;
    while (is_digit(r))
        r->at++;
    return r->at > begin;
}

static inline bool read_number(struct reader *r)
{
    take(r, '-');
    if (!take(r, '0') && !read_digits(r))
        return false;
    if (take(r, '.') && !read_digits(r))
        return false;
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '-'))
            take(r, '+');
        return read_digits(r);
    }
    return true;
}

static inline bool read_string(struct reader *r)
{
    if (!take(r, '"'))
        return false;
    while (r->at < r->end && *r->at != '"') {
        if ((unsigned char)*r->at < 0x20)
            return false;
        if (take(r, '\\')) {
            if (r->at == r->end || *r->at == '\0')
                return false;
            if (*r->at == 'u') {
                if (r->end - r->at < 5 || strspn(r->at + 1, "0123456789abcdefABCDEF") < 4)
                    return false;
                r->at += 5;
            } else if (strchr("\"\\/bfnrt", *r->at)) {
                r->at++;
            } else {
                return false;
            }
        } else {
            r->at++;
        }
    }
    return take(r, '"');
}

static inline bool read_word(struct reader *r, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(r->end - r->at) < length || strncmp(r->at, word, length) != 0)
        return false;
    r->at += length;
    return true;
}

/* What of `path` is left behind the part `name`; NULL where it starts otherwise. */
static inline const char *below(const char *path, const char *name, size_t length)
{
    if (!path || strncmp(path, name, length) != 0 || (path[length] != '/' && path[length] != '\0'))
        return NULL;
    return path[length] == '/' ? path + length + 1 : path + length;
}

static inline bool read_array(struct reader *r, const char *path)
{
    if (skip_space(r), take(r, ']'))
        return true;
    for (int i = 0;; i++) {
        char index[16];
        int length = snprintf(index, sizeof index, "%d", i);
        if (!read_value(r, below(path, index, (size_t)length)))
            return false;
        if (skip_space(r), take(r, ']'))
            return true;
        if (!take(r, ','))
            return false;
    }
}

static inline bool read_object(struct reader *r, const char *path)
{
    struct {
        const char *text;
        size_t length;
    } names[64];
    size_t count = 0;
    if (skip_space(r), take(r, '}'))
        return true;
    for (;;) {
        skip_space(r);
        const char *name = r->at + 1;
        if (!read_string(r))
            return false;
        size_t length = (size_t)(r->at - 1 - name);
        for (size_t i = 0; i < count; i++)
            if (names[i].length == length && memcmp(names[i].text, name, length) == 0)
                return false;
        if (count == sizeof names / sizeof *names)
            return false;
        names[count].text = name;
        names[count++].length = length;
        if (skip_space(r), !take(r, ':') || !read_value(r, below(path, name, length)))
            return false;
        if (skip_space(r), take(r, '}'))
            return true;
        if (!take(r, ','))
            return false;
    }
}

static bool read_value(struct reader *r, const char *path)
{
    bool good;
    if (++r->depth > 16)
        return false;
    skip_space(r);
    const char *begin = r->at;
    if (take(r, '{'))
        good = read_object(r, path);
    else if (take(r, '['))
        good = read_array(r, path);
    else if (r->at < r->end && *r->at == '"')
        good = read_string(r);
    else
        good =
            read_word(r, "true") || read_word(r, "false") || read_word(r, "null") || read_number(r);
    if (path && *path == '\0') {
        r->found = begin;
        r->found_end = r->at;
    }
    r->depth--;
    return good;
}

/* Whether `text` is one value of strict JSON in valid UTF-8, with nothing after it. */
static inline bool json_is_strict(const char *text)
{
    struct reader r = {.at = text, .end = text + strlen(text)};
    if (!orl_utf8_valid(text, strlen(text)) || !read_value(&r, NULL))
        return false;
    skip_space(&r);
    return r.at == r.end;
}

/* Whether the value at `path` is, as raw text, `expected`; NULL: whether there is none. */
static inline bool json_has(const char *text, const char *path, const char *expected)
{
    struct reader r = {.at = text, .end = text + strlen(text)};
    if (!read_value(&r, path))
        return false;
    if (!expected || !r.found)
        return !expected && !r.found;
    return strlen(expected) == (size_t)(r.found_end - r.found) &&
           memcmp(expected, r.found, strlen(expected)) == 0;
}

#endif
