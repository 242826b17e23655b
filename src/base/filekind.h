/* What a file is that is no table of text, by its first bytes. */
#ifndef ORL_BASE_FILEKIND_H
#define ORL_BASE_FILEKIND_H

#include <stddef.h>

struct orl_filekind {
    const char *bytes; /* that it begins with */
    size_t length;
    const char *what, *hint; /* for a message; the hint may be NULL */
};

/* The kind of a file that begins with these bytes; NULL: it may be a table. */
const struct orl_filekind *orl_filekind_find(const char *bytes, size_t length);

#endif
