/* status.c: complaints */
#include "lyncscope/status.h"

#include <stdarg.h>
#include <stdio.h>

enum status complain(struct complaint *complaint, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(complaint->line, sizeof complaint->line, format, arguments);
    va_end(arguments);
    return STATUS_REFUSED;
}
