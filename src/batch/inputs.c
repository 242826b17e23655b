/* The copies of an experiment and of its inputs. */
#include "batch/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fault.h"
#include "logs/format.h"

enum { PIECE = 1 << 16, FOLDERS_DEEP = 16 };
#define SMALL_FILE (1 << 20) /* so large may a file beside logs be that tells of them */

/* ---- A file ---------------------------------------------------------------------------------- */

static int input_fail(struct orl_error *err, const char *path)
{
    return orl_fail(err, ORL_EIO, "cannot copy '%s': %s", path, strerror(errno));
}

/* A regular file, open; -1 with errno. */
static int input_open(const char *path, struct stat *status)
{
    int fd = orl_sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd >= 0 && (fstat(fd, status) != 0 || !S_ISREG(status->st_mode))) {
        errno = EINVAL;
        close(fd);
        return -1;
    }
    return fd;
}

/* All bytes of an open file into the hash, and into `file` where that is not NULL. */
static int bytes_pass(int fd, const char *path, struct orl_outfile *file, struct orl_sha256 *hash,
                      struct orl_error *err)
{
    char *piece = orl_calloc(PIECE, 1);
    int ret = piece ? ORL_OK : orl_fail_memory(err);
    off_t at = 0;
    while (ret == ORL_OK) {
        ssize_t got = orl_sys_pread(fd, piece, PIECE, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            ret = input_fail(err, path);
        if (got <= 0)
            break;
        at += got;
        orl_sha256_update(hash, piece, (size_t)got);
        if (file)
            ret = orl_outfile_write(file, piece, (size_t)got, err);
    }
    free(piece);
    return ret;
}

static int file_store(struct batch *batch, int fd, const char *path, const char *name,
                      const char *sha256, struct orl_error *err)
{
    struct orl_file_facts facts = {0};
    struct orl_outfile *file = NULL;
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    int ret = orl_outfile_create(batch->store.folder, name, &file, err);
    if (ret == ORL_OK)
        ret = bytes_pass(fd, path, file, &hash, err);
    orl_sha256_final_hex(&hash, facts.sha256);
    if (ret == ORL_OK && strcmp(facts.sha256, sha256) != 0)
        ret = orl_fail(err, ORL_FAIL, "'%s' changed while it was copied", path);
    if (ret == ORL_OK) {
        facts.bytes = orl_outfile_size(file);
        ret = orl_outfile_commit(&file, err);
    }
    orl_outfile_abort(&file);
    if (ret == ORL_OK)
        ret = orl_manifest_add_file(batch->store.manifest, name, sha256, &facts, err);
    return ret;
}

/* The digest that a file of data or a trace had when it was read; NULL where it is neither. */
static const uint8_t *digest_of(const struct orl_experiment *e, const char *path)
{
    static const uint8_t none[32];
    for (size_t i = 0; i < e->problem_count; i++)
        if (e->problems[i].data_path && strcmp(e->problems[i].data_path, path) == 0 &&
            memcmp(e->problems[i].digest, none, sizeof none) != 0)
            return e->problems[i].digest;
    for (size_t i = 0; i < e->run_count; i++) /* a log is compared as the trace that it gives */
        if (e->runs[i].trace_path && !e->runs[i].log && strcmp(e->runs[i].trace_path, path) == 0)
            return e->runs[i].trace_digest;
    return NULL;
}

static int file_keep(struct batch *batch, const char *path, const char *name, struct orl_error *err)
{
    struct orl_file_facts found;
    struct orl_sha256 hash, copy;
    struct stat status;
    uint8_t digest[32];
    char sha256[ORL_SHA256_HEX];
    int fd = input_open(orl_builtin_path(path), &status);
    if (fd < 0) /* of what a run needed it was told before */
        return errno == ENOENT ? ORL_OK : input_fail(err, path);
    orl_sha256_init(&hash);
    int ret = bytes_pass(fd, path, NULL, &hash, err);
    copy = hash;
    orl_sha256_final(&copy, digest);
    orl_sha256_final_hex(&hash, sha256);
    const uint8_t *known = digest_of(batch->experiment, path);
    if (ret == ORL_OK && known && memcmp(known, digest, sizeof digest) != 0)
        ret = orl_fail(err, ORL_FAIL, "'%s' changed while the program ran", path);
    if (ret == ORL_OK && !orl_manifest_has_file(batch->store.manifest, name, sha256, &found))
        ret = file_store(batch, fd, path, name, sha256, err);
    close(fd);
    return ret;
}

/* ---- A folder of logs ------------------------------------------------------------------------ */

/* Logs, what stands beside a database, and small files, which may be the configuration of a run:
 * no checkpoints. */
static bool is_of_logs(const char *path, const struct stat *status)
{
    size_t length = strlen(path);
    return status->st_size <= SMALL_FILE || (length > 4 && !strcmp(path + length - 4, "-wal")) ||
           orl_log_recognise_file(path);
}

static int path_keep(struct batch *batch, const char *path, const char *name, unsigned depth,
                     struct orl_error *err);

static int folder_keep(struct batch *batch, const char *path, const char *name, unsigned depth,
                       struct orl_error *err)
{
    DIR *list = opendir(path);
    int ret = list ? ORL_OK : input_fail(err, path);
    for (struct dirent *entry; ret == ORL_OK && (entry = readdir(list));) {
        struct stat status;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *from = orl_asprintf("%s/%s", path, entry->d_name),
             *to = orl_asprintf("%s/%s", name, entry->d_name);
        if (!from || !to)
            ret = orl_fail_memory(err);
        else if (lstat(from, &status) == 0 &&
                 (S_ISDIR(status.st_mode) ||
                  (S_ISREG(status.st_mode) && is_of_logs(from, &status))))
            ret = path_keep(batch, from, to, depth + 1, err);
        free(from);
        free(to);
    }
    if (list)
        closedir(list);
    return ret;
}

static int path_keep(struct batch *batch, const char *path, const char *name, unsigned depth,
                     struct orl_error *err)
{
    struct stat status;
    bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    if (!folder)
        return file_keep(batch, path, name, err);
    return depth < FOLDERS_DEEP ? folder_keep(batch, path, name, depth, err) : ORL_OK;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static int copy_write(struct batch *batch, struct orl_error *err)
{
    struct orl_text text = {0};
    orl_text_puts(&text, batch->experiment->copy ? batch->experiment->copy : "");
    int ret = orl_beside_text(batch, orl_strdup(ORL_COPY_NAME), &text, err);
    orl_text_uninit(&text);
    return ret;
}

int orl_inputs_keep(struct batch *batch, struct orl_error *err)
{
    const struct orl_experiment *e = batch->experiment;
    int ret = copy_write(batch, err);
    for (size_t i = 0; ret == ORL_OK && i < e->input_count; i++) {
        struct orl_error why = {0};
        ret = path_keep(batch, e->inputs[i].path, e->inputs[i].name, 0, &why);
        if (ret == ORL_ENOMEM)
            return orl_fail_memory(err);
        if (ret != ORL_OK)
            orl_results_failure(batch, e->inputs[i].name, ret, why.text);
        ret = ORL_OK;
    }
    return ret;
}
