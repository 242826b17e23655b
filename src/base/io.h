/* Files: reading input with a size limit, and the one way to write a file: complete or absent.
 *
 * A file is written as `<folder>/.optreel/<unique>.part` (O_EXCL, O_NOFOLLOW), synced, and renamed
 * onto its final name; the folder is synced too. Everything goes through the folder's descriptor,
 * so nothing outside the folder is ever touched. */
#ifndef ORL_BASE_IO_H
#define ORL_BASE_IO_H

#include <sys/types.h>

#include "optreel/base.h"

/* Read a regular file of at most `limit` bytes into a new block (owned by the caller, 0-terminated
 * after `*length` bytes). ORL_EINPUT with a sentence where it does not exist, is no regular file,
 * is too large or cannot be read. */
int orl_file_read(const char *path, uint64_t limit, char **bytes, size_t *length,
                  struct orl_error *err);

/* The same of a descriptor, a pipe or whatever it is, up to its end; `shown` names it in messages.
 */
int orl_descriptor_read(int fd, const char *shown, uint64_t limit, char **bytes, size_t *length,
                        struct orl_error *err);

/* An output folder. */
struct orl_folder {
    char *path;       /* owned; as given */
    int fd;           /* the folder */
    int state;        /* its .optreel/, or a share's own folder in there: what is in the making */
    char *state_name; /* owned: its path in the folder: ".optreel" */
    int lock;         /* descriptor of the lock file; -1 where it is not locked by us */
    int shared;       /* the same of the whole folder's, held together with other shares; -1 */
};

/* Open `path`, making it (with parents) and its .optreel/. With `lock`, take the folder for this
 * process: ORL_EBUSY where another process has it. A folder that holds something but no .optreel/
 * is refused (ORL_EIO) unless `adopt`. ORL_EIO where it cannot be made or is no folder. Close with
 * orl_folder_close. */
int orl_folder_open(const char *path, bool lock, bool adopt, struct orl_folder **out,
                    struct orl_error *err);
void orl_folder_close(struct orl_folder **folder);

/* The same for one of several processes that work in the folder together, on one machine or on
 * several with a common file system: what it has in the making lies in `.optreel/<share>/`. With
 * `lock` it excludes those who take the folder alone and another process of the same share. */
int orl_folder_open_share(const char *path, const char *share, bool lock, bool adopt,
                          struct orl_folder **out, struct orl_error *err);

/* Delete the *.part files in .optreel/ that process `pid` left; 0: every process (only while the
 * folder is locked and no worker lives). */
void orl_folder_sweep(struct orl_folder *folder, pid_t pid);

/* A file in the making. */
struct orl_outfile;

/* Start a file that will be called `name` (relative to the folder; "traces/a.csv" makes `traces/`).
 * Name parts `..`, `.` and absolute names are a bug. ORL_EIO where it cannot be made. `folder` must
 * outlive the file. */
int orl_outfile_create(struct orl_folder *folder, const char *name, struct orl_outfile **out,
                       struct orl_error *err);
/* Write all of it, at the file's position. */
int orl_outfile_write(struct orl_outfile *file, const void *bytes, size_t length,
                      struct orl_error *err);
/* Move the position (absolute, in bytes). Seeking past the end is allowed. */
int orl_outfile_seek(struct orl_outfile *file, int64_t position, struct orl_error *err);
/* Read back up to `length` bytes from `position`, whatever the writing position is; returns the
 * count, 0 at the end, or a negative code. */
ssize_t orl_outfile_read(struct orl_outfile *file, int64_t position, void *bytes, size_t length,
                         struct orl_error *err);
int64_t orl_outfile_position(const struct orl_outfile *file);
int64_t orl_outfile_size(const struct orl_outfile *file);
/* Sync, rename onto the final name, sync the folder. In every case the file is closed and *file is
 * NULL; on failure nothing stays. The final path must be absent, a regular file or a symbolic link
 * (the link is replaced, its target left alone). */
int orl_outfile_commit(struct orl_outfile **file, struct orl_error *err);
/* Drop it: nothing stays. *file may be NULL. */
void orl_outfile_abort(struct orl_outfile **file);

/* A folder of files in the making. */
struct orl_outfolder;

/* Start a folder that will be called `name` (no '/') in the output folder. ORL_EIO where it cannot
 * be made. `folder` must outlive it. */
int orl_outfolder_create(struct orl_folder *folder, const char *name, struct orl_outfolder **out,
                         struct orl_error *err);
/* Write a file of it, all at once, and sync it. */
int orl_outfolder_add(struct orl_outfolder *out, const char *name, const void *bytes, size_t length,
                      struct orl_error *err);
/* Sync the folder and give it its name, in exchange for one that is there: whoever looks sees the
 * old one or the new one, whole. Files in the old one that are not numbered (000001.png) are
 * others' and move over. In every case *out is NULL afterwards; on failure the old one stays. */
int orl_outfolder_commit(struct orl_outfolder **out, struct orl_error *err);
/* Drop it: nothing stays. *out may be NULL. */
void orl_outfolder_abort(struct orl_outfolder **out);
/* Remove something unfinished from .optreel/, a file or a folder of files. */
void orl_part_remove(struct orl_folder *folder, const char *part);

/* A whole small file in one call. */
int orl_folder_write(struct orl_folder *folder, const char *name, const void *bytes, size_t length,
                     struct orl_error *err);

/* Free bytes on the folder's file system for this user; UINT64_MAX where the system does not tell.
 * `path` need not exist: the nearest existing parent counts. */
uint64_t orl_disk_free(const char *path);

/* Write text for people: to a pipe whose reader does not read only as much as it takes within
 * `patience_s`. False where some of it was lost. */
bool orl_stream_say(FILE *out, const char *text, size_t length, double patience_s);

/* Seconds of the monotonic clock. */
double orl_clock_s(void);

#endif
