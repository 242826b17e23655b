/* Worker processes: started, spoken to over pipes that never make the supervisor wait, ended. */
#ifndef ORL_BATCH_POOL_H
#define ORL_BATCH_POOL_H

#include <sys/types.h>

#include "batch/unit.h"

#define NO_FILM SIZE_MAX

struct pool_worker {
    pid_t pid;                        /* 0: this place is empty */
    int to, from;                     /* pipes, neither of which waits */
    struct orl_text unsent;           /* owned: what the pipe has not taken yet */
    size_t sent;                      /* bytes of it that it has taken */
    struct orl_text heard;            /* owned: the begin of a message */
    bool broken;                      /* something could not be sent to it: counts as dead */
    bool greeted;                     /* its set-up is done */
    bool first;                       /* it tells of the environment, for all */
    char environment[ORL_SHA256_HEX]; /* digest of the versions that it works with; "" at first */
    bool used;                        /* it was given a unit before */
    bool held;           /* it is idle, but what it should do wants a process that cannot start */
    struct unit unit;    /* what it works on; UNIT_NONE: idle */
    double since_s;      /* when that began, or when it was started */
    double share;        /* of the unit that is done, as told last */
    size_t film, output; /* what is on its stage; NO_FILM: nothing */
    size_t first_kept,
        count_kept; /* frames that it drew last and keeps for other outputs of the film; 0: none */
};

struct pool {
    struct pool_worker *workers; /* owned */
    size_t count;
    const char *program;
    int signals; /* a descriptor that is readable when a signal came; borrowed */
};

/* Room for `count` workers; none is started. `program` is borrowed. */
int orl_pool_open(struct pool *pool, const char *program, size_t count, int signals,
                  struct orl_error *err);
/* Kill what still runs, wait for it, and release everything. */
void orl_pool_close(struct pool *pool);

/* Start a worker. One that is in this place already ends once the new one runs, so that a failure
 * costs nothing. The set-up message is the caller's to send. ORL_EENV where no process can be had.
 */
int orl_pool_start(struct pool *pool, size_t worker, struct orl_error *err);
/* Kill a worker and empty its place; tells how it died ("signal 9 (Killed)", "exit 1") where `how`
 * is not NULL. */
void orl_pool_end(struct pool *pool, size_t worker, char *how, size_t how_size);
/* Send a message. What the pipe does not take at once goes out while orl_pool_wait waits; a message
 * that cannot be sent makes the worker one that has died. */
void orl_pool_send(struct pool *pool, size_t worker, const struct orl_text *line);

enum pool_event { POOL_NOTHING, POOL_MESSAGE, POOL_DEATH, POOL_SIGNAL };
/* Wait up to `timeout_s` for a message from a worker, for one that died, or for a signal. *worker
 * and *fields are filled as the event needs; fields are the caller's to release. */
enum pool_event orl_pool_wait(struct pool *pool, double timeout_s, size_t *worker,
                              struct orl_fields *fields);

#endif
