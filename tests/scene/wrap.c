/* Text broken into lines. */
#include "orl_test.h"

#include "scene/wrap.h"

/* Every byte as wide as half its size. */
static void measure_text(void *context, const char *utf8, double size_px, bool bold, struct orl_extent *out)
{
    (void)context;
    (void)bold;
    *out = (struct orl_extent){(double)strlen(utf8) * size_px * 0.5, 0.9 * size_px, 0.3 * size_px};
}

static const struct orl_measure measure = {NULL, measure_text};

/* With a text size of 2 px a character is 1 px wide: `width` is a number of characters. */
static void check(const char *text, double width, size_t most, const char *const *expected)
{
    struct orl_film film = {.measure = &measure};
    char *lines[8] = {0};
    size_t count = orl_wrap(&film, text, 2.0, false, width, most, lines), wanted = 0;
    while (expected[wanted])
        wanted++;
    for (size_t i = 0; i < count && i < wanted; i++)
        if (strcmp(lines[i], expected[i]) != 0)
            fail_msg("line %zu of '%s' is '%s', not '%s'", i, text, lines[i], expected[i]);
    assert_int_equal(count, wanted);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
}

static void wraps(void **state)
{
    (void)state;
    check("", 10, 3, (const char *const[]){NULL});
    check("one two three", 13, 3, (const char *const[]){"one two three", NULL});
    check("one two three", 7, 3, (const char *const[]){"one two", "three", NULL});
    check("one two three four", 8, 2, (const char *const[]){"one two", "three…", NULL});
    check("one\ntwo", 20, 3, (const char *const[]){"one", "two", NULL});
    check("abcdefghij kl", 4, 5, (const char *const[]){"abcd", "efgh", "ij", "kl", NULL});
    check("a\xc3\xa9\xc3\xa9 b", 2, 5, (const char *const[]){"a", "\xc3\xa9", "\xc3\xa9", "b", NULL});
    check("abc", 0, 5, (const char *const[]){"a", "b", "c", NULL}); /* always gets on */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wraps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
