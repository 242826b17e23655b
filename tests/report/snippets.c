/* Snippets: which of a film's files each kind names, and users' text quoted as each kind asks. */
#include "orl_test.h"

#include "report/sample.h"
#include "report/snippets.h"

/* The snippet of the first film, of one kind; owned by the caller. */
static char *snippet_of(const struct orl_report *report, const char *kind)
{
    struct orl_layout_of_report layout = {0};
    struct orl_text text = {0};
    assert_true(orl_report_arrange(&layout, report));
    for (const struct orl_snippet_desc *desc = orl_snippets; desc->extension; desc++)
        if (strcmp(desc->extension, kind) == 0)
            orl_snippet_append(&text, desc, &layout, 0);
    orl_report_arrange_uninit(&layout);
    return orl_text_take(&text);
}

static void expect_in(const struct orl_report *report, const char *kind, const char *words)
{
    char *text = snippet_of(report, kind);
    if (!strstr(text, words))
        fail_msg("%s: '%s' is not in\n%s", kind, words, text);
    free(text);
}

static void expect_not_in(const struct orl_report *report, const char *kind, const char *words)
{
    char *text = snippet_of(report, kind);
    if (strstr(text, words))
        fail_msg("%s: '%s' is in\n%s", kind, words, text);
    free(text);
}

/* A film with outputs of these formats, and a poster. */
struct small {
    struct orl_report report;
    struct orl_report_film films[4];
};

static void small_fill(struct small *s, const char *const *formats, size_t count)
{
    static const char *const paths[] = {"race.mp4", "race.webm", "race.gif", "race.pdf", NULL};
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < count; i++) {
        s->films[i] = (struct orl_report_film){.name = "race",
                                               .title = "A_b <\"c\">",
                                               .alt = "One [two] #3 \"four\" \\ 5%",
                                               .poster = "race.png",
                                               .width = 640,
                                               .height = 360,
                                               .seconds = 2,
                                               .frames = 60};
        for (size_t k = 0; paths[k]; k++)
            if (strcmp(paths[k] + 5, formats[i]) == 0)
                s->films[i].path = paths[k];
        s->films[i].format = formats[i];
    }
    s->report = (struct orl_report){.films = s->films, .film_count = count};
}

static void a_video_is_played_and_its_poster_leads_to_it(void **state)
{
    static const char *const formats[] = {"mp4", "webm"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 2);
    s.films[0].captions = "WEBVTT\n";
    expect_in(&s.report, "html",
              "<video data-autoplay loop muted playsinline controls "
              "poster=\"../race.png\" width=\"640\" height=\"360\"");
    expect_in(&s.report, "html", "<source src=\"../race.mp4\" type=\"video/mp4\">");
    expect_in(&s.report, "html", "<source src=\"../race.webm\" type=\"video/webm\">");
    expect_in(&s.report, "html",
              "<track kind=\"captions\" srclang=\"en\" label=\"Events\" "
              "src=\"../race.vtt\">");
    expect_in(&s.report, "md", "](../race.png)](../race.mp4)\n");
    expect_in(&s.report, "qmd", "](../race.png)\n");
    expect_in(&s.report, "rst", ".. only:: not html\n\n   .. image:: ../race.png\n");
    expect_in(&s.report, "ipynb", "Video(\\\"../race.mp4\\\", embed=True, width=640");
    expect_in(&s.report, "tex", "{\\orlfolder race.png}");
    s.films[0].captions = NULL;
    expect_not_in(&s.report, "html", "<track");
}

static void without_an_mp4_the_webm_plays(void **state)
{
    static const char *const formats[] = {"webm"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 1);
    expect_in(&s.report, "md", "](../race.webm)\n");
    expect_not_in(&s.report, "html", "video/mp4");
}

static void a_gif_is_a_picture_and_still_where_motion_is_unwanted(void **state)
{
    static const char *const formats[] = {"gif"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 1);
    expect_in(&s.report, "html",
              "<source media=\"(prefers-reduced-motion: reduce), print\" "
              "srcset=\"../race.png\">");
    expect_in(&s.report, "html", "<img src=\"../race.gif\"");
    expect_in(&s.report, "md", "](../race.gif)\n");
    expect_in(&s.report, "rst", ".. image:: ../race.gif\n   :alt: One [two]");
    expect_in(&s.report, "ipynb", "\"cell_type\": \"markdown\"");
    expect_not_in(&s.report, "html", "<video");
}

static void beside_a_gif_a_video_still_leads_to_the_gif_in_markdown(void **state)
{
    static const char *const formats[] = {"mp4", "gif"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 2);
    expect_in(&s.report, "md", "](../race.gif)\n");
    expect_in(&s.report, "html", "<video");
    expect_in(&s.report, "qmd", "](../race.gif)\n");
    expect_in(&s.report, "qmd", "](../race.png)\n"); /* in a PDF, where no GIF can be */
}

static void pages_are_played_by_latex_alone(void **state)
{
    static const char *const formats[] = {"pdf"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 1);
    expect_in(&s.report, "tex", "\\input{\\orlfolder race.tex}%\n");
    expect_in(&s.report, "html", "<img src=\"../race.png\"");
    expect_in(&s.report, "md", "](../race.png)](../race.pdf)\n");
    s.films[0].failure = "no";
    expect_not_in(&s.report, "tex", "\\input");
}

static void each_kind_quotes_what_it_must(void **state)
{
    static const char *const formats[] = {"mp4"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 1);
    expect_in(&s.report, "html", "<h2>A_b &lt;&quot;c&quot;&gt;</h2>");
    expect_in(&s.report, "html", "aria-label=\"One [two] #3 &quot;four&quot; \\ 5%\"");
    expect_in(&s.report, "md", "![One \\[two\\] \\#3 \\\"four\\\" \\\\ 5%]");
    expect_in(&s.report, "tex",
              "alt={One [two] \\#3 {\\char34}four{\\char34} "
              "\\textbackslash{} 5\\%}");
    expect_in(&s.report, "tex", "\\caption{A\\_b \\ensuremath{<}{\\char34}c");
    expect_in(&s.report, "rst", ":alt: One [two] #3 \"four\" \\ 5%\n");
    /* Within Python's quotes within JSON's: a backslash is four. */
    expect_in(&s.report, "ipynb", "four\\u0026quot; \\\\\\\\ 5%");
    s.films[0].alt = "two\nlines";
    expect_in(&s.report, "md", "![two lines]");
}

static void without_anything_to_show_there_is_no_snippet(void **state)
{
    static const char *const formats[] = {"pdf"};
    struct small s;
    (void)state;
    small_fill(&s, formats, 1);
    s.films[0].poster = NULL;
    for (const struct orl_snippet_desc *kind = orl_snippets; kind->extension; kind++) {
        char *text = snippet_of(&s.report, kind->extension);
        assert_string_equal(text, "");
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_video_is_played_and_its_poster_leads_to_it),
        cmocka_unit_test(without_an_mp4_the_webm_plays),
        cmocka_unit_test(a_gif_is_a_picture_and_still_where_motion_is_unwanted),
        cmocka_unit_test(beside_a_gif_a_video_still_leads_to_the_gif_in_markdown),
        cmocka_unit_test(pages_are_played_by_latex_alone),
        cmocka_unit_test(each_kind_quotes_what_it_must),
        cmocka_unit_test(without_anything_to_show_there_is_no_snippet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
