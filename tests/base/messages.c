#include "optreel/base.h"
#include "orl_test.h"

static char *printed(const struct orl_messages *messages)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    orl_messages_print(messages, f);
    fclose(f);
    return text;
}

static void position_caret_and_hint(void **state)
{
    (void)state;
    struct orl_messages m = {0};
    static const char line[] = "α: {kind: adma}";
    struct orl_place place = {"e.yaml", 3, 11, line, sizeof line - 1};
    assert_int_equal(orl_messages_add(&m, ORL_SEVERITY_ERROR, &place, "did you mean 'adam'?",
                                      "unknown optimizer '%s'", "adma"),
                     ORL_EINPUT);
    char *text = printed(&m);
    assert_string_equal(text, "e.yaml:3:11: error: unknown optimizer 'adma'\n"
                              "    α: {kind: adma}\n"
                              "              ^\n"
                              "    hint: did you mean 'adam'?\n");
    free(text);
    orl_messages_uninit(&m);
}

static void twenty_then_more(void **state)
{
    (void)state;
    struct orl_messages m = {0};
    for (int i = 0; i < 5000; i++)
        orl_messages_add(&m, ORL_SEVERITY_ERROR, NULL, NULL, "number %d", i);
    char *text = printed(&m);
    assert_non_null(strstr(text, "number 19\n"));
    assert_null(strstr(text, "number 20\n"));
    assert_non_null(strstr(text, "and 4980 more errors\n"));
    free(text);
    orl_messages_uninit(&m);
}

static void control_bytes_are_shown(void **state)
{
    (void)state;
    struct orl_messages m = {0};
    static const char line[] = "\x1b[2J\tx";
    struct orl_place place = {"a\nb", 1, 6, line, sizeof line - 1};
    orl_messages_add(&m, ORL_SEVERITY_WARNING, &place, NULL, "bad \x1b");
    char *text = printed(&m);
    assert_string_equal(text, "a\\x0ab:1:6: warning: bad \\x1b\n    \\x1b[2J x\n            ^\n");
    free(text);
    orl_messages_uninit(&m);
}

/* A line of a megabyte is shown around the place only. */
static void long_lines_are_cut(void **state)
{
    (void)state;
    struct orl_messages m = {0};
    char *line = malloc(1000000);
    memset(line, 'x', 1000000);
    struct orl_place place = {"f", 1, 2000, line, 1000000};
    orl_messages_add(&m, ORL_SEVERITY_ERROR, &place, NULL, "long");
    char *text = printed(&m);
    assert_true(strlen(text) < 700);
    assert_non_null(strstr(text, "^\n"));
    free(text);
    free(line);
    orl_messages_uninit(&m);
}

static void first_failure_wins_and_exit_codes(void **state)
{
    (void)state;
    struct orl_error err = {0};
    assert_int_equal(orl_fail(&err, ORL_EIO, "first %d", 1), ORL_EIO);
    assert_int_equal(orl_fail(&err, ORL_EENV, "second"), ORL_EENV);
    assert_string_equal(err.text, "first 1");
    assert_int_equal(orl_fail(NULL, ORL_EIO, "nobody listens"), ORL_EIO);
    static const int codes[][2] = {{ORL_OK, 0},     {ORL_FAIL, 1},  {ORL_EUSAGE, 2},
                                   {ORL_EINPUT, 3}, {ORL_EENV, 4},  {ORL_ENOMEM, 4},
                                   {ORL_EIO, 5},    {ORL_EBUSY, 6}, {ORL_EBUG, 70}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_int_equal(orl_exit_code(codes[i][0]), codes[i][1]);
}

static void long_ones_stay_whole(void **state)
{
    (void)state;
    struct orl_messages m = {0};
    struct orl_error err = {0};
    char name[1201] = "";
    for (size_t i = 0; i < 600; i++)
        memcpy(name + 2 * i, "α", 2);
    orl_messages_add(&m, ORL_SEVERITY_ERROR, NULL, NULL, "'%s' is no number", name);
    assert_int_equal(strlen(m.items[0].text), 1200 + strlen("'' is no number"));
    orl_messages_add(&m, ORL_SEVERITY_ERROR, NULL, NULL, "'\xce' and \xff");
    assert_string_equal(m.items[1].text, "'\xef\xbf\xbd' and \xef\xbf\xbd");
    /* A failure has one sentence of limited length: it ends after a whole letter, and says so. */
    orl_fail(&err, ORL_FAIL, "x%s", name);
    assert_int_equal(strlen(err.text), sizeof err.text - 2); /* 1 + 2n + 3 bytes, at most 767 */
    assert_string_equal(err.text + strlen(err.text) - 5, "α…");
    orl_messages_uninit(&m);
}

static void the_first_error_is_the_failure(void **state)
{
    (void)state;
    struct orl_messages m = {0};
    struct orl_error err = {0}, none = {0};
    struct orl_place place = {.file = "t.csv", .line = 3, .column = 7};
    assert_int_equal(orl_messages_fail(&m, ORL_EIO, &none), ORL_EIO);
    assert_string_equal(none.text, "input refused");
    orl_messages_add(&m, ORL_SEVERITY_WARNING, &place, NULL, "odd");
    orl_messages_add(&m, ORL_SEVERITY_ERROR, &place, "a point?", "'x' is not a number");
    orl_messages_add(&m, ORL_SEVERITY_ERROR, NULL, NULL, "the second");
    assert_int_equal(orl_messages_fail(&m, ORL_EINPUT, &err), ORL_EINPUT);
    assert_string_equal(err.text, "t.csv:3:7: 'x' is not a number; a point?");
    orl_messages_uninit(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(position_caret_and_hint),
        cmocka_unit_test(twenty_then_more),
        cmocka_unit_test(long_ones_stay_whole),
        cmocka_unit_test(the_first_error_is_the_failure),
        cmocka_unit_test(control_bytes_are_shown),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(first_failure_wins_and_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
