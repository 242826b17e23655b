/* What the files of the families share. */
#ifndef ORL_OPTIMIZER_FAMILY_H
#define ORL_OPTIMIZER_FAMILY_H

#include <math.h>

#include "base/elementary.h"
#include "optreel/optimizer.h"

/* Rows of settings that many rules have. Learning rates may be schedules. */
#define LEARNING_RATE(value)                                                                       \
    {                                                                                              \
        .name = "learning_rate", .type = ORL_SETTING_REAL, .unit = "model units/step",             \
        .initial = value, .minimum = 0, .maximum = 1e6, .aliases = orl_aliases_rate,               \
        .schedule = true, .description = "length of a step"                                        \
    }
#define WEIGHT_DECAY(value)                                                                        \
    {                                                                                              \
        .name = "weight_decay", .type = ORL_SETTING_REAL, .unit = "1", .initial = value,           \
        .minimum = 0, .maximum = 1e3, .aliases = orl_aliases_decay,                                \
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
#define MOMENTUM(value)                                                                            \
    SHARE("momentum", value, orl_aliases_momentum, "share of the last step that is kept")
#define SWITCH(setting, names, words)                                                              \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_BOOLEAN, .unit = "1", .initial = 0, .minimum = 0,     \
        .maximum = 1, .aliases = names, .description = words                                       \
    }
#define REAL(setting, kind, value, low, high, names, words)                                        \
    {                                                                                              \
        .name = setting, .type = ORL_SETTING_REAL, .unit = kind, .initial = value, .minimum = low, \
        .maximum = high, .aliases = names, .description = words                                    \
    }

extern const char *const orl_aliases_rate[],
    *const orl_aliases_decay[], *const orl_aliases_epsilon[], *const orl_aliases_momentum[],
                                                                  *const orl_aliases_beta1[],
                                                                      *const orl_aliases_beta2[];

/* Where settings stand is the family's own matter: each keeps an enum beside its list. */

#endif
