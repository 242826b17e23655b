/* Files that were begun and are not whole. */
#ifndef ORL_TEST_PARTS_H
#define ORL_TEST_PARTS_H

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* How many lie in an output folder's .optreel. */
static inline size_t parts_count(const char *path)
{
    size_t n = 0;
    char *state = orl_asprintf("%s/.optreel", path);
    DIR *list = opendir(state);
    for (struct dirent *e; list && (e = readdir(list));)
        n += strstr(e->d_name, ".part") != NULL;
    if (list)
        closedir(list);
    free(state);
    return n;
}

#endif
