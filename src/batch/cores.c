/* How many workers this process may have: processors that it may run on, the quota of its control
 * group, what Slurm has given it. */
#include "batch/cores.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "optreel/batch.h"

/* Half a processor counts as one. 0: no limit. */
static unsigned quota_cores(long long quota, long long period)
{
    if (quota <= 0 || period <= 0)
        return 0;
    long long cores = quota / period + (quota % period != 0);
    return cores > UINT_MAX ? 0 : (unsigned)cores;
}

/* The one or two numbers in the first line of a file; how many there are. */
static int numbers_read(const char *folder, const char *name, long long numbers[2])
{
    char line[64] = "";
    char *path = orl_asprintf("%s/%s", folder, name);
    FILE *f = path ? fopen(path, "re") : NULL;
    if (f && !fgets(line, sizeof line, f))
        line[0] = '\0';
    if (f)
        fclose(f);
    free(path);
    return sscanf(line, "%lld %lld", &numbers[0], &numbers[1]);
}

/* "50000 100000" of version 2 (or "max 100000"), a file for each of version 1. */
static unsigned quota_at(const char *folder)
{
    long long both[2], quota[2], period[2];
    if (numbers_read(folder, "cpu.max", both) == 2)
        return quota_cores(both[0], both[1]);
    if (numbers_read(folder, "cpu.cfs_quota_us", quota) == 1 &&
        numbers_read(folder, "cpu.cfs_period_us", period) == 1)
        return quota_cores(quota[0], period[0]);
    return 0;
}

/* The least quota of a group and of all those that it lies in: `path` is cut from its end. */
static unsigned quota_least(const char *mount, char *path)
{
    unsigned least = 0;
    for (;;) {
        char *folder = orl_asprintf("%s%s", mount, path);
        unsigned here = folder ? quota_at(folder) : 0;
        free(folder);
        if (here && (!least || here < least))
            least = here;
        char *slash = strrchr(path, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

/* Of a line "NUMBER:CONTROLLERS:PATH" the path, where it is the group for processors: of version 2
 * the only one, of version 1 one with the controller cpu, below a folder that is called like the
 * controllers. *folder is owned by the caller. */
static char *group_path(char *line, const char *mount, char **folder)
{
    char *controllers = strchr(line, ':'),
         *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path)
        return NULL;
    *controllers++ = '\0';
    *path++ = '\0';
    if (!*controllers) {
        *folder = orl_strdup(mount);
        return path;
    }
    bool cpu = false;
    for (const char *word = controllers; *word;) {
        size_t length = strcspn(word, ",");
        cpu |= length == 3 && strncmp(word, "cpu", 3) == 0;
        word += length + (word[length] == ',');
    }
    *folder = cpu ? orl_asprintf("%s/%s", mount, controllers) : NULL;
    return cpu ? path : NULL;
}

unsigned orl_cores_of_group(const char *groups, const char *mount)
{
    char line[4096], *folder = NULL;
    unsigned least = 0;
    FILE *f = fopen(groups, "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        char *path = group_path(line, mount, &folder);
        unsigned here = path && folder ? quota_least(folder, path) : 0;
        if (here && (!least || here < least))
            least = here;
        free(folder);
        folder = NULL;
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
