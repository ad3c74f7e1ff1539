/* dns_service.c: the content of SVCB and HTTPS records as text
 *
 * The packaged resolver library knows these types only as numbers.
 * RFC 9460 2.1 (presentation), 2.2 (wire format), 14.3.2 (keys).
 */
#include "dissectors/dns_service.h"

#include "dissectors/dns_head.h"
#include "lyncscope/address.h"

static void print_alpn(struct text *out, struct cursor value)
{
    for (const char *comma = ""; cursor_has_more(&value); comma = ",") {
        text_add(out, comma);
        text_add_slice(out, cursor_bytes(&value, cursor_u8(&value)));
    }
}

static void print_keys(struct text *out, struct cursor value)
{
    for (const char *comma = ""; cursor_has_more(&value); comma = ",")
        text_print(out, "%skey%u", comma, cursor_u16(&value));
}

static void print_port(struct text *out, struct cursor value)
{
    text_print(out, "%u", cursor_u16(&value));
}

static void print_addresses(struct text *out, struct cursor value, size_t length)
{
    for (const char *comma = ""; cursor_has_more(&value); comma = ",") {
        struct slice bytes = cursor_bytes(&value, length);
        char name[ADDRESS_TEXT_SIZE];
        struct address address;

        if (bytes.length != length)
            return;
        address = length == 4 ? address_v4(bytes.data) : address_v6(bytes.data);
        address_format(&address, name);
        text_print(out, "%s%s", comma, name);
    }
}

static void print_ipv4(struct text *out, struct cursor value)
{
    print_addresses(out, value, 4);
}

static void print_ipv6(struct text *out, struct cursor value)
{
    print_addresses(out, value, 16);
}

static void print_nothing(struct text *out, struct cursor value)
{
    (void)out;
    (void)value;
}

static void print_hex(struct text *out, struct cursor value)
{
    while (cursor_has_more(&value))
        text_print(out, "%02x", cursor_u8(&value));
}

static const struct {
    const char *name;
    void (*print)(struct text *out, struct cursor value);
} keys[] = {
    { "mandatory", print_keys }, { "alpn", print_alpn },     { "no-default-alpn", print_nothing },
    { "port", print_port },      { "ipv4hint", print_ipv4 }, { "ech", print_hex },
    { "ipv6hint", print_ipv6 },
};

bool dns_print_service(struct text *out, struct slice data)
{
    char target[DNS_NAME_TEXT_MAX];
    struct reading reading;
    struct cursor in = cursor_over_message(data, &reading);
    unsigned priority = cursor_u16(&in);

    dns_read_name(&in, SLICE_EMPTY, target); /* never compressed */
    text_print(out, "%u %s", priority, target);
    while (cursor_has_more(&in)) {
        uint16_t key = cursor_u16(&in);
        struct cursor value = cursor_part(&in, cursor_u16(&in));
        bool known = key < sizeof keys / sizeof *keys;

        if (known)
            text_print(out, " %s", keys[key].name);
        else
            text_print(out, " key%u", key);
        if (cursor_has_more(&value))
            text_add(out, "=");
        (known ? keys[key].print : print_hex)(out, value);
    }
    return reading.state == READ_OK;
}
