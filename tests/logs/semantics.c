/* Names of columns, checksums, tokens of JSON: what the readers stand on. */
#include "base/hash.h"
#include "logs/cells.h"
#include "logs/json.h"
#include "logs/protobuf.h"
#include "logs/record.h"
#include "optreel/trace.h"
#include "orl_test.h"

/* RFC 3720, B.4, and the check value of the catalogue of CRCs. */
static void test_crc32c(void **state)
{
    uint8_t bytes[32] = {0};
    (void)state;
    assert_int_equal(orl_crc32c(0, "123456789", 9), 0xe3069283u);
    assert_int_equal(orl_crc32c(0, bytes, 32), 0x8a9136aau);
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(orl_crc32c(0, bytes, 32), 0x46dd794eu);
    assert_int_equal(orl_crc32c(orl_crc32c(0, bytes, 10), bytes + 10, 22), 0x46dd794eu);
}

static void test_losses(void **state)
{
    static const struct {
        const char *name;
        int rank;
    } cases[] = {
        {"loss", 0},
        {"LOSS", 0},
        {"train_loss", 1},
        {"train/loss", 1},
        {"total_loss", 1},
        {"opt.loss", 1},
        {"Loss/train", 2},
        {"train_loss_epoch", 2},
        {"epoch_loss", 2},
        {"trainLoss", 1},
        {"box_loss", 3},
        {"Generator loss", 3},
        {"lossy", 3},
        {"learn/RMSE", 4},
        {"mse", 4},
        {"accuracy", 5},
        {"val_loss", 5},
        {"Loss/test", 5},
        {"eval_g0_loss", 5},
        {"", 5},
        {"floss/acc", 3},
        {"glo/ss", 5},
        {"validation_loss", 5},
        {"traindev_loss", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (orl_series_loss_rank(cases[i].name) != cases[i].rank)
            fail_msg("%s: %d", cases[i].name, orl_series_loss_rank(cases[i].name));
}

static void test_words(void **state)
{
    (void)state;
    assert_true(orl_series_is_rate("lr-Adam") && orl_series_is_rate("learning_rate") &&
                orl_series_is_rate("train/LearningRate") && orl_series_is_rate("opt.lr"));
    assert_false(orl_series_is_rate("slr") || orl_series_is_rate("rate") ||
                 orl_series_is_rate("learning"));
    assert_true(orl_series_is_validation("valLoss") && orl_series_is_validation("test/acc") &&
                orl_series_is_validation("eval_g0_loss"));
    assert_false(orl_series_is_validation("value_loss") || orl_series_is_validation("latest"));
}

static void test_numbers(void **state)
{
    double value = 0.0;
    (void)state;
    assert_true(orl_log_number("NaN", 3, &value) && isnan(value));
    assert_true(orl_log_number("-Infinity", 9, &value) && value < 0.0 && isinf(value));
    assert_true(orl_log_number("1e-3", 4, &value));
    CHECK_NEAR(value, 1e-3, 0.0);
    assert_false(orl_log_number("12:30", 5, &value) || orl_log_number("", 0, &value) ||
                 orl_log_number("nano", 4, &value));
    const struct log_cell comma = {"1,5", 3}, percent = {"61.6%", 5};
    assert_true(orl_log_cell_number(&comma, true, &value));
    CHECK_NEAR(value, 1.5, 0.0);
    assert_false(orl_log_cell_number(&comma, false, &value));
    assert_true(orl_log_cell_number(&percent, false, &value));
    CHECK_NEAR(value, 61.6, 0.0);
}

static void test_cells(void **state)
{
    static const char line[] = " a ,\"b, \"\"c\"\"\",, d e ";
    struct log_cells cells = {0};
    struct orl_error err = {0};
    (void)state;
    assert_int_equal(orl_log_cells_split(line, sizeof line - 1, ',', &cells, &err), ORL_OK);
    assert_int_equal(cells.count, 4);
    assert_string_equal(cells.items[0].text, "a");
    assert_string_equal(cells.items[1].text, "b, \"c\"");
    assert_string_equal(cells.items[2].text, "");
    assert_string_equal(cells.items[3].text, "d e");
    assert_int_equal(orl_log_cells_split("  1   2\t3 ", 10, ' ', &cells, &err), ORL_OK);
    assert_int_equal(cells.count, 3);
    assert_string_equal(cells.items[2].text, "3");
    orl_log_cells_uninit(&cells);
    assert_int_equal(orl_log_separator("a,b\tc", 5), '\t');
    assert_int_equal(orl_log_separator("\"a;b\",c;d", 9), ',');
    assert_int_equal(orl_log_separator("a b", 3), ' ');
}

static void test_json_tokens(void **state)
{
    static const char text[] = "{\"a\\u00e9\\ud83d\\ude00\":[1,-2.5e1,null,NaN,true],"
                               "\"b\":{}} []";
    static const int tokens[] = {JSON_OBJECT,     JSON_KEY,    JSON_ARRAY,     JSON_NUMBER,
                                 JSON_NUMBER,     JSON_NUMBER, JSON_NUMBER,    JSON_TRUE,
                                 JSON_ARRAY_END,  JSON_KEY,    JSON_OBJECT,    JSON_OBJECT_END,
                                 JSON_OBJECT_END, JSON_ARRAY,  JSON_ARRAY_END, JSON_END};
    struct json_reader json;
    struct orl_error err = {0};
    (void)state;
    orl_json_read_text(&json, text, sizeof text - 1);
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        assert_int_equal(orl_json_next(&json, &err), tokens[i]);
        if (i == 1)
            assert_string_equal(json.text.data, "a\xc3\xa9\xf0\x9f\x98\x80");
        if (i == 4)
            CHECK_NEAR(json.number, -25.0, 0.0);
        if (i == 5 || i == 6)
            assert_true(isnan(json.number) && json.null == (i == 5));
    }
    orl_json_read_close(&json);
}

static void test_json_breaks(void **state)
{
    static const char *const texts[] = {
        "{\"a\" 1}", "{1:2}", "[1 2]", "[1,]", "]",        "{\"a\":}", "{\"a\":1,}", "\"\\x\"",
        "[1}",       "tru",   "\"abc", "[",    "{\"a\":1", "0x1",      "\"\\ud800\""};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct json_reader json;
        struct orl_error err = {0};
        int token;
        orl_json_read_text(&json, texts[i], strlen(texts[i]));
        do
            token = orl_json_next(&json, &err);
        while (token != JSON_END && token != JSON_BROKEN);
        if (token != JSON_BROKEN)
            fail_msg("%s is taken for JSON", texts[i]);
        orl_json_read_close(&json);
    }
}

static void test_protobuf(void **state)
{
    static const unsigned char bytes[] = {0x08, 0x96, 0x01, 0x12, 0x02, 'h',  'i',
                                          0x1d, 0,    0,    0x80, 0x3f, 0x21, 0,
                                          0,    0,    0,    0,    0,    0xf8, 0x3f};
    struct pb_message message = orl_pb_message(bytes, sizeof bytes);
    struct pb_field field;
    (void)state;
    assert_true(orl_pb_next(&message, &field) && field.number == 1 && field.value == 150);
    assert_true(orl_pb_next(&message, &field) && field.number == 2 && field.kind == PB_BYTES);
    assert_memory_equal(field.bytes.at, "hi", 2);
    assert_true(orl_pb_next(&message, &field) && field.number == 3);
    CHECK_NEAR(orl_pb_double(&field), 1.0, 0.0);
    assert_true(orl_pb_next(&message, &field) && field.number == 4);
    CHECK_NEAR(orl_pb_double(&field), 1.5, 0.0);
    assert_false(orl_pb_next(&message, &field));
    assert_false(message.broken);
    for (size_t cut = 1; cut < sizeof bytes; cut++) { /* never beyond the end */
        message = orl_pb_message(bytes, cut);
        while (orl_pb_next(&message, &field))
            assert_true(message.at <= message.end);
        assert_true(message.broken == (cut != 3 && cut != 7 && cut != 12));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc32c),      cmocka_unit_test(test_losses),
        cmocka_unit_test(test_words),       cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_cells),       cmocka_unit_test(test_json_tokens),
        cmocka_unit_test(test_json_breaks), cmocka_unit_test(test_protobuf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
