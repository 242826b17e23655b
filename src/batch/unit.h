/* Units of work and what workers are told: the words that supervisor and workers share. */
#ifndef ORL_BATCH_UNIT_H
#define ORL_BATCH_UNIT_H

#include "batch/fields.h"
#include "batch/manifest.h"
#include "encode/tables.h"
#include "optreel/encode.h"
#include "optreel/experiment.h"

enum unit_kind { UNIT_NONE, UNIT_RUN, UNIT_SEGMENT, UNIT_JOIN };

/* A piece of work as the supervisor names it. Zeros are no unit. */
struct unit {
    enum unit_kind kind;
    size_t run;     /* UNIT_RUN: index among the plan's runs */
    size_t output;  /* the others: index among all outputs of all films */
    size_t segment; /* UNIT_SEGMENT */
};

/* Messages, by their first field. */
#define MESSAGE_SETUP    "setup"    /* to a worker: the experiment and how to read it */
#define MESSAGE_HELLO    "hello"    /* from a worker: result of the set-up, versions */
#define MESSAGE_UNIT     "unit"     /* to a worker */
#define MESSAGE_PROGRESS "progress" /* from a worker: share of the unit that is done */
#define MESSAGE_DONE     "done"     /* from a worker: result of the unit */

/* A unit as it goes over the wire. */
struct unit_order {
    enum unit_kind kind;
    size_t run;          /* UNIT_RUN */
    size_t film, output; /* the others */
    size_t level; /* how much smaller than asked for the output is made: orl_encode_tighten */
    size_t segment, first, count, segments;
    bool measure; /* UNIT_JOIN: compare the file with its frames */
    bool keep;    /* another output of the film will want these frames from the same worker */
    char key[ORL_SHA256_HEX]; /* of the output: names its segments */
    /* How the film's runs ended, in the film's order: traces do not tell. */
    size_t run_count;
    const struct orl_run_facts *const *facts;
};

/* The format that `name` names or, where that is NULL, the one that the file's extension tells.
 * ORL_EUSAGE where there is none; `such_as` are extensions for the
 * sentence: ".mp4, .gif or .png". */
int orl_format_of_file(const char *output, const char *name, const char *such_as,
                       const struct orl_format_desc **out, struct orl_error *err);

/* Names inside the output folder. Owned by the caller; NULL when memory is short. */
char *orl_batch_trace_name(const struct orl_run_plan *run);
char *orl_batch_log_name(const struct orl_run_plan *run);
char *orl_batch_segment_name(const char *key, size_t level, size_t segment);

/* What an output's encoder is told, apart from the film's colours. */
void orl_batch_output_spec(const struct orl_film_plan *film, const struct orl_output_plan *output,
                           struct orl_output_spec *spec);

/* An output as it is made at a level: 0 as planned, above that smaller, to meet its size cap.
 * Pointers are borrowed from the plan but for the values, whose array is owned (free it). `what`
 * says how it differs. 1; 0: there is no such level; ORL_ENOMEM. */
int orl_batch_look(const struct orl_film_plan *film, const struct orl_output_plan *output,
                   size_t level, struct orl_output_plan *look, char what[ORL_TIGHTENED_SIZE]);

#endif
