/* Zip archives by minizip, the library beside zlib. It writes through four functions of ours, so
 * the file is made in the one atomic way and read from nowhere else. */
#include "report/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zip.h>

#include "base/array.h"
#include "base/hash.h"

#define DATE_1980 0x00210000UL /* 1980-01-01 00:00, the first that MS-DOS's dates can tell */
#define ZIP64_AT  0xffffffffLL /* bytes of an entry that ask for 64-bit fields */

struct orl_zip {
    struct orl_outfile *file; /* borrowed */
    zipFile handle;           /* owned */
    int ret;                  /* the first failure of the file below */
    struct orl_error *err;    /* of the call that is going on */
};

/* ---- The file below, as minizip asks for it -------------------------------------------------- */

static voidpf below_open(voidpf opaque, const void *name, int mode)
{
    (void)name;
    (void)mode;
    return ((struct orl_zip *)opaque)->file;
}

static uLong below_read(voidpf opaque, voidpf stream, void *bytes, uLong size)
{
    struct orl_zip *zip = opaque;
    int64_t at = orl_outfile_position(stream);
    ssize_t count = zip->ret == ORL_OK ? orl_outfile_read(stream, at, bytes, size, zip->err) : -1;
    if (count < 0 || orl_outfile_seek(stream, at + count, zip->err) != ORL_OK) {
        zip->ret = zip->ret == ORL_OK ? ORL_EIO : zip->ret;
        return 0;
    }
    return (uLong)count;
}

static uLong below_write(voidpf opaque, voidpf stream, const void *bytes, uLong size)
{
    struct orl_zip *zip = opaque;
    if (zip->ret == ORL_OK)
        zip->ret = orl_outfile_write(stream, bytes, size, zip->err);
    return zip->ret == ORL_OK ? size : 0;
}

static ZPOS64_T below_tell(voidpf opaque, voidpf stream)
{
    (void)opaque;
    return (ZPOS64_T)orl_outfile_position(stream);
}

static long below_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    struct orl_zip *zip = opaque;
    int64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? orl_outfile_position(stream)
                   : origin == ZLIB_FILEFUNC_SEEK_END ? orl_outfile_size(stream)
                                                      : 0;
    if (zip->ret == ORL_OK)
        zip->ret = orl_outfile_seek(stream, from + (int64_t)offset, zip->err);
    return zip->ret == ORL_OK ? 0 : -1;
}

static int below_close(voidpf opaque, voidpf stream)
{
    (void)stream;
    return ((struct orl_zip *)opaque)->ret == ORL_OK ? 0 : -1;
}

static int below_error(voidpf opaque, voidpf stream)
{
    return below_close(opaque, stream);
}

/* ---- The archive ----------------------------------------------------------------------------- */

/* What a call of minizip came to: the file's own failure, told already, or else one of memory. */
static int zip_result(struct orl_zip *zip, int code, struct orl_error *err)
{
    if (zip->ret != ORL_OK)
        return zip->ret;
    return code == ZIP_OK ? ORL_OK : orl_fail_memory(err);
}

int orl_zip_create(struct orl_outfile *file, struct orl_zip **out, struct orl_error *err)
{
    struct orl_zip *zip = orl_calloc(1, sizeof *zip);
    *out = NULL;
    if (!zip)
        return orl_fail_memory(err);
    zip->file = file;
    zip->err = err;
    zlib_filefunc64_def below = {below_open, below_read,  below_write, below_tell,
                                 below_seek, below_close, below_error, zip};
    zip->handle = zipOpen2_64("", APPEND_STATUS_CREATE, NULL, &below);
    if (!zip->handle) {
        free(zip);
        return orl_fail_memory(err);
    }
    *out = zip;
    return ORL_OK;
}

static int zip_entry_begin(struct orl_zip *zip, const char *name, int method, bool large,
                           struct orl_error *err)
{
    zip_fileinfo info = {.dosDate = DATE_1980};
    zip->err = err;
    int code = zipOpenNewFileInZip64(zip->handle, name, &info, NULL, 0, NULL, 0, NULL, method,
                                     Z_DEFAULT_COMPRESSION, large);
    return zip_result(zip, code, err);
}

static int zip_entry_write(struct orl_zip *zip, const void *bytes, size_t length,
                           struct orl_error *err)
{
    return zip_result(zip, zipWriteInFileInZip(zip->handle, bytes, (unsigned)length), err);
}

static int zip_entry_end(struct orl_zip *zip, int ret, struct orl_error *err)
{
    int code = zipCloseFileInZip(zip->handle);
    return ret == ORL_OK ? zip_result(zip, code, err) : ret;
}

int orl_zip_add(struct orl_zip *zip, const char *name, const char *bytes, size_t length,
                struct orl_error *err)
{
    int ret = zip_entry_begin(zip, name, Z_DEFLATED, false, err);
    if (ret != ORL_OK)
        return ret;
    return zip_entry_end(zip, zip_entry_write(zip, bytes, length, err), err);
}

/* Copy an open file, and make sure that it is what the caller knows. */
static int zip_copy(struct orl_zip *zip, int fd, const char *path, const char *sha256,
                    struct orl_error *err)
{
    char buffer[1 << 16], hex[ORL_SHA256_HEX];
    struct orl_sha256 hash;
    ssize_t count;
    int ret = ORL_OK;
    orl_sha256_init(&hash);
    while (ret == ORL_OK && (count = read(fd, buffer, sizeof buffer)) != 0) {
        if (count < 0 && errno != EINTR)
            ret = orl_fail(err, ORL_EIO, "cannot read '%s': %s", path, strerror(errno));
        else if (count > 0) {
            orl_sha256_update(&hash, buffer, (size_t)count);
            ret = zip_entry_write(zip, buffer, (size_t)count, err);
        }
    }
    orl_sha256_final_hex(&hash, hex);
    if (ret == ORL_OK && strcmp(hex, sha256) != 0)
        ret = orl_fail(err, ORL_EIO, "'%s' was changed by another program", path);
    return ret;
}

int orl_zip_add_file(struct orl_zip *zip, const char *name, const struct orl_folder *folder,
                     const char *path, const char *sha256, struct orl_error *err)
{
    struct stat status;
    int fd = openat(folder->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &status) != 0) {
        int ret = orl_fail(err, ORL_EIO, "cannot read '%s': %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return ret;
    }
    int ret = zip_entry_begin(zip, name, 0, status.st_size >= ZIP64_AT, err);
    if (ret == ORL_OK)
        ret = zip_entry_end(zip, zip_copy(zip, fd, path, sha256, err), err);
    close(fd);
    return ret;
}

int orl_zip_finish(struct orl_zip **zip, struct orl_error *err)
{
    (*zip)->err = err;
    int ret = zip_result(*zip, zipClose((*zip)->handle, NULL), err);
    free(*zip);
    *zip = NULL;
    return ret;
}

void orl_zip_abort(struct orl_zip **zip)
{
    if (!*zip)
        return;
    (*zip)->err = NULL;
    (*zip)->ret = ORL_EIO; /* nothing more is written */
    (void)zipClose((*zip)->handle, NULL);
    free(*zip);
    *zip = NULL;
}
