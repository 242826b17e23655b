/* The manifest: what an output folder holds, by content key. A journal of one line per finished run
 * or file, each with its CRC-32; a damaged tail is dropped, so at worst work is done again, never
 * skipped wrongly. */
#ifndef ORL_BATCH_MANIFEST_H
#define ORL_BATCH_MANIFEST_H

#include "base/io.h"
#include "batch/facts.h"

/* The file of a frame (counted from 0) in an output that is a folder of files; such outputs stand
 * in the manifest by the folder. Owned by the caller; NULL when memory is short. */
char *orl_batch_frame_name(const char *folder, size_t frame);

struct orl_manifest;

/* How a manifest was found. */
enum orl_manifest_state {
    ORL_MANIFEST_WHOLE,   /* or none was there */
    ORL_MANIFEST_DAMAGED, /* a part of it, or all, could not be read: as if it were not there */
    ORL_MANIFEST_FOREIGN, /* another version of optreel wrote it: the same */
};

/* Read the folder's manifest (of a share: its own). */
int orl_manifest_open(struct orl_folder *folder, struct orl_manifest **out,
                      enum orl_manifest_state *state, struct orl_error *err);
/* Take over what the manifest at a path in the folder knows, as far as it is true of the files that
 * are there. It is not written down: the next time it is asked again. */
int orl_manifest_merge(struct orl_manifest *manifest, const char *name, struct orl_error *err);
/* The index-th entry: "run" or "file", and its path; both borrowed. False past the end. */
bool orl_manifest_entry(const struct orl_manifest *manifest, size_t index, const char **kind,
                        const char **path);
/* Call `take` for each trace and file that the manifest of an output folder knows, with the seconds
 * of a core that it took. The folder is not locked; none is there, or no manifest: nothing is
 * called. ORL_ENOMEM. */
int orl_manifest_times(const char *folder,
                       void (*take)(void *context, const char *path, double seconds), void *context,
                       struct orl_error *err);
/* Drop an entry; the last one takes its place. It is written down by orl_manifest_write. */
void orl_manifest_forget(struct orl_manifest *manifest, size_t index);
/* Write all of it down anew. */
int orl_manifest_write(struct orl_manifest *manifest, struct orl_error *err);
void orl_manifest_close(struct orl_manifest **manifest);
bool orl_manifest_is_empty(const struct orl_manifest *manifest);

/* Remember a run or a file for good: the line is on the disk when this returns. A later entry of
 * the same path replaces an earlier one. */
int orl_manifest_add_run(struct orl_manifest *manifest, const char *trace_path, const char *key,
                         const struct orl_run_facts *facts, struct orl_error *err);
int orl_manifest_add_file(struct orl_manifest *manifest, const char *path, const char *key,
                          const struct orl_file_facts *facts, struct orl_error *err);

/* True where `path` stands in the manifest with this key and the file on the disk (a folder: its
 * files, one after the other) still has the size and SHA-256 it had. `log_path` is checked along
 * with a run's trace. *facts is filled (owned by the caller) where true. */
bool orl_manifest_has_run(const struct orl_manifest *manifest, const char *trace_path,
                          const char *log_path, const char *key, struct orl_run_facts *facts);
bool orl_manifest_has_file(const struct orl_manifest *manifest, const char *path, const char *key,
                           struct orl_file_facts *facts);

#endif
