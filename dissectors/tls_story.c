/* tls_story.c: what is told of a connection's TLS
 *
 * Most clients that dislike a certificate say so by finishing the handshake
 * and closing without a word, so what the client did not say is told too.
 */
#include "dissectors/tls.h"

enum {
    ALERT_LENGTH = 2,
    CLOSE_NOTIFY = 0,
    USER_CANCELED = 90,
};

static struct event make_event(struct channel_view *view, enum event_kind kind)
{
    struct tls_memory *memory = view->memory;
    struct event event = {
        .kind = kind,
        .evidence = memory->session.has_client_hello ? memory->session.hello : memory->first,
        .noticed_ns = view->now_ns,
        .flow = view->flow,
        .tls = memory->session,
    };

    event.tls.client = view->client;
    event.tls.server = view->server;
    event.tls.alerts = memory->alerts;
    return event;
}

void tls_tell_hello(struct channel_view *view)
{
    struct event event = make_event(view, EVENT_TLS_HELLO);

    view->sink.receive(view->sink.context, &event);
}

/* ---- how much was decrypted ---- */

enum tls_obstacle tls_handshake_obstacle(const struct channel_view *view)
{
    const struct tls_memory *memory = view->memory;
    bool lost = memory->sides[FROM_CLIENT].hole || memory->sides[FROM_SERVER].hole;

    if (lost && view->truncated)
        return TLS_TRUNCATED_PACKETS;
    return lost && memory->session.has_client_hello && memory->session.has_server_hello
               ? TLS_GAP
               : TLS_HANDSHAKE_NOT_CAPTURED;
}

/* It was ended by an alert. In TLS 1.3 the handshake's own records look like data. */
static bool ended_in_alert(const struct tls_memory *memory)
{
    const struct tls_session *session = &memory->session;
    bool data = session->client_records + session->server_records > 0;

    return session->alert != TLS_NO_ALERT && session->alert_level == TLS_FATAL &&
           memory->sides[FROM_CLIENT].opened + memory->sides[FROM_SERVER].opened == 0 &&
           (!data || (session->version >= TLS_1_3 && !session->client_finished));
}

/* The right key no longer fits: keys were changed in what was lost. Or what agrees on the next ones
 * comes in the wrong order, which is as good as lost. */
static enum tls_obstacle weigh(const struct channel_view *view, enum tls_obstacle obstacle)
{
    const struct tls_memory *memory = view->memory;

    if (memory->key_proved && ((memory->lost_any && obstacle == TLS_KEY_DOES_NOT_MATCH) ||
                               obstacle == TLS_UNSUPPORTED_CIPHER))
        return view->truncated ? TLS_TRUNCATED_PACKETS : TLS_GAP;
    return obstacle;
}

static enum tls_obstacle find_obstacle(const struct channel_view *view)
{
    const struct tls_memory *memory = view->memory;
    const struct tls_session *session = &memory->session;
    bool lost = memory->sides[FROM_CLIENT].hole || memory->sides[FROM_SERVER].hole;
    bool data = session->client_records + session->server_records > 0;

    if (ended_in_alert(memory))
        return TLS_HANDSHAKE_FAILED;
    if (memory->obstacle != TLS_OBSTACLE_NONE)
        return weigh(view, memory->obstacle);
    if (!session->has_client_hello || !session->has_server_hello)
        return data || lost ? tls_handshake_obstacle(view) : TLS_HANDSHAKE_FAILED;
    if (!memory->sides[FROM_CLIENT].protected && !memory->sides[FROM_SERVER].protected)
        return lost ? tls_handshake_obstacle(view) : TLS_HANDSHAKE_FAILED;
    return TLS_OBSTACLE_NONE;
}

static void judge_decryption(const struct channel_view *view, struct tls_session *session)
{
    const struct tls_memory *memory = view->memory;
    bool any = memory->sides[FROM_CLIENT].opened + memory->sides[FROM_SERVER].opened > 0;

    session->obstacle = find_obstacle(view);
    session->decrypted = session->obstacle == TLS_OBSTACLE_NONE ? TLS_DECRYPTED_ALL
                         : any                                  ? TLS_DECRYPTED_PART
                                                                : TLS_DECRYPTED_NONE;
}

void tls_tell(struct channel_view *view)
{
    struct tls_memory *memory = view->memory;
    struct event event = make_event(view, EVENT_TLS);

    judge_decryption(view, &event.tls);
    event.tls.lost = memory->lost_any || view->truncated;
    if (!event.tls.has_client_hello || event.tls.has_server_hello || event.tls.lost)
        event.tls.not_tls = (struct evidence){ 0 }; /* it cannot be told */
    event.tls.client_silent = event.tls.decrypted == TLS_DECRYPTED_ALL
                                  ? event.tls.client_bytes == 0
                                  : !memory->client_spoke && event.tls.client_bytes == 0;
    if (view->options->everything && event.tls.decrypted != TLS_DECRYPTED_NONE) {
        event.tls.has_sha256 = true;
        for (size_t i = 0; i < 2; i++) {
            struct tls_side *side = &memory->sides[i];

            if (!side->digest)
                side->digest = digest_create(); /* of nothing */
            digest_finish(side->digest,
                          i == FROM_CLIENT ? event.tls.client_sha256 : event.tls.server_sha256);
            side->digest = NULL;
        }
    }
    view->sink.receive(view->sink.context, &event);
}

/* ---- alerts ---- */

/* The first fatal one decided; without one the last that was no good-bye. */
static void note_decisive(struct tls_session *session, const struct tls_alert *alert)
{
    bool have = session->alert != TLS_NO_ALERT;

    if (have && (session->alert_level == TLS_FATAL ||
                 (alert->description == CLOSE_NOTIFY && session->alert != CLOSE_NOTIFY)))
        return;
    session->alert = alert->description;
    session->alert_level = alert->level;
    session->alert_from_server = alert->from_server;
    session->alert_evidence = alert->evidence;
}

void tls_note_leaving(struct tls_memory *memory, enum direction direction, struct evidence evidence)
{
    const struct tls_side *server = &memory->sides[FROM_SERVER];

    if (direction != FROM_CLIENT || memory->session.client_ended || server->ended ||
        server->goodbye)
        return;
    memory->session.client_ended = true;
    memory->session.client_end = evidence;
}

void tls_note_goodbye(struct channel_view *view, enum direction direction, struct evidence evidence)
{
    struct tls_memory *memory = view->memory;

    tls_note_leaving(memory, direction, evidence);
    memory->sides[direction].goodbye = true;
}

void tls_take_alert(struct channel_view *view, const struct tls_piece *piece)
{
    struct tls_memory *memory = view->memory;
    struct tls_session *session = &memory->session;
    struct tls_alert alert = {
        .from_server = piece->direction == FROM_SERVER,
        .encrypted = piece->encrypted,
        .evidence = piece->evidence,
    };

    if (piece->bytes.length != ALERT_LENGTH)
        return;
    alert.level = piece->bytes.data[0];
    alert.description = piece->bytes.data[1];
    if (alert.level < 1 || alert.level > TLS_FATAL)
        return;
    /* TLS 1.3 has no use for the level: all but two descriptions are fatal. RFC 8446 6 */
    if (session->version >= TLS_1_3 && alert.description != CLOSE_NOTIFY &&
        alert.description != USER_CANCELED)
        alert.level = TLS_FATAL;
    if (alert.level == TLS_FATAL || alert.description == CLOSE_NOTIFY)
        tls_note_goodbye(view, piece->direction, piece->evidence);
    note_decisive(session, &alert);
    if (session->alert_count < TLS_ALERTS_MAX)
        memory->alerts[session->alert_count++] = alert;
}
