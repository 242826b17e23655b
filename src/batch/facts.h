/* What is known of a finished run or file: on the wire, in the manifest, in the report. */
#ifndef ORL_BATCH_FACTS_H
#define ORL_BATCH_FACTS_H

#include "base/hash.h"
#include "batch/fields.h"
#include "optreel/scene.h"

/* How a run ended: all that the report says of it. */
struct orl_run_facts {
    enum orl_status status;
    int64_t steps;
    double loss, gradient_norm; /* NAN where there is none */
    double tuned;               /* the learning rate that was chosen; NAN where it was given */
    size_t parameter_count;
    double *values; /* owned */
    double *best;   /* owned: the exact least-squares solution; NULL where there is none */
    int64_t steps_to[ORL_THRESHOLDS];
    /* Of the standing: the loss at the start, the least known (by the run alone where `known` is
     * 0), and the first step at the level that these two give; -1: never. */
    double start, least;
    int64_t known, level_step;
    struct orl_foreign_loss foreign; /* of a trace from elsewhere: its loss is another one */
    size_t points, missing; /* rows of the data, and those that were left out; 0: there are none */
    double seconds;
    char trace_sha256[ORL_SHA256_HEX], log_sha256[ORL_SHA256_HEX];
    int64_t trace_bytes, log_bytes;
    struct orl_fit *fit; /* owned: what it is worth; NULL where it is no least-squares fit */
};
void orl_run_facts_uninit(struct orl_run_facts *facts);

/* What a trace tells of its run: the status, the steps, the last row, and in `steps_to` the first
 * step whose loss is at or below 1e-2, 1e-3, 1e-6 (-1: none). Files, the best fit and what
 * the fit is worth are the caller's to add. ORL_ENOMEM. Release with orl_run_facts_uninit. */
int orl_run_facts_gather(const struct orl_trace *trace, struct orl_run_facts *facts,
                         struct orl_error *err);

/* What a finished film file is. */
struct orl_file_facts {
    int64_t bytes;
    char sha256[ORL_SHA256_HEX];
    int64_t frames; /* pictures in the file */
    double seconds;
    double work_s; /* that workers spent on it */
    size_t level;  /* that it was made at: orl_encode_tighten */
    bool measured;
    struct orl_quality quality; /* where it was measured */
};

/* The same as fields, for the wire and for the manifest's lines: what is put is read back the same,
 * number by number. Reading: ORL_FAIL where the fields are no such facts, ORL_ENOMEM; nothing is
 * owned then. A new fact is a row in facts.c. */
void orl_run_facts_put(struct orl_text *line, const struct orl_run_facts *facts);
int orl_run_facts_get(struct orl_fields *fields, struct orl_run_facts *facts);
void orl_file_facts_put(struct orl_text *line, const struct orl_file_facts *facts);
int orl_file_facts_get(struct orl_fields *fields, struct orl_file_facts *facts);

#endif
