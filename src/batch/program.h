/* The program that workers are. */
#ifndef ORL_BATCH_PROGRAM_H
#define ORL_BATCH_PROGRAM_H

#include "optreel/base.h"

/* The `optreel` beside liboptreel (a build folder) or where `cmake --install` puts it, seen from
 * the library. Owned by the caller. ORL_EENV where it is not there, with the places that were
 * tried; ORL_ENOMEM. */
int orl_program_find(char **path, struct orl_error *err);

/* ORL_EUSAGE in a process that was itself started as a worker and renders all the same: a host
 * that starts itself would do so again and again. */
int orl_program_guard(struct orl_error *err);

#endif
