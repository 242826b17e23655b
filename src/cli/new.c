/* optreel new: an experiment file to start from, commented, or a copy of a built-in one. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

/* Never over another file. Returns the exit code. */
static int new_file_write(const char *path, const char *text, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        fprintf(stderr, "optreel: error: cannot make '%s': %s\n", path, strerror(errno));
        return 5;
    }
    bool good = write(fd, text, length) == (ssize_t)length;
    good &= fsync(fd) == 0;
    int failure = errno;
    good &= close(fd) == 0;
    if (good)
        return 0;
    unlink(path);
    fprintf(stderr, "optreel: error: cannot write '%s': %s\n", path, strerror(failure));
    return 5;
}

/* The data files that a built-in experiment reads, beside its copy. One that is there already is
 * left as it is where it holds the same. */
static int new_data_write(const struct orl_builtin *builtin)
{
    int code = 0;
    for (const struct orl_builtin *file = orl_builtin_files; file->name && code == 0; file++)
        if (strstr(builtin->text, file->name) && access(file->name, F_OK) != 0)
            code = new_file_write(file->name, file->text, file->length);
    return code;
}

/* "decay" for decay and decay.yaml; NULL where it is not a name. Owned by the caller. */
static char *new_base_name(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
        length -= 5;
    bool good = length > 0 && length <= 100 && *name != '.' && *name != '-' &&
                strspn(name, allowed) == strlen(name);
    return good ? orl_strndup(name, length) : NULL;
}

/* The line by which editors find the schema, where it was installed; "" in a build folder. Owned by
 * the caller. */
static char *new_editor_line(void)
{
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return orl_strdup("");
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    *slash = '\0';
    char *relative = orl_asprintf("%s/" ORL_SCHEMA_FOLDER "/experiment.schema.json", program);
    char *path = relative ? realpath(relative, NULL) : NULL;
    char *line =
        path ? orl_asprintf("# yaml-language-server: $schema=file://%s\n", path) : orl_strdup("");
    free(relative);
    free(path);
    return line;
}

static int new_write(const struct cli_options *options, const char *base,
                     const struct orl_builtin *builtin)
{
    char *body =
        builtin ? orl_strndup(builtin->text, builtin->length) : orl_experiment_template(base);
    char *line = new_editor_line(), *path = orl_asprintf("%s.yaml", base),
         *text = body && line ? orl_asprintf("%s%s", line, body) : NULL;
    int code = 4;
    if (text && path && options->operand) {
        code = new_file_write(path, text, strlen(text));
        if (code == 0 && builtin)
            code = new_data_write(builtin);
        if (code == 0)
            fprintf(stderr, "optreel: wrote %s; now: optreel render %s\n", path, path);
    } else if (text) {
        code = fputs(text, stdout) < 0 ? 5 : 0;
    }
    free(body);
    free(line);
    free(path);
    free(text);
    return code;
}

static int command_new(struct cli_options *options)
{
    const char *name = options->operand ? options->operand : "experiment";
    const struct orl_builtin *builtin = options->from ? orl_cli_builtin(options->from) : NULL;
    if (options->from && !builtin)
        return 2;
    char *base = new_base_name(name);
    if (!base)
        return orl_cli_usage(
            NULL,
            "'%s' is not a name: a name has 1-100 of A-Z a-z 0-9 . _ -, not starting with . or -",
            name);
    int code = new_write(options, base, builtin);
    free(base);
    return code;
}

static const struct cli_option new_options[] = {
    {"from", .argument = "BUILTIN", .value = CLI_VALUES_BUILTIN, .set = orl_cli_set_text,
     .offset = offsetof(struct cli_options, from),
     .description = "start from a built-in experiment, with the data that it reads"},
    {0},
};

extern const struct cli_command orl_command_new;
const struct cli_command orl_command_new = {
    .name = "new",
    .usage = "[NAME] [--from BUILTIN]",
    .summary = "write a commented experiment file to start from",
    .help = "Writes NAME.yaml into the current folder; without a name, to standard output. An "
            "existing\nfile is never overwritten. With --from it is a copy of a built-in "
            "experiment (optreel list\nexperiments), whose films go to output/NAME.",
    .operands = 1,
    .options = {new_options},
    .run = command_new,
};
