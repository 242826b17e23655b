/* The command line: subcommands, options, help. */
#ifndef ORL_CLI_H
#define ORL_CLI_H

#include "base/late.h"
#include "optreel/batch.h"
#include "optreel/encode.h"

/* Options of all subcommands; which of them a subcommand takes stands in the table of options.c.
 * Zero-initialize; release with orl_cli_options_uninit. */
struct cli_options {
    const char *output;    /* -o */
    const char *operand;   /* EXPERIMENT, TOPIC, NAME, ... */
    const char **operands; /* owned list: all of them, for subcommands that take several */
    size_t operand_count;
    bool help, version, json;
    const char *film; /* frame: which film, frame or step; -1: not given */
    int64_t frame, step;
    int columns, rows; /* a contact sheet; 0: none */
    char *contact;     /* owned: the same as a setting, for render */
    struct orl_experiment_options experiment;
    struct orl_batch_options batch;
    struct orl_film_request
        traces; /* what --model and its like say; the rest is filled in by the subcommand */
    struct orl_limits limits;
};

enum cli_command {
    CLI_RENDER = 1,
    CLI_RUN = 2,
    CLI_CHECK = 4,
    CLI_NEW = 8,
    CLI_LIST = 16,
    CLI_SCHEMA = 32,
    CLI_HELP = 64,
    CLI_FILM = 128,
    CLI_FRAME = 256
};

/* The command line, in the program and in its media module. Returns the exit code; does not return
 * where a signal ended it. */
int orl_cli_main(int argc, char **argv);

/* What the program itself calls of the media module's. */
int orl_batch_worker(void) ORL_LATE;
bool orl_encoder_at(size_t index, const char **name, const char **format, bool *present) ORL_LATE;

/* Parse argv[2…]. ORL_EUSAGE with the message printed. */
int orl_cli_parse(enum cli_command command, int argc, char **argv, struct cli_options *out);
void orl_cli_options_uninit(struct cli_options *options);

/* The subcommands; each returns the exit code. */
int orl_cli_render(struct cli_options *options, bool runs_only, int *signal_number);
int orl_cli_check(struct cli_options *options);
int orl_cli_film(struct cli_options *options) ORL_LATE;
int orl_cli_frame(struct cli_options *options) ORL_LATE;
int orl_cli_new(struct cli_options *options);
int orl_cli_list(struct cli_options *options);
int orl_cli_schema(struct cli_options *options);

/* Help of a topic (a subcommand or a subject) on standard output; false where there is no such
 * topic. */
bool orl_cli_help(const char *topic);
/* All option lines that `command` takes. */
void orl_cli_print_options(enum cli_command command);

/* "optreel: error: text" and, where it is not NULL, a hint, on standard error. Returns the exit
 * code of usage errors. */
int orl_cli_usage(const char *hint, const char *format, ...) ORL_PRINTF(2, 3);

/* Read and check the experiment that was named; faults and warnings go to `messages`. */
int orl_cli_load(struct cli_options *options, struct orl_experiment_source *source,
                 struct orl_messages *messages, struct orl_experiment **experiment);
/* "optreel: error: text" on standard error, where there is one. */
void orl_cli_print_error(int code, const struct orl_error *err);

/* The output folder of an experiment: -o, or output/<experiment name>. Owned by the caller. */
char *orl_cli_folder(const struct cli_options *options, const char *experiment);

#endif
