/* registry.c: the dissectors, in the order in which first bytes are shown to them */
#include "dissectors/dissectors.h"

const struct dissector *const dissectors[] = {
    &dns_dissector, &http2_dissector, &http1_dissector, &tls_dissector, NULL,
};
