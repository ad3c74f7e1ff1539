/* signals.h: Ctrl-C and its like ask the program to finish its report */
#ifndef LYNCSCOPE_SIGNALS_H
#define LYNCSCOPE_SIGNALS_H

#include <stdbool.h>

void signals_catch(void);       /* SIGINT, SIGTERM, SIGHUP; SIGPIPE is ignored */
bool signals_stop_wanted(void); /* the first one finishes, a second one ends the program at once */

#endif
