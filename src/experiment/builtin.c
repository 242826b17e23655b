/* Data files of the built-in experiments: they are part of the program, and opened as files in
 * memory. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiment/read.h"

enum { FILES_MAX = 16 };

/* Write all of a file into a new file in memory; its descriptor, or -1. */
static int to_memory(const struct orl_builtin *file)
{
    int fd = memfd_create(file->name, MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < file->length;) {
        ssize_t n = write(fd, file->text + done, file->length - done);
        if (n <= 0) {
            close(fd);
            return -1;
        }
        done += (size_t)n;
    }
    return fd;
}

const char *orl_builtin_path(const char *path)
{
    static char paths[FILES_MAX][32];
    const size_t length = strlen(ORL_BUILTIN_FOLDER);
    if (strncmp(path, ORL_BUILTIN_FOLDER, length) != 0 || path[length] != '/')
        return path;
    for (size_t i = 0; orl_builtin_files[i].name && i < FILES_MAX; i++) {
        if (strcmp(orl_builtin_files[i].name, path + length + 1) != 0)
            continue;
        if (!paths[i][0]) {
            int fd = to_memory(&orl_builtin_files[i]);
            if (fd < 0)
                return path;
            snprintf(paths[i], sizeof paths[i], "/proc/self/fd/%d", fd);
        }
        return paths[i];
    }
    return path;
}
