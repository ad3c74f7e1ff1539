/* address.h: hosts and ports */
#ifndef LYNCSCOPE_ADDRESS_H
#define LYNCSCOPE_ADDRESS_H

#include "lyncscope/slice.h"

/* Compared with memcmp: unused bytes are zero. An IPv4-mapped IPv6 address stays IPv6. */
struct address {
    uint8_t family; /* 4, 6, or 0 when unknown */
    /* Network order; IPv4 uses the first four, IPv6 sixteen.  The last one is zero and stands where
     * padding would be: endpoints are compared and hashed as bytes. */
    uint8_t bytes[17];
};

struct endpoint {
    struct address address;

    uint16_t port; /* 0 when unknown */
};

struct network {
    struct address address;
    unsigned prefix; /* bits */
};

#define ADDRESS_TEXT_SIZE 48

struct address address_v4(const uint8_t bytes[4]);
struct address address_v6(const uint8_t bytes[16]);
bool address_parse(struct slice text, struct address *address);
bool network_parse(struct slice text, struct network *network); /* a bare address is a host */
void address_format(const struct address *address, char out[ADDRESS_TEXT_SIZE]); /* RFC 5952 */
bool address_equals(const struct address *a, const struct address *b);
bool endpoint_equals(const struct endpoint *a, const struct endpoint *b);
bool network_contains(const struct network *network, const struct address *address);
/* RFC 1918, RFC 4193 (ULA), RFC 3927 and fe80::/10 (link-local), loopback. */
bool address_is_private(const struct address *address);

#endif
