/* Set-ups and units as messages between supervisor and workers. What is put into a line is whole
 * unless line->failed. */
#ifndef ORL_BATCH_WIRE_H
#define ORL_BATCH_WIRE_H

#include "batch/unit.h"

/* What a worker knows of the experiment. */
struct wire_setup {
    struct orl_experiment *experiment; /* owned */
    struct orl_limits limits;
    char *folder;    /* owned */
    char *share;     /* owned: of the folder, orl_folder_open_share; NULL */
    uint64_t memory; /* the most that it may take, bytes; 0: any */
    double unit_s;   /* the most processor time of a unit; 0: any */
    bool first; /* the first worker looks at the environment, for all: encoders, fonts, versions */
};

/* A plan as another process can load it again: the text itself, how it was read, and what was found
 * in the files that it names. */
struct wire_plan {
    struct orl_experiment_source
        source; /* borrowed from the fields that were read, as is the next */
    struct orl_experiment_options options;
    const char **set;                    /* owned list */
    struct orl_recorded_facts *recorded; /* owned */
    struct orl_limits limits;
    struct orl_experiment *experiment; /* owned */
};
/* Add to a line what another process makes the same plan from, without its checks. */
void orl_wire_put_plan(struct orl_text *line, const struct orl_experiment_source *source,
                       const struct orl_experiment_options *options,
                       const struct orl_experiment *experiment, const struct orl_limits *limits);
/* `fields` must outlive the plan's source and options. ORL_EBUG, ORL_ENOMEM, or why it cannot be
 * loaded; nothing is owned then. */
int orl_wire_get_plan(struct orl_fields *fields, struct wire_plan *out, struct orl_error *err);
void orl_wire_plan_uninit(struct wire_plan *plan);

/* Where a worker works: the folder, the share in it (NULL: it is taken alone); whether it looks at
 * the environment; what it may take. */
struct wire_place {
    const char *folder, *share;
    bool first;
    uint64_t memory;
    double unit_s;
};

/* The message that lets a worker make ready. */
void orl_wire_put_setup(struct orl_text *line, const struct orl_experiment_source *source,
                        const struct orl_experiment_options *options,
                        const struct orl_experiment *experiment, const struct orl_limits *limits,
                        const struct wire_place *place);
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
/* Begin the line with an order, its message first. */
void orl_wire_put_unit(struct orl_text *line, const struct unit_order *order);
/* Read the order behind the message. ORL_EBUG, ORL_ENOMEM. Release with orl_wire_unit_uninit. */
int orl_wire_read_unit(struct orl_fields *fields, struct wire_unit *out, struct orl_error *err);
void orl_wire_unit_uninit(struct wire_unit *unit);

#endif
