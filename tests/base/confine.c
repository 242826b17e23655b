/* What a confined process can still do, and what it cannot: each in a copy of this process, since
 * there is no way back. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "orl_test.h"

/* Run in a copy: the first sentence that does not hold comes back, "" where all do. */
static const char *in_copy(const char *(*tries)(const char *folder), const char *folder,
                           int *status)
{
    static char answer[200];
    int ends[2];
    memset(answer, 0, sizeof answer);
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        const char *text = tries(folder);
        _exit(write(ends[1], text, strlen(text)) < 0);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], answer, sizeof answer - 1);
    close(ends[0]);
    assert_true(got >= 0);
    assert_int_equal(waitpid(pid, status, 0), pid);
    return answer;
}

static void *thread_run(void *context)
{
    *(int *)context = 7;
    return NULL;
}

static const char *calls_tried(const char *folder)
{
    char name[] = "true", *arguments[] = {name, NULL};
    int seen = 0;
    pthread_t thread;
    (void)folder;
    if (!orl_confine_calls())
        return "the filter is not taken";
    if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
        return "a local socket is not refused";
    if (socket(AF_INET, SOCK_DGRAM, 0) >= 0 || errno != EPERM)
        return "a socket of the network is not refused";
    if (execv("/bin/true", arguments) == 0 || errno != EPERM)
        return "another program is not refused";
#ifndef ORL_SANITIZED /* whose leak check looks at its own process */
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 || errno != EPERM)
        return "processes can be looked into";
#endif
    if (pthread_create(&thread, NULL, thread_run, &seen) != 0 || pthread_join(thread, NULL) != 0 ||
        seen != 7)
        return "no thread can be made";
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    if (pid < 0 || waitpid(pid, NULL, 0) != pid)
        return "no copy can be made";
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2 ? "" : "no filter is at work";
}

static void calls_are_refused(void **state)
{
    int status;
    (void)state;
    if (!orl_confine_has_calls())
        skip();
    assert_string_equal(in_copy(calls_tried, "", &status), "");
    assert_int_equal(status, 0);
    assert_true(socket(AF_UNIX, SOCK_STREAM, 0) >= 0); /* here nothing has changed */
}

/* ---- Files ---- */

static char *below(const char *folder, const char *name)
{
    static char path[4][200];
    static unsigned next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static bool file_make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    bool good = fd >= 0 && write(fd, "x", 1) == 1;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool file_reads(const char *path)
{
    char c;
    int fd = open(path, O_RDONLY);
    bool good = fd >= 0 && read(fd, &c, 1) == 1;
    if (fd >= 0)
        close(fd);
    return good;
}

static const char *files_tried(const char *folder)
{
    const char *readable[] = {below(folder, "in"), below(folder, "not-there")};
    if (!orl_confine_files(below(folder, "out"), readable, 2))
        return "the rules are not taken";
    if (!file_reads(below(folder, "in/data")) || !file_reads("/etc/passwd"))
        return "what may be read cannot be read";
    if (file_reads(below(folder, "secret")) || errno != EACCES)
        return "what lies outside can be read";
    if (file_make(below(folder, "in/new")) || file_make(below(folder, "new")))
        return "files can be made outside";
    if (unlink(below(folder, "in/data")) == 0 || truncate(below(folder, "in/data"), 0) == 0)
        return "what is outside can be removed or cut";
    if (mkdir(below(folder, "folder"), 0777) == 0 || symlink("a", below(folder, "link")) == 0)
        return "folders and links can be made outside";
    if (!file_make(below(folder, "out/a")) || mkdir(below(folder, "out/sub"), 0777) != 0 ||
        rename(below(folder, "out/a"), below(folder, "out/sub/b")) != 0 ||
        !file_reads(below(folder, "out/sub/b")) || unlink(below(folder, "out/sub/b")) != 0)
        return "the folder that is written cannot be worked in";
    if (rename(below(folder, "out/sub"), below(folder, "moved")) == 0)
        return "something can be moved out";
    return "";
}

static const char *writing_tried(const char *folder)
{
    if (!orl_confine_files(NULL, NULL, 0))
        return "the rules are not taken";
    if (!file_reads(below(folder, "secret")) || file_make(below(folder, "out/a")))
        return "something is not as it should be";
    return "";
}

static void files_are_kept_from_it(void **state)
{
    char folder[] = "/tmp/orl-confine-XXXXXX", command[64];
    int status;
    (void)state;
    if (orl_confine_landlock() == 0)
        skip();
    assert_non_null(mkdtemp(folder));
    assert_int_equal(mkdir(below(folder, "in"), 0777) + mkdir(below(folder, "out"), 0777), 0);
    assert_true(file_make(below(folder, "in/data")) && file_make(below(folder, "secret")));
    char first[200], second[200];
    snprintf(first, sizeof first, "%s", in_copy(files_tried, folder, &status));
    snprintf(second, sizeof second, "%s", in_copy(writing_tried, folder, &status));
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    assert_string_equal(first, "");
    assert_string_equal(second, "");
}

/* ---- Limits ---- */

static const char *memory_tried(const char *folder)
{
    (void)folder;
    orl_confine_memory(UINT64_C(3) << 30);
    void *small = mmap(NULL, 64u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *large = mmap(NULL, (size_t)4 << 30, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return small == MAP_FAILED   ? "64 MB are refused"
           : large != MAP_FAILED ? "4 GB are not refused"
                                 : "";
}

static void memory_has_an_end(void **state)
{
    int status;
    (void)state;
#ifdef ORL_SANITIZED
    skip();
#endif
    assert_string_equal(in_copy(memory_tried, "", &status), "");
}

static const char *time_tried(const char *folder)
{
    volatile unsigned long n = 0;
    (void)folder;
    orl_confine_time(0.5); /* counted from now, in whole seconds */
    for (;;)
        n++;
    return "";
}

static void time_has_an_end(void **state)
{
    int status;
    (void)state;
    assert_string_equal(in_copy(time_tried, "", &status), "");
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGXCPU);
}

static const char *life_told(const char *folder)
{
    struct rlimit core;
    int number = 0;
    (void)folder;
    orl_confine_life();
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return "new privileges can be had";
    if (prctl(PR_GET_PDEATHSIG, &number) != 0 || number != SIGKILL)
        return "it outlives its parent";
    return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 ? "" : "it leaves a core";
}

static void it_ends_with_its_parent_and_leaves_no_core(void **state)
{
    int status;
    (void)state;
    assert_string_equal(in_copy(life_told, "", &status), "");
}

static void it_can_be_left_out(void **state)
{
    (void)state;
    setenv("OPTREEL_SANDBOX", "off", 1);
    assert_false(orl_confine_wanted());
    assert_false(orl_confine_calls());
    assert_false(orl_confine_files(NULL, NULL, 0));
    unsetenv("OPTREEL_SANDBOX");
    assert_true(orl_confine_wanted());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_refused),
        cmocka_unit_test(files_are_kept_from_it),
        cmocka_unit_test(memory_has_an_end),
        cmocka_unit_test(time_has_an_end),
        cmocka_unit_test(it_ends_with_its_parent_and_leaves_no_core),
        cmocka_unit_test(it_can_be_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
