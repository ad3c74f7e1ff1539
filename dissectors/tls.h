/* tls.h: one connection's TLS, as the files tls_*.c share it
 *
 * tls_record.c walks records, tls_handshake.c puts messages together and
 * follows them, tls_certificates.c reads those about certificates,
 * tls_protection.c finds keys and opens records, tls_data.c passes on what was
 * inside, tls_story.c tells it.
 */
#ifndef LYNCSCOPE_DISSECTORS_TLS_H
#define LYNCSCOPE_DISSECTORS_TLS_H

#include "dissectors/digest.h"
#include "dissectors/tls_context.h"
#include "dissectors/tls_hello.h"
#include "lyncscope/dissector.h"

enum {
    TLS_HEADER_LENGTH = 5,
    TLS_ALERTS_MAX = 8,
    TLS_SESSION_ID_MAX = 32,
};

enum tls_content {
    TLS_CHANGE_CIPHER_SPEC = 20,
    TLS_ALERT = 21,
    TLS_HANDSHAKE = 22,
    TLS_APPLICATION_DATA = 23,
    TLS_HEARTBEAT = 24, /* RFC 6520 */
};

/* Which keys protect what a side of TLS 1.3 sends. */
enum tls_epoch { TLS_EPOCH_EARLY, TLS_EPOCH_HANDSHAKE, TLS_EPOCH_APPLICATION };

struct tls_side {
    struct buffer message; /* a handshake message while its records come */
    uint64_t pass;         /* bytes of a message that nobody reads, still to come */
    struct evidence begins;
    struct tls_opener *opener;
    enum tls_epoch epoch;
    bool protected;      /* its records are encrypted from here on */
    bool blind;          /* and there is no key for them */
    bool lost;           /* where the next record begins is not known */
    bool broken;         /* its records contradict themselves: nothing after can be read */
    bool records;        /* at least one record of it was read */
    bool hole;           /* a part of its handshake was not captured */
    bool handshake_lost; /* some of its messages were not captured, or make no sense */
    bool ended;
    bool goodbye;             /* it sent an alert, read or not */
    uint64_t lost_bytes;      /* since the last record that was read */
    uint64_t untold;          /* of these, what the inside has not been told of: perhaps no data */
    uint64_t skipped;         /* records that the one just opened proves to be missing */
    unsigned failures;        /* records in a row that did not open */
    uint64_t opened;          /* application data records */
    bool hurried;             /* too many bytes wait: nothing more is waited for */
    int64_t waiting_since_ns; /* for a key that may still be logged; 0: not */
    struct digest *digest;
};

/* What is needed only to derive keys; forgotten when no key will be derived any more. */
struct tls_handshake {
    struct tls_agreement agreement;
    bool has_server_hello, has_master, key_exchanged;
    bool early_data;     /* the client attempts 0-RTT */
    bool early_accepted; /* as EncryptedExtensions said */
    bool early_known;
    uint8_t master[TLS_MASTER_LENGTH];
    bool has_keys; /* the first ChangeCipherSpec derives those of both directions */
    struct tls_keys keys[2];
    uint8_t secrets[2][TLS_HASH_MAX]; /* TLS 1.3: the traffic secret of each direction */
    size_t secret_length[2];
    uint8_t session_id[TLS_SESSION_ID_MAX]; /* the client's, then the server's */
    size_t session_id_length;
    struct slice ticket; /* presented; in the arena */
    bool keeps_messages; /* for the extended master secret */
    struct buffer messages;
};

struct tls_memory {
    struct tls_side sides[2];
    struct tls_session session;
    struct tls_handshake *handshake; /* NULL: none, or no keys can be had */
    struct channel *inner;
    struct evidence first; /* of a connection whose hello was not seen */
    bool begun, told;
    bool v2_hello;           /* the client began in SSL 2.0 form */
    bool lost_any;           /* bytes of it were not captured */
    bool key_proved;         /* a record opened: it is the right one */
    bool retried;            /* a HelloRetryRequest was sent */
    bool full;               /* the handshake at hand is not abbreviated */
    struct slice offered_id; /* session id of the first ClientHello */
    bool client_spoke; /* application data of the client, as far as can be told without keys */
    enum tls_obstacle obstacle; /* the first one met */
    struct tls_alert alerts[TLS_ALERTS_MAX];
};

static inline struct tls_side *tls_side(const struct channel_view *view, enum direction direction)
{
    return &((struct tls_memory *)view->memory)->sides[direction];
}

/* A piece of what one side sent, in the clear from here on. */
struct tls_piece {
    enum direction direction;
    uint8_t type;
    struct slice bytes;
    struct evidence evidence; /* of the record */
    size_t offset;            /* of the bytes, in what `read` got */
    bool encrypted;           /* it was */
};

/* ---- tls_recognize.c ---- */
struct tls_record {
    uint8_t type;
    uint16_t version;
    size_t length;
    struct slice body; /* what there is of it */
};
/* False: that is no record. `bytes` hold a header at least. */
bool tls_read_record(struct slice bytes, struct tls_record *record);
/* Length with its top bit set, type 1, the version. */
bool tls_is_v2_hello(struct slice bytes);
enum recognition tls_recognizes(enum transport transport, enum direction direction,
                                struct slice first);

/* ---- tls_handshake.c ---- */
void tls_take_handshake(struct channel_view *view, const struct tls_piece *piece);
void tls_take_v2_hello(struct channel_view *view, struct slice body, struct evidence evidence);
void tls_take_v2_answer(struct channel_view *view, struct slice body, struct evidence evidence);
void tls_handshake_release(struct channel_view *view);

/* ---- tls_certificates.c ---- */
struct tls_message_view {
    enum direction direction;
    uint8_t type;
    struct slice body;
    struct evidence begins;
};
void tls_take_certificates(struct channel_view *view, const struct tls_message_view *message);
void tls_take_chain(struct channel_view *view, const struct slice *certificates, size_t count,
                    struct evidence begins);
void tls_take_certificate_status(struct channel_view *view, struct slice body);

/* ---- tls_protection.c ---- */
enum tls_opening {
    TLS_OPENED,
    TLS_NOT_OPENED, /* it cannot be read */
    TLS_NOT_YET,    /* come again: the key may still be given */
};
/* `room` as in tls_opener_open. */
enum tls_opening tls_open_record(struct channel_view *view, enum direction direction,
                                 const struct tls_sealed *sealed, uint8_t *room,
                                 struct tls_plain *plain);
/* ChangeCipherSpec, up to TLS 1.2. False: come again. */
bool tls_change_cipher(struct channel_view *view, enum direction direction);
/* The server issued a ticket for the session at hand. */
void tls_remember_ticket(struct channel_view *view, struct slice ticket);
/* The ClientKeyExchange is there: RSA premaster secrets are opened. */
void tls_take_key_exchange(struct channel_view *view, struct slice body);
/* TLS 1.3: the direction's next epoch begins, or its keys were updated. */
void tls_enter_epoch(struct channel_view *view, enum direction direction, enum tls_epoch epoch);
void tls_update_keys(struct channel_view *view, enum direction direction);
/* Why a handshake is not there in full: packets cut, packets missing, or its beginning. */
enum tls_obstacle tls_handshake_obstacle(const struct channel_view *view);
void tls_meet_obstacle(struct channel_view *view, enum tls_obstacle obstacle);

/* ---- tls_data.c ---- */
void tls_take_data(struct channel_view *view, const struct tls_piece *piece);

/* ---- tls_story.c ---- */
void tls_tell_hello(struct channel_view *view);
void tls_tell(struct channel_view *view);
/* A side ends, by an alert, FIN or RST: kept when it is the client's and comes first. */
void tls_note_leaving(struct tls_memory *memory, enum direction direction,
                      struct evidence evidence);
/* An alert of that side, read or not: after it nothing more is said. */
void tls_note_goodbye(struct channel_view *view, enum direction direction,
                      struct evidence evidence);
void tls_take_alert(struct channel_view *view, const struct tls_piece *piece);

#endif
