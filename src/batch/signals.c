/* Signals, read from a descriptor. */
#include "batch/signals.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/array.h"

int orl_signals_take(struct signals *signals, struct orl_error *err)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    *signals = (struct signals){.fd = -1};
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&signals->taken);
    for (size_t i = 0; i < ORL_COUNT(numbers); i++) {
        struct sigaction now;
        if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(&signals->taken, numbers[i]);
    }
    sigprocmask(SIG_BLOCK, &signals->taken, &signals->before);
    signals->fd = signalfd(-1, &signals->taken, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals->fd >= 0)
        return ORL_OK;
    int ret = orl_fail(err, ORL_EENV, "cannot watch for signals: %s", strerror(errno));
    sigprocmask(SIG_SETMASK, &signals->before, NULL);
    return ret;
}

int orl_signals_next(const struct signals *signals)
{
    struct signalfd_siginfo info;
    if (read(signals->fd, &info, sizeof info) != (ssize_t)sizeof info)
        return 0;
    return (int)info.ssi_signo;
}

void orl_signals_restore(struct signals *signals)
{
    if (signals->fd < 0)
        return;
    close(signals->fd);
    signals->fd = -1;
    sigprocmask(SIG_SETMASK, &signals->before, NULL);
}
