/* The signals that end a batch, as events of a descriptor. */
#ifndef ORL_BATCH_SIGNALS_H
#define ORL_BATCH_SIGNALS_H

#include <signal.h>

#include "optreel/base.h"

struct signals {
    int fd;          /* to poll; -1: not taken */
    sigset_t taken;  /* blocked by us */
    sigset_t before; /* the mask to go back to */
};

/* Block INT, TERM, HUP and USR1 and turn them into events, but for those that are ignored: what
 * nohup or a shell's & ignores stays ignored. A closed pipe and a file that is too large become
 * failures of the write. For a program's only thread. ORL_EENV. */
int orl_signals_take(struct signals *signals, struct orl_error *err);
/* The number of one that has come; 0: none. Does not wait. */
int orl_signals_next(const struct signals *signals);
/* Back to the mask of before. One that came meanwhile takes effect now. */
void orl_signals_restore(struct signals *signals);

#endif
