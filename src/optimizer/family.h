/* What the files of the families share. */
#ifndef ORL_OPTIMIZER_FAMILY_H
#define ORL_OPTIMIZER_FAMILY_H

#include <math.h>

#include "base/elementary.h"
#include "optreel/optimizer.h"

/* Rows of settings that many rules have. Learning rates may be schedules. Each rule names the
 * places of its settings in an enum and fills them by these names: [ADAM_RATE] =
 * LEARNING_RATE(0.001). */
#define LEARNING_RATE(value)                                                                       \
    {                                                                                              \
        .name = "learning_rate", .type = ORL_SETTING_REAL, .role = ORL_ROLE_RATE,                  \
        .unit = "model units/step", .initial = value, .minimum = 0, .maximum = 1e6,                \
        .aliases = orl_aliases_rate, .schedule = true, .tunable = true, .always = true,            \
        .brief = "lr", .description = "length of a step"                                           \
    }
/* Of a rule that finds its own lengths after the first step: no schedule. */
#define FIRST_RATE(value, words)                                                                   \
    {                                                                                              \
        .name = "learning_rate", .type = ORL_SETTING_REAL, .role = ORL_ROLE_RATE,                  \
        .unit = "model units/step", .initial = value, .minimum = 0, .maximum = 1e6,                \
        .aliases = orl_aliases_rate, .tunable = true, .always = true, .brief = "lr",               \
        .description = words                                                                       \
    }
#define WEIGHT_DECAY(value)                                                                        \
    {                                                                                              \
        .name = "weight_decay", .type = ORL_SETTING_REAL, .role = ORL_ROLE_DECAY, .unit = "1",     \
        .initial = value, .minimum = 0, .maximum = 1e3, .aliases = orl_aliases_decay,              \
        .description = "pull towards 0"                                                            \
    }
#define EPSILON(value)                                                                             \
    {                                                                                              \
        .name = "epsilon", .type = ORL_SETTING_REAL, .unit = "loss/model unit", .initial = value,  \
        .minimum = 0, .maximum = 1e3, .aliases = orl_aliases_epsilon,                              \
        .description = "keeps divisions by small numbers in bounds"                                \
    }
#define SHARE(setting, value, names, words)                                                        \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_REAL, .unit = "1", .initial = value, .minimum = 0,    \
        .maximum = 0.9999999999, .aliases = names, .description = words                            \
    }
#define MOMENTUM_AS(value, words)                                                                  \
    {                                                                                              \
        .name = "momentum", .type = ORL_SETTING_REAL, .role = ORL_ROLE_MOMENTUM, .unit = "1",      \
        .initial = value, .minimum = 0, .maximum = 0.9999999999, .aliases = orl_aliases_momentum,  \
        .description = words                                                                       \
    }
#define MOMENTUM(value) MOMENTUM_AS(value, "share of the last step that is kept")
#define BETA1(value)                                                                               \
    SHARE("beta1", value, orl_aliases_beta1, "share of the old mean of the gradient that is kept")
#define BETA2(value)                                                                               \
    SHARE("beta2", value, orl_aliases_beta2, "share of the old mean square that is kept")
#define SWITCH(setting, names, words)                                                              \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_BOOLEAN, .unit = "1", .initial = 0, .aliases = names, \
        .description = words                                                                       \
    }
#define INTEGER(setting, kind, value, low, high, names, words)                                     \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_INTEGER, .unit = kind, .initial = value,              \
        .minimum = low, .maximum = high, .aliases = names, .description = words                    \
    }
#define CHOICE(setting, list, value, words)                                                        \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_CHOICE, .unit = "1", .initial = value,                \
        .choices = list, .description = words                                                      \
    }
#define REAL(setting, kind, value, low, high, names, words)                                        \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_REAL, .unit = kind, .initial = value, .minimum = low, \
        .maximum = high, .aliases = names, .description = words                                    \
    }

/* Other names of settings, NULL-ended. */
extern const char *const orl_aliases_rate[];
extern const char *const orl_aliases_decay[];
extern const char *const orl_aliases_epsilon[];
extern const char *const orl_aliases_momentum[];
extern const char *const orl_aliases_beta1[];
extern const char *const orl_aliases_beta2[];

#endif
