/* Experiments: an experiment file becomes a checked plan of runs, films and outputs. */
#ifndef OPTREEL_EXPERIMENT_H
#define OPTREEL_EXPERIMENT_H

#include "optreel/theme.h"
#include "optreel/trace.h"

ORL_BEGIN_DECLS

struct orl_format_desc; /* encode/tables.h */
struct orl_preset_desc;
struct orl_panel_desc; /* scene/tables.h */

/* What becomes of a row that lacks a number. */
enum orl_missing { ORL_MISSING_REFUSE, ORL_MISSING_SKIP };

/* Where the points of a problem come from. */
enum orl_data_kind { ORL_DATA_NONE, ORL_DATA_GENERATED, ORL_DATA_FILE, ORL_DATA_LISTED };

struct orl_problem_plan {
    char *name, *title; /* title: as given, else the formula written prettily */
    /* NULL: the problem of runs that were recorded without one, "logs": it has no parameters */
    char *model; /* formula text: prediction, or the objective where data_kind is ORL_DATA_NONE */
    size_t parameter_count;
    char **parameters;
    double *start;
    double *truth;      /* truth of generated data, or the known minimum of an objective; NULL */
    size_t truth_count; /* minima that are known, in `truth` one after the other */
    const struct orl_loss_desc *loss;
    struct orl_value *loss_settings;
    enum orl_data_kind data_kind;
    size_t predictor_count; /* columns that the model uses; 0 for an objective */
    /* generated or listed */
    size_t column_count;
    struct orl_column_spec *columns; /* names and lists owned here */
    struct orl_noise_spec noise;
    uint64_t seed;
    char *response; /* listed or file: formula text */
    char *sigma;    /* the same, or NULL */
    bool sigma_absolute;
    /* file */
    char *data_path;  /* as opened: relative to the experiment file's folder */
    char *data_shown; /* as written, for messages */
    size_t csv_count;
    struct orl_csv_column *csv_columns; /* owned */
    size_t skip;                        /* lines before the header */
    bool units;                         /* the row below the header holds units */
    char *comment;                      /* lines that begin with it are left out; "": none */
    int missing, decimal;               /* enum orl_missing, enum orl_decimal */
    uint8_t digest[32]; /* SHA-256 of the data file as it was checked; zeros otherwise */
    size_t shape_count;
    struct orl_shape *shapes; /* owned: groups of parameters that form matrices */
    double *domain;           /* objective: parameter_count × (from, to); NULL where not given */
    size_t points;            /* rows of the data; 0 where it was not read */
    size_t placeless[2]; /* of those, predictors and responses that no log axis has a place for */
    char *bad_start;     /* why no run can start: value or gradient are not finite there; NULL */
    /* for messages */
    unsigned line, column;
};

struct orl_run_plan {
    char *name;      /* "quadratic/sgd", "quadratic/adam@learning_rate=0.01" */
    char *file_name; /* "quadratic-sgd" */
    char *title;     /* how the run is called on films: "SGD", "Adam, learning rate 0.01" */
    char *base;      /* the title without what a sweep adds to it: "Adam" */
    size_t told_count;
    struct orl_told *told; /* hyperparameters; owned with their texts */
    char *details;   /* the same in one line, as a film's subtitle names them: "learning rate 0.01,
                momentum   0.5" */
    size_t problem;  /* index */
    char *optimizer; /* name in the file */
    const struct orl_optimizer_desc *desc; /* orl_optimizer_recorded for a run from a trace */
    struct orl_value *values;              /* parallel to desc->settings */
    struct orl_value *common;              /* parallel to orl_optimizer_common */
    /* Runs that differ in their seeds alone: which one, from 1 (0: it is the only one); a number
     * that they share; name and file name without the first (NULL: it is the only one). */
    size_t repeat, group;
    char *repeat_name, *repeat_file;
    struct orl_tune tune;     /* of the learning rate; no trials: it is given */
    size_t tuned_told;        /* which of `told` it is */
    uint8_t state_digest[32]; /* SHA-256 of where the state of a rule of the file's own starts;
                                 zeros otherwise */
    int64_t steps;
    uint64_t seed;
    size_t style; /* colour, dash and marker: the same for an optimizer in every film */
    char *trace_path,
        *trace_shown; /* of a run that was recorded elsewhere: as opened, as written; NULL */
    bool has_series;  /* that file has columns besides step, loss, parameters and gradients */
    bool has_loss;    /* ... or losses, which it may get from its problem's model, too */
    uint8_t trace_digest[32]; /* SHA-256 of that file as it was checked; zeros otherwise */
    size_t entry;             /* of runs.add; its settings say how a log is read */
    char *log;                /* of a log: the run's name in it; NULL */
    char *loss_name;          /* of a log: what its loss is called; NULL */
    int64_t smooth;           /* points of a centred mean that is drawn over the losses; 0: none */
};

/* What was found in the files of an entry of `runs.add`: a run. */
struct orl_recorded_facts {
    size_t entry;    /* of runs.add */
    char *log;       /* owned: the run's name in its log; NULL: the file is a trace */
    char *title;     /* owned: what the log calls it; NULL */
    char *details;   /* owned: the learning rate of its configuration; NULL */
    char *loss_name; /* owned: what the log calls its loss; NULL */
    uint8_t
        digest[32]; /* SHA-256 of the trace's file; of a log: of the trace that was made of it */
    int64_t steps;
    bool has_series, has_loss;
};

/* What an entry of `runs.add` says. */
struct orl_recorded_settings {
    char *name, *problem;
    size_t trace_count;
    char **trace;      /* files and folders */
    char *title;       /* NULL: the name */
    char *step, *loss; /* of logs: columns; NULL: chosen */
    size_t column_count;
    char **columns; /* of logs: no other metrics; none: all */
    size_t run_count;
    char **runs;    /* of logs: globs; none: all */
    int64_t smooth; /* points of a centred mean; 0: as it is */
};

struct orl_panel_plan {
    const struct orl_panel_desc *desc;
    struct orl_value *values; /* parallel to desc->settings */
};

struct orl_output_plan {
    const struct orl_format_desc *format;
    struct orl_value *values; /* parallel to format->settings */
    char *path;               /* relative to the output folder: "quadratic-sgd.mp4"; a poster is
                                 "quadratic-sgd.png" */
    int width, height, fps_num, fps_den;
    double text_px, line_px;            /* orl_look_sizes of `look` and the size */
    const struct orl_preset_desc *look; /* whose text and lines it has */
    bool poster;                        /* the last frame as a still */
    bool sidecar; /* stands beside the film: captions, a contact sheet, the .tex that shows it; no
                     output of its own in reports */
    int columns, rows; /* of a contact sheet, which shows frames of the size above; 0: none */
    int64_t max_bytes; /* the file may have no more: output.max_size, or the preset's cap; 0: any */
    bool chapters;     /* a film with chapters tells them */
    bool transparent;  /* the background is not painted: asked for, and the format has alpha */
};

/* Text and lines of a picture of width × height px that looks like a preset's: least text size and
 * width of data lines, px. */
void orl_look_sizes(const struct orl_preset_desc *look, int width, int height, double *text_px,
                    double *line_px);

/* A grid of one's own for a film's panels: relative widths and heights. */
enum { ORL_GRID_LINES = 16 };
struct orl_grid_plan {
    size_t column_count, row_count; /* 0: chosen */
    double columns[ORL_GRID_LINES], rows[ORL_GRID_LINES];
};

/* What an entry of `films` says; an entry makes one film or several. A new key of films that needs
 * no more than its own value is a row (orl_film_map in experiment/rows.c), a field here, and its
 * use. Where a number is NAN, the entry does not say. */
/* A sentence by hand, in `notes` of a film. */
struct orl_note_settings {
    int64_t step;
    char *run, *text; /* run NULL: of none */
    double seconds;
};
struct orl_film_settings {
    int each; /* what a film is made for: enum orl_film_each */
    char *name, *title;
    int layout, pace; /* enum orl_layout, enum orl_pace */
    struct orl_grid_plan grid;
    double length_s, hold_first_s, hold_last_s;
    int64_t from_step, to_step; /* to_step -1: to the end */
    char *headline;             /* auto, none, or a text; NULL: auto */
    int headline_from;          /* 0: from the first frame on, 1: from the last step on */
    char **highlight;           /* globs: runs that stand out; none: the winner at the finish */
    size_t highlight_count;
    int events; /* 0: auto, 1: none */
    struct orl_note_settings *notes;
    size_t note_count;
    double level; /* by which runs rank; NAN: by the rule of the standing */
    char **only;  /* globs: of the runs that the film would have, these; none: all */
    size_t only_count;
    char *subtitle; /* auto, none, or a text; NULL: auto */
    char *note;     /* a line below the film; NULL: none */
    struct orl_credit_settings {
        char *text;
    } credit; /* at the right of that line */
};
enum orl_film_each {
    ORL_EACH_RUN,
    ORL_EACH_PROBLEM,
    ORL_EACH_OPTIMIZER,
    ORL_EACH_EXPERIMENT,
};

/* Whether a glob means a run: it is compared with the optimizer's part of the run's name, sweep
 * included, or, where it has a slash, with all of it. Pure: any thread. */
bool orl_run_matches(const char *pattern, const char *name);

struct orl_film_plan {
    const struct orl_film_settings *settings; /* of its entry; the experiment owns them */
    char *name, *title;
    size_t run_count;
    size_t *runs; /* indices */
    size_t panel_count;
    struct orl_panel_plan *panels;
    char *watched;    /* the parameter that its table shows; NULL: chosen */
    int layout, pace; /* enum orl_layout, enum orl_pace */
    struct orl_grid_plan grid;
    double length_s, hold_first_s, hold_last_s;
    int64_t from_step, to_step; /* to_step -1: to the end */
    size_t output_count;
    struct orl_output_plan *outputs;
};

/* What must hold when the runs have ended: an entry of `expect` makes one for each run and number
 * that it names. */
enum orl_quantity {
    ORL_QUANTITY_LOSS, /* at the end, as it is */
    ORL_QUANTITY_GRADIENT_NORM,
    ORL_QUANTITY_STEPS,      /* that the run made */
    ORL_QUANTITY_RANK,       /* among the runs of its problem, from 1 */
    ORL_QUANTITY_LEVEL_STEP, /* the first step at the level by which runs rank */
    ORL_QUANTITY_STEPS_TO,   /* the first step at or below `threshold` */
    ORL_QUANTITY_PARAMETER,
    ORL_QUANTITY_STATUS,
    ORL_QUANTITY_ORDER, /* of runs in the standing */
};
enum orl_relation {
    ORL_RELATION_BELOW,
    ORL_RELATION_AT_MOST,
    ORL_RELATION_ABOVE,
    ORL_RELATION_AT_LEAST,
    ORL_RELATION_NEAR, /* no farther than `tolerance` */
};
struct orl_expectation {
    char *what; /* owned: "quadratic/adam: loss < 1e-3" */
    enum orl_quantity quantity;
    enum orl_relation relation;
    double value, tolerance;
    double threshold;       /* of STEPS_TO; above a known minimum */
    char *parameter;        /* owned; of PARAMETER, else NULL */
    enum orl_status status; /* of STATUS */
    /* Owned: names of runs. One, or of ORDER several, the better first; those with an equal number
     * in `places` may stand in any order. They may have been left out by --only. */
    size_t run_count;
    char **runs;
    size_t *places;
    unsigned line, column; /* where it stands in the file; 0: it came from --set */
};
void orl_expectation_uninit(struct orl_expectation *expectation);

/* A file or folder that the experiment's file names. */
struct orl_input {
    char *path; /* as it is opened; below "builtin:" it is in the program itself */
    char *name; /* in the copy: "inputs/decay.csv" */
};

/* A path that can be opened for `path`: itself, or, below "builtin:", that of a file in memory (one
 * for the process's life). Such a path names no file where the built-in experiments bring none of
 * that name. Not thread-safe. */
const char *orl_builtin_path(const char *path);

struct orl_experiment {
    char
        *name; /* the key `name`, else the file's without folder and extension, or the built-in's */
    char *path; /* as shown in messages */
    char *title, *description;
    bool has_title; /* the file gives one; else it is the name */
    int64_t steps;
    uint64_t seed;
    int64_t record_every;
    size_t record_rows;
    struct orl_stop_spec stop;
    bool report_times;
    struct orl_theme_spec theme;
    char *font;                           /* NULL: the default */
    const struct orl_preset_desc *preset; /* of the output; NULL: runs alone */
    int64_t max_bytes;                    /* output.max_size; -1: not said, the preset's counts */
    bool poster;
    size_t recorded_count; /* entries of `runs.add` */
    struct orl_recorded_settings *recorded;
    size_t fact_count; /* runs of these entries, in order */
    struct orl_recorded_facts *facts;
    char *folder;                  /* where the file's relative paths start */
    struct orl_log_set **log_sets; /* by entry: a log that was read for a run is kept for the next
                                      one; NULL where it was not */
    size_t rule_count;
    const struct orl_optimizer_desc **rules; /* owned: rules of the file's own, that runs use */
    size_t film_settings_count;              /* entries of `films` */
    struct orl_film_settings *film_settings;
    size_t expectation_count;
    size_t expectation_capacity;
    struct orl_expectation *expectations;
    size_t problem_count, run_count, film_count;
    struct orl_problem_plan *problems;
    struct orl_run_plan *runs;
    struct orl_film_plan *films;
    size_t input_count;
    struct orl_input *inputs; /* in the order in which they were met; a path may be there twice */
    char *copy;               /* the file after --set, as YAML, with its paths turned to inputs/ */
};

/* What the command line adds. Zero-initialize. Text is borrowed for the call. */
struct orl_experiment_options {
    const char *const *set; /* "a.b.c=value", in order */
    size_t set_count;
    const char *formats; /* "mp4,gif"; NULL */
    const char *preset;  /* NULL */
    const char *only;    /* glob over run names, run file names and film names; NULL */
    bool runs_only;      /* no films */
    bool bare;           /* films in their formats alone: no posters, nothing beside them */
    /* What another process found in the traces of `runs.add`, in the file's order, so that this one
     * need not look and makes the same plan; NULL: they are read and checked. */
    const struct orl_recorded_facts *recorded;
    size_t recorded_count; /* runs, not entries */
    bool allow_outside;    /* the file may name paths that lead out of its folder */
    bool checked; /* somebody has loaded it before, with the same options: data are not read or
                     made now, starts and schedules are not tried */
};

/* The experiment's text: a file or a built-in (orl_experiment_read finds it), or text in memory
 * (orl_experiment_text). Zero-initialize; all of it is owned: release with
 * orl_experiment_source_uninit. */
struct orl_experiment_source {
    char *name;   /* experiment name */
    char *path;   /* as shown in messages: "e.yaml", "assignment (built in)" */
    char *folder; /* where relative paths of the file start; "." */
    char *text;   /* owned, `length` bytes */
    size_t length;
};
/* `what` is a path, a built-in's name, or "-", standard input. Where both could be meant, an
 * existing file wins only if `what` has a '/' or a '.'. ORL_EINPUT with a message (and a
 * suggestion) where it is neither. */
int orl_experiment_read(const char *what, const struct orl_limits *limits,
                        struct orl_experiment_source *out, struct orl_messages *messages);
/* The same from text in memory: `name` names the experiment and stands in messages, relative paths
 * start in `folder` (NULL: the current one). All of it is copied. ORL_ENOMEM. */
int orl_experiment_text(const char *name, const char *folder, const char *text, size_t length,
                        struct orl_experiment_source *out, struct orl_error *err);
void orl_experiment_source_uninit(struct orl_experiment_source *source);

/* Recorded runs of which a film is wanted (optreel film). All text is borrowed for the call. */
struct orl_recorded_run {
    const char *name, *title; /* of whatever characters; equal names are told apart by a number */
    const char *trace;        /* path of a CSV file, relative to the current folder */
};
struct orl_recorded_request {
    const struct orl_recorded_run *runs;
    size_t run_count;     /* > 0 */
    const char *model;    /* a formula, whose parameters are columns of the traces; NULL */
    const char *data;     /* path of a CSV file for the model; NULL: the model is an objective */
    const char *response; /* a formula of the data's columns that the model should meet; NULL: the
                             column y, or the only one that the model does not use */
    const char *panels;   /* names with commas between them; NULL: chosen by what is there */
    const char *theme;    /* NULL: light */
    const char *title, *pace, *length, *axes; /* as the keys of a film; NULL: the usual */
    /* Of logs, where there is no model: as the keys of runs.add, lists with commas; NULL. */
    const char *step, *loss, *columns, *smooth, *only;
    const struct orl_limits *limits;
};
#define ORL_RECORDED_PATH "optreel film" /* what messages call such an experiment */
/* The text of an experiment with one film of them all, called "film". ORL_EUSAGE where an option is
 * at fault, ORL_EINPUT with messages for a file. Release with orl_experiment_source_uninit. */
int orl_experiment_of_runs(const struct orl_recorded_request *request,
                           struct orl_experiment_source *out, struct orl_messages *messages,
                           struct orl_error *err);

/* Parse, check and expand. ORL_EUSAGE where an option is at fault (unknown format, bad --set path,
 * --only without a match), ORL_EINPUT for the file and its data; every fault is in `messages`, with
 * warnings. Release with orl_experiment_destroy. */
int orl_experiment_load(const struct orl_experiment_source *source,
                        const struct orl_experiment_options *options,
                        const struct orl_limits *limits, struct orl_messages *messages,
                        struct orl_experiment **out);
void orl_experiment_destroy(struct orl_experiment **experiment);

/* What runs that were recorded without a problem have for one: the problem called
 * ORL_LOGS_PROBLEM, the plan's last, has no model, and opens as NULL. */
#define ORL_LOGS_PROBLEM "logs"
/* Whether a problem is that one. Pure. */
bool orl_problem_is_logs(const struct orl_problem_plan *plan);

/* Make a problem ready to run: parse its model, generate or read its data. The digest of a data
 * file is noted in the plan the first time; later a file with another one is refused (ORL_EINPUT:
 * "changed while the program ran"). */
int orl_problem_open(struct orl_problem_plan *plan, const struct orl_limits *limits,
                     struct orl_messages *messages, struct orl_problem **out,
                     struct orl_error *err);

/* Put the learning rate that was chosen into what is told of a run (NAN: where it is looked for).
 * Nothing changes where it is not tuned. False when memory is short. */
bool orl_run_tell_tuned(struct orl_run_plan *run, double rate);

/* The trace of a recorded run, made whole: losses that it lacks are computed from the problem's
 * model, unless `problem` is NULL. Faults go to `messages`. ORL_EINPUT where the file is no longer
 * the one that was checked.
 */
int orl_run_trace(const struct orl_experiment *experiment, size_t run,
                  const struct orl_problem *problem, const struct orl_limits *limits,
                  struct orl_messages *messages, struct orl_trace **out, struct orl_error *err);

/* Content keys (SHA-256, hex): all that decides a run's numbers, without names of films or outputs.
 */
void orl_run_key(const struct orl_experiment *experiment, size_t run, char hex[65]);
/* All that decides an output's pixels besides the traces of its runs. */
void orl_output_key(const struct orl_experiment *experiment, size_t film, size_t output,
                    char hex[65]);

/* Built-in experiments: scripts/experiments/ *.yaml, compiled in. Ended by a NULL name. */
struct orl_builtin {
    const char *name, *title;
    const char *text;
    size_t length;
};
extern const struct orl_builtin orl_builtins[];
/* The data files that they read (scripts/experiments/ *.csv), by file name. Ended by a NULL name.
 */
extern const struct orl_builtin orl_builtin_files[];

/* A commented experiment file to start from, named `name` in its title. Owned by the caller. */
char *orl_experiment_template(const char *name);

/* The keys of a part of the file, a line each: "experiment", "problems", "data", "optimizers",
 * "runs", "films" or "output". Owned by the caller; "" where there is no such part, NULL when
 * memory is short. */
char *orl_experiment_keys(const char *topic);

/* The JSON Schema of experiment files, made from the same tables that the parser reads. Owned by
 * the caller. */
char *orl_experiment_schema(void);

ORL_END_DECLS

#endif
