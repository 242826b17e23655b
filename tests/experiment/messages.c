/* What the messages about experiment files say to do, and what is read without one. */
#include "base/array.h"
#include "base/text.h"
#include "support/loaded.h"

#define BOWL "problems: {p: {objective: x^2, start: {x: 1}}}\noptimizers: {sgd: {}}\n"

#define LISTED(data)                                                                               \
    "problems: {p: {model: a*x, start: {a: 1}, data: {" data "}}}\noptimizers: {sgd: {}}\n"

static struct loaded load(const char *text, const char *set)
{
    struct orl_experiment_options options = {.set = &set, .set_count = set ? 1 : 0};
    return loaded_make(text, &options);
}

static void refused(void **state)
{
    static const struct {
        const char *text, *place, *words, *hint;
    } cases[] = {
        {"problems: {p: {objective: ln(x), start: {x: 1}}}\noptimizers: {sgd: {}}\n", "1:27",
         "no function 'ln'", "log is the natural logarithm"},
        {"problems: {p: {objective: \"log(x, 10)\", start: {x: 1}}}\noptimizers: {sgd: {}}\n",
         "1:28", "log takes 1 argument", "log10(x) is to base 10"},
        {"problems: {p: {objective: np.exp(x), start: {x: 1}}}\noptimizers: {sgd: {}}\n", "1:29",
         "", "exp(x), not np.exp(x)"},
        {"problems: {p: {objective: sech(x), start: {x: 1}}}\noptimizers: {sgd: {}}\n", "1:27",
         "no function 'sech'", "1/cosh(x)"},
        {"problems: {p: {objective: x + y, start: {x: 1}}}\noptimizers: {sgd: {}}\n", "1:31",
         "'y' is neither in start", "start: {..., y: 1}"},
        {"problems: {p: {objective: x, start: {x: 0,5}}}\noptimizers: {sgd: {}}\n", "1:43",
         "'0,5' has a decimal comma", "a point: 0.5"},
        {"problems: {p: {objective: x^2, start: {x: 1}}}\noptimizers: {sgd: {learning_rate: "
         "-1,5e-3}}\n",
         "2:38", "'-1,5e-3' has a decimal comma", "a point: -1.5e-3"},
        {BOWL "expect: [{run: p/sgd, loss: > 1}]\n", "3:29", "not YAML", "stands in quotes"},
        {BOWL "expect:\n  - loss: >= 1\n", "4:12", "not YAML", "stands in quotes"},
        {BOWL "title: @home\n", "3:8", "not YAML", "stands in quotes"},
        {BOWL "output: {theme: {base: dark, background: #000}}\nsteps: 3\n", "4:6", "not YAML",
         "# begins a comment"},
        {"problems: {p: {objective: x^2, start: {x: 1}}}\noptimizers:\n  sgd: {learning_rate: "
         "0.1\n  adam: {}\n",
         "4:7", "not YAML", "what is opened in line 3 is not closed"},
        {BOWL "steps: 1,000\n", "3:8", "a whole number", "1000"},
        {"problems: {p: {objective: x, start: {x: 0}}}\noptimizers:\n  - sgd: {}\n", "3:3",
         "must be a mapping (key: value), not a list", "without a dash"},
        {BOWL "films: {each: problem}\n", "3:8", "films must be a list, not a mapping",
         "begins with a dash"},
        {LISTED("x: [1, 2], y: [1, 2, 3]"), "1:64", "'y' has 3 points where 'x' has 2", NULL},
        {LISTED("x: [1, 2], y: [1, 2], z: [1, 2]"), "1:49", "needs the key 'response'",
         "response: y"},
        {LISTED("x: [1, 2], y: [1, 2], sigma: [1, 2]"), "1:79", "sigma names a list", "sigma: s"},
        {LISTED("x: [1, 2], y: [1, -2], response: log(y)"), "1:49",
         "the response 'log(y)' is not finite at point 2", NULL},
        {LISTED("x: [1, 2], y: [1, 2], s: [1, 0], sigma: s"), "1:49",
         "the standard deviation of point 2 must be greater than 0", NULL},
        {LISTED("x: [1, 2], y: [1, 2], response: q"), "1:82", "'q' is not a list in the data",
         NULL},
        {"problems:\n\tp: 1\n", "2:1", "not YAML", "not with tabs"},
        {"title: a: b\n" BOWL, "1:9", "not YAML", "stands in quotes"},
        {"steps: 1\xc2\xa0"
         "000\n" BOWL,
         "1:8", "a whole number", NULL},
        {BOWL "output: {size: 13x7, formats: [mp4, gif]}\n", "3:16", "both sides must be", NULL},
        {BOWL "seed: 18446744073709551616\n", "3:7", "from 0 to 18446744073709551615", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        struct loaded l = load(cases[i].text, NULL);
        char where[40];
        assert_null(l.experiment);
        assert_int_equal(l.messages.errors, 1); /* each fault once */
        const struct orl_message *m = &l.messages.items[0];
        snprintf(where, sizeof where, "%u:%u", m->line, m->column);
        if (strcmp(where, cases[i].place) != 0 || !strstr(m->text, cases[i].words))
            fail_msg("%s at %s, not '%s' at %s", m->text, where, cases[i].words, cases[i].place);
        if (cases[i].hint && (!m->hint || !strstr(m->hint, cases[i].hint)))
            fail_msg("%s: the hint is '%s'", m->text, m->hint ? m->hint : "");
        loaded_release(&l);
    }
}

static void taken(void **state)
{
    struct loaded l = load("\xef\xbb\xbftitle: Bowl\nseed: 18446744073709551615\n" BOWL
                           "output: {max_size: 5e6, poster: False, font: null}\n",
                           NULL);
    (void)state;
    assert_non_null(l.experiment);
    assert_int_equal(l.messages.count, 0);
    assert_string_equal(l.experiment->title, "Bowl");
    assert_true(l.experiment->seed == UINT64_MAX);
    assert_int_equal(l.experiment->max_bytes, 5000000);
    assert_false(l.experiment->poster);
    assert_null(l.experiment->font);
    loaded_release(&l);
}

/* A # that hardly begins a comment is told; on a command line it begins none. */
static void hashes(void **state)
{
    static const struct {
        const char *line;
        bool warned;
    } cases[] = {
        {"title: run #2\n", true},       {"title: #2\n", true},
        {"description: a #b\n", true},   {"title: run # the second\n", false},
        {"title: \"run\" #2\n", false},  {"title: run#2\n", false},
        {"title: run  # ----\n", false},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        char text[300];
        snprintf(text, sizeof text, "%s" BOWL, cases[i].line);
        struct loaded l = load(text, NULL);
        assert_non_null(l.experiment);
        if ((l.messages.warnings > 0) != cases[i].warned)
            fail_msg("%s: %zu warnings", cases[i].line, l.messages.warnings);
        loaded_release(&l);
    }
    struct loaded l = load(BOWL, "title=#1 race");
    assert_string_equal(l.experiment->title, "#1 race");
    loaded_release(&l);
}

/* A path that the file has somewhere else is told whole. */
static void set_hints(void **state)
{
    static const struct {
        const char *set, *hint;
    } cases[] = {
        {"x=2", "did you mean `problems.p.start.x` or `problems.q.start.x`?"},
        {"q.start.x=2", "did you mean `problems.q.start.x`?"},
        {"sgd.lr=2", "did you mean `optimizers.sgd.lr`?"},
        {"learning_rate=2", "did you mean `optimizers.sgd.learning_rate`?"},
        {"1.length=2", "did you mean `films.1.length`?"},
        {"pace=log", "did you mean `films.0.pace`?"},
        {"theme=dark", "did you mean `output.theme`?"},
        {"stpes=2", "did you mean 'steps'?"},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        struct loaded l = load("problems: {p: {objective: x^2, start: {x: 1}}, q: {objective: x^4, "
                               "start: {x: 1}}}\noptimizers: {sgd: {learning_rate: 0.1}}\n"
                               "films: [{each: run}, {each: problem, length: 3}]\n",
                               cases[i].set);
        assert_null(l.experiment);
        assert_string_equal(l.messages.items[0].hint, cases[i].hint);
        loaded_release(&l);
    }
}

/* A map of very many keys is refused while it is read, and its keys cost the same each. */
static void many_keys(void **state)
{
    struct orl_text text = {0};
    (void)state;
    orl_text_puts(&text, BOWL "record:\n");
    for (size_t i = 0; i < 300000; i++)
        orl_text_printf(&text, "  k%zu: 1\n", i);
    struct loaded l = load(text.data, NULL);
    assert_null(l.experiment);
    assert_int_equal(l.messages.errors, 1);
    assert_int_equal(l.messages.items[0].line, 10004);
    assert_non_null(strstr(l.messages.items[0].text, "more than 10000 keys"));
    loaded_release(&l);
    orl_text_clear(&text);
    orl_text_puts(&text, BOWL "record: {every: 1, rows: 2, every: 3}\n");
    l = load(text.data, NULL);
    assert_string_equal(l.messages.items[0].text, "'every' is there already, in line 3");
    loaded_release(&l);
    orl_text_uninit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),   cmocka_unit_test(taken),     cmocka_unit_test(hashes),
        cmocka_unit_test(set_hints), cmocka_unit_test(many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
