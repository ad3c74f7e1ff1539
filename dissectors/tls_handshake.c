/* tls_handshake.c: handshake messages, put together from records and followed
 *
 * A message may be spread over many records, and a record may hold many
 * messages.  Those that tell nothing are passed over uncopied.
 * RFC 5246 7.4, RFC 8446 4, RFC 5077 3.3, RFC 7627 (what its hash covers).
 */
#include "dissectors/tls.h"

enum {
    HEAD_LENGTH = 4,
    MESSAGE_MAX = 256 << 10,  /* longer ones are passed over */
    MESSAGES_MAX = 512 << 10, /* kept for the extended master secret */
    SERVER_NAME_MAX = 1024,
    RANDOM_MAX = 32,
};

static struct tls_memory *memory_of(const struct channel_view *view)
{
    return view->memory;
}

/* ---- what keys are derived from ---- */

static void set_random(uint8_t out[TLS_RANDOM_LENGTH], struct slice random)
{
    size_t missing = random.length < RANDOM_MAX ? RANDOM_MAX - random.length : 0;

    for (size_t i = 0; i < RANDOM_MAX; i++)
        out[i] = i < missing ? 0 : random.data[i - missing];
}

static void set_session_id(struct tls_handshake *handshake, struct slice id)
{
    handshake->session_id_length = id.length <= TLS_SESSION_ID_MAX ? id.length : 0;
    for (size_t i = 0; i < handshake->session_id_length; i++)
        handshake->session_id[i] = id.data[i];
}

void tls_handshake_release(struct channel_view *view)
{
    struct tls_memory *memory = memory_of(view);

    if (!memory->handshake)
        return;
    buffer_release(&memory->handshake->messages);
    tls_crypto_wipe(memory->handshake, sizeof *memory->handshake);
    memory_give(view->budget, memory->handshake, sizeof *memory->handshake);
    memory->handshake = NULL;
}

/* Another handshake (a renegotiation) begins anew; the traffic goes on under the keys there are. */
static void begin_handshake(struct channel_view *view, const struct tls_client_hello *hello)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_handshake *handshake;
    bool is_retry = memory->retried && memory->handshake && !memory->handshake->has_server_hello;

    if (!view->options->tls)
        return;
    if (!is_retry)
        tls_handshake_release(view);
    if (!memory->handshake)
        memory->handshake = memory_take(view->budget, sizeof *memory->handshake);
    handshake = memory->handshake;
    if (!handshake)
        return;
    set_random(handshake->agreement.client_random, hello->random);
    set_session_id(handshake, hello->session_id);
    handshake->ticket = arena_copy(view->arena, hello->ticket);
    handshake->early_data = hello->early_data;
    handshake->keeps_messages = true;
    handshake->messages.budget = view->budget;
}

static void keep_message(struct channel_view *view, struct slice whole)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;

    if (!handshake || !handshake->keeps_messages)
        return;
    if (handshake->messages.length + whole.length > MESSAGES_MAX ||
        !buffer_append(&handshake->messages, whole)) {
        handshake->keeps_messages = false;
        buffer_release(&handshake->messages);
    }
}

/* ---- hellos ---- */

static void take_client_hello(struct channel_view *view, const struct tls_client_hello *hello,
                              struct evidence begins)
{
    struct tls_memory *memory = memory_of(view);
    bool first = !memory->session.has_client_hello;

    begin_handshake(view, hello);
    memory->full = false;
    memory->session.renegotiated |= !first && memory->session.client_finished;
    if (!first)
        return;
    memory->session.has_client_hello = true;
    memory->session.hello = begins;
    memory->session.offered_version = hello->version;
    memory->session.server_name =
        arena_copy(view->arena, slice_part(hello->server_name, 0, SERVER_NAME_MAX));
    memory->offered_id = arena_copy(view->arena, slice_part(hello->session_id, 0, RANDOM_MAX));
    tls_tell_hello(view);
}

void tls_take_v2_hello(struct channel_view *view, struct slice body, struct evidence evidence)
{
    struct tls_client_hello hello;

    tls_read_v2_hello(body, &hello); /* a spoiled one still is a hello */
    memory_of(view)->v2_hello = true;
    take_client_hello(view, &hello, evidence);
    keep_message(view, body);
}

/* Draft-hickman-netscape-ssl 5.3.1 */
void tls_take_v2_answer(struct channel_view *view, struct slice body, struct evidence evidence)
{
    struct tls_session *session = &memory_of(view)->session;
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    uint16_t certificate_length;
    struct slice certificate;

    cursor_skip(&in, 3); /* the message's type, session id hit, the certificate's type */
    session->version = cursor_u16(&in);
    certificate_length = cursor_u16(&in);
    cursor_skip(&in, 4); /* lengths of ciphers and connection id */
    certificate = cursor_bytes(&in, certificate_length);
    session->has_server_hello = reading.state == READ_OK;
    session->server_hello = evidence;
    if (reading.state == READ_OK && certificate.length > 0)
        tls_take_chain(view, &certificate, 1, evidence);
}

static void agree(struct channel_view *view, const struct tls_server_hello *hello)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_agreement *agreement;

    if (!handshake)
        return;
    agreement = &handshake->agreement;
    handshake->has_server_hello = true;
    handshake->has_keys = false;
    agreement->version = hello->version;
    agreement->encrypt_then_mac = hello->encrypt_then_mac;
    agreement->extended_master_secret = hello->extended_master_secret;
    set_random(agreement->server_random, hello->random);
    if (hello->version < TLS_1_3)
        set_session_id(handshake, hello->session_id);
    if (!tls_suite_find(hello->cipher, &agreement->suite))
        agreement->suite = (struct tls_suite){ 0 };
    if (agreement->suite.exchange == TLS_EXCHANGE_RSA && hello->version < TLS_1_3)
        return;
    handshake->keeps_messages = false;
    buffer_release(&handshake->messages);
}

static void take_server_hello(struct channel_view *view, const struct tls_message_view *message)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_session *session = &memory->session;
    struct tls_server_hello hello;

    if (tls_read_server_hello(message->body, &hello) != READ_OK)
        return;
    if (!session->has_server_hello) { /* a renegotiation changes nothing of what is told */
        session->version = hello.version;
        session->cipher = hello.cipher;
    }
    if (hello.retry) {
        memory->retried = true;
        return;
    }
    if (!session->has_server_hello) {
        session->resumed =
            hello.version >= TLS_1_3
                ? hello.psk
                : hello.session_id.length > 0 && slice_equals(hello.session_id, memory->offered_id);
        session->alpn = arena_copy(view->arena, hello.alpn);
        session->server_hello = message->begins;
    }
    session->has_server_hello = true;
    agree(view, &hello);
    if (hello.version < TLS_1_3)
        return;
    tls_enter_epoch(view, FROM_SERVER, TLS_EPOCH_HANDSHAKE);
    tls_enter_epoch(view, FROM_CLIENT,
                    memory->handshake && memory->handshake->early_data ? TLS_EPOCH_EARLY
                                                                       : TLS_EPOCH_HANDSHAKE);
}

static void take_encrypted_extensions(struct channel_view *view, struct slice body)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_server_hello hello = { 0 };

    tls_read_encrypted_extensions(body, &hello);
    memory->session.alpn = arena_copy(view->arena, hello.alpn);
    if (!memory->handshake)
        return;
    memory->handshake->early_known = true;
    memory->handshake->early_accepted = hello.early_data;
}

/* ---- the messages ---- */

static void take_ticket(struct channel_view *view, struct slice body)
{
    struct tls_memory *memory = memory_of(view);
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    struct slice ticket;

    if (!memory->handshake || memory->session.version >= TLS_1_3)
        return;
    cursor_skip(&in, 4); /* lifetime */
    ticket = cursor_bytes(&in, cursor_u16(&in));
    tls_remember_ticket(view, ticket);
}

static void take_finished(struct channel_view *view, enum direction direction)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = tls_side(view, direction);

    if (direction == FROM_CLIENT)
        memory->session.client_finished = true;
    if (memory->session.version >= TLS_1_3 && side->epoch != TLS_EPOCH_APPLICATION)
        tls_enter_epoch(view, direction,
                        TLS_EPOCH_APPLICATION); /* else: asked for a certificate late */
}

static void take_client_message(struct channel_view *view, const struct tls_message_view *message)
{
    struct tls_client_hello hello;

    switch (message->type) {
    case TLS_CLIENT_HELLO:
        tls_read_client_hello(message->body, &hello); /* a spoiled one may still tell the name */
        take_client_hello(view, &hello, message->begins);
        break;
    case TLS_CERTIFICATE:
        tls_take_certificates(view, message);
        break;
    case TLS_END_OF_EARLY_DATA:
        tls_enter_epoch(view, FROM_CLIENT, TLS_EPOCH_HANDSHAKE);
        break;
    default:
        break;
    }
}

static void take_server_message(struct channel_view *view, const struct tls_message_view *message)
{
    struct tls_memory *memory = memory_of(view);

    switch (message->type) {
    case TLS_SERVER_HELLO:
        take_server_hello(view, message);
        break;
    case TLS_NEW_SESSION_TICKET:
        take_ticket(view, message->body);
        break;
    case TLS_ENCRYPTED_EXTENSIONS:
        take_encrypted_extensions(view, message->body);
        break;
    case TLS_CERTIFICATE:
        memory->full = true;
        tls_take_certificates(view, message);
        break;
    case TLS_CERTIFICATE_STATUS:
        tls_take_certificate_status(view, message->body);
        break;
    case TLS_CERTIFICATE_REQUEST:
        if (!memory->session.certificate_asked)
            memory->session.certificate_request = message->begins;
        memory->session.certificate_asked = true;
        break;
    default:
        break;
    }
}

/* `whole` is the message with its head. */
static void take_message(struct channel_view *view, struct tls_message_view *message,
                         struct slice whole)
{
    message->body = slice_after(whole, HEAD_LENGTH);
    message->type = whole.data[0];
    if (message->direction == FROM_CLIENT)
        take_client_message(view, message);
    else
        take_server_message(view, message);
    if (message->type != TLS_HELLO_REQUEST)
        keep_message(view, whole);
    if (message->type == TLS_CLIENT_KEY_EXCHANGE && message->direction == FROM_CLIENT)
        tls_take_key_exchange(view, message->body);
    if (message->type == TLS_FINISHED)
        take_finished(view, message->direction);
    if (message->type == TLS_KEY_UPDATE)
        tls_update_keys(view, message->direction);
}

/* ---- putting together ---- */

static bool is_needed(const struct channel_view *view, uint8_t type, size_t length)
{
    const struct tls_handshake *handshake = memory_of(view)->handshake;

    if (length > MESSAGE_MAX)
        return false;
    if (handshake && handshake->keeps_messages)
        return true;
    return type != TLS_SERVER_KEY_EXCHANGE && type != TLS_CERTIFICATE_VERIFY &&
           type != TLS_SERVER_HELLO_DONE;
}

/* The next message of `rest`; false: it goes on in the next record. */
static bool take_next(struct channel_view *view, struct tls_side *side,
                      struct tls_message_view *message, struct slice *rest)
{
    struct reading reading;
    struct cursor in = cursor_over_stream(*rest, &reading);
    uint8_t type = cursor_u8(&in);
    size_t length = cursor_u24(&in);

    if (reading.state != READ_OK)
        return false;
    if (type == TLS_SERVER_HELLO_DONE || type == TLS_SERVER_KEY_EXCHANGE)
        memory_of(view)->full = true;
    if (!is_needed(view, type, length)) {
        side->pass = HEAD_LENGTH + length;
        return true;
    }
    if (rest->length < HEAD_LENGTH + length)
        return false;
    take_message(view, message, slice_part(*rest, 0, HEAD_LENGTH + length));
    *rest = slice_after(*rest, HEAD_LENGTH + length);
    return true;
}

static struct slice pass_over(struct tls_side *side, struct slice bytes)
{
    size_t passed = side->pass < bytes.length ? (size_t)side->pass : bytes.length;

    side->pass -= passed;
    return slice_after(bytes, passed);
}

void tls_take_handshake(struct channel_view *view, const struct tls_piece *piece)
{
    struct tls_side *side = tls_side(view, piece->direction);
    struct tls_message_view message = { .direction = piece->direction };
    struct slice rest = pass_over(side, piece->bytes);
    size_t buffered = side->message.length;

    side->message.budget = view->budget;
    if (buffered == 0)
        side->begins = piece->evidence;
    if (buffered > 0) {
        if (!buffer_append(&side->message, rest)) {
            side->handshake_lost = true;
            buffer_release(&side->message);
            return;
        }
        rest = buffer_slice(&side->message);
    }
    message.begins = side->begins;
    while (rest.length > 0 && take_next(view, side, &message, &rest)) {
        message.begins = piece->evidence;
        rest = pass_over(side, rest);
    }
    side->begins = message.begins;
    if (buffered > 0)
        buffer_drop_front(&side->message, side->message.length - rest.length);
    else if (rest.length > 0 && !buffer_append(&side->message, rest))
        side->handshake_lost = true;
    if (side->message.length == 0)
        buffer_release(&side->message);
}
