/* The one way to write a file: complete or absent. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/text.h"

struct orl_outfile {
    struct orl_folder *folder; /* borrowed */
    char *name;                /* final name, relative to the folder */
    char part[64];             /* name in .optreel/ */
    int fd;
    int64_t position, size;
};

/* Names come from checked plans: anything that could leave the folder is a bug, not an input error.
 */
static bool is_inside(const char *name)
{
    if (!*name || *name == '/')
        return false;
    for (const char *p = name; *p;) {
        size_t length = strcspn(p, "/");
        if (length == 0 || (length == 1 && p[0] == '.') ||
            (length == 2 && p[0] == '.' && p[1] == '.'))
            return false;
        p += length;
        if (*p == '/' && !*++p)
            return false;
    }
    return true;
}

static int make_subfolders(struct orl_folder *folder, const char *name, struct orl_error *err)
{
    char *copy = orl_strdup(name);
    if (!copy)
        return orl_fail_memory(err);
    int ret = ORL_OK;
    for (char *slash = strchr(copy, '/'); slash && ret == ORL_OK; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        struct stat status;
        if (orl_sys_mkdirat(folder->fd, copy, 0777) != 0 && errno != EEXIST)
            ret = orl_fail(err, ORL_EIO, "cannot make '%s/%s': %s", folder->path, copy,
                           strerror(errno));
        else if (fstatat(folder->fd, copy, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
                 !S_ISDIR(status.st_mode))
            ret = orl_fail(err, ORL_EIO, "'%s/%s' is not a folder", folder->path, copy);
        *slash = '/';
    }
    free(copy);
    return ret;
}

static int open_part(struct orl_outfile *file, struct orl_error *err)
{
    /* The process number and a counter make the name; O_EXCL makes sure. */
    for (unsigned attempt = 0; attempt < 10000; attempt++) {
        snprintf(file->part, sizeof file->part, "%ld-%u.part", (long)getpid(), attempt);
        file->fd = orl_sys_openat(file->folder->state, file->part,
                                  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file->fd >= 0)
            return ORL_OK;
        if (errno != EEXIST)
            break;
    }
    return orl_fail(err, ORL_EIO, "cannot make a file in '%s/.optreel': %s", file->folder->path,
                    strerror(errno));
}

int orl_outfile_create(struct orl_folder *folder, const char *name, struct orl_outfile **out,
                       struct orl_error *err)
{
    *out = NULL;
    if (!is_inside(name))
        return orl_fail(err, ORL_EBUG, "'%s' is not a name inside the output folder", name);
    struct orl_outfile *file = orl_calloc(1, sizeof *file);
    if (!file)
        return orl_fail_memory(err);
    file->folder = folder;
    file->fd = -1;
    int ret = (file->name = orl_strdup(name)) ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = make_subfolders(folder, name, err);
    if (ret == ORL_OK)
        ret = open_part(file, err);
    if (ret != ORL_OK)
        orl_outfile_abort(&file);
    *out = file;
    return ret;
}

static int io_failure(const struct orl_outfile *file, struct orl_error *err)
{
    return orl_fail(err, ORL_EIO, "cannot write '%s/%s': %s", file->folder->path, file->name,
                    strerror(errno));
}

int orl_outfile_write(struct orl_outfile *file, const void *bytes, size_t length,
                      struct orl_error *err)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t wrote = orl_sys_pwrite(file->fd, from, length, file->position);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote == 0)
            errno = ENOSPC;
        if (wrote <= 0)
            return io_failure(file, err);
        from += wrote;
        length -= (size_t)wrote;
        file->position += wrote;
        if (file->position > file->size)
            file->size = file->position;
    }
    return ORL_OK;
}

int orl_outfile_seek(struct orl_outfile *file, int64_t position, struct orl_error *err)
{
    if (position < 0)
        return orl_fail(err, ORL_EBUG, "a file position below 0");
    file->position = position;
    return ORL_OK;
}

ssize_t orl_outfile_read(struct orl_outfile *file, int64_t position, void *bytes, size_t length,
                         struct orl_error *err)
{
    for (;;) {
        ssize_t got = orl_sys_pread(file->fd, bytes, length, position);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return orl_fail(err, ORL_EIO, "cannot read back '%s/%s': %s", file->folder->path,
                            file->name, strerror(errno));
    }
}

int64_t orl_outfile_position(const struct orl_outfile *file)
{
    return file->position;
}

int64_t orl_outfile_size(const struct orl_outfile *file)
{
    return file->size;
}

/* Only absent paths, regular files and links are replaced: never a folder, a pipe or a device. */
static int check_target(const struct orl_outfile *file, struct orl_error *err)
{
    struct stat status;
    if (fstatat(file->folder->fd, file->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? ORL_OK : io_failure(file, err);
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
        return orl_fail(err, ORL_EIO, "'%s/%s' is in the way: it is not a regular file",
                        file->folder->path, file->name);
    return ORL_OK;
}

static int sync_folder_of(const struct orl_outfile *file, struct orl_error *err)
{
    const char *slash = strrchr(file->name, '/');
    if (!slash)
        return orl_sys_fsync(file->folder->fd) == 0 ? ORL_OK : io_failure(file, err);
    char *parent = orl_strndup(file->name, (size_t)(slash - file->name));
    if (!parent)
        return orl_fail_memory(err);
    int fd = orl_sys_openat(file->folder->fd, parent,
                            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    free(parent);
    if (fd < 0)
        return io_failure(file, err);
    int ret = orl_sys_fsync(fd) == 0 ? ORL_OK : io_failure(file, err);
    orl_sys_close(fd);
    return ret;
}

int orl_outfile_commit(struct orl_outfile **file, struct orl_error *err)
{
    struct orl_outfile *f = *file;
    int ret = check_target(f, err);
    if (ret == ORL_OK && orl_sys_fsync(f->fd) != 0)
        ret = io_failure(f, err);
    int fd = f->fd;
    f->fd = -1;
    if (orl_sys_close(fd) != 0 && ret == ORL_OK)
        ret = io_failure(f, err);
    if (ret == ORL_OK && orl_sys_renameat(f->folder->state, f->part, f->folder->fd, f->name) != 0)
        ret = io_failure(f, err);
    if (ret == ORL_OK) {
        f->part[0] = '\0';
        ret = sync_folder_of(f, err);
    }
    orl_outfile_abort(file);
    return ret;
}

void orl_outfile_abort(struct orl_outfile **file)
{
    struct orl_outfile *f = *file;
    if (!f)
        return;
    if (f->fd >= 0)
        orl_sys_close(f->fd);
    if (f->part[0])
        unlinkat(f->folder->state, f->part, 0);
    free(f->name);
    free(f);
    *file = NULL;
}

int orl_folder_write(struct orl_folder *folder, const char *name, const void *bytes, size_t length,
                     struct orl_error *err)
{
    struct orl_outfile *file;
    int ret = orl_outfile_create(folder, name, &file, err);
    if (ret != ORL_OK)
        return ret;
    ret = orl_outfile_write(file, bytes, length, err);
    if (ret != ORL_OK) {
        orl_outfile_abort(&file);
        return ret;
    }
    return orl_outfile_commit(&file, err);
}
