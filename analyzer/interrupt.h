/* interrupt.h: Ctrl-C ends the reading, not the report */
#ifndef LYNCSCOPE_INTERRUPT_H
#define LYNCSCOPE_INTERRUPT_H

#include <stdbool.h>

void interrupt_catch(void); /* from now on, once: the second one ends the program at once */
bool interrupt_came(void);

#endif
