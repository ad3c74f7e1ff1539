/* signals.c: signals as something to read
 *
 * While the screen is open they are blocked and come through a descriptor, at
 * a point of the loop where the terminal is in a known state.
 */
#include "ui/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

static const int taken[SIGNALS_MAX] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH
};

bool signals_open(struct signals *signals)
{
    sigset_t set;

    sigemptyset(&set);
    for (int i = 0; i < SIGNALS_MAX; i++) {
        sigaddset(&set, taken[i]);
        sigaction(taken[i], NULL, &signals->before[i]);
    }
    signals->descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals->descriptor < 0)
        return false;
    sigprocmask(SIG_BLOCK, &set, &signals->mask_before);
    return true;
}

int signals_next(struct signals *signals)
{
    struct signalfd_siginfo info;

    if (read(signals->descriptor, &info, sizeof info) != (ssize_t)sizeof info)
        return 0;
    return (int)info.ssi_signo;
}

void signals_stop_here(void)
{
    struct sigaction plain = { .sa_handler = SIG_DFL }, before;
    sigset_t set, mask;

    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    sigaction(SIGTSTP, &plain, &before);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &set, &mask); /* here it stops */
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

void signals_close(struct signals *signals)
{
    for (int i = 0; i < SIGNALS_MAX; i++)
        sigaction(taken[i], &signals->before[i], NULL);
    sigprocmask(SIG_SETMASK, &signals->mask_before, NULL);
    close(signals->descriptor);
}
