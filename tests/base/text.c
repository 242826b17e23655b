#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/text.h"
#include "orl_test.h"

static void numbers_parse_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"0", 0},
        {"-0.5", -0.5},
        {"+3", 3},
        {"1e-7", 1e-7},
        {".5", .5},
        {"5.", 5},
        {"1E3", 1000},
        {"9007199254740993", 9007199254740992.0},
        {"4.9e-324", 4.9e-324},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double v = -1;
        assert_true(orl_double_parse(good[i].text, strlen(good[i].text), &v));
        assert_true(v == good[i].value);
    }
    static const char *bad[] = {"",    "+",   ".",  "e5", "1e",  "1e+", "0x10",
                                "inf", "nan", " 1", "1 ", "1,5", "--1", "1_000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double v;
        assert_false(orl_double_parse(bad[i], strlen(bad[i]), &v));
    }
    double v;
    assert_true(orl_double_parse("1.5xyz", 3, &v)); /* only the given length counts */
    assert_true(v == 1.5);
    assert_true(orl_double_parse("1e999", 5, &v));
    assert_true(isinf(v));
}

static void numbers_print_short_and_exact(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.01, "0.01"},   {1e-7, "1e-7"}, {5000, "5000"},     {0.1 + 0.2, "0.30000000000000004"},
        {1e300, "1e300"}, {-2.5, "-2.5"}, {5e-324, "5e-324"}, {1.0 / 3.0, "0.3333333333333333"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buffer[ORL_NUMBER_SIZE];
        double back;
        orl_double_short(buffer, cases[i].value);
        assert_string_equal(buffer, cases[i].text);
        orl_double_exact(buffer, cases[i].value);
        assert_true(orl_double_parse(buffer, strlen(buffer), &back));
        assert_true(back == cases[i].value);
    }
}

static void digits_round_like_printf(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } cases[] = {
        {2.5, 1, "2"}, /* a tie goes to the even digit */
        {3.5, 1, "4"},
        {0.375, 2, "0.38"},
        {0.6, 17, "0.59999999999999998"},
        {9.96, 2, "10"}, /* the first digit moves */
        {99999.7, 5, "1e+05"},
        {0.00012345, 3, "0.000123"}, /* where the plain form ends */
        {0.000012345, 3, "1.23e-05"},
        {123456, 6, "123456"},
        {1234567, 6, "1.23457e+06"},
        {-700, 2, "-7e+02"},
        {6e-23, 4, "6e-23"},
        {3e-200, 4, "3e-200"},
    };
    char buffer[ORL_NUMBER_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int length = orl_double_digits(buffer, cases[i].value, cases[i].digits);
        assert_string_equal(buffer, cases[i].text);
        assert_int_equal(length, strlen(cases[i].text));
    }
}

/* Against the C library, on numbers of all sizes, whole, and beside powers of ten and two. */
static void digits_are_the_librarys(void **state)
{
    (void)state;
    enum { TRIES = 40000 };
    struct orl_random random;
    orl_random_init(&random, 1, 0);
    char ours[ORL_NUMBER_SIZE], library[ORL_NUMBER_SIZE];
    for (int i = 0; i < TRIES; i++) {
        double sizes[] = {ldexp(1 + orl_random_uniform(&random), i % 400 - 200),
                          floor(orl_random_uniform(&random) * 1e6) / 1000,
                          nextafter(pow(10, i % 40 - 20), i % 3 ? 0 : 1e30), ldexp(i, -i % 60)};
        double value = i % 2 ? sizes[i % 4] : -sizes[i / 2 % 4];
        int digits = 1 + i % 17;
        snprintf(library, sizeof library, "%.*g", digits, value);
        orl_double_digits(ours, value, digits);
        assert_string_equal(ours, library);
        orl_double_short(ours, value);
        assert_true(strtod(ours, NULL) == value);
        snprintf(library, sizeof library, "%.15g", value);
        if (strtod(library, NULL) == value)
            assert_int_equal(strcspn(ours, "e"), strcspn(library, "e"));
    }
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    char buffer[ORL_NUMBER_SIZE];
    double v;
    /* Whether or not such a locale is installed, the result must be the same. */
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        setlocale(LC_ALL, "C.UTF-8");
    orl_double_short(buffer, 1.5);
    assert_string_equal(buffer, "1.5");
    assert_true(orl_double_parse("1.5", 3, &v) && v == 1.5);
    setlocale(LC_ALL, "C");
}

static void integers(void **state)
{
    (void)state;
    int64_t v;
    assert_true(orl_int64_parse("5000", 4, &v) && v == 5000);
    assert_true(orl_int64_parse("5e3", 3, &v) && v == 5000);
    assert_true(orl_int64_parse("-12", 3, &v) && v == -12);
    assert_false(orl_int64_parse("1.5", 3, &v));
    assert_false(orl_int64_parse("9999999999999999999", 19, &v));
    assert_false(orl_int64_parse("", 0, &v));
    assert_false(orl_int64_parse("-", 1, &v));
}

/* What is too long ends with an ellipsis after a whole character; what fits just is not touched. */
static void messages_are_cut_between_characters(void **state)
{
    static const struct {
        const char *text;
        size_t size, chars;
        const char *shown;
    } cases[] = {
        {"abcdef", 64, 6, "abcdef"},      {"abcdef", 64, 5, "abcd…"},  {"αβγδ", 64, 4, "αβγδ"},
        {"αβγδ", 64, 3, "αβ…"},           {"αβγδ", 9, 99, "αβγδ"},     {"αβγδ", 8, 99, "αβ…"},
        {"aαβγδ", 9, 99, "aαβ…"},         {"a\xff\x62", 64, 9, "a?b"}, {"", 64, 1, ""},
        {"a🙂🙂", 9, 99, "a🙂…"},
    };
    char out[64], error[16];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(out, '#', sizeof out);
        orl_utf8_shorten(out, cases[i].size, cases[i].text, strlen(cases[i].text), cases[i].chars);
        assert_string_equal(out, cases[i].shown);
        assert_true(cases[i].size == sizeof out || out[cases[i].size] == '#');
    }
    orl_text_bounded(error, sizeof error, "%s", "fifteen letters"); /* they fit */
    assert_string_equal(error, "fifteen letters");
    orl_text_bounded(error, sizeof error, "%s", "sixteen letters!");
    assert_string_equal(error, "sixteen lett…");
    orl_text_bounded(error, sizeof error, "%s", "αβγδεζηθ");
    assert_string_equal(error, "αβγδεζ…");
}

static void utf8_is_strict(void **state)
{
    (void)state;
    assert_true(orl_utf8_valid("αβγ🙂", strlen("αβγ🙂")));
    assert_int_equal(orl_utf8_count("αβγ", 6), 3);
    assert_false(orl_utf8_valid("\xc0\xaf", 2));         /* overlong */
    assert_false(orl_utf8_valid("\xed\xa0\x80", 3));     /* surrogate */
    assert_false(orl_utf8_valid("\xf4\x90\x80\x80", 4)); /* past U+10FFFF */
    assert_false(orl_utf8_valid("\xe2\x82", 2));         /* cut */
}

static void escapes(void **state)
{
    (void)state;
    static const char hostile[] = "a\x1b[31m<b>&\"'\xff\xe2\x80\xae";
    struct orl_text t = {0};
    orl_text_escape_terminal(&t, hostile, sizeof hostile - 1);
    assert_string_equal(t.data, "a\\x1b[31m<b>&\"'\\xff\\u202e");
    orl_text_clear(&t);
    orl_text_escape_json(&t, hostile, sizeof hostile - 1);
    assert_string_equal(t.data, "a\\u001b[31m\\u003cb\\u003e\\u0026\\\"'\xef\xbf\xbd\xe2\x80\xae");
    orl_text_clear(&t);
    orl_text_escape_html(&t, hostile, sizeof hostile - 1);
    assert_string_equal(t.data, "a[31m&lt;b&gt;&amp;&quot;&#39;\xef\xbf\xbd\xe2\x80\xae");
    orl_text_uninit(&t);
}

static void suggestions(void **state)
{
    (void)state;
    static const char *const names[] = {"adam", "adamw", "adagrad", "sgd", "momentum", NULL};
    assert_string_equal(orl_suggest("adma", names), "adam");
    assert_string_equal(orl_suggest("Momentun", names), "momentum");
    assert_string_equal(orl_suggest("sdg", names), "sgd");
    assert_null(orl_suggest("levenberg", names));
    assert_null(orl_suggest("", names));
    char *hint = orl_suggest_hint("xyzzy", names);
    assert_string_equal(hint, "one of: adam, adamw, adagrad, sgd, momentum");
    free(hint);
}

static void globs(void **state)
{
    (void)state;
    assert_true(orl_glob_match("quadratic/*", "quadratic/sgd"));
    assert_true(orl_glob_match("*", ""));
    assert_true(orl_glob_match("*-[a-c]?z", "x-b1z"));
    assert_true(orl_glob_match("[!a]b", "cb"));
    assert_false(orl_glob_match("[!a]b", "ab"));
    assert_false(orl_glob_match("a*b", "abc"));
    assert_true(orl_glob_match("[x", "[x"));
    assert_false(
        orl_glob_match("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_parse_exactly),
        cmocka_unit_test(numbers_print_short_and_exact),
        cmocka_unit_test(digits_round_like_printf),
        cmocka_unit_test(digits_are_the_librarys),
        cmocka_unit_test(the_locale_does_not_matter),
        cmocka_unit_test(integers),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(messages_are_cut_between_characters),
        cmocka_unit_test(escapes),
        cmocka_unit_test(suggestions),
        cmocka_unit_test(globs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
