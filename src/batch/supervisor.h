/* The supervisor's view of a batch: every run and every output, how far each is, and the workers.
 * Inner header of the batch room.
 */
#ifndef ORL_BATCH_SUPERVISOR_H
#define ORL_BATCH_SUPERVISOR_H

#include "batch/pool.h"
#include "batch/progress.h"
#include "batch/signals.h"
#include "batch/store.h"
#include "batch/unit.h"
#include "optreel/batch.h"

/* JOB_ELSEWHERE: another shard does it, or who joins them; of a report: it was not asked for, and
 * is not there. */
enum job_state { JOB_WAITING, JOB_WORKING, JOB_DONE, JOB_CACHED, JOB_FAILED, JOB_ELSEWHERE };

struct run_job {
    enum job_state state;
    bool beside; /* of a report: it was not asked for now, but the folder holds it */
    char key[ORL_SHA256_HEX];
    struct orl_run_facts facts; /* owned; filled when done or cached */
    char *trace, *log;          /* owned: names in the folder */
    unsigned crashes;
    char *failure; /* owned */
};

struct output_job {
    enum job_state state; /* WORKING once a segment was handed out */
    size_t film, output;
    char key[ORL_SHA256_HEX];
    size_t level; /* how much smaller than asked for it is made, to meet its cap */
    int width, height, fps_num, fps_den; /* at that level */
    int64_t first_bytes;                 /* at level 0 */
    char tightened[ORL_TIGHTENED_SIZE];  /* how it differs from what was asked for; "" */
    uint64_t planned_frames;             /* at level 0: its weight among shards */
    size_t frames, segment_frames, segment_count, segments_done;
    enum job_state *segments; /* owned */
    bool joining;
    bool reused;            /* some segments were left by an earlier run */
    unsigned char *crashes; /* owned: of workers, for each segment and, behind them, for the join */
    struct orl_file_facts facts;
    double work_s; /* time that workers spent on it */
    char *failure; /* owned */
};

struct version {
    char *name, *version;
};

struct scratch;
struct summary; /* summaries.h */

struct batch {
    const struct orl_experiment *experiment;
    const struct orl_experiment_source *source;
    const struct orl_experiment_options *choices;
    const struct orl_limits *limits;
    const struct orl_batch_options *options;
    struct orl_messages *messages;
    struct store store;
    struct scratch *scratch; /* borrowed: where the one file is made; NULL: there is a folder */
    struct pool pool;
    struct progress progress;
    struct signals signals;
    int signal_number;          /* the signal that ended the batch; 0 */
    bool leaving;               /* hand out nothing more: asked to leave early */
    size_t vain_starts;         /* workers in a row that did not get ready */
    double start_after_s;       /* no worker is started before */
    struct run_job *runs;       /* owned: as in the plan */
    struct output_job *outputs; /* owned: all outputs of all films */
    size_t output_count;
    struct version *versions; /* owned: as the first worker told them */
    size_t version_count;
    char environment[ORL_SHA256_HEX]; /* digest of these */
    struct orl_estimate estimate;
    double start_s;
    char share[64]; /* the shard's name in the folder; "": it is taken alone */
    size_t segments_made;
    size_t expected, unmet;   /* facts of `expect` that were judged; those that do not hold */
    struct summary *baseline; /* borrowed: what is expected of before; NULL */
    int worst;                /* the result code so far */
    bool deaf;                /* nobody reads the messages */
    bool results_lost;        /* standard output could not be written */
    struct orl_text results;  /* owned: lines that standard output has not taken yet */
    bool disk_told;           /* the sentence on what is needed was said */
};

/* estimate.c: seconds of a core, of a run and of an output of a film. */
double orl_estimate_run_seconds(const struct orl_experiment *experiment, size_t run);
double orl_estimate_output_seconds(const struct orl_film_plan *film,
                                   const struct orl_output_plan *output);

/* Seconds until all that waits is made, by the workers of the pool. */
double orl_estimate_left(const struct batch *batch);

/* jobs.c: what there is to do. The runs and outputs of the plan, with what each is called.
 * ORL_ENOMEM. */
int orl_jobs_make(struct batch *batch, struct orl_error *err);
void orl_jobs_free(struct batch *batch);
/* Plan an output's segments as they are at a level. 1; 0: it has no such level; ORL_ENOMEM. */
int orl_jobs_level(struct batch *batch, struct output_job *job, size_t level);
/* Mark what the folder already holds; needs the versions that a worker told. */
int orl_jobs_skip(struct batch *batch, struct orl_error *err);
/* Remove what is left of segments that no output of the plan will use. */
void orl_jobs_sweep_segments(struct batch *batch);
const struct orl_film_plan *orl_job_film(const struct batch *batch, const struct output_job *job);
/* Whether its file is to be compared with its frames. */
bool orl_job_measured(const struct batch *batch, const struct output_job *job);
const struct orl_output_plan *orl_job_output(const struct batch *batch,
                                             const struct output_job *job);

/* schedule.c: who does what next */

/* The unit that an idle worker should take; it then counts as handed out. False: there is none for
 * it now. */
bool orl_schedule_next(struct batch *batch, size_t worker, struct unit *unit);
/* What the worker is told of it; the facts of the film's runs are added when it is sent. */
void orl_schedule_order(const struct batch *batch, const struct unit *unit,
                        struct unit_order *order);
/* How many units the whole plan has, but for joins. */
size_t orl_schedule_units(const struct batch *batch);
/* Nothing waits and nothing runs. */
bool orl_schedule_finished(const struct batch *batch);
void orl_schedule_state(const struct batch *batch, struct progress_state *out);

/* outcome.c: what follows from a unit's end */

/* What a worker, or its death, tells of a unit. */
struct unit_result {
    int code;
    const char *text;         /* where the code is not ORL_OK */
    double seconds;           /* that the worker spent on it */
    struct orl_fields *facts; /* what came of it; NULL where nothing did */
};
/* A unit came back. A failure of it is no failure of this: that is one of the manifest, of memory,
 * or of an answer that makes no sense. */
int orl_outcome_take(struct batch *batch, const struct unit *unit, const struct unit_result *result,
                     struct orl_error *err);
/* It was not handed out after all: it waits again. */
void orl_outcome_return(struct batch *batch, const struct unit *unit);
/* Its worker died: it waits again, or, the second time, it has failed. */
int orl_outcome_crashed(struct batch *batch, const struct unit *unit, const char *how,
                        struct orl_error *err);

/* supervise.c: workers are started, fed, heard and buried until all that can be done was tried.
 * ORL_ECANCELED where a signal ended it. */
int orl_supervise(struct batch *batch, struct orl_error *err);

/* tell.c: lines for people. A reader who does not read holds up nothing: messages wait for one a
 * second at most and are then lost, results are kept and written when they can be. */
void orl_tell(struct batch *batch, const char *format, ...) ORL_PRINTF(2, 3);
/* A line of results. */
void orl_tell_result(struct batch *batch, const char *line);
/* Wait until all results are written. */
void orl_tell_flush(struct batch *batch);

/* events.c: lines of JSON, where --progress json asks for them: {"event": "run" | "file" |
 * "failure" | "end", ...}, each with what is known of it. */
void orl_event_run(struct batch *batch, size_t run);
void orl_event_file(struct batch *batch, const struct output_job *job);
void orl_event_failure(struct batch *batch, const char *what, int code, const char *text);
void orl_event_end(struct batch *batch, int code);

/* results.c: what is told at the end */
void orl_results_line(struct batch *batch, const struct output_job *job);
int orl_results_report(struct batch *batch, struct orl_error *err);
struct orl_report;
struct orl_text;
/* beside.c: write <film>.alt.txt of every film that is there, <film>.tex of every PDF. ORL_ENOMEM,
 * ORL_EIO. */
int orl_beside_write(struct batch *batch, const struct orl_report *report, struct orl_error *err);
/* Whether an output is there and has its <film>.tex. */
bool orl_beside_has_tex(const struct batch *batch, const struct output_job *job);
/* Write a text into the folder, unless it holds the same already, and into the manifest. `name` is
 * moved, and may be NULL: ORL_ENOMEM then. */
int orl_beside_text(struct batch *batch, char *name, const struct orl_text *text,
                    struct orl_error *err);
/* embedding.c: slides.pptx and snippets/, where the preset has them */
int orl_embedding_write(struct batch *batch, const struct orl_report *report,
                        struct orl_error *err);
/* The index-th path of these, of the whole experiment: owned by the caller; NULL past the last. */
char *orl_embedding_path(const struct batch *batch, size_t index);
/* Where the disk's room has ended the whole batch: say how much it needs, and how much there is. */
void orl_results_space(const struct batch *batch, struct orl_error *err);
/* Record a failure of an output or run: the code counts for the exit, the text is printed. */
void orl_results_failure(struct batch *batch, const char *what, int code, const char *text);

#endif
