/* Workers are as many as the control group grants, rounded up. */
#include "batch/cores.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "optreel/batch.h"
#include "orl_test.h"

static void put(const char *folder, const char *name, const char *text)
{
    char *path = orl_asprintf("%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    free(path);
}

static void groups_limit(void **state)
{
    char folder[] = "/tmp/orl-cores-XXXXXX";
    assert_non_null(mkdtemp(folder));
    (void)state;
    char *groups = orl_asprintf("%s/cgroup", folder), *outer = orl_asprintf("%s/job", folder),
         *inner = orl_asprintf("%s/job/step", folder);
    mkdir(outer, 0777);
    mkdir(inner, 0777);
    put(folder, "cgroup", "1:name=systemd:/old\n0::/job/step\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 0); /* nothing says anything */
    put(inner, "cpu.max", "max 100000\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 0);
    put(inner, "cpu.max", "50000 100000\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 1); /* half a processor */
    put(inner, "cpu.max", "250000 100000\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 3);
    put(outer, "cpu.max", "200000 100000\n"); /* the group around it grants less */
    assert_int_equal(orl_cores_of_group(groups, folder), 2);
    put(inner, "cpu.max", "nonsense");
    assert_int_equal(orl_cores_of_group(groups, folder), 2);
    assert_int_equal(orl_cores_of_group("/nowhere/at/all", folder), 0);
    /* Version 1: the group of the controller cpu, in a folder that is called like its line. */
    char *first = orl_asprintf("%s/cpu,cpuacct", folder), *task = orl_asprintf("%s/task", first);
    mkdir(first, 0777);
    mkdir(task, 0777);
    put(folder, "cgroup", "3:cpuset:/\n2:cpu,cpuacct:/task\n0::/\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 0);
    put(task, "cpu.cfs_quota_us", "-1\n");
    put(task, "cpu.cfs_period_us", "100000\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 0);
    put(task, "cpu.cfs_quota_us", "50000\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 1);
    put(task, "cpu.cfs_quota_us", "300001\n");
    assert_int_equal(orl_cores_of_group(groups, folder), 4);
    free(first);
    free(task);
    char *command = orl_asprintf("rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
    free(command);
    free(groups);
    free(outer);
    free(inner);
}

static void slurm_limits(void **state)
{
    (void)state;
    unsetenv("SLURM_CPUS_PER_TASK");
    unsigned cores = orl_batch_cores();
    assert_true(cores >= 1);
    setenv("SLURM_CPUS_PER_TASK", "1", 1);
    assert_int_equal(orl_batch_cores(), 1);
    setenv("SLURM_CPUS_PER_TASK", "100000", 1); /* no more than there are */
    assert_int_equal(orl_batch_cores(), cores);
    setenv("SLURM_CPUS_PER_TASK", "0", 1);
    assert_int_equal(orl_batch_cores(), cores);
    unsetenv("SLURM_CPUS_PER_TASK");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_limit),
        cmocka_unit_test(slurm_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
