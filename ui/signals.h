/* signals.h: signals as something to read, so that no handler and no global is needed */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

enum { SIGNALS_MAX = 7 };

struct signals {
    int descriptor; /* readable when one has come */
    sigset_t mask_before;
    struct sigaction before[SIGNALS_MAX];
};

bool signals_open(struct signals *signals); /* false: the system gives no descriptor */
int signals_next(struct signals *signals);  /* 0: none has come */
/* Stops the program as Ctrl-Z should, and returns when it goes on. */
void signals_stop_here(void);
/* Everything as it was before. */
void signals_close(struct signals *signals);

#endif
