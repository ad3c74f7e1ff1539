/* tls_hello.h: ClientHello, ServerHello, EncryptedExtensions */
#ifndef LYNCSCOPE_DISSECTORS_TLS_HELLO_H
#define LYNCSCOPE_DISSECTORS_TLS_HELLO_H

#include "lyncscope/cursor.h"

enum tls_message {
    TLS_HELLO_REQUEST = 0,
    TLS_CLIENT_HELLO = 1,
    TLS_SERVER_HELLO = 2,
    TLS_NEW_SESSION_TICKET = 4,
    TLS_END_OF_EARLY_DATA = 5,
    TLS_ENCRYPTED_EXTENSIONS = 8,
    TLS_CERTIFICATE = 11,
    TLS_SERVER_KEY_EXCHANGE = 12,
    TLS_CERTIFICATE_REQUEST = 13,
    TLS_SERVER_HELLO_DONE = 14,
    TLS_CERTIFICATE_VERIFY = 15,
    TLS_CLIENT_KEY_EXCHANGE = 16,
    TLS_FINISHED = 20,
    TLS_CERTIFICATE_STATUS = 22,
    TLS_KEY_UPDATE = 24,
};

/* Slices point into the message. */
struct tls_client_hello {
    uint16_t version; /* the highest offered */
    struct slice random;
    struct slice session_id;
    struct slice server_name; /* empty when none */
    struct slice ticket;      /* RFC 5077; empty when none is presented */
    bool early_data;          /* 0-RTT is attempted */
};

struct tls_server_hello {
    uint16_t version, cipher;
    struct slice random;
    struct slice session_id;
    struct slice alpn;           /* chosen; up to TLS 1.2 */
    bool retry;                  /* HelloRetryRequest: the real one is still to come */
    bool encrypt_then_mac;       /* RFC 7366 */
    bool extended_master_secret; /* RFC 7627 */
    bool psk;                    /* TLS 1.3: resumed */
    bool early_data;             /* EncryptedExtensions: 0-RTT is accepted */
};

/* `body` follows the message's type and length. */
enum read_state tls_read_client_hello(struct slice body, struct tls_client_hello *hello);
enum read_state tls_read_server_hello(struct slice body, struct tls_server_hello *hello);
/* Adds what TLS 1.3 says only encrypted. */
enum read_state tls_read_encrypted_extensions(struct slice body, struct tls_server_hello *hello);
/* The hello of SSL 2.0 form (RFC 5246 E.2), after its two bytes of length. */
enum read_state tls_read_v2_hello(struct slice body, struct tls_client_hello *hello);

#endif
