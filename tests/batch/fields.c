#include "batch/fields.h"

#include <unistd.h>

#include "orl_test.h"

static void any_bytes_survive(void **state)
{
    (void)state;
    static const char bytes[] = "tab\tnewline\nnul\0back\\slash\\N";
    struct orl_text line = {0};
    struct orl_fields fields;
    size_t length;
    orl_fields_put_string(
        &line,
        "first"); /* a line never begins with an empty field: that would look like no field */
    orl_fields_put(&line, bytes, sizeof bytes - 1);
    orl_fields_put_string(&line, NULL);
    orl_fields_put_string(&line, "");
    orl_fields_put_string(&line, "\\N");
    orl_fields_put_integer(&line, INT64_C(-9007199254740993));
    assert_null(memchr(line.data, '\n', line.length));
    assert_int_equal(orl_fields_split(line.data, line.length, &fields), ORL_OK);
    assert_int_equal(fields.count, 6);
    assert_string_equal(orl_fields_get(&fields, NULL), "first");
    assert_memory_equal(orl_fields_get(&fields, &length), bytes, sizeof bytes - 1);
    assert_int_equal(length, sizeof bytes - 1);
    assert_null(orl_fields_get_string(&fields));
    assert_string_equal(orl_fields_get_string(&fields), "");
    assert_string_equal(orl_fields_get_string(&fields), "\\N");
    assert_true(orl_fields_get_integer(&fields) == INT64_C(-9007199254740993));
    assert_false(fields.failed);
    orl_fields_get_integer(&fields);
    assert_true(fields.failed);
    orl_fields_uninit(&fields);
    orl_text_uninit(&line);
}

static void numbers_come_back_bit_by_bit(void **state)
{
    (void)state;
    static const double values[] = {0.1, -0.0, 5e-324, 1.7976931348623157e308, INFINITY, -INFINITY};
    struct orl_text line = {0};
    struct orl_fields fields;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        orl_fields_put_number(&line, values[i]);
    orl_fields_put_number(&line, NAN);
    assert_int_equal(orl_fields_split(line.data, line.length, &fields), ORL_OK);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double back = orl_fields_get_number(&fields);
        assert_memory_equal(&back, &values[i], sizeof back);
    }
    assert_true(isnan(orl_fields_get_number(&fields)));
    assert_false(fields.failed);
    orl_fields_uninit(&fields);
    orl_text_uninit(&line);
}

static void over_a_pipe(void **state)
{
    (void)state;
    int ends[2];
    struct orl_text line = {0};
    struct orl_fields fields;
    assert_int_equal(pipe(ends), 0);
    orl_fields_put_string(&line, "unit");
    orl_fields_put_integer(&line, 7);
    assert_int_equal(orl_fields_send(ends[1], &line), ORL_OK);
    assert_int_equal(orl_fields_receive(ends[0], &fields), ORL_OK);
    assert_string_equal(orl_fields_get(&fields, NULL), "unit");
    assert_int_equal(orl_fields_get_integer(&fields), 7);
    orl_fields_uninit(&fields);
    assert_int_equal(write(ends[1], "\x40\0\0\0cut", 7), 7); /* says 64 bytes, then ends */
    close(ends[1]);
    assert_int_equal(orl_fields_receive(ends[0], &fields), ORL_FAIL);
    close(ends[0]);
    orl_text_uninit(&line);
}

static void broken_escapes_are_refused(void **state)
{
    (void)state;
    struct orl_fields fields;
    assert_int_equal(orl_fields_split("a\\", 2, &fields), ORL_FAIL);
    assert_int_equal(orl_fields_split("a\\x", 3, &fields), ORL_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_survive),
        cmocka_unit_test(numbers_come_back_bit_by_bit),
        cmocka_unit_test(over_a_pipe),
        cmocka_unit_test(broken_escapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
