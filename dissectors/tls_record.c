/* tls_record.c: the record layer of TLS, walked without keys
 *
 * Only the hellos and alerts are read; everything else is counted by its
 * header and skipped uncopied.  Once encrypted data flows both ways nothing
 * more can be seen, and the connection is let go; its story is told at its end.
 * RFC 8446 5.1, 6; RFC 5246 6.2, 7.2, E.2 (hello in SSL 2.0 form).
 */
#include "dissectors/dissectors.h"
#include "dissectors/tls_hello.h"

enum {
    HEADER_LENGTH = 5,
    RECORD_MAX = 16384 + 2048,
    ALERT_LENGTH = 2,       /* in the clear; encrypted ones are longer */
    HELLO_MAX = 65536,      /* bytes of one, over all its records */
    V2_HELLO_LENGTH = 2048, /* at most */
    SERVER_NAME_MAX = 1024,
    NO_ALERT = 0xff,
};

enum content_type {
    CONTENT_CHANGE_CIPHER_SPEC = 20,
    CONTENT_ALERT = 21,
    CONTENT_HANDSHAKE = 22,
    CONTENT_APPLICATION_DATA = 23,
};

struct tls_side {
    bool hello_done;     /* read, or known to be unreadable */
    struct buffer hello; /* the first handshake message, while its records come */
    struct evidence hello_begins;
    bool lost; /* where the next record begins is not known */
    bool ended;
};

struct tls_memory {
    struct tls_side sides[2];
    struct tls_session session;
    struct evidence first; /* of a connection whose hello was not seen */
    bool begun, told;
};

struct record {
    uint8_t type;
    uint16_t version;
    size_t length;
    struct slice body; /* what there is of it */
};

/* False: that is no record. `bytes` holds a header at least. */
static bool read_record(struct slice bytes, struct record *record)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);

    record->type = cursor_u8(&in);
    record->version = cursor_u16(&in);
    record->length = cursor_u16(&in);
    record->body = slice_part(bytes, HEADER_LENGTH, record->length);
    return record->type >= CONTENT_CHANGE_CIPHER_SPEC && record->type <= CONTENT_APPLICATION_DATA &&
           record->version >> 8 == 3 && (record->version & 0xff) <= 4 &&
           record->length <= RECORD_MAX;
}

/* The hello of SSL 2.0 form: length with its top bit set, type 1, the version. */
static bool is_v2_hello(struct slice bytes)
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

/* ---- events ---- */

static void emit(struct channel_view *view, enum event_kind kind)
{
    struct tls_memory *memory = view->memory;
    struct event event = {
        .kind = kind,
        .noticed_ns = view->now_ns,
        .flow = view->flow,
        .tls = memory->session,
    };

    event.evidence = memory->session.has_client_hello ? memory->session.hello : memory->first;
    event.tls.client = view->client;
    event.tls.server = view->server;
    view->sink.receive(view->sink.context, &event);
}

static void tell_hello(struct channel_view *view, struct slice server_name,
                       struct evidence evidence)
{
    struct tls_memory *memory = view->memory;

    memory->session.has_client_hello = true;
    memory->session.hello = evidence;
    memory->session.server_name =
        arena_copy(view->arena, slice_part(server_name, 0, SERVER_NAME_MAX));
    emit(view, EVENT_TLS_HELLO);
}

/* ---- handshake ---- */

static void read_hello(struct channel_view *view, enum direction direction, struct slice body)
{
    struct tls_memory *memory = view->memory;
    struct tls_side *side = &memory->sides[direction];
    struct tls_client_hello client;
    struct tls_server_hello server;

    side->hello_done = true;
    if (direction == FROM_CLIENT) {
        tls_read_client_hello(body, &client); /* a spoiled one may still tell the name */
        tell_hello(view, client.server_name, side->hello_begins);
        return;
    }
    if (tls_read_server_hello(body, &server) != READ_OK)
        return;
    side->hello_done = !server.retry;
    memory->session.has_server_hello = true;
    memory->session.version = server.version;
    memory->session.cipher = server.cipher;
}

/* The first message of a direction, collected over records. */
static void take_handshake(struct channel_view *view, enum direction direction, struct slice bytes,
                           struct evidence evidence)
{
    struct tls_side *side = &((struct tls_memory *)view->memory)->sides[direction];
    uint8_t expected = direction == FROM_CLIENT ? TLS_CLIENT_HELLO : TLS_SERVER_HELLO;
    struct reading reading;
    struct cursor in;
    uint8_t type;
    size_t length;
    struct slice body;

    side->hello.budget = view->budget;
    if (side->hello.length == 0)
        side->hello_begins = evidence;
    if (!buffer_append(&side->hello, bytes))
        side->hello_done = true;
    in = cursor_over_stream(buffer_slice(&side->hello), &reading);
    type = cursor_u8(&in);
    length = cursor_u24(&in);
    body = cursor_bytes(&in, length);
    if (reading.state == READ_OK && type == expected)
        read_hello(view, direction, body);
    else if (type != expected || side->hello.length > HELLO_MAX)
        side->hello_done = true; /* the direction was joined later than its hello */
    if (side->hello_done || reading.state == READ_OK)
        buffer_release(&side->hello);
}

static void take_alert(struct channel_view *view, enum direction direction, struct slice body,
                       struct evidence evidence)
{
    struct tls_memory *memory = view->memory;

    if (body.length != ALERT_LENGTH || body.data[0] < 1 || body.data[0] > 2)
        return;
    memory->session.alert_level = body.data[0];
    memory->session.alert = body.data[1];
    memory->session.alert_from_server = direction == FROM_SERVER;
    memory->session.alert_evidence = evidence;
}

static void count_data(struct channel_view *view, enum direction direction)
{
    struct tls_session *session = &((struct tls_memory *)view->memory)->session;

    if (direction == FROM_CLIENT)
        session->client_records++;
    else
        session->server_records++;
    if (session->client_records > 0 && session->server_records > 0)
        channel_let_go(view);
}

/* ---- records ---- */

static bool is_needed(const struct tls_side *side, const struct record *record)
{
    if (record->type == CONTENT_ALERT)
        return record->length == ALERT_LENGTH;
    return record->type == CONTENT_HANDSHAKE && !side->hello_done;
}

static void take_record(struct channel_view *view, enum direction direction,
                        const struct record *record, struct evidence evidence)
{
    struct tls_memory *memory = view->memory;

    if (record->type == CONTENT_APPLICATION_DATA)
        count_data(view, direction);
    if (record->type == CONTENT_ALERT)
        take_alert(view, direction, record->body, evidence);
    if (record->type == CONTENT_HANDSHAKE && !memory->sides[direction].hello_done)
        take_handshake(view, direction, record->body, evidence);
}

static size_t take_v2_hello(struct channel_view *view, struct slice bytes, size_t *wanted)
{
    struct tls_memory *memory = view->memory;
    size_t length = 2 + ((size_t)(bytes.data[0] & 0x7f) << 8 | bytes.data[1]);

    if (bytes.length < length) {
        *wanted = length;
        return 0;
    }
    memory->sides[FROM_CLIENT].hello_done = true;
    tell_hello(view, SLICE_EMPTY, channel_evidence(view, FROM_CLIENT, 0));
    return length;
}

static void begin(struct channel_view *view, enum direction direction)
{
    struct tls_memory *memory = view->memory;

    if (memory->begun)
        return;
    memory->begun = true;
    memory->session.alert = NO_ALERT;
    memory->first = channel_evidence(view, direction, 0);
}

static size_t tls_read(struct channel_view *view, enum direction direction, struct slice bytes,
                       size_t *wanted)
{
    struct tls_memory *memory = view->memory;
    struct tls_side *side = &memory->sides[direction];
    size_t used = 0;

    begin(view, direction);
    if (direction == FROM_CLIENT && !side->hello_done && is_v2_hello(bytes))
        return take_v2_hello(view, bytes, wanted);
    while (used < bytes.length && bytes.length - used >= HEADER_LENGTH) {
        struct record record;

        if (!read_record(slice_after(bytes, used), &record)) {
            side->lost = true;
            side->hello_done = true;
            return bytes.length;
        }
        side->lost = false;
        if (is_needed(side, &record) && record.body.length < record.length) {
            *wanted = HEADER_LENGTH + record.length;
            return used;
        }
        take_record(view, direction, &record, channel_evidence(view, direction, used));
        used += HEADER_LENGTH + record.length;
    }
    return side->lost ? bytes.length : used;
}

static void tls_lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    struct tls_memory *memory = view->memory;
    struct tls_side *side = &memory->sides[direction];

    (void)bytes;
    begin(view, direction);
    side->lost = true;
    side->hello_done = true;
    buffer_release(&side->hello);
}

static void tls_finish(struct channel_view *view, enum direction direction, struct slice rest,
                       enum stream_end end, struct evidence evidence)
{
    struct tls_memory *memory = view->memory;

    (void)rest;
    (void)evidence;
    begin(view, direction);
    memory->sides[direction].ended = true;
    if (memory->told)
        return;
    if (end != END_RESET && !(memory->sides[0].ended && memory->sides[1].ended))
        return;
    memory->told = true;
    emit(view, EVENT_TLS);
}

static void tls_release(struct channel_view *view)
{
    struct tls_memory *memory = view->memory;

    buffer_release(&memory->sides[0].hello);
    buffer_release(&memory->sides[1].hello);
}

/* ---- recognition ---- */

/* A record that could be the first one captured. Handshake records must begin with a hello, or any
 * binary protocol could pass; the others have little but their header. */
static enum recognition recognize_record(enum direction direction, struct slice first)
{
    struct record record;
    uint8_t message;

    if (!read_record(first, &record) || record.version < 0x0300 || record.length == 0)
        return RECOGNIZE_NO;
    if (record.type == CONTENT_ALERT)
        return record.length < 64 ? RECOGNIZE_YES : RECOGNIZE_NO;
    if (record.type != CONTENT_HANDSHAKE)
        return record.type == CONTENT_APPLICATION_DATA ? RECOGNIZE_YES : RECOGNIZE_NO;
    if (record.body.length == 0)
        return RECOGNIZE_MORE;
    message = record.body.data[0];
    if (message == TLS_CLIENT_HELLO)
        return direction == FROM_CLIENT ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    if (message == TLS_SERVER_HELLO)
        return direction == FROM_SERVER ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    return RECOGNIZE_NO;
}

static enum recognition tls_recognizes(enum transport transport, enum direction direction,
                                       struct slice first)
{
    if (transport != TRANSPORT_TCP || first.length == 0)
        return RECOGNIZE_NO;
    if (is_v2_hello(first))
        return direction == FROM_CLIENT ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    if (first.data[0] & 0x80 && first.length < 7)
        return first.length < 3 || first.data[2] == TLS_CLIENT_HELLO ? RECOGNIZE_MORE
                                                                     : RECOGNIZE_NO;
    if (first.data[0] < CONTENT_CHANGE_CIPHER_SPEC || first.data[0] > CONTENT_APPLICATION_DATA)
        return RECOGNIZE_NO;
    if (first.length > 1 && first.data[1] != 3)
        return RECOGNIZE_NO;
    return first.length < HEADER_LENGTH ? RECOGNIZE_MORE : recognize_record(direction, first);
}

const struct dissector tls_dissector = {
    .name = "tls",
    .memory_size = sizeof(struct tls_memory),
    .recognizes = tls_recognizes,
    .read = tls_read,
    .lose = tls_lose,
    .finish = tls_finish,
    .release = tls_release,
};
