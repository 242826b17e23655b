/* Tables that are refused, and what the message says to write. */
#include "orl_test.h"

#include <unistd.h>

#include "base/array.h"
#include "optreel/model.h"

static char path[] = "/tmp/optreel-hints-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

static const struct refused {
    const char *what, *text, *place, *words, *hint; /* hint NULL: none */
} tables[] = {
    {.what = "groups of two",
     .text = "x;y\n1;1,23,456\n",
     .place = "2:3",
     .words = "'1,23,456' is not a number",
     .hint = "no thousands"},
    {.what = "blanks between thousands, and a comma",
     .text = "x;y\n1;1\xe2\x80\xaf\x30\x30\x30,5\n",
     .place = "2:3",
     .words = "is not a number",
     .hint = "numbers have no thousands separators"},
    {.what = "a month by its name",
     .text = "x,y\n1-Jan-24,2\n",
     .place = "2:1",
     .words = "'1-Jan-24'",
     .hint = "a date or time"},
    {.what = "a time zone",
     .text = "x,y\n2024-01-01T12:00:00+01:00,2\n",
     .place = "2:1",
     .words = "is not a number",
     .hint = "a date or time"},
    {.what = "half a day",
     .text = "x,y\n1:05 PM,2\n",
     .place = "2:1",
     .words = "PM",
     .hint = "a date or time"},
    {.what = "a truth",
     .text = "x,y\n1,TRUE\n",
     .place = "2:3",
     .words = "TRUE",
     .hint = "true is written 1"},
    {.what = "digits of Arabic",
     .text = "x,y\n1,\xd9\xa3\n",
     .place = "2:3",
     .words = "is not",
     .hint = "0 to 9"},
    {.what = "the header twice",
     .text = "x,y\n1,2\n\nx,y\n1,3\n",
     .place = "4:1",
     .words = "header is there again",
     .hint = "a file of its own"},
    {.what = "a header with its unit",
     .text = "x [s],y\n1,2\n",
     .place = "1:1",
     .words = "there is no column 'x'",
     .hint = "`columns: {x: \"x [s]\"}`"},
    {.what = "a title that begins with the name",
     .text = "x-rays of 2024\nx,y\n1,2\n",
     .place = "1:1",
     .words = "there is no column 'x'",
     .hint = "`skip: 1`"},
    {.what = "blanks alone", .text = "  \n\t\n", .place = "3:1", .words = "the file is empty"},
    {.what = "infinity",
     .text = "x,y\n1,inf\n",
     .place = "2:3",
     .words = "not a finite",
     .hint = "finite numbers"},
    {.what = "too large",
     .text = "x,y\n1,1e400\n",
     .place = "2:3",
     .words = "too large",
     .hint = "1.8e308"},
};

static struct orl_dataset *read_table(const char *text, struct orl_messages *messages)
{
    static const struct orl_csv_column columns[] = {{.name = "x", .header = "x"},
                                                    {.name = "y", .header = "y"}};
    static const char *const predictors[] = {"x"};
    struct orl_formula *response = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *data = NULL;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    assert_int_equal(orl_formula_parse("y", 1, &orl_limits_default, &response, &refused), ORL_OK);
    struct orl_table_spec spec = {.path = path};
    spec.shown_path = "d.csv";
    spec.columns = columns;
    spec.column_count = 2;
    spec.predictors = predictors;
    spec.predictor_count = 1;
    spec.response = response;
    (void)orl_dataset_read(&spec, &orl_limits_default, messages, NULL, &data);
    orl_formula_destroy(&response);
    return data;
}

static void told_what_to_write(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(tables); i++) {
        const struct refused *t = &tables[i];
        struct orl_messages messages = {0};
        char where[64];
        assert_null(read_table(t->text, &messages));
        assert_int_equal(messages.count, 1);
        const struct orl_message *m = &messages.items[0];
        snprintf(where, sizeof where, "%u:%u", m->line, m->column);
        if (strcmp(where, t->place) != 0 || !strstr(m->text, t->words) ||
            (t->hint ? !m->hint || !strstr(m->hint, t->hint) : m->hint != NULL))
            fail_msg("%s: %s: %s (%s)", t->what, where, m->text, m->hint ? m->hint : "no hint");
        orl_messages_uninit(&messages);
    }
}

/* Identifiers beyond 2^53 are told once; what is exact is not. */
static void too_many_digits(void **state)
{
    struct orl_messages messages = {0};
    struct orl_dataset *d =
        read_table("x,y\n9007199254740992,1\n9007199254740993,2\n9007199254740995,3\n", &messages);
    (void)state;
    assert_non_null(d);
    assert_int_equal(messages.count, 1);
    assert_int_equal(messages.items[0].line, 3);
    assert_string_equal(
        messages.items[0].text,
        "'9007199254740993' has more digits than a number keeps: it counts as 9007199254740992");
    orl_dataset_destroy(&d);
    orl_messages_uninit(&messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_what_to_write),
        cmocka_unit_test(too_many_digits),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
