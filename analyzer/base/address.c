/* address.c: hosts, ports and networks */
#include "lyncscope/address.h"

#include <arpa/inet.h>
#include <string.h>

struct address address_v4(const uint8_t bytes[4])
{
    struct address address = { .family = 4 };

    memcpy(address.bytes, bytes, 4);
    return address;
}

struct address address_v6(const uint8_t bytes[16])
{
    struct address address = { .family = 6 };

    memcpy(address.bytes, bytes, 16);
    return address;
}

bool address_parse(struct slice text, struct address *address)
{
    char copy[ADDRESS_TEXT_SIZE];
    uint8_t bytes[16];

    if (text.length == 0 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = 0;
    if (inet_pton(AF_INET, copy, bytes) == 1)
        *address = address_v4(bytes);
    else if (inet_pton(AF_INET6, copy, bytes) == 1)
        *address = address_v6(bytes);
    else
        return false;
    return true;
}

bool network_parse(struct slice text, struct network *network)
{
    size_t slash = slice_find_byte(text, '/');
    uint64_t prefix;

    if (!address_parse(slice_part(text, 0, slash), &network->address))
        return false;
    prefix = network->address.family == 4 ? 32 : 128;
    if (slash < text.length) {
        uint64_t given;

        if (!slice_to_u64(slice_after(text, slash + 1), &given) || given > prefix)
            return false;
        prefix = given;
    }
    network->prefix = (unsigned)prefix;
    return true;
}

static char *put_number(char *out, uint8_t number)
{
    if (number >= 100)
        *out++ = (char)('0' + number / 100);
    if (number >= 10)
        *out++ = (char)('0' + number / 10 % 10);
    *out++ = (char)('0' + number % 10);
    return out;
}

/* inet_ntop prints through sprintf. */
static void format_v4(const uint8_t bytes[4], char out[ADDRESS_TEXT_SIZE])
{
    for (size_t i = 0; i < 4; i++) {
        out = put_number(out, bytes[i]);
        *out++ = i < 3 ? '.' : '\0';
    }
}

void address_format(const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
    if (address->family == 4)
        format_v4(address->bytes, out);
    else if (address->family == 0 || !inet_ntop(AF_INET6, address->bytes, out, ADDRESS_TEXT_SIZE))
        memcpy(out, "?", 2);
}

bool address_equals(const struct address *a, const struct address *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool endpoint_equals(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && address_equals(&a->address, &b->address);
}

bool network_contains(const struct network *network, const struct address *address)
{
    unsigned whole = network->prefix / 8, rest = network->prefix % 8;

    if (network->address.family != address->family)
        return false;
    if (memcmp(network->address.bytes, address->bytes, whole) != 0)
        return false;
    return rest == 0 || (network->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

bool address_is_private(const struct address *address)
{
    static const struct network ranges[] = {
        { { 4, { 10 } }, 8 },          { { 4, { 172, 16 } }, 12 },   { { 4, { 192, 168 } }, 16 },
        { { 4, { 169, 254 } }, 16 },   { { 4, { 127 } }, 8 },        { { 6, { 0xfc } }, 7 },
        { { 6, { 0xfe, 0x80 } }, 10 }, { { 6, { [15] = 1 } }, 128 },
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (network_contains(&ranges[i], address))
            return true;
    return false;
}
