/* interrupt.c: Ctrl-C ends the reading, not the report
 *
 * A signal handler can reach nothing but a static object: the one variable of
 * the program that is not local.  The reading loop looks at it.
 */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void note(int number)
{
    (void)number;
    came = 1;
}

void interrupt_catch(void)
{
    /* No SA_RESTART: a read that waits for a pipe must come back. */
    struct sigaction action = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND };

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interrupt_came(void)
{
    return came != 0;
}
