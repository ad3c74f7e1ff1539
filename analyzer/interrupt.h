/* interrupt.h: Ctrl-C ends the reading, not the report */
#ifndef LYNCSCOPE_INTERRUPT_H
#define LYNCSCOPE_INTERRUPT_H

#include <stdbool.h>

struct capture;

/* From now on, once: the second one ends the program at once. */
void interrupt_catch(struct capture *capture);
void interrupt_release(void); /* before the capture goes */
bool interrupt_came(void);

#endif
