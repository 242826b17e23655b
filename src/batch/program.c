/* Which program the workers are, where a host of liboptreel does not say. */
#include "batch/program.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "optreel/batch.h"

/* From the library's folder to the program's, once installed; set by CMake. */
#ifndef ORL_PROGRAM_FOLDER
#define ORL_PROGRAM_FOLDER "../bin"
#endif

/* The folder of the file that this code is in: liboptreel.so, or the program itself. */
static char *library_folder(void)
{
    Dl_info info;
    int (*const here)(char **, struct orl_error *) = orl_program_find;
    void *address;
    memcpy(&address, &here, sizeof address);
    char *real = dladdr(address, &info) && info.dli_fname ? realpath(info.dli_fname, NULL) : NULL;
    char *slash = real ? strrchr(real, '/') : NULL;
    if (slash)
        *slash = '\0';
    return real;
}

/* A folder can be called optreel, too: lib/optreel holds the media module. */
static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

int orl_program_find(char **path, struct orl_error *err)
{
    char *folder = library_folder();
    char *beside = folder ? orl_asprintf("%s/optreel", folder) : NULL;
    char *installed = folder ? orl_asprintf("%s/" ORL_PROGRAM_FOLDER "/optreel", folder) : NULL;
    int ret = ORL_OK;
    *path = NULL;
    free(folder);
    if (!beside || !installed)
        ret = orl_fail(err, ORL_EENV, "where liboptreel is cannot be told");
    else if (is_program(beside))
        *path = orl_strdup(beside);
    else if (is_program(installed))
        *path = orl_strdup(installed);
    else
        ret = orl_fail(err, ORL_EENV,
                       "the program that does the work is missing: neither %s nor %s is there",
                       beside, installed);
    if (ret == ORL_OK && !*path)
        ret = orl_fail_memory(err);
    free(beside);
    free(installed);
    return ret;
}

int orl_program_guard(struct orl_error *err)
{
    char words[4096];
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? read(fd, words, sizeof words - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (length <= 0)
        return ORL_OK;
    words[length] = '\0';
    const char *first = words + strlen(words) + 1;
    bool alone = first < words + length && first + strlen(first) + 1 >= words + length;
    if (alone && strcmp(first, ORL_WORKER_ARGUMENT) == 0)
        return orl_fail(err, ORL_EUSAGE,
                        "this process was started as a worker: a program that names itself in "
                        "orl_batch_options.program must call orl_batch_worker where its only "
                        "argument is " ORL_WORKER_ARGUMENT);
    return ORL_OK;
}
