/* Experiment files: what is refused, and where. */
#include "support/loaded.h"

#define PROBLEM                                                                                    \
    "problems: {p: {model: a+b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 9}, "     \
    "truth: {a: 1, b: 2}}}}\n"
#define SGD "optimizers: {sgd: {learning_rate: 0.1}}\n"

static struct loaded good(const char *text, const struct orl_experiment_options *options)
{
    struct loaded l = loaded_make(text, options);
    if (l.ret != ORL_OK)
        fail_msg("%s", l.messages.items[0].text);
    return l;
}

static void refused(const char *text, const struct orl_experiment_options *options, int code,
                    const char *place, const char *words)
{
    struct loaded l = loaded_make(text, options);
    char where[64];
    if (l.ret != code)
        fail_msg("%s: %d, not %d: %s", words, l.ret, code,
                 l.messages.count ? l.messages.items[0].text : "no message");
    snprintf(where, sizeof where, "%u:%u", l.messages.items[0].line, l.messages.items[0].column);
    if ((place && strcmp(where, place) != 0) || !strstr(l.messages.items[0].text, words))
        fail_msg("%s at %s, expected '%s' at %s", l.messages.items[0].text, where, words, place);
    loaded_release(&l);
}

static void faults(void **state)
{
    static const struct {
        const char *text, *place, *words;
    } cases[] = {
        {"a: [1\n", NULL, ""},
        {"- 1\n", "1:1", "not an experiment"},
        {PROBLEM, "1:1", "'optimizers' is missing"},
        {PROBLEM SGD "steps: 1\nsteps: 2\n", "4:1", "steps"},
        {PROBLEM SGD "color: 2\n", "3:1", "unknown key"},
        {PROBLEM "optimizers: {adma: {}}\n", "2:14", "unknown optimizer"},
        {PROBLEM "optimizers: {x: {kind: adma}}\n", "2:24", "unknown optimizer"},
        {PROBLEM "optimizers: {sgd: {lr: 1, learning_rate: 1}}\n", "2:27", "twice"},
        {PROBLEM "optimizers: {sgd: {learning_rate: []}}\n", "2:35", "no values"},
        {PROBLEM "optimizers: {sgd: {learning_rate: 0.1*x}}\n", "2:39", "'x' is unknown"},
        {PROBLEM "optimizers: {sgd: {learning_rate: 1/(step-40)}}\nsteps: 50\n", "2:35",
         "at step 1;"},
        {PROBLEM "optimizers: {sgd: {learning_rate: log(steps-step)}}\nsteps: 50\n", "2:35",
         "at step 50;"},
        {PROBLEM
         "optimizers: {newton: {}, gauss-newton: {}}\nfilms: [{each: run, panels: [text]}]\n",
         NULL, "needs its words"},
        {PROBLEM "optimizers: {sgd: {}}\nfilms: [{each: run, panels: [parameters], axes: "
                 "{parameters: {parameters: [zeta]}}}]\n",
         NULL, "not a parameter"},
        {"problems: {p: {objective: rosenbrock}}\noptimizers: {lm: {kind: levenberg-marquardt}}\n",
         "2:14", "needs data"},
        {"problems: {p: {objective: rosenbrock}}\n" SGD "films: [{each: run, panels: [fit]}]\n",
         "3:30", "a fit panel needs data"},
        {PROBLEM
         "optimizers: {o: {state: {m: 0}, hyper: {lr: 0.1}, update: 'm = g; p = p - lr*q'}}\n",
         NULL, "'q' is unknown"},
        {PROBLEM "optimizers: {o: {state: {g: 0}, update: 'p = p - g'}}\n", "2:26",
         "meaning of its own"},
        {PROBLEM SGD "runs: {add: [{name: t, problem: p, trace: gone.csv}]}\n", NULL, "gone.csv"},
        {PROBLEM SGD "runs: {add: [{name: t, problem: q, trace: gone.csv}]}\n", NULL,
         "unknown problem"},
        {PROBLEM "optimizers: {a/b: {kind: sgd}}\n", "2:14", "not a name"},
        {PROBLEM SGD "films: [{each: run, panels: [fti]}]\n", "3:30", "unknown panel"},
        {PROBLEM SGD
         "films: [{each: run, panels: [surface], axes: {surface: {parameters: [a, q]}}}]\n",
         "3:73", "'q' is not a parameter"},
        {PROBLEM SGD "films: [{each: run, panels: [surface], axes: {surface: {parameters: a}}}]\n",
         "3:69", "must be 2 names"},
        {PROBLEM SGD
         "films: [{each: run, panels: [surface], axes: {surface: {parameters: [a, a]}}}]\n",
         "3:73", "twice"},
        {PROBLEM SGD "films: [{each: run, hold: {last: 10}}]\n", NULL, "leave nothing"},
        {PROBLEM SGD "films: [{each: run, name: x}, {each: problem, name: X}]\n", NULL,
         "two films"},
        {PROBLEM SGD "films: [{each: problem, name: '{optimizer}'}]\n", "3:31", "has no value"},
        {PROBLEM SGD "output: {formats: {webm: {codec: h264}}}\n", "3:34", "codec"},
        {PROBLEM SGD "output: {formats: [mp4, mp4]}\n", "3:25", "twice"},
        {PROBLEM SGD "output: {size: 99999x20}\n", "3:16", "from 16 to 8192"},
        {PROBLEM SGD "output: {size: 8000x8000}\n", "3:16", "pixels"},
        {PROBLEM SGD "output: {fps: 1000}\n", "3:15", "fps"},
        {PROBLEM SGD "output: {max_size: 5 MX}\n", "3:20", "a number of bytes"},
        {PROBLEM SGD "runs: {except: [p/adam]}\n", "3:17", "no run"},
        {PROBLEM "optimizers: {newton: {clip: 1}}\n", "2:23", "newton takes no clip"},
        {PROBLEM "optimizers: {rprop: {clip: 1}}\n", "2:22", "rprop takes no clip"},
        {PROBLEM "optimizers: {lbfgs: {sam: 0.1}}\n", "2:22", "lbfgs takes no sam"},
        {PROBLEM "optimizers: {adam: {lookahead: {stpes: 3}}}\n", "2:33", "no key 'stpes'"},
        {PROBLEM "optimizers: {adam: {lookahead: {steps: 0}}}\n", "2:40", "steps"},
        {PROBLEM "optimizers: {newton: {lookahead: {steps: 3}}}\n", "2:23", "no lookahead"},
        {PROBLEM "optimizers: {sgd: {learning_rate: {tune: [1, 0.1]}}}\n", "2:42", "must rise"},
        {PROBLEM "optimizers: {sgd: {learning_rate: {tune: [0, 1]}}}\n", "2:43", "from"},
        {PROBLEM "optimizers: {sgd: {learning_rate: {tune: 1}}}\n", "2:42", "two rates"},
        {PROBLEM "optimizers: {sgd: {learning_rate: {trials: 6}}}\n", NULL, "tune"},
        {PROBLEM "optimizers: {sgd: {learning_rate: {tune: [0.1, 1], trials: 0}}}\n", "2:60",
         "trials"},
        {PROBLEM "optimizers: {sgd: {lr: {tune: [0.1, 1]}, batch: [2, 3]}}\n", "2:14", "beside"},
        {PROBLEM "optimizers: {adam: {beta1: {tune: [0.1, 1]}}}\n", "2:28", "beta1"},
        {PROBLEM "optimizers: {sgd: {repeat: 3}}\n", "2:20", "mini-batches"},
        {PROBLEM "optimizers: {sgd: {batch: 3, repeat: 0}}\n", "2:38", "repeat"},
        {PROBLEM "optimizers: {muon: {}}\n", "2:14", "no shapes"},
        {"problems: {p: {objective: a^2+b^2, start: {a: 1, b: 1}, shapes: {W: [[a, c]]}}}\n" SGD,
         "1:74", "'c' is not a parameter"},
        {"problems: {p: {objective: a^2+b^2, start: {a: 1, b: 1}, shapes: {W: [[a, a]]}}}\n" SGD,
         "1:74", "two places"},
        {"problems: {p: {objective: a^2+b^2, start: {a: 1, b: 1}, shapes: {W: [[a, b], "
         "[a]]}}}\n" SGD,
         "1:78", "equally many"},
        {PROBLEM "optimizers: {lbfgs: {batch: 3}}\n", "2:22", "takes no batch"},
        {PROBLEM "optimizers: {rprop: {learning_rate: 0.1/step}}\n", "2:37", "learning_rate"},
        {PROBLEM SGD "runs: {except: ['*']}\n", NULL, "no run is left"},
        {"problems: {p: {model: a, start: {a: 0}}}\n" SGD, NULL, "data"},
        {"problems: {p: {objective: (1-x)^2, start: {y: 0}}}\n" SGD, "1:30", "'x'"},
        {"problems: {p: {model: a+b*x, start: {a: 0, b: 0, step: 1}, data: {x: [1], truth: {a: 1, "
         "b: 2, step: 1}}}}\n" SGD,
         NULL, "cannot be called"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i].text, NULL, ORL_EINPUT, cases[i].place, cases[i].words);
}

/* A name that two runs would share as a file. */
static void collisions(void **state)
{
    (void)state;
    refused("problems:\n  a: &x\n", NULL, ORL_EINPUT, NULL, "anchor");
    refused("problems: {a-b: {objective: x^2, start: {x: 1}}, a: {objective: x^2, start: {x: "
            "1}}}\noptimizers: {c: {kind: sgd}, "
            "b-c: {kind: sgd}}\n",
            NULL, ORL_EINPUT, NULL, "would share the file name");
}

static void keys(void **state)
{
    struct loaded a = good(PROBLEM SGD, NULL), b = good("title: other\n" PROBLEM SGD, NULL),
                  c = good(PROBLEM "optimizers: {sgd: {learning_rate: 0.2}}\n", NULL);
    char x[65], y[65];
    (void)state;
    orl_run_key(a.experiment, 0, x);
    orl_run_key(b.experiment, 0, y);
    assert_string_equal(x, y);
    orl_run_key(c.experiment, 0, y);
    assert_string_not_equal(x, y);
    orl_output_key(a.experiment, 0, 0, x);
    orl_output_key(a.experiment, 0, 1, y);
    assert_string_not_equal(x, y);
    orl_output_key(c.experiment, 0, 0, y);
    assert_string_not_equal(x, y);
    loaded_release(&a);
    loaded_release(&b);
    loaded_release(&c);
}

/* What cannot start is refused with the row and the parameter, and only where a run wants it. */
static void starts_that_are_not_finite(void **state)
{
    static const char *const text =
        "problems: {good: {model: a*x, start: {a: 0}, data: {x: [1, 2], truth: {a: 1}}}, "
        "bad: {model: sqrt(a*x), start: {a: 0}, data: {x: [0, 2], truth: {a: 1}}}}\n" SGD;
    struct orl_experiment_options only = {.only = "good/*"};
    (void)state;
    struct loaded l = loaded_make(text, NULL);
    assert_int_equal(l.ret, ORL_EINPUT);
    assert_string_equal(l.messages.items[0].text,
                        "the problem 'bad' cannot start: the derivative in "
                        "'a' is not finite at data row 2 (x = 2)");
    assert_non_null(strstr(l.messages.items[0].hint, "--only 'good/*'"));
    loaded_release(&l);
    l = loaded_make(text, &only);
    assert_int_equal(l.ret, ORL_OK);
    loaded_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults),
        cmocka_unit_test(collisions),
        cmocka_unit_test(keys),
        cmocka_unit_test(starts_that_are_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
