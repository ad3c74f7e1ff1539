/* tls_hello.c: the hellos, which tell whom a client believes it calls and what was agreed
 *
 * Reads one handshake message; records are tls_record.c's work.
 * RFC 8446 4.1.2, 4.1.3, 4.2.1 (supported_versions), RFC 6066 3 (server_name), RFC 8701 (GREASE).
 */
#include "dissectors/tls_hello.h"

enum {
    RANDOM_LENGTH = 32,
    NAME_TYPE_HOST = 0,
};

enum extension {
    EXTENSION_SERVER_NAME = 0,
    EXTENSION_ALPN = 16,
    EXTENSION_ENCRYPT_THEN_MAC = 22,
    EXTENSION_EXTENDED_MASTER_SECRET = 23,
    EXTENSION_SESSION_TICKET = 35,
    EXTENSION_PRE_SHARED_KEY = 41,
    EXTENSION_EARLY_DATA = 42,
    EXTENSION_SUPPORTED_VERSIONS = 43,
};

static bool is_grease(uint16_t version)
{
    return (version & 0x0f0f) == 0x0a0a;
}

static void read_server_name(struct cursor *field, struct tls_client_hello *hello)
{
    struct cursor list = cursor_part(field, cursor_u16(field));

    while (cursor_has_more(&list)) {
        uint8_t type = cursor_u8(&list);
        struct slice name = cursor_bytes(&list, cursor_u16(&list));

        if (type == NAME_TYPE_HOST && hello->server_name.length == 0)
            hello->server_name = name;
    }
}

static void read_offered_versions(struct cursor *field, struct tls_client_hello *hello)
{
    struct cursor versions = cursor_part(field, cursor_u8(field));

    while (cursor_has_more(&versions)) {
        uint16_t version = cursor_u16(&versions);

        if (!is_grease(version) && version > hello->version)
            hello->version = version;
    }
}

static void read_client_extension(struct cursor *in, struct tls_client_hello *hello)
{
    uint16_t type = cursor_u16(in);
    struct cursor field = cursor_part(in, cursor_u16(in));

    switch (type) {
    case EXTENSION_SERVER_NAME:
        read_server_name(&field, hello);
        break;
    case EXTENSION_SUPPORTED_VERSIONS:
        read_offered_versions(&field, hello);
        break;
    case EXTENSION_SESSION_TICKET:
        hello->ticket = cursor_rest(&field);
        break;
    case EXTENSION_EARLY_DATA:
        hello->early_data = true;
        break;
    default:
        break;
    }
}

enum read_state tls_read_client_hello(struct slice body, struct tls_client_hello *hello)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);

    *hello = (struct tls_client_hello){ .version = cursor_u16(&in) };
    hello->random = cursor_bytes(&in, RANDOM_LENGTH);
    hello->session_id = cursor_bytes(&in, cursor_u8(&in));
    cursor_skip(&in, cursor_u16(&in)); /* cipher suites */
    cursor_skip(&in, cursor_u8(&in));  /* compression methods */
    if (cursor_has_more(&in)) {        /* clients before TLS 1.2 may send no extensions */
        struct cursor extensions = cursor_part(&in, cursor_u16(&in));

        while (cursor_has_more(&extensions))
            read_client_extension(&extensions, hello);
    }
    return reading.state;
}

enum read_state tls_read_v2_hello(struct slice body, struct tls_client_hello *hello)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    uint16_t ciphers, session_id;

    *hello = (struct tls_client_hello){ 0 };
    cursor_skip(&in, 1); /* the message's type */
    hello->version = cursor_u16(&in);
    ciphers = cursor_u16(&in);
    session_id = cursor_u16(&in);
    cursor_skip(&in, 2); /* the challenge's length: all the rest */
    cursor_skip(&in, ciphers);
    hello->session_id = cursor_bytes(&in, session_id);
    hello->random = cursor_rest(&in); /* the challenge: a random's last bytes */
    return reading.state;
}

/* SHA-256 of "HelloRetryRequest". */
static const uint8_t retry_random[RANDOM_LENGTH] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

static void read_server_extension(struct cursor *in, struct tls_server_hello *hello)
{
    uint16_t type = cursor_u16(in);
    struct cursor field = cursor_part(in, cursor_u16(in));

    switch (type) {
    case EXTENSION_SUPPORTED_VERSIONS:
        hello->version = cursor_u16(&field);
        break;
    case EXTENSION_ALPN:
        cursor_skip(&field, 2); /* a list of one */
        hello->alpn = cursor_bytes(&field, cursor_u8(&field));
        break;
    case EXTENSION_ENCRYPT_THEN_MAC:
        hello->encrypt_then_mac = true;
        break;
    case EXTENSION_EXTENDED_MASTER_SECRET:
        hello->extended_master_secret = true;
        break;
    case EXTENSION_PRE_SHARED_KEY:
        hello->psk = true;
        break;
    case EXTENSION_EARLY_DATA:
        hello->early_data = true;
        break;
    default:
        break;
    }
}

static void read_server_extensions(struct cursor *in, struct tls_server_hello *hello)
{
    struct cursor extensions = cursor_part(in, cursor_u16(in));

    while (cursor_has_more(&extensions))
        read_server_extension(&extensions, hello);
}

enum read_state tls_read_server_hello(struct slice body, struct tls_server_hello *hello)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);

    *hello = (struct tls_server_hello){ .version = cursor_u16(&in) };
    hello->random = cursor_bytes(&in, RANDOM_LENGTH);
    hello->retry = slice_equals(hello->random, slice_of(retry_random, RANDOM_LENGTH));
    hello->session_id = cursor_bytes(&in, cursor_u8(&in));
    hello->cipher = cursor_u16(&in);
    cursor_skip(&in, 1); /* compression method */
    if (cursor_has_more(&in))
        read_server_extensions(&in, hello);
    return reading.state;
}

enum read_state tls_read_encrypted_extensions(struct slice body, struct tls_server_hello *hello)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);

    read_server_extensions(&in, hello);
    return reading.state;
}
