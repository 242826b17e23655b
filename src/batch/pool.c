/* The pool of worker processes. */
#include "batch/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/io.h"
#include "batch/child.h"
#include "optreel/batch.h"

extern char **environ;

int orl_pool_open(struct pool *pool, const char *program, size_t count, int signals,
                  struct orl_error *err)
{
    *pool = (struct pool){.program = program, .signals = signals};
    pool->workers = orl_calloc(count, sizeof *pool->workers);
    if (!pool->workers)
        return orl_fail_memory(err);
    pool->count = count;
    return ORL_OK;
}

void orl_pool_close(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        if (pool->workers[i].pid)
            kill(pool->workers[i].pid, SIGKILL);
    for (size_t i = 0; i < pool->count; i++)
        orl_pool_end(pool, i, NULL, 0);
    free(pool->workers);
    *pool = (struct pool){.signals = -1};
}

/* Pipes above descriptor 2, whatever is open, so that dup2 onto 0 and 1 never meets itself. */
static int pipe_make(int ends[2])
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

static int process_spawn(const char *program, int in, int out, pid_t *pid)
{
    char name[] = "optreel", argument[] = ORL_WORKER_ARGUMENT;
    char *arguments[] = {name, argument, NULL}, **environment = worker_environment();
    int failure =
        environment ? orl_child_spawn(program, arguments, environment, in, out, pid) : ENOMEM;
    free(environment);
    return failure;
}

static void pipes_close(int down[2], int up[2])
{
    const int ends[] = {down[0], down[1], up[0], up[1]};
    for (size_t i = 0; i < ORL_COUNT(ends); i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

/* Our ends of the pipes do not wait: a worker that is stopped must not stop us. */
static bool pipe_wait_not(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

int orl_pool_start(struct pool *pool, size_t worker, struct orl_error *err)
{
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    pid_t pid = 0;
    int failure = 0;
    if (pipe_make(down) != 0 || pipe_make(up) != 0 || !pipe_wait_not(down[1]) ||
        !pipe_wait_not(up[0]))
        failure = errno ? errno : EMFILE;
    if (!failure)
        failure = process_spawn(pool->program, down[0], up[1], &pid);
    if (failure) {
        pipes_close(down, up);
        return orl_fail(err, ORL_EENV, "cannot start a worker process from '%s': %s", pool->program,
                        strerror(failure));
    }
    close(down[0]);
    close(up[1]);
    orl_pool_end(pool, worker, NULL, 0);
    pool->workers[worker] = (struct pool_worker){.pid = pid,
                                                 .to = down[1],
                                                 .from = up[0],
                                                 .since_s = orl_clock_s(),
                                                 .film = NO_FILM,
                                                 .output = NO_FILM};
    return ORL_OK;
}

void orl_pool_end(struct pool *pool, size_t worker, char *how, size_t how_size)
{
    struct pool_worker *w = &pool->workers[worker];
    int status = 0;
    if (!w->pid)
        return;
    close(w->to);
    close(w->from);
    kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (how && WIFSIGNALED(status))
        snprintf(how, how_size, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (how)
        snprintf(how, how_size, "exit %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    orl_text_uninit(&w->unsent);
    orl_text_uninit(&w->heard);
    *w = (struct pool_worker){0};
}

/* Give the pipe what it takes now. */
static void queue_flush(struct pool_worker *w)
{
    while (!w->broken && w->sent < w->unsent.length) {
        ssize_t wrote = write(w->to, w->unsent.data + w->sent, w->unsent.length - w->sent);
        if (wrote > 0)
            w->sent += (size_t)wrote;
        else if (wrote < 0 && errno == EAGAIN)
            return;
        else if (wrote == 0 || errno != EINTR)
            w->broken = true;
    }
    orl_text_uninit(&w->unsent);
    w->sent = 0;
}

void orl_pool_send(struct pool *pool, size_t worker, const struct orl_text *line)
{
    struct pool_worker *w = &pool->workers[worker];
    uint32_t length = (uint32_t)line->length;
    if (line->failed || line->length > UINT32_MAX) {
        w->broken = true;
        return;
    }
    orl_text_append(&w->unsent, (const char *)&length, sizeof length);
    orl_text_append(&w->unsent, line->data, line->length);
    w->broken |= w->unsent.failed;
    queue_flush(w);
}

/* Take what the pipe has now; false where it has ended. */
static bool pipe_read(struct pool_worker *w)
{
    char piece[16384];
    ssize_t got;
    do {
        got = read(w->from, piece, sizeof piece);
    } while (got < 0 && errno == EINTR);
    if (got > 0)
        orl_text_append(&w->heard, piece, (size_t)got);
    return !w->heard.failed && (got > 0 || (got < 0 && errno == EAGAIN));
}

/* The first whole message of what was heard. ORL_OK; ORL_FAIL: there is none yet; another code:
 * none that can be read. */
static int message_take(struct pool_worker *w, struct orl_fields *fields)
{
    uint32_t length;
    if (w->heard.length < sizeof length)
        return ORL_FAIL;
    memcpy(&length, w->heard.data, sizeof length);
    if (w->heard.length - sizeof length < length)
        return ORL_FAIL;
    size_t whole = sizeof length + length;
    int ret = orl_fields_split(w->heard.data + sizeof length, length, fields);
    memmove(w->heard.data, w->heard.data + whole, w->heard.length - whole);
    w->heard.length -= whole;
    return ret == ORL_OK ? ORL_OK : ORL_EBUG;
}

/* What a worker has to say, as far as it is known without waiting. */
static enum pool_event worker_hear(struct pool_worker *w, bool readable, struct orl_fields *fields)
{
    if (w->broken)
        return POOL_DEATH;
    bool alive = !readable || pipe_read(w);
    int ret = message_take(w, fields);
    if (ret == ORL_OK)
        return POOL_MESSAGE; /* its last words come before its death */
    return ret == ORL_FAIL && alive ? POOL_NOTHING : POOL_DEATH;
}

enum pool_event orl_pool_wait(struct pool *pool, double timeout_s, size_t *worker,
                              struct orl_fields *fields)
{
    struct pollfd *watched = orl_calloc(2 * pool->count + 1, sizeof *watched);
    enum pool_event event = POOL_NOTHING;
    if (!watched)
        return POOL_NOTHING;
    for (size_t i = 0; event == POOL_NOTHING && i < pool->count; i++) {
        struct pool_worker *w = &pool->workers[i];
        watched[2 * i] = (struct pollfd){w->pid ? w->from : -1, POLLIN, 0};
        watched[2 * i + 1] = (struct pollfd){w->pid && w->unsent.length ? w->to : -1, POLLOUT, 0};
        *worker = i;
        event = w->pid ? worker_hear(w, false, fields) : POOL_NOTHING;
    }
    watched[2 * pool->count] = (struct pollfd){pool->signals, POLLIN, 0};
    if (event == POOL_NOTHING &&
        poll(watched, 2 * (nfds_t)pool->count + 1, (int)(timeout_s * 1000.0)) > 0) {
        if (watched[2 * pool->count].revents)
            event = POOL_SIGNAL;
        for (size_t i = 0; event == POOL_NOTHING && i < pool->count; i++) {
            struct pool_worker *w = &pool->workers[i];
            if (watched[2 * i + 1].revents)
                queue_flush(w);
            *worker = i;
            event = w->pid ? worker_hear(w, watched[2 * i].revents != 0, fields) : POOL_NOTHING;
        }
    }
    free(watched);
    return event;
}
