/* index.html: well formed and harmless whatever the texts, plays every film, tells every result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/hash.h"
#include "base/text.h"
#include "report/markup_check.h"
#include "report/sample.h"

static char *page_of(const struct orl_report *report)
{
    struct markup m;
    char *page = orl_report_html(report);
    assert_non_null(page);
    if (!markup_is_good(&m, page))
        fail_msg("%s", m.fault);
    assert_int_equal(m.images_without_alt, 0);
    assert_true(orl_utf8_valid(page, strlen(page)));
    return page;
}

static size_t count(const char *text, const char *what)
{
    size_t found = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        found++;
    return found;
}

/* The checker must find what it is there for. */
static void test_checker_is_strict(void **state)
{
    static const char *const bad[] = {"<p>",
                                      "<p></div>",
                                      "<b>x</b>",
                                      "<p class=x></p>",
                                      "<p>&nbsp;</p>",
                                      "<p>a > b</p>",
                                      "<p onclick=\"x\"></p>",
                                      "<p style=\"x\"></p>",
                                      "<a href=\"http://x\"></a>",
                                      "<a href=\"//x\"></a>",
                                      "<a href=\"javascript:x\"></a>",
                                      "<p>\x1b</p>",
                                      "<script>",
                                      "</p>",
                                      "<p title=\"<\"></p>"};
    struct markup m;
    char page[128];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(page, sizeof page, "<!DOCTYPE html>\n%s", bad[i]);
        assert_false(markup_is_good(&m, page));
    }
    assert_true(markup_is_good(&m, "<!DOCTYPE html>\n<p title=\"&lt;\">a<img src=\"a.png\" "
                                   "alt=\"\">b &amp; c</p>\n<script>1 < 2</script>"));
}

static void test_assignment(void **state)
{
    struct sample s;
    char link[256];
    (void)state;
    sample_fill(&s);
    char *page = page_of(&s.report);
    assert_int_equal(count(page, "<video controls muted loop playsinline preload=\"metadata\" "),
                     14);
    assert_int_equal(count(page, "type=\"video/mp4\""), 14);
    for (const char *video = page; (video = strstr(video, "<video")) != NULL; video++)
        assert_null(memmem(video, strcspn(video, ">"), "autoplay", 8)); /* lines to paste may */
    assert_int_equal(count(page, "<img src=\"quadratic-sgd.gif\""), 0); /* it has a video */
    for (size_t i = 0; i < SAMPLE_FILMS; i++) {
        snprintf(link, sizeof link, "<a href=\"%s\"", s.paths[i]);
        assert_true(strstr(page, link));
    }
    for (size_t i = 0; i < SAMPLE_RUNS; i++) {
        snprintf(link, sizeof link, "<a href=\"%s\">trace</a> <a href=\"%s\">log</a>", s.traces[i],
                 s.logs[i]);
        assert_int_equal(count(page, link), 1);
    }
    assert_int_equal(count(page, "<table>"), 2);
    assert_true(strstr(page, "optreel render assignment"));
    assert_true(strstr(page, "59.37.100"));
    assert_true(strstr(page, "312 kB") && strstr(page, "1.2 MB"));
    assert_true(strstr(page, "8\xe2\x80\xaf"
                             "000\xe2\x80\xaf"
                             "000"));
    /* races come first */
    assert_true(strstr(page, "src=\"badscale-race.mp4\"") <
                strstr(page, "src=\"quadratic-sgd.mp4\""));
    free(page);
}

/* The lesson of the assignment's third part: three optimizers leave gamma where it was, the others
 * hardly move it. */
static void test_unmoved(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    char *page = page_of(&s.report);
    assert_int_equal(
        count(page,
              "<strong><span title=\"6\">6</span></strong> <em class=\"still\">(unmoved)</em>"),
        3);
    assert_int_equal(count(page, "hardly moved:"), 3);
    assert_int_equal(count(page, "\">5.04</span></small>"), 1);
    assert_true(strstr(page, "\xce\xb3 did not move from 6 with SGD, Momentum and Nesterov "
                             "momentum; it moved by less than a millionth of its way"));
    free(page);
    s.runs[6].values = (const double[]){1.667, 13.998, 6 + 1e-6 * 8e6}; /* more than a millionth */
    page = page_of(&s.report);
    assert_int_equal(count(page, "(unmoved)</em>"), 2);
    assert_int_equal(count(page, "hardly moved:"), 3);
    free(page);
}

/* Best first, NaN and diverged and failed ones behind, equals in their order. */
static void test_order(void **state)
{
    struct sample s;
    static const double losses[] = {0.5, NAN, 0.25, 0.5, 0.1, 0.7};
    static const char *const expected[] = {"nesterov", "sgd",      "adagrad",
                                           "adam",     "momentum", "rmsprop"};
    char link[64];
    (void)state;
    sample_fill(&s);
    for (size_t i = 0; i < 6; i++)
        s.runs[i].loss = losses[i];
    s.runs[4].status = ORL_STATUS_FAILED;
    s.runs[1].status = ORL_STATUS_DIVERGED;
    char *page = page_of(&s.report);
    const char *at = page;
    for (size_t i = 0; i < 6; i++) {
        snprintf(link, sizeof link, "traces/quadratic-%s.csv", expected[i]);
        assert_non_null(strstr(at, link));
        at = strstr(at, link);
    }
    free(page);
}

/* The table has the order of the films: who arrived first, not who ended lowest. */
static void test_ranks_order_the_table(void **state)
{
    struct sample s;
    static const size_t ranks[] = {5, 2, 2, 6, 4, 1};
    static const char *const expected[] = {"adam",    "nesterov", "momentum",
                                           "rmsprop", "sgd",      "adagrad"};
    static const char *const shown[] = {">1<", ">=2<", ">=2<", ">4<", ">5<", ">6<"};
    char link[64], cell[64];
    (void)state;
    sample_fill(&s);
    char *page = page_of(&s.report);
    assert_null(strstr(page, ">Rank<")); /* no run has one */
    assert_int_equal(count(page, "best final loss first</caption>"), 2);
    free(page);
    for (size_t i = 0; i < 6; i++) {
        s.runs[i].rank = ranks[i];
        s.runs[i].level = 4.5e-5;
        s.runs[i].loss = 1.0 / (double)(i + 1);
    }
    page = page_of(&s.report);
    assert_int_equal(count(page, ">Rank<"), 1);
    assert_non_null(strstr(page, "the first to reach a loss of <span title=\"4.5"));
    const char *at = strstr(page, ">Rank<");
    for (size_t i = 0; i < 6; i++) {
        snprintf(cell, sizeof cell, "<td class=\"n\"%s/td>", shown[i]);
        snprintf(link, sizeof link, "traces/quadratic-%s.csv", expected[i]);
        at = strstr(at, cell);
        assert_non_null(at);
        at = strstr(at, link);
        assert_non_null(at);
    }
    free(page);
}

static void test_times(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    char *page = page_of(&s.report);
    assert_true(strstr(page, "made in"));
    assert_true(strstr(page, ">Time</th>"));
    assert_true(strstr(page, "0.0123"));
    free(page);
    s.report.times = false;
    page = page_of(&s.report);
    assert_false(strstr(page, "made in"));
    assert_false(strstr(page, ">Time</th>"));
    assert_false(strstr(page, "0.0123"));
    s.report.seconds = 1;
    s.runs[0].seconds = 2;
    s.films[0].cached = true;
    char *again = page_of(&s.report);
    assert_string_equal(page, again);
    free(page);
    free(again);
}

/* The hash that the policy names is that of what the page holds. */
static void check_hash(const char *page, const char *directive, const char *open, const char *close)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *code = strstr(strstr(page, directive), "'sha256-") + 8;
    const char *begin = strstr(page, open) + strlen(open), *end = strstr(begin, close);
    uint8_t decoded[33] = {0}, digest[32];
    for (size_t i = 0; i < 43; i++) {
        const char *digit = strchr(digits, code[i]);
        assert_non_null(digit);
        for (size_t bit = 0; bit < 6; bit++)
            if ((size_t)(digit - digits) >> (5 - bit) & 1)
                decoded[(6 * i + bit) / 8] |= (uint8_t)(0x80 >> (6 * i + bit) % 8);
    }
    assert_memory_equal(code + 43, "='", 2);
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, begin, (size_t)(end - begin));
    orl_sha256_final(&hash, digest);
    assert_memory_equal(decoded, digest, 32);
}

static void test_policy(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    char *page = page_of(&s.report);
    assert_true(strstr(page, "content=\"default-src 'none'; "));
    assert_int_equal(count(page, "<script"), 1);
    assert_int_equal(count(page, "<style"), 1);
    assert_int_equal(count(page, "unsafe"), 0);
    check_hash(page, "style-src", "<style>", "</style>");
    check_hash(page, "script-src", "<script>", "</script>");
    assert_true(strstr(page, "prefers-color-scheme: dark") && strstr(page, "@media print") &&
                strstr(page, "color-scheme: light dark"));
    free(page);
}

static void fill_with(struct sample *s, const char *text, const char *const *list)
{
    sample_fill(s);
    s->report.experiment = s->report.title = s->report.description = s->report.command = text;
    s->report.warnings = list;
    s->report.warning_count = 1;
    for (size_t i = 0; i < SAMPLE_RUNS; i += 2) {
        struct orl_report_run *run = &s->runs[i];
        run->problem = run->problem_title = run->optimizer = run->kind = run->title = run->trace =
            run->log = text;
        run->details = i % 4 == 0 ? text : NULL;
        run->failure = run->color = text;
        run->hyperparameter_names = run->hyperparameter_values = run->parameters = list;
        run->hyperparameter_count = run->parameter_count = 1;
    }
    for (size_t i = 0; i < SAMPLE_FILMS; i++) {
        struct orl_report_film *film = &s->films[i];
        film->title = film->poster = text;
        film->path = i % 2 ? text : film->path;
        film->format = i % 5 == 0 ? text : i % 5 == 1 ? "webm" : film->format;
        film->failure = i % 7 == 0 ? text : NULL;
        film->alt = i % 3 == 0 ? text : NULL;
        film->name = i > 30 ? text : film->name;
    }
}

static void test_hostile_texts(void **state)
{
    static const char *const texts[] = {"</title><script>alert(1)</script>",
                                        "\" onerror=\"alert(1)",
                                        "'><img src=x onerror=alert(1)>",
                                        "javascript:alert(1)",
                                        "//evil.example/x.mp4",
                                        "https://evil.example/x.mp4",
                                        "&lt;b&gt; &#x3c; &",
                                        "\xe2\x80\xae"
                                        "gpj.exe\xe2\x81\xa9",
                                        "\xff\xc0\xaf\xed\xa0\x80 \x01\x1b[31m\x7f",
                                        "%s%n%99999d",
                                        "#ff00zz",
                                        "",
                                        "<!-- ]]> -->"};
    (void)state;
    struct sample *s = malloc(sizeof *s);
    assert_non_null(s);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *list[] = {texts[i]};
        fill_with(s, texts[i], list);
        char *page = page_of(&s->report);
        assert_int_equal(count(page, "<script"), 1);
        assert_null(strstr(page, "\xe2\x80\xae"));
        assert_null(strstr(page, "\xe2\x81\xa9"));
        free(page);
    }
    free(s);
}

static void test_bidi_is_shown(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.report.title = "a\xe2\x80\xae"
                     "b<c";
    char *page = page_of(&s.report);
    assert_true(strstr(page, "<h1><bdi>a\\u202eb&lt;c</bdi></h1>"));
    free(page);
}

static void test_paths_are_encoded(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.films[0].path = "quadratic-adam@learning_rate=0.01,#1 100%?.mp4";
    s.films[1].path = "/etc/x";
    char *page = page_of(&s.report);
    assert_true(
        strstr(page, "src=\"quadratic-adam%40learning_rate%3D0.01%2C%231%20100%25%3F.mp4\""));
    assert_true(strstr(page, "href=\"./etc/x\""));
    free(page);
}

static void test_failures_stand_out(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    char *page = page_of(&s.report);
    assert_false(strstr(page, "id=\"failures-title\""));
    free(page);
    s.runs[2].status = ORL_STATUS_FAILED;
    s.runs[2].failure = "killed by signal 11";
    s.runs[2].values = NULL;
    s.runs[3].status = ORL_STATUS_DIVERGED;
    s.runs[3].steps = 17;
    s.films[0].failure = "no space left";
    s.report.warnings = (const char *const[]){"30 fps is no GIF rate"};
    s.report.warning_count = 1;
    page = page_of(&s.report);
    assert_true(strstr(page, "2 failures"));
    assert_true(strstr(page, "id=\"failures-title\"") < strstr(page, "id=\"results\""));
    assert_true(strstr(page, "killed by signal 11") && strstr(page, "no space left") &&
                strstr(page, "30 fps is no GIF rate"));
    assert_true(strstr(page, "diverged at step 17"));
    /* its video failed: the GIF stands in, still where less motion is wanted */
    assert_null(strstr(page, "src=\"quadratic-sgd.mp4\""));
    assert_true(strstr(page, "<source media=\"(prefers-reduced-motion: reduce), print\" "
                             "srcset=\"quadratic-sgd.png\"><img src=\"quadratic-sgd.gif\""));
    free(page);
}

static void test_little_or_nothing(void **state)
{
    struct orl_report nothing = {0};
    struct orl_report_film lonely = {.name = "lonely", .format = "pdf", .path = "lonely.pdf"};
    struct orl_report_run bare = {
        .name = "a/b", .steps_to = {-1, -1, -1}, .loss = NAN, .gradient_norm = NAN};
    (void)state;
    free(page_of(&nothing));
    nothing.films = &lonely;
    nothing.film_count = 1;
    nothing.runs = &bare;
    nothing.run_count = 1;
    char *page = page_of(&nothing);
    assert_true(strstr(page, "href=\"lonely.pdf\"") && strstr(page, "Other films"));
    free(page);
    static const char *const beside[] = {"lonely.tex", "lonely-contact.png", "other & more.txt"};
    lonely.beside = beside;
    lonely.beside_count = 3;
    page = page_of(&nothing);
    assert_non_null(strstr(page, "<a href=\"lonely.tex\"><bdi class=\"format\">tex</bdi></a>"));
    assert_non_null(
        strstr(page, "<a href=\"lonely-contact.png\"><bdi class=\"format\">contact.png</bdi></a>"));
    assert_non_null(strstr(
        page,
        "<a href=\"other%20%26%20more.txt\"><bdi class=\"format\">other &amp; more.txt</bdi></a>"));
    free(page);
}

/* A page of the file system may not load captions beside it: it carries them, escaped. */
static void test_captions_are_carried(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    s.films[0].captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nstep 1, <\"&'%>\n";
    char *page = orl_report_html(&s.report);
    assert_non_null(strstr(page, "<track kind=\"captions\" srclang=\"en\" label=\"Events\" "
                                 "src=\"data:text/vtt;charset=utf-8,WEBVTT%0A%0A00%3A00.000%20--%3E"
                                 "%2000%3A01.000%0Astep%201%2C%20%3C%22%26%27%25%3E%0A\">"));
    assert_int_equal(count(page, "<track"), 1);
    free(page);
}

static void test_slides_are_named_where_they_are_made(void **state)
{
    struct sample s;
    (void)state;
    sample_fill(&s);
    for (int made = 0; made < 2; made++) {
        s.report.slides = s.report.snippets = made;
        char *page = orl_report_html(&s.report);
        assert_int_equal(strstr(page, "<a href=\"slides.pptx\">") != NULL, made);
        assert_int_equal(strstr(page, "<code>snippets</code>") != NULL, made);
        free(page);
    }
    s.report.film_count = 0;
    char *page = orl_report_html(&s.report);
    assert_null(strstr(page, "slides.pptx"));
    assert_null(strstr(page, "<code>snippets</code>"));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_captions_are_carried),
        cmocka_unit_test(test_slides_are_named_where_they_are_made),
        cmocka_unit_test(test_checker_is_strict),
        cmocka_unit_test(test_assignment),
        cmocka_unit_test(test_unmoved),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_ranks_order_the_table),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_bidi_is_shown),
        cmocka_unit_test(test_paths_are_encoded),
        cmocka_unit_test(test_failures_stand_out),
        cmocka_unit_test(test_little_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
