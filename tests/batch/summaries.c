/* Two summaries compared, value by value. */
#include "orl_test.h"

#include <math.h>

#include "base/array.h"
#include "batch/summaries.h"

#define SUMMARY(runs) "{\"schema\":1,\"experiment\":\"e\",\"runs\":[" runs "],\"films\":[]}"
#define RUN(loss, rank, more)                                                                      \
    "{\"name\":\"p/a\",\"status\":\"finished\",\"loss\":" loss ",\"rank\":" rank                   \
    ",\"hyperparameters\":{\"learning_rate\":0.1},\"parameters\":{\"x\":2},\"seconds\":1" more "}"

static struct summary parse(const char *text)
{
    struct summary summary = {0};
    struct orl_error err = {0};
    if (orl_summary_parse("s.json", text, strlen(text), &summary, &err) != ORL_OK)
        fail_msg("%s", err.text);
    return summary;
}

static void read_back(void **state)
{
    struct summary s =
        parse("{\"schema\":1,\"warnings\":[\"w\"],\"runs\":[{\"name\":\"a\",\"loss\":"
              "null,\"fit\":{\"r\":[[1]],\"aic\":-2.5,\"arrived\":true}},{\"name\":"
              "\"b\"}],\"films\":[{\"name\":\"f\",\"path\":\"f.mp4\"}]}");
    (void)state;
    assert_int_equal(s.run_count, 2);
    assert_string_equal(s.runs[1].name, "b");
    assert_string_equal(s.films[0].name, "f.mp4");
    assert_true(isnan(s.runs[0].values[1].number));
    assert_string_equal(s.runs[0].values[2].path, "fit.aic");
    assert_true(s.runs[0].values[2].number == -2.5);
    assert_string_equal(s.runs[0].values[3].words, "true");
    assert_ptr_equal(orl_summary_find(s.runs, s.run_count, "b"), &s.runs[1]);
    assert_null(orl_summary_find(s.runs, s.run_count, "c"));
    orl_summary_uninit(&s);
}

static void refused(void **state)
{
    static const char *const texts[] = {"",
                                        "[]",
                                        "{}",
                                        "problems: {}",
                                        "{\"schema\":2,\"runs\":[]}",
                                        "{\"schema\":1,\"runs\":[{\"loss\":1}]}",
                                        "{\"schema\":1,\"runs\":[{\"name\":\"a\"}",
                                        "{\"schema\":1,\"runs\":{\"name\":\"a\"}}",
                                        "{\"schema\":1,\"runs\":[1]}"};
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(texts); i++) {
        struct summary summary = {0};
        struct orl_error err = {0};
        assert_int_equal(orl_summary_parse("s.json", texts[i], strlen(texts[i]), &summary, &err),
                         ORL_EINPUT);
        assert_string_equal(err.text, "'s.json' is not a summary.json of optreel");
        orl_summary_uninit(&summary);
    }
}

static void compared(void **state)
{
    static const struct {
        const char *now;
        double tolerance;
        enum summary_scope scope;
        const char *words;
    } cases[] = {
        {SUMMARY(RUN("0.5", "1", "")), 1e-9, SUMMARY_RESULTS, ""},
        {SUMMARY(RUN("0.50000000049", "1", "")), 1e-9, SUMMARY_RESULTS, ""},
        {SUMMARY(RUN("0.5000000006", "1", "")), 1e-9, SUMMARY_RESULTS,
         "loss 0.5000000006, was 0.5"},
        {SUMMARY(RUN("0.6", "1", "")), 0.2, SUMMARY_RESULTS, ""},
        {SUMMARY(RUN("0.6", "1", "")), 0.1, SUMMARY_RESULTS, "loss 0.6, was 0.5"},
        {SUMMARY(RUN("null", "1", "")), 0.1, SUMMARY_RESULTS, "loss null, was 0.5"},
        /* a rank is no number of a size */
        {SUMMARY(RUN("0.6", "2", "")), 0.9, SUMMARY_RESULTS, "rank 2, was 1"},
        {SUMMARY(RUN("0.6", "2", "")), 0.1, SUMMARY_ALONE, "loss 0.6, was 0.5"},
        {SUMMARY(RUN("0.5", "1", ",\"steps_to\":{\"1e-2\":5}")), 0.1, SUMMARY_RESULTS,
         "steps_to.1e-2 5, was null"},
        /* how a run was set up is no result; times are none at all */
        {SUMMARY(RUN("0.5", "1", ",\"kind\":\"sgd\"")), 0.1, SUMMARY_RESULTS, ""},
        {SUMMARY(RUN("0.5", "1", ",\"kind\":\"sgd\"")), 0.1, SUMMARY_ALL, "kind sgd, was null"},
        {SUMMARY("{\"name\":\"p/a\",\"status\":\"diverged\",\"loss\":0.5,\"rank\":1,\"parameters\":"
                 "{\"x\":3},\"seconds\":2}"),
         0.1, SUMMARY_RESULTS, "status diverged, was finished; parameters.x 3, was 2"},
        {SUMMARY("{\"name\":\"p/a\",\"parameters\":{\"x\":2,\"a\":1,\"b\":1,\"c\":1,\"d\":1}}"),
         0.1, SUMMARY_RESULTS,
         "status null, was finished; loss null, was 0.5; rank null, was 1; parameters.a 1, was "
         "null; parameters.b 1, was null; parameters.c 1, was null; and 1 more"},
    };
    struct summary before = parse(SUMMARY(RUN("0.5", "1", "")));
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        struct summary now = parse(cases[i].now);
        struct orl_text words = {0};
        size_t count = orl_summary_compare(&before.runs[0], &now.runs[0], cases[i].tolerance,
                                           cases[i].scope, &words);
        assert_string_equal(words.data ? words.data : "", cases[i].words);
        assert_int_equal(count > 0, *cases[i].words != '\0');
        orl_text_uninit(&words);
        orl_summary_uninit(&now);
    }
    orl_summary_uninit(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_back),
        cmocka_unit_test(refused),
        cmocka_unit_test(compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
