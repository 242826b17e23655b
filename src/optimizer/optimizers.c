/* The table of optimizers. A new one is a file and a line here. */
#include <string.h>

#include "optimizer/family.h"

extern const struct orl_optimizer_desc orl_optimizer_sgd, orl_optimizer_momentum,
    orl_optimizer_nesterov, orl_optimizer_adagrad, orl_optimizer_rmsprop, orl_optimizer_adadelta,
    orl_optimizer_adam, orl_optimizer_adamw, orl_optimizer_adamax, orl_optimizer_nadam,
    orl_optimizer_radam, orl_optimizer_asgd, orl_optimizer_rprop, orl_optimizer_lion,
    orl_optimizer_adabelief, orl_optimizer_yogi, orl_optimizer_adan, orl_optimizer_signum,
    orl_optimizer_adopt, orl_optimizer_ademamix, orl_optimizer_mars, orl_optimizer_lamb,
    orl_optimizer_sophia, orl_optimizer_schedule_free_sgd, orl_optimizer_schedule_free_adamw,
    orl_optimizer_prodigy, orl_optimizer_dog, orl_optimizer_polyak, orl_optimizer_barzilai_borwein,
    orl_optimizer_muon, orl_optimizer_shampoo, orl_optimizer_soap, orl_optimizer_lbfgs,
    orl_optimizer_gradient_descent, orl_optimizer_conjugate_gradient, orl_optimizer_newton,
    orl_optimizer_gauss_newton, orl_optimizer_levenberg_marquardt;

const struct orl_optimizer_desc *const orl_optimizers[] = {
    &orl_optimizer_sgd,
    &orl_optimizer_momentum,
    &orl_optimizer_nesterov,
    &orl_optimizer_adagrad,
    &orl_optimizer_rmsprop,
    &orl_optimizer_adadelta,
    &orl_optimizer_adam,
    &orl_optimizer_adamw,
    &orl_optimizer_adamax,
    &orl_optimizer_nadam,
    &orl_optimizer_radam,
    &orl_optimizer_asgd,
    &orl_optimizer_rprop,
    &orl_optimizer_lion,
    &orl_optimizer_adabelief,
    &orl_optimizer_yogi,
    &orl_optimizer_adan,
    &orl_optimizer_signum,
    &orl_optimizer_adopt,
    &orl_optimizer_ademamix,
    &orl_optimizer_mars,
    &orl_optimizer_lamb,
    &orl_optimizer_sophia,
    &orl_optimizer_schedule_free_sgd,
    &orl_optimizer_schedule_free_adamw,
    &orl_optimizer_prodigy,
    &orl_optimizer_dog,
    &orl_optimizer_polyak,
    &orl_optimizer_barzilai_borwein,
    &orl_optimizer_muon,
    &orl_optimizer_shampoo,
    &orl_optimizer_soap,
    &orl_optimizer_lbfgs,
    &orl_optimizer_gradient_descent,
    &orl_optimizer_conjugate_gradient,
    &orl_optimizer_newton,
    &orl_optimizer_gauss_newton,
    &orl_optimizer_levenberg_marquardt,
    NULL,
};

static const struct orl_setting no_settings[] = {{0}};

const struct orl_optimizer_desc orl_optimizer_recorded = {
    .name = "trace",
    .title = "Recorded run",
    .description = "a run that another program made",
    .source = "the trace",
    .rule = "",
    .settings = no_settings,
};

const char *const orl_aliases_rate[] = {"lr", "step_size", "eta", NULL};
const char *const orl_aliases_decay[] = {"wd", "l2", NULL};
const char *const orl_aliases_epsilon[] = {"eps", "delta", NULL};
const char *const orl_aliases_momentum[] = {"m", "mu", NULL};
const char *const orl_aliases_beta1[] = {"rho1", NULL};
const char *const orl_aliases_beta2[] = {"rho2", NULL};

const struct orl_setting orl_optimizer_common[] = {
    [ORL_COMMON_BATCH] = {.name = "batch",
                          .type = ORL_SETTING_INTEGER,
                          .unit = "points",
                          .initial = 0,
                          .minimum = 0,
                          .maximum = 1e7,
                          .description =
                              "points of a mini-batch, reshuffled every epoch; 0: all points"},
    [ORL_COMMON_CLIP] = {.name = "clip",
                         .type = ORL_SETTING_REAL,
                         .unit = "loss/model unit",
                         .initial = 0,
                         .minimum = 0,
                         .maximum = 1e300,
                         .description = "largest norm of the gradient; 0: none"},
    [ORL_COMMON_CAUTIOUS] = SWITCH("cautious", NULL,
                                   "only what goes against the gradient is moved, the more of it "
                                   "(Liang et al. 2024, alg. 1)"),
    [ORL_COMMON_LOOKAHEAD] = SWITCH("lookahead", NULL,
                                    "every few steps back to a point between where they began and "
                                    "where they led (Zhang et al. 2019, alg. 1)"),
    [ORL_COMMON_LOOKAHEAD_STEPS] = {.name = "lookahead.steps",
                                    .type = ORL_SETTING_INTEGER,
                                    .unit = "steps",
                                    .initial = 5,
                                    .minimum = 1,
                                    .maximum = 1e9,
                                    .description = "how many steps it looks ahead"},
    [ORL_COMMON_LOOKAHEAD_RATE] =
        REAL("lookahead.rate", "1", 0.5, 0, 1, NULL, "share of the way that is kept"),
    [ORL_COMMON_SAM] =
        REAL("sam", "model units", 0, 0, 1e300, NULL,
             "the gradient is taken so far up the slope; 0: here (Foret et al. 2021, "
             "alg. 1)"),
    {0},
};

static bool is_called(const struct orl_optimizer_desc *desc, const char *name)
{
    if (strcmp(desc->name, name) == 0)
        return true;
    for (const char *const *alias = desc->aliases; alias && *alias; alias++)
        if (strcmp(*alias, name) == 0)
            return true;
    return false;
}

const struct orl_optimizer_desc *orl_optimizer_find(const char *name)
{
    for (size_t i = 0; orl_optimizers[i]; i++)
        if (is_called(orl_optimizers[i], name))
            return orl_optimizers[i];
    return NULL;
}
