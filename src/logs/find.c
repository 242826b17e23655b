/* Searching folders for logs. */
#include "logs/find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/text.h"

enum { DEPTH_MOST = 24, ENTRIES_MOST = 200000 };

void orl_log_sources_uninit(struct log_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++)
        free(sources->items[i].path);
    free(sources->items);
    free(sources->unsupported);
    *sources = (struct log_sources){0};
}

size_t orl_log_folder_length(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

static int fault(struct orl_messages *messages, const char *path, const char *hint,
                 const char *text)
{
    struct orl_place place = {.file = path};
    return orl_messages_add(messages, ORL_SEVERITY_ERROR, &place, hint, "%s", text);
}

static int refuse_format(struct orl_messages *messages, const char *path,
                         const struct orl_log_format *format)
{
    char text[200];
    snprintf(text, sizeof text, "a %s: this is not read", format->title);
    return fault(messages, path, format->hint, text);
}

static int source_add(struct log_sources *out, char *path, size_t root,
                      const struct orl_log_format *format, uint64_t size, struct orl_error *err)
{
    if (!path ||
        !orl_reserve((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items)) {
        free(path);
        return orl_fail_memory(err);
    }
    out->items[out->count++] = (struct log_source){path, root, format, size, false};
    return ORL_OK;
}

/* ---- Folders -----------------------------------------------------------------------------------
 */

static int walk(struct log_sources *out, const char *folder, size_t root, unsigned depth,
                struct orl_error *err);

static int look_at(struct log_sources *out, const char *folder, const char *name, size_t root,
                   unsigned depth, struct orl_error *err)
{
    struct stat status;
    int ret = ORL_OK;
    char *path = orl_asprintf("%s/%s", folder, name);
    if (!path)
        return orl_fail_memory(err);
    bool there = lstat(path, &status) == 0, link = there && S_ISLNK(status.st_mode);
    if (link)
        there = stat(path, &status) == 0;
    if (there && S_ISDIR(status.st_mode) && !link && depth < DEPTH_MOST) {
        ret = walk(out, path, root, depth + 1, err);
    } else if (there && S_ISREG(status.st_mode) && status.st_size > 0) {
        const struct orl_log_format *format = orl_log_recognise_file(path);
        if (format && format->read)
            return source_add(out, path, root, format, (uint64_t)status.st_size, err);
        if (format && !out->unsupported) {
            out->unsupported = path;
            out->unsupported_format = format;
            return ORL_OK;
        }
    }
    free(path);
    return ret;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of a folder, sorted; hidden ones are left out, but Aim's. */
static int list_folder(const char *folder, char ***names, size_t *count, struct orl_error *err)
{
    struct dirent *entry;
    size_t capacity = 0;
    int ret = ORL_OK;
    DIR *dir = opendir(folder);
    while (dir && ret == ORL_OK && (entry = readdir(dir)) != NULL) {
        if ((entry->d_name[0] == '.' && strcmp(entry->d_name, ".aim") != 0) ||
            strcmp(entry->d_name, "__pycache__") == 0 || strcmp(entry->d_name, "node_modules") == 0)
            continue;
        char *name = orl_strdup(entry->d_name);
        if (!name || !orl_reserve((void **)names, &capacity, *count + 1, sizeof **names)) {
            free(name);
            ret = orl_fail_memory(err);
        } else {
            (*names)[(*count)++] = name;
        }
    }
    if (dir)
        closedir(dir);
    if (*count)
        qsort(*names, *count, sizeof **names, by_name);
    return ret;
}

static int walk(struct log_sources *out, const char *folder, size_t root, unsigned depth,
                struct orl_error *err)
{
    char **names = NULL;
    size_t count = 0;
    int ret = list_folder(folder, &names, &count, err);
    for (size_t i = 0; i < count; i++) {
        if (ret == ORL_OK && ++out->entries > ENTRIES_MOST)
            ret = orl_fail(err, ORL_EINPUT, "%s: more than %d files and folders", folder,
                           ENTRIES_MOST);
        if (ret == ORL_OK)
            ret = look_at(out, folder, names[i], root, depth, err);
        free(names[i]);
    }
    free(names);
    return ret;
}

/* ---- One of several ----------------------------------------------------------------------------
 */

/* "…/checkpoint-N/…": the bytes before the part, and N; false where there is no such part. */
static bool checkpoint_of(const char *path, size_t *before, long *number)
{
    const char *found = NULL;
    for (const char *at = path; (at = strstr(at, "checkpoint-")) != NULL; at++)
        if (at == path || at[-1] == '/')
            found = at;
    char *end = NULL;
    *number = found ? strtol(found + 11, &end, 10) : -1;
    *before = found ? (size_t)(found - path) : 0;
    return found && end && end > found + 11 && *end == '/';
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Each checkpoint holds all that the ones before it did; what lies beside them all is the last. */
static void drop_checkpoints(struct log_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        size_t before, other;
        long number, its;
        if (!sources->items[i].root || !checkpoint_of(sources->items[i].path, &before, &number) ||
            before < sources->items[i].root)
            continue;
        for (size_t k = 0; k < sources->count && !sources->items[i].dropped; k++) {
            const char *path = sources->items[k].path;
            if (k == i || strncmp(path, sources->items[i].path, before) != 0 ||
                strcmp(base_of(path), base_of(sources->items[i].path)) != 0)
                continue;
            bool checkpoint = checkpoint_of(path, &other, &its);
            sources->items[i].dropped =
                checkpoint ? other == before && its > number : base_of(path) == path + before;
        }
    }
}

static bool digest_of(const char *path, uint8_t digest[32])
{
    struct orl_sha256 hash;
    char buffer[1 << 14];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return false;
    orl_sha256_init(&hash);
    while ((got = read(fd, buffer, sizeof buffer)) > 0)
        orl_sha256_update(&hash, buffer, (size_t)got);
    close(fd);
    orl_sha256_final(&hash, digest);
    return got == 0;
}

/* SwanLab's "logs/KEY/1000.json": the folder says what the numbers are. */
static bool folder_names_it(const char *path)
{
    const char *base = base_of(path);
    size_t digits = strspn(base, "0123456789");
    return digits > 0 && strcmp(base + digits, ".json") == 0 && strstr(path, "/logs/");
}

/* Of equal files the first stays, but where a file's name or folder says what it holds. Only those
 * of one size are read for it. */
static void drop_equal(struct log_sources *sources, size_t from)
{
    uint8_t one[32], other[32];
    for (size_t i = from; i < sources->count; i++)
        for (size_t k = from; k < i && !sources->items[i].dropped; k++)
            sources->items[i].dropped =
                !sources->items[k].dropped && sources->items[i].size == sources->items[k].size &&
                sources->items[i].root && !sources->items[i].format->folder_is_run &&
                !folder_names_it(sources->items[i].path) &&
                digest_of(sources->items[i].path, one) &&
                digest_of(sources->items[k].path, other) && memcmp(one, other, 32) == 0;
}

/* ---- A path ------------------------------------------------------------------------------------
 */

/* Blanks and line ends alone, as far as a page. */
static bool is_blank(const char *path)
{
    struct orl_error ignored = {0};
    char *bytes;
    size_t length;
    if (orl_file_read(path, 4096, &bytes, &length, &ignored) != ORL_OK)
        return false;
    bool blank = strspn(bytes, " \t\r\n") == length;
    free(bytes);
    return blank;
}

static int find_file(const char *path, uint64_t size, struct orl_messages *messages,
                     struct log_sources *out, struct orl_error *err)
{
    const struct orl_log_format *format = orl_log_recognise_file(path);
    if (size == 0)
        return fault(messages, path, NULL, "nothing logged yet: the file is empty");
    if (!format && is_blank(path))
        return fault(messages, path, NULL, "nothing logged yet: the file is blank");
    if (!format)
        return fault(messages, path, "optreel help logs tells what is read",
                     "this is not a log of a known kind");
    if (!format->read)
        return refuse_format(messages, path, format);
    return source_add(out, orl_strdup(path), 0, format, size, err);
}

static int find_folder(const char *path, struct orl_messages *messages, struct log_sources *out,
                       struct orl_error *err)
{
    size_t before = out->count, root = strlen(path);
    while (root > 1 && path[root - 1] == '/')
        root--;
    char *folder = orl_strndup(path, root);
    int ret = folder ? walk(out, folder, root, 0, err) : orl_fail_memory(err);
    free(folder);
    if (ret != ORL_OK || out->count > before)
        return ret;
    if (out->unsupported)
        return refuse_format(messages, out->unsupported, out->unsupported_format);
    return fault(messages, path, "optreel help logs tells what is read",
                 "there is no log in this folder");
}

int orl_log_find(const char *path, const struct orl_limits *limits, struct orl_messages *messages,
                 struct log_sources *out, struct orl_error *err)
{
    struct stat status;
    size_t before = out->count;
    (void)limits;
    if (stat(path, &status) != 0)
        return fault(messages, path, NULL,
                     errno == ENOENT ? "there is no such file or folder" : strerror(errno));
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
        return fault(messages, path, NULL, "this is not a regular file");
    int ret = S_ISDIR(status.st_mode)
                  ? find_folder(path, messages, out, err)
                  : find_file(path, (uint64_t)status.st_size, messages, out, err);
    drop_checkpoints(out);
    drop_equal(out, before);
    return ret;
}
