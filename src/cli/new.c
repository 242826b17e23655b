/* optreel new: a commented experiment file to start from. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

static int new_file_write(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        fprintf(stderr, "optreel: error: cannot make '%s': %s\n", path, strerror(errno));
        return 5;
    }
    size_t length = strlen(text);
    bool good = write(fd, text, length) == (ssize_t)length;
    good &= fsync(fd) == 0;
    int failure = errno;
    good &= close(fd) == 0;
    if (good) {
        fprintf(stderr, "optreel: wrote %s; now: optreel render %s\n", path, path);
        return 0;
    }
    unlink(path);
    fprintf(stderr, "optreel: error: cannot write '%s': %s\n", path, strerror(failure));
    return 5;
}

/* With a name: NAME.yaml in the current folder, never over another file. Without: on standard
 * output. */
static int command_new(struct cli_options *options)
{
    const char *name = options->operand ? options->operand : "experiment";
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
        length -= 5;
    if (length == 0 || length > 100 || *name == '.' || *name == '-' ||
        strspn(name, allowed) != strlen(name))
        return orl_cli_usage(
            NULL,
            "'%s' is not a name: a name has 1-100 of A-Z a-z 0-9 . _ -, not starting with . or -",
            name);
    char *base = orl_strndup(name, length), *path = base ? orl_asprintf("%s.yaml", base) : NULL;
    char *text = base ? orl_experiment_template(base) : NULL;
    int ret = 4;
    if (text && path && options->operand)
        ret = new_file_write(path, text);
    else if (text)
        ret = fputs(text, stdout) < 0 ? 5 : 0;
    free(base);
    free(path);
    free(text);
    return ret;
}

extern const struct cli_command orl_command_new;
const struct cli_command orl_command_new = {
    .name = "new",
    .usage = "[NAME]",
    .summary = "write a commented experiment file to start from",
    .help = "Writes NAME.yaml into the current folder; without a name, to standard output. An "
            "existing\nfile is never overwritten.",
    .operands = 1,
    .run = command_new,
};
