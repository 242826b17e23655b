/* The assignment as a report: 2 problems × 6 optimizers, 12 films and 2 races as mp4 and gif with
 * posters. The end points are those that a correct program reaches for the first four optimizers of
 * `quadratic`; the others are of the right kind. */
#ifndef ORL_TESTS_REPORT_SAMPLE_H
#define ORL_TESTS_REPORT_SAMPLE_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "optreel/report.h"

enum { SAMPLE_RUNS = 12, SAMPLE_FILMS = 42, SAMPLE_OPTIMIZERS = 6 };

static const char *const sample_parameters[] = {"alpha", "beta", "gamma"};
static const double sample_start[] = {3, -1, 6};
static const double sample_truths[2][3] = {{3, 6, 8}, {3, 6, 8e6}};
static const char *const sample_problems[2][2] = {{"quadratic", "α + βx + γx²"},
                                                  {"badscale", "α + βx + 10⁻⁶γx²"}};
static const char *const sample_setting_names[] = {"learning_rate", "epsilon_inside", "form"};

static const struct {
    const char *name, *title, *details, *color, *settings[3];
    double values[2][3], loss[2], norm[2];
    int64_t steps_to[2][3];
} sample_optimizers[SAMPLE_OPTIMIZERS] = {
    {"sgd",
     "SGD",
     "learning rate 0.01",
     "#0072b2",
     {"0.01", "false", "interim"},
     {{3.3471234567890123, 4.0452, 9.8850}, {1.667, 13.998, 6.0000122}},
     {0.018936, 0.35571},
     {8.12e-4, 7.6e-8},
     {{-1, -1, -1}, {-1, -1, -1}}},
    {"momentum",
     "Momentum",
     "learning rate 0.01, momentum 0.5",
     "#d55e00",
     {"0.01", "false", "interim"},
     {{3.262, 4.522, 9.426}, {1.6667, 14, 6.000012}},
     {0.0108, 0.35571},
     {6.1e-4, 8.9e-8},
     {{-1, -1, -1}, {-1, -1, -1}}},
    {"nesterov",
     "Nesterov momentum",
     "learning rate 0.01, momentum 0.5",
     "#009e73",
     {"0.01", "false", "interim"},
     {{3.262, 4.522, 9.426}, {1.6667, 14, 6.000012}},
     {0.010799, 0.35571},
     {6.1e-4, 8.9e-8},
     {{-1, -1, -1}, {-1, -1, -1}}},
    {"adagrad",
     "AdaGrad",
     "learning rate 0.01, epsilon 1e-7",
     "#cc79a7",
     {"0.01", "false", "interim"},
     {{4.218, 0.250, 7.259}, {4.7, -0.2, 7.38}},
     {2.8915, 9.4},
     {3.05, 5.5},
     {{-1, -1, -1}, {-1, -1, -1}}},
    {"rmsprop",
     "RMSProp",
     "learning rate 0.001, decay 0.9, epsilon 1e-06",
     "#000000",
     {"0.001", "true", "interim"},
     {{3.0004, 5.9989, 8.0006}, {2.1, 11.2, 11.04}},
     {3.1e-7, 1.02},
     {1.1e-3, 0.8},
     {{2104, 2688, 4120}, {-1, -1, -1}}},
    {"adam",
     "Adam",
     "learning rate 0.001",
     "#56b4e9",
     {"0.001", "false", "interim"},
     {{3.11, 5.41, 8.55}, {2.3, 10.1, 10.99}},
     {0.0018, 1.4},
     {9.3e-3, 1.1},
     {{3015, -1, -1}, {-1, -1, -1}}},
};

struct sample {
    struct orl_report report;
    struct orl_report_run runs[SAMPLE_RUNS];
    struct orl_report_film films[SAMPLE_FILMS];
    char names[SAMPLE_RUNS][64], stems[SAMPLE_RUNS + 2][64], titles[SAMPLE_RUNS + 2][128];
    char traces[SAMPLE_RUNS][96], logs[SAMPLE_RUNS][96], paths[SAMPLE_FILMS][96];
    const char *members[SAMPLE_RUNS]; /* names of the runs, by problem */
};

static const struct orl_report_version sample_versions[] = {{"optreel", "0.1.0"},
                                                            {"cairo", "1.16.0"},
                                                            {"pango", "1.50.12"},
                                                            {"libavcodec", "59.37.100"},
                                                            {"libx264", "0.164.3095"}};

static inline void sample_run(struct sample *s, size_t p, size_t o)
{
    size_t i = p * SAMPLE_OPTIMIZERS + o;
    snprintf(s->names[i], sizeof s->names[i], "%s/%s", sample_problems[p][0],
             sample_optimizers[o].name);
    snprintf(s->stems[i], sizeof s->stems[i], "%s-%s", sample_problems[p][0],
             sample_optimizers[o].name);
    snprintf(s->titles[i], sizeof s->titles[i], "%s: %s", sample_problems[p][1],
             sample_optimizers[o].title);
    snprintf(s->traces[i], sizeof s->traces[i], "traces/%s-%s.csv", sample_problems[p][0],
             sample_optimizers[o].name);
    snprintf(s->logs[i], sizeof s->logs[i], "logs/%s-%s.log", sample_problems[p][0],
             sample_optimizers[o].name);
    s->members[i] = s->names[i];
    s->runs[i] = (struct orl_report_run){
        .name = s->names[i],
        .problem = sample_problems[p][0],
        .problem_title = sample_problems[p][1],
        .optimizer = sample_optimizers[o].name,
        .kind = sample_optimizers[o].name,
        .title = sample_optimizers[o].title,
        .details = sample_optimizers[o].details,
        .color = sample_optimizers[o].color,
        .hyperparameter_count = 3,
        .hyperparameter_names = sample_setting_names,
        .hyperparameter_values = sample_optimizers[o].settings,
        .status = ORL_STATUS_FINISHED,
        .steps = 5000,
        .loss = sample_optimizers[o].loss[p],
        .gradient_norm = sample_optimizers[o].norm[p],
        .parameter_count = 3,
        .parameters = sample_parameters,
        .values = sample_optimizers[o].values[p],
        .start = sample_start,
        .truth = sample_truths[p],
        .seconds = 0.0123,
        .trace = s->traces[i],
        .log = s->logs[i],
    };
    memcpy(s->runs[i].steps_to, sample_optimizers[o].steps_to[p], sizeof s->runs[i].steps_to);
}

/* The three outputs of film `f`, the runs first + count of them. */
static inline void sample_film(struct sample *s, size_t f, size_t first, size_t count)
{
    static const char *const formats[] = {"mp4", "gif", "png"};
    for (size_t k = 0; k < 3; k++) {
        size_t i = 3 * f + k;
        snprintf(s->paths[i], sizeof s->paths[i], "%s.%s", s->stems[f], formats[k]);
        s->films[i] = (struct orl_report_film){
            .name = s->stems[f],
            .title = s->titles[f],
            .format = formats[k],
            .path = s->paths[i],
            .run_count = count,
            .runs = &s->members[first],
            .poster = s->paths[3 * f + 2],
            .bytes = k == 0   ? 312345
                     : k == 1 ? 1204000
                              : 48211,
            .sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            .width = k == 1 ? 800 : 1280,
            .height = k == 1 ? 450 : 720,
            .fps_num = k == 1 ? 20 : 30,
            .fps_den = 1,
            .frames = k == 2   ? 1
                      : k == 1 ? 200
                               : 300,
            .seconds = k == 2 ? 0 : 10,
            .cached = k == 1,
        };
    }
}

static inline void sample_fill(struct sample *s)
{
    memset(s, 0, sizeof *s);
    for (size_t p = 0; p < 2; p++) {
        for (size_t o = 0; o < SAMPLE_OPTIMIZERS; o++)
            sample_run(s, p, o);
        snprintf(s->stems[SAMPLE_RUNS + p], sizeof s->stems[0], "%s-race", sample_problems[p][0]);
        snprintf(s->titles[SAMPLE_RUNS + p], sizeof s->titles[0], "%s: six optimizers",
                 sample_problems[p][1]);
    }
    for (size_t i = 0; i < SAMPLE_RUNS; i++)
        sample_film(s, i, i, 1);
    for (size_t p = 0; p < 2; p++)
        sample_film(s, SAMPLE_RUNS + p, p * SAMPLE_OPTIMIZERS, SAMPLE_OPTIMIZERS);
    s->report = (struct orl_report){
        .experiment = "assignment",
        .title = "Six optimizers on a quadratic and on its badly scaled twin",
        .description = "Every optimizer starts from the same point, sees all 100 points at each "
                       "step, and makes 5000 steps. In the second "
                       "problem gamma's gradient is a million times smaller.",
        .command = "optreel render assignment",
        .versions = sample_versions,
        .version_count = sizeof sample_versions / sizeof *sample_versions,
        .runs = s->runs,
        .run_count = SAMPLE_RUNS,
        .films = s->films,
        .film_count = SAMPLE_FILMS,
        .times = true,
        .seconds = 41.7,
    };
}

#endif
