/* The one way to write a folder of files: complete or absent, as a file is. */
#include <ctype.h>
#include <dirent.h>
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

struct orl_outfolder {
    struct orl_folder *folder; /* borrowed */
    char *name;                /* final name, relative to the folder */
    char part[64];             /* name in .optreel/; "" once it is gone */
    int fd;
};

static int folder_failure(const struct orl_outfolder *out, struct orl_error *err)
{
    return orl_fail(err, ORL_EIO, "cannot write '%s/%s': %s", out->folder->path, out->name,
                    strerror(errno));
}

static int part_make(struct orl_outfolder *out, struct orl_error *err)
{
    for (unsigned attempt = 0; attempt < 10000; attempt++) {
        snprintf(out->part, sizeof out->part, "%ld-%u.part", (long)getpid(), attempt);
        if (orl_sys_mkdirat(out->folder->state, out->part, 0777) == 0) {
            out->fd = orl_sys_openat(out->folder->state, out->part,
                                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
            return out->fd >= 0 ? ORL_OK : folder_failure(out, err);
        }
        if (errno != EEXIST)
            break;
    }
    out->part[0] = '\0';
    return folder_failure(out, err);
}

int orl_outfolder_create(struct orl_folder *folder, const char *name, struct orl_outfolder **out,
                         struct orl_error *err)
{
    *out = NULL;
    if (!*name || strchr(name, '/') || strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
        return orl_fail(err, ORL_EBUG, "'%s' is not a name inside the output folder", name);
    struct orl_outfolder *made = orl_calloc(1, sizeof *made);
    if (!made)
        return orl_fail_memory(err);
    made->folder = folder;
    made->fd = -1;
    int ret = (made->name = orl_strdup(name)) ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK)
        ret = part_make(made, err);
    if (ret != ORL_OK)
        orl_outfolder_abort(&made);
    *out = made;
    return ret;
}

int orl_outfolder_add(struct orl_outfolder *out, const char *name, const void *bytes, size_t length,
                      struct orl_error *err)
{
    const char *from = bytes;
    int fd =
        orl_sys_openat(out->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return folder_failure(out, err);
    int ret = ORL_OK;
    while (ret == ORL_OK && length > 0) {
        ssize_t wrote = orl_sys_write(fd, from, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote == 0)
            errno = ENOSPC;
        if (wrote <= 0) {
            ret = folder_failure(out, err);
            break;
        }
        from += wrote;
        length -= (size_t)wrote;
    }
    if (ret == ORL_OK && orl_sys_fsync(fd) != 0)
        ret = folder_failure(out, err);
    if (orl_sys_close(fd) != 0 && ret == ORL_OK)
        ret = folder_failure(out, err);
    return ret;
}

/* "000123.png": a file that such a folder has by itself. */
static bool is_numbered(const char *name)
{
    size_t digits = 0;
    while (isdigit((unsigned char)name[digits]))
        digits++;
    return digits >= 6 && name[digits] == '.';
}

/* What somebody else has put beside the numbered files stays: it moves into the new folder. */
static void others_keep(const struct orl_outfolder *out)
{
    int old = orl_sys_openat(out->folder->fd, out->name,
                             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    DIR *list = old < 0 ? NULL : fdopendir(old);
    for (struct dirent *entry; list && (entry = readdir(list));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            !is_numbered(entry->d_name))
            (void)orl_sys_renameat2(old, entry->d_name, out->fd, entry->d_name, RENAME_NOREPLACE);
    if (list)
        closedir(list);
    else if (old >= 0)
        orl_sys_close(old);
}

/* The new folder takes the name, in one moment; the old one, if there is one, takes the part's. A
 * file system that cannot exchange has a moment without either. */
static int names_exchange(struct orl_outfolder *out, struct orl_error *err)
{
    const struct orl_folder *f = out->folder;
    struct stat status;
    if (fstatat(f->fd, out->name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT || orl_sys_renameat(f->state, out->part, f->fd, out->name) != 0)
            return folder_failure(out, err);
        out->part[0] = '\0';
        return ORL_OK;
    }
    if (!S_ISDIR(status.st_mode))
        return orl_fail(err, ORL_EIO, "'%s/%s' is in the way: it is not a folder", f->path,
                        out->name);
    others_keep(out);
    if (orl_sys_renameat2(f->state, out->part, f->fd, out->name, RENAME_EXCHANGE) == 0)
        return ORL_OK;
    char aside[sizeof out->part];
    snprintf(aside, sizeof aside, "%ld-old.part", (long)getpid());
    if ((errno != EINVAL && errno != ENOSYS) ||
        orl_sys_renameat(f->fd, out->name, f->state, aside) != 0 ||
        orl_sys_renameat(f->state, out->part, f->fd, out->name) != 0)
        return folder_failure(out, err);
    memcpy(out->part, aside, sizeof aside);
    return ORL_OK;
}

int orl_outfolder_commit(struct orl_outfolder **out, struct orl_error *err)
{
    struct orl_outfolder *o = *out;
    int ret = orl_sys_fsync(o->fd) == 0 ? ORL_OK : folder_failure(o, err);
    if (ret == ORL_OK)
        ret = names_exchange(o, err);
    if (ret == ORL_OK && orl_sys_fsync(o->folder->fd) != 0)
        ret = folder_failure(o, err);
    orl_outfolder_abort(out);
    return ret;
}

void orl_outfolder_abort(struct orl_outfolder **out)
{
    struct orl_outfolder *o = *out;
    if (!o)
        return;
    if (o->fd >= 0)
        orl_sys_close(o->fd);
    if (o->part[0])
        orl_part_remove(o->folder, o->part);
    free(o->name);
    free(o);
    *out = NULL;
}

void orl_part_remove(struct orl_folder *folder, const char *part)
{
    if (unlinkat(folder->state, part, 0) == 0 || (errno != EISDIR && errno != EPERM))
        return;
    int fd =
        orl_sys_openat(folder->state, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    for (struct dirent *entry; list && (entry = readdir(list));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(fd, entry->d_name, 0);
    if (list)
        closedir(list);
    else if (fd >= 0)
        orl_sys_close(fd);
    unlinkat(folder->state, part, AT_REMOVEDIR);
}
