/* The manifest: read, appended to, merged, and asked. */
#include "batch/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fault.h"
#include "batch/fields.h"

#define MANIFEST_NAME "optreel manifest "
#define MANIFEST_HEAD MANIFEST_NAME "2\n"
enum { CRC_DIGITS = 8, MANIFEST_MAX = 256 << 20 };

struct entry {
    char *path, *kind, *key;
    char *line; /* the facts, as fields */
};

struct orl_manifest {
    struct orl_folder *folder; /* borrowed */
    struct entry *entries;     /* owned */
    size_t count, capacity;
    int fd; /* open for appending */
};

static void entry_uninit(struct entry *entry)
{
    free(entry->path);
    free(entry->kind);
    free(entry->key);
    free(entry->line);
}

static struct entry *find(const struct orl_manifest *manifest, const char *kind, const char *path)
{
    for (size_t i = 0; i < manifest->count; i++)
        if (strcmp(manifest->entries[i].path, path) == 0 &&
            strcmp(manifest->entries[i].kind, kind) == 0)
            return &manifest->entries[i];
    return NULL;
}

static int remember(struct orl_manifest *manifest, const char *kind, const char *path,
                    const char *key, const char *line)
{
    struct entry entry = {orl_strdup(path), orl_strdup(kind), orl_strdup(key), orl_strdup(line)};
    struct entry *old = find(manifest, kind, path);
    bool ok = entry.path && entry.kind && entry.key && entry.line;
    if (ok && !old)
        ok = orl_reserve((void **)&manifest->entries, &manifest->capacity, manifest->count + 1,
                         sizeof entry);
    if (!ok) {
        entry_uninit(&entry);
        return ORL_ENOMEM;
    }
    if (old)
        entry_uninit(old);
    else
        old = &manifest->entries[manifest->count++];
    *old = entry;
    return ORL_OK;
}

/* A line is: crc TAB kind TAB path TAB key TAB (facts as fields, escaped once more as one field).
 */
static int read_line(struct orl_manifest *manifest, const char *line, size_t length)
{
    struct orl_fields fields;
    char crc[CRC_DIGITS + 1];
    if (length < CRC_DIGITS + 1 || line[CRC_DIGITS] != '\t')
        return ORL_FAIL;
    snprintf(crc, sizeof crc, "%08x", orl_crc32(0, line + CRC_DIGITS, length - CRC_DIGITS));
    if (memcmp(crc, line, CRC_DIGITS) != 0)
        return ORL_FAIL;
    int ret = orl_fields_split(line + CRC_DIGITS + 1, length - CRC_DIGITS - 1, &fields);
    if (ret != ORL_OK)
        return ret;
    const char *kind = orl_fields_get(&fields, NULL), *path = orl_fields_get(&fields, NULL);
    const char *key = orl_fields_get(&fields, NULL), *facts = orl_fields_get(&fields, NULL);
    ret = fields.failed ? ORL_FAIL : remember(manifest, kind, path, key, facts);
    orl_fields_uninit(&fields);
    return ret;
}

static void write_line(struct orl_text *out, const struct entry *entry)
{
    struct orl_text line = {0};
    orl_fields_put_string(&line, entry->kind);
    orl_fields_put_string(&line, entry->path);
    orl_fields_put_string(&line, entry->key);
    orl_fields_put_string(&line, entry->line);
    uint32_t crc = orl_crc32(orl_crc32(0, "\t", 1), line.data, line.length);
    orl_text_printf(out, "%08x\t", crc);
    orl_text_append(out, line.data, line.length);
    orl_text_putc(out, '\n');
    out->failed |= line.failed;
    orl_text_uninit(&line);
}

static int read_entries(struct orl_manifest *manifest, const char *text, size_t length,
                        enum orl_manifest_state *state)
{
    size_t head = strlen(MANIFEST_HEAD), name = strlen(MANIFEST_NAME);
    if (length < head || memcmp(text, MANIFEST_HEAD, head) != 0) {
        if (length > name && memcmp(text, MANIFEST_NAME, name) == 0)
            *state = ORL_MANIFEST_FOREIGN;
        else if (length > 0)
            *state = ORL_MANIFEST_DAMAGED;
        return ORL_OK;
    }
    for (size_t at = head; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        int ret = end ? read_line(manifest, text + at, (size_t)(end - text) - at) : ORL_FAIL;
        if (ret == ORL_ENOMEM)
            return ret;
        if (ret != ORL_OK) {
            *state = ORL_MANIFEST_DAMAGED; /* this line and all after it are not trusted */
            return ORL_OK;
        }
        at = (size_t)(end - text) + 1;
    }
    return ORL_OK;
}

/* Write the manifest anew, without replaced lines and without a damaged tail, and leave it open for
 * appending. */
int orl_manifest_write(struct orl_manifest *manifest, struct orl_error *err)
{
    struct orl_text text = {0};
    orl_text_puts(&text, MANIFEST_HEAD);
    for (size_t i = 0; i < manifest->count; i++)
        write_line(&text, &manifest->entries[i]);
    char *path = orl_asprintf("%s/manifest", manifest->folder->state_name);
    int ret = text.failed || !path
                  ? orl_fail_memory(err)
                  : orl_folder_write(manifest->folder, path, text.data, text.length, err);
    free(path);
    orl_text_uninit(&text);
    if (ret != ORL_OK)
        return ret;
    if (manifest->fd >= 0)
        close(manifest->fd);
    manifest->fd = orl_sys_openat(manifest->folder->state, "manifest",
                                  O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0);
    if (manifest->fd < 0)
        return orl_fail(err, ORL_EIO, "cannot open '%s/.optreel/manifest': %s",
                        manifest->folder->path, strerror(errno));
    return ORL_OK;
}

/* Take the entries of the file at a path in the folder; none where there is no such file. */
static int file_take(struct orl_manifest *manifest, const char *name,
                     enum orl_manifest_state *state, struct orl_error *err)
{
    char *path = orl_asprintf("%s/%s", manifest->folder->path, name), *text;
    struct orl_error ignored = {0};
    size_t length;
    *state = ORL_MANIFEST_WHOLE;
    if (!path)
        return orl_fail_memory(err);
    int ret = ORL_OK;
    if (access(path, F_OK) == 0) {
        if (orl_file_read(path, MANIFEST_MAX, &text, &length, &ignored) == ORL_OK) {
            ret = read_entries(manifest, text, length, state);
            free(text);
        } else {
            *state = ORL_MANIFEST_DAMAGED;
        }
    }
    free(path);
    return ret == ORL_OK ? ORL_OK : orl_fail_memory(err);
}

static int read_old(struct orl_manifest *manifest, enum orl_manifest_state *state,
                    struct orl_error *err)
{
    char *name = orl_asprintf("%s/manifest", manifest->folder->state_name);
    int ret = name ? file_take(manifest, name, state, err) : orl_fail_memory(err);
    free(name);
    return ret;
}

int orl_manifest_open(struct orl_folder *folder, struct orl_manifest **out,
                      enum orl_manifest_state *state, struct orl_error *err)
{
    *state = ORL_MANIFEST_WHOLE;
    *out = orl_calloc(1, sizeof **out);
    if (!*out)
        return orl_fail_memory(err);
    (*out)->folder = folder;
    (*out)->fd = -1;
    int ret = read_old(*out, state, err);
    if (ret == ORL_OK)
        ret = orl_manifest_write(*out, err);
    if (ret != ORL_OK)
        orl_manifest_close(out);
    return ret;
}

void orl_manifest_close(struct orl_manifest **manifest)
{
    struct orl_manifest *m = *manifest;
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++)
        entry_uninit(&m->entries[i]);
    free(m->entries);
    if (m->fd >= 0)
        close(m->fd);
    free(m);
    *manifest = NULL;
}

static int append(struct orl_manifest *manifest, const struct entry *entry, struct orl_error *err)
{
    struct orl_text text = {0};
    write_line(&text, entry);
    int ret = text.failed ? orl_fail_memory(err) : ORL_OK;
    for (size_t at = 0; ret == ORL_OK && at < text.length;) {
        ssize_t wrote = orl_sys_write(manifest->fd, text.data + at, text.length - at);
        if (wrote > 0)
            at += (size_t)wrote;
        else if (errno != EINTR)
            ret = orl_fail(err, ORL_EIO, "cannot write '%s/.optreel/manifest': %s",
                           manifest->folder->path, strerror(errno));
    }
    if (ret == ORL_OK && orl_sys_fdatasync(manifest->fd) != 0)
        ret = orl_fail(err, ORL_EIO, "cannot write '%s/.optreel/manifest': %s",
                       manifest->folder->path, strerror(errno));
    orl_text_uninit(&text);
    return ret;
}

static int add(struct orl_manifest *manifest, const char *kind, const char *path, const char *key,
               struct orl_text *facts, struct orl_error *err)
{
    int ret = facts->failed ? ORL_ENOMEM : remember(manifest, kind, path, key, facts->data);
    orl_text_uninit(facts);
    if (ret != ORL_OK)
        return orl_fail_memory(err);
    return append(manifest, find(manifest, kind, path), err);
}

int orl_manifest_add_run(struct orl_manifest *manifest, const char *trace_path, const char *key,
                         const struct orl_run_facts *facts, struct orl_error *err)
{
    struct orl_text line = {0};
    orl_run_facts_put(&line, facts);
    return add(manifest, "run", trace_path, key, &line, err);
}

int orl_manifest_add_file(struct orl_manifest *manifest, const char *path, const char *key,
                          const struct orl_file_facts *facts, struct orl_error *err)
{
    struct orl_text line = {0};
    orl_file_facts_put(&line, facts);
    return add(manifest, "file", path, key, &line, err);
}

char *orl_batch_frame_name(const char *folder, size_t frame)
{
    return orl_asprintf("%s/%06zu.png", folder, frame + 1);
}

/* Add a file to the hash; its size, or -1 where it is not a regular file that can be read. */
static int64_t hash_file(const struct orl_manifest *manifest, const char *path,
                         struct orl_sha256 *hash)
{
    struct stat status;
    char buffer[65536];
    int fd = orl_sys_openat(manifest->folder->fd, path,
                            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    for (ssize_t got; good && (got = orl_sys_read(fd, buffer, sizeof buffer)) != 0;) {
        if (got < 0 && errno != EINTR)
            good = false;
        else if (got > 0)
            orl_sha256_update(hash, buffer, (size_t)got);
    }
    close(fd);
    return good ? status.st_size : -1;
}

/* The file is still there, a regular one, with these bytes. */
static bool unchanged(const struct orl_manifest *manifest, const char *path, int64_t bytes,
                      const char *sha256)
{
    struct orl_sha256 hash;
    struct stat status;
    char hex[ORL_SHA256_HEX];
    if (fstatat(manifest->folder->fd, path, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        status.st_size != bytes)
        return false;
    orl_sha256_init(&hash);
    if (hash_file(manifest, path, &hash) != bytes)
        return false;
    orl_sha256_final_hex(&hash, hex);
    return strcmp(hex, sha256) == 0;
}

/* The same for a folder of one file for each frame, hashed in their order. */
static bool unchanged_files(const struct orl_manifest *manifest, const char *path,
                            const struct orl_file_facts *facts)
{
    struct orl_sha256 hash;
    char hex[ORL_SHA256_HEX];
    int64_t bytes = 0;
    orl_sha256_init(&hash);
    for (int64_t frame = 0; frame < facts->frames; frame++) {
        char *name = orl_batch_frame_name(path, (size_t)frame);
        int64_t size = name ? hash_file(manifest, name, &hash) : -1;
        free(name);
        if (size < 0)
            return false;
        bytes += size;
    }
    orl_sha256_final_hex(&hash, hex);
    return bytes == facts->bytes && strcmp(hex, facts->sha256) == 0;
}

/* What an output's path names is a folder. */
static bool is_folder(const struct orl_manifest *manifest, const char *path)
{
    struct stat status;
    return fstatat(manifest->folder->fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(status.st_mode);
}

static const struct entry *find_with_key(const struct orl_manifest *manifest, const char *kind,
                                         const char *path, const char *key)
{
    const struct entry *entry = find(manifest, kind, path);
    return entry && strcmp(entry->key, key) == 0 ? entry : NULL;
}

bool orl_manifest_has_run(const struct orl_manifest *manifest, const char *trace_path,
                          const char *log_path, const char *key, struct orl_run_facts *facts)
{
    const struct entry *entry = find_with_key(manifest, "run", trace_path, key);
    struct orl_fields fields;
    if (!entry || orl_fields_split(entry->line, strlen(entry->line), &fields) != ORL_OK)
        return false;
    bool good = orl_run_facts_get(&fields, facts) == ORL_OK;
    orl_fields_uninit(&fields);
    if (good && (!unchanged(manifest, trace_path, facts->trace_bytes, facts->trace_sha256) ||
                 !unchanged(manifest, log_path, facts->log_bytes, facts->log_sha256))) {
        orl_run_facts_uninit(facts);
        good = false;
    }
    return good;
}

bool orl_manifest_has_file(const struct orl_manifest *manifest, const char *path, const char *key,
                           struct orl_file_facts *facts)
{
    const struct entry *entry = find_with_key(manifest, "file", path, key);
    struct orl_fields fields;
    if (!entry || orl_fields_split(entry->line, strlen(entry->line), &fields) != ORL_OK)
        return false;
    bool good =
        orl_file_facts_get(&fields, facts) == ORL_OK &&
        (is_folder(manifest, path) ? unchanged_files(manifest, path, facts)
                                   : unchanged(manifest, path, facts->bytes, facts->sha256));
    orl_fields_uninit(&fields);
    return good;
}

/* What another journal tells counts where it is true of the files that are there. */
static bool entry_holds(const struct orl_manifest *manifest, const struct entry *entry)
{
    struct orl_fields fields;
    struct orl_run_facts run = {0};
    struct orl_file_facts file;
    bool holds = false;
    if (orl_fields_split(entry->line, strlen(entry->line), &fields) != ORL_OK)
        return false;
    if (strcmp(entry->kind, "run") == 0 && orl_run_facts_get(&fields, &run) == ORL_OK)
        holds = unchanged(manifest, entry->path, run.trace_bytes, run.trace_sha256);
    else if (strcmp(entry->kind, "file") == 0 && orl_file_facts_get(&fields, &file) == ORL_OK)
        holds = unchanged(manifest, entry->path, file.bytes, file.sha256);
    orl_run_facts_uninit(&run);
    orl_fields_uninit(&fields);
    return holds;
}

int orl_manifest_merge(struct orl_manifest *manifest, const char *name, struct orl_error *err)
{
    struct orl_manifest other = {.folder = manifest->folder, .fd = -1};
    enum orl_manifest_state state;
    int ret = file_take(&other, name, &state, err);
    for (size_t i = 0; ret == ORL_OK && i < other.count; i++) {
        const struct entry *entry = &other.entries[i];
        if (entry_holds(manifest, entry) &&
            remember(manifest, entry->kind, entry->path, entry->key, entry->line) != ORL_OK)
            ret = orl_fail_memory(err);
    }
    for (size_t i = 0; i < other.count; i++)
        entry_uninit(&other.entries[i]);
    free(other.entries);
    return ret;
}

bool orl_manifest_entry(const struct orl_manifest *manifest, size_t index, const char **kind,
                        const char **path)
{
    if (index >= manifest->count)
        return false;
    *kind = manifest->entries[index].kind;
    *path = manifest->entries[index].path;
    return true;
}

void orl_manifest_forget(struct orl_manifest *manifest, size_t index)
{
    entry_uninit(&manifest->entries[index]);
    manifest->entries[index] = manifest->entries[--manifest->count];
}

/* What an entry says of the time it took; false where it is none. */
static bool entry_seconds(const struct entry *entry, double *seconds)
{
    struct orl_fields fields;
    struct orl_run_facts run = {0};
    struct orl_file_facts file = {0};
    if (orl_fields_split(entry->line, strlen(entry->line), &fields) != ORL_OK)
        return false;
    bool is_run = strcmp(entry->kind, "run") == 0;
    bool good = is_run ? orl_run_facts_get(&fields, &run) == ORL_OK
                       : orl_file_facts_get(&fields, &file) == ORL_OK;
    *seconds = is_run ? run.seconds : file.work_s;
    orl_run_facts_uninit(&run);
    orl_fields_uninit(&fields);
    return good && *seconds > 0.0;
}

int orl_manifest_times(const char *folder,
                       void (*take)(void *context, const char *path, double seconds), void *context,
                       struct orl_error *err)
{
    struct orl_folder place = {.path = (char *)folder};
    struct orl_manifest manifest = {.folder = &place, .fd = -1};
    enum orl_manifest_state state;
    double seconds;
    int ret = file_take(&manifest, ".optreel/manifest", &state, err);
    for (size_t i = 0; ret == ORL_OK && i < manifest.count; i++)
        if (entry_seconds(&manifest.entries[i], &seconds))
            take(context, manifest.entries[i].path, seconds);
    for (size_t i = 0; i < manifest.count; i++)
        entry_uninit(&manifest.entries[i]);
    free(manifest.entries);
    return ret;
}

bool orl_manifest_is_empty(const struct orl_manifest *manifest)
{
    return manifest->count == 0;
}
