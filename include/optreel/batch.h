/* Batches: all units of an experiment (runs, segments of films, joined files) done by worker
 * processes, with resume.
 *
 * The supervisor plans, hands out units, keeps the manifest and writes the report; it never calls
 * Cairo, Pango or libav itself. Workers are processes of the same program, started with
 * ORL_WORKER_ARGUMENT as their only argument and fed over a pipe. */
#ifndef OPTREEL_BATCH_H
#define OPTREEL_BATCH_H

#include "optreel/experiment.h"

ORL_BEGIN_DECLS

#define ORL_WORKER_ARGUMENT "--worker"

enum orl_progress { ORL_PROGRESS_AUTO, ORL_PROGRESS_ALWAYS, ORL_PROGRESS_NEVER, ORL_PROGRESS_JSON };

/* One of `count` processes that share a batch, from 1. */
enum { ORL_SHARDS_MAX = 1000000 };
struct orl_shard {
    size_t index, count; /* 0, 0: all of it */
};
/* The shard that an array job's variables name: Slurm's, AWS Batch's, Kubernetes' (with
 * JOB_COMPLETIONS, which the job's author sets), GitLab's. *system says whose. ORL_EUSAGE where
 * there are none or they make no sense. */
int orl_shard_from_environment(struct orl_shard *shard, const char **system, struct orl_error *err);

/* A batch that is handed to Slurm: an array job whose tasks are shards, and a job that joins them.
 */
struct orl_slurm {
    const char *account, *partition, *time, *memory; /* as sbatch takes them; NULL: as it does */
    int64_t at_once;                                 /* tasks at a time; 0: all */
    size_t tasks;                                    /* shards */
    unsigned cores;                                  /* of a task; 0: as Slurm does */
    const char *folder; /* where tasks start: the current folder, absolute */
    const char *render; /* for a shell: the command of a task but for its shard */
    const char *join;   /* for a shell: what puts them together */
};
/* What is handed to sbatch, as a script for a shell that does the same: both jobs with the command
 * that submits them. `output` is the output folder, absolute. Owned by the caller; NULL when memory
 * is short. */
char *orl_slurm_script(const struct orl_slurm *slurm, const char *experiment, const char *output);

struct orl_batch_options {
    const char *folder; /* output folder */
    const char *file; /* in place of a folder: the plan's only output becomes this file, complete or
                         absent, and nothing else is left; "-": standard output. NULL */
    const char *program; /* path of the program that workers are: one that calls orl_batch_worker
                            where its only argument is ORL_WORKER_ARGUMENT. NULL: the installed
                            `optreel`, found from where liboptreel is */
    const char *command; /* how to repeat this, for the report */
    const struct orl_slurm *slurm; /* submit it, and print the numbers of the jobs; NULL: do it */
    struct orl_shard shard;        /* make this share alone; the report is left to orl_batch_join */
    bool join;                     /* put together what shards made; make no runs and no segments */
    bool measure;                  /* decode every film again and compare it with its frames */
    bool prune;                    /* remove files that the experiment no longer makes */
    const char *junit;    /* a JUnit file to write: a test for each run and film file; NULL */
    const char *baseline; /* the summary.json of another time, whose results are expected; NULL */
    double tolerance;     /* of numbers against it, relative; 0: 1e-9 */
    const char *deps;     /* a make depfile to write: all outputs : all inputs; NULL */
    bool report_only;     /* put nothing together either: tell what is there */
    unsigned jobs;        /* workers; 0: one per core that this process may use */
    bool force;           /* remake everything; override estimates; accept a foreign folder */
    bool strict;          /* a warning or a diverged run fails */
    bool fail_fast;       /* hand out nothing more after the first failure */
    bool wait;            /* wait for a folder that is in use */
    double timeout_s;     /* per unit; 0: none */
    bool quiet, verbose;
    enum orl_progress progress;
    FILE *results;  /* one line per output; may be NULL */
    FILE *messages; /* progress and failures; may be NULL */
};

/* Do everything the plan asks for. `source` and `choices` are what `experiment` was loaded from:
 * workers load it again. Warnings are taken from and added to `messages`. ORL_OK where everything
 * exists and is verified; else the highest of ORL_FAIL, ORL_EENV, ORL_EIO by exit code, ORL_EBUSY
 * for a folder in use; ORL_ECANCELED after a signal, whose number is then in *signal_number:
 * everything is cleaned up, raise it again. The process's signal mask is changed while this runs;
 * call it from a program's only thread. */
int orl_batch_render(const struct orl_experiment_source *source,
                     const struct orl_experiment_options *choices,
                     struct orl_experiment *experiment, const struct orl_limits *limits,
                     const struct orl_batch_options *options, struct orl_messages *messages,
                     int *signal_number, struct orl_error *err);

/* Put together what shards made in options->folder, whose plan is kept there, and write the report;
 * with options->report_only the report alone. ORL_EINPUT where the folder has no plan; else as
 * orl_batch_render: ORL_FAIL where segments are missing. */
int orl_batch_join(const struct orl_batch_options *options, struct orl_messages *messages,
                   int *signal_number, struct orl_error *err);

/* What a worker process does, reading from descriptor 0 and writing to descriptor 1 until its
 * supervisor closes the pipe. Returns the process's exit code. */
int orl_batch_worker(void);

/* Estimates before anything is made, in bytes and seconds; bytes saturate. */
struct orl_estimate {
    uint64_t disk;      /* of the output folder in the end; mostly within a factor of two */
    uint64_t disk_most; /* while it is made: segments lie beside the file that they become */
    uint64_t memory;    /* of all workers together; rather too much */
    uint64_t frames;    /* of all films and formats */
    double seconds;     /* until all is made, by `jobs` workers of a common machine */
};
/* Fill them for so many workers (0: one per core). Makes nothing and cannot fail. */
void orl_batch_estimate(const struct orl_experiment *experiment, unsigned jobs,
                        struct orl_estimate *out);

/* How well a batch can be cut into `shards`: the time of one process over the time that so many
 * take together, if none waits for another. Times are those that the folder's files took
 * (`measured` of `files`), else estimates. */
struct orl_efficiency {
    double whole_s, longest_s; /* of one process; of the shard that takes longest */
    double share;              /* whole_s / (shards * longest_s) */
    size_t measured, files;
};
/* Fill it; `folder` need not be there. ORL_ENOMEM. */
int orl_batch_efficiency(const struct orl_experiment *experiment, const char *folder, size_t shards,
                         struct orl_efficiency *out, struct orl_error *err);

/* Cores that this process may use, at least 1: the least of its affinity, its control group's quota
 * (rounded up) and SLURM_CPUS_PER_TASK. */
unsigned orl_batch_cores(void);

/* A still of a film (optreel frame), or a contact sheet of it. */
struct orl_frame_request {
    struct orl_experiment *experiment; /* borrowed */
    size_t film;                       /* index */
    int64_t frame;      /* from 0, at the rate of the film's first output that moves; -1: by step */
    int64_t step;       /* the first frame that shows it or a later one */
    int columns, rows;  /* of a contact sheet, in place of one frame; 0: none */
    const char *output; /* the file; "-": standard output */
    const char *format; /* png, svg or pdf; NULL: by the file's extension */
    const struct orl_limits *limits;
    bool strict;   /* a warning fails */
    FILE *results; /* a line about the file that was made; NULL */
};
/* Warnings (a character that no font has) are added to `messages`; ORL_FAIL in their place where
 * `strict`. Makes the film's runs here and now, writes nothing of them, and draws in a copy of this
 * process that may not write files, open sockets or start programs: call it from a program's only
 * thread. ORL_EUSAGE for a frame or step past the end, or an unknown format; ORL_EENV where the
 * copy dies. The file is whole or absent. */
int orl_batch_frame(const struct orl_frame_request *request, struct orl_messages *messages,
                    struct orl_error *err);

ORL_END_DECLS

#endif
