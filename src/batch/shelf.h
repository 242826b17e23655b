/* Traces that a worker has read: films of the same runs need not read them again. */
#ifndef ORL_BATCH_SHELF_H
#define ORL_BATCH_SHELF_H

#include "optreel/trace.h"

struct shelf {
    struct orl_trace **traces; /* owned, each too: by run; NULL: it is not there */
    size_t count, bytes;
};

/* For runs 0 … count-1. ORL_ENOMEM. */
int orl_shelf_init(struct shelf *shelf, size_t count, struct orl_error *err);
void orl_shelf_uninit(struct shelf *shelf);
/* Put a trace back; it is the shelf's from now on, or gone where it has no room. */
void orl_shelf_put(struct shelf *shelf, size_t run, struct orl_trace *trace);
/* The run's trace, the caller's from now on; NULL where it is not there. */
struct orl_trace *orl_shelf_take(struct shelf *shelf, size_t run);

#endif
