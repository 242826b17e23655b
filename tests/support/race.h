/* Four runs down the bent valley (1 - alpha)^2 + 100 (beta - alpha^2)^2, from (-1.2, 1), on a
 * surface with the loss beside it: SGD, Adam, Momentum (the first to arrive), and one with a long
 * name. */
#ifndef ORL_TESTS_RACE_H
#define ORL_TESTS_RACE_H

#include <math.h>

#include "scene/panels/surface.h"
#include "support/stage.h"

struct race {
    struct orl_problem *problem;
    struct orl_trace *traces[4];
    struct orl_film_run runs[4];
    struct orl_film *film;
};

static inline struct orl_problem *race_problem(void)
{
    static const char *const names[] = {"alpha", "beta"};
    static const double start[] = {-1.2, 1}, truth[] = {1, 1};
    struct orl_problem *p = NULL;
    struct orl_problem_spec spec = {.model = "(1-alpha)^2 + 100*(beta-alpha^2)^2",
                                    .parameters = names,
                                    .start = start,
                                    .truth = truth,
                                    .parameter_count = 2};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &p, NULL), ORL_OK);
    return p;
}

static inline struct orl_film *race_film(const struct orl_film_run *runs, size_t count)
{
    const struct orl_panel_spec panels[] = {{.panel = "surface"}, {.panel = "loss"}};
    struct orl_film_spec spec = stage_spec(runs, count, panels, 2, 1280, 720);
    spec.title = "a film";
    return stage_film(&spec);
}

/* The film shows the first `count` runs. */
static inline void race_open(struct race *race, size_t count)
{
    static const char *const optimizers[] = {"sgd", "adam", "momentum", "rmsprop"};
    static const char *const titles[] = {"SGD", "Adam", "Momentum",
                                         "A run with quite a long name, indeed"};
    static const double rates[] = {1e-3, 0.05, 1e-3, 0.01};
    race->problem = race_problem();
    for (size_t i = 0; i < 4; i++) {
        race->traces[i] = stage_run(race->problem, optimizers[i], rates[i], 0, 2000);
        race->runs[i] = (struct orl_film_run){.trace = race->traces[i],
                                              .problem = race->problem,
                                              .name = "p/run",
                                              .title = titles[i],
                                              .details = "learning rate 0.01",
                                              .style = i};
    }
    race->film = race_film(race->runs, count);
}

static inline void race_close(struct race *race)
{
    orl_film_destroy(&race->film);
    for (size_t i = 0; i < 4; i++)
        orl_trace_destroy(&race->traces[i]);
    orl_problem_destroy(&race->problem);
}

/* The box of each bold name with a casing on a frame. */
static inline size_t names_on(const struct orl_picture *picture, struct orl_rect *boxes,
                              size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < picture->count && count < most; i++) {
        const struct orl_mark *m = &picture->marks[i];
        struct orl_extent extent;
        if (m->kind != ORL_MARK_TEXT || !m->bold || m->halo.a <= 0.0)
            continue;
        stage_measure.text(NULL, picture->text + m->text, m->size, true, &extent);
        boxes[count++] = (struct orl_rect){picture->points[2 * m->first],
                                           picture->points[2 * m->first + 1] - 0.75 * m->size,
                                           extent.width, 0.75 * m->size};
    }
    return count;
}

#endif
