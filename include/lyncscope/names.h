/* names.h: what host names mean in a Lync site */
#ifndef LYNCSCOPE_NAMES_H
#define LYNCSCOPE_NAMES_H

#include <stdbool.h>

enum name_kind {
    NAME_OTHER,
    NAME_DISCOVERY_INTERNAL, /* lyncdiscoverinternal.<d> */
    NAME_DISCOVERY_EXTERNAL, /* lyncdiscover.<d> */
    NAME_SIP_SERVICE,        /* _sipinternaltls._tcp.<d>, _sip._tls.<d> ... (SRV) */
    NAME_SIP_HOST,           /* sipinternal.<d>, sip.<d>, sipexternal.<d> */
    NAME_EXCHANGE,           /* autodiscover.<d>, _autodiscover._tcp.<d>: not ours */
};

/* Names are in lower case, without a trailing dot. `*domain` becomes the part
 * behind the prefix, inside `name`. */
enum name_kind name_classify(const char *name, const char **domain);
bool name_is_discovery(enum name_kind kind);

/* host equals domain, or lies below it */
bool name_is_within(const char *host, const char *domain);
/* The part a registrar sells: the last two labels, three under a second level like co.uk. */
const char *name_registrable(const char *host);
bool name_same_registrable(const char *a, const char *b);
/* Lync Online and its friends, which clients trust for every SIP domain. */
bool name_is_online(const char *host);

#endif
