/* The files of a path that are logs: a folder is searched, and of files that hold the same run one
 * is taken. */
#ifndef ORL_LOGS_FIND_H
#define ORL_LOGS_FIND_H

#include "logs/format.h"

struct log_source {
    char *path;  /* owned: can be opened, and is how messages name it */
    size_t root; /* bytes of `path` that are the folder that was named; 0: the file itself was */
    const struct orl_log_format *format;
    uint64_t size;
    bool dropped;
};

struct log_sources {
    struct log_source *items; /* owned */
    size_t count, capacity;
    char *unsupported; /* owned: the first file of a kind that is known but not read; NULL */
    const struct orl_log_format *unsupported_format;
    size_t entries; /* of folders, looked at */
};
void orl_log_sources_uninit(struct log_sources *sources);

/* Add what a path holds, in the order of names, and drop what is there twice. ORL_EINPUT with a
 * message where it is no log, or holds none. */
int orl_log_find(const char *path, const struct orl_limits *limits, struct orl_messages *messages,
                 struct log_sources *out, struct orl_error *err);

/* Lengths of parts of a path: its folder, without the slash (0: none). */
size_t orl_log_folder_length(const char *path, size_t length);

#endif
