/* A zip archive in the making: parts of text, which are compressed, and files of the output folder,
 * which are copied as they are. No clock: every entry is dated 1980-01-01, so that the same parts
 * give the same bytes. */
#ifndef ORL_REPORT_ZIP_H
#define ORL_REPORT_ZIP_H

#include "base/io.h"

struct orl_zip;

/* Begin an archive in `file` (borrowed until the end). ORL_ENOMEM, ORL_EIO. */
int orl_zip_create(struct orl_outfile *file, struct orl_zip **out, struct orl_error *err);
/* Add `length` bytes as the entry `name` (ASCII). */
int orl_zip_add(struct orl_zip *zip, const char *name, const char *bytes, size_t length,
                struct orl_error *err);
/* Add the file `path` of a folder as the entry `name`. ORL_EIO where it cannot be read or is not
 * what it was: `sha256` are its 64 hex digits. */
int orl_zip_add_file(struct orl_zip *zip, const char *name, const struct orl_folder *folder,
                     const char *path, const char *sha256, struct orl_error *err);
/* Write the directory of entries. *zip is NULL afterwards, whatever is returned; the caller commits
 * the file. */
int orl_zip_finish(struct orl_zip **zip, struct orl_error *err);
/* Drop it; the caller aborts the file. *zip may be NULL. */
void orl_zip_abort(struct orl_zip **zip);

#endif
