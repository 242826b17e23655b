/* An experiment file that a test writes, loaded or refused. */
#ifndef ORL_TESTS_LOADED_H
#define ORL_TESTS_LOADED_H

#include "orl_test.h"

#include "optreel/experiment.h"

struct loaded {
    struct orl_messages messages;
    struct orl_experiment *experiment; /* NULL where it was refused */
    int ret;
};

/* `options` may be NULL. There is an experiment exactly where there is no error. */
static inline struct loaded loaded_make(const char *text,
                                        const struct orl_experiment_options *options)
{
    static const struct orl_experiment_options none;
    struct orl_experiment_source source = {.name = (char[]){"e"},
                                           .path = (char[]){"e.yaml"},
                                           .folder = (char[]){"."},
                                           .text = strdup(text),
                                           .length = strlen(text)};
    struct loaded l = {0};
    l.ret = orl_experiment_load(&source, options ? options : &none, &orl_limits_default,
                                &l.messages, &l.experiment);
    free(source.text);
    if ((l.ret == ORL_OK) != (l.experiment != NULL) ||
        (l.ret == ORL_OK) != (l.messages.errors == 0))
        fail_msg("%d, %zu errors: %s", l.ret, l.messages.errors,
                 l.messages.count ? l.messages.items[0].text : "");
    return l;
}

static inline void loaded_release(struct loaded *l)
{
    orl_experiment_destroy(&l->experiment);
    orl_messages_uninit(&l->messages);
}

#endif
