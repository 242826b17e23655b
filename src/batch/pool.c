#include "batch/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "optreel/batch.h"

extern char **environ;

static void batch_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

int orl_pool_open(struct pool *pool, const char *program, size_t count, struct orl_error *err)
{
    sigset_t set;
    *pool = (struct pool){.program = program, .signals = -1};
    pool->workers = orl_calloc(count, sizeof *pool->workers);
    if (!pool->workers)
        return orl_fail_memory(err);
    pool->count = count;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    batch_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pool->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (pool->signals < 0)
        return orl_fail(err, ORL_EENV, "cannot watch for signals: %s", strerror(errno));
    return ORL_OK;
}

void orl_pool_close(struct pool *pool)
{
    sigset_t set;
    for (size_t i = 0; i < pool->count; i++)
        if (pool->workers[i].pid)
            kill(pool->workers[i].pid, SIGKILL);
    for (size_t i = 0; i < pool->count; i++)
        if (pool->workers[i].pid)
            orl_pool_end(pool, i, true, NULL, 0);
    if (pool->signals >= 0)
        close(pool->signals);
    batch_signals(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    free(pool->workers);
    *pool = (struct pool){.signals = -1};
}

/* Pipes above descriptor 2, whatever is open, so that dup2 onto 0 and 1 never meets itself. */
static int make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        if (ends[i] > 2)
            continue;
        int high = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
        close(ends[i]);
        ends[i] = high;
    }
    return ends[0] < 0 || ends[1] < 0 ? -1 : 0;
}

/* The environment of a worker: one thread for libraries that use OpenMP, whose sums would depend on
 * the number of threads. */
static char **worker_environment(void)
{
    static char one_thread[] = "OMP_NUM_THREADS=1";
    size_t count = 0, fill = 0;
    while (environ[count])
        count++;
    char **copy = orl_calloc(count + 2, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++)
        if (strncmp(environ[i], "OMP_", 4) != 0)
            copy[fill++] = environ[i];
    if (copy)
        copy[fill] = one_thread;
    return copy;
}

static int spawn(const char *program, int in, int out, pid_t *pid)
{
    char **environment = worker_environment();
    if (!environment)
        return ENOMEM;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    char name[] = "optreel", argument[] = ORL_WORKER_ARGUMENT;
    char *arguments[] = {name, argument, NULL};
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int failure = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
    free(environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

int orl_pool_start(struct pool *pool, size_t worker, struct orl_error *err)
{
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    pid_t pid = 0;
    int failure = 0;
    if (make_pipe(down) != 0 || make_pipe(up) != 0)
        failure = errno ? errno : EMFILE;
    if (!failure)
        failure = spawn(pool->program, down[0], up[1], &pid);
    if (down[0] >= 0)
        close(down[0]);
    if (up[1] >= 0)
        close(up[1]);
    if (failure) {
        if (down[1] >= 0)
            close(down[1]);
        if (up[0] >= 0)
            close(up[0]);
        return orl_fail(err, ORL_EENV, "cannot start a worker process: %s", strerror(failure));
    }
    pool->workers[worker] = (struct pool_worker){
        .pid = pid, .to = down[1], .from = up[0], .film = NO_FILM, .output = NO_FILM};
    return ORL_OK;
}

void orl_pool_end(struct pool *pool, size_t worker, bool kill_it, char *how, size_t how_size)
{
    struct pool_worker *w = &pool->workers[worker];
    int status = 0;
    if (!w->pid)
        return;
    close(w->to);
    close(w->from);
    if (kill_it)
        kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (how && WIFSIGNALED(status))
        snprintf(how, how_size, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (how)
        snprintf(how, how_size, "exit %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    *w = (struct pool_worker){0};
}

static enum pool_event take_signal(struct pool *pool)
{
    struct signalfd_siginfo info;
    if (read(pool->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return POOL_NOTHING;
    pool->signal_number = (int)info.ssi_signo;
    return POOL_SIGNAL;
}

enum pool_event orl_pool_wait(struct pool *pool, double timeout_s, size_t *worker,
                              struct orl_fields *fields)
{
    struct pollfd *watched = orl_calloc(pool->count + 1, sizeof *watched);
    enum pool_event event = POOL_NOTHING;
    if (!watched)
        return POOL_NOTHING;
    for (size_t i = 0; i < pool->count; i++)
        watched[i] = (struct pollfd){pool->workers[i].pid ? pool->workers[i].from : -1, POLLIN, 0};
    watched[pool->count] = (struct pollfd){pool->signals, POLLIN, 0};
    if (poll(watched, (nfds_t)pool->count + 1, (int)(timeout_s * 1000.0)) > 0) {
        if (watched[pool->count].revents)
            event = take_signal(pool);
        for (size_t i = 0; event == POOL_NOTHING && i < pool->count; i++) {
            if (!watched[i].revents)
                continue;
            *worker = i;
            event = orl_fields_receive(pool->workers[i].from, fields) == ORL_OK ? POOL_MESSAGE
                                                                                : POOL_DEATH;
        }
    }
    free(watched);
    return event;
}
