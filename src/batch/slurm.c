/* Slurm: the array job, the job that joins, sbatch. */
#include "batch/slurm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "batch/child.h"

extern char **environ;

/* ---- Scripts --------------------------------------------------------------------------------- */

/* A line for sbatch, where there is a value. */
static void line_put(struct orl_text *text, const char *option, const char *value)
{
    if (value)
        orl_text_printf(text, "#SBATCH --%s=%s\n", option, value);
}

/* Where a job writes what it says. sbatch reads quotes and backslashes as a shell does, and
 * replaces what follows a percent sign. */
static void log_put(struct orl_text *text, const char *output, const char *name)
{
    orl_text_puts(text, "#SBATCH --output=\"");
    for (const char *p = output; *p; p++) {
        if (*p == '"' || *p == '\\')
            orl_text_putc(text, '\\');
        orl_text_putc(text, *p);
        if (*p == '%')
            orl_text_putc(text, '%');
    }
    orl_text_printf(text, "/.optreel/slurm-%s.log\"\n", name);
}

static void head_put(struct orl_text *text, const struct orl_slurm *slurm, const char *name)
{
    orl_text_printf(text, "#!/bin/sh\n#SBATCH --job-name=optreel-%s\n", name);
    line_put(text, "account", slurm->account);
    line_put(text, "partition", slurm->partition);
    line_put(text, "time", slurm->time);
    line_put(text, "mem", slurm->memory);
}

static void folder_put(struct orl_text *text, const struct orl_slurm *slurm)
{
    orl_text_puts(text, "cd -- ");
    orl_text_quote_shell(text, slurm->folder);
    orl_text_puts(text, " || exit 4\n");
}

/* A task is asked to leave by USR1, 90 seconds before its time is over, ends what it has begun,
 * and is put back into the queue. `wait` returns when a signal comes, and is called again. */
static char *array_script(const struct orl_slurm *slurm, const char *name, const char *output)
{
    struct orl_text text = {0};
    head_put(&text, slurm, name);
    orl_text_printf(&text, "#SBATCH --array=0-%zu", slurm->tasks - 1);
    if (slurm->at_once)
        orl_text_printf(&text, "%%%lld", (long long)slurm->at_once);
    orl_text_putc(&text, '\n');
    if (slurm->cores)
        orl_text_printf(&text, "#SBATCH --cpus-per-task=%u\n", slurm->cores);
    orl_text_puts(&text, "#SBATCH --requeue --open-mode=append --signal=B:USR1@90\n");
    log_put(&text, output, "%A_%a");
    folder_put(&text, slurm);
    orl_text_printf(&text, "%s --shard=$((SLURM_ARRAY_TASK_ID + 1))/%zu &\n", slurm->render,
                    slurm->tasks);
    orl_text_puts(&text, "task=$! signalled=\n"
                         "trap 'signalled=1; kill -USR1 $task 2>/dev/null' USR1\n"
                         "trap 'signalled=1; kill -TERM $task 2>/dev/null' TERM\n"
                         "wait $task; code=$?\n"
                         "while [ \"$signalled\" ]; do\n"
                         "    signalled=\n"
                         "    wait $task; again=$?\n"
                         "    [ $again -eq 127 ] || code=$again\n"
                         "done\n"
                         "[ $code -ne 75 ] || "
                         "scontrol requeue ${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\n"
                         "exit $code\n");
    return orl_text_take(&text);
}

/* Its exit code tells of the batch: it begins when all tasks have ended, whatever became of them,
 * and names what is missing. */
static char *join_script(const struct orl_slurm *slurm, const char *name, const char *output)
{
    struct orl_text text = {0};
    head_put(&text, slurm, name);
    orl_text_puts(&text, "#SBATCH --requeue --open-mode=append\n");
    log_put(&text, output, "%j-join");
    folder_put(&text, slurm);
    orl_text_printf(&text, "exec %s\n", slurm->join);
    return orl_text_take(&text);
}

char *orl_slurm_script(const struct orl_slurm *slurm, const char *experiment, const char *output)
{
    static const char end[] = "END_OF_JOB";
    struct orl_text text = {0};
    char *array = array_script(slurm, experiment, output),
         *join = join_script(slurm, experiment, output);
    orl_text_puts(&text, "#!/bin/sh\nmkdir -p -- ");
    if (array && join) {
        char *state = orl_asprintf("%s/.optreel", output);
        text.failed |= !state;
        orl_text_quote_shell(&text, state ? state : "");
        free(state);
        orl_text_printf(&text, "\narray=$(sbatch --parsable <<'%s'\n%s%s\n) || exit 4\n", end,
                        array, end);
        orl_text_printf(&text,
                        "sbatch --parsable --dependency=afterany:${array%%%%;*} <<'%s'\n%s%s\n",
                        end, join, end);
    }
    text.failed |= !array || !join;
    free(array);
    free(join);
    return orl_text_take(&text);
}

/* ---- Submitting ------------------------------------------------------------------------------ */

/* A descriptor from which the text can be read; -1. */
static int text_open(const char *text)
{
    size_t length = strlen(text);
    int fd = memfd_create("job", MFD_CLOEXEC);
    if (fd >= 0 && (write(fd, text, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static int sbatch_spawn(const char *dependency, int in, int out, pid_t *pid)
{
    char name[] = "sbatch", parsable[] = "--parsable", option[64];
    char *arguments[] = {name, parsable, *dependency ? option : NULL, NULL};
    snprintf(option, sizeof option, "--dependency=afterany:%s", dependency);
    return orl_child_spawn(name, arguments, environ, in, out, pid);
}

/* All that comes from a descriptor, at most `size` - 1 bytes of it. */
static void answer_read(int fd, char *answer, size_t size)
{
    size_t length = 0;
    ssize_t got = 1;
    while (length + 1 < size && got != 0) {
        got = read(fd, answer + length, size - 1 - length);
        if (got < 0 && errno != EINTR)
            break;
        length += got > 0 ? (size_t)got : 0;
    }
    answer[length] = '\0';
}

/* Hand a script to sbatch; the job's number comes back. */
static int job_submit(const char *script, const char *dependency, char number[24],
                      struct orl_error *err)
{
    char answer[128] = "";
    int ends[2] = {-1, -1}, status = 0, in = text_open(script);
    pid_t pid = 0;
    int failure = in < 0 || pipe2(ends, O_CLOEXEC) != 0 ? errno : 0;
    if (!failure)
        failure = sbatch_spawn(dependency, in, ends[1], &pid);
    if (in >= 0)
        close(in);
    if (ends[1] >= 0)
        close(ends[1]);
    if (!failure)
        answer_read(ends[0], answer, sizeof answer);
    if (ends[0] >= 0)
        close(ends[0]);
    while (pid && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (failure)
        return orl_fail(err, ORL_EENV, "cannot start sbatch: %s%s", strerror(failure),
                        failure == ENOENT ? " (Debian package slurm-client)" : "");
    size_t digits = strspn(answer, "0123456789");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || digits == 0 || digits > 20)
        return orl_fail(err, ORL_EENV, "sbatch did not take the job");
    memcpy(number, answer, digits);
    number[digits] = '\0';
    return ORL_OK;
}

int orl_slurm_submit(const struct orl_slurm *slurm, const char *experiment, const char *output,
                     char **array, char **join, struct orl_error *err)
{
    char first[24] = "", second[24] = "";
    char *tasks = array_script(slurm, experiment, output),
         *after = join_script(slurm, experiment, output);
    int ret = tasks && after ? job_submit(tasks, "", first, err) : orl_fail_memory(err);
    free(tasks);
    *array = *join = NULL;
    if (ret == ORL_OK) {
        struct orl_error why = {0};
        ret = job_submit(after, first, second, &why);
        if (ret != ORL_OK)
            orl_fail(err, ret,
                     "job %s was submitted, but not the one that joins what it makes: %s; when it "
                     "has ended: %s",
                     first, why.text, slurm->join);
    }
    free(after);
    if (ret == ORL_OK && (!(*array = orl_strdup(first)) || !(*join = orl_strdup(second))))
        ret = orl_fail_memory(err);
    return ret;
}
