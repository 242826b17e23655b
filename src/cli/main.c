/* The command line: finds the command and does it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "batch/media.h"
#include "cli/cli.h"

static const struct {
    const char *name;
    enum cli_command command; /* 0: of the contract, not there yet */
} commands[] = {
    {"render", CLI_RENDER}, {"run", CLI_RUN},
    {"check", CLI_CHECK},   {"new", CLI_NEW},
    {"list", CLI_LIST},     {"schema", CLI_SCHEMA},
    {"help", CLI_HELP},     {"film", CLI_FILM},
    {"frame", CLI_FRAME},   {"join", 0},
    {"report", 0},
};

/* A closed descriptor 0, 1 or 2 would be given to the next file that is opened, and messages would
 * be written into it. */
static bool open_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
    return fd >= 0;
}

static int find_command(const char *name)
{
    for (size_t i = 0; i < ORL_COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int unknown_command(const char *name)
{
    const char *names[ORL_COUNT(commands) + 1] = {0};
    for (size_t i = 0; i < ORL_COUNT(commands); i++)
        names[i] = commands[i].name;
    char *hint = orl_suggest_hint(name, names);
    int ret = orl_cli_usage(hint, "unknown command '%s'", name);
    free(hint);
    return ret;
}

static int help_on(const char *topic)
{
    if (orl_cli_help(topic))
        return 0;
    return orl_cli_usage("see: optreel help", "there is no help on '%s'", topic);
}

static int do_command(enum cli_command command, const char *name, struct cli_options *options,
                      int *signal_number)
{
    if (options->help)
        return help_on(name);
    if (options->version) {
        printf("optreel %s\n", ORL_VERSION);
        return 0;
    }
    switch (command) {
    case CLI_RENDER:
    case CLI_RUN:
        return orl_cli_render(options, command == CLI_RUN, signal_number);
    case CLI_CHECK:
        return orl_cli_check(options);
    case CLI_FILM:
        return orl_cli_film(options);
    case CLI_FRAME:
        return orl_cli_frame(options);
    case CLI_NEW:
        return orl_cli_new(options);
    case CLI_LIST:
        return orl_cli_list(options);
    case CLI_SCHEMA:
        return orl_cli_schema(options);
    case CLI_HELP:
        return help_on(options->operand);
    }
    return 70;
}

/* What was printed must have arrived, unless nobody listens any more: a full disk behind > is a
 * failure, a closed pipe is not. */
static int flush_output(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    return errno == EPIPE || errno == EBADF || code != 0 ? code : 5;
}

/* Whether a command needs what is in the media module, and this is the program without it. */
static bool lacks_media(enum cli_command command, const struct cli_options *options)
{
    bool encoders =
        command == CLI_LIST && options->operand && strcmp(options->operand, "encoders") == 0;
    return !orl_batch_worker && !options->help && !options->version &&
           (command == CLI_FILM || command == CLI_FRAME || encoders);
}

/* Give the whole command to the media module. */
static int do_in_media(int argc, char **argv)
{
    struct orl_error err = {0};
    int code = 0, ret = orl_media_run(argc, argv, &code, &err);
    orl_cli_print_error(ret, &err);
    return ret == ORL_OK ? code : orl_exit_code(ret);
}

int orl_cli_main(int argc, char **argv)
{
    int signal_number = 0;
    if (!open_standard_descriptors())
        return 4;
    if (argc == 2 && strcmp(argv[1], ORL_WORKER_ARGUMENT) == 0)
        return orl_batch_worker ? orl_batch_worker() : do_in_media(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        orl_cli_help(NULL);
        return flush_output(2);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return flush_output(help_on(argc > 2 ? argv[2] : NULL));
    if (strcmp(argv[1], "--version") == 0) {
        printf("optreel %s\n", ORL_VERSION);
        return flush_output(0);
    }
    if (argv[1][0] == '-')
        return orl_cli_usage("see: optreel --help", "unknown option '%s'; a command comes first",
                             argv[1]);
    int index = find_command(argv[1]);
    if (index < 0)
        return unknown_command(argv[1]);
    if (!commands[index].command) {
        fprintf(stderr, "optreel: error: '%s' is not supported yet\n", argv[1]);
        return 3;
    }
    struct cli_options options;
    int code = orl_cli_parse(commands[index].command, argc, argv, &options);
    if (code == 0 && lacks_media(commands[index].command, &options))
        code = do_in_media(argc, argv);
    else if (code == 0)
        code = do_command(commands[index].command, argv[1], &options, &signal_number);
    orl_cli_options_uninit(&options);
    code = flush_output(code);
    if (signal_number) { /* everything is cleaned up: end as the signal would have ended us */
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
    return code;
}
