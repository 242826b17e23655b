/* Text broken into lines, and names shortened. */
#include "orl_test.h"
#include "support/stage.h"

#include "scene/marks/letters.h"
#include "scene/marks/names.h"

/* Every byte as wide as half its size. */
static void measure_text(void *context, const char *utf8, double size_px, bool bold,
                         struct orl_extent *out)
{
    (void)context;
    (void)bold;
    *out = (struct orl_extent){(double)strlen(utf8) * size_px * 0.5, 0.9 * size_px, 0.3 * size_px};
}

static const struct orl_measure measure = {NULL, measure_text};

/* With a text size of 2 px a character is 1 px wide: `width` is a number of characters. */
static void check(const char *text, double width, size_t most, const char *const *expected)
{
    char *lines[8] = {0};
    size_t count = orl_letters_wrap(&measure, text, 2.0, false, width, most, lines), wanted = 0;
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
    check("one two three fours", 10, 2,
          (const char *const[]){"one two", "three…", NULL}); /* rather than "three f…" */
    check("abcdefghi · jklmnopqrs", 18, 1, (const char *const[]){"abcdefghi…", NULL});
    check("one two abcdefghijklmn", 12, 1, (const char *const[]){"one two…", NULL});
    check("a abcdefghijklmn opq", 12, 1,
          (const char *const[]){"a abcdefg…", NULL}); /* a whole word would be too little */
    check("one\ntwo three\nfour", 20, 2, (const char *const[]){"one", "two three…", NULL});
    check("one\ntwo", 20, 3, (const char *const[]){"one", "two", NULL});
    check("abcdefghij kl", 4, 5, (const char *const[]){"abcd", "efgh", "ij", "kl", NULL});
    check("a\xc3\xa9\xc3\xa9 b", 2, 5,
          (const char *const[]){"a", "\xc3\xa9", "\xc3\xa9", "b", NULL});
    check("one\xc2\xa0two\xc2\xa0three", 9, 5,
          (const char *const[]){"one\xc2\xa0two", "three", NULL}); /* not inside a word */
    check("one\xc2\xa0two\xc2\xa0three", 12, 5,
          (const char *const[]){"one\xc2\xa0two", "three", NULL});
    check("a one\xc2\xa0two", 7, 5, (const char *const[]){"a", "one", "two", NULL});
    /* the dot after an entry never begins a line */
    check("ab\u00a0cdef\u00a0\u00a0· h", 12, 5,
          (const char *const[]){"ab", "cdef\u00a0\u00a0· h", NULL});
    check("abc", 0, 5, (const char *const[]){"a", "b", "c", NULL}); /* always gets on */
}

/* The names of a race's runs in `width` characters. */
static void check_names(const char *const *titles, size_t count, double width,
                        const char *const *expected)
{
    struct orl_film_run runs[4] = {{0}};
    struct orl_told told[4];
    for (size_t i = 0; i < count; i++) {
        runs[i].title = titles[i];
        if (strncmp(titles[i], "Momentum, momentum ", 19) == 0)
            stage_sweep(&runs[i], &told[i], "Momentum", "momentum", titles[i] + 19);
    }
    const struct names names = {&measure, runs, count, 2.0};
    for (size_t i = 0; i < count; i++) {
        char *name = orl_names_fit(&names, i, width);
        if (!name || strcmp(name, expected[i]) != 0)
            fail_msg("'%s' becomes '%s', not '%s'", titles[i], name ? name : "", expected[i]);
        free(name);
    }
}

static void names(void **state)
{
    static const char *const sweep[] = {"Momentum, momentum 0", "Momentum, momentum 0.95"};
    static const char *const others[] = {"SGD", "An optimizer with a long name",
                                         "An optimizer with a longer name"};
    static const char *const commas[] = {"SGD, plain", "SGD, ours"};
    static const char *const greek[] = {"αβγδεζηθικλ one",
                                        "αβγδεζηθικλ two"}; /* two bytes a letter */
    (void)state;
    check_names(sweep, 2, 30, sweep);
    check_names(sweep, 2, 22,
                (const char *const[]){"momentum 0", "momentum 0.95"}); /* both the same way */
    check_names(sweep, 2, 12, (const char *const[]){"momentum 0", "mome… 0.95"});
    check_names(sweep, 1, 12,
                (const char *const[]){"Momentum,…"}); /* one run alone: nothing to tell it from */
    check_names(others, 3, 24,
                (const char *const[]){"SGD", "An optimize… long name", "An optimi… longer name"});
    /* a comma of the title's own separates nothing */
    check_names(commas, 2, 9.5, (const char *const[]){"SGD, p…", "SGD, ours"});
    check_names(greek, 2, 16, (const char *const[]){"αβγδ… one", "αβγδ… two"});
    check_names(sweep, 2, 0, (const char *const[]){"", ""});
}

/* Counts the bytes that are measured. */
static void count_text(void *context, const char *utf8, double size_px, bool bold,
                       struct orl_extent *out)
{
    *(size_t *)context += strlen(utf8);
    measure_text(NULL, utf8, size_px, bold, out);
}

static void a_long_text_is_cut_without_measuring_it(void **state)
{
    enum { LONG = 100000 };
    static char text[LONG + 1];
    size_t measured = 0;
    const struct orl_measure counting = {&measured, count_text};
    (void)state;
    for (size_t i = 0; i < LONG; i++)
        text[i] = i % 5 == 4 ? ' ' : 'a';
    char *cut = orl_letters_fit(&counting, text, 2.0, false, 80.0);
    assert_int_equal(strlen(cut), 80); /* 77 letters and the three bytes of the ellipsis */
    free(cut);
    assert_true(measured < 3000);
}

static void numbers_of_one_shape_are_measured_once(void **state)
{
    size_t measured = 0;
    const struct orl_measure counting = {&measured, count_text};
    struct number_shapes shapes = {0};
    (void)state;
    orl_shapes_add(&shapes, &counting, "0.123", 2.0);
    orl_shapes_add(&shapes, &counting, "0.999", 2.0);
    assert_int_equal(measured, strlen("0.123"));
    orl_shapes_add(&shapes, &counting, "-10.25", 2.0);
    orl_shapes_add(&shapes, &counting, "7", 2.0);
    assert_true(shapes.widest == 6.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wraps), cmocka_unit_test(names),
                                       cmocka_unit_test(a_long_text_is_cut_without_measuring_it),
                                       cmocka_unit_test(numbers_of_one_shape_are_measured_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
