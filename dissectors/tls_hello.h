/* tls_hello.h: ClientHello and ServerHello */
#ifndef LYNCSCOPE_DISSECTORS_TLS_HELLO_H
#define LYNCSCOPE_DISSECTORS_TLS_HELLO_H

#include "lyncscope/cursor.h"

enum {
    TLS_CLIENT_HELLO = 1,
    TLS_SERVER_HELLO = 2,
};

struct tls_client_hello {
    uint16_t version;         /* the highest offered */
    struct slice server_name; /* in the message; empty when none */
};

struct tls_server_hello {
    uint16_t version, cipher;
    bool retry; /* HelloRetryRequest: the real one is still to come */
};

/* `body` follows the message's type and length. */
enum read_state tls_read_client_hello(struct slice body, struct tls_client_hello *hello);
enum read_state tls_read_server_hello(struct slice body, struct tls_server_hello *hello);

#endif
