/* A folder for work whose result is one file: beside that file, hidden, and gone afterwards. */
#ifndef ORL_BATCH_SCRATCH_H
#define ORL_BATCH_SCRATCH_H

#include "optreel/base.h"

struct scratch {
    char *target; /* owned: the folder of the file */
    char *path;   /* owned: the folder for work */
    bool there;   /* it was made */
};

/* Make the folder for `output`, on the same file system; what killed processes left of such folders
 * is removed. For standard output, a pipe or a device it is a folder for temporary files. ORL_EIO,
 * ORL_ENOMEM. Release with orl_scratch_remove. */
int orl_scratch_make(struct scratch *scratch, const char *output, struct orl_error *err);
/* The file `name` of the folder becomes `output`: renamed, complete or absent, or, where `output`
 * is standard output, a pipe or a device, copied there. ORL_EIO. */
int orl_scratch_deliver(struct scratch *scratch, const char *name, const char *output,
                        struct orl_error *err);
/* Remove the folder with all that is in it. */
void orl_scratch_remove(struct scratch *scratch);

#endif
