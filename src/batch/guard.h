/* What a process that reads the files of others and draws may touch. */
#ifndef ORL_BATCH_GUARD_H
#define ORL_BATCH_GUARD_H

#include "optreel/draw.h"
#include "optreel/experiment.h"

/* From here on this process, for the rest of its life, reads the experiment's folder and input
 * files, the fonts (`font` may be NULL) and what the system brings, and writes in the folder
 * `writable` alone (NULL: nowhere), where the kernel can hold that. ORL_ENOMEM. */
int orl_guard_files(const struct orl_experiment *experiment, const struct orl_font *font,
                    const char *writable, struct orl_error *err);

#endif
