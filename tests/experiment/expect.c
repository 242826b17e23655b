/* `expect`: which facts an entry makes, of which runs, and what is refused. */
#include "base/array.h"
#include "base/text.h"
#include "support/loaded.h"

#define BASE                                                                                       \
    "problems:\n"                                                                                  \
    "  p: {model: a + b*x, start: {a: 0, b: 0}, data: {x: [0, 1], truth: {a: 1, b: 2}}}\n"         \
    "  q: {objective: x^2, start: {x: 1}}\n"                                                       \
    "optimizers: {sgd: {}, adam: {learning_rate: [0.1, 0.2]}}\n"                                   \
    "runs: {except: [q/sgd]}\nexpect:\n"

static struct loaded load(const char *entries, const char *only)
{
    struct orl_experiment_options options = {.only = only};
    char *text = orl_asprintf("%s%s", BASE, entries);
    struct loaded l = loaded_make(text, &options);
    free(text);
    return l;
}

static struct loaded load_good(const char *entries)
{
    struct loaded l = load(entries, NULL);
    if (!l.experiment)
        fail_msg("%s: %s", entries, l.messages.items[0].text);
    return l;
}

static void comparisons(void **state)
{
    static const struct {
        const char *text, *what;
        enum orl_relation relation;
        double value, tolerance;
    } cases[] = {
        {"loss: \"< 1e-3\"", "p/sgd: loss < 1e-3", ORL_RELATION_BELOW, 1e-3, 0},
        {"loss: <1e-3", "p/sgd: loss < 1e-3", ORL_RELATION_BELOW, 1e-3, 0},
        {"loss: \"<= 5\"", "p/sgd: loss <= 5", ORL_RELATION_AT_MOST, 5, 0},
        {"loss: \"≤5\"", "p/sgd: loss ≤ 5", ORL_RELATION_AT_MOST, 5, 0},
        {"loss: \" >  -2 \"", "p/sgd: loss > -2", ORL_RELATION_ABOVE, -2, 0},
        {"loss: \">=2\"", "p/sgd: loss >= 2", ORL_RELATION_AT_LEAST, 2, 0},
        {"loss: 3 ± 0.1", "p/sgd: loss = 3 ± 0.1", ORL_RELATION_NEAR, 3, 0.1},
        {"loss: -3+-0.1", "p/sgd: loss = -3+-0.1", ORL_RELATION_NEAR, -3, 0.1},
        {"loss: 3 +/- 1", "p/sgd: loss = 3 +/- 1", ORL_RELATION_NEAR, 3, 1},
        {"steps: 5000", "p/sgd: steps = 5000", ORL_RELATION_NEAR, 5000, 0},
        {"rank: \"<= 2\"", "p/sgd: rank <= 2", ORL_RELATION_AT_MOST, 2, 0},
        {"gradient_norm: \"< 1\"", "p/sgd: gradient_norm < 1", ORL_RELATION_BELOW, 1, 0},
        {"level_step: \"< 1\"", "p/sgd: level_step < 1", ORL_RELATION_BELOW, 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        char entry[200];
        snprintf(entry, sizeof entry, "  - {run: p/sgd, %s}\n", cases[i].text);
        struct loaded l = load_good(entry);
        const struct orl_expectation *fact = l.experiment->expectations;
        assert_int_equal(l.experiment->expectation_count, 1);
        assert_string_equal(fact->what, cases[i].what);
        assert_int_equal(fact->relation, cases[i].relation);
        assert_true(fact->value == cases[i].value && fact->tolerance == cases[i].tolerance);
        assert_int_equal(fact->run_count, 1);
        assert_string_equal(fact->runs[0], "p/sgd");
        assert_int_equal(fact->line, 7);
        loaded_release(&l);
    }
}

/* A fact for each run that is meant, problem by problem. */
static void of_runs(void **state)
{
    static const struct {
        const char *entry, *whats[5];
    } cases[] = {
        {"  - {run: \"adam*0.2\", status: converged}\n",
         {"p/adam@learning_rate=0.2: status converged",
          "q/adam@learning_rate=0.2: status converged"}},
        {"  - {problem: q, steps: 1}\n",
         {"q/adam@learning_rate=0.1: steps = 1", "q/adam@learning_rate=0.2: steps = 1"}},
        {"  - {run: \"*/sgd\", steps_to: {1e-2: \"< 5\", 0.3: 7}}\n",
         {"p/sgd: steps to 1e-2 < 5", "p/sgd: steps to 0.3 = 7"}},
        /* of those that have it */
        {"  - {run: \"adam*1\", parameters: {x: 0 ± 1}}\n",
         {"q/adam@learning_rate=0.1: x = 0 ± 1"}},
        {"  - {order: [\"adam*2\", \"adam*1\"]}\n",
         {"p: order adam*2, adam*1", "q: order adam*2, adam*1"}},
        /* a problem without one of them has the order of the others */
        {"  - {order: [sgd, \"adam*2\", \"adam*1\"]}\n",
         {"p: order sgd, adam*2, adam*1", "q: order adam*2, adam*1"}},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        struct loaded l = load_good(cases[i].entry);
        size_t count = 0;
        while (cases[i].whats[count])
            count++;
        assert_int_equal(l.experiment->expectation_count, count);
        for (size_t k = 0; k < count; k++)
            assert_string_equal(l.experiment->expectations[k].what, cases[i].whats[k]);
        loaded_release(&l);
    }
}

static void details(void **state)
{
    (void)state;
    struct loaded l =
        load_good("  - {run: p/sgd, steps_to: {0.25: \"< 9\"}, parameters: {b: 2 ± 1}, "
                  "status: diverged}\n"
                  "  - problem: p\n    order: [\"adam*\", sgd]\n");
    const struct orl_expectation *facts = l.experiment->expectations;
    assert_int_equal(l.experiment->expectation_count, 4);
    assert_int_equal(facts[0].quantity, ORL_QUANTITY_STEPS_TO);
    assert_true(facts[0].threshold == 0.25);
    assert_int_equal(facts[0].column, 35);
    assert_string_equal(facts[1].parameter, "b");
    assert_int_equal(facts[2].status, ORL_STATUS_DIVERGED);
    assert_int_equal(facts[3].quantity, ORL_QUANTITY_ORDER);
    assert_int_equal(facts[3].line, 9);
    assert_int_equal(facts[3].run_count, 3);
    assert_string_equal(facts[3].runs[1], "p/adam@learning_rate=0.2");
    assert_int_equal(facts[3].places[1], 0);
    assert_string_equal(facts[3].runs[2], "p/sgd");
    assert_int_equal(facts[3].places[2], 1);
    loaded_release(&l);
}

/* What --only leaves out is still expected: it is not judged. */
static void under_only(void **state)
{
    (void)state;
    struct loaded l = load("  - {status: finished}\n", "p/sgd");
    assert_int_equal(l.ret, ORL_OK);
    assert_int_equal(l.experiment->run_count, 1);
    assert_int_equal(l.experiment->expectation_count, 5);
    loaded_release(&l);
}

static void refused(void **state)
{
    static const struct {
        const char *entry, *words, *hint;
    } cases[] = {
        {"  - {run: p/sgd, loss: 1e-3}\n", "loss must be a comparison, not '1e-3'", "< 1e-3"},
        {"  - {run: p/sgd, loss: small}\n", "not 'small'", "3 ± 0.1"},
        {"  - {run: p/sgd, loss: \"< nan\"}\n", "not '< nan'", NULL},
        {"  - {run: p/sgd, loss: \"3 ± -1\"}\n", "not '3 ± -1'", NULL},
        {"  - {run: p/sgd, steps: many}\n", "steps must be a comparison", "whole number"},
        {"  - {run: p/sgd, loss: \"= 3\"}\n", "not '= 3'", NULL},
        {"  - {run: p/sgd, status: done}\n", "status", "finished"},
        {"  - {run: p/sdg, steps: 1}\n", "there is no run 'p/sdg'", "p/sgd"},
        {"  - {run: q/sgd, steps: 1}\n", "there is no run 'q/sgd'", NULL},
        {"  - {run: addam, steps: 1}\n", "there is no run 'addam'", NULL},
        {"  - {problem: r, steps: 1}\n", "there is no problem 'r'", "p, q"},
        {"  - {problem: q, run: sgd, steps: 1}\n", "no run is of that problem", NULL},
        {"  - {run: p/sgd}\n", "this expects nothing", "status"},
        {"  - {run: p/sgd, los: \"< 1\"}\n", "unknown key 'los'", "'loss'"},
        {"  - {run: p/sgd, parameters: {x: 1 ± 1}}\n", "has a parameter 'x'", NULL},
        {"  - {run: p/sgd, steps_to: {soon: 1}}\n", "the loss of steps_to must be a number", NULL},
        {"  - {order: [sgd]}\n", "two optimizers or more", "better one first"},
        {"  - {order: [sgd, lion]}\n", "there is no run 'lion'", NULL},
        {"  - {problem: q, order: [sgd, \"adam*\"]}\n", "there is no run 'sgd'", NULL},
        {"  - {run: p/sgd, order: [sgd, \"adam*\"]}\n", "it takes no `run`", "problem"},
        {"  loss: 1\n", "expect must be a list", NULL},
        /* told once, whatever the number of runs */
        {"  - {loss: 5}\n", "not '5'", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ORL_COUNT(cases); i++) {
        struct loaded l = load(cases[i].entry, NULL);
        assert_int_equal(l.ret, ORL_EINPUT);
        assert_int_equal(l.messages.count, 1);
        if (!strstr(l.messages.items[0].text, cases[i].words))
            fail_msg("%s: %s", cases[i].entry, l.messages.items[0].text);
        if (cases[i].hint && !strstr(l.messages.items[0].hint, cases[i].hint))
            fail_msg("%s: %s", cases[i].entry, l.messages.items[0].hint);
        loaded_release(&l);
    }
}

/* Entries times runs are bounded. */
static void too_many(void **state)
{
    struct orl_text text = {0};
    (void)state;
    for (size_t i = 0; i < 20001; i++)
        orl_text_puts(&text, "  - {status: finished}\n");
    struct loaded l = load(text.data, NULL);
    assert_int_equal(l.ret, ORL_EINPUT);
    assert_non_null(strstr(l.messages.items[0].text, "more than 100000 facts"));
    loaded_release(&l);
    orl_text_uninit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons), cmocka_unit_test(of_runs), cmocka_unit_test(details),
        cmocka_unit_test(under_only),  cmocka_unit_test(refused), cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
