/* --open: what was made is shown by the desktop's own program for it. */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

extern char **environ;

/* What it writes is nobody's business; it goes on when we have ended. */
static int opener_start(const char *path)
{
    char program[] = "xdg-open", *copy = orl_strdup(path), *argv[] = {program, copy, NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    if (!copy || posix_spawn_file_actions_init(&actions) != 0) {
        free(copy);
        return -1;
    }
    int ret = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    for (int fd = STDOUT_FILENO; ret == 0 && fd <= STDERR_FILENO; fd++)
        ret = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
    if (ret == 0)
        ret = posix_spawnp(&pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    free(copy);
    return ret;
}

void orl_cli_open(const struct cli_options *options, const char *folder, const char *file)
{
    if (!options->open)
        return;
    char *path = orl_asprintf("%s%s%s", folder ? folder : "", folder ? "/" : "", file);
    if (path && access(path, R_OK) == 0 && opener_start(path) != 0)
        orl_cli_warn("xdg-open is not there (Debian's package xdg-utils); open %s yourself", path);
    free(path);
}
