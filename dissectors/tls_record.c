/* tls_record.c: the record layer of TLS, and how its protection is met
 *
 * Clear records go to the handshake and alerts, protected ones are opened
 * where there is a key and else counted by their header and skipped uncopied.
 * A connection that cannot be read is let go once encrypted data flows both
 * ways; its story is told at its end.
 * RFC 8446 5.1, D.4; RFC 5246 6.2, 7.1, E.2 (hello in SSL 2.0 form).
 */
#include "dissectors/dissectors.h"
#include "dissectors/tls.h"

enum {
    HEADER_LENGTH = 5,
    RECORD_MAX = 16384 + 2048,
    ALERT_LENGTH = 2,         /* in the clear; encrypted ones are longer */
    V2_HELLO_LENGTH = 2048,   /* at most */
    SEALED_ALERT_LENGTH = 24, /* TLS 1.3: longer records of a client hold data */
    WAITING_MAX = 256 << 10,  /* bytes that wait for a key, or for the other side */
};

struct record {
    uint8_t type;
    uint16_t version;
    size_t length;
    struct slice body; /* what there is of it */
};

enum step { STEP_ON, STEP_WAIT_MORE, STEP_WAIT_OTHER };

/* False: that is no record. `bytes` holds a header at least. */
static bool read_record(struct slice bytes, struct record *record)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);

    record->type = cursor_u8(&in);
    record->version = cursor_u16(&in);
    record->length = cursor_u16(&in);
    record->body = slice_part(bytes, HEADER_LENGTH, record->length);
    return record->type >= TLS_CHANGE_CIPHER_SPEC && record->type <= TLS_APPLICATION_DATA &&
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

static struct tls_memory *memory_of(const struct channel_view *view)
{
    return view->memory;
}

/* ---- one record ---- */

/* Is it encrypted? In TLS 1.3 what is comes as application data, and only that. */
static bool is_sealed(const struct tls_memory *memory, const struct tls_side *side, uint8_t type)
{
    if (memory->session.version >= TLS_1_3)
        return type == TLS_APPLICATION_DATA;
    return side->protected || type == TLS_APPLICATION_DATA;
}

/* Not opened, but up to TLS 1.2 its type is to be seen: close_notify, as a rule. */
static bool is_good_bye(const struct tls_memory *memory, enum direction direction,
                        const struct record *record)
{
    return record->type == TLS_ALERT && direction == FROM_CLIENT &&
           memory->session.version < TLS_1_3 && memory->sides[FROM_CLIENT].blind;
}

static void note_sealed(struct channel_view *view, enum direction direction,
                        const struct record *record, size_t offset)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_session *session = &memory->session;

    if (is_good_bye(memory, direction, record))
        tls_note_client_end(memory, channel_evidence(view, direction, offset));
    if (record->type == TLS_HANDSHAKE && direction == FROM_CLIENT) /* its Finished */
        session->client_finished = true;
    if (record->type != TLS_APPLICATION_DATA)
        return;
    if (direction == FROM_SERVER) {
        session->server_records++;
        return;
    }
    if (session->version < TLS_1_3 ||
        (session->client_records > 0 && record->length > SEALED_ALERT_LENGTH))
        memory->client_spoke = true;
    session->client_records++;
    session->client_finished = session->client_finished || session->has_server_hello;
}

static bool take_clear(struct channel_view *view, const struct tls_piece *piece)
{
    struct tls_memory *memory = memory_of(view);

    switch (piece->type) {
    case TLS_CHANGE_CIPHER_SPEC:
        if (memory->session.version >= TLS_1_3 || !memory->session.has_server_hello)
            return true; /* middlebox compatibility, RFC 8446 D.4 */
        if (piece->direction == FROM_SERVER && !memory->full && !piece->encrypted)
            memory->session.resumed = !memory->sides[FROM_SERVER].handshake_lost;
        return tls_change_cipher(view, piece->direction);
    case TLS_ALERT:
        tls_take_alert(view, piece);
        return true;
    case TLS_HANDSHAKE:
        tls_take_handshake(view, piece);
        return true;
    case TLS_APPLICATION_DATA:
        tls_side(view, piece->direction)->opened++;
        tls_take_data(view, piece);
        return true;
    default:
        return true;
    }
}

/* 0-RTT that the server did not accept never reached it: it is sent again. */
static bool is_void(const struct tls_memory *memory, const struct tls_side *side)
{
    return side->epoch == TLS_EPOCH_EARLY && side == &memory->sides[FROM_CLIENT] &&
           memory->session.version >= TLS_1_3 && !memory->handshake->early_accepted;
}

static enum step wait_for_key(const struct tls_side *side)
{
    return side->waiting_since_ns ? STEP_WAIT_MORE : STEP_WAIT_OTHER;
}

static enum step take_sealed(struct channel_view *view, enum direction direction,
                             const struct record *record, size_t offset)
{
    struct tls_side *side = tls_side(view, direction);
    struct tls_sealed sealed = { record->type, record->version, record->body };
    struct tls_plain plain = { 0 };
    uint8_t *room = memory_take(view->budget, record->length + 1);
    enum tls_opening opening =
        room ? tls_open_record(view, direction, &sealed, room, &plain) : TLS_NOT_OPENED;

    if (opening == TLS_OPENED && !is_void(memory_of(view), side)) {
        struct tls_piece piece = { .direction = direction,
                                   .type = plain.type,
                                   .bytes = plain.bytes,
                                   .evidence = channel_evidence(view, direction, offset),
                                   .offset = offset + HEADER_LENGTH + plain.offset,
                                   .encrypted = true };

        (void)take_clear(view, &piece);
    }
    if (room) {
        tls_crypto_wipe(room, record->length);
        memory_give(view->budget, room, record->length + 1);
    }
    if (opening == TLS_NOT_YET)
        return wait_for_key(side);
    note_sealed(view, direction, record, offset);
    return STEP_ON;
}

/* Encrypted data both ways, and no key: there is nothing more to see. */
static void let_go_if_blind(struct channel_view *view)
{
    const struct tls_memory *memory = memory_of(view);

    if (memory->sides[FROM_CLIENT].blind && memory->sides[FROM_SERVER].blind &&
        memory->client_spoke && memory->session.server_records > 0)
        channel_let_go(view);
}

/* 0-RTT before the second ClientHello: the retry has refused it. RFC 8446 4.2.10 */
static bool is_refused_early(const struct tls_memory *memory, enum direction direction,
                             const struct record *record)
{
    return memory->retried && !memory->session.has_server_hello && direction == FROM_CLIENT &&
           record->type == TLS_APPLICATION_DATA;
}

/* A direction whose ChangeCipherSpec was lost. */
static enum step meet_protection(struct channel_view *view, enum direction direction,
                                 const struct record *record)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];

    if (side->protected || record->type != TLS_APPLICATION_DATA)
        return STEP_ON;
    if (is_refused_early(memory, direction, record))
        return STEP_ON;
    if (!memory->session.has_server_hello) {
        if (memory->session.has_client_hello && !memory->sides[FROM_SERVER].ended &&
            !memory->sides[FROM_SERVER].handshake_lost)
            return STEP_WAIT_OTHER; /* 0-RTT, or the server's hello comes late */
        side->protected = side->blind = true;
        tls_meet_obstacle(view, TLS_HANDSHAKE_NOT_CAPTURED);
        return STEP_ON;
    }
    return tls_change_cipher(view, direction) ? STEP_ON : STEP_WAIT_MORE;
}

static enum step take_record(struct channel_view *view, enum direction direction,
                             const struct record *record, size_t offset)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];
    enum step step = meet_protection(view, direction, record);
    struct tls_piece piece = { .direction = direction,
                               .type = record->type,
                               .bytes = record->body };

    if (step != STEP_ON || is_refused_early(memory, direction, record))
        return step;
    if (is_sealed(memory, side, record->type)) {
        if (side->blind)
            note_sealed(view, direction, record, offset);
        else
            step = take_sealed(view, direction, record, offset);
        let_go_if_blind(view);
        return step;
    }
    if (side->handshake_lost && record->type == TLS_HANDSHAKE)
        return STEP_ON;
    piece.evidence = channel_evidence(view, direction, offset);
    piece.offset = offset + HEADER_LENGTH;
    return take_clear(view, &piece) ? STEP_ON : STEP_WAIT_MORE;
}

/* ---- the walk ---- */

static bool is_needed(const struct tls_memory *memory, const struct tls_side *side,
                      const struct record *record)
{
    if (is_sealed(memory, side, record->type))
        return !side->blind;
    if (record->type == TLS_ALERT)
        return record->length == ALERT_LENGTH;
    return record->type == TLS_CHANGE_CIPHER_SPEC || !side->handshake_lost;
}

/* After a gap: bytes before the next that can be a record's header. */
static size_t find_record(const struct tls_memory *memory, struct slice bytes)
{
    struct record record;

    for (size_t i = 0; i + HEADER_LENGTH <= bytes.length; i++)
        if (read_record(slice_after(bytes, i), &record) && record.length > 0 &&
            (memory->session.version == 0 || memory->session.version >= TLS_1_3 ||
             record.version == memory->session.version))
            return i;
    return bytes.length < HEADER_LENGTH ? 0 : bytes.length - HEADER_LENGTH + 1;
}

static size_t take_v2_hello(struct channel_view *view, struct slice bytes, size_t *wanted)
{
    size_t length = 2 + ((size_t)(bytes.data[0] & 0x7f) << 8 | bytes.data[1]);

    if (bytes.length < length) {
        *wanted = length;
        return 0;
    }
    tls_take_v2_hello(view, slice_part(bytes, 2, length - 2),
                      channel_evidence(view, FROM_CLIENT, 0));
    return length;
}

static void begin(struct channel_view *view, enum direction direction)
{
    struct tls_memory *memory = memory_of(view);

    if (memory->begun)
        return;
    memory->begun = true;
    memory->session.alert = TLS_NO_ALERT;
    memory->first = channel_evidence(view, direction, 0);
}

/* Lengths that contradict one another: nothing after them can be trusted. */
static size_t give_up(struct channel_view *view, enum direction direction, size_t length)
{
    struct tls_side *side = tls_side(view, direction);

    side->broken = true;
    side->handshake_lost = true;
    buffer_release(&side->message);
    return length;
}

static size_t walk(struct channel_view *view, enum direction direction, struct slice bytes,
                   size_t *wanted)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];
    size_t used = 0;

    if (side->lost)
        used = find_record(memory, bytes);
    while (used < bytes.length && bytes.length - used >= HEADER_LENGTH) {
        struct record record;
        enum step step;

        if (!read_record(slice_after(bytes, used), &record))
            return give_up(view, direction, bytes.length);
        if (is_needed(memory, side, &record) && record.body.length < record.length) {
            *wanted = HEADER_LENGTH + record.length;
            return used;
        }
        side->lost = false;
        step = take_record(view, direction, &record, used);
        if (step != STEP_ON && bytes.length - used < WAITING_MAX) {
            *wanted = step == STEP_WAIT_OTHER ? SIZE_MAX : 0;
            return used;
        }
        used += HEADER_LENGTH + record.length;
    }
    return used;
}

static size_t tls_read(struct channel_view *view, enum direction direction, struct slice bytes,
                       size_t *wanted)
{
    struct tls_side *side = tls_side(view, direction);

    begin(view, direction);
    if (side->broken)
        return bytes.length;
    if (direction == FROM_CLIENT && !memory_of(view)->session.has_client_hello &&
        !side->handshake_lost && is_v2_hello(bytes))
        return take_v2_hello(view, bytes, wanted);
    return walk(view, direction, bytes, wanted);
}

static void tls_lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];

    begin(view, direction);
    side->lost = true;
    side->lost_bytes += bytes;
    side->pass = 0;
    buffer_release(&side->message);
    if (!side->protected)
        side->handshake_lost = true;
    if (memory->handshake && !side->blind)
        tls_meet_obstacle(view, view->truncated ? TLS_TRUNCATED_PACKETS : TLS_GAP);
    channel_pass_gap(memory->inner, direction, bytes);
}

/* ---- the end ---- */

static void note_end(struct channel_view *view, enum direction direction, struct evidence evidence)
{
    struct tls_memory *memory = memory_of(view);

    if (direction == FROM_CLIENT && evidence.packet)
        tls_note_client_end(memory, evidence);
    memory->sides[direction].ended = true;
}

static void tls_finish(struct channel_view *view, enum direction direction, struct slice rest,
                       enum stream_end end, struct evidence evidence)
{
    struct tls_memory *memory = memory_of(view);
    size_t wanted = 0;

    begin(view, direction);
    note_end(view, direction, evidence);
    if (!memory->sides[direction].broken) /* what waited for a key */
        (void)walk(view, direction, rest, &wanted);
    channel_pass_end(memory->inner, direction, end);
    if (memory->told)
        return;
    if (end != END_RESET && !(memory->sides[0].ended && memory->sides[1].ended))
        return;
    memory->told = true;
    tls_tell(view);
}

static void tls_release(struct channel_view *view)
{
    struct tls_memory *memory = memory_of(view);

    for (size_t i = 0; i < 2; i++) {
        buffer_release(&memory->sides[i].message);
        tls_opener_free(memory->sides[i].opener);
        digest_finish(memory->sides[i].digest, (uint8_t[32]){ 0 });
    }
    tls_handshake_release(view);
    if (view->options->certificates)
        certificate_store_give(view->options->certificates, memory->session.chain);
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
    if (first.data[0] < TLS_CHANGE_CIPHER_SPEC || first.data[0] > TLS_APPLICATION_DATA)
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
