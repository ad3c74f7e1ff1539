/* tls_protection.c: finds the keys of a connection and opens its records
 *
 * Up to TLS 1.2 a master secret comes from a key log, from the premaster
 * secret (an "RSA" line, or the server's private key), or is remembered from
 * the session that is resumed.  In TLS 1.3 each direction has a secret an
 * epoch, and a record that the present one does not open may be the first of
 * the next: its tag proves it.
 * RFC 5246 6.3, 7.1, 7.4.7.1; RFC 8446 4.4, 5.2, 7.2.
 */
#include "dissectors/tls.h"

enum {
    SKIPS_MAX = 512, /* records that a gap may have swallowed */
    RECORD_LENGTH_MIN = 5 + 17,
    FAILURES_MAX = 16,           /* records in a row that do not open */
    HANDSHAKE_RECORDS_MAX = 128, /* that may have to be passed over for want of their own secret */
};
#define WAIT_FOR_KEY_NS (5 * INT64_C(1000000000))

struct tls_trial {
    uint8_t *room;
    struct tls_plain *plain;
    bool any_key;
};

static struct tls_memory *memory_of(const struct channel_view *view)
{
    return view->memory;
}

void tls_meet_obstacle(struct channel_view *view, enum tls_obstacle obstacle)
{
    struct tls_memory *memory = memory_of(view);

    if (memory->obstacle == TLS_OBSTACLE_NONE)
        memory->obstacle = obstacle;
}

/* ---- why not ---- */

static struct tls_private_key *find_private_key(const struct channel_view *view)
{
    const struct certificate_chain *chain = memory_of(view)->session.chain;

    if (!chain || chain->count == 0 || chain->certificates[0]->key_sha256.length == 0)
        return NULL;
    return tls_secrets_find_private_key(tls_context_secrets(view->options->tls),
                                        chain->certificates[0]->key_sha256);
}

static bool has_private_keys(const struct tls_secrets *secrets)
{
    for (size_t i = 0; i < tls_secrets_source_count(secrets); i++)
        if (tls_secrets_source_at(secrets, i).is_private_key)
            return true;
    return false;
}

/* A private key was given that would have opened it, were the secret not ephemeral. In TLS 1.3, and
 * where the certificate is not there, whose it is cannot be seen. */
static bool is_forward_secret(const struct channel_view *view)
{
    const struct tls_memory *memory = memory_of(view);
    enum tls_exchange exchange = memory->handshake->agreement.suite.exchange;

    if (exchange == TLS_EXCHANGE_1_3 ||
        (exchange == TLS_EXCHANGE_EPHEMERAL && !memory->session.chain))
        return has_private_keys(tls_context_secrets(view->options->tls));
    return exchange == TLS_EXCHANGE_EPHEMERAL && find_private_key(view);
}

/* An RSA key is given, and what it needs was lost: the premaster secret, or the certificate that
 * tells whose it is. */
static bool lacks_messages(const struct channel_view *view)
{
    const struct tls_memory *memory = memory_of(view);

    if (memory->handshake->agreement.suite.exchange != TLS_EXCHANGE_RSA || memory->session.resumed)
        return false;
    if (!memory->session.chain)
        return memory->sides[FROM_SERVER].handshake_lost &&
               has_private_keys(tls_context_secrets(view->options->tls));
    return !memory->handshake->key_exchanged && memory->sides[FROM_CLIENT].handshake_lost &&
           find_private_key(view);
}

static enum tls_obstacle why_no_key(const struct channel_view *view)
{
    const struct tls_memory *memory = memory_of(view);
    const struct tls_handshake *handshake = memory->handshake;

    if (!memory->session.has_client_hello || !memory->session.has_server_hello)
        return tls_handshake_obstacle(view);
    if (!handshake)
        return TLS_NO_KEY;
    if (!handshake->agreement.suite.prf)
        return TLS_UNSUPPORTED_CIPHER;
    if (lacks_messages(view))
        return view->truncated ? TLS_TRUNCATED_PACKETS : TLS_GAP;
    return is_forward_secret(view) ? TLS_FORWARD_SECRECY : TLS_NO_KEY;
}

static enum tls_opening go_blind(struct channel_view *view, struct tls_side *side,
                                 enum tls_obstacle obstacle)
{
    tls_meet_obstacle(view, obstacle);
    side->blind = true;
    tls_opener_free(side->opener);
    side->opener = NULL;
    return TLS_NOT_OPENED;
}

/* A key log that is followed may get the line a moment after the packets. */
static bool may_still_come(struct channel_view *view, struct tls_side *side)
{
    struct tls_secrets *secrets = tls_context_secrets(view->options->tls);

    if (!secrets || !tls_secrets_are_followed(secrets) || side->ended || side->hurried)
        return false;
    if (side->waiting_since_ns == 0)
        side->waiting_since_ns = view->now_ns;
    return view->now_ns - side->waiting_since_ns < WAIT_FOR_KEY_NS;
}

/* ---- up to TLS 1.2 ---- */

static bool take_master(struct tls_handshake *handshake, struct slice secret)
{
    for (size_t i = 0; secret.length == TLS_MASTER_LENGTH && i < TLS_MASTER_LENGTH; i++)
        handshake->master[i] = secret.data[i];
    handshake->has_master = secret.length == TLS_MASTER_LENGTH;
    return handshake->has_master;
}

static bool take_logged_master(const struct channel_view *view, struct tls_handshake *handshake)
{
    struct slice random = slice_of(handshake->agreement.client_random, TLS_RANDOM_LENGTH);

    return take_master(handshake, tls_secrets_find(tls_context_secrets(view->options->tls),
                                                   TLS_LABEL_CLIENT_RANDOM, random));
}

static bool find_master(const struct channel_view *view, struct tls_handshake *handshake)
{
    struct tls_context *context = view->options->tls;
    struct slice session = slice_of(handshake->session_id, handshake->session_id_length);

    if (handshake->has_master || take_logged_master(view, handshake) ||
        take_master(handshake, tls_secrets_find_session(tls_context_secrets(context), session)))
        return true;
    handshake->has_master = tls_context_recall(context, session, handshake->master) ||
                            tls_context_recall(context, handshake->ticket, handshake->master);
    return handshake->has_master;
}

/* Two bytes of length stand before it, but not in SSL 3.0. */
static struct slice encrypted_premaster(const struct tls_handshake *handshake, struct slice body)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    struct slice premaster;

    if (handshake->agreement.version == TLS_SSL_3_0)
        return body;
    premaster = cursor_bytes(&in, cursor_u16(&in));
    return reading.state == READ_OK ? premaster : SLICE_EMPTY;
}

static void forget_messages(struct tls_handshake *handshake)
{
    buffer_release(&handshake->messages);
    handshake->keeps_messages = false;
}

void tls_take_key_exchange(struct channel_view *view, struct slice body)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_private_key *key;
    struct slice encrypted, premaster;
    uint8_t opened[TLS_MASTER_LENGTH];

    if (handshake)
        handshake->key_exchanged = true;
    if (!handshake || handshake->has_master || !handshake->has_server_hello ||
        handshake->agreement.suite.exchange != TLS_EXCHANGE_RSA)
        return;
    /* Logs often hold both: the line of this very connection needs no deriving. */
    if (take_logged_master(view, handshake)) {
        tls_private_key_spare(find_private_key(view));
        forget_messages(handshake);
        return;
    }
    encrypted = encrypted_premaster(handshake, body);
    premaster = tls_secrets_find_premaster(tls_context_secrets(view->options->tls), encrypted);
    key = premaster.length == 0 ? find_private_key(view) : NULL;
    if (key && tls_private_key_open(key, encrypted, opened))
        premaster = slice_of(opened, sizeof opened);
    if (premaster.length > 0)
        handshake->has_master =
            tls_derive_master(tls_context_crypto(view->options->tls), &handshake->agreement,
                              premaster, buffer_slice(&handshake->messages), handshake->master);
    tls_crypto_wipe(opened, sizeof opened);
    forget_messages(handshake);
}

void tls_remember_ticket(struct channel_view *view, struct slice ticket)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;

    if (handshake->has_server_hello && find_master(view, handshake))
        tls_context_remember(view->options->tls, ticket, handshake->master);
}

static bool make_opener(struct channel_view *view, enum direction direction)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_crypto *crypto = tls_context_crypto(view->options->tls);
    struct tls_side *side = tls_side(view, direction);

    tls_opener_free(side->opener);
    side->opener = NULL;
    if (!handshake->has_keys)
        handshake->has_keys =
            tls_derive_keys(crypto, &handshake->agreement,
                            slice_of(handshake->master, TLS_MASTER_LENGTH), handshake->keys);
    if (handshake->has_keys)
        side->opener = tls_opener_create(crypto, &handshake->keys[direction]);
    return side->opener != NULL;
}

/* Packets may have been captured in another order: the ClientKeyExchange comes before what the
 * server says under its keys. */
static bool awaits_key_exchange(const struct channel_view *view, enum direction direction)
{
    const struct tls_memory *memory = memory_of(view);
    const struct tls_side *client = &memory->sides[FROM_CLIENT];

    return direction == FROM_SERVER && memory->full && memory->handshake->has_server_hello &&
           !memory->handshake->key_exchanged && !client->ended && !client->handshake_lost &&
           !memory->sides[FROM_SERVER].ended && !memory->sides[FROM_SERVER].hurried;
}

bool tls_change_cipher(struct channel_view *view, enum direction direction)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_side *side = tls_side(view, direction);

    if (!handshake || !handshake->has_server_hello || !handshake->agreement.suite.prf ||
        !find_master(view, handshake)) {
        if (handshake && (awaits_key_exchange(view, direction) ||
                          (handshake->has_server_hello && may_still_come(view, side))))
            return false;
        side->protected = true;
        go_blind(view, side, why_no_key(view));
        return true;
    }
    side->protected = true;
    side->waiting_since_ns = 0;
    if (!make_opener(view, direction))
        go_blind(view, side, TLS_UNSUPPORTED_CIPHER);
    else
        tls_context_remember(view->options->tls,
                             slice_of(handshake->session_id, handshake->session_id_length),
                             handshake->master);
    return true;
}

/* ---- TLS 1.3 ---- */

static enum tls_label label_of(enum direction direction, enum tls_epoch epoch)
{
    if (epoch == TLS_EPOCH_EARLY)
        return TLS_LABEL_CLIENT_EARLY_TRAFFIC_SECRET;
    if (epoch == TLS_EPOCH_HANDSHAKE)
        return direction == FROM_CLIENT ? TLS_LABEL_CLIENT_HANDSHAKE_TRAFFIC_SECRET
                                        : TLS_LABEL_SERVER_HANDSHAKE_TRAFFIC_SECRET;
    return direction == FROM_CLIENT ? TLS_LABEL_CLIENT_TRAFFIC_SECRET_0
                                    : TLS_LABEL_SERVER_TRAFFIC_SECRET_0;
}

static struct tls_opener *open_traffic(struct channel_view *view, struct slice secret)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_opener *opener = NULL;
    struct tls_keys keys;

    if (tls_derive_traffic_keys(&handshake->agreement.suite, secret, &keys))
        opener = tls_opener_create(tls_context_crypto(view->options->tls), &keys);
    tls_crypto_wipe(&keys, sizeof keys);
    return opener;
}

/* NULL: there is no secret for that epoch. */
static struct tls_opener *make_epoch_opener(struct channel_view *view, enum direction direction,
                                            enum tls_epoch epoch)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct slice random = slice_of(handshake->agreement.client_random, TLS_RANDOM_LENGTH);
    struct slice secret = tls_secrets_find(tls_context_secrets(view->options->tls),
                                           label_of(direction, epoch), random);

    if (secret.length == 0 || secret.length > TLS_HASH_MAX)
        return NULL;
    for (size_t i = 0; i < secret.length; i++)
        handshake->secrets[direction][i] = secret.data[i];
    handshake->secret_length[direction] = secret.length;
    return open_traffic(view, secret);
}

void tls_enter_epoch(struct channel_view *view, enum direction direction, enum tls_epoch epoch)
{
    struct tls_side *side = tls_side(view, direction);

    side->protected = true;
    side->epoch = epoch;
    tls_opener_free(side->opener);
    side->opener = NULL;
}

void tls_update_keys(struct channel_view *view, enum direction direction)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_side *side = tls_side(view, direction);

    if (!handshake || !side->opener || side->epoch != TLS_EPOCH_APPLICATION)
        return;
    tls_opener_free(side->opener);
    side->opener = NULL;
    if (tls_update_secret(&handshake->agreement.suite, handshake->secrets[direction],
                          handshake->secret_length[direction]))
        side->opener = open_traffic(
            view, slice_of(handshake->secrets[direction], handshake->secret_length[direction]));
    if (!side->opener)
        go_blind(view, side, TLS_UNSUPPORTED_CIPHER);
}

/* ---- opening ---- */

/* After a gap the record's number is not known, but bounded by the bytes that are missing. */
static bool open_somewhere(struct tls_side *side, struct tls_opener *opener,
                           const struct tls_sealed *sealed, uint8_t *room, struct tls_plain *plain)
{
    uint64_t sequence = tls_opener_sequence(opener);
    uint64_t skips = side->lost_bytes ? side->lost_bytes / RECORD_LENGTH_MIN + 1 : 0;

    if (skips > SKIPS_MAX)
        skips = SKIPS_MAX;
    if (!tls_opener_can_seek(opener))
        skips = 0;
    for (uint64_t i = 0; i <= skips; i++) {
        if (i > 0)
            tls_opener_seek(opener, sequence + i);
        if (!tls_opener_open(opener, sealed, room, plain))
            continue;
        side->lost_bytes = 0;
        side->skipped = i;
        side->failures = 0;
        return true;
    }
    tls_opener_seek(opener, sequence);
    return false;
}

/* There is a key, and the record does not open. The first one proves the key wrong; later ones may
 * be damaged. */
static enum tls_opening fail(struct channel_view *view, struct tls_side *side)
{
    enum tls_obstacle lost = view->truncated ? TLS_TRUNCATED_PACKETS : TLS_GAP;
    enum tls_obstacle obstacle = side->lost_bytes > 0 ? lost : TLS_KEY_DOES_NOT_MATCH;

    if (!side->opener || !tls_opener_can_seek(side->opener) ||
        (tls_opener_sequence(side->opener) == 0 && side->lost_bytes == 0) ||
        ++side->failures > FAILURES_MAX)
        return go_blind(view, side, obstacle);
    if (side->lost_bytes == 0)
        tls_opener_seek(side->opener, tls_opener_sequence(side->opener) + 1);
    tls_meet_obstacle(view, obstacle);
    return TLS_NOT_OPENED;
}

static bool waits_for_early_answer(const struct channel_view *view, const struct tls_side *side)
{
    const struct tls_memory *memory = memory_of(view);
    const struct tls_side *server = &memory->sides[FROM_SERVER];

    return side->epoch == TLS_EPOCH_EARLY && !memory->handshake->early_known && !server->blind &&
           !server->ended && !server->handshake_lost && !side->hurried;
}

/* Tries the epoch the direction is in, then those that may have begun unseen. */
static bool open_in_epochs(struct channel_view *view, enum direction direction,
                           const struct tls_sealed *sealed, struct tls_trial *trial)
{
    struct tls_side *side = tls_side(view, direction);

    for (enum tls_epoch epoch = side->epoch; epoch <= TLS_EPOCH_APPLICATION; epoch++) {
        bool present = epoch == side->epoch;
        struct tls_opener *opener = present ? side->opener : NULL;

        if (!opener)
            opener = make_epoch_opener(view, direction, epoch);
        if (!opener)
            continue;
        trial->any_key = true;
        if (present)
            side->opener = opener;
        if (open_somewhere(side, opener, sealed, trial->room, trial->plain)) {
            if (!present)
                tls_opener_free(side->opener);
            side->opener = opener;
            side->epoch = epoch;
            return true;
        }
        if (!present)
            tls_opener_free(opener);
    }
    return false;
}

static enum tls_opening open_1_3(struct channel_view *view, enum direction direction,
                                 const struct tls_sealed *sealed, struct tls_trial *trial)
{
    struct tls_side *side = tls_side(view, direction);

    if (waits_for_early_answer(view, side))
        return TLS_NOT_YET;
    if (open_in_epochs(view, direction, sealed, trial)) {
        side->waiting_since_ns = 0;
        return TLS_OPENED;
    }
    if (!trial->any_key)
        return may_still_come(view, side) ? TLS_NOT_YET : go_blind(view, side, why_no_key(view));
    if (side->epoch == TLS_EPOCH_EARLY) { /* 0-RTT, and there is no secret for it */
        if (memory_of(view)->handshake->early_accepted)
            tls_meet_obstacle(view, TLS_NO_KEY);
        return TLS_NOT_OPENED;
    }
    if (!side->opener) /* the handshake's secret is not there, that of the data is */
        return ++side->failures > HANDSHAKE_RECORDS_MAX
                   ? go_blind(view, side, TLS_KEY_DOES_NOT_MATCH)
                   : TLS_NOT_OPENED;
    return fail(view, side);
}

enum tls_opening tls_open_record(struct channel_view *view, enum direction direction,
                                 const struct tls_sealed *sealed, uint8_t *room,
                                 struct tls_plain *plain)
{
    struct tls_handshake *handshake = memory_of(view)->handshake;
    struct tls_side *side = tls_side(view, direction);
    struct tls_trial trial = { .room = room, .plain = plain };

    if (side->blind)
        return TLS_NOT_OPENED;
    if (side->opener &&
        memory_of(view)->session.version < TLS_1_3) /* perhaps for a handshake anew */
        return open_somewhere(side, side->opener, sealed, room, plain) ? TLS_OPENED
                                                                       : fail(view, side);
    if (!handshake || !handshake->has_server_hello || !handshake->agreement.suite.prf)
        return go_blind(view, side, why_no_key(view));
    return handshake->agreement.version >= TLS_1_3 ? open_1_3(view, direction, sealed, &trial)
                                                   : fail(view, side);
}
