/* Guessing what a misspelt name was meant to be; matching names against patterns. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { WORD_MAX = 64 };

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int min3(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* Optimal string alignment distance (insert, delete, replace, swap neighbours), ignoring the case
 * of ASCII letters. */
static int distance(const char *a, size_t n, const char *b, size_t m)
{
    int rows[3][WORD_MAX + 1];
    int *previous2 = rows[0], *previous = rows[1], *current = rows[2];
    for (size_t j = 0; j <= m; j++)
        previous[j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        current[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int cost = lower(a[i - 1]) != lower(b[j - 1]);
            current[j] = min3(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]) && previous2[j - 2] + 1 < current[j])
                current[j] = previous2[j - 2] + 1;
        }
        int *swap = previous2;
        previous2 = previous;
        previous = current;
        current = swap;
    }
    return previous[m];
}

const char *orl_suggest(const char *word, const char *const *candidates)
{
    size_t n = strlen(word);
    const char *best = NULL;
    int best_distance = n <= 3 ? 2 : (int)(n / 3) + 2; /* a third of the letters may be wrong */
    if (n == 0 || n > WORD_MAX)
        return NULL;
    for (const char *const *c = candidates; *c; c++) {
        size_t m = strlen(*c);
        if (m > WORD_MAX)
            continue;
        int d = distance(word, n, *c, m);
        if (d < best_distance && d < (int)(n > m ? n : m)) {
            best = *c;
            best_distance = d;
        }
    }
    return best;
}

char *orl_suggest_hint(const char *word, const char *const *candidates)
{
    const char *best = orl_suggest(word, candidates);
    if (best)
        return orl_asprintf("did you mean '%s'?", best);
    struct orl_text text = {0};
    orl_text_puts(&text, "one of: ");
    for (const char *const *c = candidates; *c; c++) {
        if (text.length > 300) {
            orl_text_puts(&text, ", …");
            break;
        }
        orl_text_printf(&text, "%s%s", c == candidates ? "" : ", ", *c);
    }
    if (!*candidates)
        orl_text_puts(&text, "(nothing)");
    return orl_text_take(&text);
}

/* Match one [set] at `pattern` (past its '['); *end is set past its ']'. A set that is not closed
 * matches a plain '['. */
static bool match_set(const char *pattern, char c, const char **end)
{
    bool invert = *pattern == '!' || *pattern == '^', found = false;
    const char *p = pattern + invert;
    for (bool first = true; *p && (*p != ']' || first); first = false) {
        if (p[1] == '-' && p[2] && p[2] != ']') {
            found |=
                (unsigned char)c >= (unsigned char)p[0] && (unsigned char)c <= (unsigned char)p[2];
            p += 3;
        } else {
            found |= c == *p++;
        }
    }
    if (*p != ']') {
        *end = pattern;
        return c == '[';
    }
    *end = p + 1;
    return found != invert;
}

/* Linear in practice: only the last star is ever gone back to. */
bool orl_glob_match(const char *pattern, const char *text)
{
    const char *star = NULL, *star_text = NULL;
    while (*text) {
        const char *after = pattern + 1;
        bool matches = *pattern == '?' || (*pattern == '[' ? match_set(pattern + 1, *text, &after)
                                                           : *pattern == *text);
        if (*pattern == '*') {
            star = pattern++;
            star_text = text;
        } else if (*pattern && matches) {
            pattern = after;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++star_text;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
