/* Experiment files: what they become. */
#include "orl_test.h"

#include "encode/tables.h"
#include "scene/tables.h"
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

static void defaults(void **state)
{
    struct loaded l = good(PROBLEM SGD, NULL);
    const struct orl_experiment *e = l.experiment;
    (void)state;
    assert_int_equal(e->steps, 5000);
    assert_int_equal(e->record_rows, 100000);
    assert_int_equal(e->run_count, 1);
    assert_string_equal(e->runs[0].name, "p/sgd");
    assert_string_equal(e->runs[0].file_name, "p-sgd");
    assert_string_equal(e->runs[0].title, "SGD");
    assert_string_equal(e->runs[0].details, "learning rate 0.1");
    assert_int_equal(e->film_count, 1);
    const struct orl_film_plan *f = &e->films[0];
    assert_string_equal(f->name, "p-sgd");
    assert_string_equal(f->title, "a + bx: SGD");
    assert_int_equal(f->pace, ORL_PACE_AUTO);
    assert_int_equal(f->panel_count, 2);
    assert_int_equal(f->output_count, 4);
    assert_string_equal(f->outputs[0].path, "p-sgd.mp4");
    assert_true(f->outputs[0].width == 1280 && f->outputs[0].height == 720 &&
                f->outputs[0].fps_num == 30);
    assert_true(f->outputs[1].width == 800 && f->outputs[1].height == 450 &&
                f->outputs[1].fps_num == 20);
    assert_true(f->outputs[2].poster && f->outputs[2].width == 1280 && !f->outputs[2].sidecar);
    assert_true(f->outputs[3].sidecar &&
                f->outputs[3].fps_num == 30); /* captions, at the video's rate */
    assert_string_equal(f->outputs[3].path, "p-sgd.vtt");
    loaded_release(&l);
}

static void sweeps(void **state)
{
    struct loaded l = good(
        PROBLEM
        "optimizers: {adam: {lr: [0.001, 1e-2, 0.1*step/steps], beta1: [0.9, 0.5]}, sgd: {}}\n",
        NULL);
    const struct orl_experiment *e = l.experiment;
    (void)state;
    assert_int_equal(e->run_count, 7);
    assert_string_equal(e->runs[0].name, "p/adam@learning_rate=0.001,beta1=0.9");
    assert_string_equal(e->runs[1].name, "p/adam@learning_rate=0.001,beta1=0.5");
    assert_string_equal(e->runs[2].file_name, "p-adam@learning_rate=0.01,beta1=0.9");
    assert_string_equal(e->runs[4].name, "p/adam@learning_rate=#1,beta1=0.9");
    assert_string_equal(e->runs[1].title, "Adam, lr 0.001, beta1 0.5");
    assert_string_equal(e->runs[4].values[0].text, "0.1*step/steps");
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(e->runs[i].style, i);
    loaded_release(&l);
}

/* A grid of what cannot be shown for each run is warned of, once. */
static void grids(void **state)
{
    static const char *const panels[] = {"table", "text", "[table, text]", "[table, fit]", "loss"};
    (void)state;
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++) {
        char text[600];
        snprintf(text, sizeof text,
                 PROBLEM "optimizers: {sgd: {learning_rate: [0.1, 0.2]}}\n"
                         "films: [{each: problem, layout: grid, panels: %s, axes: {%s}}]\n",
                 panels[i], strstr(panels[i], "text") ? "text: {text: words}" : "");
        struct loaded l = good(text, NULL);
        assert_int_equal(l.messages.warnings, i < 3);
        loaded_release(&l);
    }
}

static void outputs(void **state)
{
    struct loaded l = good(PROBLEM SGD "output: {formats: {gif: {colors: 64, fps: 30}, mp4: {crf: "
                                       "18, size: 320x180}}, fps: 25, poster: false}\n",
                           NULL);
    const struct orl_output_plan *gif = &l.experiment->films[0].outputs[0],
                                 *mp4 = &l.experiment->films[0].outputs[1];
    (void)state;
    assert_int_equal(l.experiment->films[0].output_count, 3); /* and captions */
    assert_int_equal(l.messages.warnings, 1);
    assert_true(gif->fps_num == 25 && gif->fps_den == 1 && gif->values[0].number == 64);
    assert_true(mp4->fps_num == 25 && mp4->width == 320 &&
                mp4->values[orl_setting_find(mp4->format->settings, "crf")].number == 18);
    CHECK_NEAR(mp4->text_px, 9, 1e-12); /* and not 24 px / 4, which nobody could read */
    loaded_release(&l);
    l = good(PROBLEM SGD "output: {preset: slides}\n", NULL);
    assert_int_equal(l.experiment->films[0].output_count, 3); /* and the poster, and captions */
    assert_int_equal(l.experiment->films[0].outputs[0].width, 1920);
    assert_true(l.experiment->films[0]
                    .outputs[0]
                    .values[orl_setting_find(orl_format_find("mp4")->settings, "crf")]
                    .number == 17);
    loaded_release(&l);
}

/* What stands beside films: a sheet of the first format's look, captions at the rate of a video. A
 * long film has fewer pages. */
static void beside(void **state)
{
    struct loaded l =
        good(PROBLEM SGD
             "films: [{each: run, length: 20}]\noutput: {formats: [pdf, mp4], contact: 4x3}\n",
             NULL);
    const struct orl_film_plan *film = &l.experiment->films[0];
    const struct orl_output_plan *pdf = &film->outputs[0], *vtt = &film->outputs[3],
                                 *sheet = &film->outputs[4];
    (void)state;
    assert_int_equal(film->output_count, 5);
    assert_true(pdf->fps_num == 6 && pdf->fps_den == 1 && !pdf->sidecar); /* 120 pages */
    assert_true(vtt->fps_num == 30 && vtt->fps_den == 1 && vtt->sidecar);
    assert_string_equal(vtt->path, "p-sgd.vtt");
    assert_true(sheet->columns == 4 && sheet->rows == 3 && sheet->sidecar &&
                sheet->width == pdf->width);
    assert_string_equal(sheet->path, "p-sgd-contact.png");
    loaded_release(&l);
}

static void options(void **state)
{
    static const char *const set[] = {"optimizers.sgd.learning_rate=0.5", "steps=7",
                                      "films.0.length=3", "output.size=640x360"};
    struct orl_experiment_options o = {
        .set = set, .set_count = 4, .preset = "github", .formats = "mp4"};
    struct loaded l =
        good(PROBLEM SGD "films: [{each: run}]\noutput: {formats: {mp4: {crf: 1}}, fps: 50}\n", &o);
    const struct orl_output_plan *mp4 = &l.experiment->films[0].outputs[0];
    (void)state;
    assert_true(l.experiment->runs[0].values[0].number == 0.5 && l.experiment->steps == 7 &&
                l.experiment->films[0].length_s == 3);
    assert_true(mp4->width == 640 && mp4->fps_num == 30 &&
                mp4->values[orl_setting_find(mp4->format->settings, "crf")].number == 20);
    loaded_release(&l);
    o = (struct orl_experiment_options){.only = "p/s*"};
    l = good(PROBLEM "optimizers: {sgd: {}, adam: {}}\nfilms: [{each: run}, {each: problem}]\n",
             &o);
    assert_int_equal(l.experiment->run_count, 1);
    assert_int_equal(l.experiment->film_count, 1);
    loaded_release(&l);
    o.only = "*race";
    l = good(PROBLEM "optimizers: {sgd: {}, adam: {}}\nfilms: [{each: run}, {each: problem}]\n",
             &o);
    assert_int_equal(l.experiment->run_count, 2);
    assert_int_equal(l.experiment->film_count, 1);
    assert_string_equal(l.experiment->films[0].title, "a + bx: two optimizers");
    loaded_release(&l);
    static const char *const wrong[] = {"stpes=1", "films.3.length=1", "steps.x=1", "steps=many"};
    static const char *const words[] = {"no such key", "no such entry", "behind a single value",
                                        "whole number"};
    for (size_t i = 0; i < 4; i++) {
        o = (struct orl_experiment_options){.set = &wrong[i], .set_count = 1};
        refused(PROBLEM SGD "films: [{each: run}]\nsteps: 3\n", &o, ORL_EUSAGE, NULL, words[i]);
    }
    o = (struct orl_experiment_options){.only = "nothing"};
    refused(PROBLEM SGD, &o, ORL_EUSAGE, NULL, "nothing");
}

/* A tuned rate is told by where it is looked for, then by what was chosen; the name stays. */
static void tuned(void **state)
{
    struct loaded l = good(PROBLEM "optimizers: {sgd: {lr: {tune: [0.001, 1], trials: 9}}, "
                                   "adam: {learning_rate: {tune: [0.001, 1]}, beta1: 0.8}}\n",
                           NULL);
    struct orl_run_plan *sgd = &l.experiment->runs[0], *adam = &l.experiment->runs[1];
    char before[65], after[65];
    (void)state;
    assert_int_equal(l.experiment->run_count, 2);
    assert_string_equal(sgd->name, "p/sgd");
    assert_int_equal(sgd->tune.trials, 9);
    assert_int_equal(adam->tune.trials, 60);
    assert_true(adam->tune.from == 0.001 && adam->tune.to == 1);
    assert_string_equal(sgd->details, "learning rate from 0.001 to 1 (best of 9)");
    orl_output_key(l.experiment, 0, 0, before);
    assert_true(orl_run_tell_tuned(sgd, 0.123456) && orl_run_tell_tuned(adam, 0.5));
    assert_string_equal(sgd->details, "learning rate 0.123 (best of 9)");
    assert_string_equal(adam->details, "learning rate 0.5 (best of 60), beta1 0.8");
    orl_output_key(l.experiment, 0, 0, after);
    assert_string_equal(before, after); /* what the film is made of was known before */
    loaded_release(&l);
    l = good(PROBLEM "optimizers: {sgd: {lr: {tune: [0.001, 2], trials: 9}}, "
                     "adam: {learning_rate: {tune: [0.001, 1]}, beta1: 0.8}}\n",
             NULL);
    orl_output_key(l.experiment, 0, 0, after);
    assert_string_not_equal(before, after);
    loaded_release(&l);
}

/* Repeats have names and seeds of their own, share a style, and are one film of each run. */
static void repeats(void **state)
{
    struct loaded l =
        good(PROBLEM "optimizers: {sgd: {learning_rate: [0.1, 0.2], batch: 3, repeat: "
                     "4}, adam: {}}\n"
                     "films: [{each: run}, {each: problem, name: race}]\n",
             NULL);
    const struct orl_experiment *e = l.experiment;
    (void)state;
    assert_int_equal(e->run_count, 9);
    assert_string_equal(e->runs[0].name, "p/sgd@learning_rate=0.1,repeat=1");
    assert_string_equal(e->runs[7].file_name, "p-sgd@learning_rate=0.2,repeat=4");
    assert_string_equal(e->runs[7].title, "SGD, lr 0.2");
    assert_string_equal(e->runs[7].details, "learning rate 0.2, batch 3, middle of 4");
    assert_true(e->runs[0].seed == e->seed && e->runs[8].seed == e->seed);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(e->runs[i].seed != e->runs[k].seed);
    for (size_t i = 0; i < 4; i++) { /* the same seeds for both rates: a fair race */
        assert_true(e->runs[i].seed == e->runs[4 + i].seed);
        assert_true(e->runs[i].style == 0 && e->runs[4 + i].style == 1);
    }
    assert_int_equal(e->film_count, 4);
    assert_string_equal(e->films[1].name, "p-sgd@learning_rate=0.2");
    assert_int_equal(e->films[1].run_count, 4);
    assert_int_equal(e->films[1].runs[0], 4);
    assert_string_equal(e->films[2].name, "p-adam");
    assert_int_equal(e->films[3].run_count, 9);
    assert_non_null(strstr(e->films[3].title, "three runs"));
    loaded_release(&l);
    l = good(PROBLEM
             "optimizers: {sgd: {batch: 3, repeat: 2}, adam: {}}\nfilms: [{each: problem}]\n",
             NULL);
    assert_non_null(strstr(l.experiment->films[0].title, "two optimizers"));
    loaded_release(&l);
}

/* Shapes are rows of parameters. */
static void shapes(void **state)
{
    struct loaded l = good("problems: {p: {objective: a^2+b^2+c^2+d^2+e^2, start: {a: 1, b: 1, c: "
                           "1, d: 1, e: 1}, shapes: {W: [[d, a], [c, b]], v: [[e]]}}}\n"
                           "optimizers: {muon: {}}\n",
                           NULL);
    const struct orl_problem_plan *p = &l.experiment->problems[0];
    static const size_t places[] = {3, 0, 2, 1};
    (void)state;
    assert_int_equal(p->shape_count, 2);
    assert_true(p->shapes[0].rows == 2 && p->shapes[0].columns == 2);
    assert_memory_equal(p->shapes[0].parameters, places, sizeof places);
    assert_string_equal(p->shapes[1].name, "v");
    assert_int_equal(p->shapes[1].parameters[0], 4);
    loaded_release(&l);
}

/* A map of `lookahead` switches it on; its sweeps are called by the whole name. */
static void groups(void **state)
{
    struct loaded l = good(PROBLEM "optimizers: {adam: {lookahead: {steps: [4, 9]}, sam: 0.1}, "
                                   "sgd: {lookahead: true}}\n",
                           NULL);
    const struct orl_value *common = l.experiment->runs[1].common;
    (void)state;
    assert_string_equal(l.experiment->runs[1].name, "p/adam@lookahead.steps=9");
    assert_true(common[ORL_COMMON_LOOKAHEAD].number == 1 && common[ORL_COMMON_SAM].number == 0.1);
    assert_true(common[ORL_COMMON_LOOKAHEAD_STEPS].number == 9);
    assert_true(common[ORL_COMMON_LOOKAHEAD_RATE].number == 0.5);
    common = l.experiment->runs[2].common;
    assert_true(common[ORL_COMMON_LOOKAHEAD].number == 1);
    assert_true(common[ORL_COMMON_LOOKAHEAD_STEPS].number == 5);
    loaded_release(&l);
}

static void objectives(void **state)
{
    struct loaded l = good("problems: {v: {objective: (1-x)^2 + 100*(y-x^2)^2, start: {x: -1.2, y: "
                           "1}, minimum: {x: 1, y: 1}, "
                           "domain: {x: [-2, 2]}}}\n" SGD,
                           NULL);
    struct orl_problem *p = NULL;
    (void)state;
    assert_int_equal(l.experiment->films[0].panel_count, 2);
    assert_string_equal(l.experiment->films[0].panels[0].desc->name, "surface");
    assert_string_equal(l.experiment->films[0].panels[1].desc->name, "loss");
    assert_int_equal(
        orl_problem_open(&l.experiment->problems[0], &orl_limits_default, &l.messages, &p, NULL),
        ORL_OK);
    assert_null(orl_problem_data(p));
    assert_true(orl_problem_truth(p)[0] == 1);
    orl_problem_destroy(&p);
    loaded_release(&l);
}

static void built_in(void **state)
{
    struct orl_experiment_source source = {0};
    struct orl_messages messages = {0};
    (void)state;
    for (size_t i = 0; orl_builtins[i].name; i++) {
        struct orl_experiment *e = NULL;
        struct orl_experiment_options none = {0};
        assert_int_equal(
            orl_experiment_read(orl_builtins[i].name, &orl_limits_default, &source, &messages),
            ORL_OK);
        assert_int_equal(orl_experiment_load(&source, &none, &orl_limits_default, &messages, &e),
                         ORL_OK);
        assert_int_equal(messages.count, 0);
        assert_string_equal(e->title, orl_builtins[i].title);
        orl_experiment_destroy(&e);
        orl_experiment_source_uninit(&source);
    }
    assert_int_equal(orl_experiment_read("asignment", &orl_limits_default, &source, &messages),
                     ORL_EINPUT);
    assert_string_equal(messages.items[0].hint, "did you mean 'assignment'?");
    orl_messages_uninit(&messages);
    char *template = orl_experiment_template("mine"), *schema = orl_experiment_schema();
    struct loaded l = good(template, NULL);
    assert_string_equal(l.experiment->title, "mine");
    assert_int_equal(l.messages.count, 0);
    assert_non_null(strstr(schema, "\"learning_rate\""));
    loaded_release(&l);
    free(template);
    free(schema);
}

static void themes(void **state)
{
    struct loaded l = good(
        PROBLEM SGD
        "output: {theme: {base: dark, background: \"#123\", colors: [\"#FFD166\", \"#06d6a0\"]}}\n",
        NULL);
    (void)state;
    const struct orl_theme_spec *theme = &l.experiment->theme;
    assert_string_equal(theme->base, "dark");
    assert_true(theme->roles[0].given && !theme->roles[1].given);
    assert_int_equal(theme->roles[0].rgb, 0x112233);
    assert_int_equal(theme->color_count, 2);
    assert_int_equal(theme->colors[0], 0xffd166);
    assert_int_equal(theme->colors[1], 0x06d6a0);
    assert_int_equal(l.messages.count, 0);
    loaded_release(&l);
    l = good(PROBLEM SGD "output: {theme: {ink: \"#cccccc\"}}\n", NULL);
    assert_int_equal(l.messages.warnings, 1);
    assert_non_null(strstr(l.messages.items[0].text, "contrast"));
    loaded_release(&l);
    refused(PROBLEM SGD "output: {theme: {paper: \"#cccccc\"}}\n", NULL, ORL_EINPUT, "3:18",
            "paper");
    refused(PROBLEM SGD "output: {theme: {ink: grey}}\n", NULL, ORL_EINPUT, "3:23",
            "takes a colour");
    refused(PROBLEM SGD "output: {theme: {colors: []}}\n", NULL, ORL_EINPUT, "3:26",
            "1 to 10 colours");
    refused(PROBLEM SGD "output: {theme: pale}\n", NULL, ORL_EINPUT, "3:17", "pale");
}

/* Problems without a seed have one of their own, which follows the experiment's; a given one
 * stays. */
static void problems_have_seeds_of_their_own(void **state)
{
    static const char *const text =
        "problems: {p: {model: a*x, start: {a: 0}, data: {x: [1, 2], truth: {a: 1}}}, "
        "q: {model: a*x, start: {a: 0}, data: {x: [1, 2], truth: {a: 1}}}, "
        "r: {model: a*x, start: {a: 0}, data: {x: [1, 2], truth: {a: 1}, seed: 7}}}\n" SGD;
    char other[1024];
    (void)state;
    snprintf(other, sizeof other, "seed: 2\n%s", text);
    struct loaded l = loaded_make(text, NULL), again = loaded_make(text, NULL),
                  m = loaded_make(other, NULL);
    const struct orl_problem_plan *a = l.experiment->problems, *b = again.experiment->problems,
                                  *c = m.experiment->problems;
    assert_true(a[0].seed != a[1].seed && a[0].seed != 1);
    assert_true(a[0].seed == b[0].seed && a[1].seed == b[1].seed);
    assert_true(a[0].seed != c[0].seed && a[1].seed != c[1].seed);
    assert_true(a[2].seed == 7 && c[2].seed == 7);
    loaded_release(&l);
    loaded_release(&again);
    loaded_release(&m);
}

/* What somebody has loaded before is not tried again: a worker reads in no time what took long to
 * check. */
static void what_was_checked_is_not_tried_again(void **state)
{
    const char
        *schedule = PROBLEM "optimizers: {sgd: {learning_rate: 2-step}}\nsteps: 5\n",
        *start = "problems: {p: {model: sqrt(a*x), start: {a: 0}, "
                 "data: {x: [0, 2], truth: {a: 1}}}}\n" SGD,
        *file =
            "problems: {p: {model: a*x, start: {a: 0}, data: {file: gone.csv, response: y}}}\n" SGD;
    const char *const texts[] = {schedule, start, file};
    struct orl_experiment_options checked = {.checked = true};
    (void)state;
    refused(schedule, NULL, ORL_EINPUT, "2:35", "the schedule of learning_rate gives");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct loaded l = loaded_make(texts[i], NULL);
        assert_int_equal(l.ret, ORL_EINPUT);
        loaded_release(&l);
        l = good(texts[i], &checked);
        assert_int_equal(l.experiment->run_count, 1);
        loaded_release(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(sweeps),
        cmocka_unit_test(grids),
        cmocka_unit_test(outputs),
        cmocka_unit_test(beside),
        cmocka_unit_test(options),
        cmocka_unit_test(groups),
        cmocka_unit_test(tuned),
        cmocka_unit_test(repeats),
        cmocka_unit_test(shapes),
        cmocka_unit_test(objectives),
        cmocka_unit_test(built_in),
        cmocka_unit_test(themes),
        cmocka_unit_test(problems_have_seeds_of_their_own),
        cmocka_unit_test(what_was_checked_is_not_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
