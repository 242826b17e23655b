/* Set-ups and units as messages between supervisor and workers. What is put into a line is whole
 * unless line->failed. */
#ifndef ORL_BATCH_WIRE_H
#define ORL_BATCH_WIRE_H

#include "batch/unit.h"

/* What a worker knows of the experiment. */
struct wire_setup {
    struct orl_experiment *experiment; /* owned */
    struct orl_limits limits;
    char *folder; /* owned */
    bool first; /* the first worker looks at the environment, for all: encoders, fonts, versions */
};

/* The message that lets a worker load the same plan: the text itself, how to read it, and the
 * digests of the data that were checked. */
void orl_wire_put_setup(struct orl_text *line, const struct orl_experiment_source *source,
                        const struct orl_experiment_options *options,
                        const struct orl_experiment *experiment, const struct orl_limits *limits,
                        const char *folder, bool first);
int orl_wire_receive_setup(int fd, struct wire_setup *out, struct orl_error *err);
void orl_wire_setup_uninit(struct wire_setup *setup);

/* How much of its unit a worker has done, 0-1. ORL_FAIL where nobody listens. */
int orl_wire_send_progress(int fd, double share);

/* A unit that was received: the order and what it points to. */
struct wire_unit {
    struct unit_order order;
    struct orl_run_facts *facts;         /* owned */
    const struct orl_run_facts **places; /* owned */
};
void orl_wire_put_unit(struct orl_text *line, const struct unit_order *order);
int orl_wire_read_unit(struct orl_fields *fields, struct wire_unit *out, struct orl_error *err);
void orl_wire_unit_uninit(struct wire_unit *unit);

#endif
