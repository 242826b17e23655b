/* Reading in a process of its own. It is a copy of this one (fork): whoever asks may be a host of
 * the library or a test, whose file is no optreel, and nothing needs to be loaded for it. The copy
 * has no other threads, limits on memory and processor time, and a pipe to answer through. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "logs/pack.h"

enum { CHUNK = 1 << 16, SECONDS_MOST = 600 };
#define MEMORY_MOST (UINT64_C(4) << 30)
#define ANSWER_MOST (UINT64_C(4) << 30)

/* Nothing is written but the answer, whatever a damaged file makes of the reader. */
static void confine(void)
{
    struct rlimit none = {0, 0};
    orl_confine_life();
    orl_confine_memory(MEMORY_MOST);
    orl_confine_time(SECONDS_MOST);
    (void)setrlimit(RLIMIT_FSIZE, &none);
    (void)orl_confine_calls();
    (void)orl_confine_files(NULL, NULL, 0);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t put = write(fd, bytes, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes += put;
        length -= (size_t)put;
    }
    return true;
}

/* In the copy: read, answer, end. Nothing of the other process is flushed or released. */
static _Noreturn void answer(int fd, const struct orl_log_request *request,
                             const struct orl_limits *limits)
{
    struct log_answer answer = {0};
    struct orl_text bytes = {0};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    confine();
    answer.code = orl_log_read_here(request, limits, &answer.messages, &answer.set, &answer.err);
    orl_log_pack(&answer, &bytes);
    _exit(!bytes.failed && write_all(fd, bytes.data, bytes.length) ? 0 : 1);
}

static int receive(int fd, struct orl_text *bytes, struct orl_error *err)
{
    char chunk[CHUNK];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return orl_fail(err, ORL_EENV, "reading logs: %s", strerror(errno));
        orl_text_append(bytes, chunk, (size_t)got);
        if (bytes->length > ANSWER_MOST)
            return orl_fail(err, ORL_EENV, "the logs hold too much");
    }
    return bytes->failed ? orl_fail_memory(err) : ORL_OK;
}

static int reader_died(int status, struct orl_error *err)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return orl_fail(err, ORL_EENV, "reading the logs took more than %d seconds", SECONDS_MOST);
    if (WIFSIGNALED(status))
        return orl_fail(err, ORL_EENV, "the process that reads logs was ended by signal %d (%s)",
                        WTERMSIG(status), strsignal(WTERMSIG(status)));
    return orl_fail(err, ORL_EENV, "the process that reads logs ended with %d",
                    WEXITSTATUS(status));
}

static void take_over(struct log_answer *answer, struct orl_messages *messages,
                      struct orl_log_set **out, struct orl_error *err)
{
    for (size_t i = 0; i < answer->messages.count; i++) {
        const struct orl_message *m = &answer->messages.items[i];
        struct orl_place place = {.file = m->file, .line = m->line};
        (void)orl_messages_add(messages, m->severity, m->file ? &place : NULL, m->hint, "%s",
                               m->text);
    }
    if (answer->err.text[0])
        orl_fail(err, answer->err.code, "%s", answer->err.text);
    *out = answer->set;
    orl_messages_uninit(&answer->messages);
}

int orl_log_read(const struct orl_log_request *request, const struct orl_limits *limits,
                 struct orl_messages *messages, struct orl_log_set **out, struct orl_error *err)
{
    struct orl_text bytes = {0};
    struct log_answer told;
    int ends[2], status = 0;
    *out = NULL;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return orl_fail(err, ORL_EENV, "reading logs: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        answer(ends[1], request, limits);
    }
    close(ends[1]);
    int ret = pid > 0 ? receive(ends[0], &bytes, err)
                      : orl_fail(err, ORL_EENV, "reading logs: %s", strerror(errno));
    close(ends[0]);
    if (pid > 0 && ret != ORL_OK)
        kill(pid, SIGKILL);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (ret == ORL_OK && status != 0)
        ret = reader_died(status, err);
    if (ret == ORL_OK)
        ret = orl_log_unpack(bytes.data, bytes.length, &told, err);
    if (ret == ORL_OK) {
        ret = told.code;
        take_over(&told, messages, out, err);
    }
    orl_text_uninit(&bytes);
    return ret;
}
