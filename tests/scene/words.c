/* What frames say in words: short enough whatever the names and the numbers, and true. */
#include "support/stage.h"

#include "base/text.h"
#include "optreel/scene.h"

enum { ROWS = 40, MOST = 12 };

struct made {
    int64_t step[ROWS];
    double loss[ROWS], values[ROWS * MOST];
    char *names[MOST];
    struct orl_trace trace;
};

static void make_trace(struct made *m, double first, size_t parameters, char *name)
{
    *m = (struct made){.trace = {.rows = ROWS, .parameter_count = parameters, .steps = ROWS - 1}};
    m->trace.parameters = m->names;
    m->trace.step = m->step;
    m->trace.loss = m->loss;
    m->trace.values = m->values;
    for (size_t i = 0; i < ROWS; i++) {
        m->step[i] = (int64_t)i;
        m->loss[i] = first / (1.0 + (double)i);
        for (size_t p = 0; p < parameters; p++)
            m->values[i * parameters + p] = first * (double)i;
    }
    for (size_t p = 0; p < parameters; p++)
        m->names[p] = name;
}

static struct orl_film *make_film_of(const struct orl_film_run *runs, size_t count,
                                     const struct orl_panel_spec *panels, size_t panel_count)
{
    struct orl_film_spec spec = stage_spec(runs, count, panels, panel_count, 1280, 720);
    spec.pace = ORL_PACE_LINEAR;
    spec.hold_first_s = spec.hold_last_s = 0;
    spec.fps_num = 20;
    return stage_film(&spec);
}

static struct orl_film *make_film(const struct orl_film_run *runs, size_t count)
{
    static struct orl_value none[8];
    const struct orl_panel_spec panel = {"loss", none};
    return make_film_of(runs, count, &panel, 1);
}

static void check(const struct orl_film *film, size_t frame, const char *first, const char *second)
{
    struct orl_words words;
    orl_film_words(film, frame, &words);
    assert_string_equal(words.line[0], first);
    assert_string_equal(words.line[1], second);
}

static void one_run(void **state)
{
    static struct made m;
    char alpha[] = "alpha";
    (void)state;
    make_trace(&m, 4.0, 2, alpha);
    const struct orl_film_run run = {&m.trace, NULL, "a", "A", "", 0, NULL, NULL, 0, NULL};
    struct orl_film *film = make_film(&run, 1);
    check(film, 0, "step 0, loss 4.00", "α = 0, α = 0");
    check(film, 39, "step 39, loss 0.100", "α = 156.0, α = 156.0");
    m.trace.status = ORL_STATUS_DIVERGED;
    m.trace.steps = 40;
    check(film, 38, "step 38, loss 0.103", "α = 152.0, α = 152.0");
    check(film, 39, "step 39, loss 0.100", "diverged at step 40");
    orl_film_destroy(&film);
}

static void race(void **state)
{
    static struct made m[3];
    char alpha[] = "alpha";
    (void)state;
    for (size_t i = 0; i < 3; i++)
        make_trace(&m[i], 3.0 - (double)i, 1, alpha);
    const struct orl_film_run runs[] = {
        {&m[0].trace, NULL, "a", "A", "", 0, NULL, NULL, 0, NULL},
        {&m[1].trace, NULL, "b", "an optimizer with a name that is too long", "", 1, NULL, NULL, 0,
         NULL},
        {&m[2].trace, NULL, "c", "C", "", 2, NULL, NULL, 0, NULL},
    };
    struct orl_film *film = make_film(runs, 3);
    check(film, 1, "step 1", "lowest: C, loss 0.500");
    m[2].trace.status = ORL_STATUS_DIVERGED;
    check(film, 39, "step 39, 1 of 3 diverged", "lowest: an optimizer with a…, loss 0.0500");
    m[0].trace.status = m[1].trace.status = ORL_STATUS_DIVERGED;
    check(film, 39, "step 39, 3 of 3 diverged", "");
    orl_film_destroy(&film);
}

static bool shows(const struct orl_film *film, const char *text)
{
    return stage_frame_says(film, 0, text);
}

/* The runs of a sweep are told by what they do not share; what they share is told once. */
static void sweep(void **state)
{
    static struct made m[2];
    char alpha[] = "alpha";
    (void)state;
    for (size_t i = 0; i < 2; i++)
        make_trace(&m[i], 3.0 - (double)i, 1, alpha);
    const struct orl_told rate = {"learning rate", "lr", "min(1, step)", 0},
                          told[][2] = {{rate, {"momentum", "momentum", "0.5", 1}},
                                       {rate, {"momentum", "momentum", "0.95", 1}}};
    const struct orl_film_run runs[] = {
        {&m[0].trace, NULL, "a", "Momentum, momentum 0.5",
         "learning rate min(1, step), momentum 0.5", 0, "Momentum", told[0], 2, NULL},
        {&m[1].trace, NULL, "b", "Momentum, momentum 0.95",
         "learning rate min(1, step), momentum 0.95", 1, "Momentum", told[1], 2, NULL},
    };
    struct orl_film *film = make_film(runs, 2);
    check(film, 1, "step 1", "lowest: momentum 0.95, loss 1.00");
    assert_true(shows(film, "Momentum:\u00a0learning\u00a0rate\u00a0min(1, step)\u00a0"));
    assert_true(shows(film, "momentum\u00a00.95"));
    orl_film_destroy(&film);
}

/* The text right after this one on the last frame. */
static void text_after(const struct orl_film *film, const char *text, char out[ORL_NUMBER_SIZE])
{
    struct orl_picture picture = {0};
    *out = '\0';
    assert_int_equal(orl_film_moving(film, orl_film_frames(film) - 1, &picture, NULL), ORL_OK);
    for (size_t i = 0; i + 1 < picture.count; i++)
        if (picture.marks[i].kind == ORL_MARK_TEXT &&
            strcmp(picture.text + picture.marks[i].text, text) == 0)
            snprintf(out, ORL_NUMBER_SIZE, "%s", picture.text + picture.marks[i + 1].text);
    orl_picture_uninit(&picture);
}

/* In a log of few digits a number whose last ones are 0 is as long as one whose are not; an exact
 * one is told as it is. */
static void log_numbers(void **state)
{
    static struct made m[4];
    static struct orl_value none[8];
    static const double losses[] = {21.5704012345678, 21.3900000000012, 3.0000000000012e-9, 0.5};
    char alpha[] = "alpha", *names[] = {"a", "b", "c", "d"}, told[4][ORL_NUMBER_SIZE], words[16];
    struct orl_film_run runs[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        make_trace(&m[i], ROWS * losses[i], 1, alpha);
        runs[i] = (struct orl_film_run){&m[i].trace, NULL, names[i], names[i], "",
                                        i,           NULL, NULL,     0,        NULL};
    }
    const struct orl_panel_spec panels[] = {{"loss", none}, {"log", none}};
    struct orl_film *film = make_film_of(runs, 4, panels, 2);
    for (size_t i = 0; i < 4; i++) {
        snprintf(words, sizeof words, "loss with %s:", names[i]);
        text_after(film, words, told[i]);
    }
    assert_true(strlen(told[0]) > 4 && strlen(told[0]) < 12);
    assert_true(strncmp(told[0], "21.570", 6) == 0);
    assert_true(strncmp(told[1], "21.390", 6) == 0);
    assert_int_equal(strlen(told[1]), strlen(told[0]));
    assert_int_equal(strcspn(told[2], "e"), strlen(told[0]));
    assert_int_equal(strncmp(told[2], "3.000", 5), 0);
    assert_string_equal(told[3], "0.5");
    orl_film_destroy(&film);
}

/* Twelve parameters with long names of more than a byte a character, numbers of any size. */
static void never_too_long(void **state)
{
    static const double sizes[] = {1e-300, 1.23456789e-5, 1.0, 98765.4321, 1e300};
    static struct made m;
    char name[] = "ααααααααααααααααααααααααααααα";
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t cut = 0; cut < sizeof name; cut += 2) {
            struct orl_words words;
            make_trace(&m, sizes[s], MOST, name + cut);
            const struct orl_film_run run = {&m.trace, NULL, "a", "A", "", 0, NULL, NULL, 0, NULL};
            struct orl_film *film = make_film(&run, 1);
            orl_film_words(film, 20, &words);
            for (size_t i = 0; i < 2; i++) {
                assert_true(orl_utf8_valid(words.line[i], strlen(words.line[i])));
                assert_true(orl_utf8_count(words.line[i], strlen(words.line[i])) <=
                            ORL_WORDS_CHARS);
            }
            assert_true(strncmp(words.line[0], "step 20, loss ", 14) == 0);
            orl_film_destroy(&film);
        }
}

static void check_caption(const struct orl_film *film, size_t frame, const char *first,
                          const char *second)
{
    struct orl_words words;
    orl_film_caption(film, frame, &words);
    assert_string_equal(words.line[0], first);
    assert_string_equal(words.line[1], second);
}

/* A film of two runs at 20 frames a second, 10 s long, with a note at step 20. */
static struct orl_film *noted_film(struct made m[2], enum orl_headline headline)
{
    static struct orl_value none[8];
    static const struct orl_panel_spec panel = {"loss", none};
    static struct orl_film_run runs[2];
    static const struct orl_note note = {.step = 20,
                                         .run = SIZE_MAX,
                                         .seconds = 1.0,
                                         .text =
                                             "Both runs have come more than half of the way down"};
    for (size_t i = 0; i < 2; i++)
        runs[i] = (struct orl_film_run){
            &m[i].trace, NULL, i ? "b" : "a", i ? "B" : "A", "", i, NULL, NULL, 0, NULL};
    struct orl_film_spec spec = stage_spec(runs, 2, &panel, 1, 1280, 720);
    spec.title = "Two runs";
    spec.pace = ORL_PACE_LINEAR;
    spec.hold_first_s = spec.hold_last_s = 0;
    spec.fps_num = 20;
    spec.length_s = 10;
    spec.no_events = true;
    spec.notes = &note;
    spec.note_count = 1;
    spec.finding = "B ends lower.";
    spec.headline = headline;
    return stage_film(&spec);
}

/* The title for 2.5 s, or up to the first sentence; then silence; a note from where the film shows
 * it, for 2.5 s, in two lines of like lengths; the finding on the last frame. */
static void captions(void **state)
{
    static struct made m[2];
    char alpha[] = "alpha";
    (void)state;
    make_trace(&m[0], 3.0, 1, alpha);
    make_trace(&m[1], 3.0, 1, alpha);
    struct orl_film *film = noted_film(m, ORL_HEADLINE_LAST);
    size_t first = orl_film_frame_at(film, 20), last = orl_film_frames(film) - 1;
    check_caption(film, 0, "Two runs", "");
    check_caption(film, 49, "Two runs", "");
    check_caption(film, 50, "", "");
    check_caption(film, first - 1, "", "");
    check_caption(film, first, "Both runs have come more", "than half of the way down");
    check_caption(film, first + 49, "Both runs have come more", "than half of the way down");
    check_caption(film, first + 50, "", "");
    check_caption(film, last, "B ends lower.", "");
    orl_film_destroy(&film);
    film = noted_film(m, ORL_HEADLINE_NONE); /* no finding: where they end */
    check_caption(film, last, "step 39", "lowest: A, loss 0.0750");
    orl_film_destroy(&film);
}

/* The title, what a sentence tells where it begins to stand, and the finding. */
static void chapters(void **state)
{
    static struct made m[2];
    struct orl_chapter found[8];
    char alpha[] = "alpha";
    (void)state;
    make_trace(&m[0], 3.0, 1, alpha);
    make_trace(&m[1], 3.0, 1, alpha);
    struct orl_film *film = noted_film(m, ORL_HEADLINE_LAST);
    assert_int_equal(orl_film_chapters(film, found, 8), 3);
    assert_string_equal(found[0].title, "Two runs");
    assert_int_equal(found[0].first_frame, 0);
    assert_string_equal(found[1].title, "Both runs have come more than half of the way down");
    assert_int_equal(found[1].first_frame, orl_film_frame_at(film, 20));
    assert_string_equal(found[2].title, "B ends lower.");
    assert_int_equal(found[2].first_frame, orl_film_frames(film) - 1);
    orl_film_destroy(&film);
    film = noted_film(m, ORL_HEADLINE_NONE);
    assert_int_equal(orl_film_chapters(film, found, 8), 2);
    orl_film_destroy(&film);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captions),      cmocka_unit_test(chapters), cmocka_unit_test(one_run),
        cmocka_unit_test(race),          cmocka_unit_test(sweep),    cmocka_unit_test(log_numbers),
        cmocka_unit_test(never_too_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
