/* Logs: what other programs recorded while they trained, as traces. Files are known by their
 * content, folders are searched, every run is read once (section 7 of the design). */
#ifndef OPTREEL_LOGS_H
#define OPTREEL_LOGS_H

#include "optreel/trace.h"

ORL_BEGIN_DECLS

/* What a column of a log is. */
enum orl_log_role {
    ORL_LOG_METRIC,
    ORL_LOG_LOSS,       /* shares the loss panel */
    ORL_LOG_VALIDATION, /* of a loss: the same */
    ORL_LOG_RATE,       /* a learning rate */
    ORL_LOG_LEFT_OUT,   /* `reason` says why */
};
const char *orl_log_role_name(enum orl_log_role role); /* "metric", "loss", ... */

/* A column of a run, with the points that count: those that a resumed run replaced do not. */
struct orl_log_series {
    char *name; /* owned: as the log calls it */
    enum orl_log_role role;
    bool main;    /* the loss that trace->loss holds */
    char *reason; /* owned: why it is left out; NULL where it is not */
    size_t points, not_finite;
    int64_t first_step, last_step;
    double first, last; /* may be NaN or infinite */
};

struct orl_log_run {
    char *name;   /* owned: no other run of the set has it; of the characters that names take */
    char *title;  /* owned: as people called it */
    char *source; /* owned: the file or folder, as messages show it */
    const char *format; /* of the table of formats: "tensorboard" */
    char *format_title; /* owned: closer: "CatBoost's training log" */
    char *details;      /* owned: "learning rate 0.001" of its configuration; "" */
    char *step_name;    /* owned: the column that counts the steps, or "(row)" */
    char *loss_name;    /* owned: the column that trace->loss holds; NULL: there is none */
    size_t steps;       /* distinct ones */
    int64_t first_step, last_step;
    int64_t usual_gap; /* most frequent distance of two points of the loss; 0: there are none */
    size_t wider_gaps; /* distances larger than that */
    size_t series_count;
    struct orl_log_series *series; /* owned */
    struct orl_trace *trace;       /* owned; NULL where there is nothing to show: */
    char *nothing;                 /* owned: "nothing logged yet", "diverged at step 12"; NULL */
};

/* Everything that was found. */
struct orl_log_set {
    size_t count;
    struct orl_log_run *runs; /* owned */
};
void orl_log_set_destroy(struct orl_log_set **set);

/* What to read. Zero-initialize. All text is borrowed for the call. */
struct orl_log_request {
    const char *const *paths; /* files and folders, or "-" for none; at least one */
    size_t path_count;
    const char *step;    /* the column that counts; NULL: chosen */
    const char *loss;    /* the column that is the loss; NULL: chosen */
    const char *columns; /* names and globs with commas between them: no other metric; NULL: all */
    size_t rows;         /* at most so many rows of a trace; 0: 100,000 */
};

/* What `path` is by its content: "folder", or the name of a kind of log, also of one that is known
 * but not read; NULL where it is neither. Reads the first bytes alone. */
const char *orl_log_kind_of(const char *path);

/* Read logs in a process of its own with limits on memory and time: what it reads comes from
 * others. ORL_OK with at least one run; ORL_EINPUT with messages where there is none, or where a
 * path that was named is no log or damaged beyond use; ORL_EENV where the process died. Warnings
 * (a resumed run, a torn end, a wrong checksum) are added to `messages`. Runs in which nothing is
 * logged stay in the set, with a warning each; where every run is like that, the result is
 * ORL_EINPUT and *out has them nevertheless. Release with orl_log_set_destroy in any case. */
int orl_log_read(const struct orl_log_request *request, const struct orl_limits *limits,
                 struct orl_messages *messages, struct orl_log_set **out, struct orl_error *err);

/* The same here, in this process: for tests and fuzzers. */
int orl_log_read_here(const struct orl_log_request *request, const struct orl_limits *limits,
                      struct orl_messages *messages, struct orl_log_set **out,
                      struct orl_error *err);

/* Kinds of logs, in the order of the table. Ended by a NULL name. */
struct orl_log_kind {
    const char *name, *title;
    bool supported;
    const char *hint; /* how to export it, where it is not supported */
};
/* The table. Static. */
const struct orl_log_kind *orl_log_kinds(void);

ORL_END_DECLS

#endif
