/* From files to runs: reading them, putting together what belongs to one run. */
#ifndef ORL_LOGS_GATHER_H
#define ORL_LOGS_GATHER_H

#include "logs/find.h"
#include "optreel/logs.h"

/* A run as its files hold it. */
struct log_pending {
    struct log_record *record; /* of `records` */
    char *group;               /* owned: what other files must have in common with it */
    const struct log_source *source;
    const struct orl_log_format *format;
    const char *form; /* closer than the format's title; NULL */
};

struct log_gathered {
    struct log_records records;
    struct log_pending *items; /* owned */
    size_t count, capacity;
};
void orl_log_gathered_uninit(struct log_gathered *gathered);

/* Read the sources: CSV and JSON before event files of the same folder. Messages of what was
 * searched for and turned out to be no log are dropped. */
int orl_log_gather(const struct log_sources *sources, struct orl_messages *messages,
                   struct log_gathered *out, struct orl_error *err);

/* names.c: give each run of a set its title and its name, no two alike. `pending` is parallel. */
int orl_log_name_runs(const struct log_pending *pending, struct orl_log_run *runs, size_t count,
                      struct orl_error *err);

#endif
