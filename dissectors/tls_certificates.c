/* tls_certificates.c: handshake messages about certificates
 *
 * RFC 5246 7.4.2 and RFC 8446 4.4.2 (Certificate), RFC 6066 8 and RFC 8446
 * 4.4.2.1 (a stapled OCSP response).
 */
#include "dissectors/tls.h"

enum {
    CERTIFICATES_MAX = 16,
    EXTENSION_STATUS_REQUEST = 5,
    STATUS_OCSP = 1,
};

struct list {
    struct slice certificates[CERTIFICATES_MAX];
    size_t count;
    struct slice ocsp; /* of the first one */
};

static struct slice read_status(struct cursor *in)
{
    uint8_t type = cursor_u8(in);
    struct slice response = cursor_bytes(in, cursor_u24(in));

    return type == STATUS_OCSP ? response : SLICE_EMPTY;
}

static void read_entry_extensions(struct cursor *in, struct list *list)
{
    struct cursor extensions = cursor_part(in, cursor_u16(in));

    while (cursor_has_more(&extensions)) {
        uint16_t type = cursor_u16(&extensions);
        struct cursor field = cursor_part(&extensions, cursor_u16(&extensions));

        if (type == EXTENSION_STATUS_REQUEST && list->count == 1)
            list->ocsp = read_status(&field);
    }
}

static void read_list(struct slice body, bool is_1_3, struct list *list)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    struct cursor entries;

    if (is_1_3)
        cursor_skip(&in, cursor_u8(&in)); /* request context */
    entries = cursor_part(&in, cursor_u24(&in));
    while (cursor_has_more(&entries) && list->count < CERTIFICATES_MAX) {
        struct slice der = cursor_bytes(&entries, cursor_u24(&entries));

        if (der.length > 0)
            list->certificates[list->count++] = der;
        if (is_1_3)
            read_entry_extensions(&entries, list);
    }
}

static void judge_status(struct channel_view *view, struct slice response)
{
    struct tls_session *session = &((struct tls_memory *)view->memory)->session;

    if (response.length > 0 && session->chain)
        session->ocsp =
            certificate_store_ocsp(view->options->certificates, session->chain, response);
}

void tls_take_chain(struct channel_view *view, const struct slice *certificates, size_t count,
                    struct evidence begins)
{
    struct tls_session *session = &((struct tls_memory *)view->memory)->session;

    if (!view->options->certificates || count == 0 || session->chain)
        return;
    session->chain = certificate_store_take(view->options->certificates, certificates, count);
    session->chain_evidence = begins;
}

void tls_take_certificates(struct channel_view *view, const struct tls_message_view *message)
{
    struct tls_session *session = &((struct tls_memory *)view->memory)->session;
    struct list list = { 0 };

    read_list(message->body, session->version >= TLS_1_3, &list);
    if (message->direction == FROM_CLIENT) {
        session->certificate_sent = session->certificate_sent || list.count > 0;
        return;
    }
    tls_take_chain(view, list.certificates, list.count, message->begins);
    judge_status(view, list.ocsp);
}

void tls_take_certificate_status(struct channel_view *view, struct slice body)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);

    judge_status(view, read_status(&in));
}
