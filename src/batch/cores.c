/* How many workers this process may have: processors that it may run on, the quota of its control
 * group, what Slurm has given it. */
#include "batch/cores.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "optreel/batch.h"

/* "50000 100000" of cpu.max: half a processor counts as one. 0: no limit. */
static unsigned quota_parse(const char *text)
{
    long long quota, period;
    if (sscanf(text, "%lld %lld", &quota, &period) != 2 || quota <= 0 || period <= 0)
        return 0;
    long long cores = (quota + period - 1) / period;
    return cores > UINT_MAX ? 0 : (unsigned)cores;
}

static unsigned quota_at(const char *folder, const char *name)
{
    char line[64] = "";
    char *path = orl_asprintf("%s/%s", folder, name);
    FILE *f = path ? fopen(path, "re") : NULL;
    if (f && !fgets(line, sizeof line, f))
        line[0] = '\0';
    if (f)
        fclose(f);
    free(path);
    return *line ? quota_parse(line) : 0;
}

/* The least quota of a group and of all those that it lies in: `path` is cut from its end. */
static unsigned quota_least(const char *mount, char *path)
{
    unsigned least = 0;
    for (;;) {
        char *folder = orl_asprintf("%s%s", mount, path);
        unsigned here = folder ? quota_at(folder, "cpu.max") : 0;
        free(folder);
        if (here && (!least || here < least))
            least = here;
        char *slash = strrchr(path, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

unsigned orl_cores_of_group(const char *groups, const char *mount)
{
    char line[4096];
    unsigned least = 0;
    FILE *f = fopen(groups, "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "0::", 3) == 0) /* version 2: one group for all */
            least = quota_least(mount, line + 3);
    }
    if (f)
        fclose(f);
    return least;
}

unsigned orl_batch_cores(void)
{
    cpu_set_t set;
    const char *slurm = getenv("SLURM_CPUS_PER_TASK");
    int64_t given;
    unsigned cores = 1, quota = orl_cores_of_group("/proc/self/cgroup", "/sys/fs/cgroup");
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        cores = (unsigned)CPU_COUNT(&set);
    if (quota && quota < cores)
        cores = quota;
    if (slurm && orl_int64_parse(slurm, strlen(slurm), &given) && given > 0 && given < cores)
        cores = (unsigned)given;
    return cores;
}
