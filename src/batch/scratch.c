/* Scratch folders: made, delivered from, removed. */
#include "batch/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"

#define PREFIX ".optreel-film-"

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)status, (void)kind, (void)ftw;
    (void)remove(path);
    return 0;
}

static void tree_remove(const char *path)
{
    nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Standard output, or something that is there and is neither a regular file nor a folder. */
static bool lies_elsewhere(const char *output)
{
    struct stat status;
    return strcmp(output, "-") == 0 ||
           (stat(output, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

/* A folder whose lock can be had belongs to nobody: its process was killed. */
static bool is_left(const char *path)
{
    char *lock = orl_asprintf("%s/.optreel/lock", path);
    int fd = lock ? open(lock, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
    bool left = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0)
        close(fd);
    free(lock);
    return left;
}

static void left_remove(const char *folder)
{
    DIR *list = opendir(folder);
    for (struct dirent *entry; list && (entry = readdir(list));) {
        if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) != 0)
            continue;
        char *path = orl_asprintf("%s/%s", folder, entry->d_name);
        if (path && is_left(path))
            tree_remove(path);
        free(path);
    }
    if (list)
        closedir(list);
}

static char *folder_of(const char *output)
{
    const char *slash = strrchr(output, '/'), *temporary = getenv("TMPDIR");
    if (lies_elsewhere(output))
        return orl_strdup(temporary && *temporary ? temporary : "/tmp");
    return slash ? orl_strndup(output, slash == output ? 1 : (size_t)(slash - output))
                 : orl_strdup(".");
}

int orl_scratch_make(struct scratch *scratch, const char *output, struct orl_error *err)
{
    *scratch = (struct scratch){.target = folder_of(output)};
    scratch->path =
        scratch->target ? orl_asprintf("%s/" PREFIX "%ld", scratch->target, (long)getpid()) : NULL;
    if (!scratch->path)
        return orl_fail_memory(err);
    left_remove(scratch->target);
    if (orl_sys_mkdirat(AT_FDCWD, scratch->path, 0777) != 0)
        return orl_fail(err, ORL_EIO, "cannot make a folder in '%s': %s", scratch->target,
                        strerror(errno));
    scratch->there = true;
    return ORL_OK;
}

static int pass_on(const char *path, const char *output, struct orl_error *err)
{
    bool standard = strcmp(output, "-") == 0;
    const char *shown = standard ? "standard output" : output;
    char piece[1 << 16];
    int from = orl_sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    int to = standard ? dup(STDOUT_FILENO)
                      : orl_sys_openat(AT_FDCWD, output, O_WRONLY | O_CLOEXEC | O_NOCTTY, 0);
    int ret = from >= 0 && to >= 0
                  ? ORL_OK
                  : orl_fail(err, ORL_EIO, "cannot open '%s': %s", shown, strerror(errno));
    for (ssize_t got = 0; ret == ORL_OK && (got = orl_sys_read(from, piece, sizeof piece)) != 0;) {
        for (ssize_t at = 0; ret == ORL_OK && at < got;) {
            ssize_t wrote = orl_sys_write(to, piece + at, (size_t)(got - at));
            if (wrote > 0)
                at += wrote;
            else if (wrote == 0 || errno != EINTR)
                ret = orl_fail(err, ORL_EIO, "%s cannot be written: %s", shown, strerror(errno));
        }
        if (got < 0 && errno != EINTR)
            ret = orl_fail(err, ORL_EIO, "cannot read '%s': %s", path, strerror(errno));
    }
    if (from >= 0)
        close(from);
    if (to >= 0 && orl_sys_close(to) != 0 && ret == ORL_OK)
        ret = orl_fail(err, ORL_EIO, "%s cannot be written: %s", shown, strerror(errno));
    return ret;
}

/* Only absent paths, regular files and links are replaced. */
static int target_check(const char *output, struct orl_error *err)
{
    struct stat status;
    if (lstat(output, &status) != 0)
        return errno == ENOENT ? ORL_OK
                               : orl_fail(err, ORL_EIO, "'%s': %s", output, strerror(errno));
    return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode)
               ? ORL_OK
               : orl_fail(err, ORL_EIO, "'%s' is in the way: it is not a regular file", output);
}

int orl_scratch_deliver(struct scratch *scratch, const char *name, const char *output,
                        struct orl_error *err)
{
    char *path = orl_asprintf("%s/%s", scratch->path, name);
    int ret = path ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK && lies_elsewhere(output)) {
        ret = pass_on(path, output, err);
        free(path);
        return ret;
    }
    if (ret == ORL_OK)
        ret = target_check(output, err);
    if (ret == ORL_OK && orl_sys_renameat(AT_FDCWD, path, AT_FDCWD, output) != 0)
        ret = orl_fail(err, ORL_EIO, "cannot write '%s': %s", output, strerror(errno));
    int folder = ret == ORL_OK ? open(scratch->target, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (ret == ORL_OK && (folder < 0 || orl_sys_fsync(folder) != 0))
        ret = orl_fail(err, ORL_EIO, "cannot write '%s': %s", output, strerror(errno));
    if (folder >= 0)
        close(folder);
    free(path);
    return ret;
}

void orl_scratch_remove(struct scratch *scratch)
{
    if (scratch->there)
        tree_remove(scratch->path);
    free(scratch->path);
    free(scratch->target);
    *scratch = (struct scratch){0};
}
