/* What the tests of films share: problems, runs on them, and films of these. */
#ifndef ORL_TESTS_SCENE_STAGE_H
#define ORL_TESTS_SCENE_STAGE_H

#include "orl_test.h"

#include <math.h>
#include <stdlib.h>

#include "optreel/scene.h"

/* Every character as wide as half its size. */
static inline void stage_measure_text(void *context, const char *utf8, double size_px, bool bold,
                                      struct orl_extent *out)
{
    size_t characters = 0;
    (void)context;
    for (; *utf8; utf8++)
        characters += ((unsigned char)*utf8 & 0xc0) != 0x80;
    *out = (struct orl_extent){(double)characters * size_px * (bold ? 0.55 : 0.5), 0.9 * size_px,
                               0.3 * size_px};
}
static const struct orl_measure stage_measure = {NULL, stage_measure_text};

/* A model of x from 0 to 1 in three parameters alpha, beta, gamma, all starting at 0; or a function
 * of alpha and beta. */
static inline struct orl_problem *stage_problem(const char *model, const double *truth,
                                                size_t points)
{
    static const char *const names[] = {"alpha", "beta", "gamma"};
    static const double start[] = {3, -1, 6};
    struct orl_column_spec column = {.name = "x", .from = 0, .to = 1, .count = points};
    struct orl_noise_spec noise = {0};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *made = NULL;
    struct orl_problem *p = NULL;
    assert_int_equal(orl_formula_parse(model, strlen(model), &orl_limits_default, &f, &refused),
                     ORL_OK);
    if (points)
        assert_int_equal(
            orl_dataset_generate(f, names, truth, 3, &column, 1, &noise, 1, &made, NULL), ORL_OK);
    struct orl_problem_spec spec = {.model = model,
                                    .parameters = names,
                                    .start = start,
                                    .truth = truth,
                                    .parameter_count = points ? 3 : 2,
                                    .data = points ? &made : NULL,
                                    .loss = orl_loss_find("mse")};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
    orl_formula_destroy(&f);
    return p;
}

/* A run of an optimizer with its usual settings but for the learning rate. */
static inline struct orl_trace *stage_run(const struct orl_problem *p, const char *optimizer,
                                          double rate, size_t batch, int64_t steps)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(optimizer);
    struct orl_value values[16] = {{0}}, common[8] = {{0}};
    struct orl_trace *trace = NULL;
    assert_non_null(desc);
    for (size_t i = 0; desc->settings[i].name; i++)
        values[i].number =
            strcmp(desc->settings[i].name, "learning_rate") == 0 ? rate : desc->settings[i].initial;
    common[ORL_COMMON_BATCH].number = (double)batch;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = desc,
                                .settings = values,
                                .common = common,
                                .steps = steps,
                                .record_every = 1,
                                .record_rows = 100000,
                                .seed = 1};
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    return trace;
}

static inline struct orl_film_spec stage_spec(const struct orl_film_run *runs, size_t count,
                                              const struct orl_panel_spec *panels,
                                              size_t panel_count, int width, int height)
{
    double scale = fmin(width / 1280.0, height / 720.0);
    return (struct orl_film_spec){.title = "a film of several runs",
                                  .runs = runs,
                                  .run_count = count,
                                  .panels = panels,
                                  .panel_count = panel_count,
                                  .pace = ORL_PACE_LOG,
                                  .length_s = 2,
                                  .hold_first_s = 0.2,
                                  .hold_last_s = 0.4,
                                  .to_step = -1,
                                  .width = width,
                                  .height = height,
                                  .fps_num = 30,
                                  .fps_den = 1,
                                  .text_px = 24 * scale,
                                  .line_px = 3 * scale,
                                  .theme = "light"};
}

static inline struct orl_film *stage_film(const struct orl_film_spec *spec)
{
    struct orl_film *film = NULL;
    struct orl_error err = {0};
    if (orl_film_create(spec, &stage_measure, &film, &err) != ORL_OK)
        fail_msg("%dx%d: %s", spec->width, spec->height, err.text);
    return film;
}

static inline bool stage_has_text(const struct orl_picture *picture, const char *text)
{
    for (size_t i = 0; i < picture->count; i++)
        if (picture->marks[i].kind == ORL_MARK_TEXT &&
            strstr(picture->text + picture->marks[i].text, text))
            return true;
    return false;
}

#endif
