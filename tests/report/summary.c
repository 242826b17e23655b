/* summary.json: the names of the design, strict JSON whatever the texts, and nothing that changes
 * from run to run without times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "report/sample.h"
#include "report/strict_json.h"

/* The reader itself must refuse what is no JSON. */
static void test_reader_is_strict(void **state)
{
    static const char *const bad[] = {"",
                                      "{",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "01",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "nan",
                                      "Infinity",
                                      "\"\t\"",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "[1] 2",
                                      "'a'",
                                      "-",
                                      "1e",
                                      "{\"a\" 1}",
                                      "[1 2]",
                                      "\"\xff\"",
                                      "tru",
                                      "{\"a\":1,\"a\":2}"};
    static const char *const good[] = {"0", "-0.5e+10", " [ ] ",
                                       "{\"a\":[true,false,null,\"\\u00e9\\n\"]}", "\"α\""};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(json_is_strict(bad[i]));
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(json_is_strict(good[i]));
}

static void expect(const char *json, const char *path, const char *value)
{
    if (!json_has(json, path, value))
        fail_msg("%s is not %s", path, value ? value : "absent");
}

static void test_names_and_values(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    char *json = orl_report_summary(&s.report);
    assert_non_null(json);
    assert_true(json_is_strict(json));
    expect(json, "schema", "1");
    expect(json, "experiment", "\"assignment\"");
    expect(json, "versions/optreel", "\"0.1.0\"");
    expect(json, "runs/0/name", "\"quadratic/sgd\"");
    expect(json, "runs/0/problem", "\"quadratic\"");
    expect(json, "runs/0/optimizer", "\"sgd\"");
    expect(json, "runs/0/kind", "\"sgd\"");
    expect(json, "runs/0/hyperparameters/learning_rate", "0.01");
    expect(json, "runs/0/hyperparameters/epsilon_inside", "false");
    expect(json, "runs/4/hyperparameters/epsilon_inside", "true");
    expect(json, "runs/0/hyperparameters/form", "\"interim\"");
    expect(json, "runs/0/status", "\"finished\"");
    expect(json, "runs/0/steps", "5000");
    expect(json, "runs/0/loss", "0.018936");
    expect(json, "runs/1/parameters/gamma", "9.426");
    expect(json, "runs/0/gradient_norm", "0.000812");
    expect(json, "runs/6/truth/alpha", "3");
    expect(json, "runs/4/steps_to/1e-2", "2104");
    expect(json, "runs/4/steps_to/1e-3", "2688");
    expect(json, "runs/4/steps_to/1e-6", "4120");
    expect(json, "runs/0/steps_to/1e-2", "null");
    expect(json, "runs/0/trace", "\"traces/quadratic-sgd.csv\"");
    expect(json, "runs/0/log", "\"logs/quadratic-sgd.log\"");
    expect(json, "runs/0/failure", NULL);
    expect(json, "runs/12", NULL);
    expect(json, "films/0/name", "\"quadratic-sgd\"");
    expect(json, "films/0/runs/0", "\"quadratic/sgd\"");
    expect(json, "films/36/runs/5", "\"quadratic/adam\"");
    expect(json, "films/1/format", "\"gif\"");
    expect(json, "films/2/path", "\"quadratic-sgd.png\"");
    expect(json, "films/0/bytes", "312345");
    expect(json, "films/0/width", "1280");
    expect(json, "films/0/height", "720");
    expect(json, "films/1/fps", "20");
    expect(json, "films/0/frames", "300");
    expect(json, "films/0/seconds", "10");
    expect(json, "films/42", NULL);
    expect(json, "warnings", "[]");
    free(json);
}

/* Every digit comes back, whatever number it was. */
static void test_numbers_read_back(void **state)
{
    static const double numbers[] = {0.1,  1.0 / 3, 1e-310, 1.7976931348623157e308,
                                     -0.0, 8e6,     5e-324};
    struct sample s;
    (void)state;
    sample_fill(&s);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        s.runs[0].loss = numbers[i];
        char *json = orl_report_summary(&s.report);
        struct reader r = {.at = json, .end = json + strlen(json)};
        assert_true(read_value(&r, "runs/0/loss"));
        double back = strtod(r.found, NULL);
        assert_memory_equal(&back, &numbers[i], sizeof back);
        free(json);
    }
}

static void test_times(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    char *with = orl_report_summary(&s.report);
    expect(with, "seconds", "41.7");
    expect(with, "runs/3/seconds", "0.0123");
    expect(with, "films/1/cached", "true");
    expect(with, "films/0/cached", "false");
    s.report.times = false;
    char *without = orl_report_summary(&s.report);
    assert_true(json_is_strict(without));
    expect(without, "seconds", NULL);
    expect(without, "runs/3/seconds", NULL);
    expect(without, "films/1/cached", NULL);
    expect(without, "films/1/seconds", "10");
    s.report.seconds = 3;
    s.runs[3].seconds = 4;
    s.films[0].cached = true;
    char *again = orl_report_summary(&s.report);
    assert_string_equal(without, again);
    free(with);
    free(without);
    free(again);
}

static void test_failures_and_gaps(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.runs[0].status = ORL_STATUS_FAILED;
    s.runs[0].failure = "out of memory";
    s.runs[0].loss = INFINITY;
    s.runs[0].gradient_norm = NAN;
    s.runs[0].values = NULL;
    s.runs[0].truth = NULL;
    s.runs[0].trace = NULL;
    s.runs[1].status = ORL_STATUS_DIVERGED;
    s.films[0].failure = "disk full";
    s.films[0].sha256 = NULL;
    s.films[0].fps_den = 0;
    char *json = orl_report_summary(&s.report);
    assert_true(json_is_strict(json));
    expect(json, "runs/0/status", "\"failed\"");
    expect(json, "runs/0/failure", "\"out of memory\"");
    expect(json, "runs/0/loss", "null");
    expect(json, "runs/0/gradient_norm", "null");
    expect(json, "runs/0/parameters", "{}");
    expect(json, "runs/0/truth", "null");
    expect(json, "runs/0/trace", "null");
    expect(json, "runs/1/status", "\"diverged\"");
    expect(json, "films/0/failure", "\"disk full\"");
    expect(json, "films/0/sha256", "null");
    expect(json, "films/0/fps", "null");
    free(json);
}

static void test_settings_that_only_look_like_numbers(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    static const char *const values[] = {"0x10", "nan", "1e999", "0.01*step", "true ", "1e-7"};
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.runs[0].hyperparameter_count = 6;
    s.runs[0].hyperparameter_names = names;
    s.runs[0].hyperparameter_values = values;
    char *json = orl_report_summary(&s.report);
    assert_true(json_is_strict(json));
    expect(json, "runs/0/hyperparameters/a", "\"0x10\"");
    expect(json, "runs/0/hyperparameters/b", "\"nan\"");
    expect(json, "runs/0/hyperparameters/c", "\"1e999\"");
    expect(json, "runs/0/hyperparameters/d", "\"0.01*step\"");
    expect(json, "runs/0/hyperparameters/e", "\"true \"");
    struct reader r = {.at = json, .end = json + strlen(json)};
    assert_true(read_value(&r, "runs/0/hyperparameters/f"));
    assert_true(strtod(r.found, NULL) == 1e-7);
    free(json);
}

static void test_hostile_texts(void **state)
{
    static const char *const texts[] = {"</script><script>alert(1)</script>",
                                        "\"}],\"x\":[{\"",
                                        "a\\",
                                        "\x01\x1b[31m\n\t\x7f",
                                        "\xff\xfe bad \xc0\xaf utf-8 \xed\xa0\x80",
                                        "\xe2\x80\xae rtl \xe2\x80\xa8",
                                        "%s%n"};
    struct sample s;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sample_fill(&s);
        const char *list[] = {texts[i]};
        s.report.experiment = s.runs[0].name = s.runs[0].optimizer = s.films[0].path =
            s.films[1].failure = texts[i];
        s.runs[0].hyperparameter_count = 1;
        s.runs[0].hyperparameter_names = s.runs[0].hyperparameter_values = list;
        s.runs[0].parameters = list;
        s.runs[0].parameter_count = 1;
        s.report.warnings = list;
        s.report.warning_count = 1;
        char *json = orl_report_summary(&s.report);
        assert_non_null(json);
        assert_true(json_is_strict(json));
        assert_null(strstr(json, "<script"));
        free(json);
    }
}

static void test_empty(void **state)
{
    struct orl_report nothing = {0};
    (void)state;
    char *json = orl_report_summary(&nothing);
    assert_true(json_is_strict(json));
    expect(json, "experiment", "null");
    expect(json, "versions", "{}");
    expect(json, "runs", "[]");
    expect(json, "films", "[]");
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reader_is_strict),
        cmocka_unit_test(test_names_and_values),
        cmocka_unit_test(test_numbers_read_back),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_failures_and_gaps),
        cmocka_unit_test(test_settings_that_only_look_like_numbers),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
