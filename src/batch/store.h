/* What a batch keeps: the output folder, its manifest, and the segments in the making. The schedule
 * speaks to this and never to the file system. */
#ifndef ORL_BATCH_STORE_H
#define ORL_BATCH_STORE_H

#include "batch/manifest.h"
#include "batch/unit.h"

struct store {
    struct orl_folder *folder;     /* owned */
    struct orl_manifest *manifest; /* owned */
};

/* How a folder is taken. */
struct store_options {
    const char *path;
    const char *share; /* work in this share of the folder; NULL: take it alone */
    bool adopt;        /* accept a folder that something else made */
    bool wait;         /* wait for a folder that is in use, in place of ORL_EBUSY */
};

/* Take the folder for this process, clear away what an earlier one left half done, and read its
 * manifest, with what shares know. ORL_EIO, ORL_EBUSY, ORL_ENOMEM. */
int orl_store_open(struct store *store, const struct store_options *options,
                   enum orl_manifest_state *state, struct orl_error *err);
/* Clear away what is half done and give the folder up. */
void orl_store_close(struct store *store);

/* Segments of an output, named by its key and level. */
bool orl_store_has_segment(const struct store *store, const char *key, size_t level,
                           size_t segment);
void orl_store_drop_segments(struct store *store, const char *key, size_t level, size_t count);
/* Remove the folders of shares: what they made is put together. */
void orl_store_drop_shares(struct store *store);
/* Remove all segments but those whose file name is among `count` sorted names. */
void orl_store_keep_segments(struct store *store, char *const *names, size_t count);

#endif
