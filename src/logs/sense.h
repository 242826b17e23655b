/* What a record means: which column counts the steps, where a run was resumed, what is the loss and
 * what is no metric; and the trace that comes of it (section 7 of the design). */
#ifndef ORL_LOGS_SENSE_H
#define ORL_LOGS_SENSE_H

#include "logs/input.h"
#include "logs/record.h"
#include "optreel/logs.h"

struct log_sense {
    const struct orl_log_request *request;
    const struct orl_limits *limits;
    const struct log_input *where; /* for remarks: its path and messages */
};

/* groups.c: a column of few words (set, split, phase) tells series apart: "loss" becomes
 * "train/loss" and "val/loss". */
int orl_log_groups_split(struct log_records *records, struct log_record *record,
                         struct orl_error *err);

/* steps.c: true where a column of that name can count steps. */
bool orl_log_counts_steps(const char *name);
/* steps.c: give every number its step: afterwards the record is stepped, each series rises
 * strictly, and what a resumed run did again is gone. *step_name is the column that counts (owned
 * by the caller). Remarks go to the messages. */
int orl_log_steps(const struct log_sense *sense, struct log_record *record, char **step_name,
                  struct orl_error *err);

/* roles.c: why a column is no metric by its name: a time, memory, a system's; NULL where it may be
 * one. */
const char *orl_log_no_metric(const char *name);
/* roles.c: make run->series, parallel to the record's, with their roles. `counter` is the column
 * that counts the steps. */
int orl_log_roles(const struct log_sense *sense, const struct log_record *record,
                  const char *counter, struct orl_log_run *run, struct orl_error *err);

/* build.c: all of it. The record is used up but not released. */
int orl_log_make(const struct log_sense *sense, struct log_records *records,
                 struct log_record *record, struct orl_log_run *run, struct orl_error *err);

#endif
