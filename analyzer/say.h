/* say.h: lines on standard error */
#ifndef LYNCSCOPE_SAY_H
#define LYNCSCOPE_SAY_H

/* "lyncscope: ..." and a line feed; what could harm a terminal is escaped. */
void say(const char *line);

#endif
