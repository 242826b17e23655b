/* The store: the output folder with its segments, and the shares in it. */
#include "batch/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "batch/unit.h"

static int folder_take(struct store *store, const struct store_options *options,
                       struct orl_error *err)
{
    static const struct timespec pause = {0, 200000000};
    for (;;) {
        struct orl_error attempt = {0};
        int ret = orl_folder_open_share(options->path, options->share, true, options->adopt,
                                        &store->folder, &attempt);
        if (ret != ORL_EBUSY || !options->wait)
            return ret == ORL_OK ? ret : orl_fail(err, ret, "%s", attempt.text);
        nanosleep(&pause, NULL);
    }
}

/* Call `each` for every folder of a share in .optreel/, with its path in the output folder. */
static int shares_visit(struct store *store, const char *but,
                        int (*each)(struct store *store, const char *path, struct orl_error *err),
                        struct orl_error *err)
{
    int state = openat(store->folder->fd, ".optreel", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = state < 0 ? NULL : fdopendir(state);
    int ret = ORL_OK;
    for (struct dirent *entry; list && ret == ORL_OK && (entry = readdir(list));) {
        if (strncmp(entry->d_name, "shard-", 6) != 0 || (but && strcmp(entry->d_name, but) == 0))
            continue;
        char *path = orl_asprintf(".optreel/%s", entry->d_name);
        ret = path ? each(store, path, err) : orl_fail_memory(err);
        free(path);
    }
    if (list)
        closedir(list);
    else if (state >= 0)
        close(state);
    return ret;
}

static int share_merge(struct store *store, const char *path, struct orl_error *err)
{
    char *name = orl_asprintf("%s/manifest", path);
    int ret = name ? orl_manifest_merge(store->manifest, name, err) : orl_fail_memory(err);
    free(name);
    return ret;
}

int orl_store_open(struct store *store, const struct store_options *options,
                   enum orl_manifest_state *state, struct orl_error *err)
{
    *state = ORL_MANIFEST_WHOLE;
    int ret = folder_take(store, options, err);
    if (ret != ORL_OK)
        return ret;
    orl_folder_sweep(store->folder, 0);
    ret = orl_manifest_open(store->folder, &store->manifest, state, err);
    if (ret == ORL_OK && options->share) /* what was there before the batch was cut */
        ret = orl_manifest_merge(store->manifest, ".optreel/manifest", err);
    if (ret == ORL_OK)
        ret = shares_visit(store, options->share, share_merge, err);
    return ret == ORL_OK && !options->share ? orl_manifest_write(store->manifest, err) : ret;
}

static int share_drop(struct store *store, const char *path, struct orl_error *err)
{
    (void)err;
    int fd = openat(store->folder->fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    for (struct dirent *entry; list && (entry = readdir(list));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(fd, entry->d_name, 0);
    if (list)
        closedir(list);
    else if (fd >= 0)
        close(fd);
    unlinkat(store->folder->fd, path, AT_REMOVEDIR);
    return ORL_OK;
}

void orl_store_drop_shares(struct store *store)
{
    (void)shares_visit(store, NULL, share_drop, NULL);
}

void orl_store_close(struct store *store)
{
    if (store->folder)
        orl_folder_sweep(store->folder, 0);
    orl_manifest_close(&store->manifest);
    orl_folder_close(&store->folder);
}

bool orl_store_has_segment(const struct store *store, const char *key, size_t level, size_t segment)
{
    struct stat status;
    char *name = orl_batch_segment_name(key, level, segment);
    bool there = name && fstatat(store->folder->fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                 S_ISREG(status.st_mode);
    free(name);
    return there;
}

void orl_store_drop_segments(struct store *store, const char *key, size_t level, size_t count)
{
    for (size_t s = 0; s < count; s++) {
        char *name = orl_batch_segment_name(key, level, s);
        if (name)
            unlinkat(store->folder->fd, name, 0);
        free(name);
    }
}

static int name_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void orl_store_keep_segments(struct store *store, char *const *names, size_t count)
{
    int copy = openat(store->folder->state, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (!list) {
        if (copy >= 0)
            close(copy);
        return;
    }
    for (struct dirent *entry; (entry = readdir(list));) {
        size_t length = strlen(entry->d_name);
        char *name = entry->d_name;
        if (length > 4 && strcmp(name + length - 4, ".seg") == 0 &&
            !(count && bsearch(&name, names, count, sizeof *names, name_compare)))
            unlinkat(store->folder->state, name, 0);
    }
    closedir(list);
}
