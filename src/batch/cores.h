/* Limits on how many processors are used. */
#ifndef ORL_BATCH_CORES_H
#define ORL_BATCH_CORES_H

/* Processors that a control group (version 1 or 2) grants, rounded up; 0: it sets no limit.
 * `groups` is a file like /proc/self/cgroup, `mount` where the groups lie. Groups above count, too.
 */
unsigned orl_cores_of_group(const char *groups, const char *mount);

#endif
