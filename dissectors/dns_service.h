/* dns_service.h: the content of SVCB and HTTPS records as text */
#ifndef LYNCSCOPE_DISSECTORS_DNS_SERVICE_H
#define LYNCSCOPE_DISSECTORS_DNS_SERVICE_H

#include "lyncscope/text.h"

/* "1 . alpn=h2,h3 ipv4hint=192.0.2.1"; false: malformed. */
bool dns_print_service(struct text *out, struct slice data);

#endif
