/* The command line: a worker, or a subcommand of the table. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "batch/media.h"
#include "cli/cli.h"

enum { COMMANDS_MAX = 64 };

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

static int command_unknown(const char *name)
{
    const char *names[COMMANDS_MAX] = {0};
    size_t count = 0;
    for (size_t i = 0; orl_cli_commands[i] && count + 1 < COMMANDS_MAX; i++)
        if (orl_cli_commands[i]->run)
            names[count++] = orl_cli_commands[i]->name;
    char *hint = orl_suggest_hint(name, names);
    int ret = orl_cli_usage(hint, "unknown command '%s'", name);
    free(hint);
    return ret;
}

static int version_print(void)
{
    printf("optreel %s\n", ORL_VERSION);
    return 0;
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

/* Give the whole command to the media module. */
static int media_run(int argc, char **argv)
{
    struct orl_error err = {0};
    int code = 0, ret = orl_media_run(argc, argv, &code, &err);
    orl_cli_print_error(ret, &err);
    return ret == ORL_OK ? code : orl_exit_code(ret);
}

/* Whether it needs what is in the media module, and this is the program without it. */
static bool media_is_missing(const struct cli_options *options)
{
    const struct cli_command *command = options->command;
    return !orl_batch_worker && command->needs_media && command->needs_media(options);
}

/* Parse the rest and do it; returns the exit code. */
static int command_run(const struct cli_command *command, int argc, char **argv, int *signal_number)
{
    struct cli_options options;
    int code = orl_cli_parse(command, argc, argv, &options);
    if (code == 0 && options.help)
        code = orl_cli_help_print(command->name);
    else if (code == 0 && options.version)
        code = version_print();
    else if (code == 0 && media_is_missing(&options))
        code = media_run(argc, argv);
    else if (code == 0)
        code = command->run(&options);
    *signal_number = options.signal_number;
    orl_cli_options_uninit(&options);
    return code;
}

/* What the first argument asks for. */
static int program_run(int argc, char **argv, int *signal_number)
{
    if (argc < 2) {
        orl_cli_help_print(NULL);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return orl_cli_help_print(argc > 2 ? argv[2] : NULL);
    if (strcmp(argv[1], "--version") == 0)
        return version_print();
    if (argv[1][0] == '-')
        return orl_cli_usage("see: optreel --help", "unknown option '%s'; a command comes first",
                             argv[1]);
    const struct cli_command *command = orl_cli_command_find(argv[1]);
    if (!command)
        return command_unknown(argv[1]);
    return command_run(command, argc, argv, signal_number);
}

int orl_cli_main(int argc, char **argv)
{
    int signal_number = 0;
    if (!open_standard_descriptors())
        return 4;
    if (argc == 2 && strcmp(argv[1], ORL_WORKER_ARGUMENT) == 0)
        return orl_batch_worker ? orl_batch_worker() : media_run(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    int code = flush_output(program_run(argc, argv, &signal_number));
    if (signal_number) { /* everything is cleaned up: end as the signal would have ended us */
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
    return code;
}
