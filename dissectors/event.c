/* event.c: small questions about events that every layer above asks */
#include "lyncscope/event.h"

/* RFC 1035 4.1.1, RFC 2136 2.2, RFC 8490, RFC 6891 and RFC 8945. */
static const char *const rcode_names[] = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",  "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
    "NXRRSET", "NOTAUTH", "NOTZONE",  "DSOTYPENI", "RCODE12", "RCODE13", "RCODE14",  "RCODE15",
    "BADVERS", "BADKEY",  "BADTIME",  "BADMODE",   "BADNAME", "BADALG",  "BADTRUNC", "BADCOOKIE",
};

const char *dns_rcode_name(unsigned rcode)
{
    return rcode < sizeof rcode_names / sizeof *rcode_names ? rcode_names[rcode] : "RCODE";
}

struct slice header_value(const struct header *headers, size_t count, const char *name)
{
    struct slice wanted = slice_of_text(name);

    for (size_t i = 0; i < count; i++)
        if (slice_equals_nocase(headers[i].name, wanted))
            return headers[i].value;
    return SLICE_EMPTY;
}
