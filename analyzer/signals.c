/* signals.c: Ctrl-C and its like ask the program to finish its report
 *
 * A flag is all that a handler may touch: the one variable of the program that
 * is neither constant nor on a stack.
 */
#include "signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_wanted;

static void note_stop(int number)
{
    (void)number;
    stop_wanted = 1;
}

void signals_catch(void)
{
    /* Reset after the first: whoever presses Ctrl-C twice means it. */
    struct sigaction action = { .sa_handler = note_stop, .sa_flags = (int)SA_RESETHAND };
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    sigemptyset(&action.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool signals_stop_wanted(void)
{
    return stop_wanted != 0;
}
