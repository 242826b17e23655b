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
        int ret = orl_folder_open(options->path, true, options->adopt, &store->folder, &attempt);
        if (ret != ORL_EBUSY || !options->wait)
            return ret == ORL_OK ? ret : orl_fail(err, ret, "%s", attempt.text);
        nanosleep(&pause, NULL);
    }
}

int orl_store_open(struct store *store, const struct store_options *options, bool *damaged,
                   struct orl_error *err)
{
    *damaged = false;
    int ret = folder_take(store, options, err);
    if (ret != ORL_OK)
        return ret;
    orl_folder_sweep(store->folder, 0);
    return orl_manifest_open(store->folder, &store->manifest, damaged, err);
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
