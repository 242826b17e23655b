/* Starting other processes: workers, and sbatch. */
#ifndef ORL_BATCH_CHILD_H
#define ORL_BATCH_CHILD_H

#include <sys/types.h>

/* Start a program, looked for in PATH where its name has no slash, with standard input and output
 * at two descriptors. No signal is blocked in it, and those that we ignore for ourselves (SIGPIPE,
 * SIGXFSZ) have their usual effect. 0, or an errno; then there is no process. */
int orl_child_spawn(const char *program, char *const *arguments, char *const *environment, int in,
                    int out, pid_t *pid);

#endif
