/* Reading input files; output folders and their lock; the disk. */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fault.h"
#include "base/text.h"

double orl_clock_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool orl_stream_say(FILE *out, const char *text, size_t length, double patience_s)
{
    enum { PIECE = 4096 }; /* a pipe that can be written to takes so much without waiting */
    double end = orl_clock_s() + patience_s;
    if (fileno(out) < 0) /* a stream in memory */
        return fwrite(text, 1, length, out) == length;
    if (fflush(out) != 0)
        return false;
    for (size_t done = 0; done < length;) {
        struct pollfd watched = {fileno(out), POLLOUT, 0};
        double left = end - orl_clock_s();
        int ready = poll(&watched, 1, left > 0 ? (int)(left * 1000.0) : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || !(watched.revents & POLLOUT))
            return false;
        size_t piece = length - done < PIECE ? length - done : PIECE;
        ssize_t wrote = write(fileno(out), text + done, piece);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        done += (size_t)wrote;
    }
    return true;
}

static int read_all(int fd, const char *path, uint64_t limit, char **bytes, size_t *length,
                    struct orl_error *err)
{
    size_t capacity = 0;
    *length = 0;
    for (;;) {
        if (!orl_reserve((void **)bytes, &capacity, *length + 65537, 1))
            return orl_fail_memory(err);
        ssize_t got = orl_sys_read(fd, *bytes + *length, capacity - *length - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return orl_fail(err, ORL_EINPUT, "cannot read '%s': %s", path, strerror(errno));
        if (got == 0)
            break;
        *length += (size_t)got;
        if (*length > limit)
            return orl_fail(err, ORL_EINPUT, "'%s' is larger than %llu bytes", path,
                            (unsigned long long)limit);
    }
    (*bytes)[*length] = '\0';
    return ORL_OK;
}

int orl_file_read(const char *path, uint64_t limit, char **bytes, size_t *length,
                  struct orl_error *err)
{
    struct stat status;
    *bytes = NULL;
    *length = 0;
    /* O_NONBLOCK: opening a pipe that nobody writes to must not wait. */
    int fd = orl_sys_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0);
    if (fd < 0)
        return orl_fail(err, ORL_EINPUT, "cannot open '%s': %s", path, strerror(errno));
    int ret = ORL_OK;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        ret = orl_fail(err, ORL_EINPUT, "'%s' is not a regular file", path);
    else if (status.st_size > 0 && (uint64_t)status.st_size > limit)
        ret = orl_fail(err, ORL_EINPUT, "'%s' has %lld bytes; at most %llu are allowed", path,
                       (long long)status.st_size, (unsigned long long)limit);
    else
        ret = read_all(fd, path, limit, bytes, length, err);
    orl_sys_close(fd);
    if (ret != ORL_OK) {
        free(*bytes);
        *bytes = NULL;
        *length = 0;
    }
    return ret;
}

int orl_descriptor_read(int fd, const char *shown, uint64_t limit, char **bytes, size_t *length,
                        struct orl_error *err)
{
    *bytes = NULL;
    int ret = read_all(fd, shown, limit, bytes, length, err);
    if (ret != ORL_OK) {
        free(*bytes);
        *bytes = NULL;
        *length = 0;
    }
    return ret;
}

static int make_parents(const char *path, struct orl_error *err)
{
    char *copy = orl_strdup(path);
    if (!copy)
        return orl_fail_memory(err);
    int ret = ORL_OK;
    for (char *p = copy + 1; *copy && ret == ORL_OK; p++) {
        char c = *p;
        if (c != '/' && c != '\0')
            continue;
        *p = '\0';
        if (orl_sys_mkdirat(AT_FDCWD, copy, 0777) != 0 && errno != EEXIST)
            ret = orl_fail(err, ORL_EIO, "cannot make the folder '%s': %s", copy, strerror(errno));
        *p = c;
        if (c == '\0')
            break;
    }
    free(copy);
    return ret;
}

static bool holds_anything(int fd)
{
    int copy = orl_sys_openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (!list) {
        if (copy >= 0)
            orl_sys_close(copy);
        return false;
    }
    bool found = false;
    for (struct dirent *entry; !found && (entry = readdir(list));)
        found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return found;
}

static int open_state(struct orl_folder *folder, bool adopt, struct orl_error *err)
{
    folder->state =
        orl_sys_openat(folder->fd, ".optreel", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (folder->state >= 0)
        return ORL_OK;
    if (errno != ENOENT)
        return orl_fail(err, ORL_EIO, "'%s/.optreel': %s", folder->path, strerror(errno));
    if (!adopt && holds_anything(folder->fd))
        return orl_fail(err, ORL_EIO,
                        "'%s' holds files that optreel did not make; choose another folder with "
                        "-o, or use --force",
                        folder->path);
    if (orl_sys_mkdirat(folder->fd, ".optreel", 0777) != 0 && errno != EEXIST)
        return orl_fail(err, ORL_EIO, "cannot make '%s/.optreel': %s", folder->path,
                        strerror(errno));
    folder->state =
        orl_sys_openat(folder->fd, ".optreel", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (folder->state < 0)
        return orl_fail(err, ORL_EIO, "'%s/.optreel': %s", folder->path, strerror(errno));
    return ORL_OK;
}

/* The lock is the kernel's (flock): it goes with the process, so a killed run leaves nothing stale.
 * The file's text only names the holder. */
static int lock_take(const struct orl_folder *folder, int how, int *lock, struct orl_error *err)
{
    char holder[32] = "";
    *lock = orl_sys_openat(folder->state, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (*lock < 0)
        return orl_fail(err, ORL_EIO, "cannot open '%s/%s/lock': %s", folder->path,
                        folder->state_name, strerror(errno));
    if (flock(*lock, how | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return orl_fail(err, ORL_EIO, "cannot lock '%s': %s", folder->path, strerror(errno));
        ssize_t got = orl_sys_pread(*lock, holder, sizeof holder - 1, 0);
        holder[got > 0 ? strspn(holder, "0123456789") : 0] = '\0';
        return orl_fail(err, ORL_EBUSY, "'%s' is in use by process %s", folder->path,
                        *holder ? holder : "?");
    }
    int length = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
    if (ftruncate(*lock, 0) != 0 || orl_sys_pwrite(*lock, holder, (size_t)length, 0) != length) {
        /* Only the holder's number for messages is lost: a full disk shows later, where it matters.
         */
    }
    return ORL_OK;
}

/* From .optreel/ into the share's own folder in there. */
static int share_enter(struct orl_folder *folder, const char *share, struct orl_error *err)
{
    int inner = -1;
    if (orl_sys_mkdirat(folder->state, share, 0777) == 0 || errno == EEXIST)
        inner = orl_sys_openat(folder->state, share,
                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (inner < 0)
        return orl_fail(err, ORL_EIO, "cannot use '%s/.optreel/%s': %s", folder->path, share,
                        strerror(errno));
    orl_sys_close(folder->state);
    folder->state = inner;
    free(folder->state_name);
    folder->state_name = orl_asprintf(".optreel/%s", share);
    return folder->state_name ? ORL_OK : orl_fail_memory(err);
}

int orl_folder_open_share(const char *path, const char *share, bool lock, bool adopt,
                          struct orl_folder **out, struct orl_error *err)
{
    *out = NULL;
    struct orl_folder *folder = orl_calloc(1, sizeof *folder);
    if (!folder)
        return orl_fail_memory(err);
    folder->fd = folder->state = folder->lock = folder->shared = -1;
    folder->path = orl_strdup(path);
    folder->state_name = orl_strdup(".optreel");
    int ret = folder->path && folder->state_name ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = make_parents(path, err);
    if (ret == ORL_OK &&
        (folder->fd = orl_sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)) < 0)
        ret = orl_fail(err, ORL_EIO, "cannot use '%s' as the output folder: %s", path,
                       strerror(errno));
    if (ret == ORL_OK)
        ret = open_state(folder, adopt, err);
    if (ret == ORL_OK && lock && share)
        ret = lock_take(folder, LOCK_SH, &folder->shared, err);
    if (ret == ORL_OK && share)
        ret = share_enter(folder, share, err);
    if (ret == ORL_OK && lock)
        ret = lock_take(folder, LOCK_EX, &folder->lock, err);
    if (ret != ORL_OK)
        orl_folder_close(&folder);
    *out = folder;
    return ret;
}

int orl_folder_open(const char *path, bool lock, bool adopt, struct orl_folder **out,
                    struct orl_error *err)
{
    return orl_folder_open_share(path, NULL, lock, adopt, out, err);
}

void orl_folder_close(struct orl_folder **folder)
{
    struct orl_folder *f = *folder;
    if (!f)
        return;
    const int fds[] = {f->lock, f->shared, f->state, f->fd};
    for (size_t i = 0; i < ORL_COUNT(fds); i++)
        if (fds[i] >= 0)
            orl_sys_close(fds[i]);
    free(f->path);
    free(f->state_name);
    free(f);
    *folder = NULL;
}

void orl_folder_sweep(struct orl_folder *folder, pid_t pid)
{
    char owner[32] = "";
    if (pid)
        snprintf(owner, sizeof owner, "%ld-", (long)pid);
    int copy = orl_sys_openat(folder->state, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (!list) {
        if (copy >= 0)
            orl_sys_close(copy);
        return;
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        size_t length = strlen(entry->d_name);
        if (length > 5 && strcmp(entry->d_name + length - 5, ".part") == 0 &&
            strncmp(entry->d_name, owner, strlen(owner)) == 0)
            orl_part_remove(folder, entry->d_name);
    }
    closedir(list);
}

uint64_t orl_disk_free(const char *path)
{
    struct statvfs status;
    uint64_t bytes;
    char *copy = orl_strdup(*path ? path : ".");
    if (!copy)
        return UINT64_MAX;
    while (statvfs(copy, &status) != 0) {
        char *slash = strrchr(copy, '/');
        if (!slash || slash == copy) {
            if (statvfs(slash ? "/" : ".", &status) != 0)
                status.f_bavail = 0, status.f_frsize = 0;
            break;
        }
        *slash = '\0';
    }
    free(copy);
    if (status.f_frsize == 0 ||
        __builtin_mul_overflow((uint64_t)status.f_bavail, (uint64_t)status.f_frsize, &bytes))
        return UINT64_MAX;
    return bytes;
}
