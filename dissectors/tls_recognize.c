/* tls_recognize.c: does a connection speak TLS?
 *
 * By the header of a record, and by what must stand in the first one captured.
 * RFC 8446 5.1; RFC 5246 E.2 (hello in SSL 2.0 form).
 */
#include "dissectors/tls.h"

enum {
    RECORD_MAX = 16384 + 2048,
    V2_HELLO_LENGTH = 2048, /* at most */
};

/* False: that is no record. `bytes` holds a header at least. */
bool tls_read_record(struct slice bytes, struct tls_record *record)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);

    record->type = cursor_u8(&in);
    record->version = cursor_u16(&in);
    record->length = cursor_u16(&in);
    record->body = slice_part(bytes, TLS_HEADER_LENGTH, record->length);
    return record->type >= TLS_CHANGE_CIPHER_SPEC && record->type <= TLS_HEARTBEAT &&
           record->version >> 8 == 3 && (record->version & 0xff) <= 4 &&
           record->length <= RECORD_MAX;
}

/* The hello of SSL 2.0 form: length with its top bit set, type 1, the version. */
bool tls_is_v2_hello(struct slice bytes)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    uint16_t length = cursor_u16(&in);
    uint8_t type = cursor_u8(&in);
    uint16_t version = cursor_u16(&in);
    uint16_t ciphers = cursor_u16(&in);

    return reading.state == READ_OK && length & 0x8000 && (length & 0x7fff) < V2_HELLO_LENGTH &&
           type == TLS_CLIENT_HELLO && (version == 2 || version >> 8 == 3) && ciphers % 3 == 0 &&
           ciphers > 0 && ciphers < (length & 0x7fff);
}

/* A record that could be the first one captured. Handshake records must begin with a hello, or any
 * binary protocol could pass; the others have little but their header. */
static enum recognition recognize_record(enum direction direction, struct slice first)
{
    struct tls_record record;
    uint8_t message;

    if (!tls_read_record(first, &record) || record.version < 0x0300 || record.length == 0)
        return RECOGNIZE_NO;
    if (record.type == TLS_ALERT)
        return record.length < 64 ? RECOGNIZE_YES : RECOGNIZE_NO;
    if (record.type != TLS_HANDSHAKE)
        return record.type == TLS_APPLICATION_DATA ? RECOGNIZE_YES : RECOGNIZE_NO;
    if (record.body.length == 0)
        return RECOGNIZE_MORE;
    message = record.body.data[0];
    if (message == TLS_CLIENT_HELLO)
        return direction == FROM_CLIENT ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    if (message == TLS_SERVER_HELLO)
        return direction == FROM_SERVER ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    return RECOGNIZE_NO;
}

enum recognition tls_recognizes(enum transport transport, enum direction direction,
                                struct slice first)
{
    if (transport != TRANSPORT_TCP || first.length == 0)
        return RECOGNIZE_NO;
    if (tls_is_v2_hello(first))
        return direction == FROM_CLIENT ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    if (first.data[0] & 0x80 && first.length < 7)
        return first.length < 3 || first.data[2] == TLS_CLIENT_HELLO ? RECOGNIZE_MORE
                                                                     : RECOGNIZE_NO;
    if (first.data[0] < TLS_CHANGE_CIPHER_SPEC || first.data[0] > TLS_APPLICATION_DATA)
        return RECOGNIZE_NO;
    if (first.length > 1 && first.data[1] != 3)
        return RECOGNIZE_NO;
    return first.length < TLS_HEADER_LENGTH ? RECOGNIZE_MORE : recognize_record(direction, first);
}
