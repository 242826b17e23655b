/* Muon: momentum made orthogonal, matrix by matrix. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optimizer/matrix.h"
#include "optimizer/shaped.h"

enum { MUON_RATE, MUON_MOMENTUM, MUON_NESTEROV, MUON_ITERATIONS, MUON_DECAY };
enum { MUON_MEAN, MUON_SQUARE, MUON_SLOTS };

struct muon {
    bool *rest;     /* owned: parameters outside every shape */
    double *matrix; /* owned, one block with the iteration's scratch: the largest shape */
    double *scratch;
};

static void muon_destroy(void *state)
{
    struct muon *m = state;
    free(m->rest);
    free(m->matrix);
    free(m);
}

static int muon_create(const struct orl_optimizer_desc *desc, size_t dimension,
                       const double *settings, const struct orl_oracle *oracle, void **state,
                       struct orl_error *err)
{
    struct muon *m = orl_calloc(1, sizeof *m);
    size_t cells = 0, room = 0;
    (void)dimension, (void)settings;
    if (!m)
        return orl_fail_memory(err);
    int ret = orl_shaped_rest(desc, oracle, &m->rest, err);
    for (size_t k = 0; ret == ORL_OK && k < oracle->shape_count; k++) {
        const struct orl_shape *shape = &oracle->shapes[k];
        size_t own = orl_matrix_schulz_room(shape->rows, shape->columns);
        cells = shape->rows * shape->columns > cells ? shape->rows * shape->columns : cells;
        room = own > room ? own : room;
    }
    if (ret == ORL_OK && !(m->matrix = orl_calloc(cells + room, sizeof *m->matrix)))
        ret = orl_fail_memory(err);
    if (ret != ORL_OK) {
        muon_destroy(m);
        return ret;
    }
    m->scratch = m->matrix + cells;
    *state = m;
    return ORL_OK;
}

/* The step of one shape: Nesterov's look ahead at the mean, made orthogonal, longer for tall
 * matrices. */
static void muon_shape_update(const struct orl_step *s, const struct orl_shape *shape, double *x)
{
    struct muon *m = s->state;
    double beta = s->settings[MUON_MOMENTUM];
    for (size_t i = 0; i < shape->rows * shape->columns; i++) {
        double g = s->gradient[shape->parameters[i]],
               *mean = &s->slots[MUON_MEAN][shape->parameters[i]];
        *mean = beta * *mean + (1.0 - beta) * g;
        m->matrix[i] = s->settings[MUON_NESTEROV] != 0.0 ? (1.0 - beta) * g + beta * *mean : *mean;
    }
    orl_matrix_schulz(m->matrix, shape->rows, shape->columns, (int)s->settings[MUON_ITERATIONS],
                      m->scratch);
    double longer = sqrt(fmax(1.0, (double)shape->rows / (double)shape->columns));
    for (size_t i = 0; i < shape->rows * shape->columns; i++)
        x[shape->parameters[i]] -= s->settings[MUON_RATE] * longer * m->matrix[i];
}

static int muon_update(const struct orl_step *s, double *x)
{
    const struct muon *m = s->state;
    for (size_t k = 0; k < s->oracle->shape_count; k++)
        muon_shape_update(s, &s->oracle->shapes[k], x);
    orl_shaped_adam(s, m->rest, s->settings[MUON_RATE], MUON_MEAN, MUON_SQUARE, x);
    return ORL_OK;
}

static const char *const iteration_aliases[] = {"ns_steps", NULL};
static const struct orl_setting muon_settings[] = {
    [MUON_RATE] = LEARNING_RATE(0.02),
    [MUON_MOMENTUM] = MOMENTUM_AS(0.95, "share of the old mean of the gradient that is kept"),
    [MUON_NESTEROV] = {.name = "nesterov",
                       .type = ORL_SETTING_BOOLEAN,
                       .unit = "1",
                       .initial = 1,
                       .description = "the mean looks one step ahead"},
    [MUON_ITERATIONS] = INTEGER("iterations", "1", 5, 0, 100, iteration_aliases,
                                "of Newton and Schulz, towards an orthogonal matrix"),
    [MUON_DECAY] = WEIGHT_DECAY(0),
    {0},
};

const struct orl_optimizer_desc orl_optimizer_muon = {
    .name = "muon",
    .title = "Muon",
    .description = "momentum made orthogonal, for parameters with a shape; AdamW for the others",
    .source = "Jordan et al. 2024, Muon: an optimizer for hidden layers (muon.py)",
    .rule = "m = momentum m + (1 - momentum) G; P -= lr √max(1, rows/columns) orthogonal(m)",
    .settings = muon_settings,
    .slots = MUON_SLOTS,
    .decay = ORL_DECAY_SHRINK,
    .shapes = true,
    .create = muon_create,
    .destroy = muon_destroy,
    .update = muon_update,
};
