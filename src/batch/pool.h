/* Worker processes: started from this program's own file, spoken to over pipes, watched, ended. */
#ifndef ORL_BATCH_POOL_H
#define ORL_BATCH_POOL_H

#include <sys/types.h>

#include "batch/unit.h"

#define NO_FILM SIZE_MAX

struct pool_worker {
    pid_t pid;           /* 0: this place is empty */
    int to, from;        /* pipes */
    bool greeted;        /* its set-up is done */
    bool used;           /* it was given a unit before */
    struct unit unit;    /* what it works on; UNIT_NONE: idle */
    double since_s;      /* when that began */
    double share;        /* of the unit that is done, as told last */
    size_t film, output; /* what is on its stage; NO_FILM: nothing */
    size_t first,
        count; /* frames that it drew last and keeps for other outputs of the film; count 0: none */
};

struct pool {
    struct pool_worker *workers; /* owned */
    size_t count;
    const char *program;
    int signals;       /* signalfd */
    int signal_number; /* the signal that asks us to stop; 0 */
};

/* Room for `count` workers; none is started. Blocks the signals that end a batch and turns them
 * into pool events. */
int orl_pool_open(struct pool *pool, const char *program, size_t count, struct orl_error *err);
/* Kill what still runs, wait for it, and release everything. */
void orl_pool_close(struct pool *pool);

/* Start the worker of an empty place. The set-up message is the caller's to send. ORL_EENV where no
 * process can be had. */
int orl_pool_start(struct pool *pool, size_t worker, struct orl_error *err);
/* End a worker and empty its place; tells how it died ("signal 9 (Killed)", "exit 1"). */
void orl_pool_end(struct pool *pool, size_t worker, bool kill_it, char *how, size_t how_size);

enum pool_event { POOL_NOTHING, POOL_MESSAGE, POOL_DEATH, POOL_SIGNAL };
/* Wait up to `timeout_s` for a message from a worker, for one that died, or for a signal. *worker
 * and *fields are filled as the event needs; fields are the caller's to release. */
enum pool_event orl_pool_wait(struct pool *pool, double timeout_s, size_t *worker,
                              struct orl_fields *fields);

#endif
