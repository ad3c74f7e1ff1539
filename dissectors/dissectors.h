/* dissectors.h: the dissectors as registry.c lists them */
#ifndef LYNCSCOPE_DISSECTORS_H
#define LYNCSCOPE_DISSECTORS_H

#include "lyncscope/dissector.h"

extern const struct dissector dns_dissector;
extern const struct dissector http1_dissector;
extern const struct dissector http2_dissector;
extern const struct dissector tls_dissector;

#endif
