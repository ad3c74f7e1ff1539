/* interrupt.c: Ctrl-C ends the reading, not the report
 *
 * A signal handler can reach nothing but static objects: the only variables of
 * the program that are not local.  It has to stop the capture itself, for the
 * reading may be waiting for a silent pipe.
 */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

#include "lyncscope/capture.h"

static volatile sig_atomic_t came;
static struct capture *volatile stopped;

static void note(int number)
{
    (void)number;
    came = 1;
    capture_stop(stopped);
}

void interrupt_catch(struct capture *capture)
{
    /* No SA_RESTART: a read that waits for a pipe must come back. */
    struct sigaction action = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND };

    stopped = capture;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void interrupt_release(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

bool interrupt_came(void)
{
    return came != 0;
}
