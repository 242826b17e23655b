/* How programs write that a number is not there, and numbers that are none. */
#include <string.h>

#include "base/array.h"
#include "base/csv.h"

/* True where `text` is one of the words, whatever its case. */
static bool word_listed(const char *text, const char *const *words, size_t count)
{
    char lower[16];
    size_t length = 0;
    for (; text[length] && length < sizeof lower - 1; length++) {
        char c = text[length];
        lower[length] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    lower[length] = '\0';
    for (size_t k = 0; !text[length] && k < count; k++)
        if (strcmp(lower, words[k]) == 0)
            return true;
    return false;
}

bool orl_text_is_missing(const char *text)
{
    /* R, SAS ("."), pandas, spreadsheets with their errors, Weka ("?"), MSVC's printf, people */
    static const char *const words[] = {"",
                                        "na",
                                        "n/a",
                                        "n.a.",
                                        "n. a.",
                                        "<na>",
                                        "#n/a",
                                        "#na",
                                        "#nv",
                                        "#n/v",
                                        "#div/0!",
                                        "#value!",
                                        "#wert!",
                                        "#ref!",
                                        "#num!",
                                        "#name?",
                                        "#null!",
                                        "nan",
                                        "-nan",
                                        "+nan",
                                        "nan(ind)",
                                        "-nan(ind)",
                                        "1.#qnan",
                                        "-1.#ind",
                                        "1.#ind",
                                        "-1.#qnan",
                                        "nat",
                                        "null",
                                        "nil",
                                        "none",
                                        "missing",
                                        "nd",
                                        "n.d.",
                                        "n/d",
                                        "-",
                                        "--",
                                        "---",
                                        "\xe2\x80\x93",
                                        "\xe2\x80\x94",
                                        ".",
                                        "..",
                                        "...",
                                        "\xe2\x80\xa6",
                                        "?",
                                        "*",
                                        "\\n",
                                        "void"};
    return word_listed(text, words, ORL_COUNT(words));
}

bool orl_text_not_finite(const char *text)
{
    static const char *const words[] = {
        "nan",       "+nan",      "-nan",     "inf",       "+inf", "-inf", "infinity",
        "+infinity", "-infinity", "nan(ind)", "-nan(ind)", "#n/a", "na"};
    return word_listed(text, words, ORL_COUNT(words));
}
