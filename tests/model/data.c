/* Data: generated, and read from CSV files good and bad. */
#include "orl_test.h"

#include <unistd.h>

#include "base/hash.h"
#include "optreel/model.h"

static char path[] = "/tmp/optreel-data-XXXXXX";
static uint8_t digest[32]; /* of the file that was read last */

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* Read columns x and y; `place` and `words` are of the first message ("" where there is none). */
static struct orl_dataset *read_text(const char *text, size_t length, const char *place,
                                     const char *words)
{
    FILE *out = fopen(path, "wb");
    const struct orl_csv_column columns[] = {{.name = "x", .header = "x"},
                                             {.name = "y", .header = "y"}};
    const char *const predictors[] = {"x"};
    struct orl_formula *response = NULL;
    struct orl_formula_error refused;
    struct orl_messages messages = {0};
    struct orl_dataset *data = NULL;
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    fclose(out);
    assert_int_equal(orl_formula_parse("y", 1, &orl_limits_default, &response, &refused), ORL_OK);
    const struct orl_table_spec spec = {.path = path,
                                        .shown_path = "d.csv",
                                        .columns = columns,
                                        .column_count = 2,
                                        .predictors = predictors,
                                        .predictor_count = 1,
                                        .response = response};
    int ret = orl_dataset_read(&spec, &orl_limits_default, &messages, digest, &data);
    assert_int_equal(ret == ORL_OK, data != NULL);
    assert_int_equal(messages.errors, ret == ORL_OK ? 0 : 1);
    if (words) {
        char where[64];
        assert_int_equal(messages.count, 1);
        snprintf(where, sizeof where, "%u:%u", messages.items[0].line, messages.items[0].column);
        if (strcmp(where, place) != 0 || !strstr(messages.items[0].text, words))
            fail_msg("%s: %s", where, messages.items[0].text);
    } else {
        assert_int_equal(messages.count, 0);
    }
    orl_messages_uninit(&messages);
    orl_formula_destroy(&response);
    return data;
}

static void good_files(void **state)
{
    static const char *const texts[] = {
        "x,y\n0,1\n1,2\n2,4",
        "x,y\r\n0,1\r\n1,2\r\n2,4\r\n",
        "\xef\xbb\xbfx,y\n0,1\n1,2\n2,4\n",
        "x\ty\n0\t1\n1\t2\n2\t4\n",
        "y,z,x\n1,a,0\n2,b,1\n4,,2\n",
        "\n# by the lab\nx , y\n 0 , 1\n\n1,+2\n2,4.0\n",
        "x;y\n0;1\n1;2\n2;4\n",
        "x,\"a \"\"b\"\"\ny\",y\n0,q,1\n1,\"r\ns\",2\n2,t,4e0\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct orl_dataset *d = read_text(texts[i], strlen(texts[i]), NULL, NULL);
        assert_non_null(d);
        assert_int_equal(d->rows, 3);
        assert_int_equal((uintptr_t)d->values[0] % 64, 0);
        for (size_t k = 0; k < 3; k++) {
            assert_true(d->values[0][k] == (double)k);
            assert_true(d->response[k] == (double)(1 << k));
        }
        assert_string_equal(d->response_name, "y");
        orl_dataset_destroy(&d);
    }
}

static void bad_files(void **state)
{
    static const struct {
        const char *text, *place, *words;
    } cases[] = {
        {"", "1:1", "empty"},
        {"\n\n", "3:1", "empty"},
        {"x,y\n", "2:1", "no data"},
        {"x,y\n0,0\n1,1\n2,4,9\n", "4:5", "3 fields"},
        {"x,y\n0,0\n1\n", "3:1", "1 field where"},
        {"x,y\n0,0\n1,1\"2\n", "3:4", "quote"},
        {"x,y\n0,\"1\n", "2:3", "quote does not end"},
        {"x,y\n0,\"1\"2\n", "2:6", "closing quote"},
        {"x,y\n0,abc\n", "2:3", "'abc' is not a number"},
        {"x,y\n0,0\n1,\n", "3:3", "empty cell"},
        {"x,y\n0,inf\n", "2:3", "not a finite number"},
        {"x,y\n0,1e999\n", "2:3", "too large"},
        {"x,z\n0,0\n", "1:1", "no column 'y'"},
        {"x,y,y\n0,0,1\n", "1:5", "twice"},
        {"\x1f\x8b\x08", "1:1", "gzip"},
        {"BZh91AY", "1:1", "bzip2"},
        {"x,y\n1\r2,3\n", "2:1", "1 field where"},
        {"x,y\n\xc3\xa4,3\n", "2:1", "not a number"},
        {"x,y,z\n0,1,caf\xe9\n", "2:8", "not UTF-8"},
        {"x,y,z\n0,1,\"a\n\xff\"\n", "3:1", "not UTF-8"},
        {"0,1\n1,2\n", "1:1", "header is missing"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_null(
            read_text(cases[i].text, strlen(cases[i].text), cases[i].place, cases[i].words));
    assert_null(read_text("x,y\n1\0002,3\n", 10, "2:2", "NUL"));
    assert_null(read_text("x,y\n\"1\0\",3\n", 11, "2:3", "NUL"));
}

static void warned_files(void **state)
{
    static const struct {
        const char *text, *place, *words;
    } cases[] = {
        {"x,y\n3,0\n3,1\n", "4:1", "all values of 'x' are equal"},
        {"x,y\n0,4.9e-324\n1,1e-310\n", "4:1", "span"},
        {"x,y,a\xe2\x80\xae\n0,0,1\n1,1,1\n", "1:5", "cannot be seen"},
        {"x,y,\x1b[31m\n0,0,1\n1,1,1\n", "1:5", "cannot be seen"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_dataset *d =
            read_text(cases[i].text, strlen(cases[i].text), cases[i].place, cases[i].words);
        assert_non_null(d);
        orl_dataset_destroy(&d);
    }
}

static void generated(void **state)
{
    static const char *const names[] = {"a", "b"};
    static const double truth[] = {1, 2};
    struct orl_column_spec column = {.name = "x", .from = 0, .to = 1, .count = 100};
    struct orl_noise_spec none = {0}, some = {.sd = 0.5};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *d = NULL, *noisy = NULL, *again = NULL;
    (void)state;
    assert_int_equal(orl_formula_parse("a+b*x", 5, &orl_limits_default, &f, &refused), ORL_OK);
    assert_int_equal(orl_dataset_generate(f, names, truth, 2, &column, 1, &none, 7, &d, NULL),
                     ORL_OK);
    assert_int_equal(d->rows, 100);
    assert_true(d->values[0][0] == 0.0 && d->values[0][99] == 1.0);
    assert_true(d->values[0][3] == 3 * (1.0 / 99));
    assert_true(d->response[99] == 3.0);
    column.count = 20000;
    assert_int_equal(orl_dataset_generate(f, names, truth, 2, &column, 1, &some, 7, &noisy, NULL),
                     ORL_OK);
    assert_int_equal(orl_dataset_generate(f, names, truth, 2, &column, 1, &some, 7, &again, NULL),
                     ORL_OK);
    assert_memory_equal(noisy->response, again->response, 20000 * sizeof(double));
    double mean = 0, square = 0;
    for (size_t i = 0; i < noisy->rows; i++) {
        double e = noisy->response[i] - 1 - 2 * noisy->values[0][i];
        mean += e / 20000;
        square += e * e / 20000;
    }
    assert_true(fabs(mean) < 5 * 0.5 / sqrt(20000) && fabs(sqrt(square) - 0.5) < 0.02);
    orl_dataset_destroy(&d);
    orl_dataset_destroy(&noisy);
    orl_dataset_destroy(&again);
    orl_formula_destroy(&f);
}

/* Excel's "Unicode text": UTF-16 with tabs, over many reads of the file, in either byte order. The
 * digest is that of the file as it is. */
static void wide_text(void **state)
{
    enum { ROWS = 30000, ROOM = 1 << 20 };
    char *plain = malloc(ROOM), *bytes = malloc(2 * ROOM);
    (void)state;
    assert_true(plain && bytes);
    for (int big = 0; big < 2; big++) {
        int length = snprintf(plain, ROOM, "x\ty\r\n");
        for (int i = 0; i < ROWS; i++)
            length += snprintf(plain + length, (size_t)(ROOM - length), "%d\t%d,5\r\n", i, i);
        memcpy(bytes, big ? "\xfe\xff" : "\xff\xfe", 2);
        for (int i = 0; i < length; i++) {
            bytes[2 + 2 * i + !big] = 0;
            bytes[2 + 2 * i + big] = plain[i];
        }
        size_t size = 2 + 2 * (size_t)length;
        struct orl_dataset *d = read_text(bytes, size, "", NULL);
        struct orl_sha256 hash;
        uint8_t own[32];
        assert_int_equal(d->rows, ROWS);
        assert_true(d->values[0][ROWS - 1] == ROWS - 1 && d->response[ROWS - 1] == ROWS - 0.5);
        orl_sha256_init(&hash);
        orl_sha256_update(&hash, bytes, size);
        orl_sha256_final(&hash, own);
        assert_memory_equal(own, digest, sizeof own);
        orl_dataset_destroy(&d);
        bytes[2 + 2 * 5 + big] = 'o'; /* the first number */
        assert_null(read_text(bytes, size, "2:1", "'o' is not a number"));
    }
    free(plain);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_files), cmocka_unit_test(bad_files), cmocka_unit_test(warned_files),
        cmocka_unit_test(generated),  cmocka_unit_test(wide_text),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
