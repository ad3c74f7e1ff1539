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
    ALERT_LENGTH = 2, /* in the clear; encrypted ones are longer */
    V2_SERVER_HELLO = 4,
    SEALED_ALERT_LENGTH = 24, /* TLS 1.3: longer records of a client hold data */
    WAITING_MAX = 256 << 10,  /* bytes that wait for a key, or for the other side */
};

enum step { STEP_ON, STEP_WAIT_KEY, STEP_WAIT_OTHER };

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

/* Up to TLS 1.2 its type says so; in TLS 1.3 what is so short, behind the client's Finished. */
static bool is_like_alert(const struct tls_session *session, enum direction direction,
                          const struct tls_record *record)
{
    if (session->version < TLS_1_3)
        return record->type == TLS_ALERT;
    return record->type == TLS_APPLICATION_DATA && direction == FROM_CLIENT &&
           session->client_records > 0 && record->length <= SEALED_ALERT_LENGTH;
}

static void note_sealed(struct channel_view *view, enum direction direction,
                        const struct tls_record *record, size_t offset)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_session *session = &memory->session;

    if (memory->sides[direction].blind && is_like_alert(session, direction, record))
        tls_note_goodbye(view, direction, channel_evidence(view, direction, offset));

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
    if (session->version < TLS_1_3 || memory->sides[direction].blind) /* else it was read */
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
    return side->waiting_since_ns ? STEP_WAIT_KEY : STEP_WAIT_OTHER;
}

/* The next record's number tells whether records were lost, or only what lies between them. */
static void settle_gap(struct channel_view *view, enum direction direction, bool lost_data)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];

    if (side->untold > 0 && lost_data && memory->handshake) {
        tls_meet_obstacle(view, view->truncated ? TLS_TRUNCATED_PACKETS : TLS_GAP);
        channel_pass_gap(memory->inner, direction, side->untold);
    }
    side->untold = 0;
}

/* One that does not open. What is inside misses it, unless it was of the handshake. */
static void miss_sealed(struct channel_view *view, enum direction direction,
                        const struct tls_record *record, size_t offset)
{
    const struct tls_memory *memory = memory_of(view);
    const struct tls_side *side = &memory->sides[direction];
    bool data =
        record->type == TLS_APPLICATION_DATA &&
        (side->blind || memory->session.version < TLS_1_3 || side->epoch == TLS_EPOCH_APPLICATION);

    note_sealed(view, direction, record, offset);
    settle_gap(view, direction, data);
    if (data)
        channel_pass_gap(memory->inner, direction, record->length);
}

static enum step take_sealed(struct channel_view *view, enum direction direction,
                             const struct tls_record *record, size_t offset)
{
    struct tls_side *side = tls_side(view, direction);
    struct tls_sealed sealed = { record->type, record->version, record->body };
    struct tls_plain plain = { 0 };
    uint8_t *room = memory_take(view->budget, record->length + 1);
    enum tls_opening opening =
        room ? tls_open_record(view, direction, &sealed, room, &plain) : TLS_NOT_OPENED;

    if (opening == TLS_OPENED)
        settle_gap(view, direction, side->skipped > 0);
    if (opening == TLS_OPENED && !is_void(memory_of(view), side)) {
        struct tls_piece piece = { .direction = direction,
                                   .type = plain.type,
                                   .bytes = plain.bytes,
                                   .evidence = channel_evidence(view, direction, offset),
                                   .offset = offset + TLS_HEADER_LENGTH + plain.offset,
                                   .encrypted = true };

        (void)take_clear(view, &piece);
    }
    if (room) {
        tls_crypto_wipe(room, record->length);
        memory_give(view->budget, room, record->length + 1);
    }
    if (opening == TLS_NOT_YET)
        return wait_for_key(side);
    if (opening == TLS_OPENED)
        memory_of(view)->key_proved = true;
    if (opening == TLS_NOT_OPENED)
        miss_sealed(view, direction, record, offset);
    else
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
                             const struct tls_record *record)
{
    return memory->retried && !memory->session.has_server_hello && direction == FROM_CLIENT &&
           record->type == TLS_APPLICATION_DATA;
}

/* A direction whose ChangeCipherSpec was lost. */
static enum step meet_protection(struct channel_view *view, enum direction direction,
                                 const struct tls_record *record)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];

    if (side->protected || record->type != TLS_APPLICATION_DATA)
        return STEP_ON;
    if (!memory->session.has_server_hello) {
        side->protected = side->blind = true;
        tls_meet_obstacle(view, tls_handshake_obstacle(view));
        return STEP_ON;
    }
    return tls_change_cipher(view, direction) ? STEP_ON : wait_for_key(side);
}

/* Packets may have been captured in another order: what follows the ClientHello is an answer. An
 * alert is not, nor is what follows a HelloRetryRequest. */
static bool awaits_server(const struct tls_memory *memory, enum direction direction,
                          const struct tls_record *record)
{
    const struct tls_side *server = &memory->sides[FROM_SERVER];

    return direction == FROM_CLIENT && record->type != TLS_ALERT && !memory->retried &&
           memory->session.has_client_hello && !memory->session.has_server_hello &&
           !server->ended && !server->handshake_lost && !memory->sides[FROM_CLIENT].ended &&
           !memory->sides[FROM_CLIENT].hurried;
}

/* Likewise where the ServerHello comes first: a tap with two ports, merged by the clock. */
static bool awaits_client(const struct channel_view *view, enum direction direction,
                          const struct tls_record *record)
{
    const struct tls_memory *memory = view->memory;
    const struct tls_side *client = &memory->sides[FROM_CLIENT];

    return direction == FROM_SERVER && view->from_start && record->type == TLS_HANDSHAKE &&
           !memory->session.has_client_hello && !client->ended && !client->handshake_lost &&
           !memory->sides[FROM_SERVER].ended && !memory->sides[FROM_SERVER].hurried;
}

static enum step take_record(struct channel_view *view, enum direction direction,
                             const struct tls_record *record, size_t offset)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];
    enum step step;
    struct tls_piece piece = { .direction = direction,
                               .type = record->type,
                               .bytes = record->body };

    if (is_refused_early(memory, direction, record))
        return STEP_ON;
    step = awaits_server(memory, direction, record) || awaits_client(view, direction, record)
               ? STEP_WAIT_OTHER
               : meet_protection(view, direction, record);
    if (step != STEP_ON)
        return step;
    if (is_sealed(memory, side, record->type)) {
        if (side->blind)
            miss_sealed(view, direction, record, offset);
        else
            step = take_sealed(view, direction, record, offset);
        let_go_if_blind(view);
        return step;
    }
    if (side->handshake_lost && record->type == TLS_HANDSHAKE)
        return STEP_ON;
    piece.evidence = channel_evidence(view, direction, offset);
    piece.offset = offset + TLS_HEADER_LENGTH;
    return take_clear(view, &piece) ? STEP_ON : wait_for_key(side);
}

/* ---- the walk ---- */

static bool is_needed(const struct tls_memory *memory, const struct tls_side *side,
                      const struct tls_record *record)
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
    struct tls_record record;

    for (size_t i = 0; i + TLS_HEADER_LENGTH <= bytes.length; i++)
        if (tls_read_record(slice_after(bytes, i), &record) && record.length > 0 &&
            (memory->session.version == 0 || memory->session.version >= TLS_1_3 ||
             record.version == memory->session.version))
            return i;
    return bytes.length < TLS_HEADER_LENGTH ? 0 : bytes.length - TLS_HEADER_LENGTH + 1;
}

/* Of a message in SSL 2.0 form, its header with it; 0: it is not here in full. */
static size_t v2_length(struct slice bytes, size_t *wanted)
{
    size_t length = 2 + ((size_t)(bytes.data[0] & 0x7f) << 8 | bytes.data[1]);

    if (bytes.length >= length)
        return length;
    *wanted = length;
    return 0;
}

static size_t take_v2_hello(struct channel_view *view, struct slice bytes, size_t *wanted)
{
    size_t length = v2_length(bytes, wanted);

    if (length == 0)
        return 0;
    tls_take_v2_hello(view, slice_part(bytes, 2, length - 2),
                      channel_evidence(view, FROM_CLIENT, 0));
    return length;
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

/* SERVER-HELLO of SSL 2.0: the answer of a server that knows nothing newer. What follows is not
 * read. */
static size_t take_v2_answer(struct channel_view *view, struct slice bytes, size_t *wanted)
{
    size_t length = v2_length(bytes, wanted);

    if (length == 0)
        return 0;
    tls_take_v2_answer(view, slice_part(bytes, 2, length - 2),
                       channel_evidence(view, FROM_SERVER, 0));
    return give_up(view, FROM_SERVER, bytes.length);
}

static bool is_v2_answer(const struct tls_memory *memory, struct slice bytes)
{
    return memory->v2_hello && !memory->session.has_server_hello && bytes.length > 2 &&
           bytes.data[0] & 0x80 && bytes.data[2] == V2_SERVER_HELLO;
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

/* What the server says first is no record. */
static void note_other_protocol(struct channel_view *view, enum direction direction,
                                struct slice bytes)
{
    struct tls_session *session = &memory_of(view)->session;
    const struct tls_side *side = tls_side(view, direction);

    if (direction == FROM_SERVER && !session->has_server_hello && !side->records &&
        !side->handshake_lost && !side->lost && bytes.length > 0 &&
        (bytes.data[0] < TLS_CHANGE_CIPHER_SPEC || bytes.data[0] > TLS_APPLICATION_DATA) &&
        !session->not_tls.packet)
        session->not_tls = channel_evidence(view, direction, 0);
}

static size_t walk(struct channel_view *view, enum direction direction, struct slice bytes,
                   size_t *wanted)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];
    size_t used = 0;

    if (side->lost)
        used = find_record(memory, bytes);
    while (used < bytes.length && bytes.length - used >= TLS_HEADER_LENGTH) {
        struct tls_record record;
        enum step step;

        if (!tls_read_record(slice_after(bytes, used), &record)) {
            if (memory->sides[FROM_CLIENT].protected || memory->sides[FROM_SERVER].protected)
                tls_meet_obstacle(view, TLS_GAP);
            note_other_protocol(view, direction, slice_after(bytes, used));
            return give_up(view, direction, bytes.length);
        }
        if (is_needed(memory, side, &record) && record.body.length < record.length) {
            *wanted = TLS_HEADER_LENGTH + record.length;
            return used;
        }
        side->lost = false;
        side->records = true;
        side->hurried = side->hurried || bytes.length - used >= WAITING_MAX;
        step = take_record(view, direction, &record, used);
        if (step != STEP_ON) {
            *wanted = step == STEP_WAIT_OTHER ? SIZE_MAX : WANTS_TIME;
            return used;
        }
        used += TLS_HEADER_LENGTH + record.length;
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
        !side->handshake_lost && tls_is_v2_hello(bytes))
        return take_v2_hello(view, bytes, wanted);
    if (direction == FROM_SERVER && is_v2_answer(memory_of(view), bytes))
        return take_v2_answer(view, bytes, wanted);
    return walk(view, direction, bytes, wanted);
}

static void tls_lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    struct tls_memory *memory = memory_of(view);
    struct tls_side *side = &memory->sides[direction];

    begin(view, direction);
    side->lost = memory->lost_any = true;
    side->lost_bytes += bytes;
    side->pass = 0;
    buffer_release(&side->message);
    if (!side->protected)
        side->handshake_lost = side->hole = true;
    side->untold += bytes;
}

/* ---- the end ---- */

static void note_end(struct channel_view *view, enum direction direction, struct evidence evidence)
{
    struct tls_memory *memory = memory_of(view);

    if (evidence.packet)
        tls_note_leaving(memory, direction, evidence);
    memory->sides[direction].ended = true;
}

static void tls_finish(struct channel_view *view, enum direction direction, struct slice rest,
                       enum stream_end end, struct evidence evidence)
{
    struct tls_memory *memory = memory_of(view);
    size_t wanted = 0;

    begin(view, direction);
    note_end(view, direction, evidence);
    if (!memory->sides[direction].broken) { /* what waited for a key */
        (void)walk(view, direction, rest, &wanted);
        note_other_protocol(view, direction, rest);
    }
    settle_gap(view, direction, true);
    channel_pass_end(memory->inner, direction, end);
    if (memory->told)
        return;
    if (!memory->sides[0].ended || !memory->sides[1].ended)
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

const struct dissector tls_dissector = {
    .name = "tls",
    .memory_size = sizeof(struct tls_memory),
    .recognizes = tls_recognizes,
    .read = tls_read,
    .lose = tls_lose,
    .finish = tls_finish,
    .release = tls_release,
};
