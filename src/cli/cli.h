/* The command line: a row for each subcommand and for each option, from which parsing, help, the
 * man page and the shells' completions come. */
#ifndef ORL_CLI_H
#define ORL_CLI_H

#include "base/late.h"
#include "base/text.h"
#include "optreel/batch.h"
#include "optreel/encode.h"
#include "optreel/logs.h"

struct cli_command;

/* What the command line said, for all subcommands; which options a subcommand takes stands in its
 * row. Made by orl_cli_parse; release with orl_cli_options_uninit. */
struct cli_options {
    const struct cli_command *command; /* the row that is run */
    const char *operand;               /* the first of them, or NULL: EXPERIMENT, TOPIC, NAME */
    const char **operands;             /* owned list: all of them */
    size_t operand_count;
    const char *output; /* -o */
    const char *from;   /* new: the built-in to start from */
    bool help, version, json, open;
    const char *film;    /* frame: which film, frame or step; -1: not given */
    int64_t frame, step; /* from 0 */
    int columns, rows;   /* a contact sheet; 0: none */
    char *contact;       /* owned: the same as a setting, for render */
    struct orl_experiment_options experiment;
    struct orl_batch_options batch;
    /* What --model and its like say; the rest is filled in by the subcommand. */
    struct orl_recorded_request traces;
    /* --step, --loss and --columns; the paths are the operands. */
    struct orl_log_request logs;
    struct orl_limits limits;
    bool elsewhere, dry_run;   /* --engine slurm; --dry-run */
    int64_t shards;            /* 0: not given */
    struct orl_slurm slurm;    /* what --slurm-... say; the rest is filled in by the subcommand */
    struct orl_text handed_on; /* owned: the options as a shell reads them, but for those that stay
                                  with who submits a batch */
    int signal_number;         /* set by the subcommand: the signal that ended it; 0: none */
};

/* What a value is, so that shells can complete it. */
enum cli_values {
    CLI_VALUES_ANY, /* a number, a formula, words: nothing to complete */
    CLI_VALUES_FILE,
    CLI_VALUES_FOLDER,
    CLI_VALUES_EXPERIMENT, /* a file or a built-in experiment */
    CLI_VALUES_BUILTIN,
    CLI_VALUES_TOPIC,
    CLI_VALUES_LIST,   /* what `optreel list` lists */
    CLI_VALUES_CHOICE, /* the words of the row's `argument`, "auto|always|never" */
    CLI_VALUES_FORMAT,
    CLI_VALUES_PRESET,
    CLI_VALUES_THEME,
    CLI_VALUES_PANEL,
    CLI_VALUES_SHELL,
};

/* An option. */
struct cli_option {
    const char *name;      /* without the dashes; NULL ends a group */
    char letter;           /* its short form; 0: none */
    const char *argument;  /* what its value is called in the help, "N"; NULL: it takes none */
    enum cli_values value; /* what that value is */
    /* Take the value (NULL where it takes none). Returns 0, or the exit code after a message. */
    int (*set)(struct cli_options *options, const struct cli_option *option, const char *value);
    const char *description; /* one line; NULL: no help tells of it */
    bool stays;              /* not handed on to the tasks of a batch that is submitted */
    size_t offset;           /* in struct cli_options: what the shared setters below fill; else 0 */
};

/* Setters for rows: the member at `offset` is a const char *, a bool, an int64_t from 0. */
int orl_cli_set_text(struct cli_options *options, const struct cli_option *option,
                     const char *value);
int orl_cli_set_flag(struct cli_options *options, const struct cli_option *option,
                     const char *value);
int orl_cli_set_count(struct cli_options *options, const struct cli_option *option,
                      const char *value);
/* "--jobs takes a number from 1, not 'x'". Returns the exit code. */
int orl_cli_refuse_value(const struct cli_option *option, const char *value, const char *wanted);
/* Into batch.tolerance. */
/* --shards N. */
int orl_cli_set_shards(struct cli_options *options, const struct cli_option *option,
                       const char *value);
int orl_cli_set_tolerance(struct cli_options *options, const struct cli_option *option,
                          const char *value);
/* COLUMNSxROWS into `columns` and `rows`. */
int orl_cli_set_sheet(struct cli_options *options, const struct cli_option *option,
                      const char *value);

/* Groups of rows that several subcommands take, each ended by a row without a name (options.c).
 * An option of one subcommand stands beside its row instead. */
extern const struct cli_option orl_cli_common[];  /* --help, --version: every subcommand has them */
extern const struct cli_option orl_cli_choose[];  /* which runs and films, on how many workers */
extern const struct cli_option orl_cli_change[];  /* --set */
extern const struct cli_option orl_cli_formats[]; /* what the films become */
extern const struct cli_option orl_cli_sheets[];  /* a contact sheet beside each film */
extern const struct cli_option orl_cli_make[];    /* how work is done */
extern const struct cli_option orl_cli_judge[];   /* what fails, and where that is told */
extern const struct cli_option orl_cli_show[];    /* --open */
extern const struct cli_option orl_cli_talk[];    /* what is said meanwhile */
extern const struct cli_option orl_cli_engine[];  /* here, or submitted to a cluster (engine.c) */

enum { CLI_GROUPS = 10, CLI_ANY_NUMBER = -1 };

/* A subcommand: a row in a file of its own and its line in commands.c. */
struct cli_command {
    const char *name;        /* "render" */
    const char *usage;       /* what follows the name: "EXPERIMENT [options]" */
    const char *summary;     /* one line, for the list of subcommands */
    const char *help;        /* what `optreel help NAME` says above the options */
    int operands;            /* at most so many, or CLI_ANY_NUMBER */
    enum cli_values operand; /* what they are */
    bool limits;             /* takes --max-… */
    const struct cli_option *options[CLI_GROUPS]; /* groups, ended by NULL */
    /* Whether it needs what draws and encodes, so that the media module must do it. NULL: never. */
    bool (*needs_media)(const struct cli_options *options);
    /* Do it; returns the exit code. */
    int (*run)(struct cli_options *options);
};
extern const struct cli_command *const orl_cli_commands[]; /* NULL-ended, in the help's order */
const struct cli_command *orl_cli_command_find(const char *name);

bool orl_cli_always(const struct cli_options *options); /* true: for needs_media */

/* The command line, in the program and in its media module. Returns the exit code; does not return
 * where a signal ended it. */
int orl_cli_main(int argc, char **argv);

/* What subcommands call of the media module's: NULL in the program itself. */
int orl_batch_worker(void) ORL_LATE;
int orl_batch_frame(const struct orl_frame_request *request, struct orl_messages *messages,
                    struct orl_error *err) ORL_LATE;
bool orl_encoder_at(size_t index, const char **name, const char **format, bool *present) ORL_LATE;

/* The option of a subcommand with this name (or, where it is NULL, this letter); NULL where it has
 * none. */
const struct cli_option *orl_cli_option_find(const struct cli_command *command, const char *name,
                                             char letter);
/* The index-th option of a subcommand, those that every one has last; NULL after the end. */
const struct cli_option *orl_cli_option_at(const struct cli_command *command, size_t index);

/* Parse argv[2…]. Returns 0, or the exit code of usage errors after the message; release `out` in
 * any case. */
int orl_cli_parse(const struct cli_command *command, int argc, char **argv,
                  struct cli_options *out);
void orl_cli_options_uninit(struct cli_options *options);

/* Help on a subcommand or a subject on standard output, or without a topic the list of them;
 * returns the exit code. */
int orl_cli_help_print(const char *topic);

/* The subjects of the help by index, NULL after the last: "formulas". `title` (may be NULL) gets
 * its one line. */
const char *orl_cli_topic_at(size_t index, const char **title, size_t *title_length);

/* Hand the lines of a subject below its title to `take`; nothing where there is none of that
 * name. */
void orl_cli_topic_body_print(const char *topic, void (*take)(const char *text, size_t length));

/* The built-in experiment of that name; NULL after a message with a hint. */
const struct orl_builtin *orl_cli_builtin(const char *name);

/* Print the items of a list (`optreel list NAME`) with or without their settings; false where there
 * is no such list. */
bool orl_cli_list_print(const char *name, bool settings);
/* Its name by index; NULL after the last. */
const char *orl_cli_list_at(size_t index);

/* Say that memory is short, which takes none. Returns the exit code. */
int orl_cli_no_memory(void);
/* "optreel: error: text" and, where it is not NULL, a hint, on standard error. Returns the exit
 * code of usage errors. */
int orl_cli_usage(const char *hint, const char *format, ...) ORL_PRINTF(2, 3);

/* "optreel: warning: text" on standard error. */
void orl_cli_warn(const char *format, ...) ORL_PRINTF(1, 2);
/* With --open: show a file (of a folder, where it is not NULL) by the desktop's program; a warning
 * where that cannot be started. Nothing where the file is not there. */
void orl_cli_open(const struct cli_options *options, const char *folder, const char *file);

/* Read and check the experiment that was named; faults and warnings go to `messages`. */
int orl_cli_load(struct cli_options *options, struct orl_experiment_source *source,
                 struct orl_messages *messages, struct orl_experiment **experiment);
/* Under GitHub Actions: the remarks once more as the lines that it shows beside the code. */
void orl_cli_annotate(const struct orl_messages *messages, size_t first);
/* "optreel: error: text" on standard error, where there is one. */
void orl_cli_print_error(int code, const struct orl_error *err);

/* What an experiment would make, on standard output. */
void orl_cli_plan_print(const struct orl_experiment *experiment, const struct cli_options *options);

/* Submit the batch of this command to Slurm, or with --dry-run print what would be submitted.
 * options->batch is as for orl_batch_render, which does it. Returns its code. */
int orl_cli_submit(struct cli_options *options, const struct orl_experiment_source *source,
                   struct orl_experiment *experiment, struct orl_messages *messages,
                   struct orl_error *err);

/* Print the messages that were added after the first `told`, which were printed already. */
void orl_cli_print_later(const struct orl_messages *messages, size_t told);

#endif
