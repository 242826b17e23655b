/* The media module: libav, Cairo, Pango and all that draws and encodes with them. The program goes
 * without; its workers, and the commands that draw in the program's own process, load it. */
#ifndef ORL_BATCH_MEDIA_H
#define ORL_BATCH_MEDIA_H

#include "base/build.h"
#include "optreel/base.h"

/* The module's file of a program: beside it, as in a build folder, or where `cmake --install` puts
 * it, seen from the program. Owned by the caller. ORL_EENV where there is none, with the places
 * that were tried; ORL_ENOMEM. */
int orl_media_find(const char *program, char **path, struct orl_error *err);

/* Load the module of this program and let it do the command line; *code is the exit code. ORL_EENV
 * where it is missing, cannot be loaded, or belongs to another build. */
int orl_media_run(int argc, char **argv, int *code, struct orl_error *err);

/* What the module exports; nothing else of it is visible. */
__attribute__((visibility("default"))) const char *orl_media_build(void);
__attribute__((visibility("default"))) int orl_media_main(int argc, char **argv);

#endif
